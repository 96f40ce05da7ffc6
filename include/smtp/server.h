/* SPDX-License-Identifier: MIT
 * The server role: SMTP, submission and LMTP. The library keeps order, syntax, limits and replies;
 * callbacks decide. */
#ifndef SMTP_SERVER_H
#define SMTP_SERVER_H

#include "address.h"
#include "base.h"
#include "command.h"
#include "data.h"
#include "extension.h"
#include "sasl.h"
#include "session.h"
#include "status.h"
#include "trace.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct smtp_server smtp_server;

enum smtp_server_flag {
    SMTP_SERVER_LMTP = 1 << 0,         /* LHLO, and one reply for each recipient (RFC 2033) */
    SMTP_SERVER_IMPLICIT_TLS = 1 << 1, /* TLS from the first octet (RFC 8314) */
    SMTP_SERVER_REQUIRE_TLS = 1 << 2, /* 530 to all but NOOP, EHLO, STARTTLS, QUIT in the clear (RFC
                                         3207 4) */
    SMTP_SERVER_REQUIRE_AUTH = 1 << 3,      /* 530 to MAIL without authentication (RFC 6409 4.3) */
    SMTP_SERVER_AUTH_WITHOUT_TLS = 1 << 4,  /* offers AUTH in the clear. Risk: passwords are read on
                                               the way */
    SMTP_SERVER_NO_ENHANCED_CODES = 1 << 5, /* replies without enhanced status codes, and the
                                               keyword not offered */
    SMTP_SERVER_REFUSE_EARLY_TALKER = 1 << 6, /* 554 instead of a greeting when the client spoke
                                                first */
    SMTP_SERVER_SUBMISSION = 1 << 7 /* the rules of submission: REQUIRE_AUTH, no ETRN, no ATRN, and
                                       a greeting of 554 where `connect` answered 521 (RFC 6409 7)
                                     */
};

/* What a server offers and what it bears. Zero is the safe default of every member. Numbers are
 * copied, the host name too; the tables are borrowed until the session is deleted. */
