/* SPDX-License-Identifier: MIT
 * A Maildir: a message is written to tmp/, made durable, and appears in new/ as a whole or not at
 * all. */
#ifndef EXAMPLES_RECEIVE_MAILDIR_H
#define EXAMPLES_RECEIVE_MAILDIR_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include <smtp/base.h>

/* One folder for all threads. It begins without descriptors (-1) and with its lock initialized. */
struct maildir {
    int tmp; /* descriptors of its two folders */
    int fresh;
    char host[128]; /* of this machine, as it may stand in a file name */
    long process;
    pthread_mutex_t lock;
    uint64_t count; /* of the messages of this process */
};

/* One message on its way. */
struct delivery;

/* Opens a Maildir and makes what is missing of it. Returns 0, or -1 and errno. */
int maildir_open(struct maildir *maildir, const char *path);

void maildir_close(struct maildir *maildir);

/* Begins a message, NULL when there is no memory. Nothing is on the disk yet. */
struct delivery *delivery_new(struct maildir *maildir);

/* What is unique about the name of its file: all of it before the host. */
smtp_str delivery_id(const struct delivery *delivery);

/* Makes room for `octets` more and gives the place where they go, or NULL; delivery_added() says
 * how many came. The text so far begins at delivery_text(). For header fields: nothing is written
 * to the disk here. */
char *delivery_reserve(struct delivery *delivery, size_t octets);
void delivery_added(struct delivery *delivery, size_t octets);
const char *delivery_text(const struct delivery *delivery);
size_t delivery_length(const struct delivery *delivery);

/* More of the message. Small pieces are gathered, large ones go to the disk as they are. Returns 0,
 * SMTP_ERR_STORE_FULL or SMTP_ERR_STORE; an error sticks. */
int delivery_write(struct delivery *delivery, smtp_str octets);

/* Makes messages durable and lets them appear in new/, each by itself: one may fail where another
 * does not. What they share is the synchronisation of new/, which is one for all of them. */
void maildir_commit(struct maildir *maildir, struct delivery *const *deliveries, size_t count);

/* 1 when the message was committed, 0 when it was not, or its error, as delivery_write() has them.
 */
int delivery_state(const struct delivery *delivery);

/* Ends a message. One that was not committed leaves nothing behind. NULL is allowed. */
void delivery_free(struct delivery *delivery);

#endif
