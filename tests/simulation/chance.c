/* SPDX-License-Identifier: MIT
 * Numbers by splitmix64: any seed is a good one, neighbours too. */
#include "chance.h"

void chance_seed(chance *from, uint64_t seed)
{
    from->state = seed;
    (void)draw(from, 1);
}

static uint64_t next(chance *from)
{
    uint64_t z = from->state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint32_t draw(chance *from, uint32_t n)
{
    return (uint32_t)((next(from) >> 32) * n >> 32);
}

int happens(chance *from, uint32_t per_mille)
{
    return per_mille > 0 && draw(from, 1000) < per_mille;
}

uint32_t draw_size(chance *from, uint32_t most)
{
    uint32_t bits = 0;
    uint32_t size;

    while (bits < 31 && most >> bits != 0)
        bits++;
    size = draw(from, 1u << draw(from, bits + 1));
    return size <= most ? size : most;
}
