/* SPDX-License-Identifier: MIT
 * Mailboxes: parsed and formatted. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

/* Shows: R5321-4.1.2-1 R5321-2.4-5 R5321-2.3.11-1 */
static void test_parts(void **state)
{
    smtp_mailbox mailbox;
    (void)state;
    assert_int_equal(smtp_mailbox_parse(&mailbox, smtp_text("Smith@Bar.com"), 0, 0, NULL), 0);
    assert_true(same_text(mailbox.text, "Smith@Bar.com"));
    assert_true(same_text(mailbox.local, "Smith"));
    assert_true(same_text(mailbox.host.text, "Bar.com"));
    assert_int_equal(mailbox.host.kind, SMTP_HOST_DOMAIN);
    assert_int_equal(mailbox.quoted, 0);
    assert_int_equal(mailbox.utf8, 0);
    assert_int_equal(smtp_mailbox_parse(&mailbox, smtp_text("\"a@b\"@[192.0.2.1]"), 0, 0, NULL), 0);
    assert_true(same_text(mailbox.local, "\"a@b\""));
    assert_true(same_text(mailbox.host.text, "[192.0.2.1]"));
    assert_int_equal(mailbox.host.kind, SMTP_HOST_IPV4);
    assert_int_equal(mailbox.quoted, 1);
}

