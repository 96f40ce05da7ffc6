/* SPDX-License-Identifier: MIT
 * EXTERNAL and ANONYMOUS. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

/* RFC 4422 A.2: an empty message, or the identity. */
/* Shows: R4422-A-1 */
static void test_external_client(void **state)
{
    side client;
    smtp_credentials given = credentials_of(NULL, NULL);
    (void)state;
    client_begin(&client, SMTP_MECH_EXTERNAL, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_says(&client, "");
    side_end(&client);
    given.authzid = smtp_text("fred@example.com");
    client_begin(&client, SMTP_MECH_EXTERNAL, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_says(&client, "fred@example.com");
    side_end(&client);
}

/* Shows: R4422-A-1 R4422-3.4.1-1 */
static void test_external_server(void **state)
{
    static const struct {
        const char *message, *authzid, *identity;
    } rows[] = {
        {"", "", "CN=fred"},
        {"CN=fred", "", "CN=fred"},
        {"fred@example.com", "fred@example.com", "fred@example.com"},
    };
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    config.external = smtp_text("CN=fred");
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
        server_begin(&server, SMTP_MECH_EXTERNAL, &config, 0);
        assert_int_equal(side_hear(&server, rows[i].message), SMTP_SASL_ASK);
        assert_text(smtp_sasl_asked(server.sasl)->authzid, rows[i].authzid);
        assert_text(smtp_sasl_asked(server.sasl)->name, "CN=fred");
        assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
        assert_text(smtp_sasl_identity(server.sasl), rows[i].identity);
        side_end(&server);
    }
}

/* Without TLS saying who it is nobody is asked; a refusal is one. */
static void test_external_refused(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
    (void)state;
    server_begin(&server, SMTP_MECH_EXTERNAL, &config, 0);
    assert_int_equal(side_hear(&server, "fred"), SMTP_ERR_AUTH_FAILED);
    side_end(&server);
    config.external = smtp_text("CN=fred");
    server_begin(&server, SMTP_MECH_EXTERNAL, &config, 0);
    assert_int_equal(side_hear(&server, ""), SMTP_SASL_ASK);
    assert_int_equal(side_answer(&server, &answer), SMTP_ERR_AUTH_FAILED);
    side_end(&server);
    server_begin(&server, SMTP_MECH_EXTERNAL, &config, 0);
    assert_int_equal(side_step(&server, OCTETS("fr\0ed")), SMTP_ERR_AUTH_PROTOCOL);
    side_end(&server);
}

/* RFC 4505 4. */
static void test_anonymous_client(void **state)
{
    side client;
    smtp_credentials given = credentials_of("sirhc", NULL);
    (void)state;
    client_begin(&client, SMTP_MECH_ANONYMOUS, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_says(&client, "sirhc");
    side_end(&client);
    given = credentials_of(NULL, NULL);
    client_begin(&client, SMTP_MECH_ANONYMOUS, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_says(&client, "");
    side_end(&client);
}

/* Trace information is shown, of up to 255 characters of four octets, and is nobody's name. */
static void test_anonymous_server(void **state)
{
    char trace[1021];
    static const size_t lengths[] = {0, 5, 1020, 1021};
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    memset(trace, 't', sizeof trace);
    for (size_t i = 0; i < ROWS(lengths); i++) {
        side server;
        smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
        int right = lengths[i] <= 1020;
        server_begin(&server, SMTP_MECH_ANONYMOUS, &config, 0);
        assert_int_equal(side_step(&server, octets_of(trace, lengths[i])),
                         right ? SMTP_SASL_ASK : SMTP_ERR_AUTH_FAILED);
        if (right) {
            assert_octets(smtp_sasl_asked(server.sasl)->name, octets_of(trace, lengths[i]));
            assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
            assert_text(smtp_sasl_identity(server.sasl), "anonymous");
        }
        side_end(&server);
    }
}

static void test_anonymous_refused(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
    (void)state;
    server_begin(&server, SMTP_MECH_ANONYMOUS, &config, 0);
    assert_int_equal(side_hear(&server, "sirhc"), SMTP_SASL_ASK);
    assert_int_equal(side_answer(&server, &answer), SMTP_ERR_AUTH_FAILED);
    side_end(&server);
    answer = answer_of(SMTP_SASL_ACCEPTED);
    answer.identity = smtp_text("guest");
    server_begin(&server, SMTP_MECH_ANONYMOUS, &config, 0);
    assert_int_equal(side_hear(&server, "sirhc"), SMTP_SASL_ASK);
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
    assert_text(smtp_sasl_identity(server.sasl), "guest");
    side_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_external_client),  cmocka_unit_test(test_external_server),
        cmocka_unit_test(test_external_refused), cmocka_unit_test(test_anonymous_client),
        cmocka_unit_test(test_anonymous_server), cmocka_unit_test(test_anonymous_refused),
    };
    return cmocka_run_group_tests_name("sasl/external", tests, NULL, NULL);
}
