/* SPDX-License-Identifier: MIT
 * Trace fields: Return-Path, Received and their date (RFC 5321 4.4, RFC 3848, RFC 6531 4.3, RFC
 * 8314 4.3). */
#ifndef SMTP_TRACE_H
#define SMTP_TRACE_H

#include "address.h"
#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the message came: which word stands behind "with". */
enum smtp_with {
    SMTP_WITH_ESMTP = 1 << 0, /* EHLO, not HELO */
    SMTP_WITH_LMTP = 1 << 1,
    SMTP_WITH_TLS = 1 << 2,
    SMTP_WITH_AUTH = 1 << 3,
    SMTP_WITH_UTF8 = 1 << 4
};

/* What a Received field says. Empty slices leave their clause out; from and by are needed. */
typedef struct smtp_received {
    size_t size;          /* sizeof(smtp_received) */
    smtp_str hello;       /* the argument of EHLO */
    smtp_str peer_name;   /* what the DNS says of the address, when known */
    smtp_str peer_ip;     /* "192.0.2.1" or "2001:db8::1" */
    smtp_str by;          /* this host */
    uint32_t with;        /* SMTP_WITH_ bits */
    int32_t zone;         /* minutes east of UTC, -5999 to 5999 */
    uint64_t date;        /* seconds since 1970, UTC */
    smtp_str tls_version; /* "TLS1.3": with the cipher it is the comment behind "with" */
    smtp_str tls_cipher;  /* "TLS_AES_256_GCM_SHA384": the tls clause (RFC 8314 4.3) */
    smtp_str id;          /* an atom or a msg-id */
    smtp_str for_path;    /* one mailbox, without brackets; leave it out when there are several (RFC
                             5321 7.6) */
    smtp_str priority;    /* of MT-PRIORITY, "-9" to "9" (RFC 6710 4.1) */
} smtp_received;

/* The word of a set of SMTP_WITH_ bits: "ESMTPSA", "UTF8LMTP". Inside a callback: yes. */
SMTP_API smtp_str smtp_with_name(uint32_t with);

/* Writes "Mon, 02 Jan 2006 15:04:05 -0700" (RFC 5322 3.3) for seconds since 1970 and minutes east
 * of UTC. Returns 0, NO_SPACE or ARGUMENT (a year above 9999); 31 octets. Inside a callback: yes.
 */
SMTP_API int smtp_date_format(char *out, size_t capacity, size_t *len, uint64_t seconds,
                              int32_t zone);

/* Reads a date-time of RFC 3339 ("2006-01-02T15:04:05Z"), as HOLDUNTIL and RRVS have it. Returns 0
 * or DATE. Inside a callback: yes. */
SMTP_API int smtp_timestamp_parse(uint64_t *seconds, smtp_str text);

/* Writes a date-time of RFC 3339 in UTC, 20 octets. Returns 0, NO_SPACE or ARGUMENT. Inside a
 * callback: yes. */
SMTP_API int smtp_timestamp_format(char *out, size_t capacity, size_t *len, uint64_t seconds);

/* Writes a Received field, folded within 78 columns where a fold is possible, with its CRLF. What
 * came from the peer is checked: hello must be a host or visible ASCII without parentheses and
 * backslashes. One that is no host goes into a comment, behind the peer's address or "unknown" in
 * its place. A tls_cipher that is no name or "0x" number of the IANA registry, such as OpenSSL's
 * own names, stands in the comment behind "with" only, not in a tls clause. Returns 0, NO_SPACE,
 * or the error of the part that is not what it should be. Inside a callback: yes. */
SMTP_API int smtp_received_format(char *out, size_t capacity, size_t *len,
                                  const smtp_received *received);

/* Writes "Return-Path: <a@b>" CRLF. Returns 0, NO_SPACE or ARGUMENT. Inside a callback: yes. */
SMTP_API int smtp_return_path_format(char *out, size_t capacity, size_t *len,
                                     const smtp_path *path);

#ifdef __cplusplus
}
#endif
#endif
