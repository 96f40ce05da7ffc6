/* SPDX-License-Identifier: MIT
 * What the parsers of addresses share: a place in a text, and the productions read from there. */
#ifndef SMTP_SYNTAX_ADDRESS_H
#define SMTP_SYNTAX_ADDRESS_H

#include "base/ctype.h"
#include "smtp/address.h"

/* A walk over a text. It only goes forward; after an error `at` is the octet of the error. */
typedef struct smtp__scan {
    const char *at;
    const char *end;
    uint32_t allow;    /* SMTP_ADDRESS_ */
    uint32_t tolerate; /* SMTP_TOLERATE_ */
    uint32_t stops;    /* the class of what may follow, as SMTP__PATH_END; 0: only the end */
} smtp__scan;

/* The end of a slice. An absent one has no pointer to add to. */
static inline const char *smtp__end_of(smtp_str str)
{
    return str.len > 0 ? str.ptr + str.len : str.ptr;
}

/* A scan at the start of a text that must be read to its end. */
static inline smtp__scan smtp__scan_start(smtp_str text, uint32_t allow, uint32_t tolerate)
{
    smtp__scan scan = {text.ptr, smtp__end_of(text), allow, tolerate, 0};
    return scan;
}

/* 1 when the next octet is in one of the classes. */
static inline int smtp__scan_is(const smtp__scan *scan, uint32_t classes)
{
    return scan->at < scan->end && smtp__is((unsigned char)*scan->at, classes);
}

/* 1 when the next octet is this one. */
static inline int smtp__scan_at(const smtp__scan *scan, char octet)
{
    return scan->at < scan->end && *scan->at == octet;
}

/* Reads the longest run of octets of the classes. In a pointer of its own, which can stay in a
 * register: this loop is where the time goes. */
static inline void smtp__scan_run(smtp__scan *scan, uint32_t classes)
{
    const char *at = scan->at;
    const char *end = scan->end;
    while (at < end && smtp__is((unsigned char)*at, classes)) {
        at++;
    }
    scan->at = at;
}

/* 1 at the end of the text and at an octet that may follow. */
static inline int smtp__scan_ended(const smtp__scan *scan)
{
    return scan->at == scan->end || smtp__is((unsigned char)*scan->at, scan->stops);
}

/* What has been read since `begin`. */
static inline smtp_str smtp__scan_since(const smtp__scan *scan, const char *begin)
{
    smtp_str str = {begin, (size_t)(scan->at - begin)};
    return str;
}

/* The error and place of a production that began at `begin`. When it has read more than `limit`
 * octets, that came first: it is `too_long` at the first octet over the limit, else `error`. */
static inline int smtp__scan_limit(smtp__scan *scan, const char *begin, size_t limit, int error,
                                   int too_long)
{
    if ((size_t)(scan->at - begin) <= limit) {
        return error;
    }
    scan->at = begin + limit;
    return too_long;
}

/* Gives the error of the next octet, which the grammar does not want here: CONTROL, UTF8 or
 * UTF8_NOT_ALLOWED when that says more, else `error`. */
int smtp__scan_refuse(const smtp__scan *scan, int error);

/* Reads one character outside ASCII. Returns 0, UTF8 or UTF8_NOT_ALLOWED. */
int smtp__scan_utf8(smtp__scan *scan);

/* Ends the scan of all of `text`: gives the error, or TRAILING when something is left, and its
 * place in *offset, which may be NULL. */
int smtp__scan_finish(const smtp__scan *scan, smtp_str text, int error, size_t *offset);

/* The productions of RFC 5321 4.1.2 and 4.1.3. Each reads as far as it goes and sets its part of
 * `out`, which is all zero before. A local part and a domain refuse an octet that cannot follow;
 * behind a literal the caller looks itself. */
int smtp__scan_local_part(smtp__scan *scan, smtp_mailbox *out);
int smtp__scan_domain(smtp__scan *scan, smtp_host *out);
int smtp__scan_literal(smtp__scan *scan, smtp_host *out);
int smtp__scan_host(smtp__scan *scan, smtp_host *out);
int smtp__scan_mailbox(smtp__scan *scan, smtp_mailbox *out);

#endif
