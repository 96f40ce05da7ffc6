/* SPDX-License-Identifier: MIT
 * What became of it: one `recipient` for each recipient, exactly one `sent`, the last word in
 * `close`. */
#include "support/client_peer.h"

#define EHLO "250-mx.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n"

/* A whole session with three recipients against one deviating answer. */
static void play(struct client_peer *peer, const char *verb, const char *first, const char *second,
                 uint32_t flags)
{
    struct script script[] = {
        {verb, {first, second}}, {"CONNECT", {"220 mx.example\r\n"}}, {"EHLO", {EHLO}},
        {"LHLO", {EHLO}},        {"DATA", {"354 go ahead\r\n"}},      {"QUIT", {"221 bye\r\n"}},
        {NULL, {NULL}}};

    client_peer_init(peer);
    peer->script = script;
    peer->config.flags = flags;
    peer->envelope.recipient_count = 3;
    client_session(peer);
    peer->script = plain_script;
}

/* Shows: R5321-3.8-6 R5321-4.5.3.1.10-1 R2920-3.1-6 */
static void test_answers(void **state)
{
    static const struct row {
        const char *verb;
        const char *first;
        const char *second;
        const char *seen;
    } rows[] = {
        {"MAIL", "450 4.7.1 later\r\n", NULL,
         "recipient 0 2 450 TRANSACTION_REFUSED\nrecipient 1 2 450 TRANSACTION_REFUSED\n"
         "recipient 2 2 450 TRANSACTION_REFUSED\nsent 2 450 TRANSACTION_REFUSED delivered=0\n"
         "close OK 0\n"},
        {"MAIL", "550 no\r\n", NULL,
         "recipient 0 3 550 TRANSACTION_REFUSED\nrecipient 1 3 550 TRANSACTION_REFUSED\n"
         "recipient 2 3 550 TRANSACTION_REFUSED\nsent 3 550 TRANSACTION_REFUSED delivered=0\n"
         "close OK 0\n"},
        {"RCPT", "550 no\r\n", NULL,
         "recipient 0 3 550 OK\nrecipient 1 3 550 OK\nrecipient 2 3 550 OK\n"
         "sent 3 550 NO_RECIPIENTS delivered=0\nclose OK 0\n"},
        {"RCPT", "450 later\r\n", "550 no\r\n",
         "recipient 0 2 450 OK\nrecipient 1 3 550 OK\nrecipient 2 3 550 OK\n"
         "sent 2 550 NO_RECIPIENTS delivered=0\nclose OK 0\n"},
        {"RCPT", "552 too many\r\n", "250 ok\r\n",
         "recipient 0 2 552 OK\nrecipient 1 1 250 OK\nrecipient 2 1 250 OK\n"
         "sent 1 250 OK delivered=2\nclose OK 0\n"},
        {"DATA", "451 no\r\n", NULL,
         "recipient 0 2 451 TRANSACTION_REFUSED\nrecipient 1 2 451 TRANSACTION_REFUSED\n"
         "recipient 2 2 451 TRANSACTION_REFUSED\nsent 2 451 TRANSACTION_REFUSED delivered=0\n"
         "close OK 0\n"},
        {".", "554 no\r\n", NULL,
         "recipient 0 3 554 TRANSACTION_REFUSED\nrecipient 1 3 554 TRANSACTION_REFUSED\n"
         "recipient 2 3 554 TRANSACTION_REFUSED\nsent 3 554 TRANSACTION_REFUSED delivered=0\n"
         "close OK 0\n"},
    };
    size_t i;
    uint32_t flag;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (flag = 0; flag <= SMTP_CLIENT_NO_PIPELINING; flag += SMTP_CLIENT_NO_PIPELINING) {
            struct client_peer peer;
            play(&peer, rows[i].verb, rows[i].first, rows[i].second, flag);
            assert_string_equal(text_of(&peer.events) + strlen("ready\n"), rows[i].seen);
            client_delete(&peer);
        }
    }
}

/* 421 may answer anything, and whatever it answers, the session ends, with one `sent`. */
/* Shows: R5321-3.8-6 */
static void test_421_anywhere(void **state)
{
    static const char *const verbs[] = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"};
    size_t i;
    uint32_t flag;

    (void)state;
    for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        for (flag = 0; flag <= SMTP_CLIENT_NO_PIPELINING; flag += SMTP_CLIENT_NO_PIPELINING) {
            struct client_peer peer;
            int quit = i == 6;
            play(&peer, verbs[i], "421 4.3.2 going down\r\n", NULL, flag);
            assert_int_equal(peer.count[CLIENT_SENT], 1);
            assert_int_equal(peer.count[CLIENT_RECIPIENT], 3);
            assert_int_equal(peer.count[CLIENT_CLOSE], 1);
            assert_int_equal(strstr(text_of(&peer.events), "close SHUTTING_DOWN 421\n") != NULL,
                             !quit);
            assert_int_equal(strstr(text_of(&peer.events), "sent 2 421 ") != NULL, !quit);
            assert_int_equal(smtp_session_wants(peer.session) & SMTP_WANTS_CLOSE, SMTP_WANTS_CLOSE);
            client_delete(&peer);
        }
    }
}

