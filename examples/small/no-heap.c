/* SPDX-License-Identifier: MIT
 * A client and a server that talk to each other inside of one program, in static arrays: no socket,
 * no heap. The conversation goes to standard output. */
#include <stdio.h>

#include <smtp/client.h>
#include <smtp/server.h>

/* Storage of a session: aligned for a pointer and a uint64_t. */
typedef union storage {
    unsigned char octets[8192];
    void *pointer;
    uint64_t number;
} storage;

static const char letter[] = "Subject: hello\r\n\r\n.No heap was needed for this.\r\n";

static void show(smtp_session *session, const smtp_trace_event *event, void *user)
{
    (void)session;
    (void)user;
    if (event->kind == SMTP_TRACE_BODY)
        printf("%c: [%u octets]\n", event->client ? 'C' : 'S', (unsigned)event->octets);
    else
        printf("%c: %.*s\n", event->client ? 'C' : 'S', (int)event->text.len, event->text.ptr);
}

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

static int on_received(smtp_server *server, const smtp_body_event *event, void *user)
{
    (void)server;
    *(uint64_t *)user += event->chunk.len;
    return SMTP_ACCEPT;
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    (void)server;
    (void)user;
    return event->octets == sizeof letter - 1 ? SMTP_ACCEPT : 554;
}

static int on_body(smtp_client *client, smtp_body_request *request, void *user)
{
    (void)client;
    (void)user;
    request->chunk.ptr = letter;
    request->chunk.len = sizeof letter - 1;
    request->last = 1;
    return SMTP_ACCEPT;
}

static void on_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    *(int *)user = event->result;
    smtp_client_quit(client, 0);
}

/* Carries what one says to the other. Returns how many octets there were. */
static size_t carry(smtp_session *from, smtp_session *to)
{
    smtp_str out;
    size_t used = 0;

    if (smtp_session_output(from, &out, 1) == 0)
        return 0;
    smtp_session_receive(to, out.ptr, out.len, 0, &used);
    smtp_session_sent(from, used, 0);
    return used;
}

int main(void)
{
    static storage server_storage;
    static storage client_storage;
    static char printed[BUFSIZ];
    smtp_server_config server_config = {.size = sizeof server_config};
    smtp_client_config client_config = {.size = sizeof client_config,
                                        .tls = SMTP_TLS_NONE,
                                        .reply_max = 512,
                                        .output_buffer = 1024};
    smtp_server_callbacks server_callbacks = {.size = sizeof server_callbacks,
                                              .rcpt = on_rcpt,
                                              .body = on_received,
                                              .message = on_message};
    smtp_client_callbacks client_callbacks = {
        .size = sizeof client_callbacks, .sent = on_sent, .body = on_body};
    smtp_recipient recipient = {.mailbox = smtp_text("reader@example.org")};
    smtp_envelope envelope = {.size = sizeof envelope,
                              .reverse_path = smtp_text("writer@example.com"),
                              .recipients = &recipient,
                              .recipient_count = 1,
                              .octets = sizeof letter - 1};
    uint64_t received = 0;
    int result = SMTP_RESULT_NONE;
    smtp_server *server;
    smtp_client *client;

    setvbuf(stdout, printed, _IOFBF, sizeof printed);
    printf("a server of %lu octets and a client of %lu\n",
           (unsigned long)smtp_server_bytes(&server_config),
           (unsigned long)smtp_client_bytes(&client_config));
    if (smtp_server_init(&server, server_storage.octets, sizeof server_storage, &server_config,
                         &server_callbacks, &received) != 0 ||
        smtp_client_init(&client, client_storage.octets, sizeof client_storage, &client_config,
                         &client_callbacks, &result) != 0)
        return 1;
    smtp_session_set_trace(smtp_client_session(client), show, NULL);
    smtp_session_start(smtp_server_session(server), 0);
    smtp_session_start(smtp_client_session(client), 0);
    smtp_client_send(client, &envelope, 0, NULL);
    while (carry(smtp_server_session(server), smtp_client_session(client)) +
               carry(smtp_client_session(client), smtp_server_session(server)) >
           0)
        ;
    printf("%u octets arrived\n", (unsigned)received);
    smtp_client_del(client);
    smtp_server_del(server);
    return result == SMTP_RESULT_DELIVERED && received == sizeof letter - 1 ? 0 : 1;
}
