/* SPDX-License-Identifier: MIT
 * Functions in the place of those that another driver looks at. They may do all that the real ones
 * do, as that driver shows unless it says otherwise here, and nothing is known of them but that. */
#ifndef SMTP_PROOFS_PROMISES_H
#define SMTP_PROOFS_PROMISES_H

#include <string.h>

#include "proof.h"

#ifdef PROMISE_UTF8 /* text.c */
#include "base/utf8.h"

size_t smtp__utf8_step(const char *at, const char *end)
{
    size_t left = (size_t)(end - at);
    size_t step = any_up_to(left < 4 ? left : 4);
    /*@ split step; */
    return step;
}
#endif

#ifdef PROMISE_WRITER /* text.c; all sources are given it, see address.h */
#include "base/writer.h"

/* Writes what it has room for, wherever that is. */
static inline void any_put(smtp__writer *writer)
{
    writer->len = any_up_to(writer->capacity);
    writer->failed = (int)any_up_to(1);
}

void smtp__put(smtp__writer *writer, char octet)
{
    (void)octet;
    any_put(writer);
}

void smtp__put_str(smtp__writer *writer, smtp_str str)
{
    /*@ assert str.len == 0 || \valid_read(str.ptr + (0 .. str.len - 1)); */
    (void)str;
    any_put(writer);
}

void smtp__put_text(smtp__writer *writer, const char *text)
{
    (void)smtp_text(text);
    any_put(writer);
}

void smtp__put_number(smtp__writer *writer, uint64_t number)
{
    (void)number;
    any_put(writer);
}
#endif

#if defined(PROMISE_ADDRESS) || defined(PROMISE_PARAMS)
#include "syntax/param.h"

/* A parser reads on from where the cursor stands, as far as it likes. */
static inline int any_parse(smtp__cursor *cursor)
{
    size_t read = any_up_to((size_t)(cursor->end - cursor->at));
    /*@ split read; */
    cursor->at += read;
    cursor->utf8 = (int)any_up_to(1);
    return any_of(2) ? SMTP_ERR_CONTROL : 0;
}
#endif

#ifdef PROMISE_ADDRESS /* address.c */
#include "syntax/address.h"

int smtp__take_path(smtp__cursor *cursor, smtp_path *out)
{
    const char *begin = cursor->at;
    int error = any_parse(cursor);
    out->text = smtp__since(cursor, begin);
    return error;
}

int smtp__take_host(smtp__cursor *cursor, smtp_host *out)
{
    out->kind = (int)any_up_to(4);
    return any_parse(cursor);
}

int smtp__plain_domain(const char **at, const char *end)
{
    size_t read = any_up_to((size_t)(end - *at));
    if (any_of(2)) {
        return 0;
    }
    /*@ split read; */
    *at += read;
    return 1;
}

int smtp_host_parse(smtp_host *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                    size_t *offset)
{
    (void)allow;
    (void)tolerate;
    size_t place = any_up_to(text.len);
    out->kind = (int)any_up_to(4);
    if (any_of(2)) {
        return 0;
    }
    /*@ split place; */
    if (offset != NULL) {
        *offset = place;
    }
    return SMTP_ERR_CONTROL;
}
#endif

#ifdef PROMISE_FORMAT /* address_format.c, params_format.c */
#include "syntax/host.h"

/* A formatter writes what it has room for. */
static inline void any_write(smtp__writer *writer)
{
#ifdef PROMISE_WRITER
    any_put(writer);
#else
    size_t written = any_up_to(writer->capacity - writer->len);
    /*@ split written; */
    if (!writer->failed && written > 0) {
        Frama_C_make_unknown(writer->out + writer->len, written);
        writer->len += written;
    }
    writer->failed |= any_of(2);
#endif
}

void smtp__put_host(smtp__writer *writer, const smtp_host *host)
{
    (void)host;
    any_write(writer);
}

int smtp_path_format(char *out, size_t capacity, size_t *len, const smtp_path *path)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    (void)path;
    any_write(&writer);
    return smtp__writer_finish(&writer, len);
}

int smtp_path_parse(smtp_path *out, smtp_str text, uint32_t allow, uint32_t tolerate, size_t *used,
                    size_t *offset)
{
    (void)out;
    (void)text;
    (void)allow;
    (void)tolerate;
    (void)used;
    (void)offset;
    return any_of(2) ? SMTP_ERR_CONTROL : 0;
}

int smtp__params_write(smtp__writer *writer, int verb, const smtp_params *params,
                       const smtp_syntax *syntax)
{
    (void)verb;
    (void)params;
    (void)syntax;
    any_write(writer);
    return any_of(2) ? SMTP_ERR_CONTROL : 0;
}
#endif

#ifdef PROMISE_STATUS /* tables.c */
#include "syntax/status.h"

/* As many octets are written as were counted. That it was the same status is not seen here. */
static size_t counted;

static size_t any_octets(uint32_t status)
{
    (void)status;
    counted = Frama_C_size_t_interval(5, 9);
    /*@ split counted; */
    return counted;
}

static char *put_any_status(char *at, uint32_t status)
{
    (void)status;
    /*@ assert 5 <= counted <= 9; */
    Frama_C_make_unknown(at, counted);
    return at + counted;
}

