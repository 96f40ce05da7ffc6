/* SPDX-License-Identifier: MIT
 * Octets on their way: cut, held back, lost. */
#include "network.h"

#include <string.h>

#include "simulation.h"

static size_t on_its_way(const stream *of)
{
    return of->written - of->read + of->vanished;
}

void network_begin(sim *s)
{
    const mood *with = &s->mood;
    int side;

    for (side = CLIENT; side <= SERVER; side++) {
        stream *to = &s->network.from[side];
        memset(to, 0, offsetof(stream, octets));
        to->window = with->window[side];
        to->loss = with->loss[side];
        to->loss_at = with->loss_at[side];
        to->stall = with->stall[side];
        to->stall_at = with->stall_at[side];
        s->network.tls_fails[side] = with->tls_fails[side];
    }
}

void network_reset(sim *s)
{
    int side;

    for (side = CLIENT; side <= SERVER; side++) {
        stream *of = &s->network.from[side];
        of->ended = of->refuses = 1;
        of->hole = 0;
        if (draw(&s->chance, 2) == 0)
            of->written = of->read;
    }
}

/* What is written vanishes, until the window is full of what nobody says has come. */
static void make_hole(sim *s, stream *of)
{
    of->hole = 1;
    if (draw(&s->chance, 2) == 0)
        of->window = on_its_way(of) + draw_size(&s->chance, 300);
}

void network_swallow(sim *s)
{
    make_hole(s, &s->network.from[CLIENT]);
    make_hole(s, &s->network.from[SERVER]);
}

/* What was to befall a stream at this octet befalls it. */
static void befall(sim *s, int side)
{
    stream *of = &s->network.from[side];
    int loss = of->loss;

    if (of->stall != 0 && of->written >= of->stall_at) {
        of->held_until = s->now + of->stall;
        of->stall = 0;
        note(s, EVENT_STALL, of->held_until, (uint64_t)side);
    }
    if (loss == LOSS_NONE || of->written < of->loss_at)
        return;
    of->loss = LOSS_NONE;
    note(s, EVENT_RESET + loss - LOSS_RESET, of->written, (uint64_t)side);
    if (loss == LOSS_RESET) {
        network_reset(s);
    } else if (loss == LOSS_HALF) {
        of->ended = of->refuses = 1;
    } else {
        make_hole(s, of);
        if (draw(&s->chance, 2) == 0)
            network_swallow(s);
    }
}

/* What a network must not do. */
static void spoil(sim *s, stream *to, size_t len)
{
    char *octets = to->octets + to->written - len;

    if (sabotaged(s, SABOTAGE_NETWORK_FLIPS))
        octets[draw(&s->chance, (uint32_t)len)] ^= 1;
    if (len > 1 && sabotaged(s, SABOTAGE_NETWORK_DROPS)) {
        memmove(octets, octets + 1, len - 1);
        to->written--;
    } else if (len < STREAM_MAX - to->written && sabotaged(s, SABOTAGE_NETWORK_REPEATS)) {
        memcpy(octets + len, octets, len);
        to->written += len;
    }
}

/* How many octets may go now: 0 when the window is full, for ever where they vanish. */
static size_t room(sim *s, stream *to, size_t most)
{
    size_t free = on_its_way(to) < to->window ? to->window - on_its_way(to) : 0;

    if (free == 0 && !to->full) {
        to->full = 1;
        note(s, EVENT_FULL, on_its_way(to), (uint64_t)(to - s->network.from));
    }
    if (to->loss != LOSS_NONE && to->loss_at - to->written < most)
        most = to->loss_at - to->written;
    must(s, to->written < STREAM_MAX - 1, CHECK_HARNESS);
    if (STREAM_MAX - to->written < most)
        most = STREAM_MAX - to->written;
    return free < most ? free : most;
}

static size_t octets_of(const smtp_str *slices, size_t n)
{
    size_t octets = 0;

    for (; n > 0; n--)
        octets += slices[n - 1].len;
    return octets;
}

