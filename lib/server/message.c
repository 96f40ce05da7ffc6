/* SPDX-License-Identifier: MIT
 * The end of a message: one reply, or in LMTP one for each recipient (RFC 2033 4.2). */
#include "server/server.h"

/* How many replies the end of the content has. */
static uint32_t replies_due(const smtp_server *server)
{
    return server->flags & SMTP_SERVER_LMTP ? server->recipients : 1;
}

/* The reply to content that was refused while it came. */
void smtp__server_reply_refusal(smtp_server *server)
{
    if (server->parked > 0) {
        smtp__server_reply_parked(server,
                                  server->ending && server->position + 1 < replies_due(server));
        return;
    }
    if (server->refusal_error != 0)
        smtp__server_reply(server, server->refusal, server->refusal_status,
                           smtp_text(smtp_error_text(server->refusal_error)));
    else
        smtp__server_reply(server, server->refusal, 0, SMTP__NO_STR);
}

static void ask(smtp_server *server)
{
    smtp_message_event event;
    int answer = 451;

    event.octets = server->content_octets;
    event.recipients = server->recipients;
    event.position = server->position;
    event.found = server->found;
    event.reserved = 0;
    event.ticket = smtp__server_ask(server, SMTP__OP_MESSAGE);
    if (server->callbacks->message != NULL)
        answer = server->callbacks->message(server, &event, server->user);
    smtp__server_answered(server, answer);
}

/* Gives the next reply that is due while there is room for it. */
void smtp__server_go_on_ending(smtp_server *server)
{
    smtp_session *session = &server->session;

    while (session->stage == SMTP__RUNNING && server->ending && server->op == SMTP__OP_NONE &&
           smtp__server_has_room(session)) {
        server->verb = SMTP_VERB_END_OF_DATA;
        session->waiting = 0;
        if (server->position == replies_due(server)) {
            smtp__server_reset(server, SMTP_RESET_REFUSED, SMTP_ERR_OK);
            smtp__session_wait(session, server->command_timeout);
            return;
        }
        if (server->refusal != 0) {
            smtp__server_reply_refusal(server);
            server->position++;
        } else {
            ask(server);
        }
    }
    /* No input is taken before all replies are out. */
    if (session->stage == SMTP__RUNNING && server->ending)
        session->waiting = 1;
}

void smtp__server_done_message(smtp_server *server, int code)
{
    smtp__server_conclude(server, code);
    server->position++;
    if (code / 100 == 2) {
        server->commands = 0;
        if (!server->delivered)
            server->session.messages++;
        server->delivered = 1;
    }
    if (server->delivered && server->position == replies_due(server))
        server->open = 0;
    if (code == 421)
        smtp__session_end(&server->session, SMTP_ERR_CLOSED_BY_CALLER);
}

void smtp__server_end_content(smtp_server *server)
{
    server->session.octets = 0;
    server->position = 0;
    server->delivered = 0;
    server->ending = 1;
    server->op = SMTP__OP_NONE;
    smtp__server_go_on_ending(server);
}
