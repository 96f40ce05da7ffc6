/* SPDX-License-Identifier: MIT
 * XCLIENT and XFORWARD (Postfix's XCLIENT_README) as verbs of the program's own: a proxy says for
 * whom it speaks. A server on standard input and output that keeps nothing; "trusted" as its
 * argument says that the connection is the proxy's. Each accepted RCPT is told on standard error.
 *     printf 'EHLO p\r\nXCLIENT ADDR=192.0.2.1\r\nQUIT\r\n' | ./xclient trusted */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <smtp/transport.h>

enum { ATTRIBUTES = 8, VALUE_MAX = 256 };

static const char *const names[ATTRIBUTES] = {"NAME", "ADDR",  "PORT",     "PROTO",
                                              "HELO", "LOGIN", "DESTADDR", "DESTPORT"};

static const smtp_str verbs[] = {{"XCLIENT", 7}, {"XFORWARD", 8}};
static const smtp_str keywords[] = {
    {"XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT", 57},
    {"XFORWARD NAME ADDR PORT PROTO HELO", 34}};

/* What is known of the client behind the proxy. */
typedef struct session {
    int trusted;
    int in_transaction;
    char values[ATTRIBUTES][VALUE_MAX]; /* "" where nothing is known */
} session;

/* NAME=VALUE: the value is xtext; [UNAVAILABLE] and [TEMPUNAVAIL] say that there is none. */
static int take_attribute(session *s, smtp_str pair)
{
    const char *equals = memchr(pair.ptr, '=', pair.len);
    smtp_str name = {pair.ptr, 0};
    smtp_str value = {NULL, 0};
    size_t len = 0;
    int i = 0;

    if (equals == NULL)
        return -1;
    name.len = (size_t)(equals - pair.ptr);
    value.ptr = equals + 1;
    value.len = pair.len - name.len - 1;
    while (i < ATTRIBUTES && !smtp_str_equal_nocase(name, smtp_text(names[i])))
        i++;
    if (i == ATTRIBUTES)
        return -1;
    if (smtp_xtext_decode(s->values[i], VALUE_MAX - 1, &len, value) != 0)
        return -1;
    s->values[i][len] = '\0';
    if (strcmp(s->values[i], "[UNAVAILABLE]") == 0 || strcmp(s->values[i], "[TEMPUNAVAIL]") == 0)
        s->values[i][0] = '\0';
    return 0;
}

static int own_verb(smtp_server *server, const smtp_command_event *event, void *user)
{
    session *s = user;
    smtp_str rest = event->command->argument;
    int is_xclient = event->command->verb == SMTP_VERB_CUSTOM; /* the first of verbs */

    if (!s->trusted)
        return smtp_server_reply(server, 550, 0, smtp_text("You are not a proxy of mine"));
    if (s->in_transaction)
        return 503;
    if (rest.len == 0)
        return 501;
    while (rest.len > 0) {
        smtp_str pair = rest;
        const char *space = memchr(rest.ptr, ' ', rest.len);

        if (space != NULL)
            pair.len = (size_t)(space - rest.ptr);
        rest.ptr += pair.len;
        rest.len -= pair.len;
        while (rest.len > 0 && *rest.ptr == ' ') {
            rest.ptr++;
            rest.len--;
        }
        if (take_attribute(s, pair) != 0)
            return 501;
    }
    /* XCLIENT begins the session anew, with a greeting; the client says EHLO again. */
    return is_xclient ? smtp_server_reply(server, 220, 0, smtp_text("go on")) : SMTP_ACCEPT;
}

static int mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    (void)server;
    (void)event;
    ((session *)user)->in_transaction = 1;
    return SMTP_ACCEPT;
}

static int rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    const session *s = user;
    int i;

    (void)server;
    fprintf(stderr, "rcpt %.*s", (int)event->path->mailbox.text.len, event->path->mailbox.text.ptr);
    for (i = 0; i < ATTRIBUTES; i++) {
        if (s->values[i][0] != '\0')
            fprintf(stderr, " %s=%s", names[i], s->values[i]);
    }
    fprintf(stderr, "\n");
    return SMTP_ACCEPT;
}

static int message(smtp_server *server, const smtp_message_event *event, void *user)
{
    (void)server;
    (void)event;
    ((session *)user)->in_transaction = 0;
    return SMTP_ACCEPT;
}

static void reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    (void)server;
    (void)event;
    ((session *)user)->in_transaction = 0;
}

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

int main(int argc, char **argv)
{
    smtp_transport transport = {
        .size = sizeof transport, .receive = receive, .send = send_slices, .now = now};
    smtp_server_config config = {.size = sizeof config, .verbs = verbs, .verb_count = 2};
    smtp_server_callbacks callbacks = {.size = sizeof callbacks,
                                       .mail = mail,
                                       .rcpt = rcpt,
                                       .message = message,
                                       .command = own_verb,
                                       .reset = reset};
    smtp_pump_state state = {.start = 0};
    session s = {.trusted = argc > 1 && strcmp(argv[1], "trusted") == 0};
    smtp_server *server;
    char buffer[4096];

    /* Nobody else is to know that there is such a thing. */
    config.keywords = keywords;
    config.keyword_count = s.trusted ? 2 : 0;
    if (smtp_server_new(&server, &config, &callbacks, &s, NULL) != 0)
        return 1;
    smtp_session_start(smtp_server_session(server), now(NULL));
    smtp_pump(smtp_server_session(server), &transport, NULL, &state, buffer, sizeof buffer);
    smtp_server_del(server);
    return 0;
}
