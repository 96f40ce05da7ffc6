/* SPDX-License-Identifier: MIT
 * One connection: a stream of octets in each direction, with what befalls it. */
#ifndef SIMULATION_NETWORK_H
#define SIMULATION_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "smtp/transport.h"

enum side { CLIENT, SERVER };

enum loss {
    LOSS_NONE,
    LOSS_RESET, /* both directions end at once; what is on its way may be lost */
    LOSS_HALF,  /* this direction ends, the other goes on */
    LOSS_HOLE,  /* what follows vanishes, and nobody is told */
    LOSSES
};

enum { STREAM_MAX = 1 << 17 };

/* One direction, named by who writes. Octets keep their place, so that a place is a count. */
typedef struct stream {
    size_t written; /* octets that were let in */
    size_t most;    /* the same, with those that were lost on their way */
    size_t read;    /* octets that the other side took */
    size_t window;  /* how many may be on their way */
    size_t loss_at;
    int loss;
    int ended;   /* nothing follows what is on its way */
    int refuses; /* who writes is told that it failed, */
    int lingers; /* or is not told that nobody reads it any more */
    int hole;
    size_t vanished; /* octets that went into it: nobody says that they came */
    size_t stall_at;
    smtp_time stall;
    smtp_time held_until;
    int full;   /* it was, and that has been noted */
    int shakes; /* this side is in the handshake */
    int tls;    /* what it comes to: 0 not known, else a result of start_tls plus HANDSHAKE */
    char octets[STREAM_MAX];
} stream;

enum { HANDSHAKE = 100 };

typedef struct network {
    stream from[2];
    int tls_fails[2];
} network;

struct sim;

/* A new connection, with the faults of the mood. */
void network_begin(struct sim *s);

/* As smtp_transport.send; at most `most` octets. */
ptrdiff_t network_write(struct sim *s, int side, const smtp_str *slices, size_t n, size_t most);

/* What a side can read now, without taking it: as smtp_transport.receive. */
ptrdiff_t network_look(struct sim *s, int side, const char **octets);
void network_take(struct sim *s, int side, size_t octets);

/* As smtp_transport.start_tls. */
int network_shake(struct sim *s, int side);

/* A side closes its socket, or loses it with its process. */
void network_close(struct sim *s, int side);

/* The connection is lost in both directions. */
void network_reset(struct sim *s);

/* Both directions swallow what comes. */
void network_swallow(struct sim *s);

/* 1 when something may have vanished, so that only time helps. */
int network_has_hole(const struct sim *s);

/* When what is held back goes on, or SMTP_TIME_NEVER. */
smtp_time network_next(const struct sim *s);

#endif
