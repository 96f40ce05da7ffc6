/* SPDX-License-Identifier: MIT
 * A client session under test: its callbacks write down what they see, its body source has several
 * manners, and what the server says is a script that comes in any cut, in memory that is gone when
 * the port returns. */
#ifndef TESTS_UNIT_SUPPORT_CLIENT_SCRIPT_H
#define TESTS_UNIT_SUPPORT_CLIENT_SCRIPT_H

#include "smtp/client.h"
#include "support/memory.h"

enum call {
    CALL_CREDENTIALS,
    CALL_READY,
    CALL_REPLY,
    CALL_RECIPIENT,
    CALL_SENT,
    CALL_BODY,
    CALL_CLOSE,
    CALLS
};

static const char *const call_names[CALLS] = {
    "credentials", "ready", "reply", "recipient", "sent", "body", "close",
};

static const char *const result_names[] = {"none", "delivered", "temporary", "permanent",
                                           "unknown"};

/* How the body source gives content. */
enum manner {
    BODY_FILLS, /* the buffer that it is given */
    BODY_OWN,   /* memory of its own, gone when it is asked again or at `sent` */
    BODY_LATE   /* own memory, and an empty last chunk */
};

enum { PEER_RECIPIENTS = 300 };

struct client_peer {
    smtp_client *client;
    smtp_session *session;
    smtp_client_config config;
    smtp_client_callbacks callbacks;
    struct memory memory;
    void *storage; /* instead of the allocator */
    smtp_time now;
    smtp_credentials given; /* name, password, token, authzid */
    int answers[CALLS];     /* of credentials and body */
    int answer_at; /* the asking of the body that answers[CALL_BODY] is for, from 1; 0: all */
    const char *body;
    size_t body_len;
    size_t step; /* octets that a chunk has at most, 0: any */
    enum manner manner;
    char *chunk; /* own memory */
    smtp_envelope envelope;
    smtp_recipient recipients[PEER_RECIPIENTS];
    unsigned count[CALLS];
    void (*during)(struct client_peer *, int call); /* in each callback */
    int during_call;
    int depth;
    uint32_t offered; /* of the last credentials */
    struct text events;
    struct text output;
    struct text replies; /* "verb code text", a line each */
    size_t drain;        /* octets of output that are taken at a time, 0: all */
    int stuck;           /* 1: no output is taken */
    int deleted;
    unsigned outputs; /* how often there was output */
};

static inline void client_note(struct client_peer *peer, int call, const char *format, ...)
{
    char line[1024] = "";
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (call != CALL_REPLY && call != CALL_BODY)
        text_put(&peer->events, "%s%s\n", call_names[call], line);
    peer->count[call]++;
    if (peer->during != NULL && peer->depth == 0) {
        peer->depth++;
        peer->during(peer, call);
        peer->depth--;
    }
}

static inline int peer_credentials(smtp_client *client, const smtp_credentials_event *event,
                                   void *user)
{
    struct client_peer *peer = user;

    (void)client;
    peer->offered = event->mechanisms;
    event->credentials->name = peer->given.name;
    event->credentials->password = peer->given.password;
    event->credentials->token = peer->given.token;
    event->credentials->authzid = peer->given.authzid;
    client_note(peer, CALL_CREDENTIALS, "%s", event->tls ? " tls" : "");
    return peer->answers[CALL_CREDENTIALS];
}

static inline void peer_ready(smtp_client *client, const smtp_ready_event *event, void *user)
{
    assert_ptr_equal(event->capabilities, smtp_client_capabilities(client));
    client_note(user, CALL_READY, " %.*s%s%s%s", (int)event->capabilities->domain.len,
                event->capabilities->domain.len > 0 ? event->capabilities->domain.ptr : "",
                event->esmtp ? " esmtp" : "", event->tls ? " tls" : "",
                event->authenticated ? " authenticated" : "");
}

static inline void peer_reply(smtp_client *client, const smtp_reply_event *event, void *user)
{
    struct client_peer *peer = user;

    (void)client;
    text_put(&peer->replies, "%d %d %.*s\n", event->verb, event->code, (int)event->text.len,
             event->text.len > 0 ? event->text.ptr : "");
    client_note(user, CALL_REPLY, "");
}

static inline void peer_recipient(smtp_client *client, const smtp_recipient_event *event,
                                  void *user)
{
    (void)client;
    assert_ptr_equal(event->recipient, &event->envelope->recipients[event->position]);
    client_note(user, CALL_RECIPIENT, " %u %s %d %s", (unsigned)event->position,
                result_names[event->recipient->result], event->recipient->code,
                smtp_error_name(event->error));
}

