/* SPDX-License-Identifier: MIT
 * A whole client session against a server that says anything: one `sent` for each letter, never
 * delivered without a 2yz to the end of data, nothing malformed on the wire, and the same under
 * every cut. */
#include "sending.h"

#include <stdlib.h>
#include <string.h>

enum { STOPS = 256, ALL = 1 << 30 };

typedef struct scenario {
    sending_plan plan;
    uint32_t tls;  /* bit 0: the handshake is not done, bit 1: it fails */
    uint32_t ends; /* how the connection ends: 0 by the peer, 1 by time, 2 by us */
    choices choices;
    smtp_str text;
    size_t stops[STOPS]; /* where the client had something to say */
    size_t stop_count;
} scenario;

typedef struct way {
    size_t cut;
    size_t drain; /* 0: as the choices say */
    int in_storage;
    int records;
} way;

typedef struct run {
    sending s;
    scenario *scene;
    const way *way;
    choices choices;
    size_t at;
} run;

static const smtp_tls_info tls_info = {
    sizeof tls_info, {"TLS1.3", 6}, {"TLS_AES_256_GCM_SHA384", 22}, {"exporter", 8}, {NULL, 0},
    {NULL, 0},       {NULL, 0},
};

static size_t draw_drain(run *r)
{
    if (r->way->drain != 0)
        return r->way->drain;
    return r->choices.left > 0 ? 1 + draw(&r->choices, 32) : (size_t)ALL;
}

static int shake(run *r)
{
    sending *s = &r->s;

    if ((r->scene->tls & 1) || (smtp_session_wants(s->session) & SMTP_WANTS_TLS_HANDSHAKE) == 0)
        return 0;
    if (r->scene->tls & 2)
        CHECK(smtp_session_tls_failed(s->session, s->now) == SMTP_ERR_TLS_FAILED || s->gone);
    else
        (void)smtp_session_tls_started(s->session, &tls_info, s->now);
    return 1;
}

/* Lets all that can happen without input happen. A server speaks when it was spoken to: where
 * something happened no piece of input goes across. */
static void settle(run *r)
{
    sending *s = &r->s;
    int moved = 1;
    int any = 0;

    while (moved && !s->gone) {
        moved = 0;
        while (sending_take(s, draw_drain(r)) > 0)
            moved = 1;
        if (!s->gone && !s->closed)
            moved |= sending_go_on(s);
        if (!moved && !s->gone)
            moved = shake(r);
        any |= moved;
    }
    if (any && r->way->records && r->scene->stop_count < STOPS)
        r->scene->stops[r->scene->stop_count++] = r->at;
}

static size_t piece_length(run *r)
{
    size_t len = r->scene->text.len - r->at;
    size_t cut = r->way->cut;
    size_t i;

    if (cut == 0)
        cut = r->choices.left > 0 ? 1 + draw(&r->choices, 96) : len;
    for (i = 0; !r->way->records && i < r->scene->stop_count; i++) {
        size_t stop = r->scene->stops[i];
        if (stop > r->at && stop - r->at < len)
            len = stop - r->at;
    }
    return cut < len ? cut : len;
}

static void give_all(run *r)
{
    sending *s = &r->s;

    settle(r);
    while (r->at < r->scene->text.len && !s->gone && !s->closed) {
        uint32_t wants = smtp_session_wants(s->session);
        size_t used = sending_give(s, part(r->scene->text, r->at, piece_length(r)));

        r->at += used;
        if (used == 0 && !s->gone && !s->closed) {
            CHECK((wants & SMTP_WANTS_READ) == 0);
            CHECK((wants & SMTP_WANTS_TLS_HANDSHAKE) == 0); /* that ends it */
            break;
        }
        settle(r);
    }
}

static void end_run(run *r)
{
    sending *s = &r->s;

    if (!s->gone && r->scene->ends == 1 && smtp_session_deadline(s->session) != SMTP_TIME_NEVER) {
        s->now = smtp_session_deadline(s->session);
        (void)smtp_session_expire(s->session, s->now);
        if (!s->gone && !s->closed)
            settle(r);
    }
    sending_finish(s);
    if (!s->gone) {
        smtp_statistics counted;
        memset(&counted, 0, sizeof counted);
        counted.size = sizeof counted;
        CHECK(smtp_session_statistics(s->session, &counted) == SMTP_ERR_OK);
        text_say(&s->log, "%lu commands, %lu replies, %lu messages, %s",
                 (unsigned long)counted.commands, (unsigned long)counted.replies,
                 (unsigned long)counted.messages,
                 smtp_error_name(smtp_session_error(s->session, NULL)));
        CHECK(counted.octets_out == s->out.len);
    }
}

static int play(run *r, scenario *scene, const way *how)
{
    memset(r, 0, sizeof *r);
    r->scene = scene;
    r->way = how;
    r->choices = scene->choices;
    if (!sending_start(&r->s, &scene->plan, how->in_storage))
        return 0;
    give_all(r);
    end_run(r);
    return 1;
}

static void play_ways(scenario *scene)
{
    static const way each = {1, ALL, 0, 1};
    static const way others[] = {{ALL, ALL, 1, 0}, {0, 0, 0, 0}, {ALL, 1, 0, 0}};
    run first;
    run other;
    size_t i;

    scene->plan.delete_at = 0;
    if (play(&first, scene, &each) && scene->stop_count < STOPS) {
        for (i = 0; i < sizeof others / sizeof others[0]; i++) {
            CHECK(play(&other, scene, &others[i]));
            text_compare(&first.s.log, &other.s.log, "events");
            text_compare(&first.s.out, &other.s.out, "outputs");
            text_compare(&first.s.trace, &other.s.trace, "traces");
            sending_drop(&other.s);
        }
    }
    sending_drop(&first.s);
}

/* Anything in any order: only the account must be right. */
static void step_wildly(run *r)
{
    sending *s = &r->s;
    uint32_t what = draw(&r->choices, 256);
    size_t left = r->scene->text.len - r->at;

    switch (what & 7) {
    case 0:
        (void)sending_take(s, what >> 3);
        break;
    case 1:
        (void)sending_go_on(s);
        break;
    case 2:
        if (what >= 64)
            (void)smtp_session_tls_started(s->session, &tls_info, s->now);
        break;
    case 3:
        s->now += (what >> 3) * 30000u;
        (void)smtp_session_expire(s->session, s->now);
        break;
    case 4:
        settle(r);
        break;
    default:
        r->at += sending_give(s, part(r->scene->text, r->at, what % (left + 1)));
        break;
    }
}

static void play_wildly(scenario *scene)
{
    static const way any = {0, 0, 0, 1};
    run r;

    memset(&r, 0, sizeof r);
    r.scene = scene;
    r.way = &any;
    r.choices = scene->choices;
    if (sending_start(&r.s, &scene->plan, 0)) {
        while (!r.s.gone && r.choices.left > 0)
            step_wildly(&r);
        give_all(&r);
        sending_finish(&r.s);
    }
    sending_drop(&r.s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    scenario scene;

    memset(&scene, 0, sizeof scene);
    scene.text = in.text;
    scene.plan = draw_sending(&in.choices, NULL);
    scene.tls = draw(&in.choices, 4);
    scene.ends = draw(&in.choices, 2);
    scene.choices = in.choices;
    if (in.text.len <= 2048) {
        size_t delete_at = scene.plan.delete_at;
        play_ways(&scene);
        scene.plan.delete_at = delete_at;
        play_wildly(&scene);
    }
    free(in.block);
    return 0;
}
