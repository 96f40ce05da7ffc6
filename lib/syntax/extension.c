/* SPDX-License-Identifier: MIT
 * The table of service extensions, and what follows from it for the length of a line. */
#include "syntax/extension.h"

#include "smtp/command.h"
#include "syntax/cursor.h"

enum {
    COMMAND_LINE_MAX = 512, /* RFC 5321 4.5.3.1.4 */
    MTRK_ENVID = 107,       /* ENVID comes with MTRK, too (RFC 3885 2) */
    MTRK_ORCPT = 507        /* and so does ORCPT */
};

#define ROW(keyword, bit, mail, rcpt, reference, read)                                             \
    {                                                                                              \
        {SMTP__STR(keyword), bit, mail, rcpt, SMTP__STR(reference)}, read                          \
    }

/* A keyword, its bit, the growth of MAIL and of RCPT, its reference. */
#define PLAIN(keyword, bit, mail, rcpt, reference)                                                 \
    ROW(keyword, SMTP_EXT_##bit, mail, rcpt, reference, NULL)
/* The same with a reader of its parameters. */
#define WITH(keyword, bit, mail, rcpt, reference, parameters)                                      \
    ROW(keyword, SMTP_EXT_##bit, mail, rcpt, reference, smtp__read_##parameters)
/* A keyword that no session has behaviour for. */
#define NAMED(keyword, mail, rcpt, reference) ROW(keyword, 0, mail, rcpt, reference, NULL)

/* The growths are those of the RFCs; where an RFC names none (8BITMIME, CONPERM, CONNEG) they are
 * the length of the longest parameter with its space. The order is that of an EHLO response, and of
 * the bits: row n has bit 1 << n, and those without a bit stand behind. */
const smtp__extension smtp__extensions[] = {
    PLAIN("PIPELINING", PIPELINING, 0, 0, "RFC 2920"),
    WITH("SIZE", SIZE, 26, 0, "RFC 1870", size_max),
    PLAIN("8BITMIME", 8BITMIME, 14, 0, "RFC 6152"),
    PLAIN("ENHANCEDSTATUSCODES", ENHANCEDSTATUSCODES, 0, 0, "RFC 2034"),
    PLAIN("SMTPUTF8", SMTPUTF8, 10, 0, "RFC 6531"),
    PLAIN("STARTTLS", STARTTLS, 0, 0, "RFC 3207"),
    WITH("AUTH", AUTH, 500, 0, "RFC 4954", mechanisms),
    PLAIN("CHUNKING", CHUNKING, 0, 0, "RFC 3030"),
    PLAIN("BINARYMIME", BINARYMIME, 16, 0, "RFC 3030"),
    PLAIN("DSN", DSN, 116, 536, "RFC 3461"),
    WITH("DELIVERBY", DELIVERBY, 17, 0, "RFC 2852", deliver_by),
    WITH("FUTURERELEASE", FUTURERELEASE, 34, 0, "RFC 4865", future_release),
    WITH("MT-PRIORITY", MT_PRIORITY, 15, 0, "RFC 6710", priority_profile),
    PLAIN("REQUIRETLS", REQUIRETLS, 11, 0, "RFC 8689"),
    WITH("LIMITS", LIMITS, 0, 0, "RFC 9422", limits),
    PLAIN("ETRN", ETRN, 0, 0, "RFC 1985"),
    PLAIN("ATRN", ATRN, 0, 0, "RFC 2645"),
    WITH("NO-SOLICITING", NO_SOLICITING, 1007, 0, "RFC 3865", no_soliciting),
    WITH("BURL", BURL, 0, 0, "RFC 4468", burl),
    PLAIN("MTRK", MTRK, 40, MTRK_ORCPT, "RFC 3885"),
    PLAIN("RRVS", RRVS, 0, 33, "RFC 7293"),
    PLAIN("CONPERM", CONPERM, 8, 0, "RFC 4141"),
    PLAIN("CONNEG", CONNEG, 0, 7, "RFC 4141"),
    PLAIN("CHECKPOINT", CHECKPOINT, 88, 0, "RFC 1845"),
    PLAIN("VRFY", VRFY, 0, 0, "RFC 5321"),
    PLAIN("EXPN", EXPN, 0, 0, "RFC 5321"),
    PLAIN("HELP", HELP, 0, 0, "RFC 5321"),
    NAMED("TURN", 0, 0, "RFC 821"),
    NAMED("SEND", 0, 0, "RFC 821"),
    NAMED("SOML", 0, 0, "RFC 821"),
    NAMED("SAML", 0, 0, "RFC 821"),
    NAMED("SUBMITTER", 0, 0, "RFC 4405"),
    NAMED("UTF8SMTP", 460, 460, "RFC 5336"),
    NAMED("VERB", 0, 0, "Eric Allman"),
    NAMED("ONEX", 0, 0, "Eric Allman"),
    NAMED("XCLIENT", 0, 0, "Postfix"),
    NAMED("XFORWARD", 0, 0, "Postfix"),
};

enum { EXTENSIONS = sizeof smtp__extensions / sizeof smtp__extensions[0] };

const smtp__extension *smtp__extension_find(smtp_str keyword)
{
    for (size_t i = 0; i < EXTENSIONS; i++) {
        if (smtp_str_equal_nocase(smtp__extensions[i].row.keyword, keyword)) {
            return &smtp__extensions[i];
        }
    }
    return NULL;
}

const smtp_extension *smtp_extension_at(size_t i)
{
    return i < EXTENSIONS ? &smtp__extensions[i].row : NULL;
}

const smtp_extension *smtp_extension_find(smtp_str keyword)
{
    const smtp__extension *extension = smtp__extension_find(keyword);
    return extension != NULL ? &extension->row : NULL;
}

smtp__line_maxima smtp__line_maxima_of(uint32_t extensions)
{
    smtp__line_maxima max = {COMMAND_LINE_MAX, COMMAND_LINE_MAX};
    const smtp__extension *row = smtp__extensions;
    int mtrk = (extensions & SMTP_EXT_MTRK) != 0;
    int dsn = (extensions & SMTP_EXT_DSN) != 0;
    if (extensions & SMTP_EXT_BINARYMIME) {
        extensions &= ~(uint32_t)SMTP_EXT_8BITMIME; /* it is the same parameter */
    }
    for (uint32_t left = extensions & SMTP__EXT_ALL; left != 0; left >>= 1, row++) {
        if (left & 1) {
            max.mail += row->row.mail_growth;
            max.rcpt += row->row.rcpt_growth;
        }
    }
    if (mtrk && !dsn) {
        max.mail += MTRK_ENVID;
    }
    if (mtrk && dsn) {
        max.rcpt -= MTRK_ORCPT; /* DSN has counted it */
    }
    return max;
}

size_t smtp_command_line_max(int verb, uint32_t extensions)
{
    smtp__line_maxima max = smtp__line_maxima_of(extensions);
    if (verb == SMTP_VERB_MAIL) {
        return max.mail;
    }
    return verb == SMTP_VERB_RCPT ? max.rcpt : COMMAND_LINE_MAX;
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline const smtp__extension *smtp__extension_next(const smtp__extension *row,
                                                          uint32_t extensions);
