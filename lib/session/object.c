/* SPDX-License-Identifier: MIT
 * How an object is laid out in one piece of memory, and how sized structures of the caller are
 * taken. */
#include <string.h>

#include "session/session.h"
#include "syntax/sized.h"

int smtp__sized_take(void *to, size_t known, size_t least, const void *from)
{
    size_t size = 0;
    int error;

    memset(to, 0, known);
    if (from == NULL)
        return SMTP_ERR_ARGUMENT;
    memcpy(&size, from, sizeof size);
    if (size < least)
        return SMTP_ERR_ARGUMENT;
    error = size > known ? smtp__sized(from, size, known) : SMTP_ERR_OK;
    if (error == SMTP_ERR_OK)
        memcpy(to, from, size < known ? size : known);
    return error;
}

void *smtp__part(void *base, size_t *at, size_t bytes)
{
    const size_t align = sizeof(uint64_t) > sizeof(void *) ? sizeof(uint64_t) : sizeof(void *);
    size_t begin = (*at + align - 1) / align * align;

    *at = begin + bytes;
    return base != NULL ? (char *)base + begin : NULL;
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
