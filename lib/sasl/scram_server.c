/* SPDX-License-Identifier: MIT
 * The server's side of SCRAM (RFC 5802 5). Its messages and the client's stand in `text` one behind
 * the other, as the AuthMessage wants them. */
#include <string.h>

#include "sasl/gs2.h"
#include "sasl/scram.h"

/* Judges the client's word on channel binding (RFC 5802 6). */
static int take_binding(smtp_sasl *sasl, const smtp__gs2 *header)
{
    const smtp_sasl_server_config *given = &sasl->given.server;
    const smtp_str data[] = {{NULL, 0}, given->exporter, given->end_point, given->unique};
    if ((header->flag == 'p') != (sasl->mechanism->binds != 0)) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (header->flag == 'y' && given->plus_offered) {
        return SMTP_ERR_AUTH_FAILED; /* somebody has changed what we offered */
    }
    sasl->binding = data[smtp__gs2_binding(header->binding)];
    return header->flag == 'p' && sasl->binding.len == 0 ? SMTP_ERR_AUTH_FAILED : 0;
}

/* The client-first-message. */
int smtp__scram_hear_first(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    smtp__gs2 header;
    smtp_str name;
    smtp_str none;
    (void)out;
    int error = smtp__sasl_copy(sasl, message, &message);
    if (error != 0) {
        return error;
    }
    smtp__cursor cursor = smtp__cursor_start(message);
    if (smtp__scram_check(message) != 0 || smtp__gs2_read(&cursor, &header) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    sasl->header_length = (size_t)(cursor.at - message.ptr);
    if (smtp__scram_take(&cursor, 'n', &name) != 0 || !smtp__take(&cursor, ',') ||
        smtp__scram_take_nonce(&cursor, &sasl->nonce) != 0 ||
        smtp__scram_take_end(&cursor, '\0', &none) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    error = take_binding(sasl, &header);
    if (error == 0) {
        error = smtp__saslname_read(sasl, name, &sasl->question.name);
    }
    if (error == 0 && header.authzid.len > 0) {
        error = smtp__saslname_read(sasl, header.authzid, &sasl->question.authzid);
    }
    return error != 0 ? error : smtp__sasl_ask(sasl, SMTP_SASL_ASK_KEYS);
}

/* A salt that is the same for a name at every try, so that an unknown one looks like a known one
 * (RFC 5802 9). */
static int make_salt(const smtp_sasl *sasl, smtp__scram_challenge *out)
{
    unsigned char digest[SMTP_SASL_DIGEST_MAX];
    smtp_str secret = sasl->given.server.fake_secret;
    int error = secret.len > 0 ? smtp__hmac(sasl->crypto, sasl->mechanism->hash, secret,
                                            sasl->question.name, digest)
                               : smtp__random(sasl->crypto, digest, SMTP_SASL_SALT);
    if (error == 0) {
        memcpy(out->salt, digest, SMTP_SASL_SALT);
        out->salt_length = SMTP_SASL_SALT;
    }
    smtp_wipe(digest, sizeof digest);
    return error;
}

static uint32_t iterations_of(const smtp_sasl *sasl, const smtp_sasl_answer *answer)
{
    if (answer->iterations > 0) {
        return answer->iterations;
    }
    uint32_t fake = sasl->given.server.fake_iterations;
    return fake > 0 ? fake : SMTP_SASL_ITERATIONS_MIN;
}

/* Makes the keys out of the answer's password. */
static int derive(smtp_sasl *sasl, smtp_str password, const smtp__scram_challenge *challenge)
{
    smtp__scram_keys keys;
    int hash = sasl->mechanism->hash;
    int error = smtp__scram_derive(sasl->crypto, hash, password, challenge, &keys);
    if (error == 0) {
        memcpy(sasl->stored_key, keys.stored_key, smtp__digest_length(hash));
        memcpy(sasl->server_key, keys.server_key, smtp__digest_length(hash));
    }
    smtp_wipe(&keys, sizeof keys);
    return error;
}

int smtp__scram_take_keys(smtp_sasl *sasl, const smtp_sasl_answer *answer,
                          smtp__scram_challenge *out)
{
    size_t length = smtp__digest_length(sasl->mechanism->hash);
    int stored = answer->salt.len > 0 && answer->iterations > 0 &&
                 answer->stored_key.len == length && answer->server_key.len == length;
    sasl->known = answer->verdict == SMTP_SASL_ACCEPTED;
    if (answer->salt.len > sizeof out->salt ||
        (sasl->known && !stored && answer->password.len == 0)) {
        return SMTP_ERR_ARGUMENT;
    }
    int error = make_salt(sasl, out);
    if (error != 0) {
        return error;
    }
    if (answer->salt.len > 0) {
        memcpy(out->salt, answer->salt.ptr, answer->salt.len);
        out->salt_length = answer->salt.len;
    }
    out->iterations = iterations_of(sasl, answer);
    if (answer->password.len > 0) {
        return derive(sasl, answer->password, out);
    }
    if (stored) {
        memcpy(sasl->stored_key, answer->stored_key.ptr, length);
        memcpy(sasl->server_key, answer->server_key.ptr, length);
    }
    return 0;
}

int smtp__scram_say_challenge(smtp_sasl *sasl, const smtp__scram_challenge *challenge,
                              smtp_str nonce, smtp_str *out)
{
    smtp__writer *text = &sasl->text;
    smtp__put(text, ',');
    size_t start = text->len;
    smtp__put_text(text, "r=");
    size_t nonce_start = text->len;
    smtp__put_str(text, sasl->nonce);
    smtp__put_str(text, nonce);
    sasl->nonce.ptr = text->out + nonce_start;
    sasl->nonce.len = text->len - nonce_start;
    smtp__put_text(text, ",s=");
    smtp__scram_put_base64(text, challenge->salt, challenge->salt_length);
    smtp__put_text(text, ",i=");
    smtp__put_number(text, challenge->iterations);
    return smtp__sasl_say(sasl, start, SMTP_SASL_MORE, out);
}

int smtp__scram_answered(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    char nonce[SMTP__NONCE];
    smtp_str str = {nonce, sizeof nonce};
    smtp__scram_challenge challenge;
    int error = smtp__scram_take_keys(sasl, answer, &challenge);
    if (error == 0 && sasl->known) {
        error = smtp__sasl_identify(sasl, answer);
    }
    if (error == 0) {
        error = smtp__scram_nonce(sasl->crypto, nonce);
    }
    return error != 0 ? error : smtp__scram_say_challenge(sasl, &challenge, str, out);
}

/* Whether the proof is one of the key that is stored, by the AuthMessage (RFC 5802 3). The server's
 * signature is made in any case. */
static int verify(smtp_sasl *sasl, unsigned char *proof, unsigned char *server_signature)
{
    unsigned char digest[SMTP_SASL_DIGEST_MAX];
    int hash = sasl->mechanism->hash;
    size_t length = smtp__digest_length(hash);
    smtp_str message = smtp__scram_auth_message(sasl);
    smtp_str stored_key = smtp__octets(sasl->stored_key, length);
    int error = smtp__hmac(sasl->crypto, hash, smtp__octets(sasl->server_key, length), message,
                           server_signature);
    if (error == 0) {
        error = smtp__hmac(sasl->crypto, hash, stored_key, message, digest);
    }
    for (size_t i = 0; i < length && error == 0; i++) {
        proof[i] = (unsigned char)(proof[i] ^ digest[i]); /* the client's key, if it has one */
    }
    if (error == 0) {
        error = smtp__hash(sasl->crypto, hash, smtp__octets(proof, length), digest);
    }
    if (error == 0) {
        int same = smtp_secret_equal(smtp__octets(digest, length), stored_key);
        error = same && sasl->known ? 0 : SMTP_ERR_AUTH_FAILED;
    }
    smtp_wipe(digest, sizeof digest);
    return error;
}

/* Adds the client-final-message without its proof to the AuthMessage, and gives the proof. The
 * attribute "c" is made here and must be the client's. */
static int take_final(smtp_sasl *sasl, smtp_str message, unsigned char *proof)
{
    smtp_str binding;
    smtp_str nonce;
    smtp_str coded;
    smtp__writer *text = &sasl->text;
    smtp__cursor cursor = smtp__cursor_start(message);
    if (smtp__scram_check(message) != 0 || smtp__scram_take(&cursor, 'c', &binding) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    smtp_str made = {message.ptr, (size_t)(cursor.at - message.ptr)};
    if (!smtp__take(&cursor, ',') || smtp__scram_take_nonce(&cursor, &nonce) != 0 ||
        smtp__scram_take_end(&cursor, 'p', &coded) != 0 ||
        smtp__scram_decode(coded, proof, smtp__digest_length(sasl->mechanism->hash)) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    smtp__put(text, ',');
    size_t start = text->len;
    smtp__scram_put_binding(sasl);
    smtp_str expected = {text->out + start, text->len - start};
    if (!smtp_str_equal(made, expected) || !smtp_str_equal(nonce, sasl->nonce)) {
        return text->failed ? SMTP_ERR_NO_MEMORY : SMTP_ERR_AUTH_FAILED;
    }
    smtp_str rest = {made.ptr + made.len, message.len - made.len - coded.len - strlen(",p=")};
    smtp__put_str(text, rest);
    return text->failed ? SMTP_ERR_NO_MEMORY : 0;
}

/* The client-final-message. */
int smtp__scram_hear_final(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    unsigned char proof[SMTP_SASL_DIGEST_MAX];
    unsigned char signature[SMTP_SASL_DIGEST_MAX];
    int error = take_final(sasl, message, proof);
    if (error == 0) {
        error = verify(sasl, proof, signature);
    }
    smtp_wipe(proof, sizeof proof);
    if (error != 0) {
        return error;
    }
    smtp_wipe(sasl->stored_key, sizeof sasl->stored_key);
    smtp_wipe(sasl->server_key, sizeof sasl->server_key);
    size_t start = sasl->text.len;
    smtp__put_text(&sasl->text, "v=");
    smtp__scram_put_base64(&sasl->text, signature, smtp__digest_length(sasl->mechanism->hash));
    return smtp__sasl_say(sasl, start, SMTP_SASL_MORE, out);
}

/* The reply of success has no place for data, so the server-final-message went before it, and the
 * client has answered with nothing (RFC 4954 4). */
int smtp__scram_hear_end(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)sasl;
    (void)out;
    return message.len == 0 ? SMTP_SASL_DONE : SMTP_ERR_AUTH_PROTOCOL;
}
