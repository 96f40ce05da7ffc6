/* SPDX-License-Identifier: MIT
 * The table of verbs, and the way from a word to its row. */
#include "syntax/verb.h"

#include "smtp/command.h"

/* One row a verb: its enumerator, its first four letters, those behind them, and the shape of its
 * argument. The list is a macro because it makes the table and the cases of the switch. */
#define VERBS(X)                                                                                   \
    X(HELO, 'H', 'E', 'L', 'O', "", HOST)                                                          \
    X(EHLO, 'E', 'H', 'L', 'O', "", HOST)                                                          \
    X(LHLO, 'L', 'H', 'L', 'O', "", HOST)                                                          \
    X(MAIL, 'M', 'A', 'I', 'L', "", PATH)                                                          \
    X(RCPT, 'R', 'C', 'P', 'T', "", PATH)                                                          \
    X(DATA, 'D', 'A', 'T', 'A', "", NOTHING)                                                       \
    X(BDAT, 'B', 'D', 'A', 'T', "", CHUNK)                                                         \
    X(BURL, 'B', 'U', 'R', 'L', "", URL)                                                           \
    X(RSET, 'R', 'S', 'E', 'T', "", NOTHING)                                                       \
    X(VRFY, 'V', 'R', 'F', 'Y', "", STRING)                                                        \
    X(EXPN, 'E', 'X', 'P', 'N', "", STRING)                                                        \
    X(HELP, 'H', 'E', 'L', 'P', "", TEXT)                                                          \
    X(NOOP, 'N', 'O', 'O', 'P', "", TEXT)                                                          \
    X(QUIT, 'Q', 'U', 'I', 'T', "", NOTHING)                                                       \
    X(STARTTLS, 'S', 'T', 'A', 'R', "TTLS", NOTHING)                                               \
    X(AUTH, 'A', 'U', 'T', 'H', "", AUTH)                                                          \
    X(ETRN, 'E', 'T', 'R', 'N', "", NODE)                                                          \
    X(ATRN, 'A', 'T', 'R', 'N', "", DOMAINS)                                                       \
    X(TURN, 'T', 'U', 'R', 'N', "", NOTHING)                                                       \
    X(SEND, 'S', 'E', 'N', 'D', "", TEXT)                                                          \
    X(SOML, 'S', 'O', 'M', 'L', "", TEXT)                                                          \
    X(SAML, 'S', 'A', 'M', 'L', "", TEXT)

#define FOUR(a, b, c, d)                                                                           \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
enum { FIRST = 4 };

#define ROW(verb, a, b, c, d, rest, shape)                                                         \
    [SMTP_VERB_##verb] = {#verb, FIRST + sizeof rest - 1, SMTP__SHAPE_##shape},
#define CASE(verb, a, b, c, d, rest, shape)                                                        \
    case FOUR(a, b, c, d):                                                                         \
        return SMTP_VERB_##verb;

static const struct verb {
    char name[9];
    unsigned char length; /* 0 for SMTP_VERB_UNKNOWN */
    unsigned char shape;
} verbs[] = {VERBS(ROW)};

/* A verb by its first four octets. Clearing the bit of the case makes a letter of nothing that is
 * not one. */
static int verb_of_four(const unsigned char *octets)
{
    switch (FOUR(octets[0], octets[1], octets[2], octets[3]) & 0xDFDFDFDFu) {
        VERBS(CASE)
    default:
        return SMTP_VERB_UNKNOWN;
    }
}

static const struct verb *row_of(int verb)
{
    size_t count = sizeof verbs / sizeof verbs[0];
    return &verbs[verb > 0 && (size_t)verb < count ? verb : SMTP_VERB_UNKNOWN];
}

int smtp__verb_shape(int verb)
{
    return row_of(verb)->shape;
}

int smtp_verb_find(smtp_str word)
{
    if (word.len < FIRST) {
        return SMTP_VERB_UNKNOWN;
    }
    int verb = verb_of_four((const unsigned char *)word.ptr);
    const struct verb *row = &verbs[verb];
    if (word.len == FIRST && row->length == FIRST) {
        return verb;
    }
    smtp_str name = {row->name, row->length};
    return smtp_str_equal_nocase(word, name) ? verb : SMTP_VERB_UNKNOWN;
}

smtp_str smtp_verb_name(int verb)
{
    const struct verb *row = row_of(verb);
    smtp_str name = {row->length > 0 ? row->name : NULL, row->length};
    return name;
}
