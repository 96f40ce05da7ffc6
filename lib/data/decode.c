/* SPDX-License-Identifier: MIT
 * Content taken from the wire: dots removed, the end of data found (RFC 5321 4.1.1.4, 4.5.2). */
#include "data/scan.h"

/* Where the stream stands. A CRLF is taken to stand before the first octet. */
enum decoder_state {
    LINE_START = 0, /* behind CRLF */
    IN_LINE,
    AFTER_CR,
    AFTER_DOT, /* a dot at the start of a line was removed */
    AFTER_DOT_CR, /* and a CR behind it is held back: it is content unless an LF follows */
    ENDED
};

static const char held_cr[] = "\r";

static void note_bare(smtp_data_decoder *decoder, uint32_t bit, uint64_t offset)
{
    if (!(decoder->found & SMTP__BARE)) {
        decoder->bare_at = offset;
    }
    decoder->found |= bit;
}

/* Takes the octets at the start of the input that are no content, or may be none, by what stood
 * before them; *taken says how many. Returns MORE to go on behind them, END, or PIECE for the CR
 * that was held back. */
static int enter(smtp_data_decoder *decoder, const unsigned char *text, size_t length,
                 smtp_str *piece, size_t *taken)
{
    size_t at = 0;

    if (decoder->private_state == LINE_START && text[0] == '.') {
        decoder->private_state = AFTER_DOT;
        at = 1;
    }
    if (decoder->private_state == AFTER_DOT && at < length && text[at] == SMTP__CR) {
        if (at + 1 == length) {
            decoder->private_state = AFTER_DOT_CR;
            at += 1;
        } else if (text[at + 1] == SMTP__LF) {
            decoder->private_state = ENDED;
            at += 2;
        }
    } else if (decoder->private_state == AFTER_DOT_CR) {
        if (text[0] == SMTP__LF) {
            decoder->private_state = ENDED;
            at = 1;
        } else {
            note_bare(decoder, SMTP_FOUND_BARE_CR, decoder->octets);
            decoder->private_state = IN_LINE;
            decoder->octets += 1;
            piece->ptr = held_cr;
            piece->len = 1;
            return SMTP_DATA_PIECE;
        }
    }
    *taken = at;
    return decoder->private_state == ENDED ? SMTP_DATA_END : SMTP_DATA_MORE;
}

/* 1 when a CR stands before text[at]; for the first octet the state tells. */
static int behind_cr(const smtp_data_decoder *decoder, const unsigned char *text, size_t at)
{
    return at > 0 ? text[at - 1] == SMTP__CR : decoder->private_state == AFTER_CR;
}

/* The state behind text[at], the last octet of an input. */
static uint32_t last_state(const smtp_data_decoder *decoder, const unsigned char *text, size_t at)
{
    if (text[at] == SMTP__CR) {
        return AFTER_CR;
    }
    return text[at] == SMTP__LF && behind_cr(decoder, text, at) ? LINE_START : IN_LINE;
}

/* The first LF that ends a line and has a dot behind it, or the last octet when there is none. */
static size_t find_dot(smtp_data_decoder *decoder, const unsigned char *text, size_t length)
{
    uint32_t found = decoder->found;
    size_t at = 0;

    for (;; at++) {
        unsigned stop = SMTP__STOP_DOT | (found & SMTP__BARE ? 0 : SMTP__STOP_BARE);

        at += smtp__scan(text + at, length - at, stop, &found);
        if (at + 1 == length) {
            break;
        }
        if (text[at] != SMTP__LF || text[at + 1] != '.') {
            decoder->bare_at = decoder->octets + at + (text[at] != SMTP__CR);
        } else if (behind_cr(decoder, text, at)) {
            break;
        }
    }
    decoder->found = found;
    return at;
}

int smtp_data_decode(smtp_data_decoder *decoder, smtp_str input, smtp_str *piece, size_t *used)
{
    const unsigned char *text = (const unsigned char *)input.ptr;
    size_t length = input.len;
    size_t taken = 0;

    piece->ptr = NULL;
    piece->len = 0;
    *used = 0;
    if (decoder->private_state == ENDED) {
        return SMTP_DATA_END;
    }
    if (length == 0) {
        return SMTP_DATA_MORE;
    }
    int result = enter(decoder, text, length, piece, &taken);
    if (result != SMTP_DATA_MORE || taken == length) {
        *used = taken;
        return result;
    }

    text += taken;
    length -= taken;
    if (decoder->private_state == AFTER_CR && text[0] != SMTP__LF) {
        note_bare(decoder, SMTP_FOUND_BARE_CR, decoder->octets - 1);
    } else if (decoder->private_state != AFTER_CR && text[0] == SMTP__LF) {
        note_bare(decoder, SMTP_FOUND_BARE_LF, decoder->octets);
    }
    size_t at = find_dot(decoder, text, length);
    if (at + 1 < length) {
        decoder->private_state = AFTER_DOT;
        *used = taken + at + 2;
    } else {
        decoder->private_state = last_state(decoder, text, at);
        *used = input.len;
    }
    piece->ptr = input.ptr + taken;
    piece->len = at + 1;
    decoder->octets += at + 1;
    return SMTP_DATA_PIECE;
}
