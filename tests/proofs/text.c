/* SPDX-License-Identifier: MIT
 * UTF-8, xtext, slices, secrets, numbers and the writer.
 * with: @base base/error*.c base/heap.c base/secret.c base/version*.c base/xtext.c
 * bound: UTF-8 of 0 to 12 octets; xtext of 0 to 9, to room for 0 to 9 (18 to encode); slices of 0
 *     to 6, copied of 0 to 26; numbers of 0 to 22 digits, and of any value to room for 0 to 24
 * options: -eva-split-limit 256 */
#include "proof.h"

#include "base/heap.h"
#include "base/number.h"
#include "base/utf8.h"
#include "base/writer.h"

static void utf8(void)
{
    smtp_str text = any_text(12);
    size_t offset;
    if (!smtp_utf8_valid(text, any_of(2) ? &offset : NULL)) {
        /*@ assert \initialized(&offset) ==> offset < text.len; */
    }
}

static void utf8_step(void)
{
    block text = any_block(5);
    size_t step = smtp__utf8_step(text.ptr, text.ptr + text.len);
    /*@ assert step <= text.len && step <= 4; */
}

static void xtext_encode(void)
{
    smtp_str in = any_text(9);
    block out = any_block(18);
    size_t len;
    (void)smtp_xtext_encode(out.ptr, out.len, &len, in);
    /*@ assert len <= out.len; */
}

static void xtext_decode(void)
{
    smtp_str in = any_text(9);
    block out = any_block(9);
    size_t len;
    (void)smtp_xtext_decode(out.ptr, out.len, &len, in);
    /*@ assert len <= out.len; */
}

static void xtext_in_place(void)
{
    block both = any_block(12);
    smtp_str in = {both.ptr, both.len};
    size_t len;
    (void)smtp_xtext_decode(both.ptr, any_up_to(both.len), &len, in);
}

static void compare(void)
{
    smtp_str a = any_text(6);
    smtp_str b = any_text(6);
    switch (any_of(3)) {
    case 0:
        (void)smtp_str_equal(a, b);
        break;
    case 1:
        (void)smtp_str_equal_nocase(a, b);
        break;
    default:
        (void)smtp_secret_equal(a, b);
    }
}

static void wipe(void)
{
    block octets = any_block(12);
    smtp_wipe(octets.ptr, octets.len);
}

static void numbers(void)
{
    smtp_str text = any_text(22);
    uint64_t number;
    (void)smtp__decimal(text, any_up_to(SIZE_MAX), &number);
}

static void write(void)
{
    block out = any_block(24);
    smtp__writer writer = smtp__writer_start(out.ptr, out.len);
    size_t len;
    smtp__put(&writer, 'a');
    smtp__put_number(&writer, any_count());
    smtp__put_text(&writer, "b");
    smtp__put_str(&writer, any_text(2));
    (void)smtp__writer_finish(&writer, &len);
    /*@ assert len <= out.len; */
}

static void copy(void)
{
    block from = any_block(26);
    char to[26];
    smtp__copy_few(to + sizeof to - from.len, from.ptr, from.len);
}

static void names(void)
{
    const smtp_allocator *heap = smtp__heap();
    switch (any_of(3)) {
    case 0:
        (void)smtp_error_name(any_int());
        break;
    case 1:
        (void)smtp_error_text(any_of(2)   ? -any_of(256)
                              : any_of(2) ? Frama_C_int_interval(1, INT32_MAX)
                                          : Frama_C_int_interval(INT32_MIN, -256));
        break;
    default:
        (void)smtp_version();
        (void)smtp_text(NULL);
        heap->release(heap->allocate(1, heap->user), 1, heap->user);
    }
}

int main(void)
{
    CALL_ONE_OF(utf8, utf8_step, xtext_encode, xtext_decode, compare, wipe, numbers, xtext_in_place,
                write, copy, names);
    return 0;
}
