/* SPDX-License-Identifier: MIT
 * A thread of the server: its epoll set, and the connections that it accepted. */
#ifndef EXAMPLES_RECEIVE_WORKER_H
#define EXAMPLES_RECEIVE_WORKER_H

#include "receiver.h"

/* Accepts and serves connections until the signal descriptor is readable, then ends them all.
 * Returns NULL, or a text that says why it could not begin. */
const char *worker_run(struct receiver *receiver);

#endif
