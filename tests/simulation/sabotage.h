/* SPDX-License-Identifier: MIT
 * Faults that the checks must find: what the disk, the network, the library's events or its memory
 * could do wrong. */
#ifndef SIMULATION_SABOTAGE_H
#define SIMULATION_SABOTAGE_H

#include <stddef.h>

#define SABOTAGES(X)                                                                               \
    X(NONE, "none")                                                                                \
    X(DISK_DROPS_WRITE, "disk-drops-write")                                                        \
    X(DISK_CUTS_END, "disk-cuts-end")                                                              \
    X(DISK_FLIPS_OCTET, "disk-flips-octet")                                                        \
    X(DISK_FORGETS, "disk-forgets")                                                                \
    X(DISK_COMMITS_TWICE, "disk-commits-twice")                                                    \
    X(DISK_COMMITS_LATE, "disk-commits-late")                                                      \
    X(DISK_KEEPS_REFUSED, "disk-keeps-refused")                                                    \
    X(DISK_KEEPS_ABORTED, "disk-keeps-aborted")                                                    \
    X(DISK_MIXES_RECIPIENTS, "disk-mixes-recipients")                                              \
    X(NETWORK_REPEATS, "network-repeats")                                                          \
    X(NETWORK_DROPS, "network-drops")                                                              \
    X(NETWORK_FLIPS, "network-flips")                                                              \
    X(CLIENT_SAYS_DELIVERED, "client-says-delivered")                                              \
    X(CLIENT_SAYS_TEMPORARY, "client-says-temporary")                                              \
    X(CLIENT_SAYS_UNKNOWN, "client-says-unknown")                                                  \
    X(SENT_MISSING, "sent-missing")                                                                \
    X(SENT_TWICE, "sent-twice")                                                                    \
    X(RECIPIENT_MISSING, "recipient-missing")                                                      \
    X(RECIPIENT_TWICE, "recipient-twice")                                                          \
    X(RESET_MISSING, "reset-missing")                                                              \
    X(RESET_TWICE, "reset-twice")                                                                  \
    X(CLOSE_MISSING, "close-missing")                                                              \
    X(CLOSE_TWICE, "close-twice")                                                                  \
    X(DEADLINE_MISSING, "deadline-missing")                                                        \
    X(EXPIRES_EARLY, "expires-early")                                                              \
    X(WAKES_NOBODY, "wakes-nobody")                                                                \
    X(MEMORY_LEAKS, "memory-leaks")                                                                \
    X(MEMORY_LATE, "memory-late")                                                                  \
    X(CHANCE_LEAKS, "chance-leaks")

enum sabotage {
#define SABOTAGE_ENUM(name, text) SABOTAGE_##name,
    SABOTAGES(SABOTAGE_ENUM)
#undef SABOTAGE_ENUM
        SABOTAGE_COUNT
};

struct sim;

/* 1 when this is what goes wrong now. */
int sabotaged(struct sim *s, int what);

const char *sabotage_name(int what);

/* The number of a name, or -1. */
int sabotage_find(const char *name);

#endif
