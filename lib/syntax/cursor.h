/* SPDX-License-Identifier: MIT
 * A place in a line, and the few steps that every parser of the syntax layer takes from there. */
#ifndef SMTP_SYNTAX_CURSOR_H
#define SMTP_SYNTAX_CURSOR_H

#include "base/ctype.h"
#include "smtp/base.h"

/* A slice over a literal, in a table. */
#define SMTP__STR(literal)                                                                         \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

/* 1 when `octets` are this word of upper-case letters, digits and signs below '@', whatever their
 * case. Of all these only letters have the bit 0x40; in them the bit of the case is not compared.
 */
static inline int smtp__is_word(const char *octets, const char *word, size_t len)
{
    unsigned differ = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned expected = (unsigned char)word[i];
        differ |= ((unsigned char)octets[i] ^ expected) & (0xFFu ^ (expected & 0x40u) >> 1);
    }
    return differ == 0;
}

/* What stands at `at` is read next. A parser that fails leaves `at` where the error is. */
typedef struct smtp__cursor {
    const char *at;
    const char *end;
    int utf8; /* 1 once an octet above 127 was read past */
} smtp__cursor;

/* A cursor before all of a text. An absent slice has no pointer that could be added to. */
static inline smtp__cursor smtp__cursor_start(smtp_str text)
{
    smtp__cursor cursor = {text.ptr, text.ptr, 0};
    if (text.len > 0) {
        cursor.end += text.len;
    }
    return cursor;
}

/* The octets that have been read since `start`. */
static inline smtp_str smtp__since(const smtp__cursor *cursor, const char *start)
{
    smtp_str str = {start, (size_t)(cursor->at - start)};
    return str;
}

/* The octets that have not been read. */
static inline smtp_str smtp__rest(const smtp__cursor *cursor)
{
    smtp_str str = {cursor->at, (size_t)(cursor->end - cursor->at)};
    return str;
}

/* 1 when the next octet is this one. */
static inline int smtp__at(const smtp__cursor *cursor, char octet)
{
    return cursor->at < cursor->end && *cursor->at == octet;
}

/* 1 when a word ends here: at a space or at the end. */
static inline int smtp__at_word_end(const smtp__cursor *cursor)
{
    return cursor->at == cursor->end || *cursor->at == ' ';
}

/* Reads past one octet when it is this one, and says so. */
static inline int smtp__take(smtp__cursor *cursor, char octet)
{
    if (!smtp__at(cursor, octet)) {
        return 0;
    }
    cursor->at++;
    return 1;
}

/* Reads the longest run of octets of the classes; it may be empty. */
static inline smtp_str smtp__take_run(smtp__cursor *cursor, uint32_t classes)
{
    const char *start = cursor->at;
    const char *at = start;
    while (at < cursor->end && smtp__is((unsigned char)*at, classes)) {
        at++;
    }
    cursor->at = at;
    return smtp__since(cursor, start);
}

/* Reads up to the first octet of one of the classes, or to the end. */
static inline smtp_str smtp__take_until(smtp__cursor *cursor, uint32_t classes)
{
    const char *start = cursor->at;
    const char *at = start;
    while (at < cursor->end && !smtp__is((unsigned char)*at, classes)) {
        at++;
    }
    cursor->at = at;
    return smtp__since(cursor, start);
}

/* Reads what stands before the next space or the end. */
static inline smtp_str smtp__take_word(smtp__cursor *cursor)
{
    const char *start = cursor->at;
    const char *at = start;
    while (at < cursor->end && *at != ' ') {
        at++;
    }
    cursor->at = at;
    return smtp__since(cursor, start);
}

/* Reads past this text, without its case, and says whether it stood there; otherwise stops where it
 * differs. */
int smtp__take_text(smtp__cursor *cursor, const char *text);

/* Reads a number of 1 to max_digits digits. Returns 0, NUMBER or NUMBER_TOO_LARGE; an error does
 * not move. */
int smtp__take_number(smtp__cursor *cursor, size_t max_digits, uint64_t *out);

/* Reads base64 in whole groups of four, padded, of at least one (RFC 4648 4). Returns 0 or BASE64.
 */
int smtp__take_base64(smtp__cursor *cursor, smtp_str *out);

/* Reads more spaces, where they are tolerated. Returns 0 or SPACE. */
int smtp__take_more_spaces(smtp__cursor *cursor, uint32_t tolerate);

/* Reads the space between two words, and more of them with SMTP_TOLERATE_SPACES. Returns 0 or
 * SPACE. */
static inline int smtp__take_space(smtp__cursor *cursor, uint32_t tolerate)
{
    if (!smtp__take(cursor, ' ')) {
        return SMTP_ERR_SPACE;
    }
    return smtp__at(cursor, ' ') ? smtp__take_more_spaces(cursor, tolerate) : 0;
}

#endif
