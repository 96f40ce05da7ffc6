/* SPDX-License-Identifier: MIT
 * One step of the UTF-8 validator. */
#ifndef SMTP_BASE_UTF8_H
#define SMTP_BASE_UTF8_H

#include <stddef.h>

/* The length of the well-formed character that begins at `at`, 1 to 4 octets, or 0 when there is
 * none that ends before or at `end`. */
size_t smtp__utf8_step(const char *at, const char *end);

#endif
