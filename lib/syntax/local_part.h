/* SPDX-License-Identifier: MIT
 * A local part as what it means: its octets without quotes and backslashes. */
#ifndef SMTP_SYNTAX_LOCAL_PART_H
#define SMTP_SYNTAX_LOCAL_PART_H

#include "base/writer.h"
#include "smtp/address.h"

/* A walk over the octets that a local part means. */
typedef struct smtp__meaning {
    const char *at;
    const char *end;
    int quoted; /* 1 inside a quoted string: a backslash makes the next octet what it is */
} smtp__meaning;

/* The meaning of a local part as it is written, with its quotes. */
smtp__meaning smtp__meaning_of(smtp_str local);

/* The next octet, 0 to 255, or -1 behind the last. */
int smtp__meaning_next(smtp__meaning *meaning);

/* Writes the shortest form of a local part as it is written. Returns 0, or CONTROL or UTF8 when it
 * holds what no local part can: the caller may have made it. */
int smtp__put_local_part(smtp__writer *writer, smtp_str local);

#endif
