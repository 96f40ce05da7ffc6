/* SPDX-License-Identifier: MIT
 * The body of a message on the wire: dots put in and taken out, line ends checked, the end of data
 * found. */
#ifndef SMTP_DATA_H
#define SMTP_DATA_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a stream held, as a set of bits. Seen in `found` of a decoder or an encoder. */
enum smtp_found {
    SMTP_FOUND_BARE_CR = 1 << 0, /* a CR without LF behind it */
    SMTP_FOUND_BARE_LF = 1 << 1, /* an LF without CR before it */
    SMTP_FOUND_NUL = 1 << 2,
    SMTP_FOUND_8BIT = 1 << 3 /* an octet above 127 */
};

/* What a call of a decoder came to. */
enum smtp_data_result {
    SMTP_DATA_MORE = 0,  /* all octets given were used up */
    SMTP_DATA_PIECE = 1, /* *piece holds content; call again with what is left */
    SMTP_DATA_END = 2    /* the end of data was found; what is left is not part of the message */
};

/* The state of a stream of DATA content on its way in (RFC 5321 4.5.2). All zero is the start;
 * there is nothing to release. `found`, `octets`, `bare_at` may be read at any time; the rest is
 * private. */
typedef struct smtp_data_decoder {
    uint32_t found; /* SMTP_FOUND_ bits, so far */
    uint32_t private_state;
    uint64_t octets;  /* octets of content handed out so far: line ends count, removed dots do not
                         (RFC 1870 5) */
    uint64_t bare_at; /* the offset in the content of the first bare CR or LF, once one was found */
} smtp_data_decoder;

/* Takes octets from the wire and gives the content in pieces, which point into `input` (or, for one
 * octet that stood at the end of an earlier input, to a constant). Call it again with the rest,
 * input + *used, until it says MORE or END. The result is the same however the stream is cut. Only
 * CRLF "." CRLF ends it (a CRLF is taken to stand before the first octet); bare CR, bare LF, NUL
 * and 8-bit octets are content and noted in `found`: the caller decides. *piece is empty unless
 * PIECE is returned; with END *used is the offset behind the last CRLF. Returns SMTP_DATA_MORE,
 * SMTP_DATA_PIECE or SMTP_DATA_END. Inside a callback: yes. */
SMTP_API int smtp_data_decode(smtp_data_decoder *decoder, smtp_str input, smtp_str *piece,
                              size_t *used);

/* How an encoder treats a bare CR or LF. */
enum smtp_data_newlines {
    SMTP_NEWLINES_REFUSE = 0, /* an error: BODY_NEWLINE */
    SMTP_NEWLINES_MEND = 1    /* each bare CR and each bare LF becomes CRLF */
};

/* The state of a stream of content on its way out. All zero but `newlines` is the start. */
typedef struct smtp_data_encoder {
    uint32_t found; /* SMTP_FOUND_ bits, so far */
    uint32_t private_state;
    uint64_t octets;   /* octets of content taken in so far */
    uint32_t newlines; /* set by the caller before the first octet: enum smtp_data_newlines */
    uint32_t private_pad;
} smtp_data_encoder;

/* Takes content and gives what goes on the wire, in pieces that point into `input` or to constants
 * (the dots put in, RFC 5321 4.5.2, and mended line ends). Nothing is copied. Call it again with
 * the rest until it says MORE; *used may be 0 with PIECE, for a dot stands in two pieces. Returns
 * SMTP_DATA_MORE, SMTP_DATA_PIECE, or BODY_NEWLINE with *used at the octet that is refused (nothing
 * behind the last piece has been let out). Inside a callback: yes. */
SMTP_API int smtp_data_encode(smtp_data_encoder *encoder, smtp_str input, smtp_str *piece,
                              size_t *used);

/* The octets that end the stream: a CRLF when the content does not end with one, and "." CRLF. They
 * are constants. Returns 0, or BODY_NEWLINE when the content ended with a bare CR. Inside a
 * callback: yes. */
SMTP_API int smtp_data_finish(smtp_data_encoder *encoder, smtp_str *piece);

/* The same as smtp_data_encode, to a buffer: as much of the input as fits. *used is how much of the
 * input was taken, *len how much was written. Two octets of room make progress. Returns 0 or
 * BODY_NEWLINE. Inside a callback: yes. */
SMTP_API int smtp_data_encode_to(smtp_data_encoder *encoder, smtp_str input, size_t *used,
                                 char *out, size_t capacity, size_t *len);

/* Content that is framed otherwise (BDAT, RFC 3030): what is looked for in it. All zero is the
 * start. */
typedef struct smtp_data_checker {
    uint32_t found;
    uint32_t private_state;
} smtp_data_checker;

/* Looks at content without changing it, in any cut. At the end of the content call it with an empty
 * input: a CR that is the very last octet is then bare. Inside a callback: yes. */
SMTP_API void smtp_data_check(smtp_data_checker *checker, smtp_str input);

#ifdef __cplusplus
}
#endif
#endif
