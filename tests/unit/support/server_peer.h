/* SPDX-License-Identifier: MIT
 * A server session under test: its callbacks write down what they see and answer as told, and what
 * it is given comes in any cut, in memory that is gone when the port returns. */
#ifndef TESTS_UNIT_SUPPORT_SERVER_PEER_H
#define TESTS_UNIT_SUPPORT_SERVER_PEER_H

#include "smtp/server.h"
#include "support/memory.h"

enum call {
    CALL_NONE,
    CALL_CONNECT,
    CALL_HELLO,
    CALL_STARTTLS,
    CALL_MAIL,
    CALL_RCPT,
    CALL_DATA,
    CALL_BODY,
    CALL_MESSAGE,
    CALL_VRFY,
    CALL_EXPN,
    CALL_HELP,
    CALL_NOOP,
    CALL_ETRN,
    CALL_ATRN,
    CALL_BURL,
    CALL_COMMAND,
    CALL_RESET,
    CALL_CLOSE,
    CALLS
};

static const char *const call_names[CALLS] = {
    "none", "connect", "hello", "starttls", "mail", "rcpt", "data", "body",  "message", "vrfy",
    "expn", "help",    "noop",  "etrn",     "atrn", "burl", "own",  "reset", "close",
};

struct server_peer {
    smtp_server *server;
    smtp_session *session;
    smtp_server_config config;
    smtp_server_callbacks callbacks;
    struct memory memory;
    void *storage; /* instead of the allocator */
    smtp_time now;
    int answers[CALLS];       /* what a callback returns */
    const char *words[CALLS]; /* said with smtp_server_reply() first */
    uint32_t status;          /* with these words */
    int said;                 /* what smtp_server_reply() returned */
    unsigned count[CALLS];
    void (*during)(struct server_peer *, int call); /* in each callback */
    int depth_call;                                 /* for `during` */
    uint64_t ticket;                                /* of the last event */
    int asked;                                      /* the callback of the last event */
    uint64_t due;                                   /* of the deferred one, 0: none */
    int later; /* what deferred ones are answered by server_feed(), -1: not at all */
    struct text events;
    struct text output;
    struct text content; /* of the message at work */
    uint64_t content_end;
    size_t drain; /* octets of output that are taken at a time, 0: all */
    int stuck;    /* 1: no output is taken */
    int quiet;    /* 1: nothing is written down */
    int deleted;
    unsigned outputs; /* how often there was output */
};

/* Notes an event and gives the answer to it. */
static inline int server_note(struct server_peer *peer, int call, uint64_t ticket,
                              const char *format, ...)
{
    char line[1024] = "";
    va_list arguments;
    int answer;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (!peer->quiet)
        text_put(&peer->events, "%s%s\n", call_names[call], line);
    peer->count[call]++;
    peer->asked = call;
    if (call != CALL_RESET && call != CALL_CLOSE) {
        assert_true(ticket > peer->ticket); /* never 0, never twice */
        peer->ticket = ticket;
    }
    if (peer->during != NULL)
        peer->during(peer, call);
    answer = peer->answers[call];
    if (peer->deleted)
        return answer;
    if (peer->words[call] != NULL) {
        peer->said =
            smtp_server_reply(peer->server, answer, peer->status, smtp_text(peer->words[call]));
        return peer->said;
    }
    if (answer == SMTP_DEFER)
        peer->due = ticket;
    return answer;
}

static inline int peer_connect(smtp_server *server, const smtp_connect_event *event, void *user)
{
    (void)server;
    return server_note(user, CALL_CONNECT, event->ticket, event->early ? " early" : "");
}

static inline int peer_hello(smtp_server *server, const smtp_hello_event *event, void *user)
{
    (void)server;
    return server_note(user, CALL_HELLO, event->ticket, " %d %.*s%s", event->verb,
                       (int)event->host->text.len, event->host->text.ptr,
                       event->early ? " early" : "");
}

static inline int peer_starttls(smtp_server *server, const smtp_connect_event *event, void *user)
{
    (void)server;
    return server_note(user, CALL_STARTTLS, event->ticket, "");
}

static inline int peer_mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    struct server_peer *peer = user;

    (void)server;
    text_clear(&peer->content);
    return server_note(user, CALL_MAIL, event->ticket, " <%.*s>",
                       (int)event->path->mailbox.text.len, event->path->mailbox.text.ptr);
}

static inline int peer_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    (void)server;
    return server_note(user, CALL_RCPT, event->ticket, " %u <%.*s>", (unsigned)event->position,
                       (int)event->path->mailbox.text.len, event->path->mailbox.text.ptr);
}

