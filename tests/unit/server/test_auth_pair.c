/* SPDX-License-Identifier: MIT
 * A client session and a server session that authenticate with each other: each mechanism under
 * every cut of what they say, with what is right and with what is not. */
#include "sasl/crypto.h"
#include "sasl/ping.h"
#include "server/auth_peer.h"
#include "smtp/client.h"
#include "support/holds.h"

#define PASSWORD "tea-0123456789"
#define TOKEN "token-0123456789"

enum { WIDTHS = 100 }; /* more than the longest line that is not cut by the base64 of a token */

struct pair {
    struct auth_peer auth; /* first: the server's callbacks get it */
    struct ping client_ping;
    struct ping server_ping;
    smtp_sasl_plugin plugins[2];
    smtp_client_config config;
    smtp_client_callbacks callbacks;
    smtp_client *client;
    struct memory memory;
    crypto_state state;
    smtp_crypto crypto;
    const char *name;
    const char *password;
    const char *token;
    uint32_t offered;
    int mechanism; /* of the last question */
    int ready;
    int closed; /* the error, 1: not yet */
    int code;
};

/* The slowest thing of all, done once for what it is asked again: salts of these tests are made of
 * the name, and each password has its own. */
static int remembered_pbkdf2(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                             unsigned char *out, void *user)
{
    static struct {
        char question[128];
        unsigned char answer[SMTP_SASL_DIGEST_MAX];
    } known[16];
    smtp_crypto slow = crypto_of(user);
    char question[128];
    size_t i;

    (void)snprintf(question, sizeof question, "%d %u %02x %.*s", hash, (unsigned)iterations,
                   (unsigned char)salt.ptr[0], (int)password.len, password.ptr);
    for (i = 0; known[i].question[0] != '\0' && strcmp(known[i].question, question) != 0; i++)
        assert_true(i < sizeof known / sizeof known[0] - 1);
    if (known[i].question[0] == '\0') {
        assert_int_equal(smtp__pbkdf2(&slow, hash, password, salt, iterations, known[i].answer), 0);
        memcpy(known[i].question, question, sizeof question);
    }
    memcpy(out, known[i].answer, smtp__digest_length(hash));
    return 0;
}

static int on_question(smtp_server *server, const smtp_auth_event *event, void *user)
{
    const smtp_sasl_question *question = event->question;
    smtp_sasl_answer answer = answer_with(PASSWORD);
    struct pair *pair = user;
    int known = smtp_str_equal(question->name, smtp_text("ann"));

    pair->auth.questions++;
    pair->mechanism = question->mechanism;
    answer.identity = smtp_text("ann");
    if (question->mechanism == SMTP_MECH_OAUTHBEARER || question->mechanism == SMTP_MECH_XOAUTH2)
        known = smtp_str_equal(question->token, smtp_text(TOKEN));
    else if (question->mechanism == SMTP_MECH_PLAIN || question->mechanism == SMTP_MECH_LOGIN)
        known = known && smtp_str_equal(question->password, smtp_text(PASSWORD));
    answer.verdict = known ? SMTP_SASL_ACCEPTED : SMTP_SASL_REFUSED;
    return smtp_server_auth(server, event->ticket, &answer, 1000) == 0 ? SMTP_ACCEPT : 454;
}

static int on_credentials(smtp_client *client, const smtp_credentials_event *event, void *user)
{
    struct pair *pair = user;

    (void)client;
    pair->offered = event->mechanisms;
    event->credentials->name = smtp_text(pair->name);
    event->credentials->password = smtp_text(pair->password);
    event->credentials->token = smtp_text(pair->token);
    return SMTP_ACCEPT;
}

static void on_ready(smtp_client *client, const smtp_ready_event *event, void *user)
{
    struct pair *pair = user;

    (void)client;
    assert_int_equal(event->authenticated, 1);
    pair->ready++;
}

static void on_close(smtp_client *client, const smtp_client_close_event *event, void *user)
{
    struct pair *pair = user;

    (void)client;
    pair->closed = event->error;
    pair->code = event->code;
}

