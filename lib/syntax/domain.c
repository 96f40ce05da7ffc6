/* SPDX-License-Identifier: MIT
 * Domains (RFC 5321 4.1.2), with U-labels where they are allowed (RFC 6531 3.3). */
#include "syntax/address.h"

/* Reads a domain that is short, of ASCII and without fault, or nothing. Nearly all are, so this is
 * one loop that does not branch at dots: a branch there is mispredicted once a label. A dot weighs
 * 3 and a hyphen 1; neighbours of 4 or more are an empty label, or a hyphen where none may be. */
static int scan_plain(smtp__scan *scan)
{
    const char *at = scan->at;
    const char *end = scan->end - at > SMTP_LABEL_MAX ? at + SMTP_LABEL_MAX : scan->end;
    uint32_t before = SMTP__DOT | SMTP__JOINT, sums = 0;
    smtp__scan behind = *scan;
    for (; at < end && smtp__is((unsigned char)*at, SMTP__LDH | SMTP__DOT); at++) {
        uint32_t weight = smtp__ctype[(unsigned char)*at] & (SMTP__DOT | SMTP__JOINT);
        sums |= before + weight;
        before = weight;
    }
    sums |= before + (SMTP__DOT | SMTP__JOINT);
    behind.at = at;
    if ((sums & 4 * SMTP__JOINT) || !smtp__scan_ended(&behind)) {
        return 0;
    }
    scan->at = at;
    return 1;
}

/* Reads the octets of a label, whatever their number and place. */
static int scan_characters(smtp__scan *scan, uint32_t *utf8)
{
    int underscore = (scan->tolerate & SMTP_TOLERATE_UNDERSCORE) != 0;
    for (;;) {
        smtp__scan_run(scan, SMTP__LDH);
        if (smtp__scan_is(scan, SMTP__NON_ASCII)) {
            int error = smtp__scan_utf8(scan);
            if (error != 0) {
                return error;
            }
            *utf8 = 1;
        } else if (underscore && smtp__scan_at(scan, '_')) {
            scan->at++;
        } else {
            return 0;
        }
    }
}

/* Judges the label that was read from `begin` to here. */
static int check_label(smtp__scan *scan, const char *begin)
{
    if (!smtp__scan_at(scan, '.') && !smtp__scan_ended(scan)) {
        return smtp__scan_refuse(scan, SMTP_ERR_DOMAIN_CHARACTER);
    }
    if (scan->at == begin) {
        return smtp__scan_ended(scan) ? SMTP_ERR_DOMAIN_EMPTY : SMTP_ERR_DOT;
    }
    if (*begin == '-') {
        scan->at = begin;
        return SMTP_ERR_HYPHEN;
    }
    if (scan->at[-1] == '-') {
        scan->at--;
        return SMTP_ERR_HYPHEN;
    }
    return 0;
}

static int scan_label(smtp__scan *scan, uint32_t *utf8)
{
    const char *begin = scan->at;
    uint32_t u_label = 0;
    int error = scan_characters(scan, &u_label);
    if (error == 0) {
        error = check_label(scan, begin);
    }
    *utf8 |= u_label;
    /* The limit is that of the DNS, where a U-label stands as its A-label, which may be shorter:
     * only the limit of the whole domain holds for it (RFC 5890 4.2). */
    return u_label ? error
                   : smtp__scan_limit(scan, begin, SMTP_LABEL_MAX, error, SMTP_ERR_LABEL_TOO_LONG);
}

static int scan_labels(smtp__scan *scan, uint32_t *utf8)
{
    for (;;) {
        int error = scan_label(scan, utf8);
        if (error != 0) {
            return error;
        }
        if (!smtp__scan_at(scan, '.')) {
            return 0;
        }
        scan->at++;
        if (smtp__scan_ended(scan)) {
            if (scan->tolerate & SMTP_TOLERATE_TRAILING_DOT) {
                return 0;
            }
            scan->at--;
            return SMTP_ERR_DOT;
        }
    }
}

int smtp__scan_domain(smtp__scan *scan, smtp_host *out)
{
    const char *begin = scan->at;
    int error = 0;
    if (!scan_plain(scan)) {
        error = scan_labels(scan, &out->utf8);
        error = smtp__scan_limit(scan, begin, SMTP_DOMAIN_MAX, error, SMTP_ERR_DOMAIN_TOO_LONG);
    }
    out->kind = SMTP_HOST_DOMAIN;
    out->text = smtp__scan_since(scan, begin);
    return error;
}
