/* SPDX-License-Identifier: MIT
 * AUTH in the client at its limits: binding data of each type, messages that have no room, a server
 * that answers before it can have seen the question, and a session that is deleted when it is asked
 * for credentials. */
#include "support/client_script.h"

#include "sasl/digests.h"

#define OFFER(mechanisms) "250-mx.example\r\n250 AUTH " mechanisms "\r\n"

struct limits {
    struct client_peer peer; /* first: the callbacks get it */
    crypto_state randomness;
    smtp_crypto crypto;
    smtp_sasl_plugin plugin;
    size_t length; /* of the plug-in's messages */
    int ended;
};

static void limits_init(struct limits *limits)
{
    memset(limits, 0, sizeof *limits);
    client_peer_init(&limits->peer);
    limits->randomness.seed = 0x5EED;
    limits->crypto = crypto_of(&limits->randomness);
    limits->peer.config.sasl = smtp_sasl_suite_all();
    limits->peer.config.crypto = &limits->crypto;
    limits->peer.config.flags = SMTP_CLIENT_AUTH_WITHOUT_TLS;
    limits->peer.callbacks.credentials = peer_credentials;
    limits->peer.given.name = smtp_text("user");
    limits->peer.given.password = smtp_text("pencil");
}

static void begin(struct limits *limits, const char *offer)
{
    client_open(&limits->peer);
    client_turn(&limits->peer, GREET, HELLO);
    (void)client_feed(&limits->peer, offer);
}

static void begins_with(struct client_peer *peer, const char *output)
{
    assert_memory_equal(text_of(&peer->output), output, strlen(output));
}

/* What binding data there is decides the mechanism, and the GS2 header of its first message says
 * which is bound to: the best of them (RFC 5802 6, RFC 9266 2, RFC 5929). */
static void test_binding_of_each_type(void **state)
{
    static const struct {
        const char *exporter;
        const char *end_point;
        const char *unique;
        const char *said;
        const char *header;
    } rows[] = {
        {"e", NULL, NULL, "AUTH SCRAM-SHA-256-PLUS ", "p=tls-exporter,,n=user,"},
        {NULL, "p", NULL, "AUTH SCRAM-SHA-256-PLUS ", "p=tls-server-end-point,,n=user,"},
        {NULL, NULL, "u", "AUTH SCRAM-SHA-256-PLUS ", "p=tls-unique,,n=user,"},
        {"e", "p", "u", "AUTH SCRAM-SHA-256-PLUS ", "p=tls-exporter,,n=user,"},
        {NULL, "p", "u", "AUTH SCRAM-SHA-256-PLUS ", "p=tls-server-end-point,,n=user,"},
        {NULL, NULL, NULL, "AUTH SCRAM-SHA-256 ", "n,,n=user,"},
    };
    size_t i;
    int told;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (told = rows[i].said[18] == '-'; told < 2; told++) {
            smtp_tls_info info = {.size = sizeof info};
            struct limits limits;
            char octets[512];
            size_t len = 0;
            smtp_str text;
            limits_init(&limits);
            info.exporter = smtp_text(rows[i].exporter);
            info.end_point = smtp_text(rows[i].end_point);
            info.unique = smtp_text(rows[i].unique);
            limits.peer.config.tls = SMTP_TLS_IMPLICIT;
            client_open(&limits.peer);
            assert_int_equal(smtp_session_tls_started(limits.peer.session, told ? &info : NULL, 1),
                             SMTP_ERR_OK);
            client_turn(&limits.peer, GREET, HELLO);
            (void)client_feed(&limits.peer, OFFER("SCRAM-SHA-256 SCRAM-SHA-256-PLUS"));
            begins_with(&limits.peer, rows[i].said);
            text.ptr = text_of(&limits.peer.output) + strlen(rows[i].said);
            text.len = strlen(text.ptr) - 2;
            assert_int_equal(smtp_base64_decode(octets, sizeof octets, &len, text), SMTP_ERR_OK);
            assert_memory_equal(octets, rows[i].header, strlen(rows[i].header));
            client_delete(&limits.peer);
        }
    }
}

