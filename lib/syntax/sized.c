/* SPDX-License-Identifier: MIT
 * Structures of the caller that say their own size. */
#include "syntax/sized.h"

#include "smtp/base.h"

int smtp__sized(const void *structure, size_t size, size_t known)
{
    const unsigned char *octets = structure;
    if (size < known) {
        return SMTP_ERR_ARGUMENT; /* there has been no smaller one */
    }
    for (size_t i = known; i < size; i++) {
        if (octets[i] != 0) {
            return SMTP_ERR_NEWER;
        }
    }
    return 0;
}
