/* SPDX-License-Identifier: MIT
 * A client session under test: its envelopes and bodies are those of a plan, and its callbacks keep
 * an account of what it was asked and what it has told. */
#ifndef FUZZ_SENDING_H
#define FUZZ_SENDING_H

#include "smtp/client.h"
#include "support.h"
#include "wire.h"

enum { SENDING_RECIPIENTS = 5, SENDING_TRANSACTIONS = 3 };

/* A message to be sent. */
typedef struct letter {
    smtp_str from;
    smtp_str to[SENDING_RECIPIENTS];
    size_t to_count;
    int mail_params; /* rows of the tables, 0: none */
    int rcpt_params;
    uint32_t flags;
    int says_octets;
    smtp_str body;
    size_t piece;    /* octets that the source gives at once, 0: all */
    uint32_t source; /* SOURCE_ */
    size_t fails_at;
} letter;

enum {
    SOURCE_FILLS = 1 << 0,     /* it writes to the buffer */
    SOURCE_DEFERS = 1 << 1,    /* before each piece */
    SOURCE_EMPTY_END = 1 << 2, /* its last piece is empty */
    SOURCE_FAILS = 1 << 3
};

typedef struct sending_plan {
    smtp_client_config config;
    letter letters[SENDING_TRANSACTIONS];
    size_t letter_count;
    uint32_t habits; /* HABIT_ */
    size_t delete_at;
} sending_plan;

enum {
    HABIT_EAGER = 1 << 0,    /* sends before the session is ready, and in callbacks */
    HABIT_COMMANDS = 1 << 1, /* asks for other commands between */
    HABIT_NO_QUIT = 1 << 2,
    HABIT_AHEAD = 1 << 3 /* gives the next letter while one is under way */
};

/* What became of a letter. */
typedef struct verdict {
    int refused; /* what smtp_client_send() returned */
    int told;    /* `sent` events */
    int result;
    size_t delivered;
    int results[SENDING_RECIPIENTS];
} verdict;

/* A letter that was given to the client. */
typedef struct posted {
    smtp_envelope envelope;
    smtp_recipient recipients[SENDING_RECIPIENTS];
    smtp_params params[2];
    int told[SENDING_RECIPIENTS];
    size_t given; /* octets of its body */
    int has_deferred;
} posted;

typedef struct sending {
    const sending_plan *plan;
    smtp_client *client;
    smtp_session *session;
    smtp_client_callbacks callbacks;
    memory memory;
    void *storage;
    smtp_time now;
    text log;
    text trace;
    text out;
    wire wire;
    int gone;
    int closed;
    int ready;
    int quit;
    int resume;
    size_t events;
    size_t next; /* letter */
    size_t busy; /* letters under way */
    int asked;   /* commands between, for this letter */
    posted posted[SENDING_TRANSACTIONS];
    size_t body;  /* the letter whose body was asked for */
    char *piece;  /* of it */
    int accepted; /* a 2yz to the end of data since the last `sent` */
    verdict verdicts[SENDING_TRANSACTIONS];
} sending;

/* The plan that the choices say; `body` is that of the first letter, NULL: from a table. */
sending_plan draw_sending(choices *from, const smtp_str *body);

int sending_start(sending *s, const sending_plan *plan, int in_storage);
void sending_drop(sending *s);

/* Does what the plan has next, if it can be done now; 1 when something was. */
int sending_go_on(sending *s);

/* Takes note of octets of output that have gone. */
void sending_gone(sending *s, smtp_str octets);

/* Takes at most `most` octets of output; gives how many there were. */
size_t sending_take(sending *s, size_t most);

/* Offers octets; gives how many were taken. */
size_t sending_give(sending *s, smtp_str octets);

/* Checks what must hold at the end, when the connection is gone. */
void sending_finish(sending *s);

#endif