/* A mechanism whose messages are as long as they are told, and never the last. */
static int say_much(smtp_sasl_turn *turn, void *user)
{
    static const char much[8000];
    struct limits *limits = user;

    turn->exchange = limits;
    turn->out.ptr = much;
    turn->out.len = limits->length;
    return SMTP_SASL_MORE;
}

static void count_end(void *exchange, void *user)
{
    ((struct limits *)user)->ended += exchange == user;
}

static void begin_much(struct limits *limits, size_t length)
{
    limits_init(limits);
    limits->length = length;
    limits->plugin.size = sizeof limits->plugin;
    limits->plugin.name = smtp_text("MUCH");
    limits->plugin.client_step = say_much;
    limits->plugin.end = count_end;
    limits->plugin.user = limits;
    limits->peer.config.plugins = &limits->plugin;
    limits->peer.config.plugin_count = 1;
    limits->peer.config.output_buffer = 1024;
    limits->peer.config.token_max = 1;
    begin(limits, OFFER("MUCH"));
    client_expect(&limits->peer, "AUTH MUCH\r\n");
}

/* A message that has no room is not sent, and no part of it: the exchange is cancelled (RFC 4954
 * 4). */
static void test_message_without_room(void **state)
{
    size_t length;
    size_t sent = 0;
    size_t cancelled = 0;

    (void)state;
    for (length = 100; length < 8000; length += 79) {
        struct limits limits;
        begin_much(&limits, length);
        (void)client_feed(&limits.peer, "334 \r\n");
        if (limits.peer.output.len != 3) {
            assert_int_equal(limits.peer.output.len, (length + 2) / 3 * 4 + 2);
            assert_int_equal(cancelled, 0);
            assert_int_equal(limits.ended, 0);
            sent++;
        } else {
            client_expect(&limits.peer, "*\r\n");
            assert_int_equal(limits.ended, 1);
            client_turn(&limits.peer, "501 cancelled\r\n", "QUIT\r\n");
            client_turn(&limits.peer, "221 bye\r\n", "");
            client_saw(&limits.peer, "credentials\nclose NO_SPACE 0\n");
            cancelled++;
        }
        client_delete(&limits.peer);
        assert_int_equal(limits.ended, 1);
    }
    assert_true(sent > 0 && cancelled > 0);
}

/* Takes the output but for its last `left` octets. */
static void take_all_but(struct client_peer *peer, size_t left)
{
    smtp_str slices[4];
    size_t n = smtp_session_output(peer->session, slices, 4);

    assert_int_equal(n, 1);
    assert_true(slices[0].len >= left);
    text_add(&peer->output, slices[0].ptr, slices[0].len - left);
    smtp_session_sent(peer->session, slices[0].len - left, peer->now);
}

/* The server asks on while nearly all of the last line has still to go. What has no room then is
 * not sent, not even the "*", and what goes out are whole lines. */
static void test_message_without_room_behind_the_last(void **state)
{
    size_t length;
    size_t cancelled = 0;
    size_t ended = 0;

    (void)state;
    for (length = 1; ended == 0; length++) {
        struct limits limits;
        size_t line = (length + 2) / 3 * 4 + 2;
        struct text *output = &limits.peer.output;
        begin_much(&limits, length);
        limits.peer.stuck = 1;
        (void)client_feed(&limits.peer, "334 \r\n");
        assert_int_equal(limits.ended, 0);
        take_all_but(&limits.peer, line - 1);
        (void)client_feed(&limits.peer, "334 \r\n");
        limits.peer.stuck = 0;
        client_drain(&limits.peer);
        if (output->len == line + 3) {
            assert_string_equal(text_of(output) + line, "*\r\n");
            assert_int_equal(limits.peer.count[CALL_CLOSE], 0);
            cancelled++;
        } else if (output->len == line) {
            client_saw(&limits.peer, "credentials\nclose NO_SPACE 0\n");
            ended++;
        } else {
            assert_int_equal(output->len, 2 * line);
            assert_int_equal(cancelled, 0);
        }
        client_delete(&limits.peer);
        assert_int_equal(limits.ended, 1);
    }
    assert_true(cancelled > 0 && ended > 0);
}

/* A line of an exchange is a question as any command is: nobody can have seen it before an octet of
 * it has gone. */
