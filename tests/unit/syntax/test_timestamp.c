/* SPDX-License-Identifier: MIT
 * Dates of parameters. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/trace.h"
#include "syntax/lines.h"

/* Examples of RFC 3339 5.8 among them. */
/* Shows: R4865-3-2 R7293-3.1-1 */
static void test_parsed(void **state)
{
    static const struct {
        const char *text;
        uint64_t seconds;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1985-04-12T23:20:50.52Z", 482196050},
        {"1996-12-19T16:39:57-08:00", 851042397},
        {"1996-12-20T00:39:57Z", 851042397},
        {"1990-12-31T23:59:60Z", 662688000},
        {"1990-12-31T15:59:60-08:00", 662688000},
        {"2006-01-02t22:04:05z", 1136239445},
        {"2000-02-29T00:00:00+00:00", 951782400},
        {"1970-01-01T00:00:00-23:59", 86340},
        {"1970-01-02T00:00:00+23:59", 60},
        {"9999-12-31T23:59:59Z", UINT64_C(253402300799)},
        {"2014-04-03T23:01:00.000000000000000000000000Z", 1396566060},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        uint64_t seconds = 1;
        assert_int_equal(smtp_timestamp_parse(&seconds, copy), 0);
        assert_true(seconds == rows[i].seconds);
        octets_free(copy);
    }
}

static void test_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2006",
        "2006-01-02",
        "2006-01-02T15:04:05",
        "2006-01-02 15:04:05Z",
        "2006-01-02T15:04Z",
        "2006-1-02T15:04:05Z",
        "06-01-02T15:04:05Z",
        "2006-13-02T15:04:05Z",
        "2006-00-02T15:04:05Z",
        "2006-01-00T15:04:05Z",
        "2006-01-32T15:04:05Z",
        "2006-04-31T15:04:05Z",
        "2006-02-29T15:04:05Z",
        "1900-02-29T15:04:05Z",
        "2100-02-29T15:04:05Z",
        "2006-01-02T24:00:00Z",
        "2006-01-02T15:60:05Z",
        "2006-01-02T15:04:61Z",
        "2006-01-02T15:04:05.Z",
        "2006-01-02T15:04:05+0700",
        "2006-01-02T15:04:05+07",
        "2006-01-02T15:04:05+24:00",
        "2006-01-02T15:04:05+07:60",
        "2006-01-02T15:04:05Zx",
        "2006-01-02T15:04:05Z ",
        " 2006-01-02T15:04:05Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "+006-01-02T15:04:05Z",
        "2006-01-02T15:04:05,5Z",
        "2006-01-02T15:04:05UTC",
        "20060102T150405Z",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i]));
        uint64_t seconds;
        if (smtp_timestamp_parse(&seconds, copy) != SMTP_ERR_DATE) {
            fail_msg("'%s' was taken", rows[i]);
        }
        octets_free(copy);
    }
}

static void test_formatted(void **state)
{
    uint64_t random = 3;
    char out[32];
    size_t len = 99;
    (void)state;
    assert_int_equal(smtp_timestamp_format(out, 20, &len, 1136239445), 0);
    assert_text(octets_of(out, len), "2006-01-02T22:04:05Z");
    assert_int_equal(smtp_timestamp_format(out, 19, &len, 1136239445), SMTP_ERR_NO_SPACE);
    assert_int_equal(len, 0);
    assert_int_equal(smtp_timestamp_format(out, 32, &len, UINT64_C(253402300800)),
                     SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_timestamp_format(out, 32, &len, UINT64_MAX), SMTP_ERR_ARGUMENT);
    for (size_t i = 0; i < 20000; i++) {
        uint64_t seconds = octets_random(&random) % UINT64_C(253402300800);
        uint64_t again = 0;
        assert_int_equal(smtp_timestamp_format(out, sizeof out, &len, seconds), 0);
        assert_int_equal(smtp_timestamp_parse(&again, octets_of(out, len)), 0);
        assert_true(again == seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parsed),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_formatted),
    };
    return cmocka_run_group_tests_name("syntax/timestamp", tests, NULL, NULL);
}
