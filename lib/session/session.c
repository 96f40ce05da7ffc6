/* SPDX-License-Identifier: MIT
 * The ports of a session: each looks whether it may be called, then gives the work to the role. */
#include "session/session.h"

#include <string.h>

int smtp__session_enter(smtp_session *session, smtp_time now)
{
    if (session->busy)
        return SMTP_ERR_REENTRANT;
    if (session->stage == SMTP__NEW)
        return SMTP_ERR_STATE;
    session->busy = 1;
    session->now = now;
    return SMTP_ERR_OK;
}

int smtp__session_leave(smtp_session *session)
{
    int error = session->error;

    session->busy = 0;
    if (session->doomed)
        smtp__session_free(session);
    return error;
}

void smtp__session_end(smtp_session *session, int error)
{
    if (session->stage == SMTP__ENDED)
        return;
    session->stage = SMTP__ENDED;
    session->error = error;
    session->waiting = 0;
    session->octets = 0;
    if (error != SMTP_ERR_OK && session->refusal != error)
        smtp__session_refuse(session, error, 0, 0);
    smtp__session_wait(session, session->drain);
    session->role->ended(session); /* what is told there may lie in the line */
    smtp__line_release(&session->line, &session->memory);
}

void smtp__session_turn(smtp_session *session)
{
    session->turned = 1;
    smtp__session_end(session, SMTP_ERR_OK);
}

/* The peer is gone, or what it was to read cannot go: there is nothing to turn to. */
static void give_output_up(smtp_session *session)
{
    smtp__output_clear(&session->output);
    session->turned = 0;
}

void smtp__session_refuse(smtp_session *session, int error, int reply, size_t column)
{
    session->refusal = error;
    session->reply = reply;
    session->column = (uint32_t)column;
    session->offset = session->line_offset;
}

/* 1 while the role has a use for input too. */
static int takes_input(const smtp_session *session)
{
    return smtp__session_open(session) && session->role->has_room(session);
}

/* What stands in the clear behind the command that asks for TLS may have been put there by somebody
 * else. */
static void refuse_input_before_tls(smtp_session *session)
{
    if (session->held && session->tls == SMTP__TLS_WANTED)
        smtp__session_end(session, SMTP_ERR_INPUT_BEFORE_TLS);
}

void smtp__session_want_tls(smtp_session *session)
{
    session->tls = SMTP__TLS_WANTED;
    refuse_input_before_tls(session);
}

int smtp_session_start(smtp_session *session, smtp_time now)
{
    if (session->busy)
        return SMTP_ERR_REENTRANT;
    if (session->stage != SMTP__NEW)
        return SMTP_ERR_STATE;
    session->stage = SMTP__RUNNING;
    session->busy = 1;
    session->now = now;
    session->role->start(session);
    return smtp__session_leave(session);
}

/* Takes one line, or what there is of it; gives how many octets. */
static size_t receive_line(smtp_session *session, smtp_str input)
{
    smtp_str line;
    size_t used = 0;
    int result = smtp__line_take(&session->line, &session->memory, input, &line, &used);

    if (result == SMTP__LINE_MORE)
        return used;
    if (result == SMTP__LINE_DONE) {
        smtp__session_trace_line(session, !session->role->is_client, line);
        session->role->line(session, line);
    } else {
        session->role->bad_line(session, result);
    }
    smtp__line_release(&session->line, &session->memory);
    return used;
}

/* A record of TLS where SMTP is due: its first octet tells, and no line end may ever come. */
static int is_tls_record(const smtp_session *session, smtp_str input)
{
    return session->octets_in == 0 && session->tls == SMTP__TLS_OFF && input.ptr[0] == 0x16;
}

/* Takes input for as long as the role wants it. */
static size_t receive(smtp_session *session, smtp_str input)
{
    size_t used = 0;

    while (used < input.len && takes_input(session)) {
        smtp_str rest;
        size_t taken;

        rest.ptr = input.ptr + used;
        rest.len = input.len - used;
        if (session->octets) {
            taken = session->role->octets(session, rest);
            if (taken == 0 && session->octets)
                break;
        } else if (is_tls_record(session, rest)) {
            session->role->bad_line(session, SMTP_ERR_NOT_SMTP);
            taken = 1;
        } else {
            if (session->line.length == 0 && !session->line.skipping)
                session->line_offset = session->octets_in;
            taken = receive_line(session, rest);
        }
        used += taken;
        session->octets_in += taken;
    }
    return used;
}

