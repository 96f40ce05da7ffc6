/* SPDX-License-Identifier: MIT
 * The words of a reply to VRFY and EXPN. */
#include "support/server_peer.h"

#define LF "\n"

/* What may be said with 250, 251 and 551, and what is wrong with the rest. */
static const struct words {
    const char *text;
    int error;
} rows[] = {
    {"ann@mx.example", SMTP_ERR_OK},
    {"<ann@mx.example>", SMTP_ERR_OK},
    {"Ann Example <ann@mx.example>", SMTP_ERR_OK},
    {"Ann <the first> <ann@mx.example>", SMTP_ERR_OK},
    {"\"a<b\"@mx.example", SMTP_ERR_OK},
    {"Ann <\"a <b\"@mx.example>", SMTP_ERR_OK},
    {"<ann@[192.0.2.1]>", SMTP_ERR_OK},
    {"Ann Example <ann@mx.example>" LF "<bob@mx.example>", SMTP_ERR_OK},
    {"", SMTP_ERR_EMPTY},
    {"Ann Example", SMTP_ERR_LOCAL_PART},
    {"Ann<ann@mx.example>", SMTP_ERR_LOCAL_PART},
    {"<ann@mx.example> <bob@mx.example>", SMTP_ERR_OK}, /* the name is free text */
    {"<@relay.example:ann@mx.example>", SMTP_ERR_ROUTE},
    {"Ann <@relay.example:ann@mx.example>", SMTP_ERR_ROUTE},
    {"<ann@mx.example>" LF "", SMTP_ERR_EMPTY},
    {"<ann@mx.example>" LF "and others", SMTP_ERR_LOCAL_PART},
};

static const struct command {
    const char *line;
    int call;
    int code;
} commands[] = {
    {"VRFY ann\r\n", CALL_VRFY, 250},
    {"VRFY ann\r\n", CALL_VRFY, 251},
    {"VRFY ann\r\n", CALL_VRFY, 551},
    {"EXPN list\r\n", CALL_EXPN, 250},
};

/* Shows: R5321-3.5.1-2 R5321-3.5.1-3 R5321-3.5.1-9 R5321-3.5.2-1 R5321-3.5.2-3 R5321-3.5.2-6 */
static void test_words_are_mailboxes(void **state)
{
    size_t i;
    size_t c;

    (void)state;
    for (c = 0; c < sizeof commands / sizeof commands[0]; c++) {
        for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct server_peer peer;
            char said[32];
            server_peer_init(&peer);
            server_ready(&peer);
            peer.words[commands[c].call] = rows[i].text;
            peer.answers[commands[c].call] = commands[c].code;
            (void)server_feed(&peer, commands[c].line);
            (void)snprintf(said, sizeof said, "%d",
                           rows[i].error == SMTP_ERR_OK ? commands[c].code : 451);
            assert_int_equal(strncmp(text_of(&peer.output), said, 3), 0);
            assert_int_equal(peer.said,
                             rows[i].error == SMTP_ERR_OK ? commands[c].code : rows[i].error);
            server_delete(&peer);
        }
    }
}

/* The same for an answer that comes later: a wrong one leaves it due. */
static void test_deferred_words(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.answers[CALL_EXPN] = SMTP_DEFER;
    peer.later = -1;
    server_ready(&peer);
    (void)server_feed(&peer, "EXPN list\r\n");
    assert_int_equal(
        smtp_server_answer(peer.server, peer.due, 250, 0, smtp_text("nobody"), peer.now),
        SMTP_ERR_AT_MISSING);
    assert_int_equal(smtp_server_answer(peer.server, peer.due, 250, 0, smtp_text(NULL), peer.now),
                     SMTP_ERR_ARGUMENT);
    server_answer(&peer, 250, "Ann <ann@mx.example>\nbob@mx.example");
    SERVER_SAYS(&peer, "250-2.1.5 Ann <ann@mx.example>\r\n250 2.1.5 bob@mx.example\r\n");
    server_delete(&peer);
}

/* Without words there is no mailbox in the usual text, so these codes are no answer. */
static void test_codes_that_need_words(void **state)
{
    size_t c;

    (void)state;
    for (c = 0; c < sizeof commands / sizeof commands[0]; c++) {
        struct server_peer peer;
        server_peer_init(&peer);
        server_ready(&peer);
        peer.answers[commands[c].call] = commands[c].code;
        server_codes(&peer, commands[c].line, "451 ");
        assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_CALLBACK);
        server_delete(&peer);
    }
}

/* What names nobody is free; 502 says that only the syntax could be checked. */
/* Shows: R5321-3.5.3-3 */
static void test_other_codes(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    peer.words[CALL_VRFY] = "Send some mail, I will try my best";
    peer.answers[CALL_VRFY] = 252;
    server_codes(&peer, "VRFY ann\r\n", "252 ");
    peer.answers[CALL_VRFY] = 550;
    server_codes(&peer, "VRFY ann\r\n", "550 ");
    peer.answers[CALL_VRFY] = 502;
    server_codes(&peer, "VRFY ann\r\n", "502 ");
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_mailboxes),
        cmocka_unit_test(test_deferred_words),
        cmocka_unit_test(test_codes_that_need_words),
        cmocka_unit_test(test_other_codes),
    };
    return cmocka_run_group_tests_name("server/verify", tests, NULL, NULL);
}
