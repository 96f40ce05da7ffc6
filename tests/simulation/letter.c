/* SPDX-License-Identifier: MIT
 * Bodies of all kinds, and what must be on the disk of each. */
#include "letter.h"

#include <stdio.h>
#include <string.h>

/* What a body is made of; a kind is drawn for each. */
enum kind {
    KIND_TEXT,
    KIND_DOTS,
    KIND_LONG_LINES,
    KIND_EMPTY,
    KIND_8BIT,
    KIND_8BIT_HIDDEN, /* without saying so */
    KIND_BARE_MENDED,
    KIND_BARE,
    KIND_NUL,
    KIND_BINARY,
    KINDS
};

/* Out of a hundred. */
static const uint8_t share[KINDS] = {34, 20, 6, 6, 8, 2, 8, 3, 3, 10};

static const char words[] = "Received from afar, on a quiet morning: some words and more of them. ";
static const char dots[] = "....\r\n..\r\n.\r\n...x\r\n.y\r\n\r\n.\r\n";

static int draw_kind(chance *from, int binary_offered)
{
    uint32_t number = draw(from, 100);
    int kind = 0;

    while (number >= share[kind])
        number -= share[kind++];
    return kind == KIND_BINARY && !binary_offered ? KIND_TEXT : kind;
}

static void add(letter *to, const char *octets, size_t len)
{
    if (len > BODY_MAX - to->len)
        len = BODY_MAX - to->len;
    memcpy(to->body + to->len, octets, len);
    to->len += len;
}

static void add_line(letter *to, chance *from, uint32_t most)
{
    size_t left = draw_size(from, most);

    while (left > 0) {
        size_t at = draw(from, 20);
        size_t len = sizeof words - 1 - at < left ? sizeof words - 1 - at : left;
        add(to, words + at, len);
        left -= len;
    }
    add(to, "\r\n", 2);
}

/* An octet that is not text, somewhere. */
static void add_odd(letter *to, chance *from, int kind)
{
    static const char bare[] = "\r\n\n\r\r\n.\r\n.\n.\r";
    char octet = (char)(128 + draw(from, 128));

    if (kind == KIND_NUL)
        add(to, "\0", 1);
    else if (kind == KIND_BARE || kind == KIND_BARE_MENDED)
        add(to, bare + draw(from, 6), 1 + draw(from, 8));
    else
        add(to, &octet, 1);
}

static void fill(letter *to, chance *from, int kind)
{
    uint32_t lines = 1 + draw_size(from, 24);
    uint32_t most = kind == KIND_LONG_LINES ? 3000 : 90;

    while (lines-- > 0 && to->len < BODY_MAX) {
        if (kind == KIND_DOTS || happens(from, 60)) {
            size_t at = draw(from, sizeof dots - 2);
            add(to, dots + at, 1 + draw(from, (uint32_t)(sizeof dots - 1 - at)));
        }
        add_line(to, from, most);
        if (kind >= KIND_8BIT)
            add_odd(to, from, kind);
    }
    if (kind <= KIND_8BIT_HIDDEN && to->len >= 2 && to->body[to->len - 1] != '\n')
        to->body[to->len - 1] = 'x';
    if (kind == KIND_BINARY || happens(from, 200))
        add(to, words, draw(from, 10));
}

/* Dots that were cut apart, and a body that is full, leave line ends that are not whole. */
static void make_lines_whole(letter *to)
{
    size_t i;

    for (i = 0; i < to->len; i++) {
        if (to->body[i] == '\r' && (i + 1 == to->len || to->body[i + 1] != '\n'))
            to->body[i] = '.';
        if (to->body[i] == '\n' && (i == 0 || to->body[i - 1] != '\r'))
            to->body[i] = '.';
    }
}

