/* SPDX-License-Identifier: MIT
 * One connection of the server: its socket, its session, and the message that it brings. */
#ifndef EXAMPLES_RECEIVE_CONNECTION_H
#define EXAMPLES_RECEIVE_CONNECTION_H

#include <stdint.h>

#include <smtp/server.h>
#include <smtp/transport.h>

#include "../common/stream.h"
#include "receiver.h"
#include "timers.h"

/* What the connections of one thread share. */
struct shelf {
    struct receiver *receiver;
    int epoll;
    struct timers timers; /* one for each connection */
    char *buffer;         /* where each of them reads its input in turn */
    size_t capacity;
    struct connection *committing; /* those whose messages are complete and not yet durable */
};

struct connection {
    struct timer timer;
    struct stream stream;
    struct shelf *shelf;
    smtp_server *server;
    smtp_store_adapter adapter; /* its io is the connection */
    struct delivery *delivery;  /* of the transaction that is open */
    struct connection *next;    /* in shelf->committing */
    uint64_t ticket;            /* of the answer that is due there; 0: it is not there */
    int last;                   /* 1: that answer ends the transaction */
    char *kept;                 /* input that the session has not taken, between two runs */
    smtp_pump_state pump;
    uint64_t traced; /* octets of a message that the trace has not shown */
    uint32_t events; /* what epoll watches for; 0: not registered */
    int refused;     /* 1: there are too many; it is told so */
};

/* Takes a connection that was accepted, and the descriptor with it. */
void connection_open(struct shelf *shelf, int fd);

/* Goes on after an event of epoll. The connection may be gone afterwards. */
void connection_continue(struct connection *connection, uint32_t events);

/* Lets connections_commit() commit the message and give the answer for `ticket`, or takes that
 * back.
 */
void connection_commit_later(struct connection *connection, uint64_t ticket, int last);
void connection_commit_never(struct connection *connection);

/* Makes the messages durable that have come to their end since the last call, and answers them. The
 * connections may be gone afterwards. */
void connections_commit(struct shelf *shelf);

/* Looks at the clock. The connection may be gone afterwards; else its timer is put off. */
void connection_expire(struct connection *connection, smtp_time now);

/* Tells the client that the server ends, and ends the connection. */
void connection_end(struct connection *connection);

#endif
