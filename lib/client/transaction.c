/* SPDX-License-Identifier: MIT
 * A transaction: a group of commands that goes out as far as it may, and the replies that decide it
 * (RFC 2920 3.1). */
#include <string.h>

#include "client/client.h"

int smtp__client_pipelines(const smtp_client *client)
{
    return (client->flags & SMTP_CLIENT_NO_PIPELINING) == 0 &&
           (client->capabilities.extensions & SMTP_EXT_PIPELINING) != 0;
}

/* What this server's word is good for: REQUIRETLS says nothing in the clear (RFC 8689 2). */
static uint32_t extensions_of(const smtp_client *client)
{
    uint32_t extensions = client->capabilities.extensions;

    if (client->session.tls != SMTP__TLS_ON)
        extensions &= ~(uint32_t)SMTP_EXT_REQUIRETLS;
    return extensions;
}

/* Times that are outside of what the server offers (RFC 4865 4.1, RFC 2852 4.1.4.1). */
static int is_out_of_bounds(const smtp_capabilities *capabilities, const smtp_params *params)
{
    if (params == NULL)
        return 0;
    if ((params->present & SMTP_PARAM_HOLDFOR) && params->hold_for > capabilities->hold_max)
        return 1;
    if ((params->present & SMTP_PARAM_HOLDUNTIL) &&
        params->hold_until > capabilities->hold_until_max)
        return 1;
    return (params->present & SMTP_PARAM_BY) && params->by_mode == SMTP_BY_RETURN &&
           params->by_seconds < (int64_t)capabilities->deliver_by_min;
}

/* Begins a transaction that was queued, or ends it when this server cannot take it. */
static void begin(smtp_client *client)
{
    const smtp_envelope *envelope = client->envelope;
    const smtp_capabilities *capabilities = &client->capabilities;
    size_t wrong;
    int error = SMTP_ERR_OK;

    client->next = 0;
    client->answered = 0;
    client->accepted = 0;
    client->delivered = 0;
    client->temporary = 0;
    client->offset = 0;
    client->chunk.len = 0;
    client->last_chunk = 0;
    client->deferred = 0;
    client->chunk_ready = 0;
    client->chunk_due = 0;
    client->line_open = 0;
    memset(&client->encoder, 0, sizeof client->encoder);
    memset(&client->checker, 0, sizeof client->checker);
    if (envelope->flags & SMTP_ENVELOPE_MEND)
        client->encoder.newlines = SMTP_NEWLINES_MEND;
    if (capabilities->size_kind == SMTP_SIZE_VALUE && envelope->octets > capabilities->size_max)
        error = SMTP_ERR_MESSAGE_TOO_LARGE;
    if (error == SMTP_ERR_OK)
        error = smtp__client_check(client, envelope, extensions_of(client), &wrong);
    if (error == SMTP_ERR_OK && smtp__client_is_binary(client) && !smtp__client_chunks(client))
        error = SMTP_ERR_NEEDS_BINARYMIME; /* RFC 3030 3 */
    if (error == SMTP_ERR_OK && is_out_of_bounds(capabilities, envelope->params))
        error = SMTP_ERR_PARAMETER_VALUE;
    if (error != SMTP_ERR_OK) {
        smtp__client_finish(client, SMTP_RESULT_PERMANENT, error, NULL);
        return;
    }
    client->phase = SMTP__PHASE_MAIL;
}

/* The syntax that the server's extensions allow. */
static void syntax_of(const smtp_client *client, smtp_syntax *syntax)
{
    memset(syntax, 0, sizeof *syntax);
    syntax->size = sizeof *syntax;
    syntax->extensions = extensions_of(client);
    syntax->flags = SMTP_SYNTAX_UTF8; /* smtp__client_check() has seen to it */
}

static int put_mail(smtp_client *client)
{
    smtp_command command;
    smtp_syntax syntax;

    if (client->needs_rset) {
        int error = smtp__client_put(client, SMTP_VERB_RSET);
        if (error == SMTP_ERR_OK)
            client->needs_rset = 0;
        return error;
    }
    syntax_of(client, &syntax);
    (void)smtp__client_mail_command(client, client->envelope, syntax.extensions, &command);
    if (smtp__client_put_command(client, &command, &syntax, command.verb) != SMTP_ERR_OK)
        return SMTP_ERR_NO_SPACE;
    client->phase = SMTP__PHASE_RCPT;
    return SMTP_ERR_OK;
}

static int put_rcpt(smtp_client *client)
{
    smtp_command command;
    smtp_syntax syntax;

    if (client->next == client->envelope->recipient_count) {
        client->phase = SMTP__PHASE_DATA;
        return SMTP_ERR_OK;
    }
    syntax_of(client, &syntax);
    (void)smtp__client_rcpt_command(&client->envelope->recipients[client->next], &command);
    if (smtp__client_put_command(client, &command, &syntax, command.verb) != SMTP_ERR_OK)
        return SMTP_ERR_NO_SPACE;
    client->next++;
    return SMTP_ERR_OK;
}

static int put_data(smtp_client *client)
{
    int error;

    if (smtp__client_chunks(client)) {
        client->phase = SMTP__PHASE_BODY;
        return SMTP_ERR_OK;
    }
    error = smtp__client_put(client, SMTP_VERB_DATA);

    if (error == SMTP_ERR_OK)
        client->phase = SMTP__PHASE_REPLIES;
    return error;
}

