/* SPDX-License-Identifier: MIT
 * Structures of the caller that say their own size. */
#include "syntax/sized.h"

#include <string.h>

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

int smtp__sized_take(void *to, size_t known, size_t least, const void *from)
{
    size_t size = 0;
    memset(to, 0, known);
    if (from == NULL) {
        return SMTP_ERR_ARGUMENT;
    }
    memcpy(&size, from, sizeof size);
    if (size < least) {
        return SMTP_ERR_ARGUMENT;
    }
    int error = size > known ? smtp__sized(from, size, known) : 0;
    if (error == 0) {
        memcpy(to, from, size < known ? size : known);
    }
    return error;
}
