/* SPDX-License-Identifier: MIT
 * The ports of a session, the same for both roles: octets in and out, time, TLS, trace and
 * statistics. */
#ifndef SMTP_SESSION_H
#define SMTP_SESSION_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A server or a client session, seen through its ports. A session is one object of one thread at a
 * time; different sessions share nothing. */
typedef struct smtp_session smtp_session;

/* What a session waits for, as a set of bits. */
enum smtp_wants {
    SMTP_WANTS_READ = 1 << 0,          /* octets from the peer: smtp_session_receive() */
    SMTP_WANTS_WRITE = 1 << 1,         /* there is output: smtp_session_output() */
    SMTP_WANTS_TLS_HANDSHAKE = 1 << 2, /* send what is left, shake hands, then
                                          smtp_session_tls_started() */
    SMTP_WANTS_CLOSE = 1 << 3,         /* send what is left, then close the connection */
    SMTP_WANTS_TURN = 1 << 4 /* send what is left, then the roles turn (ATRN, RFC 2645 4): this
                                session has ended, and one of the other role goes on with the
                                connection. Under TLS give that one the policy of implicit TLS and
                                call its smtp_session_tls_started() right after its start */
};

/* What a callback can answer, beside a reply code. */
enum smtp_answer {
    SMTP_ACCEPT = 0, /* the usual positive reply */
    SMTP_DEFER = 1   /* the answer comes later, by the ticket of the event */
};

/* What TLS came to. The slices are borrowed until the session ends; leave empty what is not known.
 */
typedef struct smtp_tls_info {
    size_t size;           /* sizeof(smtp_tls_info) */
    smtp_str version;      /* "TLS1.3", for the Received field */
    smtp_str cipher;       /* "TLS_AES_256_GCM_SHA384", as in the IANA registry */
    smtp_str exporter;     /* channel binding tls-exporter (RFC 9266) */
    smtp_str end_point;    /* channel binding tls-server-end-point (RFC 5929) */
    smtp_str unique;       /* channel binding tls-unique (RFC 5929) */
    smtp_str peer_subject; /* who the peer's certificate says it is, when it was verified: for
                              EXTERNAL */
} smtp_tls_info;

/* Why a session ended, or the last thing that was refused in it. */
typedef struct smtp_detail {
    size_t size;      /* sizeof(smtp_detail), set by the caller */
    int error;        /* an SMTP_ERR_ code, 0: none */
    int reply;        /* the reply code that it caused or that caused it, 0: none */
    uint64_t offset;  /* octets of input before the line or body octet where it was found */
    size_t column;    /* and the octet within that line */
    const char *text; /* smtp_error_text() of the error */
} smtp_detail;

enum smtp_trace_kind {
    SMTP_TRACE_LINE = 1,  /* text is a line without its CRLF */
    SMTP_TRACE_BODY = 2,  /* message content: text is empty, octets counts it */
    SMTP_TRACE_SECRET = 3 /* a line that holds credentials: text is what may be shown of it */
};

/* One line, or one run of message content, on its way. */
typedef struct smtp_trace_event {
    int client;      /* 1: what the client says, 0: what the server says */
    int kind;        /* SMTP_TRACE_ */
    smtp_str text;   /* as on the wire: escape it before it goes to a terminal or a log */
    uint64_t octets; /* of the line or the run, as on the wire */
} smtp_trace_event;

/* The trace hook. It may not call the session. */
typedef void (*smtp_trace)(smtp_session *session, const smtp_trace_event *event, void *user);

/* Counters of one session. */
typedef struct smtp_statistics {
    size_t size;          /* sizeof(smtp_statistics), set by the caller */
    uint64_t octets_in;   /* octets taken from the peer */
    uint64_t octets_out;  /* octets given to the peer */
    uint64_t body_octets; /* octets of message content, in the role's direction */
    uint32_t commands;    /* command lines, unknown ones too */
    uint32_t replies;     /* replies, multi-line ones count once */
    uint32_t errors; /* commands that were refused by the grammar or out of order; replies that were
                        malformed */
    uint32_t transactions; /* MAIL commands that were accepted */
    uint32_t recipients;   /* RCPT commands that were accepted */
    uint32_t messages;     /* messages that were accepted */
} smtp_statistics;

