/* SPDX-License-Identifier: MIT
 * The client's caller: a queue runner. What is temporary is tried again on the next connection;
 * what is unknown is not, and is told. */
#include "client_side.h"

#include <string.h>

#include "simulation.h"

enum { REPLY_LINE_MAX = 2048 };

static client_side *enter(sim *s)
{
    s->ends[CLIENT].callbacks++;
    must(s, s->client.client != NULL && !s->client.closed, CHECK_AFTER_CLOSE);
    return &s->client;
}

static int is_pending(const letter *of)
{
    size_t i;

    for (i = 0; i < of->recipients; i++) {
        if (of->settled[i] == SMTP_RESULT_NONE)
            return 1;
    }
    return 0;
}

static void begin_body(sim *s)
{
    client_side *client = &s->client;

    client->asked = 0;
    client->given = 0;
    client->deferred = 0;
    client->fills = draw(&s->chance, 2) == 0;
    client->last_alone = draw(&s->chance, 4) == 0;
}

/* One more may be refused for now while a body is on its way. */
static void take_back(sim *s, const attempt *of)
{
    must(s, of->returned == SMTP_ERR_STATE && s->client.under_way != NULL && s->client.asked > 0,
         CHECK_RETURNED);
    s->attempt_count--;
    s->client.next--;
    s->client.behind = NULL;
}

/* Sends the next letter that is not settled. Gives 0 when there is none. */
static int send_next(sim *s)
{
    client_side *client = &s->client;
    attempt *to;

    while (client->next < s->plan.letters && !is_pending(&s->letters[client->next]))
        client->next++;
    if (client->next == s->plan.letters)
        return 0;
    must(s, s->attempt_count < ATTEMPTS, CHECK_HARNESS);
    if (s->attempt_count == ATTEMPTS)
        return 0;
    to = &s->attempts[s->attempt_count];
    attempt_begin(to, s->attempt_count, &s->letters[client->next]);
    to->connection = s->connection;
    to->lmtp = s->plan.lmtp;
    s->attempt_count++;
    client->next++;
    if (client->under_way != NULL) {
        client->behind = to;
    } else {
        client->under_way = to;
        begin_body(s);
    }
    to->returned = smtp_client_send(client->client, &to->envelope, s->now, NULL);
    if (to->returned != SMTP_ERR_OK) {
        take_back(s, to);
        return 0;
    }
    note(s, client->behind == to ? EVENT_AHEAD : EVENT_SENDS, (uint64_t)(to - s->attempts),
         (uint64_t)(to->of - s->letters));
    return 1;
}

static void quit(sim *s)
{
    client_side *client = &s->client;
    int error;

    if (client->quit)
        return;
    client->quit = 1;
    note(s, EVENT_QUITS, 0, 0);
    error = smtp_client_quit(client->client, s->now);
    must(s, error == SMTP_ERR_OK, CHECK_RETURNED);
}

/* A command beside the letters. */
static void ask_something(sim *s)
{
    static const int verbs[] = {SMTP_VERB_NOOP, SMTP_VERB_VRFY, SMTP_VERB_RSET, SMTP_VERB_HELP};
    int verb = verbs[draw(&s->chance, 4)];
    smtp_str argument = smtp_text(verb == SMTP_VERB_VRFY ? "somebody" : NULL);
    int error = smtp_client_command(s->client.client, verb, smtp_text(NULL), argument, s->now);

    note(s, EVENT_COMMANDS, (uint64_t)verb, 0);
    s->client.commands--;
    must(s, error == SMTP_ERR_OK || error == SMTP_ERR_NO_SPACE, CHECK_RETURNED);
}

/* What comes next, from inside of a callback or from outside. */
static void go_on(sim *s)
{
    client_side *client = &s->client;

    if (client->quit || client->behind != NULL || (client->under_way != NULL && !client->ahead))
        return;
    if (send_next(s) || client->under_way != NULL)
        return;
    if (client->ready && client->commands > 0 && (!client->body_failed || s->strict)) /* KNOWN 2 */
        ask_something(s);
    else
        quit(s);
}

