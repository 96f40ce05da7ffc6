/* SPDX-License-Identifier: MIT
 * The client's side of SCRAM. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/scram_vectors.h"

static smtp_credentials user(void)
{
    return credentials_of("user", "pencil");
}

/* RFC 5802 5, RFC 7677 3. */
/* Shows: R5802-2.2-1 R5802-5-1 R5802-5-2 R7677-3-1 R4954-4-22 */
static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(scram_vectors); i++) {
        const scram_vector *vector = &scram_vectors[i];
        side client;
        smtp_credentials given = user();
        scram_client_begin(&client, vector, &given);
        assert_says(&client, vector->client_first);
        assert_int_equal(side_hear(&client, vector->server_first), SMTP_SASL_MORE);
        assert_says(&client, vector->client_final);
        assert_false(smtp_sasl_server_proved(client.sasl));
        assert_false(side_holds(&client, given.password));
        assert_int_equal(side_hear(&client, vector->server_final), SMTP_SASL_DONE);
        assert_says(&client, "");
        assert_true(smtp_sasl_server_proved(client.sasl));
        assert_int_equal(side_hear(&client, ""), SMTP_ERR_AUTH_PROTOCOL);
        side_end(&client);
    }
}

/* The nonce is the client's own, and another one each time. */
static void test_first(void **state)
{
    side first, second;
    smtp_credentials given = credentials_of("a,b=c", "pencil");
    (void)state;
    given.authzid = smtp_text("=,");
    client_begin(&first, SMTP_MECH_SCRAM_SHA_256, &given, 0);
    client_begin(&second, SMTP_MECH_SCRAM_SHA_256, &given, 0);
    second.state.seed++;
    assert_int_equal(side_step(&first, nothing), SMTP_SASL_MORE);
    assert_int_equal(side_hear(&second, ""), SMTP_SASL_MORE);
    assert_memory_equal(first.out.ptr, "n,a==3D=2C,n=a=2Cb=3Dc,r=", 25);
    assert_int_equal(first.out.len, 25 + 24);
    assert_int_equal(second.out.len, 25 + 24);
    assert_false(smtp_str_equal(first.out, second.out));
    side_end(&first);
    side_end(&second);
}

/* Shows: R5802-6-1 */
static void test_binding_flags(void **state)
{
    static const struct {
        int mechanism, binding;
        const char *data;
        uint32_t offered;
        const char *begins;
    } rows[] = {
        {SMTP_MECH_SCRAM_SHA_1, 0, NULL, 0, "n,,n="},
        {SMTP_MECH_SCRAM_SHA_1, 0, NULL, 1, "n,,n="},
        {SMTP_MECH_SCRAM_SHA_1, SMTP_BINDING_EXPORTER, "data", 0, "y,,n="},
        {SMTP_MECH_SCRAM_SHA_1, SMTP_BINDING_EXPORTER, "data", 1, "n,,n="},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, SMTP_BINDING_EXPORTER, "data", 1, "p=tls-exporter,,n="},
        {SMTP_MECH_SCRAM_SHA_256_PLUS, SMTP_BINDING_END_POINT, "data", 1,
         "p=tls-server-end-point,,n="},
        {SMTP_MECH_SCRAM_SHA_256_PLUS, SMTP_BINDING_UNIQUE, "data", 1, "p=tls-unique,,n="},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        smtp_credentials given = user();
        given.binding = rows[i].binding;
        given.binding_data = smtp_text(rows[i].data);
        given.plus_offered = rows[i].offered;
        client_begin(&client, rows[i].mechanism, &given, 0);
        assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
        assert_memory_equal(client.out.ptr, rows[i].begins, strlen(rows[i].begins));
        side_end(&client);
    }
}

