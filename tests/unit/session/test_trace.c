/* SPDX-License-Identifier: MIT
 * The trace hook: every line, no secret. */
#include "support/server_peer.h"

static struct text trace;
static uint64_t body_octets;

/* A run of content may come in any number of events: what counts is their sum. */
static void note(smtp_session *session, const smtp_trace_event *event, void *user)
{
    (void)session;
    assert_ptr_equal(user, &trace);
    if (event->kind == SMTP_TRACE_BODY) {
        assert_int_equal(event->client, 1);
        assert_int_equal(event->text.len, 0);
        body_octets += event->octets;
        return;
    }
    text_put(&trace, "%c%s %.*s (%u)\n", event->client ? 'C' : 'S',
             event->kind == SMTP_TRACE_SECRET ? "*" : "", (int)event->text.len, event->text.ptr,
             (unsigned)event->octets);
}

static void open_traced(struct server_peer *peer)
{
    server_peer_init(peer);
    peer->config.withhold = ~(uint32_t)SMTP_EXT_SIZE;
    server_make(peer);
    smtp_session_set_trace(peer->session, note, &trace);
    (void)smtp_session_start(peer->session, 1);
    server_drain(peer);
    body_octets = 0;
}

static void test_all_that_is_said(void **state)
{
    static const char input[] = "EHLO c.example\r\nMAIL FROM:<a@c.example>\r\n"
                                "RCPT TO:<b@mx.example>\r\nDATA\r\n..x\r\n.\r\nQUIT\r\n";
    size_t width;

    (void)state;
    for (width = 0; width < 12; width++) {
        struct server_peer peer;
        open_traced(&peer);
        (void)server_give(&peer, input, sizeof input - 1, width);
        assert_string_equal(text_of(&trace), "S 220 mx.example ESMTP (22)\n"
                                             "C EHLO c.example (16)\n"
                                             "S 250-mx.example (16)\n"
                                             "S 250 SIZE 52428800 (19)\n"
                                             "C MAIL FROM:<a@c.example> (25)\n"
                                             "S 250 OK (8)\n"
                                             "C RCPT TO:<b@mx.example> (24)\n"
                                             "S 250 OK (8)\n"
                                             "C DATA (6)\n"
                                             "S 354 Go ahead, end with a dot on a line by itself "
                                             "(50)\n"
                                             "S 250 OK (8)\n"
                                             "C QUIT (6)\n"
                                             "S 221 Bye (9)\n");
        assert_int_equal(body_octets, 5 + 3);
        text_free(&trace);
        server_delete(&peer);
    }
}

static void test_credentials_are_not_shown(void **state)
{
    static const char input[] = "AUTH PLAIN AGFkbWluAHNlY3JldA==\r\nauth login\r\nAUTH\r\n"
                                "AUTHORITY x\r\n";
    struct server_peer peer;

    (void)state;
    open_traced(&peer);
    text_clear(&trace);
    (void)server_give(&peer, input, sizeof input - 1, 3);
    assert_non_null(strstr(text_of(&trace), "C* AUTH PLAIN (33)\n"));
    assert_non_null(strstr(text_of(&trace), "C* auth login (12)\n"));
    assert_non_null(strstr(text_of(&trace), "C AUTHORITY x (13)\n"));
    assert_null(strstr(text_of(&trace), "AGFk"));
    text_free(&trace);
    server_delete(&peer);
}

/* What is no line of the protocol cannot be shown as one. */
static void test_refused_lines_and_removal(void **state)
{
    struct server_peer peer;

    (void)state;
    open_traced(&peer);
    text_clear(&trace);
    (void)server_feed(&peer, "NO\nOP\r\n");
    assert_string_equal(text_of(&trace), "S 500 a line feed without a carriage return (43)\n");
    smtp_session_set_trace(peer.session, NULL, NULL);
    (void)server_feed(&peer, "NOOP\r\n");
    assert_int_equal(text_count(text_of(&trace), "\n"), 1);
    text_free(&trace);
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_is_said),
        cmocka_unit_test(test_credentials_are_not_shown),
        cmocka_unit_test(test_refused_lines_and_removal),
    };
    return cmocka_run_group_tests_name("session/trace", tests, NULL, NULL);
}
