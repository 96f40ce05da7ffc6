/* SPDX-License-Identifier: MIT
 * What both sides of SCRAM share: keys, nonces and attributes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"
#include "sasl/scram.h"

/* The keys of the examples (RFC 5802 5, RFC 7677 3): what they sign is what the RFCs show. */
/* Shows: R5802-2.2-1 R7677-3-1 */
static void test_keys(void **state)
{
    static const struct {
        int hash;
        const char *salt, *message, *signature;
    } rows[] = {
        {SMTP_HASH_SHA1, "QSXCR+Q6sek8bf92",
         "n=user,r=fyko+d2lbbFgONRv9qkxdawL,"
         "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096,"
         "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
         "rmF9pqV8S7suAoZWja4dJRkFsKQ="},
        {SMTP_HASH_SHA256, "W22ZaJ0SNY7soEsUEjb6gQ==",
         "n=user,r=rOprNGfwEbeRWgbNEkqO,"
         "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
         "i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
         "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        crypto_state crypto = {0, 0, 1};
        smtp_crypto functions = crypto_of(&crypto);
        unsigned char stored[SMTP_SASL_DIGEST_MAX], server[SMTP_SASL_DIGEST_MAX];
        unsigned char signature[SMTP_SASL_DIGEST_MAX], expected[SMTP_SASL_DIGEST_MAX];
        char salt[SMTP_SASL_SALT_MAX];
        size_t length = crypto_length(rows[i].hash), salt_length;
        assert_int_equal(
            smtp_base64_decode(salt, sizeof salt, &salt_length, smtp_text(rows[i].salt)), 0);
        assert_int_equal(smtp_scram_keys(&functions, rows[i].hash, smtp_text("pencil"),
                                         octets_of(salt, salt_length), 4096, stored, server),
                         0);
        crypto_keyed(rows[i].hash, octets_of((char *)server, length), smtp_text(rows[i].message),
                     signature);
        assert_int_equal(smtp__scram_decode(smtp_text(rows[i].signature), expected, length), 0);
        assert_memory_equal(signature, expected, length);
    }
}

/* Shows: R5802-9-1 R7677-4-1 */
static void test_keys_refused(void **state)
{
    static const struct {
        int hash;
        const char *password;
        size_t salt;
        uint32_t iterations;
        int error;
    } rows[] = {
        {SMTP_HASH_SHA1, "pencil", 64, 4096, 0},
        {SMTP_HASH_SHA1, "pencil", 1, 4096, 0},
        {SMTP_HASH_SHA1, "pencil", 65, 4096, SMTP_ERR_ARGUMENT},
        {SMTP_HASH_SHA1, "pencil", 0, 4096, SMTP_ERR_ARGUMENT},
        {SMTP_HASH_SHA1, "pencil", 16, 4095, SMTP_ERR_ARGUMENT},
        {SMTP_HASH_SHA1, "pencil", 16, 1000001, SMTP_ERR_ARGUMENT},
        {SMTP_HASH_SHA1, "", 16, 4096, SMTP_ERR_ARGUMENT},
        {SMTP_HASH_SHA1, "pen\ncil", 16, 4096, SMTP_ERR_ARGUMENT},
        {SMTP_HASH_NONE, "pencil", 16, 4096, SMTP_ERR_ARGUMENT},
        {4, "pencil", 16, 4096, SMTP_ERR_ARGUMENT},
    };
    char salt[65] = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        crypto_state crypto = {0, 0, 1};
        smtp_crypto functions = crypto_of(&crypto);
        unsigned char stored[SMTP_SASL_DIGEST_MAX], server[SMTP_SASL_DIGEST_MAX];
        assert_int_equal(smtp_scram_keys(&functions, rows[i].hash, smtp_text(rows[i].password),
                                         octets_of(salt, rows[i].salt), rows[i].iterations, stored,
                                         server),
                         rows[i].error);
        assert_int_equal(smtp_scram_keys(NULL, rows[i].hash, smtp_text(rows[i].password),
                                         octets_of(salt, rows[i].salt), rows[i].iterations, stored,
                                         server),
                         SMTP_ERR_UNSUPPORTED);
    }
}

/* Whatever call fails, the keys fail. */
static void test_keys_without_crypto(void **state)
{
    (void)state;
    for (size_t call = 4096; call <= 4099; call++) {
        crypto_state crypto = {0, call, 1};
        smtp_crypto functions = crypto_of(&crypto);
        unsigned char stored[SMTP_SASL_DIGEST_MAX], server[SMTP_SASL_DIGEST_MAX];
        assert_int_equal(smtp_scram_keys(&functions, SMTP_HASH_SHA1, smtp_text("pencil"),
                                         smtp_text("salt"), 4096, stored, server),
                         SMTP_ERR_ARGUMENT);
        assert_int_equal(crypto.calls, call);
    }
}

