/* SPDX-License-Identifier: MIT
 * Reply codes: their texts, the commands that they may answer, and the enhanced status codes that
 * go with them (RFC 5321 4.2 and 4.3.2, RFC 4954 6, RFC 5248 2.4, RFC 7504, and the extensions). */
#include "syntax/reply_code.h"

#include "smtp/command.h"
#include "smtp/status.h"

/* The verbs as a set. What is not a verb has the bits at the top. */
#define ON(verb) (UINT32_C(1) << SMTP_VERB_##verb)
#define ON_CONNECT (UINT32_C(1) << 30)
#define ON_END_OF_DATA (UINT32_C(1) << 31)
#define ON_HELLO (ON(HELO) | ON(EHLO) | ON(LHLO))
#define ON_ALL UINT32_MAX
/* What a server that wants TLS or authentication first may refuse, and what follows too weak a TLS
 * (RFC 3207 4 and 4.1, RFC 4954 6); none of it is a greeting. */
#define ON_FIRST                                                                                   \
    (~(ON(NOOP) | ON(EHLO) | ON(LHLO) | ON(STARTTLS) | ON(QUIT) | ON_CONNECT | ON_END_OF_DATA))
#define ON_BUT_QUIT (~ON(QUIT))
#define ON_ENVELOPE (ON(MAIL) | ON(RCPT))
#define ON_MESSAGE (ON_END_OF_DATA | ON(BDAT) | ON(BURL))

/* Subject and detail of an enhanced status code, in an octet. */
#define PART(subject, detail) ((subject) << 4 | (detail))

#define ROW(code, subject, detail, verbs, text)                                                    \
    {                                                                                              \
        code, PART(subject, detail), sizeof text - 1, verbs, text                                  \
    }

/* A code, subject and detail of its usual enhanced status code, the verbs that it may answer, its
 * text. */
static const struct code {
    uint16_t code;
    unsigned char part;
    unsigned char length; /* of the text */
    uint32_t verbs;
    const char *text;
} codes[] = {
    ROW(211, 0, 0, ON(HELP), "System status"),
    ROW(214, 0, 0, ON(HELP), "Help follows"),
    ROW(220, 0, 0, ON_CONNECT | ON(STARTTLS), "Ready"),
    ROW(221, 0, 0, ON(QUIT), "Bye"),
    ROW(235, 7, 0, ON(AUTH), "Authentication successful"),
    ROW(250, 0, 0,
        ON_HELLO | ON_ENVELOPE | ON_MESSAGE | ON(RSET) | ON(VRFY) | ON(EXPN) | ON(NOOP) | ON(ETRN) |
            ON(ATRN) | ON(TURN),
        "OK"),
    ROW(251, 1, 5, ON(RCPT) | ON(VRFY) | ON(ETRN), "OK, will forward"),
    ROW(252, 5, 0, ON(VRFY) | ON(EXPN) | ON(ETRN), "Not verified, but will try to deliver"),
    ROW(253, 5, 0, ON(ETRN), "OK, messages are pending"),
    ROW(334, 0, 0, ON(AUTH), ""),
    ROW(354, 0, 0, ON(DATA), "Go ahead, end with a dot on a line by itself"),
    ROW(355, 0, 0, ON(DATA), "Go ahead from this offset"),
    ROW(421, 3, 2, ON_ALL, "Service not available, closing"),
    ROW(422, 7, 12, ON(AUTH), "Password must be changed over"),
    ROW(430, 5, 1, 0, "Command not possible at present"),
    ROW(432, 7, 12, ON(AUTH), "Password must be changed over"),
    ROW(450, 2, 0, ON_CONNECT | ON_ENVELOPE | ON(DATA) | ON_END_OF_DATA | ON(BDAT) | ON(ATRN),
        "Mailbox not available at present, try again later"),
    ROW(451, 3, 0, ON_ENVELOPE | ON(DATA) | ON_MESSAGE | ON(ATRN), "Local error, try again later"),
    ROW(452, 3, 1, ON_ENVELOPE | ON_END_OF_DATA | ON(BDAT), "Not enough storage, try again later"),
    ROW(453, 3, 2, ON(ATRN), "No mail for you"),
    ROW(454, 7, 0, ON(STARTTLS) | ON(AUTH), "Not available at present, try again later"),
    ROW(455, 5, 4, ON_ENVELOPE, "Parameter cannot be honoured at present"),
    ROW(458, 5, 0, ON(ETRN), "Cannot queue messages"),
    ROW(459, 5, 0, ON(ETRN), "Node not allowed"),
    ROW(500, 5, 2, ON_ALL & ~ON_CONNECT, "Command not recognized"),
    ROW(501, 5, 4, ON_ALL & ~ON_CONNECT, "Syntax error in arguments"),
    ROW(502, 5, 1,
        ON(EHLO) | ON(HELO) | ON(VRFY) | ON(EXPN) | ON(HELP) | ON(STARTTLS) | ON(ATRN) | ON(TURN) |
            ON(SEND) | ON(SOML) | ON(SAML),
        "Command not implemented"),
    ROW(503, 5, 1,
        ON_ENVELOPE | ON(DATA) | ON(BDAT) | ON(BURL) | ON(STARTTLS) | ON(AUTH) | ON(ETRN) |
            ON(TURN),
        "Bad sequence of commands"),
    ROW(504, 5, 4, ON_HELLO | ON_ENVELOPE | ON(VRFY) | ON(EXPN) | ON(HELP) | ON(AUTH),
        "Argument not implemented"),
    ROW(521, 3, 2, ON_CONNECT, "This host takes no mail"),
    ROW(523, 7, 10, ON(AUTH), "Encryption is needed"),
    ROW(524, 7, 11, ON(AUTH), "Encryption is needed for this mechanism"),
    ROW(525, 7, 13, ON(AUTH), "Account is disabled"),
    ROW(530, 7, 0, ON_FIRST, "Authentication or TLS is needed first"),
    ROW(533, 7, 1, 0, "Refused by policy"),
    ROW(534, 7, 9, ON(AUTH), "Authentication mechanism is too weak"),
    ROW(535, 7, 8, ON(AUTH), "Authentication failed"),
    ROW(538, 7, 11, ON(AUTH), "Encryption is needed for this mechanism"),
    ROW(550, 7, 1,
        ON_HELLO | ON_ENVELOPE | ON(DATA) | ON_END_OF_DATA | ON(BDAT) | ON(VRFY) | ON(EXPN),
        "Mailbox unavailable"),
    ROW(551, 7, 1, ON(RCPT) | ON(VRFY), "User not local"),
    ROW(552, 3, 4, ON_ENVELOPE | ON_MESSAGE, "Message too big"),
    ROW(553, 1, 3, ON_ENVELOPE | ON(VRFY), "Mailbox name not allowed"),
    ROW(554, 3, 0, ON_BUT_QUIT, "Transaction failed"),
    ROW(555, 5, 4, ON_ENVELOPE, "Parameter not recognized"),
    ROW(556, 1, 10, ON(RCPT), "Domain takes no mail"),
};

