/* SPDX-License-Identifier: MIT
 * A transaction up to its content: MAIL, RCPT and DATA, and how it is dropped. */
#include <string.h>

#include "server/server.h"

/* All that belongs to one transaction goes at once, so that nothing of it is met in the next. */
static void forget(smtp_server *server)
{
    smtp_session *session = &server->session;

    session->octets = 0;
    if (server->state > SMTP__READY)
        server->state = SMTP__READY;
    server->rcpts = 0;
    server->recipients = 0;
    server->position = 0;
    server->found = 0;
    server->content_octets = 0;
    server->refusal = 0;
    server->offence = 0;
    server->parked = 0;
    server->utf8 = 0;
    server->body = SMTP_BODY_NONE;
    server->ending = 0;
    server->last_cr = 0;
    memset(&server->chunk, 0, sizeof server->chunk);
}

void smtp__server_abandon(smtp_server *server, int reason, int error)
{
    smtp_reset_event event;

    if (!server->open)
        return;
    server->open = 0;
    event.reason = reason;
    event.error = reason == SMTP_RESET_TIMEOUT ? SMTP_ERR_OK : error;
    if (server->callbacks->reset != NULL)
        server->callbacks->reset(server, &event, server->user);
}

void smtp__server_reset(smtp_server *server, int reason, int error)
{
    smtp__server_abandon(server, reason, error);
    forget(server);
}

/* What was offered has bounds: 1 when a parameter is outside of them, and was answered. */
static int is_out_of_bounds(smtp_server *server, const smtp_params *params)
{
    uint32_t present = params->present;
    int by_return = (present & SMTP_PARAM_BY) && params->by_mode == SMTP_BY_RETURN;

    if ((present & SMTP_PARAM_SIZE) && params->size > server->message_max) {
        smtp__server_refuse(server, SMTP_ERR_MESSAGE_TOO_LARGE, 0);
        return 1;
    }
    if (((present & SMTP_PARAM_HOLDFOR) && params->hold_for > server->extras->hold_max) ||
        ((present & SMTP_PARAM_HOLDUNTIL) && params->hold_until > server->extras->hold_until_max)) {
        smtp__server_refuse(server, SMTP_ERR_PARAMETER_VALUE, 0); /* RFC 4865 4.2 */
        return 1;
    }
    if (by_return && (uint32_t)params->by_seconds < server->extras->deliver_by_min) {
        smtp__server_reply(server, 555, SMTP_STATUS(5, 5, 4), /* RFC 2852 3 */
                           smtp_text("the time is below the minimum that was offered"));
        return 1;
    }
    return 0;
}

void smtp__server_run_mail(smtp_server *server, const smtp_command *command)
{
    const smtp_params *params = &command->params;
    smtp_mail_event event;
    int answer = SMTP_ACCEPT;

    if (server->mails++ >= server->transactions_max) {
        smtp__server_shut(server, SMTP_ERR_TOO_MANY_COMMANDS, SMTP_STATUS(4, 7, 0),
                          smtp_text("too many transactions in one session"));
        return;
    }
    if (is_out_of_bounds(server, params)) {
        server->group_refused = 1;
        return;
    }
    server->body = (uint8_t)(params->present & SMTP_PARAM_BODY ? params->body : SMTP_BODY_NONE);
    server->utf8 = (params->present & SMTP_PARAM_SMTPUTF8) != 0;
    event.path = &command->path;
    event.params = params;
    event.ticket = smtp__server_ask(server, SMTP__OP_MAIL);
    if (server->callbacks->mail != NULL)
        answer = server->callbacks->mail(server, &event, server->user);
    smtp__server_answered(server, answer);
}

void smtp__server_done_mail(smtp_server *server, int code)
{
    if (code / 100 == 2) {
        server->state = SMTP__MAIL;
        server->open = 1;
        server->session.transactions++;
    } else {
        server->utf8 = 0;
        server->body = SMTP_BODY_NONE;
        server->group_refused = 1;
    }
    smtp__server_done_command(server, code);
}

void smtp__server_run_rcpt(smtp_server *server, const smtp_command *command)
{
    smtp_rcpt_event event;
    int answer = 550;

    if (server->rcpts++ >= server->recipients_max) {
        smtp__server_refuse(server, SMTP_ERR_TOO_MANY_RECIPIENTS, 0);
        return;
    }
    event.position = server->recipients;
    event.reserved = 0;
    event.path = &command->path;
    event.params = &command->params;
    event.ticket = smtp__server_ask(server, SMTP__OP_RCPT);
    if (server->callbacks->rcpt != NULL)
        answer = server->callbacks->rcpt(server, &event, server->user);
    smtp__server_answered(server, answer);
}

void smtp__server_done_rcpt(smtp_server *server, int code)
{
    if (code / 100 == 2) {
        server->state = SMTP__RCPT;
        server->recipients++;
        server->session.recipients++;
    }
    smtp__server_done_command(server, code);
}

/* Asks whether content may come, by DATA or by the first BDAT. */
void smtp__server_ask_data(smtp_server *server, int chunked)
{
    smtp_data_event event;
    int answer = SMTP_ACCEPT;

    event.recipients = server->recipients;
    event.chunked = chunked;
    event.ticket = smtp__server_ask(server, SMTP__OP_DATA);
    if (server->callbacks->data != NULL)
        answer = server->callbacks->data(server, &event, server->user);
    smtp__server_answered(server, answer);
}

void smtp__server_run_data(smtp_server *server, const smtp_command *command)
{
    (void)command;
    if (server->state == SMTP__MAIL) {
        /* LMTP says 503 (RFC 2033 4.2), SMTP 554 (RFC 2920 3.1). */
        smtp__server_refuse(
            server, server->flags & SMTP_SERVER_LMTP ? SMTP_ERR_STATE : SMTP_ERR_NO_RECIPIENTS, 0);
        return;
    }
    if (server->body == SMTP_BODY_BINARYMIME) {
        smtp__server_refuse(server, SMTP_ERR_STATE, 0); /* only BDAT carries it (RFC 3030 3) */
        return;
    }
    smtp__server_ask_data(server, 0);
}

void smtp__server_done_data(smtp_server *server, int code)
{
    if (server->chunk.active) {
        smtp__server_done_chunk_data(server, code);
        return;
    }
    smtp__server_conclude(server, code);
    if (code == 354) {
        server->state = SMTP__DATA;
        smtp__server_begin_content(server);
        return;
    }
    if (code == 421)
        smtp__session_end(&server->session, SMTP_ERR_CLOSED_BY_CALLER);
    else
        smtp__server_reset(server, SMTP_RESET_REFUSED, SMTP_ERR_OK);
}
