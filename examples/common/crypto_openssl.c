/* SPDX-License-Identifier: MIT
 * Digests, HMAC, PBKDF2 and random octets by OpenSSL 3. Without OpenSSL nothing of it is to be had.
 */
#include "crypto_openssl.h"

#ifdef HAVE_OPENSSL

#include <limits.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

/* By SMTP_HASH_. Where MD5 is forbidden by the system, its calls fail, and CRAM-MD5 with them. */
static const struct digest {
    const char *name;
    size_t length;
} digests[] = {{NULL, 0}, {"MD5", 16}, {"SHA1", 20}, {"SHA256", 32}};

static int digest_of(int hash, smtp_str data, unsigned char *out, void *user)
{
    (void)user;
    return EVP_Q_digest(NULL, digests[hash].name, NULL, data.ptr, data.len, out, NULL) != 1;
}

static int hmac_of(int hash, smtp_str key, smtp_str data, unsigned char *out, void *user)
{
    const struct digest *digest = &digests[hash];

    (void)user;
    return EVP_Q_mac(NULL, "HMAC", NULL, digest->name, NULL, key.ptr, key.len,
                     (const unsigned char *)data.ptr, data.len, out, digest->length, NULL) == NULL;
}

static int pbkdf2_of(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                     unsigned char *out, void *user)
{
    const struct digest *digest = &digests[hash];
    EVP_MD *md;
    int done;

    (void)user;
    if (password.len > INT_MAX || salt.len > INT_MAX || iterations > INT_MAX)
        return 1;
    md = EVP_MD_fetch(NULL, digest->name, NULL);
    done = md != NULL &&
           PKCS5_PBKDF2_HMAC(password.ptr, (int)password.len, (const unsigned char *)salt.ptr,
                             (int)salt.len, (int)iterations, md, (int)digest->length, out) == 1;
    EVP_MD_free(md);
    return !done;
}

static int random_of(unsigned char *out, size_t len, void *user)
{
    (void)user;
    return len > INT_MAX || RAND_bytes(out, (int)len) != 1;
}

const smtp_crypto *crypto_openssl(void)
{
    static const smtp_crypto crypto = {sizeof crypto, digest_of, hmac_of,
                                       pbkdf2_of,     random_of, NULL};

    return &crypto;
}

#else

const smtp_crypto *crypto_openssl(void)
{
    return NULL;
}

#endif
