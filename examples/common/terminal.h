/* SPDX-License-Identifier: MIT
 * What a peer said, made fit for a terminal, and the conversation as it goes over the wire. */
#ifndef EXAMPLES_COMMON_TERMINAL_H
#define EXAMPLES_COMMON_TERMINAL_H

#include <stdio.h>

#include <smtp/session.h>

/* Occupies those of the three standard descriptors that are closed, so that nothing that is opened
 * later is taken for one of them: what is said to a standard error that there is not would go to
 * the peer. Call it first; they can be neither read nor seen, as before. */
void terminal_occupy(void);

/* Writes text with every control character and every octet that is not UTF-8 as an escape: what a
 * peer sends can neither forge a line nor command the terminal. */
void terminal_write(FILE *file, smtp_str text);

/* A trace hook: "C: ..." and "S: ..." lines on standard error. Its user is a uint64_t of the
 * connection's own, 0 at the start: the message comes in pieces, which are counted there and shown
 * as one line. */
void terminal_trace(smtp_session *session, const smtp_trace_event *event, void *user);

#endif
