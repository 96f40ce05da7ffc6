/* SPDX-License-Identifier: MIT
 * TLS for a stream by OpenSSL: contexts, handshake, records. */
#define _POSIX_C_SOURCE 200809L
#include "tls.h"

#ifdef HAVE_OPENSSL

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

enum { RECORD_MAX = 16384 };

struct tls_context {
    SSL_CTX *ssl;
    const char *host; /* whom the certificate is for; NULL: the context is a server's */
    int verify;
};

int tls_available(void)
{
    return 1;
}

/* What OpenSSL complained of first: the others follow from it. */
static const char *complaint(void)
{
    unsigned long code = ERR_peek_error();
    const char *text = ERR_reason_error_string(code);

    if (text == NULL && ERR_GET_LIB(code) == ERR_LIB_SYS)
        text = strerror(ERR_GET_REASON(code));
    return text != NULL ? text : "the TLS library gives no reason";
}

void tls_delete(struct tls_context *context)
{
    if (context == NULL)
        return;
    SSL_CTX_free(context->ssl);
    free(context);
}

static struct tls_context *fail(struct tls_context *context, const char **why)
{
    *why = complaint();
    tls_delete(context);
    return NULL;
}

static struct tls_context *context_new(const SSL_METHOD *method)
{
    struct tls_context *context = calloc(1, sizeof *context);

    if (context == NULL)
        return NULL;
    context->ssl = SSL_CTX_new(method);
    if (context->ssl == NULL)
        return context;
    SSL_CTX_set_min_proto_version(context->ssl, TLS1_2_VERSION); /* RFC 8996 */
    SSL_CTX_set_mode(context->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context->ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
#ifdef SSL_OP_IGNORE_UNEXPECTED_EOF
    /* A connection that just ends is an ordinary end here: SMTP itself says where a message is
     * complete. */
    SSL_CTX_set_options(context->ssl, SSL_OP_IGNORE_UNEXPECTED_EOF);
#endif
    SSL_CTX_set_read_ahead(context->ssl, 1);
    return context;
}

struct tls_context *tls_server_new(const char *certificate, const char *key, const char **why)
{
    struct tls_context *context = context_new(TLS_server_method());

    if (context == NULL || context->ssl == NULL ||
        SSL_CTX_use_certificate_chain_file(context->ssl, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context->ssl, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context->ssl) != 1)
        return fail(context, why);
    return context;
}

struct tls_context *tls_client_new(const char *host, int verify, const char *ca, const char **why)
{
    struct tls_context *context = context_new(TLS_client_method());
    int loaded = 1;

    if (context == NULL || context->ssl == NULL)
        return fail(context, why);
    context->host = host;
    context->verify = verify;
    if (verify && ca != NULL)
        loaded = SSL_CTX_load_verify_locations(context->ssl, ca, NULL);
    else if (verify)
        loaded = SSL_CTX_set_default_verify_paths(context->ssl);
    if (loaded != 1)
        return fail(context, why);
    SSL_CTX_set_verify(context->ssl, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    return context;
}

/* Tells the certificate's and the server's side whom the client means. An address is not a name: it
 * goes without SNI. */
static int set_host(SSL *ssl, const struct tls_context *context)
{
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), context->host) == 1)
        return 1;
    return SSL_set_tlsext_host_name(ssl, context->host) == 1 &&
           (!context->verify || SSL_set1_host(ssl, context->host) == 1);
}

static SSL *connection_new(const struct stream *stream)
{
    SSL *ssl = SSL_new(stream->context->ssl);
    int ready = ssl != NULL && SSL_set_fd(ssl, stream->fd) == 1;

    if (ready && stream->context->host != NULL) {
        SSL_set_connect_state(ssl);
        ready = set_host(ssl, stream->context);
    } else if (ready) {
        SSL_set_accept_state(ssl);
    }
    if (!ready) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}

/* What a call of OpenSSL that did not succeed means for the transport. */
static int outcome(struct stream *stream, int result)
{
    SSL *ssl = stream->tls;
    long verified;

    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
        stream->want |= STREAM_READ;
        stream->drained = 1;
        return SMTP_TRANSPORT_AGAIN;
    case SSL_ERROR_WANT_WRITE:
        stream->want |= STREAM_WRITE;
        return SMTP_TRANSPORT_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return SMTP_TRANSPORT_EOF;
    case SSL_ERROR_SSL:
        verified = SSL_get_verify_result(ssl);
        stream->reason = stream->context->verify && verified != X509_V_OK
                             ? X509_verify_cert_error_string(verified)
                             : complaint();
        return SMTP_TRANSPORT_ERROR;
    default:
        return SMTP_TRANSPORT_ERROR;
    }
}