static inline void peer_drop_chunk(struct client_peer *peer)
{
    free(peer->chunk);
    peer->chunk = NULL;
}

static inline void peer_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    struct client_peer *peer = user;

    (void)client;
    peer_drop_chunk(peer);
    client_note(peer, CALL_SENT, " %s %d %s %u", result_names[event->result], event->code,
                smtp_error_name(event->error), (unsigned)event->delivered);
}

static inline int peer_body(smtp_client *client, smtp_body_request *request, void *user)
{
    struct client_peer *peer = user;
    size_t at = (size_t)request->offset;
    size_t len = peer->body_len - at;
    int end;

    (void)client;
    assert_true(request->offset <= peer->body_len);
    peer_drop_chunk(peer);
    client_note(peer, CALL_BODY, "");
    if (peer->answers[CALL_BODY] != SMTP_ACCEPT &&
        (peer->answer_at == 0 || (unsigned)peer->answer_at == peer->count[CALL_BODY]))
        return peer->answers[CALL_BODY];
    if (peer->step != 0 && len > peer->step)
        len = peer->step;
    if (peer->manner == BODY_FILLS && len > request->capacity)
        len = request->capacity;
    if (peer->manner == BODY_FILLS) {
        memcpy(request->buffer, peer->body + at, len);
        request->chunk.ptr = request->buffer;
    } else {
        request->chunk.ptr = peer->chunk = exact(peer->body + at, len);
    }
    request->chunk.len = len;
    end = at + len == peer->body_len;
    request->last = end && (peer->manner != BODY_LATE || len == 0);
    return SMTP_ACCEPT;
}

static inline void peer_close(smtp_client *client, const smtp_client_close_event *event, void *user)
{
    (void)client;
    client_note(user, CALL_CLOSE, " %s %d", smtp_error_name(event->error), event->code);
}

static inline void client_callbacks(smtp_client_callbacks *callbacks)
{
    memset(callbacks, 0, sizeof *callbacks);
    callbacks->size = sizeof *callbacks;
    callbacks->ready = peer_ready;
    callbacks->reply = peer_reply;
    callbacks->recipient = peer_recipient;
    callbacks->sent = peer_sent;
    callbacks->body = peer_body;
    callbacks->close = peer_close;
}

/* A message of n recipients for the peer to send. */
static inline void client_message(struct client_peer *peer, size_t n, const char *body)
{
    size_t i;

    assert_true(n <= PEER_RECIPIENTS);
    memset(&peer->envelope, 0, sizeof peer->envelope);
    memset(peer->recipients, 0, sizeof peer->recipients);
    peer->envelope.size = sizeof peer->envelope;
    peer->envelope.reverse_path = smtp_text("a@c.example");
    peer->envelope.recipients = peer->recipients;
    peer->envelope.recipient_count = n;
    for (i = 0; i < n; i++)
        peer->recipients[i].mailbox = smtp_text("b@mx.example");
    peer->body = body;
    peer->body_len = strlen(body);
}

/* A peer that uses no TLS and no AUTH; change what differs, then client_open(). */
static inline void client_peer_init(struct client_peer *peer)
{
    memset(peer, 0, sizeof *peer);
    peer->config.size = sizeof peer->config;
    peer->config.hostname = smtp_text("c.example");
    peer->config.tls = SMTP_TLS_NONE;
    peer->now = 1000;
    client_callbacks(&peer->callbacks);
    client_message(peer, 1, "Subject: x\r\n\r\ny\r\n");
}

/* Takes output, as far and in such steps as told. */
static inline void client_drain(struct client_peer *peer)
{
    smtp_str slices[4];
    size_t n;

    if (peer->stuck || peer->deleted)
        return;
    if (smtp_session_output(peer->session, slices, 4) > 0)
        peer->outputs++;
    while (!peer->deleted && (n = smtp_session_output(peer->session, slices, 4)) > 0) {
        size_t octets = 0;
        size_t i;
        for (i = 0; i < n && (peer->drain == 0 || octets < peer->drain); i++) {
            size_t take = slices[i].len;
            if (peer->drain != 0 && octets + take > peer->drain)
                take = peer->drain - octets;
            text_add(&peer->output, slices[i].ptr, take);
            octets += take;
        }
        smtp_session_sent(peer->session, octets, peer->now);
    }
}

