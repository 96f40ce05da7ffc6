/* SPDX-License-Identifier: MIT
 * What a client puts on the wire, read as simply as can be: commands, and content where a reply or
 * BDAT says that it follows. */
#ifndef FUZZ_WIRE_H
#define FUZZ_WIRE_H

#include "support.h"

enum { WIRE_REPLIES = 256 };

typedef struct wire {
    int state; /* WIRE_, of wire.c */
    text line;
    uint64_t left;                 /* of a chunk */
    char last[5];                  /* octets of content */
    int auth;                      /* AUTH was said: lines of base64 may follow */
    uint8_t replies[WIRE_REPLIES]; /* to DATA, not yet seen from this side: 1: 354 */
    size_t reply_first;
    size_t reply_count;
} wire;

/* Takes what the client says, in any cut; checks that each line is a command and that content has
 * no line end but CRLF. */
void wire_take(wire *w, smtp_str octets);

/* The client was told of a reply to DATA. */
void wire_data_reply(wire *w, int code);

#endif
