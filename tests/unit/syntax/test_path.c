/* SPDX-License-Identifier: MIT
 * Reverse-paths and forward-paths. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

enum { ANY = SMTP_ADDRESS_NULL | SMTP_ADDRESS_POSTMASTER };

static void parse(smtp_path *path, const char *text, uint32_t allow)
{
    if (smtp_path_parse(path, smtp_text(text), allow, 0, NULL, NULL) != 0) {
        fail_msg("%s", text);
    }
}

/* Shows: R5321-4.1.2-1 */
static void test_mailbox(void **state)
{
    smtp_path path;
    (void)state;
    parse(&path, "<Smith@bar.com>", 0);
    assert_int_equal(path.kind, SMTP_PATH_MAILBOX);
    assert_true(same_text(path.text, "<Smith@bar.com>"));
    assert_true(same_text(path.mailbox.text, "Smith@bar.com"));
    assert_true(same_text(path.mailbox.local, "Smith"));
    assert_true(same_text(path.mailbox.host.text, "bar.com"));
    assert_null(path.route.ptr);
}

/* Shows: R5321-4.1.1.2-2 */
static void test_null_path(void **state)
{
    static const verdict rows[] = {
        {STR("<>"), SMTP_ADDRESS_NULL, 0, 0, 0},
        {STR("<>"), 0, 0, SMTP_ERR_NULL_PATH, 1},
        {STR("<>"), SMTP_ADDRESS_POSTMASTER, 0, SMTP_ERR_NULL_PATH, 1},
        {STR("< >"), SMTP_ADDRESS_NULL, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("<\"\">"), SMTP_ADDRESS_NULL, 0, SMTP_ERR_AT_MISSING, 3},
        {STR("<@>"), SMTP_ADDRESS_NULL, 0, SMTP_ERR_ROUTE, 2},
    };
    smtp_path path;
    (void)state;
    CHECK(verdict_path, rows);
    parse(&path, "<>", SMTP_ADDRESS_NULL);
    assert_int_equal(path.kind, SMTP_PATH_NULL);
    assert_true(same_text(path.text, "<>"));
    assert_int_equal(path.mailbox.text.len, 0);
}

/* In any case, alone only where it is allowed, and with a domain an ordinary mailbox. */
/* Shows: R5321-2.3.5-4 R5321-4.1.1.3-9 */
static void test_postmaster(void **state)
{
    static const char *const alone[] = {"<Postmaster>", "<POSTMASTER>", "<postmaster>",
                                        "<pOsTmAsTeR>"};
    static const verdict rows[] = {
        {STR("<Postmaster>"), SMTP_ADDRESS_NULL, 0, SMTP_ERR_AT_MISSING, 11},
        {STR("<\"Postmaster\">"), ANY, 0, SMTP_ERR_AT_MISSING, 13},
        {STR("<Postmaste>"), ANY, 0, SMTP_ERR_AT_MISSING, 10},
        {STR("<Postmasters>"), ANY, 0, SMTP_ERR_AT_MISSING, 12},
        {STR("<Postmaster@>"), ANY, 0, SMTP_ERR_DOMAIN_EMPTY, 12},
        {STR("<Postmaster"), ANY, 0, SMTP_ERR_BRACKET, 11},
        {STR("Postmaster"), ANY, 0, SMTP_ERR_BRACKET, 0},
    };
    smtp_path path;
    (void)state;
    for (size_t i = 0; i < COUNT(alone); i++) {
        char out[16];
        size_t len;
        parse(&path, alone[i], ANY);
        assert_int_equal(path.kind, SMTP_PATH_POSTMASTER);
        assert_int_equal(path.mailbox.local.len, 10);
        assert_int_equal(path.mailbox.text.len, 10);
        assert_int_equal(path.mailbox.host.kind, SMTP_HOST_NONE);
        assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), 0);
        assert_true(same_text(octets_of(out, len), alone[i]));
    }
    parse(&path, "<postmaster@x>", ANY);
    assert_int_equal(path.kind, SMTP_PATH_MAILBOX);
    CHECK(verdict_path, rows);
}

/* Nothing inside a quoted string ends the path. */
/* Shows: R5321-4.1.2-7 R6531-3.2-2 */
static void test_quoted_local_parts(void **state)
{
    static const char *const locals[] = {"\"a b\"", "\"a@b\"", "\"a\\\"b\"", "\">\"",
                                         "\"\"",    "\"<>\"",  "\"\\>\"",    "\"> SIZE=1\""};
    (void)state;
    for (size_t i = 0; i < COUNT(locals); i++) {
        char text[40];
        smtp_path path;
        snprintf(text, sizeof text, "<%s@c>", locals[i]);
        parse(&path, text, ANY);
        assert_int_equal(path.kind, SMTP_PATH_MAILBOX);
        assert_true(same_text(path.mailbox.local, locals[i]));
        assert_true(same_text(path.mailbox.host.text, "c"));
    }
}

