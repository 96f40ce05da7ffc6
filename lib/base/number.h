/* SPDX-License-Identifier: MIT
 * Decimal numbers, read strictly and written. */
#ifndef SMTP_BASE_NUMBER_H
#define SMTP_BASE_NUMBER_H

#include "smtp/base.h"

/* The digits of the largest 64-bit number. */
enum { SMTP__DECIMAL_MAX = 20 };

/* Reads a number that is all of `text`: 1 to max_digits digits and nothing else. Returns 0, NUMBER,
 * or NUMBER_TOO_LARGE when it is only digits, but too many of them or over 64 bits. *out is set
 * only with 0. */
int smtp__decimal(smtp_str text, size_t max_digits, uint64_t *out);

/* Writes a number without leading zeros and gives its length. */
size_t smtp__decimal_write(char out[SMTP__DECIMAL_MAX], uint64_t number);

#endif
