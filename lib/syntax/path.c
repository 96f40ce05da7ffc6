/* SPDX-License-Identifier: MIT
 * Reverse-paths and forward-paths (RFC 5321 4.1.2). */
#include "syntax/address.h"
#include "syntax/mailbox.h"

/* Copied from, since compilers clear a structure of this size with slow string instructions. */
static const smtp_path nothing;

/* Reads the domains of a source route up to its colon (RFC 5321 4.1.2, A-d-l). */
static int scan_domains(smtp__scan *scan)
{
    for (;;) {
        smtp_host ignored = nothing.mailbox.host;
        int error;
        if (!smtp__scan_at(scan, '@')) {
            return SMTP_ERR_ROUTE;
        }
        scan->at++;
        error = smtp__scan_domain(scan, &ignored);
        if (error != 0 || smtp__scan_at(scan, ':')) {
            return error;
        }
        if (scan->at == scan->end) {
            return SMTP_ERR_ROUTE;
        }
        scan->at++; /* a comma */
    }
}

static int scan_route(smtp__scan *scan, smtp_str *route)
{
    const char *begin = scan->at;
    uint32_t stops = scan->stops;
    int error;
    if (!smtp__scan_at(scan, '@')) {
        return 0;
    }
    scan->stops = SMTP__ROUTE_END;
    error = scan_domains(scan);
    scan->stops = stops;
    if (error != 0) {
        /* What is wrong with the octet itself says more than where it stands. */
        return error <= SMTP_ERR_BRACKET ? SMTP_ERR_ROUTE : error;
    }
    *route = smtp__scan_since(scan, begin);
    scan->at++; /* the colon */
    return 0;
}

/* Reads a mailbox, or a Postmaster alone where that is allowed (RFC 5321 4.1.1.3). */
static int scan_mailbox(smtp__scan *scan, smtp_path *out)
{
    int error = smtp__scan_mailbox(scan, &out->mailbox);
    out->kind = SMTP_PATH_MAILBOX;
    if (error == SMTP_ERR_AT_MISSING && (scan->allow & SMTP_ADDRESS_POSTMASTER) &&
        smtp_str_equal_nocase(out->mailbox.local, smtp_text("Postmaster"))) {
        out->kind = SMTP_PATH_POSTMASTER;
        return 0;
    }
    return error;
}

/* A path has its brackets, but not its route, in its limit (RFC 5321 4.5.3.1.3). */
static int check_length(smtp__scan *scan, smtp_str mailbox)
{
    if (mailbox.len + 2 <= SMTP_PATH_MAX) {
        return 0;
    }
    scan->at = mailbox.ptr + SMTP_PATH_MAX - 1;
    return SMTP_ERR_PATH_TOO_LONG;
}

static int scan_brackets(smtp__scan *scan, smtp_path *out)
{
    int error;
    scan->at++;
    if (smtp__scan_at(scan, '>')) {
        if (!(scan->allow & SMTP_ADDRESS_NULL)) {
            return SMTP_ERR_NULL_PATH;
        }
        scan->at++;
        out->kind = SMTP_PATH_NULL;
        return 0;
    }
    scan->stops = SMTP__PATH_END;
    error = scan_route(scan, &out->route);
    if (error == 0) {
        error = scan_mailbox(scan, out);
    }
    if (error != 0) {
        return error;
    }
    if (!smtp__scan_at(scan, '>')) {
        return SMTP_ERR_BRACKET;
    }
    scan->at++;
    return check_length(scan, out->mailbox.text);
}

/* Reads a path without brackets: it ends at the first space. A quoted local part may hold one, so
 * it needs brackets. */
static int scan_bare(smtp__scan *scan, smtp_path *out)
{
    int error;
    if (smtp__scan_at(scan, '"')) {
        return SMTP_ERR_BRACKET;
    }
    scan->stops = SMTP__WSP;
    error = scan_mailbox(scan, out);
    if (error == 0 && !smtp__scan_ended(scan)) {
        error = SMTP_ERR_TRAILING; /* behind a literal */
    }
    return error != 0 ? error : check_length(scan, out->mailbox.text);
}

static int scan_path(smtp__scan *scan, smtp_path *out)
{
    if (smtp__scan_at(scan, '<')) {
        return scan_brackets(scan, out);
    }
    if (scan->at == scan->end) {
        return SMTP_ERR_EMPTY;
    }
    return (scan->tolerate & SMTP_TOLERATE_NO_BRACKETS) ? scan_bare(scan, out) : SMTP_ERR_BRACKET;
}

int smtp_path_parse(smtp_path *out, smtp_str text, uint32_t allow, uint32_t tolerate, size_t *used,
                    size_t *offset)
{
    smtp__scan scan = smtp__scan_start(text, allow, tolerate);
    int error;
    *out = nothing;
    error = scan_path(&scan, out);
    out->text = smtp__scan_since(&scan, text.ptr);
    if (used != NULL) {
        text.len = error == 0 ? out->text.len : text.len; /* what follows is the caller's */
        *used = error == 0 ? out->text.len : 0;
    }
    error = smtp__scan_finish(&scan, text, error, offset);
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
