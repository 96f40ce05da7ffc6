/* SPDX-License-Identifier: MIT
 * A binary heap of deadlines. */
#include "timers.h"

#include <stdlib.h>

static void place(struct timers *timers, size_t at, struct timer *timer)
{
    timers->heap[at] = timer;
    timer->place = at;
}

/* Puts a timer where it belongs, at or above `at`. */
static void rise(struct timers *timers, size_t at, struct timer *timer)
{
    while (at > 0 && timers->heap[(at - 1) / 2]->due > timer->due) {
        place(timers, at, timers->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(timers, at, timer);
}

/* Puts a timer where it belongs, at or below `at`. */
static void sink(struct timers *timers, size_t at, struct timer *timer)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < timers->count && timers->heap[child + 1]->due < timers->heap[child]->due)
            child++;
        if (child >= timers->count || timers->heap[child]->due >= timer->due)
            break;
        place(timers, at, timers->heap[child]);
        at = child;
    }
    place(timers, at, timer);
}

int timers_add(struct timers *timers, struct timer *timer, smtp_time due)
{
    if (timers->count == timers->capacity) {
        size_t capacity = timers->capacity > 0 ? 2 * timers->capacity : 64;
        struct timer **heap = realloc(timers->heap, capacity * sizeof(struct timer *));
        if (heap == NULL)
            return -1;
        timers->heap = heap;
        timers->capacity = capacity;
    }
    timer->due = due;
    rise(timers, timers->count++, timer);
    return 0;
}

void timers_move(struct timers *timers, struct timer *timer, smtp_time due)
{
    int earlier = due < timer->due;

    timer->due = due;
    if (earlier)
        rise(timers, timer->place, timer);
    else
        sink(timers, timer->place, timer);
}

void timers_remove(struct timers *timers, struct timer *timer)
{
    struct timer *last = timers->heap[--timers->count];

    if (last == timer)
        return;
    if (timer->place > 0 && timers->heap[(timer->place - 1) / 2]->due > last->due)
        rise(timers, timer->place, last);
    else
        sink(timers, timer->place, last);
}

void timers_free(struct timers *timers)
{
    free(timers->heap);
    timers->heap = NULL;
    timers->count = 0;
    timers->capacity = 0;
}
