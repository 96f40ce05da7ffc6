/* SPDX-License-Identifier: MIT
 * The options of smtp-send, and which of them go together. */
#include "settings.h"

#include <string.h>

#include <smtp/extension.h>

#include "../common/crypto_openssl.h"
#include "../common/tls.h"

/* Those that are tried when --mech names none. */
enum {
    PASSWORD_MECHANISMS = SMTP_MECH_PLAIN | SMTP_MECH_LOGIN | SMTP_MECH_CRAM_MD5 |
                          SMTP_MECH_SCRAM_SHA_1 | SMTP_MECH_SCRAM_SHA_1_PLUS |
                          SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_SCRAM_SHA_256_PLUS,
    TOKEN_MECHANISMS = SMTP_MECH_OAUTHBEARER | SMTP_MECH_XOAUTH2
};

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
    {"--password", OPTION_TEXT, AT(password), "PASSWORD",
     "and with it; the token of XOAUTH2 and OAUTHBEARER"},
    {"--mech", OPTION_TEXT, AT(mechanism), "NAME",
     "the SASL mechanism (the best for a password that is offered)"},
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

const struct option_table settings_table = {
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

/* Whether it can be the token of OAUTHBEARER or XOAUTH2, which is visible ASCII (RFC 6750 2.1). */
static int is_token(const char *text)
{
    size_t length = 0;

    while (text[length] > ' ' && text[length] <= '~')
        length++;
    return length > 0 && text[length] == '\0';
}

/* How the options of AUTH go together. Returns as check(). */
static int check_auth(struct settings *settings)
{
    const smtp_mechanism *mechanism = NULL;

    if (settings->mechanism != NULL) {
        mechanism = smtp_mechanism_find(smtp_text(settings->mechanism));
        if (mechanism == NULL || mechanism->bit == SMTP_MECH_ANONYMOUS)
            return options_refuse(&settings_table, "--mech", "is not a mechanism of this client");
        if (mechanism->hash != SMTP_HASH_NONE && crypto_openssl() == NULL)
            return options_refuse(&settings_table, "--mech", "needs a build with OpenSSL");
        settings->mechanisms = mechanism->bit;
    }
    if (settings->mechanisms == SMTP_MECH_EXTERNAL)
        return -1;
    if (settings->user == NULL && (settings->password != NULL || mechanism != NULL))
        return options_refuse(&settings_table, "--user", "is missing");
    if (settings->user != NULL && settings->password == NULL)
        return options_refuse(&settings_table, "--password", "is missing");
    if (settings->password != NULL &&
        (settings->mechanisms & TOKEN_MECHANISMS) == settings->mechanisms &&
        !is_token(settings->password))
        return options_refuse(&settings_table, "--password", "is no token");
    return -1;
}

/* What the table of options cannot say. Returns -1 to go on, or the status to exit with. */
static int check(struct settings *settings)
{
    if (settings->from == NULL)
        return options_refuse(&settings_table, "--from", "is missing");
    if (settings->to.count == 0)
        return options_refuse(&settings_table, "--to", "is missing");
    if (settings->ca != NULL && settings->insecure)
        return options_refuse(&settings_table, "--ca", "and --insecure exclude each other");
    if (settings->require_tls && (settings->insecure || settings->tls == CHOICE_NONE))
        return options_refuse(&settings_table, "--require-tls", "needs TLS that is verified");
    if (!tls_available() && settings->tls > CHOICE_OPPORTUNISTIC)
        return options_refuse(&settings_table, "--tls", "needs a build with OpenSSL");
    if (!tls_available() && (settings->ca != NULL || settings->insecure || settings->require_tls))
        return options_refuse(&settings_table, "--ca, --insecure and --require-tls",
                              "need a build with OpenSSL");
    return check_auth(settings);
}

int settings_read(struct settings *settings, int argc, char **argv)
{
    int status;

    memset(settings, 0, sizeof *settings);
    settings->server = "127.0.0.1:2525";
    settings->tls = CHOICE_OPPORTUNISTIC;
    settings->mechanisms = PASSWORD_MECHANISMS;
    settings->dsn_ret = -1;
    settings->count = 1;
    settings->connections = 1;
    status = options_parse(&settings_table, settings, argc, argv);
    return status < 0 ? check(settings) : status;
}

void settings_release(struct settings *settings)
{
    options_release(&settings_table, settings);
}
