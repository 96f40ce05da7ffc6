/* SPDX-License-Identifier: MIT
 * The server's side of each mechanism, against a client that is honest, knows nothing, or tampers:
 * nobody is let in whom the caller did not accept, and nothing of a secret stays. */
#include "sasl.h"

#include <stdlib.h>
#include <string.h>

#include "toy.h"

enum { STEPS = 6, MORE = 1024, SALT = 16 };

static const smtp_str absent = {NULL, 0};

typedef struct exchange {
    const smtp_mechanism *row;
    side server;
    side larger; /* the same with more storage */
    side client;
    choices from;
    smtp_str text;
    int forged;   /* a message was not the client's */
    int wrong;    /* the client has another password or token than it should have */
    int honest;   /* the client knows what it has to, and the server's answers are right */
    int answered; /* 1 once there was an answer */
    int accepted; /* it accepted */
    char named[SMTP_SASL_NAME_MAX + 1]; /* who it was about, and is to be the identity */
    size_t named_length;
} exchange;

static void make_config(side *who, choices from, smtp_sasl_server_config *out)
{
    uint32_t bits = draw_bits(&from, 1);

    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->hostname = side_lend(who, "mx.example");
    out->external = side_lend(who, bits & 1 ? NULL : SASL_NAME);
    out->oauth_error = side_lend(who, bits & 2 ? "{\"status\":\"401\"}" : NULL);
    out->fake_secret = side_lend(who, bits & 4 ? NULL : "sixteen octets or more");
    out->exporter = side_lend(who, bits & 8 ? NULL : SASL_BINDING);
    out->end_point = side_lend(who, bits & 16 ? NULL : SASL_BINDING);
    out->unique = side_lend(who, bits & 32 ? NULL : SASL_BINDING);
    out->plus_offered = bits >> 6 & 1;
    out->fake_iterations = bits >> 7 & 1 ? 5000 : 0;
}

/* The server in two storages. Returns 0 when its configuration is not for the mechanism. */
static int make_server(exchange *talk)
{
    smtp_sasl_server_config config;
    int bound;
    int error;

    side_make(&talk->server, 1, 0);
    side_make(&talk->larger, 1, MORE);
    make_config(&talk->larger, talk->from, &config);
    error = smtp_sasl_server_init(&talk->larger.sasl, talk->larger.storage, talk->larger.bytes,
                                  (int)talk->row->bit, &config, &toy_crypto);
    make_config(&talk->server, talk->from, &config);
    (void)draw_bits(&talk->from, 1);
    bound = config.exporter.len + config.end_point.len + config.unique.len > 0;
    CHECK(smtp_sasl_server_init(&talk->server.sasl, talk->server.storage, talk->server.bytes,
                                (int)talk->row->bit, &config, &toy_crypto) == error);
    CHECK(error == (talk->row->binds && !bound ? SMTP_ERR_ARGUMENT : SMTP_ERR_OK));
    if (config.external.len == 0 && talk->row->bit == SMTP_MECH_EXTERNAL)
        talk->honest = 0;
    if (talk->row->binds && config.exporter.len == 0)
        talk->honest = 0; /* the client uses that one */
    return error == SMTP_ERR_OK;
}

static void make_client(exchange *talk)
{
    smtp_credentials given;
    uint32_t bits = draw_bits(&talk->from, 1);
    int knows = (bits & 3) == 0;

    talk->wrong = bits >> 1 & 1;
    side_make(&talk->client, 0, MORE);
    memset(&given, 0, sizeof given);
    given.size = sizeof given;
    given.name = side_lend(&talk->client, bits & 1 ? SASL_OTHER : SASL_NAME);
    given.password = side_lend(&talk->client, bits & 2 ? "wrong horse" : SASL_PASSWORD);
    given.token = side_lend(&talk->client, bits & 2 ? "wrong" : SASL_TOKEN);
    if (bits & 4 && talk->row->bit != SMTP_MECH_LOGIN && talk->row->bit != SMTP_MECH_CRAM_MD5 &&
        talk->row->bit != SMTP_MECH_ANONYMOUS) {
        given.authzid = side_lend(&talk->client, "bob");
        knows = 0;
    }
    given.binding = SMTP_BINDING_EXPORTER;
    given.binding_data = side_lend(&talk->client, SASL_BINDING);
    given.plus_offered = 1;
    if (bits & 8) {
        given.binding = 1 + (int)(bits >> 4) % 3;
        knows = knows && !talk->row->binds;
    }
    CHECK(smtp_sasl_client_init(&talk->client.sasl, talk->client.storage, talk->client.bytes,
                                (int)talk->row->bit, &given, &toy_crypto) == SMTP_ERR_OK);
    talk->honest = talk->honest && knows;
}

