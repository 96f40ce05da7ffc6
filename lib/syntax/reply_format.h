/* SPDX-License-Identifier: MIT
 * Replies, written without a look at their words. */
#ifndef SMTP_SYNTAX_REPLY_FORMAT_H
#define SMTP_SYNTAX_REPLY_FORMAT_H

#include "smtp/reply.h"

/* Writes a reply of one line whose text is known to be plain and to fit in it. Returns 0, NO_SPACE
 * or ARGUMENT as smtp_reply_format(). */
int smtp__reply_format_line(char *out, size_t capacity, size_t *len, int code, uint32_t status,
                            smtp_str text);

#endif
