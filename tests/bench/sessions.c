/* SPDX-License-Identifier: MIT
 * Measures whole sessions in memory, a client against a server, and how much memory they take. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/client.h"
#include "server/server.h"

enum { MESSAGE = 8192, SEGMENTS_MAX = 64 };

/* What the client said in a session, as it was cut into writes. */
typedef struct script {
    char octets[2 * MESSAGE];
    size_t len[SEGMENTS_MAX];
    size_t segments;
} script;

/* One session, and what becomes of it. */
typedef struct run {
    uint32_t flags; /* SMTP_CLIENT_ */
    size_t messages;
    script *record;       /* where it is kept, or NULL */
    const script *replay; /* what stands in for the client, or NULL */
    const char *content;
} run;

typedef struct client_side {
    const run *plan;
    smtp_envelope envelopes[2];
    smtp_recipient recipients[2];
    size_t given;
    size_t delivered;
} client_side;

/* --- the server's side
 * --------------------------------------------------------------------------*/

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

static int on_body(smtp_server *server, const smtp_body_event *event, void *user)
{
    (void)server;
    *(size_t *)user += event->chunk.len;
    return SMTP_ACCEPT;
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

static const smtp_server_config server_config = {.size = sizeof server_config};
static const smtp_server_callbacks server_callbacks = {
    .size = sizeof server_callbacks, .rcpt = on_rcpt, .body = on_body, .message = on_message};

/* --- the client's side
 * --------------------------------------------------------------------------*/

static void give(smtp_client *client, client_side *side)
{
    if (side->given < side->plan->messages &&
        smtp_client_send(client, &side->envelopes[side->given % 2], 0, NULL) == 0)
        side->given++;
}

static int on_request(smtp_client *client, smtp_body_request *request, void *user)
{
    (void)client;
    request->chunk.ptr = ((client_side *)user)->plan->content;
    request->chunk.len = MESSAGE;
    request->last = 1;
    return SMTP_ACCEPT;
}

static void on_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    client_side *side = user;

    side->delivered += event->result == SMTP_RESULT_DELIVERED;
    if (side->given < side->plan->messages)
        give(client, side);
    else if (side->delivered == side->plan->messages)
        smtp_client_quit(client, 0);
}

static const smtp_client_callbacks client_callbacks = {
    .size = sizeof client_callbacks, .sent = on_sent, .body = on_request};

static void prepare(client_side *side, const run *plan)
{
    memset(side, 0, sizeof *side);
    side->plan = plan;
    for (size_t i = 0; i < 2; i++) {
        side->recipients[i].mailbox = smtp_text("reader@example.org");
        side->envelopes[i].size = sizeof side->envelopes[i];
        side->envelopes[i].reverse_path = smtp_text("writer@example.com");
        side->envelopes[i].recipients = &side->recipients[i];
        side->envelopes[i].recipient_count = 1;
        side->envelopes[i].octets = MESSAGE;
    }
}

/* --- a session
 * ----------------------------------------------------------------------------------*/

static void keep(script *record, const smtp_str *slices, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < record->segments; i++)
        at += record->len[i];
    if (record->segments == SEGMENTS_MAX)
        bench_fail("too many segments", "sessions");
    for (size_t i = 0; i < n; i++) {
        if (at + slices[i].len > sizeof record->octets)
            bench_fail("too many octets", "sessions");
        memcpy(record->octets + at, slices[i].ptr, slices[i].len);
        record->len[record->segments] += slices[i].len;
        at += slices[i].len;
    }
    record->segments++;
}

/* Carries what one says to the other. Returns how many octets there were. */
static size_t carry(smtp_session *from, smtp_session *to, script *record)
{
    smtp_str out[8];
    size_t n = smtp_session_output(from, out, 8);
    size_t taken = 0;

    if (n > 8)
        n = 8;
    if (record != NULL && n > 0)
        keep(record, out, n);
    for (size_t i = 0; i < n; i++) {
        size_t used = 0;

        smtp_session_receive(to, out[i].ptr, out[i].len, 0, &used);
        taken += used;
        if (used < out[i].len)
            break;
    }
    if (taken > 0)
        smtp_session_sent(from, taken, 0);
    return taken;
}

static smtp_server *new_server(size_t *octets)
{
    smtp_server *server;

    if (smtp_server_new(&server, &server_config, &server_callbacks, octets, NULL) != 0)
        bench_fail("no server", "sessions");
    smtp_session_start(smtp_server_session(server), 0);
    return server;
}

