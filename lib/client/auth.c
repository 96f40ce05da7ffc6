/* SPDX-License-Identifier: MIT
 * AUTH: the best mechanism that policy, server, TLS and cryptography allow, carried in base64 lines
 * (RFC 4954). */
#include <string.h>

#include "client/client.h"
#include "smtp/command.h"

enum { AUTH_COMMAND_MAX = 512 }; /* RFC 4954 4: what does not fit goes behind a 334 */

/* Binding data of the best type that TLS gave. */
static void bind(const smtp_tls_info *tls, smtp_credentials *out)
{
    if (tls == NULL)
        return;
    if (tls->exporter.len > 0) {
        out->binding = SMTP_BINDING_EXPORTER;
        out->binding_data = tls->exporter;
    } else if (tls->end_point.len > 0) {
        out->binding = SMTP_BINDING_END_POINT;
        out->binding_data = tls->end_point;
    } else if (tls->unique.len > 0) {
        out->binding = SMTP_BINDING_UNIQUE;
        out->binding_data = tls->unique;
    }
}

static int is_possible(const smtp_client *client, const smtp_mechanism *row)
{
    const smtp__client_auth *auth = client->auth;
    const smtp_sasl_plugin *plugin = smtp__roster_plugin(auth->roster, row->bit);
    int tls = client->session.tls == SMTP__TLS_ON;

    if ((row->bit & auth->allowed & auth->offered & ~auth->tried) == 0)
        return 0;
    if (plugin != NULL && plugin->client_step == NULL)
        return 0;
    if (row->plain && !tls && (client->flags & SMTP_CLIENT_AUTH_WITHOUT_TLS) == 0)
        return 0;
    if (row->hash != SMTP_HASH_NONE && auth->crypto == NULL)
        return 0;
    return !row->binds || auth->credentials.binding_data.len > 0;
}

/* Gives the strongest mechanism that is left and returns 1, or 0. */
static int choose(const smtp_client *client, smtp_mechanism *best)
{
    smtp_mechanism row;
    int found = 0;
    size_t i;

    for (i = 0; smtp__roster_at(client->auth->roster, i, &row); i++) {
        if (is_possible(client, &row) && (!found || row.strength > best->strength)) {
            *best = row;
            found = 1;
        }
    }
    return found;
}

void smtp__client_end_auth(smtp_client *client)
{
    smtp__client_auth *auth = client->auth;

    if (auth == NULL)
        return;
    if (auth->sasl != NULL)
        auth->suite->end(auth->sasl);
    auth->sasl = NULL;
    auth->initial = SMTP__NO_STR;
    client->session.secret = 0;
    smtp_wipe(client->buffer, client->buffer_size);
}

/* Puts a line of the exchange into the output, whose octets are wiped once they have gone. */
static int put_line(smtp_client *client, smtp_str message)
{
    smtp__output *output = &client->session.output;
    char *tail = smtp__output_tail(output);
    size_t room = smtp__output_room(output);
    size_t len = 0;

    if (smtp_base64_length(message.len) + 2 > room || smtp__output_segments_left(output) == 0)
        return SMTP_ERR_NO_SPACE;
    client->asked_at = client->session.octets_out + smtp__output_queued(output);
    (void)smtp_base64_encode(tail, room - 2, &len, message);
    memcpy(tail + len, "\r\n", 2);
    output->wipe = 1;
    smtp__session_trace_output(&client->session, tail, len + 2);
    smtp__output_wrote(output, len + 2);
    smtp__client_expect(client, SMTP_VERB_AUTH);
    return SMTP_ERR_OK;
}

/* Gives up: the server is told with a "*", and the session ends with its answer. */
static void cancel(smtp_client *client, int error)
{
    smtp__output *output = &client->session.output;

    smtp__client_end_auth(client);
    client->auth->error = error;
    if (smtp__output_room(output) < 3 || smtp__output_segments_left(output) == 0) {
        smtp__session_end(&client->session, error);
        return;
    }
    client->asked_at = client->session.octets_out + smtp__output_queued(output);
    (void)smtp__output_tail(output);
    smtp__output_put(output, smtp_text("*\r\n"));
    smtp__client_expect(client, SMTP_VERB_AUTH);
}

/* AUTH with a mechanism, and with its initial response where there is one and it fits. */
static int put_auth(smtp_client *client, const smtp_mechanism *mechanism)
{
    smtp__client_auth *auth = client->auth;
    smtp_command command;
    size_t len = 0;
    int error;

    memset(&command, 0, sizeof command);
    command.verb = SMTP_VERB_AUTH;
    command.argument = mechanism->name;
    if (auth->initial.ptr != NULL &&
        mechanism->name.len + smtp_base64_length(auth->initial.len) + 8 <= AUTH_COMMAND_MAX) {
        (void)smtp_base64_encode(client->buffer, client->buffer_size, &len, auth->initial);
        command.flags = SMTP_COMMAND_INITIAL_RESPONSE;
        command.response.ptr = client->buffer;
        command.response.len = len;
        auth->initial = SMTP__NO_STR;
    }
    client->session.output.wipe = 1;
    error = smtp__client_put_command(client, &command, NULL, SMTP_VERB_AUTH);
    smtp_wipe(client->buffer, len);
    client->session.secret = 1;
    return error;
}