/* Both sides with this mechanism only; the last row of the table is the plug-in. */
static void pair_open(struct pair *pair, uint32_t bit)
{
    smtp_allocator allocator;

    memset(pair, 0, sizeof *pair);
    auth_init(&pair->auth);
    pair->name = "ann";
    pair->password = PASSWORD;
    pair->token = TOKEN;
    pair->closed = 1;
    pair->auth.peer.callbacks.auth = on_question;
    pair->plugins[0] = ping_plugin(&pair->server_ping, "PING");
    pair->plugins[1] = ping_plugin(&pair->client_ping, "PING");
    pair->auth.peer.config.flags = SMTP_SERVER_IMPLICIT_TLS;
    pair->auth.peer.config.mechanisms = bit;
    pair->auth.peer.config.plugins = &pair->plugins[0];
    pair->auth.peer.config.plugin_count = 1;
    pair->state.seed = 0x5EED;
    pair->crypto = crypto_of(&pair->state);
    pair->crypto.pbkdf2 = pair->auth.crypto.pbkdf2 = remembered_pbkdf2;
    pair->config.size = sizeof pair->config;
    pair->config.tls = SMTP_TLS_IMPLICIT;
    pair->config.sasl = smtp_sasl_suite_all();
    pair->config.crypto = &pair->crypto;
    pair->config.mechanisms = bit;
    pair->config.plugins = &pair->plugins[1];
    pair->config.plugin_count = 1;
    pair->callbacks.size = sizeof pair->callbacks;
    pair->callbacks.credentials = on_credentials;
    pair->callbacks.ready = on_ready;
    pair->callbacks.close = on_close;
    pair->auth.tls.size = sizeof pair->auth.tls;
    pair->auth.tls.exporter = smtp_text("thirty-two octets of the export.");
    pair->auth.tls.end_point = smtp_text("a digest of the certificate");
    pair->auth.tls.peer_subject = smtp_text("ann");
    allocator = memory_allocator(&pair->memory);
    server_open(&pair->auth.peer);
    assert_int_equal(
        smtp_client_new(&pair->client, &pair->config, &pair->callbacks, pair, &allocator), 0);
    assert_int_equal(smtp_session_start(smtp_client_session(pair->client), 1000), 0);
}

/* Carries what one says to the other, in pieces. Returns how much that was. */
static size_t carry(smtp_session *from, smtp_session *to, size_t width)
{
    smtp_str slices[1];
    char *copy;
    size_t used = 0;

    if (smtp_session_output(from, slices, 1) == 0)
        return 0;
    if (width != 0 && slices[0].len > width)
        slices[0].len = width;
    copy = exact(slices[0].ptr, slices[0].len);
    (void)smtp_session_receive(to, copy, slices[0].len, 1000, &used);
    free(copy);
    smtp_session_sent(from, used, 1000);
    return used;
}

static int holds(const void *object, size_t bytes, const char *what)
{
    return memory_holds(object, bytes, what, strlen(what));
}

/* Nothing of the secrets, as they are or as base64 that begins with any octet of a group. */
static void assert_wiped(const void *object, size_t bytes)
{
    static const char *const traces[] = {
        "0123456789",
        "MDEyMzQ1Njc4",
        "AxMjM0NTY3OD",
        "wMTIzNDU2Nzg5",
    };
    size_t i;

    for (i = 0; i < sizeof traces / sizeof traces[0]; i++)
        assert_false(holds(object, bytes, traces[i]));
}

static void pair_talk(struct pair *pair, size_t width)
{
    smtp_session *server = pair->auth.peer.session;
    smtp_session *client = smtp_client_session(pair->client);

    smtp_session_set_trace(server, on_trace, &pair->auth);
    smtp_session_set_trace(client, on_trace, &pair->auth);
    assert_int_equal(smtp_session_tls_started(server, &pair->auth.tls, 1000), 0);
    assert_int_equal(smtp_session_tls_started(client, &pair->auth.tls, 1000), 0);
    while (carry(server, client, width) + carry(client, server, width) > 0)
        ;
    assert_non_null(strstr(text_of(&pair->auth.shown), "AUTH "));
    assert_wiped(pair->auth.shown.at, pair->auth.shown.len);
    assert_wiped(pair->client, pair->memory.largest);
    assert_wiped(pair->auth.peer.server, pair->auth.peer.memory.largest);
}

static void pair_close(struct pair *pair)
{
    smtp_client_del(pair->client);
    assert_int_equal(pair->memory.live, 0);
    auth_delete(&pair->auth);
    assert_int_equal(pair->client_ping.begun, pair->client_ping.ended);
    assert_int_equal(pair->server_ping.begun, pair->server_ping.ended);
}

/* The bit of mechanism i, the plug-in's behind all others, or 0. */
static uint32_t bit_at(size_t i)
{
    const smtp_mechanism *row = smtp_mechanism_at(i);

    if (row != NULL)
        return row->bit;
    return smtp_mechanism_at(i - 1) != NULL ? SMTP_MECH_PLUGIN : 0;
}

/* Shows: R4954-4-1 R4954-4-5 R4954-4-21 R4954-4-22 R4954-4-29 R5802-5-2 */
static void test_each_under_every_cut(void **state)
{
    uint32_t bit;
    size_t width;
    size_t i;

    (void)state;
    for (i = 0; (bit = bit_at(i)) != 0; i++) {
        for (width = 0; width < WIDTHS; width++) {
            struct pair pair;

            pair_open(&pair, bit);
            if (bit == SMTP_MECH_ANONYMOUS)
                pair.name = "ann"; /* the trace information */
            pair_talk(&pair, width);
            assert_int_equal(pair.offered, bit);
            assert_int_equal(pair.ready, 1);
            expect_identity(&pair.auth, "ann");
            assert_int_equal(pair.auth.questions, bit != SMTP_MECH_PLUGIN);
            pair_close(&pair);
        }
    }
}