static smtp_str version_name(const SSL *ssl)
{
    return smtp_text(SSL_version(ssl) == TLS1_3_VERSION ? "TLS1.3" : "TLS1.2");
}

/* tls-exporter. Before TLS 1.3 it is unique to the connection only with an extended master secret
 * (RFC 9266 2). */
static smtp_str make_exporter(SSL *ssl, struct stream_binding *binding)
{
    static const char label[] = "EXPORTER-Channel-Binding";
    smtp_str exporter = {binding->exporter, sizeof binding->exporter};
    const smtp_str none = {NULL, 0};

    if (SSL_version(ssl) < TLS1_3_VERSION && SSL_get_extms_support(ssl) != 1)
        return none;
    if (SSL_export_keying_material(ssl, (unsigned char *)binding->exporter, exporter.len, label,
                                   sizeof label - 1, (const unsigned char *)"", 0, 1) != 1)
        return none;
    return exporter;
}

/* tls-server-end-point: the digest of the server's certificate by that of its signature, but
 * SHA-256 for MD5 and SHA-1; there is none for a signature without a digest (RFC 5929 4.1). */
static smtp_str make_end_point(const SSL *ssl, int server, struct stream_binding *binding)
{
    X509 *certificate = server ? SSL_get_certificate(ssl) : SSL_get0_peer_certificate(ssl);
    smtp_str end_point = {NULL, 0};
    const EVP_MD *digest;
    unsigned int length = 0;
    int nid = NID_undef;

    if (certificate == NULL || X509_get_signature_info(certificate, &nid, NULL, NULL, NULL) != 1)
        return end_point;
    digest = EVP_get_digestbynid(nid == NID_md5 || nid == NID_sha1 ? NID_sha256 : nid);
    if (digest == NULL || (size_t)EVP_MD_get_size(digest) > sizeof binding->end_point ||
        X509_digest(certificate, digest, (unsigned char *)binding->end_point, &length) != 1)
        return end_point;
    end_point.ptr = binding->end_point;
    end_point.len = length;
    return end_point;
}

int tls_handshake(struct stream *stream, smtp_tls_info *info)
{
    int result;

    ERR_clear_error();
    if (stream->tls == NULL)
        stream->tls = connection_new(stream);
    if (stream->tls == NULL) {
        stream->reason = complaint();
        return SMTP_TRANSPORT_ERROR;
    }
    result = SSL_do_handshake(stream->tls);
    if (result != 1) {
        result = outcome(stream, result);
        return result == SMTP_TRANSPORT_AGAIN ? result : SMTP_TRANSPORT_ERROR;
    }
    info->version = version_name(stream->tls);
    info->cipher = smtp_text(SSL_CIPHER_standard_name(SSL_get_current_cipher(stream->tls)));
    info->exporter = make_exporter(stream->tls, &stream->binding);
    info->end_point = make_end_point(stream->tls, stream->context->host == NULL, &stream->binding);
    ERR_clear_error();
    return 0;
}

ptrdiff_t tls_receive(struct stream *stream, void *buffer, size_t len)
{
    int count;

    ERR_clear_error();
    count = SSL_read(stream->tls, buffer, len < INT_MAX ? (int)len : INT_MAX);
    if (count <= 0)
        return outcome(stream, count);
    stream->drained = 0;
    return count;
}

/* Gathers slices to one record, so that a reply or a pipelined group is one record and one write.
 */
static smtp_str gather(char *record, const smtp_str *slices, size_t n)
{
    smtp_str all;
    size_t i;

    all.ptr = record;
    all.len = 0;
    for (i = 0; i < n && all.len < RECORD_MAX; i++) {
        size_t part = slices[i].len < RECORD_MAX - all.len ? slices[i].len : RECORD_MAX - all.len;
        memcpy(record + all.len, slices[i].ptr, part);
        all.len += part;
    }
    return all;
}

ptrdiff_t tls_send(struct stream *stream, const smtp_str *slices, size_t n)
{
    char record[RECORD_MAX];
    smtp_str all = slices[0];
    int count;

    if (n > 1 && all.len < RECORD_MAX)
        all = gather(record, slices, n);
    ERR_clear_error();
    count = SSL_write(stream->tls, all.ptr, all.len < RECORD_MAX ? (int)all.len : RECORD_MAX);
    if (count > 0)
        return count;
    count = outcome(stream, count);
    return count == SMTP_TRANSPORT_AGAIN ? count : SMTP_TRANSPORT_ERROR;
}

int tls_pending(const struct stream *stream)
{
    return SSL_has_pending(stream->tls);
}

void tls_end(struct stream *stream)
{
    ERR_clear_error();
    if (!SSL_in_init(stream->tls))
        SSL_shutdown(stream->tls);
    SSL_free(stream->tls);
    stream->tls = NULL;
    ERR_clear_error();
}

#endif
