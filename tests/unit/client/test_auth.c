/* SPDX-License-Identifier: MIT
 * AUTH in the client: which mechanism, what goes out, when it gives up, and what is left in memory.
 */
#include "support/client_script.h"

#include "sasl/digests.h"
#include "support/holds.h"

#define PASSWORD "pencil-0123456789"
#define PLAIN "AUTH PLAIN AHVzZXIAcGVuY2lsLTAxMjM0NTY3ODk=\r\n"
#define OFFER(mechanisms) "250-mx.example\r\n250 AUTH " mechanisms "\r\n"

static crypto_state randomness;
static smtp_crypto cryptography;

static void auth_init(struct client_peer *peer, uint32_t flags)
{
    client_peer_init(peer);
    randomness.seed = 0x5EED;
    cryptography = crypto_of(&randomness);
    peer->config.sasl = smtp_sasl_suite_all();
    peer->config.crypto = &cryptography;
    peer->config.flags = flags;
    peer->callbacks.credentials = peer_credentials;
    peer->given.name = smtp_text("user");
    peer->given.password = smtp_text(PASSWORD);
}

/* 1 when some octets stand anywhere in the object. */
static int stands_in(const struct client_peer *peer, const char *what)
{
    return memory_holds(peer->client, peer->memory.largest, what, strlen(what));
}

/* No trace of the password, as it is and as it was sent, once the exchange is over. */
/* Shows: R4954-4-1 R4954-4-24 R4616-2-1 */
static void test_plain_and_wiped(void **state)
{
    struct client_peer peer;

    (void)state;
    auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
    client_open(&peer);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, OFFER("LOGIN PLAIN"), PLAIN);
    assert_false(stands_in(&peer, "AHVzZXIA"));
    client_turn(&peer, "235-2.7.0 one\r\n235 2.7.0 two\r\n", "");
    client_saw(&peer, "credentials\nready mx.example esmtp authenticated\n");
    assert_false(stands_in(&peer, PASSWORD));
    assert_false(stands_in(&peer, "AHVzZXIA"));
    assert_int_equal(smtp_client_capabilities(peer.client)->domain.len, 0);
    client_delete(&peer);
}

/* A server that answers STARTTLS by going is not told who we are, and that there is no TLS is not
 * taken from it. */
static void test_nothing_behind_421_to_starttls(void **state)
{
    struct client_peer peer;

    (void)state;
    auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
    peer.config.tls = SMTP_TLS_OPPORTUNISTIC;
    client_open(&peer);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, "250-mx.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", "STARTTLS\r\n");
    client_turn(&peer, "421 no\r\n", "");
    client_saw(&peer, "close SHUTTING_DOWN 421\n");
    client_delete(&peer);
}

/* Shows: R4616-4-1 R4954-9-3 */
static void test_no_password_in_the_clear(void **state)
{
    struct client_peer peer;

    (void)state;
    auth_init(&peer, 0);
    client_open(&peer);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, OFFER("PLAIN LOGIN XOAUTH2 OAUTHBEARER"), "QUIT\r\n");
    client_turn(&peer, "221 bye\r\n", "");
    client_saw(&peer, "close AUTH_UNAVAILABLE 0\n");
    client_delete(&peer);
}

/* Nobody is asked for a password that no mechanism is there for. */
static void test_nothing_to_ask_for(void **state)
{
    static const struct {
        const char *offer;
        uint32_t mechanisms;
        int crypto;
    } rows[] = {
        {"250 mx.example\r\n", 0, 1},             /* no AUTH */
        {"250-mx.example\r\n250 AUTH\r\n", 0, 1}, /* nor with a mechanism */
        {OFFER("GSSAPI NTLM"), 0, 1},             /* that is known */
        {OFFER("CRAM-MD5"), SMTP_MECH_PLAIN, 1},  /* and allowed */
        {OFFER("ANONYMOUS"), 0, 1},               /* unless told */
        {OFFER("CRAM-MD5 SCRAM-SHA-1"), 0, 0},    /* for lack of cryptography */
        {OFFER("SCRAM-SHA-256-PLUS"), 0, 1},      /* of channel binding */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client_peer peer;
        auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
        peer.config.mechanisms = rows[i].mechanisms;
        if (!rows[i].crypto)
            peer.config.crypto = NULL;
        client_open(&peer);
        client_turn(&peer, GREET, HELLO);
        client_turn(&peer, rows[i].offer, "QUIT\r\n");
        client_turn(&peer, "221 bye\r\n", "");
        client_saw(&peer, "close AUTH_UNAVAILABLE 0\n");
        client_delete(&peer);
    }
}

