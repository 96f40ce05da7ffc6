/* SPDX-License-Identifier: MIT
 * Base64, both ways, to another buffer and in place.
 * with: base/base64.c
 * bound: 0 to 13 octets in, 0 to 21 out; in place 0 to 16
 * options: -eva-slevel-function sextet:0,decode_group:0,encode_group:0 -eva-auto-loop-unroll 8 */
#include "proof.h"

static void encode(void)
{
    smtp_str in = any_text(13);
    block out = any_block(21);
    size_t len;
    if (smtp_base64_encode(out.ptr, out.len, &len, in) == 0) {
        /*@ assert len <= out.len; */
    }
}

static void decode(void)
{
    smtp_str in = any_text(13);
    block out = any_block(10);
    size_t len;
    if (smtp_base64_decode(out.ptr, out.len, &len, in) == 0) {
        /*@ assert len <= out.len; */
    }
}

static void decode_in_place(void)
{
    block both = any_block(16);
    smtp_str in = {both.ptr, both.len};
    size_t len;
    (void)smtp_base64_decode(both.ptr, any_up_to(both.len), &len, in);
}

int main(void)
{
    switch (any_of(3)) {
    case 0:
        encode();
        break;
    case 1:
        decode();
        break;
    default:
        decode_in_place();
    }
    (void)smtp_base64_length(any_up_to(SIZE_MAX));
    return 0;
}
