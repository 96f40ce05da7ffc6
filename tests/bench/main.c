/* SPDX-License-Identifier: MIT
 * Measures the library in memory: micro [ROUNDS [MICROSECONDS]]. tests/bench/run makes tables of
 * what it prints. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CASES_MAX = 16, ROUNDS_MAX = 1000 };

void bench_fail(const char *what, const char *where)
{
    fprintf(stderr, "%s: %s\n", where, what);
    exit(1);
}

/* All that was taken stays in a chain, so that a leak checker finds what is really lost. */
typedef union bench_link {
    union bench_link *next;
    double aligned[2];
} bench_link;

static bench_link *chain;

void *bench_memory(size_t octets)
{
    bench_link *taken = calloc(1, sizeof *taken + octets);

    if (taken == NULL)
        bench_fail("no memory", "bench");
    taken->next = chain;
    chain = taken;
    return taken + 1;
}

/* Processor time: what others do on the machine is not counted. */
static double time_of(const bench_case *one, unsigned long repeats)
{
    clock_t begin = clock();

    while (repeats-- > 0)
        if (one->run(one->context) != one->expected)
            bench_fail("the result is wrong", one->column);
    return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

static unsigned long enough(const bench_case *one, double seconds)
{
    unsigned long repeats = 1;

    while (time_of(one, repeats) < seconds)
        repeats *= 2;
    return repeats;
}

void bench_figure(const char *table, const char *row, const char *column, const char *unit,
                  double value)
{
    printf("%s\t%s\t%s\t%s\t%.6g\n", table, row, column, unit, value);
}

void bench_row(const bench_effort *effort, const char *table, const char *row, const char *unit,
               const bench_case *cases, size_t count)
{
    static double samples[CASES_MAX * ROUNDS_MAX];
    unsigned long repeats[CASES_MAX];

    if (count > CASES_MAX)
        bench_fail("too many columns", row);
    for (size_t i = 0; i < count; i++)
        repeats[i] = enough(&cases[i], effort->seconds);
    for (unsigned round = 0; round < effort->rounds; round++)
        for (size_t i = 0; i < count; i++)
            samples[i * effort->rounds + round] =
                cases[i].amount * (double)repeats[i] / time_of(&cases[i], repeats[i]);
    for (size_t i = 0; i < count; i++) {
        printf("%s\t%s\t%s\t%s", table, row, cases[i].column, unit);
        for (unsigned round = 0; round < effort->rounds; round++)
            printf("\t%.6g", samples[i * effort->rounds + round]);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    bench_effort effort = {.rounds = 3, .seconds = 0.0005};
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : (long)effort.rounds;
    long microseconds = argc > 2 ? strtol(argv[2], NULL, 10) : 500;

    if (rounds < 1 || rounds > ROUNDS_MAX || microseconds < 1)
        bench_fail("micro [ROUNDS [MICROSECONDS]]", "usage");
    effort.rounds = (unsigned)rounds;
    effort.seconds = (double)microseconds / 1e6;
    bench_data(&effort);
    bench_lines(&effort);
    bench_sessions(&effort);
    return 0;
}
