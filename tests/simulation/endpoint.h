/* SPDX-License-Identifier: MIT
 * Drives a session over the network, by its ports or by smtp_pump(). */
#ifndef SIMULATION_ENDPOINT_H
#define SIMULATION_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "smtp/session.h"
#include "smtp/transport.h"

enum { INPUT_MAX = 2048 };

typedef struct endpoint {
    struct sim *of;
    int side;
    int by_pump;
    int whole;             /* this step goes as far as it can */
    int connected;         /* the socket is open */
    int shaken;            /* the handshake has come to something */
    smtp_session *session; /* NULL: there is none, or no more */
    smtp_pump_state pump;
    uint64_t taken;   /* octets that the session took, */
    uint64_t given;   /* and those that it gave, as the counters say */
    size_t queued;    /* octets of output, before the call at work */
    size_t callbacks; /* how many there were */
    char input[INPUT_MAX];
} endpoint;

/* Begins with a session that was just made; starts it. */
void endpoint_begin(struct sim *s, int side, smtp_session *session);

/* One step: reads, writes, shakes hands, looks at the clock. With `whole` all of it, and all that
 * there is. */
void endpoint_step(struct sim *s, int side, int whole);

/* After a call of the session that was not made here. */
void endpoint_settle(struct sim *s, int side);

/* The socket is closed, and the session of no more use to it. */
void endpoint_close(struct sim *s, int side);

/* When it has to look at the clock, or SMTP_TIME_NEVER. */
smtp_time endpoint_deadline(struct sim *s, int side);

#endif
