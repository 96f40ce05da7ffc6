/* SPDX-License-Identifier: MIT
 * Answers of the caller: at once from a callback, or later by a ticket, always through one door. */
#include "server/server.h"

/* What an accepted event is answered, and what follows from any answer. */
static const struct op {
    int16_t accepted;  /* the code of SMTP_ACCEPT; 0: the verb's own */
    uint8_t own_words; /* 1: the caller may give a 2yz code and its own text */
    void (*done)(smtp_server *server, int code);
} ops[SMTP__OPS] = {
    {0, 0, NULL},
    {220, 1, smtp__server_done_connect},
    {250, 0, smtp__server_done_hello},
    {220, 0, smtp__server_done_starttls},
    {235, 0, smtp__server_done_auth},
    {250, 1, smtp__server_done_mail},
    {250, 1, smtp__server_done_rcpt},
    {354, 0, smtp__server_done_data},
    {250, 0, smtp__server_done_body},
    {250, 1, smtp__server_done_message},
    {0, 1, smtp__server_done_command},
    {250, 1, smtp__server_done_atrn},
    {250, 1, smtp__server_done_burl},
};

/* The code of SMTP_ACCEPT. */
static int accepted(const smtp_server *server, int op)
{
    int code = ops[op].accepted;

    if (code != 0)
        return code;
    if (server->verb == SMTP_VERB_HELP)
        return 214;
    return server->verb == SMTP_VERB_VRFY || server->verb == SMTP_VERB_EXPN ? 252 : 250;
}

/* The reply to the last BURL is that of `message`. */
static int has_own_words(const smtp_server *server, int op)
{
    return ops[op].own_words && !(op == SMTP__OP_BURL && server->chunk.last);
}

int smtp__server_may_answer(const smtp_server *server, int op, int code)
{
    if (code >= 400 && code <= 599)
        return 1;
    if (code < 200 || code > 299 || !has_own_words(server, op))
        return 0;
    return server->verb >= SMTP_VERB_CUSTOM || smtp_reply_allowed(code, server->verb);
}

/* What a callback or the caller answers without words of its own, as a code; 0: nonsense. */
static int code_of(const smtp_server *server, int op, int answer)
{
    int usual = accepted(server, op);
    int code = answer == SMTP_ACCEPT ? usual : answer;

    if (op == SMTP__OP_COMMAND && smtp__server_names_mailboxes(server, op, code))
        return 0;
    return code == usual || smtp__server_may_answer(server, op, code) ? code : 0;
}

uint64_t smtp__server_ask(smtp_server *server, int op)
{
    server->op = (uint8_t)op;
    server->calling = 1;
    server->replied = 0;
    return ++server->ticket;
}

void smtp__server_answered(smtp_server *server, int answer)
{
    smtp_session *session = &server->session;
    int code;
    uint8_t op = server->op;

    server->calling = 0;
    if (session->stage != SMTP__RUNNING)
        return;
    if (answer == SMTP_DEFER && server->replied == 0) {
        session->waiting = 1;
        session->deadline = SMTP_TIME_NEVER;
        return;
    }
    code = server->replied != 0 ? server->replied : code_of(server, op, answer);
    if (code == 0 || (server->replied != 0 && answer != code)) {
        code = code != 0 ? code : 451;
        smtp__session_refuse(session, SMTP_ERR_CALLBACK, code, 0);
    }
    session->waiting = 0;
    server->op = SMTP__OP_NONE;
    smtp__session_wait(session, session->octets ? server->data_timeout : server->command_timeout);
    ops[op].done(server, code);
    server->replied = 0;
}

void smtp__server_conclude(smtp_server *server, int code)
{
    if (server->replied == 0)
        smtp__server_reply(server, code, 0, SMTP__NO_STR);
    else if (server->parked > 0)
        smtp__server_reply_parked(server, 0);
}

void smtp__server_done_command(smtp_server *server, int code)
{
    smtp__server_conclude(server, code);
    if (code == 421)
        smtp__session_end(&server->session, SMTP_ERR_CLOSED_BY_CALLER);
}

int smtp_server_answer(smtp_server *server, uint64_t ticket, int code, uint32_t status,
                       smtp_str text, smtp_time now)
{
    smtp_session *session = &server->session;

    if (session->busy)
        return SMTP_ERR_REENTRANT;
    if (session->stage != SMTP__RUNNING || !session->waiting || server->op == SMTP__OP_NONE ||
        ticket != server->ticket)
        return SMTP_ERR_STALE;
    session->busy = 1;
    session->now = now;
    server->replied = 0;
    if (code != SMTP_ACCEPT && (status != 0 || text.len > 0))
        code = smtp__server_write_reply(server, server->op, code, status, text);
    else if (code_of(server, server->op, code) == 0)
        code = SMTP_ERR_ARGUMENT;
    if (code < 0) {
        (void)smtp__session_leave(session);
        return code;
    }
    smtp__server_answered(server, code);
    session->role->proceed(session);
    (void)smtp__session_leave(session);
    return SMTP_ERR_OK;
}
