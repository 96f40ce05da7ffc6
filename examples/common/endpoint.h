/* SPDX-License-Identifier: MIT
 * HOST:PORT on a command line, and addresses as text. */
#ifndef EXAMPLES_COMMON_ENDPOINT_H
#define EXAMPLES_COMMON_ENDPOINT_H

#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>

enum { ENDPOINT_TEXT_MAX = 80 }; /* "[2001:db8::1%interface]:65535" with its NUL */

struct endpoint {
    char host[256]; /* without the brackets of an IPv6 address */
    char port[16];
};

/* Reads "host:port", "192.0.2.1:port" or "[2001:db8::1]:port". Returns 0, or -1 when it is none of
 * them. */
int endpoint_parse(struct endpoint *out, const char *text);

/* Looks the host up; `passive` for a socket that listens. Returns 0 or an EAI_ code; freeaddrinfo()
 * releases *out. */
int endpoint_lookup(const struct endpoint *endpoint, int passive, struct addrinfo **out);

/* The numeric host of an address: "192.0.2.1", "2001:db8::1". An IPv4 address that came over IPv6
 * is shown as IPv4. Gives "" when it cannot be told. */
void endpoint_host(char *out, size_t capacity, const struct sockaddr_storage *address);

/* And with its port: "192.0.2.1:25", "[2001:db8::1]:25". */
void endpoint_format(char *out, size_t capacity, const struct sockaddr_storage *address);

/* 1 when the address is this machine's own. */
int endpoint_is_loopback(const struct sockaddr_storage *address);

#endif
