/* SPDX-License-Identifier: MIT
 * The longer steps of a cursor. */
#include "syntax/cursor.h"

#include "base/number.h"

enum { BASE64_GROUP = 4, DIGITS_ALWAYS_FIT = SMTP__DECIMAL_MAX - 1 };

int smtp__take_text(smtp__cursor *cursor, const char *text)
{
    const char *at = cursor->at;
    while (*text != '\0' && at < cursor->end &&
           smtp__lower((unsigned char)*at) == smtp__lower((unsigned char)*text)) {
        at++;
        text++;
    }
    cursor->at = at;
    return *text == '\0';
}

int smtp__take_number(smtp__cursor *cursor, size_t max_digits, uint64_t *out)
{
    const char *at = cursor->at;
    uint64_t number = 0;
    while (at < cursor->end && smtp__is((unsigned char)*at, SMTP__DIGIT)) {
        number = number * 10 + (uint64_t)(*at++ - '0');
    }
    smtp_str digits = {cursor->at, (size_t)(at - cursor->at)};
    if (digits.len == 0 || digits.len > max_digits || digits.len > DIGITS_ALWAYS_FIT) {
        int error = smtp__decimal(digits, max_digits, &number);
        if (error != 0) {
            return error;
        }
    }
    cursor->at = at;
    *out = number;
    return 0;
}

int smtp__take_base64(smtp__cursor *cursor, smtp_str *out)
{
    const char *start = cursor->at;
    size_t characters = smtp__take_run(cursor, SMTP__BASE64).len;
    size_t padding = (BASE64_GROUP - characters % BASE64_GROUP) % BASE64_GROUP;
    if (characters == 0 || padding == BASE64_GROUP - 1) {
        return SMTP_ERR_BASE64;
    }
    for (; padding > 0; padding--) {
        if (!smtp__take(cursor, '=')) {
            return SMTP_ERR_BASE64;
        }
    }
    *out = smtp__since(cursor, start);
    return 0;
}

int smtp__take_more_spaces(smtp__cursor *cursor)
{
    if ((cursor->tolerate & SMTP_TOLERATE_SPACES) == 0) {
        return SMTP_ERR_SPACE;
    }
    while (smtp__take(cursor, ' ')) {
    }
    return 0;
}
