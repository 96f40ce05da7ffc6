/* SPDX-License-Identifier: MIT
 * What a row of the table of extensions has beside its public part. */
#ifndef SMTP_SYNTAX_EXTENSION_H
#define SMTP_SYNTAX_EXTENSION_H

#include "base/writer.h"
#include "smtp/extension.h"
#include "syntax/cursor.h"

/* What came of a keyword's parameters. */
enum smtp__keyword_result {
    SMTP__KEYWORD_IGNORED = 0, /* so malformed that it must be taken as not offered */
    SMTP__KEYWORD_READ = 1,
    SMTP__KEYWORD_WITHOUT = 2 /* offered, but its parameters are malformed and were left out */
};

/* Reads the parameters of a keyword into `out`. Returns one of the above. */
typedef int smtp__keyword_reader(smtp_capabilities *out, smtp_str parameters);

typedef struct smtp__extension {
    smtp_extension row;
    smtp__keyword_reader *read; /* NULL: it has no parameters, and any are ignored */
} smtp__extension;

/* Row n has bit 1 << n; behind those are rows without one. */
extern const smtp__extension smtp__extensions[];

#define SMTP__EXT_ALL (((uint32_t)SMTP_EXT_HELP << 1) - 1) /* HELP is the last */

/* The row behind this one, or the first behind NULL, of those that have one of these bits; NULL
 * behind the last. */
inline const smtp__extension *smtp__extension_next(const smtp__extension *row, uint32_t extensions)
{
    const smtp__extension *next = row != NULL ? row + 1 : smtp__extensions;
    for (uint32_t left = (extensions & SMTP__EXT_ALL) >> (next - smtp__extensions); left != 0;
         left >>= 1, next++) {
        if (left & 1) {
            return next;
        }
    }
    return NULL;
}

/* How long the lines of MAIL and of RCPT may be: smtp_command_line_max(). */
typedef struct smtp__line_maxima {
    size_t mail;
    size_t rcpt;
} smtp__line_maxima;
smtp__line_maxima smtp__line_maxima_of(uint32_t extensions);

/* Writes the line of an extension in an EHLO response, or with NULL its first line, without what
 * stands around it. */
void smtp__put_capability(smtp__writer *writer, const smtp_capabilities *in,
                          const smtp__extension *extension);

/* Judges such a line, written at `start`. Returns 0, NO_SPACE, or why its value cannot be said. */
int smtp__check_capability(const smtp__writer *writer, size_t start,
                           const smtp__extension *extension);

/* The row of a keyword, without its case, or NULL. */
const smtp__extension *smtp__extension_find(smtp_str keyword);

smtp__keyword_reader smtp__read_size_max, smtp__read_mechanisms, smtp__read_deliver_by,
    smtp__read_future_release, smtp__read_priority_profile, smtp__read_limits,
    smtp__read_no_soliciting, smtp__read_burl;

/* The limits of LIMITS (RFC 9422 4). */
enum { SMTP__LIMITS = 3 };
typedef struct smtp__limit {
    const char *name;
    size_t offset; /* of the member, a uint32_t */
} smtp__limit;
extern const smtp__limit smtp__limits[SMTP__LIMITS];

/* The rest of a line without white space around it. */
smtp_str smtp__trimmed(smtp__cursor *cursor);

#endif
