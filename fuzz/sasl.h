/* SPDX-License-Identifier: MIT
 * What the targets of both sides of SASL share: a side in storage of its own, what must hold of
 * every step, and messages that were tampered with. */
#ifndef FUZZ_SASL_H
#define FUZZ_SASL_H

#include "smtp/extension.h"
#include "smtp/sasl.h"
#include "support.h"

#define SASL_NAME "ann"
#define SASL_OTHER "=eve, other"
#define SASL_PASSWORD "correct horse battery"
#define SASL_TOKEN "ya29.vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg"
#define SASL_BINDING "thirty-two octets of the export."

enum { SASL_ROOM = 4096 };

/* One side of an exchange. */
typedef struct side {
    smtp_sasl *sasl;
    unsigned char *storage;
    size_t bytes;
    int is_server;
    int result;        /* of the last step */
    smtp_str out;      /* of the last step */
    char *borrowed[8]; /* what the exchange may point to until its end */
    size_t lent;
} side;

const smtp_mechanism *draw_mechanism(choices *from);
int is_scram(const smtp_mechanism *row);

/* The side's storage, with `more` octets than it must have; side_drop() looks that nothing is left
 * in it. */
void side_make(side *who, int is_server, size_t more);
void side_drop(side *who);

/* A copy that is as long as it is, and gone with the side. */
smtp_str side_lend(side *who, const char *words);

/* A step with a copy of the message that is gone after it, and one with an answer. */
int side_step(side *who, smtp_str message);
int side_answer(side *who, const smtp_sasl_answer *answer);

/* 1 when the octets are anywhere in the storage. */
int side_holds(const side *who, const char *secret);

/* The next message, in `room`: the honest one; one of the lines; or the honest one with some
 * octets changed. *forged gets 1 when it is not the honest one. */
smtp_str draw_message(choices *from, smtp_str honest, smtp_str *lines, char *room, int *forged);

#endif
