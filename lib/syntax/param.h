/* SPDX-License-Identifier: MIT
 * The table of MAIL and RCPT parameters, and the lists of them in a command line. */
#ifndef SMTP_SYNTAX_PARAM_H
#define SMTP_SYNTAX_PARAM_H

#include "base/writer.h"
#include "smtp/command.h"
#include "syntax/cursor.h"

typedef struct smtp__param smtp__param;

/* A value that is read: from where, under what, and whereto. */
typedef struct smtp__reading {
    smtp__cursor *cursor;
    const smtp__param *param;
    const smtp_syntax *syntax;
    smtp_params *out;
} smtp__reading;

/* A value that is written. */
typedef struct smtp__writing {
    smtp__writer *writer;
    const smtp__param *param;
    const smtp_params *params;
} smtp__writing;

/* Reads a value, which is not empty. Returns 0, PARAMETER_VALUE or PARAMETER_NOT_OFFERED. What it
 * leaves of the value is refused by its caller. */
typedef int smtp__param_reader(const smtp__reading *in);

/* Writes a value, or what its reader refuses when the member holds none. */
typedef void smtp__param_writer(const smtp__writing *to);

/* One of the words that are a parameter's value. */
typedef struct smtp__choice {
    smtp__word word; /* of no letters behind the last */
    uint32_t value;
    uint32_t extensions; /* SMTP_EXT_: all of these are needed for this word */
} smtp__choice;

/* The choice of a word, without its case, or the one behind the last. */
const smtp__choice *smtp__choose(const smtp__choice *choices, smtp_str word);

/* A row of the table. */
struct smtp__param {
    smtp__word keyword;
    unsigned char verb;       /* SMTP_VERB_MAIL or SMTP_VERB_RCPT */
    unsigned char offset;     /* of the member that readers and writers of several rows use */
    uint32_t bit;             /* SMTP_PARAM_ */
    uint32_t extensions;      /* SMTP_EXT_: one of these brings it */
    smtp__param_reader *read; /* NULL: it has no value */
    smtp__param_writer *write;
    const smtp__choice *choices;
};

/* Row i of the table, or NULL behind its end. */
const smtp__param *smtp__param_at(size_t i);

/* The row of a keyword, without its case, or NULL when the verb has none such. */
const smtp__param *smtp__param_find(int verb, smtp_str keyword);

/* Reads a list of parameters up to the end of the line, from the space before the first. Returns 0
 * or an error. */
int smtp__params_read(smtp_params *out, int verb, smtp__cursor *cursor, const smtp_syntax *syntax);

/* Writes the parameters that are set, each behind a space. Returns 0 or an error. */
int smtp__params_write(smtp__writer *writer, int verb, const smtp_params *params,
                       const smtp_syntax *syntax);

/* Reads one parameter at the cursor, its keyword first. Returns 0 or an error. */
int smtp__param_read(smtp_params *out, int verb, smtp__cursor *cursor, const smtp_syntax *syntax);

#endif
