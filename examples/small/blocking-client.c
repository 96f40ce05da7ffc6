/* SPDX-License-Identifier: MIT
 * A client on a blocking socket: the pump does all of the talking.
 *     blocking-client HOST PORT FROM TO < message
 * No TLS: what you see is sent in the clear. */
#define _POSIX_C_SOURCE 200809L
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <smtp/client.h>
#include <smtp/transport.h>

static ptrdiff_t receive(void *io, void *buffer, size_t len)
{
    ptrdiff_t count = recv(*(int *)io, buffer, len, 0);
    return count >= 0 ? count : SMTP_TRANSPORT_ERROR;
}

static ptrdiff_t send_slices(void *io, const smtp_str *slices, size_t n)
{
    ptrdiff_t count = send(*(int *)io, slices[0].ptr, slices[0].len, MSG_NOSIGNAL);
    (void)n; /* one slice at a time is simple, and correct */
    return count >= 0 ? count : SMTP_TRANSPORT_ERROR;
}

static smtp_time now(void *io)
{
    struct timespec time;
    (void)io;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (smtp_time)time.tv_sec * 1000 + (smtp_time)(time.tv_nsec / 1000000);
}

/* The message is read from standard input while it is sent. */
static int body(smtp_client *client, smtp_body_request *request, void *user)
{
    (void)client;
    (void)user;
    request->chunk.ptr = request->buffer;
    request->chunk.len = fread(request->buffer, 1, request->capacity, stdin);
    request->last = feof(stdin) != 0;
    return ferror(stdin) ? SMTP_ERR_BODY_FAILED : SMTP_ACCEPT;
}

static void sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    *(int *)user = event->result;
    printf("%d %s\n", event->code, smtp_error_text(event->error));
    smtp_client_quit(client, now(NULL));
}

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    const struct addrinfo *address;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &list) != 0)
        return -1;
    for (address = list; address != NULL && fd < 0; address = address->ai_next) {
        fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (fd >= 0 && connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    return fd;
}

int main(int argc, char **argv)
{
    smtp_transport transport = {
        .size = sizeof transport, .receive = receive, .send = send_slices, .now = now};
    smtp_client_callbacks callbacks = {.size = sizeof callbacks, .sent = sent, .body = body};
    smtp_client_config config = {.size = sizeof config, .tls = SMTP_TLS_NONE};
    smtp_recipient recipient = {.mailbox = {NULL, 0}};
    smtp_envelope envelope = {.size = sizeof envelope,
                              .recipients = &recipient,
                              .recipient_count = 1,
                              .flags = SMTP_ENVELOPE_MEND};
    smtp_pump_state state = {.start = 0};
    smtp_client *client = NULL;
    int result = SMTP_RESULT_NONE;
    char buffer[4096];
    int error;
    int fd;

    if (argc != 5 || (fd = connect_to(argv[1], argv[2])) < 0) {
        fprintf(stderr, "usage: blocking-client HOST PORT FROM TO < message\n");
        return 64;
    }
    envelope.reverse_path = smtp_text(argv[3]);
    recipient.mailbox = smtp_text(argv[4]);
    if (smtp_client_new(&client, &config, &callbacks, &result, NULL) != 0)
        return 71;
    smtp_session_start(smtp_client_session(client), now(NULL));
    error = smtp_client_send(client, &envelope, now(NULL), NULL);
    if (error == 0)
        smtp_pump(smtp_client_session(client), &transport, &fd, &state, buffer, sizeof buffer);
    else
        printf("%s\n", smtp_error_text(error));
    smtp_client_del(client);
    close(fd);
    return result == SMTP_RESULT_DELIVERED ? 0 : 1;
}
