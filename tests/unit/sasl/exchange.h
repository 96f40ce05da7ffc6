/* SPDX-License-Identifier: MIT
 * Exchanges for tests: sides in storage of exact size, messages in blocks of exact size, and two
 * sides that talk to each other. */
#ifndef TESTS_UNIT_SASL_EXCHANGE_H
#define TESTS_UNIT_SASL_EXCHANGE_H

#include "sasl/digests.h"
#include "sasl/sasl.h"
#include "support/holds.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

/* What a message that is not there is. */
static const smtp_str nothing = {NULL, 0};

typedef struct side {
    smtp_sasl *sasl;
    unsigned char *storage;
    size_t bytes;
    crypto_state state;
    smtp_crypto crypto;
    smtp_str out; /* of the last step */
} side;

static inline void side_prepare(side *who, size_t more)
{
    memset(who, 0, sizeof *who);
    who->bytes = smtp_sasl_bytes() + more;
    who->storage = malloc(who->bytes);
    if (who->storage == NULL) {
        abort();
    }
    memset(who->storage, 0xA5, who->bytes);
    who->state.seed = 0x5EED0000 + more;
    who->crypto = crypto_of(&who->state);
}

static inline smtp_credentials credentials_of(const char *name, const char *password)
{
    smtp_credentials given;
    memset(&given, 0, sizeof given);
    given.size = sizeof given;
    given.name = smtp_text(name);
    given.password = smtp_text(password);
    return given;
}

static inline smtp_sasl_server_config config_of(const char *hostname)
{
    smtp_sasl_server_config config;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.hostname = smtp_text(hostname);
    config.fake_secret = smtp_text("sixteen octets or more");
    return config;
}

static inline smtp_sasl_answer answer_of(int verdict)
{
    smtp_sasl_answer answer;
    memset(&answer, 0, sizeof answer);
    answer.size = sizeof answer;
    answer.verdict = verdict;
    return answer;
}

static inline int side_client(side *who, int mechanism, const smtp_credentials *given)
{
    return smtp_sasl_client_init(&who->sasl, who->storage, who->bytes, mechanism, given,
                                 &who->crypto);
}

static inline int side_server(side *who, int mechanism, const smtp_sasl_server_config *config)
{
    return smtp_sasl_server_init(&who->sasl, who->storage, who->bytes, mechanism, config,
                                 &who->crypto);
}

/* A client or a server that is ready, with `more` storage than it must have. */
static inline void client_begin(side *who, int mechanism, const smtp_credentials *given,
                                size_t more)
{
    side_prepare(who, more);
    assert_int_equal(side_client(who, mechanism, given), 0);
}

static inline void server_begin(side *who, int mechanism, const smtp_sasl_server_config *config,
                                size_t more)
{
    side_prepare(who, more);
    assert_int_equal(side_server(who, mechanism, config), 0);
}

/* One step, with a copy of the message that is gone after it. */
static inline int side_step(side *who, smtp_str message)
{
    smtp_str copy = message.ptr != NULL ? octets_copy(message) : nothing;
    int result = smtp_sasl_step(who->sasl, copy, &who->out);
    octets_free(copy);
    assert_true(result >= 0 || who->out.ptr == NULL);
    return result;
}

static inline int side_hear(side *who, const char *text)
{
    return side_step(who, smtp_text(text));
}

static inline int side_answer(side *who, const smtp_sasl_answer *answer)
{
    int result = smtp_sasl_answered(who->sasl, answer, &who->out);
    assert_true(result >= 0 || who->out.ptr == NULL);
    return result;
}

static inline void assert_octets(smtp_str str, smtp_str expected)
{
    if (!smtp_str_equal(str, expected)) {
        fail_msg("'%.*s', not '%.*s'", (int)str.len, str.len > 0 ? str.ptr : "", (int)expected.len,
                 expected.ptr);
    }
}

static inline void assert_text(smtp_str str, const char *text)
{
    assert_octets(str, smtp_text(text));
}

/* The last step's message. */
static inline void assert_says(const side *who, const char *text)
{
    assert_non_null(who->out.ptr);
    assert_text(who->out, text);
}

/* Whether the octets are anywhere in the storage. */
static inline int side_holds(const side *who, smtp_str octets)
{
    return memory_holds(who->storage, who->bytes, octets.ptr, octets.len);
}

/* Ends it; nothing is left in the storage. */
static inline void side_end(side *who)
{
    int begun = who->sasl != NULL;
    smtp_sasl_end(who->sasl);
    for (size_t i = 0; i < who->bytes && begun; i++) {
        assert_int_equal(who->storage[i], 0);
    }
    free(who->storage);
}

/* Who is known to the servers of these tests. */
#define KNOWN_NAME "user"
#define KNOWN_PASSWORD "pencil"
#define KNOWN_TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="

/* Answers as a server would that knows one user, who may act as nobody else. */
static inline int answer_question(side *who)
{
    const smtp_sasl_question *question = smtp_sasl_asked(who->sasl);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_REFUSED);
    assert_non_null(question);
    int right = question->authzid.len == 0 && smtp_str_equal(question->name, smtp_text(KNOWN_NAME));
    if (question->kind != SMTP_SASL_ASK_VERDICT) {
        answer.password = smtp_text(KNOWN_PASSWORD); /* for a refusal, too */
    } else if (question->token.ptr != NULL) {
        answer.identity = smtp_text(KNOWN_NAME);
        right = smtp_str_equal(question->token, smtp_text(KNOWN_TOKEN));
    } else if (question->password.ptr != NULL) {
        right = right && smtp_str_equal(question->password, smtp_text(KNOWN_PASSWORD));
    }
    answer.verdict = right ? SMTP_SASL_ACCEPTED : SMTP_SASL_REFUSED;
    return side_answer(who, &answer);
}

/* Lets both talk until one has enough; with `initial` the client's first message goes with its
 * command. Gives the last results of both. */
static inline void talk(side *client, side *server, int initial, int *client_result,
                        int *server_result)
{
    int spoken;
    *client_result = side_step(client, nothing);
    spoken = client->out.ptr != NULL;
    if (*client_result < 0) {
        return;
    }
    *server_result = side_step(server, initial ? client->out : nothing);
    if (spoken && !initial) {
        assert_says(server, "");
        *server_result = side_step(server, client->out);
    }
    for (;;) {
        if (*server_result == SMTP_SASL_ASK) {
            *server_result = answer_question(server);
        }
        if (*server_result != SMTP_SASL_MORE) {
            return;
        }
        *client_result = side_step(client, server->out);
        if (*client_result < 0) {
            return;
        }
        *server_result = side_step(server, client->out);
    }
}

#endif
