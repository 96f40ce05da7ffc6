/* SPDX-License-Identifier: MIT
 * What became of all recipients, and the exit status that says it. */
#ifndef EXAMPLES_SEND_TALLY_H
#define EXAMPLES_SEND_TALLY_H

#include <stdint.h>

/* All zero is the start. */
struct tally {
    uint64_t delivered; /* recipients */
    uint64_t failed;
    int temporary; /* 1: a failure that may be over later */
    int broken;    /* 1: a session broke down: where messages went, another may take the others */
    int first;     /* the status of the first failure */
};

void tally_success(struct tally *tally);

/* Adds a recipient of whom a reply says SMTP_RESULT_TEMPORARY or SMTP_RESULT_PERMANENT. */
void tally_refusal(struct tally *tally, int result);

/* Adds a failure, which a reply code tells of or, when that is 0, an SMTP_ERR_ code. */
void tally_failure(struct tally *tally, int code, int error);

/* The status of sysexits.h for all of it. */
int tally_status(const struct tally *tally);

#endif
