/* SPDX-License-Identifier: MIT
 * Replies of the server: lines are joined, and each reply is matched with the command that it
 * answers. */
#include <string.h>

#include "client/client.h"
#include "smtp/reply.h"

static void on_command(smtp_client *client, const smtp__client_reply *reply)
{
    (void)client;
    (void)reply;
}

/* What follows from a reply to a verb. */
static void (*handler_of(int verb))(smtp_client *, const smtp__client_reply *)
{
    switch (verb) {
    case SMTP_VERB_CONNECT:
        return smtp__client_on_greeting;
    case SMTP_VERB_EHLO:
    case SMTP_VERB_HELO:
    case SMTP_VERB_LHLO:
        return smtp__client_on_hello;
    case SMTP_VERB_STARTTLS:
        return smtp__client_on_starttls;
    case SMTP_VERB_AUTH:
        return smtp__client_on_auth;
    case SMTP_VERB_MAIL:
        return smtp__client_on_mail;
    case SMTP_VERB_RCPT:
        return smtp__client_on_rcpt;
    case SMTP_VERB_DATA:
        return smtp__client_on_data;
    case SMTP_VERB_BDAT:
        return smtp__client_on_bdat;
    case SMTP_VERB_END_OF_DATA:
        return smtp__client_on_end;
    case SMTP_VERB_QUIT:
        return smtp__client_on_quit;
    case SMTP_VERB_ATRN:
        return smtp__client_on_atrn;
    default:
        return on_command;
    }
}

void smtp__client_expect(smtp_client *client, int verb)
{
    unsigned at = ((unsigned)client->pending_first + client->pending_count) % client->pending_max;

    client->pending[at] = (int8_t)verb;
    client->pending_count++;
}

void smtp__client_expect_again(smtp_client *client, int verb)
{
    unsigned at = (unsigned)client->pending_first + client->pending_max - 1u;

    client->pending_first = (uint8_t)(at % client->pending_max);
    client->pending[client->pending_first] = (int8_t)verb;
    client->pending_count++;
}

int smtp__client_next_verb(const smtp_client *client)
{
    return client->pending_count > 0 ? client->pending[client->pending_first] : SMTP_VERB_UNKNOWN;
}

static void forget_verb(smtp_client *client)
{
    client->pending_first = (uint8_t)((client->pending_first + 1u) % client->pending_max);
    client->pending_count--;
}

static void show(smtp_client *client, int verb, const smtp__client_reply *reply)
{
    smtp_reply_event event;

    event.verb = verb;
    event.code = reply->code;
    event.status = reply->status;
    event.reserved = 0;
    event.text = reply->text;
    if (client->callbacks->reply != NULL)
        client->callbacks->reply(client, &event, client->user);
}

static void shut(smtp_session *session)
{
    smtp__session_refuse(session, SMTP_ERR_SHUTTING_DOWN, 421, 0);
    smtp__session_end(session, SMTP_ERR_SHUTTING_DOWN);
}

/* A reply that nothing asked for. The server may say 421 at any time, and refuse a message before
 * it has all of it. */
static void unexpected(smtp_client *client, const smtp__client_reply *reply)
{
    smtp_session *session = &client->session;

    smtp__session_refuse(session, SMTP_ERR_UNEXPECTED_REPLY, reply->code, 0);
    if (client->phase == SMTP__PHASE_BODY || client->phase == SMTP__PHASE_END)
        smtp__client_interrupt(client, reply);
    if (session->stage != SMTP__RUNNING)
        return;
    if (reply->code == 421)
        shut(session);
    else
        smtp__session_end(session, SMTP_ERR_UNEXPECTED_REPLY);
}

/* Replies to a transaction that was told to have failed are of no interest, but for a 354: then the
 * server waits for content, and gets none (RFC 2920 3.1). In LMTP nobody could say how many replies
 * that has (RFC 2033 4.2). */
