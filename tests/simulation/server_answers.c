/* SPDX-License-Identifier: MIT
 * What the server's caller is told and how it answers: at once, later, or with a refusal. The
 * ledger holds each event against those before it. */
#include "server_answers.h"

#include <stdlib.h>
#include <string.h>

#include "simulation.h"

/* Codes to refuse with. */
static const int16_t refusals[ASKS][6] = {
    {0, 0, 0, 0, 0, 0},
    {421, 554, 521, 554, 421, 554}, /* connect */
    {421, 450, 502, 504, 550, 502}, /* hello */
    {454, 454, 501, 421, 554, 454}, /* starttls */
    {535, 454, 535, 421, 535, 454}, /* auth */
    {421, 450, 451, 452, 550, 553}, /* mail */
    {421, 450, 451, 550, 552, 553}, /* rcpt */
    {421, 451, 452, 550, 554, 451}, /* data */
    {421, 451, 452, 552, 554, 550}, /* body */
    {421, 451, 452, 550, 552, 554}, /* message */
    {421, 450, 550, 502, 451, 550}, /* command */
};

static int is_positive(int answer)
{
    return answer == SMTP_ACCEPT || answer / 100 == 2;
}

/* Every event comes to a session that has not ended. */
static server_side *enter_end(sim *s)
{
    server_side *server = &s->server;

    s->ends[SERVER].callbacks++;
    must(s, server->server != NULL && !server->closed, CHECK_AFTER_CLOSE);
    return server;
}

/* And all but `reset` and `close` not where a `reset` is due. */
static server_side *enter(sim *s)
{
    must(s, !s->server.refused, CHECK_MAIL_ENDS);
    return enter_end(s);
}

void server_commit(sim *s)
{
    server_side *server = &s->server;
    uint32_t recipients = 0;
    size_t i;

    for (i = 0; i < server->count; i++)
        recipients |= 1u << server->to[i];
    if (s->plan.lmtp)
        recipients = 1u << server->to[server->position];
    disk_commit(s, server->attempt, recipients);
    if (s->mood.loss_behind_commit > 0 && s->network.from[SERVER].loss == LOSS_NONE) {
        stream *of = &s->network.from[SERVER];
        of->loss = 1 + (int)draw(&s->chance, LOSSES - 1);
        of->loss_at = of->written + s->mood.loss_behind_commit - 1;
        s->mood.loss_behind_commit = 0;
    }
    if (s->mood.death == DEATH_AFTER_COMMIT ||
        (s->mood.death == DEATH_IN_COMMIT && s->plan.pump[SERVER]))
        server->dies_in =
            server->steps + 1 + (s->mood.death == DEATH_IN_COMMIT ? 0 : s->mood.death_at);
}

static void accept_recipient(server_side *server)
{
    must(server->of, server->count < RECIPIENTS, CHECK_LEDGER);
    if (server->count < RECIPIENTS)
        server->to[server->count++] = server->recipient;
}

/* The last `message` of a transaction ends it, when one of them was accepted; else a `reset` does.
 */
static void end_message(server_side *server, int positive)
{
    server->delivered |= positive;
    server->position++;
    if (server->of->plan.lmtp && server->position < server->count)
        return;
    server->content = CONTENT_REFUSED;
    if (server->delivered)
        server->open = 0;
    else
        server->refused = 1;
}

void server_outcome(sim *s, int ask, int answer)
{
    server_side *server = &s->server;
    int positive = is_positive(answer);

    if (ask == ASK_MAIL && positive) {
        server->open = 1;
        server->content = CONTENT_NONE;
        server->count = server->position = 0;
        server->delivered = 0;
        disk_forget(s);
    } else if (ask == ASK_RCPT && positive) {
        accept_recipient(server);
    } else if (ask == ASK_DATA && positive) {
        server->content = CONTENT_COMES;
    } else if ((ask == ASK_DATA || ask == ASK_BODY) && !positive) {
        server->content = CONTENT_REFUSED;
        server->refused = 1;
    } else if (ask == ASK_MESSAGE) {
        end_message(server, positive);
    }
}

