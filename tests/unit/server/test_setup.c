/* SPDX-License-Identifier: MIT
 * The beginning of a session: greeting, hello and the switch to TLS. */
#include "support/server_peer.h"

#define MAIL "MAIL FROM:<a@c.example>\r\n"

static void test_greeting(void **state)
{
    static const struct row {
        int answer;
        const char *words;
        const char *output;
        int refused;
    } rows[] = {
        {SMTP_ACCEPT, NULL, "220 mx.example ESMTP\r\n", 0},
        {220, NULL, "220 mx.example ESMTP\r\n", 0},
        {220, "Hello there", "220 mx.example Hello there\r\n", 0},
        {220, "one\ntwo", "220-mx.example one\r\n220 two\r\n", 0},
        {220, "", "220 mx.example ESMTP\r\n", 0},
        {554, NULL, "554 Transaction failed\r\n", 1},
        {521, NULL, "521 This host takes no mail\r\n", 1},
        {554, "No service", "554 No service\r\n", 1},
        {450, "Later", "450 Later\r\n", 1},
        {250, NULL, "451 Local error, try again later\r\n", 1},
        {-5, NULL, "451 Local error, try again later\r\n", 1},
    };
    size_t i;
    int later;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (later = 0; later < 2; later++) {
            struct server_peer peer;
            if (later && (rows[i].answer == 250 || rows[i].answer < 0))
                continue;
            server_peer_init(&peer);
            peer.answers[CALL_CONNECT] = later ? SMTP_DEFER : rows[i].answer;
            peer.words[CALL_CONNECT] = later ? NULL : rows[i].words;
            server_open(&peer);
            if (later) {
                SERVER_SAYS(&peer, "");
                assert_int_equal(smtp_session_wants(peer.session), 0);
                server_answer(&peer, rows[i].answer, rows[i].words);
            }
            server_expect(&peer, rows[i].output);
            server_codes(&peer, "NOOP\r\nEHLO c.example\r\nXX\r\nQUIT\r\n",
                         rows[i].refused ? "503 503 503 221 " : "250 250 500 221 ");
            assert_int_equal(peer.count[CALL_HELLO], !rows[i].refused);
            server_delete(&peer);
        }
    }
}

static void test_greeting_that_closes(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_CONNECT] = 421;
    server_open(&peer);
    SERVER_SAYS(&peer, "421 Service not available, closing\r\n");
    SERVER_SAW(&peer, "connect\nclose CLOSED_BY_CALLER\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    server_delete(&peer);
}

/* The longest host name that a session can be made with is said in its greeting, in the smallest of
 * buffers. */
static void test_greeting_with_a_long_name(void **state)
{
    char name[256];
    size_t len;
    unsigned made = 0;

    (void)state;
    for (len = 100; len <= 255; len++) {
        struct server_peer peer;
        smtp_allocator allocator;
        size_t i;
        server_peer_init(&peer);
        for (i = 0; i < len; i++)
            name[i] = i % 60 == 59 && i + 1 < len ? '.' : 'x';
        peer.config.hostname.ptr = name;
        peer.config.hostname.len = len;
        peer.config.output_buffer = 512;
        peer.config.withhold = ~(uint32_t)0;
        allocator = memory_allocator(&peer.memory);
        if (smtp_server_new(&peer.server, &peer.config, &peer.callbacks, &peer, &allocator) !=
            SMTP_ERR_OK) {
            assert_int_equal(peer.memory.live, 0);
            continue;
        }
        made++;
        peer.session = smtp_server_session(peer.server);
        (void)smtp_session_start(peer.session, 1);
        server_drain(&peer);
        assert_int_equal(peer.output.len, len + strlen("220  ESMTP\r\n"));
        server_codes(&peer, "EHLO c.example\r\nHELO c.example\r\n", "250 250 ");
        server_delete(&peer);
    }
    assert_true(made > 50);
}

/* Words of the caller's that are too long beside the host's name are refused, and no others; no
 * line is longer than it may be (RFC 5321 4.5.3.1.5). */
