/* SPDX-License-Identifier: MIT
 * The ports of a session, in every stage and from inside of callbacks. */
#include "smtp/session.h"
#include "support/server_peer.h"

enum { MINUTE = 60000 };

/* What each port says: receive, sent, eof, expire, tls_started, tls_failed. */
static void assert_ports(struct server_peer *peer, int receive, int tls_started)
{
    size_t used = 77;

    assert_int_equal(smtp_session_receive(peer->session, "", 0, peer->now, &used), receive);
    assert_int_equal(used, 0);
    used = 77;
    assert_int_equal(smtp_session_receive(peer->session, NULL, 0, peer->now, &used), receive);
    assert_int_equal(used, 0);
    assert_int_equal(smtp_session_expire(peer->session, peer->now), receive);
    assert_int_equal(smtp_session_tls_started(peer->session, NULL, peer->now), tls_started);
    assert_int_equal(smtp_session_tls_failed(peer->session, peer->now), tls_started);
}

static void test_ports_before_the_start(void **state)
{
    struct server_peer peer;
    smtp_str slice;
    size_t used = 1;

    (void)state;
    server_peer_init(&peer);
    server_make(&peer);
    assert_ports(&peer, SMTP_ERR_STATE, SMTP_ERR_STATE);
    assert_int_equal(smtp_session_receive(peer.session, "EHLO a\r\n", 8, 1, &used), SMTP_ERR_STATE);
    assert_int_equal(used, 0);
    smtp_session_sent(peer.session, 5, 1);
    assert_int_equal(smtp_session_eof(peer.session, 1), SMTP_ERR_STATE);
    assert_int_equal(smtp_session_wants(peer.session), 0);
    assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
    assert_int_equal(smtp_session_output(peer.session, &slice, 1), 0);
    assert_int_equal(smtp_session_tls_active(peer.session), 0);
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(NULL), 1), SMTP_ERR_STATE);
    assert_int_equal(smtp_server_answer(peer.server, 1, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    SERVER_SAW(&peer, "");
    server_delete(&peer);
}

static void test_ports_while_it_runs(void **state)
{
    struct server_peer peer;
    smtp_str slices[2];

    (void)state;
    server_peer_init(&peer);
    server_make(&peer);
    assert_int_equal(smtp_session_start(peer.session, 1000), SMTP_ERR_OK);
    assert_int_equal(smtp_session_start(peer.session, 1000), SMTP_ERR_STATE);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ | SMTP_WANTS_WRITE);
    assert_int_equal(smtp_session_output(peer.session, slices, 0), 0);
    assert_int_equal(smtp_session_output(peer.session, slices, 2), 1);
    server_drain(&peer);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
    assert_ports(&peer, SMTP_ERR_OK, SMTP_ERR_STATE);
    /* More than there is. */
    smtp_session_sent(peer.session, 1000, 1000);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
    assert_true(smtp_session_deadline(peer.session) == 1000 + 5 * MINUTE);
    server_delete(&peer);
}

static void test_ports_while_an_answer_is_due(void **state)
{
    struct server_peer peer;
    size_t used = 1;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    peer.answers[CALL_NOOP] = SMTP_DEFER;
    peer.later = -1;
    assert_int_equal(server_feed(&peer, "NOOP\r\nRSET\r\n"), 6);
    assert_int_equal(smtp_session_wants(peer.session), 0);
    assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
    assert_ports(&peer, SMTP_ERR_OK, SMTP_ERR_STATE);
    assert_int_equal(smtp_session_receive(peer.session, "RSET\r\n", 6, 1, &used), SMTP_ERR_OK);
    assert_int_equal(used, 0);
    assert_int_equal(smtp_server_answer(peer.server, peer.due, SMTP_ACCEPT, 0, smtp_text(NULL), 1),
                     SMTP_ERR_OK);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ | SMTP_WANTS_WRITE);
    server_drain(&peer);
    (void)server_feed(&peer, "RSET\r\n");
    SERVER_SAYS(&peer, "250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
    server_delete(&peer);
}

