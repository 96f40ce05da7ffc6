/* SPDX-License-Identifier: MIT
 * The client role: sets a session up, sends transactions with as few round trips as the server
 * allows, and tells what became of each recipient. SMTP, submission and LMTP. */
#ifndef SMTP_CLIENT_H
#define SMTP_CLIENT_H

#include "address.h"
#include "base.h"
#include "command.h"
#include "extension.h"
#include "sasl.h"
#include "session.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct smtp_client smtp_client;

/* When TLS is used. */
enum smtp_tls_policy {
    SMTP_TLS_REQUIRED = 0,      /* STARTTLS, or the session ends before anything is said */
    SMTP_TLS_OPPORTUNISTIC = 1, /* STARTTLS where it is offered. Risk: who can change the traffic
                                   can take it away */
    SMTP_TLS_NONE = 2,          /* never. Risk: all can be read and changed on the way */
    SMTP_TLS_IMPLICIT = 3       /* TLS from the first octet (RFC 8314) */
};

enum smtp_client_flag {
    SMTP_CLIENT_LMTP = 1 << 0,             /* LHLO, and a reply for each recipient (RFC 2033) */
    SMTP_CLIENT_NO_PIPELINING = 1 << 1,    /* one command at a time */
    SMTP_CLIENT_NO_CHUNKING = 1 << 2,      /* DATA even where BDAT is offered */
    SMTP_CLIENT_AUTH_WITHOUT_TLS = 1 << 4, /* sends passwords in the clear. Risk: all read them */
    SMTP_CLIENT_NO_HELO = 1 << 3,          /* a server that does not know EHLO is refused */
    SMTP_CLIENT_NO_QUIT_REPLY = 1 << 5     /* the session ends when QUIT has been said, and not with
                                              its reply (which RFC 5321 4.1.1.10 recommends) */
};

/* What a client does and bears. Zero is the safe default of every member. All is copied. */
typedef struct smtp_client_config {
    size_t size;       /* sizeof(smtp_client_config) */
    smtp_str hostname; /* the argument of EHLO: a domain or an address literal; empty: "localhost"
                        */
    int tls;           /* SMTP_TLS_ */
    uint32_t flags;    /* SMTP_CLIENT_ */
    uint32_t reply_line_max; /* octets of a line of a reply, with CRLF; 0: 2048; at least 512, at
                                most 65535 */
    uint32_t reply_max; /* octets of the text of a reply, its lines joined; 0: 4096; at least 512,
                           at most 1048576; also kept as a buffer, which up to `ready` the EHLO
                           response and a reply behind it share */
    uint32_t output_buffer; /* octets for commands, and for a body source that fills a buffer; 0:
                               8192; at least 1024, at most 1048576 */
    uint32_t pending_max;   /* commands without their replies at one time; 0: 64; at most 255 */
    smtp_time greeting_timeout;  /* milliseconds, 0: 300000 (RFC 5321 4.5.3.2, here and below); when
                                    it is over the session ends with GREETING_TIMEOUT */
    smtp_time command_timeout;   /* 0: 300000; MAIL_TIMEOUT, RCPT_TIMEOUT, TLS_TIMEOUT for the
                                    handshake, and COMMAND_TIMEOUT for the others; for ATRN it is
                                    600000 at least */
    smtp_time data_timeout;      /* for the 354; 0: 120000; DATA_TIMEOUT */
    smtp_time body_timeout;      /* for the next octets of a body to go; 0: 180000; BODY_TIMEOUT */
    smtp_time message_timeout;   /* for the reply to the end of data; 0: 600000; MESSAGE_TIMEOUT */
    const smtp_sasl_suite *sasl; /* smtp_sasl_suite_all(); NULL: no AUTH; borrowed */
    const smtp_crypto *crypto;   /* NULL: only mechanisms that need none; borrowed */
    uint32_t mechanisms;         /* SMTP_MECH_ bits that may be used; 0: all but ANONYMOUS */
    uint32_t token_max;          /* octets of a token, for OAUTHBEARER and XOAUTH2; 0: 4096; at most
                                    1048576 */
    const smtp_sasl_plugin *plugins; /* mechanisms of the caller's own, with sasl; borrowed */
    size_t plugin_count;             /* at most SMTP_SASL_PLUGINS_MAX */
    const smtp_param_rule *params;   /* MAIL and RCPT parameters of the caller's own, which then may
                                        stand in the `text` of smtp_params; borrowed */
    size_t param_count;
} smtp_client_config;

