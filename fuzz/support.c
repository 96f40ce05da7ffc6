/* SPDX-License-Identifier: MIT
 * What all fuzz targets share. */
#include "support.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/reply.h"

enum { UNTOUCHED = 0xA5 };

void check_that(int holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

uint32_t draw(choices *from, uint32_t below)
{
    uint32_t octet;

    if (from->left == 0)
        return 0;
    octet = *from->at++;
    from->left--;
    return octet % below;
}

uint32_t draw_bits(choices *from, int octets)
{
    uint32_t bits = 0;

    while (octets-- > 0)
        bits = bits << 8 | draw(from, 256);
    return bits;
}

input input_read(const uint8_t *data, size_t size)
{
    input read = {{NULL, 0}, NULL, {NULL, 0}};
    smtp_str rest = {NULL, 0};

    if (size > 0) {
        read.choices.at = data + 1;
        read.choices.left = data[0] < size - 1 ? data[0] : size - 1;
        rest.ptr = (const char *)data + 1 + read.choices.left;
        rest.len = size - 1 - read.choices.left;
    }
    read.block = exact(rest);
    read.text.ptr = read.block;
    read.text.len = rest.len;
    return read;
}

char *exact(smtp_str octets)
{
    char *copy = malloc(octets.len > 0 ? octets.len : 1);

    CHECK(copy != NULL);
    if (octets.len > 0)
        memcpy(copy, octets.ptr, octets.len);
    return copy;
}

int next_line(smtp_str *rest, smtp_str *line)
{
    const char *end;

    if (rest->len == 0)
        return 0;
    end = memchr(rest->ptr, '\n', rest->len);
    *line = *rest;
    if (end == NULL) {
        rest->len = 0;
        return 1;
    }
    line->len = (size_t)(end - line->ptr);
    *rest = part(*rest, line->len + 1, rest->len - line->len - 1);
    return 1;
}

smtp_str part(smtp_str of, size_t from, size_t len)
{
    smtp_str found = {NULL, 0};

    CHECK(from <= of.len && len <= of.len - from);
    if (of.ptr != NULL)
        found.ptr = of.ptr + from;
    found.len = len;
    return found;
}

int is_within(smtp_str slice, smtp_str whole)
{
    if (slice.len == 0)
        return 1;
    return slice.ptr >= whole.ptr && slice.ptr + slice.len <= whole.ptr + whole.len;
}

int is_free_of_controls(smtp_str octets)
{
    size_t i;

    for (i = 0; i < octets.len; i++) {
        unsigned char octet = (unsigned char)octets.ptr[i];
        if (octet < 0x20 || octet == 0x7f)
            return 0;
    }
    return 1;
}

void text_add(text *to, smtp_str octets)
{
    if (octets.len > to->room - to->len) {
        to->room = 2 * (to->len + octets.len) + 64;
        to->ptr = realloc(to->ptr, to->room);
        CHECK(to->ptr != NULL);
    }
    if (octets.len > 0)
        memcpy(to->ptr + to->len, octets.ptr, octets.len);
    to->len += octets.len;
}

void text_say(text *to, const char *format, ...)
{
    char words[256];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(words, sizeof words, format, values);
    va_end(values);
    text_add(to, smtp_text(words));
}

void text_add_mended(text *to, smtp_str words)
{
    size_t i;

    for (i = 0; i < words.len; i++) {
        int cr = words.ptr[i] == '\r';
        int lf = words.ptr[i] == '\n';

        if (cr && i + 1 < words.len && words.ptr[i + 1] == '\n')
            i++;
        if (cr || lf)
            text_say(to, "\r\n");
        else
            text_add(to, part(words, i, 1));
    }
    if (to->len > 0 && to->ptr[to->len - 1] != '\n')
        text_say(to, "\r\n");
}

void text_drop(text *gone)
{
    free(gone->ptr);
    memset(gone, 0, sizeof *gone);
}

smtp_str text_str(const text *from)
{
    smtp_str octets;

    octets.ptr = from->ptr;
    octets.len = from->len;
    return octets;
}

void text_show(const char *name, const text *from, size_t at)
{
    size_t i;

    fprintf(stderr, "%s: ", name);
    for (i = at; i < from->len && i < at + 200; i++) {
        unsigned char octet = (unsigned char)from->ptr[i];
        if (octet >= 0x20 && octet < 0x7f)
            fputc(octet, stderr);
        else
            fprintf(stderr, "\\x%02x", octet);
    }
    fputc('\n', stderr);
}

void text_compare(const text *a, const text *b, const char *what)
{
    size_t at = 0;

    if (smtp_str_equal(text_str(a), text_str(b)))
        return;
    while (at < a->len && at < b->len && a->ptr[at] == b->ptr[at])
        at++;
    fprintf(stderr, "%s differ at octet %lu\n", what, (unsigned long)at);
    at = at < 80 ? 0 : at - 80;
    text_show("one  ", a, at);
    text_show("other", b, at);
    abort();
}

/* The text of a reply: UTF-8, with no control but HT (RFC 5321 4.2). */
static void check_words(smtp_str line)
{
    size_t i;

    CHECK(smtp_utf8_valid(line, NULL));
    for (i = 0; i < line.len; i++)
        CHECK(line.ptr[i] == '\t' || is_free_of_controls(part(line, i, 1)));
}

size_t check_replies(smtp_str octets, int cut)
{
    smtp_str rest = octets;
    smtp_str line;
    size_t replies = 0;
    int code = 0;

    while (next_line(&rest, &line)) {
        smtp_reply_line parsed;

        if (line.ptr + line.len == octets.ptr + octets.len) {
            CHECK(cut); /* it has no LF */
            return replies;
        }
        CHECK(line.len + 1 <= SMTP_REPLY_LINE_MAX);
        CHECK(line.len > 0 && line.ptr[line.len - 1] == '\r');
        line.len--;
        check_words(line);
        CHECK(smtp_reply_line_parse(&parsed, line, NULL) == SMTP_ERR_OK);
        CHECK(code == 0 || parsed.code == code);
        code = parsed.last ? 0 : parsed.code;
        replies += parsed.last != 0;
    }
    CHECK(cut || code == 0);
    return replies;
}

void check_same_host(const smtp_host *a, const smtp_host *b)
{
    CHECK(smtp_host_equal(a, b) && smtp_host_equal(b, a));
    CHECK(a->kind == b->kind && a->utf8 == b->utf8);
    CHECK(memcmp(a->ip, b->ip, sizeof a->ip) == 0);
    CHECK(smtp_str_equal(a->content, b->content));
}

void check_same_mailbox(const smtp_mailbox *a, const smtp_mailbox *b)
{
    CHECK(smtp_mailbox_equal(a, b) && smtp_mailbox_equal(b, a));
    CHECK(a->utf8 == b->utf8);
    check_same_host(&a->host, &b->host);
}

static void *allocate(size_t bytes, void *user)
{
    memory *counts = user;
    void *block;

    counts->calls++;
    if (counts->calls == counts->fail_at)
        return NULL;
    counts->live += bytes;
    if (counts->live > counts->most)
        counts->most = counts->live;
    block = malloc(bytes);
    CHECK(block != NULL);
    memset(block, UNTOUCHED, bytes);
    return block;
}

static void release(void *block, size_t bytes, void *user)
{
    memory *counts = user;
    const unsigned char *octets = block;
    size_t i;

    CHECK(block != NULL && bytes <= counts->live);
    for (i = 0; i < bytes && counts->wiped; i++)
        CHECK(octets[i] == 0 || octets[i] == UNTOUCHED); /* what was put there is wiped */
    counts->live -= bytes;
    free(block);
}

smtp_allocator memory_allocator(memory *counts)
{
    smtp_allocator allocator = {sizeof allocator, allocate, release, NULL};

    allocator.user = counts;
    return allocator;
}
