/* SPDX-License-Identifier: MIT
 * Replies of the server: what the library says to each error, and what the caller says in its own
 * words. */
#include <string.h>

#include "server/server.h"
#include "syntax/reply_code.h"
#include "syntax/reply_format.h"

enum { LAST_WORDS = 64 }; /* a 421 with the usual text */

/* What a command is answered that was refused with an error. A status of 0: the address of MAIL or
 * RCPT is wrong. */
static const struct refusal {
    int16_t error;
    int16_t code;
    uint32_t status;
} command_refusals[] = {
    {SMTP_ERR_NO_MEMORY, 451, SMTP_STATUS(4, 3, 0)},
    {SMTP_ERR_LINE_TOO_LONG, 500, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_BARE_LF, 500, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_EMPTY, 500, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_VERB, 500, SMTP_STATUS(5, 5, 1)},
    {SMTP_ERR_CONTROL, 501, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_UTF8, 501, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_BASE64, 501, SMTP_STATUS(5, 5, 2)},
    {SMTP_ERR_UTF8_NOT_ALLOWED, 553, SMTP_STATUS(5, 6, 7)},
    {SMTP_ERR_BRACKET, 501, 0},
    {SMTP_ERR_AT_MISSING, 501, 0},
    {SMTP_ERR_LOCAL_PART, 501, 0},
    {SMTP_ERR_LOCAL_PART_EMPTY, 501, 0},
    {SMTP_ERR_LOCAL_PART_TOO_LONG, 501, 0},
    {SMTP_ERR_DOT, 501, 0},
    {SMTP_ERR_QUOTED_STRING, 501, 0},
    {SMTP_ERR_DOMAIN_EMPTY, 501, 0},
    {SMTP_ERR_DOMAIN_CHARACTER, 501, 0},
    {SMTP_ERR_DOMAIN_TOO_LONG, 501, 0},
    {SMTP_ERR_LABEL_TOO_LONG, 501, 0},
    {SMTP_ERR_HYPHEN, 501, 0},
    {SMTP_ERR_LITERAL, 501, 0},
    {SMTP_ERR_IPV4, 501, 0},
    {SMTP_ERR_IPV6, 501, 0},
    {SMTP_ERR_PATH_TOO_LONG, 501, 0},
    {SMTP_ERR_ROUTE, 501, 0},
    {SMTP_ERR_NULL_PATH, 501, 0},
    {SMTP_ERR_PARAMETER_UNKNOWN, 555, SMTP_STATUS(5, 5, 4)},
    {SMTP_ERR_PARAMETER_NOT_OFFERED, 555, SMTP_STATUS(5, 5, 4)},
    {SMTP_ERR_STATE, 503, SMTP_STATUS(5, 5, 1)},
    {SMTP_ERR_UNSUPPORTED, 502, SMTP_STATUS(5, 5, 1)},
    {SMTP_ERR_NO_RECIPIENTS, 554, SMTP_STATUS(5, 5, 1)},
    {SMTP_ERR_TOO_MANY_RECIPIENTS, 452, SMTP_STATUS(4, 5, 3)},
    {SMTP_ERR_MESSAGE_TOO_LARGE, 552, SMTP_STATUS(5, 3, 4)},
    {SMTP_ERR_TLS_REQUIRED, 530, SMTP_STATUS(5, 7, 0)},
    {SMTP_ERR_TLS_INADEQUATE, 554, SMTP_STATUS(5, 7, 0)},
    {SMTP_ERR_AUTH_UNAVAILABLE, 530, SMTP_STATUS(5, 7, 0)},
};

static struct refusal refusal_of(int error, int verb)
{
    struct refusal other = {0, 501, SMTP_STATUS(5, 5, 4)};
    size_t i;

    for (i = 0; i < sizeof command_refusals / sizeof command_refusals[0]; i++) {
        if (command_refusals[i].error == error) {
            other = command_refusals[i];
            break;
        }
    }
    if (error == SMTP_ERR_UTF8_NOT_ALLOWED && verb != SMTP_VERB_MAIL && verb != SMTP_VERB_RCPT &&
        verb != SMTP_VERB_VRFY && verb != SMTP_VERB_EXPN) {
        other.code = 501;
        other.status = SMTP_STATUS(5, 5, 4);
    }
    if (other.status == 0) {
        other.status = SMTP_STATUS(5, 5, 4);
        if (verb == SMTP_VERB_MAIL)
            other.status = SMTP_STATUS(5, 1, 7);
        if (verb == SMTP_VERB_RCPT)
            other.status = SMTP_STATUS(5, 1, 3);
    }
    return other;
}

