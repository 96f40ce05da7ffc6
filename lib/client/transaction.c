/* SPDX-License-Identifier: MIT
 * A transaction: a group of commands that goes out as far as it may, and the replies that decide
 * it. The group of the next one goes right behind a message (RFC 2920 3.1). */
#include "client/client.h"

int smtp__client_pipelines(const smtp_client *client)
{
    return (client->flags & SMTP_CLIENT_NO_PIPELINING) == 0 &&
           (client->terms->capabilities.extensions & SMTP_EXT_PIPELINING) != 0;
}

int smtp__client_body_has_gone(const smtp_client *client)
{
    return client->session.octets_out >= client->end_at;
}

int smtp__client_buffer_in_use(const smtp_client *client)
{
    return client->phase == SMTP__PHASE_BODY ||
           (client->phase == SMTP__PHASE_END && !smtp__client_body_has_gone(client));
}

/* What this server's word is good for: REQUIRETLS says nothing in the clear (RFC 8689 2). */
static uint32_t extensions_of(const smtp_client *client)
{
    uint32_t extensions = client->terms->capabilities.extensions;

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

/* What keeps this server from taking the transaction for good: an error, or 0. */
static int judge(smtp_client *client, const smtp_envelope *envelope)
{
    const smtp_capabilities *capabilities = &client->terms->capabilities;
    size_t wrong;
    int error;

    if (capabilities->size_kind == SMTP_SIZE_VALUE && envelope->octets > capabilities->size_max)
        return SMTP_ERR_MESSAGE_TOO_LARGE;
    error = smtp__client_check(client, envelope, extensions_of(client), &wrong);
    if (error != SMTP_ERR_OK)
        return error;
    if (smtp__client_is_binary(envelope) && !smtp__client_chunks(client, envelope))
        return SMTP_ERR_NEEDS_BINARYMIME; /* RFC 3030 3 */
    if (is_out_of_bounds(capabilities, envelope->params))
        return SMTP_ERR_PARAMETER_VALUE;
    return SMTP_ERR_OK;
}

/* Begins a transaction in its turn, or ends it when this server cannot take it. */
static void begin(smtp_client *client)
{
    int result = SMTP_RESULT_PERMANENT;
    int error = judge(client, client->envelope);

    client->next = 0;
    client->said = 0;
    if (error == SMTP_ERR_OK) {
        result = SMTP_RESULT_TEMPORARY; /* there are other sessions */
        error = smtp__client_over_limits(client, client->envelope);
    }
    if (error != SMTP_ERR_OK)
        smtp__client_finish(client, result, error, NULL);
    else
        client->phase = SMTP__PHASE_MAIL;
}

/* The same for one that goes ahead: what this server cannot take waits for its turn. */
static void begin_ahead(smtp_client *client)
{
    client->next = 0;
    client->said = 0;
    client->ahead = smtp__client_over_limits(client, client->queued) == SMTP_ERR_OK
                        ? SMTP__PHASE_MAIL
                        : SMTP__PHASE_WAIT;
}

/* Replies to RCPT are for those recipients that were not left out. */
static void skip_left_out(smtp_client *client)
{
    while (client->answered < client->next &&
           smtp__client_left_out(&client->envelope->recipients[client->answered]) != SMTP_ERR_OK)
        client->answered++;
}

/* 1 when every recipient was refused or left out. */
static int nobody_is_left(smtp_client *client)
{
    skip_left_out(client);
    return client->accepted == 0 && client->answered == client->envelope->recipient_count;
}

static int put_mail(smtp_client *client, const smtp_envelope *envelope, uint8_t *phase)
{
    smtp_command command;
    smtp_syntax syntax;

    if (client->needs_rset)
        return smtp__client_put(client, SMTP_VERB_RSET);
    smtp__client_syntax(client, extensions_of(client), &syntax);
    (void)smtp__client_mail_command(envelope, syntax.extensions, &command);
    if (smtp__client_put_command(client, &command, &syntax, command.verb) != SMTP_ERR_OK)
        return SMTP_ERR_NO_SPACE;
    client->terms->mails++;
    *phase = SMTP__PHASE_RCPT;
    return SMTP_ERR_OK;
}

static int put_rcpt(smtp_client *client, const smtp_envelope *envelope, uint8_t *phase)
{
    smtp_recipient *recipient = &envelope->recipients[client->next];
    smtp_command command;
    smtp_syntax syntax;

    if (client->next == envelope->recipient_count) {
        *phase = SMTP__PHASE_DATA;
        if (phase == &client->phase && nobody_is_left(client))
            smtp__client_finish(client, smtp__client_refusal(envelope), SMTP_ERR_NO_RECIPIENTS,
                                NULL);
        return SMTP_ERR_OK;
    }
    recipient->private_state = (uint32_t)smtp__client_over_limit(client, recipient);
    if (recipient->private_state == SMTP__RECIPIENT_NONE) {
        smtp__client_syntax(client, extensions_of(client), &syntax);
        (void)smtp__client_rcpt_command(recipient, &command);
        if (smtp__client_put_command(client, &command, &syntax, command.verb) != SMTP_ERR_OK)
            return SMTP_ERR_NO_SPACE;
        smtp__client_count_recipient(client, recipient);
    }
    client->next++;
    return SMTP_ERR_OK;
}

/* A body that goes by BDAT has no command before it, and waits for its turn. */
static int put_data(smtp_client *client, const smtp_envelope *envelope, uint8_t *phase)
{
    int error;

    if (smtp__client_chunks(client, envelope)) {
        if (phase == &client->ahead)
            return SMTP_ERR_STATE;
        smtp__client_begin_body(client);
        return SMTP_ERR_OK;
    }
    error = smtp__client_put(client, SMTP_VERB_DATA);
    if (error == SMTP_ERR_OK)
        *phase = SMTP__PHASE_REPLIES;
    return error;
}

/* What goes out in a phase; an error when no more can be done for now. */
static int (*const steps[])(smtp_client *, const smtp_envelope *, uint8_t *) = {
    [SMTP__PHASE_MAIL] = put_mail,
    [SMTP__PHASE_RCPT] = put_rcpt,
    [SMTP__PHASE_DATA] = put_data,
};

static int step_of(smtp_client *client, const smtp_envelope *envelope, uint8_t *phase)
{
    if (*phase < SMTP__PHASE_MAIL || *phase > SMTP__PHASE_DATA || !smtp__client_may_group(client))
        return SMTP_ERR_STATE;
    return steps[*phase](client, envelope, phase);
}

/* 1 while the message of the transaction under way is all that is still to be answered, so that the
 * commands of the next one may go. Where it went with its own commands there is nothing to gain,
 * for its reply comes with theirs. */
static int may_go_ahead(const smtp_client *client)
{
    return client->phase == SMTP__PHASE_END && !client->grouped && smtp__client_pipelines(client);
}

/* One step; an error when no more can be done for now. The next transaction is judged while the
 * buffer for that is not the body's. */
static int step(smtp_client *client)
{
    if (client->phase == SMTP__PHASE_QUEUED && client->drain == 0) {
        begin(client);
        return SMTP_ERR_OK;
    }
    if (client->queued != NULL && client->ahead == SMTP__PHASE_IDLE) {
        client->ahead =
            judge(client, client->queued) == SMTP_ERR_OK ? SMTP__PHASE_QUEUED : SMTP__PHASE_WAIT;
        return SMTP_ERR_OK;
    }
    if (!may_go_ahead(client))
        return step_of(client, client->envelope, &client->phase);
    if (client->ahead == SMTP__PHASE_QUEUED) {
        begin_ahead(client);
        return SMTP_ERR_OK;
    }
    return step_of(client, client->queued, &client->ahead);
}

void smtp__client_transact(smtp_client *client)
{
    while (client->session.stage == SMTP__RUNNING && step(client) == SMTP_ERR_OK)
        continue;
    if (client->session.stage == SMTP__RUNNING && client->phase == SMTP__PHASE_BODY) {
        if (smtp__client_chunks(client, client->envelope))
            smtp__client_send_chunks(client);
        else
            smtp__client_send_body(client);
    }
}

void smtp__client_on_mail(smtp_client *client, const smtp__client_reply *reply)
{
    /* After 452 the server may have kept something of it (RFC 1870 6.2). */
    client->needs_rset = reply->code / 100 == 2 || reply->code == 452;
    if (reply->code / 100 == 2)
        client->session.transactions++;
    else
        smtp__client_finish(client, smtp__client_class(reply->code), SMTP_ERR_TRANSACTION_REFUSED,
                            reply);
}

void smtp__client_on_rcpt(smtp_client *client, const smtp__client_reply *reply)
{
    const smtp_envelope *envelope = client->envelope;
    size_t position;

    skip_left_out(client);
    position = client->answered++;
    if (reply->code / 100 == 2) {
        client->accepted++;
        client->session.recipients++;
        envelope->recipients[position].private_state = SMTP__RECIPIENT_ACCEPTED;
    } else {
        /* Too many recipients was 552 once, and is to be read as temporary (RFC 5321 4.5.3.1.10).
         */
        int result = reply->code == 552 ? SMTP_RESULT_TEMPORARY : smtp__client_class(reply->code);
        smtp__client_recipient_result(client, position, result, SMTP_ERR_OK, reply);
    }
    if (client->session.stage == SMTP__RUNNING && nobody_is_left(client))
        smtp__client_finish(client, smtp__client_refusal(envelope), SMTP_ERR_NO_RECIPIENTS, reply);
}

void smtp__client_on_data(smtp_client *client, const smtp__client_reply *reply)
{
    if (reply->code / 100 == 3)
        smtp__client_begin_body(client);
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

    while (client->answered + 1 < envelope->recipient_count &&
           envelope->recipients[client->answered].private_state != SMTP__RECIPIENT_ACCEPTED)
        client->answered++;
    smtp__client_recipient_result(client, client->answered, smtp__client_class(reply->code),
                                  SMTP_ERR_OK, reply);
    return --client->accepted > 0;
}

void smtp__client_on_end(smtp_client *client, const smtp__client_reply *reply)
{
    int result = smtp__client_class(reply->code);

    if (client->flags & SMTP_CLIENT_LMTP) {
        if (take_lmtp_reply(client, reply)) {
            smtp__client_expect_again(client, SMTP_VERB_END_OF_DATA);
            return;
        }
        if (client->session.stage != SMTP__RUNNING)
            return;
        result =
            client->delivered > 0 ? SMTP_RESULT_DELIVERED : smtp__client_refusal(client->envelope);
    }
    if (result == SMTP_RESULT_DELIVERED)
        client->needs_rset = 0;
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
        int whole = client->phase == SMTP__PHASE_END && smtp__client_body_has_gone(client);
        result = whole ? SMTP_RESULT_UNKNOWN : SMTP_RESULT_TEMPORARY;
        error = whole ? SMTP_ERR_OUTCOME_UNKNOWN : SMTP_ERR_UNEXPECTED_REPLY;
    }
    smtp__output_clear(&client->session.output);
    smtp__client_finish(client, result, error, reply);
}
