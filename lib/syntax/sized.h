/* SPDX-License-Identifier: MIT
 * Structures of the caller that say their own size. */
#ifndef SMTP_SYNTAX_SIZED_H
#define SMTP_SYNTAX_SIZED_H

#include <stddef.h>

/* Judges a structure whose first member says that it has `size` octets, where this version knows
 * `known`. Returns 0, ARGUMENT when it is too small to be one, or NEWER when what it has behind
 * `known` is not all zero. */
int smtp__sized(const void *structure, size_t size, size_t known);

/* Takes a sized structure of the caller: copies what both know, zeroes the rest. Returns 0,
 * ARGUMENT when `from` is missing or smaller than `least`, or NEWER when its unknown tail is not
 * zero. `from` begins with its size. */
int smtp__sized_take(void *to, size_t known, size_t least, const void *from);

#endif
