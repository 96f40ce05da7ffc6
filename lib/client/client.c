/* SPDX-License-Identifier: MIT
 * The life of a client session: made from its configuration, given transactions, deleted. */
#include "client/client.h"
#include "syntax/sized.h"

#include <string.h>

/* Defaults of the configuration. The timeouts are those of RFC 5321 4.5.3.2. */
enum {
    REPLY_LINE_MAX = 2048,
    REPLY_LINE_MIN = 512, /* RFC 5321 4.5.3.1.5 */
    REPLY_MAX = 4096,
    LINE_BUFFER = 256,
    OUTPUT_BUFFER = 8192,
    OUTPUT_MIN = 1024,
    OUTPUT_LIMIT = 1048576,
    PENDING_MAX = 64,
    PENDING_LIMIT = 255,
    SEGMENTS = 16,
    TOKEN_MAX = 4096,
    GREETING_TIMEOUT = 300000,
    COMMAND_TIMEOUT = 300000,
    DATA_TIMEOUT = 120000,
    BODY_TIMEOUT = 180000,
    MESSAGE_TIMEOUT = 600000,
    ATRN_TIMEOUT = 600000 /* RFC 2645 5.2.1: at least that */
};

/* How much memory the parts of a session take. */
typedef struct plan {
    smtp__plan session;
    size_t line_max;
    size_t reply;
    size_t content; /* what a body source fills */
    size_t pending;
    size_t auth; /* octets of an exchange, 0: no AUTH */
} plan;

static void set_timeouts(uint32_t *timeouts, const smtp_client_config *config)
{
    uint32_t command = smtp__milliseconds(config->command_timeout, COMMAND_TIMEOUT);

    timeouts[SMTP__TIMEOUT_GREETING] =
        smtp__milliseconds(config->greeting_timeout, GREETING_TIMEOUT);
    timeouts[SMTP__TIMEOUT_COMMAND] = command;
    timeouts[SMTP__TIMEOUT_DATA] = smtp__milliseconds(config->data_timeout, DATA_TIMEOUT);
    timeouts[SMTP__TIMEOUT_BODY] = smtp__milliseconds(config->body_timeout, BODY_TIMEOUT);
    timeouts[SMTP__TIMEOUT_MESSAGE] = smtp__milliseconds(config->message_timeout, MESSAGE_TIMEOUT);
    timeouts[SMTP__TIMEOUT_ATRN] = command > ATRN_TIMEOUT ? command : ATRN_TIMEOUT;
}

/* Replies are always read: a server that is not listened to may not listen either (RFC 2920 3.1).
 */
static int has_room(const smtp_session *session)
{
    (void)session;
    return 1;
}

static void proceed(smtp_session *session)
{
    smtp_client *client = (smtp_client *)session;

    if (client->phase > SMTP__PHASE_IDLE)
        smtp__client_advance(client);
}

static int eof(const smtp_session *session)
{
    const smtp_client *client = (const smtp_client *)session;

    return client->state == SMTP__CLIENT_QUITTING ? client->leaving : SMTP_ERR_EOF;
}

static void expired(smtp_session *session)
{
    const smtp_client *client = (const smtp_client *)session;

    smtp__session_end(session,
                      client->leaving != 0 ? client->leaving : smtp__client_overdue(client));
    smtp__output_clear(&session->output);
}

static void freed(smtp_session *session)
{
    smtp__client_end_auth((smtp_client *)session);
}

static const smtp__role role = {
    smtp__client_start,
    smtp__client_line,
    smtp__client_bad_line,
    NULL, /* all that a server says are lines */
    has_room,
    proceed,
    smtp__client_tls_started,
    eof,
    expired,
    smtp__client_ended,
    freed,
    1,
};

static const smtp_client_callbacks no_callbacks = {.size = sizeof no_callbacks};

static smtp__roster roster_of(const smtp_client_config *config)
{
    smtp__roster roster = {config->plugins, config->plugin_count};

    return roster;
}

