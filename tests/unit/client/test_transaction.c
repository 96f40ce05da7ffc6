/* SPDX-License-Identifier: MIT
 * Transactions of a client: groups of commands, the replies that decide them, and connections that
 * are lost at any octet. */
#include "support/client_script.h"

#define THREE RCPT_SAID RCPT_SAID RCPT_SAID

/* Greeting, EHLO, one group, content, QUIT: a round trip each. */
/* Shows: R2920-3.1-3 R5321-3.3-20 R5321-4.5.4.1-6 */
static void test_round_trips_of_data(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_message(&peer, 3, BODY_SAID);
    client_open(&peer);
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_expect(&peer, "");
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, "250-mx.example\r\n250 PIPELINING\r\n", MAIL_SAID THREE "DATA\r\n");
    client_turn(&peer, "250 a\r\n250 b\r\n250 c\r\n250 d\r\n354 e\r\n", BODY_SAID ".\r\n");
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    client_turn(&peer, "250 f\r\n", "QUIT\r\n");
    client_turn(&peer, "221 g\r\n", "");
    assert_int_equal(peer.outputs, 4);
    client_saw(&peer, "ready mx.example esmtp\n"
                      "recipient 0 delivered 250 OK\nrecipient 1 delivered 250 OK\n"
                      "recipient 2 delivered 250 OK\nsent delivered 250 OK 3\n"
                      "close OK 0\n");
    client_delete(&peer);
}

/* With CHUNKING the content goes with the group. */
static void test_round_trips_of_bdat(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_message(&peer, 3, BODY_SAID);
    client_open(&peer);
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, "250-mx.example\r\n250-CHUNKING\r\n250 PIPELINING\r\n",
                MAIL_SAID THREE "BDAT 17 LAST\r\n" BODY_SAID);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    client_turn(&peer, "250 a\r\n250 b\r\n250 c\r\n250 d\r\n250 e\r\n", "QUIT\r\n");
    client_turn(&peer, "221 g\r\n", "");
    assert_int_equal(peer.outputs, 3);
    assert_int_equal(text_count(text_of(&peer.events), "sent delivered 250"), 1);
    client_delete(&peer);
}

static const char *const stream = GREET "250-mx.example\r\n250-8BITMIME\r\n250 PIPELINING\r\n"
                                        "250 a\r\n250 b\r\n550 c\r\n354 d\r\n250-e\r\n250 f\r\n";

/* The connection is lost behind octet `cut` of what the server says: by its end, or by the clock.
 */
static void lose(const char *script, size_t cut, int by_time, int lmtp, const char *body)
{
    struct client_peer peer;
    smtp_time deadline;
    int told;
    int final;

    client_peer_init(&peer);
    peer.config.flags = lmtp ? SMTP_CLIENT_LMTP : 0;
    client_message(&peer, 2, body);
    client_open(&peer);
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_script(&peer, script, cut);
    told = peer.count[CALL_SENT] == 1;
    deadline = smtp_session_deadline(peer.session);
    final = strstr(text_of(&peer.output), "\r\n.\r\n") != NULL;
    if (by_time && deadline != SMTP_TIME_NEVER) {
        assert_int_equal(smtp_session_expire(peer.session, deadline - 1), SMTP_ERR_OK);
        assert_int_equal(peer.count[CALL_CLOSE], 0);
        assert_non_null(
            strstr(smtp_error_name(smtp_session_expire(peer.session, deadline)), "_TIMEOUT"));
    } else {
        (void)smtp_session_eof(peer.session, peer.now);
    }
    assert_int_equal(peer.count[CALL_SENT], 1);
    assert_int_equal(peer.count[CALL_RECIPIENT], 2);
    assert_int_equal(peer.count[CALL_CLOSE], 1);
    if (told)
        assert_int_equal(peer.recipients[0].result, SMTP_RESULT_DELIVERED);
    else
        assert_int_equal(peer.recipients[0].result,
                         final && !lmtp ? SMTP_RESULT_UNKNOWN : SMTP_RESULT_TEMPORARY);
    client_delete(&peer);
}

