/* SPDX-License-Identifier: MIT
 * The journal of a run: hashed always, printed when it is asked for. */
#include "journal.h"

#include <stdio.h>
#include <string.h>

#include "simulation.h"

#define TEXT(name, text) text,
#define NAME(name, text) #name,
static const char *const event_texts[] = {EVENTS(TEXT)};
static const char *const check_texts[] = {CHECKS(TEXT)};
static const char *const check_names[] = {CHECKS(NAME)};

static void mix(journal *to, uint64_t value)
{
    to->hash = (to->hash ^ value) * 0x9FB21C651E98DF25u;
    to->hash ^= to->hash >> 29;
}

void journal_begin(journal *to, uint64_t *times, int verbose)
{
    memset(to, 0, sizeof *to);
    to->times = times;
    to->verbose = verbose;
}

void note(sim *s, int event, uint64_t a, uint64_t b)
{
    journal *to = &s->journal;

    mix(to, (uint64_t)event << 48 ^ s->now);
    mix(to, a);
    mix(to, b);
    to->length++;
    to->times[event]++;
    if (to->verbose) {
        printf("%10lu  ", (unsigned long)s->now);
        printf(event_texts[event], (unsigned long)a, (unsigned long)b);
        printf("\n");
    }
}

void note_octets(sim *s, const char *octets, size_t len)
{
    uint64_t word;

    for (; len >= sizeof word; octets += sizeof word, len -= sizeof word) {
        memcpy(&word, octets, sizeof word);
        mix(&s->journal, word);
    }
    word = 0;
    memcpy(&word, octets, len);
    mix(&s->journal, word);
}

void must(sim *s, int holds, int check)
{
    if (holds)
        return;
    if (s->journal.verbose)
        printf("%10lu  ** %s\n", (unsigned long)s->now, check_texts[check]);
    if (s->journal.broken != CHECK_NONE)
        return;
    s->journal.broken = check;
    s->journal.broken_at = s->journal.length;
}

const char *check_name(int check)
{
    return check_names[check];
}

const char *check_text(int check)
{
    return check_texts[check];
}

const char *event_text(int event)
{
    return event_texts[event];
}
