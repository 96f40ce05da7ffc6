/* SPDX-License-Identifier: MIT
 * Cryptography that protects nothing: enough for exchanges that are the same each time. */
#ifndef FUZZ_TOY_H
#define FUZZ_TOY_H

#include "smtp/sasl.h"

extern const smtp_crypto toy_crypto;

#endif
