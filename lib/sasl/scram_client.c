/* SPDX-License-Identifier: MIT
 * The client's side of SCRAM (RFC 5802 5). Its messages and the server's stand in `text` one behind
 * the other, as the AuthMessage wants them. */
#include <string.h>

#include "base/number.h"
#include "sasl/gs2.h"
#include "sasl/scram.h"

enum { ITERATION_DIGITS = 10 };

/* 'p': bound; 'y': could be, and the server does not seem to be able to; 'n': cannot be, or is not
 * to be (RFC 5802 6). */
static char binding_flag(const smtp_sasl *sasl)
{
    const smtp_credentials *given = &sasl->given.client;
    if (sasl->mechanism->binds) {
        return 'p';
    }
    return given->binding_data.len > 0 && !given->plus_offered ? 'y' : 'n';
}

int smtp__scram_open(smtp_sasl *sasl, smtp_str nonce, smtp_str *out)
{
    const smtp_credentials *given = &sasl->given.client;
    smtp__gs2_write(&sasl->text, binding_flag(sasl), given->binding, given->authzid);
    sasl->header_length = sasl->text.len;
    if (sasl->mechanism->binds) {
        sasl->binding = given->binding_data;
    }
    smtp__put_text(&sasl->text, "n=");
    smtp__saslname_write(&sasl->text, given->name);
    smtp__put_text(&sasl->text, ",r=");
    int error = smtp__sasl_copy(sasl, nonce, &sasl->nonce);
    return error != 0 ? error : smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out);
}

int smtp__scram_say_first(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    char nonce[SMTP__NONCE];
    smtp_str str = {nonce, sizeof nonce};
    (void)message;
    int error = smtp__scram_nonce(sasl->crypto, nonce);
    return error != 0 ? error : smtp__scram_open(sasl, str, out);
}

/* The iteration count of a server: bounded below, since few are weak, and above, since many are
 * work. */
static int take_iterations(smtp_str text, uint32_t *out)
{
    uint64_t number;
    if (*text.ptr == '0' || smtp__decimal(text, ITERATION_DIGITS, &number) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (number < SMTP_SASL_ITERATIONS_MIN || number > SMTP_SASL_ITERATIONS_MAX) {
        return SMTP_ERR_AUTH_SERVER;
    }
    *out = (uint32_t)number;
    return 0;
}

/* Reads the server-first-message. */
static int read_challenge(const smtp_sasl *sasl, smtp_str message, smtp_str *nonce,
                          smtp__scram_challenge *out)
{
    smtp_str salt;
    smtp_str iterations;
    smtp_str none;
    smtp__cursor cursor = smtp__cursor_start(message);
    if (smtp__scram_check(message) != 0 || smtp__scram_take_nonce(&cursor, nonce) != 0 ||
        !smtp__take(&cursor, ',') || smtp__scram_take(&cursor, 's', &salt) != 0 ||
        !smtp__take(&cursor, ',') || smtp__scram_take(&cursor, 'i', &iterations) != 0 ||
        smtp__scram_take_end(&cursor, '\0', &none) != 0 ||
        smtp_base64_decode(out->salt, sizeof out->salt, &out->salt_length, salt) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (nonce->len <= sasl->nonce.len ||
        memcmp(nonce->ptr, sasl->nonce.ptr, sasl->nonce.len) != 0) {
        return SMTP_ERR_AUTH_SERVER;
    }
    return take_iterations(iterations, &out->iterations);
}

/* Makes the proof of the AuthMessage, and what the server will have to prove. */
static int prove(smtp_sasl *sasl, const smtp__scram_challenge *challenge, unsigned char *proof)
{
    smtp__scram_keys keys;
    int hash = sasl->mechanism->hash;
    size_t length = smtp__digest_length(hash);
    smtp_str message = smtp__scram_auth_message(sasl);
    int error =
        smtp__scram_derive(sasl->crypto, hash, sasl->given.client.password, challenge, &keys);
    if (error == 0) {
        error =
            smtp__hmac(sasl->crypto, hash, smtp__octets(keys.stored_key, length), message, proof);
    }
    if (error == 0) {
        error = smtp__hmac(sasl->crypto, hash, smtp__octets(keys.server_key, length), message,
                           sasl->expected);
    }
    for (size_t i = 0; i < length && error == 0; i++) {
        proof[i] = (unsigned char)(proof[i] ^ keys.client_key[i]);
    }
    smtp_wipe(&keys, sizeof keys);
    return error;
}

int smtp__scram_say_final(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    unsigned char proof[SMTP_SASL_DIGEST_MAX];
    smtp__scram_challenge challenge;
    smtp_str nonce;
    smtp__writer *text = &sasl->text;
    int error = read_challenge(sasl, message, &nonce, &challenge);
    if (error != 0) {
        return error;
    }
    smtp__put(text, ',');
    smtp__put_str(text, message);
    smtp__put(text, ',');
    size_t start = text->len;
    smtp__scram_put_binding(sasl);
    smtp__put_text(text, ",r=");
    smtp__put_str(text, nonce);
    if (text->failed) {
        return SMTP_ERR_NO_MEMORY;
    }
    error = prove(sasl, &challenge, proof);
    if (error == 0) {
        smtp__put_text(text, ",p=");
        smtp__scram_put_base64(text, proof, smtp__digest_length(sasl->mechanism->hash));
    }
    smtp_wipe(proof, sizeof proof);
    return error != 0 ? error : smtp__sasl_say(sasl, start, SMTP_SASL_MORE, out);
}

/* The server-final-message. Its answer is empty: the reply of success has no place for data (RFC
 * 4954 4). */
int smtp__scram_verify(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    unsigned char signature[SMTP_SASL_DIGEST_MAX];
    size_t length = smtp__digest_length(sasl->mechanism->hash);
    smtp_str value;
    smtp_str none;
    smtp__cursor cursor = smtp__cursor_start(message);
    int refused = smtp__at(&cursor, 'e');
    if (smtp__scram_check(message) != 0 ||
        smtp__scram_take(&cursor, refused ? 'e' : 'v', &value) != 0 ||
        smtp__scram_take_end(&cursor, '\0', &none) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (refused) {
        return SMTP_ERR_AUTH_FAILED;
    }
    if (smtp__scram_decode(value, signature, length) != 0 ||
        !smtp_secret_equal(smtp__octets(signature, length), smtp__octets(sasl->expected, length))) {
        return SMTP_ERR_AUTH_SERVER;
    }
    smtp__sasl_clear(sasl);
    smtp_wipe(sasl->expected, sizeof sasl->expected);
    sasl->proved = 1;
    return smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}
