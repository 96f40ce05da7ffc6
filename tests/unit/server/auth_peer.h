/* SPDX-License-Identifier: MIT
 * A server session that is asked to authenticate, and a client to try it. */
#ifndef TESTS_UNIT_SERVER_AUTH_PEER_H
#define TESTS_UNIT_SERVER_AUTH_PEER_H

#include "sasl/digests.h"
#include "smtp/extension.h"
#include "support/server_peer.h"

/* A server whose one user is ann, with the password "tea". */
struct auth_peer {
    struct server_peer peer; /* first: the callbacks get it */
    crypto_state state;
    smtp_crypto crypto;
    smtp_tls_info tls;
    int defer;
    int forced;        /* the answer, whatever the question; 0: by the password */
    const char *words; /* with it */
    int twice;         /* answers are supplied twice */
    int authenticated; /* what smtp_server_auth() returned last */
    uint32_t questions;
    int kind;
    uint64_t due;
    struct text shown; /* all that the trace hook was shown */
};

static inline smtp_sasl_answer answer_with(const char *password)
{
    smtp_sasl_answer answer;

    memset(&answer, 0, sizeof answer);
    answer.size = sizeof answer;
    answer.verdict = SMTP_SASL_ACCEPTED;
    answer.password = smtp_text(password);
    return answer;
}

static inline int is_right(const smtp_sasl_question *question)
{
    int known = smtp_str_equal(question->name, smtp_text("ann"));

    if (question->kind == SMTP_SASL_ASK_VERDICT && question->token.len > 0)
        return smtp_str_equal(question->token, smtp_text("token"));
    if (question->kind == SMTP_SASL_ASK_VERDICT)
        return known && smtp_str_equal(question->password, smtp_text("tea"));
    return known;
}

static inline int on_auth(smtp_server *server, const smtp_auth_event *event, void *user)
{
    struct auth_peer *auth = user;
    smtp_sasl_answer answer = answer_with("tea");

    assert_true(event->ticket > auth->peer.ticket);
    auth->peer.ticket = event->ticket;
    auth->questions++;
    auth->kind = event->question->kind;
    text_put(&auth->peer.events, "auth %.*s|%.*s\n", (int)event->question->authzid.len,
             event->question->authzid.ptr, (int)event->question->name.len,
             event->question->name.ptr);
    if (auth->defer) {
        auth->due = event->ticket;
        return SMTP_DEFER;
    }
    if (auth->words != NULL)
        return auth->authenticated =
                   smtp_server_reply(server, auth->forced, 0, smtp_text(auth->words));
    if (auth->twice ||
        (auth->forced == 0 && auth->kind != SMTP_SASL_ASK_VERDICT && is_right(event->question)))
        auth->authenticated = smtp_server_auth(server, event->ticket, &answer, auth->peer.now);
    if (auth->twice)
        auth->authenticated = smtp_server_auth(server, event->ticket, &answer, auth->peer.now);
    if (auth->forced != 0)
        return auth->forced;
    return is_right(event->question) ? SMTP_ACCEPT : 535;
}

static inline void on_trace(smtp_session *session, const smtp_trace_event *event, void *user)
{
    struct auth_peer *auth = user;

    (void)session;
    text_add(&auth->shown, event->text.ptr, event->text.len);
    text_put(&auth->shown, "%s\n", event->kind == SMTP_TRACE_SECRET ? " ..." : "");
}

static inline void auth_init(struct auth_peer *auth)
{
    memset(auth, 0, sizeof *auth);
    server_peer_init(&auth->peer);
    auth->state.seed = 7;
    auth->crypto = crypto_of(&auth->state);
    auth->peer.callbacks.auth = on_auth;
    auth->peer.config.sasl = smtp_sasl_suite_all();
    auth->peer.config.crypto = &auth->crypto;
    auth->peer.config.flags = SMTP_SERVER_AUTH_WITHOUT_TLS;
    auth->peer.config.fake_secret = smtp_text("sixteen octets or more");
}

