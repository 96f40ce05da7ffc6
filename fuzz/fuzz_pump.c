/* SPDX-License-Identifier: MIT
 * The pump over a connection that answers as drawn, for both roles, and over the turn from one to
 * the other: it never hangs, keeps its state in order, closes once and does nothing afterwards, and
 * gives the same events and octets in whatever pieces these go. */
#include "sending.h"
#include "serving.h"

#include <stdlib.h>
#include <string.h>

enum { STOPS = 256, ALL = 1 << 30, IDLE = 3, PATIENCE = 20000, SCRIBBLE = 0x55 };

/* What may block. */
enum { CALL_RECEIVE, CALL_SEND, CALL_TLS, CALLS };

typedef struct scenario {
    int is_client;
    serving_plan serve;
    sending_plan send;
    uint32_t tls;  /* bit 0: the handshake never comes to an end, bit 1: it fails */
    uint32_t ends; /* how the connection ends: 0 by the peer, 1 by an error, 2 by time */
    int has_close;
    int has_tls;
    size_t buffer;
    choices choices; /* that are left */
    smtp_str text;
    size_t stops[STOPS]; /* where the peer waits for us */
    size_t stop_count;
} scenario;

/* What blocks: nothing; each second call; and output, until the peer has been read (RFC 2920
 * 3.1). */
enum { AGAIN_NEVER, AGAIN_OFTEN, AGAIN_READ_FIRST };

typedef struct way {
    size_t cut;   /* octets of a piece of input, 0: as the choices say */
    size_t drain; /* octets of output that go at once, 0: as the choices say */
    int again;    /* AGAIN_ */
    int in_storage;
    int records; /* the stops; the other ways keep them */
} way;

typedef struct run {
    serving server;
    sending client;
    sending_plan send;
    int is_client; /* the role at work */
    int was_server;
    smtp_session *session;
    smtp_transport transport;
    smtp_pump_state state;
    char *buffer;
    scenario *scene;
    const way *way;
    choices choices;
    int wild;              /* any call may come to anything */
    size_t at;             /* in the text */
    size_t allowed;        /* octets of it that are there by now */
    int ending;            /* behind the text comes the end */
    size_t blocked[CALLS]; /* how often each was asked */
    size_t calls;          /* of the transport's functions */
    size_t moved;          /* octets, both ways */
    int closed;
    int tls_failed;
    int over; /* the pump is done */
} run;

static smtp_time *now_of(run *r)
{
    return r->is_client ? &r->client.now : &r->server.now;
}

/* What a call comes to that moves nothing; 1 when this one is such a call. */
static int is_spoilt(run *r, int call, ptrdiff_t *result)
{
    static const ptrdiff_t results[] = {SMTP_TRANSPORT_AGAIN,       SMTP_TRANSPORT_AGAIN,
                                        SMTP_TRANSPORT_AGAIN_WRITE, SMTP_TRANSPORT_ERROR,
                                        SMTP_TRANSPORT_EOF,         -7};
    uint32_t what;

    r->calls++;
    CHECK(!r->closed && !r->over);
    *result = SMTP_TRANSPORT_AGAIN;
    if (r->way->again == AGAIN_OFTEN && ++r->blocked[call] % 2 == 1)
        return 1;
    if (r->way->again == AGAIN_READ_FIRST && call == CALL_SEND && r->allowed > 0 &&
        (smtp_session_wants(r->session) & SMTP_WANTS_READ))
        return 1;
    if (!r->wild || r->choices.left == 0)
        return 0;
    what = draw(&r->choices, 256);
    *now_of(r) += what >> 3;
    *result = results[(what >> 3) % (sizeof results / sizeof results[0])];
    return (what & 7) == 0;
}

static void keep_stop(run *r)
{
    scenario *scene = r->scene;

    if (!r->way->records || scene->stop_count == STOPS)
        return;
    if (scene->stop_count == 0 || scene->stops[scene->stop_count - 1] != r->at)
        scene->stops[scene->stop_count++] = r->at;
}

