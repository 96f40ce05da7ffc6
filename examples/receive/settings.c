/* SPDX-License-Identifier: MIT
 * The options of smtp-receive, and which of them go together. */
#include "settings.h"

#include <string.h>

#include "../common/tls.h"

#define AT(member) offsetof(struct settings, member)
static const struct option rows[] = {
    {"--listen", OPTION_TEXT, AT(listen), "HOST:PORT",
     "where to listen (127.0.0.1:2525; port 0: any that is free)"},
    {"--maildir", OPTION_TEXT, AT(maildir), "DIR", "where messages go; made when missing"},
    {"--discard", OPTION_FLAG, AT(discard), NULL, "accept messages and drop them, for measuring"},
    {"--hostname", OPTION_TEXT, AT(hostname), "NAME", "what the server calls itself (localhost)"},
    {"--domain", OPTION_LIST, AT(domains), "NAME", "accept its recipients; repeatable"},
    {"--tls-cert", OPTION_TEXT, AT(tls_cert), "FILE", "offer STARTTLS with this certificate (PEM)"},
    {"--tls-key", OPTION_TEXT, AT(tls_key), "FILE", "and its key (PEM; in the same file)"},
    {"--implicit-tls", OPTION_FLAG, AT(implicit_tls), NULL, "TLS from the first octet"},
    {"--user", OPTION_LIST, AT(users), "NAME:PASSWORD",
     "offer AUTH to who may then send to any domain; repeatable"},
    {"--auth-without-tls", OPTION_FLAG, AT(auth_without_tls), NULL, "offer it in the clear, too"},
    {"--lmtp", OPTION_FLAG, AT(lmtp), NULL, "speak LMTP"},
    {"--max-size", OPTION_OCTETS, AT(max_size), "BYTES", "of a message (52428800; 0: no limit)"},
    {"--max-recipients", OPTION_COUNT, AT(max_recipients), "N", "of a message (1000)"},
    {"--max-connections", OPTION_COUNT, AT(max_connections), "N",
     "more are told 421 (as many as there are descriptors)"},
    {"--threads", OPTION_COUNT, AT(threads), "N", "(1)"},
    {"--timeout", OPTION_COUNT, AT(timeout), "SECONDS",
     "for the next command or the next of a message (300, 180)"},
    {"--trace", OPTION_FLAG, AT(trace), NULL, "show the conversations on standard error"},
};

const struct option_table settings_table = {
    "smtp-receive",
    "Receives mail and keeps each message as a file of a Maildir, durable before it is "
    "acknowledged.\n",
    "\nWithout --domain every recipient is accepted on a loopback address, and none but "
    "Postmaster\n"
    "elsewhere. SIGTERM ends the server.\n",
    rows,
    sizeof rows / sizeof rows[0],
};

/* What the table of options cannot say. Returns -1 to go on, or the status to exit with. */
static int check(const struct settings *settings)
{
    if (settings->maildir == NULL && !settings->discard)
        return options_refuse(&settings_table, "--maildir", "is missing, and so is --discard");
    if (settings->tls_key != NULL && settings->tls_cert == NULL)
        return options_refuse(&settings_table, "--tls-key", "needs --tls-cert");
    if (settings->implicit_tls && settings->tls_cert == NULL)
        return options_refuse(&settings_table, "--implicit-tls", "needs --tls-cert");
    if (settings->users.count > 0 && settings->tls_cert == NULL && !settings->auth_without_tls)
        return options_refuse(&settings_table, "--user", "needs --tls-cert or --auth-without-tls");
    if (settings->tls_cert != NULL && !tls_available())
        return options_refuse(&settings_table, "--tls-cert", "needs a build with OpenSSL");
    return -1;
}

int settings_read(struct settings *settings, int argc, char **argv)
{
    int status;

    memset(settings, 0, sizeof *settings);
    settings->listen = "127.0.0.1:2525";
    settings->hostname = "localhost";
    settings->threads = 1;
    settings->max_size = 52428800;
    status = options_parse(&settings_table, settings, argc, argv);
    return status < 0 ? check(settings) : status;
}

void settings_release(struct settings *settings)
{
    options_release(&settings_table, settings);
}
