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
    if (result == SMTP_RESULT_TEMPORARY)
        client->temporary = 1;
    event.envelope = client->envelope;
    event.recipient = recipient;
    event.position = position;
    event.error = error;
    event.reserved = 0;
    event.text = reply != NULL ? reply->text : smtp_text(NULL);
    if (client->callbacks->recipient != NULL && !client->session.doomed)
        client->callbacks->recipient(client, &event, client->user);
}

void smtp__client_finish(smtp_client *client, int result, int error,
                         const smtp__client_reply *reply)
{
    const smtp_envelope *envelope = client->envelope;
    smtp_sent_event event;
    size_t i;

    for (i = 0; i < envelope->recipient_count && !client->session.doomed; i++) {
        if (envelope->recipients[i].private_state != SMTP__RECIPIENT_DONE)
            smtp__client_recipient_result(client, i, result, error, reply);
    }
    event.envelope = envelope;
    event.result = result;
    event.error = error;
    event.code = reply != NULL ? reply->code : 0;
    event.status = reply != NULL ? reply->status : 0;
    event.delivered = client->delivered;
    event.text = reply != NULL ? reply->text : smtp_text(NULL);
    if (result == SMTP_RESULT_DELIVERED)
        client->session.messages++;
    client->envelope = NULL;
    client->phase = SMTP__PHASE_IDLE;
    client->chunk.len = 0;
    client->deferred = 0;
    client->drain = client->pending_count;
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
static void finish_lost(smtp_client *client)
{
    smtp__client_reply reply = last_reply(client);
    smtp_session *session = &client->session;
    int result = setup_result(session);
    int error = session->error != SMTP_ERR_OK ? session->error : SMTP_ERR_EOF;

    if (client->delivered > 0) {
        result = SMTP_RESULT_DELIVERED; /* LMTP, to some: the rest is temporary (RFC 2033 5) */
    } else if (client->phase == SMTP__PHASE_END && (client->flags & SMTP_CLIENT_LMTP) == 0 &&
               session->error != SMTP_ERR_SHUTTING_DOWN && smtp__output_empty(&session->output)) {
        /* Only a server that has the end of data can have taken the message, and not one whose 421
         * answers what came before it. */
        result = SMTP_RESULT_UNKNOWN;
        error = SMTP_ERR_OUTCOME_UNKNOWN;
    }
    smtp__output_clear(&session->output);
    if (result == SMTP_RESULT_DELIVERED) {
        size_t i;
        for (i = 0; i < client->envelope->recipient_count && !session->doomed; i++) {
            if (client->envelope->recipients[i].private_state != SMTP__RECIPIENT_DONE)
                smtp__client_recipient_result(client, i, SMTP_RESULT_TEMPORARY, error, NULL);
        }
        error = SMTP_ERR_OK;
    }
    smtp__client_finish(client, result, error, reply.code >= 400 ? &reply : NULL);
}

void smtp__client_ended(smtp_session *session)
{
    smtp_client *client = (smtp_client *)session;
    smtp__client_reply reply = last_reply(client);
    smtp_client_close_event event;

    smtp__client_end_auth(client);
    /* A QUIT that was queued on the way out still goes, content does not. */
    if (client->phase >= SMTP__PHASE_MAIL)
        finish_lost(client);
    else if (client->phase == SMTP__PHASE_QUEUED)
        smtp__client_finish(client, setup_result(session), session->error,
                            reply.code >= 400 ? &reply : NULL);
    event.error = session->error;
    event.reserved = 0;
    event.code = reply.code;
    event.reserved2 = 0;
    event.text = reply.text;
    if (client->callbacks->close != NULL && !session->doomed)
        client->callbacks->close(client, &event, client->user);
}
