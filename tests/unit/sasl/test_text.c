/* SPDX-License-Identifier: MIT
 * What can be an identity, a password or a token. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

/* Shows: R4616-2-1 R4616-2-2 R4616-2-3 */
static void test_prepared(void **state)
{
    static const struct {
        const char *octets;
        size_t len;
        int error, empty_error;
    } rows[] = {
        {"tim", 3, 0, 0},
        {"T m\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80,=\"", 15, 0, 0},
        {"", 0, SMTP_ERR_AUTH_FAILED, 0},
        {"a\0b", 3, SMTP_ERR_AUTH_PROTOCOL, SMTP_ERR_AUTH_PROTOCOL},
        {"\xFC", 1, SMTP_ERR_AUTH_PROTOCOL, SMTP_ERR_AUTH_PROTOCOL},
        {"a\tb", 3, SMTP_ERR_AUTH_FAILED, SMTP_ERR_AUTH_FAILED},
        {"a\r\n", 3, SMTP_ERR_AUTH_FAILED, SMTP_ERR_AUTH_FAILED},
        {"\x7F", 1, SMTP_ERR_AUTH_FAILED, SMTP_ERR_AUTH_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(octets_of(rows[i].octets, rows[i].len));
        assert_int_equal(smtp__sasl_prepared(copy, 255), rows[i].error);
        assert_int_equal(smtp__sasl_optional(copy, 255), rows[i].empty_error);
        octets_free(copy);
    }
}

static void test_length(void **state)
{
    char long_name[256];
    (void)state;
    memset(long_name, 'n', sizeof long_name);
    assert_int_equal(smtp__sasl_prepared(octets_of(long_name, 254), 255), 0);
    assert_int_equal(smtp__sasl_prepared(octets_of(long_name, 255), 255), 0);
    assert_int_equal(smtp__sasl_prepared(octets_of(long_name, 256), 255), SMTP_ERR_AUTH_FAILED);
    assert_int_equal(smtp__sasl_optional(nothing, 255), 0);
    assert_int_equal(smtp__sasl_prepared(nothing, 255), SMTP_ERR_AUTH_FAILED);
}

static void test_visible(void **state)
{
    (void)state;
    assert_true(smtp__sasl_visible(smtp_text("!a~=+/")));
    assert_false(smtp__sasl_visible(smtp_text("")));
    assert_false(smtp__sasl_visible(smtp_text("a b")));
    assert_false(smtp__sasl_visible(smtp_text("a\x7F")));
    assert_false(smtp__sasl_visible(smtp_text("\xC3\xBC")));
    assert_false(smtp__sasl_visible(OCTETS("a\0")));
}

static void test_take_until(void **state)
{
    smtp__cursor cursor = smtp__cursor_start(smtp_text("ab,c"));
    (void)state;
    assert_text(smtp__sasl_take_until(&cursor, ','), "ab");
    assert_text(smtp__sasl_take_until(&cursor, ','), "");
    assert_true(smtp__take(&cursor, ','));
    assert_text(smtp__sasl_take_until(&cursor, ','), "c");
    assert_text(smtp__sasl_take_until(&cursor, ','), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prepared),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_visible),
        cmocka_unit_test(test_take_until),
    };
    return cmocka_run_group_tests_name("sasl/text", tests, NULL, NULL);
}
