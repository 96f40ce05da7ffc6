/* SPDX-License-Identifier: MIT
 * EHLO responses, written (RFC 5321 4.1.1.1). */
#include <string.h>

#include "smtp/trace.h"
#include "syntax/extension.h"

enum { TIMESTAMP_MAX = 32 };

static void put_word(smtp__writer *writer, smtp_str word)
{
    if (word.len > 0) {
        smtp__put(writer, ' ');
        smtp__put_str(writer, word);
    }
}

static void write_size_max(smtp__writer *writer, const smtp_capabilities *in)
{
    if (in->size_kind != SMTP_SIZE_UNKNOWN) {
        smtp__put(writer, ' ');
        smtp__put_number(writer, in->size_kind == SMTP_SIZE_VALUE ? in->size_max : 0);
    }
}

static void write_mechanisms(smtp__writer *writer, const smtp_capabilities *in)
{
    const smtp_mechanism *row;
    put_word(writer, in->auth);
    for (size_t i = 0; in->auth.len == 0 && (row = smtp_mechanism_at(i)) != NULL; i++) {
        if (in->mechanisms & row->bit) {
            put_word(writer, row->name);
        }
    }
}

static void write_deliver_by(smtp__writer *writer, const smtp_capabilities *in)
{
    if (in->deliver_by_min > 0) {
        smtp__put(writer, ' ');
        smtp__put_number(writer, in->deliver_by_min);
    }
}

static void write_future_release(smtp__writer *writer, const smtp_capabilities *in)
{
    char text[TIMESTAMP_MAX];
    smtp_str date = {text, 0};
    smtp__put(writer, ' ');
    smtp__put_number(writer, in->hold_max);
    if (smtp_timestamp_format(text, sizeof text, &date.len, in->hold_until_max) == 0) {
        put_word(writer, date);
    }
}

static void write_priority_profile(smtp__writer *writer, const smtp_capabilities *in)
{
    put_word(writer, in->priority_profile);
}

static void write_no_soliciting(smtp__writer *writer, const smtp_capabilities *in)
{
    put_word(writer, in->no_soliciting);
}

static void write_burl(smtp__writer *writer, const smtp_capabilities *in)
{
    put_word(writer, in->burl);
}

static void write_limits(smtp__writer *writer, const smtp_capabilities *in)
{
    put_word(writer, in->limits);
    for (size_t i = 0; i < SMTP__LIMITS && in->limits.len == 0; i++) {
        const uint32_t *member = (const void *)((const unsigned char *)in + smtp__limits[i].offset);
        if (*member > 0) {
            put_word(writer, smtp_text(smtp__limits[i].name));
            smtp__put(writer, '=');
            smtp__put_number(writer, *member);
        }
    }
}

/* Writes the parameters of a keyword, each behind a space. */
typedef void keyword_writer(smtp__writer *writer, const smtp_capabilities *in);

/* A writer for each extension that has a reader. */
static const struct parameters {
    uint32_t bit;
    keyword_writer *write;
} writers[] = {
    {SMTP_EXT_SIZE, write_size_max},
    {SMTP_EXT_AUTH, write_mechanisms},
    {SMTP_EXT_DELIVERBY, write_deliver_by},
    {SMTP_EXT_FUTURERELEASE, write_future_release},
    {SMTP_EXT_MT_PRIORITY, write_priority_profile},
    {SMTP_EXT_LIMITS, write_limits},
    {SMTP_EXT_NO_SOLICITING, write_no_soliciting},
    {SMTP_EXT_BURL, write_burl},
};

static void put_parameters(smtp__writer *writer, const smtp_capabilities *in, uint32_t bit)
{
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        if (writers[i].bit == bit) {
            writers[i].write(writer, in);
        }
    }
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
 * understands. A keyword alone always is. */
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
        return smtp_capabilities_read(&read, line, 1, NULL, NULL);
    }
    if (extension->read == NULL) {
        return 0;
    }
    cursor.at += extension->row.keyword.len;
    return extension->read(&read, smtp__trimmed(&cursor)) == SMTP__KEYWORD_READ ? 0
                                                                                : SMTP_ERR_ARGUMENT;
}

void smtp__put_capability(smtp__writer *writer, const smtp_capabilities *in,
                          const smtp__extension *extension)
{
    if (extension == NULL) {
        write_greeting(writer, in);
        return;
    }
    smtp__put_str(writer, extension->row.keyword);
    if (extension->read != NULL) {
        put_parameters(writer, in, extension->row.bit);
    }
}

int smtp__check_capability(const smtp__writer *writer, size_t start,
                           const smtp__extension *extension)
{
    if (writer->failed) {
        return SMTP_ERR_NO_SPACE;
    }
    smtp_str line = {writer->out + start, writer->len - start};
    return check(line, extension);
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
    smtp__put_capability(&writer, in, extension);
    int error = smtp__check_capability(&writer, 0, extension);
    *len = error == 0 ? writer.len : 0;
    return error == 0 ? 1 : error;
}
