/* SPDX-License-Identifier: MIT
 * The callbacks of a server session under test. */
#ifndef FUZZ_SERVING_EVENTS_H
#define FUZZ_SERVING_EVENTS_H

#include "serving.h"

enum serving_kind {
    KIND_CONNECT,
    KIND_HELLO,
    KIND_STARTTLS,
    KIND_AUTH,
    KIND_MAIL,
    KIND_RCPT,
    KIND_DATA,
    KIND_BODY,
    KIND_MESSAGE,
    KIND_COMMAND,
    KIND_NAMES,
    KIND_ATRN,
    KIND_BURL
};

/* The words in which a body may be refused. */
#define SERVING_REFUSAL "Not this body"

/* Fills the table, without those of plan->absent; those that keep the account are always there. */
void serving_set_callbacks(serving *s);

/* What follows for the account from an answer. */
void serving_outcome(serving *s, int kind, int good);

#endif
