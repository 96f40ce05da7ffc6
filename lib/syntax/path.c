/* SPDX-License-Identifier: MIT
 * Reverse-paths and forward-paths (RFC 5321 4.1.2). */
#include "base/compiler.h"
#include "syntax/address.h"
#include "syntax/mailbox.h"

/* Copied from, since compilers clear a structure of this size with slow string instructions. */
static const smtp_path nothing;

/* Reads the domains of a source route up to its colon (RFC 5321 4.1.2, A-d-l). */
static int take_domains(smtp__cursor *cursor)
{
    for (;;) {
        smtp_host ignored = nothing.mailbox.host;
        int error;
        if (!smtp__at(cursor, '@')) {
            return SMTP_ERR_ROUTE;
        }
        cursor->at++;
        error = smtp__take_domain(cursor, &ignored);
        if (error != 0 || smtp__at(cursor, ':')) {
            return error;
        }
        if (cursor->at == cursor->end) {
            return SMTP_ERR_ROUTE;
        }
        cursor->at++; /* a comma */
    }
}

static int take_route(smtp__cursor *cursor, smtp_str *route)
{
    const char *begin = cursor->at;
    uint32_t stops = cursor->stops;
    int error;
    if (!smtp__at(cursor, '@')) {
        return 0;
    }
    cursor->stops = SMTP__ROUTE_END;
    error = take_domains(cursor);
    cursor->stops = stops;
    if (error != 0) {
        /* What is wrong with the octet itself says more than where it stands. */
        return error <= SMTP_ERR_BRACKET ? SMTP_ERR_ROUTE : error;
    }
    *route = smtp__since(cursor, begin);
    cursor->at++; /* the colon */
    return 0;
}

/* Reads a mailbox, or a Postmaster alone where that is allowed (RFC 5321 4.1.1.3). */
static int take_mailbox(smtp__cursor *cursor, smtp_path *out)
{
    int error = smtp__take_mailbox(cursor, &out->mailbox);
    out->kind = SMTP_PATH_MAILBOX;
    if (error == SMTP_ERR_AT_MISSING && (cursor->allow & SMTP_ADDRESS_POSTMASTER) &&
        smtp_str_equal_nocase(out->mailbox.local, smtp_text("Postmaster"))) {
        out->kind = SMTP_PATH_POSTMASTER;
        return 0;
    }
    return error;
}

/* A path has its brackets, but not its route, in its limit (RFC 5321 4.5.3.1.3). */
static int check_length(smtp__cursor *cursor, smtp_str mailbox)
{
    if (mailbox.len + 2 <= SMTP_PATH_MAX) {
        return 0;
    }
    cursor->at = mailbox.ptr + (SMTP_PATH_MAX - 1);
    return SMTP_ERR_PATH_TOO_LONG;
}

static int take_brackets(smtp__cursor *cursor, smtp_path *out)
{
    int error;
    cursor->at++;
    if (smtp__at(cursor, '>')) {
        if (!(cursor->allow & SMTP_ADDRESS_NULL)) {
            return SMTP_ERR_NULL_PATH;
        }
        cursor->at++;
        out->kind = SMTP_PATH_NULL;
        return 0;
    }
    cursor->stops = SMTP__PATH_END;
    error = take_route(cursor, &out->route);
    if (error == 0) {
        error = take_mailbox(cursor, out);
    }
    if (error != 0) {
        return error;
    }
    if (!smtp__at(cursor, '>')) {
        return SMTP_ERR_BRACKET;
    }
    cursor->at++;
    return check_length(cursor, out->mailbox.text);
}

/* Reads a path without brackets: it ends at the first space. A quoted local part may hold one, so
 * it needs brackets. */
static int take_bare(smtp__cursor *cursor, smtp_path *out)
{
    int error;
    if (smtp__at(cursor, '"')) {
        return SMTP_ERR_BRACKET;
    }
    cursor->stops = SMTP__WSP;
    error = take_mailbox(cursor, out);
    if (error == 0 && !smtp__at_stop(cursor)) {
        error = SMTP_ERR_TRAILING; /* behind a literal */
    }
    return error != 0 ? error : check_length(cursor, out->mailbox.text);
}

static smtp_str between(const char *begin, const char *end)
{
    smtp_str str = {begin, (size_t)(end - begin)};
    return str;
}

/* Reads a path in brackets of which all parts are plain, or nothing. */
static int take_plain(smtp__cursor *cursor, smtp_path *out)
{
    if (!smtp__at(cursor, '<')) {
        return 0;
    }
    const char *at = cursor->at + 1;
    const char *local = at;
    if (!smtp__plain_local_part(&at, cursor->end)) {
        return 0;
    }
    const char *domain = ++at;
    if (!smtp__plain_domain(&at, cursor->end) || at == cursor->end || *at != '>') {
        return 0;
    }
    out->kind = SMTP_PATH_MAILBOX;
    out->mailbox.text = between(local, at);
    out->mailbox.local = between(local, domain - 1);
    out->mailbox.host.kind = SMTP_HOST_DOMAIN;
    out->mailbox.host.text = between(domain, at);
    cursor->at = at + 1;
    return 1;
}

/* Reads any other path, and says what is wrong with one that is none. */
SMTP__RARE static int take_other(smtp__cursor *cursor, smtp_path *out)
{
    int error = SMTP_ERR_EMPTY;
    if (smtp__at(cursor, '<')) {
        error = take_brackets(cursor, out);
    } else if (cursor->at < cursor->end) {
        error = (cursor->tolerate & SMTP_TOLERATE_NO_BRACKETS) ? take_bare(cursor, out)
                                                               : SMTP_ERR_BRACKET;
    }
    if (error != 0) {
        *out = nothing;
    }
    return error;
}

int smtp__take_path(smtp__cursor *cursor, smtp_path *out)
{
    const char *begin = cursor->at;
    int error = 0;
    *out = nothing;
    if (!take_plain(cursor, out)) {
        error = take_other(cursor, out);
    }
    if (error == 0) {
        out->text = smtp__since(cursor, begin);
    }
    return error;
}

int smtp_path_parse(smtp_path *out, smtp_str text, uint32_t allow, uint32_t tolerate, size_t *used,
                    size_t *offset)
{
    smtp__cursor cursor = smtp__address_start(text, allow, tolerate);
    int error = smtp__take_path(&cursor, out);
    if (used != NULL) {
        text.len = error == 0 ? out->text.len : text.len; /* what follows is the caller's */
        *used = error == 0 ? out->text.len : 0;
    }
    error = smtp__finish(&cursor, text, error, offset);
    if (error != 0) {
        *out = nothing;
    }
    return error;
}

int smtp_path_format(char *out, size_t capacity, size_t *len, const smtp_path *path)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    int error = path->kind == SMTP_PATH_NONE ? SMTP_ERR_ARGUMENT : 0;
    *len = 0;
    smtp__put(&writer, '<');
    if (error == 0 && path->kind != SMTP_PATH_NULL) {
        error = smtp__put_mailbox(&writer, &path->mailbox);
    }
    smtp__put(&writer, '>');
    return error != 0 ? error : smtp__writer_finish(&writer, len);
}
