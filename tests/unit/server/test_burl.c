/* SPDX-License-Identifier: MIT
 * BURL: a part of the message that the caller fetches. */
#include "support/server_peer.h"

#define ENVELOPE "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"
#define BEGIN "mail <a@c.example>\nrcpt 0 <b@mx.example>\n"

static void burl_open(struct server_peer *peer)
{
    server_peer_init(peer);
    server_ready(peer);
}

static void test_alone(void **state)
{
    struct server_peer peer;

    (void)state;
    burl_open(&peer);
    server_codes(&peer, ENVELOPE "BURL imap://h/m LAST\r\n", "250 250 250 ");
    SERVER_SAW(&peer, BEGIN "burl imap://h/m first last\nmessage 0/1 octets=0 found=0\n");
    server_delete(&peer);
}

/* Shows: R4468-3.2-1 R4468-3-3 */
static void test_between_chunks(void **state)
{
    struct server_peer peer;
    int later;

    (void)state;
    for (later = 0; later < 2; later++) {
        burl_open(&peer);
        peer.answers[CALL_BURL] = later ? SMTP_DEFER : SMTP_ACCEPT;
        server_codes(&peer, ENVELOPE "BDAT 3\r\nx\r\nBURL imap://h/1\r\nBDAT 3 LAST\r\ny\r\n",
                     "250 250 250 250 250 ");
        SERVER_SAW(&peer, BEGIN "data 1 chunked\nbody\nburl imap://h/1\n"
                                "message 0/1 octets=6 found=0\n");
        server_forget(&peer);
        server_codes(&peer, ENVELOPE "BURL imap://h/1\r\nBDAT 3\r\nx\r\nBURL imap://h/2 LAST\r\n",
                     "250 250 250 250 250 ");
        SERVER_SAW(&peer, BEGIN "burl imap://h/1 first\nbody\nburl imap://h/2 last\n"
                                "message 0/1 octets=3 found=0\n");
        server_delete(&peer);
    }
}

/* What the URL names stands between the chunks: a CR before it and an LF behind it are no line end.
 */
static void test_line_end_across_it(void **state)
{
    static const struct {
        uint32_t tolerate;
        const char *codes;
        const char *saw;
    } rows[] = {
        {0, "250 250 250 550 503 250 ", BEGIN "data 1 chunked\nbody\nreset 5 BARE_CR\nnoop \n"},
        {SMTP_TOLERATE_CR_BODY, "250 250 250 250 550 250 ",
         BEGIN "data 1 chunked\nbody\nburl imap://h/1\nreset 5 BARE_LF\nnoop \n"},
    };
    struct server_peer peer;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        server_peer_init(&peer);
        peer.config.tolerate = rows[i].tolerate;
        server_ready(&peer);
        server_codes(&peer, ENVELOPE "BDAT 2\r\nx\rBURL imap://h/1\r\nBDAT 2 LAST\r\n\nyNOOP\r\n",
                     rows[i].codes);
        SERVER_SAW(&peer, rows[i].saw);
        server_delete(&peer);
    }
}

/* One that fails drops the message; what was pipelined behind it must not complete it. */
static void test_refused(void **state)
{
    struct server_peer peer;
    int later;

    (void)state;
    for (later = 0; later < 2; later++) {
        burl_open(&peer);
        peer.answers[CALL_BURL] = later ? SMTP_DEFER : 554;
        peer.later = 554;
        server_codes(&peer,
                     ENVELOPE "BURL imap://h/1\r\nBDAT 3 LAST\r\nx\r\nBURL imap://h/2 LAST\r\n",
                     "250 250 554 503 503 ");
        SERVER_SAW(&peer, BEGIN "burl imap://h/1 first\nreset 5 OK\n");
        assert_int_equal(peer.count[CALL_MESSAGE], 0);
        server_codes(&peer, ENVELOPE "BDAT 3 LAST\r\nx\r\n", "250 250 250 ");
        server_delete(&peer);
    }
}

static void test_421(void **state)
{
    struct server_peer peer;

    (void)state;
    burl_open(&peer);
    peer.answers[CALL_BURL] = 421;
    server_codes(&peer, ENVELOPE "BURL imap://h/1\r\nNOOP\r\n", "250 250 421 ");
    SERVER_SAW(&peer, BEGIN "burl imap://h/1 first\nreset 6 CLOSED_BY_CALLER\n"
                            "close CLOSED_BY_CALLER\n");
    server_delete(&peer);
}

