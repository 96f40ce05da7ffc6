/* SPDX-License-Identifier: MIT
 * What the parsers of addresses share, and the productions that they read. */
#ifndef SMTP_SYNTAX_ADDRESS_H
#define SMTP_SYNTAX_ADDRESS_H

#include "smtp/address.h"
#include "syntax/cursor.h"

/* The end of a slice. An absent one has no pointer to add to. */
inline const char *smtp__end_of(smtp_str str)
{
    return str.len > 0 ? str.ptr + str.len : str.ptr;
}

/* A cursor before an address under these rules. */
inline smtp__cursor smtp__address_start(smtp_str text, uint32_t allow, uint32_t tolerate)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    cursor.allow = allow;
    cursor.tolerate = tolerate;
    return cursor;
}

/* 1 when the next octet is in one of the classes. */
inline int smtp__at_class(const smtp__cursor *cursor, uint32_t classes)
{
    return cursor->at < cursor->end && smtp__is((unsigned char)*cursor->at, classes);
}

/* 1 at the end of the text and at an octet that may follow. */
inline int smtp__at_stop(const smtp__cursor *cursor)
{
    return cursor->at == cursor->end || smtp__is((unsigned char)*cursor->at, cursor->stops);
}

/* The error and place of a production that began at `begin`. When it has read more than `limit`
 * octets, that came first: it is `too_long` at the first octet over the limit, else `error`. */
inline int smtp__within(smtp__cursor *cursor, const char *begin, size_t limit, int error,
                        int too_long)
{
    if ((size_t)(cursor->at - begin) <= limit) {
        return error;
    }
    cursor->at = begin + limit;
    return too_long;
}

/* Gives the error of the next octet, which the grammar does not want here: CONTROL, UTF8 or
 * UTF8_NOT_ALLOWED when that says more, else `error`. */
int smtp__refuse(const smtp__cursor *cursor, int error);

/* Reads one character outside ASCII. Returns 0, UTF8 or UTF8_NOT_ALLOWED. */
int smtp__take_utf8(smtp__cursor *cursor);

/* Ends the reading of all of `text`: gives the error, or TRAILING when something is left, and its
 * place in *offset, which may be NULL. */
int smtp__finish(const smtp__cursor *cursor, smtp_str text, int error, size_t *offset);

/* Nearly all local parts and domains are plain: short, of ASCII, without quotes or fault. These
 * read past such a one at *at and return 1; else 0, and *at stays. An "@" follows the local part;
 * what follows the domain is for the caller to judge. */
int smtp__plain_local_part(const char **at, const char *end);
int smtp__plain_domain(const char **at, const char *end);

/* The productions of RFC 5321 4.1.2 and 4.1.3. Each reads as far as it goes and sets its part of
 * `out`, which is all zero before. A local part and a domain refuse an octet that cannot follow;
 * behind a literal the caller looks itself. */
int smtp__take_local_part(smtp__cursor *cursor, smtp_mailbox *out);
int smtp__take_domain(smtp__cursor *cursor, smtp_host *out);
int smtp__take_literal(smtp__cursor *cursor, smtp_host *out);
int smtp__take_host(smtp__cursor *cursor, smtp_host *out);
int smtp__take_mailbox(smtp__cursor *cursor, smtp_mailbox *out);

/* Reads a path, and clears `out` before and when there is none. */
int smtp__take_path(smtp__cursor *cursor, smtp_path *out);

#endif
