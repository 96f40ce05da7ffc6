/* SPDX-License-Identifier: MIT
 * Whole exchanges: each mechanism with itself, who speaks first, and what is left of secrets. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "sasl/exchange.h"

#define MECHANISMS 11

typedef struct talker {
    const char *name, *password, *token, *authzid;
    const char *exported; /* the client's channel binding data */
    int expected;         /* the server's result */
} talker;

/* A client of this mechanism, and a server that knows one user. */
static void begin(side *client, side *server, const smtp_mechanism *row, const talker *who)
{
    smtp_credentials given = credentials_of(who->name, who->password);
    smtp_sasl_server_config config = config_of("mx.example.com");
    given.token = smtp_text(who->token);
    given.authzid = smtp_text(who->authzid);
    given.binding = SMTP_BINDING_EXPORTER;
    given.binding_data = smtp_text(who->exported);
    given.plus_offered = 1;
    config.exporter = smtp_text("exported octets");
    config.external = smtp_text(who->name);
    config.plus_offered = 1;
    client_begin(client, (int)row->bit, &given, 0);
    server_begin(server, (int)row->bit, &config, 0);
    server->state.seed = 999;
}

/* Shows: R4422-3.4-1 R4616-2-1 R4954-4-22 R4954-4-29 R5802-5-1 R5802-6-1 R7628-3.1-1 R7677-3-1 */
static void test_each_mechanism(void **state)
{
    static const talker right = {KNOWN_NAME, KNOWN_PASSWORD,    KNOWN_TOKEN,
                                 NULL,       "exported octets", SMTP_SASL_DONE};
    const smtp_mechanism *row;
    (void)state;
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        for (int initial = 0; initial <= (int)row->client_first; initial++) {
            side client, server;
            int client_result = 0, server_result = 0;
            begin(&client, &server, row, &right);
            talk(&client, &server, initial, &client_result, &server_result);
            assert_int_equal(client_result, SMTP_SASL_DONE);
            assert_int_equal(server_result, SMTP_SASL_DONE);
            assert_text(smtp_sasl_identity(server.sasl),
                        row->bit == SMTP_MECH_ANONYMOUS ? "anonymous" : KNOWN_NAME);
            assert_int_equal(smtp_sasl_server_proved(client.sasl),
                             row->hash == SMTP_HASH_SHA1 || row->hash == SMTP_HASH_SHA256);
            assert_false(side_holds(&server, smtp_text(KNOWN_PASSWORD)));
            assert_false(side_holds(&server, smtp_text(KNOWN_TOKEN)));
            side_end(&client);
            side_end(&server);
        }
    }
}

/* Wrong passwords and tokens, unknown names, foreign identities, another channel: 535 for each. */
/* Shows: R5802-6-1 */
static void test_failures(void **state)
{
    static const struct {
        talker who;
        uint32_t mechanisms;
    } rows[] = {
        {{KNOWN_NAME, "pencils", NULL, NULL, "exported octets", 0},
         SMTP_MECH_PLAIN | SMTP_MECH_LOGIN | SMTP_MECH_CRAM_MD5 | SMTP_MECH_SCRAM_SHA_1 |
             SMTP_MECH_SCRAM_SHA_1_PLUS | SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_SCRAM_SHA_256_PLUS},
        {{"nobody", KNOWN_PASSWORD, NULL, NULL, "exported octets", 0},
         SMTP_MECH_PLAIN | SMTP_MECH_LOGIN | SMTP_MECH_CRAM_MD5 | SMTP_MECH_SCRAM_SHA_1 |
             SMTP_MECH_SCRAM_SHA_256_PLUS | SMTP_MECH_EXTERNAL},
        {{KNOWN_NAME, KNOWN_PASSWORD, NULL, "root", "exported octets", 0},
         SMTP_MECH_PLAIN | SMTP_MECH_SCRAM_SHA_1 | SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_EXTERNAL},
        {{KNOWN_NAME, NULL, "wrong", NULL, NULL, 0}, SMTP_MECH_OAUTHBEARER | SMTP_MECH_XOAUTH2},
        {{KNOWN_NAME, KNOWN_PASSWORD, NULL, NULL, "exported elsewhere", 0},
         SMTP_MECH_SCRAM_SHA_1_PLUS | SMTP_MECH_SCRAM_SHA_256_PLUS},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows) * MECHANISMS; i++) {
        const smtp_mechanism *row = smtp_mechanism_at(i % MECHANISMS);
        side client, server;
        int client_result = 0, server_result = 0;
        if (!(rows[i / MECHANISMS].mechanisms & row->bit)) {
            continue;
        }
        begin(&client, &server, row, &rows[i / MECHANISMS].who);
        talk(&client, &server, (int)row->client_first, &client_result, &server_result);
        assert_int_equal(server_result, SMTP_ERR_AUTH_FAILED);
        assert_null(smtp_sasl_identity(server.sasl).ptr);
        assert_false(smtp_sasl_server_proved(client.sasl));
        side_end(&client);
        side_end(&server);
    }
}

