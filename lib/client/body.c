/* SPDX-License-Identifier: MIT
 * The body of a message on its way out: large pieces stay where the caller has them, small ones are
 * gathered. */
#include <string.h>

#include "client/client.h"

void smtp__client_begin_body(smtp_client *client)
{
    const smtp_envelope *envelope = client->envelope;

    memset(&client->content, 0, sizeof client->content);
    if (!smtp__client_chunks(client, envelope) && (envelope->flags & SMTP_ENVELOPE_MEND))
        client->content.encoder.newlines = SMTP_NEWLINES_MEND;
    client->phase = SMTP__PHASE_BODY;
    client->offset = 0;
    client->last_chunk = 0;
    client->chunk_ready = 0;
    client->line_open = 0;
    client->grouped = 0;
}

void smtp__client_body_queued(smtp_client *client, int last)
{
    client->end_at = client->session.octets_out + smtp__output_queued(&client->session.output);
    if (!last)
        return;
    client->phase = SMTP__PHASE_END;
    if (client->flags & SMTP_CLIENT_LMTP)
        client->answered = 0; /* each recipient that was accepted is answered again */
}

void smtp__client_fail_body(smtp_client *client, int result, int error)
{
    smtp__output_clear(&client->session.output);
    smtp__client_finish(client, result, error, NULL);
    smtp__session_end(&client->session, error);
}

int smtp__client_ask_body(smtp_client *client)
{
    const smtp_envelope *envelope = client->envelope;
    smtp_body_request request;
    int answer = SMTP_ACCEPT;

    memset(&request, 0, sizeof request);
    request.envelope = envelope;
    request.offset = client->offset;
    request.buffer = client->buffer;
    request.capacity = client->buffer_size;
    request.last = client->callbacks->body == NULL;
    if (client->callbacks->body != NULL)
        answer = client->callbacks->body(client, &request, client->user);
    if (client->session.stage != SMTP__RUNNING)
        return 0;
    if (answer == SMTP_DEFER) {
        client->deferred = 1;
        return 0;
    }
    if (answer != SMTP_ACCEPT || (request.chunk.len == 0 && !request.last)) {
        smtp__client_fail_body(client, SMTP_RESULT_TEMPORARY,
                               answer < 0 ? answer : SMTP_ERR_BODY_FAILED);
        return 0;
    }
    client->chunk = request.chunk;
    client->offset += request.chunk.len;
    client->last_chunk = request.last != 0;
    if (envelope->octets != 0 && client->offset > envelope->octets &&
        (envelope->flags & SMTP_ENVELOPE_MEND) == 0) {
        smtp__client_fail_body(client, SMTP_RESULT_PERMANENT, SMTP_ERR_BODY_SIZE);
        return 0;
    }
    return 1;
}

/* 1 when the envelope says so by its flags or by BODY. */
static int may_hold_8bit(const smtp_envelope *envelope)
{
    const smtp_params *params = envelope->params;

    if (envelope->flags & (SMTP_ENVELOPE_8BIT | SMTP_ENVELOPE_UTF8))
        return 1;
    return params != NULL && (params->present & SMTP_PARAM_BODY) &&
           params->body == SMTP_BODY_8BITMIME;
}

int smtp__client_forbidden(const smtp_client *client, uint32_t found)
{
    if (found & SMTP_FOUND_NUL)
        return SMTP_ERR_NUL;
    if ((found & SMTP_FOUND_8BIT) && !may_hold_8bit(client->envelope))
        return SMTP_ERR_NEEDS_8BITMIME;
    return SMTP_ERR_OK;
}

void smtp__client_queue(smtp_client *client, smtp_str piece, int copy)
{
    smtp__output *output = &client->session.output;

    smtp__session_trace_body(&client->session, 1, piece.len);
    if (copy || piece.len <= SMTP__GATHER) {
        (void)smtp__output_tail(output);
        smtp__output_put(output, piece);
    } else {
        smtp__output_borrow(output, piece);
    }
}

static void encode(smtp_client *client)
{
    smtp_str piece;
    size_t used = 0;
    int result = smtp_data_encode(&client->content.encoder, client->chunk, &piece, &used);
    int error = result < 0 ? result : smtp__client_forbidden(client, client->content.encoder.found);

    if (error != SMTP_ERR_OK) {
        smtp__client_fail_body(client, SMTP_RESULT_PERMANENT, error);
        return;
    }
    client->session.body_octets += used;
    client->chunk.ptr += used;
    client->chunk.len -= used;
    smtp__client_queue(client, piece, 0);
}

/* Ends the content. */
static void finish(smtp_client *client)
{
    const smtp_envelope *envelope = client->envelope;
    uint64_t octets = client->content.encoder.octets;
    smtp_str end;
    int error = smtp_data_finish(&client->content.encoder, &end);

    if (error == SMTP_ERR_OK && envelope->octets != 0 &&
        (envelope->flags & SMTP_ENVELOPE_MEND) == 0 && octets != envelope->octets &&
        octets + (end.len - 3) != envelope->octets)
        error = SMTP_ERR_BODY_SIZE;
    if (error != SMTP_ERR_OK) {
        smtp__client_fail_body(client, SMTP_RESULT_PERMANENT, error);
        return;
    }
    smtp__client_queue(client, end, 0);
    smtp__client_body_queued(client, 1);
    smtp__client_expect(client, SMTP_VERB_END_OF_DATA);
    client->needs_rset = 0; /* whatever the server says to it, the transaction is over */
}

void smtp__client_send_body(smtp_client *client)
{
    smtp_session *session = &client->session;
    smtp__output *output = &session->output;

    while (session->stage == SMTP__RUNNING && client->phase == SMTP__PHASE_BODY &&
           !client->deferred && smtp__output_segments_left(output) > 0 &&
           smtp__output_room(output) >= SMTP__GATHER) {
        if (client->chunk.len > 0)
            encode(client);
        else if (client->last_chunk)
            finish(client);
        else if (!smtp__output_empty(output) || !smtp__client_ask_body(client))
            return; /* the last chunk is borrowed until all of it has gone */
    }
}
