/* SPDX-License-Identifier: MIT
 * A connection of the client: finds an address, makes the session, sends its messages, tells what
 * became of them. */
#define _GNU_SOURCE 1
#include "connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/terminal.h"

/* Says on standard error why something failed: "program: server: text (reply)". */
static void complain(const struct sender *sender, const char *text, int code, smtp_str reply)
{
    fprintf(stderr, "%s: %s: %s", sender->program, sender->server, text);
    if (code != 0) {
        fprintf(stderr, " (%d%s", code, reply.len > 0 ? " " : "");
        terminal_write(stderr, reply);
        fputc(')', stderr);
    }
    fputc('\n', stderr);
}

/* The library has filled in what it knows: the binding to TLS and what was offered. */
static int on_credentials(smtp_client *client, const smtp_credentials_event *event, void *user)
{
    const struct connection *connection = user;
    const smtp_credentials *ours = &connection->sender->credentials;

    (void)client;
    event->credentials->authzid = ours->authzid;
    event->credentials->name = ours->name;
    event->credentials->password = ours->password;
    event->credentials->token = ours->token;
    event->credentials->host = ours->host;
    event->credentials->port = ours->port;
    return SMTP_ACCEPT;
}

static void on_recipient(smtp_client *client, const smtp_recipient_event *event, void *user)
{
    struct connection *connection = user;
    smtp_str text = event->text;

    (void)client;
    if (event->recipient->result == SMTP_RESULT_DELIVERED) {
        tally_success(&connection->sender->tally);
        return;
    }
    if (event->error == SMTP_ERR_OK)
        tally_refusal(&connection->sender->tally, event->recipient->result);
    else
        tally_failure(&connection->sender->tally, event->recipient->code, event->error);
    terminal_write(stderr, event->recipient->mailbox);
    if (event->recipient->code != 0)
        fprintf(stderr, ": %03d ", event->recipient->code);
    else
        fputs(": ", stderr);
    if (text.len == 0)
        text = smtp_text(smtp_error_text(event->error));
    terminal_write(stderr, text);
    fputc('\n', stderr);
}

/* Begins the next transaction, or says QUIT behind the last one. */
static void next(struct connection *connection)
{
    int error;

    if (connection->left > 0) {
        error = smtp_client_send(connection->client, &connection->envelope, stream_now(), NULL);
        if (error == 0) {
            connection->left--;
            return;
        }
        tally_failure(&connection->sender->tally, 0, error);
    }
    smtp_client_quit(connection->client, stream_now());
}

static void on_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    struct connection *connection = user;

    (void)client;
    /* That no recipient was accepted has been told of each of them. */
    connection->error = event->error;
    if (event->result != SMTP_RESULT_DELIVERED && event->error != SMTP_ERR_NO_RECIPIENTS)
        tally_failure(&connection->sender->tally, event->code, event->error);
    next(connection);
}

/* The whole message at once: it is borrowed until `sent`, and nothing is copied. */
static int on_body(smtp_client *client, smtp_body_request *request, void *user)
{
    const struct connection *connection = user;

    (void)client;
    request->chunk.ptr = connection->sender->message.octets;
    request->chunk.len = connection->sender->message.length;
    request->last = 1;
    return SMTP_ACCEPT;
}

static void on_close(smtp_client *client, const smtp_client_close_event *event, void *user)
{
    struct connection *connection = user;
    const char *text = smtp_error_text(event->error);

    (void)client;
    if (event->error == 0)
        return;
    if (connection->stream.reason != NULL)
        text = connection->stream.reason;
    complain(connection->sender, text, event->code, event->text);
    /* It may know the reply that ended the last transaction, too. */
    if (connection->left > 0 || event->error == connection->error)
        tally_failure(&connection->sender->tally, event->code, event->error);
}

static const smtp_client_callbacks callbacks = {
    .size = sizeof callbacks,
    .credentials = on_credentials,
    .recipient = on_recipient,
    .sent = on_sent,
    .body = on_body,
    .close = on_close,
};

static void add_statistics(const struct connection *connection)
{
    smtp_statistics *total = &connection->sender->total;
    smtp_statistics own;

    own.size = sizeof own;
    if (smtp_session_statistics(smtp_client_session(connection->client), &own) != 0)
        return;
    total->octets_in += own.octets_in;
    total->octets_out += own.octets_out;
    total->body_octets += own.body_octets;
    total->commands += own.commands;
    total->replies += own.replies;
    total->recipients += own.recipients;
    total->messages += own.messages;
}

static void end(struct connection *connection)
{
    if (connection->client != NULL)
        add_statistics(connection);
    stream_close(&connection->stream);
    smtp_client_del(connection->client);
    connection->client = NULL;
    connection->stage = CONNECTION_OVER;
}

