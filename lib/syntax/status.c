/* SPDX-License-Identifier: MIT
 * Enhanced status codes: the registry, and the code as a number and as text (RFC 3463, RFC 5248).
 */
#include "smtp/status.h"

#include <string.h>

#include "syntax/cursor.h"

enum { PART_MAX = 999, PART_DIGITS = 3, CLASS = 1000000, SUBJECT = 1000 };

/* The details of a subject by their number, from 0 on. */
static const char *const other[] = {"Other status"};
static const char *const addresses[] = {
    "Other address status",
    "No such mailbox",
    "No such domain",
    "Malformed mailbox address",
    "Ambiguous mailbox address",
    "Mailbox address is valid",
    "Mailbox has moved, new address unknown",
    "Malformed sender address",
    "Sender's domain is not valid",
    "Relayed to a system without these features",
    "Recipient's domain takes no mail (null MX)",
};
static const char *const mailboxes[] = {
    "Other mailbox status",
    "Mailbox is disabled",
    "Mailbox is full",
    "Message is too long for the mailbox",
    "Mailing list cannot be expanded",
};
static const char *const systems[] = {
    "Other mail system status",
    "Mail system has no storage left",
    "System takes no mail at present",
    "System lacks a feature that is needed",
    "Message is too big for the system",
    "System is misconfigured",
    "Priority was changed",
};
static const char *const networks[] = {
    "Other network or routing status",
    "Host does not answer",
    "Connection broke down",
    "Directory lookup failed",
    "No route to the host",
    "Mail system is congested",
    "Mail loop",
    "Message is too old",
};
static const char *const protocols[] = {
    "Other protocol status",
    "Command not allowed here",
    "Syntax error",
    "Too many recipients",
    "Argument not valid",
    "Wrong version of the protocol",
    "Authentication line is too long",
};
static const char *const contents[] = {
    "Other content status",
    "Content type is not supported",
    "Conversion is needed but prohibited",
    "Conversion is needed but not supported",
    "Converted with loss",
    "Conversion failed",
    "Message content is not available",
    "Address needs SMTPUTF8",
    "Reply would need UTF-8",
    "Header needs SMTPUTF8, which a recipient lacks",
    "Reply would need UTF-8",
};
static const char *const policies[] = {
    "Other security status",
    "Refused by policy",
    "No permission to write to the mailing list",
    "Security conversion is not possible",
    "Security feature is not supported",
    "Cryptographic failure",
    "Cryptographic algorithm is not supported",
    "Message was altered",
    "Authentication credentials are not valid",
    "Authentication mechanism is too weak",
    "Encryption is needed",
    "Encryption is needed for this mechanism",
    "Password must be changed over",
    "Account is disabled",
    "Trust relationship is needed",
    "Priority is too low",
    "Message is too big for its priority",
    "Mailbox has another owner now",
    "Domain has another owner now",
    "Owner of the mailbox cannot be checked",
    "No DKIM signature passes",
    "No DKIM signature is acceptable",
    "No DKIM signature of the author's domain",
    "SPF check failed",
    "SPF check met an error",
    "Reverse DNS check failed",
    "Several authentication checks failed",
    "Sender's domain takes no mail (null MX)",
    "Too much mail at once",
    "ARC check failed",
    "REQUIRETLS is not supported",
};

#define SUBJECT_OF(details)                                                                        \
    {                                                                                              \
        details, sizeof details / sizeof details[0]                                                \
    }
static const struct subject {
    const char *const *details;
    size_t count;
} subjects[] = {
    SUBJECT_OF(other),    SUBJECT_OF(addresses), SUBJECT_OF(mailboxes), SUBJECT_OF(systems),
    SUBJECT_OF(networks), SUBJECT_OF(protocols), SUBJECT_OF(contents),  SUBJECT_OF(policies),
};

static const char *const classes[] = {
    [2] = "Success", [4] = "Failure that may pass", [5] = "Permanent failure"};

static int is_class(uint32_t klass)
{
    return klass == 2 || klass == 4 || klass == 5;
}

/* Reads a dot and a number of at most three digits without leading zeros. */
static int take_part(smtp__cursor *cursor, uint32_t *out)
{
    uint32_t number = 0;
    if (!smtp__take(cursor, '.')) {
        return 0;
    }
    const char *at = cursor->at;
    while (at < cursor->end && at - cursor->at < PART_DIGITS &&
           smtp__is((unsigned char)*at, SMTP__DIGIT)) {
        number = number * 10 + (uint32_t)(*at++ - '0');
    }
    if (at == cursor->at || (*cursor->at == '0' && at - cursor->at > 1)) {
        return 0;
    }
    cursor->at = at;
    *out = number;
    return 1;
}

uint32_t smtp_status(int klass, int subject, int detail)
{
    if (klass < 0 || !is_class((uint32_t)klass) || subject < 0 || subject > PART_MAX ||
        detail < 0 || detail > PART_MAX) {
        return 0;
    }
    return SMTP_STATUS(klass, subject, detail);
}

int smtp_status_parse(uint32_t *status, smtp_str text, int reply_code, size_t *used)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    uint32_t subject;
    uint32_t detail;
    uint32_t klass = text.len > 0 ? (uint32_t)(unsigned char)*text.ptr - '0' : 0;
    *status = 0;
    *used = 0;
    if (!is_class(klass) || (reply_code != 0 && (uint32_t)reply_code / 100 != klass)) {
        return SMTP_ERR_STATUS;
    }
    cursor.at++;
    if (!take_part(&cursor, &subject) || !take_part(&cursor, &detail) ||
        !smtp__at_word_end(&cursor)) {
        return SMTP_ERR_STATUS;
    }
    *status = SMTP_STATUS(klass, subject, detail);
    *used = (size_t)(cursor.at - text.ptr);
    return 0;
}

/* Writes a part, of at most PART_DIGITS digits. */
static char *put_part(char *at, uint32_t part)
{
    if (part >= 100) {
        *at++ = (char)('0' + part / 100);
    }
    if (part >= 10) {
        *at++ = (char)('0' + part / 10 % 10);
    }
    *at++ = (char)('0' + part % 10);
    return at;
}

int smtp_status_format(char *out, size_t capacity, size_t *len, uint32_t status)
{
    char text[3 * PART_DIGITS + 2];
    char *at = text;
    *len = 0;
    if (!is_class(status / CLASS)) {
        return SMTP_ERR_ARGUMENT;
    }
    at = put_part(at, status / CLASS);
    *at++ = '.';
    at = put_part(at, status % CLASS / SUBJECT);
    *at++ = '.';
    at = put_part(at, status % SUBJECT);
    if ((size_t)(at - text) > capacity) {
        return SMTP_ERR_NO_SPACE;
    }
    *len = (size_t)(at - text);
    memcpy(out, text, *len);
    return 0;
}

smtp_str smtp_status_text(uint32_t status)
{
    size_t subject = status % CLASS / SUBJECT;
    size_t detail = status % SUBJECT;
    if (!is_class(status / CLASS)) {
        return smtp_text(NULL);
    }
    if (subject >= sizeof subjects / sizeof subjects[0]) {
        return smtp_text(classes[status / CLASS]);
    }
    return smtp_text(subjects[subject].details[detail < subjects[subject].count ? detail : 0]);
}
