/* SPDX-License-Identifier: MIT
 * The registry of enhanced status codes: what each means (RFC 3463 3, RFC 5248). */
#include <string.h>

#include "smtp/status.h"

enum { CLASS = SMTP_STATUS(1, 0, 0), SUBJECT = SMTP_STATUS(0, 1, 0) };

/* The texts of the details of a subject one behind another, by their number from 0 on, and an empty
 * one at their end. */
static const char other[] = "Other status\0";
static const char addresses[] = "Other address status\0"
                                "No such mailbox\0"
                                "No such domain\0"
                                "Malformed mailbox address\0"
                                "Ambiguous mailbox address\0"
                                "Mailbox address is valid\0"
                                "Mailbox has moved, new address unknown\0"
                                "Malformed sender address\0"
                                "Sender's domain is not valid\0"
                                "Relayed to a system without these features\0"
                                "Recipient's domain takes no mail (null MX)\0";
static const char mailboxes[] = "Other mailbox status\0"
                                "Mailbox is disabled\0"
                                "Mailbox is full\0"
                                "Message is too long for the mailbox\0"
                                "Mailing list cannot be expanded\0";
static const char systems[] = "Other mail system status\0"
                              "Mail system has no storage left\0"
                              "System takes no mail at present\0"
                              "System lacks a feature that is needed\0"
                              "Message is too big for the system\0"
                              "System is misconfigured\0"
                              "Priority was changed\0";
static const char networks[] = "Other network or routing status\0"
                               "Host does not answer\0"
                               "Connection broke down\0"
                               "Directory lookup failed\0"
                               "No route to the host\0"
                               "Mail system is congested\0"
                               "Mail loop\0"
                               "Message is too old\0";
static const char protocols[] = "Other protocol status\0"
                                "Command not allowed here\0"
                                "Syntax error\0"
                                "Too many recipients\0"
                                "Argument not valid\0"
                                "Wrong version of the protocol\0"
                                "Authentication line is too long\0";
static const char contents[] = "Other content status\0"
                               "Content type is not supported\0"
                               "Conversion is needed but prohibited\0"
                               "Conversion is needed but not supported\0"
                               "Converted with loss\0"
                               "Conversion failed\0"
                               "Message content is not available\0"
                               "Address needs SMTPUTF8\0"
                               "Reply would need UTF-8\0"
                               "Header needs SMTPUTF8, which a recipient lacks\0"
                               "Reply would need UTF-8\0";
static const char policies[] = "Other security status\0"
                               "Refused by policy\0"
                               "No permission to write to the mailing list\0"
                               "Security conversion is not possible\0"
                               "Security feature is not supported\0"
                               "Cryptographic failure\0"
                               "Cryptographic algorithm is not supported\0"
                               "Message was altered\0"
                               "Authentication credentials are not valid\0"
                               "Authentication mechanism is too weak\0"
                               "Encryption is needed\0"
                               "Encryption is needed for this mechanism\0"
                               "Password must be changed over\0"
                               "Account is disabled\0"
                               "Trust relationship is needed\0"
                               "Priority is too low\0"
                               "Message is too big for its priority\0"
                               "Mailbox has another owner now\0"
                               "Domain has another owner now\0"
                               "Owner of the mailbox cannot be checked\0"
                               "No DKIM signature passes\0"
                               "No DKIM signature is acceptable\0"
                               "No DKIM signature of the author's domain\0"
                               "SPF check failed\0"
                               "SPF check met an error\0"
                               "Reverse DNS check failed\0"
                               "Several authentication checks failed\0"
                               "Sender's domain takes no mail (null MX)\0"
                               "Too much mail at once\0"
                               "ARC check failed\0"
                               "REQUIRETLS is not supported\0";

static const char *const subjects[] = {
    other, addresses, mailboxes, systems, networks, protocols, contents, policies,
};

static const char *const classes[] = {
    [2] = "Success", [4] = "Failure that may pass", [5] = "Permanent failure"};

/* The text of a detail, or of detail 0 where it has none of its own. */
static const char *find(const char *texts, uint32_t detail)
{
    const char *at = texts;
    for (; detail > 0 && *at != '\0'; detail--) {
        at += strlen(at) + 1;
    }
    return *at != '\0' ? at : texts;
}

smtp_str smtp_status_text(uint32_t status)
{
    uint32_t klass = status / CLASS;
    uint32_t subject = status % CLASS / SUBJECT;
    const char *text = klass < sizeof classes / sizeof classes[0] ? classes[klass] : NULL;
    if (text != NULL && subject < sizeof subjects / sizeof subjects[0]) {
        text = find(subjects[subject], status % SUBJECT);
    }
    return smtp_text(text);
}
