/* SPDX-License-Identifier: MIT
 * Hosts, local parts, mailboxes and paths, read.
 * with: base/ctype.c base/str.c syntax/address.c syntax/domain.c syntax/host.c syntax/literal.c
 *     syntax/local_part.c syntax/mailbox.c base/number.c base/writer.c syntax/cursor.c
 *     syntax/literal_format.c
 * bound: hosts of 0 to 5 octets, mailboxes and paths of 0 to 4, under all rules; the limits of
 *     labels, domains and local parts at 0 to 4, that of paths as it is */
#define PROMISE_UTF8
#include "promises.h"

#include "syntax/path.c"

static void host(void)
{
    smtp_str text = any_text(5);
    smtp_host out;
    size_t offset;
    int error = smtp_host_parse(&out, text, any_bits(), any_bits(), &offset);
    /*@ assert error == 0 || offset <= text.len; */
    /*@ assert error != 0 || \valid_read(out.text.ptr + (0 .. out.text.len - 1)); */
}

static void mailbox(void)
{
    smtp_str text = any_text(4);
    smtp_mailbox out;
    size_t offset;
    int error = smtp_mailbox_parse(&out, text, any_bits(), any_bits(), &offset);
    /*@ assert error == 0 || offset <= text.len; */
}

static void path(void)
{
    smtp_str text = any_text(4);
    smtp_path out;
    size_t used, offset;
    int error =
        smtp_path_parse(&out, text, any_bits(), any_bits(), any_of(2) ? &used : NULL, &offset);
    /*@ assert error == 0 || offset <= text.len; */
    /*@ assert out.text.len <= text.len; */
}

/* The places that are reached only in long text. */
static void limits(void)
{
    block text = any_block(5);
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, 0, 0, 0};
    size_t read = any_up_to(text.len);
    size_t limit = any_up_to(4);
    /*@ split read; */
    /*@ split limit; */
    cursor.at += read;
    (void)smtp__within(&cursor, text.ptr, limit, 0, SMTP_ERR_LABEL_TOO_LONG);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
}

static void path_limit(void)
{
    block text = any_block_of(SMTP_PATH_MAX - 4, SMTP_PATH_MAX + 2);
    smtp__cursor cursor = {text.ptr + text.len, text.ptr + text.len, 0, 0, 0, 0};
    smtp_str mailbox = {text.ptr, text.len};
    (void)check_length(&cursor, mailbox);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
}

int main(void)
{
    CALL_ONE_OF(host, mailbox, path, limits, path_limit);
    return 0;
}