/* What became of a message or a recipient. */
enum smtp_result {
    SMTP_RESULT_NONE = 0,
    SMTP_RESULT_DELIVERED = 1, /* the server has it: 2yz */
    SMTP_RESULT_TEMPORARY = 2, /* not now: 4yz, or the connection was lost before the end of data */
    SMTP_RESULT_PERMANENT = 3, /* never: 5yz, or it cannot be sent as it is */
    SMTP_RESULT_UNKNOWN = 4    /* lost between the end of data and its reply: it may have been
                                  delivered (RFC 1047) */
};

/* A recipient of an envelope. The results are written by the library as they come. */
typedef struct smtp_recipient {
    smtp_str mailbox;          /* local-part@host without brackets, or "Postmaster" */
    const smtp_params *params; /* of its RCPT, or NULL */
    int result;                /* SMTP_RESULT_ */
    int code;                  /* the reply, 0: none */
    uint32_t status;           /* its enhanced status code, 0: none */
    uint32_t private_state;
} smtp_recipient;

enum smtp_envelope_flag {
    SMTP_ENVELOPE_MEND = 1 << 0, /* bare CR and LF in the body become CRLF instead of failing the
                                    transaction */
    SMTP_ENVELOPE_8BIT = 1 << 1, /* the body may hold 8-bit octets: BODY=8BITMIME, or NEEDS_8BITMIME
                                  */
    SMTP_ENVELOPE_UTF8 = 1 << 2  /* SMTPUTF8 even when no address needs it (a header may) */
};

/* One transaction. Borrowed, with all that it points to, until its `sent`. Two that are given at
 * one time share no recipients. */
typedef struct smtp_envelope {
    size_t size;               /* sizeof(smtp_envelope) */
    smtp_str reverse_path;     /* a mailbox without brackets; empty: the null reverse-path */
    const smtp_params *params; /* of MAIL, or NULL; SIZE, BODY and SMTPUTF8 are added as needed */
    smtp_recipient *recipients;
    size_t recipient_count;
    uint64_t octets; /* of the body as it will be sent, 0: not known */
    uint32_t flags;  /* SMTP_ENVELOPE_ */
    uint32_t reserved;
    void *user; /* comes back in the events of the transaction */
} smtp_envelope;

typedef struct smtp_ready_event {
    const smtp_capabilities *capabilities; /* with all its slices */
    int tls;                               /* 1: TLS is in force */
    int esmtp;                             /* 0: the server knows only HELO */
    int authenticated;                     /* 1: AUTH has succeeded */
} smtp_ready_event;

typedef struct smtp_credentials_event {
    uint32_t mechanisms;           /* SMTP_MECH_ bits that the server offers */
    int tls;                       /* 1: TLS is in force */
    smtp_credentials *credentials; /* to be filled; the channel binding is there already. What the
                                    * slices point to is borrowed until `ready` or `close` */
} smtp_credentials_event;

typedef struct smtp_reply_event {
    int verb; /* of the command that it answers: SMTP_VERB_, SMTP_VERB_CONNECT,
               * SMTP_VERB_END_OF_DATA, or SMTP_VERB_UNKNOWN for one that nothing asked for (421) */
    int code;
    uint32_t status; /* 0: none */
    uint32_t reserved;
    smtp_str text; /* all lines, LF between them, byte for byte: escape it before it goes to a
                      terminal */
} smtp_reply_event;

