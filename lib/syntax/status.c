/* SPDX-License-Identifier: MIT
 * Enhanced status codes as numbers and as text (RFC 3463 2). */
#include "syntax/status.h"

#include <string.h>

#include "syntax/cursor.h"

enum { PART_MAX = 999, PART_DIGITS = 3, CLASS = 1000000, SUBJECT = 1000 };

static int is_class(uint32_t klass)
{
    return klass == 2 || klass == 4 || klass == 5;
}

/* Reads a dot and a number of at most three digits without leading zeros. */
static int take_part(smtp__cursor *cursor, uint32_t *out)
{
    uint32_t number = 0;
    if (!smtp__take(cursor, '.')) {
        return 0;
    }
    const char *at = cursor->at;
    while (at < cursor->end && at - cursor->at < PART_DIGITS &&
           smtp__is((unsigned char)*at, SMTP__DIGIT)) {
        number = number * 10 + (uint32_t)(*at++ - '0');
    }
    if (at == cursor->at || (*cursor->at == '0' && at - cursor->at > 1)) {
        return 0;
    }
    cursor->at = at;
    *out = number;
    return 1;
}

uint32_t smtp_status(int klass, int subject, int detail)
{
    if (klass < 0 || !is_class((uint32_t)klass) || subject < 0 || subject > PART_MAX ||
        detail < 0 || detail > PART_MAX) {
        return 0;
    }
    return SMTP_STATUS(klass, subject, detail);
}

int smtp_status_parse(uint32_t *status, smtp_str text, int reply_code, size_t *used)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    uint32_t subject;
    uint32_t detail;
    uint32_t klass = text.len > 0 ? (uint32_t)(unsigned char)*text.ptr - '0' : 0;
    *status = 0;
    *used = 0;
    if (!is_class(klass) || (reply_code != 0 && (uint32_t)reply_code / 100 != klass)) {
        return SMTP_ERR_STATUS;
    }
    cursor.at++;
    if (!take_part(&cursor, &subject) || !take_part(&cursor, &detail) ||
        !smtp__at_word_end(&cursor)) {
        return SMTP_ERR_STATUS;
    }
    *status = SMTP_STATUS(klass, subject, detail);
    *used = (size_t)(cursor.at - text.ptr);
    return 0;
}

/* Writes a part, of at most PART_DIGITS digits. */
static char *put_part(char *at, uint32_t part)
{
    if (part >= 10) {
        if (part >= 100) {
            *at++ = (char)('0' + part / 100);
        }
        *at++ = (char)('0' + part / 10 % 10);
    }
    *at++ = (char)('0' + part % 10);
    return at;
}

char *smtp__put_status(char *at, uint32_t status)
{
    at = put_part(at, status / CLASS);
    *at++ = '.';
    at = put_part(at, status / SUBJECT % SUBJECT);
    *at++ = '.';
    return put_part(at, status % SUBJECT);
}

int smtp_status_format(char *out, size_t capacity, size_t *len, uint32_t status)
{
    char text[SMTP__STATUS_MAX];
    *len = 0;
    if (!is_class(status / CLASS)) {
        return SMTP_ERR_ARGUMENT;
    }
    size_t octets = (size_t)(smtp__put_status(text, status) - text);
    if (octets > capacity) {
        return SMTP_ERR_NO_SPACE;
    }
    *len = octets;
    memcpy(out, text, octets);
    return 0;
}