static int format(const smtp_server *server, char *out, size_t capacity, size_t *len, int code,
                  uint32_t status, smtp_str text)
{
    uint32_t usual;
    smtp_str words = smtp__reply_usual(code, server->verb, &usual);

    /* Where none is usual, there is none at all (RFC 2034 4). */
    if (usual == 0 || (server->offer & SMTP_EXT_ENHANCEDSTATUSCODES) == 0)
        status = 0;
    else if (status == 0)
        status = usual;
    if (text.len == 0)
        return smtp__reply_format_line(out, capacity, len, code, status, words);
    return smtp_reply_format(out, capacity, len, code, status, text);
}

static void wrote(smtp_server *server, size_t len)
{
    smtp_session *session = &server->session;

    session->replies++;
    smtp__session_trace_output(session, session->output.buffer + session->output.length, len);
    smtp__output_wrote(&session->output, len);
}

/* Words that cannot be said, or have no room, give way to the usual ones. */
void smtp__server_reply(smtp_server *server, int code, uint32_t status, smtp_str text)
{
    char *tail = smtp__output_tail(&server->session.output);
    size_t room = smtp__output_room(&server->session.output);
    size_t len = 0;

    if (format(server, tail, room, &len, code, status, text) == SMTP_ERR_OK ||
        format(server, tail, room, &len, code, 0, SMTP__NO_STR) == SMTP_ERR_OK)
        wrote(server, len);
}

/* What is wrong is said where the client can mend it; else the usual text says enough. */
static smtp_str words_of(int code, int error)
{
    if (code == 502 || code == 503 || code == 530)
        return SMTP__NO_STR;
    return smtp_text(smtp_error_text(error));
}

void smtp__server_tell(smtp_server *server, int error, size_t column)
{
    struct refusal refusal = refusal_of(error, server->verb);

    smtp__session_refuse(&server->session, error, refusal.code, column);
    smtp__server_reply(server, refusal.code, refusal.status, words_of(refusal.code, error));
}

void smtp__server_refuse(smtp_server *server, int error, size_t column)
{
    if (refusal_of(error, server->verb).code >= 500 &&
        ++server->session.errors > server->errors_max)
        smtp__server_shut(server, SMTP_ERR_TOO_MANY_ERRORS, SMTP_STATUS(4, 7, 0),
                          smtp_text(smtp_error_text(SMTP_ERR_TOO_MANY_ERRORS)));
    else
        smtp__server_tell(server, error, column);
}

void smtp__server_shut(smtp_server *server, int error, uint32_t status, smtp_str text)
{
    if (server->state != SMTP__GREETING)
        server->verb = SMTP_VERB_UNKNOWN;
    if (server->session.tls != SMTP__TLS_WANTED)
        smtp__server_reply(server, 421, status, text);
    smtp__session_refuse(&server->session, error, 421, 0);
    smtp__session_end(&server->session, error);
}

/* Half of the output buffer is for one reply, and for a 421 behind it: that much is free before a
 * command is taken, so what fits does not depend on how fast the client reads. */
size_t smtp__server_reply_max(const smtp_server *server)
{
    return server->session.output.capacity / 2 - LAST_WORDS;
}

int smtp__server_has_room(const smtp_session *session)
{
    const smtp_server *server = (const smtp_server *)session;

    return smtp__output_room(&session->output) >= session->output.capacity / 2 + server->parked;
}

char *smtp__server_parking(smtp_server *server, size_t octets)
{
    (void)smtp__output_tail(&server->session.output);
    return server->session.output.buffer + server->session.output.capacity - octets;
}

void smtp__server_reply_parked(smtp_server *server, int keep)
{
    size_t len = server->parked;
    const char *from = smtp__server_parking(server, len);

    if (!keep)
        server->parked = 0;
    memmove(smtp__output_tail(&server->session.output), from, len);
    wrote(server, len);
}

/* The greeting begins with the host's name, whatever words follow (RFC 5321 4.2). It is the first
 * to be said, so all of the buffer is there for it. */
