/* SPDX-License-Identifier: MIT
 * The order of commands: every verb in every state. */
#include "support/server_peer.h"

#define HELLO "EHLO c.example\r\n"
#define MAIL "MAIL FROM:<a@c.example>\r\n"
#define RCPT "RCPT TO:<b@mx.example>\r\n"

/* How a session comes to a state. */
static const struct way {
    const char *name;
    const char *input;
} ways[] = {
    {"start", ""},
    {"ready", HELLO},
    {"mail", HELLO MAIL},
    {"rcpt", HELLO MAIL RCPT},
    {"bdat", HELLO MAIL RCPT "BDAT 1\r\nx"},
};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* What a verb is answered in each of these states. */
/* Shows: R5321-4.1.4-2 R5321-4.1.4-11 R5321-4.1.4-14 R5321-4.1.4-16 R3030-2-16 R3207-4.2-9 */
static void test_every_verb_in_every_state(void **state)
{
    static const struct row {
        const char *input;
        int codes[WAYS];
    } rows[] = {
        {"HELO c.example\r\n", {250, 250, 250, 250, 250}},
        {"EHLO c.example\r\n", {250, 250, 250, 250, 250}},
        {"LHLO c.example\r\n", {500, 500, 500, 500, 500}},
        {MAIL, {503, 250, 503, 503, 503}},
        {RCPT, {503, 503, 250, 250, 503}},
        {"DATA\r\n", {503, 503, 554, 354, 503}},
        {"BDAT 0\r\n", {503, 503, 554, 250, 250}},
        {"BDAT 0 LAST\r\n", {503, 503, 554, 250, 250}},
        {"BURL imap://x LAST\r\n", {503, 503, 554, 250, 250}},
        {"RSET\r\n", {250, 250, 250, 250, 250}},
        {"VRFY b\r\n", {252, 252, 252, 252, 252}},
        {"EXPN b\r\n", {252, 252, 252, 252, 252}},
        {"HELP\r\n", {214, 214, 214, 214, 214}},
        {"NOOP\r\n", {250, 250, 250, 250, 250}},
        {"QUIT\r\n", {221, 221, 221, 221, 221}},
        {"STARTTLS\r\n", {503, 220, 503, 503, 503}},
        {"ETRN c.example\r\n", {503, 250, 503, 503, 503}},
        {"ATRN c.example\r\n", {502, 502, 502, 502, 502}},
        {"TURN\r\n", {502, 502, 502, 502, 502}},
        {"SEND FROM:<a@b>\r\n", {502, 502, 502, 502, 502}},
        {"SOML FROM:<a@b>\r\n", {502, 502, 502, 502, 502}},
        {"SAML FROM:<a@b>\r\n", {502, 502, 502, 502, 502}},
        {"XOWN x\r\n", {250, 250, 250, 250, 250}},
        {"XELSE\r\n", {500, 500, 500, 500, 500}},
    };
    static const smtp_str verbs[] = {{"XOWN", 4}};
    size_t i;
    size_t way;
    int said;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (way = 0; way < WAYS; way++) {
            struct server_peer peer;
            const char *line;
            server_peer_init(&peer);
            peer.config.offer = SMTP_EXT_STARTTLS;
            peer.config.verbs = verbs;
            peer.config.verb_count = 1;
            server_open(&peer);
            (void)server_feed(&peer, ways[way].input);
            server_forget(&peer);
            (void)server_feed(&peer, rows[i].input);
            line = text_of(&peer.output);
            said = atoi(line);
            if (said != rows[i].codes[way])
                fail_msg("%s in %s: %s", rows[i].input, ways[way].name, line);
            assert_int_equal((smtp_session_wants(peer.session) & SMTP_WANTS_CLOSE) != 0,
                             said == 221);
            server_delete(&peer);
        }
    }
}