/* The real ones are inline. */
#define smtp__status_octets any_octets
#define smtp__put_status put_any_status
#endif

#ifdef PROMISE_XTEXT /* text.c */
int smtp_xtext_decode(char *out, size_t capacity, size_t *len, smtp_str text)
{
    *len = any_up_to(capacity < text.len ? capacity : text.len);
    /*@ split *len; */
    if (*len > 0) {
        Frama_C_make_unknown(out, *len);
    }
    return any_of(2) ? SMTP_ERR_XTEXT : 0;
}
#endif

#ifdef PROMISE_MAILBOX /* address.c */
#include "smtp/address.h"

int smtp_mailbox_parse(smtp_mailbox *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                       size_t *offset)
{
    (void)out;
    (void)text;
    (void)allow;
    (void)tolerate;
    (void)offset;
    return any_of(2) ? SMTP_ERR_CONTROL : 0;
}
#endif

#ifdef PROMISE_TIMESTAMP /* dates.c */
#include "smtp/trace.h"

int smtp_timestamp_parse(uint64_t *seconds, smtp_str text)
{
    (void)text;
    *seconds = any_count();
    return any_of(2) ? SMTP_ERR_DATE : 0;
}

int smtp_timestamp_format(char *out, size_t capacity, size_t *len, uint64_t seconds)
{
    (void)seconds;
    *len = any_of(2) && capacity >= 20 ? 20 : 0;
    if (*len > 0) {
        Frama_C_make_unknown(out, *len);
    }
    return *len > 0 ? 0 : SMTP_ERR_ARGUMENT;
}
#endif

#ifdef PROMISE_DATE /* dates.c */
#include "smtp/trace.h"

int smtp_date_format(char *out, size_t capacity, size_t *len, uint64_t seconds, int32_t zone)
{
    (void)seconds;
    (void)zone;
    *len = any_of(2) && capacity >= 31 ? 31 : 0;
    if (*len > 0) {
        Frama_C_make_unknown(out, *len);
    }
    return *len > 0 ? 0 : SMTP_ERR_ARGUMENT;
}
#endif

#ifdef PROMISE_PARAMS /* params.c */
int smtp__params_read(smtp_params *out, int verb, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    (void)verb;
    (void)syntax;
    out->present = any_bits();
    return any_parse(cursor);
}
#endif

#ifdef PROMISE_COMMAND /* command.c */
#include "smtp/command.h"

int smtp_command_parse(smtp_command *out, smtp_str line, const smtp_syntax *syntax, size_t *offset)
{
    /*@ assert \valid_read(line.ptr + (0 .. line.len - 1)) && offset == \null; */
    (void)line;
    (void)syntax;
    (void)offset;
    static char octets[3];
    smtp_str slice = {octets, (size_t)any_of(4)};
    ANY(octets);
    out->verb = any_int();
    out->flags = any_bits();
    out->argument = slice;
    slice.len = (size_t)any_of(4);
    out->response = slice;
    return any_of(2) ? SMTP_ERR_CONTROL : 0;
}
#endif

#ifdef PROMISE_MECHANISM /* tables.c */
#include "smtp/extension.h"

const smtp_mechanism *smtp_mechanism_find(smtp_str name)
{
    static smtp_mechanism row;
    (void)name;
    ANY(row.bit);
    return any_of(2) ? &row : NULL;
}
#endif

#ifdef PROMISE_SECRET /* text.c */
int smtp_secret_equal(smtp_str a, smtp_str b)
{
    /*@ assert \valid_read(a.ptr + (0 .. a.len - 1)) && \valid_read(b.ptr + (0 .. b.len - 1)); */
    return a.len == b.len ? any_of(2) : 0;
}

void smtp_wipe(void *octets, size_t len)
{
    if (len > 0) {
        memset(octets, 0, len);
    }
}
#endif

#ifdef PROMISE_UTF8_VALID /* text.c */
int smtp_utf8_valid(smtp_str text, size_t *offset)
{
    /*@ assert \valid_read(text.ptr + (0 .. text.len - 1)) && offset == \null; */
    (void)text;
    (void)offset;
    return any_of(2);
}
#endif

#ifdef PROMISE_BASE64 /* base64.c */
int smtp_base64_encode(char *out, size_t capacity, size_t *len, smtp_str octets)
{
    size_t length = (octets.len + 2) / 3 * 4;
    /*@ assert \valid_read(octets.ptr + (0 .. octets.len - 1)); */
    *len = length <= capacity ? length : 0;
    if (*len > 0) {
        Frama_C_make_unknown(out, *len);
    }
    return length <= capacity ? 0 : SMTP_ERR_NO_SPACE;
}

/* Any length that there is room for, however long the text is. */
int smtp_base64_decode(char *out, size_t capacity, size_t *len, smtp_str text)
{
    /*@ assert \valid_read(text.ptr + (0 .. text.len - 1)); */
    (void)text;
    Frama_C_make_unknown(out, capacity);
    *len = any_up_to(capacity);
    return any_of(2) ? SMTP_ERR_BASE64 : 0;
}
#endif

#endif