static void test_without_recipients(void **state)
{
    struct server_peer peer;

    (void)state;
    burl_open(&peer);
    server_codes(&peer,
                 "BURL imap://h/1 LAST\r\nMAIL FROM:<a@c.example>\r\nBURL imap://h/1 LAST\r\n",
                 "503 250 554 ");
    assert_int_equal(peer.count[CALL_BURL], 0);
    server_delete(&peer);
}

/* Its own words are said; a message that is refused in the end is refused there. */
static void test_words_and_end(void **state)
{
    struct server_peer peer;

    (void)state;
    burl_open(&peer);
    peer.words[CALL_BURL] = "More, please";
    peer.answers[CALL_BURL] = 250;
    (void)server_feed(&peer, ENVELOPE "BURL imap://h/1\r\n");
    assert_non_null(strstr(text_of(&peer.output), "250 2.0.0 More, please\r\n"));
    peer.words[CALL_BURL] = NULL;
    peer.answers[CALL_MESSAGE] = 554;
    server_codes(&peer, "BURL imap://h/2 LAST\r\n", "554 ");
    assert_int_equal(peer.count[CALL_RESET], 1);
    server_delete(&peer);
}

/* The last one is answered by the end of the message: words for it would be a second reply. */
static void test_words_of_the_last(void **state)
{
    struct server_peer peer;

    (void)state;
    burl_open(&peer);
    peer.words[CALL_BURL] = "More, please";
    peer.answers[CALL_BURL] = 250;
    server_codes(&peer, ENVELOPE "BURL imap://h/1 LAST\r\nNOOP\r\n", "250 250 451 250 ");
    assert_int_equal(peer.said, SMTP_ERR_ARGUMENT);
    SERVER_SAW(&peer, BEGIN "burl imap://h/1 first last\nreset 5 OK\nnoop \n");

    peer.words[CALL_BURL] = NULL;
    peer.answers[CALL_BURL] = SMTP_DEFER;
    peer.later = -1;
    server_codes(&peer, ENVELOPE "BURL imap://h/1 LAST\r\n", "250 250 ");
    assert_int_equal(smtp_server_answer(peer.server, peer.due, 250, 0, smtp_text("More"), peer.now),
                     SMTP_ERR_ARGUMENT);
    server_answer(&peer, 250, NULL);
    assert_int_equal(text_count(text_of(&peer.output), "250 2."), 3);
    assert_int_equal(text_count(text_of(&peer.output), "250 2.0.0 OK\r\n"), 1);
    server_delete(&peer);
}

/* Shows: R2033-4.2-1 */
static void test_lmtp(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_LMTP;
    server_open(&peer);
    (void)server_feed(&peer, "LHLO c.example\r\n");
    server_forget(&peer);
    server_codes(&peer, ENVELOPE "RCPT TO:<c@mx.example>\r\nBURL imap://h/1 LAST\r\n",
                 "250 250 250 250 250 ");
    assert_int_equal(peer.count[CALL_MESSAGE], 2);
    server_delete(&peer);
}

/* Who offers it takes 8-bit content too. */
/* Shows: R4468-4-1 */
static void test_offered_with_8bitmime_only(void **state)
{
    struct server_peer peer;
    int withheld;

    (void)state;
    for (withheld = 0; withheld < 2; withheld++) {
        server_peer_init(&peer);
        peer.config.withhold = withheld ? SMTP_EXT_8BITMIME : 0;
        peer.config.burl = smtp_text("imap");
        server_open(&peer);
        (void)server_feed(&peer, "EHLO c.example\r\n");
        assert_int_equal(strstr(text_of(&peer.output), "-BURL imap\r\n") != NULL, !withheld);
        server_codes(&peer, "BURL imap://h/1 LAST\r\n", withheld ? "502 " : "503 ");
        server_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_between_chunks),
        cmocka_unit_test(test_line_end_across_it),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_421),
        cmocka_unit_test(test_without_recipients),
        cmocka_unit_test(test_words_and_end),
        cmocka_unit_test(test_words_of_the_last),
        cmocka_unit_test(test_lmtp),
        cmocka_unit_test(test_offered_with_8bitmime_only),
    };
    return cmocka_run_group_tests_name("server/burl", tests, NULL, NULL);
}
