/* SPDX-License-Identifier: MIT
 * Envelopes made to commands: what is malformed is refused before anything is said, and what the
 * server cannot take is told by `sent`. */
#include "support/client_peer.h"

#define STR(literal)                                                                               \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

/* None of these reaches the wire, as reverse-path or as recipient. */
/* Shows: R5321-2.3.8-4 */
static void test_injection(void **state)
{
    static const smtp_str bad[] = {
        STR("a@b\r\nRCPT TO:<x@y>"),
        STR("a@b\nQUIT"),
        STR("a@b\r"),
        STR("a\0@b"),
        STR("a@b\0"),
        STR("a@b> SIZE=1"),
        STR("<a@b>"),
        STR("a@b c"),
        STR("a b@c"),
        STR("\"a\r\nb\"@c"),
        STR("\"a\nb\"@c"),
        STR("\"a\0b\"@c"),
        STR("a"),
        STR("@b"),
        STR("a@"),
        STR("a@b>"),
        STR("a@[1.2.3]"),
        STR("a\x7F@b"),
        STR("a@b\xFF"),
        STR("a@b,c@d"),
    };
    size_t i;
    int where;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (where = 0; where < 2; where++) {
            struct client_peer peer;
            size_t wrong = 99;
            client_peer_init(&peer);
            peer.envelope.recipient_count = 3;
            if (where == 0)
                peer.envelope.reverse_path = bad[i];
            else
                peer.recipients[1].mailbox = bad[i];
            client_open(&peer);
            client_run(&peer);
            assert_true(smtp_client_send(peer.client, &peer.envelope, peer.now, &wrong) < 0);
            assert_true(wrong == (where == 0 ? (size_t)-1 : 1));
            client_run(&peer);
            CLIENT_SAID(&peer, "EHLO c.example\r\n");
            CLIENT_SAW(&peer, "ready\n");
            assert_int_equal(smtp_client_idle(peer.client), 1);
            client_delete(&peer);
        }
    }
}

static void test_injection_by_parameters(void **state)
{
    static const char *const texts[] = {"X=1\r\nQUIT", "X=1\nY", "X=\x01", "X Y=\r", "=", "X=a=b"};
    size_t i;
    int where;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (where = 0; where < 2; where++) {
            struct client_peer peer;
            smtp_params params;
            memset(&params, 0, sizeof params);
            params.present = SMTP_PARAM_ENVID;
            params.envid = smtp_text(texts[i]);
            if (where == 1) {
                params.present = SMTP_PARAM_ORCPT;
                params.orcpt_type = smtp_text("rfc822");
                params.orcpt_address = smtp_text(texts[i]);
            }
            client_peer_init(&peer);
            if (where == 0)
                peer.envelope.params = &params;
            else
                peer.recipients[0].params = &params;
            client_open(&peer);
            client_run(&peer);
            assert_true(client_send(&peer) < 0);
            client_run(&peer);
            CLIENT_SAID(&peer, "EHLO c.example\r\n");
            client_delete(&peer);
        }
    }
}

static void test_envelopes_that_are_none(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_make(&peer);
    assert_int_equal(smtp_client_send(peer.client, NULL, 1, NULL), SMTP_ERR_ARGUMENT);
    peer.envelope.size--;
    assert_int_equal(client_send(&peer), SMTP_ERR_ARGUMENT);
    peer.envelope.size++;
    peer.envelope.recipient_count = 0;
    assert_int_equal(client_send(&peer), SMTP_ERR_ARGUMENT);
    peer.envelope.recipient_count = 1;
    peer.envelope.recipients = NULL;
    assert_int_equal(client_send(&peer), SMTP_ERR_ARGUMENT);
    client_delete(&peer);
}

