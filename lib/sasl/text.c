/* SPDX-License-Identifier: MIT
 * Identities, passwords and tokens: what of them is text. */
#include "sasl/sasl.h"

smtp_str smtp__sasl_take_until(smtp__cursor *cursor, char octet)
{
    const char *start = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != octet) {
        cursor->at++;
    }
    return smtp__since(cursor, start);
}

int smtp__sasl_optional(smtp_str text, size_t max)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    (void)smtp__sasl_take_until(&cursor, '\0');
    if (cursor.at < cursor.end || !smtp_utf8_valid(text, NULL)) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    cursor = smtp__cursor_start(text);
    (void)smtp__take_until(&cursor, SMTP__CONTROL);
    return text.len > max || cursor.at < cursor.end ? SMTP_ERR_AUTH_FAILED : 0;
}

int smtp__sasl_prepared(smtp_str text, size_t max)
{
    return text.len == 0 ? SMTP_ERR_AUTH_FAILED : smtp__sasl_optional(text, max);
}

int smtp__sasl_visible(smtp_str text)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    (void)smtp__take_run(&cursor, SMTP__VISIBLE);
    return text.len > 0 && cursor.at == cursor.end;
}