static void test_greeting_with_too_many_words(void **state)
{
    char words[600];
    size_t len;

    (void)state;
    for (len = 490; len < 510; len++) {
        int fits = strlen("mx.example ") + len <= 512;
        struct server_peer peer;
        memset(words, 'y', sizeof words);
        words[len] = '\0';
        server_peer_init(&peer);
        peer.answers[CALL_CONNECT] = 220;
        peer.words[CALL_CONNECT] = words;
        server_open(&peer);
        assert_int_equal(peer.said, fits ? 220 : SMTP_ERR_REPLY_TOO_LONG);
        if (fits) {
            const char *line = text_of(&peer.output);
            for (; *line != '\0'; line += strcspn(line, "\n") + 1)
                assert_true(strcspn(line, "\n") + 1 <= 512);
            assert_int_equal(text_count(text_of(&peer.output), "y"), len);
        } else {
            SERVER_SAYS(&peer, "451 Local error, try again later\r\n");
        }
        server_delete(&peer);
    }
}

/* The client spoke first: it is told at hello, or refused. */
static void test_early_talker(void **state)
{
    struct server_peer peer;
    int refuse;
    int words;

    (void)state;
    for (refuse = 0; refuse < 2; refuse++) {
        for (words = 0; words < 2; words++) {
            server_peer_init(&peer);
            peer.config.flags = refuse ? SMTP_SERVER_REFUSE_EARLY_TALKER : 0;
            peer.answers[CALL_CONNECT] = SMTP_DEFER;
            peer.later = -1;
            server_open(&peer);
            assert_int_equal(server_feed(&peer, "EHLO c.example\r\n"), 0);
            server_answer(&peer, 220, words ? "Hello" : NULL);
            assert_int_equal(strncmp(text_of(&peer.output), refuse ? "554 " : "220 ", 4), 0);
            assert_int_equal(text_count(text_of(&peer.output), "\n"), 1);
            server_codes(&peer, "EHLO c.example\r\nQUIT\r\n", refuse ? "503 221 " : "250 221 ");
            SERVER_SAW(&peer, refuse ? "connect\nclose OK\n"
                                     : "connect\nhello 2 c.example early\nclose OK\n");
            server_delete(&peer);
        }
    }
}

/* The greeting is held back; a client that waits gets it then, one that does not is seen. */
/* Shows: R5321-4.3.1-6 */
static void test_greeting_delay(void **state)
{
    struct server_peer peer;
    int speaks;
    int refuse;

    (void)state;
    for (speaks = 0; speaks < 2; speaks++) {
        for (refuse = 0; refuse < 2; refuse++) {
            server_peer_init(&peer);
            peer.config.greeting_delay = 2000;
            peer.config.flags = refuse ? SMTP_SERVER_REFUSE_EARLY_TALKER : 0;
            server_open(&peer);
            SERVER_SAW(&peer, "");
            SERVER_SAYS(&peer, "");
            assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
            assert_int_equal(smtp_session_deadline(peer.session), peer.now + 2000);
            (void)smtp_session_expire(peer.session, peer.now + 1999);
            SERVER_SAW(&peer, "");
            if (speaks) {
                size_t used = 1;
                (void)smtp_session_receive(peer.session, "EHLO", 4, peer.now, &used);
                assert_int_equal(used, 4); /* nothing stands against it now */
                server_drain(&peer);
                SERVER_SAW(&peer, "connect early\n");
            } else {
                peer.now += 2000;
                (void)smtp_session_expire(peer.session, peer.now);
                server_drain(&peer);
                SERVER_SAW(&peer, "connect\n");
            }
            assert_int_equal(strncmp(text_of(&peer.output), refuse && speaks ? "554 " : "220 ", 4),
                             0);
            assert_int_equal(smtp_session_deadline(peer.session), peer.now + 300000);
            server_codes(&peer, speaks ? " c.example\r\nQUIT\r\n" : "EHLO c.example\r\nQUIT\r\n",
                         refuse && speaks ? "503 221 " : "250 221 ");
            server_delete(&peer);
        }
    }
}

