/* SPDX-License-Identifier: MIT
 * What a server session knows of its client, for the trace field of a message. */
#include "server/server.h"

smtp_str smtp_server_hello(const smtp_server *server)
{
    smtp_str hello;

    hello.ptr = server->hello;
    hello.len = server->hello_length;
    return hello;
}

int smtp_server_received(const smtp_server *server, smtp_received *out)
{
    const smtp_tls_info *tls = server->session.tls_info;

    if (out == NULL || out->size < sizeof *out)
        return SMTP_ERR_ARGUMENT;
    if (server->hello_verb == 0)
        return SMTP_ERR_STATE;
    out->hello = smtp_server_hello(server);
    out->by = server->hostname;
    out->with = server->hello_verb == SMTP_VERB_HELO ? 0 : SMTP_WITH_ESMTP;
    if (server->flags & SMTP_SERVER_LMTP)
        out->with |= SMTP_WITH_LMTP;
    if (server->session.tls == SMTP__TLS_ON)
        out->with |= SMTP_WITH_TLS;
    if (server->authenticated)
        out->with |= SMTP_WITH_AUTH;
    if (server->utf8)
        out->with |= SMTP_WITH_UTF8;
    if (tls != NULL && server->session.tls == SMTP__TLS_ON) {
        out->tls_version = tls->version;
        out->tls_cipher = tls->cipher;
    }
    return SMTP_ERR_OK;
}
