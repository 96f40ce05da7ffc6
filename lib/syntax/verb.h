/* SPDX-License-Identifier: MIT
 * What a command's verb says of its argument. */
#ifndef SMTP_SYNTAX_VERB_H
#define SMTP_SYNTAX_VERB_H

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

/* The shape of a verb's argument; SMTP__SHAPE_TEXT for verbs of the caller. */
int smtp__verb_shape(int verb);

#endif