/* What may be asked at all. */
static void check_question(const exchange *talk, const smtp_sasl_question *question)
{
    smtp_str storage = {(const char *)talk->server.storage, talk->server.bytes};
    const smtp_str parts[] = {question->authzid, question->name, question->host};
    uint32_t bit = talk->row->bit;
    int verdict = !is_scram(talk->row) && bit != SMTP_MECH_CRAM_MD5;
    int token = bit == SMTP_MECH_OAUTHBEARER || bit == SMTP_MECH_XOAUTH2;
    size_t i;

    CHECK(question->mechanism == (int)bit);
    CHECK((question->kind == SMTP_SASL_ASK_VERDICT) == verdict);
    CHECK((question->kind == SMTP_SASL_ASK_KEYS) == is_scram(talk->row));
    for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        CHECK(smtp_utf8_valid(parts[i], NULL) && is_free_of_controls(parts[i]));
        CHECK(parts[i].len <=
              (bit == SMTP_MECH_ANONYMOUS ? SMTP_SASL_TRACE_MAX : SMTP_SASL_NAME_MAX));
        CHECK(is_within(parts[i], storage) || bit == SMTP_MECH_EXTERNAL);
    }
    CHECK(question->name.len > 0 || bit == SMTP_MECH_OAUTHBEARER || bit == SMTP_MECH_ANONYMOUS);
    CHECK(question->authzid.len == 0 || !smtp_str_equal(question->authzid, question->name));
    CHECK((question->password.len > 0) == (bit == SMTP_MECH_PLAIN || bit == SMTP_MECH_LOGIN));
    CHECK((question->token.len > 0) == token);
    CHECK(question->port <= 65535);
}

/* 1 when a caller who knows one user would accept. */
static int is_right(const exchange *talk, const smtp_sasl_question *question)
{
    if (question->authzid.len > 0)
        return question->name.len == 0 && smtp_str_equal(question->authzid, smtp_text(SASL_NAME)) &&
               smtp_str_equal(question->token, smtp_text(SASL_TOKEN));
    if (talk->row->bit == SMTP_MECH_ANONYMOUS)
        return 1;
    if (question->token.len > 0)
        return smtp_str_equal(question->token, smtp_text(SASL_TOKEN));
    if (question->password.len > 0 && !smtp_str_equal(question->password, smtp_text(SASL_PASSWORD)))
        return 0;
    return smtp_str_equal(question->name, smtp_text(SASL_NAME));
}

/* Who is to be the identity when the answer names nobody. */
static void note_named(exchange *talk, const smtp_sasl_question *question)
{
    smtp_str named = question->authzid.len > 0 ? question->authzid : question->name;

    if (talk->row->bit == SMTP_MECH_ANONYMOUS)
        named = smtp_text("anonymous");
    talk->named_length = named.len;
    if (named.len > 0)
        memcpy(talk->named, named.ptr, named.len);
}

/* An answer that is right, or a refusal, or nonsense, to both servers. */
static void answer(exchange *talk)
{
    static const char octets[SMTP_SASL_SALT_MAX + 1] = "salt";
    const smtp_sasl_question *question = smtp_sasl_asked(talk->server.sasl);
    uint32_t how = draw(&talk->from, 8);
    smtp_sasl_answer given;

    check_question(talk, question);
    note_named(talk, question);
    memset(&given, 0, sizeof given);
    given.size = sizeof given;
    given.verdict = is_right(talk, question) ? SMTP_SASL_ACCEPTED : SMTP_SASL_REFUSED;
    given.password = smtp_text(SASL_PASSWORD);
    given.salt.ptr = octets;
    if (how >= 4)
        talk->honest = 0;
    if (how == 1 || question->token.len > 0)
        given.identity = smtp_text("someone");
    if (how == 2)
        given.salt.len = SALT;
    if (how == 3)
        given.salt.len = SMTP_SASL_SALT_MAX;
    if (how == 4)
        given.verdict = SMTP_SASL_REFUSED;
    if (how == 5)
        given.verdict = draw(&talk->from, 2) ? SMTP_SASL_TRY_LATER : 9;
    if (how == 6)
        given.password = absent;
    if (how == 7)
        given.salt.len = sizeof octets;
    talk->answered = 1;
    talk->accepted = given.verdict == SMTP_SASL_ACCEPTED;
    if (given.identity.len > 0) {
        talk->named_length = given.identity.len;
        memcpy(talk->named, given.identity.ptr, given.identity.len);
    }
    (void)side_answer(&talk->larger, &given);
    (void)side_answer(&talk->server, &given);
    CHECK(how != 5 || talk->server.result < 0);
}

