/* SPDX-License-Identifier: MIT
 * BDAT on its way out: chunk sizes, line ends that are added, declared sizes, and room. */
#include "support/client_script.h"

#define CHUNKING "250-CHUNKING\r\n250-PIPELINING\r\n"

/* What stands behind the first RCPT. */
static const char *content_of(struct client_peer *peer)
{
    const char *rcpt = strstr(text_of(&peer->output), RCPT_SAID);

    assert_non_null(rcpt);
    return rcpt + strlen(RCPT_SAID);
}

/* Text whose last line lacks its end gets one, whatever chunk it stands in. */
/* Shows: R3030-2-4 R3030-2-7 R3030-2-17 R5321-4.1.1.4-4 */
static void test_line_end_is_added(void **state)
{
    static const struct row {
        enum manner manner;
        const char *body;
        size_t octets; /* declared */
        const char *output;
        const char *sent;
    } rows[] = {
        {BODY_FILLS, "hello", 0, "BDAT 7 LAST\r\nhello\r\n", "delivered 250 OK 1"},
        {BODY_OWN, "hello\r\n", 0, "BDAT 7 LAST\r\nhello\r\n", "delivered 250 OK 1"},
        {BODY_LATE, "hello\r\n", 7, "BDAT 7\r\nhello\r\nBDAT 0 LAST\r\n", "delivered 250 OK 1"},
        {BODY_LATE, "hello", 0, "BDAT 5\r\nhelloBDAT 2 LAST\r\n\r\n", "delivered 250 OK 1"},
        {BODY_FILLS, "hello", 5, "BDAT 7 LAST\r\nhello\r\n", "delivered 250 OK 1"},
        {BODY_FILLS, "hello", 7, "BDAT 7 LAST\r\nhello\r\n", "delivered 250 OK 1"},
        {BODY_LATE, "hello", 7, "BDAT 5\r\nhelloBDAT 2 LAST\r\n\r\n", "delivered 250 OK 1"},
        {BODY_FILLS, "", 0, "BDAT 0 LAST\r\n", "delivered 250 OK 1"},
        {BODY_FILLS, "hello", 6, "", "permanent 0 BODY_SIZE 0"},
        {BODY_FILLS, "hello", 8, "", "permanent 0 BODY_SIZE 0"},
        {BODY_FILLS, "hello", 4, "", "permanent 0 BODY_SIZE 0"},
        {BODY_FILLS, "hello\r\n", 9, "", "permanent 0 BODY_SIZE 0"},
        {BODY_FILLS, "a\rb", 0, "", "permanent 0 BODY_NEWLINE 0"},
        {BODY_FILLS, "a\n", 0, "", "permanent 0 BODY_NEWLINE 0"},
        {BODY_FILLS, "a\r", 0, "", "permanent 0 BODY_NEWLINE 0"},
        {BODY_FILLS, "\xC3\xA4\r\n", 0, "", "permanent 0 NEEDS_8BITMIME 0"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client_peer peer;
        client_peer_init(&peer);
        client_ready(&peer, CHUNKING);
        client_message(&peer, 1, rows[i].body);
        peer.manner = rows[i].manner;
        peer.envelope.octets = rows[i].octets;
        (void)client_send(&peer);
        client_script(&peer, "250 a\r\n250 b\r\n", 14);
        if (peer.count[CALL_SENT] == 0 && rows[i].manner == BODY_LATE)
            (void)client_feed(&peer, "250 c\r\n");
        if (peer.count[CALL_SENT] == 0)
            (void)client_feed(&peer, "250 d\r\n");
        if (rows[i].output[0] != '\0')
            assert_string_equal(content_of(&peer), rows[i].output);
        assert_non_null(strstr(text_of(&peer.events), rows[i].sent));
        client_delete(&peer);
    }
}

/* A BDAT that was refused leaves a transaction, which is cleared before anything else, once the
 * chunk that was behind it on the wire has been answered too. */
/* Shows: R3030-2-9 R3030-2-11 R3030-2-13 */
static void test_refused_chunk(void **state)
{
    int last;

    (void)state;
    for (last = 0; last < 2; last++) {
        struct client_peer peer;
        client_peer_init(&peer);
        client_ready(&peer, CHUNKING);
        peer.step = last ? 0 : 4;
        (void)client_send(&peer);
        text_clear(&peer.output);
        client_turn(&peer, "250 a\r\n250 b\r\n452 c\r\n", last ? "" : "BDAT 4\r\nect:");
        client_saw(&peer, "recipient 0 temporary 452 TRANSACTION_REFUSED\n"
                          "sent temporary 452 TRANSACTION_REFUSED 0\n");
        peer.step = 0;
        (void)client_send(&peer);
        if (!last)
            client_turn(&peer, "503 d\r\n",
                        "RSET\r\n" MAIL_SAID RCPT_SAID "BDAT 17 LAST\r\n" BODY_SAID);
        else
            client_expect(&peer, "RSET\r\n" MAIL_SAID RCPT_SAID "BDAT 17 LAST\r\n" BODY_SAID);
        client_delete(&peer);
    }
}

/* A chunk is refused while the next one has not gone. Where that is the caller's memory it cannot
 * stay behind `sent`, and without it nothing that follows would be understood. */
static void test_refused_while_the_next_goes(void **state)
{
    static const char words[] = "250 a\r\n250 b\r\n";
    static char body[400];
    size_t step;
    int own;
    size_t gone;

    (void)state;
    memset(body, 'x', sizeof body - 3);
    memcpy(body + sizeof body - 3, "\r\n", 3);
    for (step = 100; step <= 200; step += 50) {
        for (own = 0; own < 2; own++) {
            for (gone = 0; gone < 40; gone += 13) {
                struct client_peer peer;
                smtp_str slice;
                client_peer_init(&peer);
                client_ready(&peer, CHUNKING);
                client_message(&peer, 1, body);
                peer.manner = own ? BODY_OWN : BODY_FILLS;
                peer.step = step;
                (void)client_send(&peer);
                peer.stuck = 1;
                (void)client_feed(&peer, words);
                smtp_session_sent(peer.session, gone, peer.now);
                (void)client_feed(&peer, "552 c\r\n");
                assert_int_equal(peer.recipients[0].result, SMTP_RESULT_PERMANENT);
                assert_int_equal(peer.count[CALL_SENT], 1);
                assert_int_equal(peer.count[CALL_CLOSE], step > 128);
                assert_int_equal(smtp_session_output(peer.session, &slice, 1), step <= 128);
                if (step > 128)
                    assert_int_equal(smtp_session_error(peer.session, NULL),
                                     SMTP_ERR_TRANSACTION_REFUSED);
                client_delete(&peer);
            }
        }
    }
}

/* The same with a 421: the session ends with that. */
static void test_closing_while_a_chunk_goes(void **state)
{
    static const char words[] = "250 a\r\n250 b\r\n";
    static char body[400];
    struct client_peer peer;

    (void)state;
    memset(body, 'x', sizeof body - 3);
    memcpy(body + sizeof body - 3, "\r\n", 3);
    client_peer_init(&peer);
    client_ready(&peer, CHUNKING);
    client_message(&peer, 1, body);
    peer.manner = BODY_OWN;
    peer.step = 200;
    (void)client_send(&peer);
    peer.stuck = 1;
    (void)client_feed(&peer, words);
    (void)client_feed(&peer, "421 c\r\n");
    client_saw(&peer, "recipient 0 temporary 421 TRANSACTION_REFUSED\n"
                      "sent temporary 421 TRANSACTION_REFUSED 0\n"
                      "close SHUTTING_DOWN 421\n");
    client_delete(&peer);
}

/* Gathers what stands in chunks from `at` on; gives 1 when the last one is there. */
static int gather(struct text *to, const char *at)
{
    const char *end = NULL;

    while ((at = strstr(at, "BDAT ")) != NULL) {
        char *behind;
        size_t len = (size_t)strtoul(at + 5, &behind, 10);
        int last = strncmp(behind, " LAST", 5) == 0;

        end = strstr(behind, "\r\n") + 2;
        assert_true(strlen(end) >= len);
        text_add(to, end, len);
        at = end + len;
        if (last) {
            assert_string_equal(at, "");
            return 1;
        }
    }
    return 0;
}

/* Contents of every length around what the output has room for, under commands that nearly fill it,
 * with a server that answers while nearly all of that has still to go. */
static void test_room(void **state)
{
    static char body[600];
    size_t len;
    size_t n;
    size_t gone;

    (void)state;
    for (len = 2; len < 560; len += len < 200 ? 13 : 37) {
        memset(body, 'x', len);
        memcpy(body + len - 2, "\r\n", 3);
        for (n = 1; n < 20; n++) {
            struct client_peer peer;
            struct text said = {NULL, 0, 0};
            struct text content = {NULL, 0, 0};
            client_peer_init(&peer);
            peer.config.output_buffer = 1024;
            client_ready(&peer, CHUNKING);
            client_message(&peer, n, body);
            peer.manner = n % 2 ? BODY_OWN : BODY_FILLS;
            peer.stuck = 1;
            (void)client_send(&peer);
            gone = 1;
            while (gone < 30 && peer.count[CALL_CLOSE] == 0) {
                smtp_str slice;
                if (smtp_session_output(peer.session, &slice, 1) > 0) {
                    text_add(&said, slice.ptr, 1);
                    smtp_session_sent(peer.session, 1, peer.now);
                }
                gone++;
            }
            for (gone = 0; gone <= n && peer.count[CALL_CLOSE] == 0; gone++)
                (void)client_feed(&peer, "250 a\r\n");
            text_add(&peer.output, text_of(&said), said.len);
            peer.stuck = 0;
            client_drain(&peer);
            assert_int_equal(gather(&content, text_of(&peer.output)), 1);
            assert_string_equal(text_of(&content), body);
            assert_int_equal(text_count(text_of(&peer.output), RCPT_SAID), n);
            text_free(&said);
            text_free(&content);
            client_delete(&peer);
        }
    }
}

/* Several chunks to a server without PIPELINING wait for each other; with it they go as they come,
 * as many as may be pending. */
/* Shows: R2920-3.1-1 */
static void test_chunks_one_at_a_time(void **state)
{
    uint32_t pending;
    size_t step;
    int pipelining;

    (void)state;
    for (pipelining = 0; pipelining < 2; pipelining++) {
        for (step = 1, pending = 1; step <= strlen(BODY_SAID); step++, pending = pending % 6 + 1) {
            struct client_peer peer;
            struct text content = {NULL, 0, 0};
            size_t turns;
            client_peer_init(&peer);
            peer.config.pending_max = pending;
            client_ready(&peer, pipelining ? CHUNKING : "250-CHUNKING\r\n");
            peer.step = step;
            (void)client_send(&peer);
            for (turns = 0; turns < 2 + (strlen(BODY_SAID) + step - 1) / step; turns++) {
                size_t due = text_count(text_of(&peer.output), "BDAT ");
                (void)client_feed(&peer, "250 ok\r\n");
                if (!pipelining || pending == 1)
                    assert_true(text_count(text_of(&peer.output), "BDAT ") - due <= 1);
            }
            assert_int_equal(gather(&content, text_of(&peer.output)), 1);
            assert_string_equal(text_of(&content), BODY_SAID);
            assert_int_equal(peer.recipients[0].result, SMTP_RESULT_DELIVERED);
            text_free(&content);
            client_delete(&peer);
        }
    }
}

/* LMTP: how many replies the last chunk has depends on those before it, so that it waits for
 * theirs.
 */
/* Shows: R2033-4.3-1 R2033-4.3-2 */
static void test_chunks_of_lmtp(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_LMTP;
    client_ready(&peer, CHUNKING);
    client_message(&peer, 2, BODY_SAID);
    peer.step = 9;
    (void)client_send(&peer);
    client_expect(&peer, MAIL_SAID RCPT_SAID RCPT_SAID);
    client_turn(&peer, "250 a\r\n250 b\r\n", "");
    client_turn(&peer, "250 c\r\n", "BDAT 9\r\nSubject: ");
    client_turn(&peer, "250 d\r\n", "BDAT 8 LAST\r\nx\r\n\r\ny\r\n");
    client_turn(&peer, "250 e\r\n", "");
    client_saw(&peer, "recipient 0 delivered 250 OK\n");
    client_turn(&peer, "452 f\r\n", "");
    client_saw(&peer, "recipient 1 temporary 452 OK\nsent delivered 452 OK 1\n");
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_end_is_added),
        cmocka_unit_test(test_refused_chunk),
        cmocka_unit_test(test_refused_while_the_next_goes),
        cmocka_unit_test(test_closing_while_a_chunk_goes),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_chunks_one_at_a_time),
        cmocka_unit_test(test_chunks_of_lmtp),
    };
    return cmocka_run_group_tests_name("client/chunk", tests, NULL, NULL);
}
