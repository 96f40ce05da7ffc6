/* SPDX-License-Identifier: MIT
 * The table of verbs: their names, and what they say of their argument. */
#ifndef SMTP_SYNTAX_VERB_H
#define SMTP_SYNTAX_VERB_H

#include "smtp/command.h"
#include "syntax/cursor.h"

/* The shapes of arguments: each has one function that parses it and one that formats it. */
enum smtp__shape {
    SMTP__SHAPE_TEXT = 0, /* any text, or nothing */
    SMTP__SHAPE_NOTHING,
    SMTP__SHAPE_HOST,    /* a domain or an address literal */
    SMTP__SHAPE_PATH,    /* FROM: or TO:, a path, parameters */
    SMTP__SHAPE_STRING,  /* a user name or a mailbox, perhaps SMTPUTF8 behind it */
    SMTP__SHAPE_CHUNK,   /* octets, perhaps LAST */
    SMTP__SHAPE_URL,     /* an absolute URI, perhaps LAST */
    SMTP__SHAPE_AUTH,    /* a mechanism, perhaps an initial response */
    SMTP__SHAPE_NODE,    /* a domain, "@" and a domain, or "#" and a queue name */
    SMTP__SHAPE_DOMAINS, /* domains, separated by commas, or nothing */
    SMTP__SHAPES
};

/* A row of the table of verbs. */
typedef struct smtp__verb {
    smtp__word word;
    unsigned char verb; /* SMTP_VERB_ */
    unsigned char shape;
} smtp__verb;

/* The row of a verb. Those of the caller and what is none have a row of their own: of no letters
 * and any text. */
const smtp__verb *smtp__verb_row(int verb);

/* The row of the verb that stands at the cursor, as a word of its own, read past; NULL when there
 * is none. */
const smtp__verb *smtp__take_verb(smtp__cursor *cursor);

#endif
