/* SPDX-License-Identifier: MIT
 * The table through which sessions authenticate. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

static void test_all(void **state)
{
    const smtp_sasl_suite *suite = smtp_sasl_suite_all();
    (void)state;
    assert_int_equal(suite->size, sizeof *suite);
    assert_true(suite->bytes == smtp_sasl_bytes);
    assert_true(suite->client_init == smtp_sasl_client_init);
    assert_true(suite->server_init == smtp_sasl_server_init);
    assert_true(suite->client_init_plugin == smtp_sasl_client_init_plugin);
    assert_true(suite->server_init_plugin == smtp_sasl_server_init_plugin);
    assert_true(suite->step == smtp_sasl_step);
    assert_true(suite->asked == smtp_sasl_asked);
    assert_true(suite->answered == smtp_sasl_answered);
    assert_true(suite->identity == smtp_sasl_identity);
    assert_true(suite->server_proved == smtp_sasl_server_proved);
    assert_true(suite->end == smtp_sasl_end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
    };
    return cmocka_run_group_tests_name("sasl/suite", tests, NULL, NULL);
}
