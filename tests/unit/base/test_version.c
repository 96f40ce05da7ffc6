/* SPDX-License-Identifier: MIT
 * The version of the library. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "smtp/base.h"

static void test_version_is_that_of_the_headers(void **state)
{
    char expected[64];
    (void)state;
    snprintf(expected, sizeof expected, "%d.%d.%d", SMTP_VERSION_MAJOR, SMTP_VERSION_MINOR,
             SMTP_VERSION_PATCH);
    assert_string_equal(smtp_version(), expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_is_that_of_the_headers),
    };
    return cmocka_run_group_tests_name("base/version", tests, NULL, NULL);
}
