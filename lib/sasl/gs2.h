/* SPDX-License-Identifier: MIT
 * The GS2 header, with which SCRAM and OAUTHBEARER begin (RFC 5801 4, RFC 5802 7). */
#ifndef SMTP_SASL_GS2_H
#define SMTP_SASL_GS2_H

#include "sasl/sasl.h"

typedef struct smtp__gs2 {
    char flag;        /* 'n', 'y' or 'p' */
    smtp_str binding; /* the name behind 'p' */
    smtp_str authzid; /* as written; empty: none */
} smtp__gs2;

/* Reads the header with its last comma. Returns 0 or AUTH_PROTOCOL. */
int smtp__gs2_read(smtp__cursor *cursor, smtp__gs2 *out);

/* Writes it; `binding`, an SMTP_BINDING_, counts for the flag 'p'. */
void smtp__gs2_write(smtp__writer *writer, char flag, int binding, smtp_str authzid);

/* The SMTP_BINDING_ of a name, or NONE. */
int smtp__gs2_binding(smtp_str name);

/* Writes a saslname. */
void smtp__saslname_write(smtp__writer *writer, smtp_str name);

/* Decodes a saslname that stands in the exchange's text; *out is there or kept. Returns 0,
 * AUTH_PROTOCOL, AUTH_FAILED or NO_MEMORY. */
int smtp__saslname_read(smtp_sasl *sasl, smtp_str coded, smtp_str *out);

#endif
