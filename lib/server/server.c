/* SPDX-License-Identifier: MIT
 * The life of a server session: made from its configuration, closed, deleted. */
#include <string.h>

#include "server/server.h"
#include "syntax/extension.h"
#include "syntax/sized.h"

/* Defaults of the configuration, and what is offered unless it is withheld. */
enum {
    MESSAGE_MAX = 52428800,
    RECIPIENTS_MAX = 1000,
    TRANSACTIONS_MAX = 1000,
    COMMANDS_MAX = 5000,
    ERRORS_MAX = 20,
    LINE_BUFFER = 256,
    LINE_MIN = 512, /* RFC 5321 4.5.3.1.4 */
    LINE_LIMIT = 1048576,
    OUTPUT_BUFFER = 1024,
    OUTPUT_MIN = 512,
    OUTPUT_MAX = 32768,
    AUTH_FAILURES_MAX = 3,
    AUTH_LINE_MAX = 12288, /* RFC 4954 4 */
    TOKEN_MAX = 4096,
    /* EXTERNAL is there only when TLS has verified who the client is (RFC 8314 4.2). */
    USUAL_MECHANISMS = SMTP_MECH_EXTERNAL | SMTP_MECH_PLAIN | SMTP_MECH_LOGIN | SMTP_MECH_CRAM_MD5 |
                       SMTP_MECH_SCRAM_SHA_1 | SMTP_MECH_SCRAM_SHA_1_PLUS |
                       SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_SCRAM_SHA_256_PLUS,
    TOKEN_MECHANISMS = SMTP_MECH_OAUTHBEARER | SMTP_MECH_XOAUTH2,
    COMMAND_TIMEOUT = 300000, /* RFC 5321 4.5.3.2.7 */
    DATA_TIMEOUT = 180000,
    OFFER = SMTP_EXT_PIPELINING | SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_ENHANCEDSTATUSCODES |
            SMTP_EXT_CHUNKING | SMTP_EXT_VRFY | SMTP_EXT_HELP
};

/* How much memory the parts of a session take. */
typedef struct plan {
    smtp__plan session;
    size_t line_max;
    size_t extras;
    size_t auth; /* octets of an exchange, 0: no AUTH */
} plan;

static uint32_t or_else(uint32_t value, uint32_t otherwise)
{
    return value != 0 ? value : otherwise;
}

static void proceed(smtp_session *session)
{
    smtp_server *server = (smtp_server *)session;

    if (session->stage != SMTP__RUNNING)
        return;
    if (server->ending)
        smtp__server_go_on_ending(server);
    else if (server->chunk.active && server->chunk.left == 0 && smtp__session_open(session))
        smtp__server_end_chunk(server);
}

static int eof(const smtp_session *session)
{
    (void)session;
    return SMTP_ERR_EOF;
}

static void expired(smtp_session *session)
{
    smtp_server *server = (smtp_server *)session;

    if (smtp__server_delays(server))
        smtp__server_end_delay(server);
    else
        smtp__server_shut(server, SMTP_ERR_TIMEOUT, SMTP_STATUS(4, 4, 2),
                          smtp_text(smtp_error_text(SMTP_ERR_TIMEOUT)));
}

static void ended(smtp_session *session)
{
    smtp_server *server = (smtp_server *)session;
    smtp_close_event event;

    server->op = SMTP__OP_NONE;
    smtp__server_end_auth(server);
    smtp__server_abandon(
        server, session->error == SMTP_ERR_TIMEOUT ? SMTP_RESET_TIMEOUT : SMTP_RESET_CONNECTION,
        session->error);
    event.error = session->error;
    if (server->callbacks->close != NULL && !session->doomed)
        server->callbacks->close(server, &event, server->user);
}

static void freed(smtp_session *session)
{
    smtp__server_end_auth((smtp_server *)session);
}

static const smtp__role role = {
    smtp__server_start,
    smtp__server_line,
    smtp__server_bad_line,
    smtp__server_octets,
    smtp__server_has_room,
    proceed,
    smtp__server_tls_started,
    eof,
    expired,
    ended,
    freed,
    0,
};