/* Shows: R5321-4.1.1.10-6 R5321-3.8-5 R5321-4.5.3.2-1 */
static void test_lost_at_every_octet(void **state)
{
    size_t cut;

    (void)state;
    for (cut = 0; cut <= strlen(stream); cut++) {
        lose(stream, cut, 0, 0, BODY_SAID);
        lose(stream, cut, 1, 0, BODY_SAID);
    }
}

/* Shows: R2033-5-7 */
static void test_lost_at_every_octet_of_lmtp(void **state)
{
    static const char *const script =
        GREET "250-mx.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n250 a\r\n250 b\r\n"
              "250 c\r\n354 d\r\n250 e\r\n";
    struct client_peer peer;
    size_t cut;

    (void)state;
    for (cut = 0; cut < strlen(script); cut++)
        lose(script, cut, (int)(cut % 2), 1, BODY_SAID);
    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_LMTP;
    client_message(&peer, 2, BODY_SAID);
    client_open(&peer);
    (void)client_send(&peer);
    client_script(&peer, script, strlen(script));
    assert_int_equal(peer.count[CALL_SENT], 0);
    text_clear(&peer.events);
    (void)smtp_session_eof(peer.session, peer.now);
    client_saw(&peer, "recipient 1 temporary 0 EOF\nsent delivered 0 OK 1\nclose EOF 0\n");
    client_delete(&peer);
}

/* The end of data is UNKNOWN only once its last octet has gone. */
static void test_lost_before_the_end_has_gone(void **state)
{
    static const char said[] = BODY_SAID ".\r\n";
    size_t gone;

    (void)state;
    for (gone = 0; gone <= strlen(said); gone++) {
        struct client_peer peer;
        client_peer_init(&peer);
        client_ready(&peer, "250-PIPELINING\r\n");
        (void)client_send(&peer);
        peer.stuck = 1;
        (void)client_feed(&peer, "250 a\r\n250 b\r\n354 c\r\n");
        smtp_session_sent(peer.session, gone, peer.now);
        (void)smtp_session_eof(peer.session, peer.now);
        assert_int_equal(peer.recipients[0].result,
                         gone == strlen(said) ? SMTP_RESULT_UNKNOWN : SMTP_RESULT_TEMPORARY);
        assert_int_equal(peer.count[CALL_SENT], 1);
        client_delete(&peer);
    }
}

/* More recipients than replies may be due, under every limit, with output taken in any steps. */
/* Shows: R2920-3.1-5 R2920-3.1-7 */
static void test_more_recipients_than_pending(void **state)
{
    static const uint32_t limits[] = {1, 2, 3, 64, 254, 255, 256, 100000};
    size_t i;
    size_t n;

    (void)state;
    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.config.pending_max = limits[i];
        peer.config.output_buffer = i % 2 ? 1024 : 0;
        peer.drain = i;
        client_ready(&peer, "250-PIPELINING\r\n");
        client_message(&peer, PEER_RECIPIENTS, BODY_SAID);
        (void)client_send(&peer);
        (void)client_feed(&peer, "250 mail\r\n");
        for (n = 0; n < PEER_RECIPIENTS; n++)
            (void)client_feed(&peer, n % 3 == 1 ? "450 no\r\n" : "250 yes\r\n");
        (void)client_feed(&peer, "354 go\r\n");
        (void)client_feed(&peer, "250 done\r\n");
        for (n = 0; n < PEER_RECIPIENTS; n++)
            assert_int_equal(peer.recipients[n].result,
                             n % 3 == 1 ? SMTP_RESULT_TEMPORARY : SMTP_RESULT_DELIVERED);
        assert_int_equal(text_count(text_of(&peer.output), RCPT_SAID), PEER_RECIPIENTS);
        assert_non_null(strstr(text_of(&peer.events), "sent delivered 250 OK 200\n"));
        client_delete(&peer);
    }
}

