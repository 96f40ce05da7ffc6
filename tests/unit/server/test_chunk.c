/* SPDX-License-Identifier: MIT
 * BDAT: octets that are counted and never searched (RFC 3030). */
#include "support/server_peer.h"

#define ENVELOPE "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"

/* Input in every cut: the codes of the replies, and the content. */
static void check(const smtp_server_config *config, const char *input, size_t len,
                  const char *codes, const char *content, size_t content_len)
{
    size_t width;

    for (width = 0; width <= len; width++) {
        struct text seen = {NULL, 0, 0};
        struct server_peer peer;
        const char *at;
        const char *lf;

        server_peer_init(&peer);
        if (config != NULL)
            peer.config = *config;
        server_ready(&peer);
        (void)server_give(&peer, input, len, width);
        for (at = text_of(&peer.output); (lf = strchr(at, '\n')) != NULL; at = lf + 1)
            text_put(&seen, "%.3s ", at);
        assert_string_equal(text_of(&seen), codes);
        assert_int_equal(peer.content.len, content_len);
        if (content_len > 0)
            assert_memory_equal(text_of(&peer.content), content, content_len);
        text_free(&seen);
        server_delete(&peer);
    }
}

#define CHECK(input, codes, content)                                                               \
    check(NULL, input, sizeof(input) - 1, codes, content, sizeof(content) - 1)

/* Shows: R3030-2-5 R3030-2-6 */
static void test_chunks(void **state)
{
    (void)state;
    CHECK(ENVELOPE "BDAT 5 LAST\r\nabc\r\nNOOP\r\n", "250 250 250 250 ", "abc\r\n");
    CHECK(ENVELOPE "BDAT 2\r\nabBDAT 0\r\nBDAT 3\r\n.\r\nBDAT 0 LAST\r\nNOOP\r\n",
          "250 250 250 250 250 250 250 ", "ab.\r\n");
    /* Dots, and what looks like a command or an end, are content. */
    CHECK(ENVELOPE "BDAT 14 LAST\r\n..a\r\n.\r\nQUIT\r\n", "250 250 250 ", "..a\r\n.\r\nQUIT\r\n");
}

/* The line end of one chunk may be divided between two. */
static void test_crlf_over_two_chunks(void **state)
{
    (void)state;
    CHECK(ENVELOPE "BDAT 2\r\na\rBDAT 3 LAST\r\n\nb\nNOOP\r\n", "250 250 250 550 250 ", "a\r\nb");
    CHECK(ENVELOPE "BDAT 2\r\na\rBDAT 4 LAST\r\n\nb\r\nNOOP\r\n", "250 250 250 250 250 ",
          "a\r\nb\r\n");
    CHECK(ENVELOPE "BDAT 2\r\na\rBDAT 1 LAST\r\nbNOOP\r\n", "250 250 250 550 250 ", "a\r");
    CHECK(ENVELOPE "BDAT 2 LAST\r\na\rNOOP\r\n", "250 250 550 250 ", "a\r");
    CHECK(ENVELOPE "BDAT 2\r\na\rBDAT 0 LAST\r\nNOOP\r\n", "250 250 250 550 250 ", "a\r");
}

/* A CR at the very end of the content is bare, and content where that is tolerated. */
static void test_cr_at_the_end_tolerated(void **state)
{
    static const char input[] = ENVELOPE "BDAT 2 LAST\r\na\rNOOP\r\n";
    smtp_server_config config;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.tolerate = SMTP_TOLERATE_CR_BODY;
    check(&config, input, sizeof input - 1, "250 250 250 250 ", "a\r", 2);
}

/* BINARYMIME keeps every octet. */
/* Shows: R3030-3-3 R3030-3-4 */
static void test_binary(void **state)
{
    static const char input[] =
        "MAIL FROM:<a@c.example> BODY=BINARYMIME\r\nRCPT TO:<b@mx.example>\r\n"
        "DATA\r\nBDAT 6 LAST\r\n\r\n\n\0\xFF\rNOOP\r\n";
    smtp_server_config config;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.offer = SMTP_EXT_BINARYMIME;
    check(&config, input, sizeof input - 1, "250 250 503 250 250 ", "\r\n\n\0\xFF\r", 6);
}

