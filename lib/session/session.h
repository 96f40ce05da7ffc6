/* SPDX-License-Identifier: MIT
 * What both roles share: the object behind smtp_session, and what a role gives to it. */
#ifndef SMTP_LIB_SESSION_SESSION_H
#define SMTP_LIB_SESSION_SESSION_H

#include "base/compiler.h"
#include "base/str.h"
#include "session/line.h"
#include "session/output.h"
#include "smtp/base.h"
#include "smtp/session.h"

/* A role: what the ports call. All of them may end the session. */
typedef struct smtp__role {
    /* The connection is there, and with it implicit TLS. */
    void (*start)(smtp_session *session);
    /* A complete line without its line end. */
    void (*line)(smtp_session *session, smtp_str line);
    /* A line that was refused before it was complete, with LINE_TOO_LONG or BARE_LF. Its rest is
     * never seen. */
    void (*bad_line)(smtp_session *session, int error);
    /* Octets that are not lines; gives how many were taken. Called only while `octets` is set and
     * has_room says 1. */
    size_t (*octets)(smtp_session *session, smtp_str input);
    /* 1 while a command or a reply may be taken: its answers have room. */
    int (*has_room)(const smtp_session *session);
    /* Output has gone: do what waited for it. */
    void (*proceed)(smtp_session *session);
    /* The handshake is done: forget what came before it. */
    void (*tls_started)(smtp_session *session);
    /* The peer has closed its side: the error that ends the session, or 0 when that was expected.
     */
    int (*eof)(const smtp_session *session);
    /* The deadline is over. */
    void (*expired)(smtp_session *session);
    /* The session has ended with session->error; called once. */
    void (*ended)(smtp_session *session);
    /* The object goes: release what is not in it. The session's callbacks are over. */
    void (*freed)(smtp_session *session);
    int is_client;
} smtp__role;

enum smtp__tls { SMTP__TLS_OFF, SMTP__TLS_WANTED, SMTP__TLS_ON };

enum smtp__stage { SMTP__NEW, SMTP__RUNNING, SMTP__ENDED };

struct smtp_session {
    const smtp__role *role;
    smtp_allocator memory; /* allocate is NULL when nothing may be allocated */
    smtp__line line;
    smtp__output output;
    smtp_time now;
    smtp_time deadline;
    const smtp_tls_info *tls_info;
    smtp_trace trace;
    void *trace_user;
    uint32_t bytes; /* of the whole object */
    uint32_t drain; /* how long what is left may take to go once the session has ended */
    int error;      /* that ended the session, sticks */
    int refusal;    /* the last refusal */
    int reply;      /* that went with it */
    uint32_t column;
    uint64_t offset;      /* of it in the input */
    uint64_t line_offset; /* of the line at work */
    uint64_t octets_in;
    uint64_t octets_out;
    uint64_t body_octets;
    uint32_t commands;
    uint32_t replies;
    uint32_t errors;
    uint32_t transactions;
    uint32_t recipients;
    uint32_t messages;
    uint8_t stage;   /* SMTP__NEW ... */
    uint8_t tls;     /* SMTP__TLS_OFF ... */
    uint8_t busy;    /* a port is at work: every call of a port is from inside a callback */
    uint8_t doomed;  /* deleted inside a callback: freed when the port returns */
    uint8_t octets;  /* input is not lines now */
    uint8_t waiting; /* an answer is due: no input is taken */
    uint8_t secret;  /* the next lines hold credentials */
    uint8_t early;   /* the peer gave input while the first answer was due */
    uint8_t held;    /* the caller has input that was offered and not taken */
    uint8_t owned;   /* the memory is the allocator's, not the caller's storage */
    uint8_t turned;  /* it has ended because the roles turn */
};

/* Begins and ends a call that changes the session. enter returns 0, REENTRANT or STATE (before the
 * start); leave frees a session that was deleted meanwhile and returns the error to give to the
 * caller. */