/* Whatever ends the session meanwhile does so at once. */
static void test_end_in_the_greeting_delay(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.greeting_delay = 2000;
    server_open(&peer);
    assert_int_equal(smtp_session_eof(peer.session, peer.now), SMTP_ERR_EOF);
    SERVER_SAW(&peer, "close EOF\n");
    server_delete(&peer);

    server_peer_init(&peer);
    peer.config.greeting_delay = 2000;
    server_open(&peer);
    assert_int_equal(smtp_server_close(peer.server, 0, smtp_text(NULL), peer.now), SMTP_ERR_OK);
    server_drain(&peer);
    assert_int_equal(strncmp(text_of(&peer.output), "421 ", 4), 0);
    SERVER_SAW(&peer, "close CLOSED_BY_CALLER\n");
    server_delete(&peer);
}

/* On submission 521 is no greeting (RFC 6409 7). */
/* Shows: R6409-7-3 */
static void test_refused_greeting_of_submission(void **state)
{
    struct server_peer peer;
    int submission;

    (void)state;
    for (submission = 0; submission < 4; submission++) {
        server_peer_init(&peer);
        peer.config.flags = submission % 2 ? SMTP_SERVER_SUBMISSION : 0;
        peer.answers[CALL_CONNECT] = 521;
        peer.words[CALL_CONNECT] = submission / 2 ? "Not here" : NULL;
        server_open(&peer);
        assert_int_equal(strncmp(text_of(&peer.output), submission % 2 ? "554 " : "521 ", 4), 0);
        server_codes(&peer, "EHLO c.example\r\nQUIT\r\n", "503 221 ");
        server_delete(&peer);
    }
}

/* Shows: R5321-4.1.4-4 R5321-4.1.4-6 */
static void test_refused_hello_changes_nothing(void **state)
{
    struct server_peer peer;
    int later;

    (void)state;
    for (later = 0; later < 2; later++) {
        server_peer_init(&peer);
        server_ready(&peer);
        (void)server_feed(&peer, MAIL);
        peer.answers[CALL_HELLO] = later ? SMTP_DEFER : 550;
        peer.words[CALL_HELLO] = later ? NULL : "a long refusal in words of the caller's own";
        peer.later = 550;
        server_codes(&peer, "EHLO other.example\r\nRCPT TO:<b@mx.example>\r\n", "550 250 ");
        assert_true(smtp_str_equal(smtp_server_hello(peer.server), smtp_text("c.example")));
        assert_int_equal(peer.count[CALL_RESET], 0);
        server_delete(&peer);
    }
}

/* A word that is tolerated as a name is no longer than a domain may be (RFC 5321 4.5.3.1.2), and
 * the session stays as it was. */
static void test_tolerated_hello_is_not_too_long(void **state)
{
    struct server_peer peer;
    size_t len;

    (void)state;
    for (len = 250; len < 260; len++) {
        char line[300] = "EHLO ";
        memset(line + 5, '_', len);
        memcpy(line + 5 + len, "\r\n", 3);
        server_peer_init(&peer);
        peer.config.tolerate = SMTP_TOLERATE_HELLO_NAME;
        server_ready(&peer);
        server_codes(&peer, line, len <= SMTP_DOMAIN_MAX ? "250 " : "501 ");
        assert_int_equal(peer.count[CALL_HELLO], len <= SMTP_DOMAIN_MAX ? 2 : 1);
        assert_int_equal(smtp_server_hello(peer.server).len,
                         len <= SMTP_DOMAIN_MAX ? len : strlen("c.example"));
        assert_int_equal(smtp_session_error(peer.session, NULL),
                         len <= SMTP_DOMAIN_MAX ? SMTP_ERR_OK : SMTP_ERR_DOMAIN_TOO_LONG);
        server_codes(&peer, MAIL, "250 ");
        server_delete(&peer);
    }
}

