/* SPDX-License-Identifier: MIT
 * Hosts, written by other formatters. */
#ifndef SMTP_SYNTAX_HOST_H
#define SMTP_SYNTAX_HOST_H

#include "base/writer.h"
#include "smtp/address.h"

/* Writes a host as smtp_host_format does. */
void smtp__put_host(smtp__writer *writer, const smtp_host *host);

#endif
