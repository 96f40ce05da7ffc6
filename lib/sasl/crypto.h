/* SPDX-License-Identifier: MIT
 * The caller's cryptography as the mechanisms call it: what fails there is ARGUMENT here. */
#ifndef SMTP_SASL_CRYPTO_H
#define SMTP_SASL_CRYPTO_H

#include "smtp/sasl.h"

/* Returns 0, or UNSUPPORTED when there is none, or a function is missing, or ARGUMENT, NEWER. */
int smtp__crypto_check(const smtp_crypto *crypto);

/* Octets of a digest; 0 when it is none. */
size_t smtp__digest_length(int hash);

/* A slice over octets. */
smtp_str smtp__octets(const unsigned char *octets, size_t len);

int smtp__hash(const smtp_crypto *crypto, int hash, smtp_str data, unsigned char *out);
int smtp__hmac(const smtp_crypto *crypto, int hash, smtp_str key, smtp_str data,
               unsigned char *out);
int smtp__random(const smtp_crypto *crypto, unsigned char *out, size_t len);

/* PBKDF2, one block; the salt is of at most SMTP_SASL_SALT_MAX octets. */
int smtp__pbkdf2(const smtp_crypto *crypto, int hash, smtp_str password, smtp_str salt,
                 uint32_t iterations, unsigned char *out);

#endif