/* Who is not to speak first may not. */
/* Shows: R4422-3.4-1 */
static void test_who_speaks_first(void **state)
{
    static const talker who = {KNOWN_NAME, KNOWN_PASSWORD, KNOWN_TOKEN, NULL, "exported octets", 0};
    const smtp_mechanism *row;
    (void)state;
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        side client, server;
        begin(&client, &server, row, &who);
        if (row->client_first) {
            assert_int_equal(side_hear(&client, "challenge"), SMTP_ERR_AUTH_PROTOCOL);
            assert_int_equal(side_step(&server, nothing), SMTP_SASL_MORE);
            assert_says(&server, "");
        } else {
            assert_int_equal(side_hear(&server, ""), row->bit == SMTP_MECH_LOGIN
                                                         ? SMTP_SASL_MORE
                                                         : SMTP_ERR_ARGUMENT_UNEXPECTED);
            assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
            assert_null(client.out.ptr);
        }
        side_end(&client);
        side_end(&server);
    }
}

/* An exchange may end at any step, and leaves nothing. side_end() looks. */
/* Shows: R4422-3.5-1 */
static void test_cancelled(void **state)
{
    static const talker who = {KNOWN_NAME, KNOWN_PASSWORD, KNOWN_TOKEN, NULL, "exported octets", 0};
    (void)state;
    for (size_t i = 0; i < MECHANISMS * 6; i++) {
        side client, server;
        const smtp_mechanism *row = smtp_mechanism_at(i / 6);
        int result = SMTP_SASL_MORE;
        begin(&client, &server, row, &who);
        (void)side_step(&client, nothing);
        for (size_t step = 0; step < i % 6 && result != SMTP_SASL_DONE; step++) {
            result =
                result == SMTP_SASL_ASK ? answer_question(&server) : side_step(&server, client.out);
            assert_true(result >= 0);
            if (result == SMTP_SASL_MORE) {
                assert_true(side_step(&client, server.out) >= 0);
            }
        }
        side_end(&client);
        side_end(&server);
    }
}

/* Answers without a question, steps while one is open, and everything after the end. */
static void test_out_of_order(void **state)
{
    side server;
    smtp_str out;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
    (void)state;
    server_begin(&server, SMTP_MECH_PLAIN, &config, 0);
    assert_int_equal(side_answer(&server, &answer), SMTP_ERR_STATE);
    assert_null(smtp_sasl_asked(server.sasl));
    assert_int_equal(side_step(&server, OCTETS("\0tim\0tan")), SMTP_SASL_ASK);
    assert_int_equal(side_step(&server, OCTETS("\0tim\0tan")), SMTP_ERR_STATE);
    assert_non_null(smtp_sasl_asked(server.sasl));
    assert_int_equal(smtp_sasl_answered(server.sasl, NULL, &out), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_sasl_answered(server.sasl, &answer, NULL), SMTP_ERR_ARGUMENT);
    assert_non_null(smtp_sasl_asked(server.sasl));
    assert_int_equal(side_answer(&server, &answer), SMTP_ERR_AUTH_FAILED);
    assert_false(side_holds(&server, smtp_text("tim")));
    assert_int_equal(side_answer(&server, &answer), SMTP_ERR_STATE);
    assert_int_equal(side_step(&server, OCTETS("\0tim\0tan")), SMTP_ERR_STATE);
    assert_int_equal(smtp_sasl_step(server.sasl, nothing, NULL), SMTP_ERR_ARGUMENT);
    side_end(&server);
    assert_int_equal(smtp_sasl_step(NULL, nothing, &out), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_sasl_answered(NULL, &answer, &out), SMTP_ERR_ARGUMENT);
    assert_null(smtp_sasl_asked(NULL));
    assert_null(smtp_sasl_identity(NULL).ptr);
    assert_int_equal(smtp_sasl_server_proved(NULL), 0);
    smtp_sasl_end(NULL);
}

