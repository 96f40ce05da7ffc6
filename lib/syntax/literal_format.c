/* SPDX-License-Identifier: MIT
 * IP addresses as text (RFC 5321 4.1.3, RFC 5952). */
#include "syntax/literal.h"

#include <string.h>

enum { GROUPS = 8, MAPPED_GROUPS = 6 };

/* The range of groups that "::" replaces. */
typedef struct run {
    int first, length;
} run;

static unsigned group(const unsigned char ip[16], int index)
{
    return (unsigned)ip[2 * index] << 8 | ip[2 * index + 1];
}

/* 1 for ::ffff:0:0/96, the prefix behind which an IPv4 address stands (RFC 5952 5). */
static int is_mapped(const unsigned char ip[16])
{
    static const unsigned char prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return memcmp(ip, prefix, sizeof prefix) == 0;
}

/* The longest run of zero groups, the first of equals, never a single group (RFC 5952 4.2). */
static run longest_zeros(const unsigned char ip[16], int count)
{
    run best = {count, 1}, current = {0, 0};
    for (int i = 0; i < count; i++) {
        if (group(ip, i) != 0) {
            current.length = 0;
            continue;
        }
        if (current.length++ == 0) {
            current.first = i;
        }
        if (current.length > best.length) {
            best = current;
        }
    }
    return best;
}

/* Writes a group in lower case and without leading zeros (RFC 5952 4.1 and 4.3). */
static void put_group(smtp__writer *writer, unsigned value)
{
    int shift = 12;
    while (shift > 0 && value >> shift == 0) {
        shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
        smtp__put(writer, "0123456789abcdef"[value >> shift & 15]);
    }
}

void smtp__put_ipv4(smtp__writer *writer, const unsigned char ip[4])
{
    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            smtp__put(writer, '.');
        }
        smtp__put_number(writer, ip[i]);
    }
}

void smtp__put_ipv6(smtp__writer *writer, const unsigned char ip[16])
{
    int count = is_mapped(ip) ? MAPPED_GROUPS : GROUPS;
    run zeros = longest_zeros(ip, count);
    for (int i = 0; i < count; i++) {
        if (i == zeros.first) {
            smtp__put_text(writer, "::");
            i += zeros.length - 1;
            continue;
        }
        if (i > 0 && i != zeros.first + zeros.length) {
            smtp__put(writer, ':');
        }
        put_group(writer, group(ip, i));
    }
    if (count == MAPPED_GROUPS) {
        smtp__put(writer, ':');
        smtp__put_ipv4(writer, ip + 12);
    }
}