/* AUTH goes by itself, and what follows waits for its end, whatever the server can take at once. */
/* Shows: R4954-4-31 */
static void test_alone(void **state)
{
    struct client_peer peer;

    (void)state;
    auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
    client_open(&peer);
    assert_int_equal(smtp_client_send(peer.client, &peer.envelope, 1, NULL), 0);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, "250-mx.example\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n", PLAIN);
    client_turn(&peer, "504 not this\r\n", "AUTH LOGIN\r\n");
    client_turn(&peer, "334 VXNlcm5hbWU6\r\n", "dXNlcg==\r\n");
    client_turn(&peer, "334 UGFzc3dvcmQ6\r\n", "cGVuY2lsLTAxMjM0NTY3ODk=\r\n");
    client_turn(&peer, "235 yes\r\n",
                "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\n");
    client_delete(&peer);
}

/* What answers AUTH, and what the client does then. */
static const struct row {
    const char *offer;
    const char *said;
    const char *replies[3];
    const char *then[3];
    const char *close; /* the error, and the reply that decided */
} refusals[] = {
    {OFFER("PLAIN LOGIN"), PLAIN, {"535 no\r\n"}, {"QUIT\r\n"}, "AUTH_FAILED 535"},
    {OFFER("PLAIN LOGIN"), PLAIN, {"454 later\r\n"}, {"QUIT\r\n"}, "AUTH_FAILED 454"},
    {OFFER("PLAIN LOGIN"), PLAIN, {"432 change\r\n"}, {"QUIT\r\n"}, "AUTH_FAILED 432"},
    {OFFER("PLAIN LOGIN"), PLAIN, {"538 TLS\r\n"}, {"QUIT\r\n"}, "AUTH_FAILED 538"},
    {OFFER("PLAIN LOGIN"), PLAIN, {"421 bye\r\n"}, {""}, "SHUTTING_DOWN 421"},
    {OFFER("PLAIN LOGIN"),
     PLAIN,
     {"504 not this\r\n", "535 no\r\n"},
     {"AUTH LOGIN\r\n", "QUIT\r\n"},
     "AUTH_FAILED 535"},
    {OFFER("PLAIN LOGIN"),
     PLAIN,
     {"534 weak\r\n", "534 weak\r\n"},
     {"AUTH LOGIN\r\n", "QUIT\r\n"},
     "AUTH_UNAVAILABLE 534"},
    {OFFER("PLAIN"),
     PLAIN,
     {"334 \r\n", "501 cancelled\r\n"},
     {"*\r\n", "QUIT\r\n"},
     "AUTH_PROTOCOL 0"},
    {OFFER("PLAIN"), PLAIN, {"334 \r\n", "421 bye\r\n"}, {"*\r\n", ""}, "SHUTTING_DOWN 421"},
    {OFFER("CRAM-MD5"),
     "AUTH CRAM-MD5\r\n",
     {"334 !!!!\r\n", "501 no\r\n"},
     {"*\r\n", "QUIT\r\n"},
     "AUTH_PROTOCOL 0"},
    {OFFER("CRAM-MD5"),
     "AUTH CRAM-MD5\r\n",
     {"334 PGFAYj=\r\n", "501 no\r\n"},
     {"*\r\n", "QUIT\r\n"},
     "AUTH_PROTOCOL 0"},
    {OFFER("LOGIN"),
     "AUTH LOGIN\r\n",
     {"334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n", "535 no\r\n"},
     {"dXNlcg==\r\n", "cGVuY2lsLTAxMjM0NTY3ODk=\r\n", "QUIT\r\n"},
     "AUTH_FAILED 535"},
};

