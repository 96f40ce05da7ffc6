/* SPDX-License-Identifier: MIT
 * Message content: decoded as the simplest reading of RFC 5321 4.5.2 has it, whatever the cut, and
 * encoded so that it is decoded to itself. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "smtp/data.h"

typedef struct outcome {
    text octets;
    uint32_t found;
    uint64_t counted;
    uint64_t bare_at;
    size_t used; /* of the input */
    int ended;
} outcome;

/* What a text holds, octet by octet. */
static void look(smtp_str octets, outcome *to)
{
    size_t i;

    to->found = 0;
    for (i = 0; i < octets.len; i++) {
        unsigned char octet = (unsigned char)octets.ptr[i];
        int bare_cr = octet == '\r' && (i + 1 == octets.len || octets.ptr[i + 1] != '\n');
        int bare_lf = octet == '\n' && (i == 0 || octets.ptr[i - 1] != '\r');

        if ((bare_cr || bare_lf) && (to->found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF)) == 0)
            to->bare_at = i;
        if (bare_cr)
            to->found |= SMTP_FOUND_BARE_CR;
        if (bare_lf)
            to->found |= SMTP_FOUND_BARE_LF;
        if (octet == 0)
            to->found |= SMTP_FOUND_NUL;
        if (octet > 127)
            to->found |= SMTP_FOUND_8BIT;
    }
}

/* The reference: goes over the whole wire text, which holds an end of data. */
static outcome refer(smtp_str wire)
{
    outcome result = {{NULL, 0, 0}, 0, 0, 0, 0, 0};
    size_t i;

    for (i = 0; i < wire.len; i++) {
        int line_start = i == 0 || (i >= 2 && memcmp(wire.ptr + i - 2, "\r\n", 2) == 0);
        if (line_start && wire.len - i >= 3 && memcmp(wire.ptr + i, ".\r\n", 3) == 0) {
            result.ended = 1;
            result.used = i + 3;
            break;
        }
        if (!line_start || wire.ptr[i] != '.')
            text_add(&result.octets, part(wire, i, 1));
    }
    result.counted = result.octets.len;
    look(text_str(&result.octets), &result);
    return result;
}

/* The decoder, on pieces of `cut` octets, 0: as the choices say. */
static outcome decode(smtp_str wire, size_t cut, choices cuts)
{
    outcome result = {{NULL, 0, 0}, 0, 0, 0, 0, 0};
    smtp_data_decoder decoder;

    memset(&decoder, 0, sizeof decoder);
    while (result.used < wire.len && !result.ended) {
        size_t left = wire.len - result.used;
        size_t len = cut != 0 ? cut : 1 + draw(&cuts, 128);
        smtp_str rest = part(wire, result.used, len < left ? len : left);
        char *block = exact(rest);
        int more = 1;

        rest.ptr = block;
        while (more) {
            smtp_str piece = {NULL, 1};
            size_t used = rest.len + 1;
            int got = smtp_data_decode(&decoder, rest, &piece, &used);

            CHECK(used <= rest.len && got >= SMTP_DATA_MORE && got <= SMTP_DATA_END);
            CHECK((got == SMTP_DATA_PIECE) == (piece.len > 0));
            text_add(&result.octets, piece);
            CHECK(decoder.octets == result.octets.len);
            result.used += used;
            rest = part(rest, used, rest.len - used);
            CHECK(got != SMTP_DATA_MORE || rest.len == 0);
            result.ended = got == SMTP_DATA_END;
            more = got == SMTP_DATA_PIECE;
        }
        free(block);
    }
    result.found = decoder.found;
    result.counted = decoder.octets;
    result.bare_at = decoder.bare_at;
    return result;
}

static void compare(const outcome *a, const outcome *b)
{
    text_compare(&a->octets, &b->octets, "contents");
    CHECK(a->ended == b->ended && a->used == b->used);
    CHECK(a->found == b->found && a->counted == b->counted);
    if (a->found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF))
        CHECK(a->bare_at == b->bare_at);
}

static void try_decode(smtp_str words, choices cuts)
{
    text wire = {NULL, 0, 0};
    outcome expected;
    outcome whole;
    outcome each;
    outcome some;

    text_add(&wire, words);
    text_say(&wire, "\r\n.\r\nRSET\r\n");
    expected = refer(text_str(&wire));
    whole = decode(text_str(&wire), wire.len, cuts);
    each = decode(text_str(&wire), 1, cuts);
    some = decode(text_str(&wire), 0, cuts);
    CHECK(expected.ended);
    compare(&expected, &whole);
    compare(&expected, &each);
    compare(&expected, &some);
    text_drop(&wire);
    text_drop(&expected.octets);
    text_drop(&whole.octets);
    text_drop(&each.octets);
    text_drop(&some.octets);
}

