/* SPDX-License-Identifier: MIT
 * Mailboxes, written by other formatters. */
#ifndef SMTP_SYNTAX_MAILBOX_H
#define SMTP_SYNTAX_MAILBOX_H

#include "base/writer.h"
#include "smtp/address.h"

/* Writes a mailbox as smtp_mailbox_format does. Returns 0, CONTROL or UTF8. */
int smtp__put_mailbox(smtp__writer *writer, const smtp_mailbox *mailbox);

#endif
