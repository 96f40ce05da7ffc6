/* SPDX-License-Identifier: MIT
 * AUTH: an exchange of the SASL layer carried in base64 lines, and a question to the caller (RFC
 * 4954). */
#include <string.h>

#include "base/writer.h"
#include "server/server.h"

/* What an exchange that failed is answered (RFC 4954 4 and 6). A status of 0: in the usual words.
 */
static const struct auth_refusal {
    int16_t error;
    int16_t code;
    uint32_t status;
} refusals[] = {
    {SMTP_ERR_AUTH_PROTOCOL, 501, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_BASE64, 501, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_ARGUMENT_UNEXPECTED, 501, SMTP_STATUS(5, 7, 0)},
    {SMTP_ERR_AUTH_FAILED, 535, 0},
    {SMTP_ERR_LINE_TOO_LONG, 500, SMTP_STATUS(5, 5, 6)},
    {SMTP_ERR_BARE_LF, 500, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_MECHANISM, 504, SMTP_STATUS(5, 5, 4)},
    {SMTP_ERR_NEEDS_TLS, 538, 0},
    {SMTP_ERR_STATE, 503, 0},
};

/* Binding data that TLS gave, of any type. */
static int can_bind(const smtp_tls_info *tls)
{
    return tls != NULL && (tls->exporter.len > 0 || tls->end_point.len > 0 || tls->unique.len > 0);
}

/* Whether a mechanism can be had in the state of this session, but for the question of TLS. A
 * plug-in asks no callback. */
static int can_serve(const smtp_server *server, const smtp_mechanism *row)
{
    const smtp__server_auth *auth = server->auth;
    const smtp_sasl_plugin *plugin = smtp__roster_plugin(auth->roster, row->bit);
    const smtp_tls_info *tls =
        server->session.tls == SMTP__TLS_ON ? server->session.tls_info : NULL;

    if ((auth->mechanisms & row->bit) == 0)
        return 0;
    if (plugin != NULL ? plugin->server_step == NULL : server->callbacks->auth == NULL)
        return 0;
    if (row->hash != SMTP_HASH_NONE && auth->crypto == NULL)
        return 0;
    if (row->bit == SMTP_MECH_EXTERNAL && (tls == NULL || tls->peer_subject.len == 0))
        return 0;
    return !row->binds || can_bind(tls);
}

static int in_clear(const smtp_server *server)
{
    return server->session.tls != SMTP__TLS_ON &&
           (server->flags & SMTP_SERVER_AUTH_WITHOUT_TLS) == 0;
}

uint32_t smtp__server_mechanisms(const smtp_server *server)
{
    smtp_mechanism row;
    uint32_t bits = 0;
    size_t i;

    if (server->auth == NULL || in_clear(server))
        return 0;
    for (i = 0; smtp__roster_at(server->auth->roster, i, &row); i++) {
        if (can_serve(server, &row))
            bits |= row.bit;
    }
    return bits;
}

smtp_str smtp__server_mechanism_names(const smtp_server *server, char *out, size_t capacity)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    uint32_t bits = smtp__server_mechanisms(server);
    smtp_str names = {out, 0};
    smtp_mechanism row;
    size_t i;

    for (i = 0; bits != 0 && smtp__roster_at(server->auth->roster, i, &row); i++) {
        if ((row.bit & bits) == 0)
            continue;
        if (writer.len > 0)
            smtp__put(&writer, ' ');
        smtp__put_str(&writer, row.name);
    }
    names.len = writer.len;
    return names;
}

void smtp__server_end_auth(smtp_server *server)
{
    smtp__server_auth *auth = server->auth;

    if (auth == NULL || auth->sasl == NULL)
        return;
    auth->suite->end(auth->sasl);
    auth->sasl = NULL;
    auth->supplied = 0;
    server->session.secret = 0;
    server->session.line.max = auth->line_max_before;
}

/* Ends the exchange with a reply, where the caller has not given one. */
static void refuse(smtp_server *server, int error, int code, uint32_t status)
{
    smtp_session *session = &server->session;
    smtp_str words = smtp_text(status == 0 ? NULL : smtp_error_text(error));

    smtp__server_end_auth(server);
    smtp__session_refuse(session, error, code, 0);
    if (code >= 500)
        session->errors++;
    if (code == 535 && ++server->auth->failures > server->auth->failures_max)
        smtp__server_shut(server, SMTP_ERR_AUTH_FAILED, SMTP_STATUS(4, 7, 0),
                          smtp_text("too many failed authentications"));
    else if (session->errors > server->errors_max)
        smtp__server_shut(server, SMTP_ERR_TOO_MANY_ERRORS, SMTP_STATUS(4, 7, 0),
                          smtp_text(smtp_error_text(SMTP_ERR_TOO_MANY_ERRORS)));
    else if (server->replied == 0)
        smtp__server_reply(server, code, status, words);
}

