/* SPDX-License-Identifier: MIT
 * Structures that say their own size. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/base.h"
#include "syntax/sized.h"

static void test_sizes(void **state)
{
    unsigned char octets[12] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0};
    (void)state;
    assert_int_equal(smtp__sized(octets, 8, 8), 0);
    assert_int_equal(smtp__sized(octets, 12, 8), 0);
    assert_int_equal(smtp__sized(octets, 7, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp__sized(octets, 0, 8), SMTP_ERR_ARGUMENT);
    octets[11] = 1;
    assert_int_equal(smtp__sized(octets, 11, 8), 0);
    assert_int_equal(smtp__sized(octets, 12, 8), SMTP_ERR_NEWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests_name("syntax/sized", tests, NULL, NULL);
}