typedef struct smtp_recipient_event {
    const smtp_envelope *envelope;
    smtp_recipient *recipient; /* with result, code and status */
    size_t position;
    int error; /* an SMTP_ERR_ code when no reply says it: TOO_MANY_RECIPIENTS or TOO_MANY_DOMAINS
                  for one that was left out, since the server takes no more (RFC 9422) */
    int reserved;
    smtp_str text; /* of the reply */
} smtp_recipient_event;

typedef struct smtp_sent_event {
    const smtp_envelope *envelope;
    int result; /* SMTP_RESULT_; DELIVERED when at least one recipient was */
    int code;   /* the reply that decided, 0: none */
    uint32_t status;
    int error;        /* an SMTP_ERR_ code when result is not DELIVERED */
    size_t delivered; /* recipients */
    smtp_str text;    /* of the reply */
} smtp_sent_event;

/* A body source is asked for content: it either writes up to `capacity` octets to `buffer` and sets
 * chunk to what it wrote, or sets chunk to memory of its own, borrowed until it is asked again or
 * until `sent`. */
typedef struct smtp_body_request {
    const smtp_envelope *envelope;
    uint64_t offset; /* octets of the body given so far */
    char *buffer;
    size_t capacity;
    smtp_str chunk; /* set by the callback; may be empty only with last */
    int last;       /* set by the callback: 1 when nothing follows this chunk */
    int reserved;
} smtp_body_request;

typedef struct smtp_client_close_event {
    int error; /* 0: QUIT was said and answered, or the roles turn (ATRN); else why the session
                  ended */
    int reserved;
    int code; /* a reply that ended it, 0: none */
    int reserved2;
    smtp_str text;
} smtp_client_close_event;

/* The callbacks. Each may be NULL. smtp_client_send(), smtp_client_command() and smtp_client_quit()
 * may be called in them. */
typedef struct smtp_client_callbacks {
    size_t size; /* sizeof(smtp_client_callbacks) */
    /* Who are we? SMTP_ACCEPT with the credentials filled, or anything else to end the session. Not
     * asked where the server, `mechanisms`, TLS and crypto leave no mechanism: the session then
     * ends with AUTH_UNAVAILABLE. The strongest is used that they and the credentials allow, and
     * the next one where the server answers that this one is not for us (504, 534); any other
     * refusal ends the session with AUTH_FAILED and the reply, whose code tells whether it is for
     * now (4yz) or for good. NULL: no AUTH. */
    int (*credentials)(smtp_client *client, const smtp_credentials_event *event, void *user);
    /* The session is set up: transactions can be sent. */
    void (*ready)(smtp_client *client, const smtp_ready_event *event, void *user);
    /* Any reply, before what follows from it. */
    void (*reply)(smtp_client *client, const smtp_reply_event *event, void *user);
    /* What became of a recipient: once for each, at its refusal, or when the message was answered.
     */
    void (*recipient)(smtp_client *client, const smtp_recipient_event *event, void *user);
    /* What became of the transaction: exactly once for each smtp_client_send() that returned 0. One
     * that is refused while its content is still going ends the session behind it. */
    void (*sent)(smtp_client *client, const smtp_sent_event *event, void *user);
    /* More of the body, please: SMTP_ACCEPT, SMTP_DEFER (then smtp_client_resume()), or an
     * SMTP_ERR_ code, upon which the connection is ended so that no half message is delivered.
     * NULL: the body is empty. */
    int (*body)(smtp_client *client, smtp_body_request *request, void *user);
    /* The session has ended: the last event, exactly once after a start. Not called by
     * smtp_client_del(). */
    void (*close)(smtp_client *client, const smtp_client_close_event *event, void *user);
} smtp_client_callbacks;

/* Makes a session in memory of the allocator (NULL: malloc and free, where the library was built
 * with them). All of it is taken here. The callbacks' table is borrowed until the session is
 * deleted; user comes back in each callback. Returns 0, ARGUMENT, NEWER, NO_MEMORY, or the error of
 * a host name. Inside a callback: yes. */
