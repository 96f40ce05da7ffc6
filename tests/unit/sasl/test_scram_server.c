/* SPDX-License-Identifier: MIT
 * The server's side of SCRAM. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "sasl/scram_vectors.h"

/* RFC 5802 5, RFC 7677 3, out of stored keys and out of a password. */
/* Shows: R5802-2.2-1 R5802-5-1 R7677-3-1 R4954-4-22 */
static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * ROWS(scram_vectors); i++) {
        const scram_vector *vector = &scram_vectors[i / 2];
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = scram_answer(vector);
        if (i % 2 == 1) {
            answer.stored_key = answer.server_key = nothing;
            answer.iterations = 0;
            answer.password = smtp_text("pencil");
        }
        scram_server_begin(&server, vector, &config, &answer);
        assert_says(&server, vector->server_first);
        assert_false(side_holds(&server, smtp_text("pencil")));
        assert_int_equal(side_hear(&server, vector->client_final), SMTP_SASL_MORE);
        assert_says(&server, vector->server_final);
        assert_null(smtp_sasl_identity(server.sasl).ptr);
        answer = scram_answer(vector);
        assert_false(side_holds(&server, answer.stored_key));
        assert_false(side_holds(&server, answer.server_key));
        assert_int_equal(side_hear(&server, ""), SMTP_SASL_DONE);
        assert_null(server.out.ptr);
        assert_text(smtp_sasl_identity(server.sasl), "user");
        side_end(&server);
    }
}

/* What follows the server's last message must be empty. */
static void test_end(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = scram_answer(&scram_vectors[0]);
    (void)state;
    scram_server_begin(&server, &scram_vectors[0], &config, &answer);
    assert_int_equal(side_hear(&server, scram_vectors[0].client_final), SMTP_SASL_MORE);
    assert_int_equal(side_hear(&server, "x"), SMTP_ERR_AUTH_PROTOCOL);
    assert_null(smtp_sasl_identity(server.sasl).ptr);
    side_end(&server);
}

typedef struct verdict {
    const char *message;
    int result;
} verdict;

