/* SPDX-License-Identifier: MIT
 * Cuts input into lines: in place where a line is complete, in a buffer where it came in pieces. */
#ifndef SMTP_LIB_SESSION_LINE_H
#define SMTP_LIB_SESSION_LINE_H

#include "smtp/base.h"

typedef struct smtp__line {
    char *buffer; /* the inline one, or a borrowed one */
    char *inline_buffer;
    uint32_t inline_capacity;
    uint32_t capacity;
    uint32_t length;  /* octets of the unfinished line that are kept */
    uint32_t max;     /* octets of a line with its CRLF */
    char head[4];     /* of the last line that was refused: its first octets */
    uint8_t lf_ends;  /* a bare LF ends a line too */
    uint8_t at_once;  /* a line that cannot be kept is refused before its end */
    uint8_t skipping; /* reading past the rest of a refused line */
    uint8_t cr;       /* while skipping: the last octet was a CR */
    int16_t owed;     /* and the error that is still to be said at its end, 0: it was said */
} smtp__line;

enum smtp__line_result {
    SMTP__LINE_MORE = 0, /* all input was taken */
    SMTP__LINE_DONE = 1  /* *line is complete */
};

/* Takes input, at least an octet, up to the end of a line. *line has no line end; it points into
 * the input or into the buffer, and is valid until smtp__line_release(). Returns SMTP__LINE_MORE,
 * SMTP__LINE_DONE, or LINE_TOO_LONG or NO_MEMORY (said at the end of the line) or BARE_LF (said
 * where it stands; the rest up to CRLF is then read past), with *used behind it. */
int smtp__line_take(smtp__line *state, const smtp_allocator *memory, smtp_str input, smtp_str *line,
                    size_t *used);

/* Where a part of the line that was taken can be written over: the same place when it is in the
 * buffer, else a copy there, or NULL when there is no memory. */
char *smtp__line_own(smtp__line *state, const smtp_allocator *memory, smtp_str part);

/* Wipes what was kept of a line and gives a borrowed buffer back. */
void smtp__line_forget(smtp__line *state, const smtp_allocator *memory);

/* Says that the line was dealt with. One that was complete in the input has left nothing. */
inline void smtp__line_release(smtp__line *state, const smtp_allocator *memory)
{
    if (state->length > 0 || state->buffer != state->inline_buffer) {
        smtp__line_forget(state, memory);
    }
}

#endif
