/* SPDX-License-Identifier: MIT
 * What became of it: one `recipient` for each recipient, exactly one `sent` for each transaction.
 */
#include "client/client.h"

int smtp__client_class(int code)
{
    if (code / 100 == 2)
        return SMTP_RESULT_DELIVERED;
    return code / 100 == 5 ? SMTP_RESULT_PERMANENT : SMTP_RESULT_TEMPORARY;
}

void smtp__client_recipient_result(smtp_client *client, size_t position, int result, int error,
                                   const smtp__client_reply *reply)
{
    smtp_recipient *recipient = &client->envelope->recipients[position];
    smtp_recipient_event event;

    recipient->private_state = SMTP__RECIPIENT_DONE;
    recipient->result = result;
    recipient->code = reply != NULL ? reply->code : 0;
    recipient->status = reply != NULL ? reply->status : 0;
    if (result == SMTP_RESULT_DELIVERED)
        client->delivered++;
    event.envelope = client->envelope;
    event.recipient = recipient;
    event.position = position;
    event.error = error;
    event.reserved = 0;
    event.text = reply != NULL ? reply->text : SMTP__NO_STR;
    if (client->callbacks->recipient != NULL)
        client->callbacks->recipient(client, &event, client->user);
}

int smtp__client_refusal(const smtp_envelope *envelope)
{
    size_t i;

    for (i = 0; i < envelope->recipient_count; i++) {
        if (envelope->recipients[i].result == SMTP_RESULT_TEMPORARY ||
            smtp__client_left_out(&envelope->recipients[i]) != SMTP_ERR_OK)
            return SMTP_RESULT_TEMPORARY;
    }
    return SMTP_RESULT_PERMANENT;
}

/* How many of the replies that are due are for the message of the transaction that is over. */
static unsigned due_for_message(const smtp_client *client)
{
    unsigned i;

    for (i = 0; i < client->pending_count; i++) {
        unsigned at = ((unsigned)client->pending_first + i) % client->pending_max;
        if (client->pending[at] == SMTP_VERB_END_OF_DATA)
            return i + 1;
    }
    return 0;
}

/* The transaction behind the one that is over becomes the one under way, as far as it has got. What
 * is still due for the other is drained. */
static void take_next(smtp_client *client)
{
    int has_begun = client->ahead > SMTP__PHASE_QUEUED && client->ahead < SMTP__PHASE_WAIT;

    if (has_begun)
        client->drain = (uint8_t)due_for_message(client);
    else if (client->phase > SMTP__PHASE_QUEUED)
        client->drain = client->pending_count;
    client->envelope = client->queued;
    client->queued = NULL;
    client->phase = client->envelope != NULL ? SMTP__PHASE_QUEUED : SMTP__PHASE_IDLE;
    if (has_begun)
        client->phase = client->ahead;
    client->ahead = SMTP__PHASE_IDLE;
    client->answered = 0;
    client->accepted = 0;
    client->delivered = 0;
    client->chunk.len = 0;
    client->deferred = 0;
}

/* Tells what is left to tell of the recipients. */
static void finish_recipients(smtp_client *client, int result, int error,
                              const smtp__client_reply *reply)
{
    const smtp_envelope *envelope = client->envelope;
    size_t i;

    for (i = 0; i < envelope->recipient_count && !client->session.doomed; i++) {
        int left_out = smtp__client_left_out(&envelope->recipients[i]);
        if (left_out != SMTP_ERR_OK)
            smtp__client_recipient_result(client, i, SMTP_RESULT_TEMPORARY, left_out, NULL);
        else if (envelope->recipients[i].private_state != SMTP__RECIPIENT_DONE)
            smtp__client_recipient_result(client, i, result, error, reply);
    }
}

void smtp__client_finish(smtp_client *client, int result, int error,
                         const smtp__client_reply *reply)
{
    smtp_sent_event event;

    finish_recipients(client, result, error, reply);
    event.envelope = client->envelope;
    event.result = result;
    event.error = error;
    event.code = reply != NULL ? reply->code : 0;
    event.status = reply != NULL ? reply->status : 0;
    event.delivered = client->delivered;
    event.text = reply != NULL ? reply->text : SMTP__NO_STR;
    if (result == SMTP_RESULT_DELIVERED)
        client->session.messages++;
    take_next(client);
    if (client->callbacks->sent != NULL && !client->session.doomed)
        client->callbacks->sent(client, &event, client->user);
}

/* A server that refuses the session for good refuses the message too. */
static int setup_result(const smtp_session *session)
{
    return session->error == SMTP_ERR_REFUSED ? smtp__client_class(session->reply)
                                              : SMTP_RESULT_TEMPORARY;
}

/* The reply that ended the session: with its text while it is being dealt with, with its code as
 * long as that is known. */
static smtp__client_reply last_reply(const smtp_client *client)
{
    smtp__client_reply reply = {client->session.reply, 0, {NULL, 0}};

    if (client->reply != NULL && client->reply->code == reply.code)
        reply = *client->reply;
    return reply;
}

/* What is to be told of a transaction when its session ends. */
static void finish_lost(smtp_client *client, const smtp__client_reply *reply)
{
    smtp_session *session = &client->session;
    int result = setup_result(session);
    int error = session->error;

    if (error == SMTP_ERR_OK)
        error = SMTP_ERR_CLOSED_BY_CALLER; /* the roles turn */
    if (client->delivered > 0) {
        /* LMTP, to some: the rest is temporary (RFC 2033 5). */
        finish_recipients(client, SMTP_RESULT_TEMPORARY, error, NULL);
        result = SMTP_RESULT_DELIVERED;
        error = SMTP_ERR_OK;
    } else if (client->phase == SMTP__PHASE_END && (client->flags & SMTP_CLIENT_LMTP) == 0 &&
               session->error != SMTP_ERR_SHUTTING_DOWN && smtp__client_body_has_gone(client)) {
        /* Only a server that has the end of data can have taken the message, and not one whose 421
         * answers what came before it. */
        result = SMTP_RESULT_UNKNOWN;
        error = SMTP_ERR_OUTCOME_UNKNOWN;
    }
    /* A QUIT that was queued on the way out still goes, content does not. */
    if (client->phase > SMTP__PHASE_QUEUED)
        smtp__output_clear(&session->output);
    smtp__client_finish(client, result, error, reply);
}

void smtp__client_ended(smtp_session *session)
{
    smtp_client *client = (smtp_client *)session;
    smtp__client_reply reply = last_reply(client);
    smtp_client_close_event event;

    smtp__client_end_auth(client);
    while (client->envelope != NULL && !session->doomed)
        finish_lost(client, reply.code >= 400 ? &reply : NULL);
    event.error = session->error;
    event.reserved = 0;
    event.code = reply.code;
    event.reserved2 = 0;
    event.text = reply.text;
    if (client->callbacks->close != NULL && !session->doomed)
        client->callbacks->close(client, &event, client->user);
}
