/* SPDX-License-Identifier: MIT
 * The cryptography that authentication needs, by OpenSSL where the program was built with it. */
#ifndef EXAMPLES_COMMON_CRYPTO_OPENSSL_H
#define EXAMPLES_COMMON_CRYPTO_OPENSSL_H

#include <smtp/sasl.h>

/* The functions, or NULL in a program without OpenSSL. */
const smtp_crypto *crypto_openssl(void);

#endif