/* The octets of a chunk that is refused are never commands. */
/* Shows: R3030-2-8 R3030-2-10 R3030-2-12 R3030-2-16 */
static void test_refused_chunks_are_read_past(void **state)
{
    (void)state;
    CHECK("BDAT 6\r\nQUIT\r\nNOOP\r\n", "503 250 ", "");
    CHECK("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "503 250 ", "");
    CHECK("MAIL FROM:<a@c.example>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250 554 250 ", "");
    CHECK(ENVELOPE "BDAT 6 JUNK\r\nQUIT\r\nNOOP\r\n", "250 250 501 250 ", "");
    CHECK(ENVELOPE "BDAT 1 LAST\r\nxBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250 250 250 503 250 ", "x");
    CHECK(ENVELOPE "BDAT 3\r\na\nbBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n",
          "250 250 550 503 503 250 ", "a");
    CHECK(ENVELOPE "BDAT 1\r\nxDATA\r\nBDAT 1 LAST\r\nyNOOP\r\n", "250 250 250 503 250 250 ", "xy");
}

/* A message that lacks a chunk is not completed by the next one. */
static void test_message_without_one_of_its_chunks(void **state)
{
    (void)state;
    CHECK(ENVELOPE "BDAT 1\r\nxBDAT 6 JUNK\r\nQUIT\r\nBDAT 1 LAST\r\nyNOOP\r\n",
          "250 250 250 501 503 250 ", "x");
}

/* Where a size cannot be read, what follows cannot be told apart: the session ends, in sequence or
 * not. */
static void test_sizes_that_cannot_be_read(void **state)
{
    static const char *const lines[] = {
        "BDAT\r\n",
        "BDAT x\r\n",
        "BDAT -1\r\n",
        "BDAT +5\r\n",
        "BDAT 0x10\r\n",
        "BDAT 5,0\r\n",
        "BDAT 5LAST\r\n",
        "BDAT LAST\r\n",
        "BDAT 18446744073709551616\r\n",
        "BDAT 99999999999999999999999999\r\n",
        "BDAT 5\x01\r\n",
    };
    static const char *const before[] = {"", "MAIL FROM:<a@c.example>\r\n", ENVELOPE,
                                         ENVELOPE "BDAT 1\r\nx"};
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        for (k = 0; k < sizeof before / sizeof before[0]; k++) {
            struct server_peer peer;
            server_peer_init(&peer);
            server_ready(&peer);
            (void)server_feed(&peer, before[k]);
            server_forget(&peer);
            (void)server_feed(&peer, lines[i]);
            (void)server_feed(&peer, "MAIL FROM:<evil@x.example>\r\n");
            assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_FRAMING_LOST);
            assert_int_equal(text_count(text_of(&peer.output), "\n"), 1);
            assert_int_equal(text_of(&peer.output)[0], '5');
            assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
            assert_null(strstr(text_of(&peer.events), "evil"));
            server_delete(&peer);
        }
    }
}

/* The limit holds for the sum of the chunks. */
static void test_size_at_below_and_above_its_limit(void **state)
{
    smtp_server_config config;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.message_max = 10;
#define LIMITED(input, codes, content)                                                             \
    check(&config, input, sizeof(input) - 1, codes, content, sizeof(content) - 1)
    LIMITED(ENVELOPE "BDAT 9 LAST\r\n1234567\r\nNOOP\r\n", "250 250 250 250 ", "1234567\r\n");
    LIMITED(ENVELOPE "BDAT 10 LAST\r\n12345678\r\nNOOP\r\n", "250 250 250 250 ", "12345678\r\n");
    LIMITED(ENVELOPE "BDAT 11 LAST\r\n123456789\r\nNOOP\r\n", "250 250 552 250 ", "");
    LIMITED(ENVELOPE "BDAT 8\r\n12345678BDAT 2 LAST\r\n\r\nNOOP\r\n", "250 250 250 250 250 ",
            "12345678\r\n");
    LIMITED(ENVELOPE "BDAT 8\r\n12345678BDAT 3 LAST\r\n9\r\nNOOP\r\n", "250 250 250 552 250 ",
            "12345678");
    LIMITED(ENVELOPE "BDAT 18446744073709551615 LAST\r\nQUIT\r\n", "250 250 ", "");
}

