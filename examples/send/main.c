/* SPDX-License-Identifier: MIT
 * smtp-send: sends the message on standard input and tells what became of it. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "../common/endpoint.h"
#include "../common/options.h"
#include "sender.h"

enum {
    CONNECT_TIMEOUT = 30, /* seconds */
    DESCRIPTORS_KEPT = 16,
    ENVID_MAX = 100 /* octets of xtext (RFC 3461 4.4) */
};

struct settings {
    const char *server;
    const char *from;
    struct option_list to;
    const char *helo;
    int tls; /* a position in tls_policies */
    const char *ca;
    int insecure;
    const char *user;
    const char *password;
    const char *mechanism;
    int auth_without_tls;
    int lmtp;
    int no_pipelining;
    int no_chunking;
    const char *dsn_notify;
    int dsn_ret; /* SMTP_RET_, less one; -1: none */
    const char *dsn_envid;
    int smtputf8;
    int eight_bit;
    int require_tls;
    uint64_t count;
    uint64_t connections;
    uint64_t timeout;
    int trace;
    int verbose;
};

static const int tls_policies[] = {SMTP_TLS_NONE, SMTP_TLS_OPPORTUNISTIC, SMTP_TLS_REQUIRED,
                                   SMTP_TLS_IMPLICIT};
enum { CHOICE_NONE, CHOICE_OPPORTUNISTIC, CHOICE_REQUIRED };

#define AT(member) offsetof(struct settings, member)
static const struct option rows[] = {
    {"--server", OPTION_TEXT, AT(server), "HOST:PORT", "(127.0.0.1:2525)"},
    {"--from", OPTION_TEXT, AT(from), "ADDRESS", "the reverse-path; \"\" or <> for none"},
    {"--to", OPTION_LIST, AT(to), "ADDRESS", "a recipient; repeatable"},
    {"--helo", OPTION_TEXT, AT(helo), "NAME",
     "(this host's full name, or its address in brackets)"},
    {"--tls", OPTION_CHOICE, AT(tls), "none|opportunistic|required|implicit", "(opportunistic)"},
    {"--ca", OPTION_TEXT, AT(ca), "FILE",
     "verify against these authorities (PEM), not the system's"},
    {"--insecure", OPTION_FLAG, AT(insecure), NULL, "do not verify the certificate"},
    {"--user", OPTION_TEXT, AT(user), "NAME", "authenticate"},
    {"--password", OPTION_TEXT, AT(password), "PASSWORD", "and with it"},
    {"--mech", OPTION_TEXT, AT(mechanism), "NAME", "the SASL mechanism (the best that is offered)"},
    {"--auth-without-tls", OPTION_FLAG, AT(auth_without_tls), NULL, "even in the clear"},
    {"--lmtp", OPTION_FLAG, AT(lmtp), NULL, "speak LMTP"},
    {"--no-pipelining", OPTION_FLAG, AT(no_pipelining), NULL, "one command at a time"},
    {"--no-chunking", OPTION_FLAG, AT(no_chunking), NULL, "DATA where BDAT is offered, too"},
    {"--dsn-notify", OPTION_TEXT, AT(dsn_notify), "WORDS", "NEVER, or of SUCCESS,FAILURE,DELAY"},
    {"--dsn-ret", OPTION_CHOICE, AT(dsn_ret), "FULL|HDRS", "what a notification returns"},
    {"--dsn-envid", OPTION_TEXT, AT(dsn_envid), "ID", "what it calls this message"},
    {"--smtputf8", OPTION_FLAG, AT(smtputf8), NULL, "a header field holds UTF-8"},
    {"--8bitmime", OPTION_FLAG, AT(eight_bit), NULL,
     "BODY=8BITMIME (said anyway where it must be)"},
    {"--require-tls", OPTION_FLAG, AT(require_tls), NULL,
     "REQUIRETLS, all the way to the recipient"},
    {"--count", OPTION_COUNT, AT(count), "N", "messages on each connection (1)"},
    {"--connections", OPTION_COUNT, AT(connections), "N", "at the same time (1)"},
    {"--timeout", OPTION_COUNT, AT(timeout), "SECONDS",
     "for each answer (as RFC 5321 4.5.3.2 has them)"},
    {"--trace", OPTION_FLAG, AT(trace), NULL, "show the conversation on standard error"},
    {"--verbose", OPTION_FLAG, AT(verbose), NULL, "tell at the end how much went"},
};

