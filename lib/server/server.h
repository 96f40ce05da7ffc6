/* SPDX-License-Identifier: MIT
 * The server's object, its states, and what its files do for each other. */
#ifndef SMTP_LIB_SERVER_SERVER_H
#define SMTP_LIB_SERVER_SERVER_H

#include "sasl/roster.h"
#include "session/session.h"
#include "smtp/server.h"

/* Where a session stands. Which verb is in sequence where is the table of dispatch.c. */
enum smtp__server_state {
    SMTP__GREETING,   /* the greeting is not out */
    SMTP__REFUSING,   /* it was a refusal: only QUIT is in order */
    SMTP__INADEQUATE, /* what TLS came to was refused: the same (RFC 3207 4.1) */
    SMTP__START,      /* no EHLO yet, or none since TLS began */
    SMTP__READY,
    SMTP__MAIL, /* a transaction without a recipient */
    SMTP__RCPT, /* with one or more */
    SMTP__DATA, /* its content comes by DATA */
    SMTP__BDAT, /* some of it has come by BDAT */
    SMTP__STATES
};

/* What is being asked of a callback, or waits for its deferred answer. answer.c has a row for each.
 */
enum smtp__server_op {
    SMTP__OP_NONE,
    SMTP__OP_CONNECT,
    SMTP__OP_HELLO,
    SMTP__OP_STARTTLS,
    SMTP__OP_AUTH,
    SMTP__OP_MAIL,
    SMTP__OP_RCPT,
    SMTP__OP_DATA,
    SMTP__OP_BODY,
    SMTP__OP_MESSAGE,
    SMTP__OP_COMMAND,
    SMTP__OP_ATRN,
    SMTP__OP_BURL,
    SMTP__OPS
};

/* A chunk of BDAT that is being read. */
typedef struct smtp__server_chunk {
    uint64_t left;        /* octets still to come */
    uint8_t active;       /* one is being read */
    uint8_t last;         /* LAST was said */
    uint8_t out_of_order; /* it is read past, and answered 503 */
} smtp__server_chunk;

/* What a session has that offers AUTH. */
typedef struct smtp__server_auth {
    const smtp_sasl_suite *suite;
    const smtp_crypto *crypto;
    smtp__roster roster;
    smtp_sasl *sasl; /* the exchange, NULL: none */
    void *storage;   /* for it */
    size_t storage_bytes;
    smtp_sasl_server_config settings;
    smtp_str fake_secret;
    smtp_str out; /* with result, what the exchange made of an answer */
    int result;
    uint32_t mechanisms;
    uint32_t line_max; /* of a line of the exchange */
    uint32_t line_max_before;
    uint32_t failures;
    uint32_t failures_max;
    uint16_t identity_length;
    uint8_t supplied; /* result and out are there */
    char identity[SMTP_SASL_NAME_MAX];
} smtp__server_auth;

/* What few servers say; a session whose configuration has none of it has no memory for it. */
typedef struct smtp__server_extras {
    const smtp_str *keywords;
    const smtp_str *verbs;
    const smtp_param_rule *params;
    smtp_str priority_profile;
    smtp_str no_soliciting;
    smtp_str burl;
    uint64_t hold_until_max;
    uint32_t hold_max;
    uint32_t deliver_by_min;
    uint16_t verb_count;
    uint16_t keyword_count;
    uint16_t param_count;
} smtp__server_extras;

