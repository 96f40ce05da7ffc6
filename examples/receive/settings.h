/* SPDX-License-Identifier: MIT
 * The command line of smtp-receive. */
#ifndef EXAMPLES_RECEIVE_SETTINGS_H
#define EXAMPLES_RECEIVE_SETTINGS_H

#include <stdint.h>

#include "../common/options.h"

struct settings {
    const char *listen;
    const char *maildir;
    const char *hostname;
    struct option_list domains;
    const char *tls_cert;
    const char *tls_key;
    int implicit_tls;
    struct option_list users;
    int auth_without_tls;
    int lmtp;
    uint64_t max_size;
    int discard;
    uint64_t threads;
    uint64_t max_connections;
    uint64_t max_recipients;
    uint64_t timeout;
    int trace;
};

extern const struct option_table settings_table;

/* Reads the command line; settings_release() gives back what it took. Returns -1 to go on, or the
 * status to exit with. */
int settings_read(struct settings *settings, int argc, char **argv);

void settings_release(struct settings *settings);

#endif
