/* SPDX-License-Identifier: MIT
 * What a session tells of itself: its error in detail, and its counts. */
#include "session/session.h"

int smtp_session_error(const smtp_session *session, smtp_detail *detail)
{
    int error = session->error != SMTP_ERR_OK ? session->error : session->refusal;

    if (detail != NULL && detail->size >= sizeof *detail) {
        detail->error = error;
        detail->reply = session->reply;
        detail->offset = session->offset;
        detail->column = session->column;
        detail->text = smtp_error_text(error);
    }
    return error;
}

int smtp_session_statistics(const smtp_session *session, smtp_statistics *out)
{
    if (out == NULL || out->size < sizeof *out)
        return SMTP_ERR_ARGUMENT;
    out->octets_in = session->octets_in;
    out->octets_out = session->octets_out;
    out->body_octets = session->body_octets;
    out->commands = session->commands;
    out->replies = session->replies;
    out->errors = session->errors;
    out->transactions = session->transactions;
    out->recipients = session->recipients;
    out->messages = session->messages;
    return SMTP_ERR_OK;
}
