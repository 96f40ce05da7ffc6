/* SPDX-License-Identifier: MIT
 * What the drivers of SCRAM share. */
#ifndef SMTP_PROOFS_SCRAM_H
#define SMTP_PROOFS_SCRAM_H

#include "sasl.h"

#include "sasl/scram.h"

static inline int any_mechanism(void)
{
    static const int mechanisms[] = {SMTP_MECH_SCRAM_SHA_1, SMTP_MECH_SCRAM_SHA_256_PLUS};
    return mechanisms[any_of(2)];
}

/* An exchange of which something has been said. */
static inline smtp_sasl *exchange(int is_server, int turn, size_t small, size_t large)
{
    smtp_sasl *sasl = exchange_of(any_mechanism(), is_server, any_of(2) ? small : large);
    sasl->begun = (uint8_t)(turn > 0);
    sasl->turn = (uint8_t)turn;
    if (!sasl->mechanism->binds) {
        sasl->crypto = &crypto; /* PBKDF2 is the library's */
    }
    if (turn > 0) {
        sasl->text.len = 2;
        sasl->header_length = 1;
        sasl->nonce.ptr = sasl->text.out + 1;
        sasl->nonce.len = (size_t)any_of(2);
        if (sasl->mechanism->binds) {
            sasl->binding = text_of(1);
        }
    }
    return sasl;
}

static inline void step(smtp_sasl *sasl, size_t longest)
{
    smtp_str out;
    int result = smtp_sasl_step(sasl, any_text(longest), &out);
    if (result >= 0) {
        /*@ assert \valid_read(out.ptr + (0 .. out.len - 1)); */
    }
    smtp_sasl_end(sasl);
}

#endif