static void test_nonce(void **state)
{
    crypto_state crypto = {0, 0, 77};
    smtp_crypto functions = crypto_of(&crypto);
    char first[SMTP__NONCE], second[SMTP__NONCE];
    (void)state;
    assert_int_equal(smtp__scram_nonce(&functions, first), 0);
    assert_int_equal(smtp__scram_nonce(&functions, second), 0);
    assert_memory_not_equal(first, second, sizeof first);
    assert_true(smtp__sasl_visible(octets_of(first, sizeof first)));
    assert_null(memchr(first, ',', sizeof first));
    crypto.fail_at = crypto.calls + 1;
    assert_int_equal(smtp__scram_nonce(&functions, first), SMTP_ERR_ARGUMENT);
}

/* Shows: R5802-5.1-1 */
static void test_extensions(void **state)
{
    static const struct {
        const char *text;
        char last;
        int error;
    } rows[] = {
        {"", '\0', 0},
        {",x=1", '\0', 0},
        {",x=a=b,y=\xC3\xBC,Z=z", '\0', 0},
        {",p=proof", 'p', 0},
        {",x=1,p=proof", 'p', 0},
        {"", 'p', SMTP_ERR_AUTH_PROTOCOL},
        {",x=1", 'p', SMTP_ERR_AUTH_PROTOCOL},
        {",p=proof,x=1", 'p', SMTP_ERR_AUTH_PROTOCOL},
        {",m=1", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",x=1,m=1", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",m=1,p=proof", 'p', SMTP_ERR_AUTH_PROTOCOL},
        {",", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",x", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",x=", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",xy=1", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",1=1", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",=1", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {"x=1", '\0', SMTP_ERR_AUTH_PROTOCOL},
        {",x=1,", '\0', SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str value;
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        smtp__cursor cursor = smtp__cursor_start(copy);
        assert_int_equal(smtp__scram_take_end(&cursor, rows[i].last, &value), rows[i].error);
        if (rows[i].error == 0 && rows[i].last == 'p') {
            assert_text(value, "proof");
        }
        octets_free(copy);
    }
}

static void test_attributes(void **state)
{
    smtp_str value;
    smtp__cursor cursor = smtp__cursor_start(smtp_text("s=QQ==,i=1"));
    (void)state;
    assert_int_equal(smtp__scram_take(&cursor, 's', &value), 0);
    assert_text(value, "QQ==");
    assert_true(smtp__take(&cursor, ','));
    assert_int_equal(smtp__scram_take(&cursor, 'r', &value), SMTP_ERR_AUTH_PROTOCOL);
    cursor = smtp__cursor_start(smtp_text("r=a b"));
    assert_int_equal(smtp__scram_take_nonce(&cursor, &value), SMTP_ERR_AUTH_PROTOCOL);
    cursor = smtp__cursor_start(smtp_text("r="));
    assert_int_equal(smtp__scram_take_nonce(&cursor, &value), SMTP_ERR_AUTH_PROTOCOL);
    cursor = smtp__cursor_start(smtp_text("r=!~"));
    assert_int_equal(smtp__scram_take_nonce(&cursor, &value), 0);
    assert_int_equal(smtp__scram_check(OCTETS("a\0")), SMTP_ERR_AUTH_PROTOCOL);
    assert_int_equal(smtp__scram_check(OCTETS("a\xFF")), SMTP_ERR_AUTH_PROTOCOL);
    assert_int_equal(smtp__scram_check(OCTETS("a\xC3\xBC")), 0);
}

/* Base64 over two runs is that of both as one, wherever they meet. */
static void test_binding(void **state)
{
    static const char octets[] = "p=tls-unique,,0123456789abcdef";
    (void)state;
    for (size_t cut = 1; cut < sizeof octets; cut++) {
        side server;
        char expected[64] = "c=";
        size_t length;
        smtp_sasl_server_config config = config_of(NULL);
        server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
        assert_int_equal(smtp_base64_encode(expected + 2, sizeof expected - 2, &length,
                                            octets_of(octets, sizeof octets - 1)),
                         0);
        smtp__put_str(&server.sasl->text, octets_of(octets, cut));
        server.sasl->header_length = cut;
        server.sasl->binding = octets_of(octets + cut, sizeof octets - 1 - cut);
        smtp__scram_put_binding(server.sasl);
        assert_octets(smtp__scram_auth_message(server.sasl), octets_of(expected, length + 2));
        side_end(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_keys_refused),
        cmocka_unit_test(test_keys_without_crypto),
        cmocka_unit_test(test_nonce),
        cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_binding),
    };
    return cmocka_run_group_tests_name("sasl/scram", tests, NULL, NULL);
}
