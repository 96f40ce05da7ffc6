/* SPDX-License-Identifier: MIT
 * Domains (RFC 5321 4.1.2), with U-labels where they are allowed (RFC 6531 3.3). */
#include "syntax/address.h"

enum { WEIGHTS = SMTP__DOT | SMTP__JOINT };

/* Two octets at a time, and no branch at dots, which would be mispredicted once a label. A dot
 * weighs 3 and a hyphen 1; neighbours of 4 or more are an empty label, or a hyphen where none may
 * be. */
int smtp__plain_domain(const char **at, const char *end)
{
    const char *here = *at;
    const char *last = end - here > SMTP_LABEL_MAX ? here + SMTP_LABEL_MAX : end;
    uint32_t before = WEIGHTS, sums = 0;
    for (const char *pairs = here + (last - here) / 2 * 2; here != pairs; here += 2) {
        uint32_t one = smtp__ctype[(unsigned char)here[0]];
        uint32_t two = smtp__ctype[(unsigned char)here[1]];
        if ((one & two & SMTP__LDH_DOT) == 0) {
            break;
        }
        one &= WEIGHTS;
        two &= WEIGHTS;
        sums |= (before + one) | (one + two);
        before = two;
    }
    for (; here < last && smtp__is((unsigned char)*here, SMTP__LDH_DOT); here++) {
        uint32_t weight = smtp__ctype[(unsigned char)*here] & WEIGHTS;
        sums |= before + weight;
        before = weight;
    }
    sums |= before + WEIGHTS;
    if (sums & 4 * SMTP__JOINT) {
        return 0;
    }
    *at = here;
    return 1;
}

/* Reads the octets of a label, whatever their number and place. */
static int take_characters(smtp__cursor *cursor, uint32_t *utf8)
{
    int underscore = (cursor->tolerate & SMTP_TOLERATE_UNDERSCORE) != 0;
    for (;;) {
        (void)smtp__take_run(cursor, SMTP__LDH);
        if (smtp__at_class(cursor, SMTP__NON_ASCII)) {
            int error = smtp__take_utf8(cursor);
            if (error != 0) {
                return error;
            }
            *utf8 = 1;
        } else if (underscore && smtp__at(cursor, '_')) {
            cursor->at++;
        } else {
            return 0;
        }
    }
}

/* Judges the label that was read from `begin` to here. */
static int check_label(smtp__cursor *cursor, const char *begin)
{
    if (!smtp__at(cursor, '.') && !smtp__at_stop(cursor)) {
        return smtp__refuse(cursor, SMTP_ERR_DOMAIN_CHARACTER);
    }
    if (cursor->at == begin) {
        return smtp__at_stop(cursor) ? SMTP_ERR_DOMAIN_EMPTY : SMTP_ERR_DOT;
    }
    if (*begin == '-') {
        cursor->at = begin;
        return SMTP_ERR_HYPHEN;
    }
    if (cursor->at[-1] == '-') {
        cursor->at--;
        return SMTP_ERR_HYPHEN;
    }
    return 0;
}

static int take_label(smtp__cursor *cursor, uint32_t *utf8)
{
    const char *begin = cursor->at;
    uint32_t u_label = 0;
    int error = take_characters(cursor, &u_label);
    if (error == 0) {
        error = check_label(cursor, begin);
    }
    *utf8 |= u_label;
    /* The limit is that of the DNS, where a U-label stands as its A-label, which may be shorter:
     * only the limit of the whole domain holds for it (RFC 5890 4.2). */
    return u_label ? error
                   : smtp__within(cursor, begin, SMTP_LABEL_MAX, error, SMTP_ERR_LABEL_TOO_LONG);
}

static int take_labels(smtp__cursor *cursor, uint32_t *utf8)
{
    for (;;) {
        int error = take_label(cursor, utf8);
        if (error != 0) {
            return error;
        }
        if (!smtp__at(cursor, '.')) {
            return 0;
        }
        cursor->at++;
        if (smtp__at_stop(cursor)) {
            if (cursor->tolerate & SMTP_TOLERATE_TRAILING_DOT) {
                return 0;
            }
            cursor->at--;
            return SMTP_ERR_DOT;
        }
    }
}

int smtp__take_domain(smtp__cursor *cursor, smtp_host *out)
{
    const char *begin = cursor->at;
    int error = take_labels(cursor, &out->utf8);
    error = smtp__within(cursor, begin, SMTP_DOMAIN_MAX, error, SMTP_ERR_DOMAIN_TOO_LONG);
    out->kind = SMTP_HOST_DOMAIN;
    out->text = smtp__since(cursor, begin);
    return error;
}
