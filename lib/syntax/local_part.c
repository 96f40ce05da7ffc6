/* SPDX-License-Identifier: MIT
 * Local parts: dot-strings and quoted strings (RFC 5321 4.1.2, RFC 6531 3.3) and their meaning. */
#include "syntax/local_part.h"

#include "base/utf8.h"
#include "syntax/address.h"

/* Two octets at a time, and no branch at dots, as with domains. */
int smtp__plain_local_part(const char **at, const char *end)
{
    const char *here = *at;
    const char *last = end - here > SMTP_LOCAL_PART_MAX ? here + SMTP_LOCAL_PART_MAX : end;
    uint32_t before = SMTP__DOT, twice = 0;
    for (const char *pairs = here + (last - here) / 2 * 2; here != pairs; here += 2) {
        uint32_t one = smtp__ctype[(unsigned char)here[0]];
        uint32_t two = smtp__ctype[(unsigned char)here[1]];
        if ((one & two & SMTP__ATEXT_DOT) == 0) {
            break;
        }
        twice |= (before & one) | (one & two);
        before = two;
    }
    for (; here < last && smtp__is((unsigned char)*here, SMTP__ATEXT_DOT); here++) {
        uint32_t one = smtp__ctype[(unsigned char)*here];
        twice |= before & one;
        before = one;
    }
    if (here == end || *here != '@' || ((twice | before) & SMTP__DOT)) {
        return 0;
    }
    *at = here;
    return 1;
}

/* Reads atoms and the dots between them. */
static int take_dot_string(smtp__cursor *cursor, uint32_t *utf8)
{
    const char *begin = cursor->at;
    int dots = (cursor->tolerate & SMTP_TOLERATE_DOTS) != 0;
    for (;;) {
        (void)smtp__take_run(cursor, SMTP__ATEXT);
        if (smtp__at(cursor, '.')) {
            if (!dots && (cursor->at == begin || cursor->at[-1] == '.')) {
                return SMTP_ERR_DOT;
            }
            cursor->at++;
        } else if (smtp__at_class(cursor, SMTP__NON_ASCII)) {
            int error = smtp__take_utf8(cursor);
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
static int take_quoted_string(smtp__cursor *cursor, uint32_t *utf8)
{
    cursor->at++;
    for (;;) {
        (void)smtp__take_run(cursor, SMTP__QTEXT);
        if (smtp__at(cursor, '"')) {
            cursor->at++;
            return 0;
        }
        if (smtp__at(cursor, '\\')) {
            cursor->at++;
            if (!smtp__at_class(cursor, SMTP__PRINTABLE)) {
                return smtp__refuse(cursor, SMTP_ERR_QUOTED_STRING);
            }
            cursor->at++;
        } else if (smtp__at_class(cursor, SMTP__NON_ASCII)) {
            int error = smtp__take_utf8(cursor);
            if (error != 0) {
                return error;
            }
            *utf8 = 1;
        } else {
            return smtp__refuse(cursor, SMTP_ERR_QUOTED_STRING);
        }
    }
}

/* Judges the local part that was read from `begin` to here by what follows it. */
static int check_end(smtp__cursor *cursor, const char *begin, uint32_t quoted)
{
    if (!smtp__at(cursor, '@') && !smtp__at_stop(cursor)) {
        return smtp__refuse(cursor, SMTP_ERR_LOCAL_PART);
    }
    if (cursor->at == begin) {
        return SMTP_ERR_LOCAL_PART_EMPTY;
    }
    if (!quoted && cursor->at[-1] == '.' && !(cursor->tolerate & SMTP_TOLERATE_DOTS)) {
        cursor->at--;
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

int smtp__take_local_part(smtp__cursor *cursor, smtp_mailbox *out)
{
    const char *begin = cursor->at;
    size_t limit = (cursor->tolerate & SMTP_TOLERATE_LONG_LOCAL_PART)
                       ? SMTP_LOCAL_PART_TOLERATED_MAX
                       : SMTP_LOCAL_PART_MAX;
    out->quoted = (uint32_t)smtp__at(cursor, '"');
    int error =
        out->quoted ? take_quoted_string(cursor, &out->utf8) : take_dot_string(cursor, &out->utf8);
    if (error == 0) {
        error = check_end(cursor, begin, out->quoted);
    }
    error = smtp__within(cursor, begin, limit, error, SMTP_ERR_LOCAL_PART_TOO_LONG);
    out->local = smtp__since(cursor, begin);
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