/* Begins an exchange with a mechanism, up to its initial response. Returns 0 or an error. */
static int begin(smtp__client_auth *auth, const smtp_mechanism *row)
{
    const smtp_sasl_plugin *plugin = smtp__roster_plugin(auth->roster, row->bit);
    const smtp_str nothing = {NULL, 0};
    int result;

    if (plugin != NULL) {
        auth->mutual = plugin->mutual != 0;
        result = auth->suite->client_init_plugin(&auth->sasl, auth->storage, auth->storage_bytes,
                                                 plugin, &auth->credentials);
    } else {
        auth->mutual = row->hash != SMTP_HASH_NONE && row->bit != SMTP_MECH_CRAM_MD5;
        result = auth->suite->client_init(&auth->sasl, auth->storage, auth->storage_bytes,
                                          (int)row->bit, &auth->credentials, auth->crypto);
    }
    if (result == SMTP_ERR_OK)
        result = auth->suite->step(auth->sasl, nothing, &auth->initial);
    return result < 0 ? result : SMTP_ERR_OK;
}

/* Tries the best mechanism that is left. Returns 0 or why there is none. */
static int try_next(smtp_client *client)
{
    smtp__client_auth *auth = client->auth;
    smtp_mechanism row;

    while (choose(client, &row)) {
        auth->tried |= row.bit;
        if (begin(auth, &row) == SMTP_ERR_OK)
            return put_auth(client, &row);
        smtp__client_end_auth(client);
    }
    return SMTP_ERR_AUTH_UNAVAILABLE;
}

int smtp__client_authenticate(smtp_client *client)
{
    smtp__client_auth *auth = client->auth;
    smtp_credentials_event event;
    smtp_mechanism row;

    auth->offered = client->terms->capabilities.mechanisms |
                    smtp__roster_bits(auth->roster, client->terms->capabilities.auth);
    auth->tried = 0;
    memset(&auth->credentials, 0, sizeof auth->credentials);
    auth->credentials.size = sizeof auth->credentials;
    auth->credentials.plus_offered = smtp__roster_binds(auth->roster, auth->offered);
    if (client->session.tls == SMTP__TLS_ON)
        bind(client->session.tls_info, &auth->credentials);
    if (!choose(client, &row))
        return SMTP_ERR_AUTH_UNAVAILABLE;
    event.mechanisms = auth->offered;
    event.tls = client->session.tls == SMTP__TLS_ON;
    event.credentials = &auth->credentials;
    if (client->callbacks->credentials(client, &event, client->user) != SMTP_ACCEPT)
        return SMTP_ERR_AUTH_CANCELLED;
    if (client->session.stage != SMTP__RUNNING)
        return SMTP_ERR_OK;
    return try_next(client);
}

/* The next challenge. */
static void on_challenge(smtp_client *client, const smtp__client_reply *reply)
{
    smtp__client_auth *auth = client->auth;
    smtp_str message = reply->text;
    smtp_str out = {NULL, 0};
    size_t len = 0;
    int result;

    if (auth->initial.ptr != NULL) {
        out = auth->initial;
        auth->initial = SMTP__NO_STR;
        result = message.len == 0 ? SMTP_SASL_MORE : SMTP_ERR_AUTH_PROTOCOL;
    } else if (smtp_base64_decode(client->buffer, client->buffer_size, &len, message) !=
               SMTP_ERR_OK) {
        result = SMTP_ERR_AUTH_PROTOCOL;
    } else {
        message.ptr = client->buffer;
        message.len = len;
        result = auth->suite->step(auth->sasl, message, &out);
    }
    if (result >= 0)
        result = put_line(client, out);
    if (result < 0)
        cancel(client, result);
}

void smtp__client_on_auth(smtp_client *client, const smtp__client_reply *reply)
{
    smtp__client_auth *auth = client->auth;
    int proved;

    if (auth->error != SMTP_ERR_OK) {
        smtp__client_reply to_cancel = *reply;
        if (to_cancel.code != 421)
            to_cancel.code = 0; /* it decided nothing */
        smtp__client_leave(client, auth->error, &to_cancel);
        return;
    }
    if (reply->code / 100 == 3) {
        on_challenge(client, reply);
        return;
    }
    proved = !auth->mutual || auth->suite->server_proved(auth->sasl);
    smtp__client_end_auth(client);
    if (reply->code / 100 == 2 && proved) {
        auth->done = 1;
        smtp__client_be_ready(client);
    } else if (reply->code / 100 == 2) {
        smtp__client_leave(client, SMTP_ERR_AUTH_SERVER, reply);
    } else if (reply->code != 504 && reply->code != 534) {
        smtp__client_leave(client, SMTP_ERR_AUTH_FAILED, reply);
    } else {
        /* The mechanism is not for this user or server; a refused password is not tried again. */
        int error = try_next(client);
        if (error != SMTP_ERR_OK)
            smtp__client_leave(client, error, reply);
    }
}