/* The same with the reply that the table has; what it does not have is trouble of our own. */
static void fail(smtp_server *server, int error)
{
    size_t i;

    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].error == error) {
            refuse(server, error, refusals[i].code, refusals[i].status);
            return;
        }
    }
    refuse(server, error, 454, 0);
}

static void succeed(smtp_server *server)
{
    smtp__server_auth *auth = server->auth;
    smtp_str identity = auth->suite->identity(auth->sasl);

    if (identity.len > sizeof auth->identity) {
        fail(server, SMTP_ERR_ARGUMENT);
        return;
    }
    memcpy(auth->identity, identity.ptr, identity.len);
    auth->identity_length = (uint16_t)identity.len;
    smtp__server_end_auth(server);
    server->authenticated = 1;
    smtp__server_conclude(server, 235);
}

/* Sends the next challenge (RFC 4954 4). */
static void challenge(smtp_server *server, smtp_str message)
{
    smtp__output *output = &server->session.output;
    char *tail = smtp__output_tail(output);
    size_t room = smtp__server_reply_max(server);
    size_t len = 0;

    if (smtp_base64_length(message.len) + 6 > room) {
        fail(server, SMTP_ERR_REPLY_TOO_LONG);
        return;
    }
    memcpy(tail, "334 ", 4);
    (void)smtp_base64_encode(tail + 4, room - 6, &len, message);
    memcpy(tail + 4 + len, "\r\n", 2);
    server->session.replies++;
    smtp__session_trace_output(&server->session, tail, len + 6);
    smtp__output_wrote(output, len + 6);
}

static void ask(smtp_server *server)
{
    smtp_auth_event event;

    server->verb = SMTP_VERB_AUTH;
    event.question = server->auth->suite->asked(server->auth->sasl);
    event.ticket = smtp__server_ask(server, SMTP__OP_AUTH);
    smtp__server_answered(server, server->callbacks->auth(server, &event, server->user));
}

/* Goes on as a step of the exchange said. */
static void follow(smtp_server *server, int result, smtp_str out)
{
    if (result == SMTP_SASL_ASK)
        ask(server);
    else if (result == SMTP_SASL_MORE)
        challenge(server, out);
    else if (result == SMTP_SASL_DONE)
        succeed(server);
    else
        fail(server, result);
}

/* Takes a message of the client in base64. */
static void take(smtp_server *server, smtp_str text)
{
    smtp_session *session = &server->session;
    smtp_str out = {NULL, 0};
    size_t len = 0;
    char *own = smtp__line_own(&session->line, &session->memory, text);

    int result;

    if (own == NULL) {
        fail(server, SMTP_ERR_NO_MEMORY);
        return;
    }
    if (smtp_base64_decode(own, text.len, &len, text) != SMTP_ERR_OK) {
        fail(server, SMTP_ERR_BASE64);
        return;
    }
    text.ptr = own;
    text.len = len;
    result = server->auth->suite->step(server->auth->sasl, text, &out);
    if (result == SMTP_ERR_NO_MEMORY) /* longer than any message of the mechanism */
        result = SMTP_ERR_LINE_TOO_LONG;
    follow(server, result, out);
}

static void settings_of(const smtp_server *server, smtp_sasl_server_config *out)
{
    const smtp_tls_info *tls =
        server->session.tls == SMTP__TLS_ON ? server->session.tls_info : NULL;

    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->hostname = server->hostname;
    out->fake_secret = server->auth->fake_secret;
    out->plus_offered = smtp__roster_binds(server->auth->roster, smtp__server_mechanisms(server));
    if (tls != NULL) {
        out->external = tls->peer_subject;
        out->exporter = tls->exporter;
        out->end_point = tls->end_point;
        out->unique = tls->unique;
    }
}

