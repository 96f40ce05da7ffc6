/* SPDX-License-Identifier: MIT
 * Replies, written: folded into lines of at most 512 octets (RFC 5321 4.5.3.1.5, RFC 2034 4). */
#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "syntax/cursor.h"
#include "syntax/reply_format.h"
#include "syntax/status.h"

enum { CODE_MIN = 200, CODE_MAX = 599, CODE_OCTETS = 4, CRLF_OCTETS = 2 };

/* What stands at the start of every line. */
typedef struct prefix {
    unsigned code;
    uint32_t status;
    size_t len; /* with the separator behind the code and the space behind the status */
} prefix;

/* A status of another class than the code is refused; 3yz has none. */
static int make_prefix(prefix *out, int code, uint32_t status)
{
    if (code < CODE_MIN || code > CODE_MAX) {
        return SMTP_ERR_ARGUMENT;
    }
    out->code = (unsigned)code;
    out->status = status;
    out->len = CODE_OCTETS;
    if (status == 0) {
        return 0;
    }
    out->len += smtp__status_octets(status) + 1;
    return code / 100 == 3 || status / SMTP__STATUS_CLASS != out->code / 100 ? SMTP_ERR_ARGUMENT
                                                                             : 0;
}

/* How long the text of a line may be. */
static size_t text_max(const prefix *start)
{
    return SMTP_REPLY_LINE_MAX - CRLF_OCTETS - start->len;
}

static void put_line(smtp__writer *writer, const prefix *start, char separator, smtp_str line)
{
    size_t octets = start->len + line.len + CRLF_OCTETS;
    if (writer->failed || octets > writer->capacity - writer->len) {
        writer->failed = 1;
        return;
    }
    char *at = writer->out + writer->len;
    *at++ = (char)('0' + start->code / 100);
    *at++ = (char)('0' + start->code / 10 % 10);
    *at++ = (char)('0' + start->code % 10);
    *at++ = separator;
    if (start->status != 0) {
        at = smtp__put_status(at, start->status);
        *at++ = ' ';
    }
    smtp__copy_few(at, line.ptr, line.len);
    at += line.len;
    *at++ = '\r';
    *at = '\n';
    writer->len += octets;
}

/* Reads past a line end, LF or CRLF, and says whether one stood there. */
static int take_line_end(smtp__cursor *cursor)
{
    if (smtp__at(cursor, '\r') && cursor->end - cursor->at > 1 && cursor->at[1] == '\n') {
        cursor->at++;
    }
    return smtp__take(cursor, '\n');
}

/* Refuses a text that no reply can hold (RFC 5321 4.2 textstring, RFC 6531 3.7.4). */
static int check_text(smtp_str text)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    for (;;) {
        (void)smtp__take_run(&cursor, SMTP__TEXTSTRING);
        if (cursor.at == cursor.end) {
            return 0;
        }
        size_t step = smtp__utf8_step(cursor.at, cursor.end);
        if (step == 0) {
            return SMTP_ERR_UTF8;
        }
        if (step > 1) {
            cursor.at += step;
        } else if (!take_line_end(&cursor)) {
            return SMTP_ERR_CONTROL;
        }
    }
}

/* Where to cut a text that is longer than a line: at its last space, else between two characters.
 */
static const char *find_fold(const char *start, const char *limit)
{
    const char *at = limit;
    while (at > start && *at != ' ') {
        at--;
    }
    if (at > start) {
        return at;
    }
    at = limit;
    while (((unsigned char)*at & 0xC0) == 0x80) {
        at--; /* no further than to the first octet of its character */
    }
    return at;
}

/* Reads the text of one line, and what divides it from the next. Says whether there is a next. */
static int take_line(smtp__cursor *cursor, size_t room, smtp_str *out)
{
    const char *start = cursor->at;
    smtp__cursor within = *cursor;
    if ((size_t)(cursor->end - start) > room) {
        within.end = start + room + 1; /* where what divides it would stand */
    }
    *out = smtp__take_run(&within, SMTP__TEXTSTRING | SMTP__NON_ASCII);
    cursor->at = within.at;
    if (out->len <= room) {
        return take_line_end(cursor);
    }
    cursor->at = find_fold(start, start + room);
    *out = smtp__since(cursor, start);
    (void)smtp__take(cursor, ' ');
    return 1;
}

/* Writes all lines of a text but the last, which it leaves. */
SMTP__RARE static int put_lines(smtp__writer *writer, const prefix *start, smtp_str *text)
{
    smtp__cursor cursor = smtp__cursor_start(*text);
    int error = check_text(*text);
    if (error != 0) {
        return error;
    }
    while (take_line(&cursor, text_max(start), text)) {
        put_line(writer, start, '-', *text);
    }
    return 0;
}

/* 1 when the text is one line of ASCII. */
static int is_plain(const prefix *start, smtp_str text)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    (void)smtp__take_run(&cursor, SMTP__TEXTSTRING);
    return cursor.at == cursor.end && text.len <= text_max(start);
}

int smtp__reply_format_line(char *out, size_t capacity, size_t *len, int code, uint32_t status,
                            smtp_str text)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    prefix start;
    *len = 0;
    int error = make_prefix(&start, code, status);
    if (error != 0) {
        return error;
    }
    put_line(&writer, &start, ' ', text);
    return smtp__writer_finish(&writer, len);
}

int smtp_reply_format(char *out, size_t capacity, size_t *len, int code, uint32_t status,
                      smtp_str text)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    prefix start;
    *len = 0;
    int error = make_prefix(&start, code, status);
    if (error == 0 && !is_plain(&start, text)) {
        error = put_lines(&writer, &start, &text);
    }
    if (error != 0) {
        return error;
    }
    put_line(&writer, &start, ' ', text);
    return smtp__writer_finish(&writer, len);
}