static inline void auth_open(struct auth_peer *auth)
{
    server_ready(&auth->peer);
}

static inline void auth_delete(struct auth_peer *auth)
{
    server_delete(&auth->peer);
    text_free(&auth->shown);
}

/* Feeds a text and compares all that is said. */
static inline void says(struct auth_peer *auth, const char *input, const char *output)
{
    text_clear(&auth->peer.output);
    (void)server_feed(&auth->peer, input);
    assert_string_equal(text_of(&auth->peer.output), output);
}

static inline void begins(struct auth_peer *auth, const char *input, const char *output)
{
    text_clear(&auth->peer.output);
    (void)server_feed(&auth->peer, input);
    assert_memory_equal(text_of(&auth->peer.output), output, strlen(output));
    assert_int_equal(text_count(text_of(&auth->peer.output), "\r\n"), 1);
}

#define DONE "235 2.7.0 Authentication successful\r\n"
#define WRONG "535 5.7.8 Authentication failed\r\n"
/* NUL ann NUL tea, and with the password "tee" */
#define GOOD "AGFubgB0ZWE="
#define BAD "AGFubgB0ZWU="

static inline void expect_identity(struct auth_peer *auth, const char *name)
{
    smtp_str identity = smtp_server_identity(auth->peer.server);

    assert_int_equal(identity.len, strlen(name));
    assert_memory_equal(identity.len > 0 ? identity.ptr : "", name, identity.len);
}

/* A mechanism's client against the session, until a reply that is not 334. */
static inline void converse(struct auth_peer *auth, int mechanism, smtp_credentials *credentials,
                            const char *reply)
{
    const smtp_mechanism *row = smtp_mechanism_at(0);
    crypto_state state = {0, 0, 99};
    smtp_crypto crypto = crypto_of(&state);
    uint64_t storage[512];
    smtp_str message = {NULL, 0};
    smtp_str out;
    smtp_sasl *sasl;
    char octets[4096];
    char line[4096];
    size_t len = 0;
    size_t i;

    for (i = 0; (row = smtp_mechanism_at(i)) != NULL && row->bit != (uint32_t)mechanism; i++)
        ;
    credentials->size = sizeof *credentials;
    assert_int_equal(
        smtp_sasl_client_init(&sasl, storage, sizeof storage, mechanism, credentials, &crypto), 0);
    assert_true(smtp_sasl_step(sasl, message, &out) >= 0);
    len =
        (size_t)snprintf(line, sizeof line, "AUTH %s%s", row->name.ptr, out.ptr != NULL ? " " : "");
    for (;;) {
        size_t more = 0;
        const char *said;

        if (out.ptr != NULL)
            assert_int_equal(smtp_base64_encode(line + len, sizeof line - len - 2, &more, out), 0);
        memcpy(line + len + more, "\r\n", 3);
        text_clear(&auth->peer.output);
        (void)server_feed(&auth->peer, line);
        said = text_of(&auth->peer.output);
        if (strncmp(said, "334 ", 4) != 0) {
            assert_string_equal(said, reply);
            break;
        }
        message.ptr = said + 4;
        message.len = strlen(said) - 6;
        assert_int_equal(smtp_base64_decode(octets, sizeof octets, &len, message), 0);
        message.ptr = octets;
        message.len = len;
        len = 0;
        if (smtp_sasl_step(sasl, message, &out) < 0) {
            says(auth, "*\r\n", reply);
            break;
        }
    }
    smtp_sasl_end(sasl);
}

static inline void start_tls(struct auth_peer *auth)
{
    auth->tls.size = sizeof auth->tls;
    auth->peer.config.offer = SMTP_EXT_STARTTLS;
    auth->peer.config.flags = 0;
    server_open(&auth->peer);
    server_codes(&auth->peer, "EHLO c.example\r\nSTARTTLS\r\n", "250 220 ");
    assert_int_equal(smtp_session_tls_started(auth->peer.session, &auth->tls, auth->peer.now), 0);
    server_forget(&auth->peer);
}

#endif
