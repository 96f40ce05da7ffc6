/* SPDX-License-Identifier: MIT
 * The loop of the client: all connections in one poll(). */
#define _POSIX_C_SOURCE 200809L
#include "sender.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/terminal.h"
#include "connection.h"

/* Fills the set with the connections that are at work, in their order, since poll() bears no more
 * of them than there can be descriptors. Gives how many they are; *timeout is for poll(). */
static size_t watch(struct pollfd *set, const struct connection *connections, size_t count,
                    int *timeout)
{
    smtp_time due = SMTP_TIME_NEVER;
    smtp_time now = stream_now();
    size_t working = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        const struct connection *connection = &connections[i];

        if (connection->stage == CONNECTION_OVER)
            continue;
        set[working].fd = connection->stream.fd;
        set[working].events = connection_events(connection);
        set[working++].revents = 0;
        if (connection_deadline(connection) < due)
            due = connection_deadline(connection);
    }
    *timeout = -1;
    if (due != SMTP_TIME_NEVER)
        *timeout = due <= now ? 0 : due - now < INT_MAX ? (int)(due - now) : INT_MAX;
    return working;
}

static void loop(struct pollfd *set, struct connection *connections, size_t count)
{
    size_t working;
    int timeout;

    while ((working = watch(set, connections, count, &timeout)) > 0) {
        int ready = poll(set, (nfds_t)working, timeout);
        smtp_time now = stream_now();
        const struct pollfd *at = set;
        size_t i;

        for (i = 0; i < count && ready >= 0; i++) {
            short events;

            if (connections[i].stage == CONNECTION_OVER)
                continue;
            events = (at++)->revents;
            if (events != 0 || connection_deadline(&connections[i]) <= now)
                connection_continue(&connections[i], events);
        }
    }
}

int sender_check(const struct sender *sender)
{
    smtp_client_config config = sender->config;
    smtp_client *client;
    smtp_str whom = sender->envelope.reverse_path;
    size_t wrong = (size_t)-1;
    int error;

    config.hostname = smtp_text(sender->hello);
    error = smtp_client_new(&client, &config, NULL, NULL, NULL);
    if (error != 0)
        whom = config.hostname;
    else
        error = smtp_client_send(client, &sender->envelope, stream_now(), &wrong);
    if (wrong < sender->envelope.recipient_count)
        whom = sender->envelope.recipients[wrong].mailbox;
    if (error != 0) {
        terminal_write(stderr, whom);
        fprintf(stderr, ": %s\n", smtp_error_text(error));
    }
    smtp_client_del(client);
    return error;
}

int sender_run(struct sender *sender)
{
    size_t count = (size_t)sender->connections;
    size_t each = sender->envelope.recipient_count;
    struct connection *connections = calloc(count, sizeof *connections);
    struct pollfd *set = calloc(count, sizeof *set);
    smtp_recipient *recipients = calloc(count * each, sizeof *recipients);
    int ready = connections != NULL && set != NULL && recipients != NULL;
    size_t i;

    if (ready) {
        for (i = 0; i < count; i++)
            connection_open(&connections[i], sender, recipients + i * each);
        loop(set, connections, count);
    }
    free(recipients);
    free(set);
    free(connections);
    errno = ready ? 0 : ENOMEM;
    return ready ? 0 : -1;
}
