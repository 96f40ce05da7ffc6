/* SPDX-License-Identifier: MIT
 * The output queue: octets of the library's own buffer and, between them, slices borrowed from the
 * caller. */
#ifndef SMTP_LIB_SESSION_OUTPUT_H
#define SMTP_LIB_SESSION_OUTPUT_H

#include "base/compiler.h"
#include "smtp/base.h"

typedef struct smtp__output {
    char *buffer;
    smtp_str *segments; /* oldest first */
    uint32_t capacity;
    uint32_t length; /* of the buffer that is in use or was, up to the next time that all has gone
                      */
    uint32_t gone;   /* how much of the front of the buffer has gone */
    uint8_t segment_max;
    uint8_t segment_count;
    uint8_t wipe; /* the buffer holds a secret: wiped when all has gone */
} smtp__output;

/* Octets that can still be put into the buffer. */
inline size_t smtp__output_room(const smtp__output *output)
{
    return output->capacity - (output->length - output->gone);
}

/* Moves what has not gone to the front of the buffer: a peer that reads slowly must not use it up.
 */
SMTP__RARE void smtp__output_close_up(smtp__output *output);

/* Where the next octets go: moves what is left to the front of the buffer, so that all of
 * smtp__output_room() stands behind it. Then say how many octets were written there. There must be
 * a segment left: smtp__output_segments_left(). */
inline char *smtp__output_tail(smtp__output *output)
{
    if (output->gone > 0) {
        smtp__output_close_up(output);
    }
    return output->buffer + output->length;
}

/* 1 when the slice is of the buffer. */
inline int smtp__output_is_own(const smtp__output *output, const smtp_str *slice)
{
    return (uintptr_t)slice->ptr - (uintptr_t)output->buffer < output->capacity;
}

inline void smtp__output_wrote(smtp__output *output, size_t octets)
{
    smtp_str *next = output->segments + output->segment_count;
    smtp_str *last = next - (output->segment_count > 0);
    char *begin = output->buffer + output->length;

    output->length += (uint32_t)octets;
    if (last != next && last->ptr + last->len == begin && smtp__output_is_own(output, last)) {
        last->len += octets;
        return;
    }
    next->ptr = begin;
    next->len = octets;
    output->segment_count++;
}

/* Puts octets into the buffer. There must be room. */
void smtp__output_put(smtp__output *output, smtp_str octets);

/* Queues a slice that is not the buffer's. There must be a segment left. */
void smtp__output_borrow(smtp__output *output, smtp_str slice);

/* Segments that can still be queued. */
size_t smtp__output_segments_left(const smtp__output *output);

/* Takes the first octets out, as many as there are at most; gives how many. */
size_t smtp__output_take(smtp__output *output, size_t octets);

/* Octets that are queued. */
uint64_t smtp__output_queued(const smtp__output *output);

/* 1 when nothing is queued. */
inline int smtp__output_empty(const smtp__output *output)
{
    return output->segment_count == 0;
}

/* Forgets all that is queued, and wipes the buffer. */
void smtp__output_clear(smtp__output *output);

#endif
