/* SPDX-License-Identifier: MIT
 * The server's process: begins, does what was deferred, dies. */
#include "server_side.h"

#include <string.h>

#include "server_answers.h"
#include "simulation.h"

/* A longer line than this is none that SMTP has (RFC 4954 4). */
enum { LINE_LIMIT = 12288 };

static int make(sim *s, const smtp_server_config *config)
{
    server_side *server = &s->server;
    size_t octets = smtp_server_bytes(config);

    if (!s->plan.storage[SERVER])
        return smtp_server_new(&server->server, config, &server->callbacks, &server->adapter,
                               &server->memory.allocator);
    return smtp_server_init(&server->server, memory_storage(&server->memory, octets), octets,
                            config, &server->callbacks, &server->adapter);
}

void server_begin(sim *s)
{
    server_side *server = &s->server;
    const smtp_server_config *config = s->mood.limited ? &s->plan.limited : &s->plan.server;

    memset(server, 0, sizeof *server);
    server->of = s;
    disk_forget(s);
    memory_begin(&server->memory, s, LINE_LIMIT, s->mood.no_memory[SERVER]);
    server_callbacks(s);
    must(s, make(s, config) == SMTP_ERR_OK, CHECK_RETURNED);
    if (server->server == NULL)
        return;
    memory_made(&server->memory);
    endpoint_begin(s, SERVER, smtp_server_session(server->server));
}

void server_vanish(sim *s)
{
    server_side *server = &s->server;
    smtp_server *gone = server->server;

    note(s, EVENT_SERVER_DIES, (uint64_t)server->open, 0);
    if (s->mood.death == DEATH_OF_HOST)
        network_swallow(s);
    server->server = NULL;
    server->due = ASK_NONE;
    s->ends[SERVER].session = NULL;
    smtp_server_del(gone);
    endpoint_close(s, SERVER);
    disk_forget(s);
}

/* A ticket whose time has gone is refused, and nothing happens. */
static void answer_stale(sim *s)
{
    server_side *server = &s->server;
    size_t callbacks = s->ends[SERVER].callbacks;

    note(s, EVENT_STALE, 0, 0);
    must(s,
         smtp_server_answer(server->server, server->stale, SMTP_ACCEPT, 0, smtp_text(NULL),
                            s->now) == SMTP_ERR_STALE,
         CHECK_TICKET);
    must(s, s->ends[SERVER].callbacks == callbacks, CHECK_NOTHING);
    server->stale = 0;
}

static void give_answer(sim *s)
{
    server_side *server = &s->server;
    int ask = server->due;
    int words = server->answer != SMTP_ACCEPT && draw(&s->chance, 2) == 0;
    smtp_str text = smtp_text(words ? "after some\nthought" : NULL);
    int error;

    server->due = ASK_NONE;
    server->stale = server->ticket;
    if (server->closed) {
        answer_stale(s);
        return;
    }
    note(s, EVENT_ANSWERED, (uint64_t)ask, (uint64_t)server->answer);
    server_outcome(s, ask, server->answer);
    error = smtp_server_answer(server->server, server->ticket, server->answer, 0, text, s->now);
    must(s, error == SMTP_ERR_OK, CHECK_RETURNED);
    endpoint_settle(s, SERVER);
}

/* What was deferred; a message is made durable some time before that is said. */
static void go_on(sim *s)
{
    server_side *server = &s->server;
    int commits = server->due == ASK_MESSAGE && !server->closed && server->answer == SMTP_ACCEPT;

    if (commits && !server->committed) {
        server_commit(s);
        server->committed = 1;
        server->ready_at = s->now + draw_size(&s->chance, s->mood.slow);
        if (draw(&s->chance, 2) == 0)
            return;
    }
    give_answer(s);
}

static void shut_down(sim *s)
{
    server_side *server = &s->server;
    int error = smtp_server_close(server->server, 0, smtp_text(NULL), s->now);

    note(s, EVENT_SHUT_DOWN, 0, 0);
    must(s, error == SMTP_ERR_OK, CHECK_RETURNED);
    must(s, server->closed, CHECK_CLOSE_ONCE);
    endpoint_settle(s, SERVER);
}

void server_work(sim *s)
{
    server_side *server = &s->server;

    if (server->server == NULL || !s->ends[SERVER].connected)
        return;
    server->steps++;
    if (server->commit_late) {
        server->commit_late = 0;
        disk_commit(s, server->attempt, 1);
    }
    if ((server->dies_in > 0 && server->steps >= server->dies_in) ||
        ((s->mood.death == DEATH_AT_STEP || s->mood.death == DEATH_OF_HOST) &&
         server->steps > s->mood.death_at))
        server_vanish(s);
    else if (s->mood.shut_down_at > 0 && server->steps >= s->mood.shut_down_at && !server->closed) {
        s->mood.shut_down_at = 0;
        shut_down(s);
    } else if (server->due != ASK_NONE && s->now >= server->ready_at) {
        go_on(s);
    } else if (server->stale != 0 && draw(&s->chance, 4) == 0) {
        answer_stale(s);
    }
}

smtp_time server_ready_at(const sim *s)
{
    const server_side *server = &s->server;

    if (server->server == NULL || server->due == ASK_NONE || !s->ends[SERVER].connected)
        return SMTP_TIME_NEVER;
    if (s->sabotage == SABOTAGE_WAKES_NOBODY)
        return SMTP_TIME_NEVER;
    return server->ready_at;
}

void server_end(sim *s)
{
    server_side *server = &s->server;

    if (server->server != NULL) {
        must(s, server->closed, CHECK_CLOSE_ONCE);
        if (server->error == SMTP_ERR_OK || server->error == SMTP_ERR_MESSAGE_TOO_LARGE)
            conversation_end(s, server->error == SMTP_ERR_OK);
        if (server->due != ASK_NONE && draw(&s->chance, 2) == 0)
            give_answer(s);
        s->ends[SERVER].session = NULL;
        smtp_server_del(server->server);
        server->server = NULL;
    }
    memory_end(&server->memory);
}
