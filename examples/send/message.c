/* SPDX-License-Identifier: MIT
 * A message read from a descriptor. */
#define _POSIX_C_SOURCE 200809L
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <smtp/data.h>

enum { ROOM_FIRST = 65536 };

/* Makes room behind what is there. Returns 0 or -1 and errno. */
static int grow(struct message *message, size_t *capacity)
{
    size_t larger = *capacity > 0 ? 2 * *capacity : ROOM_FIRST;
    char *octets = larger > *capacity ? realloc(message->octets, larger) : NULL;

    if (octets == NULL) {
        errno = ENOMEM;
        return -1;
    }
    message->octets = octets;
    *capacity = larger;
    return 0;
}

/* What stands in the message: SMTP_FOUND_ bits. */
static uint32_t look(const struct message *message)
{
    smtp_data_checker checker;
    smtp_str all;
    smtp_str end = {NULL, 0};

    memset(&checker, 0, sizeof checker);
    all.ptr = message->octets;
    all.len = message->length;
    smtp_data_check(&checker, all);
    smtp_data_check(&checker, end);
    return checker.found;
}

/* Makes each line end a CRLF. Returns 0 or -1 and errno. */
static int mend(struct message *message)
{
    char *out = malloc(2 * message->length + 1);
    size_t length = 0;
    size_t i;

    if (out == NULL)
        return -1;
    for (i = 0; i < message->length; i++) {
        char octet = message->octets[i];

        if (octet != '\r' && octet != '\n') {
            out[length++] = octet;
            continue;
        }
        if (octet == '\r' && i + 1 < message->length && message->octets[i + 1] == '\n')
            i++;
        out[length++] = '\r';
        out[length++] = '\n';
    }
    free(message->octets);
    message->octets = out;
    message->length = length;
    return 0;
}

int message_read(struct message *message, int fd)
{
    size_t capacity = 0;
    uint32_t found;
    ssize_t count;

    memset(message, 0, sizeof *message);
    do {
        if (message->length == capacity && grow(message, &capacity) != 0)
            return -1;
        count = read(fd, message->octets + message->length, capacity - message->length);
        if (count > 0)
            message->length += (size_t)count;
    } while (count > 0 || (count < 0 && errno == EINTR));
    if (count < 0)
        return -1;
    found = look(message);
    message->eight_bit = (found & SMTP_FOUND_8BIT) != 0;
    return found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF) ? mend(message) : 0;
}

void message_free(struct message *message)
{
    free(message->octets);
    message->octets = NULL;
}