/* Starts a session: call it once, when the connection is there, before any other port. A server
 * with implicit TLS, and a client with that policy, then wants a handshake first. Returns 0, the
 * error that ended the session at once (`connect` answered 421), STATE or REENTRANT. Inside a
 * callback: no. */
SMTP_API int smtp_session_start(smtp_session *session, smtp_time now);

/* Gives octets from the peer. *used is always written. It is less than len only while the session
 * must not see the rest: an answer is due, the output is full, or a switch to TLS or the end of the
 * session was reached. Offer the rest again when `wants` has READ. Whatever the cut of the input,
 * events and output are the same. len may be 0. Returns 0, or the error that ended the session
 * (again at each later call), or STATE, REENTRANT. Inside a callback: no. */
SMTP_API int smtp_session_receive(smtp_session *session, const void *octets, size_t len,
                                  smtp_time now, size_t *used);

/* Peeks at what must go out: up to n slices, oldest first, and how many there are. Changes nothing.
 * The slices stay until smtp_session_sent() or another port is called. Inside a callback: yes. */
SMTP_API size_t smtp_session_output(const smtp_session *session, smtp_str *slices, size_t n);

/* Says that the first `octets` octets of the output have gone. What waited for room goes on, so
 * callbacks may be called. Inside a callback: no (does nothing). */
SMTP_API void smtp_session_sent(smtp_session *session, size_t octets, smtp_time now);

/* Says that the peer has closed its side. Returns 0, or the error that ended the session. Inside a
 * callback: no. */
SMTP_API int smtp_session_eof(smtp_session *session, smtp_time now);

/* When smtp_session_expire() is to be called, or SMTP_TIME_NEVER. Inside a callback: yes. */
SMTP_API smtp_time smtp_session_deadline(const smtp_session *session);

/* Looks at the clock: what is overdue ends the session (a server says 421 first, RFC 5321 4.5.3.2).
 * May be called early or twice, and then does nothing. Returns 0, or the error that ended the
 * session. Inside a callback: no. */
SMTP_API int smtp_session_expire(smtp_session *session, smtp_time now);

/* What the session waits for: SMTP_WANTS_ bits. Together with the deadline it is all that an event
 * loop needs. When an answer is due that the caller deferred it has no READ. Inside a callback:
 * yes. */
SMTP_API uint32_t smtp_session_wants(const smtp_session *session);

/* Says that the handshake is done. info, which may be NULL, is borrowed until the session ends.
 * What was learnt before is forgotten (RFC 3207 4.2). Returns 0, ARGUMENT, STATE when no handshake
 * was wanted, REENTRANT, or the error that ended the session (INPUT_BEFORE_TLS: input was left over
 * from before it). Inside a callback: no. */
SMTP_API int smtp_session_tls_started(smtp_session *session, const smtp_tls_info *info,
                                      smtp_time now);

/* Says that the handshake failed: the session ends with TLS_FAILED. It never goes on in the clear.
 * Returns that error or the one that had ended it, STATE or REENTRANT. Inside a callback: no. */
SMTP_API int smtp_session_tls_failed(smtp_session *session, smtp_time now);

/* 1 once TLS is in force. Inside a callback: yes. */
SMTP_API int smtp_session_tls_active(const smtp_session *session);

/* Why the session ended, or what was last refused in it. Returns that error code. Inside a
 * callback: yes. */
SMTP_API int smtp_session_error(const smtp_session *session, smtp_detail *detail);

/* Copies the counters. Returns 0 or ARGUMENT. Inside a callback: yes. */
SMTP_API int smtp_session_statistics(const smtp_session *session, smtp_statistics *out);

/* Sets the trace hook, or removes it with NULL. Inside a callback: yes. */
SMTP_API void smtp_session_set_trace(smtp_session *session, smtp_trace trace, void *user);

#ifdef __cplusplus
}
#endif
#endif