struct smtp_server {
    smtp_session session; /* first: the ports see the server through it */
    const smtp_server_callbacks *callbacks;
    void *user;
    smtp_str hostname;
    const smtp__server_extras *extras; /* never NULL */
    uint64_t message_max;
    uint64_t ticket;
    char *hello;             /* SMTP_DOMAIN_MAX octets */
    smtp__server_auth *auth; /* NULL: no AUTH */
    union {
        smtp_data_decoder dots;   /* DATA */
        smtp_data_checker chunks; /* BDAT */
    } content;
    uint64_t content_octets;
    smtp__server_chunk chunk;
    uint32_t flags;
    uint32_t tolerate;
    uint32_t offer;
    uint32_t recipients_max;
    uint32_t transactions_max;
    uint32_t commands_max;
    uint32_t errors_max;
    uint32_t command_timeout;
    uint32_t data_timeout;
    uint32_t greeting_delay;
    uint32_t commands; /* since the last message */
    uint32_t mails;    /* MAIL commands of the session, refused ones too (RFC 9422 4.1) */
    uint32_t rcpts;    /* RCPT commands of the transaction, refused ones too (RFC 9422 4.2) */
    uint32_t recipients;
    uint32_t position; /* LMTP: of the recipient whose reply is due */
    uint32_t found;    /* SMTP_FOUND_ in the content */
    uint32_t refusal_status;
    int16_t refusal;       /* of the content: the reply at its end, 0: none */
    int16_t refusal_error; /* why, when the library refused it */
    int16_t offence;       /* what is wrong behind a piece whose answer is due */
    int16_t replied;       /* the code of a reply that the running callback has written, 0: none */
    uint16_t parked; /* octets kept at the end of the output buffer: a new hello, or the reply to
                        content */
    int8_t verb;     /* of the command at work */
    uint8_t hello_length;
    uint8_t hello_verb; /* SMTP_VERB_, 0: none yet */
    uint8_t state;
    uint8_t op;           /* that waits for its answer */
    uint8_t calling;      /* 1: a callback runs that smtp_server_reply() may answer */
    uint8_t utf8;         /* the transaction has SMTPUTF8 */
    uint8_t utf8_command; /* the command at work said SMTPUTF8 itself: VRFY, EXPN */
    uint8_t body;         /* SMTP_BODY_ */
    uint8_t open;  /* a transaction: `mail` was accepted and neither an accepted `message` nor
                      `reset` has followed */
    uint8_t early; /* the client spoke first */
    uint8_t authenticated;
    uint8_t last_cr;       /* the last octet of content was a CR */
    uint8_t ending;        /* the content is complete, its replies are not */
    uint8_t delivered;     /* one of these replies was positive */
    uint8_t group_refused; /* MAIL or a chunk was: what its group goes on with is no fault */
};

/* reply.c: replies into the output. A status of 0 is the usual one; an empty text too. */
void smtp__server_reply(smtp_server *server, int code, uint32_t status, smtp_str text);

/* Counts a refusal that the library made, replies with what its table has for the error, and ends
 * the session when there were too many. column is where in the line. */
SMTP__RARE void smtp__server_refuse(smtp_server *server, int error, size_t column);

/* The same without counting it: for what follows from an earlier refusal. */
SMTP__RARE void smtp__server_tell(smtp_server *server, int error, size_t column);

/* 1 while there is room for the largest reply, and how long that may be. */
int smtp__server_has_room(const smtp_session *session);
size_t smtp__server_reply_max(const smtp_server *server);

/* The caller's own words for an event of `op`. Returns code or an error. */
int smtp__server_write_reply(smtp_server *server, int op, int code, uint32_t status, smtp_str text);

/* verify.c: 1 when the words of this reply have to be mailboxes; and are they? 0 or an error. */
int smtp__server_names_mailboxes(const smtp_server *server, int op, int code);
int smtp__server_check_mailboxes(smtp_str text);

/* The end of the output buffer, where `octets` octets may be kept while no reply is written: what
 * is put there and counted in server->parked stays until then. */
char *smtp__server_parking(smtp_server *server, size_t octets);

/* Sends the reply that was parked; with `keep` it stays for the next recipient too. */
void smtp__server_reply_parked(smtp_server *server, int keep);

/* 421, and the end. */
SMTP__RARE void smtp__server_shut(smtp_server *server, int error, uint32_t status, smtp_str text);

/* answer.c: a new ticket for an event of `op`. */
uint64_t smtp__server_ask(smtp_server *server, int op);

/* What the callback answered: a code, SMTP_ACCEPT, SMTP_DEFER or nonsense. */
void smtp__server_answered(smtp_server *server, int answer);

/* 1 when the caller may answer an event of `op` with this code. */
int smtp__server_may_answer(const smtp_server *server, int op, int code);

/* Replies with the usual text of a code, unless the caller has replied in its own words. */
void smtp__server_conclude(smtp_server *server, int code);

/* The same for a command of which nothing else follows. */
void smtp__server_done_command(smtp_server *server, int code);

