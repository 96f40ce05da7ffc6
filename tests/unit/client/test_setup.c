/* SPDX-License-Identifier: MIT
 * The beginning and the end of a client session: greeting, hello, TLS by policy, QUIT. */
#include "support/client_peer.h"

#define EHLO_TLS "250-mx.example here\r\n250-PIPELINING\r\n250-LIMITS RCPTMAX=9\r\n250 STARTTLS\r\n"

/* Opens a session under a policy and lets it talk as far as it gets. */
static void talk(struct client_peer *peer, const struct script *script, int tls, uint32_t flags)
{
    client_peer_init(peer);
    peer->script = script;
    peer->config.tls = tls;
    peer->config.flags = flags;
    client_open(peer);
    assert_int_equal(client_send(peer), SMTP_ERR_OK);
    client_run(peer);
}

/* Shows: R5321-4.1.4-1 R5321-4.1.4-18 */
static void test_greetings(void **state)
{
    static const struct row {
        const char *greeting;
        int result;
        int code;
        int error;
        const char *said;
    } rows[] = {
        {"554 no\r\n", 3, 554, SMTP_ERR_REFUSED, "QUIT\r\n"},
        {"521-no\r\n521 no\r\n", 3, 521, SMTP_ERR_REFUSED, "QUIT\r\n"},
        {"450 later\r\n", 2, 450, SMTP_ERR_REFUSED, "QUIT\r\n"},
        {"421 later\r\n", 2, 421, SMTP_ERR_SHUTTING_DOWN, ""},
        {"354 what\r\n", 2, 0, SMTP_ERR_UNEXPECTED_REPLY, ""},
        {"hello\r\n", 2, 0, SMTP_ERR_REPLY_CODE, ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script script[] = {
            {"CONNECT", {rows[i].greeting}}, {"QUIT", {"221 bye\r\n"}}, {NULL, {NULL}}};
        char seen[100];
        struct client_peer peer;
        talk(&peer, script, SMTP_TLS_NONE, 0);
        CLIENT_SAID(&peer, rows[i].said);
        (void)snprintf(seen, sizeof seen, "sent %d %d %s delivered=0\nclose %s ", rows[i].result,
                       rows[i].code, smtp_error_name(rows[i].error),
                       smtp_error_name(rows[i].error));
        assert_non_null(strstr(text_of(&peer.events), seen));
        assert_int_equal(peer.count[CLIENT_READY], 0);
        assert_int_equal(peer.count[CLIENT_SENT], 1);
        assert_int_equal(smtp_session_error(peer.session, NULL), rows[i].error);
        client_delete(&peer);
    }
}

/* HELO where the server does not know EHLO, unless that is not wanted. */
static void test_helo(void **state)
{
    static const int codes[] = {500, 501, 502, 504, 503, 550, 554};
    size_t i;
    int wanted;

    (void)state;
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        for (wanted = 0; wanted < 2; wanted++) {
            char refusal[16];
            struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                                      {"EHLO", {refusal}},
                                      {"HELO", {"250 mx.example\r\n"}},
                                      {"DATA", {"354 go\r\n"}},
                                      {NULL, {NULL}}};
            struct client_peer peer;
            int falls_back = wanted && i < 4;
            (void)snprintf(refusal, sizeof refusal, "%d no\r\n", codes[i]);
            talk(&peer, script, SMTP_TLS_NONE, wanted ? 0 : SMTP_CLIENT_NO_HELO);
            assert_int_equal(strstr(text_of(&peer.wire), "HELO c.example\r\n") != NULL, falls_back);
            assert_int_equal(strstr(text_of(&peer.events), "ready helo\n") != NULL, falls_back);
            assert_int_equal(peer.count[CLIENT_SENT], 1);
            client_delete(&peer);
        }
    }
}

