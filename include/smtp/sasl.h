/* SPDX-License-Identifier: MIT
 * SASL mechanisms, both sides, as state machines without I/O, over the caller's cryptography (RFC
 * 4422, RFC 4954). */
#ifndef SMTP_SASL_H
#define SMTP_SASL_H

#include "base.h"
#include "extension.h"

#ifdef __cplusplus
extern "C" {
#endif

enum smtp_sasl_limit {
    SMTP_SASL_DIGEST_MAX = 32,
    SMTP_SASL_NAME_MAX = 255,     /* octets of an identity (RFC 4616 2) */
    SMTP_SASL_PASSWORD_MAX = 255, /* octets of a password (RFC 4616 2) */
    SMTP_SASL_TRACE_MAX = 1020,   /* octets of the trace information of ANONYMOUS (RFC 4505 2) */
    SMTP_SASL_MESSAGE_MAX = 9216, /* octets of a message before base64: a line of 12288 (RFC 4954 4)
                                   */
    SMTP_SASL_ITERATIONS_MIN = 4096,    /* of SCRAM, that a client takes (RFC 7677 4) */
    SMTP_SASL_ITERATIONS_MAX = 1000000, /* and no more: each costs time */
    SMTP_SASL_SALT_MAX = 64,            /* octets of a SCRAM salt */
    SMTP_SASL_SALT = 16,                /* octets of the salt of a user who is not known */
    SMTP_SASL_FAKE_SECRET_MIN = 16,
    SMTP_SASL_PLUGINS_MAX = 15 /* mechanisms of the caller's own in a session */
};

/* The caller's cryptography. Each function returns 0, or anything else when it failed. No slice has
 * a NULL pointer, but it may be empty. */
typedef struct smtp_crypto {
    size_t size; /* sizeof(smtp_crypto) */
    /* The digest of data, to out. */
    int (*hash)(int hash, smtp_str data, unsigned char *out, void *user);
    /* The HMAC (RFC 2104) of data under key, to out. */
    int (*hmac)(int hash, smtp_str key, smtp_str data, unsigned char *out, void *user);
    /* PBKDF2 with HMAC (RFC 8018 5.2), one block of the digest's length. NULL: the library makes it
     * of hmac. */
    int (*pbkdf2)(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                  unsigned char *out, void *user);
    /* Octets that nobody can guess. */
    int (*random)(unsigned char *out, size_t len, void *user);
    void *user;
} smtp_crypto;

enum smtp_binding {
    SMTP_BINDING_NONE = 0,
    SMTP_BINDING_EXPORTER = 1,  /* tls-exporter (RFC 9266) */
    SMTP_BINDING_END_POINT = 2, /* tls-server-end-point (RFC 5929) */
    SMTP_BINDING_UNIQUE = 3     /* tls-unique (RFC 5929): not with TLS 1.3 */
};

/* What a client proves who it is with. The slices are borrowed until the end. What a mechanism does
 * not need may be empty. Text is UTF-8 without control characters and is sent as given: ASCII needs
 * no preparation, and other text had best been prepared by the caller (SASLprep, RFC 4013). */
typedef struct smtp_credentials {
    size_t size;      /* sizeof(smtp_credentials) */
    smtp_str authzid; /* identity to act as; empty: the same */
    smtp_str name;    /* identity that proves itself; ANONYMOUS: the trace information */
    smtp_str password;
    smtp_str token;        /* OAUTHBEARER, XOAUTH2: the access token */
    smtp_str host;         /* OAUTHBEARER: of the server, may be empty */
    uint32_t port;         /* OAUTHBEARER: 0: not said */
    int binding;           /* SMTP_BINDING_: the type of binding_data */
    smtp_str binding_data; /* what TLS gave for it; empty: there is none, and -PLUS cannot be used
                            */
    uint32_t plus_offered; /* 1: the server offered a -PLUS mechanism: downgrade protection (RFC
                              5802 6) */
    uint32_t reserved;
} smtp_credentials;

/* What a server wants to know about who authenticates. Whether authzid may be acted as by name is a
 * part of every question. Identities and passwords are UTF-8 without control characters, as the
 * client sent them: ASCII can be compared as it is, other text is for the caller to prepare first
 * (SASLprep, RFC 4013), as was done with what is stored. The slices point into the exchange. */
typedef struct smtp_sasl_question {
    int mechanism;     /* SMTP_MECH_ */
    int kind;          /* SMTP_SASL_ASK_ */
    smtp_str authzid;  /* whom it wants to act as, where that is not name; else empty */
    smtp_str name;     /* who proves itself. EXTERNAL: who TLS says it is. OAUTHBEARER: empty, the
                          token says it. ANONYMOUS: the trace information, which proves nothing */
    smtp_str password; /* SMTP_SASL_ASK_VERDICT of PLAIN and LOGIN */
    smtp_str token;    /* SMTP_SASL_ASK_VERDICT of OAUTHBEARER and XOAUTH2 */
    smtp_str host;     /* OAUTHBEARER: what the client takes the server for; may be empty */
    uint32_t port;     /* OAUTHBEARER: 0: not said */
} smtp_sasl_question;

enum smtp_sasl_ask {
    SMTP_SASL_ASK_NONE = 0,
    SMTP_SASL_ASK_VERDICT = 1,  /* is this password or token right? answer with verdict */
    SMTP_SASL_ASK_PASSWORD = 2, /* CRAM-MD5: answer with password */
    SMTP_SASL_ASK_KEYS = 3 /* SCRAM: answer with salt, iterations, stored_key and server_key, or
                              with password */
};

enum smtp_sasl_verdict {
    SMTP_SASL_REFUSED = 0,  /* unknown, wrong, or not allowed: 535 */
    SMTP_SASL_ACCEPTED = 1, /* the verdict, or: the keys or the password are given */
    SMTP_SASL_TRY_LATER = 2 /* it cannot be told now: 454 */
};

/* The answer of a server. Copied, and the password not kept. SCRAM goes on after
 * SMTP_SASL_REFUSED as for one who is known, with a salt that stays the same for the name, and
 * fails at its end. Who answers SCRAM with passwords gives any password with a refusal, too, so
 * that it takes the same time. */
typedef struct smtp_sasl_answer {
    size_t size;         /* sizeof(smtp_sasl_answer) */
    int verdict;         /* SMTP_SASL_ */
    uint32_t iterations; /* 0: with a password, fake_iterations */
    smtp_str password;
    smtp_str salt;       /* 1 to SMTP_SASL_SALT_MAX octets; empty: with a password, one is made */
    smtp_str stored_key; /* RFC 5802 3 */
    smtp_str server_key;
    smtp_str identity; /* who it is, where that is neither the authzid nor the name, as with a token
                          that says it; empty: the authzid, or the name */
} smtp_sasl_answer;

/* What a step came to. */
enum smtp_sasl_result {
    SMTP_SASL_MORE = 0, /* send the message, wait for the peer's (client: it may be empty) */
    SMTP_SASL_DONE = 1, /* client: the last message, and the server's word decides; where the server
                         * proves itself, it has, so a 235 before this is a failure. server: the
                         * client is authenticated, and there is no message */
    SMTP_SASL_ASK = 2   /* server: a question is to be answered */
};

/* One side of one exchange. */
typedef struct smtp_sasl smtp_sasl;

/* How many octets a side needs: storage for either, of any mechanism. What is given beyond it
 * lengthens the messages that can be made and taken. It is enough for identities and passwords of
 * the longest kind; add the length of the longest token for OAUTHBEARER and XOAUTH2, and four
 * octets for each comma and equals sign in the identities of SCRAM where they are of the longest
 * kind. Inside a callback: yes. */
SMTP_API size_t smtp_sasl_bytes(void);

/* Begins the client's side in the caller's storage, aligned for a pointer and a uint64_t. crypto
 * may be NULL for mechanisms that need none; it is borrowed until the end. Returns 0, ARGUMENT
 * (something that the mechanism needs is missing, or too long, or not text, or it cannot say the
 * authzid), UNSUPPORTED (the mechanism is not known, or needs more of crypto), NO_MEMORY, NEWER.
 * Inside a callback: yes. */
SMTP_API int smtp_sasl_client_init(smtp_sasl **out, void *storage, size_t bytes, int mechanism,
                                   const smtp_credentials *credentials, const smtp_crypto *crypto);

/* What a server's side must know. The slices are borrowed until the end. */
typedef struct smtp_sasl_server_config {
    size_t size;          /* sizeof(smtp_sasl_server_config) */
    smtp_str hostname;    /* CRAM-MD5: for the challenge */
    smtp_str external;    /* EXTERNAL: who TLS says the client is; empty: nobody */
    smtp_str oauth_error; /* OAUTHBEARER, XOAUTH2: what is said of a refused token, JSON (RFC
                             7628 3.2.2); empty: only that it is not valid */
    smtp_str fake_secret; /* at least SMTP_SASL_FAKE_SECRET_MIN secret octets, the same for all
                           * sessions: what salts of unknown users are made of; empty: random ones,
                           * which tells who is known */
    smtp_str exporter;    /* channel binding data by type; empty: not to be had */
    smtp_str end_point;
    smtp_str unique;
    uint32_t plus_offered; /* 1: a -PLUS mechanism was offered: downgrade protection (RFC 5802 6) */
    uint32_t fake_iterations; /* for unknown users; 0: SMTP_SASL_ITERATIONS_MIN */
} smtp_sasl_server_config;

/* Begins the server's side. Otherwise as smtp_sasl_client_init. Inside a callback: yes. */
SMTP_API int smtp_sasl_server_init(smtp_sasl **out, void *storage, size_t bytes, int mechanism,
                                   const smtp_sasl_server_config *config,
                                   const smtp_crypto *crypto);

/* One step of a plug-in's exchange. Made by the library. */
typedef struct smtp_sasl_turn {
    const smtp_credentials *credentials;   /* the client's side, else NULL; as given */
    const smtp_sasl_server_config *config; /* the server's side, else NULL */
    void *exchange; /* the plug-in's own, NULL at the first step; what it sets is there at the next
                     */
    smtp_str message;  /* of the peer; absent where there is none yet */
    smtp_str out;      /* to be set to what is to be sent: valid until the next step or the end. A
                        * server's that comes with SMTP_SASL_DONE goes as one more challenge, whose
                        * answer is empty (RFC 4954 4) */
    smtp_str identity; /* a server's, to be set with SMTP_SASL_DONE: copied */
    int proved;        /* a client's, to be set to 1 once the server has proved itself */
} smtp_sasl_turn;

/* A mechanism of the caller, as by another SASL library: it stands in the configuration of a
 * session, where it takes the place of the library's of the same name, or is used by itself. Both
 * functions return SMTP_SASL_MORE or SMTP_SASL_DONE, or an error as smtp_sasl_step() does; NULL:
 * there is no such side. A server's asks nobody: it decides by itself. It must not negotiate a
 * security layer: TLS is the only one that a session has. */
typedef struct smtp_sasl_plugin {
    size_t size;           /* sizeof(smtp_sasl_plugin) */
    smtp_str name;         /* 1 to 20 of A-Z, 0-9, "-", "_" (RFC 4422 3.1). One that ends in "-PLUS"
                            * is for sessions with channel binding only */
    uint32_t strength;     /* as in smtp_mechanism, whose table has from 5 to 80 */
    uint32_t plain;        /* as in smtp_mechanism */
    uint32_t client_first; /* as in smtp_mechanism */
    uint32_t mutual; /* 1: the server proves itself too, and a client that has not seen that does
                        not believe a success */
    int (*client_step)(smtp_sasl_turn *turn, void *user);
    int (*server_step)(smtp_sasl_turn *turn, void *user);
    void (*end)(void *exchange, void *user); /* releases it; not called while it is NULL */
    void *user;
} smtp_sasl_plugin;

/* Begins the client's side of a plug-in, which is borrowed until the end. Returns 0, ARGUMENT,
 * UNSUPPORTED (it has no such side), NO_MEMORY, NEWER. Inside a callback: yes. */
SMTP_API int smtp_sasl_client_init_plugin(smtp_sasl **out, void *storage, size_t bytes,
                                          const smtp_sasl_plugin *plugin,
                                          const smtp_credentials *credentials);

/* Begins its server's side. Inside a callback: yes. */
SMTP_API int smtp_sasl_server_init_plugin(smtp_sasl **out, void *storage, size_t bytes,
                                          const smtp_sasl_plugin *plugin,
                                          const smtp_sasl_server_config *config);

/* Takes the peer's message (decoded from base64) and makes the next one. `message` absent (ptr
 * NULL): there is none yet, which is not the same as an empty one (an initial response of no
 * octets). A client's first step gives its initial response; where the server speaks first, *out is
 * absent then, and step again with the challenge. *out points into the exchange and is valid until
 * the next step. Returns SMTP_SASL_MORE, DONE, ASK, or AUTH_PROTOCOL (malformed, or out of turn:
 * 501), AUTH_FAILED (server: 535; client: the server said so), AUTH_SERVER (client: the server's
 * nonce, iteration count or signature is not to be trusted), NO_MEMORY (a message is longer than
 * the storage: 500), ARGUMENT (the cryptography failed: 454), ARGUMENT_UNEXPECTED (an initial
 * response, where the server has to speak first: 501; LOGIN takes it for the name), STATE. After an
 * error the exchange is over. Inside a callback: yes. */
SMTP_API int smtp_sasl_step(smtp_sasl *sasl, smtp_str message, smtp_str *out);

/* The question of a server's side, valid until it is answered, or NULL. Inside a callback: yes. */
SMTP_API const smtp_sasl_question *smtp_sasl_asked(const smtp_sasl *sasl);

/* Answers it; otherwise as smtp_sasl_step(). ARGUMENT also stands for an answer that lacks
 * something, or has no identity to give; TRY_LATER gives AUTH_CANCELLED. Inside a callback: yes. */
SMTP_API int smtp_sasl_answered(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out);

/* The identity that was authenticated (server's side, after DONE): that of the answer, or the
 * authorization identity, or the name; "anonymous" for ANONYMOUS. Absent before. Valid until the
 * end. Inside a callback: yes. */
SMTP_API smtp_str smtp_sasl_identity(const smtp_sasl *sasl);

/* 1 when the exchange is of a kind in which the server proves itself too and has done so. Inside a
 * callback: yes. */
SMTP_API int smtp_sasl_server_proved(const smtp_sasl *sasl);

/* Wipes the exchange, at whatever step it is. NULL is allowed. Inside a callback: yes. */
SMTP_API void smtp_sasl_end(smtp_sasl *sasl);

/* What a server stores for SCRAM instead of a password (RFC 5802 3): stored_key and server_key,
 * each of the digest's length. Salts are best of SMTP_SASL_SALT octets, as those of unknown users
 * are. Returns 0, ARGUMENT (also: a password that is not text, no salt or too long a one, fewer
 * iterations than SMTP_SASL_ITERATIONS_MIN or more than _MAX; the cryptography failed), or
 * UNSUPPORTED when crypto is NULL. Inside a callback: yes. */
SMTP_API int smtp_scram_keys(const smtp_crypto *crypto, int hash, smtp_str password, smtp_str salt,
                             uint32_t iterations, unsigned char *stored_key,
                             unsigned char *server_key);

/* The functions above that a session needs. Sessions call them through this table, so that a
 * program that does not authenticate is linked without them. */
typedef struct smtp_sasl_suite {
    size_t size; /* sizeof(smtp_sasl_suite) */
    size_t (*bytes)(void);
    int (*client_init)(smtp_sasl **out, void *storage, size_t bytes, int mechanism,
                       const smtp_credentials *credentials, const smtp_crypto *crypto);
    int (*server_init)(smtp_sasl **out, void *storage, size_t bytes, int mechanism,
                       const smtp_sasl_server_config *config, const smtp_crypto *crypto);
    int (*client_init_plugin)(smtp_sasl **out, void *storage, size_t bytes,
                              const smtp_sasl_plugin *plugin, const smtp_credentials *credentials);
    int (*server_init_plugin)(smtp_sasl **out, void *storage, size_t bytes,
                              const smtp_sasl_plugin *plugin,
                              const smtp_sasl_server_config *config);
    int (*step)(smtp_sasl *sasl, smtp_str message, smtp_str *out);
    const smtp_sasl_question *(*asked)(const smtp_sasl *sasl);
    int (*answered)(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out);
    smtp_str (*identity)(const smtp_sasl *sasl);
    int (*server_proved)(const smtp_sasl *sasl);
    void (*end)(smtp_sasl *sasl);
} smtp_sasl_suite;

/* The table, with all mechanisms. Inside a callback: yes. */
SMTP_API const smtp_sasl_suite *smtp_sasl_suite_all(void);

#ifdef __cplusplus
}
#endif
#endif
