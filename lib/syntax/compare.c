/* SPDX-License-Identifier: MIT
 * Hosts and mailboxes compared by what they mean (RFC 5321 2.4 and 4.1.2). */
#include <string.h>

#include "syntax/local_part.h"

static int local_part_equal(smtp_str a, smtp_str b)
{
    smtp__meaning x = smtp__meaning_of(a);
    smtp__meaning y = smtp__meaning_of(b);
    int octet;
    do {
        octet = smtp__meaning_next(&x);
        if (octet != smtp__meaning_next(&y)) {
            return 0;
        }
    } while (octet >= 0);
    return 1;
}

int smtp_host_equal(const smtp_host *a, const smtp_host *b)
{
    if (a->kind != b->kind) {
        return 0;
    }
    switch (a->kind) {
    case SMTP_HOST_IPV4:
        return memcmp(a->ip, b->ip, 4) == 0;
    case SMTP_HOST_IPV6:
        return memcmp(a->ip, b->ip, 16) == 0;
    case SMTP_HOST_GENERAL:
        return smtp_str_equal_nocase(a->tag, b->tag) && smtp_str_equal(a->content, b->content);
    default:
        return smtp_str_equal_nocase(a->text, b->text);
    }
}

int smtp_mailbox_equal(const smtp_mailbox *a, const smtp_mailbox *b)
{
    if (a->host.kind == SMTP_HOST_NONE && b->host.kind == SMTP_HOST_NONE) {
        return smtp_str_equal_nocase(a->local, b->local); /* Postmaster (RFC 5321 4.1.1.3) */
    }
    return smtp_host_equal(&a->host, &b->host) && local_part_equal(a->local, b->local);
}