/* A 554 to EHLO says that TLS is inadequate where there is TLS; in the clear it refuses the hello,
 * and no more. */
static void test_hello_refused_by_554(void **state)
{
    struct server_peer peer;
    int tls;

    (void)state;
    for (tls = 0; tls < 2; tls++) {
        server_peer_init(&peer);
        peer.config.flags = tls ? SMTP_SERVER_IMPLICIT_TLS : 0;
        server_open(&peer);
        if (tls)
            assert_int_equal(smtp_session_tls_started(peer.session, NULL, 1), SMTP_ERR_OK);
        server_drain(&peer);
        peer.answers[CALL_HELLO] = 554;
        server_codes(&peer, "EHLO c.example\r\n", "554 ");
        peer.answers[CALL_HELLO] = SMTP_ACCEPT;
        server_codes(&peer, "EHLO c.example\r\n" MAIL "QUIT\r\n",
                     tls ? "554 554 221 " : "250 250 221 ");
        server_delete(&peer);
    }
}

/* The longest name waits for the answer to its EHLO, behind replies that were not read. */
static void defer_longest_name(struct server_peer *peer, const char *before, char name[256])
{
    char line[300];
    size_t i;

    for (i = 0; i < 255; i++)
        name[i] = i % 60 == 59 ? '.' : 'x';
    name[255] = '\0';
    (void)snprintf(line, sizeof line, "EHLO %s\r\n", name);
    server_peer_init(peer);
    peer->config.output_buffer = 512;
    peer->config.withhold = ~(uint32_t)0;
    peer->answers[CALL_HELLO] = SMTP_DEFER;
    peer->later = -1;
    server_open(peer);
    peer->stuck = 1;
    (void)server_feed(peer, before);
    (void)server_feed(peer, line);
    assert_int_equal(peer->count[CALL_HELLO], 1);
}

#define NOOPS "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"

/* The name waits while its EHLO is deferred, whatever goes out meanwhile. */
static void test_deferred_hello(void **state)
{
    char name[256];
    struct server_peer peer;

    (void)state;
    defer_longest_name(&peer, NOOPS, name);
    peer.stuck = 0;
    peer.drain = 9;
    server_drain(&peer);
    server_answer(&peer, SMTP_ACCEPT, NULL);
    assert_true(smtp_str_equal(smtp_server_hello(peer.server), smtp_text(name)));
    assert_non_null(strstr(text_of(&peer.output), "250 mx.example\r\n"));
    server_delete(&peer);
}

/* Words that cannot be said change nothing, the name that waits neither, wherever they were tried.
 */
static void test_name_outlives_wrong_words(void **state)
{
    static const struct {
        const char *words;
        int error;
    } rows[] = {{"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n22\n"
                 "23\n24\n25\n26\n27\n28\n29\n30\n31\n32",
                 SMTP_ERR_REPLY_TOO_LONG},
                {"nein, das ist nicht m\xC3\xB6glich, und es wird auch morgen nicht m\xC3\xB6glich",
                 SMTP_ERR_UTF8_NOT_ALLOWED}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server_peer peer;
        char name[256];

        defer_longest_name(&peer, NOOPS NOOPS "NOOP\r\nNOOP\r\n", name);
        assert_int_equal(
            smtp_server_answer(peer.server, peer.due, 550, 0, smtp_text(rows[i].words), peer.now),
            rows[i].error);
        server_answer(&peer, SMTP_ACCEPT, NULL);
        assert_true(smtp_str_equal(smtp_server_hello(peer.server), smtp_text(name)));
        server_delete(&peer);
    }
}