/* Both sides. Returns the octets of content that arrived. */
static size_t run_session(const void *context)
{
    const run *plan = context;
    smtp_client_config config = {.size = sizeof config, .tls = SMTP_TLS_NONE, .flags = plan->flags};
    size_t octets = 0;
    smtp_server *server = new_server(&octets);
    smtp_session *there = smtp_server_session(server);
    smtp_session *here;
    smtp_client *client;
    client_side side;

    prepare(&side, plan);
    if (smtp_client_new(&client, &config, &client_callbacks, &side, NULL) != 0)
        bench_fail("no client", "sessions");
    here = smtp_client_session(client);
    smtp_session_start(here, 0);
    give(client, &side);
    give(client, &side);
    while (carry(there, here, NULL) + carry(here, there, plan->record) > 0)
        ;
    smtp_client_del(client);
    smtp_server_del(server);
    return side.delivered == plan->messages ? octets : 0;
}

/* The server alone, fed with what a client said. */
static size_t run_server(const void *context)
{
    const script *replay = ((const run *)context)->replay;
    size_t octets = 0;
    smtp_server *server = new_server(&octets);
    smtp_session *session = smtp_server_session(server);
    const char *at = replay->octets;

    for (size_t i = 0; i < replay->segments; at += replay->len[i], i++) {
        smtp_str out;
        size_t used;

        while (smtp_session_output(session, &out, 1) > 0)
            smtp_session_sent(session, out.len, 0);
        smtp_session_receive(session, at, replay->len[i], 0, &used);
        if (used < replay->len[i])
            bench_fail("the server did not take all", "sessions");
    }
    smtp_server_del(server);
    return octets;
}

static size_t run_copy(const void *context)
{
    static char room[MESSAGE];

    memcpy(room, ((const run *)context)->content, MESSAGE);
    return room[MESSAGE - 1] == '\n';
}

/* --- memory
 * -------------------------------------------------------------------------------------*/

typedef struct counter {
    size_t calls;
    size_t octets;
    size_t highest;
} counter;

static void *counted(size_t bytes, void *user)
{
    counter *count = user;

    count->calls++;
    count->octets += bytes;
    if (count->octets > count->highest)
        count->highest = count->octets;
    return malloc(bytes);
}

static void uncounted(void *memory, size_t bytes, void *user)
{
    ((counter *)user)->octets -= bytes;
    free(memory);
}

/* All that a session of each role takes, and how much of it is the object before its buffers. */
static void memory(void)
{
    const smtp_client_config client_config = {.size = sizeof client_config};
    counter count = {0, 0, 0};
    const smtp_allocator allocator = {sizeof allocator, counted, uncounted, &count};
    smtp_server *server;
    smtp_client *client;

    if (smtp_server_new(&server, &server_config, &server_callbacks, NULL, &allocator) != 0)
        bench_fail("no server", "memory");
    smtp_server_del(server);
    if (count.calls != 1 || count.octets != 0)
        bench_fail("a session is not one block of memory", "memory");
    bench_figure("memory", "server", "session", "octets", (double)count.highest);
    bench_figure("memory", "server", "object", "octets", (double)sizeof(struct smtp_server));
    count = (counter){0, 0, 0};
    if (smtp_client_new(&client, &client_config, &client_callbacks, NULL, &allocator) != 0)
        bench_fail("no client", "memory");
    smtp_client_del(client);
    bench_figure("memory", "client", "session", "octets", (double)count.highest);
    bench_figure("memory", "client", "object", "octets", (double)sizeof(struct smtp_client));
}

void bench_sessions(const bench_effort *effort)
{
    static script data;
    static char content[MESSAGE];
    const run one_data = {SMTP_CLIENT_NO_CHUNKING, 1, NULL, NULL, content};
    const run one_bdat = {0, 1, NULL, NULL, content};
    const run many_data = {SMTP_CLIENT_NO_CHUNKING, 100, NULL, NULL, content};
    const run many_bdat = {0, 100, NULL, NULL, content};
    const run recorded = {SMTP_CLIENT_NO_CHUNKING, 1, &data, NULL, content};
    const run replayed = {0, 1, NULL, &data, content};
    const bench_case cases[] = {
        {"memcpy", 1e-3, 1, run_copy, &one_data},
        {"server alone, DATA", 1e-3, MESSAGE, run_server, &replayed},
        {"1 message, DATA", 1e-3, MESSAGE, run_session, &one_data},
        {"1 message, BDAT", 1e-3, MESSAGE, run_session, &one_bdat},
        {"100 messages, DATA", 0.1, 100 * MESSAGE, run_session, &many_data},
        {"100 messages, BDAT", 0.1, 100 * MESSAGE, run_session, &many_bdat},
    };

    for (size_t i = 0; i < MESSAGE; i++)
        content[i] = (char)(i % 64 == 62 ? '\r' : i % 64 == 63 ? '\n' : 'a' + i % 26);
    run_session(&recorded);
    bench_row(effort, "sessions", "messages of 8 KiB", "thousand messages/s", cases,
              sizeof cases / sizeof *cases);
    memory();
}
