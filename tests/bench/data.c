/* SPDX-License-Identifier: MIT
 * Measures the dots put in and taken out, beside memcpy and memchr over the same octets. */
#include "bench.h"

#include <smtp/data.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A message: its content and how it looks on the wire, and into what pieces that is cut. */
typedef struct message {
    char *content;
    size_t content_len;
    char *wire;
    size_t wire_len;
    size_t piece;
    char *room;
} message;

/* --- the kinds of content: each gives the octets of a line, and its length
 * ----------------------*/

static uint32_t chance(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static size_t base64_line(char *line, uint32_t *state)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < 76; i++)
        line[i] = digits[chance(state) % 64];
    return 76;
}

static size_t prose_line(char *line, uint32_t *state)
{
    size_t len = chance(state) % 8 == 0 ? 0 : 20 + chance(state) % 56;

    for (size_t i = 0; i < len; i++)
        line[i] = " ,.etaoinshrdlucmfwyp"[chance(state) % 21];
    return len;
}

static size_t dot_line(char *line, uint32_t *state)
{
    (void)state;
    line[0] = '.';
    return 1;
}

static size_t empty_line(char *line, uint32_t *state)
{
    (void)line;
    (void)state;
    return 0;
}

static const struct {
    const char *name;
    size_t (*line)(char *line, uint32_t *state); /* NULL: one line without end, of `octet` */
    char octet;
} kinds[] = {
    {"base64", base64_line, 0},     {"prose", prose_line, 0}, {"lines of one dot", dot_line, 0},
    {"empty lines", empty_line, 0}, {"one line", NULL, 'x'},  {"one line of dots", NULL, '.'},
};

static size_t fill(char *content, size_t len, size_t kind)
{
    uint32_t state = 1;
    size_t at = 0;

    if (kinds[kind].line == NULL) {
        memset(content, kinds[kind].octet, len - 2);
        at = len - 2;
    }
    while (at + 80 < len && kinds[kind].line != NULL) {
        at += kinds[kind].line(content + at, &state);
        memcpy(content + at, "\r\n", 2);
        at += 2;
    }
    memcpy(content + at, "\r\n", 2);
    return at + 2;
}

static message make(size_t len, size_t kind)
{
    smtp_data_encoder encoder = {.found = 0};
    message m = {
        .content = bench_memory(len), .wire = bench_memory(2 * len + 8), .piece = SIZE_MAX};
    smtp_str end;
    size_t used;

    m.room = bench_memory(2 * len + 8);
    m.content_len = fill(m.content, len, kind);
    if (smtp_data_encode_to(&encoder, (smtp_str){m.content, m.content_len}, &used, m.wire,
                            2 * len + 8, &m.wire_len) != 0 ||
        used != m.content_len || smtp_data_finish(&encoder, &end) != 0)
        bench_fail("the content cannot be encoded", kinds[kind].name);
    memcpy(m.wire + m.wire_len, end.ptr, end.len);
    m.wire_len += end.len;
    return m;
}

/* --- what is measured
 * ---------------------------------------------------------------------------*/

static size_t run_memcpy(const void *context)
{
    const message *m = context;

    memcpy(m->room, m->wire, m->wire_len);
    return m->room[0] == m->wire[0];
}

static size_t run_memchr(const void *context)
{
    const message *m = context;
    const char *at = m->wire;
    const char *end = m->wire + m->wire_len;

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL)
        at++;
    return at == end;
}

static smtp_str next_piece(const char *octets, size_t len, size_t at, size_t piece)
{
    smtp_str input = {octets + at, len - at < piece ? len - at : piece};

    return input;
}

static size_t run_decode(const void *context)
{
    const message *m = context;
    smtp_data_decoder decoder = {.found = 0};
    size_t content = 0;
    int result = SMTP_DATA_MORE;

    for (size_t at = 0; at < m->wire_len && result != SMTP_DATA_END;) {
        smtp_str input = next_piece(m->wire, m->wire_len, at, m->piece);

        at += input.len;
        do {
            smtp_str piece;
            size_t used;

            result = smtp_data_decode(&decoder, input, &piece, &used);
            content += piece.len;
            input.ptr += used;
            input.len -= used;
        } while (result == SMTP_DATA_PIECE);
    }
    return result == SMTP_DATA_END ? content : 0;
}

static size_t run_encode(const void *context)
{
    const message *m = context;
    smtp_data_encoder encoder = {.found = 0};
    size_t wire = 0;
    smtp_str piece;

    for (size_t at = 0; at < m->content_len;) {
        smtp_str input = next_piece(m->content, m->content_len, at, m->piece);
        int result;

        at += input.len;
        do {
            size_t used;

            result = smtp_data_encode(&encoder, input, &piece, &used);
            wire += piece.len;
            input.ptr += used;
            input.len -= used;
        } while (result == SMTP_DATA_PIECE);
        if (result != SMTP_DATA_MORE)
            return 0;
    }
    return smtp_data_finish(&encoder, &piece) == 0 ? wire + piece.len : 0;
}

/* --- the tables
 * ---------------------------------------------------------------------------------*/

static void whole(const bench_effort *effort, const message *m, const char *row)
{
    const double wire = (double)m->wire_len / 1e9;
    const bench_case cases[] = {
        {"memcpy", wire, 1, run_memcpy, m},
        {"memchr", wire, 1, run_memchr, m},
        {"decode", wire, m->content_len, run_decode, m},
        {"encode", (double)m->content_len / 1e9, m->wire_len, run_encode, m},
    };

    bench_row(effort, "data", row, "GB/s", cases, sizeof cases / sizeof *cases);
}

static void in_pieces(const bench_effort *effort, const message *m, const char *row)
{
    message segments = *m;
    message octets = *m;
    const double wire = (double)m->wire_len / 1e9;
    const double content = (double)m->content_len / 1e9;

    segments.piece = 1460;
    octets.piece = 1;
    {
        const bench_case cases[] = {
            {"decode", wire, m->content_len, run_decode, m},
            {"decode 1460", wire, m->content_len, run_decode, &segments},
            {"decode 1", wire, m->content_len, run_decode, &octets},
            {"encode", content, m->wire_len, run_encode, m},
            {"encode 1460", content, m->wire_len, run_encode, &segments},
            {"encode 1", content, m->wire_len, run_encode, &octets},
        };

        bench_row(effort, "pieces", row, "GB/s", cases, sizeof cases / sizeof *cases);
    }
}

void bench_data(const bench_effort *effort)
{
    static const struct {
        const char *name;
        size_t octets;
    } sizes[] = {{"4 KiB", 4096}, {"64 KiB", 65536}, {"1 MiB", 1048576}};

    const size_t count = effort->rounds > 1 ? sizeof sizes / sizeof *sizes : 2; /* a quick run */

    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        for (size_t size = 0; size < count; size++) {
            const message m = make(sizes[size].octets, kind);
            char row[64];

            snprintf(row, sizeof row, "%s, %s", kinds[kind].name, sizes[size].name);
            whole(effort, &m, row);
            if (sizes[size].octets == 65536)
                in_pieces(effort, &m, row);
        }
}