ptrdiff_t network_write(sim *s, int side, const smtp_str *slices, size_t n, size_t most)
{
    stream *to = &s->network.from[side];
    size_t gone = 0;
    size_t left;
    size_t i;

    befall(s, side);
    if (to->lingers) {
        to->vanished += octets_of(slices, n);
        note(s, EVENT_WRITES_IN_VAIN, (uint64_t)side, to->vanished);
        return (ptrdiff_t)octets_of(slices, n);
    }
    if (to->refuses)
        return SMTP_TRANSPORT_ERROR;
    left = room(s, to, most);
    for (i = 0; i < n && left > 0; i++) {
        size_t len = slices[i].len < left ? slices[i].len : left;
        if (!to->hole)
            memcpy(to->octets + to->written + gone, slices[i].ptr, len);
        gone += len;
        left -= len;
    }
    if (gone == 0)
        return SMTP_TRANSPORT_AGAIN;
    if (!to->hole) {
        note_octets(s, to->octets + to->written, gone);
        to->written += gone;
        to->most = to->written;
        spoil(s, to, gone);
    } else {
        to->vanished += gone;
    }
    note(s, side == CLIENT ? EVENT_CLIENT_WRITES : EVENT_SERVER_WRITES, gone, to->written);
    befall(s, side);
    return (ptrdiff_t)gone;
}

ptrdiff_t network_look(sim *s, int side, const char **octets)
{
    stream *from = &s->network.from[!side];

    if (from->held_until > s->now)
        return SMTP_TRANSPORT_AGAIN;
    if (from->written > from->read) {
        *octets = from->octets + from->read;
        return (ptrdiff_t)(from->written - from->read);
    }
    if (from->ended && !from->hole)
        return from->refuses && draw(&s->chance, 2) == 0 ? SMTP_TRANSPORT_ERROR
                                                         : SMTP_TRANSPORT_EOF;
    return SMTP_TRANSPORT_AGAIN;
}

void network_take(sim *s, int side, size_t octets)
{
    s->network.from[!side].read += octets;
}

/* Both have come to it, so all that was said in the clear must have been read. */
static void shake_hands(sim *s)
{
    int side;

    for (side = CLIENT; side <= SERVER; side++) {
        stream *of = &s->network.from[side];
        must(s, on_its_way(of) == 0, CHECK_CLEAR_TEXT);
        of->tls = HANDSHAKE + (s->network.tls_fails[side] ? SMTP_TRANSPORT_ERROR : 0);
    }
}

int network_shake(sim *s, int side)
{
    stream *mine = &s->network.from[side];
    stream *other = &s->network.from[!side];

    mine->shakes = 1;
    if (mine->tls == 0 && (mine->refuses || (other->ended && !other->hole)))
        return SMTP_TRANSPORT_ERROR;
    if (mine->tls == 0 && mine->shakes && other->shakes && !mine->hole && !other->hole)
        shake_hands(s);
    return mine->tls != 0 ? mine->tls - HANDSHAKE : SMTP_TRANSPORT_AGAIN;
}

void network_close(sim *s, int side)
{
    stream *mine = &s->network.from[side];
    stream *other = &s->network.from[!side];

    /* Octets that nobody has read make a reset of it, and a reset may overtake what was written. */
    if (on_its_way(other) > 0 && !s->mood.calm && draw(&s->chance, 2) == 0)
        mine->written = mine->read;
    mine->ended = 1;
    other->lingers = s->mood.calm || draw(&s->chance, 2) == 0;
    other->refuses = 1;
    other->read = other->written;
    note(s, side == CLIENT ? EVENT_CLIENT_CLOSES : EVENT_SERVER_CLOSES, 0, 0);
}

int network_has_hole(const sim *s)
{
    return s->network.from[CLIENT].hole || s->network.from[SERVER].hole;
}

smtp_time network_next(const sim *s)
{
    smtp_time next = SMTP_TIME_NEVER;
    int side;

    for (side = CLIENT; side <= SERVER; side++) {
        if (s->network.from[side].held_until > s->now && s->network.from[side].held_until < next)
            next = s->network.from[side].held_until;
    }
    return next;
}
