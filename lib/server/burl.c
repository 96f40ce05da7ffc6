/* SPDX-License-Identifier: MIT
 * BURL: a part of the message that the caller fetches from where a URL points to (RFC 4468). */
#include "server/server.h"

void smtp__server_run_burl(smtp_server *server, const smtp_command *command)
{
    smtp_burl_event event;

    if (server->state == SMTP__MAIL) {
        smtp__server_refuse(server, SMTP_ERR_NO_RECIPIENTS, 0);
        return;
    }
    if (server->state == SMTP__BDAT) /* what it names comes between the chunks */
        smtp__server_end_octets(server);
    if (server->session.stage != SMTP__RUNNING)
        return;
    if (server->refusal != 0) {
        smtp__server_reply_refusal(server);
        smtp__server_drop(server, SMTP_ERR_OK);
        return;
    }
    server->chunk.last = (command->flags & SMTP_COMMAND_LAST) != 0;
    event.ticket = smtp__server_ask(server, SMTP__OP_BURL);
    event.url = command->argument;
    event.first = server->state == SMTP__RCPT;
    event.last = server->chunk.last;
    smtp__server_answered(server, server->callbacks->burl(server, &event, server->user));
}

void smtp__server_done_burl(smtp_server *server, int code)
{
    if (code / 100 != 2) {
        smtp__server_done_command(server, code);
        if (server->session.stage == SMTP__RUNNING)
            smtp__server_drop(server, SMTP_ERR_OK);
        return;
    }
    if (server->state == SMTP__RCPT) {
        smtp__server_begin_content(server);
        server->session.octets = 0;
        server->state = SMTP__BDAT;
    }
    if (server->chunk.last) {
        smtp__server_end_content(server);
        return;
    }
    smtp__session_wait(&server->session, server->command_timeout);
    server->verb = SMTP_VERB_BURL;
    smtp__server_conclude(server, code);
}
