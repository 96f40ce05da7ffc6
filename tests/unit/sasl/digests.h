/* SPDX-License-Identifier: MIT
 * Digests and HMAC for tests, as plain as the RFCs have them, and a cryptography made of them that
 * can be told when to fail and what is random. */
#ifndef TESTS_UNIT_SASL_DIGESTS_H
#define TESTS_UNIT_SASL_DIGESTS_H

#include "base/octets.h"
#include "smtp/sasl.h"

enum { CRYPTO_BLOCK = 64, CRYPTO_DATA = 4096 };

static inline uint32_t crypto_left(uint32_t value, unsigned count)
{
    return value << count | value >> (32 - count);
}

/* The last blocks: 0x80, zeros, and the length in bits, least octet first for MD5. Gives the length
 * of all. */
static inline size_t crypto_pad(unsigned char *block, smtp_str data, int little)
{
    size_t len = data.len;
    uint64_t bits = (uint64_t)data.len * 8;
    if (data.len > CRYPTO_DATA) {
        abort();
    }
    memcpy(block, data.ptr, data.len);
    block[len++] = 0x80;
    while (len % CRYPTO_BLOCK != CRYPTO_BLOCK - 8) {
        block[len++] = 0;
    }
    for (unsigned i = 0; i < 8; i++) {
        block[len++] = (unsigned char)(bits >> 8 * (little ? i : 7 - i));
    }
    return len;
}