static const struct option_table table = {
    "smtp-send",
    "Sends the message on standard input. Its line ends may be LF: they become CRLF.\n",
    "\nA certificate is verified with --tls required or implicit, and wherever --ca is given; "
    "opportunistic\n"
    "TLS without --ca takes any, since it would take a server without TLS, too.\n"
    "The exit status is one of sysexits.h: 0 accepted for all recipients, 75 a temporary failure, "
    "69 a\n"
    "permanent one, 65 a message or address that cannot be sent, 64 bad usage, 76 the server does "
    "not\n"
    "speak SMTP as it should, 77 authentication failed. Each recipient that failed is a line on "
    "standard\n"
    "error.\n",
    rows,
    sizeof rows / sizeof rows[0],
};

static int complain(int status, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", table.program, what, why);
    return status;
}

/* What the table of options cannot say. Returns -1 to go on, or the status to exit with. */
static int check(const struct settings *settings)
{
    if (settings->user != NULL || settings->password != NULL || settings->mechanism != NULL)
        return options_refuse(&table, "--user", "is not available in this build");
    if (settings->from == NULL)
        return options_refuse(&table, "--from", "is missing");
    if (settings->to.count == 0)
        return options_refuse(&table, "--to", "is missing");
    if (settings->ca != NULL && settings->insecure)
        return options_refuse(&table, "--ca", "and --insecure exclude each other");
    if (settings->require_tls && (settings->insecure || settings->tls == CHOICE_NONE))
        return options_refuse(&table, "--require-tls", "needs TLS that is verified");
    if (!tls_available() && settings->tls > CHOICE_OPPORTUNISTIC)
        return options_refuse(&table, "--tls", "needs a build with OpenSSL");
    if (!tls_available() && (settings->ca != NULL || settings->insecure || settings->require_tls))
        return options_refuse(&table, "--ca, --insecure and --require-tls",
                              "need a build with OpenSSL");
    return -1;
}

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
        if (bit == 0)
            return 0;
        bits |= bit;
        words.ptr += word.len + (comma != NULL);
        words.len -= word.len + (comma != NULL);
    }
    return (bits & SMTP_NOTIFY_NEVER) != 0 && bits != SMTP_NOTIFY_NEVER ? 0 : bits;
}

/* The parameters of MAIL and RCPT. Returns -1, or a status. */
static int set_params(smtp_params *mail, smtp_params *rcpt, char *envid,
                      const struct settings *settings)
{
    if (settings->dsn_ret >= 0) {
        mail->present |= SMTP_PARAM_RET;
        mail->ret = SMTP_RET_FULL + settings->dsn_ret;
    }
    if (settings->dsn_envid != NULL) {
        mail->present |= SMTP_PARAM_ENVID;
        mail->envid.ptr = envid;
        if (smtp_xtext_encode(envid, ENVID_MAX, &mail->envid.len, smtp_text(settings->dsn_envid)) !=
            0)
            return options_refuse(&table, "--dsn-envid", "is too long");
    }
    if (settings->require_tls)
        mail->present |= SMTP_PARAM_REQUIRETLS;
    if (settings->dsn_notify != NULL) {
        rcpt->present |= SMTP_PARAM_NOTIFY;
        rcpt->notify = notify_bits(smtp_text(settings->dsn_notify));
        if (rcpt->notify == 0)
            return options_refuse(&table, "--dsn-notify",
                                  "is neither NEVER nor of SUCCESS,FAILURE,DELAY");
    }
    return -1;
}

/* The client's side of TLS. Returns -1, or a status. */
static int set_tls(struct sender *sender, const struct settings *settings, const char *host)
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
               : complain(EX_NOINPUT, settings->ca != NULL ? settings->ca : "TLS", why);
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
    sender->program = table.program;
    sender->server = settings->server;
    sender->hello = settings->helo;
    sender->count = settings->count;
    sender->connections = settings->connections;
    sender->trace = settings->trace;
}

