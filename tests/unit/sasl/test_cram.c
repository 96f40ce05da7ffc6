/* SPDX-License-Identifier: MIT
 * CRAM-MD5. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

#define CHALLENGE "<1896.697170952@postoffice.reston.mci.net>"
#define RESPONSE "tim b913a602c7eda7a495b4e6e7334d3890"

/* RFC 2195 2. */
/* Shows: R2195-2-1 */
static void test_client(void **state)
{
    side client;
    smtp_credentials given = credentials_of("tim", "tanstaaftanstaaf");
    (void)state;
    client_begin(&client, SMTP_MECH_CRAM_MD5, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
    assert_null(client.out.ptr);
    assert_int_equal(side_hear(&client, CHALLENGE), SMTP_SASL_DONE);
    assert_says(&client, RESPONSE);
    assert_false(side_holds(&client, given.password));
    side_end(&client);
}

/* A server that has sent the challenge of RFC 2195 2. */
static void begin_with_vector(side *server)
{
    smtp_sasl_server_config config = config_of("postoffice.reston.mci.net");
    smtp_str challenge;
    server_begin(server, SMTP_MECH_CRAM_MD5, &config, 0);
    assert_int_equal(side_step(server, nothing), SMTP_SASL_MORE);
    smtp__sasl_clear(server->sasl);
    assert_int_equal(smtp__sasl_copy(server->sasl, smtp_text(CHALLENGE), &challenge), 0);
}

/* Shows: R2195-2-1 R2195-2-4 */
static void test_server(void **state)
{
    static const struct {
        const char *password;
        int verdict, result;
    } rows[] = {
        {"tanstaaftanstaaf", SMTP_SASL_ACCEPTED, SMTP_SASL_DONE},
        {"tanstaaftanstaaF", SMTP_SASL_ACCEPTED, SMTP_ERR_AUTH_FAILED},
        {"tanstaaftanstaaf", SMTP_SASL_REFUSED, SMTP_ERR_AUTH_FAILED},
        {NULL, SMTP_SASL_REFUSED, SMTP_ERR_AUTH_FAILED},
        {NULL, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {"tanstaaftanstaaf", SMTP_SASL_TRY_LATER, SMTP_ERR_AUTH_CANCELLED},
        {"tanstaaftanstaaf", SMTP_SASL_TRY_LATER + 1, SMTP_ERR_ARGUMENT},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_answer answer = answer_of(rows[i].verdict);
        begin_with_vector(&server);
        answer.password = smtp_text(rows[i].password);
        assert_int_equal(side_hear(&server, RESPONSE), SMTP_SASL_ASK);
        assert_int_equal(smtp_sasl_asked(server.sasl)->kind, SMTP_SASL_ASK_PASSWORD);
        assert_text(smtp_sasl_asked(server.sasl)->name, "tim");
        assert_int_equal(side_answer(&server, &answer), rows[i].result);
        assert_text(smtp_sasl_identity(server.sasl), rows[i].result == SMTP_SASL_DONE ? "tim" : "");
        side_end(&server);
    }
}

/* The form of a message identifier, another one each time, even within one moment. */
/* Shows: R2195-2-1 R2195-2-2 */
static void test_challenge(void **state)
{
    side first, second;
    smtp_sasl_server_config config = config_of("mx.example.com");
    (void)state;
    server_begin(&first, SMTP_MECH_CRAM_MD5, &config, 0);
    server_begin(&second, SMTP_MECH_CRAM_MD5, &config, 0);
    second.state.seed++;
    assert_int_equal(side_step(&first, nothing), SMTP_SASL_MORE);
    assert_int_equal(side_step(&second, nothing), SMTP_SASL_MORE);
    assert_int_equal(first.out.len, 1 + 32 + 1 + 14 + 1);
    assert_int_equal(first.out.ptr[0], '<');
    assert_memory_equal(first.out.ptr + 33, "@mx.example.com>", 16);
    assert_false(smtp_str_equal(first.out, second.out));
    side_end(&first);
    side_end(&second);
}

/* Shows: R2195-2-1 */
static void test_malformed(void **state)
{
    static const struct {
        const char *response;
        int result;
    } rows[] = {
        {"two words b913a602c7eda7a495b4e6e7334d3890", SMTP_SASL_ASK},
        {"t\xC3\xBC b913a602c7eda7a495b4e6e7334d3890", SMTP_SASL_ASK},
        {"", SMTP_ERR_AUTH_PROTOCOL},
        {"tim", SMTP_ERR_AUTH_PROTOCOL},
        {"b913a602c7eda7a495b4e6e7334d3890", SMTP_ERR_AUTH_PROTOCOL},
        {"tim b913a602c7eda7a495b4e6e7334d389", SMTP_ERR_AUTH_PROTOCOL},
        {"tim b913a602c7eda7a495b4e6e7334d38900", SMTP_ERR_AUTH_PROTOCOL},
        {"tim B913A602C7EDA7A495B4E6E7334D3890", SMTP_ERR_AUTH_PROTOCOL},
        {"tim b913a602c7eda7a495b4e6e7334d389g", SMTP_ERR_AUTH_PROTOCOL},
        {"timb913a602c7eda7a495b4e6e7334d3890", SMTP_ERR_AUTH_PROTOCOL},
        {" b913a602c7eda7a495b4e6e7334d3890", SMTP_ERR_AUTH_FAILED},
        {"t\tm b913a602c7eda7a495b4e6e7334d3890", SMTP_ERR_AUTH_FAILED},
        {"\xFF b913a602c7eda7a495b4e6e7334d3890", SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        begin_with_vector(&server);
        assert_int_equal(side_hear(&server, rows[i].response), rows[i].result);
        side_end(&server);
    }
}

/* One wrong digit in any place is a wrong digest. */
static void test_every_digit_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < 32; i++) {
        side server;
        char response[] = RESPONSE;
        smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
        begin_with_vector(&server);
        response[4 + i] = response[4 + i] == '0' ? '1' : '0';
        answer.password = smtp_text("tanstaaftanstaaf");
        assert_int_equal(side_hear(&server, response), SMTP_SASL_ASK);
        assert_int_equal(side_answer(&server, &answer), SMTP_ERR_AUTH_FAILED);
        side_end(&server);
    }
}

/* Names of 255 octets, and not of 256; a host name of 255 in the challenge. */
static void test_lengths(void **state)
{
    char host[256] = {0}, response[256 + 33];
    (void)state;
    memset(host, 'h', 255);
    for (size_t length = 254; length <= 256; length++) {
        side server;
        smtp_sasl_server_config config = config_of(host);
        smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
        memset(response, 'n', sizeof response);
        memcpy(response + length, " b913a602c7eda7a495b4e6e7334d3890", 33);
        server_begin(&server, SMTP_MECH_CRAM_MD5, &config, 0);
        assert_int_equal(side_step(&server, nothing), SMTP_SASL_MORE);
        assert_int_equal(server.out.len, 1 + 32 + 1 + 255 + 1);
        int result = side_step(&server, octets_of(response, length + 33));
        assert_int_equal(result, length <= 255 ? SMTP_SASL_ASK : SMTP_ERR_AUTH_FAILED);
        if (result == SMTP_SASL_ASK) {
            assert_int_equal(side_answer(&server, &answer), SMTP_ERR_AUTH_FAILED);
        }
        side_end(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client),    cmocka_unit_test(test_server),
        cmocka_unit_test(test_challenge), cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_lengths),   cmocka_unit_test(test_every_digit_counts),
    };
    return cmocka_run_group_tests_name("sasl/cram", tests, NULL, NULL);
}