/* Shows: R5802-5-1 R5802-5.1-1 R5802-5.1-3 */
static void test_client_first(void **state)
{
    static const verdict rows[] = {
        {"n,,n=user,r=nonce", SMTP_SASL_ASK},
        {"n,,n=user,r=n", SMTP_SASL_ASK},
        {"y,,n=user,r=nonce", SMTP_SASL_ASK},
        {"n,,n=user,r=nonce,x=y,z=1", SMTP_SASL_ASK},
        {"n,a=other,n=user,r=nonce", SMTP_SASL_ASK},
        {"", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,", SMTP_ERR_AUTH_PROTOCOL},
        {"F,,n=user,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n=user,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,r=nonce,n=user", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=user", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=user,r=", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=user,r=no nce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=user,r=n\xC3\xBC", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,m=1,n=user,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=user,r=nonce,m=1", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=us=er,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=us=2cer,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,a==,n=user,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=\xFF,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
        {"n,,n=us\ner,r=nonce", SMTP_ERR_AUTH_FAILED},
        {"n,,n=user,r=nonce,", SMTP_ERR_AUTH_PROTOCOL},
        {"p=tls-unique,,n=user,r=nonce", SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        config.unique = smtp_text("unique");
        server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
        assert_int_equal(side_hear(&server, rows[i].message), rows[i].result);
        side_end(&server);
    }
}

/* The question shows the names decoded; the AuthMessage keeps them as they came. */
/* Shows: R5802-5.1-3 R4422-3.4.1-1 */
static void test_names(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
    (void)state;
    answer.password = smtp_text("pencil");
    server_begin(&server, SMTP_MECH_SCRAM_SHA_256, &config, 0);
    assert_int_equal(side_hear(&server, "n,a=o=2Cther,n=u=3Dser,r=nonce"), SMTP_SASL_ASK);
    assert_text(smtp_sasl_asked(server.sasl)->authzid, "o,ther");
    assert_text(smtp_sasl_asked(server.sasl)->name, "u=ser");
    assert_int_equal(smtp_sasl_asked(server.sasl)->kind, SMTP_SASL_ASK_KEYS);
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_MORE);
    smtp_str message = smtp__scram_auth_message(server.sasl);
    assert_memory_equal(message.ptr, "n=u=3Dser,r=nonce,r=nonce", 25);
    side_end(&server);
}

/* Shows: R5802-6-1 */
static void test_binding(void **state)
{
    static const struct {
        int mechanism;
        const char *flag;
        uint32_t offered;
        int result;
    } rows[] = {
        {SMTP_MECH_SCRAM_SHA_1, "n", 1, SMTP_SASL_ASK},
        {SMTP_MECH_SCRAM_SHA_1, "y", 0, SMTP_SASL_ASK},
        {SMTP_MECH_SCRAM_SHA_1, "y", 1, SMTP_ERR_AUTH_FAILED},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "p=tls-exporter", 1, SMTP_SASL_ASK},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "p=tls-server-end-point", 1, SMTP_SASL_ASK},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "p=tls-unique", 1, SMTP_ERR_AUTH_FAILED},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "p=tls-other", 1, SMTP_ERR_AUTH_FAILED},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "p=", 1, SMTP_ERR_AUTH_FAILED},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "n", 1, SMTP_ERR_AUTH_PROTOCOL},
        {SMTP_MECH_SCRAM_SHA_1_PLUS, "y", 1, SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        char message[80];
        smtp_sasl_server_config config = config_of(NULL);
        config.exporter = smtp_text("exported");
        config.end_point = smtp_text("certificate");
        config.plus_offered = rows[i].offered;
        server_begin(&server, rows[i].mechanism, &config, 0);
        memcpy(message, rows[i].flag, strlen(rows[i].flag));
        memcpy(message + strlen(rows[i].flag), ",,n=user,r=nonce", 17);
        assert_int_equal(side_hear(&server, message), rows[i].result);
        side_end(&server);
    }
}

#define NONCE "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j"
#define PROOF ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="