/* An answer of a size that is none, or of a later version, is an end as well. */
static void test_sized_answer(void **state)
{
    (void)state;
    for (int newer = 0; newer <= 1; newer++) {
        side server;
        struct {
            smtp_sasl_answer known;
            char newer[8];
        } later;
        smtp_sasl_server_config config = config_of(NULL);
        memset(&later, 0, sizeof later);
        later.known = answer_of(SMTP_SASL_ACCEPTED);
        later.known.size = newer ? sizeof later : 0;
        later.newer[0] = 1;
        server_begin(&server, SMTP_MECH_PLAIN, &config, 0);
        assert_int_equal(side_step(&server, OCTETS("\0tim\0tan")), SMTP_SASL_ASK);
        assert_int_equal(side_answer(&server, &later.known),
                         newer ? SMTP_ERR_NEWER : SMTP_ERR_ARGUMENT);
        assert_false(side_holds(&server, smtp_text("tan")));
        side_end(&server);
    }
}

/* As quick as a test wants it. */
static int quick_pbkdf2(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                        unsigned char *out, void *user)
{
    (void)iterations;
    return crypto_hmac(hash, password, salt, out, user);
}

/* Whatever call of either side's cryptography fails, that side fails with it, and nobody gets in.
 */
static void test_crypto_fails(void **state)
{
    static const talker who = {KNOWN_NAME, KNOWN_PASSWORD, NULL, NULL, "exported octets", 0};
    const smtp_mechanism *row;
    (void)state;
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        size_t failures = 0;
        for (size_t call = 1; row->hash != SMTP_HASH_NONE && call <= 12; call++) {
            for (int which = 0; which < 2; which++) {
                side client, server, *failing = which == 0 ? &client : &server;
                int client_result = 0, server_result = 0;
                begin(&client, &server, row, &who);
                client.crypto.pbkdf2 = server.crypto.pbkdf2 = quick_pbkdf2;
                failing->state.fail_at = call;
                talk(&client, &server, (int)row->client_first, &client_result, &server_result);
                if (failing->state.calls < call) {
                    assert_int_equal(server_result, SMTP_SASL_DONE);
                } else {
                    assert_int_equal(which == 0 ? client_result : server_result, SMTP_ERR_ARGUMENT);
                    assert_null(smtp_sasl_identity(server.sasl).ptr);
                    failures++;
                }
                side_end(&client);
                side_end(&server);
            }
        }
        assert_int_equal(failures, row->hash == SMTP_HASH_NONE      ? 0
                                   : row->bit == SMTP_MECH_CRAM_MD5 ? 3
                                                                    : 16);
    }
}

/* A message that the storage does not take is an error, and no part of it is used. */
static void test_too_long(void **state)
{
    static const talker who = {KNOWN_NAME, KNOWN_PASSWORD, KNOWN_TOKEN, NULL, "exported octets", 0};
    static const uint32_t copied = SMTP_MECH_PLAIN | SMTP_MECH_LOGIN | SMTP_MECH_SCRAM_SHA_1 |
                                   SMTP_MECH_SCRAM_SHA_1_PLUS | SMTP_MECH_SCRAM_SHA_256 |
                                   SMTP_MECH_SCRAM_SHA_256_PLUS | SMTP_MECH_OAUTHBEARER |
                                   SMTP_MECH_XOAUTH2;
    static char octets[4000];
    const smtp_mechanism *row;
    (void)state;
    memset(octets, 'o', sizeof octets);
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        side client, server;
        begin(&client, &server, row, &who);
        if (!row->client_first) {
            assert_int_equal(side_step(&server, nothing), SMTP_SASL_MORE);
        }
        int result = side_step(&server, octets_of(octets, sizeof octets));
        if (copied & row->bit) {
            assert_int_equal(result, SMTP_ERR_NO_MEMORY);
        } else {
            assert_true(result == SMTP_ERR_AUTH_FAILED || result == SMTP_ERR_AUTH_PROTOCOL);
        }
        assert_false(side_holds(&server, smtp_text("oooo")));
        side_end(&client);
        side_end(&server);
    }
}