static int greeting(const smtp_server *server, char *out, size_t *len, int code, smtp_str text)
{
    size_t room = server->session.output.capacity - LAST_WORDS;
    char joined[SMTP_REPLY_LINE_MAX];
    smtp_str all;

    if (code / 100 != 2)
        return format(server, out, room, len, code, 0, text);
    if (server->hostname.len + 1 + text.len > sizeof joined)
        return SMTP_ERR_NO_SPACE;
    memcpy(joined, server->hostname.ptr, server->hostname.len);
    joined[server->hostname.len] = ' ';
    memcpy(joined + server->hostname.len + 1, text.ptr, text.len);
    all.ptr = joined;
    all.len = server->hostname.len + 1 + text.len;
    return format(server, out, room, len, code, 0, all);
}

/* A client that spoke before its greeting may get none. */
static int refuses_greeting(const smtp_server *server, int op)
{
    return op == SMTP__OP_CONNECT && server->session.early &&
           (server->flags & SMTP_SERVER_REFUSE_EARLY_TALKER) != 0;
}

/* A reply to content is due at its end, and one to BDAT behind its octets. */
static int is_early(const smtp_server *server, int op)
{
    return op == SMTP__OP_BODY || (op == SMTP__OP_DATA && server->chunk.active);
}

/* Text outside ASCII is only for a client that has said that it reads it (RFC 6531 3.7.4). */
static int may_read(const smtp_server *server, smtp_str text)
{
    size_t i;

    if (server->utf8 || server->utf8_command)
        return 1;
    for (i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] > 127)
            return 0;
    }
    return 1;
}

/* Puts words where the next output goes. What cannot be said may have been written over the name
 * that waits for the answer to its hello, which is put back. */
static int put_words(smtp_server *server, int op, int code, uint32_t status, smtp_str text,
                     size_t *len)
{
    char name[SMTP_DOMAIN_MAX];
    size_t waits = op == SMTP__OP_HELLO ? server->parked : 0;
    char *parking = smtp__server_parking(server, waits);
    char *out = smtp__output_tail(&server->session.output);
    int error;

    memcpy(name, parking, waits);
    if (op == SMTP__OP_CONNECT)
        error = greeting(server, out, len, code, text);
    else
        error = format(server, out, smtp__server_reply_max(server), len, code, status, text);
    if (error == SMTP_ERR_OK && !may_read(server, text))
        error = SMTP_ERR_UTF8_NOT_ALLOWED;
    if (error != SMTP_ERR_OK)
        memcpy(parking, name, waits);
    return error == SMTP_ERR_NO_SPACE ? SMTP_ERR_REPLY_TOO_LONG : error;
}

int smtp__server_write_reply(smtp_server *server, int op, int code, uint32_t status, smtp_str text)
{
    size_t len = 0;
    char *out = smtp__output_tail(&server->session.output);
    int error;

    if (!smtp__server_may_answer(server, op, code))
        return SMTP_ERR_ARGUMENT;
    if (smtp__server_names_mailboxes(server, op, code)) {
        error = smtp__server_check_mailboxes(text);
        if (error != SMTP_ERR_OK)
            return error;
    }
    if (code / 100 == 2 && refuses_greeting(server, op)) {
        code = 554;
        text = SMTP__NO_STR;
    }
    if (op == SMTP__OP_CONNECT && code == 521 && (server->flags & SMTP_SERVER_SUBMISSION))
        code = 554; /* RFC 6409 7 */
    if (op == SMTP__OP_CONNECT && text.len == 0 && code / 100 == 2)
        text = server->flags & SMTP_SERVER_LMTP ? SMTP__LITERAL("LMTP") : SMTP__LITERAL("ESMTP");
    error = put_words(server, op, code, status, text, &len);
    if (error != SMTP_ERR_OK)
        return error;
    if (is_early(server, op)) {
        memmove(smtp__server_parking(server, len), out, len);
        server->parked = (uint16_t)len;
    } else {
        wrote(server, len);
    }
    server->replied = (int16_t)code;
    return code;
}

int smtp_server_reply(smtp_server *server, int code, uint32_t status, smtp_str text)
{
    if (!server->calling || server->replied != 0 || server->session.stage != SMTP__RUNNING)
        return SMTP_ERR_STATE;
    return smtp__server_write_reply(server, server->op, code, status, text);
}
