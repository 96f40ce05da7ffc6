/* SPDX-License-Identifier: MIT
 * Sentences of the errors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "smtp/base.h"

static const struct row {
    int value;
    const char *text;
} rows[] = {
#define ROW(name, value, text) {SMTP_ERR_##name, text},
    SMTP_ERROR_MAP(ROW)
#undef ROW
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void test_every_error_has_its_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        assert_string_equal(smtp_error_text(rows[i].value), rows[i].text);
    }
}

/* An error is never taken for success or for a reply code. */
static void test_values_are_negative_and_distinct(void **state)
{
    (void)state;
    assert_int_equal(SMTP_ERR_OK, 0);
    for (size_t i = 1; i < ROWS; i++) {
        assert_true(rows[i].value < rows[i - 1].value);
    }
}

static void test_sentences_have_no_full_stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        size_t length = strlen(rows[i].text);
        assert_true(length > 0);
        assert_int_not_equal(rows[i].text[length - 1], '.');
    }
}

static void test_unknown_errors(void **state)
{
    static const int unknown[] = {1, 250, 550, -8, -235, -236, -999, SMTP_ERR_LOWEST, INT_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_string_equal(smtp_error_text(unknown[i]), "unknown error");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_error_has_its_text),
        cmocka_unit_test(test_values_are_negative_and_distinct),
        cmocka_unit_test(test_sentences_have_no_full_stop),
        cmocka_unit_test(test_unknown_errors),
    };
    return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
