/* SPDX-License-Identifier: MIT
 * One side of an exchange, and what the mechanisms do with it. */
#ifndef SMTP_SASL_SASL_H
#define SMTP_SASL_SASL_H

#include "base/writer.h"
#include "smtp/sasl.h"
#include "syntax/cursor.h"

enum { SMTP__SASL_TURNS = 3 }; /* messages of the peer that a mechanism takes, at most */

/* Takes a message of the peer, which has a pointer even when it is empty. Results are those of
 * smtp_sasl_step(). */
typedef int smtp__sasl_step(smtp_sasl *sasl, smtp_str message, smtp_str *out);

/* Takes the caller's answer, which is not TRY_LATER. Results are those of smtp_sasl_answered(). */
typedef int smtp__sasl_answer(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out);

/* What a mechanism needs of the credentials, and what it can say of them. */
enum smtp__sasl_traits {
    SMTP__SASL_NAME = 1 << 0,
    SMTP__SASL_PASSWORD = 1 << 1,
    SMTP__SASL_TOKEN = 1 << 2,
    SMTP__SASL_AUTHZID = 1 << 3, /* not needed, but it can be said */
    SMTP__SASL_UNASKED = 1 << 4  /* a server that speaks first takes the answer before it has */
};

/* A row of the table of what mechanisms do. */
typedef struct smtp__sasl_steps {
    uint32_t bits; /* SMTP_MECH_ */
    uint32_t traits;
    smtp__sasl_step *client[SMTP__SASL_TURNS];
    smtp__sasl_step *server[SMTP__SASL_TURNS];
    smtp__sasl_answer *answered;
} smtp__sasl_steps;

struct smtp_sasl {
    const smtp__sasl_steps *steps; /* NULL: a plug-in's */
    const smtp_mechanism *mechanism;
    const smtp_crypto *crypto;
    const smtp_sasl_plugin *plugin;
    void *exchange; /* the plug-in's */
    union {
        smtp_credentials client;
        smtp_sasl_server_config server;
    } given;
    smtp_sasl_question question; /* kind is 0 when none is open */
    smtp_str identity;           /* once the caller has accepted it */
    smtp__writer text;    /* in what follows this structure: messages, and at its end what is kept
                           */
    size_t bytes;         /* of the storage */
    smtp_str binding;     /* SCRAM: channel binding data; absent: none */
    smtp_str nonce;       /* SCRAM: the client's, then both */
    size_t header_length; /* SCRAM: of the GS2 header, with which `text` begins */
    unsigned char stored_key[SMTP_SASL_DIGEST_MAX];
    unsigned char server_key[SMTP_SASL_DIGEST_MAX];
    unsigned char expected[SMTP_SASL_DIGEST_MAX]; /* SCRAM: the server's signature. CRAM-MD5: what
                                                   * the client says, in hexadecimal */
    uint8_t is_server;
    uint8_t client_first;
    uint8_t begun;
    uint8_t turn;    /* how many have been taken */
    uint8_t over;    /* no step follows */
    uint8_t done;    /* server: authenticated */
    uint8_t proved;  /* client: the server is */
    uint8_t known;   /* SCRAM: the keys are somebody's */
    uint8_t decided; /* a plug-in's server: it has succeeded, the client has to hear the rest */
};

/* object.c: gives what was written to `text` since `start` as the message to send. Returns
 * `result`, or NO_MEMORY when it did not fit. */
int smtp__sasl_say(const smtp_sasl *sasl, size_t start, int result, smtp_str *out);

/* Writes to `text` and gives what was written there; NO_MEMORY when it did not fit. */
int smtp__sasl_copy(smtp_sasl *sasl, smtp_str from, smtp_str *out);

/* The same at the end of the room, where it stands until the end of the exchange. */
int smtp__sasl_keep(smtp_sasl *sasl, smtp_str from, smtp_str *out);

/* Wipes `text` but for what is kept. */
void smtp__sasl_clear(smtp_sasl *sasl);

/* Wipes all that the exchange has learnt. */
void smtp__sasl_wipe(smtp_sasl *sasl);

/* Puts the question. Returns SMTP_SASL_ASK. */
int smtp__sasl_ask(smtp_sasl *sasl, int kind);

/* Takes the identity of an answer that accepts. Returns 0, ARGUMENT when there is none, or
 * NO_MEMORY. */
int smtp__sasl_identify(smtp_sasl *sasl, const smtp_sasl_answer *answer);

/* Does what a verdict says: DONE or AUTH_FAILED. */
smtp__sasl_answer smtp__sasl_decide;

/* text.c: judges an identity or a password: 0; AUTH_PROTOCOL when it is not UTF-8 or has a NUL;
 * AUTH_FAILED when it is empty, longer than `max`, or has a control character, which no prepared
 * string has (RFC 4013 2.3). */
int smtp__sasl_prepared(smtp_str text, size_t max);

/* The same for what may be empty. */
int smtp__sasl_optional(smtp_str text, size_t max);

/* 1 when there are only visible ASCII characters and at least one. */
int smtp__sasl_visible(smtp_str text);

/* Reads up to an octet, or to the end. */
smtp_str smtp__sasl_take_until(smtp__cursor *cursor, char octet);

/* plain.c, external.c, cram.c, oauth.c, scram_client.c, scram_server.c */
smtp__sasl_step smtp__plain_say, smtp__plain_hear;
smtp__sasl_step smtp__login_say_name, smtp__login_say_password;
smtp__sasl_step smtp__login_prompt, smtp__login_hear_name, smtp__login_hear_password;
smtp__sasl_step smtp__external_say, smtp__external_hear;
smtp__sasl_step smtp__anonymous_say, smtp__anonymous_hear;
smtp__sasl_answer smtp__anonymous_answered;
smtp__sasl_step smtp__cram_respond, smtp__cram_challenge, smtp__cram_hear;
smtp__sasl_answer smtp__cram_answered;
smtp__sasl_step smtp__oauthbearer_say, smtp__oauthbearer_hear;
smtp__sasl_step smtp__xoauth2_say, smtp__xoauth2_hear;
smtp__sasl_step smtp__oauth_yield_say, smtp__xoauth2_yield_say, smtp__oauth_yield_hear;
smtp__sasl_answer smtp__oauth_answered;
smtp__sasl_step smtp__scram_say_first, smtp__scram_say_final, smtp__scram_verify;
smtp__sasl_step smtp__scram_hear_first, smtp__scram_hear_final, smtp__scram_hear_end;
smtp__sasl_answer smtp__scram_answered;

/* plugin.c: a step of a plug-in. */
smtp__sasl_step smtp__plugin_turn;

#endif
