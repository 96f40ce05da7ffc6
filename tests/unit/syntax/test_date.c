/* SPDX-License-Identifier: MIT
 * Dates of header fields. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/trace.h"
#include "syntax/lines.h"

/* Shows: R5321-4.4-10 R5321-4.4-11 R5321-4.4-13 */
static void test_dates(void **state)
{
    static const struct {
        uint64_t seconds;
        int32_t zone;
        const char *text;
    } rows[] = {
        {0, 0, "Thu, 01 Jan 1970 00:00:00 +0000"},
        {0, -60, "Wed, 31 Dec 1969 23:00:00 -0100"},
        {1136239445, -420, "Mon, 02 Jan 2006 15:04:05 -0700"},
        {951782400, 330, "Tue, 29 Feb 2000 05:30:00 +0530"},
        {951868799, 0, "Tue, 29 Feb 2000 23:59:59 +0000"},
        {4107542400, 0, "Mon, 01 Mar 2100 00:00:00 +0000"},
        {0, 5999, "Mon, 05 Jan 1970 03:59:00 +9959"},
        {1136239445, -1, "Mon, 02 Jan 2006 22:03:05 -0001"},
        {UINT64_C(253402300799), 0, "Fri, 31 Dec 9999 23:59:59 +0000"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char out[40];
        size_t len = 99;
        assert_int_equal(smtp_date_format(out, 31, &len, rows[i].seconds, rows[i].zone), 0);
        assert_text(octets_of(out, len), rows[i].text);
        assert_int_equal(smtp_date_format(out, 30, &len, rows[i].seconds, rows[i].zone),
                         SMTP_ERR_NO_SPACE);
        assert_int_equal(len, 0);
    }
}

static void test_refused(void **state)
{
    char out[40];
    size_t len = 99;
    (void)state;
    assert_int_equal(smtp_date_format(out, 40, &len, 0, 6000), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_date_format(out, 40, &len, 0, -6000), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_date_format(out, 40, &len, UINT64_C(253402300800), 0), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_date_format(out, 40, &len, UINT64_C(253402300799), 1), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_date_format(out, 40, &len, UINT64_MAX, 0), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_date_format(out, 40, &len, (uint64_t)INT64_MAX, 5999), SMTP_ERR_ARGUMENT);
    assert_int_equal(len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("syntax/date", tests, NULL, NULL);
}
