/* SPDX-License-Identifier: MIT
 * The client's object, its states, and what its files do for each other. */
#ifndef SMTP_LIB_CLIENT_CLIENT_H
#define SMTP_LIB_CLIENT_CLIENT_H

#include "sasl/roster.h"
#include "session/session.h"
#include "smtp/client.h"
#include "smtp/data.h"

/* How far a session is set up. */
enum smtp__client_state {
    SMTP__CLIENT_CONNECTING, /* the greeting is due */
    SMTP__CLIENT_HELLO,      /* EHLO, LHLO or HELO is out */
    SMTP__CLIENT_STARTTLS,   /* STARTTLS is out, or its handshake is under way */
    SMTP__CLIENT_AUTH,
    SMTP__CLIENT_READY,
    SMTP__CLIENT_QUITTING /* QUIT is out */
};

/* What of a transaction goes out next. */
enum smtp__client_phase {
    SMTP__PHASE_IDLE,
    SMTP__PHASE_QUEUED, /* smtp_client_send() was called */
    SMTP__PHASE_MAIL,
    SMTP__PHASE_RCPT,
    SMTP__PHASE_DATA,
    SMTP__PHASE_REPLIES, /* DATA is out */
    SMTP__PHASE_BODY,
    SMTP__PHASE_END, /* the end of data is out */
    SMTP__PHASE_WAIT /* the next transaction: it may not go ahead, but in its turn */
};

/* The timeouts of the configuration, and that of ATRN. */
enum smtp__client_timeout {
    SMTP__TIMEOUT_GREETING,
    SMTP__TIMEOUT_COMMAND,
    SMTP__TIMEOUT_DATA,
    SMTP__TIMEOUT_BODY,
    SMTP__TIMEOUT_MESSAGE,
    SMTP__TIMEOUT_ATRN,
    SMTP__TIMEOUTS
};

/* Up to this a piece of content is copied into the output: a slice of its own would cost more than
 * its octets. */
enum { SMTP__GATHER = 128 };

/* Domains of recipients that are remembered for RCPTDOMAINMAX. */
enum { SMTP__DOMAINS = 8 };

/* What is known of a recipient, in its private_state. */
enum smtp__recipient_state {
    SMTP__RECIPIENT_NONE,
    SMTP__RECIPIENT_ACCEPTED,
    SMTP__RECIPIENT_DONE,
    SMTP__RECIPIENT_OVER_MAX,    /* left out: RCPTMAX (RFC 9422 4.2) */
    SMTP__RECIPIENT_OVER_DOMAINS /* left out: RCPTDOMAINMAX (RFC 9422 4.3) */
};

/* What a session has that can authenticate. */
typedef struct smtp__client_auth {
    const smtp_sasl_suite *suite;
    const smtp_crypto *crypto;
    smtp__roster roster;
    smtp_sasl *sasl; /* the exchange, NULL: none */
    void *storage;   /* for it */
    size_t storage_bytes;
    smtp_credentials credentials;
    smtp_str initial; /* an initial response that has not gone */
    uint32_t allowed; /* SMTP_MECH_ bits */
    uint32_t offered; /* by the server */
    uint32_t tried;
    int error; /* the exchange was cancelled with it */
    uint8_t done;
    uint8_t mutual; /* the server has to prove itself too */
} smtp__client_auth;

/* A complete reply. */
typedef struct smtp__client_reply {
    int code;
    uint32_t status;
    smtp_str text;
} smtp__client_reply;

/* What set-up and the beginning of a transaction look at: the configuration, and what the server
 * has said of itself. It lies behind the object. */
typedef struct smtp__client_terms {
    smtp_capabilities capabilities;
    smtp_str hostname;
    const smtp_param_rule *params; /* the caller's own */
    size_t param_count;
    uint32_t timeouts[SMTP__TIMEOUTS];
    uint32_t mails; /* MAIL commands of this session */
    /* Domains of recipients in this session: how many, and of the first so many a hash. */
    uint32_t domain_count;
    uint32_t domains[SMTP__DOMAINS];
} smtp__client_terms;