/* offer.c: writes the EHLO response and gives its length. */
size_t smtp__server_offer(const smtp_server *server, char *out, size_t capacity);

/* Sees to it that it can always be said; uses the output buffer. 0, ARGUMENT or NO_SPACE. */
int smtp__server_check_offer(smtp_server *server);

/* What is offered now: SMTP_EXT_ bits. */
uint32_t smtp__server_offered(const smtp_server *server);

/* dispatch.c: a line, and one that was refused before it was complete. */
void smtp__server_line(smtp_session *session, smtp_str line);
void smtp__server_bad_line(smtp_session *session, int error);
void smtp__server_done_atrn(smtp_server *server, int code);

/* auth.c */
uint32_t smtp__server_mechanisms(const smtp_server *server); /* SMTP_MECH_ bits to be had now */

/* Their names with spaces between them; SMTP__MECHANISM_NAMES octets are enough. */
smtp_str smtp__server_mechanism_names(const smtp_server *server, char *out, size_t capacity);
void smtp__server_run_auth(smtp_server *server, const smtp_command *command);
void smtp__server_auth_line(smtp_server *server, smtp_str line);
void smtp__server_bad_auth_line(smtp_server *server, int error);
void smtp__server_done_auth(smtp_server *server, int code);
void smtp__server_end_auth(smtp_server *server);

/* transaction.c */
void smtp__server_reset(smtp_server *server, int reason, int error);
void smtp__server_abandon(smtp_server *server, int reason, int error); /* tells the caller, no more
                                                                        */
void smtp__server_ask_data(smtp_server *server, int chunked);
void smtp__server_run_mail(smtp_server *server, const smtp_command *command);
void smtp__server_run_rcpt(smtp_server *server, const smtp_command *command);
void smtp__server_run_data(smtp_server *server, const smtp_command *command);
void smtp__server_done_mail(smtp_server *server, int code);
void smtp__server_done_rcpt(smtp_server *server, int code);
void smtp__server_done_data(smtp_server *server, int code);

/* content.c: the octets of messages. */
size_t smtp__server_octets(smtp_session *session, smtp_str input);
void smtp__server_begin_content(smtp_server *server);
SMTP__RARE void smtp__server_refuse_content(smtp_server *server, int error);
void smtp__server_done_body(smtp_server *server, int code);

/* message.c: the end of a message, and its replies. */
void smtp__server_end_content(smtp_server *server);
void smtp__server_go_on_ending(smtp_server *server);
SMTP__RARE void smtp__server_reply_refusal(smtp_server *server);
void smtp__server_done_message(smtp_server *server, int code);

/* chunk.c: BDAT. */
void smtp__server_run_bdat(smtp_server *server, const smtp_command *command);
SMTP__RARE void smtp__server_bad_bdat(smtp_server *server, const smtp_command *command, int error,
                                      size_t column);
void smtp__server_done_chunk_data(smtp_server *server, int code);
void smtp__server_end_chunk(smtp_server *server);

/* No octet of the chunks follows the last one: a CR that it is, is bare. */
void smtp__server_end_octets(smtp_server *server);

/* The transaction is over: a message that lacks a part must not be completed by the next one. */
SMTP__RARE void smtp__server_drop(smtp_server *server, int error);

/* burl.c: content that the caller fetches (RFC 4468). */
void smtp__server_run_burl(smtp_server *server, const smtp_command *command);
void smtp__server_done_burl(smtp_server *server, int code);

/* setup.c: greeting, hello and TLS. */
void smtp__server_start(smtp_session *session);
void smtp__server_tls_started(smtp_session *session);
void smtp__server_run_hello(smtp_server *server, const smtp_command *command);
void smtp__server_run_starttls(smtp_server *server, const smtp_command *command);
void smtp__server_done_connect(smtp_server *server, int code);
void smtp__server_done_hello(smtp_server *server, int code);
void smtp__server_done_starttls(smtp_server *server, int code);

/* Called when the greeting was held back long enough, or the client has spoken meanwhile. */
void smtp__server_end_delay(smtp_server *server);
int smtp__server_delays(const smtp_server *server); /* 1 until then */

#endif
