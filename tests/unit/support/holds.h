/* SPDX-License-Identifier: MIT
 * Whether some octets stand anywhere in a block of memory, such as a password in a session. What
 * lies between the members of a struct was perhaps never written; it is looked at on purpose. So
 * MemorySanitizer leaves this function alone, and valgrind knows it by its name. */
#ifndef TESTS_UNIT_SUPPORT_HOLDS_H
#define TESTS_UNIT_SUPPORT_HOLDS_H

#include <stddef.h>

#ifdef __clang__
#define MEMORY_HOLDS_ATTRIBUTES __attribute__((noinline, unused, no_sanitize("memory")))
#elif defined(__GNUC__)
#define MEMORY_HOLDS_ATTRIBUTES __attribute__((noinline, unused))
#else
#define MEMORY_HOLDS_ATTRIBUTES
#endif

MEMORY_HOLDS_ATTRIBUTES
static int memory_holds(const void *block, size_t bytes, const void *octets, size_t len)
{
    const unsigned char *in = block;
    const unsigned char *what = octets;
    size_t i;
    size_t k;

    for (i = 0; i + len <= bytes; i++) {
        for (k = 0; k < len && in[i + k] == what[k]; k++)
            continue;
        if (k == len)
            return 1;
    }
    return 0;
}

#endif