static inline void client_make(struct client_peer *peer)
{
    smtp_allocator allocator = memory_allocator(&peer->memory);
    size_t bytes = smtp_client_bytes(&peer->config);

    if (peer->storage == NULL)
        assert_int_equal(
            smtp_client_new(&peer->client, &peer->config, &peer->callbacks, peer, &allocator),
            SMTP_ERR_OK);
    else
        assert_int_equal(smtp_client_init(&peer->client, peer->storage, bytes, &peer->config,
                                          &peer->callbacks, peer),
                         SMTP_ERR_OK);
    peer->session = smtp_client_session(peer->client);
}

/* Makes the session and starts it. */
static inline void client_open(struct client_peer *peer)
{
    client_make(peer);
    assert_int_equal(smtp_session_start(peer->session, peer->now), SMTP_ERR_OK);
    client_drain(peer);
}

/* Gives what the server says in pieces of `width` octets (0: all at once), and what was not taken
 * again, for as long as it is taken; gives how much was. */
static inline size_t client_give(struct client_peer *peer, const void *octets, size_t len,
                                 size_t width)
{
    size_t at = 0;
    size_t idle = 0;

    while (at < len && idle < 3 && !peer->deleted) {
        size_t piece = width != 0 && width < len - at ? width : len - at;
        char *copy = exact((const char *)octets + at, piece);
        size_t used = 0;

        (void)smtp_session_receive(peer->session, copy, piece, peer->now, &used);
        free(copy);
        at += used;
        idle = used > 0 ? 0 : idle + 1;
        client_drain(peer);
    }
    return at;
}

static inline size_t client_feed(struct client_peer *peer, const char *text)
{
    return client_give(peer, text, strlen(text), 0);
}

/* The same a line at a time, as a server speaks that waits for what it answers. */
static inline void client_script(struct client_peer *peer, const char *text, size_t len)
{
    while (len > 0 && !peer->deleted) {
        const char *lf = memchr(text, '\n', len);
        size_t line = lf != NULL ? (size_t)(lf - text) + 1 : len;
        size_t given = client_give(peer, text, line, 0);

        assert_true(given == line || peer->count[CALL_CLOSE] > 0 || peer->deleted);
        text += line;
        len -= line;
    }
}

/* What the peer said since it was last looked at. */
static inline void client_expect(struct client_peer *peer, const char *output)
{
    assert_string_equal(text_of(&peer->output), output);
    text_clear(&peer->output);
}

/* The server says something, and the client says `output` to it. */
static inline void client_turn(struct client_peer *peer, const char *input, const char *output)
{
    assert_int_equal(client_feed(peer, input), strlen(input));
    client_expect(peer, output);
}

/* And what the callbacks saw. */
static inline void client_saw(struct client_peer *peer, const char *events)
{
    assert_string_equal(text_of(&peer->events), events);
    text_clear(&peer->events);
}

static inline int client_send(struct client_peer *peer)
{
    int error = smtp_client_send(peer->client, &peer->envelope, peer->now, NULL);

    client_drain(peer);
    return error;
}

/* Opens a session with a server of these extensions ("250-PIPELINING\r\n") and brings it to where a
 * message can be sent. */
static inline void client_ready(struct client_peer *peer, const char *extensions)
{
    client_open(peer);
    (void)client_feed(peer, "220 mx.example\r\n250-mx.example\r\n");
    (void)client_feed(peer, extensions);
    (void)client_feed(peer, "250 HELP\r\n");
    assert_int_equal(peer->count[CALL_READY], 1);
    assert_true(smtp_client_idle(peer->client));
    text_clear(&peer->events);
    text_clear(&peer->output);
    text_clear(&peer->replies);
}

static inline void client_delete(struct client_peer *peer)
{
    if (!peer->deleted)
        smtp_client_del(peer->client);
    peer->deleted = 1;
    assert_int_equal(peer->memory.live, 0);
    peer_drop_chunk(peer);
    text_free(&peer->events);
    text_free(&peer->output);
    text_free(&peer->replies);
    free(peer->storage);
    peer->storage = NULL;
}

#define GREET "220 mx.example\r\n"
#define HELLO "EHLO c.example\r\n"
#define MAIL_SAID "MAIL FROM:<a@c.example>\r\n"
#define RCPT_SAID "RCPT TO:<b@mx.example>\r\n"
#define BODY_SAID "Subject: x\r\n\r\ny\r\n"

#endif
