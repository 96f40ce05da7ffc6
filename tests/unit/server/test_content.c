/* SPDX-License-Identifier: MIT
 * The content of messages: what is passed on, what is refused, and how much. */
#include "support/server_peer.h"

#define ENVELOPE "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"
#define ENVELOPE_8BIT "MAIL FROM:<a@c.example> BODY=8BITMIME\r\nRCPT TO:<b@mx.example>\r\n"

static void open_for(struct server_peer *peer, uint32_t tolerate, const char *envelope)
{
    peer->config.tolerate = tolerate;
    server_ready(peer);
    (void)server_feed(peer, envelope);
    (void)server_feed(peer, "DATA\r\n");
    server_forget(peer);
}

/* Content in every cut: what the caller sees of it, and the reply. */
static void check(uint32_t tolerate, const char *envelope, const char *input, size_t len,
                  const char *content, size_t content_len, const char *reply)
{
    size_t width;

    for (width = 0; width <= len; width++) {
        struct server_peer peer;
        server_peer_init(&peer);
        open_for(&peer, tolerate, envelope);
        assert_int_equal(server_give(&peer, input, len, width), len);
        assert_int_equal(peer.content.len, content_len);
        if (content_len > 0)
            assert_memory_equal(text_of(&peer.content), content, content_len);
        assert_int_equal(strncmp(text_of(&peer.output), reply, strlen(reply)), 0);
        assert_int_equal(text_count(text_of(&peer.output), "\n"), 1);
        assert_int_equal(peer.count[CALL_MESSAGE], reply[0] == '2');
        assert_int_equal(peer.count[CALL_RESET], reply[0] != '2');
        /* The session goes on. */
        server_codes(&peer, ENVELOPE "DATA\r\nx\r\n.\r\n", "250 250 354 250 ");
        server_delete(&peer);
    }
}

#define CHECK(tolerate, envelope, input, content, reply)                                           \
    check(tolerate, envelope, input, sizeof(input) - 1, content, sizeof(content) - 1, reply)

/* Shows: R5321-4.5.2-2 R5321-4.1.1.4-5 */
static void test_content(void **state)
{
    (void)state;
    CHECK(0, ENVELOPE, ".\r\n", "", "250 2.0.0 ");
    CHECK(0, ENVELOPE, "\r\n.\r\n", "\r\n", "250 2.0.0 ");
    CHECK(0, ENVELOPE, "..\r\n...a\r\n.\r\n", ".\r\n..a\r\n", "250 2.0.0 ");
    CHECK(0, ENVELOPE, "a\r\n.b\r\n.\r\n", "a\r\nb\r\n", "250 2.0.0 ");
    CHECK(0, ENVELOPE_8BIT, "\x80\xFF\r\n.\r\n", "\x80\xFF\r\n", "250 2.0.0 ");
}

/* The first octet that breaks a rule is where the caller's content ends; the rest is read past to
 * the true end, and no part of it is a command. */
/* Shows: R5321-2.3.8-1 R5321-4.1.1.4-6 R5321-4.5.2-3 */
static void test_what_is_refused(void **state)
{
    (void)state;
    CHECK(0, ENVELOPE, "ab\n.\r\nMAIL\r\n.\r\n", "ab", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "ab\n.\nMAIL FROM:<x@y>\n\r\n.\r\n", "ab", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "ab\r.\rMAIL FROM:<x@y>\r\r\n.\r\n", "ab\r", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "ab\r\n.\rQUIT\r\n.\r\n", "ab\r\n\r", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "ab\r\r\n.\r\n", "ab\r", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "a\0b\r\n.\r\n", "a", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "a\r\n\x80z\r\n.\r\n", "a\r\n", "554 5.6.1 ");
    CHECK(0, ENVELOPE_8BIT, "\x80\0\r\n.\r\n", "\x80", "550 5.6.0 ");
    /* The first of several is the one that is told. */
    CHECK(0, ENVELOPE, "\0\n\r\x80\r\n.\r\n", "", "550 5.6.0 ");
    CHECK(0, ENVELOPE, "\x80\0\r\n.\r\n", "", "554 5.6.1 ");
}

