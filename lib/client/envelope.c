/* SPDX-License-Identifier: MIT
 * Envelopes made to commands: what is malformed, or more than the server can take, never reaches
 * the wire. */
#include <string.h>

#include "client/client.h"

/* A path for a mailbox that the caller gives without brackets. */
static int path_of(smtp_str mailbox, smtp_path *out)
{
    memset(out, 0, sizeof *out);
    if (smtp_str_equal_nocase(mailbox, smtp_text("postmaster"))) {
        out->kind = SMTP_PATH_POSTMASTER;
        out->mailbox.text = mailbox;
        out->mailbox.local = mailbox;
        return SMTP_ERR_OK;
    }
    out->kind = SMTP_PATH_MAILBOX;
    return smtp_mailbox_parse(&out->mailbox, mailbox, SMTP_ADDRESS_UTF8, 0, NULL);
}

int smtp__client_rcpt_command(const smtp_recipient *recipient, smtp_command *out)
{
    memset(out, 0, sizeof *out);
    out->verb = SMTP_VERB_RCPT;
    if (recipient->params != NULL)
        out->params = *recipient->params;
    return path_of(recipient->mailbox, &out->path);
}

/* 1 when some address of the transaction is not ASCII. */
static int has_utf8(const smtp_envelope *envelope)
{
    size_t i;
    size_t k;

    for (i = 0; i <= envelope->recipient_count; i++) {
        smtp_str text = i > 0 ? envelope->recipients[i - 1].mailbox : envelope->reverse_path;
        for (k = 0; k < text.len; k++) {
            if ((unsigned char)text.ptr[k] > 127)
                return 1;
        }
    }
    return 0;
}

int smtp__client_mail_command(const smtp_envelope *envelope, uint32_t extensions, smtp_command *out)
{
    memset(out, 0, sizeof *out);
    out->verb = SMTP_VERB_MAIL;
    if (envelope->params != NULL)
        out->params = *envelope->params;
    if (envelope->octets != 0 && (extensions & SMTP_EXT_SIZE) &&
        (out->params.present & SMTP_PARAM_SIZE) == 0) {
        out->params.present |= SMTP_PARAM_SIZE;
        out->params.size = envelope->octets;
    }
    if ((envelope->flags & SMTP_ENVELOPE_8BIT) && (out->params.present & SMTP_PARAM_BODY) == 0) {
        out->params.present |= SMTP_PARAM_BODY;
        out->params.body = SMTP_BODY_8BITMIME;
    }
    if ((envelope->flags & SMTP_ENVELOPE_UTF8) || has_utf8(envelope))
        out->params.present |= SMTP_PARAM_SMTPUTF8;
    if (envelope->reverse_path.len == 0) {
        out->path.kind = SMTP_PATH_NULL;
        return SMTP_ERR_OK;
    }
    out->path.kind = SMTP_PATH_MAILBOX;
    return smtp_mailbox_parse(&out->path.mailbox, envelope->reverse_path, SMTP_ADDRESS_UTF8, 0,
                              NULL);
}

void smtp__client_syntax(const smtp_client *client, uint32_t extensions, smtp_syntax *out)
{
    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->extensions = extensions;
    out->flags = SMTP_SYNTAX_UTF8; /* smtp__client_check() has seen to it */
    out->params = client->terms->params;
    out->param_count = client->terms->param_count;
}

/* Formats a command to nowhere, in the buffer of the body. */
static int try_command(smtp_client *client, const smtp_command *command, const smtp_syntax *syntax)
{
    size_t len = 0;
    int error = smtp_command_format(client->buffer, client->buffer_size, &len, command, syntax);

    return error == SMTP_ERR_NO_SPACE ? SMTP_ERR_LINE_TOO_LONG : error;
}

/* What an extension that is missing means to the sender. */
static int missing(int error, const smtp_command *command, uint32_t extensions)
{
    const uint32_t binary = SMTP_EXT_BINARYMIME | SMTP_EXT_CHUNKING;
    uint32_t present = command->params.present;

    if (error == SMTP_ERR_UTF8_NOT_ALLOWED)
        return SMTP_ERR_NEEDS_SMTPUTF8;
    if (error != SMTP_ERR_PARAMETER_NOT_OFFERED)
        return error;
    if ((present & SMTP_PARAM_SMTPUTF8) && (extensions & SMTP_EXT_SMTPUTF8) == 0)
        return SMTP_ERR_NEEDS_SMTPUTF8;
    if ((present & SMTP_PARAM_REQUIRETLS) && (extensions & SMTP_EXT_REQUIRETLS) == 0)
        return SMTP_ERR_NEEDS_TLS;
    if (present & SMTP_PARAM_BODY) {
        if (command->params.body == SMTP_BODY_BINARYMIME && (extensions & binary) != binary)
            return SMTP_ERR_NEEDS_BINARYMIME;
        if (command->params.body != SMTP_BODY_BINARYMIME && (extensions & SMTP_EXT_8BITMIME) == 0)
            return SMTP_ERR_NEEDS_8BITMIME;
    }
    return SMTP_ERR_NEEDS_EXTENSION;
}

int smtp__client_check(smtp_client *client, const smtp_envelope *envelope, uint32_t extensions,
                       size_t *wrong)
{
    smtp_command command;
    smtp_syntax syntax;
    size_t i;
    int error = smtp__client_mail_command(envelope, extensions, &command);

    *wrong = (size_t)-1;
    smtp__client_syntax(client, extensions, &syntax);
    syntax.flags = 0;
    if (error == SMTP_ERR_OK)
        error = missing(try_command(client, &command, &syntax), &command, extensions);
    if (error != SMTP_ERR_OK)
        return error;
    syntax.flags = command.params.present & SMTP_PARAM_SMTPUTF8 ? SMTP_SYNTAX_UTF8 : 0;
    for (i = 0; i < envelope->recipient_count; i++) {
        error = smtp__client_rcpt_command(&envelope->recipients[i], &command);
        if (error == SMTP_ERR_OK)
            error = missing(try_command(client, &command, &syntax), &command, extensions);
        if (error != SMTP_ERR_OK) {
            *wrong = i;
            return error;
        }
    }
    return SMTP_ERR_OK;
}
