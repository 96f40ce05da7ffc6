/* SPDX-License-Identifier: MIT
 * Mechanisms of the caller in a server: offered, chosen by name, run and released. */
#include "sasl/ping.h"
#include "server/auth_peer.h"

#define PING "334 cGluZw==\r\n"
#define PONG "334 cG9uZw==\r\n"

struct plugged {
    struct auth_peer auth; /* first: the callbacks get it */
    struct ping ping;
    smtp_sasl_plugin plugin;
};

static void plug(struct plugged *plugged, const char *name)
{
    memset(plugged, 0, sizeof *plugged);
    auth_init(&plugged->auth);
    plugged->plugin = ping_plugin(&plugged->ping, name);
    plugged->auth.peer.config.plugins = &plugged->plugin;
    plugged->auth.peer.config.plugin_count = 1;
}

static void expect_mechanisms(struct plugged *plugged, const char *line)
{
    struct auth_peer *auth = &plugged->auth;

    text_clear(&auth->peer.output);
    (void)server_feed(&auth->peer, "EHLO c.example\r\n");
    if (line == NULL)
        assert_int_equal(text_count(text_of(&auth->peer.output), "AUTH"), 0);
    else
        assert_non_null(strstr(text_of(&auth->peer.output), line));
}

/* All exchanges that began have ended. */
static void unplug(struct plugged *plugged)
{
    auth_delete(&plugged->auth);
    assert_int_equal(plugged->ping.begun, plugged->ping.ended);
}

/* Shows: R4954-3-1 R4954-4-22 R4954-4-24 */
static void test_success(void **state)
{
    static const char input[] = "AUTH ping\r\nYW5u\r\n\r\nMAIL FROM:<a@b.example>\r\n";
    size_t width;

    (void)state;
    for (width = 0; width < sizeof input; width++) {
        smtp_received received = {.size = sizeof received};
        struct plugged plugged;

        plug(&plugged, "PING");
        server_open(&plugged.auth.peer);
        expect_mechanisms(&plugged,
                          "250-AUTH PING PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\r\n");
        server_forget(&plugged.auth.peer);
        assert_int_equal(server_give(&plugged.auth.peer, input, sizeof input - 1, width),
                         sizeof input - 1);
        SERVER_SAYS(&plugged.auth.peer, PING PONG DONE "250 2.1.0 OK\r\n");
        SERVER_SAW(&plugged.auth.peer, "mail <a@b.example>\n"); /* and `auth` was not asked */
        expect_identity(&plugged.auth, "ann");
        assert_int_equal(smtp_server_received(plugged.auth.peer.server, &received), 0);
        assert_int_equal(received.with, SMTP_WITH_ESMTP | SMTP_WITH_AUTH);
        assert_int_equal(plugged.ping.ended, 1);
        unplug(&plugged);
    }
}

/* Without the callback there are no mechanisms but those of the caller. */
static void test_alone(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged, "PING");
    plugged.auth.peer.callbacks.auth = NULL;
    plugged.auth.peer.config.crypto = NULL;
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, "250-AUTH PING\r\n");
    begins(&plugged.auth, "AUTH PLAIN " GOOD "\r\n", "504 5.5.4 ");
    says(&plugged.auth, "AUTH PING\r\n", PING);
    says(&plugged.auth, "YW5u\r\n", PONG);
    says(&plugged.auth, "\r\n", DONE);
    expect_identity(&plugged.auth, "ann");
    begins(&plugged.auth, "AUTH PING\r\n", "503 5.5.1 ");
    unplug(&plugged);
}

static void test_not_offered(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged, "PING"); /* by the configuration */
    plugged.auth.peer.config.mechanisms = SMTP_MECH_PLAIN;
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, "250-AUTH PLAIN\r\n");
    begins(&plugged.auth, "AUTH PING\r\n", "504 5.5.4 ");
    unplug(&plugged);

    plug(&plugged, "PING"); /* for lack of a server's side */
    plugged.plugin.server_step = NULL;
    plugged.auth.peer.config.mechanisms = SMTP_MECH_PLUGIN;
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, NULL);
    begins(&plugged.auth, "AUTH PING\r\n", "504 5.5.4 ");
    unplug(&plugged);

    plug(&plugged, "PING-PLUS"); /* for lack of channel binding */
    plugged.auth.peer.config.mechanisms = SMTP_MECH_PLUGIN | SMTP_MECH_LOGIN;
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, "250-AUTH LOGIN\r\n");
    begins(&plugged.auth, "AUTH PING-PLUS\r\n", "504 5.5.4 ");
    unplug(&plugged);

    plug(&plugged, "PING"); /* for lack of TLS */
    plugged.auth.peer.config.flags = 0;
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, NULL);
    begins(&plugged.auth, "AUTH PING\r\n", "538 5.7.11 ");
    unplug(&plugged);

    plug(&plugged, "PING"); /* for lack of the table that leads to them */
    plugged.auth.peer.config.sasl = NULL;
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, NULL);
    begins(&plugged.auth, "AUTH PING\r\n", "502 5.5.1 ");
    unplug(&plugged);
}

