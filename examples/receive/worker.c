/* SPDX-License-Identifier: MIT
 * The event loop of a thread: accepts, runs what is ready, looks after deadlines, ends. */
#define _GNU_SOURCE 1
#include "worker.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"

enum {
    BUFFER_SIZE = 256 * 1024,
    EVENTS_MAX = 256,
    ACCEPT_MAX = 16,   /* connections taken before those that are there have their turn */
    ACCEPT_PAUSE = 100 /* milliseconds without accepting when there are no descriptors left */
};

struct worker {
    struct shelf shelf;
    smtp_time accept_at; /* when accepting begins again; 0: it has not ended */
    int done;
};

static int watch(const struct worker *worker, int *fd, uint32_t events)
{
    struct epoll_event event;

    event.events = events;
    event.data.ptr = fd; /* where the descriptor stands tells it from a connection */
    return epoll_ctl(worker->shelf.epoll, EPOLL_CTL_ADD, *fd, &event);
}

/* One thread is woken for a new connection, not all. */
static int watch_listener(const struct worker *worker)
{
    return watch(worker, &worker->shelf.receiver->listener, EPOLLIN | EPOLLEXCLUSIVE);
}

/* Stops accepting for a while: there is no descriptor or memory for another connection. */
static void pause_accepting(struct worker *worker)
{
    epoll_ctl(worker->shelf.epoll, EPOLL_CTL_DEL, worker->shelf.receiver->listener, NULL);
    worker->accept_at = stream_now() + ACCEPT_PAUSE;
}

static void accept_some(struct worker *worker)
{
    int i;

    for (i = 0; i < ACCEPT_MAX; i++) {
        int fd =
            accept4(worker->shelf.receiver->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0)
            connection_open(&worker->shelf, fd);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            pause_accepting(worker);
            return;
        } /* else this one connection was lost before it was accepted */
    }
}

/* Milliseconds until something is due, -1 for never. */
static int time_left(const struct worker *worker)
{
    const struct timers *timers = &worker->shelf.timers;
    smtp_time due = timers->count > 0 ? timers->heap[0]->due : SMTP_TIME_NEVER;
    smtp_time now;

    if (worker->shelf.committing != NULL)
        return 0;
    if (worker->accept_at != 0 && worker->accept_at < due)
        due = worker->accept_at;
    if (due == SMTP_TIME_NEVER)
        return -1;
    now = stream_now();
    if (due <= now)
        return 0;
    return due - now < INT_MAX ? (int)(due - now) : INT_MAX;
}

static void look_at_clock(struct worker *worker)
{
    struct timers *timers = &worker->shelf.timers;
    smtp_time now = stream_now();

    if (worker->accept_at != 0 && worker->accept_at <= now) {
        worker->accept_at = 0;
        if (watch_listener(worker) != 0)
            pause_accepting(worker);
    }
    while (timers->count > 0 && timers->heap[0]->due <= now)
        connection_expire(timers->heap[0]->owner, now);
}

static void loop(struct worker *worker)
{
    struct epoll_event events[EVENTS_MAX];
    struct receiver *receiver = worker->shelf.receiver;

    while (!worker->done) {
        int count = epoll_wait(worker->shelf.epoll, events, EVENTS_MAX, time_left(worker));
        int i;

        for (i = 0; i < count; i++) {
            void *ready = events[i].data.ptr;

            if (ready == &receiver->listener)
                accept_some(worker);
            else if (ready == &receiver->signals)
                worker->done = 1;
            else
                connection_continue(ready, events[i].events);
        }
        connections_commit(&worker->shelf);
        look_at_clock(worker);
    }
    while (worker->shelf.timers.count > 0)
        connection_end(worker->shelf.timers.heap[0]->owner);
}

const char *worker_run(struct receiver *receiver)
{
    struct worker worker;
    const char *failed = NULL;

    memset(&worker, 0, sizeof worker);
    worker.shelf.receiver = receiver;
    worker.shelf.epoll = epoll_create1(EPOLL_CLOEXEC);
    worker.shelf.buffer = malloc(BUFFER_SIZE);
    worker.shelf.capacity = BUFFER_SIZE;
    if (worker.shelf.epoll < 0 || worker.shelf.buffer == NULL || watch_listener(&worker) != 0 ||
        watch(&worker, &receiver->signals, EPOLLIN) != 0)
        failed = strerror(errno);
    else
        loop(&worker);
    if (worker.shelf.epoll >= 0)
        close(worker.shelf.epoll);
    free(worker.shelf.buffer);
    timers_free(&worker.shelf.timers);
    return failed;
}