/* A client that pipelines the rest of a message behind the chunk that was too much did nothing
 * wrong. */
/* Shows: R3030-2-12 */
static void test_chunks_behind_a_refused_one_are_no_errors(void **state)
{
    struct server_peer peer;
    int i;

    (void)state;
    server_peer_init(&peer);
    peer.config.message_max = 10;
    peer.config.errors_max = 2;
    server_ready(&peer);
    server_codes(&peer, ENVELOPE "BDAT 6\r\n123456BDAT 6\r\n123456", "250 250 250 552 ");
    for (i = 0; i < 20; i++)
        server_codes(&peer, "BDAT 2\r\nab", "503 ");
    server_codes(&peer, "BDAT 2 LAST\r\nabNOOP\r\n", "503 250 ");
    server_delete(&peer);
}

/* Shows: R3030-2-14 */
static void test_rset_between_chunks(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    server_codes(&peer, ENVELOPE "BDAT 3\r\nabcRSET\r\nBDAT 3 LAST\r\ndef", "250 250 250 250 503 ");
    assert_int_equal(peer.count[CALL_RESET], 1);
    assert_int_equal(peer.count[CALL_MESSAGE], 0);
    server_codes(&peer, ENVELOPE "BDAT 3 LAST\r\nd\r\n", "250 250 250 ");
    assert_string_equal(text_of(&peer.content), "d\r\n");
    server_delete(&peer);
}

/* Data is refused: the octets are on their way all the same, and the answer is due behind them. */
static void test_data_refused_by_the_caller(void **state)
{
    static const char *const inputs[] = {
        ENVELOPE "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", ENVELOPE "BDAT 6\r\nQUIT\r\nNOOP\r\n",
        ENVELOPE "BDAT 0 LAST\r\nNOOP\r\n", ENVELOPE "BDAT 0\r\nNOOP\r\n"};
    size_t i;
    size_t width;
    int words;
    int later;

    (void)state;
    for (i = 0; i < 4; i++) {
        for (words = 0; words < 2; words++) {
            for (later = 0; later < 2; later++) {
                for (width = 0; width < 70; width += 3) {
                    struct server_peer peer;
                    if (words && later)
                        continue;
                    server_peer_init(&peer);
                    peer.answers[CALL_DATA] = later ? SMTP_DEFER : 554;
                    peer.later = 554;
                    peer.words[CALL_DATA] = words ? "not today" : NULL;
                    server_ready(&peer);
                    (void)server_give(&peer, inputs[i], strlen(inputs[i]), width);
                    SERVER_SAYS(&peer,
                                words ? "250 2.1.0 OK\r\n250 2.1.5 OK\r\n554 5.3.0 not today\r\n"
                                        "250 2.0.0 OK\r\n"
                                      : "250 2.1.0 OK\r\n250 2.1.5 OK\r\n"
                                        "554 5.3.0 Transaction failed\r\n250 2.0.0 OK\r\n");
                    SERVER_SAW(&peer, "mail <a@c.example>\nrcpt 0 <b@mx.example>\ndata 1 chunked\n"
                                      "reset 5 OK\nnoop \n");
                    server_delete(&peer);
                }
            }
        }
    }
}

/* 421 does not wait for octets. */
static void test_data_that_closes(void **state)
{
    struct server_peer peer;
    int words;

    (void)state;
    for (words = 0; words < 2; words++) {
        server_peer_init(&peer);
        peer.answers[CALL_DATA] = 421;
        peer.words[CALL_DATA] = words ? "going down" : NULL;
        server_ready(&peer);
        (void)server_feed(&peer, ENVELOPE);
        server_forget(&peer);
        (void)server_feed(&peer, "BDAT 6\r\nQUIT\r\n");
        SERVER_SAYS(&peer, words ? "421 4.3.2 going down\r\n"
                                 : "421 4.3.2 Service not available, closing\r\n");
        SERVER_SAW(&peer, "data 1 chunked\nreset 6 CLOSED_BY_CALLER\nclose CLOSED_BY_CALLER\n");
        server_delete(&peer);
    }
}

