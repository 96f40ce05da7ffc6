/* SPDX-License-Identifier: MIT
 * The end of a message: one reply, or in LMTP one for each recipient. */
#include "support/server_peer.h"

#define ENVELOPE "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"
#define MESSAGE ENVELOPE "DATA\r\nx\r\n.\r\n"

#define DELIVERED                                                                                  \
    "mail <a@c.example>\nrcpt 0 <b@mx.example>\ndata 1\nbody\n"                                    \
    "message 0/1 octets=3 found=0\n"

/* Each `mail` that was accepted is followed by exactly one accepted `message` or `reset`. */
/* Shows: R5321-4.1.1.4-8 R5321-4.1.1.4-9 R5321-4.1.1.4-10 R5321-4.1.1.4-11 */
static void test_accepted_and_refused(void **state)
{
    static const int codes[] = {0, 250, 450, 554, -7, 77};
    size_t i;
    int later;

    (void)state;
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        for (later = 0; later < 2; later++) {
            struct server_peer peer;
            int code = codes[i] == 0 ? 250 : codes[i] < 200 ? 451 : codes[i];
            char said[16];
            if (later && (codes[i] < 0 || codes[i] == 77))
                continue;
            server_peer_init(&peer);
            peer.answers[CALL_MESSAGE] = later ? SMTP_DEFER : codes[i];
            peer.later = codes[i];
            server_ready(&peer);
            (void)server_feed(&peer, MESSAGE "NOOP\r\n");
            (void)snprintf(said, sizeof said, "%d ", code);
            assert_non_null(strstr(text_of(&peer.output), said));
            SERVER_SAW(&peer,
                       code / 100 == 2 ? DELIVERED "noop \n" : DELIVERED "reset 5 OK\nnoop \n");
            server_codes(&peer, "RCPT TO:<b@mx.example>\r\nDATA\r\n", "503 503 ");
            server_delete(&peer);
        }
    }
}

static void test_no_message_callback(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.callbacks.message = NULL;
    server_ready(&peer);
    server_codes(&peer, MESSAGE, "250 250 354 451 ");
    assert_int_equal(peer.count[CALL_RESET], 1);
    server_delete(&peer);
}

static void test_421_ends_the_session(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_MESSAGE] = 421;
    server_ready(&peer);
    (void)server_feed(&peer, MESSAGE "NOOP\r\n");
    SERVER_SAW(&peer, DELIVERED "reset 6 CLOSED_BY_CALLER\nclose CLOSED_BY_CALLER\n");
    server_delete(&peer);
}

/* The connection goes while the message is being committed: its ticket is stale. */
static void test_connection_lost_while_it_is_committed(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_MESSAGE] = SMTP_DEFER;
    peer.later = -1;
    server_ready(&peer);
    (void)server_feed(&peer, MESSAGE);
    server_forget(&peer);
    (void)smtp_session_eof(peer.session, 1);
    SERVER_SAW(&peer, "reset 6 EOF\nclose EOF\n");
    assert_int_equal(smtp_server_answer(peer.server, peer.due, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    SERVER_SAYS(&peer, "");
    server_delete(&peer);
}

/* A message is delivered once its 250 is in the output, and is not told again. */
/* Shows: R5321-4.1.1.10-5 */
static void test_connection_lost_behind_the_reply(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    peer.stuck = 1;
    (void)server_feed(&peer, MESSAGE);
    server_forget(&peer);
    (void)smtp_session_eof(peer.session, 1);
    SERVER_SAW(&peer, "close EOF\n");
    server_delete(&peer);
}

#define RCPT3                                                                                      \
    "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nRCPT TO:<c@mx.example>\r\n"              \
    "RCPT TO:<d@mx.example>\r\n"

static int position;

/* The second recipient is refused. */
static void refuse_the_second(struct server_peer *peer, int call)
{
    if (call == CALL_MESSAGE)
        peer->answers[CALL_MESSAGE] = position++ == 1 ? 452 : SMTP_ACCEPT;
}

static void open_lmtp(struct server_peer *peer)
{
    position = 0;
    peer->config.flags = SMTP_SERVER_LMTP;
    server_open(peer);
    (void)server_feed(peer, "LHLO c.example\r\n");
    server_forget(peer);
}

/* Shows: R2033-4.2-2 */
static void test_lmtp_one_reply_for_each_recipient(void **state)
{
    static const char *const inputs[] = {RCPT3 "DATA\r\nx\r\n.\r\nNOOP\r\n",
                                         RCPT3 "BDAT 3 LAST\r\nx\r\nNOOP\r\n"};
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < 2; i++) {
        for (width = 0; width < 30; width++) {
            struct server_peer peer;
            server_peer_init(&peer);
            open_lmtp(&peer);
            peer.during = refuse_the_second;
            (void)server_give(&peer, inputs[i], strlen(inputs[i]), width);
            assert_non_null(
                strstr(text_of(&peer.output),
                       "250 2.0.0 OK\r\n452 4.3.1 Not enough storage, try again later\r\n"
                       "250 2.0.0 OK\r\n250 2.0.0 OK\r\n"));
            assert_non_null(strstr(text_of(&peer.events), "message 0/3 octets=3 found=0\n"
                                                          "message 1/3 octets=3 found=0\n"
                                                          "message 2/3 octets=3 found=0\nnoop \n"));
            assert_int_equal(peer.count[CALL_RESET], 0);
            server_delete(&peer);
        }
    }
}

