/* SPDX-License-Identifier: MIT
 * Dates of header fields (RFC 5322 3.3). */
#include "smtp/trace.h"
#include "syntax/calendar.h"

enum { ZONE_MAX = 5999, HOUR_MINUTES = 60, MINUTE_SECONDS = 60 };

static const char weekdays[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* The i-th of names of three letters. */
static smtp_str name_of(const char *names, int i)
{
    smtp_str name = {names + 3 * i, 3};
    return name;
}

int smtp_date_format(char *out, size_t capacity, size_t *len, uint64_t seconds, int32_t zone)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    smtp__moment local;
    *len = 0;
    if (zone < -ZONE_MAX || zone > ZONE_MAX || seconds > INT64_MAX / 2 ||
        !smtp__moment_of(&local, (int64_t)seconds + (int64_t)zone * MINUTE_SECONDS)) {
        return SMTP_ERR_ARGUMENT;
    }
    int minutes = zone < 0 ? -zone : zone;
    smtp__put_str(&writer, name_of(weekdays, local.weekday));
    smtp__put_text(&writer, ", ");
    smtp__put_padded(&writer, local.day, 2);
    smtp__put(&writer, ' ');
    smtp__put_str(&writer, name_of(months, local.month - 1));
    smtp__put(&writer, ' ');
    smtp__put_padded(&writer, local.year, 4);
    smtp__put(&writer, ' ');
    smtp__put_time(&writer, &local);
    smtp__put_text(&writer, zone < 0 ? " -" : " +");
    smtp__put_padded(&writer, minutes / HOUR_MINUTES * 100 + minutes % HOUR_MINUTES, 4);
    return smtp__writer_finish(&writer, len);
}
