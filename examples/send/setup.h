/* SPDX-License-Identifier: MIT
 * From the command line to what is sent. */
#ifndef EXAMPLES_SEND_SETUP_H
#define EXAMPLES_SEND_SETUP_H

#include "../common/endpoint.h"
#include "sender.h"
#include "settings.h"

enum { ENVID_MAX = 100 /* octets of xtext (RFC 3461 4.4) */ };

/* What the sender points to. */
struct papers {
    struct endpoint server;
    smtp_params mail;
    smtp_params rcpt;
    smtp_recipient *recipients; /* one for each --to */
    char envid[ENVID_MAX];
};

/* Fills the sender but for its message, its TLS and its addresses. Returns -1, or the status to
 * exit with. */
int setup_sender(struct sender *sender, struct papers *papers, const struct settings *settings);

/* Reads the message from standard input and says in the envelope what it needs. Returns as
 * setup_sender(). */
int setup_message(struct sender *sender, const struct settings *settings);

/* Makes the client's side of TLS for this host as the settings have it. Returns as setup_sender().
 */
int setup_tls(struct sender *sender, const struct settings *settings, const char *host);

/* Says on standard error what failed and why. Returns the status. */
int setup_complain(int status, const char *what, const char *why);

#endif
