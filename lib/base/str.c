/* SPDX-License-Identifier: MIT
 * Slices: made from C strings, and compared. */
#include "smtp/base.h"

#include <string.h>

#include "base/ctype.h"

smtp_str smtp_text(const char *text)
{
    smtp_str str = {text, 0};
    if (text != NULL) {
        str.len = strlen(text);
    }
    return str;
}

int smtp_str_equal(smtp_str a, smtp_str b)
{
    /* No call with a length of 0: memcmp wants pointers even then, and an absent slice has none. */
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int smtp_str_equal_nocase(smtp_str a, smtp_str b)
{
    if (a.len != b.len) {
        return 0;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (smtp__lower((unsigned char)a.ptr[i]) != smtp__lower((unsigned char)b.ptr[i])) {
            return 0;
        }
    }
    return 1;
}
