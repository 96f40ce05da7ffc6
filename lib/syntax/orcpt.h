/* SPDX-License-Identifier: MIT
 * The characters of an original recipient whose type is "utf-8" (RFC 6533 3). */
#ifndef SMTP_SYNTAX_ORCPT_H
#define SMTP_SYNTAX_ORCPT_H

#include "syntax/cursor.h"

/* A Unicode character as UTF-8. */
typedef struct smtp__character {
    char octets[4];
    size_t len;
} smtp__character;

/* Reads one character of utf-8-addr-xtext or utf-8-addr-unitext, embedded or as it is. Returns 0 or
 * XTEXT. */
int smtp__take_orcpt_utf8(smtp__cursor *cursor, smtp__character *out);

#endif
