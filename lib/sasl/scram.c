/* SPDX-License-Identifier: MIT
 * The keys of SCRAM, and the attributes of its messages. */
#include "sasl/scram.h"

#include <string.h>

enum { GROUP = 3, CHARACTERS = 4 }; /* octets of base64 that go together, and what they come to */

int smtp__scram_derive(const smtp_crypto *crypto, int hash, smtp_str password,
                       const smtp__scram_challenge *challenge, smtp__scram_keys *out)
{
    unsigned char salted[SMTP_SASL_DIGEST_MAX];
    size_t length = smtp__digest_length(hash);
    smtp_str salt = {challenge->salt, challenge->salt_length};
    smtp_str key = smtp__octets(salted, length);
    int error = smtp__pbkdf2(crypto, hash, password, salt, challenge->iterations, salted);
    if (error == 0) {
        error = smtp__hmac(crypto, hash, key, smtp_text("Client Key"), out->client_key);
    }
    if (error == 0) {
        error = smtp__hash(crypto, hash, smtp__octets(out->client_key, length), out->stored_key);
    }
    if (error == 0) {
        error = smtp__hmac(crypto, hash, key, smtp_text("Server Key"), out->server_key);
    }
    smtp_wipe(salted, sizeof salted);
    return error;
}

int smtp__scram_nonce(const smtp_crypto *crypto, char out[SMTP__NONCE])
{
    unsigned char octets[SMTP__NONCE_OCTETS];
    int error = smtp__random(crypto, octets, sizeof octets);
    if (error == 0) {
        size_t length;
        (void)smtp_base64_encode(out, SMTP__NONCE, &length, smtp__octets(octets, sizeof octets));
    }
    return error;
}

smtp_str smtp__scram_auth_message(const smtp_sasl *sasl)
{
    smtp_str str = {sasl->text.out + sasl->header_length, sasl->text.len - sasl->header_length};
    return str;
}

/* Writes two runs of octets as one. */
static void put_base64(smtp__writer *writer, smtp_str first, smtp_str second)
{
    size_t len = first.len + second.len;
    for (size_t at = 0; at < len; at += GROUP) {
        char group[GROUP];
        char text[CHARACTERS];
        smtp_str octets = {group, 0};
        smtp_str characters = {text, 0};
        while (octets.len < GROUP && at + octets.len < len) {
            size_t i = at + octets.len;
            group[octets.len++] = i < first.len ? first.ptr[i] : second.ptr[i - first.len];
        }
        (void)smtp_base64_encode(text, sizeof text, &characters.len, octets);
        smtp__put_str(writer, characters);
    }
}

void smtp__scram_put_base64(smtp__writer *writer, const void *octets, size_t len)
{
    put_base64(writer, smtp__octets(octets, len), SMTP__NO_STR);
}

void smtp__scram_put_binding(smtp_sasl *sasl)
{
    smtp_str header = {sasl->text.out, sasl->header_length};
    smtp__put_text(&sasl->text, "c=");
    put_base64(&sasl->text, header, sasl->binding);
}

int smtp__scram_check(smtp_str message)
{
    smtp__cursor cursor = smtp__cursor_start(message);
    (void)smtp__sasl_take_until(&cursor, '\0');
    int right = cursor.at == cursor.end && smtp_utf8_valid(message, NULL);
    return right ? 0 : SMTP_ERR_AUTH_PROTOCOL;
}

int smtp__scram_take(smtp__cursor *cursor, char name, smtp_str *value)
{
    if (!smtp__take(cursor, name) || !smtp__take(cursor, '=')) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    *value = smtp__sasl_take_until(cursor, ',');
    return value->len > 0 ? 0 : SMTP_ERR_AUTH_PROTOCOL;
}

int smtp__scram_take_nonce(smtp__cursor *cursor, smtp_str *value)
{
    int error = smtp__scram_take(cursor, 'r', value);
    return error != 0 || smtp__sasl_visible(*value) ? error : SMTP_ERR_AUTH_PROTOCOL;
}

int smtp__scram_take_end(smtp__cursor *cursor, char last, smtp_str *value)
{
    while (smtp__take(cursor, ',')) {
        char name = cursor->at < cursor->end ? *cursor->at : '\0';
        if (!smtp__is((unsigned char)name, SMTP__ALPHA) || name == 'm' ||
            smtp__scram_take(cursor, name, value) != 0) {
            return SMTP_ERR_AUTH_PROTOCOL;
        }
        if (name == last) {
            return cursor->at == cursor->end ? 0 : SMTP_ERR_AUTH_PROTOCOL;
        }
    }
    return last == '\0' && cursor->at == cursor->end ? 0 : SMTP_ERR_AUTH_PROTOCOL;
}

int smtp__scram_decode(smtp_str text, unsigned char *out, size_t len)
{
    size_t length;
    int error = smtp_base64_decode((char *)out, len, &length, text);
    return error == 0 && length == len ? 0 : SMTP_ERR_AUTH_PROTOCOL;
}

int smtp_scram_keys(const smtp_crypto *crypto, int hash, smtp_str password, smtp_str salt,
                    uint32_t iterations, unsigned char *stored_key, unsigned char *server_key)
{
    smtp__scram_challenge challenge;
    smtp__scram_keys keys;
    int error = smtp__crypto_check(crypto);
    if (error != 0) {
        return error;
    }
    if (smtp__digest_length(hash) == 0 || salt.len == 0 || salt.len > sizeof challenge.salt ||
        iterations < SMTP_SASL_ITERATIONS_MIN || iterations > SMTP_SASL_ITERATIONS_MAX ||
        smtp__sasl_prepared(password, SMTP_SASL_PASSWORD_MAX) != 0) {
        return SMTP_ERR_ARGUMENT;
    }
    memcpy(challenge.salt, salt.ptr, salt.len);
    challenge.salt_length = salt.len;
    challenge.iterations = iterations;
    error = smtp__scram_derive(crypto, hash, password, &challenge, &keys);
    if (error == 0) {
        memcpy(stored_key, keys.stored_key, smtp__digest_length(hash));
        memcpy(server_key, keys.server_key, smtp__digest_length(hash));
    }
    smtp_wipe(&keys, sizeof keys);
    return error;
}
