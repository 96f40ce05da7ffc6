/* SPDX-License-Identifier: MIT
 * What was said on one connection, read from the octets alone: which reply answers what. */
#ifndef SIMULATION_CONVERSATION_H
#define SIMULATION_CONVERSATION_H

#include <stddef.h>
#include <stdint.h>

#include "smtp/session.h"

enum { ASKED_MAX = 512 };

/* A command that the server has not answered. */
typedef struct asked {
    uint8_t verb;
    uint8_t last;    /* BDAT; EHLO: 0, HELO: 1 */
    uint16_t number; /* of the attempt, or of the recipient */
} asked;

typedef struct conversation {
    int lmtp;
    int mode;         /* what the client's octets are */
    size_t taken;     /* the client's octets that the server took */
    size_t read;      /* those that were understood */
    size_t looked_at; /* and those in which a line end was looked for */
    size_t chunk;     /* octets of a chunk that follow */
    asked queue[ASKED_MAX];
    size_t first;
    size_t count;
    size_t said; /* the server's octets, those that are queued too */
    size_t column;
    int code;
    char mark; /* behind the code */
    /* The transaction, as far as replies tell. */
    int open;
    size_t attempt;
    uint32_t accepted;
    size_t answered; /* recipients, after the end of data */
    int over;        /* 421 was said, */
    size_t over_at;  /* and how many octets there were with it */
    int may_group;   /* both sides agreed to PIPELINING */
    /* The message, as the client sends it. */
    size_t sending;
    size_t carried;
    int chunk_refused; /* what follows is of no use */
} conversation;

struct sim;

void conversation_begin(struct sim *s);

/* The server's session has changed: reads what it took, and what it has queued. */
void conversation_follow(struct sim *s, const smtp_session *server);

/* 1 when all of the message of an attempt has gone from the client, up to the end of data; also
 * where nobody knows, since octets vanished. */
int conversation_has_left(const struct sim *s, size_t number);

/* The server ended the session by itself: with QUIT everything was answered, and the end of data to
 * all recipients or to none. */
void conversation_end(struct sim *s, int quit);

#endif
