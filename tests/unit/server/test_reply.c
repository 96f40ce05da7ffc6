/* SPDX-License-Identifier: MIT
 * What the library says to what it refuses, and that there is always room to say it. */
#include "support/server_peer.h"

#define MAIL "MAIL FROM:<a@c.example>\r\n"
#define RCPT "RCPT TO:<b@mx.example>\r\n"

/* Shows: R5321-3.8-2 R2034-4-1 R2034-4-3 */
static void test_refusals(void **state)
{
    static const struct row {
        const char *input;
        const char *reply;
    } rows[] = {
        {"XX\r\n", "500 5.5.1 "},
        {"\r\n", "500 5.5.2 "},
        {"LHLO c.example\r\n", "500 5.5.1 "},
        {"EHLO\r\n", "501 "},
        {"EHLO a b\r\n", "501 "},
        {"NOOP\x01\r\n", "501 5.5.2 "},
        {"RSET x\r\n", "501 5.5.4 "},
        {"MAIL\r\n", "501 5.5.4 "},
        {"MAIL FROM:<a\r\n", "501 5.1.7 "},
        {"MAIL FROM:<a@b> SIZE=x\r\n", "501 5.5.4 "},
        {"MAIL FROM:<a@b> XX=1\r\n", "555 5.5.4 "},
        {"MAIL FROM:<a@b> RET=HDRS\r\n", "555 5.5.4 "},
        {"MAIL FROM:<a@b> SIZE=99999999999\r\n", "552 5.3.4 "},
        {"RCPT TO:<b@mx.example>\r\n", "503 5.5.1 "},
        {"DATA\r\n", "503 5.5.1 "},
        {"EXPN x\r\n", "502 5.5.1 "},
        {"TURN\r\n", "502 5.5.1 "},
        {"SEND FROM:<a@b>\r\n", "502 5.5.1 "},
        {"STARTTLS\r\n", "502 5.5.1 "},
        {MAIL "RCPT TO:<@\r\n", "501 5.1.3 "},
        {MAIL "RCPT TO:<>\r\n", "501 5.1.3 "},
        {MAIL "DATA\r\n", "554 5.5.1 "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server_peer peer;
        const char *last;
        server_peer_init(&peer);
        peer.callbacks.expn = NULL;
        server_ready(&peer);
        (void)server_feed(&peer, rows[i].input);
        last = text_of(&peer.output);
        if (strncmp(rows[i].input, "MAIL FROM:<a@c", 14) == 0)
            last = strchr(last, '\n') + 1;
        if (strncmp(last, rows[i].reply, strlen(rows[i].reply)) != 0)
            fail_msg("%s: %s", rows[i].input, last);
        assert_int_equal(peer.count[CALL_CLOSE], 0);
        server_delete(&peer);
    }
}

/* Shows: R2034-4-1 R2034-4-2 R2034-4-5 */
static void test_enhanced_codes_everywhere_but_where_none_may_be(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_open(&peer);
    assert_int_equal(strncmp(text_of(&peer.output), "220 mx.example ESMTP\r\n", 22), 0);
    server_forget(&peer);
    (void)server_feed(&peer, "HELO c.example\r\n");
    SERVER_SAYS(&peer, "250 mx.example\r\n");
    server_forget(&peer);
    peer.answers[CALL_HELLO] = 550;
    (void)server_feed(&peer, "EHLO c.example\r\n");
    SERVER_SAYS(&peer, "550 Mailbox unavailable\r\n");
    server_forget(&peer);
    (void)server_feed(&peer, MAIL RCPT "DATA\r\n.\r\nNOOP\r\nQUIT\r\n");
    SERVER_SAYS(&peer, "250 2.1.0 OK\r\n250 2.1.5 OK\r\n"
                       "354 Go ahead, end with a dot on a line by itself\r\n"
                       "250 2.0.0 OK\r\n250 2.0.0 OK\r\n221 2.0.0 Bye\r\n");
    server_delete(&peer);
}

static void test_no_enhanced_codes(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_NO_ENHANCED_CODES;
    server_ready(&peer);
    (void)server_feed(&peer, MAIL "XX\r\n");
    SERVER_SAYS(&peer, "250 OK\r\n500 the command is not known\r\n");
    server_delete(&peer);
}

/* The 421 that ends a session has its enhanced code, whatever was said last. */
/* Shows: R5321-3.8-3 R5321-3.8-4 */
static void test_last_words(void **state)
{
    static const char *const before[] = {"", "EHLO c.example\r\n", "HELO c.example\r\n", "NOOP\r\n",
                                         "EHLO c.example\r\n" MAIL RCPT "DATA\r\nx"};
    size_t i;
    int way;

    (void)state;
    for (i = 0; i < sizeof before / sizeof before[0]; i++) {
        for (way = 0; way < 3; way++) {
            struct server_peer peer;
            server_peer_init(&peer);
            server_open(&peer);
            (void)server_feed(&peer, before[i]);
            server_forget(&peer);
            if (way == 0)
                (void)smtp_session_expire(peer.session, (smtp_time)1 << 50);
            else
                assert_int_equal(smtp_server_close(peer.server, way == 1 ? 0 : SMTP_STATUS(4, 3, 1),
                                                   smtp_text(way == 1 ? NULL : "bye"), 1),
                                 SMTP_ERR_OK);
            server_drain(&peer);
            SERVER_SAYS(&peer, way == 0   ? "421 4.4.2 the peer did not answer in time\r\n"
                               : way == 1 ? "421 4.3.2 Service not available, closing\r\n"
                                          : "421 4.3.1 bye\r\n");
            server_delete(&peer);
        }
    }
}

/* Words for the end that cannot be said give way to the usual ones: the client gets its 421. */
/* Shows: R5321-3.8-4 */
static void test_last_words_that_cannot_be_said(void **state)
{
    static char huge[2000];
    static const struct row {
        uint32_t status;
        const char *words;
    } rows[] = {
        {0, "a\rb"},
        {0, "\xFF"},
        {SMTP_STATUS(5, 0, 0), "permanent"},
        {0, huge},
    };
    size_t i;

    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server_peer peer;
        server_peer_init(&peer);
        server_ready(&peer);
        assert_int_equal(
            smtp_server_close(peer.server, rows[i].status, smtp_text(rows[i].words), 1),
            SMTP_ERR_OK);
        server_drain(&peer);
        SERVER_SAYS(&peer, "421 4.3.2 Service not available, closing\r\n");
        SERVER_SAW(&peer, "close CLOSED_BY_CALLER\n");
        server_delete(&peer);
    }
}

