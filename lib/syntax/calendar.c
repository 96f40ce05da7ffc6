/* SPDX-License-Identifier: MIT
 * The Gregorian calendar. Days are counted from the first of March of a year that begins a cycle of
 * 400 years, so that the day that some years have more is the last of the year. */
#include "syntax/calendar.h"

enum {
    DAY_SECONDS = 86400,
    CYCLE_YEARS = 400,
    CYCLE_DAYS = 146097,
    DAYS_BEFORE_1970 = 719468, /* since the first of March of the year 0 */
    FIRST_WEEKDAY = 3,         /* of that day: a Wednesday */
    WEEK = 7
};

/* The days of a year before a month; March is 0. The months from there on have 31, 30, 31, 30 and
 * 31 days, over and over: 153 in five months. */
static int days_before(int month)
{
    return (153 * month + 2) / 5;
}

/* The days of the cycle before a year of it. */
static int days_before_year(int year)
{
    return 365 * year + year / 4 - year / 100 + year / CYCLE_YEARS;
}

static void set_date(smtp__moment *out, int64_t days)
{
    int64_t cycle = (days + DAYS_BEFORE_1970) / CYCLE_DAYS;
    int day = (int)((days + DAYS_BEFORE_1970) % CYCLE_DAYS);
    int year = day / 365;
    if (days_before_year(year) > day) {
        year--; /* the days that leap years have more made it one year too many */
    }
    day -= days_before_year(year);
    int month = (5 * day + 2) / 153;
    out->day = day - days_before(month) + 1;
    out->month = month < 10 ? month + 3 : month - 9;
    out->year = (int)(cycle * CYCLE_YEARS) + year + (out->month <= 2);
}

int smtp__moment_of(smtp__moment *out, int64_t seconds)
{
    int64_t days = seconds / DAY_SECONDS;
    int64_t second = seconds % DAY_SECONDS;
    if (second < 0) {
        second += DAY_SECONDS;
        days--;
    }
    if (days < -DAYS_BEFORE_1970 || days > (int64_t)SMTP__YEAR_MAX * 366) {
        return 0;
    }
    set_date(out, days);
    out->weekday = (int)((days + DAYS_BEFORE_1970 + FIRST_WEEKDAY) % WEEK);
    out->hour = (int)(second / 3600);
    out->minute = (int)(second / 60 % 60);
    out->second = (int)(second % 60);
    return out->year <= SMTP__YEAR_MAX;
}

int64_t smtp__seconds_of(const smtp__moment *moment)
{
    int64_t year = moment->month > 2 ? moment->year : moment->year - 1;
    int64_t cycle = year / CYCLE_YEARS;
    int64_t days = cycle * CYCLE_DAYS + days_before_year((int)(year % CYCLE_YEARS)) +
                   days_before((moment->month + 9) % 12) + moment->day - 1 - DAYS_BEFORE_1970;
    return days * DAY_SECONDS + moment->hour * 3600 + moment->minute * 60 + moment->second;
}

int smtp__days_of_month(int year, int month)
{
    if (month == 2) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

void smtp__put_padded(smtp__writer *writer, int number, int digits)
{
    int unit = 1;
    for (int i = 1; i < digits; i++) {
        unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
        smtp__put(writer, (char)('0' + number / unit % 10));
    }
}

void smtp__put_time(smtp__writer *writer, const smtp__moment *moment)
{
    smtp__put_padded(writer, moment->hour, 2);
    smtp__put(writer, ':');
    smtp__put_padded(writer, moment->minute, 2);
    smtp__put(writer, ':');
    smtp__put_padded(writer, moment->second, 2);
}
