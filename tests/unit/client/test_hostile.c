/* SPDX-License-Identifier: MIT
 * Servers that do what they must not: each session ends in a named error and within its limits, the
 * same in every cut, and no message is taken for delivered that was not. */
#include "support/client_script.h"

#define EHLO "250-mx.example\r\n250 PIPELINING\r\n"
#define EHLO_PLAIN "250 mx.example\r\n"
#define EHLO_TLS "250-mx.example\r\n250 STARTTLS\r\n"
#define GROUP "250 a\r\n250 b\r\n354 c\r\n"

enum { MINUTE = 60000, ALL = 0 };

/* Gives what the server says: each line when the client has said what it had to, in pieces of
 * `width` octets, up to the end of the session. */
static void play(struct client_peer *peer, const char *says, size_t width)
{
    while (*says != '\0' && peer->count[CALL_CLOSE] == 0) {
        const char *lf = strchr(says, '\n');
        size_t len = lf != NULL ? (size_t)(lf - says) + 1 : strlen(says);

        (void)client_give(peer, says, len, width);
        says += len;
    }
}

static void open_client(struct client_peer *peer, int tls, uint32_t flags)
{
    client_peer_init(peer);
    peer->config.tls = tls;
    peer->config.flags = flags;
    client_message(peer, 1, BODY_SAID);
    client_open(peer);
    assert_int_equal(client_send(peer), SMTP_ERR_OK);
}

/* The session has ended with this error, everything was told once, and nothing was delivered. */
static void check_end(const struct client_peer *peer, int error)
{
    assert_string_equal(smtp_error_name(smtp_session_error(peer->session, NULL)),
                        smtp_error_name(error));
    assert_int_equal(smtp_session_wants(peer->session), SMTP_WANTS_CLOSE);
    assert_int_equal(peer->count[CALL_CLOSE], 1);
    assert_int_equal(peer->count[CALL_SENT], 1);
    assert_int_equal(peer->count[CALL_RECIPIENT], 1);
    assert_int_not_equal(peer->recipients[0].result, SMTP_RESULT_NONE);
    assert_int_not_equal(peer->recipients[0].result, SMTP_RESULT_DELIVERED);
}