/* The two servers differ only in what they have no room for. Returns 0 when they have parted. */
static int compare(const exchange *talk)
{
    if (talk->server.result == SMTP_ERR_NO_MEMORY)
        return 0;
    CHECK(talk->server.result == talk->larger.result);
    CHECK(smtp_str_equal(talk->server.out, talk->larger.out));
    return 1;
}

/* The first message of a SCRAM server is of one form. */
static void check_challenge(const exchange *talk)
{
    static const char *const parts[] = {"r=", ",s=", ",i="};
    smtp_str rest = talk->server.out;
    size_t i;

    for (i = 0; i < 3; i++) {
        size_t len = strlen(parts[i]);
        while (rest.len >= len && memcmp(rest.ptr, parts[i], len) != 0)
            rest = part(rest, 1, rest.len - 1);
        CHECK(rest.len >= len);
    }
    CHECK(memcmp(talk->server.out.ptr, "r=", 2) == 0);
    CHECK(is_free_of_controls(talk->server.out));
}

/* One turn: the client says something, and the server answers. Returns 0 at the end. */
static int turn(exchange *talk, int first)
{
    char room[SASL_ROOM];
    smtp_str message =
        draw_message(&talk->from, talk->client.out, &talk->text, room, &talk->forged);
    int unusual = first && draw(&talk->from, 2) == 1;

    if (first && (talk->client.out.ptr == NULL) != unusual)
        message = absent; /* no initial response */
    else if (unusual)
        talk->forged = 1;
    (void)side_step(&talk->larger, message);
    (void)side_step(&talk->server, message);
    if (!compare(talk))
        return 0;
    if (talk->server.result == SMTP_SASL_ASK) {
        answer(talk);
        if (!compare(talk))
            return 0;
        if (is_scram(talk->row) && talk->server.result == SMTP_SASL_MORE)
            check_challenge(talk);
    }
    if (talk->server.result != SMTP_SASL_MORE)
        return 0;
    if (message.ptr != NULL || talk->client.out.ptr == NULL) {
        if (talk->client.result >= 0)
            (void)side_step(&talk->client, talk->server.out);
        else
            talk->client.out = absent;
    }
    return 1;
}

/* How it came out. */
static void check_end(exchange *talk)
{
    smtp_str named = {talk->named, talk->named_length};
    smtp_str out;
    int result = talk->server.result;

    if (result == SMTP_SASL_DONE) {
        CHECK(talk->answered && talk->accepted);
        CHECK(smtp_str_equal(smtp_sasl_identity(talk->server.sasl), named));
    }
    if (talk->wrong && !talk->forged)
        CHECK(result != SMTP_SASL_DONE || talk->row->bit == SMTP_MECH_ANONYMOUS ||
              talk->row->bit == SMTP_MECH_EXTERNAL);
    if (talk->honest && !talk->forged)
        CHECK(result == SMTP_SASL_DONE && talk->client.result == SMTP_SASL_DONE);
    if (result < 0 || result == SMTP_SASL_DONE)
        CHECK(smtp_sasl_step(talk->server.sasl, absent, &out) == SMTP_ERR_STATE);
    if (result < 0) {
        CHECK(!side_holds(&talk->server, SASL_PASSWORD));
        CHECK(!side_holds(&talk->server, SASL_TOKEN));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    exchange talk;
    int steps;

    memset(&talk, 0, sizeof talk);
    talk.from = in.choices;
    talk.text = in.text;
    talk.row = draw_mechanism(&talk.from);
    talk.honest = 1;
    if (make_server(&talk)) {
        make_client(&talk);
        (void)side_step(&talk.client, absent);
        for (steps = 0; steps < STEPS && turn(&talk, steps == 0); steps++) {
        }
        check_end(&talk);
        side_drop(&talk.client);
    }
    side_drop(&talk.server);
    side_drop(&talk.larger);
    free(in.block);
    return 0;
}
