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

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline uint32_t smtp__differ(const char *octets, const char *word);
extern inline int smtp__is_word(const char *octets, const char *word, size_t len);
extern inline int smtp__same_word(smtp_str text, const smtp__word *word);
extern inline smtp_str smtp__word_str(const smtp__word *word);
extern inline smtp__cursor smtp__cursor_start(smtp_str text);
extern inline smtp_str smtp__since(const smtp__cursor *cursor, const char *start);
extern inline smtp_str smtp__rest(const smtp__cursor *cursor);
extern inline int smtp__at(const smtp__cursor *cursor, char octet);
extern inline int smtp__at_word_end(const smtp__cursor *cursor);
extern inline int smtp__take(smtp__cursor *cursor, char octet);
extern inline smtp_str smtp__take_run(smtp__cursor *cursor, uint32_t classes);
extern inline smtp_str smtp__take_until(smtp__cursor *cursor, uint32_t classes);
extern inline smtp_str smtp__take_word(smtp__cursor *cursor);
extern inline int smtp__take_space(smtp__cursor *cursor);
