/* SPDX-License-Identifier: MIT
 * Original recipients of the type "utf-8" (RFC 6533 3). */
#include "syntax/orcpt.h"

#include <string.h>

#include "base/utf8.h"
#include "base/writer.h"
#include "smtp/command.h"

enum {
    HEX_DIGITS_MAX = 6,
    ASCII_END = 0x80,
    UNICODE_END = 0x110000,
    SURROGATES = 0xD800,
    SURROGATES_END = 0xE000
};

/* The ASCII characters that xtext cannot hold as they are; of all others there is one spelling
 * only. Controls are not among them here, though the grammar has them: the address ends up in
 * header fields and logs. */
static int may_be_embedded(uint32_t point)
{
    if (point < ASCII_END) {
        return point == ' ' || point == '+' || point == '=' || point == '\\';
    }
    return point < UNICODE_END && (point < SURROGATES || point >= SURROGATES_END);
}

static uint32_t hex_value(char digit)
{
    return (uint32_t)(digit <= '9' ? digit - '0' : smtp__lower((unsigned char)digit) - 'a' + 10);
}

/* Writes a code point as UTF-8 (RFC 3629 3). */
static void encode(smtp__character *out, uint32_t point)
{
    static const unsigned char firsts[] = {0, 0x00, 0xC0, 0xE0, 0xF0}; /* by length */
    out->len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = out->len; i-- > 1;) {
        out->octets[i] = (char)(unsigned char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out->octets[0] = (char)(unsigned char)(firsts[out->len] | point);
}

/* Reads "\x{2B}" behind its backslash. */
static int take_embedded(smtp__cursor *cursor, smtp__character *out)
{
    uint32_t point = 0;
    if (!smtp__take(cursor, 'x') || !smtp__take(cursor, '{')) {
        return SMTP_ERR_XTEXT;
    }
    smtp_str digits = smtp__take_run(cursor, SMTP__HEX);
    if (digits.len < 2 || digits.len > HEX_DIGITS_MAX || digits.ptr[0] == '0') {
        return SMTP_ERR_XTEXT;
    }
    for (size_t i = 0; i < digits.len; i++) {
        point = point << 4 | hex_value(digits.ptr[i]);
    }
    if (!may_be_embedded(point) || !smtp__take(cursor, '}')) {
        return SMTP_ERR_XTEXT;
    }
    encode(out, point);
    return 0;
}

int smtp__take_orcpt_utf8(smtp__cursor *cursor, smtp__character *out)
{
    size_t step = smtp__utf8_step(cursor->at, cursor->end);
    if (step == 0) {
        return SMTP_ERR_XTEXT;
    }
    if (smtp__take(cursor, '\\')) {
        return take_embedded(cursor, out);
    }
    if (step == 1 && !smtp__is((unsigned char)*cursor->at, SMTP__XCHAR)) {
        return SMTP_ERR_XTEXT;
    }
    out->len = step;
    memcpy(out->octets, cursor->at, step);
    cursor->at += step;
    cursor->utf8 |= step > 1;
    return 0;
}

int smtp_orcpt_utf8_decode(char *out, size_t capacity, size_t *len, smtp_str text)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    smtp__cursor cursor = smtp__cursor_start(text);
    *len = 0;
    while (cursor.at < cursor.end) {
        smtp__character character;
        int error = smtp__take_orcpt_utf8(&cursor, &character);
        if (error != 0) {
            return error;
        }
        smtp_str octets = {character.octets, character.len};
        smtp__put_str(&writer, octets);
    }
    return smtp__writer_finish(&writer, len);
}
