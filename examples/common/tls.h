/* SPDX-License-Identifier: MIT
 * TLS for a stream, by OpenSSL where the program was built with it. */
#ifndef EXAMPLES_COMMON_TLS_H
#define EXAMPLES_COMMON_TLS_H

#include <stddef.h>

#include <smtp/session.h>

#include "stream.h"

/* 1 when this program was built with TLS. */
int tls_available(void);

/* The server's side. Returns NULL and in *why what is wrong. */
struct tls_context *tls_server_new(const char *certificate, const char *key, const char **why);

/* The client's side. With `verify` the certificate must be good for `host`, under the authorities
 * of the file `ca` or, when that is NULL, under those of the system. Returns NULL and in *why what
 * is wrong. */
struct tls_context *tls_client_new(const char *host, int verify, const char *ca, const char **why);

/* NULL is allowed. */
void tls_delete(struct tls_context *context);

/* What a stream does once it has a context. Their results are those of smtp_transport. */
int tls_handshake(struct stream *stream, smtp_tls_info *info);
ptrdiff_t tls_receive(struct stream *stream, void *buffer, size_t len);
ptrdiff_t tls_send(struct stream *stream, const smtp_str *slices, size_t n);

/* 1 when octets were taken from the socket that tls_receive() has not given out. */
int tls_pending(const struct stream *stream);

/* Says good-bye and releases the TLS connection. */
void tls_end(struct stream *stream);

#endif