/* What this server cannot take: nothing of it is said, and the session goes on. */
/* Shows: R1870-7-1 R3461-5.2.2-1 */
static void test_what_the_server_cannot_take(void **state)
{
    enum { UTF8 = 1, TLS, DSN, BINARY, EIGHT, LARGE, FLAG, KINDS };
    static const int errors[] = {
        0,
        SMTP_ERR_NEEDS_SMTPUTF8,
        SMTP_ERR_NEEDS_TLS,
        SMTP_ERR_NEEDS_EXTENSION,
        SMTP_ERR_NEEDS_BINARYMIME,
        SMTP_ERR_NEEDS_8BITMIME,
        SMTP_ERR_MESSAGE_TOO_LARGE,
        SMTP_ERR_NEEDS_SMTPUTF8,
    };
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250-mx.example\r\n250-PIPELINING\r\n250 SIZE 100\r\n"}},
        {NULL, {NULL}},
    };
    int kind;

    (void)state;
    for (kind = UTF8; kind < KINDS; kind++) {
        struct client_peer peer;
        smtp_params params;
        char seen[120];
        memset(&params, 0, sizeof params);
        client_peer_init(&peer);
        peer.script = script;
        peer.envelope.params = &params;
        if (kind == UTF8)
            peer.recipients[0].mailbox = smtp_text("\xC3\xA9@mx.example");
        if (kind == TLS)
            params.present = SMTP_PARAM_REQUIRETLS;
        if (kind == DSN) {
            params.present = SMTP_PARAM_RET;
            params.ret = SMTP_RET_HDRS;
        }
        if (kind == BINARY || kind == EIGHT) {
            params.present = SMTP_PARAM_BODY;
            params.body = kind == BINARY ? SMTP_BODY_BINARYMIME : SMTP_BODY_8BITMIME;
        }
        if (kind == LARGE)
            peer.envelope.octets = 101;
        if (kind == FLAG)
            peer.envelope.flags = SMTP_ENVELOPE_UTF8;
        client_open(&peer);
        assert_int_equal(client_send(&peer), SMTP_ERR_OK); /* it is not known yet */
        client_run(&peer);
        (void)snprintf(seen, sizeof seen, "ready\nrecipient 0 3 0 %s\nsent 3 0 %s delivered=0\n",
                       smtp_error_name(errors[kind]), smtp_error_name(errors[kind]));
        CLIENT_SAW(&peer, seen);
        CLIENT_SAID(&peer, "EHLO c.example\r\n");
        assert_int_equal(smtp_client_idle(peer.client), 1);
        client_delete(&peer);
    }
}

/* DATA cannot carry BINARYMIME, so where BDAT is not used it is as if the server had it not. */
/* Shows: R3030-3-7 */
static void test_binary_without_chunks(void **state)
{
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250-mx.example\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250 CHUNKING\r\n"}},
        {NULL, {NULL}},
    };
    smtp_params params;
    int way;

    (void)state;
    memset(&params, 0, sizeof params);
    params.present = SMTP_PARAM_BODY;
    params.body = SMTP_BODY_BINARYMIME;
    for (way = 0; way < 3; way++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.script = script;
        peer.body = "a\nb\rc\x80";
        peer.body_len = 6;
        peer.envelope.params = &params;
        peer.config.flags = way == 1 ? SMTP_CLIENT_NO_CHUNKING : 0;
        peer.envelope.flags = way == 2 ? SMTP_ENVELOPE_MEND : 0;
        client_open(&peer);
        (void)client_send(&peer);
        client_run(&peer);
        if (way == 0) {
            assert_int_equal(peer.content.len, 6);
            assert_memory_equal(peer.content.at, peer.body, 6);
        } else {
            CLIENT_SAID(&peer, "EHLO c.example\r\n");
            assert_non_null(strstr(text_of(&peer.events), "sent 3 0 NEEDS_BINARYMIME "));
        }
        client_delete(&peer);
    }
}

