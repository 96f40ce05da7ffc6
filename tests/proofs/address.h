/* SPDX-License-Identifier: MIT
 * What stands in the analysed sources where an address is made a number, and is included in all of
 * them: Eva knows nothing of such a number. */
#ifndef SMTP_PROOFS_ADDRESS_H
#define SMTP_PROOFS_ADDRESS_H

#include <stdint.h>

extern volatile uintptr_t any_number;

static inline uintptr_t any_address(void)
{
    return any_number;
}

#endif
