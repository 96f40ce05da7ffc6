/* SPDX-License-Identifier: MIT
 * The caller's cryptography, and PBKDF2 where the caller has none. */
#include "sasl/crypto.h"

#include <string.h>

#include "syntax/sized.h"

enum { BLOCK_NUMBER = 4 }; /* octets of it (RFC 8018 5.2) */

static const size_t digest_lengths[] = {0, 16, 20, SMTP_SASL_DIGEST_MAX};

/* A slice that has a pointer even when it is empty. */
static smtp_str present(smtp_str str)
{
    return str.ptr != NULL ? str : smtp_text("");
}

static int failed(int result)
{
    return result == 0 ? 0 : SMTP_ERR_ARGUMENT;
}

size_t smtp__digest_length(int hash)
{
    size_t count = sizeof digest_lengths / sizeof digest_lengths[0];
    return hash >= 0 && (size_t)hash < count ? digest_lengths[hash] : 0;
}

smtp_str smtp__octets(const unsigned char *octets, size_t len)
{
    smtp_str str = {(const char *)octets, len};
    return str;
}

int smtp__crypto_check(const smtp_crypto *crypto)
{
    if (crypto == NULL) {
        return SMTP_ERR_UNSUPPORTED;
    }
    int error = smtp__sized(crypto, crypto->size, sizeof *crypto);
    if (error != 0) {
        return error;
    }
    int complete = crypto->hash != NULL && crypto->hmac != NULL && crypto->random != NULL;
    return complete ? 0 : SMTP_ERR_UNSUPPORTED;
}

int smtp__hash(const smtp_crypto *crypto, int hash, smtp_str data, unsigned char *out)
{
    return failed(crypto->hash(hash, present(data), out, crypto->user));
}

int smtp__hmac(const smtp_crypto *crypto, int hash, smtp_str key, smtp_str data, unsigned char *out)
{
    return failed(crypto->hmac(hash, present(key), present(data), out, crypto->user));
}

int smtp__random(const smtp_crypto *crypto, unsigned char *out, size_t len)
{
    return failed(crypto->random(out, len, crypto->user));
}

/* U1 to Uc in turn, each added to `out` (RFC 8018 5.2). */
static int iterate(const smtp_crypto *crypto, int hash, smtp_str password, smtp_str first,
                   uint32_t iterations, unsigned char *out)
{
    unsigned char block[SMTP_SASL_DIGEST_MAX];
    size_t length = smtp__digest_length(hash);
    smtp_str data = first;
    int error = 0;
    memset(out, 0, length);
    for (uint32_t i = 0; i < iterations && error == 0; i++) {
        error = smtp__hmac(crypto, hash, password, data, block);
        data = smtp__octets(block, length);
        for (size_t at = 0; at < length && error == 0; at++) {
            out[at] = (unsigned char)(out[at] ^ block[at]);
        }
    }
    smtp_wipe(block, sizeof block);
    return error;
}

int smtp__pbkdf2(const smtp_crypto *crypto, int hash, smtp_str password, smtp_str salt,
                 uint32_t iterations, unsigned char *out)
{
    unsigned char first[SMTP_SASL_SALT_MAX + BLOCK_NUMBER] = {0};
    if (crypto->pbkdf2 != NULL) {
        return failed(crypto->pbkdf2(hash, present(password), salt, iterations, out, crypto->user));
    }
    memcpy(first, salt.ptr, salt.len);
    first[salt.len + BLOCK_NUMBER - 1] = 1;
    return iterate(crypto, hash, password, smtp__octets(first, salt.len + BLOCK_NUMBER), iterations,
                   out);
}
