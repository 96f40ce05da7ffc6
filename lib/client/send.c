/* SPDX-License-Identifier: MIT
 * What goes out, in order and as far as it may: commands of the set-up, of transactions and of the
 * caller. */
#include <string.h>

#include "client/client.h"

int smtp__client_put_command(smtp_client *client, const smtp_command *command,
                             const smtp_syntax *syntax, int expected)
{
    smtp__output *output = &client->session.output;
    size_t len = 0;
    char *tail;
    int error;

    if (client->pending_count >= client->pending_max || smtp__output_segments_left(output) == 0)
        return SMTP_ERR_NO_SPACE;
    tail = smtp__output_tail(output);
    error = smtp_command_format(tail, smtp__output_room(output), &len, command, syntax);
    if (error != SMTP_ERR_OK)
        return error;
    if (client->pending_count == 0)
        client->asked_at = client->session.octets_out + smtp__output_queued(output);
    client->session.commands++;
    smtp__session_trace_output(&client->session, tail, len);
    smtp__output_wrote(output, len);
    smtp__client_expect(client, expected);
    return SMTP_ERR_OK;
}

int smtp__client_put(smtp_client *client, int verb)
{
    smtp_command command;

    memset(&command, 0, sizeof command);
    command.verb = verb;
    if (verb == SMTP_VERB_EHLO || verb == SMTP_VERB_HELO || verb == SMTP_VERB_LHLO)
        (void)smtp_host_parse(&command.host, client->hostname, 0, 0, NULL);
    return smtp__client_put_command(client, &command, NULL, verb);
}

/* 1 when a command may go now: no reply is due, or those that are leave room for another in their
 * group (RFC 2920 3.1). */
int smtp__client_may_group(const smtp_client *client)
{
    unsigned last = (unsigned)client->pending_first + client->pending_count - 1u;
    int verb;

    if (client->pending_count == 0)
        return 1;
    if (!smtp__client_pipelines(client))
        return 0;
    verb = client->pending[last % client->pending_max];
    return verb == SMTP_VERB_RSET || verb == SMTP_VERB_MAIL || verb == SMTP_VERB_RCPT;
}

/* How long the next thing that the server owes us may take. */
static smtp_time patience(const smtp_client *client)
{
    if ((client->phase == SMTP__PHASE_BODY || client->phase == SMTP__PHASE_END) &&
        !smtp__output_empty(&client->session.output))
        return client->body_timeout;
    if (client->session.tls == SMTP__TLS_WANTED)
        return client->command_timeout;
    if (client->pending_count == 0)
        return SMTP_TIME_NEVER;
    switch (client->pending[client->pending_first]) {
    case SMTP_VERB_CONNECT:
        return client->greeting_timeout;
    case SMTP_VERB_DATA:
        return client->data_timeout;
    case SMTP_VERB_END_OF_DATA:
    case SMTP_VERB_BDAT:
        return client->message_timeout;
    default:
        return client->command_timeout;
    }
}

void smtp__client_advance(smtp_client *client)
{
    smtp_session *session = &client->session;

    if (session->stage == SMTP__RUNNING && client->state == SMTP__CLIENT_READY &&
        session->tls != SMTP__TLS_WANTED) {
        smtp__client_transact(client);
        if (session->stage == SMTP__RUNNING && client->quit && client->phase == SMTP__PHASE_IDLE &&
            client->pending_count == 0 && smtp__client_put(client, SMTP_VERB_QUIT) == SMTP_ERR_OK)
            client->state = SMTP__CLIENT_QUITTING;
    }
    if (session->stage == SMTP__RUNNING)
        smtp__session_wait(session, patience(client));
}

int smtp_client_command(smtp_client *client, int verb, smtp_str name, smtp_str argument,
                        smtp_time now)
{
    static const uint32_t allowed = 1u << SMTP_VERB_RSET | 1u << SMTP_VERB_VRFY |
                                    1u << SMTP_VERB_EXPN | 1u << SMTP_VERB_HELP |
                                    1u << SMTP_VERB_NOOP | 1u << SMTP_VERB_ETRN;
    smtp_session *session = &client->session;
    smtp_command command;
    smtp_syntax syntax;
    int error;

    if (verb != SMTP_VERB_CUSTOM && (verb < 0 || verb > 31 || (allowed >> verb & 1u) == 0))
        return SMTP_ERR_ARGUMENT;
    if (session->stage != SMTP__RUNNING || client->state != SMTP__CLIENT_READY ||
        client->phase != SMTP__PHASE_IDLE || client->quit)
        return SMTP_ERR_STATE;
    /* What is drained may still end in a 354, to which a command would be content. */
    if (client->drain > 0 || !smtp__client_may_group(client))
        return SMTP_ERR_NO_SPACE;
    memset(&command, 0, sizeof command);
    memset(&syntax, 0, sizeof syntax);
    syntax.size = sizeof syntax;
    syntax.extensions = UINT32_MAX;
    syntax.verbs = &name;
    syntax.verb_count = verb == SMTP_VERB_CUSTOM ? 1 : 0;
    command.verb = verb;
    command.argument = argument;
    error = smtp__client_put_command(client, &command, &syntax, verb);
    if (error == SMTP_ERR_OK && !session->busy) {
        session->now = now;
        smtp__session_wait(session, patience(client));
    }
    return error;
}
