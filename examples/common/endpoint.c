/* SPDX-License-Identifier: MIT
 * HOST:PORT parsed and looked up, and addresses formatted. */
#define _POSIX_C_SOURCE 200809L
#include "endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PORT_MAX = 65535 };

/* getaddrinfo() takes a larger number for what is left of it in 16 bits. */
static int is_port(const char *text)
{
    unsigned long port = 0;

    for (; *text >= '0' && *text <= '9' && port <= PORT_MAX; text++)
        port = port * 10 + (unsigned long)(*text - '0');
    return *text == '\0' && port <= PORT_MAX;
}

int endpoint_parse(struct endpoint *out, const char *text)
{
    const char *colon = strrchr(text, ':');
    const char *end = colon;

    if (colon == NULL || colon[1] == '\0' || strlen(colon + 1) >= sizeof out->port ||
        !is_port(colon + 1))
        return -1;
    if (*text == '[') {
        text++;
        if (end == text || *--end != ']')
            return -1;
    } else if (memchr(text, ':', (size_t)(end - text)) != NULL) {
        return -1; /* where the port of an IPv6 address begins is told by its brackets */
    }
    if (end <= text || (size_t)(end - text) >= sizeof out->host)
        return -1;
    memcpy(out->host, text, (size_t)(end - text));
    out->host[end - text] = '\0';
    memcpy(out->port, colon + 1, strlen(colon + 1) + 1);
    return 0;
}

int endpoint_lookup(const struct endpoint *endpoint, int passive, struct addrinfo **out)
{
    struct addrinfo hints;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0);
    return getaddrinfo(endpoint->host, endpoint->port, &hints, out);
}

static const struct sockaddr_in *ipv4(const struct sockaddr_storage *address)
{
    const void *any = address;
    return address->ss_family == AF_INET ? any : NULL;
}

static const struct sockaddr_in6 *ipv6(const struct sockaddr_storage *address)
{
    const void *any = address;
    return address->ss_family == AF_INET6 ? any : NULL;
}

/* The four octets of an IPv4 address, also of one that came over IPv6, or NULL. */
static const unsigned char *ipv4_octets(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *four = ipv4(address);
    const struct sockaddr_in6 *six = ipv6(address);
    const void *octets = NULL;

    if (four != NULL)
        octets = &four->sin_addr;
    else if (six != NULL && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        octets = six->sin6_addr.s6_addr + 12;
    return octets;
}

void endpoint_host(char *out, size_t capacity, const struct sockaddr_storage *address)
{
    const unsigned char *four = ipv4_octets(address);
    const struct sockaddr_in6 *six = ipv6(address);
    const char *text = NULL;

    if (four != NULL)
        text = inet_ntop(AF_INET, four, out, (socklen_t)capacity);
    else if (six != NULL)
        text = inet_ntop(AF_INET6, &six->sin6_addr, out, (socklen_t)capacity);
    if (text == NULL)
        out[0] = '\0';
}

void endpoint_format(char *out, size_t capacity, const struct sockaddr_storage *address)
{
    char host[INET6_ADDRSTRLEN];
    const struct sockaddr_in *four = ipv4(address);
    const struct sockaddr_in6 *six = ipv6(address);
    unsigned port = 0;

    if (four != NULL)
        port = ntohs(four->sin_port);
    else if (six != NULL)
        port = ntohs(six->sin6_port);
    endpoint_host(host, sizeof host, address);
    snprintf(out, capacity, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

int endpoint_is_loopback(const struct sockaddr_storage *address)
{
    const unsigned char *four = ipv4_octets(address);
    const struct sockaddr_in6 *six = ipv6(address);

    if (four != NULL)
        return four[0] == 127;
    return six != NULL && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}
