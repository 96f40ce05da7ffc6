/* SPDX-License-Identifier: MIT
 * Settings made to a configuration, an envelope and its parameters. */
#define _POSIX_C_SOURCE 200809L
#include "setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "../common/crypto_openssl.h"

enum { CONNECT_TIMEOUT = 30 /* seconds */ };

static const int tls_policies[] = {SMTP_TLS_NONE, SMTP_TLS_OPPORTUNISTIC, SMTP_TLS_REQUIRED,
                                   SMTP_TLS_IMPLICIT};

/* An address as it stands in the envelope: brackets may be written or not. */
static smtp_str mailbox(const char *text)
{
    smtp_str all = smtp_text(text);

    if (all.len >= 2 && all.ptr[0] == '<' && all.ptr[all.len - 1] == '>') {
        all.ptr++;
        all.len -= 2;
    }
    return all;
}

/* Reads the words of --dsn-notify. Returns their bits, 0 when there is another word or NEVER is not
 * alone. */
static uint32_t notify_bits(smtp_str words)
{
    static const struct {
        const char *word;
        uint32_t bit;
    } known[] = {{"NEVER", SMTP_NOTIFY_NEVER},
                 {"SUCCESS", SMTP_NOTIFY_SUCCESS},
                 {"FAILURE", SMTP_NOTIFY_FAILURE},
                 {"DELAY", SMTP_NOTIFY_DELAY}};
    uint32_t bits = 0;

    while (words.len > 0) {
        const char *comma = memchr(words.ptr, ',', words.len);
        smtp_str word = words;
        uint32_t bit = 0;
        size_t i;

        if (comma != NULL)
            word.len = (size_t)(comma - words.ptr);
        for (i = 0; i < sizeof known / sizeof known[0]; i++) {
            if (smtp_str_equal_nocase(word, smtp_text(known[i].word)))
                bit = known[i].bit;
        }
        if (bit == 0 || (comma != NULL && word.len + 1 == words.len))
            return 0;
        bits |= bit;
        words.ptr += word.len + (comma != NULL);
        words.len -= word.len + (comma != NULL);
    }
    return (bits & SMTP_NOTIFY_NEVER) != 0 && bits != SMTP_NOTIFY_NEVER ? 0 : bits;
}

/* The parameters of MAIL and RCPT. Returns -1, or a status. */
static int set_params(struct papers *papers, const struct settings *settings)
{
    smtp_params *mail = &papers->mail;
    smtp_params *rcpt = &papers->rcpt;

    if (settings->dsn_ret >= 0) {
        mail->present |= SMTP_PARAM_RET;
        mail->ret = SMTP_RET_FULL + settings->dsn_ret;
    }
    if (settings->dsn_envid != NULL) {
        mail->present |= SMTP_PARAM_ENVID;
        mail->envid.ptr = papers->envid;
        if (smtp_xtext_encode(papers->envid, ENVID_MAX, &mail->envid.len,
                              smtp_text(settings->dsn_envid)) != 0)
            return options_refuse(&settings_table, "--dsn-envid", "is too long");
    }
    if (settings->require_tls)
        mail->present |= SMTP_PARAM_REQUIRETLS;
    if (settings->dsn_notify != NULL) {
        rcpt->present |= SMTP_PARAM_NOTIFY;
        rcpt->notify = notify_bits(smtp_text(settings->dsn_notify));
        if (rcpt->notify == 0)
            return options_refuse(&settings_table, "--dsn-notify",
                                  "is neither NEVER nor of SUCCESS,FAILURE,DELAY");
    }
    return -1;
}

static void set_config(struct sender *sender, const struct settings *settings)
{
    smtp_client_config *config = &sender->config;

    config->size = sizeof *config;
    config->flags = (settings->lmtp ? SMTP_CLIENT_LMTP : 0u) |
                    (settings->no_pipelining ? SMTP_CLIENT_NO_PIPELINING : 0u) |
                    (settings->no_chunking ? SMTP_CLIENT_NO_CHUNKING : 0u);
    config->greeting_timeout = settings->timeout * 1000;
    config->command_timeout = settings->timeout * 1000;
    config->data_timeout = settings->timeout * 1000;
    config->body_timeout = settings->timeout * 1000;
    config->message_timeout = settings->timeout * 1000;
    sender->connect_timeout =
        (settings->timeout > 0 ? settings->timeout : (uint64_t)CONNECT_TIMEOUT) * 1000;
    sender->program = settings_table.program;
    sender->server = settings->server;
    sender->hello = settings->helo;
    sender->count = settings->count;
    sender->connections = settings->connections;
    sender->trace = settings->trace;
}

