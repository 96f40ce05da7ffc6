/* SPDX-License-Identifier: MIT
 * The mechanisms of a session: those of the library and those of the caller, as one table. */
#ifndef SMTP_SASL_ROSTER_H
#define SMTP_SASL_ROSTER_H

#include "smtp/sasl.h"

enum { SMTP__MECHANISM_NAMES = 512 }; /* octets of the names of all, with spaces between them */

typedef struct smtp__roster {
    const smtp_sasl_plugin *plugins;
    size_t count;
} smtp__roster;

/* Looks at the plug-ins of a configuration. Returns 0, ARGUMENT or NEWER. */
int smtp__roster_check(smtp__roster roster);

/* Gives row i and returns 1, or 0 behind the end. The bit of a plug-in is that of its place; a
 * mechanism of the library that a plug-in takes the place of has none. */
int smtp__roster_at(smtp__roster roster, size_t i, smtp_mechanism *out);

/* Gives the row of a name, without its case, and returns 1, or 0. */
int smtp__roster_find(smtp__roster roster, smtp_str name, smtp_mechanism *out);

/* The bits of a list of names with spaces between them. */
uint32_t smtp__roster_bits(smtp__roster roster, smtp_str names);

/* 1 when one of these mechanisms needs channel binding. */
uint32_t smtp__roster_binds(smtp__roster roster, uint32_t bits);

/* The plug-in of a bit, or NULL: it is a mechanism of the library. */
const smtp_sasl_plugin *smtp__roster_plugin(smtp__roster roster, uint32_t bit);

/* The bits of all plug-ins. */
uint32_t smtp__roster_plugins(smtp__roster roster);

#endif