static void test_ports_while_tls_is_wanted(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_STARTTLS;
    server_ready(&peer);
    peer.stuck = 1;
    assert_int_equal(server_feed(&peer, "STARTTLS\r\n"), 10);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE | SMTP_WANTS_WRITE);
    peer.stuck = 0;
    server_drain(&peer);
    SERVER_SAYS(&peer, "220 2.0.0 Ready\r\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
    assert_int_equal(smtp_session_tls_active(peer.session), 0);
    assert_int_equal(smtp_session_tls_started(peer.session, NULL, 5000), SMTP_ERR_OK);
    assert_int_equal(smtp_session_tls_active(peer.session), 1);
    assert_true(smtp_session_deadline(peer.session) == 5000 + 5 * MINUTE);
    assert_ports(&peer, SMTP_ERR_OK, SMTP_ERR_STATE);
    server_delete(&peer);
}

/* What is told of the handshake is refused where its size is none, and nothing has happened. */
static void test_tls_info_needs_its_size(void **state)
{
    smtp_tls_info info = {.size = sizeof info - 1};
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_STARTTLS;
    server_ready(&peer);
    (void)server_feed(&peer, "STARTTLS\r\n");
    assert_int_equal(smtp_session_tls_started(peer.session, &info, 5000), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
    info.size = sizeof info;
    assert_int_equal(smtp_session_tls_started(peer.session, &info, 5000), SMTP_ERR_OK);
    assert_int_equal(smtp_session_tls_active(peer.session), 1);
    server_delete(&peer);
}

/* After an end with and without an error. */
static void test_ports_after_the_end(void **state)
{
    struct server_peer peer;
    int lost;

    (void)state;
    for (lost = 0; lost < 2; lost++) {
        int error = lost ? SMTP_ERR_CLOSED_BY_CALLER : SMTP_ERR_OK;
        size_t used = 1;
        server_peer_init(&peer);
        server_ready(&peer);
        peer.stuck = 1;
        if (lost)
            (void)smtp_server_close(peer.server, 0, smtp_text(NULL), peer.now);
        else
            assert_int_equal(server_feed(&peer, "QUIT\r\nNOOP\r\n"), 6);
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_WRITE | SMTP_WANTS_CLOSE);
        assert_true(smtp_session_deadline(peer.session) == peer.now + 5 * MINUTE);
        assert_ports(&peer, error, lost ? error : SMTP_ERR_STATE);
        assert_int_equal(smtp_session_receive(peer.session, "NOOP\r\n", 6, 1, &used), error);
        assert_int_equal(used, 0);
        assert_int_equal(smtp_session_start(peer.session, 1), SMTP_ERR_STATE);
        peer.stuck = 0;
        server_drain(&peer);
        SERVER_SAYS(&peer,
                    lost ? "421 4.3.2 Service not available, closing\r\n" : "221 2.0.0 Bye\r\n");
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
        assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
        assert_int_equal(smtp_session_eof(peer.session, peer.now), error);
        assert_int_equal(peer.count[CALL_CLOSE], 1);
        server_delete(&peer);
    }
}

/* What is left when a session ends may take as long as a command; then it is dropped. */
static void test_output_that_nobody_takes_is_dropped(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    peer.stuck = 1;
    (void)server_feed(&peer, "QUIT\r\n");
    (void)smtp_session_expire(peer.session, peer.now + 5 * MINUTE - 1);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_WRITE | SMTP_WANTS_CLOSE);
    (void)smtp_session_expire(peer.session, peer.now + 5 * MINUTE);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    assert_int_equal(peer.count[CALL_CLOSE], 1);
    server_delete(&peer);
}

