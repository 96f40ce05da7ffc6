/* SPDX-License-Identifier: MIT
 * The message to be sent, read as a whole. */
#ifndef EXAMPLES_SEND_MESSAGE_H
#define EXAMPLES_SEND_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

struct message {
    char *octets;
    size_t length;
    int eight_bit; /* 1 when it has octets above 127 */
};

/* Reads a descriptor to its end. A message out of a pipe has the line ends of its system: a bare LF
 * and a bare CR become CRLF here, once, so that its size is known before it is sent. Returns 0, or
 * -1 and errno. */
int message_read(struct message *message, int fd);

void message_free(struct message *message);

#endif
