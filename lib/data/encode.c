/* SPDX-License-Identifier: MIT
 * Content made ready for the wire: dots put in, line ends checked or mended, the end added
 * (RFC 5321 4.1.1.4, 4.5.2). */
#include <string.h>

#include "data/scan.h"

/* Where the stream stands. A CR that is the last octet of an input is neither let out nor refused
 * before the next octet is known: it is taken in and held. A constant "\r\n" then goes out for it,
 * either together with the LF that follows or, when it is mended, in place of the bare CR. */
enum encoder_state {
    LINE_START = 0, /* behind CRLF, and before the first octet */
    IN_LINE,
    HELD_CR,
    AFTER_STUFFED_DOT /* the next octet is a dot that was handed out once already */
};

/* A line end, and behind it the end of data with and without it. */
static const char line_end[] = "\r\n.\r\n";

static int hand_out(smtp_data_encoder *encoder, smtp_str *piece, const char *text, size_t length,
                    enum encoder_state state)
{
    piece->ptr = text;
    piece->len = length;
    encoder->private_state = state;
    return SMTP_DATA_PIECE;
}

/* A bare CR or LF is the next octet, or the one that is held. When it is mended, `taken` octets of
 * the input are used up. */
static int treat_bare(smtp_data_encoder *encoder, uint32_t bit, smtp_str *piece, size_t *used,
                      size_t taken)
{
    encoder->found |= bit;
    if (encoder->newlines != SMTP_NEWLINES_MEND) {
        return SMTP_ERR_BODY_NEWLINE;
    }
    *used = taken;
    return hand_out(encoder, piece, line_end, 2, LINE_START);
}

/* The input's next piece. A dot that begins a line is the last octet of one piece and the first of
 * the next: so it goes out twice, and no piece is needed for the dot alone. */
static int next_piece(smtp_data_encoder *encoder, smtp_str input, smtp_str *piece, size_t *used)
{
    const unsigned char *text = (const unsigned char *)input.ptr;

    if (encoder->private_state == HELD_CR) {
        if (text[0] != SMTP__LF) {
            return treat_bare(encoder, SMTP_FOUND_BARE_CR, piece, used, 0);
        }
        *used = 1;
        return hand_out(encoder, piece, line_end, 2, LINE_START);
    }
    if (text[0] == SMTP__LF) {
        return treat_bare(encoder, SMTP_FOUND_BARE_LF, piece, used, 1);
    }
    if (text[0] == '.' && encoder->private_state == LINE_START) {
        return hand_out(encoder, piece, input.ptr, 1, AFTER_STUFFED_DOT);
    }

    size_t at = smtp__scan(text, input.len, SMTP__STOP_ANY, &encoder->found);
    if (at + 1 < input.len) {
        if (text[at] == SMTP__LF && text[at + 1] == '.') {
            *used = at + 1;
            return hand_out(encoder, piece, input.ptr, at + 2, AFTER_STUFFED_DOT);
        }
        if (at == 0 && text[0] == SMTP__CR) {
            return treat_bare(encoder, SMTP_FOUND_BARE_CR, piece, used, 1);
        }
        *used = text[at] == SMTP__CR ? at : at + 1;
        return hand_out(encoder, piece, input.ptr, *used, IN_LINE);
    }
    *used = input.len;
    if (text[at] == SMTP__CR) {
        hand_out(encoder, piece, input.ptr, at, HELD_CR);
        return at == 0 ? SMTP_DATA_MORE : SMTP_DATA_PIECE;
    }
    return hand_out(encoder, piece, input.ptr, input.len,
                    text[at] == SMTP__LF ? LINE_START : IN_LINE);
}

int smtp_data_encode(smtp_data_encoder *encoder, smtp_str input, smtp_str *piece, size_t *used)
{
    if (encoder->private_state == AFTER_STUFFED_DOT) {
        size_t line = smtp__short_line((const unsigned char *)input.ptr, input.len);
        if (line > 0) {
            *used = line;
            encoder->octets += line;
            return hand_out(encoder, piece, input.ptr, line + 1, AFTER_STUFFED_DOT);
        }
    } else if (encoder->private_state == IN_LINE && smtp__single_plain(input)) {
        *used = 1;
        encoder->octets++;
        return hand_out(encoder, piece, input.ptr, 1, IN_LINE);
    }
    piece->ptr = NULL;
    piece->len = 0;
    *used = 0;
    if (input.len == 0) {
        return SMTP_DATA_MORE;
    }
    int result = next_piece(encoder, input, piece, used);
    encoder->octets += *used;
    return result;
}

int smtp_data_finish(smtp_data_encoder *encoder, smtp_str *piece)
{
    size_t skip = encoder->private_state == LINE_START ? 2 : 0;

    piece->ptr = NULL;
    piece->len = 0;
    if (encoder->private_state == HELD_CR) {
        encoder->found |= SMTP_FOUND_BARE_CR;
        if (encoder->newlines != SMTP_NEWLINES_MEND) {
            return SMTP_ERR_BODY_NEWLINE;
        }
    }
    piece->ptr = line_end + skip;
    piece->len = sizeof line_end - 1 - skip;
    return SMTP_ERR_OK;
}

int smtp_data_encode_to(smtp_data_encoder *encoder, smtp_str input, size_t *used, char *out,
                        size_t capacity, size_t *len)
{
    *used = 0;
    *len = 0;
    while (*used < input.len && capacity - *len >= 2) {
        size_t room = capacity - *len;
        size_t rest = input.len - *used;
        smtp_str part = {input.ptr + *used, rest < room ? rest : room};
        smtp_str piece;
        size_t taken;
        int result = smtp_data_encode(encoder, part, &piece, &taken);

        if (result < 0) {
            return result;
        }
        if (piece.len > 0) {
            memcpy(out + *len, piece.ptr, piece.len);
        }
        *len += piece.len;
        *used += taken;
    }
    return SMTP_ERR_OK;
}
