/* SPDX-License-Identifier: MIT
 * The output queue: octets of the library's own buffer and, between them, slices borrowed from the
 * caller. */
#include "session/output.h"

#include <string.h>

void smtp__output_close_up(smtp__output *output)
{
    uint32_t by = output->gone;
    size_t i;

    memmove(output->buffer, output->buffer + by, output->length - by);
    output->length -= by;
    output->gone = 0;
    for (i = 0; i < output->segment_count; i++) {
        if (smtp__output_is_own(output, &output->segments[i]))
            output->segments[i].ptr -= by;
    }
}

void smtp__output_put(smtp__output *output, smtp_str octets)
{
    if (octets.len == 0)
        return;
    memcpy(smtp__output_tail(output), octets.ptr, octets.len);
    smtp__output_wrote(output, octets.len);
}

void smtp__output_borrow(smtp__output *output, smtp_str slice)
{
    if (slice.len == 0)
        return;
    output->segments[output->segment_count++] = slice;
}

size_t smtp__output_segments_left(const smtp__output *output)
{
    return (size_t)output->segment_max - output->segment_count;
}

/* How much of the front of the buffer has gone. */
static size_t find_gone(const smtp__output *output)
{
    size_t i;

    for (i = 0; i < output->segment_count; i++) {
        if (smtp__output_is_own(output, &output->segments[i]))
            return (size_t)(output->segments[i].ptr - output->buffer);
    }
    return output->length;
}

size_t smtp__output_take(smtp__output *output, size_t octets)
{
    size_t left = octets;
    size_t done = 0;

    while (left > 0 && done < output->segment_count) {
        smtp_str *segment = &output->segments[done];
        if (left < segment->len) {
            segment->ptr += left;
            segment->len -= left;
            left = 0;
        } else {
            left -= segment->len;
            done++;
        }
    }
    output->segment_count = (uint8_t)(output->segment_count - done);
    if (output->segment_count > 0) {
        memmove(output->segments, output->segments + done,
                output->segment_count * sizeof(smtp_str));
        output->gone = (uint32_t)find_gone(output);
        return octets - left;
    }
    output->length = 0;
    output->gone = 0;
    if (output->wipe)
        smtp_wipe(output->buffer, output->capacity);
    output->wipe = 0;
    return octets - left;
}

uint64_t smtp__output_queued(const smtp__output *output)
{
    uint64_t octets = 0;
    size_t i;

    for (i = 0; i < output->segment_count; i++)
        octets += output->segments[i].len;
    return octets;
}

void smtp__output_clear(smtp__output *output)
{
    smtp_wipe(output->buffer, output->capacity);
    output->segment_count = 0;
    output->length = 0;
    output->gone = 0;
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline size_t smtp__output_room(const smtp__output *output);
extern inline char *smtp__output_tail(smtp__output *output);
extern inline int smtp__output_empty(const smtp__output *output);
extern inline int smtp__output_is_own(const smtp__output *output, const smtp_str *slice);
extern inline void smtp__output_wrote(smtp__output *output, size_t octets);
