/* SPDX-License-Identifier: MIT
 * What goes out, in order and as far as it may. */
#include <string.h>

#include "client/client.h"

/* The verb of the newest command whose reply is due, SMTP_VERB_UNKNOWN: none is. */
static int last_verb(const smtp_client *client)
{
    unsigned last = (unsigned)client->pending_first + client->pending_count - 1u;

    return client->pending_count > 0 ? client->pending[last % client->pending_max]
                                     : SMTP_VERB_UNKNOWN;
}

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
    if (client->pending_count == 0 || last_verb(client) == SMTP_VERB_END_OF_DATA)
        client->asked_at = client->session.octets_out + smtp__output_queued(output);
    if (command->verb == SMTP_VERB_RSET)
        client->needs_rset = 0;
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
        (void)smtp_host_parse(&command.host, client->terms->hostname, 0, 0, NULL);
    return smtp__client_put_command(client, &command, NULL, verb);
}

void smtp__client_say_quit(smtp_client *client)
{
    int error = smtp__client_put(client, SMTP_VERB_QUIT);

    client->state = SMTP__CLIENT_QUITTING;
    if (error != SMTP_ERR_OK || (client->flags & SMTP_CLIENT_NO_QUIT_REPLY))
        smtp__session_end(&client->session, client->leaving);
}

/* 1 when a command may go now: no reply is due, or those that are leave room for another in their
 * group, which the content of a message may begin (RFC 2920 3.1). */
int smtp__client_may_group(const smtp_client *client)
{
    int verb = last_verb(client);

    if (client->pending_count == 0)
        return 1;
    if (!smtp__client_pipelines(client))
        return 0;
    return verb == SMTP_VERB_RSET || verb == SMTP_VERB_MAIL || verb == SMTP_VERB_RCPT ||
           verb == SMTP_VERB_END_OF_DATA;
}

/* What is waited for: how long, and the error when it does not come (RFC 5321 4.5.3.2). The last
 * row is for any command that has none of its own. */
static const struct wait {
    int8_t verb;
    uint8_t timeout; /* SMTP__TIMEOUT_ */
    int16_t error;
} waits[] = {
    {SMTP_VERB_CONNECT, SMTP__TIMEOUT_GREETING, SMTP_ERR_GREETING_TIMEOUT},
    {SMTP_VERB_MAIL, SMTP__TIMEOUT_COMMAND, SMTP_ERR_MAIL_TIMEOUT},
    {SMTP_VERB_RCPT, SMTP__TIMEOUT_COMMAND, SMTP_ERR_RCPT_TIMEOUT},
    {SMTP_VERB_DATA, SMTP__TIMEOUT_DATA, SMTP_ERR_DATA_TIMEOUT},
    {SMTP_VERB_BDAT, SMTP__TIMEOUT_MESSAGE, SMTP_ERR_MESSAGE_TIMEOUT},
    {SMTP_VERB_END_OF_DATA, SMTP__TIMEOUT_MESSAGE, SMTP_ERR_MESSAGE_TIMEOUT},
    {SMTP_VERB_ATRN, SMTP__TIMEOUT_ATRN, SMTP_ERR_COMMAND_TIMEOUT}, /* RFC 2645 5.2.1 */
    {SMTP_VERB_UNKNOWN, SMTP__TIMEOUT_COMMAND, SMTP_ERR_COMMAND_TIMEOUT},
};
static const struct wait wait_for_body = {0, SMTP__TIMEOUT_BODY, SMTP_ERR_BODY_TIMEOUT};
static const struct wait wait_for_tls = {0, SMTP__TIMEOUT_COMMAND, SMTP_ERR_TLS_TIMEOUT};

/* The next thing that the server owes us, or NULL. */
static const struct wait *wait_of(const smtp_client *client)
{
    int body_goes = client->phase == SMTP__PHASE_BODY
                        ? !smtp__output_empty(&client->session.output)
                        : client->phase == SMTP__PHASE_END && !smtp__client_body_has_gone(client);
    int verb = smtp__client_next_verb(client);
    size_t i = 0;

    if (client->session.tls == SMTP__TLS_WANTED)
        return &wait_for_tls;
    if (body_goes)
        return &wait_for_body;
    if (verb == SMTP_VERB_UNKNOWN)
        return NULL;
    while (waits[i].verb != verb && waits[i].verb != SMTP_VERB_UNKNOWN)
        i++;
    return &waits[i];
}

static smtp_time patience(const smtp_client *client)
{
    const struct wait *wait = wait_of(client);

    return wait != NULL ? client->terms->timeouts[wait->timeout] : SMTP_TIME_NEVER;
}

int smtp__client_overdue(const smtp_client *client)
{
    const struct wait *wait = wait_of(client);

    return wait != NULL ? wait->error : SMTP_ERR_TIMEOUT;
}

void smtp__client_advance(smtp_client *client)
{
    smtp_session *session = &client->session;

    if (session->stage == SMTP__RUNNING && client->state == SMTP__CLIENT_READY) {
        smtp__client_transact(client);
        if (session->stage == SMTP__RUNNING && client->quit && client->phase == SMTP__PHASE_IDLE &&
            client->pending_count == 0)
            smtp__client_say_quit(client);
    }
    if (session->stage == SMTP__RUNNING)
        smtp__session_wait(session, patience(client));
}

void smtp__client_go_on(smtp_client *client, smtp_time now)
{
    smtp_session *session = &client->session;
    smtp_time deadline = session->deadline;

    if (session->busy || session->stage != SMTP__RUNNING)
        return;
    session->busy = 1;
    session->now = now;
    smtp__client_advance(client);
    if (session->stage == SMTP__RUNNING && session->deadline != SMTP_TIME_NEVER &&
        session->deadline > deadline)
        session->deadline = deadline;
    (void)smtp__session_leave(session);
}