/* How the caller answers. What is not deferred has its outcome. */
static int answer(sim *s, int ask, uint64_t ticket)
{
    server_side *server = &s->server;
    int code = SMTP_ACCEPT;

    must(s, ticket != 0 && ticket != server->ticket, CHECK_TICKET);
    must(s, server->due == ASK_NONE, CHECK_LEDGER);
    server->ticket = ticket;
    if (happens(&s->chance, ask == ASK_BODY ? s->mood.refuse / 4 : s->mood.refuse))
        code = refusals[ask][draw(&s->chance, 6)];
    note(s, EVENT_ASKED, (uint64_t)ask, (uint64_t)code);
    if (happens(&s->chance, s->mood.defer)) {
        server->due = ask;
        server->answer = code;
        server->committed = 0;
        server->ready_at = s->now + draw_size(&s->chance, s->mood.slow);
        note(s, EVENT_DEFERRED, (uint64_t)ask, server->ready_at);
        return SMTP_DEFER;
    }
    if (ask == ASK_MESSAGE && sabotaged(s, SABOTAGE_DISK_COMMITS_LATE))
        server->commit_late = 1;
    else if (ask == ASK_MESSAGE && (is_positive(code) || sabotaged(s, SABOTAGE_DISK_KEEPS_REFUSED)))
        server_commit(s);
    server_outcome(s, ask, code);
    return code;
}

/* The same in words of the caller's own, or as the code alone. */
static int in_words(sim *s, int ask, int code)
{
    int own_words = ask == ASK_CONNECT || ask == ASK_MAIL || ask == ASK_RCPT || ask == ASK_MESSAGE;
    static const char words[] =
        "as it\npleases us, which is not to be explained here, and in many words: "
        "so many that few will fit\ninto a buffer that is as short as it can be";
    smtp_str text = smtp_text(words + draw(&s->chance, sizeof words - 20));

    if (code == SMTP_DEFER || !happens(&s->chance, s->mood.words))
        return code;
    if (code == SMTP_ACCEPT && !own_words)
        return code;
    if (code == SMTP_ACCEPT)
        code = ask == ASK_CONNECT ? 220 : 250;
    must(s, smtp_server_reply(s->server.server, code, 0, text) == code, CHECK_RETURNED);
    return code;
}

/* The store adapter stands between in either case, so that what a callback gets is the same. */
static sim *sim_of(void *user)
{
    const smtp_store_adapter *adapter = user;

    return adapter->user;
}

static int on_connect(smtp_server *server, const smtp_connect_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    (void)enter(s);
    return in_words(s, ASK_CONNECT, answer(s, ASK_CONNECT, event->ticket));
}

static int on_hello(smtp_server *server, const smtp_hello_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    (void)enter(s);
    must(s, smtp_str_equal(event->host->text, smtp_text("client.example")), CHECK_LEDGER);
    return in_words(s, ASK_HELLO, answer(s, ASK_HELLO, event->ticket));
}

static int on_starttls(smtp_server *server, const smtp_connect_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    (void)enter(s);
    return in_words(s, ASK_STARTTLS, answer(s, ASK_STARTTLS, event->ticket));
}

static int on_auth(smtp_server *server, const smtp_auth_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    (void)enter(s);
    must(s, smtp_str_equal(event->question->name, smtp_text("user")), CHECK_LEDGER);
    must(s, smtp_str_equal(event->question->password, smtp_text("secret")), CHECK_LEDGER);
    return answer(s, ASK_AUTH, event->ticket);
}

static int on_command(smtp_server *server, const smtp_command_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    (void)enter(s);
    return answer(s, ASK_COMMAND, event->ticket);
}

/* The number in a local part of one letter and a number. */
static size_t number_of(const smtp_path *path)
{
    smtp_str local = path->mailbox.local;
    size_t number = 0;
    size_t i;

    for (i = 1; i < local.len && i < 6; i++)
        number = number * 10 + (size_t)(local.ptr[i] - '0');
    return number;
}