static const struct row {
    const char *says;
    int error;
    int result;
} rows[] = {
    /* No SMTP server at all. */
    {"HTTP/1.1 400 Bad Request\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"SSH-2.0-server\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"\x15\x03\x01\x02\x02\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"* OK IMAP4rev1\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"+OK POP3\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    /* Codes that are none. */
    {"000 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"199 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"600 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"999 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"22 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"2x0 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {" 220 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"-220 a\r\n", SMTP_ERR_REPLY_CODE, SMTP_RESULT_TEMPORARY},
    {"2200 a\r\n", SMTP_ERR_REPLY_SEPARATOR, SMTP_RESULT_TEMPORARY},
    {"220\ta\r\n", SMTP_ERR_REPLY_SEPARATOR, SMTP_RESULT_TEMPORARY},
    /* Lines that do not belong together, and lines that are none. */
    {"220-a\r\n221 b\r\n", SMTP_ERR_REPLY_MIXED, SMTP_RESULT_TEMPORARY},
    {GREET "250-a\r\n550 b\r\n", SMTP_ERR_REPLY_MIXED, SMTP_RESULT_TEMPORARY},
    {GREET EHLO "250 a\r\n250-b\r\n354 c\r\n", SMTP_ERR_REPLY_MIXED, SMTP_RESULT_TEMPORARY},
    {GREET EHLO GROUP "250-a\r\n550 b\r\n", SMTP_ERR_REPLY_MIXED, SMTP_RESULT_UNKNOWN},
    {GREET EHLO "550-a\r\n250 b\r\n", SMTP_ERR_REPLY_MIXED, SMTP_RESULT_TEMPORARY},
    {GREET EHLO GROUP "550-a\r\n250 b\r\n", SMTP_ERR_REPLY_MIXED, SMTP_RESULT_UNKNOWN},
    {"220 a\n", SMTP_ERR_BARE_LF, SMTP_RESULT_TEMPORARY},
    {GREET EHLO GROUP "250 d\n", SMTP_ERR_BARE_LF, SMTP_RESULT_UNKNOWN},
    {"220 a\rb\r\n", SMTP_ERR_CONTROL, SMTP_RESULT_TEMPORARY},
    {"220 a\r\r\n", SMTP_ERR_CONTROL, SMTP_RESULT_TEMPORARY},
    /* Replies of a kind that cannot be. */
    {"354 a\r\n", SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_TEMPORARY},
    {GREET "334 a\r\n", SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_TEMPORARY},
    {GREET EHLO "354 a\r\n", SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_TEMPORARY},
    {GREET EHLO "250 a\r\n354 b\r\n", SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_TEMPORARY},
    {GREET EHLO "250 a\r\n250 b\r\n250 c\r\n", SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_TEMPORARY},
    {GREET EHLO GROUP "354 d\r\n", SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_UNKNOWN},
    /* One reply more than was asked for: those behind it answer the wrong command, up to the 250
     * that answers DATA. */
    {GREET EHLO "250 x\r\n" GROUP, SMTP_ERR_UNEXPECTED_REPLY, SMTP_RESULT_TEMPORARY},
    {GREET EHLO "250 a\r\n250 x\r\n250 b\r\n354 c\r\n", SMTP_ERR_UNEXPECTED_REPLY,
     SMTP_RESULT_TEMPORARY},
    {GREET EHLO_PLAIN "250 a\r\n250 x\r\n250 b\r\n", SMTP_ERR_UNEXPECTED_REPLY,
     SMTP_RESULT_TEMPORARY},
};

/* Shows: R5321-4.2.1-2 R5321-4.2.1-3 */
static void test_wrong_replies(void **state)
{
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (width = 0; width < 9; width++) {
            struct client_peer peer;
            open_client(&peer, SMTP_TLS_NONE, 0);
            play(&peer, rows[i].says, width);
            check_end(&peer, rows[i].error);
            assert_int_equal(peer.recipients[0].result, rows[i].result);
            if (rows[i].error != SMTP_ERR_UNEXPECTED_REPLY)
                assert_int_equal(peer.recipients[0].code, 0); /* no reply says it */
            client_delete(&peer);
        }
    }
}

/* What is said before it was asked for, all in one piece: nobody can have seen the question. */
static void test_replies_before_commands(void **state)
{
    static const char *const pieces[][3] = {
        {GREET EHLO, NULL, NULL},         {GREET EHLO GROUP "250 d\r\n", NULL, NULL},
        {GREET, EHLO "250 a\r\n", NULL},  {GREET, EHLO GROUP "250 d\r\n", NULL},
        {GREET, EHLO, GROUP "250 d\r\n"}, {GREET, EHLO, GROUP "250-d\r\n250 d\r\n"},
    };
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct client_peer peer;
        open_client(&peer, SMTP_TLS_NONE, 0);
        for (k = 0; k < 3 && pieces[i][k] != NULL; k++)
            (void)client_feed(&peer, pieces[i][k]);
        check_end(&peer, SMTP_ERR_UNEXPECTED_REPLY);
        assert_int_equal(peer.recipients[0].result, SMTP_RESULT_TEMPORARY);
        client_delete(&peer);
    }
}

/* The server says `piece` again and again: the session ends before it has taken `most` octets. */
static void flood(const char *before, const char *piece, size_t most, int error)
{
    size_t width;

    for (width = 0; width < 4; width++) {
        struct client_peer peer;
        smtp_statistics seen = {.size = sizeof seen};
        size_t given = 0;
        open_client(&peer, SMTP_TLS_NONE, 0);
        play(&peer, before, ALL);
        while (peer.count[CALL_CLOSE] == 0 && given <= 2 * most)
            given += client_give(&peer, piece, strlen(piece), width);
        check_end(&peer, error);
        assert_true(given <= most);
        assert_int_equal(peer.memory.largest <= 20000, 1);
        assert_int_equal(smtp_session_statistics(peer.session, &seen), SMTP_ERR_OK);
        assert_true(seen.octets_in == strlen(before) + given);
        client_delete(&peer);
    }
}

/* Shows: R5321-4.5.3.1.5-1 */
static void test_floods(void **state)
{
    static const char *const stages[] = {"", GREET, GREET EHLO, GREET EHLO GROUP};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        flood(stages[i], "xxxxxxxxxxxxx", 2048 + 13, SMTP_ERR_LINE_TOO_LONG);
        flood(stages[i], "250 yyyyyy250", 2048 + 13, SMTP_ERR_LINE_TOO_LONG);
        flood(stages[i], "250-\r\n", 6 * (4096 + 2), SMTP_ERR_REPLY_TOO_LONG);
        flood(stages[i], "250-words\r\n", 11 * (4096 + 2), SMTP_ERR_REPLY_TOO_LONG);
    }
    flood(GREET, "250-PIPELINING\r\n", 16 * (4096 + 2), SMTP_ERR_REPLY_TOO_LONG);
}

