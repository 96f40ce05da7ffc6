/* SPDX-License-Identifier: MIT
 * The client's side of each mechanism, against a server that is honest, knows nothing, or tampers:
 * only a server that knows the password is believed, and no secret goes out where it need not. */
#include "sasl.h"

#include <stdlib.h>
#include <string.h>

#include "toy.h"

enum { STEPS = 6, MORE = 1024, DIGEST = SMTP_SASL_DIGEST_MAX };

static const smtp_str absent = {NULL, 0};

typedef struct exchange {
    const smtp_mechanism *row;
    side client;
    side larger; /* the same with more storage */
    side server;
    smtp_credentials given;
    choices from;
    smtp_str text;
    int forged; /* a message was not the server's */
    int honest; /* the server knows what it has to */
    text heard; /* SCRAM: what is signed, and then the server's last message */
    int turns;
} exchange;

static void make_credentials(side *who, choices from, const smtp_mechanism *row,
                             smtp_credentials *out)
{
    uint32_t bits = draw_bits(&from, 1);
    uint32_t no_authzid = SMTP_MECH_LOGIN | SMTP_MECH_CRAM_MD5 | SMTP_MECH_ANONYMOUS;

    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->name = side_lend(who, bits & 1 ? SASL_OTHER : SASL_NAME);
    out->password = side_lend(who, SASL_PASSWORD);
    out->token = side_lend(who, SASL_TOKEN);
    if (bits & 2 && !(row->bit & no_authzid))
        out->authzid = side_lend(who, "b=b,");
    if (bits & 4)
        out->host = side_lend(who, "mx.example");
    out->port = bits & 4 ? 587 : 0;
    out->binding = 1 + (int)(bits >> 3) % 3;
    out->binding_data = side_lend(who, bits & 32 && !row->binds ? NULL : SASL_BINDING);
    out->plus_offered = bits >> 6 & 1;
}

static void make_client(exchange *talk)
{
    side *sides[] = {&talk->larger, &talk->client};
    size_t i;

    for (i = 0; i < 2; i++) {
        side_make(sides[i], 0, i == 0 ? MORE : 0);
        make_credentials(sides[i], talk->from, talk->row, &talk->given);
        CHECK(smtp_sasl_client_init(&sides[i]->sasl, sides[i]->storage, sides[i]->bytes,
                                    (int)talk->row->bit, &talk->given, &toy_crypto) == SMTP_ERR_OK);
    }
    (void)draw_bits(&talk->from, 1);
}

static void make_server(exchange *talk)
{
    smtp_sasl_server_config config;

    side_make(&talk->server, 1, MORE);
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.hostname = side_lend(&talk->server, "mx.example");
    config.external = side_lend(&talk->server, SASL_NAME);
    config.fake_secret = side_lend(&talk->server, "sixteen octets or more");
    config.exporter = side_lend(&talk->server, SASL_BINDING);
    config.end_point = side_lend(&talk->server, SASL_BINDING);
    config.unique = side_lend(&talk->server, SASL_BINDING);
    CHECK(smtp_sasl_server_init(&talk->server.sasl, talk->server.storage, talk->server.bytes,
                                (int)talk->row->bit, &config, &toy_crypto) == SMTP_ERR_OK);
}

/* The server's callback: whoever it is, with the password or another. */
static void answer(exchange *talk)
{
    uint32_t how = draw(&talk->from, 4);
    smtp_sasl_answer given;

    memset(&given, 0, sizeof given);
    given.size = sizeof given;
    given.verdict = how == 3 ? SMTP_SASL_REFUSED : SMTP_SASL_ACCEPTED;
    given.password = smtp_text(how == 2 ? "wrong horse" : SASL_PASSWORD);
    given.iterations = how == 1 ? SMTP_SASL_ITERATIONS_MAX : 0;
    given.identity = smtp_text("someone");
    if (how >= 2)
        talk->honest = 0;
    (void)side_answer(&talk->server, &given);
}

/* What the server says to the client's last message, absent when it has no more to say. */
static smtp_str reply(exchange *talk)
{
    if (talk->server.result < 0 || (talk->turns > 0 && talk->server.result == SMTP_SASL_DONE))
        return absent;
    (void)side_step(&talk->server, talk->client.out);
    if (talk->server.result == SMTP_SASL_ASK)
        answer(talk);
    return talk->server.out;
}