static int take_mail(sim *s, const smtp_mail_event *event)
{
    server_side *server = enter(s);
    size_t number = number_of(event->path);

    must(s, !server->open, CHECK_MAIL_ENDS);
    must(s, number < s->attempt_count, CHECK_LEDGER);
    server->attempt = number < s->attempt_count ? number : 0;
    return answer(s, ASK_MAIL, event->ticket);
}

static int take_rcpt(sim *s, const smtp_rcpt_event *event)
{
    server_side *server = enter(s);
    size_t number = number_of(event->path);

    must(s, server->open && server->content == CONTENT_NONE, CHECK_LEDGER);
    must(s, event->position == server->count && number < RECIPIENTS, CHECK_LEDGER);
    server->recipient = number < RECIPIENTS ? number : 0;
    return answer(s, ASK_RCPT, event->ticket);
}

static int take_data(sim *s, const smtp_data_event *event)
{
    server_side *server = enter(s);

    must(s, server->open && server->content == CONTENT_NONE, CHECK_LEDGER);
    must(s, event->recipients == server->count && server->count > 0, CHECK_LEDGER);
    return answer(s, ASK_DATA, event->ticket);
}

/* Whatever becomes of a message, its content is never anything but what stands in the letter. */
static int is_of_letter(const sim *s, const smtp_body_event *event)
{
    const letter *of = s->attempts[s->server.attempt].of;

    return event->offset <= of->expected_len &&
           event->chunk.len <= of->expected_len - event->offset &&
           memcmp(of->expected + event->offset, event->chunk.ptr, event->chunk.len) == 0;
}

static uint64_t message_max(const sim *s)
{
    const smtp_server_config *config = s->mood.limited ? &s->plan.limited : &s->plan.server;

    return config->message_max != 0 ? config->message_max : SPOOL_MAX;
}

static int take_body(sim *s, const smtp_body_event *event)
{
    server_side *server = enter(s);

    must(s, server->open && server->content == CONTENT_COMES, CHECK_CONTENT);
    must(s, event->offset == s->disk.len + s->disk.lost && event->chunk.len > 0, CHECK_CONTENT);
    must(s, is_of_letter(s, event), CHECK_FOREIGN);
    must(s, event->offset + event->chunk.len <= message_max(s), CHECK_CONTENT);
    disk_write(s, event->chunk);
    return answer(s, ASK_BODY, event->ticket);
}

static int take_message(sim *s, const smtp_message_event *event)
{
    server_side *server = enter(s);
    int result;

    must(s, server->open && server->content == CONTENT_COMES, CHECK_MAIL_ENDS);
    must(s, event->octets == s->disk.len + s->disk.lost, CHECK_CONTENT);
    must(s, event->recipients == server->count, CHECK_LEDGER);
    must(s, event->position == (s->plan.lmtp ? server->position : 0), CHECK_LEDGER);
    result = answer(s, ASK_MESSAGE, event->ticket);
    if (s->mood.death == DEATH_IN_COMMIT && result == SMTP_ACCEPT && !s->plan.pump[SERVER]) {
        server_vanish(s);
    }
    return result;
}

/* A message was being made durable when its connection was lost: whether it stays is the store's to
 * say, but not when the client was told no (RFC 1047). */
static void drop_message(sim *s, const smtp_reset_event *event)
{
    server_side *server = &s->server;

    server->due = ASK_NONE;
    server->stale = server->ticket;
    if (server->committed &&
        (event->error == SMTP_ERR_CLOSED_BY_CALLER || draw(&s->chance, 2) == 0))
        disk_withdraw(s);
}

static void take_reset(sim *s, const smtp_reset_event *event)
{
    server_side *server = enter_end(s);
    int ended = event->reason == SMTP_RESET_CONNECTION && event->error == SMTP_ERR_CLOSED_BY_CALLER;

    note(s, EVENT_ABORTED, (uint64_t)event->reason, (uint64_t)event->error);
    must(s, server->open, CHECK_MAIL_ENDS);
    must(s, !server->refused || event->reason == SMTP_RESET_REFUSED || ended, CHECK_MAIL_ENDS);
    server->refused = 0;
    if (server->due == ASK_MESSAGE)
        drop_message(s, event);
    if (server->content == CONTENT_COMES && sabotaged(s, SABOTAGE_DISK_KEEPS_ABORTED))
        server_commit(s);
    server->open = 0;
    server->content = CONTENT_NONE;
    disk_forget(s);
}

