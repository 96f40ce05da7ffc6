/* SPDX-License-Identifier: MIT
 * The registries: reply codes, enhanced status codes, mechanisms; and structures that say their
 * size.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/reply_code.c syntax/sized.c syntax/status*.c syntax/verb.c
 * bound: every code, status, verb and row; names of 0 to 19 octets; status codes in texts of 0 to
 *     13, to room for 0 to 12; structures of up to 8 octets more than known
 * contents: kept */
#include "proof.h"

#include "smtp/command.h"
#include "smtp/extension.h"
#include "smtp/trace.h"
#include "syntax/sized.h"
#include "syntax/status.h"

static void replies(void)
{
    int code = any_int();
    switch (any_of(3)) {
    case 0:
        (void)smtp_reply_text(code);
        break;
    case 1:
        (void)smtp_reply_status(code, any_int());
        break;
    default:
        (void)smtp_reply_allowed(code, any_int());
    }
}

static void make_status(void)
{
    (void)smtp_status(any_int(), any_int(), any_int());
}

static void status_text(void)
{
    int klass = any_of(7);
    int subject = any_of(9);
    uint32_t detail = Frama_C_unsigned_int_interval(0, subject < 8 ? 999 : 999999 - 8000);
    uint32_t more = Frama_C_unsigned_int_interval(0, klass < 6 ? 0 : UINT32_MAX - 6999999);
    (void)smtp_status_text((uint32_t)klass * 1000000 + (uint32_t)subject * 1000 + detail + more);
}

static void read_status(void)
{
    smtp_str text = any_text(13);
    uint32_t status;
    size_t used;
    (void)smtp_status_parse(&status, text, any_int(), &used);
    /*@ assert used <= text.len; */
}

/* To room that is too small for all of them, or enough. */
static void write_status(void)
{
    block out = any_of(2) ? any_block(4) : any_block_of(9, 12);
    size_t len;
    (void)smtp_status_format(out.ptr, out.len, &len, any_bits());
    /*@ assert len <= out.len; */
}

/* A status of no class that there is, to any room. */
static void write_no_status(void)
{
    static const uint32_t first[] = {0, 3000000, 6000000};
    static const uint32_t last[] = {1999999, 3999999, UINT32_MAX};
    block out = any_block(12);
    size_t len;
    int i = any_of(3);
    (void)smtp_status_format(out.ptr, out.len, &len,
                             Frama_C_unsigned_int_interval(first[i], last[i]));
    /*@ assert len == 0; */
}

/* A status where there is just the room that is counted for it, however much is said to be there.
 */
static void write_whole(uint32_t klass, uint32_t subject, uint32_t detail)
{
    uint32_t status = SMTP_STATUS(klass, subject, detail);
    size_t octets = smtp__status_octets(status);
    char out[9];
    size_t len;
    int error = smtp_status_format(out + sizeof out - octets, any_up_to(12), &len, status);
    /*@ assert len == (error == 0 ? octets : 0); */
    (void)error;
}

/* Every status of a class. One of its parts is known, so that Eva can tell the digits of both. */
static void write_whole_status(void)
{
    static const uint32_t classes[] = {2, 4, 5};
    uint32_t klass = classes[any_of(3)];
    /*@ loop unroll 1000; */
    for (uint32_t part = 0; part < 1000; part++) {
        if (part < 100) {
            write_whole(klass, Frama_C_unsigned_int_interval(0, 9), part);
            write_whole(klass, Frama_C_unsigned_int_interval(10, 99), part);
            write_whole(klass, Frama_C_unsigned_int_interval(100, 999), part);
        }
        write_whole(klass, part, Frama_C_unsigned_int_interval(100, 999));
    }
}

static void mechanisms(void)
{
    if (any_of(2)) {
        (void)smtp_mechanism_find(any_text(19));
    } else {
        (void)smtp_mechanism_at(any_up_to(SIZE_MAX));
    }
}

static void sizes(void)
{
    block structure = any_block(16);
    (void)smtp__sized(structure.ptr, structure.len, 8);
}

int main(void)
{
    CALL_ONE_OF(replies, make_status, status_text, read_status, write_status, write_no_status,
                write_whole_status, mechanisms, sizes);
    return 0;
}