static ptrdiff_t on_receive(void *io, void *buffer, size_t len)
{
    run *r = io;
    ptrdiff_t result;

    CHECK(buffer == r->buffer && len == r->scene->buffer);
    CHECK(smtp_session_wants(r->session) & SMTP_WANTS_READ);
    if (is_spoilt(r, CALL_RECEIVE, &result))
        return result;
    if (r->allowed == 0 && r->ending && r->scene->ends < 2)
        return r->scene->ends == 0 ? SMTP_TRANSPORT_EOF : SMTP_TRANSPORT_ERROR;
    if (r->allowed == 0)
        return SMTP_TRANSPORT_AGAIN;
    if (len > r->allowed)
        len = r->allowed;
    memcpy(buffer, r->scene->text.ptr + r->at, len);
    r->at += len;
    r->allowed -= len;
    r->moved += len;
    return (ptrdiff_t)len;
}

static ptrdiff_t on_send(void *io, const smtp_str *slices, size_t n)
{
    run *r = io;
    size_t most = r->way->drain;
    size_t gone = 0;
    size_t i;
    ptrdiff_t result;

    CHECK(n > 0 && slices[0].len > 0);
    if (is_spoilt(r, CALL_SEND, &result))
        return result;
    if (most == 0)
        most = r->choices.left > 0 ? 1 + draw(&r->choices, 32) : (size_t)ALL;
    for (i = 0; i < n && gone < most; i++) {
        smtp_str some =
            part(slices[i], 0, slices[i].len < most - gone ? slices[i].len : most - gone);
        if (r->is_client)
            sending_gone(&r->client, some);
        else
            serving_gone(&r->server, some);
        gone += some.len;
    }
    r->moved += gone;
    return (ptrdiff_t)gone;
}

/* What a handshake comes to. */
static int shake_hands(run *r)
{
    ptrdiff_t result;

    if (is_spoilt(r, CALL_TLS, &result))
        return result == SMTP_TRANSPORT_EOF ? SMTP_TRANSPORT_ERROR : (int)result;
    if (r->scene->tls & 1)
        return r->at & 1 ? SMTP_TRANSPORT_AGAIN : SMTP_TRANSPORT_AGAIN_WRITE;
    return r->scene->tls & 2 ? SMTP_TRANSPORT_ERROR : 0;
}

static int on_start_tls(void *io, smtp_tls_info *info)
{
    run *r = io;
    int result;

    CHECK(info == &r->state.tls && info->size == sizeof *info && info->exporter.len == 0);
    CHECK(r->state.start == r->state.end && !smtp_session_tls_active(r->session));
    CHECK((smtp_session_wants(r->session) & SMTP_WANTS_WRITE) == 0);
    keep_stop(r);
    result = shake_hands(r);
    if (result != 0) {
        r->tls_failed = result != SMTP_TRANSPORT_AGAIN && result != SMTP_TRANSPORT_AGAIN_WRITE;
        return result;
    }
    info->version = smtp_text("TLS1.3");
    info->exporter = smtp_text("exporter");
    info->peer_subject = smtp_text("subject");
    return 0;
}

static smtp_time on_now(void *io)
{
    run *r = io;

    r->calls++;
    return *now_of(r);
}

static void on_close(void *io)
{
    run *r = io;

    CHECK(!r->closed && (smtp_session_wants(r->session) & SMTP_WANTS_WRITE) == 0);
    r->closed = 1;
}

static int start_client(run *r)
{
    smtp_time now = r->was_server ? r->server.now : 0;

    r->is_client = 1;
    r->send = r->scene->send;
    if (r->was_server && smtp_session_tls_active(r->server.session)) {
        r->send.config.tls = SMTP_TLS_IMPLICIT;
        keep_stop(r); /* it waits for the handshake to be told */
    }
    if (!sending_start(&r->client, &r->send, r->way->in_storage))
        return 0;
    r->session = r->client.session;
    if (r->client.now < now)
        r->client.now = now;
    return 1;
}

/* What octets of input the session has taken is known to it alone: the pump keeps the rest. */
static void finish_server(run *r)
{
    smtp_statistics counted;

    memset(&counted, 0, sizeof counted);
    counted.size = sizeof counted;
    CHECK(smtp_session_statistics(r->server.session, &counted) == SMTP_ERR_OK);
    CHECK(counted.octets_in <= r->at);
    r->server.given = counted.octets_in;
    serving_finish(&r->server);
}

/* The roles turn: a client goes on with the connection. */
static void turn(run *r)
{
    CHECK(!r->is_client && r->server.turned && !r->closed);
    finish_server(r);
    if (!start_client(r))
        r->over = 1;
}

