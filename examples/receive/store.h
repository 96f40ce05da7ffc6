/* SPDX-License-Identifier: MIT
 * What becomes of messages: who may get them, and how they are put into the Maildir. */
#ifndef EXAMPLES_RECEIVE_STORE_H
#define EXAMPLES_RECEIVE_STORE_H

#include <smtp/transport.h>

/* Keeps messages in the Maildir. Its io is a struct connection. */
extern const smtp_store maildir_store;

/* Fills the callbacks of all sessions; their user is the smtp_store_adapter of a struct connection.
 * With `discard` messages are accepted and dropped. */
void store_callbacks(smtp_server_callbacks *callbacks, int discard);

#endif
