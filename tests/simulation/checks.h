/* SPDX-License-Identifier: MIT
 * What must hold when a connection is over, and when a run is. */
#ifndef SIMULATION_CHECKS_H
#define SIMULATION_CHECKS_H

struct sim;

/* Behind a connection: each of its attempts, as the client tells it, as the wire has it, and as it
 * is on the disk. */
void check_connection(struct sim *s);

/* Behind a run: each letter, and all that is on the disk. */
void check_run(struct sim *s);

#endif