/* The flag tells where SMTPUTF8 is needed: in either part. */
/* Shows: R6531-3.2-1 R6531-3.2-5 R6531-3.3-1 */
static void test_utf8(void **state)
{
    static const struct {
        const char *text;
        uint32_t utf8, host;
    } rows[] = {
        {"a@b", 0, 0},
        {"D\xC3\xB6rte@b", 1, 0},
        {"a@S\xC3\xB6rensen.example.com", 1, 1},
        {"\xE7\x94\xA8\xE6\x88\xB7@\xE4\xBE\x8B\xE5\xAD\x90.\xE5\xB9\xBF\xE5\x91\x8A", 1, 1},
        {"\"\xC3\xB6\"@[192.0.2.1]", 1, 0},
        {"a@xn--srensen-90a.example.com", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_mailbox mailbox;
        smtp_str text = smtp_text(rows[i].text);
        assert_int_equal(smtp_mailbox_parse(&mailbox, text, SMTP_ADDRESS_UTF8, 0, NULL), 0);
        assert_int_equal(mailbox.utf8, rows[i].utf8);
        assert_int_equal(mailbox.host.utf8, rows[i].host);
        assert_int_equal(smtp_mailbox_parse(&mailbox, text, 0, 0, NULL),
                         rows[i].utf8 ? SMTP_ERR_UTF8_NOT_ALLOWED : 0);
    }
}

/* Shows: R5321-4.1.2-1 R5321-4.1.2-12 */
static void test_refused(void **state)
{
    static const verdict rows[] = {
        {STR("a"), 0, 0, SMTP_ERR_AT_MISSING, 1},
        {STR("\"a@b\""), 0, 0, SMTP_ERR_AT_MISSING, 5},
        {STR("Postmaster"), SMTP_ADDRESS_POSTMASTER, 0, SMTP_ERR_AT_MISSING, 10},
        {STR("a@"), 0, 0, SMTP_ERR_DOMAIN_EMPTY, 2},
        {STR("a@@b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 2},
        {STR("a@b@c"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 3},
        {STR("a@b c"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 3},
        {STR("a@b>"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 3},
        {STR("<a@b>"), 0, 0, SMTP_ERR_LOCAL_PART, 0},
        {STR("a@-b"), 0, 0, SMTP_ERR_HYPHEN, 2},
        {STR("a@b."), 0, 0, SMTP_ERR_DOT, 3},
        {STR("a@[1.2.3]"), 0, 0, SMTP_ERR_IPV4, 8},
        {STR("a@[IPv6:1]"), 0, 0, SMTP_ERR_IPV6, 9},
        {STR("a@[x:y]z"), 0, 0, SMTP_ERR_TRAILING, 7},
        {STR("a@b\r\nRCPT TO:<c@d>"), 0, 0, SMTP_ERR_CONTROL, 3},
        {STR("\"X\" <a@b>"), 0, 0, SMTP_ERR_LOCAL_PART, 3},
        {STR("a@b (comment)"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 3},
    };
    (void)state;
    CHECK(verdict_mailbox, rows);
}

/* Without brackets the limit of a path does not hold: both parts may be at their own. */
/* Shows: R5321-4.5.3.1.1-1 R5321-4.5.3.1.2-1 */
static void test_both_limits(void **state)
{
    char text[400] = "", out[320];
    smtp_mailbox mailbox;
    size_t len;
    (void)state;
    append_run(text, 'x', 64);
    strcat(text, "@");
    append_domain(text, 255);
    verdict_of(verdict_mailbox, text, 0, 0, 0, 0);
    assert_int_equal(smtp_mailbox_parse(&mailbox, smtp_text(text), 0, 0, NULL), 0);
    assert_int_equal(smtp_mailbox_format(out, sizeof out, &len, &mailbox), 0);
    assert_int_equal(len, 320);
    text[65] = '\0';
    append_domain(text, 256);
    verdict_of(verdict_mailbox, text, 0, 0, SMTP_ERR_DOMAIN_TOO_LONG, 65 + 255);
}

/* The shortest quoting, literals from their octets, and the case as it came. */
/* Shows: R5321-4.1.2-10 R5321-2.4-5 R5321-4.1.2-9 */
static void test_canonical_forms(void **state)
{
    static const struct {
        const char *written, *canonical;
        uint32_t tolerate;
    } rows[] = {
        {"Smith@Bar.COM", "Smith@Bar.COM", 0},
        {"\"Smith\"@bar.com", "Smith@bar.com", 0},
        {"\"S\\m\\i\\t\\h\"@bar.com", "Smith@bar.com", 0},
        {"\"a.b\"@c", "a.b@c", 0},
        {"\"a b\"@c", "\"a b\"@c", 0},
        {"\"a\\ b\"@c", "\"a b\"@c", 0},
        {"\"\"@c", "\"\"@c", 0},
        {"\"\xC3\xB6\"@c", "\xC3\xB6@c", 0},
        {"a@[001.2.3.4]", "a@[1.2.3.4]", 0},
        {"a@[ipv6:2001:DB8:0:0::1]", "a@[IPv6:2001:db8::1]", 0},
        {"a@[Tag:x]", "a@[Tag:x]", 0},
        /* what only a tolerance took is quoted where quotes make it right */
        {"user.@c", "\"user.\"@c", SMTP_TOLERATE_DOTS},
        {"a..b@c", "\"a..b\"@c", SMTP_TOLERATE_DOTS},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_mailbox mailbox;
        smtp_str copy = octets_copy(smtp_text(rows[i].written));
        char out[64];
        size_t len;
        assert_int_equal(
            smtp_mailbox_parse(&mailbox, copy, SMTP_ADDRESS_UTF8, rows[i].tolerate, NULL), 0);
        assert_int_equal(smtp_mailbox_format(out, sizeof out, &len, &mailbox), 0);
        if (!same_text(octets_of(out, len), rows[i].canonical)) {
            fail_msg("%s: %.*s", rows[i].written, (int)len, out);
        }
        for (size_t capacity = 0; capacity < len; capacity++) {
            size_t none = 99;
            assert_int_equal(smtp_mailbox_format(out, capacity, &none, &mailbox),
                             SMTP_ERR_NO_SPACE);
            assert_int_equal(none, 0);
        }
        octets_free(copy);
    }
}

/* A structure that no parser made cannot put a line end on the wire by its local part. */
/* Shows: R5321-4.1.2-12 */
static void test_format_checks_the_local_part(void **state)
{
    smtp_mailbox mailbox;
    char out[64];
    size_t len = 99;
    (void)state;
    memset(&mailbox, 0, sizeof mailbox);
    mailbox.local = smtp_text("a\r\nb");
    assert_int_equal(smtp_mailbox_format(out, sizeof out, &len, &mailbox), SMTP_ERR_CONTROL);
    assert_int_equal(len, 0);
    mailbox.local = smtp_text("a\xFF");
    assert_int_equal(smtp_mailbox_format(out, sizeof out, &len, &mailbox), SMTP_ERR_UTF8);
    mailbox.local = smtp_text(NULL);
    assert_int_equal(smtp_mailbox_format(out, sizeof out, &len, &mailbox), 0);
    assert_true(same_text(octets_of(out, len), "\"\""));
}

static void test_an_error_leaves_nothing(void **state)
{
    smtp_mailbox mailbox, nothing;
    (void)state;
    memset(&nothing, 0, sizeof nothing);
    memset(&mailbox, 0xA5, sizeof mailbox);
    assert_int_equal(smtp_mailbox_parse(&mailbox, smtp_text("\"a\"@[x:y"), 0, 0, NULL),
                     SMTP_ERR_LITERAL);
    assert_memory_equal(&mailbox, &nothing, sizeof mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_both_limits),
        cmocka_unit_test(test_canonical_forms),
        cmocka_unit_test(test_format_checks_the_local_part),
        cmocka_unit_test(test_an_error_leaves_nothing),
    };
    return cmocka_run_group_tests_name("syntax/mailbox", tests, NULL, NULL);
}