/* One step; an error when no more can be done for now. */
static int step(smtp_client *client)
{
    if (client->phase == SMTP__PHASE_QUEUED && client->drain == 0) {
        begin(client);
        return SMTP_ERR_OK;
    }
    if (client->phase < SMTP__PHASE_MAIL || client->phase > SMTP__PHASE_DATA)
        return SMTP_ERR_STATE;
    if (!smtp__client_may_group(client))
        return SMTP_ERR_STATE;
    if (client->phase == SMTP__PHASE_MAIL)
        return put_mail(client);
    return client->phase == SMTP__PHASE_RCPT ? put_rcpt(client) : put_data(client);
}

void smtp__client_transact(smtp_client *client)
{
    while (client->session.stage == SMTP__RUNNING && step(client) == SMTP_ERR_OK)
        continue;
    if (client->session.stage == SMTP__RUNNING && client->phase == SMTP__PHASE_BODY) {
        if (smtp__client_chunks(client))
            smtp__client_send_chunks(client);
        else
            smtp__client_send_body(client);
    }
}

void smtp__client_on_mail(smtp_client *client, const smtp__client_reply *reply)
{
    if (reply->code / 100 == 2) {
        client->session.transactions++;
        client->needs_rset = 1;
        return;
    }
    smtp__client_finish(client, smtp__client_class(reply->code), SMTP_ERR_TRANSACTION_REFUSED,
                        reply);
}

void smtp__client_on_rcpt(smtp_client *client, const smtp__client_reply *reply)
{
    size_t position = client->answered++;

    if (reply->code / 100 == 2) {
        client->accepted++;
        client->session.recipients++;
        client->envelope->recipients[position].private_state = SMTP__RECIPIENT_ACCEPTED;
    } else {
        /* Too many recipients was 552 once, and is to be read as temporary (RFC 5321 4.5.3.1.10).
         */
        int result = reply->code == 552 ? SMTP_RESULT_TEMPORARY : smtp__client_class(reply->code);
        smtp__client_recipient_result(client, position, result, SMTP_ERR_OK, reply);
    }
    if (client->session.stage == SMTP__RUNNING && client->accepted == 0 &&
        client->answered == client->envelope->recipient_count)
        smtp__client_finish(client,
                            client->temporary ? SMTP_RESULT_TEMPORARY : SMTP_RESULT_PERMANENT,
                            SMTP_ERR_NO_RECIPIENTS, reply);
}

void smtp__client_on_data(smtp_client *client, const smtp__client_reply *reply)
{
    if (reply->code / 100 == 3)
        client->phase = SMTP__PHASE_BODY;
    else if (reply->code / 100 == 2)
        smtp__session_end(&client->session, SMTP_ERR_UNEXPECTED_REPLY);
    else
        smtp__client_finish(client, smtp__client_class(reply->code), SMTP_ERR_TRANSACTION_REFUSED,
                            reply);
}

/* LMTP: the reply of the next recipient that was accepted (RFC 2033 4.2). 1 when another one is
 * due. */
static int take_lmtp_reply(smtp_client *client, const smtp__client_reply *reply)
{
    const smtp_envelope *envelope = client->envelope;
    size_t i = 0;

    while (i < envelope->recipient_count &&
           envelope->recipients[i].private_state != SMTP__RECIPIENT_ACCEPTED)
        i++;
    if (i < envelope->recipient_count)
        smtp__client_recipient_result(client, i, smtp__client_class(reply->code), SMTP_ERR_OK,
                                      reply);
    return --client->accepted > 0;
}

void smtp__client_on_end(smtp_client *client, const smtp__client_reply *reply)
{
    int result = smtp__client_class(reply->code);

    if (client->flags & SMTP_CLIENT_LMTP) {
        if (take_lmtp_reply(client, reply)) {
            smtp__client_expect(client, SMTP_VERB_END_OF_DATA);
            return;
        }
        if (client->session.stage != SMTP__RUNNING)
            return;
        if (client->delivered > 0)
            result = SMTP_RESULT_DELIVERED;
        else
            result = client->temporary ? SMTP_RESULT_TEMPORARY : SMTP_RESULT_PERMANENT;
    }
    /* A BDAT that was refused leaves a transaction (RFC 3030 2). */
    client->needs_rset = result != SMTP_RESULT_DELIVERED && smtp__client_chunks(client);
    smtp__client_finish(
        client, result,
        result == SMTP_RESULT_DELIVERED ? SMTP_ERR_OK : SMTP_ERR_TRANSACTION_REFUSED, reply);
}

void smtp__client_interrupt(smtp_client *client, const smtp__client_reply *reply)
{
    int result = smtp__client_class(reply->code);
    int error = SMTP_ERR_TRANSACTION_REFUSED;

    if (reply->code / 100 < 4) {
        /* It says nothing, and whether the server has the whole message decides what is known. */
        int whole = client->phase == SMTP__PHASE_END && smtp__output_empty(&client->session.output);
        result = whole ? SMTP_RESULT_UNKNOWN : SMTP_RESULT_TEMPORARY;
        error = whole ? SMTP_ERR_OUTCOME_UNKNOWN : SMTP_ERR_UNEXPECTED_REPLY;
    }
    smtp__output_clear(&client->session.output);
    smtp__client_finish(client, result, error, reply);
}
