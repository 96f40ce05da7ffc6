/* SPDX-License-Identifier: MIT
 * What the server offers: it follows from the configuration and from the state of the session. */
#include <string.h>

#include "server/server.h"

enum { PREFIX = 4 }; /* "250-" */

uint32_t smtp__server_offered(const smtp_server *server)
{
    uint32_t offered = server->offer;

    if (server->session.tls == SMTP__TLS_ON)
        offered &= ~(uint32_t)SMTP_EXT_STARTTLS;
    else
        offered &= ~(uint32_t)SMTP_EXT_REQUIRETLS;
    if (smtp__server_mechanisms(server) != 0)
        offered |= SMTP_EXT_AUTH;
    return offered;
}

static void fill(const smtp_server *server, smtp_capabilities *out)
{
    memset(out, 0, sizeof *out);
    out->domain = server->hostname;
    out->extensions = smtp__server_offered(server);
    out->size_kind = server->message_max == UINT64_MAX ? SMTP_SIZE_UNLIMITED : SMTP_SIZE_VALUE;
    out->size_max = server->message_max;
    out->mechanisms = smtp__server_mechanisms(server);
    out->rcpt_max = server->recipients_max;
    out->mail_max = server->transactions_max;
    out->deliver_by_min = server->deliver_by_min;
    out->hold_max = server->hold_max;
    out->hold_until_max = server->hold_until_max;
    out->priority_profile = server->priority_profile;
    out->no_soliciting = server->no_soliciting;
    out->burl = server->burl;
}

/* Puts "250-" and CRLF around a line that was written at out + PREFIX. */
static size_t frame(char *out, size_t len)
{
    memcpy(out, "250-", PREFIX);
    memcpy(out + PREFIX + len, "\r\n", 2);
    return PREFIX + len + 2;
}

size_t smtp__server_offer(const smtp_server *server, char *out, size_t capacity)
{
    smtp_capabilities capabilities;
    size_t at = 0;
    size_t last = 0;
    size_t len = 0;
    size_t i;

    fill(server, &capabilities);
    for (i = 0; capacity - at > PREFIX + 2; i++) {
        if (smtp_capabilities_line(out + at + PREFIX, capacity - at - PREFIX - 2, &len,
                                   &capabilities, i) != 1)
            break;
        last = at;
        at += frame(out + at, len);
    }
    for (i = 0; i < server->keyword_count; i++) {
        smtp_str keyword = server->keywords[i];
        if (keyword.len + PREFIX + 2 > capacity - at)
            return 0;
        memcpy(out + at + PREFIX, keyword.ptr, keyword.len);
        last = at;
        at += frame(out + at, keyword.len);
    }
    if (at > 0)
        out[last + PREFIX - 1] = ' ';
    return at;
}
