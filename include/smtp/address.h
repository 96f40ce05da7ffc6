/* SPDX-License-Identifier: MIT
 * Paths, mailboxes, domains and address literals (RFC 5321 4.1.2 and 4.1.3, RFC 6531 3.3). */
#ifndef SMTP_ADDRESS_H
#define SMTP_ADDRESS_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The limits of RFC 5321 4.5.3.1, in octets. */
enum smtp_address_limit {
    SMTP_LOCAL_PART_MAX = 64,
    SMTP_LOCAL_PART_TOLERATED_MAX = 128, /* with SMTP_TOLERATE_LONG_LOCAL_PART */
    SMTP_DOMAIN_MAX = 255,
    SMTP_LABEL_MAX = 63,
    SMTP_PATH_MAX = 256 /* with its brackets, without a source route */
};

/* What an address is allowed to be; beside it stand the SMTP_TOLERATE_ bits. */
enum smtp_address_allow {
    SMTP_ADDRESS_UTF8 = 1 << 0,      /* UTF-8 in local part and domain (SMTPUTF8) */
    SMTP_ADDRESS_NULL = 1 << 1,      /* a path may be <> */
    SMTP_ADDRESS_POSTMASTER = 1 << 2 /* a path may be <Postmaster>, in any case */
};

enum smtp_host_kind {
    SMTP_HOST_NONE = 0,
    SMTP_HOST_DOMAIN = 1, /* a name */
    SMTP_HOST_IPV4 = 2,   /* [192.0.2.1] */
    SMTP_HOST_IPV6 = 3,   /* [IPv6:2001:db8::1] */
    SMTP_HOST_GENERAL = 4 /* [tag:content] */
};

/* What stands behind the @, or as argument of EHLO. */
typedef struct smtp_host {
    smtp_str text;        /* as written, with the brackets of a literal */
    int kind;             /* SMTP_HOST_ */
    uint32_t utf8;        /* 1 when it holds octets above 127 */
    unsigned char ip[16]; /* network order: 4 octets for IPv4, 16 for IPv6 */
    smtp_str tag;         /* of a general literal */
    smtp_str content;     /* of a general literal */
} smtp_host;

/* local-part@host */
typedef struct smtp_mailbox {
    smtp_str text;   /* all of it, as written */
    smtp_str local;  /* as written, with its quotes */
    smtp_host host;  /* kind SMTP_HOST_NONE when there is none: <Postmaster> */
    uint32_t quoted; /* 1 when the local part is a quoted string */
    uint32_t utf8;   /* 1 when local part or domain holds octets above 127 */
} smtp_mailbox;

enum smtp_path_kind {
    SMTP_PATH_NONE = 0,
    SMTP_PATH_NULL = 1,      /* <> */
    SMTP_PATH_MAILBOX = 2,   /* <local@host> */
    SMTP_PATH_POSTMASTER = 3 /* <Postmaster>, without a domain */
};

/* A reverse-path or forward-path. */
typedef struct smtp_path {
    smtp_str text;  /* as written, with brackets and route */
    smtp_str route; /* "@a,@b" of a source route, without its colon: read past, never sent (RFC 5321
                       C) */
    smtp_mailbox mailbox; /* for SMTP_PATH_POSTMASTER only text and local are set */
    int kind;             /* SMTP_PATH_ */
} smtp_path;

/* Reads a host: a domain or an address literal, all of `text`. `allow` takes SMTP_ADDRESS_UTF8,
 * `tolerate` the SMTP_TOLERATE_ bits. *offset, which may be NULL, gets the octet of an error.
 * Returns 0 or an error of the grammar. Inside a callback: yes. */
SMTP_API int smtp_host_parse(smtp_host *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                             size_t *offset);

/* Reads a mailbox: all of `text`, without brackets. Otherwise as smtp_host_parse. Inside a
 * callback: yes. */
SMTP_API int smtp_mailbox_parse(smtp_mailbox *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                                size_t *offset);

/* Reads a path at the start of `text`, up to its '>', and gives the length in *used (NULL: it must
 * be all of `text`). Otherwise as smtp_host_parse; `allow` takes all SMTP_ADDRESS_ bits. Inside a
 * callback: yes. */
SMTP_API int smtp_path_parse(smtp_path *out, smtp_str text, uint32_t allow, uint32_t tolerate,
                             size_t *used, size_t *offset);

/* Writes the canonical form of a mailbox: local part in its shortest quoted form, @, host with an
 * address literal formatted from its octets (RFC 5952). The case is kept. Returns 0, NO_SPACE, or
 * CONTROL or UTF8 when the local part was made by hand and no form can hold it; 320 octets are
 * enough for what smtp_mailbox_parse took without tolerances. Inside a callback: yes. */
SMTP_API int smtp_mailbox_format(char *out, size_t capacity, size_t *len,
                                 const smtp_mailbox *mailbox);

/* Writes a path in brackets: canonical mailbox, no source route. Returns 0, NO_SPACE, ARGUMENT
 * (SMTP_PATH_NONE), or CONTROL or UTF8 as smtp_mailbox_format does. Inside a callback: yes. */
SMTP_API int smtp_path_format(char *out, size_t capacity, size_t *len, const smtp_path *path);

/* Writes a host: a domain as it is, a literal from its octets. Returns 0 or NO_SPACE. Inside a
 * callback: yes. */
SMTP_API int smtp_host_format(char *out, size_t capacity, size_t *len, const smtp_host *host);

/* The local part without quotes and backslashes: what it means. Never to be written back as it is.
 * Returns 0 or NO_SPACE. Inside a callback: yes. */
SMTP_API int smtp_local_part_unquote(char *out, size_t capacity, size_t *len, smtp_str local);

/* The shortest form of a local part that means these octets: a dot-string where it can be one, else
 * a quoted string (RFC 5321 4.1.2). Returns 0, NO_SPACE, or CONTROL or UTF8 when no form can hold
 * them. Inside a callback: yes. */
SMTP_API int smtp_local_part_quote(char *out, size_t capacity, size_t *len, smtp_str octets);

/* 1 when both are the same mailbox: the local parts mean the same octets, with case; the hosts are
 * equal without the case of ASCII letters, literals by their octets (RFC 5321 2.4). Without a host
 * on either side, as in <Postmaster>, the local parts are compared without case, too (RFC 5321
 * 4.1.1.3). Inside a callback: yes. */
SMTP_API int smtp_mailbox_equal(const smtp_mailbox *a, const smtp_mailbox *b);

/* 1 when both hosts are the same, as in smtp_mailbox_equal. Inside a callback: yes. */
SMTP_API int smtp_host_equal(const smtp_host *a, const smtp_host *b);

#ifdef __cplusplus
}
#endif
#endif
