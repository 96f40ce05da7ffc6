/* SPDX-License-Identifier: MIT
 * The beginnings of exchanges: what each mechanism needs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

enum { NAME = 1, PASSWORD = 2, TOKEN = 4, BINDING = 8, AUTHZID = 16, CRYPTO = 32 };

/* Whether a client begins with these. */
static int client_error(int mechanism, int has)
{
    side client;
    smtp_credentials given =
        credentials_of(has & NAME ? "name" : NULL, has & PASSWORD ? "password" : NULL);
    given.token = smtp_text(has & TOKEN ? "token" : NULL);
    given.binding = has & BINDING ? SMTP_BINDING_EXPORTER : SMTP_BINDING_NONE;
    given.binding_data = smtp_text(has & BINDING ? "exported" : NULL);
    given.authzid = smtp_text(has & AUTHZID ? "other" : NULL);
    side_prepare(&client, 0);
    int error = smtp_sasl_client_init(&client.sasl, client.storage, client.bytes, mechanism, &given,
                                      has & CRYPTO ? &client.crypto : NULL);
    assert_true((error == 0) == (client.sasl != NULL));
    side_end(&client);
    return error;
}

/* Each mechanism begins with all that it needs and never without one thing of it. */
/* Shows: R4422-3.1-1 R4954-4-29 R4954-4-30 R7677-3-1 */
static void test_needs(void **state)
{
    static const struct {
        int mechanism, needs, can;
    } rows[] = {
        {SMTP_MECH_PLAIN, NAME | PASSWORD, AUTHZID},
        {SMTP_MECH_LOGIN, NAME | PASSWORD, 0},
        {SMTP_MECH_CRAM_MD5, NAME | PASSWORD | CRYPTO, 0},
        {SMTP_MECH_SCRAM_SHA_1, NAME | PASSWORD | CRYPTO, AUTHZID},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, NAME | PASSWORD | CRYPTO | BINDING, AUTHZID},
        {SMTP_MECH_SCRAM_SHA_256, NAME | PASSWORD | CRYPTO, AUTHZID},
        {SMTP_MECH_SCRAM_SHA_256_PLUS, NAME | PASSWORD | CRYPTO | BINDING, AUTHZID},
        {SMTP_MECH_OAUTHBEARER, TOKEN, AUTHZID},
        {SMTP_MECH_XOAUTH2, NAME | TOKEN, AUTHZID},
        {SMTP_MECH_EXTERNAL, 0, AUTHZID},
        {SMTP_MECH_ANONYMOUS, 0, 0},
    };
    const int all = NAME | PASSWORD | TOKEN | BINDING | CRYPTO;
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(client_error(rows[i].mechanism, rows[i].needs), 0);
        assert_int_equal(client_error(rows[i].mechanism, all), 0);
        assert_int_equal(client_error(rows[i].mechanism, all | AUTHZID),
                         rows[i].can & AUTHZID ? 0 : SMTP_ERR_ARGUMENT);
        for (int one = NAME; one <= CRYPTO; one *= 2) {
            if (rows[i].needs & one) {
                assert_int_equal(client_error(rows[i].mechanism, all & ~one),
                                 one == CRYPTO ? SMTP_ERR_UNSUPPORTED : SMTP_ERR_ARGUMENT);
            }
        }
    }
    assert_int_equal(client_error(0, all), SMTP_ERR_UNSUPPORTED);
    assert_int_equal(client_error(SMTP_MECH_PLAIN | SMTP_MECH_LOGIN, all), SMTP_ERR_UNSUPPORTED);
    assert_int_equal(client_error(1 << 11, all), SMTP_ERR_UNSUPPORTED);
}

/* No credential with a line end, a NUL or octets that are no text gets anywhere. */
/* Shows: R4616-2-1 */
static void test_text(void **state)
{
    static const smtp_str wrong[] = {{"a\r\nQUIT", 7}, {"a\0b", 3}, {"\xFC", 1}, {"a\x7F", 2}};
    (void)state;
    for (size_t i = 0; i < 5 * ROWS(wrong); i++) {
        side client;
        smtp_credentials given = credentials_of("name", "password");
        smtp_str *members[] = {&given.authzid, &given.name, &given.password, &given.token,
                               &given.host};
        given.token = smtp_text("token");
        *members[i % 5] = wrong[i / 5];
        side_prepare(&client, 0);
        assert_int_equal(side_client(&client, SMTP_MECH_OAUTHBEARER, &given), SMTP_ERR_ARGUMENT);
        side_end(&client);
    }
}

/* Shows: R4616-2-3 */
static void test_lengths(void **state)
{
    static char octets[1021];
    static const struct {
        int mechanism;
        size_t member, max;
    } rows[] = {
        {SMTP_MECH_PLAIN, 0, 255},
        {SMTP_MECH_PLAIN, 1, 255},
        {SMTP_MECH_PLAIN, 2, 255},
        {SMTP_MECH_ANONYMOUS, 1, 1020},
    };
    (void)state;
    memset(octets, 'o', sizeof octets);
    for (size_t i = 0; i < ROWS(rows); i++) {
        for (size_t length = rows[i].max - 1; length <= rows[i].max + 1; length++) {
            side client;
            smtp_credentials given = credentials_of("name", "password");
            smtp_str *members[] = {&given.authzid, &given.name, &given.password};
            *members[rows[i].member] = octets_of(octets, length);
            side_prepare(&client, 0);
            int error = side_client(&client, rows[i].mechanism, &given);
            assert_int_equal(error, length <= rows[i].max ? 0 : SMTP_ERR_ARGUMENT);
            if (error == 0) {
                assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
            }
            side_end(&client);
        }
    }
}