/* Commands that are no part of a transaction leave it as it is. */
/* Shows: R5321-4.1.4-14 R5321-4.1.4-16 */
static void test_commands_that_change_nothing(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    (void)server_feed(&peer, MAIL "NOOP\r\nVRFY b\r\nHELP\r\nXX\r\nMAIL FROM:<x@y>\r\n" RCPT
                                  "EXPN l\r\nDATA\r\n.\r\n");
    assert_int_equal(peer.count[CALL_MESSAGE], 1);
    assert_int_equal(peer.count[CALL_MAIL], 1);
    assert_int_equal(peer.count[CALL_RESET], 0);
    server_delete(&peer);
}

/* Shows: R3207-4-6 */
static void test_tls_required(void **state)
{
    static const struct row {
        const char *input;
        int code;
    } rows[] = {
        {"NOOP\r\n", 250}, {"EHLO a\r\n", 250},    {"HELO a\r\n", 530}, {"RSET\r\n", 530},
        {MAIL, 530},       {"BDAT 3\r\nabc", 530}, {"VRFY b\r\n", 530}, {"HELP\r\n", 530},
        {"XX\r\n", 500},   {"STARTTLS\r\n", 220},
    };
    struct server_peer peer;
    size_t i;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_REQUIRE_TLS;
    peer.config.offer = SMTP_EXT_STARTTLS;
    server_ready(&peer);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        server_forget(&peer);
        (void)server_feed(&peer, rows[i].input);
        assert_int_equal(atoi(text_of(&peer.output)), rows[i].code);
    }
    assert_int_equal(smtp_session_tls_started(peer.session, NULL, 1), SMTP_ERR_OK);
    server_forget(&peer);
    (void)server_feed(&peer, "HELO a\r\n" MAIL);
    SERVER_SAYS(&peer, "250 mx.example\r\n250 2.1.0 OK\r\n");
    server_delete(&peer);
}

/* Shows: R2033-4.1-2 R2033-4.1-3 */
static void test_hello_of_lmtp(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.flags = SMTP_SERVER_LMTP;
    server_open(&peer);
    SERVER_SAYS(&peer, "220 mx.example LMTP\r\n");
    server_codes(&peer, "EHLO c\r\nHELO c\r\nLHLO c\r\n" MAIL, "500 500 250 250 ");
    server_delete(&peer);
}

/* What follows a refused MAIL in its group is no fault of the client's. */
/* Shows: R2920-3.2-1 */
static void test_group_behind_a_refused_mail_counts_no_errors(void **state)
{
    struct server_peer peer;
    int i;

    (void)state;
    server_peer_init(&peer);
    peer.config.errors_max = 2;
    peer.answers[CALL_MAIL] = 450;
    server_ready(&peer);
    for (i = 0; i < 10; i++)
        server_codes(&peer, MAIL RCPT RCPT "DATA\r\n", "450 503 503 503 ");
    server_codes(&peer, MAIL RCPT "BDAT 3\r\nabcBDAT 2 LAST\r\nabNOOP\r\n", "450 503 503 503 250 ");
    server_codes(&peer, RCPT RCPT RCPT, "503 503 421 ");
    server_delete(&peer);
}

static void test_errors_at_below_and_above_their_limit(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.errors_max = 3;
    server_ready(&peer);
    server_codes(&peer, "XX\r\nNO\nOP\r\nRCPT\r\nNOOP\r\n", "500 500 503 250 ");
    server_codes(&peer, "XX\r\nNOOP\r\n", "421 ");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_TOO_MANY_ERRORS);
    server_delete(&peer);
}

static void test_commands_at_below_and_above_their_limit(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.commands_max = 5;
    server_ready(&peer);
    server_codes(&peer, "NOOP\r\n" MAIL RCPT "DATA\r\n.\r\n", "250 250 250 354 250 ");
    /* A message was accepted: it begins anew. */
    server_codes(&peer, "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n", "250 250 250 250 250 ");
    server_codes(&peer, "NOOP\r\nNOOP\r\n", "421 ");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_TOO_MANY_COMMANDS);
    server_delete(&peer);
}

