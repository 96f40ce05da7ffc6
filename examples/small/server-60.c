/* SPDX-License-Identifier: MIT
 * A server on standard input and output: inetd, socat or a systemd socket gives it a connection.
 *     socat TCP-LISTEN:2525,reuseaddr,fork EXEC:./server-60
 * Each message becomes a file message.PROCESS.NUMBER. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <smtp/transport.h>

typedef struct mail {
    FILE *file;
    char name[64];
    int count;
} mail;

static ptrdiff_t receive(void *io, void *buffer, size_t len)
{
    (void)io;
    return read(STDIN_FILENO, buffer, len);
}

static ptrdiff_t send_slices(void *io, const smtp_str *slices, size_t n)
{
    (void)io;
    (void)n;
    return write(STDOUT_FILENO, slices[0].ptr, slices[0].len);
}

static smtp_time now(void *io)
{
    (void)io;
    return (smtp_time)time(NULL) * 1000;
}

static int rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    (void)user;
    if (event->path->kind == SMTP_PATH_POSTMASTER ||
        smtp_str_equal_nocase(event->path->mailbox.host.text, smtp_text("example.org")))
        return SMTP_ACCEPT;
    return smtp_server_reply(server, 550, 0, smtp_text("Mail for example.org only"));
}

static int data(smtp_server *server, const smtp_data_event *event, void *user)
{
    mail *m = user;
    (void)server;
    (void)event;
    do { /* numbers of processes come again: "x" is for a file that was not there */
        snprintf(m->name, sizeof m->name, "message.%ld.%d", (long)getpid(), ++m->count);
        m->file = fopen(m->name, "wbx");
    } while (m->file == NULL && errno == EEXIST);
    return m->file != NULL ? SMTP_ACCEPT : 451;
}

static int body(smtp_server *server, const smtp_body_event *event, void *user)
{
    mail *m = user;
    (void)server;
    return fwrite(event->chunk.ptr, 1, event->chunk.len, m->file) == event->chunk.len ? SMTP_ACCEPT
                                                                                      : 452;
}

/* Whatever it was that went wrong, half a message is not left behind. */
static void reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    mail *m = user;
    (void)server;
    (void)event;
    if (m->file == NULL)
        return;
    fclose(m->file);
    remove(m->name);
    m->file = NULL;
}

static int message(smtp_server *server, const smtp_message_event *event, void *user)
{
    mail *m = user;
    (void)server;
    (void)event;
    if (fflush(m->file) != 0 || fsync(fileno(m->file)) != 0)
        return 451; /* and reset() is next */
    fclose(m->file);
    m->file = NULL;
    return SMTP_ACCEPT;
}

int main(void)
{
    smtp_transport transport = {
        .size = sizeof transport, .receive = receive, .send = send_slices, .now = now};
    smtp_server_config config = {.size = sizeof config};
    smtp_server_callbacks callbacks = {.size = sizeof callbacks,
                                       .rcpt = rcpt,
                                       .data = data,
                                       .body = body,
                                       .message = message,
                                       .reset = reset};
    smtp_pump_state state = {.start = 0};
    mail m = {.file = NULL};
    smtp_server *server;
    char buffer[4096];

    signal(SIGPIPE, SIG_IGN); /* a client that has gone is an error of write() */
    if (smtp_server_new(&server, &config, &callbacks, &m, NULL) != 0)
        return 1;
    smtp_session_start(smtp_server_session(server), now(NULL));
    smtp_pump(smtp_server_session(server), &transport, NULL, &state, buffer, sizeof buffer);
    smtp_server_del(server);
    return 0;
}