static void plan_parts(const smtp_client_config *config, int is_storage, plan *out)
{
    smtp__plan *session = &out->session;

    out->line_max =
        smtp__between(config->reply_line_max, REPLY_LINE_MAX, REPLY_LINE_MIN, UINT16_MAX);
    out->reply = smtp__between(config->reply_max, REPLY_MAX, REPLY_LINE_MIN, OUTPUT_LIMIT);
    out->content =
        smtp__between(config->output_buffer, OUTPUT_BUFFER, OUTPUT_MIN, OUTPUT_LIMIT) / 2;
    out->pending = smtp__between(config->pending_max, PENDING_MAX, 1, PENDING_LIMIT);
    out->auth = 0;
    session->segments = SEGMENTS;
    session->line = is_storage ? out->line_max : (size_t)LINE_BUFFER;
    session->output = out->content;
    session->hostname = config->hostname;
    if (config->sasl != NULL) {
        out->auth =
            config->sasl->bytes() + smtp__between(config->token_max, TOKEN_MAX, 0, OUTPUT_LIMIT);
        /* No message is longer than the exchange, and one goes out as a line. */
        if (session->output < smtp_base64_length(out->auth) + 2)
            session->output = smtp_base64_length(out->auth) + 2;
    }
}

static void set_auth(smtp__client_auth *auth, const smtp_client_config *config)
{
    memset(auth, 0, sizeof *auth);
    auth->suite = config->sasl;
    auth->crypto = config->crypto;
    auth->roster = roster_of(config);
    auth->allowed = config->mechanisms != 0 ? config->mechanisms : ~(uint32_t)SMTP_MECH_ANONYMOUS;
}

static void set_terms(smtp__client_terms *terms, const smtp_client_config *config)
{
    memset(terms, 0, sizeof *terms);
    terms->params = config->params;
    terms->param_count = config->param_count;
    set_timeouts(terms->timeouts, config);
}

/* Lays the parts out behind the object; with NULL it only counts. */
static size_t lay_out(smtp_client *client, const smtp_client_config *config, const plan *parts)
{
    size_t at = sizeof *client;
    smtp_session *session = client != NULL ? &client->session : NULL;
    smtp_str hostname = smtp__session_lay_out(session, &at, &parts->session);
    smtp__client_terms *terms = smtp__part(client, &at, sizeof *terms);
    char *buffer = smtp__part(client, &at, parts->content);
    char *text = smtp__part(client, &at, parts->reply);
    int8_t *pending = smtp__part(client, &at, parts->pending);
    smtp__client_auth *auth = parts->auth != 0 ? smtp__part(client, &at, sizeof *auth) : NULL;
    void *exchange = parts->auth != 0 ? smtp__part(client, &at, parts->auth) : NULL;

    if (client != NULL) {
        session->line.max = (uint32_t)parts->line_max;
        session->line.at_once = 1;
        client->buffer = buffer;
        client->buffer_size = (uint32_t)parts->content;
        client->text = text;
        client->text_max = (uint32_t)parts->reply;
        client->pending = pending;
        client->pending_max = (uint8_t)parts->pending;
        set_terms(terms, config);
        terms->hostname = hostname;
        client->terms = terms;
        client->auth = auth;
        if (auth != NULL) {
            set_auth(auth, config);
            auth->storage = exchange;
            auth->storage_bytes = parts->auth;
        }
    }
    return at;
}

static int take_config(smtp_client_config *out, const smtp_client_config *config,
                       const smtp_client_callbacks *callbacks)
{
    smtp_host host;
    int error = smtp__sized_take(out, sizeof *out, sizeof *out, config);

    if (error != SMTP_ERR_OK)
        return error;
    if (callbacks != NULL)
        error = smtp__sized(callbacks, callbacks->size, sizeof *callbacks);
    if (error != SMTP_ERR_OK)
        return error;
    if (out->tls < SMTP_TLS_REQUIRED || out->tls > SMTP_TLS_IMPLICIT)
        return SMTP_ERR_ARGUMENT;
    if (out->hostname.len != 0)
        error = smtp_host_parse(&host, out->hostname, 0, 0, NULL);
    return error != SMTP_ERR_OK ? error : smtp__roster_check(roster_of(out));
}