size_t letter_expect(const letter *of, char *out)
{
    size_t len = 0;
    size_t i;

    for (i = 0; i < of->len; i++) {
        char octet = of->body[i];
        int cr_before = i > 0 && of->body[i - 1] == '\r';
        int lf_behind = i + 1 < of->len && of->body[i + 1] == '\n';

        if ((of->flags & SMTP_ENVELOPE_MEND) && octet == '\n' && !cr_before)
            out[len++] = '\r';
        out[len++] = octet;
        if ((of->flags & SMTP_ENVELOPE_MEND) && octet == '\r' && !lf_behind)
            out[len++] = '\n';
    }
    if (!of->binary && len > 0 && out[len - 1] != '\n') {
        out[len++] = '\r';
        out[len++] = '\n';
    }
    return len;
}

/* 1 when the text has nothing that must not leave. */
static int is_sendable(const letter *of)
{
    size_t i;

    for (i = 0; i < of->expected_len && !of->binary; i++) {
        char octet = of->expected[i];
        int lf_behind = i + 1 < of->expected_len && of->expected[i + 1] == '\n';

        if (octet == 0 || (octet == '\r') != lf_behind || (i == 0 && octet == '\n'))
            return 0;
        if ((unsigned char)octet > 127 && (of->flags & SMTP_ENVELOPE_8BIT) == 0)
            return 0;
    }
    return of->says_octets != 2;
}

void letter_draw(letter *out, chance *from, int binary_offered)
{
    int kind = draw_kind(from, binary_offered);

    out->len = 0;
    out->flags = 0;
    out->binary = kind == KIND_BINARY;
    out->recipients = draw(from, 8) == 0 ? RECIPIENTS : 1 + draw_size(from, RECIPIENTS - 1);
    memset(out->settled, 0, sizeof out->settled);
    if (kind == KIND_8BIT)
        out->flags |= SMTP_ENVELOPE_8BIT;
    if (kind == KIND_BARE_MENDED || (kind == KIND_TEXT && happens(from, 50)))
        out->flags |= SMTP_ENVELOPE_MEND;
    if (kind != KIND_EMPTY)
        fill(out, from, kind);
    if (kind <= KIND_8BIT_HIDDEN)
        make_lines_whole(out);
    out->says_octets = 0;
    if (out->len > 0 && happens(from, 400))
        out->says_octets = 1;
    if (out->len > 0 && (out->flags & SMTP_ENVELOPE_MEND) == 0 && happens(from, 20))
        out->says_octets = 2;
    out->expected_len = letter_expect(out, out->expected);
    out->sendable = is_sendable(out);
}

static smtp_str name(char *out, const char *format, size_t number)
{
    smtp_str text;

    text.ptr = out;
    text.len = (size_t)sprintf(out, format, (unsigned)number);
    return text;
}

void attempt_begin(attempt *out, size_t number, letter *of)
{
    size_t i;

    memset(out, 0, sizeof *out);
    out->of = of;
    out->envelope.size = sizeof out->envelope;
    out->envelope.reverse_path = name(out->names[RECIPIENTS], "a%u@client.example", number);
    out->envelope.recipients = out->to;
    out->envelope.flags = of->flags;
    out->envelope.user = out;
    if (of->says_octets != 0)
        out->envelope.octets = of->len + (of->says_octets == 2 ? 7 : 0);
    if (of->binary) {
        out->params.present = SMTP_PARAM_BODY;
        out->params.body = SMTP_BODY_BINARYMIME;
        out->envelope.params = &out->params;
    }
    for (i = 0; i < of->recipients; i++) {
        if (of->settled[i] == SMTP_RESULT_NONE) {
            size_t position = out->envelope.recipient_count++;
            out->which[position] = i;
            out->to[position].mailbox = name(out->names[position], "r%u@server.example", i);
        }
    }
}

void attempt_forget(attempt *of)
{
    memset(of->names, '!', sizeof of->names);
    memset(&of->params, '!', sizeof of->params);
    of->envelope.params = NULL;
}