/* The last octets of a chunk are deferred: its reply is due once they were dealt with. */
static void test_body_deferred_at_the_end_of_a_chunk(void **state)
{
    struct server_peer peer;
    int code;

    (void)state;
    for (code = 0; code < 600; code += 552) {
        server_peer_init(&peer);
        peer.answers[CALL_BODY] = SMTP_DEFER;
        peer.later = -1;
        server_ready(&peer);
        (void)server_feed(&peer, ENVELOPE);
        server_forget(&peer);
        assert_int_equal(server_feed(&peer, "BDAT 3\r\nabcBDAT 2 LAST\r\n\r\n"), 11);
        SERVER_SAYS(&peer, "");
        assert_int_equal(smtp_server_answer(peer.server, peer.due, code, 0, smtp_text(NULL), 1),
                         SMTP_ERR_OK);
        server_drain(&peer);
        peer.due = 0;
        peer.later = SMTP_ACCEPT;
        (void)server_feed(&peer, "BDAT 2 LAST\r\n\r\nNOOP\r\n");
        SERVER_SAYS(&peer, code == 0 ? "250 2.0.0 OK\r\n250 2.0.0 OK\r\n250 2.0.0 OK\r\n"
                                     : "552 5.3.4 Message too big\r\n"
                                       "503 5.5.1 Bad sequence of commands\r\n250 2.0.0 OK\r\n");
        assert_int_equal(peer.count[CALL_MESSAGE], code == 0);
        server_delete(&peer);
    }
}

/* A wrong size makes commands of content: nothing breaks, and every line is judged. */
/* Shows: R3030-2-18 */
static void test_random_octets_as_commands(void **state)
{
    uint64_t seed = 31;
    int round;

    (void)state;
    for (round = 0; round < 200; round++) {
        struct server_peer peer;
        char input[300];
        size_t i;
        server_peer_init(&peer);
        peer.config.errors_max = 1000;
        server_ready(&peer);
        (void)server_feed(&peer, ENVELOPE "BDAT 1\r\nx");
        for (i = 0; i < sizeof input; i++)
            input[i] = random_below(&seed, 9) == 0 ? "\r\n"[i % 2] : (char)random_below(&seed, 256);
        (void)server_give(&peer, input, sizeof input, random_below(&seed, 20));
        assert_int_equal(peer.count[CALL_CLOSE], 0);
        server_delete(&peer);
    }
}

static void test_not_offered(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.withhold = SMTP_EXT_CHUNKING;
    server_ready(&peer);
    server_codes(&peer, ENVELOPE "BDAT 6 LAST\r\nQUIT\r\nDATA\r\n", "250 250 502 503 ");
    server_codes(&peer, ENVELOPE "DATA\r\nx\r\n.\r\n", "250 250 354 250 ");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_crlf_over_two_chunks),
        cmocka_unit_test(test_cr_at_the_end_tolerated),
        cmocka_unit_test(test_binary),
        cmocka_unit_test(test_refused_chunks_are_read_past),
        cmocka_unit_test(test_message_without_one_of_its_chunks),
        cmocka_unit_test(test_sizes_that_cannot_be_read),
        cmocka_unit_test(test_size_at_below_and_above_its_limit),
        cmocka_unit_test(test_chunks_behind_a_refused_one_are_no_errors),
        cmocka_unit_test(test_rset_between_chunks),
        cmocka_unit_test(test_data_refused_by_the_caller),
        cmocka_unit_test(test_data_that_closes),
        cmocka_unit_test(test_body_deferred_at_the_end_of_a_chunk),
        cmocka_unit_test(test_random_octets_as_commands),
        cmocka_unit_test(test_not_offered),
    };
    return cmocka_run_group_tests_name("server/chunk", tests, NULL, NULL);
}
