/* SPDX-License-Identifier: MIT
 * A whole server session: the same events and output whatever way input and output are cut, each
 * accepted MAIL followed by exactly one message or reset, and nothing malformed in the output. */
#include "serving.h"

#include <stdlib.h>
#include <string.h>

enum { HAPPENINGS = 6, STOPS = 64, ALL = 1 << 30 };

/* What happens beside input, once so many octets of it have been given. */
typedef struct happening {
    size_t at;
    int what;
    uint32_t amount;
} happening;

enum { HAPPENS_TIME, HAPPENS_CLOSE, HAPPENS_EOF, HAPPENS_MISUSE, HAPPENS };

typedef struct scenario {
    serving_plan plan;
    happening happenings[HAPPENINGS];
    size_t happening_count;
    uint32_t tls;    /* bit 0: the client waits for the handshake, bit 1: which then fails */
    choices choices; /* that are left */
    smtp_str text;
    size_t stops[STOPS]; /* where it waited */
    size_t stop_count;
} scenario;

/* One way to cut. */
typedef struct way {
    size_t cut;   /* octets of a piece of input, 0: as the choices say */
    size_t drain; /* octets of output that are taken at once, 0: as the choices say */
    int in_storage;
    int records; /* the stops; the other ways keep them */
} way;

typedef struct run {
    serving s;
    scenario *scene;
    const way *way;
    choices choices;
    size_t at;
} run;

static const smtp_tls_info tls_info = {
    sizeof tls_info, {"TLS1.3", 6},  {"TLS_AES_256_GCM_SHA384", 22}, {"exporter", 8}, {NULL, 0},
    {NULL, 0},       {"subject", 7},
};

static void draw_happenings(choices *from, scenario *scene)
{
    uint32_t count = draw(from, HAPPENINGS + 1);

    while (scene->happening_count < count) {
        happening next;
        size_t i = scene->happening_count++;

        next.at = draw_bits(from, 2) % (scene->text.len + 1);
        next.what = (int)draw(from, HAPPENS);
        next.amount = draw(from, 32);
        for (; i > 0 && scene->happenings[i - 1].at > next.at; i--)
            scene->happenings[i] = scene->happenings[i - 1];
        scene->happenings[i] = next;
    }
}

/* Calls that are out of order, and change nothing. */
static void misuse(serving *s)
{
    smtp_detail detail;

    CHECK(smtp_session_start(s->session, s->now) == SMTP_ERR_STATE);
    if ((smtp_session_wants(s->session) & SMTP_WANTS_TLS_HANDSHAKE) == 0) {
        int error = smtp_session_tls_started(s->session, &tls_info, s->now);
        CHECK(error == SMTP_ERR_STATE || s->closed);
        error = smtp_session_tls_failed(s->session, s->now);
        CHECK(error == SMTP_ERR_STATE || s->closed);
    }
    CHECK(smtp_server_answer(s->server, 0, 250, 0, smtp_text(NULL), s->now) == SMTP_ERR_STALE);
    CHECK(smtp_server_reply(s->server, 250, 0, smtp_text("x")) < 0);
    smtp_session_sent(s->session, 0, s->now);
    memset(&detail, 0, sizeof detail);
    detail.size = sizeof detail;
    (void)smtp_session_error(s->session, &detail);
    CHECK(detail.text != NULL);
}

static void happen(serving *s, const happening *now)
{
    if (s->gone || s->closed)
        return;
    switch (now->what) {
    case HAPPENS_TIME:
        s->now += now->amount * 30000u;
        (void)smtp_session_expire(s->session, s->now);
        break;
    case HAPPENS_CLOSE:
        CHECK(smtp_server_close(s->server, 0, smtp_text(now->amount & 1 ? "Bye" : NULL), s->now) ==
              SMTP_ERR_OK);
        break;
    case HAPPENS_EOF:
        (void)smtp_session_eof(s->session, s->now);
        break;
    default:
        misuse(s);
        break;
    }
}

static size_t draw_drain(run *r)
{
    if (r->way->drain != 0)
        return r->way->drain;
    return r->choices.left > 0 ? 1 + draw(&r->choices, 32) : (size_t)ALL;
}

/* The handshake, if one is wanted and all output has gone; 0 when there is none to do. */
static int shake(run *r)
{
    serving *s = &r->s;

    if ((r->scene->tls & 1) || (smtp_session_wants(s->session) & SMTP_WANTS_TLS_HANDSHAKE) == 0)
        return 0;
    if (r->way->records && r->scene->stop_count < STOPS)
        r->scene->stops[r->scene->stop_count++] = r->at;
    if (r->scene->tls & 2)
        CHECK(smtp_session_tls_failed(s->session, s->now) == SMTP_ERR_TLS_FAILED || s->gone);
    else
        (void)smtp_session_tls_started(s->session, &tls_info, s->now);
    return 1;
}

/* Lets all that can happen without input happen. */
static void settle(run *r)
{
    serving *s = &r->s;
    int moved = 1;

    while (moved && !s->gone) {
        moved = 0;
        while (serving_take(s, draw_drain(r)) > 0)
            moved = 1;
        if (!s->gone && s->due != 0 && r->scene->plan.offer_while_deferred &&
            r->at < r->scene->text.len)
            CHECK(serving_give(s, part(r->scene->text, r->at, 1)) == 0);
        if (serving_answer(s))
            moved = 1;
        if (!moved && !s->gone)
            moved = shake(r);
    }
}