static int create(smtp_client **out, const smtp__place *place, const smtp_client_config *config,
                  const smtp_client_callbacks *callbacks, void *user)
{
    smtp_client_config taken;
    smtp_session *session;
    smtp_client *client;
    plan parts;
    int error;

    if (out == NULL)
        return SMTP_ERR_ARGUMENT;
    *out = NULL;
    error = take_config(&taken, config, callbacks);
    if (error != SMTP_ERR_OK)
        return error;
    plan_parts(&taken, place->is_storage, &parts);
    error =
        smtp__session_make(&session, place, &role, sizeof *client, lay_out(NULL, &taken, &parts));
    if (error != SMTP_ERR_OK)
        return error;
    client = *out = (smtp_client *)session;
    (void)lay_out(client, &taken, &parts);
    client->callbacks = callbacks != NULL ? callbacks : &no_callbacks;
    client->user = user;
    client->flags = taken.flags;
    client->tls_policy = (uint8_t)taken.tls;
    session->drain = client->terms->timeouts[SMTP__TIMEOUT_COMMAND];
    return SMTP_ERR_OK;
}

int smtp_client_new(smtp_client **out, const smtp_client_config *config,
                    const smtp_client_callbacks *callbacks, void *user,
                    const smtp_allocator *allocator)
{
    const smtp__place place = {allocator, NULL, 0, 0};

    return create(out, &place, config, callbacks, user);
}

size_t smtp_client_bytes(const smtp_client_config *config)
{
    smtp_client_config taken;
    plan parts;

    if (take_config(&taken, config, NULL) != SMTP_ERR_OK)
        return 0;
    plan_parts(&taken, 1, &parts);
    return lay_out(NULL, &taken, &parts);
}

int smtp_client_init(smtp_client **out, void *storage, size_t bytes,
                     const smtp_client_config *config, const smtp_client_callbacks *callbacks,
                     void *user)
{
    const smtp__place place = {NULL, storage, bytes, 1};

    return create(out, &place, config, callbacks, user);
}

void smtp_client_del(smtp_client *client)
{
    if (client != NULL)
        smtp__session_delete(&client->session);
}

smtp_session *smtp_client_session(smtp_client *client)
{
    return &client->session;
}

/* 1 when a transaction can be taken now: the first, or the one behind it while the buffer in which
 * it is looked at is free. */
static int takes_transaction(const smtp_client *client, const smtp_envelope *envelope)
{
    if (client->quit || client->session.stage == SMTP__ENDED)
        return 0;
    return client->envelope == NULL || (client->queued == NULL && client->envelope != envelope &&
                                        !smtp__client_buffer_in_use(client));
}

int smtp_client_send(smtp_client *client, const smtp_envelope *envelope, smtp_time now,
                     size_t *wrong)
{
    size_t at = (size_t)-1;
    size_t i;
    int error;

    if (wrong != NULL)
        *wrong = at;
    if (envelope == NULL || envelope->size < sizeof *envelope || envelope->recipients == NULL ||
        envelope->recipient_count == 0 || envelope->recipient_count >= UINT32_MAX)
        return SMTP_ERR_ARGUMENT;
    if (!takes_transaction(client, envelope))
        return SMTP_ERR_STATE;
    error = smtp__client_check(client, envelope, UINT32_MAX, &at);
    if (wrong != NULL)
        *wrong = at;
    if (error != SMTP_ERR_OK)
        return error;
    for (i = 0; i < envelope->recipient_count; i++) {
        envelope->recipients[i].result = SMTP_RESULT_NONE;
        envelope->recipients[i].code = 0;
        envelope->recipients[i].status = 0;
        envelope->recipients[i].private_state = SMTP__RECIPIENT_NONE;
    }
    if (client->envelope == NULL) {
        client->envelope = envelope;
        client->phase = SMTP__PHASE_QUEUED;
    } else {
        client->queued = envelope;
    }
    smtp__client_go_on(client, now);
    return SMTP_ERR_OK;
}

int smtp_client_resume(smtp_client *client, smtp_time now)
{
    if (client->session.busy || !client->deferred)
        return SMTP_ERR_STATE;
    client->deferred = 0;
    smtp__client_go_on(client, now);
    return SMTP_ERR_OK;
}

int smtp_client_quit(smtp_client *client, smtp_time now)
{
    if (client->session.stage == SMTP__ENDED || client->quit)
        return SMTP_ERR_STATE;
    client->quit = 1;
    smtp__client_go_on(client, now);
    return SMTP_ERR_OK;
}

const smtp_capabilities *smtp_client_capabilities(const smtp_client *client)
{
    return &client->terms->capabilities;
}

int smtp_client_idle(const smtp_client *client)
{
    return client->state == SMTP__CLIENT_READY && client->session.stage == SMTP__RUNNING &&
           client->phase == SMTP__PHASE_IDLE && client->pending_count == 0;
}
