/* SPDX-License-Identifier: MIT
 * The longer steps of a cursor. */
#include "syntax/cursor.h"

#include "base/number.h"

enum { BASE64_GROUP = 4 };

int smtp__take_text(smtp__cursor *cursor, const char *text)
{
    for (; *text != '\0'; text++, cursor->at++) {
        if (cursor->at == cursor->end ||
            smtp__lower((unsigned char)*cursor->at) != smtp__lower((unsigned char)*text)) {
            return 0;
        }
    }
    return 1;
}

int smtp__take_number(smtp__cursor *cursor, size_t max_digits, uint64_t *out)
{
    const char *start = cursor->at;
    int error = smtp__decimal(smtp__take_run(cursor, SMTP__DIGIT), max_digits, out);
    if (error != 0) {
        cursor->at = start;
    }
    return error;
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

int smtp__take_space(smtp__cursor *cursor, uint32_t tolerate)
{
    if (!smtp__take(cursor, ' ')) {
        return SMTP_ERR_SPACE;
    }
    if (!smtp__at(cursor, ' ')) {
        return 0;
    }
    if ((tolerate & SMTP_TOLERATE_SPACES) == 0) {
        return SMTP_ERR_SPACE;
    }
    while (smtp__take(cursor, ' ')) {
    }
    return 0;
}