static void send_again(struct client_peer *peer, int call)
{
    if (call != CALL_SENT || peer->count[CALL_SENT] > 2)
        return;
    assert_int_equal(smtp_client_send(peer->client, &peer->envelope, peer->now, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_client_send(peer->client, &peer->envelope, peer->now, NULL),
                     SMTP_ERR_STATE);
}

static void test_next_from_inside_sent(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.during = send_again;
    client_ready(&peer, "250-PIPELINING\r\n");
    (void)client_send(&peer);
    client_expect(&peer, MAIL_SAID RCPT_SAID "DATA\r\n");
    client_turn(&peer, "250 a\r\n250 b\r\n354 c\r\n", BODY_SAID ".\r\n");
    client_turn(&peer, "250 d\r\n", MAIL_SAID RCPT_SAID "DATA\r\n");
    /* The replies to the rest of a group that was refused are waited for. */
    client_turn(&peer, "550 a\r\n", "");
    client_turn(&peer, "503 b\r\n", "");
    client_turn(&peer, "503 c\r\n", MAIL_SAID RCPT_SAID "DATA\r\n");
    client_turn(&peer, "250 a\r\n250 b\r\n354 c\r\n", BODY_SAID ".\r\n");
    client_turn(&peer, "250 d\r\n", "");
    assert_true(smtp_client_idle(peer.client));
    client_saw(&peer, "recipient 0 delivered 250 OK\nsent delivered 250 OK 1\n"
                      "recipient 0 permanent 550 TRANSACTION_REFUSED\n"
                      "sent permanent 550 TRANSACTION_REFUSED 0\n"
                      "recipient 0 delivered 250 OK\nsent delivered 250 OK 1\n");
    client_delete(&peer);
}

/* A session whose end is told by `sent` takes no other message. */
static void test_next_after_the_end(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_ready(&peer, "");
    (void)client_send(&peer);
    (void)smtp_session_eof(peer.session, peer.now);
    assert_int_equal(client_send(&peer), SMTP_ERR_STATE);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_STATE);
    assert_int_equal(smtp_client_resume(peer.client, peer.now), SMTP_ERR_STATE);
    assert_int_equal(peer.count[CALL_SENT], 1);
    client_delete(&peer);
}

static void command_in_sent(struct client_peer *peer, int call)
{
    const smtp_str none = {NULL, 0};

    if (call == CALL_SENT)
        peer->answers[CALL_SENT] =
            smtp_client_command(peer->client, SMTP_VERB_NOOP, none, none, peer->now);
}

/* While the reply to a DATA is due, which may still be a 354, nothing goes behind it: it would be
 * content. */
/* Shows: R2920-3.1-2 R2920-3.1-6 */
static void test_no_command_behind_data(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.during = command_in_sent;
    client_ready(&peer, "250-PIPELINING\r\n");
    (void)client_send(&peer);
    client_expect(&peer, MAIL_SAID RCPT_SAID "DATA\r\n");
    client_turn(&peer, "250 a\r\n550 b\r\n", "");
    assert_int_equal(peer.answers[CALL_SENT], SMTP_ERR_NO_SPACE);
    client_turn(&peer, "354 c\r\n", ".\r\n");
    client_turn(&peer, "554 d\r\n", "");
    assert_true(smtp_client_idle(peer.client));
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips_of_data),
        cmocka_unit_test(test_round_trips_of_bdat),
        cmocka_unit_test(test_lost_at_every_octet),
        cmocka_unit_test(test_lost_at_every_octet_of_lmtp),
        cmocka_unit_test(test_lost_before_the_end_has_gone),
        cmocka_unit_test(test_more_recipients_than_pending),
        cmocka_unit_test(test_next_from_inside_sent),
        cmocka_unit_test(test_next_after_the_end),
        cmocka_unit_test(test_no_command_behind_data),
    };
    return cmocka_run_group_tests_name("client/transaction", tests, NULL, NULL);
}