static void test_channel_binding(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged, "PING-PLUS");
    plugged.auth.tls.exporter = smtp_text("thirty-two octets of the export.");
    plugged.auth.peer.config.mechanisms = SMTP_MECH_PLUGIN | SMTP_MECH_SCRAM_SHA_256;
    start_tls(&plugged.auth);
    expect_mechanisms(&plugged, "250-AUTH PING-PLUS SCRAM-SHA-256\r\n");
    /* A client that could bind and says that it was not offered to has been lied to: its first
     * message is y,,n=ann,r=abc. */
    says(&plugged.auth, "AUTH SCRAM-SHA-256 eSwsbj1hbm4scj1hYmM=\r\n", WRONG);
    says(&plugged.auth, "AUTH PING-PLUS\r\n", PING);
    says(&plugged.auth, "YW5u\r\n", PONG);
    assert_int_equal(plugged.ping.bindings, plugged.auth.tls.exporter.len);
    says(&plugged.auth, "\r\n", DONE);
    unplug(&plugged);
}

/* What a plug-in's errors are answered, and what a client does out of turn. */
/* Shows: R4954-4-7 R4954-4-12 R4422-3.5-1 */
static void test_refusals(void **state)
{
    static const struct {
        int fails;
        const char *lines[3]; /* in turn; the last is refused */
        const char *reply;
    } rows[] = {
        {0, {"AUTH PING\r\n", "ZXZl\r\n"}, "535 5.7.8 "}, /* eve */
        {0, {"AUTH PING\r\n", "*\r\n"}, "501 5.7.0 "},
        {0, {"AUTH PING\r\n", "YW5u\r\n", "*\r\n"}, "501 5.7.0 "},
        {0, {"AUTH PING\r\n", "YW5u\r\n", "YW5u\r\n"}, "501 5.5.2 "},
        {0, {"AUTH PING\r\n", "YW5\r\n"}, "501 5.5.2 "},
        {0, {"AUTH PING YW5u\r\n"}, "501 5.7.0 "},
        {0, {"AUTH PING =\r\n"}, "501 5.7.0 "},
        {SMTP_ERR_AUTH_PROTOCOL, {"AUTH PING\r\n", "YW5u\r\n"}, "501 5.5.2 "},
        {SMTP_ERR_AUTH_CANCELLED, {"AUTH PING\r\n", "YW5u\r\n"}, "454 4.7.0 "},
        {SMTP_ERR_NO_MEMORY, {"AUTH PING\r\n", "YW5u\r\n"}, "500 5.5.6 "},
        {99, {"AUTH PING\r\n", "YW5u\r\n"}, "454 4.7.0 "}, /* nonsense */
    };
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plugged plugged;

        plug(&plugged, "PING");
        plugged.ping.fails = rows[i].fails;
        auth_open(&plugged.auth);
        for (k = 0; k < 3 && rows[i].lines[k] != NULL; k++)
            begins(&plugged.auth, rows[i].lines[k],
                   k < 2 && rows[i].lines[k + 1] != NULL ? "334 " : rows[i].reply);
        expect_identity(&plugged.auth, "");
        assert_int_equal(plugged.ping.begun, plugged.ping.ended);
        says(&plugged.auth, "AUTH PLAIN " GOOD "\r\n", DONE);
        unplug(&plugged);
    }
}

/* Wrong tries count as any. */
static void test_too_many(void **state)
{
    struct plugged plugged;
    int i;

    (void)state;
    plug(&plugged, "PING");
    auth_open(&plugged.auth);
    for (i = 0; i < 3; i++) {
        says(&plugged.auth, "AUTH PING\r\n", PING);
        says(&plugged.auth, "ZXZl\r\n", WRONG);
    }
    says(&plugged.auth, "AUTH PING\r\n", PING);
    begins(&plugged.auth, "ZXZl\r\n", "421 4.7.0 ");
    assert_int_equal(smtp_session_error(plugged.auth.peer.session, NULL), SMTP_ERR_AUTH_FAILED);
    unplug(&plugged);
}

