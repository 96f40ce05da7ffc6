/* SPDX-License-Identifier: MIT
 * Users: names and passwords of the command line, and what SCRAM keeps instead of a password. */
#include "users.h"

#include <stdlib.h>
#include <string.h>

#include <smtp/transport.h>

#include "connection.h"

/* The digests that SCRAM is offered with. */
static const int hashes[] = {SMTP_HASH_SHA1, SMTP_HASH_SHA256};

enum {
    HASHES = sizeof hashes / sizeof hashes[0],
    /* As for users who are not known: another number would tell who is. */
    ITERATIONS = SMTP_SASL_ITERATIONS_MIN
};

struct keys {
    unsigned char stored[SMTP_SASL_DIGEST_MAX];
    unsigned char server[SMTP_SASL_DIGEST_MAX];
};

struct user {
    smtp_str name; /* both of the command line */
    smtp_str password;
    unsigned char salt[SMTP_SASL_SALT];
    struct keys keys[HASHES]; /* in the order of hashes[] */
};

static smtp_str octets_of(const void *ptr, size_t len)
{
    smtp_str octets;

    octets.ptr = ptr;
    octets.len = len;
    return octets;
}

/* Cuts NAME:PASSWORD at its first colon. Returns 0 or -1. */
static int read_user(struct user *user, const char *word)
{
    const char *colon = strchr(word, ':');

    if (colon == NULL)
        return -1;
    user->name = octets_of(word, (size_t)(colon - word));
    user->password = smtp_text(colon + 1);
    return user->name.len > 0 && user->name.len <= SMTP_SASL_NAME_MAX && user->password.len > 0 &&
                   user->password.len <= SMTP_SASL_PASSWORD_MAX
               ? 0
               : -1;
}

static int make_keys(struct user *user, const smtp_crypto *crypto)
{
    size_t i;

    if (crypto->random(user->salt, sizeof user->salt, crypto->user) != 0)
        return -1;
    for (i = 0; i < HASHES; i++) {
        if (smtp_scram_keys(crypto, hashes[i], user->password,
                            octets_of(user->salt, sizeof user->salt), ITERATIONS,
                            user->keys[i].stored, user->keys[i].server) != 0)
            return -1;
    }
    return 0;
}

const char *users_open(struct users *users, const struct option_list *words,
                       const smtp_crypto *crypto)
{
    unsigned char *secret = (unsigned char *)users->fake_secret;
    size_t i;

    users->list = calloc(words->count, sizeof *users->list);
    if (users->list == NULL)
        return "there is no memory";
    users->count = words->count;
    if (crypto != NULL && crypto->random(secret, FAKE_SECRET, crypto->user) != 0)
        return "there is nothing random";
    for (i = 0; i < words->count; i++) {
        if (read_user(&users->list[i], words->items[i]) != 0)
            return "needs NAME:PASSWORD, each of 1 to 255 octets";
        if (crypto != NULL && make_keys(&users->list[i], crypto) != 0)
            return "has a password that no keys can be made of";
    }
    return NULL;
}

void users_close(struct users *users)
{
    if (users->list != NULL)
        smtp_wipe(users->list, users->count * sizeof *users->list);
    free(users->list);
    smtp_wipe(users, sizeof *users);
}

/* The user of a question, or NULL. Nobody acts as somebody else. */
static const struct user *find(const struct users *users, const smtp_sasl_question *question)
{
    size_t i;

    if (question->authzid.len > 0 && !smtp_str_equal(question->authzid, question->name))
        return NULL;
    for (i = 0; i < users->count; i++) {
        if (smtp_str_equal(users->list[i].name, question->name))
            return &users->list[i];
    }
    return NULL;
}

static int hash_of(int mechanism)
{
    const smtp_mechanism *row;
    size_t i;

    for (i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        if (row->bit == (uint32_t)mechanism)
            return row->hash;
    }
    return SMTP_HASH_NONE;
}

/* Fills in the keys of the mechanism's digest. */
static void give_keys(smtp_sasl_answer *answer, const struct user *user, int mechanism)
{
    size_t length = hash_of(mechanism) == SMTP_HASH_SHA1 ? 20 : 32;
    size_t i;

    for (i = 0; i < HASHES; i++) {
        if (hashes[i] == hash_of(mechanism)) {
            answer->stored_key = octets_of(user->keys[i].stored, length);
            answer->server_key = octets_of(user->keys[i].server, length);
        }
    }
    answer->salt = octets_of(user->salt, sizeof user->salt);
    answer->iterations = ITERATIONS;
}

int users_auth(smtp_server *server, const smtp_auth_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    const struct connection *connection = adapter->io;
    const smtp_sasl_question *question = event->question;
    const struct user *found = find(&connection->shelf->receiver->users, question);
    smtp_sasl_answer answer;

    if (question->kind == SMTP_SASL_ASK_VERDICT)
        return found != NULL && smtp_secret_equal(found->password, question->password) ? SMTP_ACCEPT
                                                                                       : 535;
    if (found == NULL)
        return 535;
    memset(&answer, 0, sizeof answer);
    answer.size = sizeof answer;
    answer.verdict = SMTP_SASL_ACCEPTED;
    if (question->kind == SMTP_SASL_ASK_KEYS)
        give_keys(&answer, found, question->mechanism);
    else
        answer.password = found->password;
    return smtp_server_auth(server, event->ticket, &answer, connection->stream.now) == 0
               ? SMTP_ACCEPT
               : 454;
}