/* Nothing is kept in the buffer but what the state says. */
static void scribble(run *r)
{
    const smtp_pump_state *state = &r->state;

    memset(r->buffer, SCRIBBLE, state->start);
    memset(r->buffer + state->end, SCRIBBLE, r->scene->buffer - state->end);
}

static void check_result(const run *r, int result)
{
    uint32_t wants = smtp_session_wants(r->session);
    int shakes = (wants & SMTP_WANTS_TLS_HANDSHAKE) != 0;

    CHECK(r->state.start <= r->state.end && r->state.end <= r->scene->buffer);
    CHECK(r->state.start < r->state.end || r->state.end == 0);
    CHECK(result == SMTP_PUMP_DONE || !r->closed);
    if (r->tls_failed)
        CHECK(result == SMTP_PUMP_DONE &&
              smtp_session_error(r->session, NULL) == SMTP_ERR_TLS_FAILED);
    if (result == SMTP_PUMP_DONE)
        CHECK(wants == SMTP_WANTS_CLOSE && r->state.end == 0 && r->closed == r->scene->has_close);
    else if (result == SMTP_PUMP_READ)
        CHECK((shakes || (wants & SMTP_WANTS_READ)) && r->state.end == 0);
    else if (result == SMTP_PUMP_WRITE)
        CHECK(shakes || (wants & SMTP_WANTS_WRITE));
    else if (result == SMTP_PUMP_WAIT)
        CHECK(wants == 0 && !r->is_client && r->server.due != 0);
    else
        CHECK(result == SMTP_PUMP_TURN && wants == SMTP_WANTS_TURN);
}

/* One call of the pump; each round of it must move something. 1 when something did. */
static int pump(run *r)
{
    size_t held = r->state.end - r->state.start;
    size_t moved = r->moved;
    int result;

    if (r->over)
        return 0;
    scribble(r);
    r->calls = 0;
    result = smtp_pump(r->session, &r->transport, r, &r->state, r->buffer, r->scene->buffer);
    check_result(r, result);
    CHECK(r->calls <= 64 + 8 * (r->moved - moved + held));
    moved = r->moved - moved;
    if (result == SMTP_PUMP_TURN) {
        turn(r);
        return 1;
    }
    r->over = result == SMTP_PUMP_DONE;
    if (r->over && smtp_session_error(r->session, NULL) == SMTP_ERR_TLS_FAILED)
        keep_stop(r); /* the peer waited for it, also where there is none */
    return moved > 0;
}

/* What the program around it does in its turn; 0 when there is nothing to do. */
static int go_on(run *r)
{
    return r->is_client ? sending_go_on(&r->client) : serving_answer(&r->server);
}

/* Lets all that can happen with the input that is there happen. */
static void settle(run *r)
{
    int any = 0;
    int idle = 0;
    size_t rounds = 0;

    while (!r->over && idle < IDLE) {
        size_t at = r->at;
        size_t moved = r->moved;

        CHECK(++rounds < PATIENCE);
        idle++;
        while (go_on(r)) {
            any = 1;
            idle = 0;
        }
        if (pump(r))
            idle = 0;
        any |= r->moved - moved > r->at - at; /* output */
    }
    if (any && r->is_client)
        keep_stop(r);
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
    settle(r);
    while (r->at < r->scene->text.len && !r->over) {
        size_t before = r->at;

        r->allowed = piece_length(r);
        settle(r);
        if (r->at == before)
            break;
    }
}

/* The connection ends, or nothing comes any more. */
static void end_all(run *r)
{
    int rounds = 0;

    r->allowed = 0;
    r->ending = 1;
    settle(r);
    while (!r->over) {
        smtp_time deadline = smtp_session_deadline(r->session);

        CHECK(++rounds < 8 && deadline != SMTP_TIME_NEVER);
        if (*now_of(r) < deadline)
            *now_of(r) = deadline;
        settle(r);
    }
    r->calls = 0;
    CHECK(!r->closed || smtp_pump(r->session, &r->transport, r, &r->state, r->buffer,
                                  r->scene->buffer) == SMTP_PUMP_DONE);
    CHECK(r->calls == 0);
    if (r->was_server && !r->is_client)
        finish_server(r);
    if (r->is_client)
        sending_finish(&r->client);
}

