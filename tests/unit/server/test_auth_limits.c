/* SPDX-License-Identifier: MIT
 * AUTH at its limits: binding data of each type, a challenge that has no room or just enough, a
 * refusal in the caller's own words before the exchange is over, an answer from where none can be
 * given. */
#include "server/auth_peer.h"

/* Whatever the type of the binding data that TLS gave, it can be bound to (RFC 5802 6). */
static void test_binding_of_each_type(void **state)
{
    int type;

    (void)state;
    for (type = 0; type <= 3; type++) {
        struct auth_peer auth;

        auth_init(&auth);
        auth.peer.config.mechanisms = SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_SCRAM_SHA_256_PLUS;
        *(type == 1   ? &auth.tls.exporter
          : type == 2 ? &auth.tls.end_point
                      : &auth.tls.unique) = smtp_text(type == 0 ? "" : "binding");
        start_tls(&auth);
        (void)server_feed(&auth.peer, "EHLO c.example\r\n");
        assert_int_equal(text_count(text_of(&auth.peer.output), "AUTH SCRAM-SHA-256"), 1);
        assert_int_equal(text_count(text_of(&auth.peer.output), "SCRAM-SHA-256-PLUS"), type != 0);
        auth_delete(&auth);
    }
}

/* A mechanism whose challenge is as long as it is told. */
static int say_much(smtp_sasl_turn *turn, void *user)
{
    static const char much[2000];

    turn->out.ptr = much;
    turn->out.len = *(size_t *)user;
    return SMTP_SASL_MORE;
}

static void open_for_much(struct auth_peer *auth, smtp_sasl_plugin *plugin, size_t *length)
{
    memset(plugin, 0, sizeof *plugin);
    plugin->size = sizeof *plugin;
    plugin->name = smtp_text("MUCH");
    plugin->server_step = say_much;
    plugin->user = length;
    auth_init(auth);
    auth->peer.config.plugins = plugin;
    auth->peer.config.plugin_count = 1;
    auth->peer.config.output_buffer = 1024;
    auth_open(auth);
}

/* "334 ", the octets in base64 and CRLF have to fit where each reply has to: into half of the
 * buffer less 64 octets, however much of it the client has read. What does not is trouble of our
 * own, which is no fault of the client. */
static void test_challenge_without_room(void **state)
{
    smtp_sasl_plugin plugin;
    struct auth_peer auth;
    size_t length;

    (void)state;
    for (length = 300; length < 360; length++) {
        size_t line = 4 + (length + 2) / 3 * 4 + 2;
        open_for_much(&auth, &plugin, &length);
        if (line <= 1024 / 2 - 64) {
            begins(&auth, "AUTH MUCH\r\n", "334 AAAA");
            assert_int_equal(auth.peer.output.len, line);
            begins(&auth, "*\r\n", "501 5.7.0 ");
        } else {
            begins(&auth, "AUTH MUCH\r\n", "454 4.7.0 ");
            assert_int_equal(smtp_session_error(auth.peer.session, NULL), SMTP_ERR_REPLY_TOO_LONG);
        }
        says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
        auth_delete(&auth);
    }
}

/* The longest challenge, which is not read, leaves room for a 421. */
static void test_end_behind_the_longest_challenge(void **state)
{
    size_t length = 330; /* 440 characters */
    smtp_sasl_plugin plugin;
    struct auth_peer auth;

    (void)state;
    open_for_much(&auth, &plugin, &length);
    auth.peer.stuck = 1;
    (void)server_feed(&auth.peer, "AUTH MUCH\r\n");
    assert_int_equal(smtp_server_close(auth.peer.server, 0, smtp_text(NULL), auth.peer.now),
                     SMTP_ERR_OK);
    assert_int_equal(smtp_session_wants(auth.peer.session), SMTP_WANTS_WRITE | SMTP_WANTS_CLOSE);
    auth.peer.stuck = 0;
    server_drain(&auth.peer);
    assert_int_equal(text_count(text_of(&auth.peer.output), "\r\n421 4.3.2 "), 1);
    SERVER_SAW(&auth.peer, "close CLOSED_BY_CALLER\n");
    auth_delete(&auth);
}

/* One who is not known would be given a challenge that means nothing; a caller who has said his own
 * words has refused. */
static void test_own_words_for_one_who_is_not_known(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.forced = 535;
    auth.words = "Not here";
    auth_open(&auth);
    /* "n,,n=eve,r=fyko+d2lbbFgONRv9qkxdawL" */
    says(&auth, "AUTH SCRAM-SHA-256 biwsbj1ldmUscj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0w=\r\n",
         "535 5.7.8 Not here\r\n");
    assert_int_equal(auth.questions, 1);
    says(&auth, "NOOP\r\n", "250 2.0.0 OK\r\n");
    auth_delete(&auth);
}

/* The command that begins an exchange may be longer than its other lines: what came with it is kept
 * whole. */
static void test_command_longer_than_the_lines_behind_it(void **state)
{
    char message[300];
    char line[600];
    smtp_str octets = {message, 200 + sizeof "\0ann\0tea" - 1};
    size_t width;

    (void)state;
    memset(message, 'a', 200);
    memcpy(message + 200, "\0ann\0tea", octets.len - 200);
    memcpy(line, "AUTH PLAIN ", 11);
    for (width = 0; width < 400; width += 7) {
        struct auth_peer auth;
        size_t len;

        auth_init(&auth);
        auth.peer.config.auth_line_max = 100;
        auth.peer.config.line_buffer = 64;
        auth_open(&auth);
        assert_int_equal(smtp_base64_encode(line + 11, sizeof line - 13, &len, octets), 0);
        memcpy(line + 11 + len, "\r\n", 2);
        (void)server_give(&auth.peer, line, 11 + len + 2, width);
        server_expect(&auth.peer, DONE);
        auth_delete(&auth);
    }
}

/* The trace hook sees the 421 of a session that is closed while an answer is due, and tries. */
static int given_late;

static void answer_in_trace(smtp_session *session, const smtp_trace_event *event, void *user)
{
    struct auth_peer *auth = user;
    smtp_sasl_answer answer = answer_with("tea");

    (void)session;
    (void)event;
    given_late = smtp_server_auth(auth->peer.server, auth->due, &answer, auth->peer.now);
}

static void test_answer_from_the_trace_hook(void **state)
{
    struct auth_peer auth;

    (void)state;
    given_late = SMTP_ERR_OK;
    auth_init(&auth);
    auth.defer = 1;
    auth_open(&auth);
    (void)server_feed(&auth.peer, "AUTH PLAIN " GOOD "\r\n");
    assert_true(auth.due != 0);
    smtp_session_set_trace(auth.peer.session, answer_in_trace, &auth);
    assert_int_equal(smtp_server_close(auth.peer.server, 0, smtp_text(NULL), auth.peer.now),
                     SMTP_ERR_OK);
    assert_int_equal(given_late, SMTP_ERR_REENTRANT);
    expect_identity(&auth, "");
    auth_delete(&auth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binding_of_each_type),
        cmocka_unit_test(test_challenge_without_room),
        cmocka_unit_test(test_end_behind_the_longest_challenge),
        cmocka_unit_test(test_own_words_for_one_who_is_not_known),
        cmocka_unit_test(test_command_longer_than_the_lines_behind_it),
        cmocka_unit_test(test_answer_from_the_trace_hook),
    };
    return cmocka_run_group_tests_name("server/auth_limits", tests, NULL, NULL);
}
