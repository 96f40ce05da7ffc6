/* SPDX-License-Identifier: MIT
 * EHLO responses, written by whoever made them, and read again on the way.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/capabilities.c syntax/cursor.c
 * bound: one line of each keyword that has parameters, under a name of two letters: words of 0
 *     and 1 octet, numbers of any value, two mechanisms, one limit or three, to room for 0
 *     to 4 octets and for 9; what its reader says of it may be anything */
#include "promises.h"

#include "syntax/extension.h"

static int any_reader(smtp_capabilities *out, smtp_str parameters)
{
    /*@ assert parameters.len == 0 || \valid_read(parameters.ptr + (0 .. parameters.len - 1)); */
    (void)out;
    (void)parameters;
    return any_of(3);
}

/* Any row, or none. */
static const smtp__extension *any_next(const smtp__extension *row, uint32_t extensions)
{
    static const smtp__extension rows[] = {
        {{SMTP__STR("AB"), SMTP_EXT_PIPELINING, 0, 0, SMTP__STR("")}, NULL},
        {{SMTP__STR("AB"), SMTP_EXT_SIZE, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_AUTH, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_DELIVERBY, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_FUTURERELEASE, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_MT_PRIORITY, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_LIMITS, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_NO_SOLICITING, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("AB"), SMTP_EXT_BURL, 0, 0, SMTP__STR("")}, any_reader},
    };
    (void)row;
    (void)extensions;
    return any_of(2) ? &rows[any_of(sizeof rows / sizeof rows[0])] : NULL;
}

#define smtp__extension_next any_next
#include "syntax/capabilities_format.c"
#undef smtp__extension_next

/* A shorter date than there is, so that little room is enough for it. */
int smtp_timestamp_format(char *out, size_t capacity, size_t *len, uint64_t seconds)
{
    /*@ assert capacity >= 20; */
    (void)capacity;
    (void)seconds;
    *len = any_of(2) ? 2 : 0;
    if (*len > 0) {
        Frama_C_make_unknown(out, *len);
    }
    return *len > 0 ? 0 : SMTP_ERR_ARGUMENT;
}

static const smtp_mechanism mechanisms[] = {
    {SMTP__STR("PLAIN"), SMTP_MECH_PLAIN, SMTP_HASH_NONE, 20, 1, 1, 0},
    {SMTP__STR("X"), SMTP_MECH_LOGIN, SMTP_HASH_NONE, 15, 1, 0, 0},
};

const smtp_mechanism *smtp_mechanism_at(size_t i)
{
    return i < sizeof mechanisms / sizeof mechanisms[0] ? &mechanisms[i] : NULL;
}

const smtp__limit smtp__limits[SMTP__LIMITS] = {
    {"A", offsetof(smtp_capabilities, mail_max)},
    {"B", offsetof(smtp_capabilities, rcpt_max)},
    {"C", offsetof(smtp_capabilities, rcpt_domain_max)},
};

static void write_line(size_t i)
{
    block out = any_of(2) ? any_block(4) : any_block_of(9, 9);
    smtp_str word = any_text(1);
    smtp_capabilities in;
    size_t len;
    ANY(in);
    in.rcpt_max = in.mail_max > 9 ? 0 : 1;
    in.rcpt_domain_max = in.rcpt_max;
    in.domain = word;
    in.greeting = word;
    in.auth = word;
    in.priority_profile = word;
    in.no_soliciting = word;
    in.burl = word;
    in.limits = word;
    (void)smtp_capabilities_line(out.ptr, out.len, &len, &in, i);
    /*@ assert len <= out.len; */
}

static void write_first(void)
{
    write_line(0);
}

static void write_other(void)
{
    write_line(1);
}

int main(void)
{
    CALL_ONE_OF(write_first, write_other);
    return 0;
}
