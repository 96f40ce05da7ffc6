/* SPDX-License-Identifier: MIT
 * Names of the errors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>

#include "smtp/base.h"

static const struct row {
    int value;
    const char *name;
} rows[] = {
#define ROW(name, value, text) {SMTP_ERR_##name, #name},
    SMTP_ERROR_MAP(ROW)
#undef ROW
};

static void test_every_error_has_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(smtp_error_name(rows[i].value), rows[i].name);
    }
}

static void test_unknown_errors(void **state)
{
    static const int unknown[] = {1, 250, -8, -999, SMTP_ERR_LOWEST, INT_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_string_equal(smtp_error_name(unknown[i]), "UNKNOWN");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_error_has_its_name),
        cmocka_unit_test(test_unknown_errors),
    };
    return cmocka_run_group_tests_name("base/error_name", tests, NULL, NULL);
}
