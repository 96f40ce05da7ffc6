/* SPDX-License-Identifier: MIT
 * A server session under test: its callbacks answer as the choices say, keep an account of what the
 * session owes, and write down all that they are told. */
#ifndef FUZZ_SERVING_H
#define FUZZ_SERVING_H

#include "smtp/server.h"
#include "smtp/transport.h"
#include "support.h"

/* How a server is set up and answered. */
typedef struct serving_plan {
    smtp_server_config config;
    uint32_t absent;        /* callbacks that are NULL, a bit each in the order of their table */
    const uint8_t *answers; /* one for each event, then again from the first */
    size_t answer_count;
    int offer_while_deferred; /* input is offered while an answer is due */
    int through_store;        /* the callbacks of a message are those of the store adapter */
    size_t delete_at;         /* the event in which the session is deleted, 0: none */
    size_t fail_at;           /* the allocation that fails, 0: none */
} serving_plan;

/* A message that was accepted. */
typedef struct stored {
    text from;
    text body;
    uint32_t recipients; /* that have it */
} stored;

typedef struct serving {
    smtp_store_adapter adapter; /* first: a callback's `user` is this, with a store or without */
    smtp_store store;
    const serving_plan *plan;
    smtp_server *server;
    smtp_session *session;
    smtp_server_callbacks callbacks;
    memory memory;
    void *storage;
    smtp_time start;
    smtp_time now;
    text log;
    text trace; /* the lines of both sides */
    text out;
    uint64_t given;
    text body; /* of the message under way */
    int gone;  /* deleted in a callback */
    /* the account */
    size_t events;
    size_t answered; /* events that took an answer out of the plan */
    uint64_t ticket;
    uint64_t due;   /* the ticket of a deferred answer, 0: none */
    int due_kind;   /* KIND_ */
    int due_answer; /* that will be given */
    int due_wrong;  /* first with an answer that is not allowed */
    int connected;
    int closed;
    int turned;         /* ATRN was accepted */
    int vouched;        /* an `auth` was answered well, ... */
    int vouched_in_tls; /* and then TLS was in force */
    int open;           /* a transaction */
    int asks_data;      /* `data` is asked */
    int content;
    uint32_t recipients;
    uint32_t position;
    uint32_t accepted; /* recipients whose `message` was */
    uint32_t mails;    /* accepted in the session, and recipients, and messages */
    uint32_t rcpts;
    uint32_t messages;
    uint32_t mails_asked; /* in the session, and recipients in the transaction: refused ones too */
    uint32_t rcpts_asked;
    uint64_t taken; /* octets of content */
    uint64_t read;  /* of it on the wire, behind the last command */
    int stranger;   /* the last command was one of HTTP */
    uint32_t words; /* how often a body was refused in words of its own, once a reply */
    uint32_t words_last;
    uint64_t refuse_at;
    int body_defers;
    int refused;
    stored current;
    stored *stored;
    size_t stored_count;
} serving;

/* The plan that the choices say; its answers are the choices that are left then. */
serving_plan draw_serving(choices *from);

/* Makes and starts a session, in storage of its own if asked to; 0 when the configuration cannot be
 * had. */
int serving_start(serving *s, const serving_plan *plan, int in_storage);
void serving_drop(serving *s);

/* Gives the answer that is due, if one is. */
int serving_answer(serving *s);

/* Takes note of octets of output that have gone. */
void serving_gone(serving *s, smtp_str octets);

/* Takes at most `most` octets of output; gives how many there were. */
size_t serving_take(serving *s, size_t most);

/* Offers octets; gives how many were taken. */
size_t serving_give(serving *s, smtp_str octets);

/* Checks how many replies there were, when all of the output has gone. */
void serving_check_replies(const serving *s);

/* Checks what must hold at the end, when the connection is gone. */
void serving_finish(serving *s);

#endif
