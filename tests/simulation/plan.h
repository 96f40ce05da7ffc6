/* SPDX-License-Identifier: MIT
 * What is drawn before anything happens: how both sides are set up, and the mood of a connection.
 */
#ifndef SIMULATION_PLAN_H
#define SIMULATION_PLAN_H

#include "chance.h"
#include "smtp/client.h"
#include "smtp/server.h"

/* Both sides for a whole run. */
typedef struct plan {
    smtp_server_config server;
    smtp_client_config client;
    smtp_server_config limited; /* the same with limits that are reached */
    int lmtp;
    int auth;
    int store;      /* the server's callbacks are those of the store adapter */
    int pump[2];    /* a side is driven by smtp_pump() */
    int storage[2]; /* it lives in storage of the caller's */
    size_t letters;
    size_t connections; /* before the calm one */
} plan;

enum death {
    DEATH_NONE,
    DEATH_AT_STEP,
    DEATH_IN_COMMIT,    /* inside the callback, once the message is durable */
    DEATH_AFTER_COMMIT, /* a few steps behind it */
    DEATH_OF_HOST       /* and the peer is not told */
};

/* How a connection goes: a calm one has nothing in its way. */
typedef struct mood {
    int calm;
    int limited;     /* the server has the small limits */
    uint32_t refuse; /* of a thousand questions to the server's caller */
    uint32_t defer;
    uint32_t words; /* and answers in words of its own */
    uint32_t slow;  /* milliseconds that what is deferred takes at most */
    uint32_t jump;  /* of a thousand steps, the clock goes on */
    uint32_t jump_most;
    uint32_t wait;  /* of a thousand reads and writes, it would block */
    uint32_t piece; /* octets of a read or a write at most, 0: all */
    size_t window[2];
    int loss[2];
    size_t loss_at[2];
    size_t loss_behind_commit; /* octets of the server's that still go then; 0: all */
    size_t stall_at[2];
    smtp_time stall[2];
    int tls_fails[2];
    int death; /* of the server's process */
    size_t death_at;
    size_t client_dies_at; /* steps, 0: does not */
    size_t shut_down_at;   /* the server's caller closes the session */
    size_t give_up_at;     /* the client's caller drops the connection */
    uint32_t body_fails;   /* of a thousand questions to the body source */
    size_t no_memory[2];   /* the borrowing that finds none */
} mood;

void plan_draw(plan *out, chance *from);
void mood_draw(mood *out, chance *from, int calm);

#endif
