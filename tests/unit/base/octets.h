/* SPDX-License-Identifier: MIT
 * Octets for tests: copies of exact size, where a sanitizer sees any over-read, and random ones. */
#ifndef TESTS_UNIT_BASE_OCTETS_H
#define TESTS_UNIT_BASE_OCTETS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/base.h"

/* A slice over a literal that may hold NULs. */
#define OCTETS(literal) octets_of("" literal, sizeof(literal) - 1)

static inline smtp_str octets_of(const char *ptr, size_t len)
{
    smtp_str str = {ptr, len};
    return str;
}

/* A copy in a block of its own with nothing behind it; octets_free() gives it back. */
static inline smtp_str octets_copy(smtp_str from)
{
    char *block = malloc(from.len > 0 ? from.len : 1);
    if (block == NULL) {
        abort();
    }
    if (from.len > 0) {
        memcpy(block, from.ptr, from.len);
    }
    return octets_of(block, from.len);
}

static inline void octets_free(smtp_str copy)
{
    free((void *)(uintptr_t)copy.ptr);
}

/* The next number of a xorshift generator; *state is its seed and not 0. */
static inline uint64_t octets_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A random number below `limit`. */
static inline size_t octets_below(uint64_t *state, size_t limit)
{
    return (size_t)(octets_random(state) >> 11) % limit;
}

#endif
