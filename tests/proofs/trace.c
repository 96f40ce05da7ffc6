/* SPDX-License-Identifier: MIT
 * Received fields, written.
 * with: base/ctype.c base/number.c base/str.c syntax/cursor.c syntax/sized.c
 * bound: slices of 0 to 3 octets in each part of a field, at every column, to any room; whole
 *     fields with slices of 0 and 1 octet; words at their limit
 * options: -cpp-extra-args=-DPROMISE_WRITER */
#define PROMISE_ADDRESS
#define PROMISE_MAILBOX
#define PROMISE_FORMAT
#define PROMISE_DATE
#include "promises.h"

#include "syntax/trace.c"

static const smtp_received none;

/* A field begun, with any room left. Nothing is written by the promises. */
static field any_field(void)
{
    field made = {smtp__writer_start(NULL, any_up_to(SIZE_MAX)), any_up_to(1000), 0};
    return made;
}

static void from(void)
{
    smtp_received in = none;
    field to = any_field();
    in.hello = any_text(3);
    in.peer_name = any_text(1);
    in.peer_ip = any_text(2);
    (void)put_from(&to, &in);
}

static void ip(void)
{
    smtp_str ip = any_of(2) ? any_text(4) : any_text(60);
    literal out;
    (void)make_literal(&out, ip);
    /*@ assert out.text.len <= LITERAL_MAX; */
}

static void by_and_with(void)
{
    smtp_received in = none;
    field to = any_field();
    in.by = any_text(1);
    in.with = any_bits();
    in.tls_version = any_text(2);
    in.tls_cipher = any_text(2);
    (void)put_by_and_with(&to, &in);
}

static void id_and_for(void)
{
    smtp_received in = none;
    field to = any_field();
    in.with = any_bits();
    in.id = any_text(3);
    in.for_path = any_text(1);
    in.tls_cipher = any_text(1);
    in.priority = any_text(1);
    (void)put_id_and_for(&to, &in);
}

static void words(void)
{
    field to = any_field();
    switch (any_of(4)) {
    case 0:
        (void)is_msg_id(any_text(7));
        break;
    case 1:
        (void)is_registered_cipher(any_text(7));
        break;
    case 2:
        (void)put_priority(&to, any_text(3));
        break;
    default:
        (void)smtp_with_name(any_bits());
    }
}

static void long_word(void)
{
    field to = any_field();
    block word = any_block_of(WORD_MAX, WORD_MAX + 1);
    smtp_str str = {word.ptr, word.len};
    put_word(&to, "(", str, ")");
}

static void received(void)
{
    smtp_received in = none;
    size_t len;
    in.size = any_of(2) ? sizeof in : 0;
    in.with = any_bits();
    in.date = any_count();
    in.zone = any_int();
    in.hello = any_text(1);
    in.peer_name = in.hello;
    in.peer_ip = in.hello;
    in.by = in.hello;
    in.tls_version = in.hello;
    in.tls_cipher = in.hello;
    in.id = in.hello;
    in.for_path = in.hello;
    in.priority = in.hello;
    (void)smtp_received_format(NULL, any_up_to(SIZE_MAX), &len, &in);
}

int main(void)
{
    CALL_ONE_OF(from, ip, by_and_with, id_and_for, words, long_word, received);
    return 0;
}
