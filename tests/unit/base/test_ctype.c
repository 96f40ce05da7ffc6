/* SPDX-License-Identifier: MIT
 * The table of character classes, against each class spelt out. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/ctype.h"

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define VISIBLE "!\"#$%&'()*+,-./" DIGITS ":;<=>?@" UPPER "[\\]^_`" LOWER "{|}~"

static const struct row {
    uint32_t class;
    const char *members;
} rows[] = {
    {SMTP__ALPHA, UPPER LOWER},
    {SMTP__DIGIT, DIGITS},
    {SMTP__LET_DIG, UPPER LOWER DIGITS},
    {SMTP__LDH, UPPER LOWER DIGITS "-"},
    {SMTP__HEX, DIGITS "ABCDEFabcdef"},
    {SMTP__HEX_UPPER, DIGITS "ABCDEF"},
    {SMTP__ATEXT, UPPER LOWER DIGITS "!#$%&'*+-/=?^_`{|}~"},
    {SMTP__QTEXT, " !#$%&'()*+,-./" DIGITS ":;<=>?@" UPPER "[]^_`" LOWER "{|}~"},
    {SMTP__PRINTABLE, " " VISIBLE},
    {SMTP__VISIBLE, VISIBLE},
    {SMTP__DCONTENT, "!\"#$%&'()*+,-./" DIGITS ":;<=>?@" UPPER "^_`" LOWER "{|}~"},
    {SMTP__XCHAR, "!\"#$%&'()*,-./" DIGITS ":;<>?@" UPPER "[\\]^_`" LOWER "{|}~"},
    {SMTP__ESMTP_VALUE, "!\"#$%&'()*+,-./" DIGITS ":;<>?@" UPPER "[\\]^_`" LOWER "{|}~"},
    {SMTP__BASE64, UPPER LOWER DIGITS "+/"},
    {SMTP__MECHANISM, UPPER LOWER DIGITS "-_"},
    {SMTP__TEXTSTRING, "\t " VISIBLE},
    {SMTP__CTEXT, "!\"#$%&'*+,-./" DIGITS ":;<=>?@" UPPER "[]^_`" LOWER "{|}~"},
    {SMTP__WSP, "\t "},
    {SMTP__PATH_END, ">"},
    {SMTP__ROUTE_END, ",:"},
    {SMTP__JOINT, ".-"},
    {SMTP__DOT, "."},
};

/* Shows: R5321-4.1.2-1 R5321-4.1.2-4 R5321-4.1.2-7 R3461-4-1 */
static void test_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(smtp__is(0, rows[i].class));
        for (int c = 1; c < 256; c++) {
            if (smtp__is((unsigned char)c, rows[i].class) !=
                (strchr(rows[i].members, (char)(unsigned char)c) != NULL)) {
                fail_msg("class %lx, octet %d", (unsigned long)rows[i].class, c);
            }
        }
    }
}

static void test_controls_and_non_ascii(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        assert_int_equal(smtp__is((unsigned char)c, SMTP__CONTROL), c <= 31 || c == 127);
        assert_int_equal(smtp__is((unsigned char)c, SMTP__NON_ASCII), c >= 128);
        assert_false(smtp__is((unsigned char)c, 0));
    }
}

static void test_several_classes_at_once(void **state)
{
    (void)state;
    assert_true(smtp__is('7', SMTP__ALPHA | SMTP__DIGIT));
    assert_true(smtp__is('x', SMTP__ALPHA | SMTP__DIGIT));
    assert_false(smtp__is('-', SMTP__ALPHA | SMTP__DIGIT));
}

static void test_lower(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        int expected = c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
        assert_int_equal(smtp__lower((unsigned char)c), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_controls_and_non_ascii),
        cmocka_unit_test(test_several_classes_at_once),
        cmocka_unit_test(test_lower),
    };
    return cmocka_run_group_tests_name("base/ctype", tests, NULL, NULL);
}