/* Whatever the server does, "required" says nothing of the message in the clear. */
/* Shows: R3207-4.2-2 R3207-4.2-3 R3207-4-11 */
static void test_required_tls_is_never_left_out(void **state)
{
    static const char *const hellos[] = {"250 mx.example\r\n",
                                         "250-mx.example\r\n250 XSTARTTLS\r\n", "502 no\r\n",
                                         "550 no\r\n", EHLO_TLS};
    static const char *const answers[] = {"454 not now\r\n", "502 no\r\n", "250 yes\r\n",
                                          "554 no\r\n",      "421 no\r\n", "220-a\r\n250 b\r\n"};
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof hellos / sizeof hellos[0]; i++) {
        for (k = 0; k < sizeof answers / sizeof answers[0]; k++) {
            struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                                      {"EHLO", {hellos[i]}},
                                      {"STARTTLS", {answers[k]}},
                                      {"QUIT", {"221 bye\r\n"}},
                                      {NULL, {NULL}}};
            struct client_peer peer;
            talk(&peer, script, SMTP_TLS_REQUIRED, 0);
            assert_null(strstr(text_of(&peer.wire), "MAIL"));
            assert_int_equal(peer.count[CLIENT_READY], 0);
            assert_int_equal(peer.count[CLIENT_SENT], 1);
            assert_int_equal(peer.count[CLIENT_CLOSE], 1);
            assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
            client_delete(&peer);
        }
    }
}

static const smtp_capabilities *shown;
static char domain[64];
static char limits[64];

/* The capabilities are shown with all their slices. */
static void look(smtp_client *client, const smtp_ready_event *event, void *user)
{
    shown = event->capabilities;
    (void)snprintf(domain, sizeof domain, "%.*s", (int)shown->domain.len, shown->domain.ptr);
    (void)snprintf(limits, sizeof limits, "%.*s", (int)shown->limits.len, shown->limits.ptr);
    peer_ready(client, event, user);
}

/* What was said between EHLO and `ready` does not write over them; after it they are empty. */
static void test_slices_of_capabilities(void **state)
{
    struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                              {"EHLO", {EHLO_TLS}},
                              {"STARTTLS",
                               {"454-a long refusal that has more\r\n"
                                "454-than one line, to stand in the same\r\n"
                                "454 place as what was said before\r\n"}},
                              {"DATA", {"354 go\r\n"}},
                              {NULL, {NULL}}};
    struct client_peer peer;
    size_t width;

    (void)state;
    for (width = 0; width < 9; width++) {
        client_peer_init(&peer);
        peer.callbacks.ready = look;
        peer.script = script;
        peer.width = width;
        peer.config.tls = SMTP_TLS_OPPORTUNISTIC;
        client_open(&peer);
        client_run(&peer);
        assert_string_equal(domain, "mx.example");
        assert_string_equal(limits, "RCPTMAX=9");
        assert_ptr_equal(shown, smtp_client_capabilities(peer.client));
        assert_int_equal(shown->domain.len, 0);
        assert_int_equal(shown->limits.len, 0);
        assert_int_equal(shown->rcpt_max, 9);
        (void)client_send(&peer);
        client_run(&peer);
        assert_int_equal(peer.count[CLIENT_SENT], 1);
        client_delete(&peer);
    }
}

/* Shows: R3207-4.2-2 R3207-4.2-3 R3207-4.2-7 */
static void test_starttls(void **state)
{
    struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                              {"EHLO", {EHLO_TLS, "250-mx.example\r\n250 STARTTLS\r\n"}},
                              {"STARTTLS", {"220 go\r\n"}},
                              {"DATA", {"354 go\r\n"}},
                              {"QUIT", {"221 bye\r\n"}},
                              {NULL, {NULL}}};
    struct client_peer peer;

    (void)state;
    talk(&peer, script, SMTP_TLS_REQUIRED, 0);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
    CLIENT_SAID(&peer, "EHLO c.example\r\nSTARTTLS\r\n");
    assert_int_equal(smtp_session_tls_started(peer.session, NULL, peer.now), SMTP_ERR_OK);
    /* PIPELINING was only said in the clear. */
    assert_int_equal(smtp_client_capabilities(peer.client)->extensions, 0);
    client_run(&peer);
    CLIENT_SAW(&peer, "ready tls\nrecipient 0 1 250 OK\nsent 1 250 OK delivered=1\n");
    assert_int_equal(text_count(text_of(&peer.wire), "STARTTLS"), 1);
    assert_int_equal(text_count(text_of(&peer.wire), "EHLO c.example\r\n"), 2);
    client_delete(&peer);
}

