/* SPDX-License-Identifier: MIT
 * What is drawn: one stream of numbers out of one seed. */
#ifndef SIMULATION_CHANCE_H
#define SIMULATION_CHANCE_H

#include <stdint.h>

typedef struct chance {
    uint64_t state;
} chance;

void chance_seed(chance *from, uint64_t seed);

/* A number below n; 0 when n is 0. */
uint32_t draw(chance *from, uint32_t n);

/* 1 in so many of a thousand cases. */
int happens(chance *from, uint32_t per_mille);

/* A number of 0 to most, small ones as likely as large ones. */
uint32_t draw_size(chance *from, uint32_t most);

#endif
