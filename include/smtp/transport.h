/* SPDX-License-Identifier: MIT
 * Two vtables on top of the sessions: a pump that drives one over the caller's sockets, and a store
 * for its messages. */
#ifndef SMTP_TRANSPORT_H
#define SMTP_TRANSPORT_H

#include "base.h"
#include "server.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a transport's functions return beside octets. */
enum smtp_transport_result {
    SMTP_TRANSPORT_EOF = 0,    /* receive: the peer has closed its side */
    SMTP_TRANSPORT_AGAIN = -1, /* it would block; start_tls: until there is something to read */
    SMTP_TRANSPORT_ERROR = -2, /* it failed: the connection is lost */
    SMTP_TRANSPORT_AGAIN_WRITE = -3 /* start_tls: it would block until it can write */
};

/* The caller's connection. `io` is the caller's own pointer. */
typedef struct smtp_transport {
    size_t size; /* sizeof(smtp_transport) */
    /* Reads up to len octets: how many came (> 0), or SMTP_TRANSPORT_. */
    ptrdiff_t (*receive)(void *io, void *buffer, size_t len);
    /* Writes the slices, as far as they go: how many octets went (> 0), AGAIN or ERROR. One system
     * call for all of it is what makes a server fast. A server that refuses a message may be gone
     * before all of it has come: where a client says AGAIN to that, once, what was said is read. */
    ptrdiff_t (*send)(void *io, const smtp_str *slices, size_t n);
    /* Shakes hands: 0 when it is done (info, zeroed but for its size, filled as far as known, its
     * slices borrowed until the session ends), AGAIN, AGAIN_WRITE or ERROR. Certificate and host
     * name are the caller's to verify. NULL: TLS fails. */
    int (*start_tls)(void *io, smtp_tls_info *info);
    /* Milliseconds of a monotonic clock. Needed. */
    smtp_time (*now)(void *io);
    /* Closes the connection; called once, when the session is done. NULL: the caller does it. */
    void (*close)(void *io);
} smtp_transport;

/* What a pump came to. */
enum smtp_pump_result {
    SMTP_PUMP_DONE = 0, /* the session has ended and the connection was closed; smtp_session_error()
                           says why */
    SMTP_PUMP_READ = 1, /* call again when there is something to read, or at the deadline */
    SMTP_PUMP_WRITE = 2, /* call again when it can be written (or read: do both), or at the deadline
                          */
    SMTP_PUMP_WAIT = 3,  /* call again after a deferred answer was given, or at the deadline */
    SMTP_PUMP_TURN = 4 /* the session has ended by ATRN: go on with one of the other role, the same
                          state and buffer. Under TLS start_tls is called for it: give what the
                          handshake came to again */
};

/* Input that was read and not yet taken, kept between calls of the pump until the session is
 * deleted. All zero is the start. */
typedef struct smtp_pump_state {
    size_t start; /* in buffer */
    size_t end;
    uint32_t private_flags;
    uint32_t reserved;
    smtp_tls_info tls; /* what start_tls said: the session looks at it here */
} smtp_pump_state;

/* Runs a started session over a transport until it is done or would block. With a blocking
 * transport (one that never says AGAIN) it returns only when the session is done or waits for a
 * deferred answer. `buffer` is where input is read: between two calls it may hold input that is
 * still to be taken (state->start < state->end), else it can be shared by all connections of a
 * thread. A session that a pump drives is deleted after it has returned, not in a callback. Returns
 * an SMTP_PUMP_ value, or ARGUMENT or REENTRANT. Inside a callback: no. */
SMTP_API int smtp_pump(smtp_session *session, const smtp_transport *transport, void *io,
                       smtp_pump_state *state, void *buffer, size_t len);

/* Where a server keeps messages. Each function answers as the callback of server.h of which it gets
 * the event: SMTP_ACCEPT, SMTP_DEFER, a reply code, or SMTP_ERR_STORE_FULL (452) and SMTP_ERR_STORE
 * (451). */
typedef struct smtp_store {
    size_t size; /* sizeof(smtp_store) */
    /* A transaction begins. */
    int (*begin)(void *io, const smtp_mail_event *event);
    /* It has one more recipient; who may be one is decided here. */
    int (*recipient)(void *io, const smtp_rcpt_event *event);
    /* Content will follow: a place for it is made. NULL: nothing to do. */
    int (*open)(void *io, const smtp_data_event *event);
    /* Content. */
    int (*write)(void *io, const smtp_body_event *event);
    /* Make it durable, now: a message that was answered 250 is never lost (RFC 5321 6.1). */
    int (*commit)(void *io, const smtp_message_event *event);
    /* The transaction is dropped: leave nothing behind. Also called when no commit of it was
     * accepted (LMTP has one for each recipient). */
    void (*abort)(void *io, const smtp_reset_event *event);
} smtp_store;

/* What smtp_store_callbacks() puts behind a session: give its address as `user` to
 * smtp_server_new(). */
typedef struct smtp_store_adapter {
    const smtp_store *store; /* borrowed */
    void *io;
    void *user; /* for the callbacks that are the caller's own */
} smtp_store_adapter;

/* Fills mail, rcpt, data, body, message and reset of a table whose size is set with functions that
 * call the store of the adapter given as `user`. The other callbacks stay the caller's; they get
 * the adapter as `user`. Returns 0 or ARGUMENT. Inside a callback: yes. */
SMTP_API int smtp_store_callbacks(smtp_server_callbacks *callbacks);

#ifdef __cplusplus
}
#endif
#endif
