/* SPDX-License-Identifier: MIT
 * Mailboxes: a local part, "@" and a host (RFC 5321 4.1.2). */
#include "syntax/mailbox.h"

#include "syntax/address.h"
#include "syntax/host.h"
#include "syntax/local_part.h"

static const smtp_mailbox nothing;

int smtp__take_mailbox(smtp__cursor *cursor, smtp_mailbox *out)
{
    const char *begin = cursor->at;
    int error = smtp__take_local_part(cursor, out);
    if (error == 0 && !smtp__at(cursor, '@')) {
        error = SMTP_ERR_AT_MISSING;
    }
    if (error == 0) {
        cursor->at++;
        error = smtp__take_host(cursor, &out->host);
        out->utf8 |= out->host.utf8;
    }
    out->text = smtp__since(cursor, begin);
    return error;
}

int smtp_mailbox_parse(smtp_mailbox *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                       size_t *offset)
{
    smtp__cursor cursor = smtp__address_start(text, allow, tolerate);
    int error;
    *out = nothing;
    error = smtp__finish(&cursor, text, smtp__take_mailbox(&cursor, out), offset);
    if (error != 0) {
        *out = nothing;
    }
    return error;
}

int smtp__put_mailbox(smtp__writer *writer, const smtp_mailbox *mailbox)
{
    int error = smtp__put_local_part(writer, mailbox->local);
    if (error == 0 && mailbox->host.kind != SMTP_HOST_NONE) {
        smtp__put(writer, '@');
        smtp__put_host(writer, &mailbox->host);
    }
    return error;
}

int smtp_mailbox_format(char *out, size_t capacity, size_t *len, const smtp_mailbox *mailbox)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    int error = smtp__put_mailbox(&writer, mailbox);
    *len = 0;
    return error != 0 ? error : smtp__writer_finish(&writer, len);
}
