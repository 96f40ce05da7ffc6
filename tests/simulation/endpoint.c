/* SPDX-License-Identifier: MIT
 * An event loop for one session, with reads and writes in any order and of any size. */
#include "endpoint.h"

#include <stdio.h>
#include <string.h>

#include "simulation.h"

static const smtp_tls_info tls_info = {sizeof tls_info, {"TLS1.3", 6}, {NULL, 0}, {NULL, 0},
                                       {NULL, 0},       {NULL, 0},     {NULL, 0}};

/* How many octets one read or write moves at most. */
static size_t draw_piece(const endpoint *e, size_t most)
{
    sim *s = e->of;

    if (e->whole || s->mood.piece == 0 || most == 0)
        return most;
    most = most < s->mood.piece ? most : s->mood.piece;
    return 1 + draw(&s->chance, (uint32_t)most);
}

static int would_block(const endpoint *e)
{
    return !e->whole && happens(&e->of->chance, e->of->mood.wait);
}

/* After each call: the session's counters and its output, for those who follow it. */
static void settle(endpoint *e)
{
    sim *s = e->of;
    smtp_statistics counted;
    smtp_str slices[16];
    size_t n;

    if (e->session == NULL)
        return;
    memset(&counted, 0, sizeof counted);
    counted.size = sizeof counted;
    must(s, smtp_session_statistics(e->session, &counted) == SMTP_ERR_OK, CHECK_RETURNED);
    e->taken = counted.octets_in;
    e->given = counted.octets_out;
    n = smtp_session_output(e->session, slices, 16);
    for (e->queued = 0; n > 0; n--)
        e->queued += slices[n - 1].len;
    must(s, (e->queued > 0) == ((smtp_session_wants(e->session) & SMTP_WANTS_WRITE) != 0),
         CHECK_RETURNED);
    if (e->side == SERVER)
        conversation_follow(s, e->session);
    else /* RFC 5321 3.8 */
        must(s, !s->client.shut || s->client.closed, CHECK_LEDGER);
}

void endpoint_settle(sim *s, int side)
{
    settle(&s->ends[side]);
}

static void note_expired(const endpoint *e, smtp_time deadline)
{
    note(e->of, e->side == CLIENT ? EVENT_CLIENT_EXPIRES : EVENT_SERVER_EXPIRES, deadline, 0);
}

static void see_end(endpoint *e)
{
    note(e->of, e->side == CLIENT ? EVENT_CLIENT_SEES_END : EVENT_SERVER_SEES_END, 0, 0);
    (void)smtp_session_eof(e->session, e->of->now);
    settle(e);
    must(e->of, e->session == NULL || smtp_session_wants(e->session) == SMTP_WANTS_CLOSE,
         CHECK_RETURNED);
}

/* Octets reach the session in a buffer that is overwritten right after: it must not look there
 * again. */
static void read_some(endpoint *e)
{
    sim *s = e->of;
    const char *octets = NULL;
    ptrdiff_t there = network_look(s, e->side, &octets);
    size_t len;
    size_t used = INPUT_MAX + 1;

    if (there == SMTP_TRANSPORT_AGAIN || (there > 0 && would_block(e)))
        return;
    if (there <= 0) {
        see_end(e);
        return;
    }
    len = draw_piece(e, (size_t)there < INPUT_MAX ? (size_t)there : INPUT_MAX);
    memcpy(e->input, octets, len);
    s->network.from[!e->side].read += len; /* as much as it may take */
    (void)smtp_session_receive(e->session, e->input, len, s->now, &used);
    memset(e->input, 0xDD, len);
    must(s, used <= len, CHECK_RETURNED);
    if (used > len)
        return;
    s->network.from[!e->side].read -= len - used;
    if (used > 0)
        note(s, e->side == CLIENT ? EVENT_CLIENT_READS : EVENT_SERVER_READS, used, (uint64_t)there);
    if (e->session == NULL)
        return;
    e->taken += used;
    used = (size_t)e->taken;
    settle(e);
    must(s, e->taken == used, CHECK_COUNTERS);
}

