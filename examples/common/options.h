/* SPDX-License-Identifier: MIT
 * Command lines: a table of options says what there is, where its value goes and how --help shows
 * it. */
#ifndef EXAMPLES_COMMON_OPTIONS_H
#define EXAMPLES_COMMON_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,   /* int: 1 when it stands there */
    OPTION_TEXT,   /* const char *: the last one counts */
    OPTION_LIST,   /* struct option_list: every one counts */
    OPTION_COUNT,  /* uint64_t: decimal, 1 to UINT32_MAX */
    OPTION_OCTETS, /* uint64_t: decimal */
    OPTION_CHOICE  /* int: the position of the word among those of `value`, which '|' separates */
};

/* Values in the order of the command line; released by options_release(). */
struct option_list {
    const char **items;
    size_t count;
};

struct option {
    const char *name;  /* with its two hyphens */
    int kind;          /* OPTION_ */
    size_t offset;     /* of the value in the settings */
    const char *value; /* how --help names the value; NULL: it has none */
    const char *help;
};

/* All options of a program. */
struct option_table {
    const char *program;
    const char *summary; /* the first lines of --help */
    const char *notes;   /* its last lines */
    const struct option *rows;
    size_t count;
};

/* Reads the command line to the settings, which hold the defaults. Returns -1 to go on, or the
 * status to exit with: 0 after
 * --help or --version, EX_USAGE after one line on standard error. */
int options_parse(const struct option_table *table, void *settings, int argc, char **argv);

/* Says on standard error what is wrong with the command line. Returns EX_USAGE. */
int options_refuse(const struct option_table *table, const char *name, const char *why);

/* Gives the lists of the settings back. */
void options_release(const struct option_table *table, void *settings);

#endif