/* What is not right ends the client's session with the code that says so. */
/* Shows: R4954-4-20 R4954-4-26 */
static void test_each_refused(void **state)
{
    uint32_t bit;
    size_t width;
    size_t i;

    (void)state;
    for (i = 0; (bit = bit_at(i)) != 0; i++) {
        for (width = 0; width < WIDTHS; width += 7) {
            struct pair pair;

            pair_open(&pair, bit);
            pair.name = "eve";
            pair.password = "wrong-0123456789";
            pair.token = "wrong-0123456789";
            if (bit == SMTP_MECH_EXTERNAL)
                pair.auth.tls.peer_subject = smtp_text("eve");
            pair_talk(&pair, width);
            assert_int_equal(pair.ready, 0);
            assert_int_equal(pair.closed, SMTP_ERR_AUTH_FAILED);
            assert_int_equal(pair.code, 535);
            expect_identity(&pair.auth, "");
            pair_close(&pair);
        }
    }
}

/* A right name with a wrong password, by each mechanism that has one. */
static void test_wrong_password(void **state)
{
    static const uint32_t bits[] = {
        SMTP_MECH_PLAIN,       SMTP_MECH_LOGIN,         SMTP_MECH_CRAM_MD5,
        SMTP_MECH_SCRAM_SHA_1, SMTP_MECH_SCRAM_SHA_256, SMTP_MECH_SCRAM_SHA_256_PLUS,
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        struct pair pair;

        pair_open(&pair, bits[i]);
        pair.password = "wrong-0123456789";
        pair_talk(&pair, 0);
        assert_int_equal(pair.closed, SMTP_ERR_AUTH_FAILED);
        assert_int_equal(pair.code, 535);
        expect_identity(&pair.auth, "");
        pair_close(&pair);
    }
}

/* All that both can: the strongest is taken, and channel binding is the strongest. */
static void test_best(void **state)
{
    static const struct {
        uint32_t bits;
        uint32_t strength; /* of the plug-in */
        int plugged;
        int mechanism; /* that asked */
    } rows[] = {
        {INT32_MAX, 55, 0, SMTP_MECH_SCRAM_SHA_256_PLUS},
        {INT32_MAX, 81, 1, 0},
        {SMTP_MECH_SCRAM_SHA_1_PLUS | SMTP_MECH_SCRAM_SHA_256, 55, 0, SMTP_MECH_SCRAM_SHA_1_PLUS},
        {SMTP_MECH_PLAIN | SMTP_MECH_CRAM_MD5 | SMTP_MECH_PLUGIN, 55, 1, 0},
        {SMTP_MECH_PLAIN | SMTP_MECH_CRAM_MD5 | SMTP_MECH_PLUGIN, 5, 0, SMTP_MECH_CRAM_MD5},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;

        pair_open(&pair, rows[i].bits);
        pair.plugins[1].strength = rows[i].strength;
        pair_talk(&pair, 0);
        assert_int_equal(pair.ready, 1);
        assert_int_equal(pair.client_ping.ended, rows[i].plugged);
        assert_int_equal(pair.mechanism, rows[i].mechanism);
        pair_close(&pair);
    }
}

/* A plug-in whose server did not prove itself is not believed, where it said that it would. */
static void test_not_proved(void **state)
{
    struct pair pair;

    (void)state;
    pair_open(&pair, SMTP_MECH_PLUGIN);
    pair.server_ping.pong = "";
    pair_talk(&pair, 0);
    assert_int_equal(pair.ready, 0);
    assert_int_equal(pair.closed, SMTP_ERR_AUTH_SERVER);
    assert_int_equal(pair.code, 0);
    pair_close(&pair);

    pair_open(&pair, SMTP_MECH_PLUGIN);
    pair.server_ping.pong = "peng";
    pair_talk(&pair, 0);
    assert_int_equal(pair.closed, SMTP_ERR_AUTH_SERVER);
    pair_close(&pair);

    pair_open(&pair, SMTP_MECH_PLUGIN);
    pair.server_ping.pong = "";
    pair.plugins[1].mutual = 0;
    pair_talk(&pair, 0);
    assert_int_equal(pair.ready, 1);
    pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_under_every_cut), cmocka_unit_test(test_each_refused),
        cmocka_unit_test(test_wrong_password),       cmocka_unit_test(test_best),
        cmocka_unit_test(test_not_proved),
    };

    return cmocka_run_group_tests_name("server/auth_pair", tests, NULL, NULL);
}
