/* SPDX-License-Identifier: MIT
 * Letters that are to be delivered, and the attempts to do so. */
#ifndef SIMULATION_LETTER_H
#define SIMULATION_LETTER_H

#include "chance.h"
#include "smtp/client.h"

enum { LETTERS = 3, RECIPIENTS = 4, BODY_MAX = 4096, ATTEMPTS = 64 };

/* A letter in the client's queue. */
typedef struct letter {
    uint32_t flags;          /* SMTP_ENVELOPE_ */
    int binary;              /* BODY=BINARYMIME */
    int says_octets;         /* 0: not, 1: as it is, 2: wrongly */
    int sendable;            /* 0: something in it must not leave */
    size_t recipients;       /* how many */
    int settled[RECIPIENTS]; /* SMTP_RESULT_; NONE: still to be sent */
    size_t len;
    char body[BODY_MAX];
    size_t expected_len; /* what must come to the disk */
    char expected[2 * BODY_MAX + 2];
} letter;

/* One `smtp_client_send`. Its number is the local part of its reverse-path. */
typedef struct attempt {
    letter *of;
    size_t connection;
    int lmtp;
    /* The client's side. */
    smtp_envelope envelope;
    smtp_params params;
    smtp_recipient to[RECIPIENTS];
    size_t which[RECIPIENTS]; /* of the letter's recipients, by the envelope's position */
    char names[RECIPIENTS + 1][24];
    int returned; /* by smtp_client_send() */
    int died;     /* the client's process died under way */
    int sent;     /* how often `sent` came, and what it said */
    int result;
    int error;
    size_t delivered;
    int told[RECIPIENTS]; /* how often `recipient` came, and what it said */
    int told_result[RECIPIENTS];
    int told_error[RECIPIENTS];
    int told_code[RECIPIENTS];
    /* The server's side, as the wire has it. By recipient of the letter; SMTP has one reply, which
     * stands at each recipient that was accepted. */
    uint32_t accepted;         /* recipients, by bit */
    int reply[RECIPIENTS];     /* to the end of data, 0: none */
    uint64_t ends[RECIPIENTS]; /* how many octets the server had said with it */
    int heard[RECIPIENTS];     /* the client took all of it */
    int refusal[RECIPIENTS];   /* the reply to RCPT, when it was no */
    uint64_t refusal_ends[RECIPIENTS];
} attempt;

void letter_draw(letter *out, chance *from, int binary_offered);

/* What must be stored of a body: mended where that is asked for, with a last line end. Gives the
 * length. */
size_t letter_expect(const letter *of, char *out);

/* A fresh attempt to send what is still to be sent of a letter. */
void attempt_begin(attempt *out, size_t number, letter *of);

/* Overwrites what the library must not look at any more. */
void attempt_forget(attempt *of);

#endif
