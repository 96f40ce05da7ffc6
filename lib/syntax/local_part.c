/* SPDX-License-Identifier: MIT
 * Local parts: dot-strings and quoted strings (RFC 5321 4.1.2, RFC 6531 3.3) and their meaning. */
#include "syntax/local_part.h"

#include "base/utf8.h"
#include "syntax/address.h"

/* Reads a local part that is short, of ASCII, without quotes and without fault, or nothing. As with
 * domains: nearly all are, and one loop that does not branch at dots is the fastest. */
static int scan_plain(smtp__scan *scan)
{
    const char *at = scan->at;
    const char *end = scan->end - at > SMTP_LOCAL_PART_MAX ? at + SMTP_LOCAL_PART_MAX : scan->end;
    uint32_t before = SMTP__DOT, doubled = 0;
    for (; at < end && smtp__is((unsigned char)*at, SMTP__ATEXT | SMTP__DOT); at++) {
        uint32_t dot = smtp__ctype[(unsigned char)*at] & SMTP__DOT;
        doubled |= before & dot;
        before = dot;
    }
    if ((doubled | before) || at == scan->end || *at != '@') {
        return 0;
    }
    scan->at = at;
    return 1;
}

/* Reads atoms and the dots between them. */
static int scan_dot_string(smtp__scan *scan, uint32_t *utf8)
{
    const char *begin = scan->at;
    int dots = (scan->tolerate & SMTP_TOLERATE_DOTS) != 0;
    for (;;) {
        smtp__scan_run(scan, SMTP__ATEXT);
        if (smtp__scan_at(scan, '.')) {
            if (!dots && (scan->at == begin || scan->at[-1] == '.')) {
                return SMTP_ERR_DOT;
            }
            scan->at++;
        } else if (smtp__scan_is(scan, SMTP__NON_ASCII)) {
            int error = smtp__scan_utf8(scan);
            if (error != 0) {
                return error;
            }
            *utf8 = 1;
        } else {
            return 0;
        }
    }
}

/* Reads a quoted string. It may be empty, as RFC 5321 prints its grammar. */
static int scan_quoted_string(smtp__scan *scan, uint32_t *utf8)
{
    scan->at++;
    for (;;) {
        smtp__scan_run(scan, SMTP__QTEXT);
        if (smtp__scan_at(scan, '"')) {
            scan->at++;
            return 0;
        }
        if (smtp__scan_at(scan, '\\')) {
            scan->at++;
            if (!smtp__scan_is(scan, SMTP__PRINTABLE)) {
                return smtp__scan_refuse(scan, SMTP_ERR_QUOTED_STRING);
            }
            scan->at++;
        } else if (smtp__scan_is(scan, SMTP__NON_ASCII)) {
            int error = smtp__scan_utf8(scan);
            if (error != 0) {
                return error;
            }
            *utf8 = 1;
        } else {
            return smtp__scan_refuse(scan, SMTP_ERR_QUOTED_STRING);
        }
    }
}

/* Judges the local part that was read from `begin` to here by what follows it. */
static int check_end(smtp__scan *scan, const char *begin, uint32_t quoted)
{
    if (!smtp__scan_at(scan, '@') && !smtp__scan_ended(scan)) {
        return smtp__scan_refuse(scan, SMTP_ERR_LOCAL_PART);
    }
    if (scan->at == begin) {
        return SMTP_ERR_LOCAL_PART_EMPTY;
    }
    if (!quoted && scan->at[-1] == '.' && !(scan->tolerate & SMTP_TOLERATE_DOTS)) {
        scan->at--;
        return SMTP_ERR_DOT;
    }
    return 0;
}

/* Whether any form can hold these octets. */
static int check_octets(smtp_str octets)
{
    const char *end = smtp__end_of(octets);
    for (const char *at = octets.ptr; at != end;) {
        size_t step = smtp__utf8_step(at, end);
        if (step == 0) {
            return SMTP_ERR_UTF8;
        }
        if (smtp__is((unsigned char)*at, SMTP__CONTROL)) {
            return SMTP_ERR_CONTROL;
        }
        at += step;
    }
    return 0;
}