/* What the library tells, as a sabotage may twist it. */
static void hear_reset(sim *s, const smtp_reset_event *event)
{
    if (sabotaged(s, SABOTAGE_RESET_MISSING))
        return;
    take_reset(s, event);
    if (sabotaged(s, SABOTAGE_RESET_TWICE))
        take_reset(s, event);
}

static void take_close(sim *s, const smtp_close_event *event)
{
    server_side *server = enter_end(s);

    note(s, EVENT_SERVER_DONE, (uint64_t)event->error, 0);
    must(s, !server->closed, CHECK_CLOSE_ONCE);
    must(s, !server->open, CHECK_MAIL_ENDS);
    server->closed = 1;
    server->error = event->error;
}

static void on_close(smtp_server *server, const smtp_close_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    if (sabotaged(s, SABOTAGE_CLOSE_MISSING))
        return;
    take_close(s, event);
    if (sabotaged(s, SABOTAGE_CLOSE_TWICE))
        take_close(s, event);
}

static int on_mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    return in_words(s, ASK_MAIL, take_mail(s, event));
}

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    return in_words(s, ASK_RCPT, take_rcpt(s, event));
}

static int on_data(smtp_server *server, const smtp_data_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    return in_words(s, ASK_DATA, take_data(s, event));
}

static int on_body(smtp_server *server, const smtp_body_event *event, void *user)
{
    sim *s = sim_of(user);

    (void)server;
    return in_words(s, ASK_BODY, take_body(s, event));
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    sim *s = sim_of(user);
    int result = take_message(s, event);

    (void)server;
    return s->server.server != NULL ? in_words(s, ASK_MESSAGE, result) : result;
}

static void on_reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    (void)server;
    hear_reset(sim_of(user), event);
}

/* A store's own way to say what failed. */
static int as_store(sim *s, int result)
{
    if (result == 452)
        return SMTP_ERR_STORE_FULL;
    return result == 451 && draw(&s->chance, 2) == 0 ? SMTP_ERR_STORE : result;
}

static int store_begin(void *io, const smtp_mail_event *event)
{
    return as_store(io, take_mail(io, event));
}

static int store_recipient(void *io, const smtp_rcpt_event *event)
{
    return as_store(io, take_rcpt(io, event));
}

static int store_open(void *io, const smtp_data_event *event)
{
    return as_store(io, take_data(io, event));
}

static int store_write(void *io, const smtp_body_event *event)
{
    return as_store(io, take_body(io, event));
}

static int store_commit(void *io, const smtp_message_event *event)
{
    return as_store(io, take_message(io, event));
}

static void store_abort(void *io, const smtp_reset_event *event)
{
    hear_reset(io, event);
}

void server_callbacks(sim *s)
{
    static const smtp_store store = {sizeof store, store_begin,  store_recipient, store_open,
                                     store_write,  store_commit, store_abort};
    server_side *server = &s->server;
    smtp_server_callbacks *to = &server->callbacks;

    memset(to, 0, sizeof *to);
    to->size = sizeof *to;
    to->connect = on_connect;
    to->hello = on_hello;
    to->starttls = on_starttls;
    to->auth = on_auth;
    to->mail = on_mail;
    to->rcpt = on_rcpt;
    to->data = on_data;
    to->body = on_body;
    to->message = on_message;
    to->vrfy = to->help = to->noop = on_command;
    to->reset = on_reset;
    to->close = on_close;
    server->adapter.store = &store;
    server->adapter.io = s;
    server->adapter.user = s;
    if (s->plan.store)
        must(s, smtp_store_callbacks(to) == SMTP_ERR_OK, CHECK_RETURNED);
}