SMTP_API int smtp_client_new(smtp_client **out, const smtp_client_config *config,
                             const smtp_client_callbacks *callbacks, void *user,
                             const smtp_allocator *allocator);

/* How many octets smtp_client_init() needs for this configuration, 0 when it is refused. Inside a
 * callback: yes. */
SMTP_API size_t smtp_client_bytes(const smtp_client_config *config);

/* Makes a session in the caller's storage, aligned for a pointer and a uint64_t. It never
 * allocates. smtp_client_del() ends its use. Returns as smtp_client_new(). Inside a callback: yes.
 */
SMTP_API int smtp_client_init(smtp_client **out, void *storage, size_t bytes,
                              const smtp_client_config *config,
                              const smtp_client_callbacks *callbacks, void *user);

/* Ends a session and gives its memory back. NULL is allowed. No callback is called. Inside a
 * callback: yes; the memory goes when the outermost call has returned. */
SMTP_API void smtp_client_del(smtp_client *client);

/* The ports of the session. Inside a callback: yes. */
SMTP_API smtp_session *smtp_client_session(smtp_client *client);

/* Sends a message: one transaction. The envelope is checked against the grammar first: nothing that
 * is malformed reaches the wire, and the call then returns the error of the grammar (`sent` does
 * not follow). What the server cannot take (no SMTPUTF8, larger than SIZE ...) is told by `sent`
 * once the session is ready; TOO_MANY_TRANSACTIONS and TOO_MANY_DOMAINS there mean that another
 * session can take it. May be called before the session is ready.
 *
 * One more may be given while one is under way, but not (STATE) from when the body of that is first
 * asked for until all of it has gone. With PIPELINING its commands go right behind that message, so
 * that in a run of messages each costs one round trip: have two in hand, and give the next in each
 * `sent`. Each has its `sent`, in order, and the body of the second is asked for after that of the
 * first one.
 *
 * Returns 0, ARGUMENT, STATE (no room for another, or the session ends), or an error of the
 * grammar; *wrong, which may be NULL, gets the position of the recipient that is refused, or
 * (size_t)-1. Inside a callback: yes. */
SMTP_API int smtp_client_send(smtp_client *client, const smtp_envelope *envelope, smtp_time now,
                              size_t *wrong);

/* Says that a body source that deferred has content now. Returns 0 or STATE. Inside a callback: no.
 */
SMTP_API int smtp_client_resume(smtp_client *client, smtp_time now);

/* Sends a command that is not part of a transaction: VRFY, EXPN, HELP, NOOP, ETRN, ATRN, RSET, or a
 * word of the caller's own as `name` (verb SMTP_VERB_CUSTOM). Its reply comes to `reply`, in order;
 * after a 250 to ATRN the session ends and wants SMTP_WANTS_TURN. The text is checked and copied.
 * Returns 0, ARGUMENT, STATE (not ready, or a transaction is under way), NO_SPACE (too many are
 * pending), or an error of the grammar. Inside a callback: yes. */
SMTP_API int smtp_client_command(smtp_client *client, int verb, smtp_str name, smtp_str argument,
                                 smtp_time now);

/* Says QUIT once all that was asked before has been answered, and ends the session with its reply,
 * or at once with SMTP_CLIENT_NO_QUIT_REPLY. Returns 0 or STATE. Inside a callback: yes. */
SMTP_API int smtp_client_quit(smtp_client *client, smtp_time now);

/* What the server said it can do in its last EHLO response; all zero before it, after HELO, and
 * from the handshake of STARTTLS to the next. The slices are there up to `ready` and empty after
 * it. Never NULL. Inside a callback: yes. */
SMTP_API const smtp_capabilities *smtp_client_capabilities(const smtp_client *client);

/* 1 when the session is set up and no transaction and no command is under way. Inside a callback:
 * yes. */
SMTP_API int smtp_client_idle(const smtp_client *client);

#ifdef __cplusplus
}
#endif
#endif