static void set_envelope(struct sender *sender, const struct settings *settings,
                         smtp_recipient *recipients, const smtp_params *mail,
                         const smtp_params *rcpt)
{
    smtp_envelope *envelope = &sender->envelope;
    size_t i;

    for (i = 0; i < settings->to.count; i++) {
        recipients[i].mailbox = mailbox(settings->to.items[i]);
        recipients[i].params = rcpt;
    }
    envelope->size = sizeof *envelope;
    envelope->reverse_path = mailbox(settings->from);
    envelope->params = mail;
    envelope->recipients = recipients;
    envelope->recipient_count = settings->to.count;
    if (settings->eight_bit || sender->message.eight_bit)
        envelope->flags |= SMTP_ENVELOPE_8BIT;
    if (settings->smtputf8)
        envelope->flags |= SMTP_ENVELOPE_UTF8;
    envelope->octets = sender->message.length;
}

static void show_statistics(const struct sender *sender, smtp_time took)
{
    double seconds = took > 0 ? (double)took / 1000 : 0.001;

    fprintf(
        stderr,
        "%s: %lu messages (%.0f a second), %llu octets of content; %llu octets out and %llu in, "
        "%lu commands, %lu replies; %.3f seconds\n",
        table.program, (unsigned long)sender->total.messages,
        (double)sender->total.messages / seconds, (unsigned long long)sender->total.body_octets,
        (unsigned long long)sender->total.octets_out, (unsigned long long)sender->total.octets_in,
        (unsigned long)sender->total.commands, (unsigned long)sender->total.replies,
        (double)took / 1000);
}

/* A descriptor for each connection, as far as the system gives them. */
static void take_descriptors(uint64_t connections)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < connections + DESCRIPTORS_KEPT) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Sends to the addresses that were found. */
static int run_at(struct sender *sender, const struct settings *settings)
{
    smtp_time begun = stream_now();
    int status = EX_OK;

    take_descriptors(sender->connections);
    if (sender_run(sender) != 0)
        status = complain(EX_OSERR, "connections", strerror(errno));
    else
        status = tally_status(&sender->tally);
    if (settings->verbose)
        show_statistics(sender, stream_now() - begun);
    return status;
}

static int run(struct sender *sender, const struct settings *settings)
{
    struct endpoint endpoint;
    struct addrinfo *addresses;
    int error;
    int status;

    if (endpoint_parse(&endpoint, settings->server) != 0)
        return options_refuse(&table, "--server", "has no HOST:PORT");
    if (sender_check(sender) != 0)
        return EX_DATAERR;
    error = endpoint_lookup(&endpoint, 0, &addresses);
    if (error != 0)
        return complain(error == EAI_AGAIN ? EX_TEMPFAIL : EX_UNAVAILABLE, settings->server,
                        gai_strerror(error));
    sender->addresses = addresses;
    status = set_tls(sender, settings, endpoint.host);
    if (status < 0)
        status = run_at(sender, settings);
    freeaddrinfo(addresses);
    tls_delete(sender->tls);
    return status;
}

/* Puts the settings into their places and runs. */
static int send_message(const struct settings *settings)
{
    struct sender sender;
    smtp_params mail;
    smtp_params rcpt;
    char envid[ENVID_MAX];
    smtp_recipient *recipients = calloc(settings->to.count, sizeof *recipients);
    int status;

    memset(&sender, 0, sizeof sender);
    memset(&mail, 0, sizeof mail);
    memset(&rcpt, 0, sizeof rcpt);
    status = set_params(&mail, &rcpt, envid, settings);
    if (status < 0 && recipients == NULL)
        status = complain(EX_OSERR, "recipients", strerror(errno));
    if (status < 0 && message_read(&sender.message, STDIN_FILENO) != 0)
        status = complain(EX_IOERR, "standard input", strerror(errno));
    if (status < 0) {
        set_config(&sender, settings);
        set_envelope(&sender, settings, recipients, &mail, &rcpt);
        status = run(&sender, settings);
    }
    message_free(&sender.message);
    free(recipients);
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings = {.server = "127.0.0.1:2525",
                                .tls = CHOICE_OPPORTUNISTIC,
                                .dsn_ret = -1,
                                .count = 1,
                                .connections = 1};
    int status = options_parse(&table, &settings, argc, argv);

    signal(SIGPIPE, SIG_IGN);
    if (status < 0)
        status = check(&settings);
    if (status < 0)
        status = send_message(&settings);
    options_release(&table, &settings);
    return status;
}