/* Shows: R2033-5-5 */
static void test_lmtp_deferred(void **state)
{
    struct server_peer peer;
    int i;

    (void)state;
    server_peer_init(&peer);
    open_lmtp(&peer);
    peer.answers[CALL_MESSAGE] = SMTP_DEFER;
    peer.later = -1;
    (void)server_feed(&peer, RCPT3 "DATA\r\n.\r\n");
    server_forget(&peer);
    for (i = 0; i < 3; i++) {
        assert_int_equal(smtp_session_wants(peer.session), 0);
        assert_int_equal(peer.count[CALL_MESSAGE], i + 1);
        assert_int_equal(smtp_server_answer(peer.server, peer.due, i == 0 ? 550 : SMTP_ACCEPT, 0,
                                            smtp_text(i == 0 ? "no" : NULL), 1),
                         SMTP_ERR_OK);
        server_drain(&peer);
    }
    SERVER_SAYS(&peer, "550 5.7.1 no\r\n250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
    server_delete(&peer);
}

/* More replies than the output has room for: the rest comes when some has gone. */
static void test_lmtp_with_more_replies_than_room(void **state)
{
    struct server_peer peer;
    int refused;
    int i;

    (void)state;
    for (refused = 0; refused < 2; refused++) {
        server_peer_init(&peer);
        peer.config.output_buffer = 512;
        open_lmtp(&peer);
        peer.answers[CALL_BODY] = refused ? 552 : SMTP_ACCEPT;
        (void)server_feed(&peer, "MAIL FROM:<a@c.example>\r\n");
        for (i = 0; i < 100; i++)
            (void)server_feed(&peer, "RCPT TO:<b@mx.example>\r\n");
        (void)server_feed(&peer, "DATA\r\n");
        server_forget(&peer);
        peer.stuck = 1;
        assert_int_equal(server_feed(&peer, "x\r\n.\r\nNOOP\r\n"), 6);
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_WRITE);
        peer.stuck = 0;
        peer.drain = 7;
        server_drain(&peer);
        assert_int_equal(text_count(text_of(&peer.output), refused ? "552 " : "250 "), 100);
        assert_int_equal(peer.count[CALL_MESSAGE], refused ? 0 : 100);
        server_codes(&peer, "NOOP\r\n", "250 ");
        server_delete(&peer);
    }
}

