/* SPDX-License-Identifier: MIT
 * Messages as files of a Maildir: gathered, written, synchronised, renamed. */
#define _POSIX_C_SOURCE 200809L
#include "maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    GATHER_MAX = 65536, /* octets kept before the file is written */
    GATHER_FIRST = 2048,
    NAME_SIZE = 224 /* 4 numbers of 64 bits and a host */
};

struct delivery {
    struct maildir *maildir;
    char *text; /* what is not in the file */
    size_t length;
    size_t capacity;
    int file;  /* -1: there is none */
    int error; /* the first SMTP_ERR_, which sticks */
    int committed;
    size_t id_length;
    char name[NAME_SIZE];
};

/* Opens a folder inside of another, made when it is missing. */
static int open_folder(int parent, const char *name)
{
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The host name, its '/' and ':' as the file names of a Maildir write them. */
static void name_host(struct maildir *maildir)
{
    char host[256] = "localhost";
    size_t length = 0;
    size_t i;

    if (gethostname(host, sizeof host) != 0)
        strcpy(host, "localhost");
    host[sizeof host - 1] = '\0';
    for (i = 0; host[i] != '\0' && length + 5 < sizeof maildir->host; i++) {
        if (host[i] == '/' || host[i] == ':') {
            memcpy(maildir->host + length, host[i] == '/' ? "\\057" : "\\072", 4);
            length += 4;
        } else {
            maildir->host[length++] = host[i];
        }
    }
    maildir->host[length] = '\0';
}

int maildir_open(struct maildir *maildir, const char *path)
{
    int top = open_folder(AT_FDCWD, path);
    int cur = -1;
    int error;

    name_host(maildir);
    maildir->process = (long)getpid();
    if (top >= 0) {
        maildir->tmp = open_folder(top, "tmp");
        maildir->fresh = open_folder(top, "new");
        cur = open_folder(top, "cur");
    }
    if (cur >= 0 && maildir->tmp >= 0 && maildir->fresh >= 0 && fsync(top) == 0) {
        close(cur);
        close(top);
        return 0;
    }
    error = errno;
    if (cur >= 0)
        close(cur);
    if (top >= 0)
        close(top);
    maildir_close(maildir);
    errno = error;
    return -1;
}

void maildir_close(struct maildir *maildir)
{
    if (maildir->tmp >= 0)
        close(maildir->tmp);
    if (maildir->fresh >= 0)
        close(maildir->fresh);
    maildir->tmp = -1;
    maildir->fresh = -1;
}

static void make_name(struct delivery *delivery)
{
    struct maildir *maildir = delivery->maildir;
    struct timespec now;
    uint64_t count;

    pthread_mutex_lock(&maildir->lock);
    count = ++maildir->count;
    pthread_mutex_unlock(&maildir->lock);
    clock_gettime(CLOCK_REALTIME, &now);
    delivery->id_length = (size_t)snprintf(
        delivery->name, sizeof delivery->name, "%lld.M%ldP%ldQ%llu", (long long)now.tv_sec,
        now.tv_nsec / 1000, maildir->process, (unsigned long long)count);
    snprintf(delivery->name + delivery->id_length, sizeof delivery->name - delivery->id_length,
             ".%s", maildir->host);
}

struct delivery *delivery_new(struct maildir *maildir)
{
    struct delivery *delivery = calloc(1, sizeof *delivery);

    if (delivery == NULL)
        return NULL;
    delivery->maildir = maildir;
    delivery->file = -1;
    make_name(delivery);
    return delivery;
}

smtp_str delivery_id(const struct delivery *delivery)
{
    smtp_str id;

    id.ptr = delivery->name;
    id.len = delivery->id_length;
    return id;
}

char *delivery_reserve(struct delivery *delivery, size_t octets)
{
    size_t capacity = delivery->capacity > 0 ? delivery->capacity : GATHER_FIRST;
    char *text;

    while (capacity - delivery->length < octets)
        capacity *= 2;
    if (capacity > delivery->capacity) {
        text = realloc(delivery->text, capacity);
        if (text == NULL)
            return NULL;
        delivery->text = text;
        delivery->capacity = capacity;
    }
    return delivery->text + delivery->length;
}

void delivery_added(struct delivery *delivery, size_t octets)
{
    delivery->length += octets;
}

const char *delivery_text(const struct delivery *delivery)
{
    return delivery->text;
}

size_t delivery_length(const struct delivery *delivery)
{
    return delivery->length;
}

/* Takes octets that were written off the front of a piece. */
static void skip(struct iovec *piece, size_t *written)
{
    size_t part = *written < piece->iov_len ? *written : piece->iov_len;

    piece->iov_base = (char *)piece->iov_base + part;
    piece->iov_len -= part;
    *written -= part;
}

/* Writes two pieces as a whole. Returns 0 or -1 and errno. */
static int write_all(int file, smtp_str first, smtp_str second)
{
    struct iovec pieces[2];

    pieces[0].iov_base = (void *)(uintptr_t)first.ptr;
    pieces[0].iov_len = first.len;
    pieces[1].iov_base = (void *)(uintptr_t)second.ptr;
    pieces[1].iov_len = second.len;
    while (pieces[0].iov_len + pieces[1].iov_len > 0) {
        ssize_t count = writev(file, pieces, 2);
        size_t written = count > 0 ? (size_t)count : 0;

        if (count < 0 && errno != EINTR)
            return -1;
        skip(&pieces[0], &written);
        skip(&pieces[1], &written);
    }
    return 0;
}

/* Writes what was gathered and `more` behind it to the file, which is made here. Returns 0 or -1
 * and errno. */
static int write_out(struct delivery *delivery, smtp_str more)
{
    smtp_str gathered;

    if (delivery->file < 0)
        delivery->file = openat(delivery->maildir->tmp, delivery->name,
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (delivery->file < 0)
        return -1;
    gathered.ptr = delivery->text;
    gathered.len = delivery->length;
    delivery->length = 0;
    return write_all(delivery->file, gathered, more);
}

/* Takes the file away from tmp/. */
static void discard(struct delivery *delivery)
{
    if (delivery->file < 0)
        return;
    close(delivery->file);
    delivery->file = -1;
    unlinkat(delivery->maildir->tmp, delivery->name, 0);
}

/* Drops what was written, for good: 452, whatever failed, so that the client keeps the message. */
static int fail(struct delivery *delivery)
{
    delivery->error = SMTP_ERR_STORE_FULL;
    discard(delivery);
    return delivery->error;
}

int delivery_write(struct delivery *delivery, smtp_str octets)
{
    char *place;

    if (delivery->error != 0)
        return delivery->error;
    if (octets.len > GATHER_MAX || delivery->length + octets.len > GATHER_MAX)
        return write_out(delivery, octets) == 0 ? 0 : fail(delivery);
    place = delivery_reserve(delivery, octets.len);
    if (place == NULL)
        return fail(delivery);
    memcpy(place, octets.ptr, octets.len);
    delivery->length += octets.len;
    return 0;
}

/* Writes what is left of the message, makes it durable, and gives it its name in new/. */
static int settle(struct delivery *delivery)
{
    const struct maildir *maildir = delivery->maildir;
    const smtp_str nothing = {NULL, 0};

    if (write_out(delivery, nothing) != 0 || fsync(delivery->file) != 0 ||
        renameat(maildir->tmp, delivery->name, maildir->fresh, delivery->name) != 0)
        return -1;
    close(delivery->file);
    delivery->file = -1;
    return 0;
}

/* When the names in new/ cannot be made durable they are taken back: what was not acknowledged
 * comes again. */
void maildir_commit(struct maildir *maildir, struct delivery *const *deliveries, size_t count)
{
    size_t i;
    int failed;

    for (i = 0; i < count; i++) {
        if (deliveries[i]->error == 0 && settle(deliveries[i]) != 0)
            fail(deliveries[i]);
    }
    failed = fsync(maildir->fresh) != 0;
    for (i = 0; i < count; i++) {
        struct delivery *delivery = deliveries[i];

        if (delivery->error != 0)
            continue;
        if (failed) {
            unlinkat(maildir->fresh, delivery->name, 0);
            fail(delivery);
        }
        delivery->committed = !failed;
    }
}

int delivery_state(const struct delivery *delivery)
{
    return delivery->error != 0 ? delivery->error : delivery->committed;
}

void delivery_free(struct delivery *delivery)
{
    if (delivery == NULL)
        return;
    discard(delivery);
    free(delivery->text);
    free(delivery);
}
