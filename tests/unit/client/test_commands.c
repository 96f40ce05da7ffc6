/* SPDX-License-Identifier: MIT
 * Commands of the caller's own: which may be said, when, and in which groups. */
#include "support/client_script.h"

#include "sasl/digests.h"

static int command(struct client_peer *peer, int verb, const char *name, const char *argument)
{
    int error =
        smtp_client_command(peer->client, verb, smtp_text(name), smtp_text(argument), peer->now);

    client_drain(peer);
    return error;
}

static const struct row {
    int verb;
    const char *name;
    const char *argument;
    int error;
    const char *output;
} rows[] = {
    {SMTP_VERB_NOOP, NULL, NULL, SMTP_ERR_OK, "NOOP\r\n"},
    {SMTP_VERB_RSET, NULL, NULL, SMTP_ERR_OK, "RSET\r\n"},
    {SMTP_VERB_HELP, NULL, NULL, SMTP_ERR_OK, "HELP\r\n"},
    {SMTP_VERB_VRFY, NULL, "smith", SMTP_ERR_OK, "VRFY smith\r\n"},
    {SMTP_VERB_EXPN, NULL, "list", SMTP_ERR_OK, "EXPN list\r\n"},
    {SMTP_VERB_ETRN, NULL, "c.example", SMTP_ERR_OK, "ETRN c.example\r\n"},
    {SMTP_VERB_ATRN, NULL, NULL, SMTP_ERR_OK, "ATRN\r\n"},
    {SMTP_VERB_ATRN, NULL, "a.example,b.example", SMTP_ERR_OK, "ATRN a.example,b.example\r\n"},
    {SMTP_VERB_CUSTOM, "XQUEUE", NULL, SMTP_ERR_OK, "XQUEUE\r\n"},
    {SMTP_VERB_CUSTOM, "XQUEUE", "now", SMTP_ERR_OK, "XQUEUE now\r\n"},
    {SMTP_VERB_MAIL, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {SMTP_VERB_DATA, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {SMTP_VERB_QUIT, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {SMTP_VERB_STARTTLS, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {SMTP_VERB_UNKNOWN, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {SMTP_VERB_CONNECT, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {32, NULL, NULL, SMTP_ERR_ARGUMENT, ""},
    {SMTP_VERB_VRFY, NULL, "a\r\nQUIT", SMTP_ERR_CONTROL, ""},
    {SMTP_VERB_VRFY, NULL, NULL, SMTP_ERR_ARGUMENT_MISSING, ""},
    {SMTP_VERB_CUSTOM, "XQUEUE", "a\nb", SMTP_ERR_CONTROL, ""},
};

static void test_what_may_be_said(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client_peer peer;
        client_peer_init(&peer);
        client_ready(&peer, "");
        assert_int_equal(command(&peer, rows[i].verb, rows[i].name, rows[i].argument),
                         rows[i].error);
        client_expect(&peer, rows[i].output);
        assert_int_equal(smtp_client_idle(peer.client), rows[i].error != SMTP_ERR_OK);
        if (rows[i].error == SMTP_ERR_OK) {
            char answer[32];
            client_turn(&peer, "252 yes\r\n", "");
            (void)snprintf(answer, sizeof answer, "%d 252 yes\n", rows[i].verb);
            assert_string_equal(text_of(&peer.replies), answer);
            assert_true(smtp_client_idle(peer.client));
        }
        client_delete(&peer);
    }
}

/* A command whose reply is due keeps away what may not stand behind it in a group. */
/* Shows: R2920-3.1-1 R2920-3.1-2 R2920-3.1-3 R5321-4.3.1-1 */
static void test_groups(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_ready(&peer, "250-PIPELINING\r\n");
    assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_OK);
    assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_OK);
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_OK);
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_NO_SPACE);
    client_expect(&peer, "RSET\r\nRSET\r\nNOOP\r\n");
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_expect(&peer, "");
    client_turn(&peer, "250 a\r\n250 b\r\n250 c\r\n", MAIL_SAID RCPT_SAID "DATA\r\n");
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_STATE);
    client_delete(&peer);

    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_NO_PIPELINING;
    client_ready(&peer, "250-PIPELINING\r\n");
    assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_OK);
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_NO_SPACE);
    client_delete(&peer);
}

/* As many as replies may be due. */
static void test_pending_limit(void **state)
{
    uint32_t limit;

    (void)state;
    for (limit = 1; limit < 5; limit++) {
        struct client_peer peer;
        uint32_t i;
        client_peer_init(&peer);
        peer.config.pending_max = limit;
        client_ready(&peer, "250-PIPELINING\r\n");
        for (i = 0; i < limit; i++)
            assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_OK);
        assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_NO_SPACE);
        (void)client_feed(&peer, "250 a\r\n");
        assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_OK);
        client_delete(&peer);
    }
}

static void chain(struct client_peer *peer, int call)
{
    const smtp_str none = {NULL, 0};

    if (call == CALL_REPLY && peer->count[CALL_READY] == 1 && peer->count[CALL_REPLY] < 6)
        assert_int_equal(smtp_client_command(peer->client, SMTP_VERB_NOOP, none, none, peer->now),
                         SMTP_ERR_OK);
}