int smtp__session_enter(smtp_session *session, smtp_time now);
int smtp__session_leave(smtp_session *session);

/* Ends the session, once: what is in the output still goes, then the connection is to be closed. */
void smtp__session_end(smtp_session *session, int error);

/* Ends the session without an error, and leaves the connection to one of the other role. */
void smtp__session_turn(smtp_session *session);

/* Remembers a refusal for smtp_session_error(). */
SMTP__RARE void smtp__session_refuse(smtp_session *session, int error, int reply, size_t column);

/* Sets the deadline to now + wait; SMTP_TIME_NEVER takes it away. */
inline void smtp__session_wait(smtp_session *session, smtp_time wait)
{
    session->deadline =
        wait < SMTP_TIME_NEVER - session->now ? session->now + wait : SMTP_TIME_NEVER;
}

/* 1 while input may be taken. */
inline int smtp__session_open(const smtp_session *session)
{
    return session->stage == SMTP__RUNNING && !session->waiting && session->tls != SMTP__TLS_WANTED;
}

/* Asks for the handshake. Output that is left goes before it; input that is left is an error. */
void smtp__session_want_tls(smtp_session *session);

/* trace.c: shows a line, a run of message content, or each line of what was just put into the
 * output, to a hook that is there. from_client says whose words they are. */
SMTP__RARE void smtp__session_show_line(smtp_session *session, int from_client, smtp_str line);
SMTP__RARE void smtp__session_show_body(smtp_session *session, int from_client, size_t octets);
SMTP__RARE void smtp__session_show_output(smtp_session *session, const char *octets, size_t length);

/* These look first whether there is one. */
inline void smtp__session_trace_line(smtp_session *session, int from_client, smtp_str line)
{
    if (session->trace != NULL) {
        smtp__session_show_line(session, from_client, line);
    }
}

inline void smtp__session_trace_body(smtp_session *session, int from_client, size_t octets)
{
    if (session->trace != NULL && octets > 0) {
        smtp__session_show_body(session, from_client, octets);
    }
}

inline void smtp__session_trace_output(smtp_session *session, const char *octets, size_t length)
{
    if (session->trace != NULL) {
        smtp__session_show_output(session, octets, length);
    }
}

/* A number of a configuration: `otherwise` where it says 0, within these bounds. */
uint32_t smtp__between(uint32_t value, uint32_t otherwise, uint32_t least, uint32_t most);

/* The same for a time, which has no bounds. */
uint32_t smtp__milliseconds(smtp_time time, uint32_t otherwise);

/* Where an object is made: in memory of the allocator, the heap when it is NULL; or in storage of
 * the caller's. */
typedef struct smtp__place {
    const smtp_allocator *allocator;
    void *storage;
    size_t bytes; /* of the storage */
    int is_storage;
} smtp__place;

/* What every session has behind its object, in octets. */
typedef struct smtp__plan {
    size_t segments; /* slices */
    size_t output;
    size_t line;
    smtp_str hostname; /* absent: localhost */
} smtp__plan;

/* Makes an object of `object` octets, all zero, with `bytes` in all. Returns 0, ARGUMENT or
 * NO_MEMORY. */
int smtp__session_make(smtp_session **out, const smtp__place *place, const smtp__role *role,
                       size_t object, size_t bytes);

/* Lays out parts of an object: `bytes` more, aligned for any of them; NULL base only counts. */
void *smtp__part(void *base, size_t *at, size_t bytes);

/* Lays out what every session has, and gives its hostname. */
smtp_str smtp__session_lay_out(smtp_session *session, size_t *at, const smtp__plan *plan);

/* Ends the use of the object: at once, or when the port returns inside of which this is called. */
void smtp__session_delete(smtp_session *session);

/* Frees the object, or leaves it to the caller whose storage it is. Everything in it is wiped. */
void smtp__session_free(smtp_session *session);

#endif
