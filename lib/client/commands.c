/* SPDX-License-Identifier: MIT
 * Commands of the caller's own. */
#include <string.h>

#include "client/client.h"

int smtp_client_command(smtp_client *client, int verb, smtp_str name, smtp_str argument,
                        smtp_time now)
{
    static const uint32_t allowed =
        1u << SMTP_VERB_RSET | 1u << SMTP_VERB_VRFY | 1u << SMTP_VERB_EXPN | 1u << SMTP_VERB_HELP |
        1u << SMTP_VERB_NOOP | 1u << SMTP_VERB_ETRN | 1u << SMTP_VERB_ATRN;
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
    if (error == SMTP_ERR_OK)
        smtp__client_go_on(client, now);
    return error;
}