/* SIZE, BODY and SMTPUTF8 are added as they are needed, the null reverse-path is the empty one. */
static void test_what_is_added(void **state)
{
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO",
         {"250-mx.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
          "250 SIZE 100\r\n"}},
        {"DATA", {"354 go\r\n"}},
        {NULL, {NULL}},
    };
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.script = script;
    peer.envelope.reverse_path = smtp_text("");
    peer.envelope.flags = SMTP_ENVELOPE_8BIT;
    peer.envelope.octets = peer.body_len;
    peer.recipients[0].mailbox = smtp_text("\xC3\xA9@mx.example");
    peer.recipients[1].mailbox = smtp_text("Postmaster");
    peer.envelope.recipient_count = 2;
    client_session(&peer);
    assert_non_null(strstr(text_of(&peer.wire),
                           "MAIL FROM:<> SIZE=20 BODY=8BITMIME SMTPUTF8\r\n"
                           "RCPT TO:<\xC3\xA9@mx.example>\r\nRCPT TO:<Postmaster>\r\n"));
    assert_int_equal(peer.recipients[0].result, SMTP_RESULT_DELIVERED);
    assert_int_equal(peer.recipients[1].code, 250);
    assert_int_equal(peer.recipients[1].status, SMTP_STATUS(2, 0, 0));
    client_delete(&peer);
}

/* At, below and above what the server takes. */
/* Shows: R1870-7-1 */
static void test_size_at_below_and_above_the_limit(void **state)
{
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250-mx.example\r\n250 SIZE 20\r\n", NULL}},
        {"DATA", {"354 go\r\n"}},
        {NULL, {NULL}},
    };
    uint64_t octets;

    (void)state;
    for (octets = 19; octets <= 21; octets++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.script = script;
        peer.body = "123456789012345678\r\n\r\n";
        peer.body_len = (size_t)octets;
        peer.envelope.octets = octets;
        peer.envelope.flags = octets == 19 || octets == 21 ? SMTP_ENVELOPE_MEND : 0;
        client_session(&peer);
        assert_int_equal(strstr(text_of(&peer.wire), "MAIL") != NULL, octets <= 20);
        assert_int_equal(peer.count[CLIENT_SENT], 1);
        client_delete(&peer);
    }
}

/* A command that is longer than the buffers is refused at once, and one that just fits is said. */
static void test_long_commands(void **state)
{
    char notary[900];
    size_t len;
    int said = 0;

    (void)state;
    memset(notary, 'y', sizeof notary);
    for (len = 300; len < 600; len++) {
        struct client_peer peer;
        smtp_params params;
        size_t wrong = 0;
        int error;
        memset(&params, 0, sizeof params);
        params.present = SMTP_PARAM_ORCPT;
        params.orcpt_type = smtp_text("x");
        params.orcpt_address.ptr = notary;
        params.orcpt_address.len = len;
        client_peer_init(&peer);
        peer.config.output_buffer = 1024;
        peer.recipients[0].params = &params;
        client_open(&peer);
        client_run(&peer);
        error = smtp_client_send(peer.client, &peer.envelope, peer.now, &wrong);
        said += error == SMTP_ERR_OK;
        if (error != SMTP_ERR_OK) {
            assert_int_equal(error, SMTP_ERR_LINE_TOO_LONG);
            assert_int_equal(wrong, 0);
            assert_int_equal(peer.count[CLIENT_SENT], 0);
        }
        client_delete(&peer);
    }
    assert_in_range(said, 1, 299);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_injection),
        cmocka_unit_test(test_injection_by_parameters),
        cmocka_unit_test(test_envelopes_that_are_none),
        cmocka_unit_test(test_what_the_server_cannot_take),
        cmocka_unit_test(test_binary_without_chunks),
        cmocka_unit_test(test_what_is_added),
        cmocka_unit_test(test_size_at_below_and_above_the_limit),
        cmocka_unit_test(test_long_commands),
    };
    return cmocka_run_group_tests_name("client/envelope", tests, NULL, NULL);
}