/* A line that is too long is refused at the same octet in every cut, and so is all that is said of
 * it. */
static void test_where_a_long_line_ends(void **state)
{
    static char line[5000];
    size_t width;
    size_t end;

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "220 ", 4);
    for (end = 0; end < 3; end++) {
        memcpy(line + 2047 + end, "\r\n", 2);
        for (width = 0; width < 3000; width = width * 2 + 1) {
            struct client_peer peer;
            smtp_statistics seen = {.size = sizeof seen};
            smtp_detail detail = {.size = sizeof detail};
            open_client(&peer, SMTP_TLS_NONE, 0);
            (void)client_give(&peer, line, sizeof line, width);
            check_end(&peer, SMTP_ERR_LINE_TOO_LONG);
            (void)smtp_session_statistics(peer.session, &seen);
            assert_int_equal(seen.octets_in, 2048);
            (void)smtp_session_error(peer.session, &detail);
            assert_int_equal(detail.offset, 0);
            client_delete(&peer);
        }
        memcpy(line + 2047 + end, "xx", 2);
    }
}

/* Behind the 220 of STARTTLS, in the clear: whatever it is, and however it comes. */
/* Shows: R3207-4-11 */
static void test_plaintext_behind_starttls(void **state)
{
    static const char *const behind[] = {"2",   "250 mx.example\r\n", "421 bye\r\n", "\r\n", "\n",
                                         "220-"};
    static const int policies[] = {SMTP_TLS_REQUIRED, SMTP_TLS_OPPORTUNISTIC};
    char says[100];
    size_t i;
    size_t k;
    int split;

    (void)state;
    for (i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        for (k = 0; k < 2; k++) {
            for (split = 0; split < 2; split++) {
                struct client_peer peer;
                open_client(&peer, policies[k], 0);
                play(&peer, GREET EHLO_TLS, ALL);
                (void)snprintf(says, sizeof says, "220 go\r\n%s", split ? "" : behind[i]);
                (void)client_feed(&peer, says);
                if (split)
                    assert_int_equal(client_feed(&peer, behind[i]), 0);
                check_end(&peer, SMTP_ERR_INPUT_BEFORE_TLS);
                assert_null(strstr(text_of(&peer.output), "MAIL"));
                client_delete(&peer);
            }
        }
    }
}

/* A server that says nothing more after octet `cut`: the clock ends the session, in a bounded
 * number of deadlines, and what was queued is told. */
static void fall_silent(const char *says, size_t cut, int tls, uint32_t flags)
{
    struct client_peer peer;
    char start[400];
    unsigned waits = 0;

    (void)snprintf(start, sizeof start, "%.*s", (int)cut, says);
    open_client(&peer, tls, flags);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    play(&peer, start, ALL);
    if (smtp_session_wants(peer.session) == SMTP_WANTS_TLS_HANDSHAKE && strstr(says, "!") != NULL &&
        cut > (size_t)(strchr(says, '!') - says)) {
        assert_int_equal(smtp_session_tls_started(peer.session, NULL, peer.now), SMTP_ERR_OK);
        client_drain(&peer);
        play(&peer, strchr(start, '!') + 1, ALL);
    }
    while (peer.count[CALL_CLOSE] == 0 && waits++ < 5) {
        assert_true(smtp_session_deadline(peer.session) <= peer.now + 10 * MINUTE);
        peer.now = smtp_session_deadline(peer.session);
        (void)smtp_session_expire(peer.session, peer.now);
        client_drain(&peer);
    }
    assert_int_equal(waits <= 1, 1);
    assert_int_equal(peer.count[CALL_CLOSE], 1);
    assert_int_equal(peer.count[CALL_SENT], 1);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    if (peer.recipients[0].result == SMTP_RESULT_DELIVERED)
        assert_non_null(strstr(text_of(&peer.replies), "-2 250 "));
    client_delete(&peer);
}