static void test_each_tolerance_admits_its_own(void **state)
{
    static const struct row {
        const char *input;
        size_t len;
        uint32_t tolerate;
    } rows[] = {
        {"a\rb\r\n.\r\n", 8, SMTP_TOLERATE_CR_BODY},
        {"a\nb\r\n.\r\n", 8, SMTP_TOLERATE_LF_BODY},
        {"a\0b\r\n.\r\n", 8, SMTP_TOLERATE_NUL_BODY},
        {"a\x80z\r\n.\r\n", 8, SMTP_TOLERATE_8BIT},
    };
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < 4; i++) {
        for (k = 0; k < 4; k++)
            check(rows[k].tolerate, ENVELOPE, rows[i].input, rows[i].len, rows[i].input,
                  i == k                                      ? 5
                  : rows[i].tolerate == SMTP_TOLERATE_CR_BODY ? 2
                                                              : 1,
                  i == k   ? "250 2.0.0 "
                  : i == 3 ? "554 5.6.1 "
                           : "550 5.6.0 ");
    }
}

/* Whatever is tolerated: only CRLF "." CRLF ends a message. */
/* Shows: R5321-4.1.1.4-2 R5321-4.1.1.4-7 R5321-2.3.8-1 */
static void test_nothing_else_ends_a_message(void **state)
{
    static const char *const not_ends[] = {
        "\n.\n",       "\r.\r",     "\n.\r\n", "\r\n.\n",    "\r\n.\r",     "\r.\r\n",
        "\r\n.\r\r\n", "\r\r\n.\n", "\n\n.\n", "\r\n. \r\n", "\r\n.\t\r\n", "\x85.\x85",
    };
    uint32_t all = SMTP_TOLERATE_CR_BODY | SMTP_TOLERATE_LF_BODY | SMTP_TOLERATE_NUL_BODY |
                   SMTP_TOLERATE_8BIT | SMTP_TOLERATE_LF_COMMAND;
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof not_ends / sizeof not_ends[0]; i++) {
        for (width = 0; width < 9; width++) {
            struct server_peer peer;
            char input[64] = "a";
            server_peer_init(&peer);
            open_for(&peer, all, ENVELOPE);
            strcat(input, not_ends[i]);
            strcat(input, "NOOP\r\n");
            (void)server_give(&peer, input, strlen(input), width);
            SERVER_SAYS(&peer, "");
            (void)server_feed(&peer, ".\r\n");
            assert_int_equal(peer.count[CALL_MESSAGE], 1);
            assert_int_equal(peer.count[CALL_NOOP], 0);
            server_delete(&peer);
        }
    }
}

/* Shows: R5321-4.5.3.1.9-1 */
static void test_size_at_below_and_above_its_limit(void **state)
{
    size_t len;
    size_t width;

    (void)state;
    for (len = 9; len <= 12; len++) {
        for (width = 0; width < 16; width++) {
            struct server_peer peer;
            char input[32];
            server_peer_init(&peer);
            peer.config.message_max = 10;
            open_for(&peer, 0, ENVELOPE);
            /* A dot that is taken out counts for nothing. */
            (void)snprintf(input, sizeof input, "..%.*s\r\n.\r\n", (int)(len - 3), "xxxxxxxxxxx");
            (void)server_give(&peer, input, strlen(input), width);
            server_expect(&peer, len <= 10 ? "250 2.0.0 OK\r\n"
                                           : "552 5.3.4 the message is larger than the limit\r\n");
            assert_int_equal(peer.content.len, len <= 10 ? len : 10);
            SERVER_SAW(&peer, len == 9    ? "body\nmessage 0/1 octets=9 found=0\n"
                              : len == 10 ? "body\nmessage 0/1 octets=10 found=0\n"
                                          : "body\nreset 5 MESSAGE_TOO_LARGE\n");
            server_delete(&peer);
        }
    }
}

/* A limit that no message meets, and one below what the first octets are. */
static void test_size_without_limit(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.message_max = UINT64_MAX;
    open_for(&peer, 0, ENVELOPE);
    server_codes(&peer, "abc\r\n.\r\n", "250 ");
    server_delete(&peer);
}

static void test_body_refused_by_the_caller(void **state)
{
    static const char input[] = "line one\r\nline two\r\n.\r\nNOOP\r\n";
    size_t width;
    int words;

    (void)state;
    for (words = 0; words < 2; words++) {
        for (width = 0; width < sizeof input; width++) {
            struct server_peer peer;
            server_peer_init(&peer);
            peer.answers[CALL_BODY] = 452;
            peer.words[CALL_BODY] = words ? "disk full" : NULL;
            open_for(&peer, 0, ENVELOPE);
            (void)server_give(&peer, input, sizeof input - 1, width);
            SERVER_SAYS(
                &peer, words ? "452 4.3.1 disk full\r\n250 2.0.0 OK\r\n"
                             : "452 4.3.1 Not enough storage, try again later\r\n250 2.0.0 OK\r\n");
            assert_int_equal(peer.count[CALL_BODY], 1);
            SERVER_SAW(&peer, "body\nreset 5 OK\nnoop \n");
            server_delete(&peer);
        }
    }
}

