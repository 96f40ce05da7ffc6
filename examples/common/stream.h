/* SPDX-License-Identifier: MIT
 * A connection as the library's pump sees it: a non-blocking socket, in the clear or under TLS. */
#ifndef EXAMPLES_COMMON_STREAM_H
#define EXAMPLES_COMMON_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include <smtp/transport.h>

struct tls_context;

/* What binds an exchange of AUTH to the TLS connection (RFC 9266, RFC 5929). */
struct stream_binding {
    char exporter[32];
    char end_point[64]; /* as long as the longest digest */
};

enum stream_want { STREAM_READ = 1 << 0, STREAM_WRITE = 1 << 1 };

struct stream {
    int fd;
    uint32_t want;      /* what the last run of the pump waited for: STREAM_ bits */
    uint32_t allowance; /* octets that may still be read in this run */
    uint32_t drained;   /* the socket has no more for now: it is not asked again in this run */
    /* 1: a peer that has gone while we write is read to its last word; 2: that was tried, and
     * nothing has come since. */
    uint32_t hears_out;
    smtp_time now;                     /* when this run began */
    const struct tls_context *context; /* NULL: no TLS */
    void *tls;                         /* the TLS connection, NULL: in the clear */
    struct stream_binding binding;
    const char *reason; /* why it failed, a constant; NULL: errno or nothing */
};

/* The transport of a `struct stream`. Its `close` is NULL: stream_close() is the owner's. */
extern const smtp_transport stream_transport;

/* Begins a run of the pump. `readable` is 0 where nothing can be there to be read; a run then
 * begins with output. */
void stream_begin(struct stream *stream, int readable);

/* Closes the connection. What the peer has sent and nobody read is taken first, since closing over
 * it would destroy the last reply on its way. */
void stream_close(struct stream *stream);

/* Milliseconds of the monotonic clock. */
smtp_time stream_now(void);

#endif