/* Shows: R3207-4.2-1 R3207-4.2-4 R3207-4.2-8 */
static void test_starttls_forgets(void **state)
{
    struct server_peer peer;
    smtp_received received;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_STARTTLS;
    server_ready(&peer);
    (void)server_feed(&peer, "STARTTLS\r\n");
    assert_int_equal(smtp_session_tls_started(peer.session, NULL, 1), SMTP_ERR_OK);
    server_forget(&peer);
    server_drain(&peer);
    SERVER_SAYS(&peer, "");
    assert_int_equal(smtp_server_hello(peer.server).len, 0);
    received.size = sizeof received;
    assert_int_equal(smtp_server_received(peer.server, &received), SMTP_ERR_STATE);
    server_codes(&peer, MAIL "STARTTLS\r\nEHLO c.example\r\nSTARTTLS\r\n" MAIL,
                 "503 503 250 503 250 ");
    assert_null(strstr(text_of(&peer.output), "250-STARTTLS"));
    server_delete(&peer);
}

/* Shows: R3207-4-1 */
static void test_starttls_refused(void **state)
{
    struct server_peer peer;
    int later;

    (void)state;
    for (later = 0; later < 2; later++) {
        server_peer_init(&peer);
        peer.config.offer = SMTP_EXT_STARTTLS;
        peer.answers[CALL_STARTTLS] = later ? SMTP_DEFER : 454;
        peer.later = 454;
        server_ready(&peer);
        server_codes(&peer, "STARTTLS\r\n" MAIL, "454 250 ");
        assert_int_equal(smtp_session_tls_active(peer.session), 0);
        server_delete(&peer);
    }
}

static void test_implicit_tls(void **state)
{
    struct server_peer peer;
    smtp_tls_info info;
    smtp_received received;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_IMPLICIT_TLS | SMTP_SERVER_REQUIRE_TLS;
    peer.config.offer = SMTP_EXT_STARTTLS;
    server_open(&peer);
    SERVER_SAYS(&peer, "");
    SERVER_SAW(&peer, "");
    memset(&info, 0, sizeof info);
    info.size = sizeof info;
    info.version = smtp_text("TLS1.3");
    info.cipher = smtp_text("TLS_AES_256_GCM_SHA384");
    assert_int_equal(smtp_session_tls_started(peer.session, &info, 1), SMTP_ERR_OK);
    server_drain(&peer);
    server_expect(&peer, "220 mx.example ESMTP\r\n");
    (void)server_feed(&peer, "EHLO c.example\r\n");
    assert_null(strstr(text_of(&peer.output), "STARTTLS"));
    memset(&received, 0, sizeof received);
    received.size = sizeof received;
    assert_int_equal(smtp_server_received(peer.server, &received), SMTP_ERR_OK);
    assert_int_equal(received.with, SMTP_WITH_ESMTP | SMTP_WITH_TLS);
    assert_true(smtp_str_equal(received.tls_version, info.version));
    assert_true(smtp_str_equal(received.tls_cipher, info.cipher));
    server_delete(&peer);
}

/* Input in the clear before a handshake that was there from the start. */
static void test_implicit_tls_and_input_in_the_clear(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_IMPLICIT_TLS;
    server_open(&peer);
    (void)server_feed(&peer, "EHLO c.example\r\n");
    SERVER_SAW(&peer, "close INPUT_BEFORE_TLS\n");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_greeting),
        cmocka_unit_test(test_greeting_that_closes),
        cmocka_unit_test(test_greeting_with_a_long_name),
        cmocka_unit_test(test_greeting_with_too_many_words),
        cmocka_unit_test(test_early_talker),
        cmocka_unit_test(test_greeting_delay),
        cmocka_unit_test(test_end_in_the_greeting_delay),
        cmocka_unit_test(test_refused_greeting_of_submission),
        cmocka_unit_test(test_refused_hello_changes_nothing),
        cmocka_unit_test(test_tolerated_hello_is_not_too_long),
        cmocka_unit_test(test_hello_refused_by_554),
        cmocka_unit_test(test_deferred_hello),
        cmocka_unit_test(test_name_outlives_wrong_words),
        cmocka_unit_test(test_starttls_forgets),
        cmocka_unit_test(test_starttls_refused),
        cmocka_unit_test(test_implicit_tls),
        cmocka_unit_test(test_implicit_tls_and_input_in_the_clear),
    };
    return cmocka_run_group_tests_name("server/setup", tests, NULL, NULL);
}
