/* SPDX-License-Identifier: MIT
 * The memory of a session: from an allocator that counts, or storage with a guard behind it. */
#ifndef SIMULATION_MEMORY_H
#define SIMULATION_MEMORY_H

#include <stddef.h>

#include "smtp/base.h"

struct sim;

typedef struct memory {
    struct sim *of;
    smtp_allocator allocator;
    int made;          /* the session is there: only a line may borrow now */
    size_t line_limit; /* and that is the longest */
    size_t blocks;
    size_t octets;
    size_t refuse_at; /* the borrowing that finds no memory, 0: none */
    void *storage;
    size_t storage_octets;
} memory;

/* An allocator for one session, whose lines are no longer than this. */
void memory_begin(memory *out, struct sim *s, size_t line_limit, size_t refuse_at);

/* Storage for a session that never allocates; NULL when there is none. */
void *memory_storage(memory *out, size_t octets);

/* The session was made. */
void memory_made(memory *of);

/* The session was deleted: all was given back. */
void memory_end(memory *of);

#endif
