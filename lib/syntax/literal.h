/* SPDX-License-Identifier: MIT
 * IP addresses of address literals, formatted. */
#ifndef SMTP_SYNTAX_LITERAL_H
#define SMTP_SYNTAX_LITERAL_H

#include "base/writer.h"

/* Writes four octets as "192.0.2.1". */
void smtp__put_ipv4(smtp__writer *writer, const unsigned char ip[4]);

/* Writes sixteen octets as RFC 5952 wants them, without the tag. */
void smtp__put_ipv6(smtp__writer *writer, const unsigned char ip[16]);

#endif
