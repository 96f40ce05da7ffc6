/* SPDX-License-Identifier: MIT
 * Structures of the caller that say their own size. */
#ifndef SMTP_SYNTAX_SIZED_H
#define SMTP_SYNTAX_SIZED_H

#include <stddef.h>

/* Judges a structure whose first member says that it has `size` octets, where this version knows
 * `known`. Returns 0, ARGUMENT when it is too small to be one, or NEWER when what it has behind
 * `known` is not all zero. */
int smtp__sized(const void *structure, size_t size, size_t known);

#endif