struct smtp_client {
    smtp_session session; /* first: the ports see the client through it */
    const smtp_client_callbacks *callbacks;
    void *user;
    smtp__client_terms *terms;
    smtp__client_auth *auth;         /* NULL: no AUTH */
    const smtp__client_reply *reply; /* that is being dealt with, NULL: none */
    /* The reply that is being read. */
    char *text; /* its lines so far, LF between them */
    uint32_t text_max;
    uint32_t text_length;
    uint32_t text_kept; /* of these, the EHLO reply that `ready` is to show */
    uint32_t reply_status;
    /* Commands whose replies are due, a verb each, oldest first: a ring. */
    int8_t *pending;
    uint64_t asked_at; /* octets before the oldest of them that is no content */
    /* The transaction under way, and the one behind it. */
    const smtp_envelope *envelope;
    const smtp_envelope *queued;
    char *buffer; /* for a body source that fills one; and to try commands in */
    uint32_t buffer_size;
    uint32_t next;     /* recipient whose RCPT goes out next */
    uint32_t said;     /* RCPT commands so far */
    uint32_t answered; /* of them */
    uint32_t accepted;
    uint32_t delivered;
    /* The body. */
    smtp_str chunk;  /* what has not been encoded */
    uint64_t offset; /* octets that were given */
    uint64_t end_at; /* octets that stand before the end of what is queued of it */
    union {
        smtp_data_encoder encoder; /* of DATA */
        smtp_data_checker checker; /* of BDAT */
    } content;
    uint32_t flags;
    int16_t reply_code; /* 0: between replies */
    int16_t leaving;    /* why the session quits, 0: it was asked to */
    uint8_t pending_max;
    uint8_t pending_first;
    uint8_t pending_count;
    uint8_t drain; /* of these, the first so many belong to a transaction whose end was told already
                    */
    uint8_t tls_policy;
    uint8_t state;
    uint8_t phase;
    uint8_t ahead; /* phase of the transaction behind it */
    uint8_t esmtp;
    uint8_t quit;        /* QUIT was asked for */
    uint8_t needs_rset;  /* the server still has a transaction that is over for us */
    uint8_t last_chunk;  /* the body source has no more */
    uint8_t deferred;    /* the body source deferred */
    uint8_t chunk_ready; /* BDAT: the chunk was looked at */
    uint8_t line_open;   /* BDAT: the content so far does not end with a line end */
    uint8_t grouped;     /* BDAT: the last chunk went with the commands before it */
    uint8_t lent;        /* BDAT: the newest chunk is the caller's memory */
};

/* replies.c: lines from the server, made to replies and matched with commands. */
void smtp__client_line(smtp_session *session, smtp_str line);
void smtp__client_bad_line(smtp_session *session, int error);

/* A reply to `verb` is due behind all the others; or, again, before them. */
void smtp__client_expect(smtp_client *client, int verb);
void smtp__client_expect_again(smtp_client *client, int verb);

/* The verb that the next reply answers, SMTP_VERB_UNKNOWN: none is due. */
int smtp__client_next_verb(const smtp_client *client);

