/* SPDX-License-Identifier: MIT
 * The parameters of EHLO keywords, read. */
#include "base/number.h"
#include "smtp/trace.h"
#include "syntax/cursor.h"
#include "syntax/extension.h"
#include "syntax/param_value.h"

enum {
    SECONDS_DIGITS = 9, /* RFC 2852 2, RFC 4865 3 */
    PROFILE_MAX = 20,   /* RFC 6710 7 */
    LIMIT_DIGITS = 6    /* RFC 9422 4 */
};

/* Reads the next word of a list and the white space before it, and says whether there was one. */
static int take_listed(smtp__cursor *cursor, smtp_str *out)
{
    (void)smtp__take_run(cursor, SMTP__WSP);
    *out = smtp__take_until(cursor, SMTP__WSP);
    return out->len > 0;
}

/* ---- SIZE (RFC 1870 3) ---- */

int smtp__read_size_max(smtp_capabilities *out, smtp_str parameters)
{
    int error = smtp__decimal(parameters, SIZE_MAX, &out->size_max);
    if (error == SMTP_ERR_NUMBER_TOO_LARGE) {
        out->size_max = UINT64_MAX;
        error = 0;
    }
    if (error != 0) {
        out->size_max = 0;
        out->size_kind = SMTP_SIZE_UNKNOWN;
        return parameters.len == 0 ? SMTP__KEYWORD_READ : SMTP__KEYWORD_WITHOUT;
    }
    out->size_kind = out->size_max == 0 ? SMTP_SIZE_UNLIMITED : SMTP_SIZE_VALUE;
    return SMTP__KEYWORD_READ;
}

/* ---- AUTH (RFC 4954 3) ---- */

int smtp__read_mechanisms(smtp_capabilities *out, smtp_str parameters)
{
    smtp__cursor cursor = smtp__cursor_start(parameters);
    smtp_str name;
    int result = SMTP__KEYWORD_READ;
    while (take_listed(&cursor, &name)) {
        smtp__cursor within = smtp__cursor_start(name);
        (void)smtp__take_run(&within, SMTP__MECHANISM);
        if (within.at < within.end) {
            result = SMTP__KEYWORD_WITHOUT; /* that one; the others are none the worse for it */
        }
        const smtp_mechanism *row = smtp_mechanism_find(name);
        out->mechanisms |= row != NULL ? row->bit : 0;
    }
    if (out->auth.len == 0) {
        out->auth = parameters; /* of two lines only one can be shown as it was written */
    }
    return result;
}

/* ---- DELIVERBY (RFC 2852 2) ---- */

/* Reads ",token" as often as it stands there, to the end. */
static int take_tokens(smtp__cursor *cursor)
{
    while (smtp__take(cursor, ',')) {
        const char *start = cursor->at;
        while (cursor->at < cursor->end && *cursor->at != ',' &&
               smtp__is((unsigned char)*cursor->at, SMTP__VISIBLE)) {
            cursor->at++;
        }
        if (cursor->at == start) {
            return 0;
        }
    }
    return cursor->at == cursor->end;
}

int smtp__read_deliver_by(smtp_capabilities *out, smtp_str parameters)
{
    smtp__cursor cursor = smtp__cursor_start(parameters);
    uint64_t seconds = 0;
    if (parameters.len > 0 && !smtp__at(&cursor, ',') &&
        smtp__take_number(&cursor, SECONDS_DIGITS, &seconds) != 0) {
        return SMTP__KEYWORD_IGNORED;
    }
    if (!take_tokens(&cursor)) {
        return SMTP__KEYWORD_IGNORED;
    }
    out->deliver_by_min = (uint32_t)seconds;
    return SMTP__KEYWORD_READ;
}

/* ---- FUTURERELEASE (RFC 4865 3) ---- */

int smtp__read_future_release(smtp_capabilities *out, smtp_str parameters)
{
    smtp__cursor cursor = smtp__cursor_start(parameters);
    smtp_str interval;
    smtp_str date;
    uint64_t seconds;
    uint64_t until;
    if (!take_listed(&cursor, &interval) || !take_listed(&cursor, &date) ||
        cursor.at != cursor.end || smtp__decimal(interval, SECONDS_DIGITS, &seconds) != 0 ||
        *interval.ptr == '0' || smtp_timestamp_parse(&until, date) != 0) {
        return SMTP__KEYWORD_IGNORED;
    }
    out->hold_max = (uint32_t)seconds;
    out->hold_until_max = until;
    return SMTP__KEYWORD_READ;
}

