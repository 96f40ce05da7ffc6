/* SPDX-License-Identifier: MIT
 * Hosts: a domain or an address literal, parsed and formatted (RFC 5321 4.1.2 and 4.1.3). */
#include "syntax/host.h"

#include "syntax/address.h"
#include "syntax/literal.h"

static const smtp_host nothing;

static void put_literal(smtp__writer *writer, const smtp_host *host)
{
    smtp__put(writer, '[');
    if (host->kind == SMTP_HOST_IPV4) {
        smtp__put_ipv4(writer, host->ip);
    } else if (host->kind == SMTP_HOST_IPV6) {
        smtp__put_text(writer, "IPv6:");
        smtp__put_ipv6(writer, host->ip);
    } else {
        smtp__put_str(writer, host->tag);
        smtp__put(writer, ':');
        smtp__put_str(writer, host->content);
    }
    smtp__put(writer, ']');
}

void smtp__put_host(smtp__writer *writer, const smtp_host *host)
{
    if (host->kind == SMTP_HOST_DOMAIN) {
        smtp__put_str(writer, host->text);
    } else if (host->kind != SMTP_HOST_NONE) {
        put_literal(writer, host);
    }
}

int smtp__take_host(smtp__cursor *cursor, smtp_host *out)
{
    return smtp__at(cursor, '[') ? smtp__take_literal(cursor, out) : smtp__take_domain(cursor, out);
}

int smtp_host_parse(smtp_host *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                    size_t *offset)
{
    smtp__cursor cursor = smtp__address_start(text, allow, tolerate);
    int error;
    *out = nothing;
    error = smtp__finish(&cursor, text, smtp__take_host(&cursor, out), offset);
    if (error != 0) {
        *out = nothing;
    }
    return error;
}

int smtp_host_format(char *out, size_t capacity, size_t *len, const smtp_host *host)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    smtp__put_host(&writer, host);
    return smtp__writer_finish(&writer, len);
}
