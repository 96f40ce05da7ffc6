/* SPDX-License-Identifier: MIT
 * Replies, read line by line and out of a stream (RFC 5321 4.2, RFC 2034 4). */
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

static uint32_t line_max(const smtp_reply_parser *parser)
{
    return parser->line_max != 0 ? parser->line_max : SMTP_REPLY_LINE_RECEIVED_MAX;
}

static uint32_t total_max(const smtp_reply_parser *parser)
{
    return parser->total_max != 0 ? parser->total_max : SMTP_REPLY_RECEIVED_MAX;
}

/* A CR is another error than other controls. */
SMTP__RARE static int refuse_line(smtp_reply_line *out, const smtp__cursor *cursor, int error)
{
    *out = none;
    return error == SMTP_ERR_CONTROL && *cursor->at == '\r' ? SMTP_ERR_BARE_CR : error;
}

/* Parses a complete line, with its LF. */
static int parse_complete(smtp_reply_parser *parser, smtp_str line, smtp_reply_line *out)
{
    if (line.len > total_max(parser) - parser->private_total) {
        return SMTP_ERR_REPLY_TOO_LONG;
    }
    if (line.len < 2 || line.ptr[line.len - 2] != '\r') {
        return SMTP_ERR_BARE_LF;
    }
    smtp_str text = {line.ptr, line.len - 2};
    smtp__cursor cursor = smtp__cursor_start(text);
    int error = parse_line(out, &cursor);
    if (error != 0) {
        return refuse_line(out, &cursor, error);
    }
    if (parser->private_code != 0 && parser->private_code != out->code) {
        return SMTP_ERR_REPLY_MIXED;
    }
    parser->private_total = out->last ? 0 : parser->private_total + (uint32_t)line.len;
    parser->private_code = out->last ? 0 : out->code;
    return 1;
}

/* Forgets the reply that was malformed. */
SMTP__RARE static int fail(smtp_reply_parser *parser, int error)
{
    parser->private_line = 0;
    parser->private_total = 0;
    parser->private_code = 0;
    return error;
}

/* Keeps what came of a line, up to its LF or all of the input. */
SMTP__RARE static int keep(smtp_reply_parser *parser, smtp_str piece)
{
    if (piece.len > 0) {
        if (parser->storage == NULL) {
            return SMTP_ERR_ARGUMENT;
        }
        memcpy(parser->storage + parser->private_line, piece.ptr, piece.len);
        parser->private_line += piece.len;
    }
    return 0;
}

int smtp_reply_parse(smtp_reply_parser *parser, smtp_str input, size_t *used, smtp_reply_line *line)
{
    const char *lf = input.len > 0 ? memchr(input.ptr, '\n', input.len) : NULL;
    size_t room = line_max(parser) - parser->private_line;
    smtp_str piece = {input.ptr, lf != NULL ? (size_t)(lf - input.ptr) + 1 : input.len};
    *used = piece.len;
    if (piece.len > room || (lf == NULL && piece.len == room)) {
        *used = room;
        return fail(parser, SMTP_ERR_LINE_TOO_LONG);
    }
    if (lf == NULL || parser->private_line > 0) {
        int error = keep(parser, piece);
        if (error != 0 || lf == NULL) {
            return error != 0 ? fail(parser, error) : 0;
        }
        piece.ptr = parser->storage;
        piece.len = parser->private_line;
        parser->private_line = 0;
    }
    int result = parse_complete(parser, piece, line);
    return result < 0 ? fail(parser, result) : result;
}
