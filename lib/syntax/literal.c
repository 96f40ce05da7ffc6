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
static int take_snum(smtp__cursor *cursor, unsigned char *out)
{
    const char *begin = cursor->at;
    unsigned value = 0;
    while (cursor->at - begin < 3 && smtp__at_class(cursor, SMTP__DIGIT)) {
        value = value * 10 + (unsigned)(*cursor->at++ - '0');
    }
    if (cursor->at == begin) {
        return smtp__refuse(cursor, SMTP_ERR_IPV4);
    }
    if (value > 255) {
        cursor->at = begin;
        return SMTP_ERR_IPV4;
    }
    *out = (unsigned char)value;
    return 0;
}

static int take_ipv4(smtp__cursor *cursor, unsigned char out[4])
{
    for (int i = 0; i < 4; i++) {
        int error;
        if (i > 0) {
            if (!smtp__at(cursor, '.')) {
                return smtp__refuse(cursor, SMTP_ERR_IPV4);
            }
            cursor->at++;
        }
        error = take_snum(cursor, &out[i]);
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

/* Reads a group of 1 to 4 hexadecimal digits, or the IPv4 address in the place of the last two. */
static int take_group(smtp__cursor *cursor, groups *out)
{
    const char *begin = cursor->at;
    unsigned char *octets = out->octets + 2 * out->count;
    unsigned value = 0;
    while (cursor->at - begin < 4 && smtp__at_class(cursor, SMTP__HEX)) {
        unsigned char digit = smtp__lower((unsigned char)*cursor->at++);
        value = value << 4 | (digit <= '9' ? digit - '0' + 0u : digit - 'a' + 10u);
    }
    if (cursor->at == begin || out->count == GROUPS) {
        cursor->at = begin;
        return SMTP_ERR_IPV6;
    }
    if (smtp__at(cursor, '.') && out->count <= GROUPS - 2) {
        cursor->at = begin;
        out->count += 2;
        out->ipv4 = 1;
        return take_ipv4(cursor, octets);
    }
    octets[0] = (unsigned char)(value >> 8);
    octets[1] = (unsigned char)(value & 0xFF);
    out->count++;
    return 0;
}

/* Reads the groups and the colons between them. */
static int take_groups(smtp__cursor *cursor, groups *out)
{
    for (;;) {
        if (smtp__at(cursor, ':') && cursor->end - cursor->at > 1 && cursor->at[1] == ':') {
            if (out->gap != NO_GAP) {
                return SMTP_ERR_IPV6;
            }
            out->gap = out->count;
            cursor->at += 2;
            if (!smtp__at_class(cursor, SMTP__HEX)) {
                return 0;
            }
        } else if (out->count > 0) {
            if (!smtp__at(cursor, ':')) {
                return 0;
            }
            cursor->at++;
        }
        int error = take_group(cursor, out);
        if (error != 0 || out->ipv4) {
            return error;
        }
    }
}

static int take_ipv6(smtp__cursor *cursor, unsigned char out[16])
{
    groups read = {{0}, 0, NO_GAP, 0};
    int error = take_groups(cursor, &read);
    size_t before, behind;
    if (error == 0 && (read.gap == NO_GAP ? read.count != GROUPS : read.count > GAP_GROUPS)) {
        error = SMTP_ERR_IPV6;
    }
    if (error != 0) {
        return smtp__refuse(cursor, SMTP_ERR_IPV6);
    }
    before = 2 * (size_t)(read.gap == NO_GAP ? read.count : read.gap);
    behind = 2 * (size_t)read.count - before;
    memset(out, 0, 16);
    memcpy(out, read.octets, before);
    memcpy(out + 16 - behind, read.octets + before, behind);
    return 0;
}

static int take_content(smtp__cursor *cursor, smtp_str *out)
{
    const char *begin = cursor->at;
    (void)smtp__take_run(cursor, SMTP__DCONTENT);
    *out = smtp__since(cursor, begin);
    return out->len == 0 ? smtp__refuse(cursor, SMTP_ERR_LITERAL) : 0;
}

/* Reads what stands in the brackets. The kinds are told apart by their tag; one without is IPv4. */
static int take_tagged(smtp__cursor *cursor, smtp_host *out)
{
    const char *begin = cursor->at;
    smtp_str tag;
    (void)smtp__take_run(cursor, SMTP__LDH);
    tag = smtp__since(cursor, begin);
    if (!smtp__at(cursor, ':')) {
        if (tag.len == 0 || !smtp__is((unsigned char)*begin, SMTP__DIGIT)) {
            return smtp__refuse(cursor, SMTP_ERR_LITERAL);
        }
        cursor->at = begin;
        out->kind = SMTP_HOST_IPV4;
        return take_ipv4(cursor, out->ip);
    }
    if (tag.len == 0 || cursor->at[-1] == '-') {
        return SMTP_ERR_LITERAL;
    }
    cursor->at++;
    if (smtp_str_equal_nocase(tag, smtp_text("IPv6"))) {
        out->kind = SMTP_HOST_IPV6;
        return take_ipv6(cursor, out->ip);
    }
    out->kind = SMTP_HOST_GENERAL;
    out->tag = tag;
    return take_content(cursor, &out->content);
}

/* Reads the closing bracket. An octet in its place does not belong to the address before it. */
static int take_close(smtp__cursor *cursor, int kind)
{
    if (cursor->at == cursor->end) {
        return SMTP_ERR_LITERAL;
    }
    if (*cursor->at != ']') {
        return smtp__refuse(cursor, kind == SMTP_HOST_IPV4   ? SMTP_ERR_IPV4
                                    : kind == SMTP_HOST_IPV6 ? SMTP_ERR_IPV6
                                                             : SMTP_ERR_LITERAL);
    }
    cursor->at++;
    return 0;
}

int smtp__take_literal(smtp__cursor *cursor, smtp_host *out)
{
    const char *begin = cursor->at++;
    int error = take_tagged(cursor, out);
    if (error == 0) {
        error = take_close(cursor, out->kind);
    }
    out->text = smtp__since(cursor, begin);
    return smtp__within(cursor, begin, SMTP_DOMAIN_MAX, error, SMTP_ERR_DOMAIN_TOO_LONG);
}
