/* SPDX-License-Identifier: MIT
 * The service extensions and the SASL mechanisms, one table of each, and the EHLO response in both
 * directions (RFC 5321 4.1.1.1). */
#ifndef SMTP_EXTENSION_H
#define SMTP_EXTENSION_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One bit for each extension that a session can have. */
enum smtp_extension_bit {
    SMTP_EXT_PIPELINING = 1 << 0,          /* RFC 2920 */
    SMTP_EXT_SIZE = 1 << 1,                /* RFC 1870 */
    SMTP_EXT_8BITMIME = 1 << 2,            /* RFC 6152 */
    SMTP_EXT_ENHANCEDSTATUSCODES = 1 << 3, /* RFC 2034 */
    SMTP_EXT_SMTPUTF8 = 1 << 4,            /* RFC 6531 */
    SMTP_EXT_STARTTLS = 1 << 5,            /* RFC 3207 */
    SMTP_EXT_AUTH = 1 << 6,                /* RFC 4954 */
    SMTP_EXT_CHUNKING = 1 << 7,            /* RFC 3030 */
    SMTP_EXT_BINARYMIME = 1 << 8,          /* RFC 3030 */
    SMTP_EXT_DSN = 1 << 9,                 /* RFC 3461 */
    SMTP_EXT_DELIVERBY = 1 << 10,          /* RFC 2852 */
    SMTP_EXT_FUTURERELEASE = 1 << 11,      /* RFC 4865 */
    SMTP_EXT_MT_PRIORITY = 1 << 12,        /* RFC 6710 */
    SMTP_EXT_REQUIRETLS = 1 << 13,         /* RFC 8689 */
    SMTP_EXT_LIMITS = 1 << 14,             /* RFC 9422 */
    SMTP_EXT_ETRN = 1 << 15,               /* RFC 1985 */
    SMTP_EXT_ATRN = 1 << 16,               /* RFC 2645 */
    SMTP_EXT_NO_SOLICITING = 1 << 17,      /* RFC 3865 */
    SMTP_EXT_BURL = 1 << 18,               /* RFC 4468 */
    SMTP_EXT_MTRK = 1 << 19,               /* RFC 3885 */
    SMTP_EXT_RRVS = 1 << 20,               /* RFC 7293 */
    SMTP_EXT_CONPERM = 1 << 21,            /* RFC 4141 */
    SMTP_EXT_CONNEG = 1 << 22,             /* RFC 4141 */
    SMTP_EXT_CHECKPOINT = 1 << 23,         /* RFC 1845 */
    SMTP_EXT_VRFY = 1 << 24,               /* RFC 5321 4.1.1.6 */
    SMTP_EXT_EXPN = 1 << 25,               /* RFC 5321 4.1.1.7 */
    SMTP_EXT_HELP = 1 << 26                /* RFC 5321 4.1.1.8 */
};

/* The SASL mechanisms that the library knows by name, as bits in order of registration here, not of
 * strength. */
enum smtp_mechanism_bit {
    SMTP_MECH_PLAIN = 1 << 0,
    SMTP_MECH_LOGIN = 1 << 1,
    SMTP_MECH_CRAM_MD5 = 1 << 2,
    SMTP_MECH_SCRAM_SHA_1 = 1 << 3,
    SMTP_MECH_SCRAM_SHA_1_PLUS = 1 << 4,
    SMTP_MECH_SCRAM_SHA_256 = 1 << 5,
    SMTP_MECH_SCRAM_SHA_256_PLUS = 1 << 6,
    SMTP_MECH_OAUTHBEARER = 1 << 7,
    SMTP_MECH_XOAUTH2 = 1 << 8,
    SMTP_MECH_EXTERNAL = 1 << 9,
    SMTP_MECH_ANONYMOUS = 1 << 10,
    SMTP_MECH_PLUGIN = 1 << 16 /* the first mechanism of the caller's own in a session; each further
                                * one has the next bit */
};

/* The digests that mechanisms are made of. */
enum smtp_hash {
    SMTP_HASH_NONE = 0,
    SMTP_HASH_MD5 = 1,   /* 16 octets */
    SMTP_HASH_SHA1 = 2,  /* 20 octets */
    SMTP_HASH_SHA256 = 3 /* 32 octets */
};

/* How the SIZE keyword was given (RFC 1870 3). */
enum smtp_size_kind {
    SMTP_SIZE_UNKNOWN = 0,   /* no SIZE, or without a number */
    SMTP_SIZE_UNLIMITED = 1, /* SIZE 0 */
    SMTP_SIZE_VALUE = 2
};

/* What a server can do: an EHLO response as one structure. Slices are empty where nothing was said.
 */