/* How much is given next, at most up to `bound` and to where the client waited for TLS. */
static size_t piece_length(run *r, size_t bound)
{
    size_t len = bound - r->at;
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

static void give_until(run *r, size_t bound)
{
    serving *s = &r->s;

    settle(r);
    while (r->at < bound && !s->gone && !s->closed) {
        size_t len = piece_length(r, bound);
        uint32_t before = smtp_session_wants(s->session);
        size_t used = serving_give(s, part(r->scene->text, r->at, len));

        r->at += used;
        if (used == 0 && !s->gone && !s->closed) {
            uint32_t wants = smtp_session_wants(s->session);
            CHECK((before & SMTP_WANTS_TLS_HANDSHAKE) == 0); /* that ends it */
            CHECK((wants & SMTP_WANTS_READ) == 0);
            CHECK(s->due != 0 || (wants & SMTP_WANTS_WRITE) != 0);
        }
        settle(r);
    }
}

/* A record of TLS that comes first, where SMTP is due, is the end. */
static void check_stranger(const run *r)
{
    if (r->at > 0 && r->scene->text.ptr[0] == 0x16 && !smtp_session_tls_active(r->s.session))
        CHECK(r->s.closed);
}

static void end_run(run *r)
{
    serving *s = &r->s;

    if (!s->gone) {
        int error = smtp_session_error(s->session, NULL);
        smtp_statistics counted;
        memset(&counted, 0, sizeof counted);
        counted.size = sizeof counted;
        CHECK(smtp_session_statistics(s->session, &counted) == SMTP_ERR_OK);
        text_say(&s->log, "%lu commands, %lu replies, %lu errors, %s",
                 (unsigned long)counted.commands, (unsigned long)counted.replies,
                 (unsigned long)counted.errors, smtp_error_name(error));
        /* How far a content is read past that does not stop depends on the cut. */
        if (!s->closed || error != SMTP_ERR_MESSAGE_TOO_LARGE)
            text_say(&s->log, " %lu octets", (unsigned long)counted.octets_in);
        serving_check_replies(s);
        check_stranger(r);
    }
    serving_finish(s);
}

/* 0 when the configuration cannot be had. */
static int play(run *r, scenario *scene, const way *how)
{
    size_t i;

    memset(r, 0, sizeof *r);
    r->scene = scene;
    r->way = how;
    r->choices = scene->choices;
    if (!serving_start(&r->s, &scene->plan, how->in_storage))
        return 0;
    for (i = 0; i < scene->happening_count; i++) {
        give_until(r, scene->happenings[i].at);
        happen(&r->s, &scene->happenings[i]);
    }
    give_until(r, scene->text.len);
    end_run(r);
    return 1;
}

static void compare(run *a, run *b)
{
    text_compare(&a->s.log, &b->s.log, "events");
    text_compare(&a->s.out, &b->s.out, "outputs");
    text_compare(&a->s.trace, &b->s.trace, "traces");
}

/* The same scenario, cut in several ways. */
static void play_ways(scenario *scene)
{
    static const way each = {1, ALL, 0, 1};
    static const way others[] = {{ALL, ALL, 1, 0}, {0, 0, 0, 0}, {ALL, 1, 0, 0}};
    run first;
    run other;
    size_t i;

    scene->plan.fail_at = 0;
    scene->plan.delete_at = 0;
    if (play(&first, scene, &each)) {
        for (i = 0; i < sizeof others / sizeof others[0]; i++) {
            if (play(&other, scene, &others[i]))
                compare(&first, &other);
            else
                CHECK(0);
            serving_drop(&other.s);
        }
    }
    serving_drop(&first.s);
}

/* Anything in any order: only the account must be right. */
static void step_wildly(run *r)
{
    serving *s = &r->s;
    uint32_t what = draw(&r->choices, 256);
    happening now = {0, HAPPENS_TIME, what >> 3};
    size_t left = r->scene->text.len - r->at;

    switch (what & 7) {
    case 0:
        (void)serving_take(s, what >> 3);
        break;
    case 1:
        (void)serving_answer(s);
        break;
    case 2:
        if (!s->closed && what >= 64)
            (void)smtp_session_tls_started(s->session, &tls_info, s->now);
        break;
    case 3:
        now.what = (int)(what >> 6);
        happen(s, &now);
        break;
    case 4:
        settle(r);
        break;
    default:
        r->at += serving_give(s, part(r->scene->text, r->at, what % (left + 1)));
        break;
    }
}

static void play_wildly(scenario *scene)
{
    static const way any = {0, 0, 0, 0};
    run r;

    memset(&r, 0, sizeof r);
    r.scene = scene;
    r.way = &any;
    r.choices = scene->choices;
    if (serving_start(&r.s, &scene->plan, 0)) {
        while (!r.s.gone && r.choices.left > 0)
            step_wildly(&r);
        give_until(&r, scene->text.len);
        serving_finish(&r.s);
    }
    serving_drop(&r.s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    scenario scene;

    memset(&scene, 0, sizeof scene);
    scene.text = in.text;
    scene.plan = draw_serving(&in.choices);
    scene.tls = draw(&in.choices, 4);
    draw_happenings(&in.choices, &scene);
    scene.choices = in.choices;
    if (in.text.len <= 2048) {
        serving_plan wild = scene.plan;
        play_ways(&scene);
        scene.plan = wild;
        play_wildly(&scene);
    }
    free(in.block);
    return 0;
}
