/* SPDX-License-Identifier: MIT
 * What all connections of the client share, and the loop that runs them. */
#ifndef EXAMPLES_SEND_SENDER_H
#define EXAMPLES_SEND_SENDER_H

#include <netdb.h>
#include <stdint.h>

#include <smtp/client.h>

#include "../common/tls.h"
#include "message.h"
#include "tally.h"

struct sender {
    const char *program; /* who speaks on standard error */
    const char *server;  /* as on the command line */
    const char *hello;   /* NULL: each connection finds its own */
    smtp_client_config config;
    smtp_credentials credentials; /* of each connection; config.sasl NULL: none */
    smtp_envelope envelope;       /* each connection has a copy, with recipients of its own */
    struct message message;
    struct tls_context *tls;
    const struct addrinfo *addresses; /* of the server, in the order to be tried */
    smtp_time connect_timeout;
    uint64_t count; /* messages on each connection */
    uint64_t connections;
    int trace;
    struct tally tally;
    smtp_statistics total;
};

/* Lets the library look at the envelope before there is a connection: what is malformed is told on
 * standard error. Returns 0 or an SMTP_ERR_ code. */
int sender_check(const struct sender *sender);

/* Runs all connections to their ends. Returns 0, or -1 and errno. */
int sender_run(struct sender *sender);

#endif
