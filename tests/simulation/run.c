/* SPDX-License-Identifier: MIT
 * One run: connection after connection until the queue is empty, the last ones calm. */
#include <string.h>

#include "checks.h"
#include "simulation.h"

enum { STEPS_MAX = 300000, PATIENCE = 6 };

static void act(sim *s, uint32_t actor, int whole)
{
    switch (actor) {
    case 0:
        server_work(s);
        break;
    case 1:
        client_work(s);
        break;
    case 2:
    case 3:
        endpoint_step(s, CLIENT, whole);
        break;
    default:
        endpoint_step(s, SERVER, whole);
        break;
    }
}

static smtp_time earlier(smtp_time a, smtp_time b)
{
    return a < b ? a : b;
}

/* A deadline may be what is waited for only where something was lost, before the greeting, or where
 * both have ended and neither reads what the other has left; else each side waits for the other. */
static int may_wait(const sim *s)
{
    return network_has_hole(s) || (s->client.closed && s->server.closed) ||
           (s->plan.server.greeting_delay > 0 && s->conversation.said == 0);
}

/* A side that can do nothing has a deadline, whether the peer has one or not, unless it waits for
 * its own caller. */
static int has_deadline(sim *s, int side)
{
    smtp_time caller = side == CLIENT ? client_ready_at(s) : server_ready_at(s);

    return s->ends[side].session == NULL || !s->ends[side].connected || caller != SMTP_TIME_NEVER ||
           endpoint_deadline(s, side) != SMTP_TIME_NEVER;
}

/* Nothing goes on but by time. */
static void wait(sim *s)
{
    smtp_time deadline = earlier(endpoint_deadline(s, CLIENT), endpoint_deadline(s, SERVER));
    smtp_time next = earlier(network_next(s), earlier(server_ready_at(s), client_ready_at(s)));

    must(s, next != SMTP_TIME_NEVER || may_wait(s), CHECK_WAITS);
    must(s, has_deadline(s, CLIENT) && has_deadline(s, SERVER), CHECK_HANGS);
    next = earlier(next, deadline);
    must(s, next != SMTP_TIME_NEVER, CHECK_HANGS);
    if (s->journal.broken != CHECK_NONE)
        return;
    if (next > s->now)
        s->now = next;
    if (!s->mood.calm && draw(&s->chance, 2) == 0)
        s->now += draw_size(&s->chance, 5000);
    note(s, EVENT_JUMP, s->now, 0);
}

/* All that can be done is done, in a fixed order; then time goes on. */
static void sweep(sim *s)
{
    uint64_t before = s->journal.length;
    uint32_t actor;

    for (actor = 0; actor < 5; actor++)
        act(s, actor, 1);
    if (s->journal.length == before && (s->ends[CLIENT].connected || s->ends[SERVER].connected))
        wait(s);
}

static void pass_time(sim *s)
{
    if (s->mood.calm)
        return;
    if (draw(&s->chance, 8) == 0)
        s->now += draw(&s->chance, 20);
    if (happens(&s->chance, s->mood.jump)) {
        s->now += draw_size(&s->chance, s->mood.jump_most);
        note(s, EVENT_JUMP, s->now, 0);
    }
}

static void play(sim *s)
{
    size_t idle = 0;

    while ((s->ends[CLIENT].connected || s->ends[SERVER].connected) &&
           s->journal.broken == CHECK_NONE) {
        uint64_t before = s->journal.length;
        act(s, draw(&s->chance, 6), 0);
        pass_time(s);
        idle = s->journal.length == before ? idle + 1 : 0;
        if (idle >= PATIENCE) {
            sweep(s);
            idle = 0;
        }
        must(s, ++s->steps < STEPS_MAX, CHECK_HANGS);
    }
}

static void connect_once(sim *s, int calm)
{

    mood_draw(&s->mood, &s->chance, calm);
    note(s, EVENT_CONNECTS, s->connection, (uint64_t)calm);
    s->steps = 0;
    network_begin(s);
    conversation_begin(s);
    server_begin(s);
    client_begin(s);
    play(s);
    if (s->journal.broken == CHECK_NONE)
        check_connection(s);
    server_end(s);
    client_end(s);
    s->connection++;
}

/* How many recipients still wait for their letter. */
static size_t count_pending(const sim *s)
{
    size_t pending = 0;
    size_t i;
    size_t k;

    for (i = 0; i < s->plan.letters; i++) {
        for (k = 0; k < s->letters[i].recipients; k++)
            pending += s->letters[i].settled[k] == SMTP_RESULT_NONE;
    }
    return pending;
}

/* Connections until nothing is pending: first as they are drawn, then calm ones, each of which gets
 * on. A body that cannot be sent ends its connection, so that one may not be enough. */
static void connect_all(sim *s)
{
    size_t pending = count_pending(s);

    while (s->journal.broken == CHECK_NONE && pending > 0) {
        int calm = s->connection >= s->plan.connections;
        size_t before = pending;
        connect_once(s, calm);
        pending = count_pending(s);
        must(s, !calm || pending < before, CHECK_UNSETTLED);
    }
}

void simulate(sim *s, uint64_t seed, uint64_t *times, int verbose)
{
    static const smtp_time starts[] = {0, 1, 1000, (smtp_time)1 << 40};
    size_t i;

    journal_begin(&s->journal, times, verbose);
    chance_seed(&s->chance, seed);
    if (s->sabotage == SABOTAGE_CHANCE_LEAKS)
        s->chance.state += s->leak++;
    s->now = starts[draw(&s->chance, 4)];
    s->connection = 0;
    s->attempt_count = 0;
    s->disk.count = s->disk.used = s->disk.len = s->disk.lost = 0;
    plan_draw(&s->plan, &s->chance);
    for (i = 0; i < s->plan.letters; i++)
        letter_draw(&s->letters[i], &s->chance, (s->plan.server.offer & SMTP_EXT_BINARYMIME) != 0);
    connect_all(s);
    if (s->journal.broken == CHECK_NONE)
        check_run(s);
}
