/* SPDX-License-Identifier: MIT
 * BDAT: octets that are counted, never searched, and read past when they are not wanted (RFC 3030).
 */
#include "server/server.h"

/* Begins to read past the octets of a chunk that is not wanted. */
static void read_past(smtp_server *server, const smtp_command *command)
{
    server->chunk.left = command->octets;
    server->chunk.active = 1;
    server->chunk.last = (command->flags & SMTP_COMMAND_LAST) != 0;
    server->session.octets = 1;
    if (command->octets == 0)
        smtp__server_end_chunk(server);
}

/* Whatever the command is refused for, its octets follow: when their number cannot be read, nothing
 * behind it can be told apart. */
void smtp__server_bad_bdat(smtp_server *server, const smtp_command *command, int error,
                           size_t column)
{
    if (command->octets == UINT64_MAX) {
        smtp__server_refuse(server, error, column);
        smtp__session_end(&server->session, SMTP_ERR_FRAMING_LOST);
        return;
    }
    server->chunk.out_of_order = 1;
    server->content_octets = 0;
    server->refusal_error = (int16_t)error;
    read_past(server, command);
}

/* Begins with the octets of a chunk whose transaction stands. */
static void read_wanted(smtp_server *server)
{
    server->state = SMTP__BDAT;
    server->session.octets = 1;
    /* What is known to be too large need not be looked at. */
    if (server->chunk.left > server->message_max - server->content_octets)
        smtp__server_refuse_content(server, SMTP_ERR_MESSAGE_TOO_LARGE);
    if (server->session.stage == SMTP__RUNNING && server->chunk.left == 0)
        smtp__server_end_chunk(server);
}

void smtp__server_run_bdat(smtp_server *server, const smtp_command *command)
{
    if (server->state == SMTP__MAIL) {
        smtp__server_bad_bdat(
            server, command,
            server->flags & SMTP_SERVER_LMTP ? SMTP_ERR_STATE : SMTP_ERR_NO_RECIPIENTS, 0);
        return;
    }
    server->chunk.left = command->octets;
    server->chunk.active = 1;
    server->chunk.last = (command->flags & SMTP_COMMAND_LAST) != 0;
    if (server->state == SMTP__RCPT) {
        smtp__server_ask_data(server, 1);
        return;
    }
    read_wanted(server);
}

void smtp__server_done_chunk_data(smtp_server *server, int code)
{
    if (code == 354) {
        smtp__server_begin_content(server);
        read_wanted(server);
        return;
    }
    if (code == 421) {
        smtp__server_done_command(server, code);
        return;
    }
    /* The reply, even one in the caller's own words, is due behind the octets (RFC 3030 2): they
     * are on their way. */
    server->refusal = (int16_t)code;
    server->refusal_status = 0;
    server->refusal_error = 0;
    smtp__server_abandon(server, SMTP_RESET_REFUSED, SMTP_ERR_OK);
    if (server->session.stage != SMTP__RUNNING)
        return;
    server->state = SMTP__BDAT;
    server->session.octets = 1;
    if (server->chunk.left == 0)
        smtp__server_end_chunk(server);
}

/* The transaction is over: a message that lacks a chunk must not be completed by the next one.
 * Chunks that are on their way already are read past and answered 503. */
void smtp__server_drop(smtp_server *server, int error)
{
    smtp__server_reset(server, SMTP_RESET_REFUSED, error);
    server->group_refused = 1;
}

/* A chunk that came out of order: now it is behind us, and the error can be said. */
static void end_unwanted(smtp_server *server)
{
    int error = server->refusal_error;

    server->chunk.active = 0;
    server->chunk.out_of_order = 0;
    server->refusal_error = 0;
    server->verb = SMTP_VERB_BDAT;
    if (error == SMTP_ERR_STATE && server->group_refused)
        smtp__server_tell(server, error, 0);
    else
        smtp__server_refuse(server, error, 0);
    if (server->session.stage == SMTP__RUNNING && server->state > SMTP__MAIL)
        smtp__server_drop(server, error);
}

void smtp__server_end_octets(smtp_server *server)
{
    smtp_str nothing = {NULL, 0};

    smtp_data_check(&server->content.chunks, nothing);
    server->found |= server->content.chunks.found;
    if (server->refusal == 0 && server->last_cr && server->body != SMTP_BODY_BINARYMIME &&
        (server->tolerate & SMTP_TOLERATE_CR_BODY) == 0)
        smtp__server_refuse_content(server, SMTP_ERR_BARE_CR);
    server->last_cr = 0;
}

void smtp__server_end_chunk(smtp_server *server)
{
    smtp_session *session = &server->session;

    session->octets = 0;
    smtp__session_wait(session, server->command_timeout);
    if (server->chunk.out_of_order) {
        end_unwanted(server);
        return;
    }
    server->chunk.active = 0;
    if (server->chunk.last) {
        smtp__server_end_octets(server);
        if (session->stage == SMTP__RUNNING)
            smtp__server_end_content(server);
        return;
    }
    server->verb = SMTP_VERB_BDAT;
    if (server->refusal != 0) {
        smtp__server_reply_refusal(server);
        smtp__server_drop(server, SMTP_ERR_OK);
        return;
    }
    smtp__server_reply(server, 250, SMTP_STATUS(2, 0, 0), SMTP__NO_STR);
}