/* Any octets at any step end in a documented result, on both sides. */
static void test_random_messages(void **state)
{
    static const talker who = {KNOWN_NAME, KNOWN_PASSWORD, KNOWN_TOKEN, NULL, "exported octets", 0};
    static const char alphabet[] = "\0\1nyp,,==rscipvem/+ABC \r\xC3\xBC\xFF";
    uint64_t seed = 4422;
    (void)state;
    for (size_t i = 0; i < 400 * MECHANISMS; i++) {
        side client, server, *sides[2] = {&client, &server};
        begin(&client, &server, smtp_mechanism_at(i % MECHANISMS), &who);
        for (size_t step = 0; step < 4; step++) {
            char octets[60];
            size_t len = octets_below(&seed, sizeof octets);
            side *target = sides[octets_below(&seed, 2)];
            for (size_t at = 0; at < len; at++) {
                octets[at] = alphabet[octets_below(&seed, sizeof alphabet)];
            }
            int result =
                side_step(target, octets_below(&seed, 5) == 0 ? nothing : octets_of(octets, len));
            assert_true(result >= 0 || result == SMTP_ERR_AUTH_PROTOCOL ||
                        result == SMTP_ERR_AUTH_FAILED || result == SMTP_ERR_AUTH_SERVER ||
                        result == SMTP_ERR_ARGUMENT_UNEXPECTED || result == SMTP_ERR_STATE);
        }
        side_end(&client);
        side_end(&server);
    }
}

/* The storage takes the longest SCRAM there is, on both sides: identities of 255 octets, a salt of
 * 64, data of the longest digest, and an identity that the caller names. */
/* Shows: R4616-2-3 */
static void test_longest(void **state)
{
    side client, server;
    static char name[255], authzid[255], identity[255], salt[64], data[64];
    smtp_credentials given;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
    (void)state;
    memset(name, 'n', sizeof name);
    memset(authzid, 'a', sizeof authzid);
    memset(identity, 'i', sizeof identity);
    given = credentials_of(NULL, KNOWN_PASSWORD);
    given.name = octets_of(name, sizeof name);
    given.authzid = octets_of(authzid, sizeof authzid);
    given.binding = SMTP_BINDING_END_POINT;
    given.binding_data = config.end_point = octets_of(data, sizeof data);
    answer.password = smtp_text(KNOWN_PASSWORD);
    answer.salt = octets_of(salt, sizeof salt);
    answer.iterations = SMTP_SASL_ITERATIONS_MIN;
    answer.identity = octets_of(identity, sizeof identity);
    client_begin(&client, SMTP_MECH_SCRAM_SHA_256_PLUS, &given, 0);
    server_begin(&server, SMTP_MECH_SCRAM_SHA_256_PLUS, &config, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
    assert_int_equal(side_step(&server, client.out), SMTP_SASL_ASK);
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_MORE);
    assert_int_equal(side_step(&client, server.out), SMTP_SASL_MORE);
    assert_int_equal(side_step(&server, client.out), SMTP_SASL_MORE);
    assert_int_equal(side_step(&client, server.out), SMTP_SASL_DONE);
    assert_int_equal(side_step(&server, client.out), SMTP_SASL_DONE);
    assert_octets(smtp_sasl_identity(server.sasl), answer.identity);
    side_end(&client);
    side_end(&server);
}

static void test_size(void **state)
{
    (void)state;
    print_message("a side needs %lu octets, %lu of them for messages\n",
                  (unsigned long)smtp_sasl_bytes(),
                  (unsigned long)(smtp_sasl_bytes() - sizeof(smtp_sasl)));
    assert_true(smtp_sasl_bytes() <= 2048);
    assert_true(sizeof(smtp_sasl) < smtp_sasl_bytes());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_mechanism),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_who_speaks_first),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_out_of_order),
        cmocka_unit_test(test_random_messages),
        cmocka_unit_test(test_sized_answer),
        cmocka_unit_test(test_crypto_fails),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests_name("sasl/sasl", tests, NULL, NULL);
}