static void test_replies_before_lines(void **state)
{
    static const char *const pieces[][3] = {
        {"334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n", NULL, NULL},
        {"334 VXNlcm5hbWU6\r\n235 yes\r\n", NULL, NULL},
        {"334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n235 yes\r\n", NULL},
        {"334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n", "334 \r\n501 no\r\n"}, /* before the "*" */
    };
    static const char *const closes[] = {
        "credentials\nclose UNEXPECTED_REPLY 334\n",
        "credentials\nclose UNEXPECTED_REPLY 235\n",
        "credentials\nclose UNEXPECTED_REPLY 235\n",
        "credentials\nclose UNEXPECTED_REPLY 501\n",
    };
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct limits limits;
        limits_init(&limits);
        begin(&limits, OFFER("LOGIN"));
        client_expect(&limits.peer, "AUTH LOGIN\r\n");
        for (k = 0; k < 3 && pieces[i][k] != NULL; k++)
            (void)client_feed(&limits.peer, pieces[i][k]);
        client_saw(&limits.peer, closes[i]);
        client_delete(&limits.peer);
    }
}

/* Credentials that a mechanism cannot say leave it out, and the next one is tried. */
static void test_credentials_that_do_not_fit(void **state)
{
    struct limits limits;

    (void)state;
    limits_init(&limits);
    limits.peer.given.password = smtp_text(NULL);
    limits.peer.given.token = smtp_text("token");
    begin(&limits, OFFER("PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2"));
    begins_with(&limits.peer, "AUTH XOAUTH2 ");
    client_delete(&limits.peer);

    limits_init(&limits);
    limits.peer.given.password = smtp_text(NULL);
    begin(&limits, OFFER("PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2"));
    client_expect(&limits.peer, "QUIT\r\n");
    client_turn(&limits.peer, "221 bye\r\n", "");
    client_saw(&limits.peer, "credentials\nclose AUTH_UNAVAILABLE 0\n");
    client_delete(&limits.peer);
}

/* Behind an initial response that had no room in the command the challenge is empty: anything else
 * is not what was asked for, and the response stays here. */
static void test_challenge_before_a_long_initial_response(void **state)
{
    static char token[700];
    struct limits limits;

    (void)state;
    limits_init(&limits);
    memset(token, 't', sizeof token);
    limits.peer.given.token.ptr = token;
    limits.peer.given.token.len = sizeof token;
    begin(&limits, OFFER("XOAUTH2"));
    client_expect(&limits.peer, "AUTH XOAUTH2\r\n");
    client_turn(&limits.peer, "334 VXNlcm5hbWU6\r\n", "*\r\n");
    client_turn(&limits.peer, "501 cancelled\r\n", "QUIT\r\n");
    client_turn(&limits.peer, "221 bye\r\n", "");
    client_saw(&limits.peer, "credentials\nclose AUTH_PROTOCOL 0\n");
    client_delete(&limits.peer);
}

static void delete_in_credentials(struct client_peer *peer, int call)
{
    if (call != CALL_CREDENTIALS)
        return;
    smtp_client_del(peer->client);
    peer->deleted = 1;
}

/* Whatever the callback then answers, nothing more is said or called. */
static void test_deleted_in_credentials(void **state)
{
    static const int answers[] = {SMTP_ACCEPT, SMTP_DEFER};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct limits limits;
        limits_init(&limits);
        limits.peer.answers[CALL_CREDENTIALS] = answers[i];
        client_open(&limits.peer);
        client_turn(&limits.peer, GREET, HELLO);
        limits.peer.during = delete_in_credentials;
        (void)client_feed(&limits.peer, OFFER("PLAIN"));
        assert_true(limits.peer.deleted);
        assert_int_equal(limits.peer.memory.live, 0);
        client_expect(&limits.peer, "");
        client_saw(&limits.peer, "credentials\n");
        client_delete(&limits.peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binding_of_each_type),
        cmocka_unit_test(test_message_without_room),
        cmocka_unit_test(test_message_without_room_behind_the_last),
        cmocka_unit_test(test_replies_before_lines),
        cmocka_unit_test(test_credentials_that_do_not_fit),
        cmocka_unit_test(test_challenge_before_a_long_initial_response),
        cmocka_unit_test(test_deleted_in_credentials),
    };
    return cmocka_run_group_tests_name("client/auth_limits", tests, NULL, NULL);
}
