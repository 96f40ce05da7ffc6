/* SPDX-License-Identifier: MIT
 * Base64, both ways, to another buffer and in place.
 * with: base/base64.c
 * bound: 0 to 16 octets in, 0 to 24 out */
#include "proof.h"

int main(void)
{
    smtp_str in = any_text(16);
    block out = any_block(24);
    size_t len;
    if (smtp_base64_encode(out.ptr, out.len, &len, in) == 0) {
        /*@ assert len <= out.len; */
    }
    if (smtp_base64_decode(out.ptr, out.len, &len, in) == 0) {
        /*@ assert len <= out.len; */
    }
    (void)smtp_base64_decode(out.ptr, out.len, &len, (smtp_str){out.ptr, out.len});
    return 0;
}
