/* SPDX-License-Identifier: MIT
 * What stands in the analysed sources where an address is made a number, and is included in all of
 * them: Eva knows nothing of such a number. */
#ifndef SMTP_PROOFS_ADDRESS_H
#define SMTP_PROOFS_ADDRESS_H

#include <stdint.h>

#include "__fc_builtin.h"

/* It is asked for modulo 32 and less. */
static inline uintptr_t any_address(void)
{
    int address = Frama_C_interval(0, 31);
    /*@ split address; */
    return (uintptr_t)address;
}

#endif
