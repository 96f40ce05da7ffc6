/* SPDX-License-Identifier: MIT
 * Command lines: the rules that one is read under, and the properties of reading and writing it. */
#ifndef FUZZ_LINES_H
#define FUZZ_LINES_H

#include "smtp/command.h"
#include "support.h"

/* Rules with parameters and verbs of the caller's own. */
smtp_syntax draw_syntax(choices *from);

/* Reads a line; when it is good, writes it, reads that again and compares. Gives the result of
 * reading. */
int check_command(smtp_str line, const smtp_syntax *syntax, smtp_command *read);

/* The commands mean the same, but for what writing them leaves out. */
void check_same_params(const smtp_params *a, const smtp_params *b);

#endif