/* Shows: R5321-4.5.3.2-1 */
static void test_silence_behind_every_octet(void **state)
{
    static const struct talk {
        const char *says; /* '!' stands for the handshake */
        int tls;
        uint32_t flags;
    } talks[] = {
        {GREET EHLO GROUP "250 d\r\n221 e\r\n", SMTP_TLS_NONE, 0},
        {GREET "500 what\r\n250 mx.example\r\n250 a\r\n250 b\r\n354 c\r\n250 d\r\n221 e\r\n",
         SMTP_TLS_NONE, 0},
        {GREET "250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n250 a\r\n250 b\r\n250 c\r\n"
               "221 d\r\n",
         SMTP_TLS_NONE, 0},
        {GREET EHLO GROUP "250 d\r\n221 e\r\n", SMTP_TLS_NONE, SMTP_CLIENT_LMTP},
        {GREET EHLO "550 a\r\n503 b\r\n503 c\r\n221 e\r\n", SMTP_TLS_NONE, 0},
        {GREET EHLO "250 a\r\n550 b\r\n354 c\r\n554 d\r\n221 e\r\n", SMTP_TLS_NONE, 0},
        {GREET EHLO_TLS "220 go\r\n!" EHLO GROUP "250 d\r\n221 e\r\n", SMTP_TLS_REQUIRED, 0},
        {GREET EHLO_PLAIN "221 bye\r\n", SMTP_TLS_REQUIRED, 0},
        {"554 no\r\n221 bye\r\n", SMTP_TLS_NONE, 0},
    };
    size_t i;
    size_t cut;

    (void)state;
    for (i = 0; i < sizeof talks / sizeof talks[0]; i++) {
        for (cut = 0; cut <= strlen(talks[i].says); cut++)
            fall_silent(talks[i].says, cut, talks[i].tls, talks[i].flags);
    }
}

/* A server that draws its replies at random: the session ends or waits with a deadline, `sent`
 * comes once for each message, and says "delivered" only behind a 2yz to a message that has gone.
 */
static void test_replies_at_random(void **state)
{
    static const char *const replies[] = {
        "220 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250-x\r\n250 PIPELINING\r\n",
        "354 x\r\n",
        "450 x\r\n",
        "550 x\r\n",
        "250-x\r\n250 CHUNKING\r\n",
        "354 x\r\n",
        "552 x\r\n",
        "221 x\r\n",
        "250-x\r\n250-CHUNKING\r\n250 PIPELINING\r\n",
        "334 x\r\n",
        "250-x\r\n",
    };
    uint64_t seed;

    (void)state;
    for (seed = 1; seed < 6000; seed++) {
        uint64_t random = seed * 0x9E3779B97F4A7C15u;
        struct client_peer peer;
        unsigned said = 0;
        open_client(&peer, SMTP_TLS_NONE, seed % 4 == 0 ? SMTP_CLIENT_LMTP : 0);
        (void)client_feed(&peer, "220 x\r\n");
        if (seed % 3 != 0)
            (void)client_feed(&peer,
                              seed % 3 == 1 ? EHLO : "250-x\r\n250-CHUNKING\r\n250 PIPELINING\r\n");
        while (peer.count[CALL_CLOSE] == 0 && said++ < 12) {
            const char *reply = replies[random_below(&random, sizeof replies / sizeof replies[0])];
            peer.drain = random_below(&random, 3) * 50;
            peer.stuck = random_below(&random, 6) == 0;
            (void)client_give(&peer, reply, strlen(reply), random_below(&random, 9));
        }
        peer.stuck = 0;
        client_drain(&peer);
        if (peer.count[CALL_CLOSE] == 0 && !smtp_client_idle(peer.client))
            assert_true(smtp_session_deadline(peer.session) != SMTP_TIME_NEVER);
        if (peer.count[CALL_CLOSE] == 0)
            (void)smtp_session_eof(peer.session, peer.now);
        assert_int_equal(peer.count[CALL_SENT], 1);
        assert_int_equal(peer.count[CALL_RECIPIENT], 1);
        assert_int_equal(peer.count[CALL_CLOSE], 1);
        if (peer.recipients[0].result == SMTP_RESULT_DELIVERED) {
            assert_non_null(strstr(text_of(&peer.replies), "\n-2 2"));
            assert_non_null(strstr(text_of(&peer.output), BODY_SAID));
        }
        client_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_replies),
        cmocka_unit_test(test_replies_before_commands),
        cmocka_unit_test(test_floods),
        cmocka_unit_test(test_where_a_long_line_ends),
        cmocka_unit_test(test_plaintext_behind_starttls),
        cmocka_unit_test(test_silence_behind_every_octet),
        cmocka_unit_test(test_replies_at_random),
    };
    return cmocka_run_group_tests_name("client/hostile", tests, NULL, NULL);
}
