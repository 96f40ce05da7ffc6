/* SPDX-License-Identifier: MIT
 * The parts of an object, and how it is freed. */
#include "session/session.h"
#include "support/server_peer.h"

static void test_parts_are_aligned_and_counted_alike(void **state)
{
    static const size_t sizes[] = {1, 8, 3, 0, 16, 7, 64, 5};
    uint64_t storage[32];
    size_t counted = 10;
    size_t laid = 10;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *part;
        assert_null(smtp__part(NULL, &counted, sizes[i]));
        part = smtp__part(storage, &laid, sizes[i]);
        assert_int_equal((size_t)(part - (char *)storage) % sizeof(uint64_t), 0);
        assert_int_equal(laid, counted);
        assert_true((size_t)(part - (char *)storage) + sizes[i] == laid);
    }
    assert_true(laid <= sizeof storage);
}

static int traced;

static void count_trace(smtp_session *session, const smtp_trace_event *event, void *user)
{
    (void)session;
    (void)event;
    (void)user;
    traced++;
}

static void delete_now(struct server_peer *peer, int call)
{
    if (call != peer->depth_call)
        return;
    traced = 0;
    smtp_server_del(peer->server);
    /* Still there, and of no use any more. */
    assert_int_equal(smtp_session_wants(peer->session) & SMTP_WANTS_READ, 0);
    assert_int_equal(smtp_server_reply(peer->server, 550, 0, smtp_text("x")), SMTP_ERR_STATE);
    smtp_server_del(peer->server);
    peer->deleted = 1;
}

/* Everything a server can be asked, one after another. */
static const char all_asked[] =
    "EHLO c.example\r\nVRFY a\r\nEXPN b\r\nHELP\r\nNOOP\r\nETRN c.example\r\nXOWN\r\n"
    "MAIL FROM:<a@c.example>\r\nRSET\r\n"
    "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\ntext\r\n.\r\n"
    "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nBDAT 4\r\ntextBDAT 2 LAST\r\n\r\n"
    "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nBURL imap://h/ LAST\r\n"
    "STARTTLS\r\n";

static void open_asked(struct server_peer *peer)
{
    static const smtp_str verbs[] = {{"XOWN", 4}};

    server_peer_init(peer);
    peer->config.verbs = verbs;
    peer->config.verb_count = 1;
    peer->config.offer = SMTP_EXT_STARTTLS;
}

/* In every callback, in any cut: no other callback follows, and the memory goes once. */
static void test_deletion_in_each_callback(void **state)
{
    int call;
    size_t width;

    (void)state;
    for (call = CALL_CONNECT; call < CALLS; call++) {
        for (width = 0; width < 30; width += 7) {
            struct server_peer peer;
            open_asked(&peer);
            peer.during = delete_now;
            peer.depth_call = call;
            server_make(&peer);
            smtp_session_set_trace(peer.session, count_trace, NULL);
            (void)smtp_session_start(peer.session, 1);
            if (!peer.deleted)
                (void)server_give(&peer, all_asked, sizeof all_asked - 1, width);
            if (!peer.deleted)
                (void)smtp_session_eof(peer.session, 2);
            if (call == CALL_ATRN) { /* not offered */
                assert_false(peer.deleted);
            } else {
                assert_true(peer.deleted);
                assert_int_equal(traced, 0);
                assert_int_equal(peer.asked, call);
                assert_int_equal(peer.memory.live, 0);
            }
            server_delete(&peer);
        }
    }
}

/* The same where the callback is called by an answer, by time, by the caller or by the peer. */
static void test_deletion_in_callbacks_of_other_ports(void **state)
{
    struct server_peer peer;
    int port;

    (void)state;
    for (port = 0; port < 5; port++) {
        open_asked(&peer);
        server_open(&peer);
        (void)server_feed(&peer, "EHLO c.example\r\nMAIL FROM:<a@c.example>\r\n");
        peer.during = delete_now;
        peer.depth_call = port == 4 ? CALL_CLOSE : CALL_RESET;
        peer.answers[CALL_RCPT] = SMTP_DEFER;
        peer.later = -1;
        if (port >= 3)
            (void)server_feed(&peer, "RCPT TO:<b@mx.example>\r\n");
        if (port == 0)
            (void)smtp_session_expire(peer.session, peer.now + 300000);
        else if (port == 1)
            (void)smtp_session_eof(peer.session, peer.now);
        else if (port == 2)
            (void)smtp_server_close(peer.server, 0, smtp_text(NULL), peer.now);
        else
            (void)smtp_server_answer(peer.server, peer.due, 421, 0, smtp_text(NULL), peer.now);
        assert_true(peer.deleted);
        server_delete(&peer);
    }
}

static void test_deletion_of_nothing_and_before_the_start(void **state)
{
    struct server_peer peer;

    (void)state;
    smtp_server_del(NULL);
    server_peer_init(&peer);
    server_make(&peer);
    server_delete(&peer);
    assert_string_equal(text_of(&peer.events), "");
}

/* A line that was borrowed for goes with the session. */
static void test_borrowed_buffer_goes_with_the_session(void **state)
{
    char line[400];
    struct server_peer peer;

    (void)state;
    memset(line, 'x', sizeof line);
    server_peer_init(&peer);
    peer.config.line_buffer = 64;
    server_ready(&peer);
    (void)server_give(&peer, line, sizeof line, 0);
    assert_int_equal(peer.memory.live, 2);
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_aligned_and_counted_alike),
        cmocka_unit_test(test_deletion_in_each_callback),
        cmocka_unit_test(test_deletion_in_callbacks_of_other_ports),
        cmocka_unit_test(test_deletion_of_nothing_and_before_the_start),
        cmocka_unit_test(test_borrowed_buffer_goes_with_the_session),
    };
    return cmocka_run_group_tests_name("session/object", tests, NULL, NULL);
}
