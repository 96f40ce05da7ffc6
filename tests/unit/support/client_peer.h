/* SPDX-License-Identifier: MIT
 * A client session under test, and a server that does as it is told: what the client says, what its
 * callbacks see, and how often the two wait for each other. */
#ifndef TESTS_UNIT_SUPPORT_CLIENT_PEER_H
#define TESTS_UNIT_SUPPORT_CLIENT_PEER_H

#include "smtp/client.h"
#include "support/memory.h"

enum client_call {
    CLIENT_READY,
    CLIENT_REPLY,
    CLIENT_RECIPIENT,
    CLIENT_SENT,
    CLIENT_BODY,
    CLIENT_CLOSE,
    CLIENT_CALLS
};

/* What the server answers to a verb: the replies of the table for it, in order, the last again and
 * again. "" is no answer at all. */
struct script {
    const char *verb; /* "CONNECT", "EHLO" ... "." for the end of data */
    const char *replies[4];
};

struct client_peer {
    smtp_client *client;
    smtp_session *session;
    smtp_client_config config;
    smtp_client_callbacks callbacks;
    struct memory memory;
    void *storage; /* instead of the allocator */
    smtp_time now;
    unsigned count[CLIENT_CALLS];
    void (*during)(struct client_peer *, int call);
    int depth_call;
    int deleted;
    int quiet; /* 1: replies are not written down */
    struct text events;
    smtp_recipient recipients[8];
    smtp_envelope envelope;
    /* The body source. */
    const char *body;
    size_t body_len;
    size_t body_step; /* octets at a time, 0: all */
    int body_fills;   /* 1: into the buffer that is offered */
    int body_answer;  /* in place of SMTP_ACCEPT, from `body_from` on */
    uint64_t body_from;
    char *piece; /* that was lent last */
    /* The server. */
    const struct script *script;
    const char *(*answer)(const char *verb); /* in its place; NULL: what the script says */
    unsigned said[16];                       /* how often each row was */
    struct text wire;                        /* all that the client said */
    size_t seen;                             /* of it, by the server */
    int in_data;
    uint64_t in_chunk;
    int last_chunk;
    struct text content;
    struct text replies; /* for the client, not given yet */
    size_t given;
    unsigned trips; /* how often the client had to wait */
    size_t width;   /* of the pieces that the client gets, 0: all */
    size_t step;    /* octets of output taken at a time, 0: all */
    size_t lose_at; /* the connection goes when the client has so many octets of replies, 0: not */
    int lost;
};

static inline void client_note(struct client_peer *peer, int call, const char *format, ...)
{
    char line[1024];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_put(&peer->events, "%s", line);
    peer->count[call]++;
    if (peer->during != NULL && !peer->deleted)
        peer->during(peer, call);
}

static inline void peer_ready(smtp_client *client, const smtp_ready_event *event, void *user)
{
    (void)client;
    client_note(user, CLIENT_READY, "ready%s%s\n", event->tls ? " tls" : "",
                event->esmtp ? "" : " helo");
}

static inline void peer_reply(smtp_client *client, const smtp_reply_event *event, void *user)
{
    struct client_peer *peer = user;

    (void)client;
    if (peer->quiet)
        client_note(user, CLIENT_REPLY, "%s", "");
    else
        client_note(user, CLIENT_REPLY, "reply %d %d %.*s\n", event->verb, event->code,
                    (int)event->text.len, event->text.ptr);
}

static inline void peer_recipient(smtp_client *client, const smtp_recipient_event *event,
                                  void *user)
{
    (void)client;
    assert_int_equal(event->recipient->result != SMTP_RESULT_NONE, 1);
    client_note(user, CLIENT_RECIPIENT, "recipient %u %d %d %s\n", (unsigned)event->position,
                event->recipient->result, event->recipient->code, smtp_error_name(event->error));
}

static inline void peer_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    (void)client;
    client_note(user, CLIENT_SENT, "sent %d %d %s delivered=%u\n", event->result, event->code,
                smtp_error_name(event->error), (unsigned)event->delivered);
}

static inline void peer_closed(smtp_client *client, const smtp_client_close_event *event,
                               void *user)
{
    (void)client;
    client_note(user, CLIENT_CLOSE, "close %s %d\n", smtp_error_name(event->error), event->code);
}

