/* SPDX-License-Identifier: MIT
 * simulation [--runs N] [--seed S] [--verbose] [--events] [--strict]
 *            [--sabotage NAME | --sabotages]
 *
 * Runs N seeds from S on and stops at the first that fails: `--seed S --runs 1 --verbose` shows it.
 * With --sabotage that is what is wanted, and N runs that all pass are the failure; --sabotages
 * tries each. --events tells how often each thing happened; --strict lets nothing pass that is
 * known.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation.h"

enum { ALL_SABOTAGES = -1, REPEATED = 50, COMPLETE = 100000 };

typedef struct options {
    unsigned long runs;
    unsigned long seed;
    int sabotage;
    int verbose;
    int events;
    int strict;
} options;

static sim one; /* too large for a stack */
static uint64_t times[EVENT_COUNT];

/* One seed, now and then twice: gives 0 when something was found. */
static int run_seed(const options *with, uint64_t seed)
{
    uint64_t hash;

    one.sabotage = with->sabotage;
    one.strict = with->strict;
    simulate(&one, seed, times, with->verbose);
    if (one.journal.broken != CHECK_NONE || with->verbose || seed % REPEATED != 0)
        return one.journal.broken == CHECK_NONE;
    hash = one.journal.hash;
    simulate(&one, seed, times, 0);
    must(&one, one.journal.hash == hash, CHECK_REPEATED);
    return one.journal.broken == CHECK_NONE;
}

/* Runs until something is found: gives how many runs that took, 0: nothing was. */
static unsigned long run_seeds(const options *with)
{
    unsigned long i;

    for (i = 0; i < with->runs; i++) {
        if (!run_seed(with, (uint64_t)with->seed + i))
            return i + 1;
    }
    return 0;
}

static int run_sabotage(const options *with)
{
    unsigned long found = run_seeds(with);

    if (found == 0)
        printf("FAIL %-24s not found in %lu runs\n", sabotage_name(with->sabotage), with->runs);
    else
        printf("ok   %-24s run %lu: %s\n", sabotage_name(with->sabotage), found,
               check_text(one.journal.broken));
    return found == 0;
}

static int run_sabotages(options *with)
{
    int failed = 0;

    for (with->sabotage = 1; with->sabotage < SABOTAGE_COUNT; with->sabotage++)
        failed |= run_sabotage(with);
    return failed;
}

/* A long series in which an event never happened has not simulated it. */
static int check_events(const options *with)
{
    int failed = 0;
    int i;

    for (i = 0; i < EVENT_COUNT; i++) {
        if (with->events)
            printf("%12lu  %s\n", (unsigned long)times[i], event_text(i));
        if (with->runs >= COMPLETE && times[i] == 0) {
            printf("FAIL this never happened: %s\n", event_text(i));
            failed = 1;
        }
    }
    return failed;
}

static int run_plain(const options *with)
{
    unsigned long found = run_seeds(with);

    if (found != 0) {
        unsigned long seed = with->seed + found - 1;
        printf("FAIL seed %lu: %s\n", seed, check_text(one.journal.broken));
        printf("     again: --seed %lu --runs 1 --verbose\n", seed);
        return 1;
    }
    printf("%lu runs from seed %lu: %lu connections, %lu messages sent, %lu made durable\n",
           with->runs, with->seed, (unsigned long)times[EVENT_CONNECTS],
           (unsigned long)times[EVENT_SENDS], (unsigned long)times[EVENT_DURABLE]);
    return check_events(with);
}

static int usage(void)
{
    fprintf(stderr, "simulation [--runs N] [--seed S] [--verbose] [--events] [--strict]\n"
                    "           [--sabotage NAME | --sabotages]\n");
    return 2;
}

/* Reads a number that stands behind an option. */
static int take_number(unsigned long *out, const char *text)
{
    char *end = NULL;

    if (text == NULL || *text < '0' || *text > '9')
        return 0;
    *out = strtoul(text, &end, 10);
    return *end == '\0';
}

static int take_options(options *out, char **argument)
{
    for (; *argument != NULL; argument++) {
        if (strcmp(*argument, "--verbose") == 0)
            out->verbose = 1;
        else if (strcmp(*argument, "--events") == 0)
            out->events = 1;
        else if (strcmp(*argument, "--strict") == 0)
            out->strict = 1;
        else if (strcmp(*argument, "--sabotages") == 0)
            out->sabotage = ALL_SABOTAGES;
        else if (strcmp(*argument, "--runs") == 0 && take_number(&out->runs, argument[1]))
            argument++;
        else if (strcmp(*argument, "--seed") == 0 && take_number(&out->seed, argument[1]))
            argument++;
        else if (strcmp(*argument, "--sabotage") == 0 && argument[1] != NULL &&
                 (out->sabotage = sabotage_find(argument[1])) > 0)
            argument++;
        else
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    options with = {1000, 1, SABOTAGE_NONE, 0, 0, 0};

    (void)argc;
    if (!take_options(&with, argv + 1))
        return usage();
    if (with.sabotage == ALL_SABOTAGES)
        return run_sabotages(&with);
    return with.sabotage != SABOTAGE_NONE ? run_sabotage(&with) : run_plain(&with);
}