static int on_credentials(smtp_client *of, const smtp_credentials_event *event, void *user)
{
    (void)of;
    (void)enter(user);
    event->credentials->name = smtp_text("user");
    event->credentials->password = smtp_text("secret");
    return SMTP_ACCEPT;
}

static void on_ready(smtp_client *of, const smtp_ready_event *event, void *user)
{
    sim *s = user;
    client_side *client = enter(s);

    (void)of;
    note(s, EVENT_READY, (uint64_t)event->tls, (uint64_t)event->esmtp);
    must(s, !client->ready, CHECK_LEDGER);
    client->ready = 1;
    if (client->in_callbacks)
        go_on(s);
}

static void on_reply(smtp_client *of, const smtp_reply_event *event, void *user)
{
    sim *s = user;

    (void)of;
    (void)enter(s);
    note(s, EVENT_REPLY, (uint64_t)event->code, (uint64_t)event->verb);
    s->client.shut |= event->code == 421;
}

static void hear_recipient(sim *s, const smtp_recipient_event *event)
{
    attempt *to = s->client.under_way;
    size_t i = event->position;

    note(s, EVENT_RECIPIENT, i, (uint64_t)event->recipient->result);
    must(s, to != NULL && event->envelope == &to->envelope, CHECK_RECIPIENT_ONCE);
    if (to == NULL || i >= RECIPIENTS)
        return;
    must(s, i < to->envelope.recipient_count && event->recipient == &to->to[i], CHECK_LEDGER);
    to->told[i]++;
    to->told_result[i] = event->recipient->result;
    to->told_error[i] = event->error;
    to->told_code[i] = event->recipient->code;
    if (s->plan.lmtp || to->told_result[i] != SMTP_RESULT_TEMPORARY)
        return;
    if (sabotaged(s, SABOTAGE_CLIENT_SAYS_DELIVERED))
        to->told_result[i] = event->recipient->result = SMTP_RESULT_DELIVERED;
}

static void on_recipient(smtp_client *of, const smtp_recipient_event *event, void *user)
{
    sim *s = user;

    (void)of;
    (void)enter(s);
    if (sabotaged(s, SABOTAGE_RECIPIENT_MISSING))
        return;
    hear_recipient(s, event);
    if (sabotaged(s, SABOTAGE_RECIPIENT_TWICE))
        hear_recipient(s, event);
}

/* The queue keeps what is temporary. */
static void settle(attempt *of)
{
    size_t i;

    for (i = 0; i < of->envelope.recipient_count; i++) {
        if (of->to[i].result != SMTP_RESULT_TEMPORARY)
            of->of->settled[of->which[i]] = of->to[i].result;
    }
}

/* Other results than those that the library gave. */
static void twist(sim *s, attempt *of)
{
    int from = SMTP_RESULT_UNKNOWN;
    int to = SMTP_RESULT_TEMPORARY;
    size_t i;

    if (sabotaged(s, SABOTAGE_CLIENT_SAYS_UNKNOWN)) {
        from = SMTP_RESULT_TEMPORARY;
        to = SMTP_RESULT_UNKNOWN;
    } else if (!sabotaged(s, SABOTAGE_CLIENT_SAYS_TEMPORARY)) {
        return;
    }
    if (of->result != from)
        return;
    of->result = to;
    for (i = 0; i < of->envelope.recipient_count; i++) {
        if (of->to[i].result == from)
            of->told_result[i] = of->to[i].result = to;
    }
}

static void hear_sent(sim *s, const smtp_sent_event *event)
{
    client_side *client = &s->client;
    attempt *of = client->under_way;

    must(s, event->result >= SMTP_RESULT_DELIVERED && event->result <= SMTP_RESULT_UNKNOWN,
         CHECK_SUMMARY);
    if (s->journal.broken != CHECK_NONE)
        return;
    note(s, EVENT_DELIVERED + event->result - SMTP_RESULT_DELIVERED, event->delivered,
         (uint64_t)event->error);
    must(s, of != NULL && event->envelope == &of->envelope, CHECK_SENT_ONCE);
    if (of == NULL)
        return;
    of->sent++;
    of->result = event->result;
    of->error = event->error;
    of->delivered = event->delivered;
    twist(s, of);
    client->body_failed |= event->error != SMTP_ERR_OK && event->code == 0 && client->asked > 0;
    client->under_way = client->behind;
    client->behind = NULL;
    begin_body(s);
    settle(of);
    attempt_forget(of);
    memset(client->slice, '!', sizeof client->slice);
}

