/* SPDX-License-Identifier: MIT
 * The exchanges of RFC 5802 5 and RFC 7677 3, and sides that are in the midst of them. */
#ifndef TESTS_UNIT_SASL_SCRAM_VECTORS_H
#define TESTS_UNIT_SASL_SCRAM_VECTORS_H

#include "sasl/exchange.h"
#include "sasl/scram.h"

typedef struct scram_vector {
    int mechanism, hash;
    const char *client_nonce, *server_nonce, *salt;
    const char *client_first, *server_first, *client_final, *server_final;
} scram_vector;

static const scram_vector scram_vectors[] = {
    {SMTP_MECH_SCRAM_SHA_1, SMTP_HASH_SHA1, "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j",
     "QSXCR+Q6sek8bf92", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {SMTP_MECH_SCRAM_SHA_256, SMTP_HASH_SHA256, "rOprNGfwEbeRWgbNEkqO",
     "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
     "W22ZaJ0SNY7soEsUEjb6gQ==", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="}};

/* A client that has sent its first message, with the nonce of the vector. */
static inline void scram_client_begin(side *client, const scram_vector *vector,
                                      const smtp_credentials *given)
{
    client_begin(client, vector->mechanism, given, 0);
    assert_int_equal(smtp__scram_open(client->sasl, smtp_text(vector->client_nonce), &client->out),
                     SMTP_SASL_MORE);
    client->sasl->begun = 1;
    client->sasl->turn = 1;
}

/* What a server of the vector would answer about its user, out of a store of keys. */
static inline smtp_sasl_answer scram_answer(const scram_vector *vector)
{
    static unsigned char stored_key[SMTP_SASL_DIGEST_MAX], server_key[SMTP_SASL_DIGEST_MAX];
    static char salt[SMTP_SASL_SALT_MAX];
    crypto_state crypto = {0, 0, 1};
    smtp_crypto functions = crypto_of(&crypto);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
    size_t length = crypto_length(vector->hash);
    size_t salt_length;
    assert_int_equal(smtp_base64_decode(salt, sizeof salt, &salt_length, smtp_text(vector->salt)),
                     0);
    answer.salt = octets_of(salt, salt_length);
    answer.iterations = 4096;
    assert_int_equal(smtp_scram_keys(&functions, vector->hash, smtp_text("pencil"), answer.salt,
                                     4096, stored_key, server_key),
                     0);
    answer.stored_key = octets_of((char *)stored_key, length);
    answer.server_key = octets_of((char *)server_key, length);
    return answer;
}

/* A server that has heard the first message and answered it with the nonce of the vector. */
static inline void scram_server_begin(side *server, const scram_vector *vector,
                                      const smtp_sasl_server_config *config,
                                      const smtp_sasl_answer *answer)
{
    smtp__scram_challenge challenge;
    server_begin(server, vector->mechanism, config, 0);
    assert_int_equal(side_hear(server, vector->client_first), SMTP_SASL_ASK);
    assert_int_equal(smtp__scram_take_keys(server->sasl, answer, &challenge), 0);
    if (answer->verdict == SMTP_SASL_ACCEPTED) {
        assert_int_equal(smtp__sasl_identify(server->sasl, answer), 0);
    }
    assert_int_equal(smtp__scram_say_challenge(server->sasl, &challenge,
                                               smtp_text(vector->server_nonce), &server->out),
                     SMTP_SASL_MORE);
    server->sasl->question.kind = SMTP_SASL_ASK_NONE;
}

#endif