typedef struct smtp_server_config {
    size_t size;       /* sizeof(smtp_server_config) */
    smtp_str hostname; /* copied; empty: "localhost" */
    uint32_t flags;    /* SMTP_SERVER_ */
    uint32_t tolerate; /* SMTP_TOLERATE_; 0: strict */
    /* SMTP_EXT_ bits that are offered beside the default: PIPELINING, SIZE, 8BITMIME,
     * ENHANCEDSTATUSCODES, CHUNKING, VRFY and HELP. STARTTLS, SMTPUTF8, DSN ... need the caller's
     * help. */
    uint32_t offer;
    uint32_t withhold;         /* SMTP_EXT_ bits not to be offered */
    uint64_t message_max;      /* octets of a message; 0: 52428800; UINT64_MAX: no limit */
    uint32_t recipients_max;   /* RCPT commands of a transaction; 0: 1000 (RFC 5321 4.5.3.1.8 asks
                                  for 100). Offered as RCPTMAX with LIMITS */
    uint32_t transactions_max; /* MAIL commands of a session; 0: 1000. Offered as MAILMAX */
    uint32_t commands_max;     /* of a session without a message between them; 0: 5000 */
    uint32_t errors_max;       /* of a session: then 421 and the end; 0: 20 */
    uint32_t line_max; /* octets of a command line with CRLF; 0: what the extensions offered need;
                          at least 512, at most 1048576 */
    uint32_t line_buffer;   /* octets kept for an unfinished line; 0: 256; longer lines borrow from
                               the allocator */
    uint32_t output_buffer; /* octets kept for replies that have not gone; 0: 1024; at least 512,
                               at most 32768. One reply, or challenge of AUTH, may be half of it
                               less 64 */
    uint32_t reserved;
    smtp_time command_timeout; /* milliseconds to the next command; 0: 300000 (RFC 5321 4.5.3.2.7)
                                */
    smtp_time data_timeout;    /* milliseconds to the next octets of a body; 0: 180000 */
    const smtp_str *keywords;  /* further lines of the EHLO response, each a keyword with its
                                  parameters: registered ones, or some that begin with X (RFC 5321
                                  2.2.2); the same holds of verbs */
    size_t keyword_count;
    const smtp_str *verbs; /* the caller's own verbs, in upper case: they come to `command` */
    size_t verb_count;
    const smtp_param_rule *params; /* the caller's own parameters: they stand in smtp_params.text */
    size_t param_count;
    uint32_t deliver_by_min;     /* DELIVERBY, seconds; 0: none is said */
    uint32_t hold_max;           /* FUTURERELEASE, seconds; needed when it is offered */
    uint64_t hold_until_max;     /* FUTURERELEASE, seconds since 1970; needed when it is offered */
    smtp_str priority_profile;   /* MT-PRIORITY; borrowed */
    smtp_str no_soliciting;      /* NO-SOLICITING; borrowed */
    smtp_str burl;               /* BURL; borrowed */
    const smtp_sasl_suite *sasl; /* smtp_sasl_suite_all(); NULL: AUTH is not offered; borrowed */
    const smtp_crypto *crypto;   /* NULL: only mechanisms that need none; borrowed */
    uint32_t mechanisms; /* SMTP_MECH_ bits; 0: EXTERNAL, PLAIN, LOGIN, CRAM-MD5, SCRAM and the
                          * plug-ins, as far as crypto and TLS make them possible */
    uint32_t auth_failures_max; /* of a session: then 421 and the end; 0: 3 (RFC 4954 9) */
    uint32_t auth_line_max;     /* octets of a line of the exchange; 0: 12288 (RFC 4954 4); at most
                                   1048576 */
    uint32_t token_max;         /* octets of a token, where there are such mechanisms; 0: 4096; at
                                   most 1048576 */
    smtp_str fake_secret;       /* see smtp_sasl_server_config; borrowed */
    const smtp_sasl_plugin *plugins; /* mechanisms of the caller's own, with sasl; borrowed */
    size_t plugin_count;             /* at most SMTP_SASL_PLUGINS_MAX */
    smtp_time greeting_delay; /* milliseconds to wait before `connect` and the greeting, for clients
                                 that do not: see smtp_connect_event; 0: none */
} smtp_server_config;

/* Events. The library makes them, so they may get longer at their end. A ticket is never 0 and
 * never used twice in a session: a callback that returned SMTP_DEFER is answered with it. */
typedef struct smtp_connect_event {
    uint64_t ticket;
    int early; /* 1: the client spoke before the greeting, while config.greeting_delay ran or
                  `connect` had deferred (RFC 5321 3.1) */
    int reserved;
} smtp_connect_event;

typedef struct smtp_hello_event {
    uint64_t ticket;
    int verb;              /* SMTP_VERB_EHLO, HELO or LHLO */
    int early;             /* 1: the client spoke before the greeting */
    const smtp_host *host; /* its argument */
} smtp_hello_event;

typedef struct smtp_auth_event {
    uint64_t ticket;
    const smtp_sasl_question *question;
} smtp_auth_event;

typedef struct smtp_mail_event {
    uint64_t ticket;
    const smtp_path *path; /* reverse-path: SMTP_PATH_NULL or SMTP_PATH_MAILBOX */
    const smtp_params *params;
} smtp_mail_event;

typedef struct smtp_rcpt_event {
    uint64_t ticket;
    uint32_t position; /* of the recipient among those accepted, once it is: from 0 */
    uint32_t reserved;
    const smtp_path *path; /* forward-path: SMTP_PATH_MAILBOX or SMTP_PATH_POSTMASTER */
    const smtp_params *params;
} smtp_rcpt_event;

typedef struct smtp_data_event {
    uint64_t ticket;
    uint32_t recipients; /* how many were accepted */
    int chunked;         /* 1: it comes by BDAT */
} smtp_data_event;

