/* SPDX-License-Identifier: MIT
 * The server's process: its session, what its callbacks answer, and the ledger of what they were
 * told. */
#ifndef SIMULATION_SERVER_SIDE_H
#define SIMULATION_SERVER_SIDE_H

#include <stddef.h>
#include <stdint.h>

#include "letter.h"
#include "memory.h"
#include "smtp/server.h"
#include "smtp/transport.h"

/* What the session asks its caller. */
enum ask {
    ASK_NONE,
    ASK_CONNECT,
    ASK_HELLO,
    ASK_STARTTLS,
    ASK_AUTH,
    ASK_MAIL,
    ASK_RCPT,
    ASK_DATA,
    ASK_BODY,
    ASK_MESSAGE,
    ASK_COMMAND,
    ASKS
};

typedef struct server_side {
    struct sim *of;
    smtp_server *server; /* NULL: the process is not there */
    smtp_server_callbacks callbacks;
    smtp_store_adapter adapter;
    memory memory;
    /* An answer that is due. */
    int due; /* ASK_ */
    uint64_t ticket;
    int answer;
    smtp_time ready_at;
    int committed;  /* the message is durable already */
    uint64_t stale; /* a ticket that was answered, or whose session is gone */
    /* The transaction. */
    int open;    /* `mail` was accepted, and nothing has ended it */
    int content; /* CONTENT_ */
    size_t attempt;
    size_t recipient; /* that is asked about */
    size_t to[RECIPIENTS];
    size_t count;
    size_t position; /* LMTP: of the next `message` */
    int delivered;   /* one of them was accepted */
    int refused;     /* the message was: a `reset` for that must follow at once */
    int commit_late; /* a sabotage: made durable behind the answer */
    /* The session. */
    int closed;
    int error; /* of `close` */
    size_t steps;
    size_t dies_in; /* steps, 0: not yet */
} server_side;

/* A new process, with a session on the connection. */
void server_begin(struct sim *s);

/* A step of its caller: what was deferred is done, what is to befall the process befalls it. Gives
 * 1 when there was something to do. */
void server_work(struct sim *s);

/* The process dies: its memory is gone, its disk stays. */
void server_vanish(struct sim *s);

/* When what is deferred is done, or SMTP_TIME_NEVER. */
smtp_time server_ready_at(const struct sim *s);

/* The process ends, in order when the session has. */
void server_end(struct sim *s);

#endif