/* Lends a piece of the body that is gone when the next is asked for. */
static inline int peer_source(smtp_client *client, smtp_body_request *request, void *user)
{
    struct client_peer *peer = user;
    size_t left;
    size_t take;

    (void)client;
    client_note(user, CLIENT_BODY, "%s", "");
    free(peer->piece);
    peer->piece = NULL;
    if (peer->body_answer != 0 && request->offset >= peer->body_from)
        return peer->body_answer;
    assert_true(request->offset <= peer->body_len);
    left = peer->body_len - (size_t)request->offset;
    take = peer->body_step != 0 && peer->body_step < left ? peer->body_step : left;
    if (peer->body_fills) {
        if (take > request->capacity)
            take = request->capacity;
        memcpy(request->buffer, peer->body + request->offset, take);
        request->chunk.ptr = request->buffer;
    } else {
        peer->piece = exact(peer->body + request->offset, take);
        request->chunk.ptr = peer->piece;
    }
    request->chunk.len = take;
    request->last = take == left;
    return SMTP_ACCEPT;
}

static const struct script plain_script[] = {
    {"CONNECT", {"220 mx.example hello\r\n"}},
    {"EHLO",
     {"250-mx.example\r\n250-PIPELINING\r\n250-SIZE 100000\r\n250-8BITMIME\r\n"
      "250 ENHANCEDSTATUSCODES\r\n"}},
    {"DATA", {"354 go ahead\r\n"}},
    {"QUIT", {"221 2.0.0 bye\r\n"}},
    {NULL, {NULL}},
};

/* A peer with one recipient and a short body; change what differs, then client_open(). */
static inline void client_peer_init(struct client_peer *peer)
{
    memset(peer, 0, sizeof *peer);
    peer->config.size = sizeof peer->config;
    peer->config.hostname = smtp_text("c.example");
    peer->config.tls = SMTP_TLS_NONE;
    peer->now = 1000;
    peer->script = plain_script;
    peer->callbacks.size = sizeof peer->callbacks;
    peer->callbacks.ready = peer_ready;
    peer->callbacks.reply = peer_reply;
    peer->callbacks.recipient = peer_recipient;
    peer->callbacks.sent = peer_sent;
    peer->callbacks.body = peer_source;
    peer->callbacks.close = peer_closed;
    peer->quiet = 1;
    peer->body = "Subject: x\r\n\r\n.dot\r\n";
    peer->body_len = strlen(peer->body);
    peer->envelope.size = sizeof peer->envelope;
    peer->envelope.reverse_path = smtp_text("a@c.example");
    peer->envelope.recipients = peer->recipients;
    peer->envelope.recipient_count = 1;
    peer->recipients[0].mailbox = smtp_text("b@mx.example");
    peer->recipients[1].mailbox = smtp_text("d@mx.example");
    peer->recipients[2].mailbox = smtp_text("e@mx.example");
}

static inline void client_make(struct client_peer *peer)
{
    smtp_allocator allocator = memory_allocator(&peer->memory);

    if (peer->storage == NULL)
        assert_int_equal(
            smtp_client_new(&peer->client, &peer->config, &peer->callbacks, peer, &allocator),
            SMTP_ERR_OK);
    else
        assert_int_equal(smtp_client_init(&peer->client, peer->storage,
                                          smtp_client_bytes(&peer->config), &peer->config,
                                          &peer->callbacks, peer),
                         SMTP_ERR_OK);
    peer->session = smtp_client_session(peer->client);
}

/* The server answers a verb. */
static inline void script_answer(struct client_peer *peer, const char *verb)
{
    const char *answer = peer->answer != NULL ? peer->answer(verb) : NULL;
    size_t i;

    if (answer != NULL) {
        text_put(&peer->replies, "%s", answer);
        return;
    }
    for (i = 0; peer->script[i].verb != NULL; i++) {
        if (strcmp(peer->script[i].verb, verb) == 0) {
            unsigned n = peer->said[i]++;
            while (n > 0 && (n > 3 || peer->script[i].replies[n] == NULL))
                n--;
            text_put(&peer->replies, "%s", peer->script[i].replies[n]);
            return;
        }
    }
    text_put(&peer->replies, "250 2.0.0 ok\r\n");
}