/* The reply that is being told is no longer due: the next command may follow from it. */
static void test_next_from_inside_reply(void **state)
{
    int grouping;

    (void)state;
    for (grouping = 0; grouping < 2; grouping++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.during = chain;
        peer.config.pending_max = 1;
        client_ready(&peer, grouping ? "250-PIPELINING\r\n" : "");
        assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_OK);
        client_expect(&peer, "NOOP\r\n");
        client_turn(&peer, "250 a\r\n", "NOOP\r\n");
        client_turn(&peer, "250 b\r\n", "NOOP\r\n");
        client_turn(&peer, "250 c\r\n", "NOOP\r\n");
        client_turn(&peer, "250 d\r\n", "");
        assert_true(smtp_client_idle(peer.client));
        client_delete(&peer);
    }
}

static void test_not_ready(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_make(&peer);
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_STATE);
    assert_int_equal(smtp_session_start(peer.session, peer.now), SMTP_ERR_OK);
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_STATE);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_STATE);
    assert_int_equal(client_send(&peer), SMTP_ERR_STATE);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, "250 mx.example\r\n", "QUIT\r\n");
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_STATE);
    client_turn(&peer, "221 bye\r\n", "");
    assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_STATE);
    client_saw(&peer, "ready mx.example esmtp\nclose OK 0\n");
    client_delete(&peer);
}

/* QUIT waits for all that was asked before. */
/* Shows: R5321-4.1.1.10-4 R5321-4.1.4-17 */
static void test_quit_waits(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_ready(&peer, "250-PIPELINING\r\n");
    (void)client_send(&peer);
    text_clear(&peer.output);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    client_turn(&peer, "250 a\r\n550 b\r\n", "");
    client_turn(&peer, "354 c\r\n", ".\r\n");
    client_turn(&peer, "554 d\r\n", "QUIT\r\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
    client_turn(&peer, "221 e\r\n", "");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    client_delete(&peer);
}

/* A customer of ODMR authenticates by CRAM-MD5, with the exchange of RFC 2195 2, and turns the
 * roles: what comes behind the 250 is not this session's. */
/* Shows: R2645-5.1.2-1 R2645-5.2.1-2 R2645-5.3-1 R2645-5.3-2 R4954-4-31 */
static void test_turn(void **state)
{
    static const char behind[] = "250 turn\r\nEHLO provider.example\r\n";
    crypto_state randomness;
    smtp_crypto cryptography;
    struct client_peer peer;
    size_t width;

    (void)state;
    for (width = 0; width < 12; width++) {
        memset(&randomness, 0, sizeof randomness);
        cryptography = crypto_of(&randomness);
        client_peer_init(&peer);
        peer.config.sasl = smtp_sasl_suite_all();
        peer.config.crypto = &cryptography;
        peer.config.command_timeout = 1000;
        peer.callbacks.credentials = peer_credentials;
        peer.given.name = smtp_text("tim");
        peer.given.password = smtp_text("tanstaaftanstaaf");
        client_open(&peer);
        client_turn(&peer, "220 provider.example\r\n", HELLO);
        /* PIPELINING or not, nothing goes behind AUTH. */
        client_turn(&peer,
                    "250-provider.example\r\n250-PIPELINING\r\n250-ATRN\r\n250 AUTH CRAM-MD5\r\n",
                    "AUTH CRAM-MD5\r\n");
        client_turn(&peer, "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n",
                    "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n");
        client_turn(&peer, "235 ok\r\n", "");
        assert_int_equal(command(&peer, SMTP_VERB_ATRN, NULL, NULL), SMTP_ERR_OK);
        client_expect(&peer, "ATRN\r\n");
        assert_int_equal(command(&peer, SMTP_VERB_NOOP, NULL, NULL), SMTP_ERR_NO_SPACE);
        assert_true(smtp_session_deadline(peer.session) == peer.now + 600000);
        assert_int_equal(client_give(&peer, behind, strlen(behind), width), strlen("250 turn\r\n"));
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TURN);
        assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_OK);
        client_saw(&peer, "credentials\nready provider.example esmtp authenticated\nclose OK 0\n");
        client_delete(&peer);
    }
}

/* ATRN waits as long as other commands where these wait longer. */
static void test_patience_with_atrn(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.command_timeout = 700000;
    client_ready(&peer, "");
    assert_int_equal(command(&peer, SMTP_VERB_ATRN, NULL, NULL), SMTP_ERR_OK);
    assert_true(smtp_session_deadline(peer.session) == peer.now + 700000);
    client_delete(&peer);
}

/* A transaction that was given up is cleared once, by the caller's RSET or by the library's. */
static void test_rset_where_it_is_needed(void **state)
{
    int own;

    (void)state;
    for (own = 0; own < 2; own++) {
        struct client_peer peer;
        client_peer_init(&peer);
        client_ready(&peer, "");
        (void)client_send(&peer);
        client_expect(&peer, MAIL_SAID);
        client_turn(&peer, "250 a\r\n", RCPT_SAID);
        client_turn(&peer, "550 b\r\n", "");
        if (own) {
            assert_int_equal(command(&peer, SMTP_VERB_RSET, NULL, NULL), SMTP_ERR_OK);
            client_expect(&peer, "RSET\r\n");
            client_turn(&peer, "250 c\r\n", "");
        }
        (void)client_send(&peer);
        client_expect(&peer, own ? MAIL_SAID : "RSET\r\n");
        client_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_be_said),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_pending_limit),
        cmocka_unit_test(test_next_from_inside_reply),
        cmocka_unit_test(test_not_ready),
        cmocka_unit_test(test_quit_waits),
        cmocka_unit_test(test_turn),
        cmocka_unit_test(test_patience_with_atrn),
        cmocka_unit_test(test_rset_where_it_is_needed),
    };
    return cmocka_run_group_tests_name("client/commands", tests, NULL, NULL);
}
