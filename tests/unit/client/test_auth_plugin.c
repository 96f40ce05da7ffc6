/* SPDX-License-Identifier: MIT
 * Mechanisms of the caller in a client: found in the server's list, chosen by strength, run and
 * released. */
#include "support/client_script.h"

#include "sasl/digests.h"
#include "sasl/ping.h"

#define OFFER(mechanisms) "250-mx.example\r\n250 AUTH " mechanisms "\r\n"
#define PLAIN "AUTH PLAIN AHVzZXIAcGVuY2ls\r\n"

struct plugged {
    struct client_peer peer; /* first: the callbacks get it */
    crypto_state state;
    smtp_crypto crypto;
    struct ping pings[2];
    smtp_sasl_plugin plugins[2];
};

/* A client with PING, and with PONG, which is stronger. */
static void plug(struct plugged *plugged)
{
    memset(plugged, 0, sizeof *plugged);
    client_peer_init(&plugged->peer);
    plugged->state.seed = 0x5EED;
    plugged->crypto = crypto_of(&plugged->state);
    plugged->plugins[0] = ping_plugin(&plugged->pings[0], "PING");
    plugged->plugins[1] = ping_plugin(&plugged->pings[1], "PONG");
    plugged->plugins[0].strength = 35;
    plugged->peer.config.sasl = smtp_sasl_suite_all();
    plugged->peer.config.crypto = &plugged->crypto;
    plugged->peer.config.flags = SMTP_CLIENT_AUTH_WITHOUT_TLS;
    plugged->peer.config.plugins = plugged->plugins;
    plugged->peer.config.plugin_count = 2;
    plugged->peer.callbacks.credentials = peer_credentials;
    plugged->peer.given.name = smtp_text("user");
    plugged->peer.given.password = smtp_text("pencil");
}

static void begin(struct plugged *plugged, const char *offer, const char *said)
{
    client_open(&plugged->peer);
    client_turn(&plugged->peer, GREET, HELLO);
    client_turn(&plugged->peer, offer, said);
}

static void unplug(struct plugged *plugged)
{
    client_delete(&plugged->peer);
    assert_int_equal(plugged->pings[0].begun, plugged->pings[0].ended);
    assert_int_equal(plugged->pings[1].begun, plugged->pings[1].ended);
}

static void test_success(void **state)
{
    static const char script[] = GREET "250-mx.example\r\n250 AUTH PLAIN PING\r\n334 cGluZw==\r\n"
                                       "334 cG9uZw==\r\n235 yes\r\n";
    size_t width;

    (void)state;
    for (width = 0; width < 30; width++) {
        struct plugged plugged;
        size_t at;
        plug(&plugged);
        client_open(&plugged.peer);
        for (at = 0; at < sizeof script - 1;) { /* a line at a time, and that in pieces */
            size_t line = strcspn(script + at, "\n") + 1;
            assert_int_equal(client_give(&plugged.peer, script + at, line, width), line);
            at += line;
        }
        client_expect(&plugged.peer, HELLO "AUTH PING\r\ndXNlcg==\r\n\r\n");
        client_saw(&plugged.peer, "credentials\nready mx.example esmtp authenticated\n");
        assert_int_equal(plugged.peer.offered, SMTP_MECH_PLAIN | SMTP_MECH_PLUGIN);
        assert_int_equal(plugged.pings[0].ended, 1);
        unplug(&plugged);
    }
}

