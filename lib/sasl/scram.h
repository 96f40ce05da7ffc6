/* SPDX-License-Identifier: MIT
 * What both sides of SCRAM share (RFC 5802). */
#ifndef SMTP_SASL_SCRAM_H
#define SMTP_SASL_SCRAM_H

#include "sasl/crypto.h"
#include "sasl/sasl.h"

enum {
    SMTP__NONCE_OCTETS = 18,
    SMTP__NONCE = 24 /* characters of one */
};

typedef struct smtp__scram_keys {
    unsigned char client_key[SMTP_SASL_DIGEST_MAX];
    unsigned char stored_key[SMTP_SASL_DIGEST_MAX];
    unsigned char server_key[SMTP_SASL_DIGEST_MAX];
} smtp__scram_keys;

/* What the server-first-message says beside the nonce. */
typedef struct smtp__scram_challenge {
    char salt[SMTP_SASL_SALT_MAX];
    size_t salt_length;
    uint32_t iterations;
} smtp__scram_challenge;

/* The keys of a password (RFC 5802 3). Returns 0 or ARGUMENT; wipes nothing of what it gives. */
int smtp__scram_derive(const smtp_crypto *crypto, int hash, smtp_str password,
                       const smtp__scram_challenge *challenge, smtp__scram_keys *out);

/* A nonce that nobody has seen, as text. */
int smtp__scram_nonce(const smtp_crypto *crypto, char out[SMTP__NONCE]);

/* The AuthMessage: `text` behind the GS2 header. */
smtp_str smtp__scram_auth_message(const smtp_sasl *sasl);

/* Writes octets as base64. */
void smtp__scram_put_base64(smtp__writer *writer, const void *octets, size_t len);

/* Writes the attribute "c" (RFC 5802 5.1), out of the GS2 header and the channel binding data. */
void smtp__scram_put_binding(smtp_sasl *sasl);

/* Returns 0, or AUTH_PROTOCOL when a message is not UTF-8 or has a NUL. */
int smtp__scram_check(smtp_str message);

/* Reads one attribute, which must be this one. Returns 0 or AUTH_PROTOCOL. */
int smtp__scram_take(smtp__cursor *cursor, char name, smtp_str *value);

/* The same for a nonce. */
int smtp__scram_take_nonce(smtp__cursor *cursor, smtp_str *value);

/* Reads past optional extensions, and then the comma and the attribute `last`, which ends the
 * message; '\0': there is none. One that must be understood is not (RFC 5802 5.1). Returns 0 or
 * AUTH_PROTOCOL. */
int smtp__scram_take_end(smtp__cursor *cursor, char last, smtp_str *value);

/* Reads an attribute's base64 that must come to octets of this length. Returns 0 or AUTH_PROTOCOL.
 */
int smtp__scram_decode(smtp_str text, unsigned char *out, size_t len);

/* scram_client.c: the client-first-message with this nonce. */
int smtp__scram_open(smtp_sasl *sasl, smtp_str nonce, smtp_str *out);

/* scram_server.c: takes keys, salt and iteration count of an answer, and makes up what a refused
 * one lacks. Returns 0 or ARGUMENT. */
int smtp__scram_take_keys(smtp_sasl *sasl, const smtp_sasl_answer *answer,
                          smtp__scram_challenge *out);

/* The server-first-message with this part of the nonce. */
int smtp__scram_say_challenge(smtp_sasl *sasl, const smtp__scram_challenge *challenge,
                              smtp_str nonce, smtp_str *out);

#endif
