/* SPDX-License-Identifier: MIT
 * Plays a conversation: turn by turn, in one way of cutting input and output. */
#include "transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START 1000000u /* the clock at the start of a session, in milliseconds */

int play_failed(play *p, size_t number, const char *format, ...)
{
    va_list values;

    if (p->failed)
        return 0;
    p->failed = 1;
    fprintf(stderr, "%s:%lu: %.*s\n    played %s, seed %lu\n    ", p->talk->file,
            (unsigned long)number, (int)p->talk->title.len, p->talk->title.ptr, p->way->name,
            (unsigned long)p->way->seed);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    return 0;
}

uint64_t play_random(play *p, uint64_t below)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return below == 0 ? 0 : p->random % below;
}

void *play_keep(play *p, size_t bytes)
{
    void *memory = grown(NULL, 0, bytes);

    p->kept = grown(p->kept, p->kept_count, sizeof(void *));
    p->kept[p->kept_count++] = memory;
    return memory;
}

static text *new_event(play *p)
{
    p->events = grown(p->events, p->event_count, sizeof *p->events);
    memset(&p->events[p->event_count], 0, sizeof *p->events);
    return &p->events[p->event_count++];
}

void play_event(play *p, const char *format, ...)
{
    va_list values;
    text *event;

    if (p->in_body) {
        event = new_event(p);
        text_say(event, "body \"");
        text_add(event, p->body.ptr, p->body.len);
        text_say(event, "\"");
        p->body.len = 0;
        p->in_body = 0;
    }
    event = new_event(p);
    va_start(values, format);
    text_say_list(event, format, values);
    va_end(values);
}

void play_body(play *p, smtp_str chunk)
{
    p->in_body = 1;
    p->body_octets += chunk.len;
    text_add(&p->body, chunk.ptr, chunk.len);
}

/* Takes output as a socket would; gives whether there was any. */
static int take_output(play *p, int all)
{
    smtp_str slices[4];
    size_t n = p->held ? 0 : smtp_session_output(p->session, slices, 1 + (size_t)play_random(p, 4));
    size_t room = all ? (size_t)-1 : 1 + (size_t)play_random(p, 9);
    size_t taken = 0;
    size_t i;

    for (i = 0; i < n && taken < room; i++) {
        size_t part = slices[i].len < room - taken ? slices[i].len : room - taken;
        text_add(&p->output, slices[i].ptr, part);
        taken += part;
    }
    if (taken > 0)
        smtp_session_sent(p->session, taken, p->now);
    return taken > 0;
}

/* Whether the peer's words are to be offered: also while a handshake is wanted, since they came in
 * the clear. */
static int can_give(const play *p)
{
    uint32_t wants = smtp_session_wants(p->session);

    if (p->input.len == 0 || (wants & SMTP_WANTS_CLOSE) != 0)
        return 0;
    return (wants & (SMTP_WANTS_READ | SMTP_WANTS_TLS_HANDSHAKE)) != 0;
}

/* Gives a piece of the input in a block of its own size, which is gone afterwards; gives whether
 * some was taken. */
static int give_input(play *p)
{
    size_t len = p->input.len;
    size_t used = 0;
    char *block;
    int result;

    if (!can_give(p))
        return 0;
    if (p->way->cut == CUT_EACH)
        len = 1;
    else if (p->way->cut == CUT_RANDOM)
        len = 1 + (size_t)play_random(p, len < 40 ? len : 40);
    block = grown(NULL, 0, len);
    memcpy(block, p->input.ptr, len);
    result = smtp_session_receive(p->session, block, len, p->now, &used);
    memset(block, '#', len);
    free(block);
    if (used > len || result == SMTP_ERR_STATE || result == SMTP_ERR_REENTRANT)
        return play_failed(p, 0, "receive gave %s and took %lu of %lu octets",
                           smtp_error_name(result), (unsigned long)used, (unsigned long)len);
    if (result != SMTP_ERR_OK && result != smtp_session_error(p->session, NULL))
        return play_failed(p, 0, "receive gave %s, the session's error is %s",
                           smtp_error_name(result),
                           smtp_error_name(smtp_session_error(p->session, NULL)));
    memmove(p->input.ptr, p->input.ptr + used, p->input.len - used);
    p->input.len -= used;
    return used > 0;
}

void play_settle(play *p)
{
    int moved = 1;

    while (moved && !p->failed) {
        moved = 0;
        if (!p->way->drain || play_random(p, 2) == 0)
            moved |= take_output(p, !p->way->drain);
        moved |= give_input(p);
        if (!moved)
            moved = take_output(p, 0);
        if (!moved && p->resume) {
            p->resume = 0;
            moved = smtp_client_resume(p->client, p->now) == SMTP_ERR_OK;
        }
        if (p->way->cut == CUT_RANDOM && smtp_session_deadline(p->session) > p->now)
            (void)smtp_session_expire(p->session, p->now);
    }
}

static int play_turn(play *p, const turn *now)
{
    size_t i;

    for (i = 0; i < now->answer_count; i++) {
        p->answers = grown(p->answers, p->answer_count, sizeof *p->answers);
        p->answers[p->answer_count++] = &now->answers[i];
    }
    if (now == p->talk->turns)
        (void)smtp_session_start(p->session, p->now);
    if (now->action.line.ptr != NULL && !act_step(p, &now->action))
        return 0;
    text_add(&p->input, now->input.ptr, now->input.len);
    play_settle(p);
    if (!p->failed && p->input.len > 0 && (smtp_session_wants(p->session) & SMTP_WANTS_READ) != 0)
        return play_failed(p, now->number, "the session wants octets and takes none");
    if (!compare_turn(p, now))
        return 0;
    for (i = 0; i < now->check_count; i++) {
        if (!check_step(p, &now->checks[i]))
            return 0;
    }
    return !p->failed;
}

static void drop(play *p)
{
    size_t i;

    for (i = 0; i < p->kept_count; i++)
        free(p->kept[i]);
    for (i = 0; i < p->event_count; i++)
        text_drop(&p->events[i]);
    free(p->kept);
    free(p->events);
    free(p->answers);
    free(p->storage);
    text_drop(&p->input);
    text_drop(&p->output);
    text_drop(&p->body);
}

int play_conversation(const conversation *talk, const pass *way)
{
    play p;
    size_t i;

    memset(&p, 0, sizeof p);
    p.talk = talk;
    p.way = way;
    p.now = START;
    p.random = way->seed | 1;
    if (config_read(&p) && (talk->client ? client_open(&p) : server_open(&p))) {
        for (i = 0; i < talk->turn_count && play_turn(&p, &talk->turns[i]); i++) {
        }
        if (!p.failed && p.answer_count > 0)
            (void)play_failed(&p, p.answers[0]->number, "no callback asked for this answer");
    }
    client_close(&p);
    server_close(&p);
    drop(&p);
    return !p.failed;
}
