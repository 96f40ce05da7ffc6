/* SPDX-License-Identifier: MIT
 * A place in a line, and the few steps that every parser of the syntax layer takes from there. */
#ifndef SMTP_SYNTAX_CURSOR_H
#define SMTP_SYNTAX_CURSOR_H

#include <string.h>

#include "base/ctype.h"
#include "base/str.h"

/* What differs between four octets and four of a word of upper-case letters, digits and signs below
 * '@'. Of all these only letters have the bit 0x40; in them the bit of the case is not compared. */
inline uint32_t smtp__differ(const char *octets, const char *word)
{
    uint32_t here;
    uint32_t expected;
    memcpy(&here, octets, sizeof here);
    memcpy(&expected, word, sizeof expected);
    return (here ^ expected) & ~((expected & UINT32_C(0x40404040)) >> 1);
}

/* 1 when `octets` are this word, whatever their case. By fours, the last of which may overlap those
 * before them. */
inline int smtp__is_word(const char *octets, const char *word, size_t len)
{
    if (len < 4) {
        uint32_t differ = 0;
        for (size_t i = 0; i < len; i++) {
            uint32_t expected = (unsigned char)word[i];
            differ |= ((unsigned char)octets[i] ^ expected) & ~((expected & 0x40u) >> 1);
        }
        return differ == 0;
    }
    for (; len > 4; len -= 4, octets += 4, word += 4) {
        if (smtp__differ(octets, word) != 0) {
            return 0;
        }
        if (len < 8) {
            octets -= 8 - len;
            word -= 8 - len;
            len = 8;
        }
    }
    return smtp__differ(octets, word) == 0;
}

/* A word of a table. */
typedef struct smtp__word {
    unsigned char length;
    char text[11]; /* without a NUL */
} smtp__word;

#define SMTP__WORD(literal)                                                                        \
    {                                                                                              \
        sizeof literal - 1, literal                                                                \
    }

/* 1 when the text is this word. */
inline int smtp__same_word(smtp_str text, const smtp__word *word)
{
    return text.len == word->length && smtp__is_word(text.ptr, word->text, text.len);
}

inline smtp_str smtp__word_str(const smtp__word *word)
{
    smtp_str str = {word->text, word->length};
    return str;
}

/* What stands at `at` is read next. A parser that fails leaves `at` where the error is. */
typedef struct smtp__cursor {
    const char *at;
    const char *end;
    int utf8;          /* 1 once an octet above 127 was read past */
    uint32_t tolerate; /* SMTP_TOLERATE_ */
    uint32_t allow;    /* in an address: SMTP_ADDRESS_ */
    uint32_t stops; /* the class of what may follow a part of one, as SMTP__PATH_END; 0: nothing */
} smtp__cursor;

/* A cursor before all of a text. An absent slice has no pointer that could be added to. */
inline smtp__cursor smtp__cursor_start(smtp_str text)
{
    smtp__cursor cursor = {text.ptr, text.ptr, 0, 0, 0, 0};
    if (text.len > 0) {
        cursor.end += text.len;
    }
    return cursor;
}

/* The octets that have been read since `start`. */
inline smtp_str smtp__since(const smtp__cursor *cursor, const char *start)
{
    smtp_str str = {start, (size_t)(cursor->at - start)};
    return str;
}

/* The octets that have not been read. */
inline smtp_str smtp__rest(const smtp__cursor *cursor)
{
    smtp_str str = {cursor->at, (size_t)(cursor->end - cursor->at)};
    return str;
}

/* 1 when the next octet is this one. */
inline int smtp__at(const smtp__cursor *cursor, char octet)
{
    return cursor->at < cursor->end && *cursor->at == octet;
}

/* 1 when a word ends here: at a space or at the end. */
inline int smtp__at_word_end(const smtp__cursor *cursor)
{
    return cursor->at == cursor->end || *cursor->at == ' ';
}

/* Reads past one octet when it is this one, and says so. */
inline int smtp__take(smtp__cursor *cursor, char octet)
{
    if (!smtp__at(cursor, octet)) {
        return 0;
    }
    cursor->at++;
    return 1;
}

/* Reads the longest run of octets of the classes; it may be empty. */
inline smtp_str smtp__take_run(smtp__cursor *cursor, uint32_t classes)
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
inline smtp_str smtp__take_until(smtp__cursor *cursor, uint32_t classes)
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
inline smtp_str smtp__take_word(smtp__cursor *cursor)
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
int smtp__take_more_spaces(smtp__cursor *cursor);

/* Reads the space between two words, and more of them with SMTP_TOLERATE_SPACES. Returns 0 or
 * SPACE. */
inline int smtp__take_space(smtp__cursor *cursor)
{
    if (!smtp__take(cursor, ' ')) {
        return SMTP_ERR_SPACE;
    }
    return smtp__at(cursor, ' ') ? smtp__take_more_spaces(cursor) : 0;
}

#endif
