/* SPDX-License-Identifier: MIT
 * The callbacks of the server's session. */
#ifndef SIMULATION_SERVER_ANSWERS_H
#define SIMULATION_SERVER_ANSWERS_H

#include "server_side.h"

enum content { CONTENT_NONE, CONTENT_COMES, CONTENT_REFUSED };

/* Fills the table, with the store adapter's or with callbacks for each. */
void server_callbacks(struct sim *s);

/* The ledger goes on with what was answered; before a deferred answer is given. */
void server_outcome(struct sim *s, int ask, int answer);

/* The message is made durable, for all recipients or for the one at work. */
void server_commit(struct sim *s);

#endif
