/* SPDX-License-Identifier: MIT
 * The IP addresses of literals, read.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/address.c syntax/cursor.c
 * bound: of IPv6 addresses 0 to 5 octets at a time, in every state that the groups before them can
 *     leave, and whole ones of 8 groups or fewer of one digit; IPv4 addresses of 0 to 8 octets
 * contents: kept */
#define PROMISE_UTF8
#include "promises.h"

#include "syntax/literal.c"

static smtp__cursor cursor_of(block text)
{
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, any_bits(), any_bits(), any_bits()};
    return cursor;
}

static void some_groups(void)
{
    block text = any_block(5);
    smtp__cursor cursor = cursor_of(text);
    groups read = {{0}, any_of(GROUPS + 1), NO_GAP, 0};
    if (any_of(2)) {
        read.gap = any_of(read.count + 1);
    }
    (void)take_groups(&cursor, &read);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
    /*@ assert read.count <= GROUPS && read.gap <= read.count; */
}

/* Groups of one digit with one colon between them or, once, two. */
static void all_groups(void)
{
    unsigned char ip[16];
    block text = any_block_of(2 * GROUPS + 1, 2 * GROUPS + 1);
    int gap = any_of(GROUPS + 1);
    int count = any_of(GROUPS + 1);
    size_t len = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 || gap == 0) {
            text.ptr[len++] = ':';
        }
        if (i == gap) {
            text.ptr[len++] = ':';
        }
        len++;
    }
    text.len = len;
    smtp__cursor cursor = cursor_of(text);
    (void)take_ipv6(&cursor, ip);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
}

static void ipv4(void)
{
    unsigned char ip[4];
    block text = any_block(8);
    smtp__cursor cursor = cursor_of(text);
    (void)take_ipv4(&cursor, ip);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
}

int main(void)
{
    CALL_ONE_OF(some_groups, all_groups, ipv4);
    return 0;
}
