/* SPDX-License-Identifier: MIT
 * What is included in all analysed sources, for what Eva does not know or takes too strictly. */
#ifndef SMTP_PROOFS_ADDRESS_H
#define SMTP_PROOFS_ADDRESS_H

#include <stdint.h>
#include <string.h>

#include "__fc_builtin.h"

/* An address as a number. It is asked for modulo 32 and less. */
static inline uintptr_t any_address(void)
{
    int address = Frama_C_interval(0, 31);
    /*@ split address; */
    return (uintptr_t)address;
}

/* To copy nothing, C wants pointers into an object or to its end; Frama-C's memcpy() wants an octet
 * there. */
static inline void *copy_nothing(void *to, const void *from)
{
    /*@ assert \object_pointer((char *)to) && to != \null; */
    /*@ assert \object_pointer((char *)from) && from != \null; */
    return to;
}
#define memcpy(to, from, n) ((n) == 0 ? copy_nothing(to, from) : memcpy(to, from, n))

/* For drivers that give this to all of their sources: what is inline is declared only, so that
 * promises.h can have another in its place. */
#ifdef PROMISE_WRITER
#define smtp__put_str real_put_str
#include "base/writer.h"
#undef smtp__put_str
void smtp__put_str(smtp__writer *writer, smtp_str str);
#endif

#endif
