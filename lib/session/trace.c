/* SPDX-License-Identifier: MIT
 * The trace hook: what goes over the wire, line by line, without what nobody may see. */
#include "session/session.h"

#include <string.h>

/* What may be shown of "AUTH PLAIN AGFkbWluAHNlY3JldA==": the verb and the mechanism. */
static int is_auth(smtp_str line, size_t *shown)
{
    smtp_str verb = line;
    const char *space;

    if (line.len < 5)
        return 0;
    verb.len = 5;
    if (!smtp_str_equal_nocase(verb, smtp_text("AUTH ")))
        return 0;
    space = memchr(line.ptr + 5, ' ', line.len - 5);
    *shown = space != NULL ? (size_t)(space - line.ptr) : line.len;
    return 1;
}

void smtp__session_show_line(smtp_session *session, int from_client, smtp_str line)
{
    smtp_trace_event event;
    size_t shown = 0;

    event.client = from_client;
    event.kind = SMTP_TRACE_LINE;
    event.text = line;
    event.octets = line.len + 2;
    if (session->secret && from_client) {
        event.kind = SMTP_TRACE_SECRET;
        event.text.len = 0;
    } else if (from_client && is_auth(line, &shown)) {
        event.kind = SMTP_TRACE_SECRET;
        event.text.len = shown;
    }
    session->trace(session, &event, session->trace_user);
}

void smtp__session_show_body(smtp_session *session, int from_client, size_t octets)
{
    smtp_trace_event event;

    event.client = from_client;
    event.kind = SMTP_TRACE_BODY;
    event.text = smtp_text("");
    event.octets = octets;
    session->trace(session, &event, session->trace_user);
}

void smtp__session_show_output(smtp_session *session, const char *octets, size_t length)
{
    smtp_str line;
    const char *lf;
    const char *end = octets + length;

    while (session->trace != NULL && (lf = memchr(octets, '\n', (size_t)(end - octets))) != NULL) {
        line.ptr = octets;
        line.len = (size_t)(lf - octets) - 1; /* without the CR */
        smtp__session_show_line(session, session->role->is_client, line);
        octets = lf + 1;
    }
}

void smtp_session_set_trace(smtp_session *session, smtp_trace trace, void *user)
{
    session->trace = trace;
    session->trace_user = user;
}
