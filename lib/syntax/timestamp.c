/* SPDX-License-Identifier: MIT
 * Dates of parameters (RFC 3339 5.6). */
#include "smtp/trace.h"
#include "syntax/calendar.h"
#include "syntax/cursor.h"

/* Reads a number of exactly so many digits, low to high. */
static int take_field(smtp__cursor *cursor, int digits, int low, int high, int *out)
{
    *out = 0;
    for (; digits > 0; digits--) {
        if (cursor->at == cursor->end || !smtp__is((unsigned char)*cursor->at, SMTP__DIGIT)) {
            return 0;
        }
        *out = *out * 10 + (*cursor->at++ - '0');
    }
    return *out >= low && *out <= high;
}

static int take_date(smtp__cursor *cursor, smtp__moment *out)
{
    return take_field(cursor, 4, 0, SMTP__YEAR_MAX, &out->year) && smtp__take(cursor, '-') &&
           take_field(cursor, 2, 1, 12, &out->month) && smtp__take(cursor, '-') &&
           take_field(cursor, 2, 1, smtp__days_of_month(out->year, out->month), &out->day);
}

/* Reads a time of day. A second 60 is one that was put in between; a fraction is read past. */
static int take_time(smtp__cursor *cursor, smtp__moment *out)
{
    if (!take_field(cursor, 2, 0, 23, &out->hour) || !smtp__take(cursor, ':') ||
        !take_field(cursor, 2, 0, 59, &out->minute) || !smtp__take(cursor, ':') ||
        !take_field(cursor, 2, 0, 60, &out->second)) {
        return 0;
    }
    return !smtp__take(cursor, '.') || smtp__take_run(cursor, SMTP__DIGIT).len > 0;
}

/* Reads "Z" or "-07:00" as seconds east of UTC. */
static int take_offset(smtp__cursor *cursor, int *out)
{
    int hours;
    int minutes;
    *out = 0;
    if (smtp__take_text(cursor, "Z")) {
        return 1;
    }
    int sign = smtp__take(cursor, '-') ? -1 : smtp__take(cursor, '+') ? 1 : 0;
    if (sign == 0 || !take_field(cursor, 2, 0, 23, &hours) || !smtp__take(cursor, ':') ||
        !take_field(cursor, 2, 0, 59, &minutes)) {
        return 0;
    }
    *out = sign * (hours * 3600 + minutes * 60);
    return 1;
}

int smtp_timestamp_parse(uint64_t *seconds, smtp_str text)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    smtp__moment moment;
    int offset;
    if (!take_date(&cursor, &moment) || !smtp__take_text(&cursor, "T") ||
        !take_time(&cursor, &moment) || !take_offset(&cursor, &offset) || cursor.at < cursor.end) {
        return SMTP_ERR_DATE;
    }
    int64_t utc = smtp__seconds_of(&moment) - offset;
    if (utc < 0) {
        return SMTP_ERR_DATE; /* before 1970 no mail was sent by SMTP */
    }
    *seconds = (uint64_t)utc;
    return 0;
}

int smtp_timestamp_format(char *out, size_t capacity, size_t *len, uint64_t seconds)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    smtp__moment utc;
    *len = 0;
    if (seconds > INT64_MAX || !smtp__moment_of(&utc, (int64_t)seconds)) {
        return SMTP_ERR_ARGUMENT;
    }
    smtp__put_padded(&writer, utc.year, 4);
    smtp__put(&writer, '-');
    smtp__put_padded(&writer, utc.month, 2);
    smtp__put(&writer, '-');
    smtp__put_padded(&writer, utc.day, 2);
    smtp__put(&writer, 'T');
    smtp__put_time(&writer, &utc);
    smtp__put(&writer, 'Z');
    return smtp__writer_finish(&writer, len);
}
