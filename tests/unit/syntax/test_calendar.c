/* SPDX-License-Identifier: MIT
 * The Gregorian calendar. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/calendar.h"
#include "syntax/lines.h"

static const struct {
    int64_t seconds;
    smtp__moment moment;
} rows[] = {
    {INT64_C(0), {1970, 1, 1, 4, 0, 0, 0}},
    {INT64_C(86399), {1970, 1, 1, 4, 23, 59, 59}},
    {INT64_C(68212800), {1972, 2, 29, 2, 12, 0, 0}},
    {INT64_C(946684799), {1999, 12, 31, 5, 23, 59, 59}},
    {INT64_C(946684800), {2000, 1, 1, 6, 0, 0, 0}},
    {INT64_C(951696000), {2000, 2, 28, 1, 0, 0, 0}},
    {INT64_C(951868799), {2000, 2, 29, 2, 23, 59, 59}},
    {INT64_C(951868800), {2000, 3, 1, 3, 0, 0, 0}},
    {INT64_C(1136239445), {2006, 1, 2, 1, 22, 4, 5}},
    {INT64_C(2147483648), {2038, 1, 19, 2, 3, 14, 8}},
    {INT64_C(4107542399), {2100, 2, 28, 0, 23, 59, 59}},
    {INT64_C(4107542400), {2100, 3, 1, 1, 0, 0, 0}},
    {INT64_C(13574563200), {2400, 2, 29, 2, 0, 0, 0}},
    {INT64_C(13601001600), {2400, 12, 31, 0, 0, 0, 0}},
    {INT64_C(253402300799), {9999, 12, 31, 5, 23, 59, 59}},
    {INT64_C(-1), {1969, 12, 31, 3, 23, 59, 59}},
    {INT64_C(-11670998400), {1600, 2, 29, 2, 0, 0, 0}},
    {INT64_C(-62135596800), {1, 1, 1, 1, 0, 0, 0}},
};

static void assert_moment(const smtp__moment *a, const smtp__moment *b)
{
    assert_int_equal(a->year, b->year);
    assert_int_equal(a->month, b->month);
    assert_int_equal(a->day, b->day);
    assert_int_equal(a->weekday, b->weekday);
    assert_int_equal(a->hour, b->hour);
    assert_int_equal(a->minute, b->minute);
    assert_int_equal(a->second, b->second);
}

static void test_moments(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp__moment moment;
        assert_int_equal(smtp__moment_of(&moment, rows[i].seconds), 1);
        assert_moment(&moment, &rows[i].moment);
        assert_true(smtp__seconds_of(&moment) == rows[i].seconds);
    }
}

/* Day after day through all years, each is the day behind the last. */
static void test_every_day(void **state)
{
    smtp__moment day = {1, 1, 1, 1, 0, 0, 0};
    int64_t seconds = smtp__seconds_of(&day);
    (void)state;
    while (day.year <= SMTP__YEAR_MAX) {
        smtp__moment moment;
        if (!smtp__moment_of(&moment, seconds) || moment.year != day.year ||
            moment.month != day.month || moment.day != day.day || moment.weekday != day.weekday ||
            smtp__seconds_of(&moment) != seconds) {
            fail_msg("%d-%d-%d", day.year, day.month, day.day);
        }
        seconds += 86400;
        day.weekday = (day.weekday + 1) % 7;
        if (++day.day > smtp__days_of_month(day.year, day.month)) {
            day.day = 1;
            day.month = day.month % 12 + 1;
            day.year += day.month == 1;
        }
    }
}

static void test_bounds(void **state)
{
    smtp__moment moment;
    (void)state;
    assert_int_equal(smtp__moment_of(&moment, INT64_C(253402300799)), 1);
    assert_int_equal(smtp__moment_of(&moment, INT64_C(253402300800)), 0);
    assert_int_equal(smtp__moment_of(&moment, INT64_MAX), 0);
    assert_int_equal(smtp__moment_of(&moment, INT64_MIN), 0);
}

static void test_days_of_month(void **state)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    (void)state;
    for (int month = 1; month <= 12; month++) {
        assert_int_equal(smtp__days_of_month(2023, month), days[month - 1]);
    }
    assert_int_equal(smtp__days_of_month(2024, 2), 29);
    assert_int_equal(smtp__days_of_month(2000, 2), 29);
    assert_int_equal(smtp__days_of_month(1900, 2), 28);
}

static void test_written(void **state)
{
    char out[16];
    size_t len;
    smtp__writer writer = smtp__writer_start(out, sizeof out);
    smtp__moment moment = {2006, 1, 2, 1, 3, 4, 5};
    (void)state;
    smtp__put_time(&writer, &moment);
    smtp__put_padded(&writer, 7, 4);
    assert_int_equal(smtp__writer_finish(&writer, &len), 0);
    assert_text(octets_of(out, len), "03:04:050007");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments), cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_bounds),  cmocka_unit_test(test_days_of_month),
        cmocka_unit_test(test_written),
    };
    return cmocka_run_group_tests_name("syntax/calendar", tests, NULL, NULL);
}
