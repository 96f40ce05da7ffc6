/* SPDX-License-Identifier: MIT
 * Secrets: compared without a hint in the time it takes, and wiped. */
#include <string.h>

#include "base/compiler.h"
#include "smtp/base.h"

int smtp_secret_equal(smtp_str a, smtp_str b)
{
    /* Volatile, so that the compiler may not leave the loop at the first difference. */
    const volatile unsigned char *x = (const volatile unsigned char *)a.ptr;
    const volatile unsigned char *y = (const volatile unsigned char *)b.ptr;
    unsigned char difference = 0;
    if (a.len != b.len) {
        return 0;
    }
    for (size_t i = 0; i < a.len; i++) {
        difference = (unsigned char)(difference | (x[i] ^ y[i]));
    }
    return difference == 0;
}

void smtp_wipe(void *memory, size_t bytes)
{
#ifdef SMTP__KEEP
    if (bytes > 0) {
        memset(memory, 0, bytes);
        SMTP__KEEP(memory);
    }
#else
    volatile unsigned char *octets = memory;
    for (size_t i = 0; i < bytes; i++) {
        octets[i] = 0;
    }
#endif
}
