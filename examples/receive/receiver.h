/* SPDX-License-Identifier: MIT
 * What all threads and connections of the server share. */
#ifndef EXAMPLES_RECEIVE_RECEIVER_H
#define EXAMPLES_RECEIVE_RECEIVER_H

#include <pthread.h>
#include <stdint.h>

#include <smtp/server.h>

#include "../common/options.h"
#include "../common/tls.h"
#include "maildir.h"
#include "users.h"

/* Nothing of it changes once the threads run, but for what the lock guards. */
struct receiver {
    smtp_server_config config;
    smtp_server_callbacks callbacks;
    struct maildir maildir;
    struct tls_context *tls;    /* NULL: TLS is not offered */
    struct option_list domains; /* whose recipients are accepted */
    struct users users;         /* who may authenticate, and then send to any domain */
    int any_recipient;          /* 1: all are */
    int trace;
    int listener;
    int signals; /* readable once the server is to end, and never read: every thread sees it */
    uint64_t connections_max;
    pthread_mutex_t lock;
    uint64_t connections;
};

#endif
