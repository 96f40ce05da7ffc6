/* SPDX-License-Identifier: MIT
 * Dates, read and written.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/date.c
 *     syntax/timestamp.c
 * bound: texts of 0 to 8 and of 20 to 26 octets; every day of the years from 0, 1600 and 9600
 *     on, 400 each, and every second at once; every day and time written, to room for 0 to 32
 *     octets
 * options: -eva-split-limit 500 */
#include "proof.h"

#define smtp__moment_of real_moment_of
#include "syntax/calendar.c"
#undef smtp__moment_of

#include "smtp/trace.h"

static void read(void)
{
    block text = any_of(2) ? any_block(8) : any_block_of(20, 26);
    smtp_str str = {text.ptr, text.len};
    uint64_t seconds;
    (void)smtp_timestamp_parse(&seconds, str);
}

/* Any day of any year in the cycle of 400 years that the calendar goes by: it divides the days of a
 * cycle by 365 first. */
static void make_date(void)
{
    static const int cycles[] = {0, 4, SMTP__YEAR_MAX / CYCLE_YEARS};
    int64_t cycle = cycles[any_of(3)];
    int64_t year = Frama_C_interval(0, CYCLE_YEARS);
    smtp__moment moment;
    /*@ split year; */
    int64_t first = 365 * year;
    int64_t last = first + 364 < CYCLE_DAYS ? first + 364 : CYCLE_DAYS - 1;
    int64_t day = Frama_C_interval((int)first, (int)last);
    set_date(&moment, cycle * CYCLE_DAYS - DAYS_BEFORE_1970 + day);
    /*@ assert 1 <= moment.month <= 12 && 0 <= moment.year <= 10000; */
}

static void make_moment(void)
{
    smtp__moment moment;
    if (real_moment_of(&moment, Frama_C_long_long_interval(INT64_MIN, INT64_MAX))) {
        /*@ assert 0 <= moment.weekday <= 6 && 0 <= moment.hour <= 23; */
        /*@ assert 0 <= moment.minute <= 59 && 0 <= moment.second <= 59; */
    }
}

int smtp__moment_of(smtp__moment *out, int64_t seconds)
{
    smtp__moment moment = {Frama_C_interval(0, SMTP__YEAR_MAX),
                           Frama_C_interval(1, 12),
                           any_int(),
                           Frama_C_interval(0, 6),
                           Frama_C_interval(0, 23),
                           Frama_C_interval(0, 59),
                           Frama_C_interval(0, 59)};
    (void)seconds;
    *out = moment;
    return any_of(2);
}

static void write_timestamp(void)
{
    block out = any_block(32);
    size_t len;
    (void)smtp_timestamp_format(out.ptr, out.len, &len, any_count());
    /*@ assert len == 0 || len == 20 <= out.len; */
}

static void write_date(void)
{
    block out = any_block(32);
    size_t len;
    (void)smtp_date_format(out.ptr, out.len, &len, any_count(), any_int());
    /*@ assert len == 0 || len == 31 <= out.len; */
}

int main(void)
{
    CALL_ONE_OF(read, make_date, make_moment, write_timestamp, write_date);
    return 0;
}