/* 1 when a dot-string can mean the same. */
static int is_dot_string(smtp__meaning meaning)
{
    int before = '.';
    for (int octet; (octet = smtp__meaning_next(&meaning)) >= 0; before = octet) {
        if (octet == '.' ? before == '.'
                         : !smtp__is((unsigned char)octet, SMTP__ATEXT | SMTP__NON_ASCII)) {
            return 0;
        }
    }
    return before != '.';
}

static void put_shortest(smtp__writer *writer, smtp__meaning meaning)
{
    int quoted = !is_dot_string(meaning);
    if (quoted) {
        smtp__put(writer, '"');
    }
    for (int octet; (octet = smtp__meaning_next(&meaning)) >= 0;) {
        if (octet == '"' || octet == '\\') {
            smtp__put(writer, '\\');
        }
        smtp__put(writer, (char)(unsigned char)octet);
    }
    if (quoted) {
        smtp__put(writer, '"');
    }
}

/* Reads a local part of any kind. */
static int scan_any(smtp__scan *scan, smtp_mailbox *out)
{
    const char *begin = scan->at;
    size_t limit = (scan->tolerate & SMTP_TOLERATE_LONG_LOCAL_PART) ? SMTP_LOCAL_PART_TOLERATED_MAX
                                                                    : SMTP_LOCAL_PART_MAX;
    int error;
    out->quoted = (uint32_t)smtp__scan_at(scan, '"');
    error = out->quoted ? scan_quoted_string(scan, &out->utf8) : scan_dot_string(scan, &out->utf8);
    if (error == 0) {
        error = check_end(scan, begin, out->quoted);
    }
    return smtp__scan_limit(scan, begin, limit, error, SMTP_ERR_LOCAL_PART_TOO_LONG);
}

int smtp__scan_local_part(smtp__scan *scan, smtp_mailbox *out)
{
    const char *begin = scan->at;
    int error = scan_plain(scan) ? 0 : scan_any(scan, out);
    out->local = smtp__scan_since(scan, begin);
    return error;
}

smtp__meaning smtp__meaning_of(smtp_str local)
{
    smtp__meaning meaning = {local.ptr, smtp__end_of(local), 0};
    if (local.len >= 2 && *local.ptr == '"' && meaning.end[-1] == '"') {
        meaning.at++;
        meaning.end--;
        meaning.quoted = 1;
    }
    return meaning;
}

int smtp__meaning_next(smtp__meaning *meaning)
{
    if (meaning->at == meaning->end) {
        return -1;
    }
    if (meaning->quoted && *meaning->at == '\\' && meaning->end - meaning->at > 1) {
        meaning->at++;
    }
    return (unsigned char)*meaning->at++;
}

int smtp__put_local_part(smtp__writer *writer, smtp_str local)
{
    int error = check_octets(local);
    if (error == 0) {
        put_shortest(writer, smtp__meaning_of(local));
    }
    return error;
}

int smtp_local_part_unquote(char *out, size_t capacity, size_t *len, smtp_str local)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    smtp__meaning meaning = smtp__meaning_of(local);
    for (int octet; (octet = smtp__meaning_next(&meaning)) >= 0;) {
        smtp__put(&writer, (char)(unsigned char)octet);
    }
    return smtp__writer_finish(&writer, len);
}

int smtp_local_part_quote(char *out, size_t capacity, size_t *len, smtp_str octets)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    smtp__meaning meaning = {octets.ptr, smtp__end_of(octets), 0};
    int error = check_octets(octets);
    *len = 0;
    if (error != 0) {
        return error;
    }
    put_shortest(&writer, meaning);
    return smtp__writer_finish(&writer, len);
}