/* Shows: R4954-4-26 R4954-4-14 R4954-4-10 */
static void test_refusals(void **state)
{
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct client_peer peer;
        char events[64];
        auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
        client_open(&peer);
        client_turn(&peer, GREET, HELLO);
        client_turn(&peer, refusals[i].offer, refusals[i].said);
        for (k = 0; k < 3 && refusals[i].replies[k] != NULL; k++)
            client_turn(&peer, refusals[i].replies[k], refusals[i].then[k]);
        assert_false(stands_in(&peer, PASSWORD));
        assert_false(stands_in(&peer, "AHVzZXIA"));
        (void)client_feed(&peer, "221 bye\r\n");
        (void)snprintf(events, sizeof events, "credentials\nclose %s\n", refusals[i].close);
        client_saw(&peer, events);
        client_delete(&peer);
    }
}

/* An initial response that the line has no room for goes behind the 334. */
/* Shows: R4954-4-9 */
static void test_long_initial_response(void **state)
{
    static char token[700];
    size_t len;
    int before = 0;
    int behind = 0;

    (void)state;
    for (len = 300; len < 420; len++) {
        struct client_peer peer;
        const char *crlf;
        auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
        memset(token, 't', len);
        peer.given.token.ptr = token;
        peer.given.token.len = len;
        client_open(&peer);
        (void)client_feed(&peer, GREET);
        text_clear(&peer.output);
        (void)client_feed(&peer, OFFER("XOAUTH2"));
        crlf = strstr(text_of(&peer.output), "\r\n");
        assert_non_null(crlf);
        assert_true((size_t)(crlf - text_of(&peer.output)) + 2 <= 512);
        if (strcmp(text_of(&peer.output), "AUTH XOAUTH2\r\n") == 0) {
            behind++;
            text_clear(&peer.output);
            (void)client_feed(&peer, "334 \r\n");
            assert_true(peer.output.len > 400);
        } else {
            before++;
            assert_int_equal(behind, 0);
        }
        (void)client_feed(&peer, "235 yes\r\n");
        assert_int_equal(peer.count[CALL_READY], 1);
        assert_false(stands_in(&peer, "tttttttttttttttt"));
        client_delete(&peer);
    }
    assert_true(before > 0 && behind > 0);
}

/* The answer of a server's side to the last line that the client said, as a 334, with one octet of
 * the message turned where that is asked for. */
static void scram_turn(struct client_peer *peer, smtp_sasl *server, int spoil)
{
    static const smtp_str none = {NULL, 0};
    const char *line = text_of(&peer->output);
    smtp_sasl_answer answer = {.size = sizeof answer};
    smtp_str text;
    smtp_str out = none;
    char message[1024] = "334 ";
    char octets[1024];
    size_t len = 0;
    int result;

    if (strncmp(line, "AUTH SCRAM-SHA-256 ", 19) == 0)
        line += 19;
    text.ptr = line;
    text.len = strcspn(line, "\r");
    assert_int_equal(smtp_base64_decode(octets, sizeof octets, &len, text), SMTP_ERR_OK);
    text.ptr = octets;
    text.len = len;
    result = smtp_sasl_step(server, text, &out);
    answer.verdict = SMTP_SASL_ACCEPTED;
    answer.password = smtp_text(PASSWORD);
    if (result == SMTP_SASL_ASK)
        result = smtp_sasl_answered(server, &answer, &out);
    assert_int_equal(result, SMTP_SASL_MORE);
    memcpy(octets, out.ptr, out.len);
    text.len = out.len;
    if (spoil)
        octets[4] = octets[4] == 'A' ? 'B' : 'A';
    assert_int_equal(smtp_base64_encode(message + 4, sizeof message - 7, &len, text), SMTP_ERR_OK);
    memcpy(message + 4 + len, "\r\n", 3);
    text_clear(&peer->output);
    (void)client_feed(peer, message);
}