typedef struct smtp_body_event {
    uint64_t ticket;
    uint64_t offset; /* octets of the message before this chunk */
    smtp_str chunk;  /* content: dots removed, CRLF kept */
} smtp_body_event;

typedef struct smtp_burl_event {
    uint64_t ticket;
    smtp_str url; /* an absolute URI: what it names is the next part of the message */
    int first;    /* 1: the content begins with it, and there is no `data` */
    int last;     /* 1: the content ends with it: `message` follows, and has the reply */
} smtp_burl_event;

typedef struct smtp_message_event {
    uint64_t ticket;
    uint64_t octets;     /* of the message */
    uint32_t recipients; /* how many were accepted */
    uint32_t position;   /* LMTP: the recipient that this answer is for; SMTP: 0 */
    uint32_t found;      /* SMTP_FOUND_ bits that BODY=, SMTPUTF8 or a tolerance let pass */
    uint32_t reserved;
} smtp_message_event;

typedef struct smtp_command_event {
    uint64_t ticket;
    const smtp_command *command; /* VRFY, EXPN, HELP, NOOP, ETRN, ATRN, or a verb of the caller's
                                    own */
} smtp_command_event;

enum smtp_reset_reason {
    SMTP_RESET_NONE = 0,
    SMTP_RESET_RSET = 1,    /* the client said RSET */
    SMTP_RESET_HELLO = 2,   /* or EHLO, HELO, LHLO */
    SMTP_RESET_QUIT = 3,    /* or QUIT */
    SMTP_RESET_TLS = 4,     /* or STARTTLS */
    SMTP_RESET_REFUSED = 5, /* the message was refused: by `data`, `body`, `burl` or `message`, or
                               by the library (limits, line ends) */
    SMTP_RESET_CONNECTION = 6, /* the connection was lost, or the session ended */
    SMTP_RESET_TIMEOUT = 7
};

typedef struct smtp_reset_event {
    int reason; /* SMTP_RESET_ */
    int error;  /* an SMTP_ERR_ code for REFUSED and CONNECTION, else 0 */
} smtp_reset_event;

typedef struct smtp_close_event {
    int error; /* 0: the client said QUIT, or the roles turn (ATRN); else why the session ended */
} smtp_close_event;

/* The callbacks. Each may be NULL; its default is told beside it. An answer is SMTP_ACCEPT,
 * SMTP_DEFER, a reply code (400 to 599 to refuse, the code that SMTP_ACCEPT stands for, or another
 * 2yz code that smtp_reply_allowed() has for the verb), or what smtp_server_reply() returned. Any
 * other value is an error of the caller: the client gets 451 and the session's detail CALLBACK. */