static char last_words[80];

static void look(smtp_client *client, const smtp_client_close_event *event, void *user)
{
    (void)snprintf(last_words, sizeof last_words, "%.*s", (int)event->text.len, event->text.ptr);
    peer_closed(client, event, user);
}

/* The words of the reply that ended the session are in `close`, in any cut. */
static void test_last_words(void **state)
{
    static const char *const replies[] = {"421 4.3.2 going down\r\n",
                                          "421-4.3.2 going\r\n421 down\r\n"};
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < 2; i++) {
        for (width = 0; width < 20; width++) {
            struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                                      {"EHLO", {EHLO}},
                                      {"MAIL", {replies[i]}},
                                      {NULL, {NULL}}};
            struct client_peer peer;
            client_peer_init(&peer);
            peer.callbacks.close = look;
            peer.script = script;
            peer.width = width;
            client_session(&peer);
            assert_string_equal(last_words, i == 0 ? "4.3.2 going down" : "4.3.2 going\ndown");
            client_delete(&peer);
        }
    }
}

static void test_no_words_when_none_ended_it(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.callbacks.close = look;
    client_open(&peer);
    client_run(&peer);
    (void)smtp_session_eof(peer.session, 1);
    assert_string_equal(last_words, "");
    CLIENT_SAW(&peer, "ready\nclose EOF 0\n");
    client_delete(&peer);
}

/* The next one is asked for in `sent`, whatever became of the last: each that was taken has its own
 * `sent`, also when the session was about to end. */
static unsigned taken;

static void send_again(struct client_peer *peer, int call)
{
    if (call == CLIENT_SENT && peer->count[CLIENT_SENT] < 5 && client_send(peer) == SMTP_ERR_OK)
        taken++;
}

static void test_next_from_inside_sent(void **state)
{
    static const char *const verbs[] = {"NONE", "MAIL", "RCPT", "DATA", "."};
    static const char *const answers[] = {"250 ok\r\n", "550 no\r\n", "421 bye\r\n",
                                          "nonsense\r\n"};
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        for (k = 0; k < sizeof answers / sizeof answers[0]; k++) {
            struct script script[] = {{verbs[i], {answers[k]}},
                                      {"CONNECT", {"220 mx.example\r\n"}},
                                      {"EHLO", {EHLO}},
                                      {"DATA", {"354 go ahead\r\n"}},
                                      {NULL, {NULL}}};
            struct client_peer peer;
            client_peer_init(&peer);
            peer.script = script;
            peer.during = send_again;
            client_open(&peer);
            taken = 1;
            assert_int_equal(client_send(&peer), SMTP_ERR_OK);
            client_run(&peer);
            (void)smtp_session_eof(peer.session, 1);
            assert_int_equal(peer.count[CLIENT_SENT], taken);
            assert_int_equal(peer.count[CLIENT_RECIPIENT], taken);
            assert_int_equal(peer.count[CLIENT_CLOSE], 1);
            client_delete(&peer);
        }
    }
}

/* LMTP: a reply for each recipient that was accepted; those that came before the end count. */
/* Shows: R2033-4.2-2 R2033-4.2-4 R2033-5-6 R2033-5-7 */
static void test_lmtp(void **state)
{
    struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                              {"LHLO", {EHLO}},
                              {"RCPT", {"250 ok\r\n", "550 no\r\n", "250 ok\r\n"}},
                              {"DATA", {"354 go\r\n"}},
                              {".", {"250-2.0.0 one\r\n250 2.0.0 ok\r\n452 4.2.2 full\r\n"}},
                              {"QUIT", {"221 bye\r\n"}},
                              {NULL, {NULL}}};
    struct client_peer peer;
    size_t width;

    (void)state;
    for (width = 0; width < 20; width++) {
        client_peer_init(&peer);
        peer.script = script;
        peer.width = width;
        peer.config.flags = SMTP_CLIENT_LMTP;
        peer.envelope.recipient_count = 3;
        client_session(&peer);
        CLIENT_SAW(&peer,
                   "ready\nrecipient 1 3 550 OK\nrecipient 0 1 250 OK\nrecipient 2 2 452 OK\n"
                   "sent 1 452 OK delivered=1\nclose OK 0\n");
        client_delete(&peer);
    }
    script[4].replies[0] = "250 2.0.0 ok\r\n";
    client_peer_init(&peer);
    peer.script = script;
    peer.config.flags = SMTP_CLIENT_LMTP;
    peer.envelope.recipient_count = 3;
    client_session(&peer);
    (void)smtp_session_eof(peer.session, 1);
    CLIENT_SAW(&peer, "ready\nrecipient 1 3 550 OK\nrecipient 0 1 250 OK\nrecipient 2 2 0 EOF\n"
                      "sent 1 0 OK delivered=1\nclose EOF 0\n");
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_421_anywhere),
        cmocka_unit_test(test_last_words),
        cmocka_unit_test(test_no_words_when_none_ended_it),
        cmocka_unit_test(test_next_from_inside_sent),
        cmocka_unit_test(test_lmtp),
    };
    return cmocka_run_group_tests_name("client/results", tests, NULL, NULL);
}