/* RFC 1321 3.4. The constants are the sines of 1 to 64, by 2^32. */
static inline void crypto_md5_block(uint32_t state[4], const unsigned char *block)
{
    static const uint32_t sines[64] = {
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
        0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
        0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
        0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
        0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
        0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
        0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
        0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
        0xeb86d391};
    static const unsigned shifts[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const unsigned factors[4] = {1, 5, 3, 7};
    static const unsigned terms[4] = {0, 1, 5, 0};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16;
        const unsigned char *word = block + 4 * ((factors[round] * i + terms[round]) % 16);
        uint32_t f = round == 0   ? (b & c) | (~b & d)
                     : round == 1 ? (d & b) | (~d & c)
                     : round == 2 ? b ^ c ^ d
                                  : c ^ (b | ~d);
        f += a + sines[i] + word[0] + ((uint32_t)word[1] << 8) + ((uint32_t)word[2] << 16) +
             ((uint32_t)word[3] << 24);
        a = d;
        d = c;
        c = b;
        b += crypto_left(f, shifts[round][i % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

/* RFC 3174 6.1. */
static inline void crypto_sha1_block(uint32_t state[5], const unsigned char *block)
{
    static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (unsigned i = 0; i < 80; i++) {
        if (i < 16) {
            w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
        } else {
            w[i] = crypto_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        }
        uint32_t f = i / 20 == 0   ? (b & c) | (~b & d)
                     : i / 20 == 2 ? (b & c) | (b & d) | (c & d)
                                   : b ^ c ^ d;
        f += crypto_left(a, 5) + e + constants[i / 20] + w[i];
        e = d;
        d = c;
        c = crypto_left(b, 30);
        b = a;
        a = f;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

static inline uint32_t crypto_sigma(uint32_t x, unsigned r1, unsigned r2, unsigned r3)
{
    return crypto_left(x, 32 - r1) ^ crypto_left(x, 32 - r2) ^ crypto_left(x, 32 - r3);
}

/* RFC 6234 6.2. */
static inline void crypto_sha256_block(uint32_t state[8], const unsigned char *block)
{
    static const uint32_t constants[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};
    uint32_t w[64], s[8];
    memcpy(s, state, sizeof s);
    for (unsigned i = 0; i < 64; i++) {
        if (i < 16) {
            w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
        } else {
            uint32_t x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + w[i - 7] + (crypto_left(x, 25) ^ crypto_left(x, 14) ^ x >> 3) +
                   (crypto_left(y, 15) ^ crypto_left(y, 13) ^ y >> 10);
        }
        uint32_t t1 = s[7] + crypto_sigma(s[4], 6, 11, 25) + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
                      constants[i] + w[i];
        uint32_t t2 =
            crypto_sigma(s[0], 2, 13, 22) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof s[0]);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] += s[i];
    }
}

static inline size_t crypto_length(int hash)
{
    return hash == SMTP_HASH_MD5 ? 16 : hash == SMTP_HASH_SHA1 ? 20 : 32;
}

/* The digest of data, to out. */
static inline void crypto_digest(int hash, smtp_str data, unsigned char *out)
{
    static unsigned char padded[CRYPTO_DATA + 2 * CRYPTO_BLOCK];
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    static const uint32_t older[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    int little = hash == SMTP_HASH_MD5;
    size_t len = crypto_pad(padded, data, little);
    if (hash != SMTP_HASH_SHA256) {
        memcpy(state, older, sizeof older);
    }
    for (size_t at = 0; at < len; at += CRYPTO_BLOCK) {
        if (little) {
            crypto_md5_block(state, padded + at);
        } else if (hash == SMTP_HASH_SHA1) {
            crypto_sha1_block(state, padded + at);
        } else {
            crypto_sha256_block(state, padded + at);
        }
    }
    for (unsigned i = 0; i < crypto_length(hash); i++) {
        out[i] = (unsigned char)(state[i / 4] >> 8 * (little ? i % 4 : 3 - i % 4));
    }
}

/* RFC 2104 2. */
static inline void crypto_keyed(int hash, smtp_str key, smtp_str data, unsigned char *out)
{
    static unsigned char inner[CRYPTO_BLOCK + CRYPTO_DATA];
    unsigned char outer[CRYPTO_BLOCK + SMTP_SASL_DIGEST_MAX];
    unsigned char pad[CRYPTO_BLOCK] = {0};
    if (key.len > CRYPTO_BLOCK) {
        crypto_digest(hash, key, pad);
    } else {
        memcpy(pad, key.ptr, key.len);
    }
    for (size_t i = 0; i < CRYPTO_BLOCK; i++) {
        inner[i] = pad[i] ^ 0x36;
        outer[i] = pad[i] ^ 0x5c;
    }
    if (data.len > CRYPTO_DATA - CRYPTO_BLOCK) {
        abort();
    }
    memcpy(inner + CRYPTO_BLOCK, data.ptr, data.len);
    crypto_digest(hash, octets_of((char *)inner, CRYPTO_BLOCK + data.len), outer + CRYPTO_BLOCK);
    crypto_digest(hash, octets_of((char *)outer, CRYPTO_BLOCK + crypto_length(hash)), out);
}

/* ---- the cryptography of a test ---- */

typedef struct crypto_state {
    size_t calls;   /* so far */
    size_t fail_at; /* the call that fails, counted from 1; 0: none */
    uint64_t seed;  /* of what is random */
} crypto_state;

/* 1 when this call is to fail. */
static inline int crypto_fails(void *user)
{
    crypto_state *state = user;
    return ++state->calls == state->fail_at;
}

static inline int crypto_hash(int hash, smtp_str data, unsigned char *out, void *user)
{
    crypto_digest(hash, data, out);
    return crypto_fails(user);
}

static inline int crypto_hmac(int hash, smtp_str key, smtp_str data, unsigned char *out, void *user)
{
    crypto_keyed(hash, key, data, out);
    return crypto_fails(user);
}

static inline int crypto_random(unsigned char *out, size_t len, void *user)
{
    crypto_state *state = user;
    for (size_t i = 0; i < len; i++) {
        out[i] = (unsigned char)(octets_random(&state->seed) >> 16);
    }
    return crypto_fails(user);
}

/* Without PBKDF2: the library's own is used. */
static inline smtp_crypto crypto_of(crypto_state *state)
{
    smtp_crypto crypto = {sizeof crypto, crypto_hash, crypto_hmac, NULL, crypto_random, state};
    return crypto;
}

#endif
