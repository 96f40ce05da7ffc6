/* SPDX-License-Identifier: MIT
 * Well-formed UTF-8 (RFC 3629 4). */
#include "base/utf8.h"

#include "smtp/base.h"

/* What the first octet says of the second; the third and fourth are always 0x80 to 0xBF. The narrow
 * ranges keep out overlong forms (E0, F0), surrogates (ED) and what is above U+10FFFF (F4). */
static const struct form {
    unsigned char first, last; /* of the first octet */
    unsigned char low, high;   /* of the second octet */
    unsigned char length;
} forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static size_t match(const struct form *form, const unsigned char *at, size_t left)
{
    if (left < form->length || at[1] < form->low || at[1] > form->high) {
        return 0;
    }
    for (size_t i = 2; i < form->length; i++) {
        if (at[i] < 0x80 || at[i] > 0xBF) {
            return 0;
        }
    }
    return form->length;
}

size_t smtp__utf8_step(const char *at, const char *end)
{
    const unsigned char *octets = (const unsigned char *)at;
    if (at == end) {
        return 0;
    }
    if (octets[0] < 0x80) {
        return 1;
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (octets[0] >= forms[i].first && octets[0] <= forms[i].last) {
            return match(&forms[i], octets, (size_t)(end - at));
        }
    }
    return 0;
}

int smtp_utf8_valid(smtp_str text, size_t *offset)
{
    size_t at = 0;
    while (at < text.len) {
        size_t step = smtp__utf8_step(text.ptr + at, text.ptr + text.len);
        if (step == 0) {
            if (offset != NULL) {
                *offset = at;
            }
            return 0;
        }
        at += step;
    }
    return 1;
}