typedef struct smtp_server_callbacks {
    size_t size; /* sizeof(smtp_server_callbacks) */
    /* A connection. A refusal of 554 or 521 is sent instead of the greeting, and then only QUIT is
     * in order (RFC 5321 3.1, RFC 7504); 421 also closes. NULL: accepted. */
    int (*connect)(smtp_server *server, const smtp_connect_event *event, void *user);
    /* EHLO, HELO or LHLO. A 554 inside TLS says that its protection is not enough: each further
     * command but QUIT gets 554, too (RFC 3207 4.1). NULL: accepted. */
    int (*hello)(smtp_server *server, const smtp_hello_event *event, void *user);
    /* STARTTLS, before its 220: SMTP_ACCEPT or a refusal such as 454. NULL: accepted, where it is
     * offered. */
    int (*starttls)(smtp_server *server, const smtp_connect_event *event, void *user);
    /* A question of an AUTH exchange. A verdict is asked: SMTP_ACCEPT, or a refusal such as 535 or
     * 454. A password or keys are asked: give them with smtp_server_auth() and return SMTP_ACCEPT,
     * or refuse, as for one who is not known. Whether authzid may be acted as is a part of every
     * question. A refusal may have words of its own, success has not: more may come before it.
     * Where keys are asked such words, and 4yz codes, end the exchange at once, which tells that
     * the name is not known. NULL: AUTH is not offered. */
    int (*auth)(smtp_server *server, const smtp_auth_event *event, void *user);
    /* MAIL. NULL: accepted. */
    int (*mail)(smtp_server *server, const smtp_mail_event *event, void *user);
    /* RCPT: who may relay is decided here. NULL: refused with 550. */
    int (*rcpt)(smtp_server *server, const smtp_rcpt_event *event, void *user);
    /* DATA, or a BDAT that begins the content. NULL: accepted. */
    int (*data)(smtp_server *server, const smtp_data_event *event, void *user);
    /* Some of the message, up to the first octet that breaks a rule (a bare CR is shown: only what
     * follows makes it one). A refusal is kept: the rest is read without callbacks, and it is the
     * answer at the end. SMTP_DEFER means that the chunk was taken and no more may come until the
     * ticket is answered with SMTP_ACCEPT (or a refusal). NULL: the content is dropped. */
    int (*body)(smtp_server *server, const smtp_body_event *event, void *user);
    /* BURL: fetch what the URL names and make it the next part of the message; a refusal drops the
     * transaction. config.message_max and what may stand in content are the callback's to see to. A
     * line end is never half in a chunk and half in this part: a CR before it is bare, an LF behind
     * it too. NULL: 502, and not offered. */
    int (*burl)(smtp_server *server, const smtp_burl_event *event, void *user);
    /* The end of the message: commit it now, it is yours once this is accepted. LMTP: called for
     * each recipient in turn. NULL: refused with 451. */
    int (*message)(smtp_server *server, const smtp_message_event *event, void *user);
    /* VRFY and EXPN: 250, 251 and 551 need words, and each line of them is one mailbox, which may
     * have a name before it: `Name <local-part@domain>` (RFC 5321 3.5.1). ACCEPT is 252. */
    int (*vrfy)(smtp_server *server, const smtp_command_event *event, void *user); /* NULL: 252 */
    int (*expn)(smtp_server *server, const smtp_command_event *event, void *user); /* NULL: 502 */
    int (*help)(smtp_server *server, const smtp_command_event *event, void *user); /* NULL: 214 and
                                                                                      the verbs */
    int (*noop)(smtp_server *server, const smtp_command_event *event, void *user); /* NULL: 250 */
    int (*etrn)(smtp_server *server, const smtp_command_event *event, void *user); /* NULL: 502 */
    /* ATRN of a client that has authenticated; others get 530. Once it is accepted the roles turn:
     * the session ends, SMTP_WANTS_TURN. NULL: 502, and not offered. */
    int (*atrn)(smtp_server *server, const smtp_command_event *event, void *user);
    /* A verb of config.verbs. NULL: 502. */
    int (*command)(smtp_server *server, const smtp_command_event *event, void *user);
    /* A transaction whose `mail` was accepted ended and no `message` of it was accepted. So each
     * accepted `mail` is followed by exactly one of the two. In LMTP a connection that is lost
     * before the last recipient's `message` was answered is a reset, too. Also called while
     * `message` is deferred and the connection is lost: its ticket is then stale. */
    void (*reset)(smtp_server *server, const smtp_reset_event *event, void *user);
    /* The session has ended: the last event, exactly once after a start. Not called by
     * smtp_server_del(). */
    void (*close)(smtp_server *server, const smtp_close_event *event, void *user);
} smtp_server_callbacks;

/* Makes a session in memory of the allocator (NULL: malloc and free, where the library was built
 * with them). All of it is taken here, except a longer line buffer that is borrowed for a line and
 * given back. config and callbacks are copied as told there (callbacks: the table is borrowed until
 * the session is deleted), user comes back in each callback. Returns 0, ARGUMENT, NEWER,
 * NO_MEMORY, the error of a host name, or NO_SPACE (the EHLO response is longer than half of the
 * output buffer). Inside a callback: yes. */
SMTP_API int smtp_server_new(smtp_server **out, const smtp_server_config *config,
                             const smtp_server_callbacks *callbacks, void *user,
                             const smtp_allocator *allocator);