/* Tries the address that is due and those behind it, until one begins to connect. */
static void try_addresses(struct connection *connection)
{
    int error = errno;
    smtp_str none = {NULL, 0};

    for (; connection->address != NULL; connection->address = connection->address->ai_next) {
        const struct addrinfo *address = connection->address;
        int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

        if (fd >= 0 &&
            (connect(fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS)) {
            connection->stream.fd = fd;
            connection->connect_by = stream_now() + connection->sender->connect_timeout;
            return;
        }
        error = errno;
        if (fd >= 0)
            close(fd);
    }
    complain(connection->sender, strerror(error), 0, none);
    tally_failure(&connection->sender->tally, 0, SMTP_ERR_TRANSPORT);
    end(connection);
}

/* The name for EHLO: as told, or this host's when it is a full one, or the address literal of this
 * side (RFC 5321 4.1.4). */
static smtp_str find_hello(struct connection *connection)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[INET6_ADDRSTRLEN] = "";
    void *any = &address;
    smtp_host parsed;

    if (connection->sender->hello != NULL)
        return smtp_text(connection->sender->hello);
    if (gethostname(connection->hello, sizeof connection->hello - 1) == 0 &&
        strchr(connection->hello, '.') != NULL &&
        smtp_host_parse(&parsed, smtp_text(connection->hello), 0, 0, NULL) == 0)
        return smtp_text(connection->hello);
    if (getsockname(connection->stream.fd, any, &size) == 0)
        endpoint_host(host, sizeof host, &address);
    snprintf(connection->hello, sizeof connection->hello,
             strchr(host, ':') != NULL ? "[IPv6:%s]" : "[%s]", host);
    return smtp_text(connection->hello);
}

/* Makes the session and gives it the first message. Returns 0 or an SMTP_ERR_ code. */
static int start(struct connection *connection)
{
    smtp_client_config config = connection->sender->config;
    int error;

    config.hostname = find_hello(connection);
    error = smtp_client_new(&connection->client, &config, &callbacks, connection, NULL);
    if (error != 0)
        return error;
    if (connection->sender->trace)
        smtp_session_set_trace(smtp_client_session(connection->client), terminal_trace,
                               &connection->traced);
    error = smtp_session_start(smtp_client_session(connection->client), stream_now());
    if (error == 0)
        next(connection);
    return error;
}

/* Looks what became of the attempt to connect. */
static void finish_connecting(struct connection *connection)
{
    struct pollfd now = {connection->stream.fd, POLLOUT, 0};
    socklen_t size = sizeof errno;
    int error = ETIMEDOUT;
    int on = 1;

    if (poll(&now, 1, 0) == 1)
        getsockopt(connection->stream.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    else if (stream_now() < connection->connect_by)
        return;
    if (error != 0) {
        close(connection->stream.fd);
        connection->stream.fd = -1;
        connection->address = connection->address->ai_next;
        errno = error;
        try_addresses(connection);
        return;
    }
    setsockopt(connection->stream.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->stage = CONNECTION_RUNNING;
    error = start(connection);
    if (error != 0) {
        tally_failure(&connection->sender->tally, 0, error);
        end(connection);
    }
}

void connection_open(struct connection *connection, struct sender *sender,
                     smtp_recipient *recipients)
{
    memset(connection, 0, sizeof *connection);
    memcpy(recipients, sender->envelope.recipients,
           sender->envelope.recipient_count * sizeof *recipients);
    connection->sender = sender;
    connection->stream.fd = -1;
    connection->stream.context = sender->tls;
    connection->stream.hears_out = 1; /* it may have said why */
    connection->envelope = sender->envelope;
    connection->envelope.recipients = recipients;
    connection->address = sender->addresses;
    connection->left = sender->count;
    try_addresses(connection);
}

short connection_events(const struct connection *connection)
{
    uint32_t want = connection->stream.want;

    if (connection->stage == CONNECTION_CONNECTING)
        return POLLOUT;
    return (short)((want & STREAM_READ ? POLLIN : 0) | (want & STREAM_WRITE ? POLLOUT : 0));
}

smtp_time connection_deadline(const struct connection *connection)
{
    if (connection->stage == CONNECTION_CONNECTING)
        return connection->connect_by;
    return smtp_session_deadline(smtp_client_session(connection->client));
}

void connection_continue(struct connection *connection, short ready)
{
    smtp_session *session;

    if (connection->stage == CONNECTION_CONNECTING)
        finish_connecting(connection);
    if (connection->stage != CONNECTION_RUNNING)
        return;
    session = smtp_client_session(connection->client);
    stream_begin(&connection->stream, (ready & ~POLLOUT) != 0);
    if (smtp_pump(session, &stream_transport, &connection->stream, &connection->pump,
                  connection->buffer, sizeof connection->buffer) <= SMTP_PUMP_DONE)
        end(connection);
}
