/* SPDX-License-Identifier: MIT
 * Hosts and mailboxes compared. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

static const struct row {
    const char *a, *b;
    int equal;
} mailboxes[] = {
    {"a@x", "a@x", 1},
    /* the case of a local part counts, that of a domain does not (RFC 5321 2.4) */
    {"Smith@x", "smith@x", 0},
    {"smith@Example.COM", "smith@example.com", 1},
    {"\"S\"@x", "s@x", 0},
    /* quoted forms of the same octets are the same (RFC 5321 4.1.2) */
    {"\"a\"@x", "a@x", 1},
    {"\"a\\b\"@x", "\"ab\"@x", 1},
    {"\"a\\b\"@x", "ab@x", 1},
    {"\"a\\ b\"@x", "\"a b\"@x", 1},
    {"\"a\\\\b\"@x", "\"ab\"@x", 0},
    {"\"a\\\"\"@x", "\"a\"@x", 0},
    {"\"a \"@x", "a@x", 0},
    {"\"\"@x", "a@x", 0},
    {"a@x", "ab@x", 0},
    {"ab@x", "a@x", 0},
    {"a@x", "a@y", 0},
    {"a@x.y", "a@x", 0},
    {"a.b@x", "ab@x", 0},
    {"a+b@x", "a@x", 0},
    {"a@x.", "a@x", 0},
    /* literals by their octets */
    {"a@[1.2.3.4]", "a@[01.02.03.004]", 1},
    {"a@[1.2.3.4]", "a@[1.2.3.5]", 0},
    {"a@[1.2.3.4]", "a@1.2.3.4", 0},
    {"a@[IPv6:::1]", "a@[ipv6:0:0:0:0:0:0:0:1]", 1},
    {"a@[IPv6:2001:DB8::A]", "a@[IPv6:2001:db8::a]", 1},
    {"a@[IPv6:::1]", "a@[IPv6:::2]", 0},
    {"a@[IPv6:::ffff:1.2.3.4]", "a@[1.2.3.4]", 0},
    {"a@[Tag:x]", "a@[tAG:x]", 1},
    {"a@[tag:x]", "a@[tag:X]", 0},
    {"a@[tag:x]", "a@[gat:x]", 0},
    /* no conversion and no folding outside ASCII (RFC 6531 3.2) */
    {"\xC3\xA9@x", "\"\xC3\xA9\"@x", 1},
    {"\xC3\xA9@x", "e\xCC\x81@x", 0},
    {"a@\xC3\xA9.x", "a@\xC3\x89.x", 0},
    {"a@b\xC3\xBC"
     "cher.x",
     "a@xn--bcher-kva.x", 0},
};

static smtp_mailbox mailbox_of(const char *text)
{
    smtp_mailbox mailbox;
    if (smtp_mailbox_parse(&mailbox, smtp_text(text), SMTP_ADDRESS_UTF8, SMTP_TOLERATE_TRAILING_DOT,
                           NULL) != 0) {
        fail_msg("%s", text);
    }
    return mailbox;
}

/* Shows: R5321-2.4-2 R5321-2.4-3 R5321-4.1.2-9 R5321-2.3.11-1 */
static void test_mailboxes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mailboxes); i++) {
        smtp_mailbox a = mailbox_of(mailboxes[i].a), b = mailbox_of(mailboxes[i].b);
        if (smtp_mailbox_equal(&a, &b) != mailboxes[i].equal ||
            smtp_mailbox_equal(&b, &a) != mailboxes[i].equal) {
            fail_msg("%s and %s", mailboxes[i].a, mailboxes[i].b);
        }
        assert_true(smtp_mailbox_equal(&a, &a));
    }
}

/* Two hosts are equal exactly when the mailboxes of one local part are. */
static void test_hosts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mailboxes); i++) {
        smtp_mailbox a = mailbox_of(mailboxes[i].a), b = mailbox_of(mailboxes[i].b);
        int equal = smtp_host_equal(&a.host, &b.host);
        b.local = a.local;
        assert_int_equal(smtp_mailbox_equal(&a, &b), equal);
    }
}

/* Shows: R5321-4.1.1.3-9 */
static void test_postmaster_alone(void **state)
{
    smtp_path a, b;
    smtp_mailbox with_domain = mailbox_of("Postmaster@x");
    (void)state;
    assert_int_equal(
        smtp_path_parse(&a, smtp_text("<Postmaster>"), SMTP_ADDRESS_POSTMASTER, 0, NULL, NULL), 0);
    assert_int_equal(
        smtp_path_parse(&b, smtp_text("<POSTMASTER>"), SMTP_ADDRESS_POSTMASTER, 0, NULL, NULL), 0);
    assert_true(smtp_mailbox_equal(&a.mailbox, &b.mailbox));
    assert_false(smtp_mailbox_equal(&a.mailbox, &with_domain));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mailboxes),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_postmaster_alone),
    };
    return cmocka_run_group_tests_name("syntax/compare", tests, NULL, NULL);
}