/* Every port that may not be called in a callback, in every callback. */
static void call_ports(struct server_peer *peer, int call)
{
    smtp_session *session = peer->session;
    size_t used = 9;
    smtp_str slices[2];
    smtp_statistics statistics;
    uint32_t wants = smtp_session_wants(session);
    size_t slices_before = smtp_session_output(session, slices, 2);

    (void)call;
    assert_int_equal(smtp_session_start(session, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_receive(session, "QUIT\r\n", 6, 1, &used), SMTP_ERR_REENTRANT);
    assert_int_equal(used, 0);
    smtp_session_sent(session, 100, 1);
    assert_int_equal(smtp_session_eof(session, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_expire(session, (smtp_time)1 << 62), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_tls_started(session, NULL, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_tls_failed(session, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_server_answer(peer->server, peer->ticket, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_server_close(peer->server, 0, smtp_text(NULL), 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_wants(session), wants);
    assert_int_equal(smtp_session_output(session, slices, 2), slices_before);
    (void)smtp_session_deadline(session);
    (void)smtp_session_tls_active(session);
    statistics.size = sizeof statistics;
    assert_int_equal(smtp_session_statistics(session, &statistics), SMTP_ERR_OK);
}

static const char all_asked[] =
    "EHLO c.example\r\nVRFY a\r\nEXPN b\r\nHELP\r\nNOOP\r\nETRN c.example\r\nXOWN\r\n"
    "MAIL FROM:<a@c.example>\r\nRSET\r\n"
    "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\n..text\r\n.\r\n"
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
    server_open(peer);
}

static void test_reentrancy_from_each_callback(void **state)
{
    struct server_peer plain;
    struct server_peer nosy;
    int call;

    (void)state;
    open_asked(&plain);
    (void)server_feed(&plain, all_asked);
    (void)smtp_session_eof(plain.session, 5);
    server_peer_init(&nosy);
    nosy.config = plain.config;
    nosy.during = call_ports;
    server_open(&nosy);
    (void)server_feed(&nosy, all_asked);
    (void)smtp_session_eof(nosy.session, 5);
    for (call = CALL_CONNECT; call < CALLS; call++)
        assert_true(call == CALL_ATRN || nosy.count[call] > 0);
    SERVER_SAW(&nosy, text_of(&plain.events));
    SERVER_SAYS(&nosy, text_of(&plain.output));
    server_delete(&plain);
    server_delete(&nosy);
}

/* Everything deferred, and answered; any cut of the input, any cut of the output: the same. */
/* Shows: R2920-3.2-1 R2920-3.2-9 */
static void test_every_cut_is_the_same(void **state)
{
    struct server_peer whole;
    size_t width;
    int defer;
    int call;

    (void)state;
    open_asked(&whole);
    assert_int_equal(server_feed(&whole, all_asked), sizeof all_asked - 1);
    for (defer = 0; defer < 2; defer++) {
        for (width = 0; width < sizeof all_asked; width = width < 40 ? width + 1 : width + 37) {
            struct server_peer peer;
            server_peer_init(&peer);
            peer.config = whole.config;
            peer.drain = width % 3;
            for (call = CALL_CONNECT; call < CALL_RESET && defer; call++)
                peer.answers[call] = SMTP_DEFER;
            server_open(&peer);
            server_answer_due(&peer);
            server_drain(&peer);
            assert_int_equal(server_give(&peer, all_asked, sizeof all_asked - 1, width),
                             sizeof all_asked - 1);
            SERVER_SAW(&peer, text_of(&whole.events));
            SERVER_SAYS(&peer, text_of(&whole.output));
            server_delete(&peer);
        }
    }
    server_delete(&whole);
}

/* Output that is not taken stops the input; nothing is lost. */
/* Shows: R2920-3.2-1 R2920-3.2-9 */
static void test_back_pressure(void **state)
{
    static const char one[] = "250 2.0.0 OK\r\n";
    struct server_peer peer;
    struct text input = {NULL, 0, 0};
    size_t taken;
    int i;

    (void)state;
    for (i = 0; i < 300; i++)
        text_put(&input, "NOOP\r\n");
    server_peer_init(&peer);
    peer.config.output_buffer = 512;
    server_ready(&peer);
    peer.stuck = 1;
    taken = server_feed(&peer, input.at);
    assert_true(taken < input.len);
    assert_int_equal(taken % 6, 0);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_WRITE);
    assert_int_equal(server_feed(&peer, input.at + taken), 0);
    /* A single octet that goes may be too little, but never loses anything. */
    peer.stuck = 0;
    peer.drain = 1;
    server_drain(&peer);
    while (taken < input.len) {
        peer.drain = taken % 5;
        taken += server_feed(&peer, input.at + taken);
    }
    assert_int_equal(peer.count[CALL_NOOP], 300);
    assert_int_equal(peer.output.len, 300 * (sizeof one - 1));
    assert_int_equal(text_count(text_of(&peer.output), one), 300);
    text_free(&input);
    server_delete(&peer);
}

/* The deadline of a client that does not read passes like that of one that does not write. */
static void test_deadline_under_back_pressure(void **state)
{
    struct server_peer peer;
    int i;

    (void)state;
    server_peer_init(&peer);
    peer.config.output_buffer = 512;
    server_ready(&peer);
    peer.stuck = 1;
    for (i = 0; i < 100; i++)
        (void)server_feed(&peer, "NOOP\r\n");
    assert_true(smtp_session_deadline(peer.session) == peer.now + 5 * MINUTE);
    assert_int_equal(smtp_session_expire(peer.session, peer.now + 5 * MINUTE), SMTP_ERR_TIMEOUT);
    server_delete(&peer);
}

/* Shows: R5321-4.5.3.2.7-1 R5321-3.8-3 */
static void test_expire_early_late_and_twice(void **state)
{
    struct server_peer peer;
    smtp_time deadline;
    smtp_detail detail;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    deadline = smtp_session_deadline(peer.session);
    assert_int_equal(smtp_session_expire(peer.session, 0), SMTP_ERR_OK);
    assert_int_equal(smtp_session_expire(peer.session, deadline - 1), SMTP_ERR_OK);
    assert_true(smtp_session_deadline(peer.session) == deadline);
    assert_int_equal(smtp_session_expire(peer.session, deadline + 100), SMTP_ERR_TIMEOUT);
    assert_int_equal(smtp_session_expire(peer.session, deadline + 100), SMTP_ERR_TIMEOUT);
    server_drain(&peer);
    SERVER_SAYS(&peer, "421 4.4.2 the peer did not answer in time\r\n");
    SERVER_SAW(&peer, "close TIMEOUT\n");
    detail.size = sizeof detail;
    assert_int_equal(smtp_session_error(peer.session, &detail), SMTP_ERR_TIMEOUT);
    assert_int_equal(detail.reply, 421);
    assert_string_equal(detail.text, smtp_error_text(SMTP_ERR_TIMEOUT));
    server_delete(&peer);
}

/* A line that comes octet by octet does not put its deadline off. */
static void test_unfinished_line_does_not_move_the_deadline(void **state)
{
    struct server_peer peer;
    smtp_time deadline;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    deadline = smtp_session_deadline(peer.session);
    peer.now += MINUTE;
    (void)server_feed(&peer, "NOO");
    assert_true(smtp_session_deadline(peer.session) == deadline);
    (void)server_feed(&peer, "P\r\n");
    assert_true(smtp_session_deadline(peer.session) == deadline + MINUTE);
    server_delete(&peer);
}

static void test_time_near_its_end_is_never(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.now = SMTP_TIME_NEVER - 10;
    server_ready(&peer);
    assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
    assert_int_equal(smtp_session_expire(peer.session, SMTP_TIME_NEVER), SMTP_ERR_OK);
    server_delete(&peer);
}

static void test_eof_ends_the_session_once(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    (void)server_feed(&peer, "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx");
    peer.stuck = 1;
    (void)server_feed(&peer, ".example>\r\n");
    server_forget(&peer);
    assert_int_equal(smtp_session_eof(peer.session, 1), SMTP_ERR_EOF);
    assert_int_equal(smtp_session_eof(peer.session, 1), SMTP_ERR_EOF);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    SERVER_SAW(&peer, "reset 6 EOF\nclose EOF\n");
    server_delete(&peer);
}

/* In the clear behind STARTTLS: in the same piece, in the next one, and behind a deferred answer.
 */
/* Shows: R3207-4-10 */
static void test_input_behind_starttls(void **state)
{
    static const char input[] = "STARTTLS\r\nEHLO evil.example\r\n";
    size_t width;
    int defer;

    (void)state;
    for (defer = 0; defer < 2; defer++) {
        for (width = 0; width < sizeof input; width++) {
            struct server_peer peer;
            server_peer_init(&peer);
            peer.config.offer = SMTP_EXT_STARTTLS;
            peer.answers[CALL_STARTTLS] = defer ? SMTP_DEFER : SMTP_ACCEPT;
            server_ready(&peer);
            assert_int_equal(server_give(&peer, input, sizeof input - 1, width), 10);
            assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_INPUT_BEFORE_TLS);
            assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
            assert_int_equal(smtp_session_tls_started(peer.session, NULL, 1),
                             SMTP_ERR_INPUT_BEFORE_TLS);
            SERVER_SAW(&peer, "starttls\nclose INPUT_BEFORE_TLS\n");
            server_delete(&peer);
        }
    }
}

/* The caller was shown input that the session did not take: the answer that begins TLS must not
 * leave it for later. */
/* Shows: R3207-4-10 */
static void test_input_held_by_the_caller_when_tls_begins(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_STARTTLS;
    peer.answers[CALL_STARTTLS] = SMTP_DEFER;
    peer.later = -1;
    server_ready(&peer);
    assert_int_equal(server_feed(&peer, "STARTTLS\r\nNOOP\r\n"), 10);
    (void)smtp_server_answer(peer.server, peer.due, SMTP_ACCEPT, 0, smtp_text(NULL), 1);
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_INPUT_BEFORE_TLS);
    assert_int_not_equal(smtp_session_tls_started(peer.session, NULL, 1), SMTP_ERR_OK);
    assert_int_equal(smtp_session_tls_active(peer.session), 0);
    server_delete(&peer);
}

static void test_failed_handshake_ends_the_session(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_STARTTLS;
    server_ready(&peer);
    peer.stuck = 1;
    (void)server_feed(&peer, "STARTTLS\r\n");
    assert_int_equal(smtp_session_tls_failed(peer.session, 1), SMTP_ERR_TLS_FAILED);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    assert_int_equal(smtp_session_tls_active(peer.session), 0);
    SERVER_SAW(&peer, "starttls\nclose TLS_FAILED\n");
    server_delete(&peer);
}

/* Nothing can be said in the middle of a handshake. */
static void test_handshake_that_takes_too_long(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_IMPLICIT_TLS;
    server_open(&peer);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
    assert_int_equal(smtp_session_expire(peer.session, peer.now + 5 * MINUTE), SMTP_ERR_TIMEOUT);
    server_drain(&peer);
    SERVER_SAYS(&peer, "");
    SERVER_SAW(&peer, "close TIMEOUT\n");
    server_delete(&peer);
}

/* Memory that cannot be borrowed for a long line is no fault of the client: come back later. */
static void test_no_memory_for_a_long_line(void **state)
{
    char line[400];
    struct server_peer peer;

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "NOOP ", 5);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    server_peer_init(&peer);
    peer.config.line_buffer = 64;
    peer.memory.fail_at = 2;
    server_ready(&peer);
    (void)server_give(&peer, line, sizeof line, 50);
    assert_string_equal(text_of(&peer.output),
                        "451 4.3.0 the allocator or the given storage has no room\r\n");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_NO_MEMORY);
    server_forget(&peer);
    (void)server_give(&peer, line, sizeof line, 50);
    SERVER_SAYS(&peer, "250 2.0.0 OK\r\n");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ports_before_the_start),
        cmocka_unit_test(test_ports_while_it_runs),
        cmocka_unit_test(test_ports_while_an_answer_is_due),
        cmocka_unit_test(test_ports_while_tls_is_wanted),
        cmocka_unit_test(test_tls_info_needs_its_size),
        cmocka_unit_test(test_ports_after_the_end),
        cmocka_unit_test(test_output_that_nobody_takes_is_dropped),
        cmocka_unit_test(test_reentrancy_from_each_callback),
        cmocka_unit_test(test_every_cut_is_the_same),
        cmocka_unit_test(test_back_pressure),
        cmocka_unit_test(test_deadline_under_back_pressure),
        cmocka_unit_test(test_expire_early_late_and_twice),
        cmocka_unit_test(test_unfinished_line_does_not_move_the_deadline),
        cmocka_unit_test(test_time_near_its_end_is_never),
        cmocka_unit_test(test_eof_ends_the_session_once),
        cmocka_unit_test(test_input_behind_starttls),
        cmocka_unit_test(test_input_held_by_the_caller_when_tls_begins),
        cmocka_unit_test(test_failed_handshake_ends_the_session),
        cmocka_unit_test(test_handshake_that_takes_too_long),
        cmocka_unit_test(test_no_memory_for_a_long_line),
    };
    return cmocka_run_group_tests_name("session/session", tests, NULL, NULL);
}
