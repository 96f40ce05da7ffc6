/* SPDX-License-Identifier: MIT
 * Lines of replies (RFC 5321 4.2, RFC 2034 4). */
#include "smtp/reply.h"

#include <string.h>

#include "base/compiler.h"
#include "syntax/cursor.h"

enum { CODE_DIGITS = 3 };

/* 1 when one of eight octets is below 16, as CR, LF and NUL are. */
static int has_low(const char *octets)
{
    uint64_t eight;
    memcpy(&eight, octets, sizeof eight);
    return ((eight - UINT64_C(0x1010101010101010)) & ~eight & UINT64_C(0x8080808080808080)) != 0;
}

/* The first CR, LF or NUL, or the end. Few texts have an octet that small: eight are looked at at
 * once, the last eight together with some of those before them. */
static const char *find_control(const char *at, const char *end)
{
    if (end - at >= 8) {
        while (end - at > 8 && !has_low(at)) {
            at += 8;
        }
        if (end - at <= 8 && !has_low(end - 8)) {
            return end;
        }
    }
    while (at < end && *at != '\r' && *at != '\n' && *at != '\0') {
        at++;
    }
    return at;
}

/* Says where it is that a code is none. */
SMTP__RARE static int refuse_code(smtp__cursor *cursor)
{
    const char *start = cursor->at;
    smtp_str digits = smtp__take_run(cursor, SMTP__DIGIT);
    if (digits.len >= CODE_DIGITS) {
        cursor->at = start; /* it is the number that is wrong */
    }
    return SMTP_ERR_REPLY_CODE;
}

/* Reads three digits of 200 to 599. Whether the second is within the grammar is not asked: what the
 * first says counts (RFC 5321 4.3.2). */
static int take_code(smtp__cursor *cursor, int *out)
{
    const unsigned char *octets = (const unsigned char *)cursor->at;
    if (cursor->end - cursor->at < CODE_DIGITS) {
        return refuse_code(cursor);
    }
    unsigned first = octets[0] - (unsigned)'0';
    unsigned second = octets[1] - (unsigned)'0';
    unsigned third = octets[2] - (unsigned)'0';
    if (first - 2 > 3 || second > 9 || third > 9) {
        return refuse_code(cursor);
    }
    cursor->at += CODE_DIGITS;
    *out = (int)(first * 100 + second * 10 + third);
    return 0;
}

/* Splits the enhanced status code off the text, when it is one of the reply's class. */
static void split_status(smtp_reply_line *out)
{
    size_t used;
    out->words = out->text;
    if (out->text.len < 2 || out->text.ptr[1] != '.') {
        return; /* most texts need not be looked at any closer */
    }
    if (smtp_status_parse(&out->status, out->text, out->code, &used) != 0) {
        return;
    }
    out->words.ptr += used;
    out->words.len -= used;
    if (out->words.len > 0) {
        out->words.ptr++;
        out->words.len--;
    }
}

static const smtp_reply_line none = {0, 1, 0, 0, {NULL, 0}, {NULL, 0}};

static int parse_line(smtp_reply_line *out, smtp__cursor *cursor)
{
    *out = none;
    int error = take_code(cursor, &out->code);
    if (error != 0) {
        return error;
    }
    if (cursor->at < cursor->end) {
        out->last = *cursor->at != '-';
        if (out->last && *cursor->at != ' ') {
            return SMTP_ERR_REPLY_SEPARATOR;
        }
        cursor->at++;
    }
    out->text = smtp__rest(cursor);
    cursor->at = find_control(cursor->at, cursor->end);
    if (cursor->at < cursor->end) {
        return SMTP_ERR_CONTROL;
    }
    split_status(out);
    return 0;
}

int smtp_reply_line_parse(smtp_reply_line *out, smtp_str line, size_t *offset)
{
    smtp__cursor cursor = smtp__cursor_start(line);
    int error = parse_line(out, &cursor);
    if (error != 0) {
        *out = none;
        if (offset != NULL) {
            *offset = (size_t)(cursor.at - line.ptr);
        }
    }
    return error;
}