static void drain(smtp_client *client, int verb, const smtp__client_reply *reply)
{
    smtp__output *output = &client->session.output;

    client->drain--;
    if (verb != SMTP_VERB_DATA || reply->code / 100 != 3)
        return;
    if ((client->flags & SMTP_CLIENT_LMTP) || smtp__output_room(output) < 3) {
        smtp__session_end(&client->session, SMTP_ERR_UNEXPECTED_REPLY);
        return;
    }
    (void)smtp__output_tail(output);
    smtp__output_put(output, smtp_text(".\r\n"));
    smtp__client_expect(client, SMTP_VERB_END_OF_DATA);
    client->drain++;
}

/* 1 for a reply to a command of which nothing has gone, or to content that has not all gone: a
 * server that answers what it cannot have seen is out of step, or somebody else speaks for it. */
static int is_too_early(const smtp_client *client, int verb)
{
    if (verb == SMTP_VERB_CONNECT)
        return 0;
    /* Of several chunks only the newest may still be going. */
    if (verb == SMTP_VERB_END_OF_DATA || (verb == SMTP_VERB_BDAT && client->pending_count == 1))
        return client->drain == 0 && !smtp__client_body_has_gone(client);
    return verb != SMTP_VERB_BDAT && client->session.octets_out <= client->asked_at;
}

static void take_reply(smtp_client *client, const smtp__client_reply *reply)
{
    smtp_session *session = &client->session;
    int verb = smtp__client_next_verb(client);
    int early = verb != SMTP_VERB_UNKNOWN && is_too_early(client, verb);

    if (verb != SMTP_VERB_UNKNOWN)
        forget_verb(client); /* first: what is asked for in `reply` may take its place */
    session->replies++;
    show(client, verb, reply);
    if (session->stage != SMTP__RUNNING)
        return;
    if (verb == SMTP_VERB_UNKNOWN || early ||
        (reply->code / 100 == 3 && verb != SMTP_VERB_DATA && verb != SMTP_VERB_AUTH)) {
        unexpected(client, reply);
        return;
    }
    if (client->drain > 0)
        drain(client, verb, reply);
    else
        handler_of(verb)(client, reply);
    /* It may answer any command, and whatever was answered, the server closes now (RFC 5321 3.8).
     */
    if (reply->code == 421 && session->stage == SMTP__RUNNING)
        shut(session);
}

/* Keeps a line of a reply that has more than one; 0 when it is too long. */
static int keep(smtp_client *client, smtp_str text, int first)
{
    if (text.len + 1 > client->text_max - client->text_length)
        return 0;
    if (!first)
        client->text[client->text_length++] = '\n';
    if (text.len > 0)
        memcpy(client->text + client->text_length, text.ptr, text.len);
    client->text_length += (uint32_t)text.len;
    return 1;
}

/* The code of its first lines decides nothing: it is no reply. */
static void protocol_error(smtp_client *client, int error, size_t column)
{
    client->session.errors++;
    smtp__session_refuse(&client->session, error, 0, column);
    smtp__session_end(&client->session, error);
}

void smtp__client_line(smtp_session *session, smtp_str line)
{
    smtp_client *client = (smtp_client *)session;
    smtp__client_reply reply;
    smtp_reply_line parsed;
    size_t column = 0;
    int first = client->reply_code == 0;
    int error = smtp_reply_line_parse(&parsed, line, &column);

    if (error == SMTP_ERR_OK && !first && parsed.code != client->reply_code)
        error = SMTP_ERR_REPLY_MIXED;
    if (error == SMTP_ERR_OK && !(first && parsed.last) && !keep(client, parsed.text, first))
        error = SMTP_ERR_REPLY_TOO_LONG;
    if (error != SMTP_ERR_OK) {
        protocol_error(client, error, column);
        return;
    }
    if (first)
        client->reply_status = parsed.status;
    client->reply_code = (int16_t)parsed.code;
    if (!parsed.last)
        return;
    reply.code = parsed.code;
    reply.status = client->reply_status;
    reply.text = parsed.text;
    if (!first) {
        reply.text.ptr = client->text + client->text_kept;
        reply.text.len = client->text_length - client->text_kept;
    }
    client->reply_code = 0;
    client->text_length = client->text_kept;
    client->reply = &reply;
    take_reply(client, &reply);
    client->reply = NULL;
    smtp__client_advance(client);
}

void smtp__client_bad_line(smtp_session *session, int error)
{
    protocol_error((smtp_client *)session, error, 0);
}
