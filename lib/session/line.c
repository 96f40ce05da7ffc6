/* SPDX-License-Identifier: MIT
 * Cuts input into lines: in place where a line is complete, in a buffer where it came in pieces. */
#include "session/line.h"

#include <string.h>

#include "base/compiler.h"

/* Reads past the rest of a refused line, up to and with its end: no part of it is ever taken for a
 * command. */
SMTP__RARE static int skip(smtp__line *state, smtp_str input, size_t *used)
{
    size_t at = 0;

    while (at < input.len) {
        const char *lf = memchr(input.ptr + at, '\n', input.len - at);
        size_t end;

        if (lf == NULL)
            break;
        end = (size_t)(lf - input.ptr);
        if (state->lf_ends || (end > 0 ? input.ptr[end - 1] == '\r' : state->cr)) {
            int error = state->owed;
            state->skipping = 0;
            state->owed = 0;
            *used = end + 1;
            return error;
        }
        at = end + 1;
    }
    state->cr = input.ptr[input.len - 1] == '\r';
    *used = input.len;
    return SMTP__LINE_MORE;
}

/* Begins to read past a line whose end is not in sight. cr says whether its last octet so far was a
 * CR. The error is said at once, or owed. */
SMTP__RARE static int begin_skip(smtp__line *state, const smtp_allocator *memory, int error,
                                 int at_once, int cr)
{
    smtp__line_release(state, memory);
    state->skipping = 1;
    state->cr = (uint8_t)cr;
    state->owed = (int16_t)(at_once ? SMTP_ERR_OK : error);
    return at_once ? error : SMTP__LINE_MORE;
}

/* Keeps octets of a line that is not too long, in a buffer as long as a line may be where the
 * inline one is too short; or longer, when the line was taken while it might be. Returns 0 or
 * NO_MEMORY. */
SMTP__RARE static int keep(smtp__line *state, const smtp_allocator *memory, smtp_str octets)
{
    if (octets.len > state->capacity - state->length) {
        uint32_t needed = state->length + (uint32_t)octets.len;
        uint32_t capacity = needed > state->max ? needed : state->max;
        char *larger = memory->allocate(capacity, memory->user);
        if (larger == NULL)
            return SMTP_ERR_NO_MEMORY;
        memcpy(larger, state->buffer, state->length);
        smtp_wipe(state->buffer, state->length);
        state->buffer = larger;
        state->capacity = capacity;
    }
    memcpy(state->buffer + state->length, octets.ptr, octets.len);
    state->length += (uint32_t)octets.len;
    return SMTP_ERR_OK;
}

/* Keeps the first octets of a line that is refused: they tell whether it was a command behind which
 * more than lines would come. */
SMTP__RARE static void remember(smtp__line *state, smtp_str input)
{
    size_t i;

    memset(state->head, 0, sizeof state->head);
    for (i = 0; i < sizeof state->head && i < state->length + input.len; i++)
        state->head[i] = i < state->length ? state->buffer[i] : input.ptr[i - state->length];
}

/* The octet before input[i], which may be one that was kept. */
static int cr_before(const smtp__line *state, smtp_str input, size_t i)
{
    if (i > 0)
        return input.ptr[i - 1] == '\r';
    return state->length > 0 && state->buffer[state->length - 1] == '\r';
}

/* The whole line, whose LF is input[lf], without its line end. */
static int complete(smtp__line *state, const smtp_allocator *memory, smtp_str input, size_t lf,
                    smtp_str *line)
{
    size_t end = cr_before(state, input, lf) ? 1 : 0;
    int error;

    if (state->length == 0) {
        line->ptr = input.ptr;
        line->len = lf - end;
        return SMTP__LINE_DONE;
    }
    input.len = lf;
    error = keep(state, memory, input);
    if (error != SMTP_ERR_OK) {
        remember(state, input);
        smtp__line_release(state, memory);
        return error;
    }
    line->ptr = state->buffer;
    line->len = state->length - end;
    return SMTP__LINE_DONE;
}

/* All of the input belongs to a line that is not complete. */
SMTP__RARE static int unfinished(smtp__line *state, const smtp_allocator *memory, smtp_str input)
{
    int error = SMTP_ERR_LINE_TOO_LONG;

    if (input.len < state->max - state->length)
        error = keep(state, memory, input);
    if (error == SMTP_ERR_OK)
        return SMTP__LINE_MORE;
    remember(state, input);
    return begin_skip(state, memory, error, state->at_once, input.ptr[input.len - 1] == '\r');
}

int smtp__line_take(smtp__line *state, const smtp_allocator *memory, smtp_str input, smtp_str *line,
                    size_t *used)
{
    const char *found;
    size_t lf;
    int ended;

    if (state->skipping)
        return skip(state, input, used);
    /* Refused at the same octet in any cut. */
    if (state->at_once && input.len > state->max - state->length)
        input.len = state->max - state->length;
    found = memchr(input.ptr, '\n', input.len);
    if (found == NULL) {
        *used = input.len;
        return unfinished(state, memory, input);
    }
    lf = (size_t)(found - input.ptr);
    *used = lf + 1;
    ended = state->lf_ends || cr_before(state, input, lf);
    if (!ended || lf + 1 > state->max - state->length)
        remember(state, input);
    if (lf + 1 > state->max - state->length) {
        if (!ended)
            return begin_skip(state, memory, SMTP_ERR_LINE_TOO_LONG, 0, 0);
        smtp__line_release(state, memory);
        return SMTP_ERR_LINE_TOO_LONG;
    }
    if (!ended)
        return begin_skip(state, memory, SMTP_ERR_BARE_LF, 1, 0);
    return complete(state, memory, input, lf, line);
}

char *smtp__line_own(smtp__line *state, const smtp_allocator *memory, smtp_str part)
{
    if (state->length > 0 && part.len > 0)
        return state->buffer + (part.ptr - state->buffer);
    if (part.len > 0 && keep(state, memory, part) != SMTP_ERR_OK)
        return NULL;
    return state->buffer;
}

void smtp__line_forget(smtp__line *state, const smtp_allocator *memory)
{
    smtp_wipe(state->buffer, state->length);
    state->length = 0;
    if (state->buffer != state->inline_buffer) {
        memory->release(state->buffer, state->capacity, memory->user);
        state->buffer = state->inline_buffer;
        state->capacity = state->inline_capacity;
    }
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline void smtp__line_release(smtp__line *state, const smtp_allocator *memory);
