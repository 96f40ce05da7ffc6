/* SPDX-License-Identifier: MIT
 * BDAT on its way out: content in counted chunks, the first with the commands where that costs
 * nothing, each of the others as soon as the one before it has gone (RFC 3030). */
#include <string.h>

#include "client/client.h"

enum { HEADER = 40, CRLF = 2 }; /* "BDAT 18446744073709551615 LAST" and its line end */

int smtp__client_is_binary(const smtp_envelope *envelope)
{
    const smtp_params *params = envelope->params;

    return params != NULL && (params->present & SMTP_PARAM_BODY) &&
           params->body == SMTP_BODY_BINARYMIME;
}

/* Mending makes the content longer than the source says, so that it cannot be counted before. */
int smtp__client_chunks(const smtp_client *client, const smtp_envelope *envelope)
{
    return (client->terms->capabilities.extensions & SMTP_EXT_CHUNKING) != 0 &&
           (client->flags & SMTP_CLIENT_NO_CHUNKING) == 0 &&
           (envelope->flags & SMTP_ENVELOPE_MEND) == 0;
}

/* Looks at a chunk before any of it goes. */
static int check(smtp_client *client)
{
    smtp_data_checker *checker = &client->content.checker;
    const smtp_str end = {NULL, 0};

    if (smtp__client_is_binary(client->envelope))
        return SMTP_ERR_OK;
    smtp_data_check(checker, client->chunk);
    if (client->last_chunk)
        smtp_data_check(checker, end);
    if (checker->found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF))
        return SMTP_ERR_BODY_NEWLINE;
    return smtp__client_forbidden(client, checker->found);
}

/* Text whose last line is not complete gets its line end. */
static int lacks_crlf(const smtp_client *client)
{
    return client->last_chunk && client->line_open && !smtp__client_is_binary(client->envelope);
}

/* Gets the next chunk from the source; 0 when there is none for now. */
static int get_chunk(smtp_client *client)
{
    const smtp_envelope *envelope = client->envelope;
    int error;

    if (!smtp__client_ask_body(client))
        return 0;
    error = check(client);
    if (client->chunk.len > 0)
        client->line_open = client->chunk.ptr[client->chunk.len - 1] != '\n';
    if (error == SMTP_ERR_OK && client->last_chunk && envelope->octets != 0 &&
        client->offset != envelope->octets &&
        client->offset + (lacks_crlf(client) ? CRLF : 0) != envelope->octets)
        error = SMTP_ERR_BODY_SIZE;
    if (error != SMTP_ERR_OK) {
        smtp__client_fail_body(client, SMTP_RESULT_PERMANENT, error);
        return 0;
    }
    client->chunk_ready = 1;
    return 1;
}

/* 1 while recipients are still to be answered. */
static int is_early(const smtp_client *client)
{
    return client->pending_count > 0 &&
           (client->drain > 0 || smtp__client_next_verb(client) != SMTP_VERB_BDAT);
}

/* 1 when the chunk may stand behind the commands whose replies are due. Before all recipients are
 * answered only the first may, and only when it can be copied, so that nothing of the caller's is
 * held when they all turn out to be refused. In LMTP none may: how many replies the last one has
 * depends on the others (RFC 2033 4.3). */
static int may_group(const smtp_client *client)
{
    if (client->pending_count == 0)
        return 1;
    if (!smtp__client_pipelines(client) || (client->flags & SMTP_CLIENT_LMTP))
        return 0;
    return !is_early(client) || client->offset == client->chunk.len;
}

static int has_room(const smtp_client *client)
{
    const smtp__output *output = &client->session.output;
    int copy = is_early(client) || client->chunk.len <= SMTP__GATHER;
    size_t copied = copy ? client->chunk.len : 0;
    size_t room = smtp__output_room(output);

    return client->pending_count < client->pending_max && smtp__output_segments_left(output) >= 3 &&
           copied <= room && room - copied >= HEADER + CRLF;
}

static void put_chunk(smtp_client *client)
{
    int add = lacks_crlf(client);
    int early = is_early(client);
    smtp_command command;

    memset(&command, 0, sizeof command);
    command.verb = SMTP_VERB_BDAT;
    command.octets = (uint64_t)client->chunk.len + (add ? CRLF : 0);
    command.flags = client->last_chunk ? SMTP_COMMAND_LAST : 0;
    (void)smtp__client_put_command(client, &command, NULL,
                                   client->last_chunk ? SMTP_VERB_END_OF_DATA : SMTP_VERB_BDAT);
    client->session.body_octets += client->chunk.len;
    smtp__client_queue(client, client->chunk, early);
    if (add)
        smtp__client_queue(client, smtp_text("\r\n"), 1);
    client->lent = !early && client->chunk.len > SMTP__GATHER;
    client->chunk.len = 0;
    client->chunk_ready = 0;
    client->grouped = (uint8_t)early;
    smtp__client_body_queued(client, client->last_chunk);
}

/* A chunk is the source's until it has gone, so that the next one is asked for only then. */
void smtp__client_send_chunks(smtp_client *client)
{
    smtp_session *session = &client->session;

    while (session->stage == SMTP__RUNNING && client->phase == SMTP__PHASE_BODY &&
           !client->deferred) {
        if (client->offset > 0 && !client->chunk_ready && !smtp__output_empty(&session->output))
            return;
        if (!client->chunk_ready && !get_chunk(client))
            return;
        if (!may_group(client) || !has_room(client))
            return;
        put_chunk(client);
    }
}

/* What the server takes of the content is told at its end. A chunk behind the refused one that is
 * the caller's memory is not ours any longer once that was told, and without all of its octets
 * nothing more can be said. */
void smtp__client_on_bdat(smtp_client *client, const smtp__client_reply *reply)
{
    smtp_session *session = &client->session;

    if (reply->code / 100 == 2)
        return;
    if (!client->lent || smtp__client_body_has_gone(client)) {
        smtp__client_finish(client, smtp__client_class(reply->code), SMTP_ERR_TRANSACTION_REFUSED,
                            reply);
        return;
    }
    smtp__session_refuse(session, SMTP_ERR_TRANSACTION_REFUSED, reply->code, 0);
    smtp__client_interrupt(client, reply);
    if (reply->code != 421) /* with which the session ends anyway */
        smtp__session_end(session, SMTP_ERR_TRANSACTION_REFUSED);
}