/* The connection goes, or the session, in the middle of an exchange. */
static void test_interrupted(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged, "PING");
    auth_open(&plugged.auth);
    says(&plugged.auth, "AUTH PING\r\n", PING);
    (void)smtp_session_eof(plugged.auth.peer.session, plugged.auth.peer.now);
    assert_int_equal(plugged.ping.ended, 1);
    unplug(&plugged);

    plug(&plugged, "PING");
    auth_open(&plugged.auth);
    says(&plugged.auth, "AUTH PING\r\n", PING);
    assert_int_equal(plugged.ping.ended, 0);
    unplug(&plugged);
}

static void delete_server(void *user)
{
    struct server_peer *peer = user;

    smtp_server_del(peer->server);
    peer->deleted = 1;
}

/* The session may be deleted in a step of a plug-in, whatever the step then returns. */
static void test_deleted_within(void **state)
{
    static const int fails[] = {0, SMTP_SASL_MORE, SMTP_SASL_DONE, SMTP_ERR_AUTH_FAILED};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof fails / sizeof fails[0]; i++) {
        struct plugged plugged;

        plug(&plugged, "PING");
        auth_open(&plugged.auth);
        says(&plugged.auth, "AUTH PING\r\n", PING);
        plugged.ping.fails = fails[i];
        plugged.ping.during = delete_server;
        plugged.ping.user = &plugged.auth.peer;
        (void)server_feed(&plugged.auth.peer, "YW5u\r\n");
        assert_int_equal(plugged.auth.peer.deleted, 1);
        assert_int_equal(plugged.auth.peer.memory.live, 0);
        assert_int_equal(plugged.ping.ended, 1);
        unplug(&plugged);
    }
}

/* A plug-in takes the place of the mechanism that has its name. */
static void test_replaces(void **state)
{
    struct plugged plugged;

    (void)state;
    plug(&plugged, "PLAIN");
    server_open(&plugged.auth.peer);
    expect_mechanisms(&plugged, "250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\r\n");
    says(&plugged.auth, "AUTH PLAIN\r\n", PING);
    begins(&plugged.auth, "*\r\n", "501 5.7.0 ");
    unplug(&plugged);
}

/* Fifteen names of twenty characters and all of the library's make a line that can be said. */
static void test_many(void **state)
{
    smtp_sasl_plugin plugins[SMTP_SASL_PLUGINS_MAX + 1];
    char names[SMTP_SASL_PLUGINS_MAX + 1][21];
    struct plugged plugged;
    size_t i;

    (void)state;
    plug(&plugged, "PING");
    for (i = 0; i <= SMTP_SASL_PLUGINS_MAX; i++) {
        memset(names[i], 'X', 20);
        names[i][20] = '\0';
        names[i][19] = (char)('A' + i);
        plugins[i] = ping_plugin(&plugged.ping, names[i]);
    }
    plugged.auth.peer.config.plugins = plugins;
    plugged.auth.peer.config.plugin_count = SMTP_SASL_PLUGINS_MAX + 1;
    plugged.auth.peer.config.output_buffer = 4096;
    assert_int_equal(smtp_server_bytes(&plugged.auth.peer.config), 0);
    plugged.auth.peer.config.plugin_count = SMTP_SASL_PLUGINS_MAX;
    plugged.auth.peer.config.mechanisms = INT32_MAX;
    plugged.auth.tls.exporter = smtp_text("thirty-two octets of the export.");
    plugged.auth.tls.peer_subject = smtp_text("ann");
    start_tls(&plugged.auth);
    expect_mechanisms(&plugged, " XXXXXXXXXXXXXXXXXXXO PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 "
                                "SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS OAUTHBEARER "
                                "XOAUTH2 EXTERNAL ANONYMOUS\r\n");
    says(&plugged.auth, "AUTH XXXXXXXXXXXXXXXXXXXO\r\n", PING);
    unplug(&plugged);
}

static void test_refused_configuration(void **state)
{
    smtp_server *server = NULL;
    struct plugged plugged;

    (void)state;
    plug(&plugged, "ping");
    assert_int_equal(smtp_server_bytes(&plugged.auth.peer.config), 0);
    assert_int_equal(smtp_server_new(&server, &plugged.auth.peer.config,
                                     &plugged.auth.peer.callbacks, NULL, NULL),
                     SMTP_ERR_ARGUMENT);
    assert_null(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_not_offered),    cmocka_unit_test(test_channel_binding),
        cmocka_unit_test(test_refusals),       cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_interrupted),    cmocka_unit_test(test_replaces),
        cmocka_unit_test(test_many),           cmocka_unit_test(test_refused_configuration),
        cmocka_unit_test(test_deleted_within),
    };

    return cmocka_run_group_tests_name("server/auth_plugin", tests, NULL, NULL);
}