/* A line of just the limit is taken, longer ones are not, and nothing of them is. */
/* Shows: R5321-4.5.3.1.4-1 */
static void test_line_at_below_and_above_its_limit(void **state)
{
    size_t width;
    size_t len;

    (void)state;
    for (len = 511; len <= 514; len++) {
        for (width = 0; width < 600; width += 97) {
            struct server_peer peer;
            char line[600];
            memset(line, 'x', sizeof line);
            memcpy(line, "NOOP ", 5);
            memcpy(line + len - 2, "\r\n", 3);
            server_peer_init(&peer);
            peer.config.line_max = 512;
            server_ready(&peer);
            (void)server_give(&peer, line, len, width);
            (void)server_feed(&peer, "NOOP\r\n");
            assert_int_equal(atoi(text_of(&peer.output)), len <= 512 ? 250 : 500);
            assert_int_equal(peer.count[CALL_NOOP], len <= 512 ? 2 : 1);
            server_delete(&peer);
        }
    }
}

static void test_own_commands_and_verbs(void **state)
{
    static const smtp_str verbs[] = {{"XCLIENT", 7}, {"XFORWARD", 8}};
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.verbs = verbs;
    peer.config.verb_count = 2;
    server_ready(&peer);
    (void)server_feed(&peer, "xclient NAME=a ADDR=b\r\nXFORWARD\r\n");
    SERVER_SAW(&peer, "own NAME=a ADDR=b\nown \n");
    peer.answers[CALL_COMMAND] = 220;
    server_codes(&peer, "XCLIENT\r\n", "220 ");
    server_delete(&peer);
}

/* What stands behind QUIT is not looked at. */
/* Shows: R5321-4.1.1.10-1 */
static void test_quit(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    assert_int_equal(server_feed(&peer, MAIL "QUIT\r\nNOOP\r\n"), strlen(MAIL) + 6);
    SERVER_SAW(&peer, "mail <a@c.example>\nreset 3 OK\nclose OK\n");
    SERVER_SAYS(&peer, "250 2.1.0 OK\r\n221 2.0.0 Bye\r\n");
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_OK);
    server_delete(&peer);
}

/* Without callbacks: the defaults that each has. */
static void test_defaults_of_the_callbacks(void **state)
{
    static const smtp_str verbs[] = {{"XOWN", 4}};
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    memset(&peer.callbacks, 0, sizeof peer.callbacks);
    peer.callbacks.size = sizeof peer.callbacks;
    peer.config.verbs = verbs;
    peer.config.verb_count = 1;
    peer.config.offer = SMTP_EXT_EXPN | SMTP_EXT_ETRN | SMTP_EXT_STARTTLS;
    server_ready(&peer);
    server_codes(&peer, "VRFY a\r\nEXPN a\r\nHELP\r\nNOOP\r\nETRN a.example\r\nXOWN\r\n",
                 "252 502 214 250 502 502 ");
    server_codes(&peer, MAIL RCPT "DATA\r\nRSET\r\n", "250 550 554 250 ");
    server_codes(&peer, "STARTTLS\r\n", "220 ");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_verb_in_every_state),
        cmocka_unit_test(test_commands_that_change_nothing),
        cmocka_unit_test(test_tls_required),
        cmocka_unit_test(test_hello_of_lmtp),
        cmocka_unit_test(test_group_behind_a_refused_mail_counts_no_errors),
        cmocka_unit_test(test_errors_at_below_and_above_their_limit),
        cmocka_unit_test(test_commands_at_below_and_above_their_limit),
        cmocka_unit_test(test_line_at_below_and_above_its_limit),
        cmocka_unit_test(test_own_commands_and_verbs),
        cmocka_unit_test(test_quit),
        cmocka_unit_test(test_defaults_of_the_callbacks),
    };
    return cmocka_run_group_tests_name("server/dispatch", tests, NULL, NULL);
}