/* What --password gives is the token of a mechanism that takes one. */
static void set_credentials(struct sender *sender, const struct settings *settings,
                            const struct endpoint *server)
{
    smtp_credentials *credentials = &sender->credentials;
    smtp_client_config *config = &sender->config;

    if (settings->user == NULL && settings->mechanism == NULL)
        return;
    config->sasl = smtp_sasl_suite_all();
    config->crypto = crypto_openssl();
    config->mechanisms = settings->mechanisms;
    if (settings->auth_without_tls)
        config->flags |= SMTP_CLIENT_AUTH_WITHOUT_TLS;
    credentials->name = smtp_text(settings->user);
    if (settings->mechanisms == SMTP_MECH_EXTERNAL || settings->mechanisms == SMTP_MECH_OAUTHBEARER)
        credentials->authzid = credentials->name;
    if (settings->mechanisms == SMTP_MECH_XOAUTH2 || settings->mechanisms == SMTP_MECH_OAUTHBEARER)
        credentials->token = smtp_text(settings->password);
    else
        credentials->password = smtp_text(settings->password);
    config->token_max = (uint32_t)credentials->token.len;
    credentials->host = smtp_text(server->host);
    credentials->port = (uint32_t)strtoul(server->port, NULL, 10);
}

static void set_envelope(struct sender *sender, struct papers *papers,
                         const struct settings *settings)
{
    smtp_envelope *envelope = &sender->envelope;
    size_t i;

    for (i = 0; i < settings->to.count; i++) {
        papers->recipients[i].mailbox = mailbox(settings->to.items[i]);
        papers->recipients[i].params = &papers->rcpt;
    }
    envelope->size = sizeof *envelope;
    envelope->reverse_path = mailbox(settings->from);
    envelope->params = &papers->mail;
    envelope->recipients = papers->recipients;
    envelope->recipient_count = settings->to.count;
}

int setup_sender(struct sender *sender, struct papers *papers, const struct settings *settings)
{
    int status;

    if (endpoint_parse(&papers->server, settings->server) != 0)
        return options_refuse(&settings_table, "--server", "has no HOST:PORT");
    status = set_params(papers, settings);
    if (status >= 0)
        return status;
    papers->recipients = calloc(settings->to.count, sizeof *papers->recipients);
    if (papers->recipients == NULL)
        return setup_complain(EX_OSERR, "recipients", strerror(errno));
    set_config(sender, settings);
    set_credentials(sender, settings, &papers->server);
    set_envelope(sender, papers, settings);
    return -1;
}

int setup_message(struct sender *sender, const struct settings *settings)
{
    if (message_read(&sender->message, STDIN_FILENO) != 0)
        return setup_complain(EX_IOERR, "standard input", strerror(errno));
    if (settings->eight_bit || sender->message.eight_bit)
        sender->envelope.flags |= SMTP_ENVELOPE_8BIT;
    if (settings->smtputf8)
        sender->envelope.flags |= SMTP_ENVELOPE_UTF8;
    sender->envelope.octets = sender->message.length;
    return -1;
}

int setup_tls(struct sender *sender, const struct settings *settings, const char *host)
{
    const char *why = NULL;
    int choice = settings->tls;
    int verify;

    if (settings->require_tls && choice == CHOICE_OPPORTUNISTIC)
        choice = CHOICE_REQUIRED; /* RFC 8689 4.2.1 */
    if (!tls_available())
        choice = CHOICE_NONE;
    sender->config.tls = tls_policies[choice];
    if (choice == CHOICE_NONE)
        return -1;
    verify = !settings->insecure && (choice >= CHOICE_REQUIRED || settings->ca != NULL);
    sender->tls = tls_client_new(host, verify, settings->ca, &why);
    return sender->tls != NULL
               ? -1
               : setup_complain(EX_NOINPUT, settings->ca != NULL ? settings->ca : "TLS", why);
}

int setup_complain(int status, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", settings_table.program, what, why);
    return status;
}