/* The attribute "c" holds the header, and the data only with -PLUS (RFC 5802 7). */
/* Shows: R5802-6-1 */
static void test_binding_attribute(void **state)
{
    static const struct {
        int mechanism;
        const char *begins;
    } rows[] = {
        {SMTP_MECH_SCRAM_SHA_1, "c=eSws,r="},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "c=cD10bHMtdW5pcXVlLCxkYXRh,r="},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        scram_vector vector = scram_vectors[0];
        smtp_credentials given = user();
        given.binding = SMTP_BINDING_UNIQUE;
        given.binding_data = smtp_text("data");
        vector.mechanism = rows[i].mechanism;
        scram_client_begin(&client, &vector, &given);
        assert_int_equal(side_hear(&client, vector.server_first), SMTP_SASL_MORE);
        assert_memory_equal(client.out.ptr, rows[i].begins, strlen(rows[i].begins));
        side_end(&client);
    }
}

typedef struct verdict {
    const char *message;
    int result;
} verdict;

#define NONCE "r=fyko+d2lbbFgONRv9qkxdawL3rfc"
#define SALT ",s=QSXCR+Q6sek8bf92"

/* Shows: R5802-5-1 R5802-5.1-1 R5802-5.1-2 R5802-9-1 */
static void test_server_first(void **state)
{
    static const verdict rows[] = {
        {NONCE SALT ",i=4096", SMTP_SASL_MORE},
        {NONCE SALT ",i=4096,x=y,z=a=b", SMTP_SASL_MORE},
        {"r=fyko+d2lbbFgONRv9qkxdawL" SALT ",i=4096", SMTP_ERR_AUTH_SERVER},
        {"r=fyko+d2lbbFgONRv9qkxdawX3rfc" SALT ",i=4096", SMTP_ERR_AUTH_SERVER},
        {"r=xfyko+d2lbbFgONRv9qkxdawL3rfc" SALT ",i=4096", SMTP_ERR_AUTH_SERVER},
        {"r=f" SALT ",i=4096", SMTP_ERR_AUTH_SERVER},
        {NONCE SALT ",i=4095", SMTP_ERR_AUTH_SERVER},
        {NONCE SALT ",i=1", SMTP_ERR_AUTH_SERVER},
        {NONCE SALT ",i=1000001", SMTP_ERR_AUTH_SERVER},
        {NONCE SALT ",i=4294971392", SMTP_ERR_AUTH_SERVER},
        {NONCE SALT ",i=18446744073709555712", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=04096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=+4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=0x1000", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=0", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT, SMTP_ERR_AUTH_PROTOCOL},
        {NONCE ",i=4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE ",s=,i=4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE ",s=QSX,i=4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE ",s=QSXC R+Q,i=4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE ",i=4096" SALT, SMTP_ERR_AUTH_PROTOCOL},
        {"m=1," NONCE SALT ",i=4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=4096,m=1", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=4096,", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE " " SALT ",i=4096", SMTP_ERR_AUTH_PROTOCOL},
        {NONCE SALT ",i=4096,x=\xFF", SMTP_ERR_AUTH_PROTOCOL},
        {"e=other-error", SMTP_ERR_AUTH_PROTOCOL},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", SMTP_ERR_AUTH_PROTOCOL},
        {"", SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        smtp_credentials given = user();
        scram_client_begin(&client, &scram_vectors[0], &given);
        assert_int_equal(side_hear(&client, rows[i].message), rows[i].result);
        side_end(&client);
    }
}

/* Shows: R5802-5-1 R5802-5-2 R5802-5.1-1 */
static void test_server_final(void **state)
{
    static const verdict rows[] = {
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", SMTP_SASL_DONE},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=y", SMTP_SASL_DONE},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKU=", SMTP_ERR_AUTH_SERVER},
        {"v=smF9pqV8S7suAoZWja4dJRkFsKQ=", SMTP_ERR_AUTH_SERVER},
        {"v=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", SMTP_ERR_AUTH_SERVER},
        {"v=rmF9", SMTP_ERR_AUTH_SERVER},
        {"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", SMTP_ERR_AUTH_SERVER},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ", SMTP_ERR_AUTH_SERVER},
        {"v=", SMTP_ERR_AUTH_PROTOCOL},
        {"", SMTP_ERR_AUTH_PROTOCOL},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,m=1", SMTP_ERR_AUTH_PROTOCOL},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ= ", SMTP_ERR_AUTH_SERVER},
        {"x=y,v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", SMTP_ERR_AUTH_PROTOCOL},
        {"e=invalid-proof", SMTP_ERR_AUTH_FAILED},
        {"e=something-new,x=y", SMTP_ERR_AUTH_FAILED},
        {"e=", SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client;
        smtp_credentials given = user();
        scram_client_begin(&client, &scram_vectors[0], &given);
        assert_int_equal(side_hear(&client, scram_vectors[0].server_first), SMTP_SASL_MORE);
        assert_int_equal(side_hear(&client, rows[i].message), rows[i].result);
        assert_int_equal(smtp_sasl_server_proved(client.sasl), rows[i].result == SMTP_SASL_DONE);
        side_end(&client);
    }
}

/* A salt of the longest kind is taken, one octet more is not. */
static void test_salt_length(void **state)
{
    (void)state;
    for (size_t length = 63; length <= 65; length++) {
        side client;
        char message[256] = NONCE ",s=", salt[65] = {0};
        size_t at = strlen(message), coded;
        smtp_credentials given = user();
        scram_client_begin(&client, &scram_vectors[0], &given);
        assert_int_equal(
            smtp_base64_encode(message + at, sizeof message - at, &coded, octets_of(salt, length)),
            0);
        memcpy(message + at + coded, ",i=4096", 7);
        assert_int_equal(side_step(&client, octets_of(message, at + coded + 7)),
                         length <= 64 ? SMTP_SASL_MORE : SMTP_ERR_AUTH_PROTOCOL);
        side_end(&client);
    }
}

/* A message that fills the storage fails the exchange, and writes nothing behind it. */
static void test_long_message(void **state)
{
    static char message[4000] = NONCE SALT ",i=4096,x=";
    size_t begin = strlen(message);
    (void)state;
    memset(message + begin, 'x', sizeof message - begin);
    for (size_t length = begin + 1; length < sizeof message; length += 333) {
        side client;
        smtp_credentials given = user();
        scram_client_begin(&client, &scram_vectors[0], &given);
        int result = side_step(&client, octets_of(message, length));
        assert_true(result == SMTP_SASL_MORE || result == SMTP_ERR_NO_MEMORY);
        assert_true(length > 600 || result == SMTP_SASL_MORE);
        assert_true(length < smtp_sasl_bytes() || result == SMTP_ERR_NO_MEMORY);
        side_end(&client);
    }
}

/* Whatever call of the cryptography fails, the step fails and nothing is left. */
static void test_without_crypto(void **state)
{
    static const size_t calls[] = {1, 2, 4096, 4097, 4098, 4099, 4100, 4101};
    (void)state;
    for (size_t i = 0; i < ROWS(calls); i++) {
        side client;
        smtp_credentials given = user();
        scram_client_begin(&client, &scram_vectors[0], &given);
        client.state.fail_at = calls[i];
        assert_int_equal(side_hear(&client, scram_vectors[0].server_first), SMTP_ERR_ARGUMENT);
        assert_int_equal(client.state.calls, calls[i]);
        assert_int_equal(side_hear(&client, scram_vectors[0].server_final), SMTP_ERR_STATE);
        side_end(&client);
    }
    side client;
    smtp_credentials given = user();
    client_begin(&client, SMTP_MECH_SCRAM_SHA_256, &given, 0);
    client.state.fail_at = 1;
    assert_int_equal(side_step(&client, nothing), SMTP_ERR_ARGUMENT);
    side_end(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),        cmocka_unit_test(test_first),
        cmocka_unit_test(test_binding_flags),  cmocka_unit_test(test_binding_attribute),
        cmocka_unit_test(test_server_first),   cmocka_unit_test(test_server_final),
        cmocka_unit_test(test_salt_length),    cmocka_unit_test(test_long_message),
        cmocka_unit_test(test_without_crypto),
    };
    return cmocka_run_group_tests_name("sasl/scram_client", tests, NULL, NULL);
}
