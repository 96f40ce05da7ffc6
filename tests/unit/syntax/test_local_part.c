/* SPDX-License-Identifier: MIT
 * Local parts: parsed, and what they mean. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

/* Shows: R5321-4.1.2-1 R5321-4.1.2-7 R6531-3.2-2 */
static void test_taken(void **state)
{
    static const struct {
        const char *text, *local;
        uint32_t quoted;
    } rows[] = {
        {"Smith@bar.com", "Smith", 0},
        {"userx@y.foo.org", "userx", 0},
        {"first.last@x", "first.last", 0},
        {"a@x", "a", 0},
        {"!#$%&'*+-/=?^_`{|}~@x", "!#$%&'*+-/=?^_`{|}~", 0},
        {"user+tag@x", "user+tag", 0},
        {"\"Joe.\\\\Blow\"@bar.com", "\"Joe.\\\\Blow\"", 1},
        {"\"a b\"@c", "\"a b\"", 1},
        {"\"a@b\"@c", "\"a@b\"", 1},
        {"\"a\\\"b\"@c", "\"a\\\"b\"", 1},
        {"\">\"@c", "\">\"", 1},
        {"\"\"@c", "\"\"", 1},
        {"\" \"@c", "\" \"", 1},
        {"\"\\ \"@c", "\"\\ \"", 1},
        {"\"\\~\"@c", "\"\\~\"", 1},
        {"\"..\"@c", "\"..\"", 1},
        {"\"()<>[]:;@,.\"@c", "\"()<>[]:;@,.\"", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_mailbox mailbox;
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        if (smtp_mailbox_parse(&mailbox, copy, 0, 0, NULL) != 0) {
            fail_msg("%s", rows[i].text);
        }
        assert_true(same_text(mailbox.local, rows[i].local));
        assert_int_equal(mailbox.quoted, rows[i].quoted);
        assert_int_equal(mailbox.utf8, 0);
        octets_free(copy);
    }
}

/* Shows: R5321-4.1.2-7 R5321-4.1.2-11 R5321-4.1.2-12 R6531-3.3-2 */
static void test_refused(void **state)
{
    static const verdict rows[] = {
        {STR(""), 0, 0, SMTP_ERR_LOCAL_PART_EMPTY, 0},
        {{NULL, 0}, 0, 0, SMTP_ERR_LOCAL_PART_EMPTY, 0},
        {STR("@c"), 0, 0, SMTP_ERR_LOCAL_PART_EMPTY, 0},
        {STR(".a@c"), 0, 0, SMTP_ERR_DOT, 0},
        {STR("a.@c"), 0, 0, SMTP_ERR_DOT, 1},
        {STR("a..b@c"), 0, 0, SMTP_ERR_DOT, 2},
        {STR(".@c"), 0, 0, SMTP_ERR_DOT, 0},
        {STR("a b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR(" a@c"), 0, 0, SMTP_ERR_LOCAL_PART, 0},
        {STR("a(x)@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("a<b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("a>@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("a,b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("a:b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("a\\@b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("a\"b\"@c"), 0, 0, SMTP_ERR_LOCAL_PART, 1},
        {STR("\"a\"b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 3},
        {STR("\"a\".b@c"), 0, 0, SMTP_ERR_LOCAL_PART, 3},
        {STR("a.\"b\"@c"), 0, 0, SMTP_ERR_LOCAL_PART, 2},
        {STR("a.!(@c"), 0, 0, SMTP_ERR_LOCAL_PART, 3},
        {STR("a.(@c"), 0, 0, SMTP_ERR_LOCAL_PART, 2},
        {STR("\"a@c"), 0, 0, SMTP_ERR_QUOTED_STRING, 4},
        {STR("\""), 0, 0, SMTP_ERR_QUOTED_STRING, 1},
        {STR("\"a\\"), 0, 0, SMTP_ERR_QUOTED_STRING, 3},
        {STR("\"a\\\"@c"), 0, 0, SMTP_ERR_QUOTED_STRING, 6},
        {STR("a\r\nb@c"), 0, 0, SMTP_ERR_CONTROL, 1},
        {STR("a\0@c"), 0, 0, SMTP_ERR_CONTROL, 1},
        {STR("a\x7F@c"), 0, 0, SMTP_ERR_CONTROL, 1},
        {STR("\"a\tb\"@c"), 0, 0, SMTP_ERR_CONTROL, 2},
        {STR("\"a\r\nb\"@c"), 0, 0, SMTP_ERR_CONTROL, 2},
        {STR("\"a\\\rb\"@c"), 0, 0, SMTP_ERR_CONTROL, 3},
        {STR("\"a\\\0b\"@c"), 0, 0, SMTP_ERR_CONTROL, 3},
        {STR("\"\x7F\"@c"), 0, 0, SMTP_ERR_CONTROL, 1},
    };
    (void)state;
    CHECK(verdict_mailbox, rows);
}

/* Every octet, bare and quoted, against RFC 5322's specials and RFC 5321's qtextSMTP. */
/* Shows: R5321-4.1.2-7 R5321-4.1.2-11 */
static void test_every_octet(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char bare[] = "a?b@c", quoted[] = "\"a?b\"@c", pair[] = "\"\\?b\"@c";
        int control = c < 32 || c == 127, high = c > 127;
        int special = c != 0 && strchr(" ()<>[]:;@\\,\"", c) != NULL;
        int low = control ? SMTP_ERR_CONTROL : high ? SMTP_ERR_UTF8 : 0;
        smtp_mailbox mailbox;
        int error;
        bare[1] = quoted[2] = pair[2] = (char)(unsigned char)c;
        error = smtp_mailbox_parse(&mailbox, octets_of(bare, 5), 0, 0, NULL);
        /* "a@b@c" has its local part, and then no domain */
        assert_int_equal(error, c == '@'  ? SMTP_ERR_DOMAIN_CHARACTER
                                : special ? SMTP_ERR_LOCAL_PART
                                          : low);
        error = smtp_mailbox_parse(&mailbox, octets_of(quoted, 7), 0, 0, NULL);
        /* a quote ends the string; a backslash takes the b */
        assert_int_equal(error, c == '"' ? SMTP_ERR_LOCAL_PART : low);
        error = smtp_mailbox_parse(&mailbox, octets_of(pair, 7), 0, 0, NULL);
        assert_int_equal(error, low);
    }
}

/* Every short word, against the rule for dot-strings read off with string functions. */
/* Shows: R5321-4.1.2-1 */
static void test_every_short_word(void **state)
{
    (void)state;
    for (size_t length = 1, count = 4; length <= 8; length++, count *= 4) {
        for (size_t i = 0; i < count; i++) {
            char word[12];
            int good;
            write_word(word, i, length, "a.-(");
            good = strstr(word, "..") == NULL && strchr(word, '(') == NULL && word[0] != '.' &&
                   word[length - 1] != '.';
            strcat(word, "@c");
            if ((verdict_mailbox(smtp_text(word), 0, 0, NULL) == 0) != good) {
                fail_msg("%s", word);
            }
        }
    }
}

/* Shows: R6531-3.2-1 R6531-3.2-2 R6531-3.2-3 R6531-3.3-1 R5321-2.4-11 R5321-2.4-12 R5321-2.4-14 */
static void test_utf8(void **state)
{
    static const verdict rows[] = {
        {STR("D\xC3\xB6rte@c"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\xE7\x94\xA8\xE6\x88\xB7@c"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\"D\xC3\xB6rte S\"@c"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\xC3\xB6.\xC3\xB6@c"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\xF0\x9F\x93\xA7@c"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        /* C1 controls are not excluded by RFC 6532 3.1 */
        {STR("\xC2\x85@c"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("D\xC3\xB6rte@c"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 1},
        {STR("\"\xC3\xB6\"@c"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 1},
        {STR("\"\\\xC3\xB6\"@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_QUOTED_STRING, 2},
        {STR("\"\\\xC3\xB6\"@c"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 2},
        {STR("a\xC3@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 1},
        {STR("\"a\xC3\"@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 2},
        {STR("\"a\xC3"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 2},
        {STR("\xC3\xB6\xED\xA0\x80@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 2},
        {STR("\xC0\x80@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 0},
        {STR("\xF4\x90\x80\x80@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 0},
        {STR("\xC3\xB6\n@c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_CONTROL, 2},
        {STR("\xC3\xB6 @c"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_LOCAL_PART, 2},
    };
    (void)state;
    CHECK(verdict_mailbox, rows);
}

/* 64 octets, quotes counted; 128 with the tolerance. */
/* Shows: R5321-4.5.3.1.1-1 R5321-4.5.3.1-1 */
static void test_limits(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 140; length++) {
        char bare[300] = "", quoted[300] = "\"";
        int strict = length <= 64 ? 0 : SMTP_ERR_LOCAL_PART_TOO_LONG;
        int tolerant = length <= 128 ? 0 : SMTP_ERR_LOCAL_PART_TOO_LONG;
        append_run(bare, 'x', length);
        strcat(bare, "@c");
        verdict_of(verdict_mailbox, bare, 0, 0, strict, strict ? 64 : 0);
        verdict_of(verdict_mailbox, bare, 0, SMTP_TOLERATE_LONG_LOCAL_PART, tolerant,
                   tolerant ? 128 : 0);
        if (length >= 2) {
            append_run(quoted, ' ', length - 2);
            strcat(quoted, "\"@c");
            verdict_of(verdict_mailbox, quoted, 0, 0, strict, strict ? 64 : 0);
            verdict_of(verdict_mailbox, quoted, 0, SMTP_TOLERATE_LONG_LOCAL_PART, tolerant,
                       tolerant ? 128 : 0);
        }
    }
}

/* The first thing that is wrong counts. */
static void test_order_of_reasons(void **state)
{
    char text[300] = "";
    (void)state;
    append_run(text, 'x', 70);
    verdict_of(verdict_mailbox, text, 0, 0, SMTP_ERR_LOCAL_PART_TOO_LONG, 64);
    strcat(text, "(@c");
    verdict_of(verdict_mailbox, text, 0, 0, SMTP_ERR_LOCAL_PART_TOO_LONG, 64);
    text[30] = '(';
    verdict_of(verdict_mailbox, text, 0, 0, SMTP_ERR_LOCAL_PART, 30);
    text[0] = '"';
    text[30] = 'x';
    verdict_of(verdict_mailbox, text, 0, 0, SMTP_ERR_LOCAL_PART_TOO_LONG, 64);
}

static void test_dots_tolerated(void **state)
{
    static const verdict rows[] = {
        {STR("user.@d"), 0, SMTP_TOLERATE_DOTS, 0, 0},
        {STR("a..b@d"), 0, SMTP_TOLERATE_DOTS, 0, 0},
        {STR(".a@d"), 0, SMTP_TOLERATE_DOTS, 0, 0},
        {STR("a.@d."), 0, SMTP_TOLERATE_DOTS, SMTP_ERR_DOT, 4},
        {STR("@d"), 0, SMTP_TOLERATE_DOTS, SMTP_ERR_LOCAL_PART_EMPTY, 0},
        {STR("a..(@d"), 0, SMTP_TOLERATE_DOTS, SMTP_ERR_LOCAL_PART, 3},
    };
    (void)state;
    CHECK(verdict_mailbox, rows);
}

static const struct meaning {
    smtp_str written, means, shortest;
} meanings[] = {
    {STR("a"), STR("a"), STR("a")},
    {STR("\"a\""), STR("a"), STR("a")},
    {STR("\"a\\b\""), STR("ab"), STR("ab")},
    {STR("\"a.b\""), STR("a.b"), STR("a.b")},
    {STR("\"a b\""), STR("a b"), STR("\"a b\"")},
    {STR("\"a\\ b\""), STR("a b"), STR("\"a b\"")},
    {STR("\"a\\\"b\""), STR("a\"b"), STR("\"a\\\"b\"")},
    {STR("\"a\\\\b\""), STR("a\\b"), STR("\"a\\\\b\"")},
    {STR("\"a@b\""), STR("a@b"), STR("\"a@b\"")},
    {STR("\"a\\@b\""), STR("a@b"), STR("\"a@b\"")},
    {STR("\"\""), STR(""), STR("\"\"")},
    {STR("\".a\""), STR(".a"), STR("\".a\"")},
    {STR("\"a.\""), STR("a."), STR("\"a.\"")},
    {STR("\"a..b\""), STR("a..b"), STR("\"a..b\"")},
    {STR("\"\\\"\\\"\""), STR("\"\""), STR("\"\\\"\\\"\"")},
    {STR("\"\xC3\xB6\""), STR("\xC3\xB6"), STR("\xC3\xB6")},
    {STR("\"\xC3\xB6 \""), STR("\xC3\xB6 "), STR("\"\xC3\xB6 \"")},
};

/* Shows: R5321-4.1.2-9 R5321-2.3.11-1 */
static void test_unquote(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(meanings); i++) {
        smtp_str copy = octets_copy(meanings[i].written);
        char out[16];
        size_t len = 99;
        assert_int_equal(smtp_local_part_unquote(out, sizeof out, &len, copy), 0);
        assert_true(smtp_str_equal(octets_of(out, len), meanings[i].means));
        if (meanings[i].means.len > 0) {
            assert_int_equal(smtp_local_part_unquote(out, meanings[i].means.len - 1, &len, copy),
                             SMTP_ERR_NO_SPACE);
        }
        octets_free(copy);
    }
}

/* Shows: R5321-4.1.2-10 */
static void test_quote(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(meanings); i++) {
        smtp_str copy = octets_copy(meanings[i].means);
        char out[16];
        size_t len = 99;
        assert_int_equal(smtp_local_part_quote(out, sizeof out, &len, copy), 0);
        assert_true(smtp_str_equal(octets_of(out, len), meanings[i].shortest));
        assert_int_equal(smtp_local_part_quote(out, meanings[i].shortest.len - 1, &len, copy),
                         SMTP_ERR_NO_SPACE);
        assert_int_equal(len, 0);
        octets_free(copy);
    }
}

/* What no form can hold. */
/* Shows: R5321-4.1.2-11 R5321-4.1.2-12 */
static void test_quote_refuses(void **state)
{
    char out[32];
    size_t len = 99;
    (void)state;
    for (int c = 0; c < 256; c++) {
        char octets[2] = {'a', (char)(unsigned char)c};
        int low = c < 32 || c == 127 ? SMTP_ERR_CONTROL : 0;
        int error = smtp_local_part_quote(out, sizeof out, &len, octets_of(octets, 2));
        assert_int_equal(error, c > 127 ? SMTP_ERR_UTF8 : low);
        assert_true(error == 0 || len == 0);
    }
    assert_int_equal(smtp_local_part_quote(out, sizeof out, &len, smtp_text("\xED\xA0\x80")),
                     SMTP_ERR_UTF8);
}

/* Text that no parser gave is read without harm. */
static void test_unquote_of_malformed_text(void **state)
{
    static const struct {
        smtp_str written, means;
    } rows[] = {
        {{NULL, 0}, {"", 0}},     {STR("\""), STR("\"")},     {STR("\"a"), STR("\"a")},
        {STR("a\""), STR("a\"")}, {STR("\"\\\""), STR("\\")}, {STR("a\\b"), STR("a\\b")},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_str copy = octets_copy(rows[i].written);
        char out[16];
        size_t len;
        assert_int_equal(smtp_local_part_unquote(out, sizeof out, &len, copy), 0);
        assert_true(smtp_str_equal(octets_of(out, len), rows[i].means));
        octets_free(copy);
    }
}

/* Any octets that can stand in a local part: quoted they parse, and mean the same again. */
/* Shows: R5321-4.1.2-7 R5321-4.1.2-10 */
static void test_quote_and_unquote_are_inverse(void **state)
{
    uint64_t seed = 5322;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char octets[30], text[80], back[80];
        smtp_str original = {octets, octets_below(&seed, sizeof octets + 1)};
        smtp_mailbox mailbox;
        size_t len, back_len;
        for (size_t k = 0; k < original.len; k++) {
            char any = (char)(unsigned char)(32 + octets_below(&seed, 95));
            octets[k] = octets_below(&seed, 2) ? any : "ab.\"\\@ >"[octets_below(&seed, 8)];
        }
        assert_int_equal(smtp_local_part_quote(text, sizeof text, &len, original), 0);
        assert_int_equal(
            smtp_local_part_unquote(back, sizeof back, &back_len, octets_of(text, len)), 0);
        assert_true(smtp_str_equal(octets_of(back, back_len), original));
        memcpy(text + len, "@c", 2);
        assert_int_equal(smtp_mailbox_parse(&mailbox, octets_of(text, len + 2), 0, 0, NULL), 0);
        assert_int_equal(mailbox.local.len, len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_every_octet),
        cmocka_unit_test(test_every_short_word),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_order_of_reasons),
        cmocka_unit_test(test_dots_tolerated),
        cmocka_unit_test(test_unquote),
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_quote_refuses),
        cmocka_unit_test(test_unquote_of_malformed_text),
        cmocka_unit_test(test_quote_and_unquote_are_inverse),
    };
    return cmocka_run_group_tests_name("syntax/local_part", tests, NULL, NULL);
}
