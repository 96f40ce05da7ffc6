/* SPDX-License-Identifier: MIT
 * The table of verbs, and the way from a word to its row. */
#include "syntax/verb.h"

#include "base/compiler.h"

/* One row a verb: its enumerator, its first four letters, and the shape of its
 * argument. The list is a macro because it makes both tables. */
#define VERBS(X)                                                                                   \
    X(HELO, 'H', 'E', 'L', 'O', HOST)                                                              \
    X(EHLO, 'E', 'H', 'L', 'O', HOST)                                                              \
    X(LHLO, 'L', 'H', 'L', 'O', HOST)                                                              \
    X(MAIL, 'M', 'A', 'I', 'L', PATH)                                                              \
    X(RCPT, 'R', 'C', 'P', 'T', PATH)                                                              \
    X(DATA, 'D', 'A', 'T', 'A', NOTHING)                                                           \
    X(BDAT, 'B', 'D', 'A', 'T', CHUNK)                                                             \
    X(BURL, 'B', 'U', 'R', 'L', URL)                                                               \
    X(RSET, 'R', 'S', 'E', 'T', NOTHING)                                                           \
    X(VRFY, 'V', 'R', 'F', 'Y', STRING)                                                            \
    X(EXPN, 'E', 'X', 'P', 'N', STRING)                                                            \
    X(HELP, 'H', 'E', 'L', 'P', TEXT)                                                              \
    X(NOOP, 'N', 'O', 'O', 'P', TEXT)                                                              \
    X(QUIT, 'Q', 'U', 'I', 'T', NOTHING)                                                           \
    X(STARTTLS, 'S', 'T', 'A', 'R', NOTHING)                                                       \
    X(AUTH, 'A', 'U', 'T', 'H', AUTH)                                                              \
    X(ETRN, 'E', 'T', 'R', 'N', NODE)                                                              \
    X(ATRN, 'A', 'T', 'R', 'N', DOMAINS)                                                           \
    X(TURN, 'T', 'U', 'R', 'N', NOTHING)                                                           \
    X(SEND, 'S', 'E', 'N', 'D', TEXT)                                                              \
    X(SOML, 'S', 'O', 'M', 'L', TEXT)                                                              \
    X(SAML, 'S', 'A', 'M', 'L', TEXT)

/* The place of a word in the table of rows, by its first four octets. Clearing the bit of the case
 * makes a letter of nothing that is not one. The factor gives each verb a place of its own; where a
 * new verb takes that of another, compilers say so, and another factor must be found. */
#define PLACE(a, b, c, d)                                                                          \
    (((((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d)) &          \
       UINT32_C(0xDFDFDFDF)) *                                                                     \
          UINT32_C(1122205) &                                                                      \
      UINT32_MAX) >>                                                                               \
     27)
enum { FIRST = 4, PLACES = 32 };

#define ROW(verb, a, b, c, d, shape)                                                               \
    [PLACE(a, b, c, d)] = {SMTP__WORD(#verb), SMTP_VERB_##verb, SMTP__SHAPE_##shape},
#define PLACE_OF(verb, a, b, c, d, shape) [SMTP_VERB_##verb] = PLACE(a, b, c, d),

/* An empty row, and the one behind them all, is that of all other words. */
static const smtp__verb verbs[PLACES + 1] = {VERBS(ROW)};

static const unsigned char places[] = {[SMTP_VERB_UNKNOWN] = PLACES, VERBS(PLACE_OF)};

const smtp__verb *smtp__verb_row(int verb)
{
    size_t count = sizeof places / sizeof places[0];
    return &verbs[places[verb > 0 && (size_t)verb < count ? verb : SMTP_VERB_UNKNOWN]];
}

/* Reads what a long verb has behind its first four octets. */
SMTP__RARE static int take_rest(const char **at, const char *end, const smtp__verb *row)
{
    size_t rest = row->word.length - (size_t)FIRST;
    if ((size_t)(end - *at) < rest || !smtp__is_word(*at, row->word.text + FIRST, rest)) {
        return 0;
    }
    *at += rest;
    return 1;
}

const smtp__verb *smtp__take_verb(smtp__cursor *cursor)
{
    const char *at = cursor->at;
    const unsigned char *octets = (const unsigned char *)at;
    if (cursor->end - at < FIRST) {
        return NULL;
    }
    const smtp__verb *row = &verbs[PLACE(octets[0], octets[1], octets[2], octets[3])];
    if (smtp__differ(at, row->word.text) != 0 || row->verb == SMTP_VERB_UNKNOWN) {
        return NULL;
    }
    at += FIRST; /* not the row's length: where the argument begins need not wait for the table */
    if (row->word.length > FIRST && !take_rest(&at, cursor->end, row)) {
        return NULL;
    }
    if (at < cursor->end && *at != ' ') {
        return NULL;
    }
    cursor->at = at;
    return row;
}

int smtp_verb_find(smtp_str word)
{
    smtp__cursor cursor = smtp__cursor_start(word);
    const smtp__verb *row = smtp__take_verb(&cursor);
    return row != NULL && cursor.at == cursor.end ? row->verb : SMTP_VERB_UNKNOWN;
}

smtp_str smtp_verb_name(int verb)
{
    smtp_str none = {NULL, 0};
    const smtp__verb *row = smtp__verb_row(verb);
    return row->verb != SMTP_VERB_UNKNOWN ? smtp__word_str(&row->word) : none;
}
