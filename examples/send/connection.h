/* SPDX-License-Identifier: MIT
 * One connection of the client: connected, then driven by the pump through its transactions. */
#ifndef EXAMPLES_SEND_CONNECTION_H
#define EXAMPLES_SEND_CONNECTION_H

#include <poll.h>
#include <stdint.h>

#include <smtp/transport.h>

#include "../common/endpoint.h"
#include "../common/stream.h"
#include "sender.h"

enum connection_stage { CONNECTION_CONNECTING, CONNECTION_RUNNING, CONNECTION_OVER };

struct connection {
    struct stream stream;
    struct sender *sender;
    smtp_client *client;
    smtp_pump_state pump;
    uint64_t traced; /* octets of a message that the trace has not shown */
    smtp_envelope envelope;
    const struct addrinfo *address; /* that is tried, or is connected */
    smtp_time connect_by;
    uint64_t left; /* transactions that were not begun */
    int error;     /* of the last transaction */
    int stage;     /* CONNECTION_ */
    char hello[ENDPOINT_TEXT_MAX];
    char buffer[4096];
};

/* Begins to connect. */
void connection_open(struct connection *connection, struct sender *sender,
                     smtp_recipient *recipients);

/* What poll() is to wait for: events, and the time until when, SMTP_TIME_NEVER for ever. */
short connection_events(const struct connection *connection);
smtp_time connection_deadline(const struct connection *connection);

/* Goes on after poll() said `ready`, or with 0 when the deadline is over. */
void connection_continue(struct connection *connection, short ready);

#endif