typedef struct smtp_capabilities {
    uint32_t extensions; /* SMTP_EXT_ bits */
    uint32_t mechanisms; /* SMTP_MECH_ bits out of AUTH */
    int size_kind;       /* SMTP_SIZE_ */
    uint32_t mail_max;   /* LIMITS MAILMAX, 0: none */
    uint64_t size_max;   /* octets, with SMTP_SIZE_VALUE; one that is over 64 bits is read as the
                            largest */
    uint32_t rcpt_max;   /* LIMITS RCPTMAX, 0: none */
    uint32_t rcpt_domain_max;  /* LIMITS RCPTDOMAINMAX, 0: none */
    uint32_t deliver_by_min;   /* DELIVERBY, seconds, 0: none */
    uint32_t hold_max;         /* FUTURERELEASE max-future-release-interval, seconds */
    uint64_t hold_until_max;   /* FUTURERELEASE max-future-release-date-time, seconds since 1970 */
    smtp_str domain;           /* the first word of the first line */
    smtp_str greeting;         /* what follows it */
    smtp_str auth;             /* the mechanisms as written, separated by spaces */
    smtp_str priority_profile; /* MT-PRIORITY */
    smtp_str no_soliciting;    /* the keywords of NO-SOLICITING */
    smtp_str burl;             /* the parameters of BURL */
    smtp_str limits;           /* LIMITS as written */
} smtp_capabilities;

/* A row of the table of extensions. */
typedef struct smtp_extension {
    smtp_str keyword;     /* as in EHLO: "8BITMIME" */
    uint32_t bit;         /* SMTP_EXT_; 0 for those that no session has behaviour for */
    uint16_t mail_growth; /* octets by which it lengthens the MAIL line */
    uint16_t rcpt_growth; /* and the RCPT line */
    smtp_str reference;   /* "RFC 6152" */
} smtp_extension;

/* A row of the table of SASL mechanisms. */
typedef struct smtp_mechanism {
    smtp_str name;     /* "SCRAM-SHA-256-PLUS" */
    uint32_t bit;      /* SMTP_MECH_ */
    int hash;          /* SMTP_HASH_ that it needs, 0: none */
    uint32_t strength; /* a client prefers the larger */
    uint32_t plain;    /* 1: whoever reads the exchange has the password or token: only under TLS */
    uint32_t client_first; /* 1: the client speaks first, so an initial response is possible */
    uint32_t binds;        /* 1: needs channel binding */
} smtp_mechanism;

/* Row i of the table, or NULL behind its end. Inside a callback: yes. */
SMTP_API const smtp_extension *smtp_extension_at(size_t i);

/* The row of a keyword, without its case, or NULL. Inside a callback: yes. */
SMTP_API const smtp_extension *smtp_extension_find(smtp_str keyword);

/* Row i of the table of mechanisms, or NULL behind its end. Inside a callback: yes. */
SMTP_API const smtp_mechanism *smtp_mechanism_at(size_t i);

/* The row of a mechanism's name, without its case, or NULL. Inside a callback: yes. */
SMTP_API const smtp_mechanism *smtp_mechanism_find(smtp_str name);

/* The longest legal command line of a verb (SMTP_VERB_MAIL, SMTP_VERB_RCPT or another), its CRLF
 * included, under these extensions (RFC 5321 4.5.3.1.4 and each extension). Inside a callback: yes.
 */
SMTP_API size_t smtp_command_line_max(int verb, uint32_t extensions);

/* Reads one line of an EHLO response, without its code and separator and without CRLF. `first` is 1
 * for the first line (domain and greeting). The slices of `out` point into `text`. Keywords are
 * compared without case and as whole words; "AUTH=PLAIN" and a second AUTH line add to the first;
 * stray spaces are read past. A keyword with malformed parameters is noted as offered without them
 * (SIZE), or not at all (LIMITS, DELIVERBY, FUTURERELEASE). Unknown keywords change nothing: 0 is
 * returned for every line that has a keyword, known or not, else KEYWORD, which a client had best
 * ignore. `out` is all zero before the first line. *keyword and *parameters, which may be NULL, get
 * the two parts as written. Inside a callback: yes. */
SMTP_API int smtp_capabilities_read(smtp_capabilities *out, smtp_str text, int first,
                                    smtp_str *keyword, smtp_str *parameters);

/* Writes line i of the EHLO response that says `in` (line 0 is domain and greeting), without code,
 * separator and CRLF. What is written is read again: returns 1 when it was written, 0 when there is
 * no such line, NO_SPACE, CONTROL (a control, or an octet above 127: RFC 6531 3.7.1), KEYWORD (line
 * 0 without a domain) or ARGUMENT (parameters that a client could not read). The order is that of
 * the table. Inside a callback: yes. */
SMTP_API int smtp_capabilities_line(char *out, size_t capacity, size_t *len,
                                    const smtp_capabilities *in, size_t i);

#ifdef __cplusplus
}
#endif
#endif
