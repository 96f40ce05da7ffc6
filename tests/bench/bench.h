/* SPDX-License-Identifier: MIT
 * What the parts of the measuring program share: cases that are run in turn, and the lines that say
 * how long each took. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stddef.h>

/* One column of a row. `run` does the work once and returns a figure that shows that it was done,
 * which must be `expected`. */
typedef struct bench_case {
    const char *column;
    double amount; /* what one run comes to, in units of the row */
    size_t expected;
    size_t (*run)(const void *context);
    const void *context;
} bench_case;

/* How long is measured. */
typedef struct bench_effort {
    unsigned rounds;
    double seconds; /* of processor time for each case in each round, at least */
} bench_effort;

/* Runs the cases of a row in turn, round after round, so that what else the machine does falls on
 * all of them alike; then prints a line for each: table, row, column, unit and the amount a second
 * in each round, with tabs between. Ends the program where a case did something else than it was to
 * do. */
void bench_row(const bench_effort *effort, const char *table, const char *row, const char *unit,
               const bench_case *cases, size_t count);

/* Prints a figure that needs no rounds. */
void bench_figure(const char *table, const char *row, const char *column, const char *unit,
                  double value);

/* Memory that stays until the program ends; ends it where there is none. */
void *bench_memory(size_t octets);

/* Says what went wrong, and ends the program. */
void bench_fail(const char *what, const char *where);

void bench_data(const bench_effort *effort);
void bench_lines(const bench_effort *effort);
void bench_sessions(const bench_effort *effort);

#endif
