/* SPDX-License-Identifier: MIT
 * Hosts, local parts, mailboxes and paths, written and compared, whoever made them.
 * with: base/ctype.c base/number.c base/str.c syntax/address.c syntax/compare.c syntax/cursor.c
 *     syntax/domain.c syntax/host.c syntax/literal.c syntax/literal_format.c syntax/local_part.c
 *     syntax/mailbox.c syntax/path.c
 * bound: names of 0 to 3 octets, tags and contents of 0 to 2, local parts of 0 to 7, every IP
 *     address; any room
 * options: -cpp-extra-args=-DPROMISE_WRITER */
#define PROMISE_UTF8
#include "promises.h"

#include "smtp/address.h"

static smtp_host any_host(void)
{
    smtp_host host = {{NULL, 0}, any_of(6), 0, {0}, {NULL, 0}, {NULL, 0}};
    switch (host.kind) {
    case SMTP_HOST_DOMAIN:
    case SMTP_HOST_NONE:
        host.text = any_text(3);
        break;
    case SMTP_HOST_IPV4:
    case SMTP_HOST_IPV6:
        ANY(host.ip);
        break;
    default:
        host.tag = any_text(2);
        host.content = any_text(2);
    }
    return host;
}

/* Nothing is written by the promises. */
static void host(void)
{
    smtp_host in = any_host();
    size_t len;
    (void)smtp_host_format(NULL, any_up_to(SIZE_MAX), &len, &in);
}

static smtp_mailbox any_mailbox(int host_kinds)
{
    static const smtp_mailbox none;
    smtp_mailbox mailbox = none;
    mailbox.local = any_text(3);
    mailbox.host.kind = any_of(host_kinds);
    mailbox.host.text = any_text(2);
    return mailbox;
}

static void mailbox(void)
{
    smtp_mailbox in = any_mailbox(2);
    size_t len;
    (void)smtp_mailbox_format(NULL, any_up_to(SIZE_MAX), &len, &in);
}

static void path(void)
{
    smtp_path in = {{NULL, 0}, {NULL, 0}, any_mailbox(2), any_of(5)};
    size_t len;
    (void)smtp_path_format(NULL, any_up_to(SIZE_MAX), &len, &in);
}

static void local_part(void)
{
    smtp_str octets = any_text(7);
    size_t len;
    if (any_of(2)) {
        (void)smtp_local_part_unquote(NULL, any_up_to(SIZE_MAX), &len, octets);
    } else {
        (void)smtp_local_part_quote(NULL, any_up_to(SIZE_MAX), &len, octets);
    }
}

static void compare_hosts(void)
{
    smtp_host a = any_host();
    smtp_host b = any_host();
    (void)smtp_host_equal(&a, &b);
}

static void compare_mailboxes(void)
{
    smtp_mailbox a = any_mailbox(2);
    smtp_mailbox b = any_mailbox(2);
    (void)smtp_mailbox_equal(&a, &b);
}

int main(void)
{
    CALL_ONE_OF(host, mailbox, path, local_part, compare_hosts, compare_mailboxes);
    return 0;
}