/* The route is read past, kept beside, and never written. */
/* Shows: R5321-4.1.1.3-1 R5321-4.1.1.3-2 R5321-4.1.1.3-3 R5321-3.3-8 R5321-6.1-4 */
/* Shows: R5321-4.1.2-2 R5321-4.1.2-3 R5321-4.1.2-4 */
static void test_source_routes(void **state)
{
    static const struct {
        const char *text, *route, *canonical;
    } rows[] = {
        {"<@a,@b:u@c>", "@a,@b", "<u@c>"},
        {"<@hosta.int,@jkl.org:userc@d.bar.org>", "@hosta.int,@jkl.org", "<userc@d.bar.org>"},
        {"<@a:\"x:y\"@[192.0.2.1]>", "@a", "<\"x:y\"@[192.0.2.1]>"},
    };
    smtp_path path;
    char out[64];
    size_t len;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        parse(&path, rows[i].text, 0);
        assert_true(same_text(path.text, rows[i].text));
        assert_true(same_text(path.route, rows[i].route));
        assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), 0);
        assert_true(same_text(octets_of(out, len), rows[i].canonical));
    }
    parse(&path, "<@a:Postmaster>", ANY);
    assert_int_equal(path.kind, SMTP_PATH_POSTMASTER);
}

/* Shows: R5321-4.1.2-1 R5321-4.1.2-2 */
static void test_malformed_routes(void **state)
{
    static const verdict rows[] = {
        {STR("<@a>"), 0, 0, SMTP_ERR_ROUTE, 3},
        {STR("<@a"), 0, 0, SMTP_ERR_ROUTE, 3},
        {STR("<@"), 0, 0, SMTP_ERR_ROUTE, 2},
        {STR("<@:u@c>"), 0, 0, SMTP_ERR_ROUTE, 2},
        {STR("<@a,:u@c>"), 0, 0, SMTP_ERR_ROUTE, 4},
        {STR("<@a,b:u@c>"), 0, 0, SMTP_ERR_ROUTE, 4},
        {STR("<@a,@:u@c>"), 0, 0, SMTP_ERR_ROUTE, 5},
        {STR("<@a @b:u@c>"), 0, 0, SMTP_ERR_ROUTE, 3},
        {STR("<@a, @b:u@c>"), 0, 0, SMTP_ERR_ROUTE, 4},
        {STR("<@a..b:u@c>"), 0, 0, SMTP_ERR_ROUTE, 4},
        {STR("<@-a:u@c>"), 0, 0, SMTP_ERR_ROUTE, 2},
        {STR("<@a_b:u@c>"), 0, 0, SMTP_ERR_ROUTE, 3},
        {STR("<@[192.0.2.1]:u@c>"), 0, 0, SMTP_ERR_ROUTE, 2},
        {STR("<@a;@b:u@c>"), 0, 0, SMTP_ERR_ROUTE, 3},
        {STR("<@a,@b:>"), 0, 0, SMTP_ERR_LOCAL_PART_EMPTY, 7},
        {STR("<@a:@b:u@c>"), 0, 0, SMTP_ERR_LOCAL_PART_EMPTY, 4},
        {STR("<:u@c>"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("<a,@b:u@c>"), 0, 0, SMTP_ERR_LOCAL_PART, 2},
        {STR("<@a\r\n:u@c>"), 0, 0, SMTP_ERR_CONTROL, 3},
        {STR("<@\xC3\xA9:u@c>"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 2},
        {STR("<@\xC3\xA9:u@c>"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("<@\xC3:u@c>"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 2},
        {STR("@a,@b:u@c"), 0, SMTP_TOLERATE_NO_BRACKETS, SMTP_ERR_LOCAL_PART_EMPTY, 0},
    };
    (void)state;
    CHECK(verdict_path, rows);
}

/* Comments, display names, things behind and before, brackets missing or doubled. */
/* Shows: R5321-4.1.2-1 R5321-4.1.2-12 */
static void test_refused(void **state)
{
    static const verdict rows[] = {
        {STR(""), 0, 0, SMTP_ERR_EMPTY, 0},
        {{NULL, 0}, 0, 0, SMTP_ERR_EMPTY, 0},
        {STR("a@b"), 0, 0, SMTP_ERR_BRACKET, 0},
        {STR(" <a@b>"), 0, 0, SMTP_ERR_BRACKET, 0},
        {STR("\"X\" <a@b>"), 0, 0, SMTP_ERR_BRACKET, 0},
        {STR("X <a@b>"), 0, 0, SMTP_ERR_BRACKET, 0},
        {STR("<a@b"), 0, 0, SMTP_ERR_BRACKET, 4},
        {STR("<a@[x:y]"), 0, 0, SMTP_ERR_BRACKET, 8},
        {STR("<a@[x:y]z>"), 0, 0, SMTP_ERR_BRACKET, 8},
        {STR("<"), 0, 0, SMTP_ERR_LOCAL_PART_EMPTY, 1},
        {STR("<a"), 0, 0, SMTP_ERR_AT_MISSING, 2},
        {STR("<a>"), 0, 0, SMTP_ERR_AT_MISSING, 2},
        {STR("<a@>"), 0, 0, SMTP_ERR_DOMAIN_EMPTY, 3},
        {STR("<a@b>>"), 0, 0, SMTP_ERR_TRAILING, 5},
        {STR("<a@b> "), 0, 0, SMTP_ERR_TRAILING, 5},
        {STR("<<a@b>>"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("<a@b(c)>"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 4},
        {STR("<(c)a@b>"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("<a@b >"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 4},
        {STR("< a@b>"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("<a@b."), 0, 0, SMTP_ERR_DOT, 4},
        {STR("<a.@b>"), 0, 0, SMTP_ERR_DOT, 2},
        {STR("<a@b,c@d>"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 4},
        {STR("<a@b\0>"), 0, 0, SMTP_ERR_CONTROL, 4},
        {STR("<a@b\r\n>"), 0, 0, SMTP_ERR_CONTROL, 4},
        {STR("<a@b\n"), 0, 0, SMTP_ERR_CONTROL, 4},
        {STR("<\xC3\xA9@b>"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 1},
        {STR("<\xC3\xA9@b>"), SMTP_ADDRESS_UTF8, 0, 0, 0},
    };
    (void)state;
    CHECK(verdict_path, rows);
}

/* An absent text has no pointer that could be added to. */
static void test_absent(void **state)
{
    static const smtp_str absent = {NULL, 0};
    smtp_path path;
    size_t used = 1;
    (void)state;
    assert_int_equal(smtp_path_parse(&path, absent, ANY, 0, &used, NULL), SMTP_ERR_EMPTY);
    assert_int_equal(used, 0);
}

/* `used` stops behind the bracket, whatever follows. */
static void test_used(void **state)
{
    static const struct {
        const char *text;
        uint32_t tolerate;
        size_t used;
    } rows[] = {
        {"<a@b> SIZE=1", 0, 5},
        {"<a@b>", 0, 5},
        {"<a@b>x", 0, 5},
        {"<a@b>>", 0, 5},
        {"<>  X", 0, 2},
        {"<\"> \"@b> X", 0, 8},
        {"<@x:a@b> X", 0, 8},
        {"<Postmaster> NOTIFY=NEVER", 0, 12},
        {"<a@b> SIZE=1", SMTP_TOLERATE_NO_BRACKETS, 5},
        {"a@b SIZE=1", SMTP_TOLERATE_NO_BRACKETS, 3},
        {"a@b", SMTP_TOLERATE_NO_BRACKETS, 3},
        {"a@[192.0.2.1] X", SMTP_TOLERATE_NO_BRACKETS, 13},
        {"Postmaster X", SMTP_TOLERATE_NO_BRACKETS, 10},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        smtp_path path;
        size_t used = 99;
        assert_int_equal(smtp_path_parse(&path, copy, ANY, rows[i].tolerate, &used, NULL), 0);
        assert_int_equal(used, rows[i].used);
        assert_int_equal(path.text.len, rows[i].used);
        octets_free(copy);
    }
}

static void test_an_error_leaves_nothing(void **state)
{
    smtp_path path, nothing;
    size_t used = 99;
    (void)state;
    memset(&nothing, 0, sizeof nothing);
    memset(&path, 0xA5, sizeof path);
    assert_int_equal(smtp_path_parse(&path, smtp_text("<@a:b@c"), 0, 0, &used, NULL),
                     SMTP_ERR_BRACKET);
    assert_memory_equal(&path, &nothing, sizeof path);
    assert_int_equal(used, 0);
}

static void test_no_brackets_tolerated(void **state)
{
    enum { BARE = SMTP_TOLERATE_NO_BRACKETS };
    static const verdict rows[] = {
        {STR("a@b"), 0, BARE, 0, 0},
        {STR("<a@b>"), 0, BARE, 0, 0},
        {STR("<>"), SMTP_ADDRESS_NULL, BARE, 0, 0},
        {STR("postmaster"), ANY, BARE, 0, 0},
        {STR("postmaster"), 0, BARE, SMTP_ERR_AT_MISSING, 10},
        {STR(""), SMTP_ADDRESS_NULL, BARE, SMTP_ERR_EMPTY, 0},
        {STR(" a@b"), 0, BARE, SMTP_ERR_LOCAL_PART_EMPTY, 0},
        {STR("a@b x"), 0, BARE, SMTP_ERR_TRAILING, 3},
        {STR("a@b>"), 0, BARE, SMTP_ERR_DOMAIN_CHARACTER, 3},
        {STR("<a@b"), 0, BARE, SMTP_ERR_BRACKET, 4},
        {STR("a b@c"), 0, BARE, SMTP_ERR_AT_MISSING, 1},
        {STR("\"a b\"@c"), 0, BARE, SMTP_ERR_BRACKET, 0},
        {STR("a@[x:y]z"), 0, BARE, SMTP_ERR_TRAILING, 7},
        {STR("a@b\r\n"), 0, BARE, SMTP_ERR_CONTROL, 3},
        {STR("a@b_c"), 0, BARE, SMTP_ERR_DOMAIN_CHARACTER, 3},
    };
    (void)state;
    CHECK(verdict_path, rows);
}

/* 256 octets with the brackets; a route does not count. */
/* Shows: R5321-4.5.3.1.3-1 R5321-4.5.3.1-1 */
static void test_limits(void **state)
{
    (void)state;
    for (size_t length = 200; length <= 300; length++) {
        char text[500] = "<x@", routed[500] = "<@a.example,@b.example:x@", bare[500] = "x@";
        size_t domain = length - strlen("<x@>");
        int error = length <= 256   ? 0
                    : domain <= 255 ? SMTP_ERR_PATH_TOO_LONG
                                    : SMTP_ERR_DOMAIN_TOO_LONG;
        size_t over = error == 0 ? 0 : domain <= 255 ? 256 : 3 + 255;
        append_domain(text, domain);
        append_domain(routed, domain);
        append_domain(bare, domain);
        strcat(text, ">");
        strcat(routed, ">");
        verdict_of(verdict_path, text, 0, 0, error, over);
        verdict_of(verdict_path, routed, 0, 0, error, error ? over + 22 : 0);
        verdict_of(verdict_path, bare, 0, SMTP_TOLERATE_NO_BRACKETS, error, error ? over - 1 : 0);
    }
}

/* Shows: R5321-4.1.2-10 R5321-4.1.1.2-2 */
static void test_format(void **state)
{
    static const struct {
        const char *text, *canonical;
    } rows[] = {
        {"<>", "<>"},
        {"<\"a\"@B>", "<a@B>"},
        {"<a@[IPv6:0:0:0:0:0:0:0:1]>", "<a@[IPv6:::1]>"},
        {"<\">\"@b>", "<\">\"@b>"},
    };
    char out[64];
    size_t len;
    smtp_path path;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        parse(&path, rows[i].text, ANY);
        assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), 0);
        assert_true(same_text(octets_of(out, len), rows[i].canonical));
        for (size_t capacity = 0; capacity < strlen(rows[i].canonical); capacity++) {
            assert_int_equal(smtp_path_format(out, capacity, &len, &path), SMTP_ERR_NO_SPACE);
            assert_int_equal(len, 0);
        }
    }
    memset(&path, 0, sizeof path);
    assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), SMTP_ERR_ARGUMENT);
    path.kind = SMTP_PATH_MAILBOX;
    path.mailbox.local = smtp_text("a>\r\n");
    assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), SMTP_ERR_CONTROL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mailbox),
        cmocka_unit_test(test_null_path),
        cmocka_unit_test(test_postmaster),
        cmocka_unit_test(test_quoted_local_parts),
        cmocka_unit_test(test_source_routes),
        cmocka_unit_test(test_malformed_routes),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_used),
        cmocka_unit_test(test_an_error_leaves_nothing),
        cmocka_unit_test(test_no_brackets_tolerated),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_format),
    };
    return cmocka_run_group_tests_name("syntax/path", tests, NULL, NULL);
}
