/* SPDX-License-Identifier: MIT
 * The command line of smtp-send. */
#ifndef EXAMPLES_SEND_SETTINGS_H
#define EXAMPLES_SEND_SETTINGS_H

#include <stdint.h>

#include "../common/options.h"

struct settings {
    const char *server;
    const char *from;
    struct option_list to;
    const char *helo;
    int tls; /* CHOICE_ */
    const char *ca;
    int insecure;
    const char *user;
    const char *password;
    const char *mechanism;
    uint32_t mechanisms; /* SMTP_MECH_ bits that it stands for */
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

/* The words of --tls, in their order. */
enum { CHOICE_NONE, CHOICE_OPPORTUNISTIC, CHOICE_REQUIRED, CHOICE_IMPLICIT };

extern const struct option_table settings_table;

/* Reads the command line; settings_release() gives back what it took. Returns -1 to go on, or the
 * status to exit with. */
int settings_read(struct settings *settings, int argc, char **argv);

void settings_release(struct settings *settings);

#endif