/* Shows: R3207-4-11 */
static void test_input_behind_the_answer_to_starttls(void **state)
{
    static const char *const behind[] = {"2", "250 x\r\n", "220-"};
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < 3; i++) {
        for (width = 0; width < 12; width++) {
            char answer[40];
            struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                                      {"EHLO", {EHLO_TLS}},
                                      {"STARTTLS", {answer}},
                                      {NULL, {NULL}}};
            struct client_peer peer;
            const char *rest;
            size_t used;
            (void)snprintf(answer, sizeof answer, "220 go\r\n%s", behind[i]);
            client_peer_init(&peer);
            peer.script = script;
            peer.config.tls = SMTP_TLS_OPPORTUNISTIC;
            peer.width = width;
            client_open(&peer);
            client_run(&peer);
            rest = peer.replies.at + peer.given;
            if (*rest != '\0')
                (void)smtp_session_receive(peer.session, rest, strlen(rest), 1, &used);
            assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_INPUT_BEFORE_TLS);
            assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
            client_delete(&peer);
        }
    }
}

/* Shows: R3207-4-8 */
static void test_failed_handshake(void **state)
{
    static const int policies[] = {SMTP_TLS_REQUIRED, SMTP_TLS_OPPORTUNISTIC, SMTP_TLS_IMPLICIT};
    struct script script[] = {{"CONNECT", {"220 mx.example\r\n"}},
                              {"EHLO", {EHLO_TLS}},
                              {"STARTTLS", {"220 go\r\n"}},
                              {NULL, {NULL}}};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct client_peer peer;
        talk(&peer, script, policies[i], 0);
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
        assert_int_equal(smtp_session_tls_failed(peer.session, 1), SMTP_ERR_TLS_FAILED);
        CLIENT_SAW(&peer, "recipient 0 2 0 TLS_FAILED\nsent 2 0 TLS_FAILED delivered=0\n"
                          "close TLS_FAILED 0\n");
        assert_null(strstr(text_of(&peer.wire), "MAIL"));
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
        client_delete(&peer);
    }
}

static void test_implicit_tls(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.tls = SMTP_TLS_IMPLICIT;
    client_make(&peer);
    assert_int_equal(smtp_session_start(peer.session, 1), SMTP_ERR_OK);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
    assert_int_equal(smtp_session_tls_started(peer.session, NULL, 1), SMTP_ERR_OK);
    script_answer(&peer, "CONNECT");
    client_run(&peer);
    CLIENT_SAW(&peer, "ready tls\n");
    client_delete(&peer);
}

/* QUIT waits for what was asked before, and a connection that closes instead of answering is an end
 * like any other. */
static void test_quit(void **state)
{
    struct client_peer peer;
    int answered;

    (void)state;
    for (answered = 0; answered < 2; answered++) {
        client_peer_init(&peer);
        client_open(&peer);
        assert_int_equal(smtp_client_quit(peer.client, 1), SMTP_ERR_OK);
        assert_int_equal(smtp_client_quit(peer.client, 1), SMTP_ERR_STATE);
        (void)client_give(&peer);
        (void)client_take(&peer);
        script_read(&peer);
        (void)client_give(&peer);
        (void)client_take(&peer);
        CLIENT_SAID(&peer, "EHLO c.example\r\nQUIT\r\n");
        if (answered)
            client_run(&peer);
        else
            assert_int_equal(smtp_session_eof(peer.session, 1), SMTP_ERR_OK);
        CLIENT_SAW(&peer, "ready\nclose OK 0\n");
        client_delete(&peer);
    }
}

/* Told not to wait for the reply to QUIT, the session ends when it has been said. */
static void test_quit_without_its_reply(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_NO_QUIT_REPLY;
    client_open(&peer);
    client_run(&peer);
    assert_int_equal(smtp_client_quit(peer.client, 1), SMTP_ERR_OK);
    CLIENT_SAW(&peer, "ready\nclose OK 0\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_WRITE | SMTP_WANTS_CLOSE);
    (void)client_take(&peer);
    CLIENT_SAID(&peer, "EHLO c.example\r\nQUIT\r\n");
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_greetings),
        cmocka_unit_test(test_helo),
        cmocka_unit_test(test_required_tls_is_never_left_out),
        cmocka_unit_test(test_slices_of_capabilities),
        cmocka_unit_test(test_starttls),
        cmocka_unit_test(test_input_behind_the_answer_to_starttls),
        cmocka_unit_test(test_failed_handshake),
        cmocka_unit_test(test_implicit_tls),
        cmocka_unit_test(test_quit),
        cmocka_unit_test(test_quit_without_its_reply),
    };
    return cmocka_run_group_tests_name("client/setup", tests, NULL, NULL);
}