static void on_sent(smtp_client *of, const smtp_sent_event *event, void *user)
{
    sim *s = user;
    client_side *client = enter(s);

    (void)of;
    if (sabotaged(s, SABOTAGE_SENT_MISSING))
        return;
    hear_sent(s, event);
    if (sabotaged(s, SABOTAGE_SENT_TWICE))
        hear_sent(s, event);
    if (client->in_callbacks && client->ready &&
        (smtp_session_wants(smtp_client_session(client->client)) & SMTP_WANTS_CLOSE) == 0)
        go_on(s);
}

/* Lends a piece; the one that was lent before is not the library's any more. */
static void lend(client_side *client, smtp_body_request *request, smtp_str piece)
{
    char *to = client->fills ? request->buffer : client->slice[client->lent];

    if (!client->fills) {
        client->lent = !client->lent;
        memset(client->slice[client->lent], '!', SLICE_MAX);
    }
    memcpy(to, piece.ptr, piece.len);
    request->chunk.ptr = to;
    request->chunk.len = piece.len;
}

static int defer_body(sim *s)
{
    client_side *client = &s->client;

    client->deferred = 1;
    client->ready_at = s->now + draw_size(&s->chance, s->mood.slow);
    note(s, EVENT_SOURCE_DEFERS, client->ready_at, 0);
    return SMTP_DEFER;
}

static int on_body(smtp_client *of, smtp_body_request *request, void *user)
{
    sim *s = user;
    client_side *client = enter(s);
    const letter *body = client->under_way != NULL ? client->under_way->of : NULL;
    size_t most = client->fills ? request->capacity : SLICE_MAX;
    smtp_str piece;

    (void)of;
    must(s, body != NULL && request->offset == client->given && !client->deferred, CHECK_CONTENT);
    if (body == NULL)
        return SMTP_ERR_BODY_FAILED;
    must(s, request->envelope == &client->under_way->envelope && client->asked < 2, CHECK_CONTENT);
    client->asked = 1;
    if (happens(&s->chance, s->mood.body_fails)) {
        note(s, EVENT_SOURCE_FAILS, client->given, 0);
        return draw(&s->chance, 2) == 0 ? SMTP_ERR_BODY_FAILED : SMTP_ACCEPT;
    }
    if (happens(&s->chance, s->mood.defer))
        return defer_body(s);
    if (most > body->len - client->given)
        most = body->len - client->given;
    piece.ptr = body->body + client->given;
    piece.len = most > 0 && draw(&s->chance, 2) == 0 ? 1 + draw(&s->chance, (uint32_t)most) : most;
    client->given += piece.len;
    request->last = client->given == body->len && (piece.len == 0 || !client->last_alone);
    client->asked += request->last;
    lend(client, request, piece);
    note(s, EVENT_SOURCE, piece.len, (uint64_t)request->last);
    return SMTP_ACCEPT;
}

static void hear_close(sim *s, const smtp_client_close_event *event)
{
    client_side *client = &s->client;

    note(s, EVENT_CLIENT_DONE, (uint64_t)event->error, 0);
    must(s, !client->closed, CHECK_CLOSE_ONCE);
    must(s, client->under_way == NULL, CHECK_SENT_ONCE);
    client->closed = 1;
}

static void on_close(smtp_client *of, const smtp_client_close_event *event, void *user)
{
    sim *s = user;

    (void)of;
    (void)enter(s);
    hear_close(s, event);
}

static void fill_callbacks(sim *s)
{
    smtp_client_callbacks *to = &s->client.callbacks;

    memset(to, 0, sizeof *to);
    to->size = sizeof *to;
    to->credentials = s->plan.auth ? on_credentials : NULL;
    to->ready = on_ready;
    to->reply = on_reply;
    to->recipient = on_recipient;
    to->sent = on_sent;
    to->body = on_body;
    to->close = on_close;
}

