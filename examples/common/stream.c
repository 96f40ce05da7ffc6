/* SPDX-License-Identifier: MIT
 * The transport over a non-blocking socket: one system call a reply, none that is known to find
 * nothing. */
#define _POSIX_C_SOURCE 200809L
#include "stream.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "tls.h"

enum {
    SLICES_MAX = 64,
    RUN_MAX = 1 << 20, /* octets of one connection before others have their turn */
    LAST_READ_MAX = 16
};

static ptrdiff_t plain_receive(struct stream *stream, void *buffer, size_t len)
{
    ptrdiff_t count;

    do
        count = recv(stream->fd, buffer, len, 0);
    while (count < 0 && errno == EINTR);
    if (count >= 0) {
        stream->drained = (size_t)count < len; /* a short read has emptied the socket */
        return count;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return SMTP_TRANSPORT_ERROR;
    stream->want |= STREAM_READ;
    return SMTP_TRANSPORT_AGAIN;
}

/* 1 when this run reads no more. What TLS has read ahead no event tells of: it is always taken. */
static int is_over(const struct stream *stream)
{
    if (stream->tls != NULL)
        return stream->allowance == 0 && !tls_pending(stream);
    return stream->allowance == 0 || stream->drained;
}

static ptrdiff_t receive(void *io, void *buffer, size_t len)
{
    struct stream *stream = io;
    ptrdiff_t count;

    if (is_over(stream)) {
        stream->want |= STREAM_READ;
        return SMTP_TRANSPORT_AGAIN;
    }
    count =
        stream->tls != NULL ? tls_receive(stream, buffer, len) : plain_receive(stream, buffer, len);
    if (count > (ptrdiff_t)stream->allowance)
        stream->allowance = 0;
    else if (count > 0)
        stream->allowance -= (uint32_t)count;
    if (count > 0 && stream->hears_out == 2)
        stream->hears_out = 1;
    return count;
}

static ptrdiff_t plain_send(struct stream *stream, const smtp_str *slices, size_t n)
{
    struct iovec parts[SLICES_MAX];
    ptrdiff_t count;
    size_t i;

    for (i = 0; i < n && i < SLICES_MAX; i++) {
        parts[i].iov_base = (void *)(uintptr_t)slices[i].ptr;
        parts[i].iov_len = slices[i].len;
    }
    do
        count = writev(stream->fd, parts, (int)i);
    while (count < 0 && errno == EINTR);
    if (count >= 0)
        return count;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return SMTP_TRANSPORT_ERROR;
    stream->want |= STREAM_WRITE;
    return SMTP_TRANSPORT_AGAIN;
}

static ptrdiff_t send_slices(void *io, const smtp_str *slices, size_t n)
{
    struct stream *stream = io;
    ptrdiff_t count;

    errno = 0;
    count = stream->tls != NULL ? tls_send(stream, slices, n) : plain_send(stream, slices, n);
    if (count != SMTP_TRANSPORT_ERROR || stream->hears_out != 1 ||
        (errno != EPIPE && errno != ECONNRESET))
        return count;
    stream->hears_out = 2;
    stream->want |= STREAM_READ;
    stream->drained = 0;
    return SMTP_TRANSPORT_AGAIN;
}

static int start_tls(void *io, smtp_tls_info *info)
{
    struct stream *stream = io;

    return stream->context != NULL ? tls_handshake(stream, info) : SMTP_TRANSPORT_ERROR;
}

/* One look at the clock is enough for a run, which never waits. */
static smtp_time now(void *io)
{
    const struct stream *stream = io;

    return stream->now;
}

const smtp_transport stream_transport = {
    .size = sizeof stream_transport,
    .receive = receive,
    .send = send_slices,
    .start_tls = start_tls,
    .now = now,
};

void stream_begin(struct stream *stream, int readable)
{
    stream->want = 0;
    stream->now = stream_now();
    stream->allowance = RUN_MAX;
    stream->drained = !readable;
}

void stream_close(struct stream *stream)
{
    char rest[4096];
    int i;

    if (stream->fd < 0)
        return;
    if (stream->tls != NULL)
        tls_end(stream);
    if (!stream->drained && shutdown(stream->fd, SHUT_WR) == 0) {
        for (i = 0; i < LAST_READ_MAX; i++) {
            if (recv(stream->fd, rest, sizeof rest, MSG_DONTWAIT) <= 0)
                break;
        }
    }
    close(stream->fd);
    stream->fd = -1;
}

smtp_time stream_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (smtp_time)time.tv_sec * 1000 + (smtp_time)(time.tv_nsec / 1000000);
}