static inline int peer_data(smtp_server *server, const smtp_data_event *event, void *user)
{
    (void)server;
    return server_note(user, CALL_DATA, event->ticket, " %u%s", (unsigned)event->recipients,
                       event->chunked ? " chunked" : "");
}

/* The cut of the content into pieces is no event: only the octets are. */
static inline int peer_body(smtp_server *server, const smtp_body_event *event, void *user)
{
    struct server_peer *peer = user;
    int quiet = peer->quiet;
    int answer;

    (void)server;
    assert_true(event->chunk.len > 0);
    assert_int_equal(event->offset, peer->content.len);
    text_add(&peer->content, event->chunk.ptr, event->chunk.len);
    peer->quiet = quiet || peer->content.len > event->chunk.len;
    answer = server_note(user, CALL_BODY, event->ticket, "");
    peer->quiet = quiet;
    return answer;
}

static inline int peer_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    struct server_peer *peer = user;

    (void)server;
    if (peer->callbacks.body != NULL)
        assert_int_equal(event->octets, peer->content.len);
    return server_note(user, CALL_MESSAGE, event->ticket, " %u/%u octets=%u found=%u",
                       (unsigned)event->position, (unsigned)event->recipients,
                       (unsigned)event->octets, (unsigned)event->found);
}

/* One function for each command, since a callback is not told which it is. */
#define PEER_COMMAND(name, call)                                                                   \
    static inline int name(smtp_server *server, const smtp_command_event *event, void *user)       \
    {                                                                                              \
        (void)server;                                                                              \
        return server_note(user, call, event->ticket, " %.*s", (int)event->command->argument.len,  \
                           event->command->argument.ptr);                                          \
    }
PEER_COMMAND(peer_vrfy, CALL_VRFY)
PEER_COMMAND(peer_expn, CALL_EXPN)
PEER_COMMAND(peer_help, CALL_HELP)
PEER_COMMAND(peer_noop, CALL_NOOP)
PEER_COMMAND(peer_etrn, CALL_ETRN)
PEER_COMMAND(peer_atrn, CALL_ATRN)
PEER_COMMAND(peer_own, CALL_COMMAND)

static inline int peer_burl(smtp_server *server, const smtp_burl_event *event, void *user)
{
    (void)server;
    return server_note(user, CALL_BURL, event->ticket, " %.*s%s%s", (int)event->url.len,
                       event->url.ptr, event->first ? " first" : "", event->last ? " last" : "");
}

static inline void peer_reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    (void)server;
    (void)server_note(user, CALL_RESET, 0, " %d %s", event->reason, smtp_error_name(event->error));
}

static inline void peer_close(smtp_server *server, const smtp_close_event *event, void *user)
{
    (void)server;
    (void)server_note(user, CALL_CLOSE, 0, " %s", smtp_error_name(event->error));
}

static inline void server_callbacks(smtp_server_callbacks *callbacks)
{
    memset(callbacks, 0, sizeof *callbacks);
    callbacks->size = sizeof *callbacks;
    callbacks->connect = peer_connect;
    callbacks->hello = peer_hello;
    callbacks->starttls = peer_starttls;
    callbacks->mail = peer_mail;
    callbacks->rcpt = peer_rcpt;
    callbacks->data = peer_data;
    callbacks->body = peer_body;
    callbacks->message = peer_message;
    callbacks->vrfy = peer_vrfy;
    callbacks->expn = peer_expn;
    callbacks->help = peer_help;
    callbacks->noop = peer_noop;
    callbacks->etrn = peer_etrn;
    callbacks->atrn = peer_atrn;
    callbacks->burl = peer_burl;
    callbacks->command = peer_own;
    callbacks->reset = peer_reset;
    callbacks->close = peer_close;
}

/* A peer with everything accepted; change what differs, then server_open(). */
static inline void server_peer_init(struct server_peer *peer)
{
    memset(peer, 0, sizeof *peer);
    peer->config.size = sizeof peer->config;
    peer->config.hostname = smtp_text("mx.example");
    peer->now = 1000;
    peer->later = SMTP_ACCEPT;
    server_callbacks(&peer->callbacks);
}

