/* SPDX-License-Identifier: MIT
 * The client's side of transcripts against a server on TCP: only the codes of its replies are
 * compared. */
#define _POSIX_C_SOURCE 200112L

#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)

int play_against(const transcript *from, const char *where, size_t *played)
{
    (void)from;
    (void)played;
    fprintf(stderr, "%s: not possible on this system\n", where);
    return 1;
}

#else

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 10000 /* milliseconds for a reply */

/* A connection, and what came from it that is not yet read. */
typedef struct peer {
    int socket;
    char octets[65536];
    size_t len;
} peer;

static int connect_to(const char *where)
{
    char host[256];
    const char *colon = strrchr(where, ':');
    struct addrinfo hints;
    struct addrinfo *found = NULL;
    int s = -1;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (colon == NULL || (size_t)(colon - where) >= sizeof host)
        return -1;
    memcpy(host, where, (size_t)(colon - where));
    host[colon - where] = 0;
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return -1;
    s = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (s >= 0 && connect(s, found->ai_addr, found->ai_addrlen) != 0) {
        (void)close(s);
        s = -1;
    }
    freeaddrinfo(found);
    return s;
}

static void say(const peer *to, const text *octets)
{
    size_t at = 0;

    while (at < octets->len) {
        ssize_t sent = send(to->socket, octets->ptr + at, octets->len - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += (size_t)sent;
    }
}

/* The next line into `line`; 0 when none comes. */
static int read_line(peer *from, char *line, size_t room)
{
    for (;;) {
        const char *lf = memchr(from->octets, '\n', from->len);
        struct pollfd ready = {0, POLLIN, 0};
        ssize_t came;

        if (lf != NULL) {
            size_t len = (size_t)(lf - from->octets) + 1;
            size_t shown = len < room ? len : room - 1;
            memcpy(line, from->octets, shown);
            line[shown] = 0;
            from->len -= len;
            memmove(from->octets, from->octets + len, from->len);
            return 1;
        }
        ready.fd = from->socket;
        if (poll(&ready, 1, PATIENCE) <= 0 || from->len == sizeof from->octets)
            return 0;
        came = recv(from->socket, from->octets + from->len, sizeof from->octets - from->len, 0);
        if (came <= 0)
            return 0;
        from->len += (size_t)came;
    }
}

/* The last line of the next reply; 0 when none comes. */
static int read_reply(peer *from, char *line, size_t room)
{
    do {
        if (!read_line(from, line, room))
            return 0;
    } while (strlen(line) > 3 && line[3] == '-');
    return 1;
}

/* Whether a line of output is the last one of its reply. */
static int ends_reply(const expected *line)
{
    return line->how == LINE_REPLY || line->octets.len < 4 || line->octets.ptr[3] != '-';
}

static int compare_replies(peer *with, const conversation *talk, const turn *now)
{
    char line[1024];
    size_t i;

    for (i = 0; i < now->output_count; i++) {
        const expected *wanted = &now->output[i];
        size_t digits = wanted->octets.len < 3 ? wanted->octets.len : 3;

        if (!ends_reply(wanted))
            continue;
        if (!read_reply(with, line, sizeof line)) {
            memcpy(line, "nothing", 8);
        } else if (memcmp(line, wanted->octets.ptr, digits) == 0) {
            continue;
        }
        line[strcspn(line, "\r\n")] = 0;
        fprintf(stderr, "%s:%lu: %.*s\n    expected: %.*s\n    got:      %s\n", talk->file,
                (unsigned long)wanted->number, (int)talk->title.len, talk->title.ptr, (int)digits,
                wanted->octets.ptr, line);
        return 0;
    }
    return 1;
}

/* What a server on the network cannot be told to do cannot be played against it. */
static int is_playable(const conversation *talk)
{
    size_t i;

    for (i = 0; i < talk->turn_count; i++) {
        if (talk->turns[i].action.line.ptr != NULL || talk->turns[i].answer_count > 0)
            return 0;
    }
    return !talk->client && talk->turn_count > 0;
}

static int play_one(const conversation *talk, const char *where)
{
    static peer with;
    size_t i;
    int good = 1;

    with.len = 0;
    with.socket = connect_to(where);
    if (with.socket < 0) {
        fprintf(stderr, "%s: no connection\n", where);
        return 0;
    }
    for (i = 0; i < talk->turn_count && good; i++) {
        say(&with, &talk->turns[i].input);
        good = compare_replies(&with, talk, &talk->turns[i]);
    }
    (void)close(with.socket);
    return good;
}

int play_against(const transcript *from, const char *where, size_t *played)
{
    int failures = 0;
    size_t i;

    for (i = 0; i < from->talk_count; i++) {
        if (!is_playable(&from->talks[i]))
            continue;
        failures += !play_one(&from->talks[i], where);
        ++*played;
    }
    return failures;
}

#endif
