/* SPDX-License-Identifier: MIT
 * The store behind a session: the policy for recipients, the header that a delivery adds, the way
 * into the Maildir. */
#define _GNU_SOURCE 1
#include "store.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <smtp/status.h>
#include <smtp/trace.h>

#include "../common/endpoint.h"
#include "connection.h"

enum {
    MAILBOX_MAX = 512, /* octets of a formatted mailbox, even a tolerated one */
    RECEIVED_MAX = 2048,
    ID_MAX = 384
};

static const char delivered_to[] = "Delivered-To: ";

static int is_local(const struct receiver *receiver, const smtp_path *path)
{
    size_t i;

    if (receiver->any_recipient || path->kind == SMTP_PATH_POSTMASTER)
        return 1;
    for (i = 0; i < receiver->domains.count; i++) {
        if (smtp_str_equal_nocase(path->mailbox.host.text, smtp_text(receiver->domains.items[i])))
            return 1;
    }
    return 0;
}

/* Who may be a recipient. A client that has authenticated may send to any (RFC 6409 4.3). */
static int check_recipient(const struct connection *connection, const smtp_path *path)
{
    if (is_local(connection->shelf->receiver, path) ||
        smtp_server_identity(connection->server).len > 0)
        return SMTP_ACCEPT;
    return smtp_server_reply(connection->server, 550, SMTP_STATUS(5, 7, 1),
                             smtp_text("Relaying denied"));
}

static int begin(void *io, const smtp_mail_event *event)
{
    struct connection *connection = io;
    struct delivery *delivery = delivery_new(&connection->shelf->receiver->maildir);
    size_t length = 0;
    char *place;

    if (delivery == NULL)
        return SMTP_ERR_STORE;
    place = delivery_reserve(delivery, MAILBOX_MAX);
    if (place == NULL || smtp_return_path_format(place, MAILBOX_MAX, &length, event->path) != 0) {
        delivery_free(delivery);
        return SMTP_ERR_STORE;
    }
    delivery_added(delivery, length);
    connection->delivery = delivery;
    return SMTP_ACCEPT;
}

/* Adds the line "Delivered-To: mailbox". */
static int recipient(void *io, const smtp_rcpt_event *event)
{
    struct connection *connection = io;
    int answer = check_recipient(connection, event->path);
    size_t length = 0;
    char *place;

    if (answer != SMTP_ACCEPT)
        return answer;
    place = delivery_reserve(connection->delivery, sizeof delivered_to + MAILBOX_MAX);
    if (place == NULL)
        return SMTP_ERR_STORE;
    memcpy(place, delivered_to, sizeof delivered_to - 1);
    place += sizeof delivered_to - 1;
    if (smtp_mailbox_format(place, MAILBOX_MAX - 2, &length, &event->path->mailbox) != 0)
        return SMTP_ERR_STORE;
    memcpy(place + length, "\r\n", 2);
    delivery_added(connection->delivery, sizeof delivered_to - 1 + length + 2);
    return SMTP_ACCEPT;
}

/* The only recipient, read back from the end of the header: it tells nobody of others. A lone
 * Postmaster has no domain and is not a mailbox for this. */
static smtp_str only_recipient(const struct delivery *delivery, uint32_t recipients)
{
    smtp_str mailbox = {NULL, 0};
    smtp_str header;
    size_t at;

    header.ptr = delivery_text(delivery);
    header.len = delivery_length(delivery) - 2;
    for (at = header.len; header.ptr[at - 1] != '\n'; at--)
        ;
    at += sizeof delivered_to - 1;
    if (recipients == 1 && memchr(header.ptr + at, '@', header.len - at) != NULL) {
        mailbox.ptr = header.ptr + at;
        mailbox.len = header.len - at;
    }
    return mailbox;
}

/* The time now and how far local time is from it. */
static void set_date(smtp_received *received)
{
    time_t now = time(NULL);
    struct tm local;

    received->date = (uint64_t)now;
    if (localtime_r(&now, &local) != NULL)
        received->zone = (int32_t)(local.tm_gmtoff / 60);
}