/* Takes output, as far and in such steps as told. */
static inline void server_drain(struct server_peer *peer)
{
    smtp_str slices[4];
    size_t n;

    if (peer->stuck || peer->deleted)
        return;
    if (smtp_session_output(peer->session, slices, 4) > 0)
        peer->outputs++;
    while ((n = smtp_session_output(peer->session, slices, 4)) > 0) {
        size_t octets = 0;
        size_t i;
        for (i = 0; i < n; i++) {
            size_t take = slices[i].len;
            if (peer->drain != 0 && octets + take > peer->drain)
                take = peer->drain - octets;
            text_add(&peer->output, slices[i].ptr, take);
            octets += take;
        }
        smtp_session_sent(peer->session, octets, peer->now);
    }
}

static inline void server_make(struct server_peer *peer)
{
    smtp_allocator allocator = memory_allocator(&peer->memory);
    size_t bytes;

    if (peer->storage == NULL) {
        assert_int_equal(
            smtp_server_new(&peer->server, &peer->config, &peer->callbacks, peer, &allocator),
            SMTP_ERR_OK);
    } else {
        bytes = smtp_server_bytes(&peer->config);
        assert_int_equal(smtp_server_init(&peer->server, peer->storage, bytes, &peer->config,
                                          &peer->callbacks, peer),
                         SMTP_ERR_OK);
    }
    peer->session = smtp_server_session(peer->server);
}

/* Makes the session and starts it. */
static inline void server_open(struct server_peer *peer)
{
    server_make(peer);
    (void)smtp_session_start(peer->session, peer->now);
    server_drain(peer);
}

/* Answers what was deferred, with words (NULL: the usual ones), and takes the output. */
static inline void server_answer(struct server_peer *peer, int code, const char *words)
{
    uint64_t ticket = peer->due;

    peer->due = 0;
    assert_int_equal(smtp_server_answer(peer->server, ticket, code, 0, smtp_text(words), peer->now),
                     SMTP_ERR_OK);
    server_drain(peer);
}

/* The same, when it is to be answered by itself. */
static inline void server_answer_due(struct server_peer *peer)
{
    if (peer->due != 0 && peer->later >= 0 && !peer->deleted)
        server_answer(peer, peer->later, NULL);
}

/* Gives input in pieces of `width` octets (0: all at once), and what was not taken again, for as
 * long as it is taken; gives how much was. */
static inline size_t server_give(struct server_peer *peer, const void *octets, size_t len,
                                 size_t width)
{
    size_t at = 0;
    size_t idle = 0;

    while (at < len && idle < 3) {
        size_t piece = width != 0 && width < len - at ? width : len - at;
        char *copy = exact((const char *)octets + at, piece);
        size_t used = 0;

        (void)smtp_session_receive(peer->session, copy, piece, peer->now, &used);
        free(copy);
        if (peer->deleted)
            return at + used;
        assert_true(used <= piece);
        at += used;
        idle = used > 0 ? 0 : idle + 1;
        server_drain(peer);
        server_answer_due(peer);
        server_drain(peer);
    }
    return at;
}

static inline size_t server_feed(struct server_peer *peer, const char *text)
{
    return server_give(peer, text, strlen(text), 0);
}

/* Forgets what was written down. */
static inline void server_forget(struct server_peer *peer)
{
    text_clear(&peer->events);
    text_clear(&peer->output);
}

static inline void server_delete(struct server_peer *peer)
{
    if (!peer->deleted)
        smtp_server_del(peer->server);
    peer->deleted = 1;
    assert_int_equal(peer->memory.live, 0);
    text_free(&peer->events);
    text_free(&peer->output);
    text_free(&peer->content);
    free(peer->storage);
    peer->storage = NULL;
}

/* Opens a session and brings it to where a transaction can begin. */
static inline void server_ready(struct server_peer *peer)
{
    server_open(peer);
    (void)server_feed(peer, "EHLO c.example\r\n");
    server_forget(peer);
}

#define SERVER_SAYS(peer, text) assert_string_equal(text_of(&(peer)->output), text)
#define SERVER_SAW(peer, text) assert_string_equal(text_of(&(peer)->events), text)

static inline void server_expect(struct server_peer *peer, const char *output)
{
    assert_string_equal(text_of(&peer->output), output);
    text_clear(&peer->output);
}

/* Feeds a text and looks at the replies' codes: "250 550 ". */
static inline void server_codes(struct server_peer *peer, const char *input, const char *codes)
{
    struct text seen = {NULL, 0, 0};
    const char *at;
    const char *lf;

    text_clear(&peer->output);
    (void)server_feed(peer, input);
    for (at = text_of(&peer->output); (lf = strchr(at, '\n')) != NULL; at = lf + 1) {
        if (at[3] == ' ')
            text_put(&seen, "%.3s ", at);
    }
    assert_string_equal(text_of(&seen), codes);
    text_free(&seen);
}

#endif
