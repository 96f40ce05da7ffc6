/* SPDX-License-Identifier: MIT
 * A transaction up to its content, and that nothing of it is met in the next. */
#include "support/server_peer.h"

#define MAIL "MAIL FROM:<a@c.example>\r\n"
#define RCPT "RCPT TO:<b@mx.example>\r\n"

/* Everything that ends a transaction, and the one event that says so. */
/* Shows: R5321-4.1.1.5-1 R5321-4.1.1.5-2 R5321-4.1.4-4 */
static void test_each_mail_has_one_end(void **state)
{
    static const struct row {
        const char *input;
        const char *end;
    } rows[] = {
        {"RSET\r\n", "reset 1 OK\n"},
        {"EHLO d.example\r\n", "hello 2 d.example\nreset 2 OK\n"},
        {"HELO d.example\r\n", "hello 1 d.example\nreset 2 OK\n"},
        {"QUIT\r\n", "reset 3 OK\nclose OK\n"},
    };
    static const char *const depths[] = {MAIL, MAIL RCPT, MAIL RCPT "BDAT 1\r\nx"};
    size_t i;
    size_t depth;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (depth = 0; depth < 3; depth++) {
            struct server_peer peer;
            server_peer_init(&peer);
            server_ready(&peer);
            (void)server_feed(&peer, depths[depth]);
            server_forget(&peer);
            (void)server_feed(&peer, rows[i].input);
            SERVER_SAW(&peer, rows[i].end);
            (void)smtp_session_eof(peer.session, 1);
            assert_int_equal(peer.count[CALL_RESET], 1);
            assert_int_equal(peer.count[CALL_CLOSE], 1);
            server_delete(&peer);
        }
    }
}

/* What was agreed for one message does not hold for the next. */
static void test_nothing_is_carried_over(void **state)
{
    static const char *const ends[] = {"RSET\r\n", "EHLO d.example\r\n", RCPT "DATA\r\nx\r\n.\r\n",
                                       RCPT "DATA\r\n\n\r\n.\r\n", RCPT "BDAT 0 LAST\r\n"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct server_peer peer;
        server_peer_init(&peer);
        peer.config.offer = SMTP_EXT_SMTPUTF8 | SMTP_EXT_BINARYMIME;
        server_ready(&peer);
        (void)server_feed(&peer, "MAIL FROM:<a@c.example> BODY=8BITMIME SMTPUTF8\r\n");
        (void)server_feed(&peer, ends[i]);
        server_codes(&peer, MAIL "RCPT TO:<\xC3\xA9@mx.example>\r\n" RCPT "DATA\r\n\x80\r\n.\r\n",
                     "250 553 250 354 554 ");
        server_codes(&peer, MAIL RCPT "DATA\r\n.\r\n", "250 250 354 250 ");
        server_delete(&peer);
    }
}

/* A MAIL that was refused leaves nothing behind either: neither its size nor its UTF-8. */
/* Shows: R1870-6.1-3 R5321-4.1.4-15 */
static void test_refused_mail_leaves_nothing(void **state)
{
    struct server_peer peer;
    int later;

    (void)state;
    for (later = 0; later < 2; later++) {
        server_peer_init(&peer);
        peer.config.offer = SMTP_EXT_SMTPUTF8;
        peer.config.message_max = 1000;
        server_ready(&peer);
        server_codes(&peer, "MAIL FROM:<a@c.example> SIZE=1001\r\n", "552 ");
        server_codes(&peer, "MAIL FROM:<a@c.example> SIZE=1000\r\nRSET\r\n", "250 250 ");
        peer.answers[CALL_MAIL] = later ? SMTP_DEFER : 550;
        peer.later = 550;
        server_codes(&peer, "MAIL FROM:<a@c.example> SMTPUTF8 BODY=8BITMIME\r\n", "550 ");
        peer.answers[CALL_MAIL] = SMTP_ACCEPT;
        server_codes(&peer, MAIL "RCPT TO:<\xC3\xA9@mx.example>\r\n" RCPT "DATA\r\n\x80\r\n.\r\n",
                     "250 553 250 354 554 ");
        server_delete(&peer);
    }
}

