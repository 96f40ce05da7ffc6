/* SPDX-License-Identifier: MIT
 * The pump: drives a session over the caller's sockets until it is done or would block. */
#include <string.h>

#include "smtp/transport.h"

enum { CLOSED = 1, SLICES = 16 };

/* What one step came to. */
enum step { STEP_AGAIN, STEP_BLOCKED };

typedef struct pump {
    smtp_session *session;
    const smtp_transport *transport;
    void *io;
    smtp_pump_state *state;
    char *buffer;
    size_t len;
} pump;

static void lost(const pump *p)
{
    p->state->start = p->state->end = 0;
    (void)smtp_session_eof(p->session, p->transport->now(p->io));
}

static enum step write_output(const pump *p)
{
    smtp_str slices[SLICES];
    size_t n = smtp_session_output(p->session, slices, SLICES);
    ptrdiff_t sent = p->transport->send(p->io, slices, n);

    if (sent == SMTP_TRANSPORT_AGAIN)
        return STEP_BLOCKED;
    if (sent > 0)
        smtp_session_sent(p->session, (size_t)sent, p->transport->now(p->io));
    else
        lost(p);
    return STEP_AGAIN;
}

/* Gives what was read and not taken yet. */
static enum step give_input(const pump *p)
{
    smtp_pump_state *state = p->state;
    uint32_t before = smtp_session_wants(p->session);
    size_t used = 0;

    (void)smtp_session_receive(p->session, p->buffer + state->start, state->end - state->start,
                               p->transport->now(p->io), &used);
    state->start += used;
    if (state->start == state->end)
        state->start = state->end = 0;
    return used > 0 || smtp_session_wants(p->session) != before ? STEP_AGAIN : STEP_BLOCKED;
}

static enum step read_input(const pump *p)
{
    ptrdiff_t got;

    if (p->state->start < p->state->end)
        return give_input(p);
    got = p->transport->receive(p->io, p->buffer, p->len);
    if (got == SMTP_TRANSPORT_AGAIN)
        return STEP_BLOCKED;
    if (got <= 0) {
        lost(p);
        return STEP_AGAIN;
    }
    p->state->start = 0;
    p->state->end = (size_t)got;
    return give_input(p);
}

/* Gives an SMTP_PUMP_ value, or -1 to go on. */
static int shake_hands(const pump *p)
{
    smtp_tls_info *info = &p->state->tls;
    int result = SMTP_TRANSPORT_ERROR;

    /* Input that came in the clear behind the switch: the session ends over it. */
    if (p->state->start < p->state->end)
        return give_input(p) == STEP_AGAIN ? -1 : SMTP_PUMP_READ;
    memset(info, 0, sizeof *info);
    info->size = sizeof *info;
    if (p->transport->start_tls != NULL)
        result = p->transport->start_tls(p->io, info);
    if (result == SMTP_TRANSPORT_AGAIN)
        return SMTP_PUMP_READ;
    if (result == SMTP_TRANSPORT_AGAIN_WRITE)
        return SMTP_PUMP_WRITE;
    if (result == 0)
        (void)smtp_session_tls_started(p->session, info, p->transport->now(p->io));
    else
        (void)smtp_session_tls_failed(p->session, p->transport->now(p->io));
    return -1;
}

static int finish(const pump *p)
{
    p->state->start = p->state->end = 0;
    p->state->private_flags |= CLOSED;
    if (p->transport->close != NULL)
        p->transport->close(p->io);
    return SMTP_PUMP_DONE;
}

/* One round: writes, then shakes hands or reads. Gives an SMTP_PUMP_ value, or -1 to go on. */
static int round_trip(const pump *p)
{
    uint32_t wants = smtp_session_wants(p->session);

    if (wants & SMTP_WANTS_WRITE) {
        if (write_output(p) == STEP_AGAIN)
            return -1;
        /* A peer that does not read may be waiting for us to (RFC 2920 3.1). */
        if ((wants & SMTP_WANTS_READ) && read_input(p) == STEP_AGAIN)
            return -1;
        return SMTP_PUMP_WRITE;
    }
    if (wants & SMTP_WANTS_CLOSE)
        return finish(p);
    if (wants & SMTP_WANTS_TURN)
        return SMTP_PUMP_TURN;
    if (wants & SMTP_WANTS_TLS_HANDSHAKE)
        return shake_hands(p);
    if (wants & SMTP_WANTS_READ)
        return read_input(p) == STEP_AGAIN ? -1 : SMTP_PUMP_READ;
    return SMTP_PUMP_WAIT;
}

int smtp_pump(smtp_session *session, const smtp_transport *transport, void *io,
              smtp_pump_state *state, void *buffer, size_t len)
{
    pump p;
    int result;

    if (session == NULL || transport == NULL || transport->size < sizeof *transport ||
        transport->receive == NULL || transport->send == NULL || transport->now == NULL ||
        state == NULL || buffer == NULL || len == 0)
        return SMTP_ERR_ARGUMENT;
    if (state->private_flags & CLOSED)
        return SMTP_PUMP_DONE;
    p.session = session;
    p.transport = transport;
    p.io = io;
    p.state = state;
    p.buffer = buffer;
    p.len = len;
    /* The clock in each round: on a slow blocking transport the next call may be far away. */
    do {
        if (smtp_session_expire(session, transport->now(io)) == SMTP_ERR_REENTRANT)
            return SMTP_ERR_REENTRANT;
        result = round_trip(&p);
    } while (result == -1);
    return result;
}