/* Where the verb makes another status the usual one. */
static const struct exception {
    uint16_t code;
    signed char verb;
    unsigned char part;
} exceptions[] = {
    {250, SMTP_VERB_MAIL, PART(1, 0)}, {250, SMTP_VERB_RCPT, PART(1, 5)},
    {250, SMTP_VERB_VRFY, PART(1, 5)}, {250, SMTP_VERB_EXPN, PART(1, 5)},
    {251, SMTP_VERB_ETRN, PART(5, 0)}, {450, SMTP_VERB_MAIL, PART(7, 1)},
    {450, SMTP_VERB_DATA, PART(7, 1)}, {450, SMTP_VERB_END_OF_DATA, PART(7, 1)},
    {450, SMTP_VERB_BDAT, PART(7, 1)}, {450, SMTP_VERB_ATRN, PART(7, 1)},
    {452, SMTP_VERB_RCPT, PART(5, 3)}, {500, SMTP_VERB_AUTH, PART(5, 6)},
    {501, SMTP_VERB_AUTH, PART(5, 2)}, {550, SMTP_VERB_RCPT, PART(1, 1)},
    {550, SMTP_VERB_VRFY, PART(1, 1)}, {550, SMTP_VERB_EXPN, PART(1, 1)},
    {552, SMTP_VERB_RCPT, PART(2, 2)}, {553, SMTP_VERB_MAIL, PART(1, 7)},
    {554, SMTP_VERB_MAIL, PART(7, 1)}, {554, SMTP_VERB_RCPT, PART(7, 1)},
    {554, SMTP_VERB_DATA, PART(5, 1)}, {554, SMTP_VERB_BURL, PART(6, 6)},
};

/* Both tables are in the order of their codes. */
static const struct code *find(int code)
{
    const struct code *row = codes;
    const struct code *end = codes + sizeof codes / sizeof codes[0];
    while (row < end && row->code < code) {
        row++;
    }
    return row < end && row->code == code ? row : NULL;
}

/* The verb as a set of one. Verbs that the registry does not know are as one that nobody knows. */
static uint32_t set_of(int verb)
{
    if (verb == SMTP_VERB_CONNECT) {
        return ON_CONNECT;
    }
    if (verb == SMTP_VERB_END_OF_DATA) {
        return ON_END_OF_DATA;
    }
    return smtp_verb_name(verb).len > 0 ? UINT32_C(1) << verb : ON(UNKNOWN);
}

/* What is answered before the client may read enhanced status codes (RFC 2034 4). */
static int is_opening(int verb)
{
    return verb == SMTP_VERB_CONNECT || verb == SMTP_VERB_HELO || verb == SMTP_VERB_EHLO ||
           verb == SMTP_VERB_LHLO;
}

static unsigned part_of(const struct code *row, int code, int verb)
{
    const struct exception *end = exceptions + sizeof exceptions / sizeof exceptions[0];
    for (const struct exception *at = exceptions; at < end && at->code <= code; at++) {
        if (at->code == code && at->verb == verb) {
            return at->part;
        }
    }
    return row != NULL ? row->part : PART(0, 0);
}

smtp_str smtp__reply_usual(int code, int verb, uint32_t *status)
{
    const struct code *row = find(code);
    smtp_str text = {NULL, 0};
    *status = 0;
    if (code >= 200 && code <= 599 && code / 100 != 3 && !is_opening(verb)) {
        unsigned part = part_of(row, code, verb);
        *status = SMTP_STATUS(code / 100, part >> 4, part & 0xF);
    }
    if (row != NULL) {
        text.ptr = row->text;
        text.len = row->length;
    }
    return text;
}

smtp_str smtp_reply_text(int code)
{
    uint32_t status;
    return smtp__reply_usual(code, SMTP_VERB_UNKNOWN, &status);
}

uint32_t smtp_reply_status(int code, int verb)
{
    uint32_t status;
    (void)smtp__reply_usual(code, verb, &status);
    return status;
}

int smtp_reply_allowed(int code, int verb)
{
    const struct code *row = find(code);
    return row != NULL && (row->verbs & set_of(verb)) != 0;
}