/* How many octets smtp_server_init() needs for this configuration, 0 when it is refused. Inside a
 * callback: yes. */
SMTP_API size_t smtp_server_bytes(const smtp_server_config *config);

/* Makes a session in the caller's storage, aligned for a pointer and a uint64_t. It never
 * allocates: its line buffer is as long as a line may be. smtp_server_del() ends its use. Returns
 * as smtp_server_new(). Inside a callback: yes. */
SMTP_API int smtp_server_init(smtp_server **out, void *storage, size_t bytes,
                              const smtp_server_config *config,
                              const smtp_server_callbacks *callbacks, void *user);

/* Ends a session and gives its memory back. NULL is allowed. No callback is called, so a
 * transaction that is still open is the caller's to drop. Inside a callback: yes; the memory goes
 * when the outermost call has returned. */
SMTP_API void smtp_server_del(smtp_server *server);

/* The ports of the session. Inside a callback: yes. */
SMTP_API smtp_session *smtp_server_session(smtp_server *server);

/* Writes the reply of the event whose callback is running: return what this returns. code is 2yz,
 * 4yz or 5yz as the event allows; status 0: the usual one; text is copied, and LF in it begins a
 * further line. A greeting has the host name before it, and with it is no longer than 512 octets.
 * The reply must fit half of the output buffer less 64 octets, which are kept for a 421.
 * Returns code, or ARGUMENT, CONTROL, UTF8, UTF8_NOT_ALLOWED (RFC 6531 3.7.4: the client has not
 * said that it reads it) or REPLY_TOO_LONG, or STATE outside of a callback. Inside a callback: yes,
 * only.
 */
SMTP_API int smtp_server_reply(smtp_server *server, int code, uint32_t status, smtp_str text);

/* Answers a callback that returned SMTP_DEFER. code is SMTP_ACCEPT or as for smtp_server_reply();
 * an empty text is the usual one. What waited goes on, so callbacks may be called; offer input
 * again afterwards. Returns 0, STALE (answered already, or the session has ended), REENTRANT, or as
 * smtp_server_reply(); after ARGUMENT and the like the answer is still due. Inside a callback of
 * the same session: no. */
SMTP_API int smtp_server_answer(smtp_server *server, uint64_t ticket, int code, uint32_t status,
                                smtp_str text, smtp_time now);

/* Answers `auth` with what it asked for: inside of that callback, whose answer is then SMTP_ACCEPT,
 * or later, after SMTP_DEFER. answer is read before this returns. Returns 0, STALE, ARGUMENT or
 * REENTRANT. Inside a callback: yes, of `auth` only. */
SMTP_API int smtp_server_auth(smtp_server *server, uint64_t ticket, const smtp_sasl_answer *answer,
                              smtp_time now);

/* Who has authenticated, empty: nobody. It stays until the session ends or TLS begins. Inside a
 * callback: yes. */
SMTP_API smtp_str smtp_server_identity(const smtp_server *server);

/* Ends the session at any moment: a reply of code 421 with this text (empty: the usual one) behind
 * the replies that are due, then SMTP_WANTS_CLOSE (RFC 5321 3.8). Returns 0, STATE when it has
 * ended already, REENTRANT. Inside a callback: no. */
SMTP_API int smtp_server_close(smtp_server *server, uint32_t status, smtp_str text, smtp_time now);

/* The argument of the last EHLO, HELO or LHLO that was accepted; empty before. It stays until the
 * next one, or until TLS begins. Inside a callback: yes. */
SMTP_API smtp_str smtp_server_hello(const smtp_server *server);

/* Fills what the session knows into `out`: hello, by, with, TLS version and cipher. The caller adds
 * peer_ip, peer_name, date, zone, id, for_path. The slices stay as smtp_server_hello()'s. Returns
 * 0, ARGUMENT or STATE. Inside a callback: yes. */
SMTP_API int smtp_server_received(const smtp_server *server, smtp_received *out);

#ifdef __cplusplus
}
#endif
#endif
