/* SPDX-License-Identifier: MIT
 * The Gregorian calendar: seconds since 1970 as date and time of day, and back. */
#ifndef SMTP_SYNTAX_CALENDAR_H
#define SMTP_SYNTAX_CALENDAR_H

#include <stdint.h>

#include "base/writer.h"

enum { SMTP__YEAR_MAX = 9999 };

typedef struct smtp__moment {
    int year;
    int month;   /* 1 to 12 */
    int day;     /* 1 to 31 */
    int weekday; /* 0 is Sunday */
    int hour;
    int minute;
    int second;
} smtp__moment;

/* The date and time of seconds since 1970, which may be negative. Returns 1, or 0 when the year is
 * above 9999. */
int smtp__moment_of(smtp__moment *out, int64_t seconds);

/* The seconds since 1970 of a date and time. */
int64_t smtp__seconds_of(const smtp__moment *moment);

/* The days of a month. */
int smtp__days_of_month(int year, int month);

/* Writes a number with leading zeros. */
void smtp__put_padded(smtp__writer *writer, int number, int digits);

/* Writes "15:04:05". */
void smtp__put_time(smtp__writer *writer, const smtp__moment *moment);

#endif
