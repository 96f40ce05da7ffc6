/* SPDX-License-Identifier: MIT
 * The character classes of the grammars: one table, one bit a class. No locale is asked. */
#ifndef SMTP_BASE_CTYPE_H
#define SMTP_BASE_CTYPE_H

#include <stdint.h>

enum smtp__class {
    SMTP__ALPHA = 1 << 0,        /* RFC 5234 B.1 */
    SMTP__DIGIT = 1 << 1,        /* RFC 5234 B.1 */
    SMTP__LET_DIG = 1 << 2,      /* RFC 5321 4.1.2 */
    SMTP__LDH = 1 << 3,          /* octets of Ldh-str, and of a keyword (RFC 5321 4.1.2) */
    SMTP__HEX = 1 << 4,          /* hexadecimal digits in either case */
    SMTP__HEX_UPPER = 1 << 5,    /* those of xtext (RFC 3461 4) */
    SMTP__ATEXT = 1 << 6,        /* RFC 5322 3.2.3 */
    SMTP__QTEXT = 1 << 7,        /* qtextSMTP (RFC 5321 4.1.2) */
    SMTP__PRINTABLE = 1 << 8,    /* space to "~": what a backslash may quote (RFC 5321 4.1.2) */
    SMTP__VISIBLE = 1 << 9,      /* "!" to "~": VCHAR, ehlo-param */
    SMTP__DCONTENT = 1 << 10,    /* RFC 5321 4.1.3 */
    SMTP__XCHAR = 1 << 11,       /* RFC 3461 4 */
    SMTP__ESMTP_VALUE = 1 << 12, /* RFC 5321 4.1.2 */
    SMTP__BASE64 = 1 << 13,      /* RFC 4648 4, without the padding */
    SMTP__MECHANISM = 1 << 14,   /* RFC 4422 3.1, in either case (RFC 4954 8) */
    SMTP__TEXTSTRING = 1 << 15,  /* RFC 5321 4.2: HT and space to "~" */
    SMTP__CTEXT = 1 << 16,       /* RFC 5322 3.2.2 */
    SMTP__WSP = 1 << 17,         /* space and HT */
    SMTP__CONTROL = 1 << 18,     /* 0 to 31, and 127 */
    SMTP__NON_ASCII = 1 << 19,   /* above 127 */
    SMTP__PATH_END = 1 << 20,    /* ">": ends the mailbox of a path */
    SMTP__ROUTE_END = 1 << 21,   /* "," and ":": end a domain of a source route */
    SMTP__JOINT = 1 << 22,       /* "." and "-": what a label neither begins nor ends with */
    SMTP__DOT = 1 << 23,         /* "." */
    SMTP__LDH_DOT = 1 << 24,  /* octets of domains; one bit, so that two octets can be asked at once
                               */
    SMTP__ATEXT_DOT = 1 << 25 /* octets of dot-strings, likewise */
};

extern const uint32_t smtp__ctype[256];

/* 1 when the octet is in one of the classes. */
inline int smtp__is(unsigned char octet, uint32_t classes)
{
    return (smtp__ctype[octet] & classes) != 0;
}

/* The octet, as a lower-case letter when it is an ASCII letter. */
inline unsigned char smtp__lower(unsigned char octet)
{
    return octet >= 'A' && octet <= 'Z' ? (unsigned char)(octet | 0x20) : octet;
}

#endif
