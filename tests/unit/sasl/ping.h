/* SPDX-License-Identifier: MIT
 * A mechanism of the caller for tests: the server says "ping", the client its name, and the server
 * "pong" with its success, by which it proves itself. */
#ifndef TESTS_UNIT_SASL_PING_H
#define TESTS_UNIT_SASL_PING_H

#include <string.h>

#include "smtp/sasl.h"

/* What all exchanges of a test share. */
struct ping {
    int begun;                  /* exchanges that have begun */
    int ended;                  /* and ended */
    int fails;                  /* the error of the server's last step, 0: by the name */
    const char *pong;           /* instead of "pong" */
    char name[64];              /* of the client, as the server has heard it */
    void (*during)(void *user); /* in the server's last step */
    void *user;
    uint32_t bindings; /* octets of channel binding data that the last step had */
};

static inline int ping_first(smtp_sasl_turn *turn, struct ping *ping)
{
    if (turn->exchange != NULL)
        return 0;
    turn->exchange = ping;
    ping->begun++;
    return 1;
}

static inline int ping_client(smtp_sasl_turn *turn, void *user)
{
    struct ping *ping = user;

    ping->bindings = (uint32_t)turn->credentials->binding_data.len;
    if (ping_first(turn, ping)) {
        if (!smtp_str_equal(turn->message, smtp_text("ping")))
            return SMTP_ERR_AUTH_PROTOCOL;
        turn->out = turn->credentials->name;
        return turn->out.len > 0 ? SMTP_SASL_MORE : SMTP_ERR_ARGUMENT;
    }
    if (!smtp_str_equal(turn->message, smtp_text("pong")))
        return SMTP_ERR_AUTH_SERVER;
    turn->proved = 1;
    turn->out = smtp_text("");
    return SMTP_SASL_DONE;
}

static inline int ping_server(smtp_sasl_turn *turn, void *user)
{
    struct ping *ping = user;

    ping->bindings = (uint32_t)turn->config->exporter.len;
    if (ping_first(turn, ping)) {
        turn->out = smtp_text("ping");
        return SMTP_SASL_MORE;
    }
    if (ping->during != NULL)
        ping->during(ping->user);
    if (ping->fails != 0)
        return ping->fails;
    if (turn->message.len >= sizeof ping->name)
        return SMTP_ERR_AUTH_PROTOCOL;
    memcpy(ping->name, turn->message.ptr, turn->message.len);
    turn->identity.ptr = ping->name;
    turn->identity.len = turn->message.len;
    turn->out = smtp_text(ping->pong != NULL ? ping->pong : "pong");
    return smtp_str_equal(turn->message, smtp_text("eve")) ? SMTP_ERR_AUTH_FAILED : SMTP_SASL_DONE;
}

static inline void ping_end(void *exchange, void *user)
{
    ((struct ping *)user)->ended += exchange == user;
}

static inline smtp_sasl_plugin ping_plugin(struct ping *ping, const char *name)
{
    smtp_sasl_plugin plugin;

    memset(&plugin, 0, sizeof plugin);
    plugin.size = sizeof plugin;
    plugin.name = smtp_text(name);
    plugin.strength = 55;
    plugin.mutual = 1;
    plugin.client_step = ping_client;
    plugin.server_step = ping_server;
    plugin.end = ping_end;
    plugin.user = ping;
    return plugin;
}

#endif