static int make(sim *s)
{
    client_side *client = &s->client;
    size_t octets = smtp_client_bytes(&s->plan.client);

    if (!s->plan.storage[CLIENT])
        return smtp_client_new(&client->client, &s->plan.client, &client->callbacks, s,
                               &client->memory.allocator);
    return smtp_client_init(&client->client, memory_storage(&client->memory, octets), octets,
                            &s->plan.client, &client->callbacks, s);
}

void client_begin(sim *s)
{
    client_side *client = &s->client;

    memset(client, 0, offsetof(client_side, slice));
    client->of = s;
    client->in_callbacks = draw(&s->chance, 2) == 0;
    client->ahead = draw(&s->chance, 2) == 0;
    client->commands = draw(&s->chance, 4) == 0 ? 1 + draw(&s->chance, 3) : 0;
    memory_begin(&client->memory, s, REPLY_LINE_MAX, s->mood.no_memory[CLIENT]);
    fill_callbacks(s);
    must(s, make(s) == SMTP_ERR_OK, CHECK_RETURNED);
    if (client->client == NULL)
        return;
    memory_made(&client->memory);
    if (draw(&s->chance, 3) == 0)
        (void)send_next(s);
    endpoint_begin(s, CLIENT, smtp_client_session(client->client));
}

/* Nobody is told what became of a message: it may be anything, and is not sent again. */
static void die(attempt *of)
{
    size_t i;

    if (of == NULL)
        return;
    of->died = 1;
    for (i = 0; i < of->envelope.recipient_count; i++)
        of->of->settled[of->which[i]] = SMTP_RESULT_UNKNOWN;
}

static void vanish(sim *s)
{
    client_side *client = &s->client;
    smtp_client *gone = client->client;

    note(s, EVENT_CLIENT_DIES, client->under_way != NULL, 0);
    die(client->under_way);
    die(client->behind);
    client->client = NULL;
    s->ends[CLIENT].session = NULL;
    smtp_client_del(gone);
    endpoint_close(s, CLIENT);
}

static void resume(sim *s)
{
    client_side *client = &s->client;
    int error;

    client->deferred = 0;
    note(s, EVENT_SOURCE_RESUMES, 0, 0);
    error = smtp_client_resume(client->client, s->now);
    must(s, error == SMTP_ERR_OK, CHECK_RETURNED);
    endpoint_settle(s, CLIENT);
}

static void give_up(sim *s)
{
    note(s, EVENT_GIVES_UP, 0, 0);
    (void)smtp_session_eof(s->ends[CLIENT].session, s->now);
    endpoint_settle(s, CLIENT);
    must(s, s->client.closed, CHECK_CLOSE_ONCE);
    endpoint_close(s, CLIENT);
}

void client_work(sim *s)
{
    client_side *client = &s->client;

    if (client->client == NULL || !s->ends[CLIENT].connected)
        return;
    client->steps++;
    if (s->mood.client_dies_at > 0 && client->steps >= s->mood.client_dies_at) {
        vanish(s);
    } else if (s->mood.give_up_at > 0 && client->steps >= s->mood.give_up_at) {
        give_up(s);
    } else if (client->deferred && s->now >= client->ready_at) {
        resume(s);
    } else if (!client->closed &&
               (!client->in_callbacks || client->ahead || smtp_client_idle(client->client))) {
        go_on(s);
        endpoint_settle(s, CLIENT);
    }
    if (client->client != NULL && !client->deferred && draw(&s->chance, 16) == 0)
        must(s, smtp_client_resume(client->client, s->now) == SMTP_ERR_STATE, CHECK_NOTHING);
}

smtp_time client_ready_at(const sim *s)
{
    const client_side *client = &s->client;

    if (client->client == NULL || !client->deferred || !s->ends[CLIENT].connected)
        return SMTP_TIME_NEVER;
    return client->ready_at;
}

void client_end(sim *s)
{
    client_side *client = &s->client;

    if (client->client != NULL) {
        must(s, client->closed, CHECK_CLOSE_ONCE);
        must(s, smtp_client_resume(client->client, s->now) == SMTP_ERR_STATE, CHECK_NOTHING);
        s->ends[CLIENT].session = NULL;
        smtp_client_del(client->client);
        client->client = NULL;
    }
    memory_end(&client->memory);
}
