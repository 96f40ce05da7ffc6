/* SPDX-License-Identifier: MIT
 * Enhanced status codes as numbers and as text (RFC 3463 2). */
#include "syntax/status.h"

#include "syntax/cursor.h"

enum { PART_MAX = 999, PART_DIGITS = 3 };

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

int smtp_status_format(char *out, size_t capacity, size_t *len, uint32_t status)
{
    *len = 0;
    if (!is_class(status / SMTP__STATUS_CLASS)) {
        return SMTP_ERR_ARGUMENT;
    }
    if (smtp__status_octets(status) > capacity) {
        return SMTP_ERR_NO_SPACE;
    }
    *len = (size_t)(smtp__put_status(out, status) - out);
    return 0;
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline size_t smtp__status_part_octets(uint32_t part);
extern inline char *smtp__put_status_part(char *at, uint32_t part);
extern inline size_t smtp__status_octets(uint32_t status);
extern inline char *smtp__put_status(char *at, uint32_t status);
