/* SPDX-License-Identifier: MIT
 * The arguments of commands. */
#ifndef SMTP_SYNTAX_ARGUMENT_H
#define SMTP_SYNTAX_ARGUMENT_H

#include "smtp/command.h"
#include "syntax/cursor.h"

/* Judges what a caller gave as syntax, and puts the strict one in the place of none. Returns 0,
 * ARGUMENT or NEWER. */
int smtp__syntax_of(const smtp_syntax **syntax);

/* Parses what stands behind the verb, to the end of the line, as this shape. Returns 0 or an error.
 */
int smtp__argument_parse(smtp_command *out, int shape, smtp__cursor *cursor,
                         const smtp_syntax *syntax);

/* Reads the size of a chunk into out->octets: UINT64_MAX when it cannot be told. Returns 0, NUMBER
 * or NUMBER_TOO_LARGE. */
int smtp__take_chunk_size(smtp_command *out, smtp__cursor *cursor);

#endif
