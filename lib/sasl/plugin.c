/* SPDX-License-Identifier: MIT
 * Mechanisms of the caller. */
#include "sasl/sasl.h"

/* Takes the identity that a server's plug-in gave. What it still has to say goes before the reply
 * of success, which has no place for data (RFC 4954 4). */
static int succeed(smtp_sasl *sasl, const smtp_sasl_turn *turn, smtp_str *out)
{
    if (turn->identity.len == 0) {
        return SMTP_ERR_CALLBACK;
    }
    int error = smtp__sasl_keep(sasl, turn->identity, &sasl->identity);
    if (error != 0) {
        return error;
    }
    if (turn->out.len == 0) {
        return SMTP_SASL_DONE;
    }
    *out = turn->out;
    sasl->decided = 1;
    return SMTP_SASL_MORE;
}

int smtp__plugin_turn(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    const smtp_sasl_plugin *plugin = sasl->plugin;
    smtp_sasl_turn turn = {NULL, NULL, sasl->exchange, message, {NULL, 0}, {NULL, 0}, 0};
    int result;
    if (sasl->decided) {
        return message.len == 0 ? SMTP_SASL_DONE : SMTP_ERR_AUTH_PROTOCOL;
    }
    if (sasl->is_server) {
        turn.config = &sasl->given.server;
        result = plugin->server_step(&turn, plugin->user);
    } else {
        turn.credentials = &sasl->given.client;
        result = plugin->client_step(&turn, plugin->user);
    }
    sasl->exchange = turn.exchange;
    if (result != SMTP_SASL_MORE && result != SMTP_SASL_DONE) {
        return result < 0 ? result : SMTP_ERR_CALLBACK;
    }
    if (sasl->is_server && result == SMTP_SASL_DONE) {
        return succeed(sasl, &turn, out);
    }
    *out = turn.out;
    if (!sasl->is_server) {
        sasl->proved = turn.proved != 0;
    }
    return result;
}
