/* SPDX-License-Identifier: MIT
 * The content of a message as it comes: limits and line ends are judged here, the rest is the
 * caller's. */
#include <string.h>

#include "server/server.h"

/* What content is refused for, and the reply at its end. */
static const struct content_refusal {
    int16_t error;
    int16_t code;
    uint32_t status;
} refusals[] = {
    {SMTP_ERR_BARE_CR, 550, SMTP_STATUS(5, 6, 0)},
    {SMTP_ERR_BARE_LF, 550, SMTP_STATUS(5, 6, 0)},
    {SMTP_ERR_NUL, 550, SMTP_STATUS(5, 6, 0)},
    {SMTP_ERR_EIGHT_BIT, 554, SMTP_STATUS(5, 6, 1)},
    {SMTP_ERR_MESSAGE_TOO_LARGE, 552, SMTP_STATUS(5, 3, 4)},
};

/* The SMTP_FOUND_ bits that make content unacceptable. */
static uint32_t banned(const smtp_server *server)
{
    uint32_t bits = SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF | SMTP_FOUND_NUL | SMTP_FOUND_8BIT;

    if (server->body == SMTP_BODY_BINARYMIME)
        return 0;
    if (server->body == SMTP_BODY_8BITMIME || server->utf8 ||
        (server->tolerate & SMTP_TOLERATE_8BIT))
        bits &= ~(uint32_t)SMTP_FOUND_8BIT;
    if (server->tolerate & SMTP_TOLERATE_CR_BODY)
        bits &= ~(uint32_t)SMTP_FOUND_BARE_CR;
    if (server->tolerate & SMTP_TOLERATE_LF_BODY)
        bits &= ~(uint32_t)SMTP_FOUND_BARE_LF;
    if (server->tolerate & SMTP_TOLERATE_NUL_BODY)
        bits &= ~(uint32_t)SMTP_FOUND_NUL;
    return bits;
}

/* The octet that breaks the rules, if it stands in this piece: *length is then what comes before
 * it. A CR is only made bare by the octet behind it, so it has been shown already, whatever the
 * cut. */
SMTP__RARE static int offence(const smtp_server *server, uint32_t bits, smtp_str piece,
                              size_t *length)
{
    int cr = server->last_cr;
    size_t i;

    for (i = 0; i < piece.len; i++) {
        unsigned char octet = (unsigned char)piece.ptr[i];

        *length = i;
        if (cr && octet != '\n' && (bits & SMTP_FOUND_BARE_CR))
            return SMTP_ERR_BARE_CR;
        if (!cr && octet == '\n' && (bits & SMTP_FOUND_BARE_LF))
            return SMTP_ERR_BARE_LF;
        if (octet == 0 && (bits & SMTP_FOUND_NUL))
            return SMTP_ERR_NUL;
        if (octet > 127 && (bits & SMTP_FOUND_8BIT))
            return SMTP_ERR_EIGHT_BIT;
        cr = octet == '\r';
    }
    return SMTP_ERR_OK;
}

void smtp__server_refuse_content(smtp_server *server, int error)
{
    smtp_session *session = &server->session;
    size_t i;

    if (server->refusal != 0)
        return;
    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].error == error) {
            server->refusal = refusals[i].code;
            server->refusal_status = refusals[i].status;
        }
    }
    server->refusal_error = (int16_t)error;
    smtp__session_refuse(session, error, server->refusal, 0);
    session->errors++;
    smtp__server_abandon(server, SMTP_RESET_REFUSED, error);
}

/* Counts what is read past. Who goes on for as long again as a message may be will not stop: the
 * reply comes at once, and the end. */
SMTP__RARE static void read_past(smtp_server *server, size_t octets)
{
    server->content_octets += octets;
    if (server->content_octets / 2 <= server->message_max || server->session.waiting ||
        server->session.stage != SMTP__RUNNING)
        return;
    if (server->chunk.out_of_order)
        smtp__server_tell(server, server->refusal_error, 0);
    else
        smtp__server_reply_refusal(server);
    smtp__session_end(&server->session, SMTP_ERR_MESSAGE_TOO_LARGE);
}

static void deliver(smtp_server *server, smtp_str chunk)
{
    smtp_body_event event;

    if (chunk.len == 0 || server->callbacks->body == NULL)
        return;
    event.offset = server->content_octets;
    event.chunk = chunk;
    event.ticket = smtp__server_ask(server, SMTP__OP_BODY);
    smtp__server_answered(server, server->callbacks->body(server, &event, server->user));
}

/* A piece of content, whose octets are counted in server->found, and where it stands in the input.
 */
