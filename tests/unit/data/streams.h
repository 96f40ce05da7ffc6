/* SPDX-License-Identifier: MIT
 * What the tests of lib/data share: random streams, and inputs that end with their memory. */
#ifndef SMTP_TEST_STREAMS_H
#define SMTP_TEST_STREAMS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/data.h"

/* Octets that grow; the room is the test's to choose. */
struct octets {
    unsigned char at[8192];
    size_t len;
};

static inline void octets_add(struct octets *octets, const void *text, size_t len)
{
    if (len > sizeof octets->at - octets->len) {
        abort();
    }
    if (len > 0) {
        memcpy(octets->at + octets->len, text, len);
    }
    octets->len += len;
}

/* xorshift64: the same numbers on every machine. */
static inline unsigned random_below(uint64_t *seed, unsigned limit)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (unsigned)((*seed >> 20) % limit);
}

/* Text of the octets that matter, rarely others; `rare` is how seldom one matters at all. */
static inline void octets_random(struct octets *octets, uint64_t *seed, size_t len, unsigned rare)
{
    static const unsigned char matters[] = "\r\n.\r\n\r.\n\r\n.\r\n"
                                           "\0\x80\xFFzJ\x0B\x0C\x0E\x8D\x8A";

    for (size_t i = 0; i < len; i++) {
        unsigned char octet = (unsigned char)('a' + random_below(seed, 26));
        if (random_below(seed, rare) == 0) {
            octet = matters[random_below(seed, sizeof matters - 1)];
        }
        octets_add(octets, &octet, 1);
    }
}

/* A copy in memory that ends, and begins, with it. A length of 0 gives memory too. */
static inline char *exact_copy(const void *text, size_t len)
{
    char *copy = malloc(len == 0 ? 1 : len);
    if (copy == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

/* How a stream is cut: into pieces of `width`, but the first is `first` long; 0 is at random. */
struct cut {
    size_t first;
    size_t width;
    uint64_t seed;
};

static inline size_t cut_next(struct cut *cut, size_t left, size_t at)
{
    size_t width = at == 0 && cut->first != 0 ? cut->first : cut->width;
    if (width == 0) {
        width = random_below(&cut->seed, 20) == 0 ? random_below(&cut->seed, 700)
                                                  : random_below(&cut->seed, 6);
    }
    return width < left ? width : left;
}

#endif