int smtp_session_receive(smtp_session *session, const void *octets, size_t len, smtp_time now,
                         size_t *used)
{
    smtp_str input;
    int error = smtp__session_enter(session, now);

    *used = 0;
    if (error != SMTP_ERR_OK)
        return error;
    input.ptr = octets;
    input.len = len;
    if (len > 0 && session->waiting && session->octets_in == 0)
        session->early = 1;
    session->held = 0;
    *used = receive(session, input);
    session->held = *used < len;
    refuse_input_before_tls(session);
    return smtp__session_leave(session);
}

size_t smtp_session_output(const smtp_session *session, smtp_str *slices, size_t n)
{
    size_t i;

    for (i = 0; i < n && i < session->output.segment_count; i++)
        slices[i] = session->output.segments[i];
    return i;
}

void smtp_session_sent(smtp_session *session, size_t octets, smtp_time now)
{
    size_t taken;

    if (smtp__session_enter(session, now) != SMTP_ERR_OK)
        return;
    taken = smtp__output_take(&session->output, octets);
    session->octets_out += taken;
    if (taken > 0 && session->stage == SMTP__RUNNING)
        session->role->proceed(session);
    (void)smtp__session_leave(session);
}

int smtp_session_eof(smtp_session *session, smtp_time now)
{
    int error = smtp__session_enter(session, now);

    if (error != SMTP_ERR_OK)
        return error;
    if (session->stage == SMTP__RUNNING)
        smtp__session_end(session, session->role->eof(session));
    give_output_up(session);
    return smtp__session_leave(session);
}

smtp_time smtp_session_deadline(const smtp_session *session)
{
    if (session->stage == SMTP__ENDED && smtp__output_empty(&session->output))
        return SMTP_TIME_NEVER;
    return session->deadline;
}

int smtp_session_expire(smtp_session *session, smtp_time now)
{
    int error = smtp__session_enter(session, now);

    if (error != SMTP_ERR_OK)
        return error;
    if (now >= session->deadline && session->deadline != SMTP_TIME_NEVER) {
        session->deadline = SMTP_TIME_NEVER;
        if (session->stage == SMTP__RUNNING)
            session->role->expired(session);
        else
            give_output_up(session);
    }
    return smtp__session_leave(session);
}

uint32_t smtp_session_wants(const smtp_session *session)
{
    uint32_t wants = smtp__output_empty(&session->output) ? 0 : SMTP_WANTS_WRITE;

    if (session->stage == SMTP__NEW)
        return 0;
    if (session->stage == SMTP__ENDED)
        return wants | (session->turned ? SMTP_WANTS_TURN : SMTP_WANTS_CLOSE);
    if (session->tls == SMTP__TLS_WANTED)
        return wants | SMTP_WANTS_TLS_HANDSHAKE;
    if (takes_input(session))
        wants |= SMTP_WANTS_READ;
    return wants;
}

/* Both ends of a handshake are refused alike when none is under way. */
static int enter_tls(smtp_session *session, smtp_time now)
{
    int error = smtp__session_enter(session, now);

    if (error == SMTP_ERR_OK &&
        (session->tls != SMTP__TLS_WANTED || session->stage != SMTP__RUNNING)) {
        error = smtp__session_leave(session);
        return error != SMTP_ERR_OK ? error : SMTP_ERR_STATE;
    }
    return error;
}

int smtp_session_tls_started(smtp_session *session, const smtp_tls_info *info, smtp_time now)
{
    int error =
        info == NULL || info->size >= sizeof *info ? enter_tls(session, now) : SMTP_ERR_ARGUMENT;

    if (error != SMTP_ERR_OK)
        return error;
    session->tls = SMTP__TLS_ON;
    session->tls_info = info;
    session->role->tls_started(session);
    return smtp__session_leave(session);
}

int smtp_session_tls_failed(smtp_session *session, smtp_time now)
{
    int error = enter_tls(session, now);

    if (error != SMTP_ERR_OK)
        return error;
    smtp__output_clear(&session->output);
    smtp__session_end(session, SMTP_ERR_TLS_FAILED);
    return smtp__session_leave(session);
}

int smtp_session_tls_active(const smtp_session *session)
{
    return session->tls == SMTP__TLS_ON;
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline void smtp__session_wait(smtp_session *session, smtp_time wait);
extern inline int smtp__session_open(const smtp_session *session);
extern inline void smtp__session_trace_line(smtp_session *session, int from_client, smtp_str line);
extern inline void smtp__session_trace_body(smtp_session *session, int from_client, size_t octets);
extern inline void smtp__session_trace_output(smtp_session *session, const char *octets,
                                              size_t length);