/* 0 when the configuration cannot be had. */
static int begin(run *r, scenario *scene, const way *how)
{
    smtp_transport transport = {sizeof transport, on_receive, on_send,
                                on_start_tls,     on_now,     on_close};

    memset(r, 0, sizeof *r);
    r->scene = scene;
    r->way = how;
    r->choices = scene->choices;
    r->transport = transport;
    if (!scene->has_close)
        r->transport.close = NULL;
    if (!scene->has_tls)
        r->transport.start_tls = NULL;
    r->buffer = malloc(scene->buffer);
    CHECK(r->buffer != NULL);
    if (scene->is_client)
        return start_client(r);
    r->was_server = 1;
    if (!serving_start(&r->server, &scene->serve, how->in_storage))
        return 0;
    r->session = r->server.session;
    return 1;
}

static void drop(run *r)
{
    if (r->is_client)
        sending_drop(&r->client);
    if (r->was_server)
        serving_drop(&r->server);
    free(r->buffer);
}

static int play(run *r, scenario *scene, const way *how)
{
    if (!begin(r, scene, how))
        return 0;
    give_all(r);
    end_all(r);
    return 1;
}

static void compare(const run *a, const run *b)
{
    text_compare(&a->server.log, &b->server.log, "events of the server");
    text_compare(&a->server.out, &b->server.out, "outputs of the server");
    text_compare(&a->server.trace, &b->server.trace, "traces of the server");
    text_compare(&a->client.log, &b->client.log, "events of the client");
    text_compare(&a->client.out, &b->client.out, "outputs of the client");
    text_compare(&a->client.trace, &b->client.trace, "traces of the client");
}

static void play_ways(scenario *scene)
{
    static const way each = {1, ALL, AGAIN_NEVER, 0, 1};
    static const way others[] = {
        {ALL, ALL, AGAIN_NEVER, 1, 0}, {0, 0, AGAIN_OFTEN, 0, 0}, {ALL, 1, AGAIN_READ_FIRST, 0, 0}};
    run first;
    run other;
    size_t i;

    if (play(&first, scene, &each) && scene->stop_count < STOPS) {
        for (i = 0; i < sizeof others / sizeof others[0]; i++) {
            CHECK(play(&other, scene, &others[i]));
            compare(&first, &other);
            drop(&other);
        }
    }
    drop(&first);
}

static void step_wildly(run *r)
{
    uint32_t what = draw(&r->choices, 256);
    size_t left = r->scene->text.len - r->at;

    switch (what & 7) {
    case 0:
        (void)serving_answer(&r->server);
        break;
    case 1:
        if (r->is_client)
            (void)sending_go_on(&r->client);
        break;
    case 2:
        *now_of(r) += (what >> 3) * 30000u;
        break;
    default:
        r->allowed = what < left ? what : left;
        (void)pump(r);
        break;
    }
}

/* Anything may fail at any time: only the account must be right. */
static void play_wildly(scenario *scene)
{
    static const way any = {0, 0, AGAIN_NEVER, 0, 0};
    run r;

    if (begin(&r, scene, &any)) {
        r.wild = 1;
        while (r.choices.left > 0 && !r.over)
            step_wildly(&r);
        give_all(&r);
        end_all(&r);
    }
    drop(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    scenario scene;

    memset(&scene, 0, sizeof scene);
    scene.text = in.text;
    scene.is_client = (int)draw(&in.choices, 2);
    scene.tls = draw(&in.choices, 4);
    scene.ends = draw(&in.choices, 3);
    scene.has_close = draw(&in.choices, 4) < 3;
    scene.has_tls = draw(&in.choices, 4) < 3;
    scene.buffer = 1 + draw(&in.choices, 256);
    scene.serve = draw_serving(&in.choices);
    scene.send = draw_sending(&in.choices, NULL);
    scene.serve.delete_at = scene.send.delete_at = 0;
    scene.choices = in.choices;
    if (in.text.len <= 2048) {
        size_t fail_at = scene.serve.fail_at;
        scene.serve.fail_at = 0;
        play_ways(&scene);
        scene.serve.fail_at = fail_at;
        play_wildly(&scene);
    }
    free(in.block);
    return 0;
}
