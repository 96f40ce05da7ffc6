/* SPDX-License-Identifier: MIT
 * The table of character classes, computed from one definition a class. */
#include "base/ctype.h"

/* The definitions. They are macros since an initializer must be a constant. */
#define IN(c, low, high) ((c) >= (low) && (c) <= (high))
#define UPPER(c) IN(c, 'A', 'Z')
#define ALPHA(c) (UPPER(c) || IN(c, 'a', 'z'))
#define DIGIT(c) IN(c, '0', '9')
#define LET_DIG(c) (ALPHA(c) || DIGIT(c))
#define LDH(c) (LET_DIG(c) || (c) == '-')
#define HEX_UPPER(c) (DIGIT(c) || IN(c, 'A', 'F'))
#define PRINTABLE(c) IN(c, ' ', '~')
#define VISIBLE(c) IN(c, '!', '~')
#define SPECIAL(c) /* RFC 5322 3.2.3 */                                                            \
    ((c) == '(' || (c) == ')' || (c) == '<' || (c) == '>' || (c) == '[' || (c) == ']' ||           \
     (c) == ':' || (c) == ';' || (c) == '@' || (c) == '\\' || (c) == ',' || (c) == '.' ||          \
     (c) == '"')
#define WSP(c) ((c) == ' ' || (c) == '\t')

#define WHEN(condition, class) ((condition) ? (uint32_t)(class) : 0u)
#define CLASSES(c)                                                                                 \
    (WHEN(ALPHA(c), SMTP__ALPHA) | WHEN(DIGIT(c), SMTP__DIGIT) | WHEN(LET_DIG(c), SMTP__LET_DIG) | \
     WHEN(LDH(c), SMTP__LDH) | WHEN(HEX_UPPER(c) || IN(c, 'a', 'f'), SMTP__HEX) |                  \
     WHEN(HEX_UPPER(c), SMTP__HEX_UPPER) | WHEN(VISIBLE(c) && !SPECIAL(c), SMTP__ATEXT) |          \
     WHEN(PRINTABLE(c) && (c) != '"' && (c) != '\\', SMTP__QTEXT) |                                \
     WHEN(PRINTABLE(c), SMTP__PRINTABLE) | WHEN(VISIBLE(c), SMTP__VISIBLE) |                       \
     WHEN(VISIBLE(c) && !IN(c, '[', ']'), SMTP__DCONTENT) |                                        \
     WHEN(VISIBLE(c) && (c) != '+' && (c) != '=', SMTP__XCHAR) |                                   \
     WHEN(VISIBLE(c) && (c) != '=', SMTP__ESMTP_VALUE) |                                           \
     WHEN(LET_DIG(c) || (c) == '+' || (c) == '/', SMTP__BASE64) |                                  \
     WHEN(LDH(c) || (c) == '_', SMTP__MECHANISM) |                                                 \
     WHEN(PRINTABLE(c) || (c) == '\t', SMTP__TEXTSTRING) |                                         \
     WHEN(VISIBLE(c) && (c) != '(' && (c) != ')' && (c) != '\\', SMTP__CTEXT) |                    \
     WHEN(WSP(c), SMTP__WSP) | WHEN((c) < ' ' || (c) == 127, SMTP__CONTROL) |                      \
     WHEN((c) > 127, SMTP__NON_ASCII) | WHEN((c) == '>', SMTP__PATH_END) |                         \
     WHEN((c) == ',' || (c) == ':', SMTP__ROUTE_END) |                                             \
     WHEN((c) == '.' || (c) == '-', SMTP__JOINT) | WHEN((c) == '.', SMTP__DOT) |                   \
     WHEN(LDH(c) || (c) == '.', SMTP__LDH_DOT) |                                                   \
     WHEN((VISIBLE(c) && !SPECIAL(c)) || (c) == '.', SMTP__ATEXT_DOT))
#define FOUR(c) CLASSES(c), CLASSES((c) + 1), CLASSES((c) + 2), CLASSES((c) + 3)
#define SIXTEEN(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)

const uint32_t smtp__ctype[256] = {
    SIXTEEN(0x00), SIXTEEN(0x10), SIXTEEN(0x20), SIXTEEN(0x30), SIXTEEN(0x40), SIXTEEN(0x50),
    SIXTEEN(0x60), SIXTEEN(0x70), SIXTEEN(0x80), SIXTEEN(0x90), SIXTEEN(0xA0), SIXTEEN(0xB0),
    SIXTEEN(0xC0), SIXTEEN(0xD0), SIXTEEN(0xE0), SIXTEEN(0xF0),
};

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline int smtp__is(unsigned char octet, uint32_t classes);
extern inline unsigned char smtp__lower(unsigned char octet);
