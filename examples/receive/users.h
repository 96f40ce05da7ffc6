/* SPDX-License-Identifier: MIT
 * Who may authenticate, and the answers to what their exchanges ask. */
#ifndef EXAMPLES_RECEIVE_USERS_H
#define EXAMPLES_RECEIVE_USERS_H

#include <smtp/server.h>

#include "../common/options.h"

enum { FAKE_SECRET = 32 };

struct user;

struct users {
    struct user *list;
    size_t count;
    char fake_secret[FAKE_SECRET]; /* what salts of unknown users are made of */
};

/* Takes users as NAME:PASSWORD and makes their keys for SCRAM. crypto may be NULL: there are no
 * keys then. Returns NULL, or what is wrong. */
const char *users_open(struct users *users, const struct option_list *words,
                       const smtp_crypto *crypto);

/* Wipes and releases them. */
void users_close(struct users *users);

/* The callback `auth` of a session whose user is the smtp_store_adapter of a struct connection. */
int users_auth(smtp_server *server, const smtp_auth_event *event, void *user);

#endif