/* Begins an exchange with the mechanism of this name. Returns 0 or what forbids it. */
static int begin(smtp_server *server, smtp_str name)
{
    smtp__server_auth *auth = server->auth;
    const smtp_sasl_plugin *plugin;
    smtp_mechanism row;

    if (server->authenticated)
        return SMTP_ERR_STATE;
    if (!smtp__roster_find(auth->roster, name, &row) || !can_serve(server, &row))
        return SMTP_ERR_MECHANISM;
    if (in_clear(server))
        return SMTP_ERR_NEEDS_TLS;
    settings_of(server, &auth->settings);
    plugin = smtp__roster_plugin(auth->roster, row.bit);
    if (plugin != NULL)
        return auth->suite->server_init_plugin(&auth->sasl, auth->storage, auth->storage_bytes,
                                               plugin, &auth->settings);
    return auth->suite->server_init(&auth->sasl, auth->storage, auth->storage_bytes, (int)row.bit,
                                    &auth->settings, auth->crypto);
}

void smtp__server_run_auth(smtp_server *server, const smtp_command *command)
{
    smtp__server_auth *auth = server->auth;
    smtp_session *session = &server->session;
    smtp_str out = {NULL, 0};
    int error;

    if (auth == NULL || (server->callbacks->auth == NULL && auth->roster.count == 0)) {
        smtp__server_refuse(server, SMTP_ERR_UNSUPPORTED, 0);
        return;
    }
    auth->line_max_before = session->line.max;
    error = begin(server, command->argument);
    if (error != SMTP_ERR_OK) {
        fail(server, error);
        return;
    }
    session->secret = 1;
    session->line.max = auth->line_max;
    if (command->flags & SMTP_COMMAND_INITIAL_RESPONSE)
        take(server, command->response);
    else
        follow(server, auth->suite->step(auth->sasl, out, &out), out);
}

void smtp__server_auth_line(smtp_server *server, smtp_str line)
{
    server->verb = SMTP_VERB_AUTH;
    if (line.len == 1 && line.ptr[0] == '*')
        refuse(server, SMTP_ERR_AUTH_CANCELLED, 501, SMTP_STATUS(5, 7, 0));
    else
        take(server, line);
}

void smtp__server_bad_auth_line(smtp_server *server, int error)
{
    server->verb = SMTP_VERB_AUTH;
    fail(server, error);
}

/* Gives the caller's answer to the exchange. */
static int supply(smtp_server *server, const smtp_sasl_answer *answer)
{
    smtp__server_auth *auth = server->auth;

    auth->result = auth->suite->answered(auth->sasl, answer, &auth->out);
    auth->supplied = 1;
    return SMTP_ACCEPT;
}

void smtp__server_done_auth(smtp_server *server, int code)
{
    smtp__server_auth *auth = server->auth;
    int given = auth->supplied;
    smtp_sasl_answer answer;

    if (!given) {
        memset(&answer, 0, sizeof answer);
        answer.size = sizeof answer;
        answer.verdict = code == 235       ? SMTP_SASL_ACCEPTED
                         : code / 100 == 4 ? SMTP_SASL_TRY_LATER
                                           : SMTP_SASL_REFUSED;
        (void)supply(server, &answer);
    }
    auth->supplied = 0;
    if (code == 421) {
        smtp__server_end_auth(server);
        smtp__server_done_command(server, code);
    } else if (code == 235 || (auth->result == SMTP_SASL_MORE && !given && server->replied == 0)) {
        /* One who is not known gets no other challenges than one who is. */
        follow(server, auth->result, auth->out);
    } else {
        const smtp_session *session = &server->session;
        int nonsense = session->refusal == SMTP_ERR_CALLBACK && session->reply == code;
        refuse(server, nonsense ? SMTP_ERR_CALLBACK : SMTP_ERR_AUTH_FAILED, code, 0);
    }
}

int smtp_server_auth(smtp_server *server, uint64_t ticket, const smtp_sasl_answer *answer,
                     smtp_time now)
{
    smtp_session *session = &server->session;

    if (session->stage != SMTP__RUNNING || server->op != SMTP__OP_AUTH ||
        ticket != server->ticket || server->auth->supplied)
        return SMTP_ERR_STALE;
    if (answer == NULL || answer->size < sizeof *answer)
        return SMTP_ERR_ARGUMENT;
    if (server->calling)
        return supply(server, answer);
    if (session->busy)
        return SMTP_ERR_REENTRANT;
    session->busy = 1;
    session->now = now;
    (void)supply(server, answer);
    smtp__server_answered(server, SMTP_ACCEPT);
    (void)smtp__session_leave(session);
    return SMTP_ERR_OK;
}

smtp_str smtp_server_identity(const smtp_server *server)
{
    smtp_str identity = {NULL, 0};

    if (server->authenticated) {
        identity.ptr = server->auth->identity;
        identity.len = server->auth->identity_length;
    }
    return identity;
}
