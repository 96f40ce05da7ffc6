/* SPDX-License-Identifier: MIT
 * A connection's life: opened, run by the pump until it would block, closed. */
#define _GNU_SOURCE 1
#include "connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "../common/terminal.h"
#include "store.h"

enum { GROUP_MAX = 64 }; /* messages committed together */

static uint64_t count(struct receiver *receiver, int by)
{
    uint64_t connections;

    pthread_mutex_lock(&receiver->lock);
    receiver->connections += (uint64_t)by;
    connections = receiver->connections;
    pthread_mutex_unlock(&receiver->lock);
    return connections;
}

static void connection_close(struct connection *connection)
{
    connection_commit_never(connection);
    timers_remove(&connection->shelf->timers, &connection->timer);
    stream_close(&connection->stream);
    smtp_server_del(connection->server);
    delivery_free(connection->delivery);
    free(connection->kept);
    count(connection->shelf->receiver, -1);
    free(connection);
}

/* Lets epoll watch for what the session waits for. Returns 0 or -1. */
static int watch(struct connection *connection)
{
    struct epoll_event event;
    uint32_t want = connection->stream.want;
    int operation = connection->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

    event.events = (want & STREAM_READ ? EPOLLIN : 0u) | (want & STREAM_WRITE ? EPOLLOUT : 0u) |
                   EPOLLERR; /* which epoll tells of anyway: the set is never empty */
    event.data.ptr = connection;
    if (event.events == connection->events)
        return 0;
    connection->events = event.events;
    return epoll_ctl(connection->shelf->epoll, operation, connection->stream.fd, &event);
}

/* Keeps input that the session did not take, since the buffer is lent to another connection.
 * Returns 0 or -1. */
static int keep(struct connection *connection)
{
    smtp_pump_state *pump = &connection->pump;
    size_t length = pump->end - pump->start;

    if (length == 0)
        return 0;
    connection->kept = malloc(length);
    if (connection->kept == NULL)
        return -1;
    memcpy(connection->kept, connection->shelf->buffer + pump->start, length);
    pump->start = 0;
    pump->end = length;
    return 0;
}

/* Gives the connection the buffer, and what was kept in it. */
static void unkeep(struct connection *connection)
{
    if (connection->kept == NULL)
        return;
    memcpy(connection->shelf->buffer, connection->kept, connection->pump.end);
    free(connection->kept);
    connection->kept = NULL;
}

/* The timer is moved only to come earlier: that it comes too early is seen when it does. */
static void set_timer(struct connection *connection)
{
    smtp_time due = smtp_session_deadline(smtp_server_session(connection->server));

    if (due < connection->timer.due)
        timers_move(&connection->shelf->timers, &connection->timer, due);
}

/* Runs the session until it would block. Returns 0, or -1 when the connection is to be closed. */
static int run(struct connection *connection, int readable)
{
    struct shelf *shelf = connection->shelf;
    int result;

    unkeep(connection);
    stream_begin(&connection->stream, readable);
    result = smtp_pump(smtp_server_session(connection->server), &stream_transport,
                       &connection->stream, &connection->pump, shelf->buffer, shelf->capacity);
    if (result <= SMTP_PUMP_DONE || keep(connection) != 0)
        return -1;
    if (connection->ticket != 0)
        return 0; /* it goes on when the message is committed */
    set_timer(connection);
    return watch(connection);
}

/* Makes the session. Returns 0 or an SMTP_ERR_ code. */
static int start(struct connection *connection)
{
    const struct receiver *receiver = connection->shelf->receiver;
    int error;

    connection->adapter.store = &maildir_store;
    connection->adapter.io = connection;
    error = smtp_server_new(&connection->server, &receiver->config, &receiver->callbacks,
                            &connection->adapter, NULL);
    if (error != 0)
        return error;
    if (receiver->trace)
        smtp_session_set_trace(smtp_server_session(connection->server), terminal_trace,
                               &connection->traced);
    /* One that ends at its start still has something to say. */
    (void)smtp_session_start(smtp_server_session(connection->server), stream_now());
    return 0;
}

void connection_open(struct shelf *shelf, int fd)
{
    struct connection *connection = calloc(1, sizeof *connection);
    struct stream socket_only = {0};

    socket_only.fd = fd;
    if (connection == NULL ||
        timers_add(&shelf->timers, &connection->timer, SMTP_TIME_NEVER) != 0) {
        free(connection);
        stream_close(&socket_only);
        return;
    }
    connection->timer.owner = connection;
    connection->shelf = shelf;
    connection->stream = socket_only;
    connection->stream.context = shelf->receiver->tls;
    connection->refused = count(shelf->receiver, 1) > shelf->receiver->connections_max;
    /* A client waits for the greeting, so there is nothing to read yet; one that is refused is not
     * waited for. */
    if (start(connection) != 0 || run(connection, 0) != 0 || connection->refused)
        connection_close(connection);
}

void connection_continue(struct connection *connection, uint32_t events)
{
    if (connection->ticket != 0)
        return; /* its answer comes first */
    if (run(connection, events != EPOLLOUT) != 0)
        connection_close(connection);
}

void connection_commit_later(struct connection *connection, uint64_t ticket, int last)
{
    connection->ticket = ticket;
    connection->last = last;
    connection->next = connection->shelf->committing;
    connection->shelf->committing = connection;
}

void connection_commit_never(struct connection *connection)
{
    struct connection **at = &connection->shelf->committing;

    if (connection->ticket == 0)
        return;
    while (*at != NULL && *at != connection)
        at = &(*at)->next;
    if (*at != NULL)
        *at = connection->next;
    connection->ticket = 0;
}

/* Answers a message that was committed, or was not, and goes on. */
static void conclude(struct connection *connection)
{
    const smtp_str usual = {NULL, 0};
    int state = delivery_state(connection->delivery);
    uint64_t ticket = connection->ticket;

    connection->ticket = 0;
    (void)smtp_server_answer(connection->server, ticket, state == 1 ? SMTP_ACCEPT : 452, 0, usual,
                             stream_now());
    if (state == 1 && connection->last) {
        delivery_free(connection->delivery);
        connection->delivery = NULL;
    }
    connection_continue(connection, EPOLLOUT);
}

/* What comes to its end here waits for the next turn: one client's messages, which may be there one
 * behind the other without end, keep nobody else waiting. */
void connections_commit(struct shelf *shelf)
{
    struct connection *waiting = shelf->committing;

    shelf->committing = NULL;
    while (waiting != NULL) {
        struct connection *group[GROUP_MAX];
        struct delivery *deliveries[GROUP_MAX];
        size_t count = 0;
        size_t i;

        for (; waiting != NULL && count < GROUP_MAX; count++) {
            group[count] = waiting;
            deliveries[count] = waiting->delivery;
            waiting = waiting->next;
        }
        maildir_commit(&shelf->receiver->maildir, deliveries, count);
        for (i = 0; i < count; i++)
            conclude(group[i]);
    }
}

void connection_expire(struct connection *connection, smtp_time now)
{
    smtp_session *session = smtp_server_session(connection->server);

    timers_move(&connection->shelf->timers, &connection->timer, SMTP_TIME_NEVER);
    if (smtp_session_deadline(session) > now) {
        set_timer(connection);
        return;
    }
    smtp_session_expire(session, now);
    connection_continue(connection, EPOLLOUT);
}

void connection_end(struct connection *connection)
{
    smtp_str usual = {NULL, 0};

    if (smtp_server_close(connection->server, 0, usual, stream_now()) == 0)
        run(connection, 0);
    connection_close(connection);
}