/* Keeps what SCRAM signs: the first message without its header, the server's, the last without its
 * proof. */
static void note(exchange *talk, smtp_str said)
{
    size_t skip = 0;
    int commas;

    if (!is_scram(talk->row))
        return;
    if (talk->turns == 0) {
        for (commas = 2; commas > 0; skip++) {
            CHECK(skip < said.len);
            commas -= said.ptr[skip] == ',';
        }
        said = part(said, skip, said.len - skip);
        CHECK(said.len > 2 && memcmp(said.ptr, "n=", 2) == 0);
    } else {
        while (said.len > 3 && memcmp(said.ptr + said.len - 3, ",p=", 3) != 0)
            said.len--;
        CHECK(said.len > 3);
        said.len -= 3;
        text_add(&talk->heard, smtp_text(","));
    }
    text_add(&talk->heard, said);
}

static smtp_str octets(const unsigned char *digest, const smtp_mechanism *row)
{
    smtp_str slice = {(const char *)digest, row->hash == SMTP_HASH_SHA1 ? 20 : 32};

    return slice;
}

/* The value of an attribute of the server's first message, the last part of what is signed but
 * one. */
static smtp_str attribute(smtp_str message, const char *name)
{
    size_t at;
    size_t len = 0;

    for (at = 0; at + 3 <= message.len && memcmp(message.ptr + at, name, 3) != 0; at++) {
    }
    CHECK(at + 3 <= message.len);
    while (at + 3 + len < message.len && message.ptr[at + 3 + len] != ',')
        len++;
    return part(message, at + 3, len);
}

/* The iteration count of the server's first message, which has to be one that is taken. */
static uint32_t iterations_of(smtp_str challenge)
{
    smtp_str count = attribute(challenge, ",i=");
    uint32_t iterations = 0;
    size_t i;

    for (i = 0; i < count.len; i++)
        iterations = 10 * iterations + (uint32_t)(count.ptr[i] - '0');
    CHECK(iterations >= SMTP_SASL_ITERATIONS_MIN && iterations <= SMTP_SASL_ITERATIONS_MAX);
    return iterations;
}

/* The signature as RFC 5802 3 has it, by the password that the client knows. */
static void check_signature(const exchange *talk, smtp_str challenge, smtp_str last)
{
    unsigned char salted[DIGEST];
    unsigned char digest[DIGEST];
    unsigned char signature[DIGEST];
    char salt[SMTP_SASL_SALT_MAX];
    char expected[64] = "v=";
    smtp_str made = {salt, 0};
    uint32_t iterations = iterations_of(challenge);
    size_t len = 0;

    CHECK(smtp_base64_decode(salt, sizeof salt, &made.len, attribute(challenge, ",s=")) == 0);
    (void)toy_crypto.pbkdf2(talk->row->hash, talk->given.password, made, iterations, salted, NULL);
    (void)toy_crypto.hmac(talk->row->hash, octets(salted, talk->row), smtp_text("Server Key"),
                          digest, NULL);
    (void)toy_crypto.hmac(talk->row->hash, octets(digest, talk->row), text_str(&talk->heard),
                          signature, NULL);
    CHECK(smtp_base64_encode(expected + 2, sizeof expected - 2, &len,
                             octets(signature, talk->row)) == 0);
    CHECK(last.len >= len + 2 && memcmp(last.ptr, expected, len + 2) == 0);
    CHECK(last.len == len + 2 || last.ptr[len + 2] == ',');
}

