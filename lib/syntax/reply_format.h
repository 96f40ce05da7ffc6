/* SPDX-License-Identifier: MIT
 * Replies in words that need no check. */
#ifndef SMTP_SYNTAX_REPLY_FORMAT_H
#define SMTP_SYNTAX_REPLY_FORMAT_H

#include "smtp/reply.h"

/* As smtp_reply_format() with the usual text of the code. */
int smtp__reply_format_usual(char *out, size_t capacity, size_t *len, int code, uint32_t status);

#endif
