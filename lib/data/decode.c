/* SPDX-License-Identifier: MIT
 * Content taken from the wire: dots removed, the end of data found (RFC 5321 4.1.1.4, 4.5.2). */
#include "base/compiler.h"
#include "data/scan.h"

/* Where the stream stands. A CRLF is taken to stand before the first octet. */
enum decoder_state {
    LINE_START = 0, /* behind CRLF */
    IN_LINE,
    AFTER_CR,
    AFTER_DOT,    /* a dot at the start of a line was removed */
    AFTER_DOT_CR, /* and a CR behind it is held back: it is content unless an LF follows */
    ENDED
};

static const char held_cr[] = "\r";

SMTP__RARE static void note_bare(smtp_data_decoder *decoder, uint32_t bit, uint64_t offset)
{
    if (!(decoder->found & SMTP__BARE)) {
        decoder->bare_at = offset;
    }
    decoder->found |= bit;
}

static int hand_out(smtp_data_decoder *decoder, smtp_str *piece, const char *text, size_t length)
{
    piece->ptr = text;
    piece->len = length;
    decoder->octets += length;
    return SMTP_DATA_PIECE;
}

/* Goes over the octets at the start of the input that are no content, or may be none, and returns
 * the state behind them. A CR among them is content when what follows is no LF. */
static uint32_t enter(uint32_t state, const unsigned char *text, size_t length, size_t *start)
{
    size_t at = 0;

    if (state == LINE_START && text[0] == '.') {
        state = AFTER_DOT;
        at = 1;
    }
    if (state == AFTER_DOT && at < length && text[at] == SMTP__CR) {
        state = AFTER_DOT_CR;
        at++;
    }
    if (state == AFTER_DOT_CR && at < length) {
        if (text[at] == SMTP__LF) {
            state = ENDED;
            at++;
        } else if (at > 0) {
            state = AFTER_DOT;
            at--;
        }
    }
    *start = at;
    return state;
}

/* The first LF that ends a line and has a dot behind it, or the last octet when there is none. */
static size_t find_dot(smtp_data_decoder *decoder, const unsigned char *text, size_t length,
                       int after_cr)
{
    for (size_t at = 0;; at++) {
        unsigned stop = decoder->found & SMTP__BARE ? SMTP__STOP_DOT : SMTP__STOP_ANY;

        at += smtp__scan(text + at, length - at, stop, &decoder->found);
        if (at + 1 == length) {
            return at;
        }
        if (text[at] != SMTP__LF || text[at + 1] != '.') {
            decoder->bare_at = decoder->octets + at + (text[at] != SMTP__CR);
        } else if (at > 0 ? text[at - 1] == SMTP__CR : after_cr) {
            return at;
        }
    }
}

/* The state behind the last octet of an input. */
static uint32_t leave(const unsigned char *text, size_t length, int after_cr)
{
    if (text[length - 1] == SMTP__LF) {
        after_cr = length > 1 ? text[length - 2] == SMTP__CR : after_cr;
        return after_cr ? LINE_START : IN_LINE;
    }
    return text[length - 1] == SMTP__CR ? AFTER_CR : IN_LINE;
}

/* What smtp_data_decode does, in any state and with any input. */
static int decode(smtp_data_decoder *decoder, smtp_str input, smtp_str *piece, size_t *used)
{
    const unsigned char *text = (const unsigned char *)input.ptr;
    size_t length = input.len;
    size_t start = 0;
    uint32_t state = decoder->private_state;

    piece->ptr = NULL;
    piece->len = 0;
    *used = 0;
    if (length == 0 || state == ENDED) {
        return state == ENDED ? SMTP_DATA_END : SMTP_DATA_MORE;
    }
    if (state != IN_LINE) {
        state = enter(state, text, length, &start);
    }
    if (start == length || state == ENDED) {
        *used = start;
        decoder->private_state = state;
        return state == ENDED ? SMTP_DATA_END : SMTP_DATA_MORE;
    }
    if (state == AFTER_DOT_CR) {
        note_bare(decoder, SMTP_FOUND_BARE_CR, decoder->octets);
        decoder->private_state = IN_LINE;
        return hand_out(decoder, piece, held_cr, 1);
    }

    int after_cr = state == AFTER_CR;
    text += start;
    length -= start;
    if (after_cr != (text[0] == SMTP__LF)) {
        note_bare(decoder, after_cr ? SMTP_FOUND_BARE_CR : SMTP_FOUND_BARE_LF,
                  decoder->octets - (after_cr ? 1 : 0));
    }
    size_t at = find_dot(decoder, text, length, after_cr);
    int dot = at + 1 < length;
    *used = start + at + 1 + (dot ? 1 : 0);
    decoder->private_state = dot ? AFTER_DOT : leave(text, length, after_cr);
    return hand_out(decoder, piece, input.ptr + start, at + 1);
}

int smtp_data_decode(smtp_data_decoder *decoder, smtp_str input, smtp_str *piece, size_t *used)
{
    if (decoder->private_state == AFTER_DOT) {
        size_t line = smtp__short_line((const unsigned char *)input.ptr, input.len);
        if (line > 0) {
            *used = line + 1;
            return hand_out(decoder, piece, input.ptr, line);
        }
    } else if (decoder->private_state == IN_LINE && smtp__single_plain(input)) {
        *used = 1;
        return hand_out(decoder, piece, input.ptr, 1);
    }
    return decode(decoder, input, piece, used);
}