/* Writes the id of a message as a msg-id: what is unique about the name of its file, and this host.
 */
static smtp_str format_id(char *out, const struct delivery *delivery, smtp_str host)
{
    smtp_str unique = delivery_id(delivery);
    smtp_str id;

    id.ptr = out;
    id.len = (size_t)snprintf(out, ID_MAX, "<%.*s@%.*s>", (int)unique.len, unique.ptr,
                              (int)host.len, host.ptr);
    return id;
}

/* Adds the Received field (RFC 5321 4.4). */
static int open_message(void *io, const smtp_data_event *event)
{
    struct connection *connection = io;
    struct delivery *delivery = connection->delivery;
    char *place = delivery_reserve(delivery, RECEIVED_MAX);
    char peer[ENDPOINT_TEXT_MAX] = "";
    char id[ID_MAX];
    struct sockaddr_storage address;
    socklen_t address_size = sizeof address;
    smtp_received received;
    void *any = &address;
    size_t length = 0;

    memset(&received, 0, sizeof received);
    received.size = sizeof received;
    if (place == NULL || smtp_server_received(connection->server, &received) != 0)
        return SMTP_ERR_STORE;
    if (getpeername(connection->stream.fd, any, &address_size) == 0)
        endpoint_host(peer, sizeof peer, &address);
    received.peer_ip = smtp_text(peer);
    received.id = format_id(id, delivery, received.by);
    received.for_path = only_recipient(delivery, event->recipients);
    set_date(&received);
    if (smtp_received_format(place, RECEIVED_MAX, &length, &received) != 0)
        return SMTP_ERR_STORE;
    delivery_added(delivery, length);
    return SMTP_ACCEPT;
}

static int write_message(void *io, const smtp_body_event *event)
{
    struct connection *connection = io;

    return delivery_write(connection->delivery, event->chunk);
}

static void drop(struct connection *connection)
{
    delivery_free(connection->delivery);
    connection->delivery = NULL;
}

/* LMTP asks once for each recipient: they share one file, and so one answer. The first one waits
 * for the messages that end in the same turn of the event loop, or in the next. */
static int commit(void *io, const smtp_message_event *event)
{
    struct connection *connection = io;
    int each = (connection->shelf->receiver->config.flags & SMTP_SERVER_LMTP) != 0;
    int last = !each || event->position + 1 == event->recipients;
    int state =
        connection->delivery != NULL ? delivery_state(connection->delivery) : SMTP_ERR_STORE;

    if (state == 0) {
        connection_commit_later(connection, event->ticket, last);
        return SMTP_DEFER;
    }
    if (state == 1 && last)
        drop(connection);
    return state == 1 ? SMTP_ACCEPT : state;
}

static void abort_message(void *io, const smtp_reset_event *event)
{
    (void)event;
    connection_commit_never(io);
    drop(io);
}

const smtp_store maildir_store = {
    .size = sizeof maildir_store,
    .begin = begin,
    .recipient = recipient,
    .open = open_message,
    .write = write_message,
    .commit = commit,
    .abort = abort_message,
};

static int greet(smtp_server *server, const smtp_connect_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    const struct connection *connection = adapter->io;

    (void)event;
    if (!connection->refused)
        return SMTP_ACCEPT;
    return smtp_server_reply(server, 421, 0, smtp_text("Too many connections, try again later"));
}

static int discard_recipient(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;

    (void)server;
    return check_recipient(adapter->io, event->path);
}

static int discard_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

void store_callbacks(smtp_server_callbacks *callbacks, int discard)
{
    memset(callbacks, 0, sizeof *callbacks);
    callbacks->size = sizeof *callbacks;
    callbacks->connect = greet;
    if (discard) {
        callbacks->rcpt = discard_recipient;
        callbacks->message = discard_message;
    } else {
        smtp_store_callbacks(callbacks);
    }
}
