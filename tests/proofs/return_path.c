/* SPDX-License-Identifier: MIT
 * Return-Path fields, written.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/sized.c
 *     syntax/trace.c
 * bound: any path, of 0 to 4 octets, to room for 0 to 20 */
#define PROMISE_ADDRESS
#define PROMISE_MAILBOX
#define PROMISE_FORMAT
#define PROMISE_DATE
#include "promises.h"

static void format(void)
{
    block out = any_block(20);
    smtp_path path;
    size_t len;
    ANY(path);
    (void)smtp_return_path_format(out.ptr, out.len, &len, &path);
    /*@ assert len <= out.len; */
}

int main(void)
{
    CALL_ONE_OF(format);
    return 0;
}