static void test_binding_and_port(void **state)
{
    static const struct {
        int binding;
        uint32_t port;
        int error;
    } rows[] = {
        {SMTP_BINDING_UNIQUE, 65535, 0},
        {SMTP_BINDING_UNIQUE, 65536, SMTP_ERR_ARGUMENT},
        {SMTP_BINDING_NONE, 0, SMTP_ERR_ARGUMENT},
        {SMTP_BINDING_UNIQUE + 1, 0, SMTP_ERR_ARGUMENT},
        {-1, 0, SMTP_ERR_ARGUMENT},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        smtp_credentials given = credentials_of("name", "password");
        given.binding = rows[i].binding;
        given.binding_data = smtp_text("data");
        given.port = rows[i].port;
        side_prepare(&client, 0);
        assert_int_equal(side_client(&client, SMTP_MECH_SCRAM_SHA_1_PLUS, &given), rows[i].error);
        side_end(&client);
    }
}

static void test_server(void **state)
{
    char host[256];
    static const struct {
        int mechanism;
        const char *hostname, *secret, *unique;
        int error;
    } rows[] = {
        {SMTP_MECH_PLAIN, NULL, NULL, NULL, 0},
        {SMTP_MECH_CRAM_MD5, "mx.example.com", NULL, NULL, 0},
        {SMTP_MECH_CRAM_MD5, NULL, NULL, NULL, SMTP_ERR_ARGUMENT},
        {SMTP_MECH_CRAM_MD5, "mx example", NULL, NULL, SMTP_ERR_ARGUMENT},
        {SMTP_MECH_SCRAM_SHA_1, NULL, NULL, NULL, 0},
        {SMTP_MECH_SCRAM_SHA_1, NULL, "sixteen octets..", NULL, 0},
        {SMTP_MECH_SCRAM_SHA_1, NULL, "fifteen octets.", NULL, SMTP_ERR_ARGUMENT},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, NULL, NULL, "unique", 0},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, NULL, NULL, NULL, SMTP_ERR_ARGUMENT},
        {1 << 11, NULL, NULL, NULL, SMTP_ERR_UNSUPPORTED},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_server_config config = config_of(rows[i].hostname);
        config.fake_secret = smtp_text(rows[i].secret);
        config.unique = smtp_text(rows[i].unique);
        side_prepare(&server, 0);
        assert_int_equal(side_server(&server, rows[i].mechanism, &config), rows[i].error);
        side_end(&server);
    }
    memset(host, 'h', sizeof host);
    for (size_t length = 255; length <= 256; length++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        config.hostname = octets_of(host, length);
        side_prepare(&server, 0);
        assert_int_equal(side_server(&server, SMTP_MECH_CRAM_MD5, &config),
                         length == 255 ? 0 : SMTP_ERR_ARGUMENT);
        side_end(&server);
    }
}

static void test_arguments(void **state)
{
    side client;
    struct {
        smtp_credentials known;
        char newer[8];
    } later;
    smtp_credentials given = credentials_of("name", "password");
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    side_prepare(&client, 0);
    assert_int_equal(
        smtp_sasl_client_init(NULL, client.storage, client.bytes, SMTP_MECH_PLAIN, &given, NULL),
        SMTP_ERR_ARGUMENT);
    client.sasl = (void *)client.storage; /* whatever stood there */
    assert_int_equal(
        smtp_sasl_client_init(&client.sasl, NULL, client.bytes, SMTP_MECH_PLAIN, &given, NULL),
        SMTP_ERR_ARGUMENT);
    assert_null(client.sasl);
    assert_int_equal(side_client(&client, SMTP_MECH_PLAIN, NULL), SMTP_ERR_ARGUMENT);
    assert_int_equal(side_server(&client, SMTP_MECH_PLAIN, NULL), SMTP_ERR_ARGUMENT);
    given.size = config.size = 0;
    assert_int_equal(side_client(&client, SMTP_MECH_PLAIN, &given), SMTP_ERR_ARGUMENT);
    assert_int_equal(side_server(&client, SMTP_MECH_PLAIN, &config), SMTP_ERR_ARGUMENT);
    memset(&later, 0, sizeof later);
    later.known = credentials_of("name", "password");
    later.known.size = sizeof later;
    later.newer[7] = 1;
    assert_int_equal(side_client(&client, SMTP_MECH_PLAIN, &later.known), SMTP_ERR_NEWER);
    client.bytes--;
    later.newer[7] = 0;
    assert_int_equal(side_client(&client, SMTP_MECH_PLAIN, &later.known), SMTP_ERR_NO_MEMORY);
    config = config_of(NULL);
    assert_int_equal(side_server(&client, SMTP_MECH_PLAIN, &config), SMTP_ERR_NO_MEMORY);
    client.bytes++;
    assert_int_equal(side_client(&client, SMTP_MECH_PLAIN, &later.known), 0);
    side_end(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needs),   cmocka_unit_test(test_text),
        cmocka_unit_test(test_lengths), cmocka_unit_test(test_binding_and_port),
        cmocka_unit_test(test_server),  cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests_name("sasl/begin", tests, NULL, NULL);
}
