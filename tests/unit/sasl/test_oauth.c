/* SPDX-License-Identifier: MIT
 * OAUTHBEARER and XOAUTH2. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
#define HEADER "n,a=user@example.com,\1"
#define INVALID "{\"status\":\"invalid_token\"}"

/* RFC 7628 4.1. */
/* Shows: R7628-3.1-1 */
static void test_bearer_client(void **state)
{
    static const struct {
        const char *authzid, *name, *host;
        uint32_t port;
        const char *message;
    } rows[] = {
        {NULL, "user@example.com", "server.example.com", 143,
         HEADER "host=server.example.com\1port=143\1auth=Bearer " TOKEN "\1\1"},
        {"user@example.com", "somebody", "server.example.com", 587,
         HEADER "host=server.example.com\1port=587\1auth=Bearer " TOKEN "\1\1"},
        {NULL, NULL, NULL, 0, "n,,\1auth=Bearer " TOKEN "\1\1"},
        {NULL, "a,b=c", NULL, 65535, "n,a=a=2Cb=3Dc,\1port=65535\1auth=Bearer " TOKEN "\1\1"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        smtp_credentials given = credentials_of(rows[i].name, NULL);
        given.authzid = smtp_text(rows[i].authzid);
        given.token = smtp_text(TOKEN);
        given.host = smtp_text(rows[i].host);
        given.port = rows[i].port;
        client_begin(&client, SMTP_MECH_OAUTHBEARER, &given, 0);
        assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
        assert_says(&client, rows[i].message);
        side_end(&client);
    }
}

/* Told why it fails, a client has to say one more word; the token is gone by then. */
/* Shows: R7628-3.2.3-1 */
static void test_client_yields(void **state)
{
    static const struct {
        int mechanism;
        const char *word;
    } rows[] = {{SMTP_MECH_OAUTHBEARER, "\1"}, {SMTP_MECH_XOAUTH2, ""}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        smtp_credentials given = credentials_of("user@example.com", NULL);
        given.token = smtp_text(TOKEN);
        client_begin(&client, rows[i].mechanism, &given, 0);
        assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
        assert_true(side_holds(&client, given.token));
        assert_int_equal(side_hear(&client, INVALID), SMTP_SASL_MORE);
        assert_says(&client, rows[i].word);
        assert_false(side_holds(&client, given.token));
        assert_int_equal(side_hear(&client, INVALID), SMTP_ERR_AUTH_PROTOCOL);
        side_end(&client);
    }
}

static void test_xoauth2_client(void **state)
{
    side client;
    smtp_credentials given = credentials_of("someuser@example.com", NULL);
    (void)state;
    given.token = smtp_text("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
    client_begin(&client, SMTP_MECH_XOAUTH2, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_says(&client, "user=someuser@example.com\1"
                         "auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1");
    side_end(&client);
}

/* Shows: R7628-3.1-1 */
static void test_bearer_server(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
    (void)state;
    server_begin(&server, SMTP_MECH_OAUTHBEARER, &config, 0);
    assert_int_equal(
        side_hear(&server, HEADER "host=server.example.com\1port=587\1auth=Bearer " TOKEN "\1\1"),
        SMTP_SASL_ASK);
    const smtp_sasl_question *question = smtp_sasl_asked(server.sasl);
    assert_int_equal(question->kind, SMTP_SASL_ASK_VERDICT);
    assert_text(question->authzid, "user@example.com");
    assert_text(question->name, "");
    assert_text(question->token, TOKEN);
    assert_text(question->host, "server.example.com");
    assert_int_equal(question->port, 587);
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
    assert_text(smtp_sasl_identity(server.sasl), "user@example.com");
    assert_false(side_holds(&server, smtp_text(TOKEN)));
    side_end(&server);
}

/* Without an authorization identity only the token says who it is, and only the caller reads it. */
static void test_identity_of_token(void **state)
{
    (void)state;
    for (int said = 0; said <= 1; said++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
        server_begin(&server, SMTP_MECH_OAUTHBEARER, &config, 0);
        assert_int_equal(side_hear(&server, "n,,\1auth=bEARER  " TOKEN "\1\1"), SMTP_SASL_ASK);
        assert_text(smtp_sasl_asked(server.sasl)->token, TOKEN);
        answer.identity = smtp_text(said ? "user@example.com" : NULL);
        assert_int_equal(side_answer(&server, &answer), said ? SMTP_SASL_DONE : SMTP_ERR_ARGUMENT);
        assert_text(smtp_sasl_identity(server.sasl), said ? "user@example.com" : "");
        side_end(&server);
    }
}

/* A refusal goes by way of an error that the client answers (RFC 7628 3.2.2, 3.2.3). */
/* Shows: R7628-3.2.3-1 */
static void test_refused(void **state)
{
    static const char *const errors[] = {
        NULL, "{\"status\":\"invalid_token\",\"scope\":\"example_scope\"}"};
    static const int mechanisms[] = {SMTP_MECH_OAUTHBEARER, SMTP_MECH_XOAUTH2};
    static const char *const words[] = {"\1", "", "anything"};
    (void)state;
    for (size_t i = 0; i < 2 * 2 * ROWS(words); i++) {
        side server;
        int mechanism = mechanisms[i % 2];
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
        config.oauth_error = smtp_text(errors[i / 2 % 2]);
        server_begin(&server, mechanism, &config, 0);
        assert_int_equal(side_hear(&server, mechanism == SMTP_MECH_XOAUTH2
                                                ? "user=user\1auth=Bearer " TOKEN "\1\1"
                                                : HEADER "auth=Bearer " TOKEN "\1\1"),
                         SMTP_SASL_ASK);
        assert_int_equal(side_answer(&server, &answer), SMTP_SASL_MORE);
        assert_says(&server, errors[i / 2 % 2] != NULL ? errors[i / 2 % 2] : INVALID);
        assert_false(side_holds(&server, smtp_text(TOKEN)));
        assert_int_equal(side_hear(&server, words[i / 4]), SMTP_ERR_AUTH_FAILED);
        side_end(&server);
    }
}

typedef struct verdict {
    const char *octets;
    size_t len;
    int result;
} verdict;

#define MESSAGE(literal, result)                                                                   \
    {                                                                                              \
        literal, sizeof(literal) - 1, result                                                       \
    }

static void check(int mechanism, const verdict *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        server_begin(&server, mechanism, &config, 0);
        int result = side_step(&server, octets_of(rows[i].octets, rows[i].len));
        if (result != rows[i].result) {
            fail_msg("row %zu: %d, not %d", i, result, rows[i].result);
        }
        if (result == SMTP_SASL_MORE) {
            assert_says(&server, INVALID);
            assert_null(smtp_sasl_asked(server.sasl));
            assert_int_equal(side_hear(&server, "\1"), SMTP_ERR_AUTH_FAILED);
        }
        side_end(&server);
    }
}

/* RFC 7628 4.3 asks with an empty authorization what the error would be. */
/* Shows: R7628-3.1-1 R7628-3.2.3-1 */
static void test_bearer_malformed(void **state)
{
    static const verdict rows[] = {
        MESSAGE(HEADER "host=server.example.com\1port=143\1auth=\1\1", SMTP_SASL_MORE),
        MESSAGE(HEADER "auth=OAuth realm=\"Example\",\r\n\toauth_token=\"kkk\"\1\1",
                SMTP_SASL_MORE),
        MESSAGE(HEADER "auth=Bearer\1\1", SMTP_SASL_MORE),
        MESSAGE(HEADER "auth=Bearer \1\1", SMTP_SASL_MORE),
        MESSAGE(HEADER "auth=Bearer a b\1\1", SMTP_SASL_MORE),
        MESSAGE(HEADER "auth=Bearer a\r\n\1\1", SMTP_SASL_MORE),
        MESSAGE("y,,\1auth=Bearer a\1\1", SMTP_SASL_ASK),
        MESSAGE(HEADER "qs=\1auth=Bearer a\1x=y\1user=u\1\1", SMTP_SASL_ASK),
        MESSAGE("\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("n,,", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER, SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "host=a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer a\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer a", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer a\1\1x", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer a\1\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer a\1auth=Bearer b\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer a\0b\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth=Bearer \xC3\xBC\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "auth\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "a1=\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "port=0\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "port=0143\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "port=65536\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "port=\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE(HEADER "host=a\tb\1auth=Bearer a\1\1", SMTP_ERR_AUTH_FAILED),
        MESSAGE("p=tls-unique,,\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("n,a=\n,\1auth=Bearer a\1\1", SMTP_ERR_AUTH_FAILED),
        MESSAGE("n,user=someuser@example.com,\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
    };
    (void)state;
    check(SMTP_MECH_OAUTHBEARER, rows, ROWS(rows));
}

static void test_xoauth2_malformed(void **state)
{
    static const verdict rows[] = {
        MESSAGE("user=u\1auth=Bearer a\1\1", SMTP_SASL_ASK),
        MESSAGE("auth=Bearer a\1user=u\1\1", SMTP_SASL_ASK),
        MESSAGE("user=u\1auth=\1\1", SMTP_SASL_MORE),
        MESSAGE("user=u\1auth=Basic a\1\1", SMTP_SASL_MORE),
        MESSAGE("user=\1auth=Bearer a\1\1", SMTP_ERR_AUTH_FAILED),
        MESSAGE("auth=Bearer a\1\1", SMTP_ERR_AUTH_FAILED),
        MESSAGE("user=u\1user=v\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("user=u\1auth=Bearer a\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("user=u\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("n,,\1user=u\1auth=Bearer a\1\1", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("", SMTP_ERR_AUTH_PROTOCOL),
    };
    (void)state;
    check(SMTP_MECH_XOAUTH2, rows, ROWS(rows));
}

/* The storage decides how long a token may be, on both sides; none is cut. */
static void test_long_tokens(void **state)
{
    static char token[SMTP_SASL_MESSAGE_MAX];
    (void)state;
    memset(token, 't', sizeof token);
    for (size_t length = 500; length < sizeof token - 100; length += 1777) {
        for (size_t more = 0; more <= length; more += length) {
            side client, server;
            smtp_credentials given = credentials_of("user", NULL);
            smtp_sasl_server_config config = config_of(NULL);
            int fits = more == length || length < 1000;
            given.token = octets_of(token, length);
            client_begin(&client, SMTP_MECH_OAUTHBEARER, &given, more);
            server_begin(&server, SMTP_MECH_OAUTHBEARER, &config, more);
            assert_int_equal(side_step(&client, nothing),
                             fits ? SMTP_SASL_DONE : SMTP_ERR_NO_MEMORY);
            if (fits) {
                assert_int_equal(side_step(&server, client.out), SMTP_SASL_ASK);
                assert_octets(smtp_sasl_asked(server.sasl)->token, given.token);
            }
            side_end(&client);
            side_end(&server);
        }
    }
}

static void test_too_long_a_message(void **state)
{
    side server;
    static char message[4096];
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    memset(message, 't', sizeof message);
    server_begin(&server, SMTP_MECH_XOAUTH2, &config, 0);
    assert_int_equal(side_step(&server, octets_of(message, sizeof message)), SMTP_ERR_NO_MEMORY);
    side_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bearer_client),     cmocka_unit_test(test_client_yields),
        cmocka_unit_test(test_xoauth2_client),    cmocka_unit_test(test_bearer_server),
        cmocka_unit_test(test_identity_of_token), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_bearer_malformed),  cmocka_unit_test(test_xoauth2_malformed),
        cmocka_unit_test(test_long_tokens),       cmocka_unit_test(test_too_long_a_message),
    };
    return cmocka_run_group_tests_name("sasl/oauth", tests, NULL, NULL);
}