/* While the next reply waits for room nothing is asked: the ticket of the last answer is stale. */
static void test_lmtp_answer_while_a_reply_has_no_room(void **state)
{
    struct server_peer peer;
    uint64_t ticket = 0;
    int i;

    (void)state;
    server_peer_init(&peer);
    peer.config.output_buffer = 512;
    open_lmtp(&peer);
    peer.answers[CALL_MESSAGE] = SMTP_DEFER;
    peer.later = -1;
    (void)server_feed(&peer, "MAIL FROM:<a@c.example>\r\n");
    for (i = 0; i < 100; i++)
        (void)server_feed(&peer, "RCPT TO:<b@mx.example>\r\n");
    (void)server_feed(&peer, "DATA\r\n");
    peer.stuck = 1;
    (void)server_feed(&peer, "x\r\n.\r\n");
    for (i = 0; i < 100 && peer.due != 0; i++) {
        ticket = peer.due;
        server_answer(&peer, SMTP_ACCEPT, NULL);
    }
    assert_true(i > 1 && i < 100);
    assert_int_equal(
        smtp_server_answer(peer.server, ticket, SMTP_ACCEPT, 0, smtp_text(NULL), peer.now),
        SMTP_ERR_STALE);
    assert_int_equal(peer.count[CALL_MESSAGE], i);
    server_delete(&peer);
}

/* Before the last reply: the transaction is dropped. Behind it: it is not. */
static void test_lmtp_connection_lost_between_the_replies(void **state)
{
    struct server_peer peer;
    int answered;

    (void)state;
    for (answered = 0; answered <= 3; answered++) {
        int i;
        server_peer_init(&peer);
        open_lmtp(&peer);
        peer.answers[CALL_MESSAGE] = SMTP_DEFER;
        peer.later = -1;
        (void)server_feed(&peer, RCPT3 "DATA\r\n.\r\n");
        for (i = 0; i < answered; i++)
            (void)smtp_server_answer(peer.server, peer.due, SMTP_ACCEPT, 0, smtp_text(NULL), 1);
        (void)smtp_session_eof(peer.session, 1);
        assert_int_equal(peer.count[CALL_RESET], answered < 3);
        assert_int_equal(peer.count[CALL_CLOSE], 1);
        server_delete(&peer);
    }
}

static void test_lmtp_content_refused(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    open_lmtp(&peer);
    server_codes(&peer, RCPT3 "DATA\r\na\nb\r\n.\r\nNOOP\r\n",
                 "250 250 250 250 354 550 550 550 250 ");
    assert_int_equal(peer.count[CALL_RESET], 1);
    peer.answers[CALL_BODY] = 452;
    peer.words[CALL_BODY] = "full";
    server_codes(&peer, RCPT3 "DATA\r\nab\r\n.\r\nNOOP\r\n",
                 "250 250 250 250 354 452 452 452 250 ");
    assert_int_equal(text_count(text_of(&peer.output), " full\r\n"), 3);
    assert_int_equal(peer.count[CALL_MESSAGE], 0);
    server_delete(&peer);
}

/* Shows: R2033-4.2-1 */
static void test_lmtp_without_recipients(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    open_lmtp(&peer);
    peer.answers[CALL_RCPT] = 550;
    server_codes(&peer, RCPT3 "DATA\r\nBDAT 2 LAST\r\n\r\nNOOP\r\n",
                 "250 550 550 550 503 503 250 ");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted_and_refused),
        cmocka_unit_test(test_no_message_callback),
        cmocka_unit_test(test_421_ends_the_session),
        cmocka_unit_test(test_connection_lost_while_it_is_committed),
        cmocka_unit_test(test_connection_lost_behind_the_reply),
        cmocka_unit_test(test_lmtp_one_reply_for_each_recipient),
        cmocka_unit_test(test_lmtp_deferred),
        cmocka_unit_test(test_lmtp_with_more_replies_than_room),
        cmocka_unit_test(test_lmtp_answer_while_a_reply_has_no_room),
        cmocka_unit_test(test_lmtp_connection_lost_between_the_replies),
        cmocka_unit_test(test_lmtp_content_refused),
        cmocka_unit_test(test_lmtp_without_recipients),
    };
    return cmocka_run_group_tests_name("server/message", tests, NULL, NULL);
}
