/* SPDX-License-Identifier: MIT
 * How an object is made in one piece of memory, and how it goes. */
#include <string.h>

#include "base/heap.h"
#include "session/session.h"

uint32_t smtp__between(uint32_t value, uint32_t otherwise, uint32_t least, uint32_t most)
{
    uint32_t chosen = value != 0 ? value : otherwise;

    if (chosen < least)
        return least;
    return chosen > most ? most : chosen;
}

uint32_t smtp__milliseconds(smtp_time time, uint32_t otherwise)
{
    if (time == 0)
        return otherwise;
    return time > UINT32_MAX ? UINT32_MAX : (uint32_t)time;
}

/* The place of an object in the allocator's memory, as one in storage. */
static int allocate(smtp__place *place, size_t bytes)
{
    if (place->allocator == NULL)
        place->allocator = smtp__heap();
    if (place->allocator == NULL || place->allocator->size < sizeof *place->allocator)
        return SMTP_ERR_ARGUMENT;
    place->storage = place->allocator->allocate(bytes, place->allocator->user);
    place->bytes = bytes;
    return SMTP_ERR_OK;
}

int smtp__session_make(smtp_session **out, const smtp__place *place, const smtp__role *role,
                       size_t object, size_t bytes)
{
    smtp__place found = *place;
    smtp_session *session;
    int error = place->is_storage ? SMTP_ERR_OK : allocate(&found, bytes);

    if (error != SMTP_ERR_OK)
        return error;
    if (found.storage == NULL || found.bytes < bytes)
        return SMTP_ERR_NO_MEMORY;
    session = *out = found.storage;
    memset(session, 0, object);
    session->role = role;
    session->bytes = (uint32_t)bytes;
    session->deadline = SMTP_TIME_NEVER;
    if (!place->is_storage) {
        session->memory = *found.allocator;
        session->owned = 1;
    }
    return SMTP_ERR_OK;
}

void *smtp__part(void *base, size_t *at, size_t bytes)
{
    const size_t align = sizeof(uint64_t) > sizeof(void *) ? sizeof(uint64_t) : sizeof(void *);
    size_t begin = (*at + align - 1) / align * align;

    *at = begin + bytes;
    return base != NULL ? (char *)base + begin : NULL;
}

smtp_str smtp__session_lay_out(smtp_session *session, size_t *at, const smtp__plan *plan)
{
    smtp_str name = plan->hostname.len != 0 ? plan->hostname : SMTP__LITERAL("localhost");
    smtp_str *segments = smtp__part(session, at, plan->segments * sizeof *segments);
    char *line = smtp__part(session, at, plan->line);
    char *output = smtp__part(session, at, plan->output);
    char *copy = smtp__part(session, at, name.len);

    if (session != NULL) {
        session->output.segments = segments;
        session->output.segment_max = (uint8_t)plan->segments;
        session->output.buffer = output;
        session->output.capacity = (uint32_t)plan->output;
        session->line.buffer = session->line.inline_buffer = line;
        session->line.capacity = session->line.inline_capacity = (uint32_t)plan->line;
        memcpy(copy, name.ptr, name.len);
    }
    name.ptr = copy;
    return name;
}

void smtp__session_free(smtp_session *session)
{
    smtp_allocator memory = session->memory;
    size_t bytes = session->bytes;
    int owned = session->owned;

    session->role->freed(session);
    smtp__line_release(&session->line, &session->memory);
    smtp_wipe(session, bytes);
    if (owned)
        memory.release(session, bytes, memory.user);
}

void smtp__session_delete(smtp_session *session)
{
    if (!session->busy) {
        smtp__session_free(session);
        return;
    }
    session->doomed = 1;
    session->stage = SMTP__ENDED;
    session->waiting = 0;
    session->octets = 0;
    session->trace = NULL;
}