/* Shows: R5802-5-2 R4954-4-22 R7677-3-1 */
static void test_scram(void **state)
{
    enum { WHOLE, NONCE, SIGNATURE, EARLY, TOO_EARLY, WAYS };
    int way;

    (void)state;
    for (way = 0; way < WAYS; way++) {
        struct client_peer peer;
        smtp_sasl_server_config config = {.size = sizeof config};
        void *storage = malloc(smtp_sasl_bytes());
        smtp_sasl *server;
        auth_init(&peer, 0);
        config.fake_secret = smtp_text("sixteen octets or more");
        assert_int_equal(smtp_sasl_server_init(&server, storage, smtp_sasl_bytes(),
                                               (int)SMTP_MECH_SCRAM_SHA_256, &config,
                                               &cryptography),
                         SMTP_ERR_OK);
        client_open(&peer);
        client_turn(&peer, GREET, HELLO);
        (void)client_feed(&peer, OFFER("PLAIN CRAM-MD5 SCRAM-SHA-256"));
        assert_int_equal(strncmp(text_of(&peer.output), "AUTH SCRAM-SHA-256 ", 19), 0);
        if (way != TOO_EARLY)
            scram_turn(&peer, server, way == NONCE);
        if (way == WHOLE || way == SIGNATURE)
            scram_turn(&peer, server, way == SIGNATURE);
        if (way == NONCE || way == SIGNATURE) {
            client_expect(&peer, "*\r\n");
            client_turn(&peer, "501 cancelled\r\n", "QUIT\r\n");
        } else {
            text_clear(&peer.output);
            client_turn(&peer, "235 yes\r\n", way == WHOLE ? "" : "QUIT\r\n");
        }
        assert_int_equal(peer.count[CALL_READY], way == WHOLE);
        assert_false(stands_in(&peer, PASSWORD));
        if (way != WHOLE)
            client_turn(&peer, "221 bye\r\n", "");
        client_saw(&peer, way == WHOLE ? "credentials\nready mx.example esmtp authenticated\n"
                                       : "credentials\nclose AUTH_SERVER 0\n");
        client_delete(&peer);
        smtp_sasl_end(server);
        free(storage);
    }
}

/* A token as long as the configuration has it, and one that no exchange has room for. */
static void test_longest_token(void **state)
{
    static char token[5000];
    static const uint32_t lengths[] = {0, 1, 2000, 4096, 5000}; /* of the configuration; 0: 4096 */
    size_t i;

    (void)state;
    memset(token, 't', sizeof token);
    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct client_peer peer;
        auth_init(&peer, SMTP_CLIENT_AUTH_WITHOUT_TLS);
        peer.config.token_max = lengths[i];
        peer.config.output_buffer = 1024;
        peer.given.token.ptr = token;
        peer.given.token.len = lengths[i] != 0 ? lengths[i] : 4096;
        client_open(&peer);
        client_turn(&peer, GREET, HELLO);
        (void)client_feed(&peer, OFFER("OAUTHBEARER"));
        if (i == 1)
            assert_int_equal(text_count(text_of(&peer.output), "AUTH OAUTHBEARER "), 1);
        else
            (void)client_feed(&peer, "334 \r\n");
        (void)client_feed(&peer, "235 yes\r\n");
        client_saw(&peer, "credentials\nready mx.example esmtp authenticated\n");
        assert_true(peer.output.len > peer.given.token.len / 3 * 4);
        client_delete(&peer);
    }
}

static void test_no_credentials(void **state)
{
    struct client_peer peer;

    (void)state;
    auth_init(&peer, 0);
    peer.answers[CALL_CREDENTIALS] = SMTP_DEFER;
    client_open(&peer);
    client_turn(&peer, GREET, HELLO);
    client_turn(&peer, OFFER("CRAM-MD5"), "QUIT\r\n");
    assert_int_equal(smtp_client_capabilities(peer.client)->domain.len, 0);
    client_turn(&peer, "221 bye\r\n", "");
    client_saw(&peer, "credentials\nclose AUTH_CANCELLED 0\n");
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_and_wiped),
        cmocka_unit_test(test_nothing_behind_421_to_starttls),
        cmocka_unit_test(test_no_password_in_the_clear),
        cmocka_unit_test(test_longest_token),
        cmocka_unit_test(test_nothing_to_ask_for),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_long_initial_response),
        cmocka_unit_test(test_scram),
        cmocka_unit_test(test_no_credentials),
    };
    return cmocka_run_group_tests_name("client/auth", tests, NULL, NULL);
}