static void take_piece(smtp_server *server, smtp_str piece, uint64_t at)
{
    uint64_t room = server->message_max - server->content_octets;
    uint32_t bits = server->found & banned(server);
    int error = SMTP_ERR_OK;
    smtp_str chunk = piece;

    if (server->refusal == 0) {
        uint64_t *place = &server->session.line_offset;
        *place = at + piece.len - 1;
        if (chunk.len > room) {
            chunk.len = (size_t)room;
            error = SMTP_ERR_MESSAGE_TOO_LARGE;
            *place = at + room;
        }
        if (bits != 0) {
            size_t length = chunk.len;
            int found = offence(server, bits, chunk, &length);
            if (found != SMTP_ERR_OK) {
                chunk.len = length;
                error = found;
                *place = at + length - (found == SMTP_ERR_BARE_CR ? 1 : 0);
            }
        }
        deliver(server, chunk);
        server->content_octets += chunk.len;
        server->session.body_octets += chunk.len;
        if (error != SMTP_ERR_OK && server->session.waiting)
            server->offence = (int16_t)error;
        else if (error != SMTP_ERR_OK && server->session.stage == SMTP__RUNNING)
            smtp__server_refuse_content(server, error);
        if (error != SMTP_ERR_OK)
            read_past(server, piece.len - chunk.len);
    } else {
        read_past(server, piece.len);
    }
    server->last_cr = piece.ptr[piece.len - 1] == '\r';
}

void smtp__server_done_body(smtp_server *server, int code)
{
    int offence_behind = server->offence;

    server->offence = SMTP_ERR_OK;
    if (code / 100 == 2) {
        if (offence_behind != SMTP_ERR_OK) {
            smtp__server_refuse_content(server, offence_behind);
            read_past(server, 0);
        }
        return;
    }
    if (code == 421) {
        smtp__server_done_command(server, code);
        return;
    }
    server->refusal = (int16_t)code;
    server->refusal_status = 0;
    server->refusal_error = 0;
    smtp__server_abandon(server, SMTP_RESET_REFUSED, SMTP_ERR_OK);
}

void smtp__server_begin_content(smtp_server *server)
{
    memset(&server->content, 0, sizeof server->content);
    server->content_octets = 0;
    server->found = 0;
    server->last_cr = 0;
    server->session.octets = 1;
    if (!server->chunk.active)
        server->verb = SMTP_VERB_END_OF_DATA; /* that is what a refusal answers from here on */
    smtp__session_wait(&server->session, server->data_timeout);
}

/* Content that comes by DATA, up to its end or to where the caller wants no more for now. */
static size_t read_dots(smtp_server *server, smtp_str input)
{
    smtp_session *session = &server->session;
    size_t total = 0;

    while (total < input.len && smtp__session_open(session)) {
        uint64_t at = session->octets_in + total;
        smtp_str rest;
        smtp_str piece;
        size_t used = 0;
        int result;

        rest.ptr = input.ptr + total;
        rest.len = input.len - total;
        result = smtp_data_decode(&server->content.dots, rest, &piece, &used);
        total += used;
        server->found |= server->content.dots.found;
        if (result == SMTP_DATA_END) {
            smtp__session_trace_body(session, 1, total);
            smtp__server_end_content(server);
            return total;
        }
        if (piece.len == 0)
            continue;
        /* A CR that was held back comes when the octet behind it is there; it takes nothing. */
        take_piece(server, piece, used > 0 ? at + (size_t)(piece.ptr - rest.ptr) : at - 1);
    }
    smtp__session_trace_body(session, 1, total);
    return total;
}

/* Content that comes by BDAT, up to the end of the chunk. */
static size_t read_octets(smtp_server *server, smtp_str input)
{
    smtp__server_chunk *chunk = &server->chunk;

    if (input.len > chunk->left)
        input.len = (size_t)chunk->left;
    if (!chunk->out_of_order && server->refusal == 0) {
        smtp_data_check(&server->content.chunks, input);
        server->found |= server->content.chunks.found;
        take_piece(server, input, server->session.octets_in);
    } else {
        read_past(server, input.len);
    }
    chunk->left -= input.len;
    smtp__session_trace_body(&server->session, 1, input.len);
    if (server->session.stage == SMTP__RUNNING && !server->session.waiting && chunk->left == 0)
        smtp__server_end_chunk(server);
    return input.len;
}

size_t smtp__server_octets(smtp_session *session, smtp_str input)
{
    smtp_server *server = (smtp_server *)session;

    if (smtp__server_delays(server)) {
        session->early = 1;
        smtp__server_end_delay(server);
        return 0;
    }
    smtp__session_wait(session, server->data_timeout);
    if (server->chunk.active)
        return read_octets(server, input);
    return read_dots(server, input);
}