static const smtp__server_extras no_extras = {.verb_count = 0};

static const smtp_server_callbacks no_callbacks = {.size = sizeof no_callbacks};

/* What a callback makes possible need not be offered by the configuration too. */
static uint32_t offer_of(const smtp_server_config *config, const smtp_server_callbacks *callbacks)
{
    uint32_t offer = (uint32_t)OFFER | config->offer;

    if (callbacks->expn != NULL)
        offer |= SMTP_EXT_EXPN;
    if (callbacks->etrn != NULL)
        offer |= SMTP_EXT_ETRN;
    if (callbacks->atrn != NULL && callbacks->auth != NULL && config->sasl != NULL)
        offer |= SMTP_EXT_ATRN; /* only for who has authenticated (RFC 2645 5.2.1) */
    if (callbacks->burl != NULL)
        offer |= SMTP_EXT_BURL;
    offer &= ~config->withhold;
    if (config->flags & SMTP_SERVER_SUBMISSION) /* RFC 6409 7 */
        offer &= ~(uint32_t)(SMTP_EXT_ETRN | SMTP_EXT_ATRN);
    if (config->flags & SMTP_SERVER_LMTP) /* RFC 2033 5 */
        offer |= SMTP_EXT_PIPELINING | SMTP_EXT_ENHANCEDSTATUSCODES;
    else if (config->flags & SMTP_SERVER_NO_ENHANCED_CODES)
        offer &= ~(uint32_t)SMTP_EXT_ENHANCEDSTATUSCODES;
    /* Each of these says nothing without the other (RFC 3030 3, RFC 6531 3.1, RFC 4468 4). */
    if ((offer & SMTP_EXT_CHUNKING) == 0)
        offer &= ~(uint32_t)SMTP_EXT_BINARYMIME;
    if ((offer & SMTP_EXT_8BITMIME) == 0)
        offer &= ~(uint32_t)(SMTP_EXT_SMTPUTF8 | SMTP_EXT_BURL);
    /* Without their callbacks there is nothing behind these. */
    offer &= ~(uint32_t)SMTP_EXT_AUTH;
    if (callbacks->atrn == NULL)
        offer &= ~(uint32_t)SMTP_EXT_ATRN;
    if (callbacks->burl == NULL)
        offer &= ~(uint32_t)SMTP_EXT_BURL;
    return offer;
}

static size_t line_max_of(const smtp_server_config *config, uint32_t offer)
{
    uint32_t with_auth = offer | (config->sasl != NULL ? (uint32_t)SMTP_EXT_AUTH : 0);
    smtp__line_maxima max;

    if (config->line_max != 0)
        return smtp__between(config->line_max, 0, LINE_MIN, LINE_LIMIT);
    max = smtp__line_maxima_of(with_auth);
    return max.mail > max.rcpt ? max.mail : max.rcpt;
}

static smtp__roster roster_of(const smtp_server_config *config)
{
    smtp__roster roster = {config->plugins, config->plugin_count};

    return roster;
}

static uint32_t auth_line_max(const smtp_server_config *config)
{
    return smtp__between(config->auth_line_max, AUTH_LINE_MAX, 0, LINE_LIMIT);
}

static int has_extras(const smtp_server_config *config)
{
    return config->keyword_count != 0 || config->verb_count != 0 || config->param_count != 0 ||
           config->priority_profile.len != 0 || config->no_soliciting.len != 0 ||
           config->burl.len != 0 || config->hold_until_max != 0 || config->hold_max != 0 ||
           config->deliver_by_min != 0;
}

static void plan_parts(const smtp_server_config *config, uint32_t offer, int is_storage, plan *out)
{
    smtp__plan *session = &out->session;

    out->line_max = line_max_of(config, offer);
    out->extras = has_extras(config) ? sizeof(smtp__server_extras) : 0;
    out->auth = 0;
    session->segments = 1;
    session->output = smtp__between(config->output_buffer, OUTPUT_BUFFER, OUTPUT_MIN, OUTPUT_MAX);
    session->line = or_else(config->line_buffer, LINE_BUFFER);
    if (session->line > out->line_max || is_storage)
        session->line = out->line_max;
    session->hostname = config->hostname;
    if (config->sasl != NULL) {
        out->auth = config->sasl->bytes();
        if (config->mechanisms & TOKEN_MECHANISMS)
            out->auth += smtp__between(config->token_max, TOKEN_MAX, 0, LINE_LIMIT);
        if (is_storage && session->line < auth_line_max(config))
            session->line = auth_line_max(config);
    }
}

