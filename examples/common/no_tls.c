/* SPDX-License-Identifier: MIT
 * What stands in the place of TLS where there is no OpenSSL: nothing is to be had. */
#include "tls.h"

#ifndef HAVE_OPENSSL

int tls_available(void)
{
    return 0;
}

struct tls_context *tls_server_new(const char *certificate, const char *key, const char **why)
{
    (void)certificate;
    (void)key;
    *why = "this program was built without TLS";
    return NULL;
}

struct tls_context *tls_client_new(const char *host, int verify, const char *ca, const char **why)
{
    (void)host;
    (void)verify;
    (void)ca;
    *why = "this program was built without TLS";
    return NULL;
}

void tls_delete(struct tls_context *context)
{
    (void)context;
}

int tls_handshake(struct stream *stream, smtp_tls_info *info)
{
    (void)stream;
    (void)info;
    return SMTP_TRANSPORT_ERROR;
}

ptrdiff_t tls_receive(struct stream *stream, void *buffer, size_t len)
{
    (void)stream;
    (void)buffer;
    (void)len;
    return SMTP_TRANSPORT_ERROR;
}

ptrdiff_t tls_send(struct stream *stream, const smtp_str *slices, size_t n)
{
    (void)stream;
    (void)slices;
    (void)n;
    return SMTP_TRANSPORT_ERROR;
}

int tls_pending(const struct stream *stream)
{
    (void)stream;
    return 0;
}

void tls_end(struct stream *stream)
{
    (void)stream;
}

#endif
