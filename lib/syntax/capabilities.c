/* SPDX-License-Identifier: MIT
 * EHLO responses, read line by line and written (RFC 5321 4.1.1.1). */
#include <string.h>

#include "syntax/cursor.h"
#include "syntax/extension.h"

static void skip_spaces(smtp__cursor *cursor)
{
    (void)smtp__take_run(cursor, SMTP__WSP);
}

/* The rest of the line without white space around it. */
static smtp_str trimmed(smtp__cursor *cursor)
{
    skip_spaces(cursor);
    smtp_str rest = smtp__rest(cursor);
    while (rest.len > 0 && smtp__is((unsigned char)rest.ptr[rest.len - 1], SMTP__WSP)) {
        rest.len--;
    }
    return rest;
}

/* Reads the domain and the greeting of the first line. The domain may be any word: what a client
 * calls its peer does not come from here. */
static int read_greeting(smtp_capabilities *out, smtp__cursor *cursor)
{
    out->domain = smtp__take_until(cursor, SMTP__WSP);
    out->greeting = trimmed(cursor);
    return out->domain.len > 0 ? 0 : SMTP_ERR_KEYWORD;
}

/* Reads a keyword (RFC 5321 4.1.1.1, ehlo-keyword). It ends at white space, or at the '=' of a form
 * of AUTH that is older than its RFC. */
static int take_keyword(smtp__cursor *cursor, smtp_str *out)
{
    *out = smtp__take_run(cursor, SMTP__LDH);
    if (out->len == 0 || *out->ptr == '-') {
        return SMTP_ERR_KEYWORD;
    }
    if (cursor->at == cursor->end || smtp__is((unsigned char)*cursor->at, SMTP__WSP)) {
        return 0;
    }
    return smtp__at(cursor, '=') ? 0 : SMTP_ERR_KEYWORD;
}

static void note(smtp_capabilities *out, smtp_str keyword, smtp_str parameters, int equals)
{
    const smtp__extension *extension = smtp__extension_find(keyword);
    if (extension == NULL || (equals && extension->row.bit != SMTP_EXT_AUTH)) {
        return;
    }
    if (extension->read == NULL || extension->read(out, parameters) != SMTP__KEYWORD_IGNORED) {
        out->extensions |= extension->row.bit;
    }
}

int smtp_capabilities_read(smtp_capabilities *out, smtp_str text, int first, smtp_str *keyword,
                           smtp_str *parameters)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    smtp_str none = {NULL, 0};
    smtp_str word = none;
    smtp_str rest = none;
    skip_spaces(&cursor);
    int error = first ? read_greeting(out, &cursor) : take_keyword(&cursor, &word);
    if (error == 0 && !first) {
        int equals = smtp__take(&cursor, '=');
        rest = trimmed(&cursor);
        note(out, word, rest, equals);
    }
    if (keyword != NULL) {
        *keyword = error == 0 ? word : none;
    }
    if (parameters != NULL) {
        *parameters = rest;
    }
    return error;
}

static void write_greeting(smtp__writer *writer, const smtp_capabilities *in)
{
    smtp__put_str(writer, in->domain);
    if (in->greeting.len > 0) {
        smtp__put(writer, ' ');
        smtp__put_str(writer, in->greeting);
    }
}

/* Reads again what was written: it must be one line of ASCII (RFC 6531 3.7.1) that a client
 * understands. */
static int check(smtp_str line, const smtp__extension *extension)
{
    smtp_capabilities read;
    smtp__cursor cursor = smtp__cursor_start(line);
    (void)smtp__take_run(&cursor, SMTP__PRINTABLE);
    if (cursor.at < cursor.end) {
        return SMTP_ERR_CONTROL;
    }
    memset(&read, 0, sizeof read);
    cursor.at = line.ptr;
    if (extension == NULL) {
        return read_greeting(&read, &cursor);
    }
    cursor.at += extension->row.keyword.len;
    return extension->read(&read, trimmed(&cursor)) == SMTP__KEYWORD_READ ? 0 : SMTP_ERR_ARGUMENT;
}

int smtp__put_capability(smtp__writer *writer, const smtp_capabilities *in,
                         const smtp__extension *extension)
{
    size_t start = writer->len;
    if (extension == NULL) {
        write_greeting(writer, in);
    } else {
        smtp__put_str(writer, extension->row.keyword);
    }
    if (extension != NULL && extension->write == NULL) {
        return writer->failed ? SMTP_ERR_NO_SPACE : 0; /* a keyword alone says what it must */
    }
    if (extension != NULL) {
        extension->write(writer, in);
    }
    smtp_str line = {writer->out + start, writer->len - start};
    return writer->failed ? SMTP_ERR_NO_SPACE : check(line, extension);
}

int smtp_capabilities_line(char *out, size_t capacity, size_t *len, const smtp_capabilities *in,
                           size_t i)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    const smtp__extension *extension = NULL;
    *len = 0;
    for (size_t row = 0; row < i; row++) {
        extension = smtp__extension_next(extension, in->extensions);
        if (extension == NULL) {
            return 0;
        }
    }
    int error = smtp__put_capability(&writer, in, extension);
    *len = error == 0 ? writer.len : 0;
    return error == 0 ? 1 : error;
}
