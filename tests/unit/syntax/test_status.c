/* SPDX-License-Identifier: MIT
 * Enhanced status codes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/status.h"
#include "syntax/lines.h"

static void test_number(void **state)
{
    (void)state;
    assert_int_equal(smtp_status(5, 7, 1), 5007001);
    assert_int_equal(smtp_status(2, 999, 999), SMTP_STATUS(2, 999, 999));
    assert_int_equal(smtp_status(4, 0, 0), 4000000);
    assert_int_equal(smtp_status(3, 0, 0), 0);
    assert_int_equal(smtp_status(6, 0, 0), 0);
    assert_int_equal(smtp_status(-2, 0, 0), 0);
    assert_int_equal(smtp_status(2, 1000, 0), 0);
    assert_int_equal(smtp_status(2, 0, 1000), 0);
    assert_int_equal(smtp_status(2, -1, 0), 0);
    assert_int_equal(smtp_status(2, 0, -1), 0);
}

/* Shows: R2034-4-6 R2034-4-7 R2034-4-8 */
static void test_parsed(void **state)
{
    static const struct {
        const char *text;
        int code;
        uint32_t status;
        size_t used;
    } rows[] = {
        {"2.1.0", 250, SMTP_STATUS(2, 1, 0), 5},
        {"2.1.0 OK", 250, SMTP_STATUS(2, 1, 0), 5},
        {"5.999.999 x", 550, SMTP_STATUS(5, 999, 999), 9},
        {"4.7.12  x", 0, SMTP_STATUS(4, 7, 12), 6},
        {"5.7.10", 550, SMTP_STATUS(5, 7, 10), 6},
        {"5.1.1 x", 250, 0, 0},
        {"2.1.1 x", 550, 0, 0},
        {"3.1.1 x", 354, 0, 0},
        {"3.1.1 x", 0, 0, 0},
        {"1.1.1", 0, 0, 0},
        {"2.1.1000 x", 250, 0, 0},
        {"2.1000.1 x", 250, 0, 0},
        {"2.01.1 x", 250, 0, 0},
        {"2.1.00 x", 250, 0, 0},
        {"2.1.0x", 250, 0, 0},
        {"2.1.0.1", 250, 0, 0},
        {"2.1.0-", 250, 0, 0},
        {"2.1", 250, 0, 0},
        {"2.1.", 250, 0, 0},
        {"2..1", 250, 0, 0},
        {"2", 250, 0, 0},
        {"2.", 250, 0, 0},
        {"", 250, 0, 0},
        {" 2.1.0", 250, 0, 0},
        {"25.1.0", 250, 0, 0},
        {"\xB2.1.0", 0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        uint32_t status = 1;
        size_t used = 99;
        int error = smtp_status_parse(&status, copy, rows[i].code, &used);
        if (error != (rows[i].status != 0 ? 0 : SMTP_ERR_STATUS) || status != rows[i].status ||
            used != rows[i].used) {
            fail_msg("'%s': %d, %u, %zu", rows[i].text, error, (unsigned)status, used);
        }
        octets_free(copy);
    }
}

static void test_formatted(void **state)
{
    char out[16];
    size_t len = 99;
    (void)state;
    assert_int_equal(smtp_status_format(out, sizeof out, &len, SMTP_STATUS(5, 7, 1)), 0);
    assert_text(octets_of(out, len), "5.7.1");
    assert_int_equal(smtp_status_format(out, 9, &len, SMTP_STATUS(2, 999, 999)), 0);
    assert_text(octets_of(out, len), "2.999.999");
    assert_int_equal(smtp_status_format(out, 8, &len, SMTP_STATUS(2, 999, 999)), SMTP_ERR_NO_SPACE);
    assert_int_equal(len, 0);
    assert_int_equal(smtp_status_format(out, sizeof out, &len, 0), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_status_format(out, sizeof out, &len, 3000000), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_status_format(out, sizeof out, &len, UINT32_MAX), SMTP_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number),
        cmocka_unit_test(test_parsed),
        cmocka_unit_test(test_formatted),
    };
    return cmocka_run_group_tests_name("syntax/status", tests, NULL, NULL);
}