/* By strength, wherever it stands in the list; and the next one where a server does not want it. */
/* Shows: R4954-4-26 */
static void test_choice(void **state)
{
    static const struct {
        const char *offer;
        const char *said;
        const char *then; /* behind a 504 */
    } rows[] = {
        {OFFER("PING PONG PLAIN"), "AUTH PONG\r\n", "AUTH PING\r\n"},
        {OFFER("PLAIN PONG PING"), "AUTH PONG\r\n", "AUTH PING\r\n"},
        {OFFER("pong PINGS"), "AUTH PONG\r\n", "QUIT\r\n"},
        {OFFER("LOGIN PLAIN CRAM-MD5 PING"), "AUTH PING\r\n", "AUTH CRAM-MD5\r\n"},
        {OFFER("PLAIN XPING PING-X"), PLAIN, "QUIT\r\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plugged plugged;
        plug(&plugged);
        begin(&plugged, rows[i].offer, rows[i].said);
        client_turn(&plugged.peer, "504 not this\r\n", rows[i].then);
        unplug(&plugged);
    }
}

/* What keeps one from being used. */
static void test_not_used(void **state)
{
    enum { MECHANISMS, NO_CLIENT, BINDING, CLEAR, ROWS };
    int row;

    (void)state;
    for (row = 0; row < ROWS; row++) {
        struct plugged plugged;
        plug(&plugged);
        if (row == MECHANISMS)
            plugged.peer.config.mechanisms = SMTP_MECH_PLAIN;
        if (row == NO_CLIENT)
            plugged.plugins[0].client_step = NULL;
        if (row == BINDING)
            plugged.plugins[0].name = smtp_text("PING-PLUS");
        if (row == CLEAR) {
            plugged.plugins[0].plain = 1;
            plugged.peer.config.flags = 0;
        }
        begin(&plugged, row == BINDING ? OFFER("PLAIN PING-PLUS") : OFFER("PLAIN PING"),
              row == CLEAR ? "QUIT\r\n" : PLAIN);
        unplug(&plugged);
    }
}

/* A plug-in that has no use for the credentials makes room for the next. */
static void test_cannot_begin(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged);
    plugged.plugins[1].client_first = 1; /* and then it misses the server's word */
    begin(&plugged, OFFER("PLAIN PONG"), PLAIN);
    assert_int_equal(plugged.pings[1].ended, 1);
    unplug(&plugged);
}

/* Who was to prove itself and has not is not believed, and what was said is the reason. */
static void test_not_proved(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged);
    begin(&plugged, OFFER("PING"), "AUTH PING\r\n");
    client_turn(&plugged.peer, "334 cGluZw==\r\n", "dXNlcg==\r\n");
    client_turn(&plugged.peer, "235 yes\r\n", "QUIT\r\n");
    client_turn(&plugged.peer, "221 bye\r\n", "");
    client_saw(&plugged.peer, "credentials\nclose AUTH_SERVER 0\n");
    unplug(&plugged);

    plug(&plugged);
    begin(&plugged, OFFER("PING"), "AUTH PING\r\n");
    client_turn(&plugged.peer, "334 cGluZw==\r\n", "dXNlcg==\r\n");
    client_turn(&plugged.peer, "334 cG9uZyE=\r\n", "*\r\n");
    client_turn(&plugged.peer, "501 cancelled\r\n", "QUIT\r\n");
    client_turn(&plugged.peer, "221 bye\r\n", "");
    client_saw(&plugged.peer, "credentials\nclose AUTH_SERVER 0\n");
    unplug(&plugged);
}

/* Wherever a session ends or is deleted, the exchange is released. */
static void test_released(void **state)
{
    int way;

    (void)state;
    for (way = 0; way < 3; way++) {
        struct plugged plugged;
        plug(&plugged);
        begin(&plugged, OFFER("PING"), "AUTH PING\r\n");
        client_turn(&plugged.peer, "334 cGluZw==\r\n", "dXNlcg==\r\n");
        assert_int_equal(plugged.pings[0].ended, 0);
        if (way == 1)
            (void)smtp_session_eof(plugged.peer.session, plugged.peer.now);
        if (way == 2)
            (void)client_feed(&plugged.peer, "334 !\r\n");
        assert_int_equal(plugged.pings[0].ended, way != 0);
        unplug(&plugged);
    }
}

static void test_refused_configuration(void **state)
{
    smtp_client *client = NULL;
    struct plugged plugged;

    (void)state;
    plug(&plugged);
    plugged.plugins[1].name = smtp_text("PING");
    assert_int_equal(smtp_client_bytes(&plugged.peer.config), 0);
    assert_int_equal(smtp_client_new(&client, &plugged.peer.config, NULL, NULL, NULL),
                     SMTP_ERR_ARGUMENT);
    assert_null(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_not_used),
        cmocka_unit_test(test_cannot_begin),
        cmocka_unit_test(test_not_proved),
        cmocka_unit_test(test_released),
        cmocka_unit_test(test_refused_configuration),
    };
    return cmocka_run_group_tests_name("client/auth_plugin", tests, NULL, NULL);
}
