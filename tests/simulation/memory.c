/* SPDX-License-Identifier: MIT
 * Counts what a session takes and gives back. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "simulation.h"

enum { GUARD = 16, FILL = 0xA5 };

static void *take(size_t octets, void *user)
{
    memory *of = user;
    void *block;

    if (of->made) {
        must(of->of, octets <= of->line_limit && of->blocks == 1, CHECK_MEMORY_LATE);
        if (of->refuse_at > 0 && --of->refuse_at == 0) {
            note(of->of, EVENT_NO_MEMORY, octets, 0);
            return NULL;
        }
        note(of->of, EVENT_LATE_MEMORY, octets, 0);
    }
    block = malloc(octets);
    must(of->of, block != NULL, CHECK_HARNESS);
    of->blocks++;
    of->octets += octets;
    return block;
}

static void give_back(void *block, size_t octets, void *user)
{
    memory *of = user;

    must(of->of, of->blocks > 0 && of->octets >= octets, CHECK_MEMORY_KEPT);
    free(block);
    if (sabotaged(of->of, SABOTAGE_MEMORY_LEAKS))
        return;
    of->blocks--;
    of->octets -= octets;
}

void memory_begin(memory *out, sim *s, size_t line_limit, size_t refuse_at)
{
    memset(out, 0, sizeof *out);
    out->of = s;
    out->line_limit = line_limit;
    out->refuse_at = refuse_at;
    out->allocator.size = sizeof out->allocator;
    out->allocator.allocate = take;
    out->allocator.release = give_back;
    out->allocator.user = out;
}

void *memory_storage(memory *out, size_t octets)
{
    out->storage = malloc(octets + GUARD);
    if (out->storage == NULL)
        return NULL;
    out->storage_octets = octets;
    memset((char *)out->storage + octets, FILL, GUARD);
    return out->storage;
}

void memory_made(memory *of)
{
    of->made = 1;
    if (sabotaged(of->of, SABOTAGE_MEMORY_LATE))
        free(take(of->line_limit + 1, of));
}

void memory_end(memory *of)
{
    const unsigned char *guard = (unsigned char *)of->storage + of->storage_octets;
    size_t i;

    must(of->of, of->blocks == 0 && of->octets == 0, CHECK_MEMORY_KEPT);
    for (i = 0; of->storage != NULL && i < GUARD; i++)
        must(of->of, guard[i] == FILL, CHECK_MEMORY_KEPT);
    free(of->storage);
    of->storage = NULL;
    of->made = 0;
}