/* No secret in what goes out, but where the mechanism is nothing else. */
static void check_said(const exchange *talk)
{
    static const char *const secrets[] = {SASL_PASSWORD, SASL_TOKEN};
    const uint32_t bearers[] = {SMTP_MECH_PLAIN | SMTP_MECH_LOGIN,
                                SMTP_MECH_OAUTHBEARER | SMTP_MECH_XOAUTH2};
    smtp_str out = talk->client.out;
    size_t i;
    size_t at;

    for (i = 0; i < 2; i++) {
        size_t len = strlen(secrets[i]);
        for (at = 0; at + len <= out.len && !(talk->row->bit & bearers[i]); at++)
            CHECK(memcmp(out.ptr + at, secrets[i], len) != 0);
    }
    CHECK(!smtp_sasl_server_proved(talk->client.sasl) || talk->client.result == SMTP_SASL_DONE);
    CHECK(smtp_sasl_server_proved(talk->client.sasl) ==
          (is_scram(talk->row) && talk->client.result == SMTP_SASL_DONE));
    CHECK(talk->client.result != SMTP_SASL_DONE || talk->client.out.ptr != NULL);
}

/* Both clients take the message. Returns 0 when the smaller has no room for it. */
static int hear(exchange *talk, smtp_str message)
{
    (void)side_step(&talk->larger, message);
    (void)side_step(&talk->client, message);
    if (talk->client.result == SMTP_ERR_NO_MEMORY)
        return 0;
    CHECK(talk->client.result == talk->larger.result);
    CHECK(smtp_str_equal(talk->client.out, talk->larger.out));
    check_said(talk);
    return 1;
}

/* The server's nonce has to go on where the client's ends (RFC 5802 5.1). */
static void check_nonce(const exchange *talk, smtp_str challenge)
{
    smtp_str said = text_str(&talk->heard);
    size_t at = said.len;

    while (said.ptr[at - 1] != '=')
        at--;
    said = part(said, at, said.len - at);
    CHECK(challenge.len > 2 + said.len && memcmp(challenge.ptr, "r=", 2) == 0);
    CHECK(memcmp(challenge.ptr + 2, said.ptr, said.len) == 0);
    CHECK(challenge.ptr[2 + said.len] != ',');
}

/* One turn: the server answers, and the client goes on. Returns 0 at the end. */
static int turn(exchange *talk, text *challenge)
{
    char room[SASL_ROOM];
    smtp_str honest = reply(talk);
    smtp_str message;

    if (honest.ptr == NULL && !talk->forged)
        return 0;
    message = draw_message(&talk->from, honest, &talk->text, room, &talk->forged);
    if (!hear(talk, message))
        return 0;
    talk->turns++;
    if (!is_scram(talk->row))
        return talk->client.result >= 0;
    if (talk->client.result == SMTP_SASL_DONE)
        check_signature(talk, text_str(challenge), message);
    if (talk->client.result != SMTP_SASL_MORE)
        return talk->client.result >= 0;
    check_nonce(talk, message);
    (void)iterations_of(message);
    CHECK(talk->turns == 1); /* the second message is the last but an empty one */
    text_add(challenge, message);
    text_add(&talk->heard, smtp_text(","));
    text_add(&talk->heard, message);
    note(talk, talk->client.out);
    return 1;
}

/* How it came out. */
static void check_end(const exchange *talk)
{
    uint32_t asks = SMTP_MECH_OAUTHBEARER | SMTP_MECH_XOAUTH2;
    int done = talk->client.result == SMTP_SASL_DONE;

    if (talk->honest && !talk->forged && talk->client.result != SMTP_ERR_NO_MEMORY &&
        !(talk->row->bit & asks))
        CHECK(done && talk->server.result == SMTP_SASL_DONE);
    if (talk->client.result < 0) {
        CHECK(!side_holds(&talk->client, SASL_PASSWORD));
        CHECK(!side_holds(&talk->client, SASL_TOKEN));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    exchange talk;
    text challenge = {NULL, 0, 0};

    memset(&talk, 0, sizeof talk);
    talk.from = in.choices;
    talk.text = in.text;
    talk.row = draw_mechanism(&talk.from);
    talk.honest = 1;
    make_client(&talk);
    make_server(&talk);
    if (hear(&talk, absent)) {
        if (talk.row->client_first)
            note(&talk, talk.client.out);
        while (talk.turns < STEPS && turn(&talk, &challenge)) {
        }
        check_end(&talk);
    }
    side_drop(&talk.client);
    side_drop(&talk.larger);
    side_drop(&talk.server);
    text_drop(&talk.heard);
    text_drop(&challenge);
    free(in.block);
    return 0;
}