/* Shows: R5802-5-1 R5802-5.1-1 R5802-6-1 */
static void test_client_final(void **state)
{
    static const verdict rows[] = {
        {"c=biws," NONCE PROOF, SMTP_SASL_MORE},
        {"c=biws," NONCE ",x=y" PROOF, SMTP_ERR_AUTH_FAILED}, /* it is not what was signed */
        {"c=biws," NONCE ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Tw=", SMTP_ERR_AUTH_FAILED},
        {"c=eSws," NONCE PROOF, SMTP_ERR_AUTH_FAILED},
        {"c=biw=," NONCE PROOF, SMTP_ERR_AUTH_FAILED},
        {"c=biwsQUFB," NONCE PROOF, SMTP_ERR_AUTH_FAILED},
        {"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7k" PROOF, SMTP_ERR_AUTH_FAILED},
        {"c=biws,r=fyko+d2lbbFgONRv9qkxdawL" PROOF, SMTP_ERR_AUTH_FAILED},
        {"c=biws," NONCE "x" PROOF, SMTP_ERR_AUTH_FAILED},
        {"c=biws," NONCE ",p=v0X8", SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws," NONCE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws," NONCE ",p=", SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws," NONCE, SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws," NONCE PROOF ",x=y", SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws," NONCE ",m=1" PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws" PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {"c=," NONCE PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {NONCE PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {NONCE ",c=biws" PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {"x=y,c=biws," NONCE PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {"c=biws," NONCE ",x=\xFF" PROOF, SMTP_ERR_AUTH_PROTOCOL},
        {"", SMTP_ERR_AUTH_PROTOCOL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = scram_answer(&scram_vectors[0]);
        scram_server_begin(&server, &scram_vectors[0], &config, &answer);
        assert_int_equal(side_hear(&server, rows[i].message), rows[i].result);
        side_end(&server);
    }
}

/* A user who is refused is led to the end, and fails there even with the right proof. */
static void test_refused(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = scram_answer(&scram_vectors[0]);
    (void)state;
    answer.verdict = SMTP_SASL_REFUSED;
    scram_server_begin(&server, &scram_vectors[0], &config, &answer);
    assert_says(&server, scram_vectors[0].server_first);
    assert_int_equal(side_hear(&server, scram_vectors[0].client_final), SMTP_ERR_AUTH_FAILED);
    side_end(&server);
}

/* The challenge that a name gets which nobody knows. */
static void challenge_unknown(const char *name, smtp_str secret, uint32_t iterations, uint64_t seed,
                              char salt_and_count[64])
{
    side server;
    char message[64] = "n,,n=";
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
    config.fake_secret = secret;
    config.fake_iterations = iterations;
    memcpy(message + 5, name, strlen(name));
    memcpy(message + 5 + strlen(name), ",r=nonce", 9);
    server_begin(&server, SMTP_MECH_SCRAM_SHA_256, &config, 0);
    server.state.seed = seed;
    assert_int_equal(side_hear(&server, message), SMTP_SASL_ASK);
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_MORE);
    assert_true(server.out.len > 31 && server.out.len - 31 < 64);
    assert_memory_equal(server.out.ptr, "r=nonce", 7);
    memset(salt_and_count, 0, 64);
    memcpy(salt_and_count, server.out.ptr + 31, server.out.len - 31);
    side_end(&server);
}

/* The salt of an unknown name is the same at each try, another for each name and each secret, and
 * looks like one that was drawn. */
/* Shows: R5802-5-1 */
static void test_unknown(void **state)
{
    char first[64], again[64], other[64], secret[64], random[64], drawn[64];
    smtp_str own = smtp_text("sixteen octets..");
    (void)state;
    challenge_unknown("nobody", own, 0, 1, first);
    challenge_unknown("nobody", own, 0, 2, again);
    challenge_unknown("nobodz", own, 0, 3, other);
    challenge_unknown("nobody", smtp_text("other sixteen oc"), 10000, 4, secret);
    challenge_unknown("nobody", nothing, 0, 5, random);
    challenge_unknown("nobody", nothing, 0, 6, drawn);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_string_not_equal(first, secret);
    assert_string_not_equal(random, drawn);
    assert_int_equal(strlen(first), 3 + 24 + strlen(",i=4096"));
    assert_string_equal(first + 27, ",i=4096");
    assert_string_equal(secret + 27, ",i=10000");
}

/* Keys come with salt and iteration count, and are of the digest's length. */
static void test_answers(void **state)
{
    static const struct {
        size_t salt, stored_key, server_key;
        uint32_t iterations;
        int verdict, result;
    } rows[] = {
        {16, 20, 20, 4096, SMTP_SASL_ACCEPTED, SMTP_SASL_MORE},
        {64, 20, 20, 1, SMTP_SASL_ACCEPTED, SMTP_SASL_MORE},
        {65, 20, 20, 4096, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {0, 20, 20, 4096, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {16, 19, 20, 4096, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {16, 20, 32, 4096, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {16, 20, 0, 4096, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {16, 20, 20, 0, SMTP_SASL_ACCEPTED, SMTP_ERR_ARGUMENT},
        {0, 0, 0, 0, SMTP_SASL_REFUSED, SMTP_SASL_MORE},
        {65, 0, 0, 0, SMTP_SASL_REFUSED, SMTP_ERR_ARGUMENT},
        {16, 20, 20, 4096, SMTP_SASL_TRY_LATER, SMTP_ERR_AUTH_CANCELLED},
    };
    static const char octets[65] = {1};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = answer_of(rows[i].verdict);
        answer.salt = octets_of(octets, rows[i].salt);
        answer.stored_key = octets_of(octets, rows[i].stored_key);
        answer.server_key = octets_of(octets, rows[i].server_key);
        answer.iterations = rows[i].iterations;
        server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
        assert_int_equal(side_hear(&server, "n,,n=user,r=nonce"), SMTP_SASL_ASK);
        assert_int_equal(side_answer(&server, &answer), rows[i].result);
        side_end(&server);
    }
}

/* Whatever call of the cryptography fails, the step fails and the exchange is over. */
static void test_without_crypto(void **state)
{
    (void)state;
    for (size_t call = 1; call <= 5; call++) { /* salt, nonce; signature, key, digest */
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = scram_answer(&scram_vectors[0]);
        if (call <= 2) {
            server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
            assert_int_equal(side_hear(&server, "n,,n=user,r=nonce"), SMTP_SASL_ASK);
            server.state.fail_at = call;
            assert_int_equal(side_answer(&server, &answer), SMTP_ERR_ARGUMENT);
        } else {
            scram_server_begin(&server, &scram_vectors[0], &config, &answer);
            server.state.fail_at = server.state.calls + call - 2;
            assert_int_equal(side_hear(&server, scram_vectors[0].client_final), SMTP_ERR_ARGUMENT);
        }
        assert_int_equal(side_hear(&server, ""), SMTP_ERR_STATE);
        assert_false(side_holds(&server, answer.server_key));
        side_end(&server);
    }
}

/* A message that fills the storage fails the exchange, and writes nothing behind it. */
static void test_long_message(void **state)
{
    static char message[4000] = "n,,n=user,r=";
    (void)state;
    memset(message + 12, 'r', sizeof message - 12);
    for (size_t length = 13; length < sizeof message; length += 111) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
        server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
        int result = side_step(&server, octets_of(message, length));
        if (result == SMTP_SASL_ASK) {
            result = side_answer(&server, &answer);
        }
        assert_int_equal(result, server.out.ptr != NULL ? SMTP_SASL_MORE : SMTP_ERR_NO_MEMORY);
        assert_true(length > 500 || result == SMTP_SASL_MORE);
        assert_true(length < smtp_sasl_bytes() || result == SMTP_ERR_NO_MEMORY);
        side_end(&server);
    }
}

/* Identities of the longest kind, all commas: with what smtp_sasl_bytes() says of them there is
 * room, with less there may be none. */
/* Shows: R5802-5.1-3 */
static void test_long_names_with_escapes(void **state)
{
    enum { ESCAPES = 2 * SMTP_SASL_NAME_MAX };
    char message[3 * ESCAPES + 32];
    char commas[SMTP_SASL_NAME_MAX];
    size_t length = 0;
    (void)state;
    memset(commas, ',', sizeof commas);
    for (int i = 0; i < ESCAPES; i++) {
        const char *before = i == 0 ? "n,a=" : i == SMTP_SASL_NAME_MAX ? ",n=" : "";
        length += (size_t)snprintf(message + length, sizeof message - length, "%s=2C", before);
    }
    length += (size_t)snprintf(message + length, sizeof message - length, ",r=nonce");
    for (size_t more = 0; more <= 4 * ESCAPES; more += 4 * ESCAPES) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        server_begin(&server, SMTP_MECH_SCRAM_SHA_256, &config, more);
        assert_int_equal(side_step(&server, octets_of(message, length)),
                         more > 0 ? SMTP_SASL_ASK : SMTP_ERR_NO_MEMORY);
        if (more > 0) {
            /* both are the same: it acts as itself */
            assert_octets(smtp_sasl_asked(server.sasl)->name, octets_of(commas, sizeof commas));
            assert_int_equal(smtp_sasl_asked(server.sasl)->authzid.len, 0);
        }
        side_end(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),      cmocka_unit_test(test_end),
        cmocka_unit_test(test_client_first), cmocka_unit_test(test_names),
        cmocka_unit_test(test_binding),      cmocka_unit_test(test_client_final),
        cmocka_unit_test(test_refused),      cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_answers),      cmocka_unit_test(test_without_crypto),
        cmocka_unit_test(test_long_message), cmocka_unit_test(test_long_names_with_escapes),
    };
    return cmocka_run_group_tests_name("sasl/scram_server", tests, NULL, NULL);
}