/* The server reads what the client has said. */
static inline void script_read(struct client_peer *peer)
{
    while (peer->seen < peer->wire.len) {
        const char *at = peer->wire.at + peer->seen;
        const char *lf = strchr(at, '\n');
        char verb[32] = "";
        size_t len;

        if (peer->in_chunk > 0) {
            len = peer->wire.len - peer->seen;
            if (len > peer->in_chunk)
                len = (size_t)peer->in_chunk;
            text_add(&peer->content, at, len);
            peer->seen += len;
            peer->in_chunk -= len;
            if (peer->in_chunk == 0)
                script_answer(peer, peer->last_chunk ? "." : "BDAT");
            continue;
        }
        if (lf == NULL)
            return;
        len = (size_t)(lf - at) + 1;
        peer->seen += len;
        if (peer->in_data && !(len == 3 && at[0] == '.')) {
            text_add(&peer->content, at + (at[0] == '.'), len - (at[0] == '.'));
            continue;
        }
        if (peer->in_data) {
            peer->in_data = 0;
            script_answer(peer, ".");
            continue;
        }
        (void)sscanf(at, "%31[A-Za-z]", verb);
        if (strcmp(verb, "BDAT") == 0) {
            peer->in_chunk = (uint64_t)strtoul(at + 5, NULL, 10);
            peer->last_chunk = strncmp(lf - 5, "LAST", 4) == 0;
            if (peer->in_chunk == 0)
                script_answer(peer, peer->last_chunk ? "." : "BDAT");
            continue;
        }
        script_answer(peer, verb);
        peer->in_data = strcmp(verb, "DATA") == 0 &&
                        strstr(text_of(&peer->replies), "354") != NULL &&
                        peer->replies.at[peer->replies.len - 1] == '\n';
    }
}

/* Takes output; gives 1 when there was some. */
static inline int client_take(struct client_peer *peer)
{
    smtp_str slices[20];
    size_t n;
    int some = 0;

    while (!peer->deleted && (n = smtp_session_output(peer->session, slices, 20)) > 0) {
        size_t octets = 0;
        size_t i;
        for (i = 0; i < n; i++) {
            size_t take = slices[i].len;
            if (peer->step != 0 && octets + take > peer->step)
                take = peer->step - octets;
            text_add(&peer->wire, slices[i].ptr, take);
            octets += take;
        }
        some = 1;
        smtp_session_sent(peer->session, octets, peer->now);
    }
    return some;
}

/* Gives what the server said; gives 1 when there was some. */
static inline int client_give(struct client_peer *peer)
{
    int some = 0;

    while (!peer->deleted && !peer->lost && peer->given < peer->replies.len &&
           (smtp_session_wants(peer->session) & SMTP_WANTS_READ)) {
        size_t piece = peer->replies.len - peer->given;
        size_t used = 0;
        char *copy;

        if (peer->width != 0 && piece > peer->width)
            piece = peer->width;
        if (peer->lose_at != 0 && peer->given + piece > peer->lose_at)
            piece = peer->lose_at - peer->given;
        copy = exact(peer->replies.at + peer->given, piece);
        (void)smtp_session_receive(peer->session, copy, piece, peer->now, &used);
        free(copy);
        peer->given += used;
        some = 1;
        if (peer->lose_at != 0 && peer->given >= peer->lose_at && !peer->deleted) {
            peer->lost = 1;
            (void)smtp_session_eof(peer->session, peer->now);
        }
        if (peer->step == 0)
            continue;
        (void)client_take(peer);
    }
    return some;
}

/* Lets both talk until none has anything to say. */
static inline void client_run(struct client_peer *peer)
{
    int on = 1;

    while (on && !peer->deleted && !peer->lost) {
        on = client_take(peer);
        script_read(peer);
        if (client_give(peer)) {
            peer->trips++;
            on = 1;
        }
    }
}

/* Makes the session, starts it, and lets the server greet. */
static inline void client_open(struct client_peer *peer)
{
    client_make(peer);
    (void)smtp_session_start(peer->session, peer->now);
    script_answer(peer, "CONNECT");
}

static inline int client_send(struct client_peer *peer)
{
    return smtp_client_send(peer->client, &peer->envelope, peer->now, NULL);
}

static inline void client_delete(struct client_peer *peer)
{
    if (!peer->deleted)
        smtp_client_del(peer->client);
    peer->deleted = 1;
    assert_int_equal(peer->memory.live, 0);
    text_free(&peer->events);
    text_free(&peer->wire);
    text_free(&peer->content);
    text_free(&peer->replies);
    free(peer->piece);
    free(peer->storage);
    peer->piece = NULL;
    peer->storage = NULL;
}

/* A whole session with one message. */
static inline void client_session(struct client_peer *peer)
{
    client_open(peer);
    assert_int_equal(client_send(peer), SMTP_ERR_OK);
    assert_int_equal(smtp_client_quit(peer->client, peer->now), SMTP_ERR_OK);
    client_run(peer);
}

#define CLIENT_SAW(peer, text) assert_string_equal(text_of(&(peer)->events), text)
#define CLIENT_SAID(peer, text) assert_string_equal(text_of(&(peer)->wire), text)

#endif