static void set_extras(smtp__server_extras *extras, const smtp_server_config *config)
{
    extras->keywords = config->keywords;
    extras->keyword_count = (uint16_t)config->keyword_count;
    extras->verbs = config->verbs;
    extras->verb_count = (uint16_t)config->verb_count;
    extras->params = config->params;
    extras->param_count = (uint16_t)config->param_count;
    extras->priority_profile = config->priority_profile;
    extras->no_soliciting = config->no_soliciting;
    extras->burl = config->burl;
    extras->deliver_by_min = config->deliver_by_min;
    extras->hold_max = config->hold_max;
    extras->hold_until_max = config->hold_until_max;
}

/* Lays the parts out behind the object; with NULL it only counts. */
static size_t lay_out(smtp_server *server, const smtp_server_config *config, const plan *parts)
{
    size_t at = sizeof *server;
    smtp_session *session = server != NULL ? &server->session : NULL;
    smtp_str hostname = smtp__session_lay_out(session, &at, &parts->session);
    char *hello = smtp__part(server, &at, SMTP_DOMAIN_MAX);
    smtp__server_extras *extras =
        parts->extras != 0 ? smtp__part(server, &at, parts->extras) : NULL;
    smtp__server_auth *auth = parts->auth != 0 ? smtp__part(server, &at, sizeof *auth) : NULL;
    void *exchange = parts->auth != 0 ? smtp__part(server, &at, parts->auth) : NULL;

    if (server != NULL) {
        session->line.max = (uint32_t)parts->line_max;
        server->hello = hello;
        server->hostname = hostname;
        server->extras = &no_extras;
        if (extras != NULL) {
            set_extras(extras, config);
            server->extras = extras;
        }
        server->auth = auth;
        if (auth != NULL) {
            memset(auth, 0, sizeof *auth);
            auth->storage = exchange;
            auth->storage_bytes = parts->auth;
        }
    }
    return at;
}

/* Takes the configuration; refuses what could not be said on the wire. */
static int take_config(smtp_server_config *out, const smtp_server_config *config,
                       const smtp_server_callbacks *callbacks)
{
    smtp_host host;
    int error = smtp__sized_take(out, sizeof *out, sizeof *out, config);

    if (error != SMTP_ERR_OK)
        return error;
    if (callbacks != NULL)
        error = smtp__sized(callbacks, callbacks->size, sizeof *callbacks);
    if (error != SMTP_ERR_OK)
        return error;
    if (out->hostname.len != 0)
        error = smtp_host_parse(&host, out->hostname, 0, SMTP_TOLERATE_UNDERSCORE, NULL);
    if (out->verb_count > (size_t)(INT8_MAX - SMTP_VERB_CUSTOM) ||
        out->keyword_count > UINT16_MAX || out->param_count > UINT16_MAX)
        error = SMTP_ERR_ARGUMENT;
    return error != SMTP_ERR_OK ? error : smtp__roster_check(roster_of(out));
}

