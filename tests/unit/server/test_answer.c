/* SPDX-License-Identifier: MIT
 * Answers of the caller: at once, later, in words of its own, and wrong ones. */
#include "support/server_peer.h"

/* What brings a session to a callback, and what its answers look like. */
static const struct event {
    int call;
    const char *before; /* up to the command that asks */
    const char *command;
    const char *accepted; /* the code of SMTP_ACCEPT */
    int own;              /* another code that it may be accepted with, 0: none */
} events[] = {
    {CALL_HELLO, "", "EHLO c.example\r\n", "250 ", 0},
    {CALL_STARTTLS, "EHLO c.example\r\n", "STARTTLS\r\n", "220 ", 0},
    {CALL_MAIL, "EHLO c.example\r\n", "MAIL FROM:<a@c.example>\r\n", "250 ", 0},
    {CALL_RCPT, "EHLO c.example\r\nMAIL FROM:<a@c.example>\r\n", "RCPT TO:<b@mx.example>\r\n",
     "250 ", 251},
    {CALL_DATA, "EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n",
     "DATA\r\n", "354 ", 0},
    {CALL_MESSAGE,
     "EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\ntext\r\n",
     ".\r\n", "250 ", 0},
    {CALL_VRFY, "", "VRFY b\r\n", "252 ", 0},
    {CALL_EXPN, "", "EXPN b\r\n", "252 ", 0},
    {CALL_HELP, "", "HELP\r\n", "214 ", 211},
    {CALL_NOOP, "", "NOOP\r\n", "250 ", 0},
    {CALL_ETRN, "EHLO c.example\r\n", "ETRN c.example\r\n", "250 ", 253},
    {CALL_COMMAND, "", "XOWN\r\n", "250 ", 299},
};

enum { EVENTS = sizeof events / sizeof events[0] };

static void open_at(struct server_peer *peer, const struct event *event)
{
    static const smtp_str verbs[] = {{"XOWN", 4}};

    server_peer_init(peer);
    peer->config.offer = SMTP_EXT_STARTTLS;
    peer->config.verbs = verbs;
    peer->config.verb_count = 1;
    server_open(peer);
    (void)server_feed(peer, event->before);
    server_forget(peer);
}

static int detail_error(struct server_peer *peer)
{
    return smtp_session_error(peer->session, NULL);
}

/* Answers with a code, at once or later. */
static void answer_with(struct server_peer *peer, const struct event *event, int code, int later)
{
    peer->answers[event->call] = later ? SMTP_DEFER : code;
    peer->later = -1;
    (void)server_feed(peer, event->command);
    assert_true(peer->count[event->call] > 0);
    if (later) {
        SERVER_SAYS(peer, "");
        assert_int_equal(
            smtp_server_answer(peer->server, peer->due, code, 0, smtp_text(NULL), peer->now),
            SMTP_ERR_OK);
        server_drain(peer);
    }
}

static void test_accepted(void **state)
{
    size_t i;
    int later;

    (void)state;
    for (i = 0; i < EVENTS; i++) {
        for (later = 0; later < 2; later++) {
            struct server_peer peer;
            const char *last;
            open_at(&peer, &events[i]);
            answer_with(&peer, &events[i], SMTP_ACCEPT, later);
            last = strstr(text_of(&peer.output), events[i].accepted);
            assert_non_null(last);
            assert_int_equal(detail_error(&peer), SMTP_ERR_OK);
            server_delete(&peer);
        }
    }
}

/* The code that SMTP_ACCEPT stands for may be said too, and others that the verb has. */
static void test_accepted_with_a_code(void **state)
{
    size_t i;
    int later;
    int own;

    (void)state;
    for (i = 0; i < EVENTS; i++) {
        for (later = 0; later < 2; later++) {
            for (own = 0; own < 2; own++) {
                int code = own ? events[i].own : atoi(events[i].accepted);
                struct server_peer peer;
                char said[16];
                if (code == 0 || code / 100 == 3)
                    continue;
                open_at(&peer, &events[i]);
                answer_with(&peer, &events[i], code, later);
                (void)snprintf(said, sizeof said, "%d ", code);
                assert_non_null(strstr(text_of(&peer.output), said));
                assert_int_equal(detail_error(&peer), SMTP_ERR_OK);
                server_delete(&peer);
            }
        }
    }
}

