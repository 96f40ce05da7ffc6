/* SPDX-License-Identifier: MIT
 * Cryptography that protects nothing. */
#include "toy.h"

static uint32_t mix(uint32_t sum, smtp_str octets)
{
    size_t i;

    for (i = 0; i < octets.len; i++)
        sum = (sum ^ (unsigned char)octets.ptr[i]) * 16777619u;
    return sum ^ sum >> 15;
}

static void spread(int hash, uint32_t sum, unsigned char *out)
{
    int len = hash == SMTP_HASH_SHA256 ? 32 : hash == SMTP_HASH_SHA1 ? 20 : 16;

    while (len-- > 0) {
        sum = sum * 1664525u + 1013904223u;
        *out++ = (unsigned char)(sum >> 24);
    }
}

static int toy_hash(int hash, smtp_str octets, unsigned char *out, void *user)
{
    (void)user;
    spread(hash, mix(1, octets), out);
    return 0;
}

static int toy_hmac(int hash, smtp_str key, smtp_str octets, unsigned char *out, void *user)
{
    (void)user;
    spread(hash, mix(mix(2, key), octets), out);
    return 0;
}

static int toy_pbkdf2(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                      unsigned char *out, void *user)
{
    (void)user;
    spread(hash, mix(mix(iterations, password), salt), out);
    return 0;
}

static int toy_random(unsigned char *out, size_t len, void *user)
{
    (void)user;
    while (len > 0)
        *out++ = (unsigned char)(len-- * 37u);
    return 0;
}

const smtp_crypto toy_crypto = {
    sizeof toy_crypto, toy_hash, toy_hmac, toy_pbkdf2, toy_random, NULL,
};