static void write_some(endpoint *e)
{
    sim *s = e->of;
    smtp_str slices[4];
    size_t n = smtp_session_output(e->session, slices, 1 + draw(&s->chance, 4));
    uint64_t given = e->given;
    ptrdiff_t sent;

    if (would_block(e))
        return;
    sent = network_write(s, e->side, slices, n, draw_piece(e, STREAM_MAX));
    if (sent == SMTP_TRANSPORT_AGAIN)
        return;
    if (sent < 0) {
        see_end(e);
        return;
    }
    smtp_session_sent(e->session, (size_t)sent, s->now);
    settle(e);
    must(s, e->session == NULL || e->given == given + (uint64_t)sent, CHECK_COUNTERS);
}

static void shake_hands(endpoint *e)
{
    sim *s = e->of;
    int result = network_shake(s, e->side);
    int error;

    if (result == SMTP_TRANSPORT_AGAIN)
        return;
    note(s, e->side == CLIENT ? EVENT_CLIENT_TLS : EVENT_SERVER_TLS, result != 0, 0);
    if (result == 0)
        error = smtp_session_tls_started(e->session, &tls_info, s->now);
    else
        error = smtp_session_tls_failed(e->session, s->now);
    /* With implicit TLS the first callback may end the session here. */
    must(s,
         error == (result == 0 ? SMTP_ERR_OK : SMTP_ERR_TLS_FAILED) ||
             error == SMTP_ERR_CLOSED_BY_CALLER,
         CHECK_RETURNED);
    settle(e);
}

smtp_time endpoint_deadline(sim *s, int side)
{
    const endpoint *e = &s->ends[side];

    if (e->session == NULL || !e->connected || s->sabotage == SABOTAGE_DEADLINE_MISSING)
        return SMTP_TIME_NEVER;
    return smtp_session_deadline(e->session);
}

/* Before its deadline a session must not be moved by the clock, nor by no octets at all. */
static void do_nothing(endpoint *e)
{
    sim *s = e->of;
    size_t used = 1;
    smtp_time deadline = smtp_session_deadline(e->session);
    uint32_t wants = smtp_session_wants(e->session);
    size_t callbacks = e->callbacks;
    int sabotage = deadline != SMTP_TIME_NEVER && sabotaged(s, SABOTAGE_EXPIRES_EARLY);

    (void)smtp_session_expire(e->session, sabotage ? deadline : s->now);
    (void)smtp_session_receive(e->session, NULL, 0, s->now, &used);
    smtp_session_sent(e->session, 0, s->now);
    must(s, used == 0, CHECK_NOTHING);
    must(s, e->callbacks == callbacks, CHECK_NOTHING);
    must(s, smtp_session_deadline(e->session) == deadline, CHECK_NOTHING);
    must(s, smtp_session_wants(e->session) == wants, CHECK_NOTHING);
    settle(e);
}

/* The clock, early or late. */
static void look_at_clock(endpoint *e)
{
    sim *s = e->of;
    smtp_time deadline = endpoint_deadline(s, e->side);

    if (deadline == SMTP_TIME_NEVER || s->now < deadline) {
        if (draw(&s->chance, 16) == 0)
            do_nothing(e);
    } else if (e->whole || draw(&s->chance, 4) == 0) {
        note_expired(e, deadline);
        (void)smtp_session_expire(e->session, s->now);
        settle(e);
    }
}

/* A caller may learn that the peer has gone while the session reads nothing. */
static void notice_end(endpoint *e)
{
    const char *octets;

    if (e->of->mood.calm || draw(&e->of->chance, 4) != 0)
        return;
    if (network_look(e->of, e->side, &octets) <= SMTP_TRANSPORT_EOF &&
        (e->of->network.from[!e->side].ended && !e->of->network.from[!e->side].hole))
        see_end(e);
}

static int wants(const endpoint *e, uint32_t what)
{
    return e->session != NULL && (smtp_session_wants(e->session) & what) != 0;
}

static void step_by_ports(endpoint *e)
{
    int read_first = e->whole || draw(&e->of->chance, 2) == 0;

    look_at_clock(e);
    if (read_first && wants(e, SMTP_WANTS_READ))
        read_some(e);
    if (wants(e, SMTP_WANTS_WRITE))
        write_some(e);
    if (!read_first && wants(e, SMTP_WANTS_READ))
        read_some(e);
    if (wants(e, SMTP_WANTS_TLS_HANDSHAKE) && !wants(e, SMTP_WANTS_WRITE))
        shake_hands(e);
    if (e->session != NULL && !wants(e, SMTP_WANTS_READ | SMTP_WANTS_TLS_HANDSHAKE))
        notice_end(e);
    if (wants(e, SMTP_WANTS_CLOSE) && !wants(e, SMTP_WANTS_WRITE))
        endpoint_close(e->of, e->side);
}

