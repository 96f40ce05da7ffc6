/* SPDX-License-Identifier: MIT
 * The beginning of a session: greeting, EHLO, HELO, LHLO and the switch to TLS. */
#include <string.h>

#include "server/server.h"

static void ask_connect(smtp_server *server)
{
    smtp_connect_event event;
    int answer = SMTP_ACCEPT;

    event.early = server->session.early;
    event.reserved = 0;
    event.ticket = smtp__server_ask(server, SMTP__OP_CONNECT);
    if (server->callbacks->connect != NULL)
        answer = server->callbacks->connect(server, &event, server->user);
    smtp__server_answered(server, answer);
}

/* While the greeting is held back, input is looked for and not taken: a client that speaks now has
 * not waited for it (RFC 5321 3.1). */
static void greet(smtp_server *server)
{
    server->verb = SMTP_VERB_CONNECT;
    if (server->greeting_delay == 0) {
        ask_connect(server);
        return;
    }
    server->session.octets = 1;
    smtp__session_wait(&server->session, server->greeting_delay);
}

int smtp__server_delays(const smtp_server *server)
{
    return server->state == SMTP__GREETING && server->session.octets;
}

void smtp__server_end_delay(smtp_server *server)
{
    server->session.octets = 0;
    smtp__session_wait(&server->session, server->command_timeout);
    ask_connect(server);
}

void smtp__server_start(smtp_session *session)
{
    smtp_server *server = (smtp_server *)session;

    smtp__session_wait(session, server->command_timeout);
    if (server->flags & SMTP_SERVER_IMPLICIT_TLS)
        smtp__session_want_tls(session);
    else
        greet(server);
}

void smtp__server_tls_started(smtp_session *session)
{
    smtp_server *server = (smtp_server *)session;

    smtp__session_wait(session, server->command_timeout);
    if (server->state == SMTP__GREETING) {
        greet(server);
        return;
    }
    /* What was said in the clear may have been said by somebody else (RFC 3207 4.2). */
    server->state = SMTP__START;
    server->hello_verb = 0;
    server->hello_length = 0;
    server->authenticated = 0;
    smtp__server_end_auth(server);
}

void smtp__server_done_connect(smtp_server *server, int code)
{
    server->early = server->session.early;
    if (server->replied == 0)
        code = smtp__server_write_reply(server, SMTP__OP_CONNECT, code, 0, SMTP__NO_STR);
    server->state = code / 100 == 2 ? SMTP__START : SMTP__REFUSING;
    if (code == 421)
        smtp__session_end(&server->session, SMTP_ERR_CLOSED_BY_CALLER);
}

void smtp__server_run_hello(smtp_server *server, const smtp_command *command)
{
    smtp_hello_event event;
    smtp_str name = command->host.text;
    int answer = SMTP_ACCEPT;

    if (name.len > SMTP_DOMAIN_MAX) {
        smtp__server_refuse(server, SMTP_ERR_DOMAIN_TOO_LONG, 0);
        return;
    }
    /* A refused EHLO leaves the session as it was (RFC 5321 4.1.4), so the new name waits beside
     * the old one. */
    memmove(smtp__server_parking(server, name.len), name.ptr, name.len);
    server->parked = (uint16_t)name.len;
    event.verb = command->verb;
    event.early = server->early;
    event.host = &command->host;
    event.ticket = smtp__server_ask(server, SMTP__OP_HELLO);
    if (server->callbacks->hello != NULL)
        answer = server->callbacks->hello(server, &event, server->user);
    smtp__server_answered(server, answer);
}

void smtp__server_done_hello(smtp_server *server, int code)
{
    smtp__output *output = &server->session.output;
    size_t len = server->parked;
    char *tail;

    server->parked = 0;
    if (code != 250) {
        if (code == 554 && server->session.tls == SMTP__TLS_ON)
            server->state = SMTP__INADEQUATE;
        smtp__server_done_command(server, code);
        return;
    }
    memcpy(server->hello, smtp__server_parking(server, len), len);
    server->hello_length = (uint8_t)len;
    server->hello_verb = (uint8_t)server->verb;
    smtp__server_reset(server, SMTP_RESET_HELLO, SMTP_ERR_OK);
    if (server->session.stage != SMTP__RUNNING)
        return;
    server->state = SMTP__READY;
    if (server->verb == SMTP_VERB_HELO) {
        smtp__server_reply(server, 250, 0, server->hostname);
        return;
    }
    tail = smtp__output_tail(output);
    len = smtp__server_offer(server, tail, smtp__server_reply_max(server));
    smtp__session_trace_output(&server->session, tail, len);
    server->session.replies++;
    smtp__output_wrote(output, len);
}

void smtp__server_run_starttls(smtp_server *server, const smtp_command *command)
{
    smtp_connect_event event;
    int answer = SMTP_ACCEPT;

    (void)command;
    if ((smtp__server_offered(server) & SMTP_EXT_STARTTLS) == 0) {
        smtp__server_refuse(
            server, server->session.tls == SMTP__TLS_ON ? SMTP_ERR_STATE : SMTP_ERR_UNSUPPORTED, 0);
        return;
    }
    event.early = server->early;
    event.reserved = 0;
    event.ticket = smtp__server_ask(server, SMTP__OP_STARTTLS);
    if (server->callbacks->starttls != NULL)
        answer = server->callbacks->starttls(server, &event, server->user);
    smtp__server_answered(server, answer);
}

void smtp__server_done_starttls(smtp_server *server, int code)
{
    smtp__server_done_command(server, code);
    if (code == 220)
        smtp__session_want_tls(&server->session);
}