static void test_body_that_closes(void **state)
{
    struct server_peer peer;
    int words;

    (void)state;
    for (words = 0; words < 2; words++) {
        server_peer_init(&peer);
        peer.answers[CALL_BODY] = 421;
        peer.words[CALL_BODY] = words ? "going down" : NULL;
        open_for(&peer, 0, ENVELOPE);
        (void)server_feed(&peer, "line one\r\nline two\r\n");
        SERVER_SAYS(&peer, words ? "421 4.3.2 going down\r\n"
                                 : "421 4.3.2 Service not available, closing\r\n");
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
        SERVER_SAW(&peer, "body\nreset 6 CLOSED_BY_CALLER\nclose CLOSED_BY_CALLER\n");
        server_delete(&peer);
    }
}

/* Each piece of content stops the input until it was dealt with. */
static void test_body_deferred(void **state)
{
    static const char input[] = "line one\r\n..line two\r\n.\r\nNOOP\r\n";
    struct server_peer peer;
    size_t at = 0;
    unsigned asked = 0;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_BODY] = SMTP_DEFER;
    peer.later = -1;
    open_for(&peer, 0, ENVELOPE);
    while (at < sizeof input - 1) {
        size_t taken = server_feed(&peer, input + at);
        at += taken;
        if (peer.count[CALL_BODY] > asked) {
            asked++;
            assert_int_equal(peer.count[CALL_BODY], asked);
            assert_int_equal(smtp_session_wants(peer.session), 0);
            assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
            assert_int_equal(
                smtp_server_answer(peer.server, peer.due, SMTP_ACCEPT, 0, smtp_text(NULL), 5000),
                SMTP_ERR_OK);
            assert_true(smtp_session_deadline(peer.session) == 5000 + 180000);
        }
    }
    assert_true(asked >= 2);
    assert_string_equal(text_of(&peer.content), "line one\r\n.line two\r\n");
    SERVER_SAYS(&peer, "250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
    server_delete(&peer);
}

/* A CR that was held back, because it could have been a part of the end, is a piece that takes no
 * octet of the input: it stops the input as any other, in every cut. */
