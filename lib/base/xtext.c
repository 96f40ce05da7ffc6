/* SPDX-License-Identifier: MIT
 * xtext (RFC 3461 4). */
#include "smtp/base.h"

#include "base/ctype.h"
#include "base/writer.h"

static const char digits[] = "0123456789ABCDEF";

static unsigned hex(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'A' + 10);
}

/* Reads one octet at `at` and gives how many characters it took, or 0 when they are not xtext. */
static size_t decode_one(smtp_str text, size_t at, char *octet)
{
    const char *p = text.ptr + at;
    *octet = *p;
    if (*p != '+') {
        return smtp__is((unsigned char)*p, SMTP__XCHAR) ? 1 : 0;
    }
    if (text.len - at < 3 || !smtp__is((unsigned char)p[1], SMTP__HEX_UPPER) ||
        !smtp__is((unsigned char)p[2], SMTP__HEX_UPPER)) {
        return 0;
    }
    *octet = (char)(unsigned char)(hex(p[1]) << 4 | hex(p[2]));
    return 3;
}

int smtp_xtext_encode(char *out, size_t capacity, size_t *len, smtp_str octets)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    for (size_t i = 0; i < octets.len; i++) {
        unsigned char octet = (unsigned char)octets.ptr[i];
        if (smtp__is(octet, SMTP__XCHAR)) {
            smtp__put(&writer, (char)octet);
        } else {
            smtp__put(&writer, '+');
            smtp__put(&writer, digits[octet >> 4]);
            smtp__put(&writer, digits[octet & 15]);
        }
    }
    return smtp__writer_finish(&writer, len);
}

int smtp_xtext_decode(char *out, size_t capacity, size_t *len, smtp_str text)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    *len = 0;
    for (size_t at = 0; at < text.len;) {
        char octet;
        size_t taken = decode_one(text, at, &octet);
        if (taken == 0) {
            return SMTP_ERR_XTEXT;
        }
        if (smtp__is((unsigned char)octet, SMTP__CONTROL)) {
            return SMTP_ERR_CONTROL;
        }
        smtp__put(&writer, octet);
        at += taken;
    }
    return smtp__writer_finish(&writer, len);
}
