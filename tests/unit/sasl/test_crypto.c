/* SPDX-License-Identifier: MIT
 * The cryptography of the tests against the RFCs' vectors, and the library's PBKDF2 over it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/crypto.h"
#include "sasl/exchange.h"

typedef struct vector {
    int hash;
    smtp_str key;
    smtp_str data;
    const char *hex;
} vector;

#define STR(literal)                                                                               \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define TEN(text) text text text text text text text text text text
#define AA80 TEN("\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa")

static void assert_hex(const unsigned char *octets, size_t len, const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    assert_int_equal(strlen(hex), 2 * len);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(hex[2 * i], digits[octets[i] >> 4]);
        assert_int_equal(hex[2 * i + 1], digits[octets[i] & 15]);
    }
}

/* RFC 1321 A.5, RFC 3174 7.3, RFC 6234 8.5. */
static void test_digests(void **state)
{
    static const vector rows[] = {
        {SMTP_HASH_MD5, STR(""), STR(""), "d41d8cd98f00b204e9800998ecf8427e"},
        {SMTP_HASH_MD5, STR(""), STR("message digest"), "f96b697d7cb7938d525a2f31aaf161d0"},
        {SMTP_HASH_MD5, STR(""),
         STR("1234567890123456789012345678901234567890"
             "1234567890123456789012345678901234567890"),
         "57edf4a22be3c955ac49da2e2107b67a"},
        {SMTP_HASH_SHA1, STR(""), STR("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {SMTP_HASH_SHA1, STR(""), STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
        {SMTP_HASH_SHA256, STR(""), STR("abc"),
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {SMTP_HASH_SHA256, STR(""), STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        unsigned char out[SMTP_SASL_DIGEST_MAX];
        crypto_digest(rows[i].hash, rows[i].data, out);
        assert_hex(out, smtp__digest_length(rows[i].hash), rows[i].hex);
    }
}

/* RFC 2202 2 and 3, RFC 4231 4. */
/* Shows: R2195-2-3 */
static void test_hmac(void **state)
{
    static const vector rows[] = {
        {SMTP_HASH_MD5, STR("Jefe"), STR("what do ya want for nothing?"),
         "750c783e6ab0b503eaa86e310a5db738"},
        {SMTP_HASH_MD5, STR(AA80), STR("Test Using Larger Than Block-Size Key - Hash Key First"),
         "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
        {SMTP_HASH_SHA1, STR("Jefe"), STR("what do ya want for nothing?"),
         "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {SMTP_HASH_SHA256, STR("Jefe"), STR("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {SMTP_HASH_SHA256, STR(AA80 TEN("\xaa\xaa\xaa\xaa\xaa") "\xaa"),
         STR("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        unsigned char out[SMTP_SASL_DIGEST_MAX];
        crypto_state crypto = {0, 0, 1};
        smtp_crypto functions = crypto_of(&crypto);
        assert_int_equal(smtp__hmac(&functions, rows[i].hash, rows[i].key, rows[i].data, out), 0);
        assert_hex(out, smtp__digest_length(rows[i].hash), rows[i].hex);
    }
}

static const struct pbkdf2_vector {
    int hash;
    const char *password, *salt;
    uint32_t iterations;
    const char *hex;
} pbkdf2_rows[] = {
    {SMTP_HASH_SHA1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
    {SMTP_HASH_SHA1, "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
    {SMTP_HASH_SHA1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"},
    {SMTP_HASH_SHA256, "passwd", "salt", 1,
     "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"},
};

/* RFC 6070 2; RFC 7914 11, its first block. */
/* Shows: R5802-2.2-1 */
static void test_pbkdf2(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(pbkdf2_rows); i++) {
        const struct pbkdf2_vector *row = &pbkdf2_rows[i];
        unsigned char out[SMTP_SASL_DIGEST_MAX];
        crypto_state crypto = {0, 0, 1};
        smtp_crypto functions = crypto_of(&crypto);
        assert_int_equal(smtp__pbkdf2(&functions, row->hash, smtp_text(row->password),
                                      smtp_text(row->salt), row->iterations, out),
                         0);
        assert_hex(out, smtp__digest_length(row->hash), row->hex);
        assert_int_equal(crypto.calls, row->iterations);
    }
}

static int other_pbkdf2(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                        unsigned char *out, void *user)
{
    memset(out, 0x77, crypto_length(hash));
    assert_non_null(password.ptr);
    assert_int_equal(salt.len, 4);
    return iterations == 7 ? 0 : *(int *)user;
}

/* Where the caller has one, it is used, and its failure is seen. */
static void test_callers_pbkdf2(void **state)
{
    unsigned char out[SMTP_SASL_DIGEST_MAX];
    int failure = -9;
    smtp_crypto functions = {sizeof functions, crypto_hash,   crypto_hmac,
                             other_pbkdf2,     crypto_random, &failure};
    (void)state;
    assert_int_equal(smtp__pbkdf2(&functions, SMTP_HASH_SHA1, nothing, smtp_text("salt"), 7, out),
                     0);
    assert_int_equal(out[19], 0x77);
    assert_int_equal(smtp__pbkdf2(&functions, SMTP_HASH_SHA1, nothing, smtp_text("salt"), 8, out),
                     SMTP_ERR_ARGUMENT);
}

static void test_failures(void **state)
{
    unsigned char out[SMTP_SASL_DIGEST_MAX];
    (void)state;
    for (size_t call = 1; call <= 3; call++) {
        crypto_state crypto = {0, call, 1};
        smtp_crypto functions = crypto_of(&crypto);
        assert_int_equal(smtp__pbkdf2(&functions, SMTP_HASH_SHA256, smtp_text("password"),
                                      smtp_text("salt"), 3, out),
                         SMTP_ERR_ARGUMENT);
        assert_int_equal(crypto.calls, call);
    }
    crypto_state crypto = {0, 1, 1};
    smtp_crypto functions = crypto_of(&crypto);
    assert_int_equal(smtp__hash(&functions, SMTP_HASH_SHA1, nothing, out), SMTP_ERR_ARGUMENT);
    crypto.calls = 0;
    assert_int_equal(smtp__random(&functions, out, 5), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp__random(&functions, out, 5), 0);
}

static void test_check(void **state)
{
    crypto_state crypto = {0, 0, 1};
    smtp_crypto functions = crypto_of(&crypto);
    (void)state;
    assert_int_equal(smtp__crypto_check(NULL), SMTP_ERR_UNSUPPORTED);
    assert_int_equal(smtp__crypto_check(&functions), 0);
    functions.hmac = NULL;
    assert_int_equal(smtp__crypto_check(&functions), SMTP_ERR_UNSUPPORTED);
    functions = crypto_of(&crypto);
    functions.size--;
    assert_int_equal(smtp__crypto_check(&functions), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp__digest_length(SMTP_HASH_NONE), 0);
    assert_int_equal(smtp__digest_length(SMTP_HASH_SHA256 + 1), 0);
    assert_int_equal(smtp__digest_length(-1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digests),  cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_pbkdf2),   cmocka_unit_test(test_callers_pbkdf2),
        cmocka_unit_test(test_failures), cmocka_unit_test(test_check),
    };
    return cmocka_run_group_tests_name("sasl/crypto", tests, NULL, NULL);
}
