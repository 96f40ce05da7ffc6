/* SPDX-License-Identifier: MIT
 * The callbacks of a client session under test. */
#ifndef FUZZ_SENDING_EVENTS_H
#define FUZZ_SENDING_EVENTS_H

#include "sending.h"

smtp_client_callbacks sending_callbacks(void);

/* Begins the next letter, if there is one and room for it: behind one that is under way too, where
 * that is the habit. */
int sending_send(sending *s);

#endif
