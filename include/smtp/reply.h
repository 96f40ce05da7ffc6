/* SPDX-License-Identifier: MIT
 * Replies: parsed line by line or out of any cut of a stream, and formatted (RFC 5321 4.2, RFC
 * 2034). */
#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H

#include "base.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Limits of RFC 5321 4.5.3.1.5 and of ours. */
enum smtp_reply_limit {
    SMTP_REPLY_LINE_MAX = 512,           /* octets of a line that we write, with its CRLF */
    SMTP_REPLY_LINE_RECEIVED_MAX = 4096, /* octets of a line that we read, with its CRLF, unless
                                            configured */
    SMTP_REPLY_RECEIVED_MAX = 65536 /* octets of a whole reply that we read, unless configured */
};

/* One line of a reply. */
typedef struct smtp_reply_line {
    int code;        /* 200 to 599 */
    int last;        /* 0 when a hyphen says that more lines follow */
    uint32_t status; /* the enhanced status code at the start of the text, 0: none, or not of the
                        reply's class */
    uint32_t reserved;
    smtp_str text;  /* behind the separator, byte for byte, enhanced status code included */
    smtp_str words; /* the text without the enhanced status code and the space behind it */
} smtp_reply_line;

/* Parses one line of a reply, without its CRLF. "250" alone is a line with empty text. *offset,
 * which may be NULL, gets the octet of an error. Returns 0, REPLY_CODE, REPLY_SEPARATOR, or CONTROL
 * (a CR, LF or NUL within). Inside a callback: yes. */
SMTP_API int smtp_reply_line_parse(smtp_reply_line *out, smtp_str line, size_t *offset);

/* The state of a stream of replies. All zero is the start; the limits may be set before the first
 * octet. */
typedef struct smtp_reply_parser {
    uint32_t line_max;  /* octets of a line with CRLF; 0: SMTP_REPLY_LINE_RECEIVED_MAX */
    uint32_t total_max; /* octets of a reply; 0: SMTP_REPLY_RECEIVED_MAX */
    char *storage;      /* where a line is kept that came in several pieces, line_max octets */
    size_t private_line;
    uint32_t private_total;
    int private_code;
} smtp_reply_parser;

/* Takes octets and gives the next complete line in *line, whose slices point into `input` or into
 * the storage. With line->last the reply is complete. Call it again with the rest, input + *used.
 * Returns 1 for a line, *used being behind its LF; 0 when all was taken and more is needed; or an
 * error: LINE_TOO_LONG (*used is the first octet over the limit), ARGUMENT (the line is cut and
 * storage is NULL; all was taken), and with *used behind the LF of the line REPLY_TOO_LONG,
 * REPLY_MIXED, BARE_LF, BARE_CR or what smtp_reply_line_parse gives. Errors do not stick, but a
 * reply stream that was malformed had best be closed. Inside a callback: yes. */
SMTP_API int smtp_reply_parse(smtp_reply_parser *parser, smtp_str input, size_t *used,
                              smtp_reply_line *line);

/* Writes a whole reply: code, enhanced status code (0: none) on each line, and the text folded into
 * lines of at most 512 octets at spaces where there are any. LF or CRLF in the text begins a new
 * line. Returns 0, NO_SPACE, ARGUMENT (code out of 200 to 599, or status of another class, or a
 * status with 3yz), CONTROL (any other control in the text) or UTF8 (octets above 127 that are not
 * UTF-8). An empty text gives the code, a space and CRLF. Inside a callback: yes. */
SMTP_API int smtp_reply_format(char *out, size_t capacity, size_t *len, int code, uint32_t status,
                               smtp_str text);

#ifdef __cplusplus
}
#endif
#endif