static void test_held_back_cr_deferred(void **state)
{
    static const char input[] = "a\r\n.\rb\r\n.\rc\r\n.\r\nNOOP\r\n";
    size_t width;

    (void)state;
    for (width = 0; width < sizeof input; width++) {
        struct server_peer peer;
        server_peer_init(&peer);
        peer.answers[CALL_BODY] = SMTP_DEFER;
        open_for(&peer, SMTP_TOLERATE_CR_BODY, ENVELOPE);
        assert_int_equal(server_give(&peer, input, sizeof input - 1, width), sizeof input - 1);
        assert_string_equal(text_of(&peer.content), "a\r\n\rb\r\n\rc\r\n");
        SERVER_SAYS(&peer, "250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
        server_delete(&peer);
    }
}

static void test_body_deferred_and_refused(void **state)
{
    static const char input[] = "line one\r\n..line two\r\n.\r\nNOOP\r\n";
    struct server_peer peer;
    int words;

    (void)state;
    for (words = 0; words < 2; words++) {
        size_t at;
        server_peer_init(&peer);
        peer.answers[CALL_BODY] = SMTP_DEFER;
        peer.later = -1;
        open_for(&peer, 0, ENVELOPE);
        at = server_feed(&peer, input);
        assert_int_equal(
            smtp_server_answer(peer.server, peer.due, 554, 0, smtp_text(words ? "spam" : NULL), 1),
            SMTP_ERR_OK);
        (void)server_feed(&peer, input + at);
        SERVER_SAYS(&peer, words ? "554 5.3.0 spam\r\n250 2.0.0 OK\r\n"
                                 : "554 5.3.0 Transaction failed\r\n250 2.0.0 OK\r\n");
        assert_int_equal(peer.count[CALL_BODY], 1);
        server_delete(&peer);
    }
}

/* A message whose content nobody wants to see is still counted and judged. */
static void test_no_body_callback(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.callbacks.body = NULL;
    open_for(&peer, 0, ENVELOPE);
    (void)server_feed(&peer, "12345\r\n.\r\n");
    SERVER_SAW(&peer, "message 0/1 octets=7 found=0\n");
    server_codes(&peer, ENVELOPE "DATA\r\na\nb\r\n.\r\n", "250 250 354 550 ");
    server_delete(&peer);
}

/* What a tolerance let pass is told at the end. */
static void test_found_is_told(void **state)
{
    struct server_peer peer;
    char seen[80];

    (void)state;
    server_peer_init(&peer);
    open_for(&peer, SMTP_TOLERATE_CR_BODY | SMTP_TOLERATE_8BIT, ENVELOPE);
    (void)server_feed(&peer, "a\rb\x80\r\n.\r\n");
    (void)snprintf(seen, sizeof seen, "body\nmessage 0/1 octets=6 found=%d\n",
                   SMTP_FOUND_BARE_CR | SMTP_FOUND_8BIT);
    SERVER_SAW(&peer, seen);
    server_delete(&peer);
}

/* Shows: R5321-4.1.1.10-5 */
static void test_connection_lost_in_the_content(void **state)
{
    static const char input[] = "line\r\n.\r\n";
    size_t len;

    (void)state;
    for (len = 0; len < sizeof input - 1; len++) {
        struct server_peer peer;
        server_peer_init(&peer);
        open_for(&peer, 0, ENVELOPE);
        (void)server_give(&peer, input, len, 1);
        (void)smtp_session_eof(peer.session, 1);
        assert_int_equal(peer.count[CALL_MESSAGE], 0);
        assert_int_equal(peer.count[CALL_RESET], 1);
        server_delete(&peer);
    }
}

/* Each octet of a body puts the deadline off; silence in it is a time-out. */
static void test_deadline_of_the_content(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    open_for(&peer, 0, ENVELOPE);
    assert_true(smtp_session_deadline(peer.session) == peer.now + 180000);
    peer.now += 170000;
    (void)server_feed(&peer, "x");
    assert_true(smtp_session_deadline(peer.session) == peer.now + 180000);
    assert_int_equal(smtp_session_expire(peer.session, peer.now + 180000), SMTP_ERR_TIMEOUT);
    server_drain(&peer);
    SERVER_SAYS(&peer, "421 4.4.2 the peer did not answer in time\r\n");
    SERVER_SAW(&peer, "body\nreset 7 OK\nclose TIMEOUT\n");
    server_delete(&peer);
}

/* Where in the input the octet stood that spoilt it, in any cut. */
static void test_detail_says_where(void **state)
{
    static const struct row {
        const char *input;
        int error;
        uint64_t offset; /* in the content as it comes */
    } rows[] = {
        {"ab\ncd\r\n.\r\n", SMTP_ERR_BARE_LF, 2},
        {"..b\rcd\r\n.\r\n", SMTP_ERR_BARE_CR, 3},
        {"a\r\n.\rcd\r\n.\r\n", SMTP_ERR_BARE_CR, 4},
        {"a\r\n..\r\nb\x80\r\n.\r\n", SMTP_ERR_EIGHT_BIT, 8},
        {"0123456789abcdefghijklmnopqrs\r\n.\r\n", SMTP_ERR_MESSAGE_TOO_LARGE, 20},
        {"..0123456789abcdefghijklmnopqrs\r\n.\r\n", SMTP_ERR_MESSAGE_TOO_LARGE, 21},
    };
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (width = 0; width < 24; width++) {
            struct server_peer peer;
            smtp_detail detail;
            server_peer_init(&peer);
            peer.config.message_max = 20;
            open_for(&peer, 0, ENVELOPE);
            (void)server_give(&peer, rows[i].input, strlen(rows[i].input), width);
            detail.size = sizeof detail;
            assert_int_equal(smtp_session_error(peer.session, &detail), rows[i].error);
            assert_int_equal(detail.offset, 16 + strlen(ENVELOPE "DATA\r\n") + rows[i].offset);
            server_delete(&peer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_each_tolerance_admits_its_own),
        cmocka_unit_test(test_nothing_else_ends_a_message),
        cmocka_unit_test(test_size_at_below_and_above_its_limit),
        cmocka_unit_test(test_size_without_limit),
        cmocka_unit_test(test_body_refused_by_the_caller),
        cmocka_unit_test(test_body_that_closes),
        cmocka_unit_test(test_body_deferred),
        cmocka_unit_test(test_held_back_cr_deferred),
        cmocka_unit_test(test_body_deferred_and_refused),
        cmocka_unit_test(test_no_body_callback),
        cmocka_unit_test(test_found_is_told),
        cmocka_unit_test(test_connection_lost_in_the_content),
        cmocka_unit_test(test_deadline_of_the_content),
        cmocka_unit_test(test_detail_says_where),
    };
    return cmocka_run_group_tests_name("server/content", tests, NULL, NULL);
}
