/* SPDX-License-Identifier: MIT
 * transcripts [--seed N | --against HOST:PORT | --seeds FOLDER] FILE...: plays each conversation in
 * several ways. */
#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a conversation is played with random cuts. */
#define RANDOM_PASSES 12

static const pass fixed_passes[] = {
    {"whole", CUT_NONE, 0, 0, 1},
    {"octet by octet", CUT_EACH, 0, 0, 2},
    {"whole, output a few octets at a time, in given storage", CUT_NONE, 1, 1, 3},
    {"octet by octet, output a few octets at a time, in given storage", CUT_EACH, 1, 1, 4},
};

/* A seed that differs by conversation and is the same in every run. */
static uint64_t seed_of(const conversation *talk, uint64_t round)
{
    uint64_t seed = 14695981039346656037u + round * 2654435761u;
    size_t i;

    for (i = 0; i < talk->title.len; i++)
        seed = (seed ^ (unsigned char)talk->title.ptr[i]) * 1099511628211u;
    return (seed ^ seed >> 29) & 0xffffffffu;
}

static int play_random_cuts(const conversation *talk, uint64_t seed)
{
    pass way = {"at random cuts", CUT_RANDOM, 0, 0, 0};

    way.seed = seed;
    way.drain = (int)(seed >> 3 & 1);
    way.storage = (int)(seed >> 4 & 1);
    return play_conversation(talk, &way);
}

/* All passes over one conversation; the first that fails ends it. */
static int play_all(const conversation *talk, uint64_t seed)
{
    size_t i;

    if (talk->turn_count == 0)
        return 1;
    if (seed != 0)
        return play_random_cuts(talk, seed);
    for (i = 0; i < sizeof fixed_passes / sizeof fixed_passes[0]; i++) {
        if (!play_conversation(talk, &fixed_passes[i]))
            return 0;
    }
    for (i = 0; i < RANDOM_PASSES; i++) {
        if (!play_random_cuts(talk, seed_of(talk, i)))
            return 0;
    }
    return 1;
}

/* What the program is asked to do. */
typedef struct task {
    uint64_t seed;       /* 0: all passes */
    const char *against; /* HOST:PORT, NULL: the library */
    const char *seeds;   /* a folder, NULL: play */
} task;

static int play_file(const char *file, const task *what, size_t *played)
{
    transcript from;
    int failures = 0;
    size_t i;

    if (!transcript_read(&from, file)) {
        transcript_drop(&from);
        return 1;
    }
    if (what->seeds != NULL) {
        failures = write_seeds(&from, what->seeds);
    } else if (what->against != NULL) {
        failures = play_against(&from, what->against, played);
    } else {
        for (i = 0; i < from.talk_count; i++) {
            failures += !play_all(&from.talks[i], what->seed);
            *played += from.talks[i].turn_count > 0;
        }
    }
    transcript_drop(&from);
    return failures;
}

static int usage(void)
{
    fprintf(stderr,
            "usage: transcripts [--seed N | --against HOST:PORT | --seeds FOLDER] FILE...\n");
    return 2;
}

int main(int argc, char **argv)
{
    task what = {0, NULL, NULL};
    size_t played = 0;
    int failures = 0;
    int at = 1;

    if (argc > 2 && strcmp(argv[1], "--seed") == 0)
        what.seed = strtoul(argv[2], NULL, 10);
    else if (argc > 2 && strcmp(argv[1], "--against") == 0)
        what.against = argv[2];
    else if (argc > 2 && strcmp(argv[1], "--seeds") == 0)
        what.seeds = argv[2];
    else
        at = -1;
    at += 2;
    if (at >= argc || strncmp(argv[at], "--", 2) == 0)
        return usage();
    for (; at < argc; at++)
        failures += play_file(argv[at], &what, &played);
    printf("%lu conversations, %d failed\n", (unsigned long)played, failures);
    return failures == 0 ? 0 : 1;
}