static ptrdiff_t pump_receive(void *io, void *buffer, size_t len)
{
    endpoint *e = io;
    sim *s = e->of;
    const char *octets = NULL;
    ptrdiff_t there = network_look(s, e->side, &octets);
    size_t some;

    settle(e);
    if (there <= 0) {
        if (there != SMTP_TRANSPORT_AGAIN)
            note(s, e->side == CLIENT ? EVENT_CLIENT_SEES_END : EVENT_SERVER_SEES_END, 0, 0);
        return there;
    }
    if (would_block(e))
        return SMTP_TRANSPORT_AGAIN;
    some = draw_piece(e, (size_t)there < len ? (size_t)there : len);
    memcpy(buffer, octets, some);
    network_take(s, e->side, some);
    note(s, e->side == CLIENT ? EVENT_CLIENT_READS : EVENT_SERVER_READS, some, (uint64_t)there);
    return (ptrdiff_t)some;
}

static ptrdiff_t pump_send(void *io, const smtp_str *slices, size_t n)
{
    endpoint *e = io;

    settle(e);
    if (would_block(e))
        return SMTP_TRANSPORT_AGAIN;
    return network_write(e->of, e->side, slices, n, draw_piece(e, STREAM_MAX));
}

static int pump_start_tls(void *io, smtp_tls_info *info)
{
    endpoint *e = io;
    int result = network_shake(e->of, e->side);

    must(e->of, !e->shaken, CHECK_LEDGER);
    e->shaken = result != SMTP_TRANSPORT_AGAIN;
    if (result == 0)
        *info = tls_info;
    if (result != SMTP_TRANSPORT_AGAIN)
        note(e->of, e->side == CLIENT ? EVENT_CLIENT_TLS : EVENT_SERVER_TLS, result != 0, 0);
    return result;
}

static smtp_time pump_now(void *io)
{
    endpoint *e = io;

    settle(e);
    return e->of->now;
}

static void pump_close(void *io)
{
    endpoint *e = io;

    settle(e);
    endpoint_close(e->of, e->side);
}

static void step_by_pump(endpoint *e)
{
    static const smtp_transport transport = {sizeof transport, pump_receive, pump_send,
                                             pump_start_tls,   pump_now,     pump_close};
    sim *s = e->of;
    smtp_session *session = e->session;
    smtp_time deadline = endpoint_deadline(s, e->side);
    int result;

    if (deadline != SMTP_TIME_NEVER && s->now >= deadline)
        note_expired(e, deadline);
    result = smtp_pump(session, &transport, e, &e->pump, e->input, sizeof e->input);
    must(s, result >= SMTP_PUMP_DONE && result <= SMTP_PUMP_WAIT, CHECK_RETURNED);
    must(s, (result == SMTP_PUMP_DONE) == !e->connected, CHECK_RETURNED);
    if (result != SMTP_PUMP_DONE)
        settle(e);
}

void endpoint_step(sim *s, int side, int whole)
{
    endpoint *e = &s->ends[side];

    if (e->session == NULL || !e->connected)
        return;
    e->whole = whole;
    if (e->by_pump)
        step_by_pump(e);
    else
        step_by_ports(e);
}

void endpoint_close(sim *s, int side)
{
    if (!s->ends[side].connected)
        return;
    s->ends[side].connected = 0;
    network_close(s, side);
}

/* Each side's lines as it says them. */
static void show_line(smtp_session *session, const smtp_trace_event *event, void *user)
{
    endpoint *e = user;

    (void)session;
    if (event->kind == SMTP_TRACE_LINE && event->client == (e->side == CLIENT))
        printf("%10lu  %c: %.*s\n", (unsigned long)e->of->now, e->side == CLIENT ? 'C' : 'S',
               (int)event->text.len, event->text.ptr);
}

void endpoint_begin(sim *s, int side, smtp_session *session)
{
    endpoint *e = &s->ends[side];

    memset(e, 0, offsetof(endpoint, input));
    e->of = s;
    e->side = side;
    e->by_pump = s->plan.pump[side];
    e->connected = 1;
    e->session = session;
    if (s->journal.verbose)
        smtp_session_set_trace(session, show_line, e);
    must(s, smtp_session_wants(session) == 0, CHECK_RETURNED);
    (void)smtp_session_start(session, s->now);
    settle(e);
}