/* setup.c */
void smtp__client_start(smtp_session *session);
void smtp__client_tls_started(smtp_session *session);
void smtp__client_on_greeting(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_hello(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_starttls(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_quit(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_atrn(smtp_client *client, const smtp__client_reply *reply);

void smtp__client_be_ready(smtp_client *client);

/* This server is not for us: QUIT, and then the session ends with the error. */
void smtp__client_leave(smtp_client *client, int error, const smtp__client_reply *reply);

/* auth.c: begins to authenticate. Returns 0, or why it cannot be. */
int smtp__client_authenticate(smtp_client *client);
void smtp__client_on_auth(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_end_auth(smtp_client *client);

/* send.c: puts a command into the output; NO_SPACE when there is no room for it now. */
int smtp__client_put(smtp_client *client, int verb);
int smtp__client_put_command(smtp_client *client, const smtp_command *command,
                             const smtp_syntax *syntax, int expected);

/* Says QUIT. */
void smtp__client_say_quit(smtp_client *client);

int smtp__client_may_group(const smtp_client *client);

/* Sends all that can go now, and sets the deadline. */
void smtp__client_advance(smtp_client *client);

/* The same, from outside of a callback; inside of one the port at work does. No wait gets longer.
 */
void smtp__client_go_on(smtp_client *client, smtp_time now);

/* What is overdue: an error. */
int smtp__client_overdue(const smtp_client *client);

/* envelope.c: the syntax under which commands are written with these extensions. */
void smtp__client_syntax(const smtp_client *client, uint32_t extensions, smtp_syntax *out);

/* Can this envelope be said under these extensions? *wrong as in smtp_client_send(). */
int smtp__client_check(smtp_client *client, const smtp_envelope *envelope, uint32_t extensions,
                       size_t *wrong);
int smtp__client_mail_command(const smtp_envelope *envelope, uint32_t extensions,
                              smtp_command *out);
int smtp__client_rcpt_command(const smtp_recipient *recipient, smtp_command *out);

/* limits.c: why this session can take nothing of a transaction that is to begin: an error, or 0. */
int smtp__client_over_limits(const smtp_client *client, const smtp_envelope *envelope);

/* The state of a recipient that the limits of this server leave out, or SMTP__RECIPIENT_NONE. */
int smtp__client_over_limit(const smtp_client *client, const smtp_recipient *recipient);

/* Counts one whose RCPT was said. */
void smtp__client_count_recipient(smtp_client *client, const smtp_recipient *recipient);

/* The error of a recipient that was left out, 0 for any other. */
int smtp__client_left_out(const smtp_recipient *recipient);

/* transaction.c */
void smtp__client_transact(smtp_client *client);
int smtp__client_pipelines(const smtp_client *client);
void smtp__client_on_mail(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_rcpt(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_data(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_on_end(smtp_client *client, const smtp__client_reply *reply);
void smtp__client_interrupt(smtp_client *client, const smtp__client_reply *reply);

/* 1 once all that was queued of the body has gone. */
int smtp__client_body_has_gone(const smtp_client *client);

/* 1 while the buffer is the body's. */
int smtp__client_buffer_in_use(const smtp_client *client);

/* body.c: the body comes next. */
void smtp__client_begin_body(smtp_client *client);

/* A chunk of it has been queued, or all of it. */
void smtp__client_body_queued(smtp_client *client, int last);

/* Queues content while there is room. */
void smtp__client_send_body(smtp_client *client);

/* Asks the source for more; 0 when there is none for now. */
int smtp__client_ask_body(smtp_client *client);

/* The body cannot be completed: the connection goes, so that no half message is delivered. */
void smtp__client_fail_body(smtp_client *client, int result, int error);

/* What of SMTP_FOUND_ bits may not be sent under this envelope: an error, or 0. */
int smtp__client_forbidden(const smtp_client *client, uint32_t found);

/* Queues a piece; there is a segment for it, and room if it is small or is to be copied. */
void smtp__client_queue(smtp_client *client, smtp_str piece, int copy);

/* chunk.c: the same by BDAT, and whether it is used. */
int smtp__client_chunks(const smtp_client *client, const smtp_envelope *envelope);
int smtp__client_is_binary(const smtp_envelope *envelope); /* BODY=BINARYMIME: only BDAT carries it
                                                            */
void smtp__client_send_chunks(smtp_client *client);
void smtp__client_on_bdat(smtp_client *client, const smtp__client_reply *reply);

/* results.c: what became of it. reply may be NULL. */
int smtp__client_class(int code);
void smtp__client_recipient_result(smtp_client *client, size_t position, int result, int error,
                                   const smtp__client_reply *reply);
void smtp__client_finish(smtp_client *client, int result, int error,
                         const smtp__client_reply *reply);

/* What all recipients together came to when none was delivered to. */
int smtp__client_refusal(const smtp_envelope *envelope);
void smtp__client_ended(smtp_session *session);

#endif
