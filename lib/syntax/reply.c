/* SPDX-License-Identifier: MIT
 * Replies, read out of a stream (RFC 5321 4.2). */
#include "smtp/reply.h"

#include <string.h>

#include "base/compiler.h"

static uint32_t line_max(const smtp_reply_parser *parser)
{
    return parser->line_max != 0 ? parser->line_max : SMTP_REPLY_LINE_RECEIVED_MAX;
}

static uint32_t total_max(const smtp_reply_parser *parser)
{
    return parser->total_max != 0 ? parser->total_max : SMTP_REPLY_RECEIVED_MAX;
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
    size_t offset;
    int error = smtp_reply_line_parse(out, text, &offset);
    if (error != 0) { /* a CR is another error than other controls */
        return error == SMTP_ERR_CONTROL && text.ptr[offset] == '\r' ? SMTP_ERR_BARE_CR : error;
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
