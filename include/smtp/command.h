/* SPDX-License-Identifier: MIT
 * Command lines with their typed parameters: parsed to one structure and formatted from it (RFC
 * 5321 4.1). */
#ifndef SMTP_COMMAND_H
#define SMTP_COMMAND_H

#include "address.h"
#include "base.h"
#include "extension.h"

#ifdef __cplusplus
extern "C" {
#endif

enum smtp_verb {
    SMTP_VERB_UNKNOWN = 0,
    SMTP_VERB_HELO = 1,
    SMTP_VERB_EHLO = 2,
    SMTP_VERB_LHLO = 3, /* RFC 2033 */
    SMTP_VERB_MAIL = 4,
    SMTP_VERB_RCPT = 5,
    SMTP_VERB_DATA = 6,
    SMTP_VERB_BDAT = 7, /* RFC 3030 */
    SMTP_VERB_BURL = 8, /* RFC 4468 */
    SMTP_VERB_RSET = 9,
    SMTP_VERB_VRFY = 10,
    SMTP_VERB_EXPN = 11,
    SMTP_VERB_HELP = 12,
    SMTP_VERB_NOOP = 13,
    SMTP_VERB_QUIT = 14,
    SMTP_VERB_STARTTLS = 15, /* RFC 3207 */
    SMTP_VERB_AUTH = 16,     /* RFC 4954 */
    SMTP_VERB_ETRN = 17,     /* RFC 1985 */
    SMTP_VERB_ATRN = 18,     /* RFC 2645 */
    SMTP_VERB_TURN = 19,     /* obsolete: RFC 5321 F.1 */
    SMTP_VERB_SEND = 20,     /* obsolete: RFC 5321 F.6 */
    SMTP_VERB_SOML = 21,
    SMTP_VERB_SAML = 22,
    SMTP_VERB_CUSTOM = 64,  /* the caller's own verbs are this and above, in the order of
                               smtp_syntax.verbs */
    SMTP_VERB_CONNECT = -1, /* not verbs: what a reply may answer (status.h) */
    SMTP_VERB_END_OF_DATA = -2
};

/* Which typed parameters a MAIL or RCPT command has. */
enum smtp_param_bit {
    SMTP_PARAM_SIZE = 1 << 0,
    SMTP_PARAM_BODY = 1 << 1,
    SMTP_PARAM_SMTPUTF8 = 1 << 2,
    SMTP_PARAM_AUTH = 1 << 3,
    SMTP_PARAM_RET = 1 << 4,
    SMTP_PARAM_ENVID = 1 << 5,
    SMTP_PARAM_NOTIFY = 1 << 6,
    SMTP_PARAM_ORCPT = 1 << 7,
    SMTP_PARAM_BY = 1 << 8,
    SMTP_PARAM_HOLDFOR = 1 << 9,
    SMTP_PARAM_HOLDUNTIL = 1 << 10,
    SMTP_PARAM_MT_PRIORITY = 1 << 11,
    SMTP_PARAM_REQUIRETLS = 1 << 12,
    SMTP_PARAM_SOLICIT = 1 << 13,
    SMTP_PARAM_MTRK = 1 << 14,
    SMTP_PARAM_TRANSID = 1 << 15,
    SMTP_PARAM_CONPERM = 1 << 16,
    SMTP_PARAM_CONNEG = 1 << 17,
    SMTP_PARAM_RRVS = 1 << 18,
    SMTP_PARAM_OTHER = 1 << 30 /* parameters that the caller registered stand in `text` */
};

enum smtp_body {
    SMTP_BODY_NONE = 0,
    SMTP_BODY_7BIT = 1,
    SMTP_BODY_8BITMIME = 2,
    SMTP_BODY_BINARYMIME = 3
};
enum smtp_ret { SMTP_RET_NONE = 0, SMTP_RET_FULL = 1, SMTP_RET_HDRS = 2 };
enum smtp_notify {
    SMTP_NOTIFY_NEVER = 1 << 0, /* stands alone */
    SMTP_NOTIFY_SUCCESS = 1 << 1,
    SMTP_NOTIFY_FAILURE = 1 << 2,
    SMTP_NOTIFY_DELAY = 1 << 3
};
enum smtp_by_mode { SMTP_BY_NONE = 0, SMTP_BY_RETURN = 1, SMTP_BY_NOTIFY = 2 };
enum smtp_rrvs_action { SMTP_RRVS_NONE = 0, SMTP_RRVS_CONTINUE = 1, SMTP_RRVS_REJECT = 2 };

/* The parameters of MAIL and RCPT, typed. A member counts only when its bit is set in `present`.
 * Values of xtext are kept as written (checked): smtp_xtext_decode() gives what they mean. */
typedef struct smtp_params {
    uint32_t present;       /* SMTP_PARAM_ bits */
    int body;               /* SMTP_BODY_ (RFC 6152, RFC 3030) */
    uint64_t size;          /* octets (RFC 1870); a value over 64 bits is read as the largest */
    smtp_str auth;          /* xtext of a mailbox, or "<>" (RFC 4954 5) */
    int ret;                /* SMTP_RET_ (RFC 3461 4.3) */
    uint32_t notify;        /* SMTP_NOTIFY_ bits (RFC 3461 4.1) */
    smtp_str envid;         /* xtext, at most 100 octets (RFC 3461 4.4) */
    smtp_str orcpt_type;    /* "rfc822", "utf-8" (RFC 3461 4.2, RFC 6533 3) */
    smtp_str orcpt_address; /* xtext, or utf-8-addr-xtext or utf-8-addr-unitext with type utf-8 */
    int32_t by_seconds;     /* may be negative with SMTP_BY_NOTIFY (RFC 2852 4) */
    int by_mode;            /* SMTP_BY_ */
    uint32_t by_trace;      /* 1: the T of "R;T" */
    uint32_t hold_for;      /* seconds (RFC 4865 4.1) */
    uint64_t hold_until;    /* seconds since 1970 */
    int mt_priority;        /* -9 to 9 (RFC 6710 4.1) */
    int rrvs_action;        /* SMTP_RRVS_ (RFC 7293 3.1) */
    uint64_t rrvs;          /* seconds since 1970 */
    smtp_str solicit;       /* keywords, separated by commas (RFC 3865 4.1) */
    smtp_str mtrk;          /* base64 of the certifier (RFC 3885 3.1) */
    uint32_t mtrk_timeout;  /* seconds, 0: none */
    uint32_t reserved;
    smtp_str transid; /* RFC 1845 2 */
    /* All parameters as written. When formatting, a parameter whose bit is set in `present` comes
       from its member, and every other one that stands here is added, checked. So to drop a
       parameter that was parsed, clear its bit and take it out of here, too. */
    smtp_str text;
} smtp_params;

/* One parameter as written. */
typedef struct smtp_param {
    smtp_str keyword;
    smtp_str value; /* behind the '='; ptr is NULL when there is no '=' */
} smtp_param;

/* A parameter or a verb of the caller's own. */
typedef struct smtp_param_rule {
    smtp_str keyword;
    int verb;       /* SMTP_VERB_MAIL or SMTP_VERB_RCPT */
    uint32_t value; /* 0: may have a value, 1: must have one, 2: must have none */
} smtp_param_rule;

enum smtp_syntax_flag {
    SMTP_SYNTAX_UTF8 = 1 << 0, /* SMTPUTF8 is in force: RCPT, VRFY, EXPN may hold UTF-8 without
                                  saying so again */
    SMTP_SYNTAX_NO_PARAMETERS = 1 << 1 /* HELO was said: a parameter is PARAMETER_NOT_OFFERED */
};

/* What a line is parsed under. NULL in its place means: strict, every extension, no verbs or
 * parameters added. */
typedef struct smtp_syntax {
    size_t size;         /* sizeof(smtp_syntax) */
    uint32_t flags;      /* SMTP_SYNTAX_ */
    uint32_t tolerate;   /* SMTP_TOLERATE_ */
    uint32_t extensions; /* SMTP_EXT_: the parameters of others are PARAMETER_NOT_OFFERED */
    uint32_t reserved;
    const smtp_param_rule *params; /* the caller's parameters */
    size_t param_count;
    const smtp_str *verbs; /* the caller's verbs, in upper case: SMTP_VERB_CUSTOM and up */
    size_t verb_count;
} smtp_syntax;

enum smtp_command_flag {
    SMTP_COMMAND_LAST = 1 << 0,             /* BDAT and BURL: LAST */
    SMTP_COMMAND_INITIAL_RESPONSE = 1 << 1, /* AUTH: there is one; "=" is one of no octets */
    SMTP_COMMAND_SMTPUTF8 = 1 << 2,         /* VRFY and EXPN: SMTPUTF8 stood behind the argument */
    SMTP_COMMAND_SUBDOMAINS = 1 << 3,       /* ETRN: '@' */
    SMTP_COMMAND_QUEUE = 1 << 4             /* ETRN: '#' */
};

/* One command line. */
typedef struct smtp_command {
    int verb;           /* SMTP_VERB_; expect values that you do not know */
    uint32_t flags;     /* SMTP_COMMAND_ */
    smtp_str name;      /* the verb as written */
    smtp_str argument;  /* what follows the verb and its space: VRFY's string, ETRN's node without
                         * its sign, ATRN's domains, BURL's URL, AUTH's mechanism, HELP's and NOOP's
                         * text, a custom verb's rest */
    smtp_host host;     /* HELO, EHLO, LHLO */
    smtp_path path;     /* MAIL, RCPT */
    smtp_params params; /* MAIL, RCPT */
    uint64_t octets;    /* BDAT; UINT64_MAX when it was refused and its size cannot be read: then
                         * nobody knows where the next command begins */
    smtp_str response;  /* AUTH: the initial response in base64, empty when it was "=" */
} smtp_command;

/* The verb of a word, without its case, or SMTP_VERB_UNKNOWN. Inside a callback: yes. */
SMTP_API int smtp_verb_find(smtp_str word);

/* The name of a verb in upper case, or an empty slice. Inside a callback: yes. */
SMTP_API smtp_str smtp_verb_name(int verb);

/* Parses a command line without its CRLF. `out` is overwritten; its slices point into `line`;
 * out->verb is right even when the arguments are refused, and so is out->octets when a BDAT can be
 * framed (else it is UINT64_MAX). *offset, which may be NULL, gets the octet of an error. Trailing
 * white space is read past (RFC 5321 4.1.1). Returns 0 or an error of the grammar; VERB when the
 * verb is neither known nor registered. Inside a callback: yes. */
SMTP_API int smtp_command_parse(smtp_command *out, smtp_str line, const smtp_syntax *syntax,
                                size_t *offset);

/* Writes a command line with its CRLF. Everything is checked against the grammar on the way: what
 * would not parse is not written. For MAIL and RCPT the path is written in canonical form and the
 * parameters in the order of their table. `syntax` as for smtp_command_parse. Returns 0, NO_SPACE
 * or an error of the grammar. Inside a callback: yes. */
SMTP_API int smtp_command_format(char *out, size_t capacity, size_t *len,
                                 const smtp_command *command, const smtp_syntax *syntax);

/* The next parameter of smtp_params.text: *position is 0 before the first. Returns 1, or 0 behind
 * the last. Inside a callback: yes. */
SMTP_API int smtp_params_next(smtp_str text, size_t *position, smtp_param *out);

/* Decodes the address of an ORCPT whose type is "utf-8" (utf-8-addr-xtext and utf-8-addr-unitext,
 * RFC 6533 3) to UTF-8. Returns 0, XTEXT or NO_SPACE. Inside a callback: yes. */
SMTP_API int smtp_orcpt_utf8_decode(char *out, size_t capacity, size_t *len, smtp_str text);

#ifdef __cplusplus
}
#endif
#endif
