/* SPDX-License-Identifier: MIT
 * The deadlines of a thread's connections: a binary heap that knows where each of its timers
 * stands. */
#ifndef EXAMPLES_RECEIVE_TIMERS_H
#define EXAMPLES_RECEIVE_TIMERS_H

#include <stddef.h>

#include <smtp/base.h>

/* A part of what it wakes. */
struct timer {
    smtp_time due;
    void *owner;
    size_t place;
};

/* All zero is an empty heap. */
struct timers {
    struct timer **heap; /* the one that is due first stands first */
    size_t count;
    size_t capacity;
};

/* Adds a timer. Returns 0, or -1 when there is no memory. */
int timers_add(struct timers *timers, struct timer *timer, smtp_time due);

/* Moves it to another time. A timer that is only ever put off need not be moved: wake, look, and
 * move it then. */
void timers_move(struct timers *timers, struct timer *timer, smtp_time due);

void timers_remove(struct timers *timers, struct timer *timer);

/* Releases the heap, not its timers. */
void timers_free(struct timers *timers);

#endif