/* Encodes in pieces; gives 0 or the error, and where in the content it is. */
static int encode(smtp_str words, uint32_t newlines, size_t cut, choices cuts, text *wire,
                  size_t *at)
{
    smtp_data_encoder encoder;
    smtp_str piece;
    int got;

    memset(&encoder, 0, sizeof encoder);
    encoder.newlines = newlines;
    *at = 0;
    while (*at < words.len) {
        size_t len = cut != 0 ? cut : 1 + draw(&cuts, 128);
        smtp_str rest = part(words, *at, len < words.len - *at ? len : words.len - *at);
        char *block = exact(rest);
        size_t left = rest.len;

        rest.ptr = block;
        do {
            size_t used = 0;
            got = smtp_data_encode(&encoder, rest, &piece, &used);
            CHECK(used <= rest.len);
            if (got == SMTP_DATA_PIECE)
                text_add(wire, piece);
            *at += used;
            left -= used;
            rest = part(rest, used, left);
        } while (got == SMTP_DATA_PIECE);
        free(block);
        if (got < 0)
            return got;
        CHECK(left == 0);
    }
    got = smtp_data_finish(&encoder, &piece);
    if (got == SMTP_ERR_OK)
        text_add(wire, piece);
    return got;
}

static void try_encode_to(smtp_str words, uint32_t newlines, choices cuts, const text *wire)
{
    smtp_data_encoder encoder;
    text to = {NULL, 0, 0};
    smtp_str piece;
    size_t at = 0;

    memset(&encoder, 0, sizeof encoder);
    encoder.newlines = newlines;
    while (at < words.len) {
        size_t room = 2 + draw(&cuts, 32);
        char *out = malloc(room);
        smtp_str written = {out, 0};
        size_t used = 0;

        CHECK(smtp_data_encode_to(&encoder, part(words, at, words.len - at), &used, out, room,
                                  &written.len) == SMTP_ERR_OK);
        CHECK(written.len <= room && used <= words.len - at && used + written.len > 0);
        text_add(&to, written);
        at += used;
        free(out);
    }
    CHECK(smtp_data_finish(&encoder, &piece) == SMTP_ERR_OK);
    text_add(&to, piece);
    text_compare(wire, &to, "encodings");
    text_drop(&to);
}

/* Decoded, the encoded content is the content; nothing in it is a line end of another kind. */
static void check_wire(const text *wire, const text *content, choices cuts)
{
    outcome back = decode(text_str(wire), wire->len, cuts);

    CHECK(back.ended && back.used == wire->len);
    CHECK((back.found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF)) == 0);
    text_compare(content, &back.octets, "contents");
    text_drop(&back.octets);
}

static void try_encode(smtp_str words, uint32_t newlines, choices cuts)
{
    outcome seen = {{NULL, 0, 0}, 0, 0, 0, 0, 0};
    text content = {NULL, 0, 0};
    text whole = {NULL, 0, 0};
    text some = {NULL, 0, 0};
    size_t at = 0;
    size_t some_at = 0;
    int error = encode(words, newlines, words.len, cuts, &whole, &at);

    look(words, &seen);
    CHECK(encode(words, newlines, 0, cuts, &some, &some_at) == error);
    if (newlines == SMTP_NEWLINES_REFUSE &&
        (seen.found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF))) {
        CHECK(error == SMTP_ERR_BODY_NEWLINE);
    } else {
        CHECK(error == SMTP_ERR_OK);
        text_add_mended(&content, words);
        text_compare(&whole, &some, "encodings");
        check_wire(&whole, &content, cuts);
        try_encode_to(words, newlines, cuts, &whole);
    }
    text_drop(&content);
    text_drop(&whole);
    text_drop(&some);
}

static void try_check(smtp_str words, choices cuts)
{
    outcome seen = {{NULL, 0, 0}, 0, 0, 0, 0, 0};
    smtp_data_checker checker;
    const smtp_str end = {NULL, 0};
    size_t at = 0;

    memset(&checker, 0, sizeof checker);
    while (at < words.len) {
        size_t len = 1 + draw(&cuts, 128);
        smtp_str piece = part(words, at, len < words.len - at ? len : words.len - at);
        char *block = exact(piece);
        at += piece.len;
        piece.ptr = block;
        smtp_data_check(&checker, piece);
        free(block);
    }
    smtp_data_check(&checker, end);
    look(words, &seen);
    CHECK(checker.found == seen.found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);

    try_decode(in.text, in.choices);
    try_encode(in.text, SMTP_NEWLINES_REFUSE, in.choices);
    try_encode(in.text, SMTP_NEWLINES_MEND, in.choices);
    try_check(in.text, in.choices);
    free(in.block);
    return 0;
}