static void test_refused(void **state)
{
    static const int codes[] = {400, 421, 450, 499, 500, 550, 599};
    size_t i;
    size_t k;
    int later;

    (void)state;
    for (i = 0; i < EVENTS; i++) {
        for (k = 0; k < sizeof codes / sizeof codes[0]; k++) {
            for (later = 0; later < 2; later++) {
                struct server_peer peer;
                char said[16];
                open_at(&peer, &events[i]);
                answer_with(&peer, &events[i], codes[k], later);
                (void)snprintf(said, sizeof said, "%d ", codes[k]);
                assert_int_equal(strncmp(text_of(&peer.output), said, 4), 0);
                assert_int_equal(text_count(text_of(&peer.output), "\n"), 1);
                assert_int_equal((smtp_session_wants(peer.session) & SMTP_WANTS_CLOSE) != 0,
                                 codes[k] == 421);
                assert_int_equal(peer.count[CALL_CLOSE], codes[k] == 421);
                server_delete(&peer);
            }
        }
    }
}

/* Values that are not documented: the client is asked to come back, and the detail says whose fault
 * it is. A deferred answer of this kind is refused, and still due. So a code keeps its meaning,
 * whatever its text. */
/* Shows: R5321-4.3.1-5 */
static void test_values_that_are_not_documented(void **state)
{
    static const int values[] = {-1, -111, 2, 100, 199, 221, 235, 300, 334, 399, 600, 70000};
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < EVENTS; i++) {
        for (k = 0; k < sizeof values / sizeof values[0]; k++) {
            struct server_peer peer;
            if (events[i].call == CALL_COMMAND && values[k] / 100 == 2)
                continue;
            open_at(&peer, &events[i]);
            peer.answers[events[i].call] = values[k];
            (void)server_feed(&peer, events[i].command);
            assert_int_equal(strncmp(text_of(&peer.output), "451 ", 4), 0);
            assert_int_equal(text_count(text_of(&peer.output), "\n"), 1);
            assert_int_equal(detail_error(&peer), SMTP_ERR_CALLBACK);
            assert_int_equal(peer.count[CALL_CLOSE], 0);
            server_delete(&peer);

            open_at(&peer, &events[i]);
            peer.answers[events[i].call] = SMTP_DEFER;
            peer.later = -1;
            (void)server_feed(&peer, events[i].command);
            assert_int_equal(
                smtp_server_answer(peer.server, peer.due, values[k], 0, smtp_text(NULL), peer.now),
                SMTP_ERR_ARGUMENT);
            SERVER_SAYS(&peer, "");
            assert_int_equal(
                smtp_server_answer(peer.server, peer.due, SMTP_DEFER, 0, smtp_text("x"), peer.now),
                SMTP_ERR_ARGUMENT);
            assert_int_equal(
                smtp_server_answer(peer.server, peer.due, 550, 0, smtp_text(NULL), peer.now),
                SMTP_ERR_OK);
            server_drain(&peer);
            assert_int_equal(strncmp(text_of(&peer.output), "550 ", 4), 0);
            server_delete(&peer);
        }
    }
}