/* ---- MT-PRIORITY (RFC 6710 7) ---- */

int smtp__read_priority_profile(smtp_capabilities *out, smtp_str parameters)
{
    smtp__cursor cursor = smtp__cursor_start(parameters);
    while (smtp__take_run(&cursor, SMTP__MECHANISM).len > 0 || smtp__take(&cursor, '.')) {
    }
    if (cursor.at != cursor.end || parameters.len > PROFILE_MAX) {
        return SMTP__KEYWORD_WITHOUT;
    }
    out->priority_profile = parameters;
    return SMTP__KEYWORD_READ;
}

/* ---- NO-SOLICITING (RFC 3865 2.2) ---- */

int smtp__read_no_soliciting(smtp_capabilities *out, smtp_str parameters)
{
    smtp__cursor cursor = smtp__cursor_start(parameters);
    if (parameters.len > 0 && (!smtp__take_solicitation(&cursor) || cursor.at != cursor.end)) {
        return SMTP__KEYWORD_WITHOUT;
    }
    out->no_soliciting = parameters;
    return SMTP__KEYWORD_READ;
}

/* ---- BURL (RFC 4468 3) ---- */

int smtp__read_burl(smtp_capabilities *out, smtp_str parameters)
{
    out->burl = parameters;
    return SMTP__KEYWORD_READ;
}

/* ---- LIMITS (RFC 9422 3 and 4) ---- */

const smtp__limit smtp__limits[SMTP__LIMITS] = {
    {"MAILMAX", offsetof(smtp_capabilities, mail_max)},
    {"RCPTMAX", offsetof(smtp_capabilities, rcpt_max)},
    {"RCPTDOMAINMAX", offsetof(smtp_capabilities, rcpt_domain_max)},
};

/* Splits "name=value" or "name", and says whether it is such. */
static int split_limit(smtp_str item, smtp_str *name, smtp_str *value)
{
    smtp__cursor cursor = smtp__cursor_start(item);
    *name = smtp__take_run(&cursor, SMTP__MECHANISM); /* their characters are those of mechanisms */
    if (name->len == 0) {
        return 0;
    }
    if (cursor.at == cursor.end) {
        *value = smtp__rest(&cursor);
        return 1;
    }
    if (!smtp__take(&cursor, '=')) {
        return 0;
    }
    *value = smtp__rest(&cursor);
    while (cursor.at < cursor.end && *cursor.at != ';' &&
           smtp__is((unsigned char)*cursor.at, SMTP__VISIBLE)) {
        cursor.at++;
    }
    return value->len > 0 && cursor.at == cursor.end;
}

/* Notes a limit. One that is not known, or whose value is not right, is ignored by itself (RFC
 * 9422 3.7). */
static void note_limit(smtp_capabilities *out, smtp_str name, smtp_str value)
{
    for (size_t i = 0; i < SMTP__LIMITS; i++) {
        uint64_t number;
        if (smtp_str_equal_nocase(name, smtp_text(smtp__limits[i].name)) &&
            smtp__decimal(value, LIMIT_DIGITS, &number) == 0 && *value.ptr != '0') {
            uint32_t *member = (void *)((unsigned char *)out + smtp__limits[i].offset);
            *member = (uint32_t)number;
        }
    }
}

int smtp__read_limits(smtp_capabilities *out, smtp_str parameters)
{
    smtp_str item;
    smtp_str name;
    smtp_str value;
    smtp__cursor cursor = smtp__cursor_start(parameters);
    while (take_listed(&cursor, &item)) {
        if (!split_limit(item, &name, &value)) {
            return SMTP__KEYWORD_IGNORED; /* nothing of such a list counts */
        }
    }
    cursor = smtp__cursor_start(parameters);
    while (take_listed(&cursor, &item)) {
        (void)split_limit(item, &name, &value);
        note_limit(out, name, value);
    }
    out->limits = parameters;
    return parameters.len > 0 ? SMTP__KEYWORD_READ : SMTP__KEYWORD_IGNORED;
}
