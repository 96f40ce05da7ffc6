/* SPDX-License-Identifier: MIT
 * Address literals read to their octets (RFC 5321 4.1.3). */
#include "syntax/address.h"

#include <string.h>

enum {
    GROUPS = 8,     /* of 16 bits, in an IPv6 address */
    GAP_GROUPS = 6, /* at most these beside a "::", which stands for two or more (RFC 5321 4.1.3) */
    NO_GAP = -1
};

/* The groups of an IPv6 address as they are written. */
typedef struct groups {
    unsigned char octets[2 * GROUPS];
    int count;
    int gap;  /* how many stand before the "::" */
    int ipv4; /* 1 when the last two were an IPv4 address: nothing follows it */
} groups;

/* Reads a Snum: 1 to 3 digits with a value up to 255. */
static int scan_snum(smtp__scan *scan, unsigned char *out)
{
    const char *begin = scan->at;
    unsigned value = 0;
    while (scan->at - begin < 3 && smtp__scan_is(scan, SMTP__DIGIT)) {
        value = value * 10 + (unsigned)(*scan->at++ - '0');
    }
    if (scan->at == begin) {
        return smtp__scan_refuse(scan, SMTP_ERR_IPV4);
    }
    if (value > 255) {
        scan->at = begin;
        return SMTP_ERR_IPV4;
    }
    *out = (unsigned char)value;
    return 0;
}

static int scan_ipv4(smtp__scan *scan, unsigned char out[4])
{
    for (int i = 0; i < 4; i++) {
        int error;
        if (i > 0) {
            if (!smtp__scan_at(scan, '.')) {
                return smtp__scan_refuse(scan, SMTP_ERR_IPV4);
            }
            scan->at++;
        }
        error = scan_snum(scan, &out[i]);
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

/* Reads a group of 1 to 4 hexadecimal digits, or the IPv4 address in the place of the last two. */
static int scan_group(smtp__scan *scan, groups *out)
{
    const char *begin = scan->at;
    unsigned char *octets = out->octets + 2 * out->count;
    unsigned value = 0;
    while (scan->at - begin < 4 && smtp__scan_is(scan, SMTP__HEX)) {
        unsigned char digit = smtp__lower((unsigned char)*scan->at++);
        value = value << 4 | (digit <= '9' ? digit - '0' + 0u : digit - 'a' + 10u);
    }
    if (scan->at == begin || out->count == GROUPS) {
        scan->at = begin;
        return SMTP_ERR_IPV6;
    }
    if (smtp__scan_at(scan, '.') && out->count <= GROUPS - 2) {
        scan->at = begin;
        out->count += 2;
        out->ipv4 = 1;
        return scan_ipv4(scan, octets);
    }
    octets[0] = (unsigned char)(value >> 8);
    octets[1] = (unsigned char)(value & 0xFF);
    out->count++;
    return 0;
}

/* Reads the groups and the colons between them. */
static int scan_groups(smtp__scan *scan, groups *out)
{
    for (;;) {
        if (smtp__scan_at(scan, ':') && scan->end - scan->at > 1 && scan->at[1] == ':') {
            if (out->gap != NO_GAP) {
                return SMTP_ERR_IPV6;
            }
            out->gap = out->count;
            scan->at += 2;
            if (!smtp__scan_is(scan, SMTP__HEX)) {
                return 0;
            }
        } else if (out->count > 0) {
            if (!smtp__scan_at(scan, ':')) {
                return 0;
            }
            scan->at++;
        }
        int error = scan_group(scan, out);
        if (error != 0 || out->ipv4) {
            return error;
        }
    }
}

static int scan_ipv6(smtp__scan *scan, unsigned char out[16])
{
    groups read = {{0}, 0, NO_GAP, 0};
    int error = scan_groups(scan, &read);
    size_t before, behind;
    if (error == 0 && (read.gap == NO_GAP ? read.count != GROUPS : read.count > GAP_GROUPS)) {
        error = SMTP_ERR_IPV6;
    }
    if (error != 0) {
        return smtp__scan_refuse(scan, SMTP_ERR_IPV6);
    }
    before = 2 * (size_t)(read.gap == NO_GAP ? read.count : read.gap);
    behind = 2 * (size_t)read.count - before;
    memset(out, 0, 16);
    memcpy(out, read.octets, before);
    memcpy(out + 16 - behind, read.octets + before, behind);
    return 0;
}

static int scan_content(smtp__scan *scan, smtp_str *out)
{
    const char *begin = scan->at;
    smtp__scan_run(scan, SMTP__DCONTENT);
    *out = smtp__scan_since(scan, begin);
    return out->len == 0 ? smtp__scan_refuse(scan, SMTP_ERR_LITERAL) : 0;
}

/* Reads what stands in the brackets. The kinds are told apart by their tag; one without is IPv4. */
static int scan_tagged(smtp__scan *scan, smtp_host *out)
{
    const char *begin = scan->at;
    smtp_str tag;
    smtp__scan_run(scan, SMTP__LDH);
    tag = smtp__scan_since(scan, begin);
    if (!smtp__scan_at(scan, ':')) {
        if (tag.len == 0 || !smtp__is((unsigned char)*begin, SMTP__DIGIT)) {
            return smtp__scan_refuse(scan, SMTP_ERR_LITERAL);
        }
        scan->at = begin;
        out->kind = SMTP_HOST_IPV4;
        return scan_ipv4(scan, out->ip);
    }
    if (tag.len == 0 || scan->at[-1] == '-') {
        return SMTP_ERR_LITERAL;
    }
    scan->at++;
    if (smtp_str_equal_nocase(tag, smtp_text("IPv6"))) {
        out->kind = SMTP_HOST_IPV6;
        return scan_ipv6(scan, out->ip);
    }
    out->kind = SMTP_HOST_GENERAL;
    out->tag = tag;
    return scan_content(scan, &out->content);
}

/* Reads the closing bracket. An octet in its place does not belong to the address before it. */
static int scan_close(smtp__scan *scan, int kind)
{
    if (scan->at == scan->end) {
        return SMTP_ERR_LITERAL;
    }
    if (*scan->at != ']') {
        return smtp__scan_refuse(scan, kind == SMTP_HOST_IPV4   ? SMTP_ERR_IPV4
                                       : kind == SMTP_HOST_IPV6 ? SMTP_ERR_IPV6
                                                                : SMTP_ERR_LITERAL);
    }
    scan->at++;
    return 0;
}

int smtp__scan_literal(smtp__scan *scan, smtp_host *out)
{
    const char *begin = scan->at++;
    int error = scan_tagged(scan, out);
    if (error == 0) {
        error = scan_close(scan, out->kind);
    }
    out->text = smtp__scan_since(scan, begin);
    return smtp__scan_limit(scan, begin, SMTP_DOMAIN_MAX, error, SMTP_ERR_DOMAIN_TOO_LONG);
}