static void test_tickets(void **state)
{
    struct server_peer peer;
    uint64_t ticket;

    (void)state;
    open_at(&peer, &events[EVENTS - 1]);
    peer.answers[CALL_NOOP] = SMTP_DEFER;
    peer.later = -1;
    /* None is due. */
    assert_int_equal(smtp_server_answer(peer.server, peer.ticket, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    (void)server_feed(&peer, "NOOP\r\n");
    ticket = peer.due;
    assert_int_equal(smtp_server_answer(peer.server, 0, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    assert_int_equal(smtp_server_answer(peer.server, ticket - 1, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    assert_int_equal(smtp_server_answer(peer.server, ticket + 1, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    assert_int_equal(smtp_server_answer(peer.server, ticket, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_OK);
    assert_int_equal(smtp_server_answer(peer.server, ticket, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    (void)server_feed(&peer, "NOOP\r\n");
    assert_true(peer.due > ticket);
    assert_int_equal(smtp_server_answer(peer.server, ticket, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    ticket = peer.due;
    (void)smtp_session_eof(peer.session, 1);
    assert_int_equal(smtp_server_answer(peer.server, ticket, 250, 0, smtp_text(NULL), 1),
                     SMTP_ERR_STALE);
    SERVER_SAYS(&peer, "250 2.0.0 OK\r\n");
    server_delete(&peer);
}

/* Words of the caller, which the session checks; what cannot be said is not said in part. */
static void test_own_words(void **state)
{
    static const struct row {
        int code;
        uint32_t status;
        const char *words;
        int said;
        const char *output;
    } rows[] = {
        {250, 0, "fine", 250, "250 2.0.0 fine\r\n"},
        {250, SMTP_STATUS(2, 7, 1), "fine", 250, "250 2.7.1 fine\r\n"},
        {550, SMTP_STATUS(5, 7, 1), "one\ntwo", 550, "550-5.7.1 one\r\n550 5.7.1 two\r\n"},
        {450, 0, "", 450, "450 4.2.0 Mailbox not available at present, try again later\r\n"},
        {550, SMTP_STATUS(4, 7, 1), "wrong class", SMTP_ERR_ARGUMENT, NULL},
        {221, 0, "not for this verb", SMTP_ERR_ARGUMENT, NULL},
        {354, 0, "not for this verb", SMTP_ERR_ARGUMENT, NULL},
        {SMTP_ACCEPT, 0, "no code", SMTP_ERR_ARGUMENT, NULL},
        {600, 0, "no code", SMTP_ERR_ARGUMENT, NULL},
        {550, 0, "a\rb", SMTP_ERR_CONTROL, NULL},
        {550, 0, "a\x01", SMTP_ERR_CONTROL, NULL},
        {550, 0, "a\x7F", SMTP_ERR_CONTROL, NULL},
        {550, 0, "a\xFF", SMTP_ERR_UTF8, NULL},
    };
    size_t i;
    int later;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (later = 0; later < 2; later++) {
            struct server_peer peer;
            int said;
            open_at(&peer, &events[EVENTS - 1]);
            peer.later = -1;
            peer.answers[CALL_NOOP] = later ? SMTP_DEFER : rows[i].code;
            peer.status = rows[i].status;
            peer.words[CALL_NOOP] = later ? NULL : rows[i].words;
            (void)server_feed(&peer, "NOOP\r\n");
            said = peer.said;
            if (later)
                said = smtp_server_answer(peer.server, peer.due, rows[i].code, rows[i].status,
                                          smtp_text(rows[i].words), 1);
            server_drain(&peer);
            if (rows[i].output != NULL) {
                assert_int_equal(said, later ? SMTP_ERR_OK : rows[i].said);
                SERVER_SAYS(&peer, rows[i].output);
            } else if (later && rows[i].code == SMTP_ACCEPT) {
                assert_int_equal(said, SMTP_ERR_OK); /* accepted: the usual words */
            } else {
                assert_int_equal(said, rows[i].said);
                SERVER_SAYS(&peer, later ? "" : "451 4.3.0 Local error, try again later\r\n");
                assert_int_equal(smtp_session_error(peer.session, NULL),
                                 later ? SMTP_ERR_OK : SMTP_ERR_CALLBACK);
            }
            server_delete(&peer);
        }
    }
}

static void test_nul_in_own_words(void **state)
{
    struct server_peer peer;
    smtp_str words = {"a\0b", 3};

    (void)state;
    open_at(&peer, &events[EVENTS - 1]);
    peer.later = -1;
    peer.answers[CALL_NOOP] = SMTP_DEFER;
    (void)server_feed(&peer, "NOOP\r\n");
    assert_int_equal(smtp_server_answer(peer.server, peer.due, 550, 0, words, 1), SMTP_ERR_CONTROL);
    server_delete(&peer);
}

/* Half of the output buffer is for one reply and a 421 behind it. */
static void test_own_words_at_below_and_above_their_limit(void **state)
{
    char words[512];
    size_t limit = 512 / 2 - 64 - strlen("550 5.7.1 \r\n");
    size_t len;

    (void)state;
    for (len = limit - 1; len <= limit + 1; len++) {
        struct server_peer peer;
        server_peer_init(&peer);
        peer.config.output_buffer = 512;
        server_ready(&peer);
        memset(words, 'x', sizeof words);
        words[len] = '\0';
        peer.answers[CALL_MAIL] = 550;
        peer.words[CALL_MAIL] = words;
        (void)server_feed(&peer, "MAIL FROM:<a@c.example>\r\n");
        assert_int_equal(peer.said, len <= limit ? 550 : SMTP_ERR_REPLY_TOO_LONG);
        assert_int_equal(strncmp(text_of(&peer.output), len <= limit ? "550 " : "451 ", 4), 0);
        server_delete(&peer);
    }
}

/* Only in a callback that asks, and only once. */
static int said_outside;

static void say_in_reset(struct server_peer *peer, int call)
{
    if (call == CALL_RESET || call == CALL_CLOSE)
        said_outside = smtp_server_reply(peer->server, 550, 0, smtp_text("no"));
}

static void say_twice(struct server_peer *peer, int call)
{
    if (call == CALL_NOOP)
        assert_int_equal(smtp_server_reply(peer->server, 250, 0, smtp_text("first")), 250);
}

static void test_reply_out_of_place(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    assert_int_equal(smtp_server_reply(peer.server, 250, 0, smtp_text("x")), SMTP_ERR_STATE);
    peer.during = say_in_reset;
    (void)server_feed(&peer, "MAIL FROM:<a@c.example>\r\nRSET\r\n");
    assert_int_equal(said_outside, SMTP_ERR_STATE);
    peer.during = say_twice;
    peer.words[CALL_NOOP] = "second";
    peer.answers[CALL_NOOP] = 250;
    server_forget(&peer);
    (void)server_feed(&peer, "NOOP\r\n");
    assert_int_equal(peer.said, SMTP_ERR_STATE);
    SERVER_SAYS(&peer, "250 2.0.0 first\r\n");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_CALLBACK);
    said_outside = 0;
    peer.during = say_in_reset;
    (void)server_feed(&peer, "QUIT\r\n");
    assert_int_equal(said_outside, SMTP_ERR_STATE);
    server_delete(&peer);
}

/* A reply that was written stands, whatever is returned. */
static void test_reply_and_then_something_else(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    peer.during = say_twice;
    peer.answers[CALL_NOOP] = SMTP_DEFER;
    peer.later = -1;
    (void)server_feed(&peer, "NOOP\r\nRSET\r\n");
    SERVER_SAYS(&peer, "250 2.0.0 first\r\n250 2.0.0 OK\r\n");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_CALLBACK);
    server_delete(&peer);
}

/* What stands behind the command that waits is neither taken nor lost. */
static void test_pipelined_input_waits(void **state)
{
    static const char input[] = "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"
                                "RCPT TO:<c@mx.example>\r\nDATA\r\n";
    struct server_peer peer;
    size_t at = 0;
    int i;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_MAIL] = peer.answers[CALL_RCPT] = peer.answers[CALL_DATA] = SMTP_DEFER;
    peer.later = -1;
    server_ready(&peer);
    for (i = 0; i < 4; i++) {
        size_t before = at;
        at += server_feed(&peer, input + at);
        assert_true(at > before);
        assert_int_equal(smtp_session_wants(peer.session) & SMTP_WANTS_READ, 0);
        assert_int_equal(server_feed(&peer, input + at), 0);
        assert_int_equal(smtp_server_answer(peer.server, peer.due, i == 1 ? 450 : SMTP_ACCEPT, 0,
                                            smtp_text(NULL), 1),
                         SMTP_ERR_OK);
        server_drain(&peer);
    }
    assert_int_equal(at, sizeof input - 1);
    SERVER_SAW(&peer, "mail <a@c.example>\nrcpt 0 <b@mx.example>\nrcpt 0 <c@mx.example>\ndata 1\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_accepted_with_a_code),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_values_that_are_not_documented),
        cmocka_unit_test(test_tickets),
        cmocka_unit_test(test_own_words),
        cmocka_unit_test(test_nul_in_own_words),
        cmocka_unit_test(test_own_words_at_below_and_above_their_limit),
        cmocka_unit_test(test_reply_out_of_place),
        cmocka_unit_test(test_reply_and_then_something_else),
        cmocka_unit_test(test_pipelined_input_waits),
    };
    return cmocka_run_group_tests_name("server/answer", tests, NULL, NULL);
}
