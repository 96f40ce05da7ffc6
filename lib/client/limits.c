/* SPDX-License-Identifier: MIT
 * The limits that a server announces for a session and its transactions, obeyed before the wire
 * (RFC 9422). */
#include "base/ctype.h"
#include "client/client.h"

/* A hash of the domain, without its case; 0 for none ("Postmaster"), and never else. Two domains
 * with the same one count once, and then it is the server that refuses. */
static uint32_t hash_of_domain(smtp_str mailbox)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    size_t at = mailbox.len;

    while (at > 0 && mailbox.ptr[at - 1] != '@')
        at--;
    if (at == 0)
        return 0;
    for (; at < mailbox.len; at++)
        hash = (hash ^ smtp__lower((unsigned char)mailbox.ptr[at])) * 16777619u;
    return hash | 1;
}

/* 1 for a domain that counts for the first time. Those that are not remembered any more count
 * each time: rather too few recipients than one too many. */
static int is_new_domain(const smtp__client_terms *terms, uint32_t hash)
{
    uint32_t i;

    for (i = 0; i < terms->domain_count && i < SMTP__DOMAINS; i++) {
        if (terms->domains[i] == hash)
            return 0;
    }
    return hash != 0;
}

int smtp__client_over_limit(const smtp_client *client, const smtp_recipient *recipient)
{
    const smtp__client_terms *terms = client->terms;
    const smtp_capabilities *can = &terms->capabilities;

    if (can->rcpt_max != 0 && client->said >= can->rcpt_max)
        return SMTP__RECIPIENT_OVER_MAX;
    if (can->rcpt_domain_max != 0 && terms->domain_count >= can->rcpt_domain_max &&
        is_new_domain(terms, hash_of_domain(recipient->mailbox)))
        return SMTP__RECIPIENT_OVER_DOMAINS;
    return SMTP__RECIPIENT_NONE;
}

int smtp__client_over_limits(const smtp_client *client, const smtp_envelope *envelope)
{
    const smtp__client_terms *terms = client->terms;
    size_t i = 0;

    if (terms->capabilities.mail_max != 0 && terms->mails >= terms->capabilities.mail_max)
        return SMTP_ERR_TOO_MANY_TRANSACTIONS;
    while (i < envelope->recipient_count &&
           smtp__client_over_limit(client, &envelope->recipients[i]) != SMTP__RECIPIENT_NONE)
        i++;
    return i < envelope->recipient_count ? SMTP_ERR_OK : SMTP_ERR_TOO_MANY_DOMAINS;
}

void smtp__client_count_recipient(smtp_client *client, const smtp_recipient *recipient)
{
    smtp__client_terms *terms = client->terms;
    uint32_t hash;

    client->said++;
    if (terms->capabilities.rcpt_domain_max == 0)
        return;
    hash = hash_of_domain(recipient->mailbox);
    if (!is_new_domain(terms, hash))
        return;
    if (terms->domain_count < SMTP__DOMAINS)
        terms->domains[terms->domain_count] = hash;
    terms->domain_count++;
}

int smtp__client_left_out(const smtp_recipient *recipient)
{
    if (recipient->private_state == SMTP__RECIPIENT_OVER_MAX)
        return SMTP_ERR_TOO_MANY_RECIPIENTS;
    if (recipient->private_state == SMTP__RECIPIENT_OVER_DOMAINS)
        return SMTP_ERR_TOO_MANY_DOMAINS;
    return SMTP_ERR_OK;
}