static void test_close_twice(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    (void)server_feed(&peer, MAIL);
    server_forget(&peer);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(NULL), 1), SMTP_ERR_OK);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(NULL), 1), SMTP_ERR_STATE);
    server_drain(&peer);
    assert_int_equal(text_count(text_of(&peer.output), "\n"), 1);
    SERVER_SAW(&peer, "reset 6 CLOSED_BY_CALLER\nclose CLOSED_BY_CALLER\n");
    server_delete(&peer);
}

/* While an answer is due, and while TLS is wanted. */
static void test_close_in_other_stages(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_CONNECT] = SMTP_DEFER;
    peer.later = -1;
    server_open(&peer);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(NULL), 1), SMTP_ERR_OK);
    server_drain(&peer);
    SERVER_SAYS(&peer, "421 Service not available, closing\r\n");
    server_delete(&peer);

    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_IMPLICIT_TLS;
    server_open(&peer);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(NULL), 1), SMTP_ERR_OK);
    server_drain(&peer);
    SERVER_SAYS(&peer, "");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    server_delete(&peer);
}

/* The largest of replies, one after another, with nothing taken: what fits does not depend on it,
 * and the 421 fits behind. */
static void test_room_for_the_largest_replies(void **state)
{
    char words[192];
    struct server_peer peer;
    size_t reply;
    size_t taken;
    const char input[] = "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n";

    (void)state;
    server_peer_init(&peer);
    peer.config.output_buffer = 512;
    server_ready(&peer);
    reply = 512 / 2 - 64;
    memset(words, 'x', sizeof words);
    words[reply - strlen("250 2.0.0 \r\n")] = '\0';
    peer.words[CALL_NOOP] = words;
    peer.answers[CALL_NOOP] = 250;
    peer.stuck = 1;
    taken = server_feed(&peer, input);
    assert_int_equal(peer.said, 250);
    assert_true(taken >= 6 && taken < sizeof input - 1);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(words), 1), SMTP_ERR_OK);
    peer.stuck = 0;
    server_drain(&peer);
    assert_int_equal(peer.output.len,
                     taken / 6 * reply + strlen("421 4.3.2 Service not available, closing\r\n"));
    assert_non_null(strstr(text_of(&peer.output), "421 4.3.2 Service"));
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_enhanced_codes_everywhere_but_where_none_may_be),
        cmocka_unit_test(test_no_enhanced_codes),
        cmocka_unit_test(test_last_words),
        cmocka_unit_test(test_last_words_that_cannot_be_said),
        cmocka_unit_test(test_close_twice),
        cmocka_unit_test(test_close_in_other_stages),
        cmocka_unit_test(test_room_for_the_largest_replies),
    };
    return cmocka_run_group_tests_name("server/reply", tests, NULL, NULL);
}
