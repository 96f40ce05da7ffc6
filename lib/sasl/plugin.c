/* SPDX-License-Identifier: MIT
 * Mechanisms of the caller. */
#include "sasl/sasl.h"

int smtp__plugin_turn(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    const smtp_sasl_plugin *plugin = sasl->plugin;
    smtp_sasl_turn turn = {NULL, NULL, sasl->exchange, message, {NULL, 0}, {NULL, 0}, 0};
    int result;
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
    *out = turn.out;
    if (!sasl->is_server) {
        sasl->proved = turn.proved != 0;
        return result;
    }
    if (result == SMTP_SASL_DONE) {
        smtp_str none = {NULL, 0};
        *out = none; /* what a server still had to say had to go before this */
        if (turn.identity.len == 0) {
            return SMTP_ERR_CALLBACK;
        }
        int error = smtp__sasl_keep(sasl, turn.identity, &sasl->identity);
        if (error != 0) {
            return error;
        }
    }
    return result;
}