static void set_limits(smtp_server *server, const smtp_server_config *config)
{
    server->flags = config->flags;
    if (server->flags & SMTP_SERVER_SUBMISSION)
        server->flags |= SMTP_SERVER_REQUIRE_AUTH;
    server->tolerate = config->tolerate;
    server->message_max = config->message_max != 0 ? config->message_max : MESSAGE_MAX;
    server->recipients_max = or_else(config->recipients_max, RECIPIENTS_MAX);
    server->transactions_max = or_else(config->transactions_max, TRANSACTIONS_MAX);
    server->commands_max = or_else(config->commands_max, COMMANDS_MAX);
    server->errors_max = or_else(config->errors_max, ERRORS_MAX);
    if (server->auth != NULL) {
        server->auth->suite = config->sasl;
        server->auth->crypto = config->crypto;
        server->auth->roster = roster_of(config);
        server->auth->mechanisms = or_else(
            config->mechanisms, USUAL_MECHANISMS | smtp__roster_plugins(server->auth->roster));
        server->auth->failures_max = or_else(config->auth_failures_max, AUTH_FAILURES_MAX);
        server->auth->line_max = auth_line_max(config);
        server->auth->fake_secret = config->fake_secret;
    }
    server->command_timeout = smtp__milliseconds(config->command_timeout, COMMAND_TIMEOUT);
    server->data_timeout = smtp__milliseconds(config->data_timeout, DATA_TIMEOUT);
    server->greeting_delay = smtp__milliseconds(config->greeting_delay, 0);
    server->session.drain = server->command_timeout;
    server->session.line.lf_ends = (config->tolerate & SMTP_TOLERATE_LF_COMMAND) != 0;
}

static int create(smtp_server **out, const smtp__place *place, const smtp_server_config *config,
                  const smtp_server_callbacks *callbacks, void *user)
{
    smtp_server_config taken;
    smtp_session *session;
    smtp_server *server;
    uint32_t offer;
    plan parts;
    int error;

    if (out == NULL)
        return SMTP_ERR_ARGUMENT;
    *out = NULL;
    error = take_config(&taken, config, callbacks);
    if (error != SMTP_ERR_OK)
        return error;
    if (callbacks == NULL)
        callbacks = &no_callbacks;
    offer = offer_of(&taken, callbacks);
    plan_parts(&taken, offer, place->is_storage, &parts);
    error =
        smtp__session_make(&session, place, &role, sizeof *server, lay_out(NULL, &taken, &parts));
    if (error != SMTP_ERR_OK)
        return error;
    server = (smtp_server *)session;
    (void)lay_out(server, &taken, &parts);
    server->callbacks = callbacks;
    server->user = user;
    set_limits(server, &taken);
    server->offer = offer;
    server->verb = SMTP_VERB_CONNECT;
    error = smtp__server_check_offer(server);
    if (error != SMTP_ERR_OK)
        smtp__session_free(session);
    else
        *out = server;
    return error;
}

int smtp_server_new(smtp_server **out, const smtp_server_config *config,
                    const smtp_server_callbacks *callbacks, void *user,
                    const smtp_allocator *allocator)
{
    const smtp__place place = {allocator, NULL, 0, 0};

    return create(out, &place, config, callbacks, user);
}

size_t smtp_server_bytes(const smtp_server_config *config)
{
    smtp_server_config taken;
    plan parts;

    if (take_config(&taken, config, NULL) != SMTP_ERR_OK)
        return 0;
    /* More extensions than the configuration has would only make the line longer: none depends on
     * the callbacks. */
    plan_parts(&taken, offer_of(&taken, &no_callbacks), 1, &parts);
    return lay_out(NULL, &taken, &parts);
}

int smtp_server_init(smtp_server **out, void *storage, size_t bytes,
                     const smtp_server_config *config, const smtp_server_callbacks *callbacks,
                     void *user)
{
    const smtp__place place = {NULL, storage, bytes, 1};

    return create(out, &place, config, callbacks, user);
}

void smtp_server_del(smtp_server *server)
{
    if (server != NULL)
        smtp__session_delete(&server->session);
}

smtp_session *smtp_server_session(smtp_server *server)
{
    return &server->session;
}

int smtp_server_close(smtp_server *server, uint32_t status, smtp_str text, smtp_time now)
{
    smtp_session *session = &server->session;
    int error = smtp__session_enter(session, now);

    if (error != SMTP_ERR_OK)
        return error;
    if (session->stage != SMTP__RUNNING) {
        (void)smtp__session_leave(session);
        return SMTP_ERR_STATE;
    }
    smtp__server_shut(server, SMTP_ERR_CLOSED_BY_CALLER, status, text);
    (void)smtp__session_leave(session);
    return SMTP_ERR_OK;
}
