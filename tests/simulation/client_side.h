/* SPDX-License-Identifier: MIT
 * The client's process: a queue of letters that are sent, and sent again where that is right. */
#ifndef SIMULATION_CLIENT_SIDE_H
#define SIMULATION_CLIENT_SIDE_H

#include <stddef.h>
#include <stdint.h>

#include "letter.h"
#include "memory.h"
#include "smtp/client.h"

enum { SLICE_MAX = 1500 };

typedef struct client_side {
    struct sim *of;
    smtp_client *client; /* NULL: the process is not there */
    smtp_client_callbacks callbacks;
    memory memory;
    attempt *under_way;
    attempt *behind; /* given while that one is under way */
    size_t next;     /* letter */
    int ready;
    int body_failed; /* so that the session is about to end */
    int quit;
    int closed;
    int shut;         /* the server said 421 */
    int in_callbacks; /* what comes next is asked for in the callbacks, not from outside */
    int ahead;        /* a letter is given while another is under way */
    size_t commands;  /* to be asked before the end */
    size_t steps;
    /* The body source. */
    int asked; /* for the first of it, 2: for the last */
    size_t given;
    int fills; /* the library's buffer, else gives slices */
    int last_alone;
    int deferred;
    smtp_time ready_at;
    char slice[2][SLICE_MAX]; /* what was lent, and what was lent before: overwritten */
    int lent;
} client_side;

/* A new process with a session on the connection, which takes up what is left in the queue. */
void client_begin(struct sim *s);

/* A step of its caller: sends, goes on with a body, quits, goes away. */
void client_work(struct sim *s);

/* When a body goes on, or SMTP_TIME_NEVER. */
smtp_time client_ready_at(const struct sim *s);

/* The process ends. */
void client_end(struct sim *s);

#endif