/* Shows: R5321-4.5.3.1.8-4 R5321-4.5.3.1.10-2 */
static void test_recipients_at_below_and_above_their_limit(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.recipients_max = 2;
    server_ready(&peer);
    server_codes(&peer, MAIL RCPT RCPT RCPT RCPT "DATA\r\n.\r\n", "250 250 250 452 452 354 250 ");
    /* One that is refused counts too (RFC 9422 4.2). */
    server_codes(&peer, MAIL RCPT, "250 250 ");
    peer.answers[CALL_RCPT] = 550;
    server_codes(&peer, RCPT RCPT, "550 452 ");
    peer.answers[CALL_RCPT] = SMTP_ACCEPT;
    server_codes(&peer, RCPT "RSET\r\n" MAIL RCPT RCPT RCPT, "452 250 250 250 250 452 ");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_TOO_MANY_RECIPIENTS);
    server_delete(&peer);
}

static void test_transactions_at_below_and_above_their_limit(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.transactions_max = 2;
    server_ready(&peer);
    server_codes(&peer, MAIL "RSET\r\n" MAIL "RSET\r\n", "250 250 250 250 ");
    server_codes(&peer, MAIL "NOOP\r\n", "421 ");
    server_delete(&peer);

    /* One that is refused counts too (RFC 9422 4.1). */
    server_peer_init(&peer);
    peer.config.transactions_max = 2;
    peer.answers[CALL_MAIL] = 550;
    server_ready(&peer);
    server_codes(&peer, MAIL MAIL MAIL, "550 550 421 ");
    server_delete(&peer);
}

static void test_positions_of_recipients(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    (void)server_feed(&peer, MAIL RCPT);
    peer.answers[CALL_RCPT] = 450;
    (void)server_feed(&peer, RCPT);
    peer.answers[CALL_RCPT] = 251;
    (void)server_feed(&peer, RCPT RCPT "DATA\r\n");
    SERVER_SAW(&peer, "mail <a@c.example>\nrcpt 0 <b@mx.example>\nrcpt 1 <b@mx.example>\n"
                      "rcpt 1 <b@mx.example>\nrcpt 2 <b@mx.example>\ndata 3\n");
    server_delete(&peer);
}

/* A refused DATA drops the transaction; a refused MAIL never began one. */
static void test_data_refused(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_DATA] = 451;
    server_ready(&peer);
    server_codes(&peer, MAIL RCPT "DATA\r\nDATA\r\n" MAIL, "250 250 451 503 250 ");
    assert_int_equal(peer.count[CALL_RESET], 1);
    server_delete(&peer);
}

static void test_authentication_required(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_REQUIRE_AUTH;
    server_ready(&peer);
    server_codes(&peer, MAIL RCPT "NOOP\r\n", "530 530 250 ");
    assert_int_equal(peer.count[CALL_MAIL], 0);
    server_delete(&peer);
}

/* A deferred MAIL whose client goes is no transaction yet. */
static void test_connection_lost_while_mail_is_deferred(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_MAIL] = SMTP_DEFER;
    peer.later = -1;
    server_ready(&peer);
    (void)server_feed(&peer, MAIL);
    (void)smtp_session_eof(peer.session, 1);
    SERVER_SAW(&peer, "mail <a@c.example>\nclose EOF\n");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_mail_has_one_end),
        cmocka_unit_test(test_nothing_is_carried_over),
        cmocka_unit_test(test_refused_mail_leaves_nothing),
        cmocka_unit_test(test_recipients_at_below_and_above_their_limit),
        cmocka_unit_test(test_transactions_at_below_and_above_their_limit),
        cmocka_unit_test(test_positions_of_recipients),
        cmocka_unit_test(test_data_refused),
        cmocka_unit_test(test_authentication_required),
        cmocka_unit_test(test_connection_lost_while_mail_is_deferred),
    };
    return cmocka_run_group_tests_name("server/transaction", tests, NULL, NULL);
}
