/* SPDX-License-Identifier: MIT
 * The life of a client: made from any configuration, called from its own callbacks, deleted in
 * them. */
#include "client/client.h"
#include "support/client_script.h"

/* A whole session with two messages, the first to one that is refused and one that is not. */
static const char *const whole =
    GREET "250-mx.example\r\n250 PIPELINING\r\n250 a\r\n550 b\r\n250 c\r\n354 d\r\n250 e\r\n"
          "421 f\r\n";

static void run(struct client_peer *peer)
{
    client_message(peer, 2, BODY_SAID);
    client_open(peer);
    if (!peer->deleted)
        (void)client_send(peer);
    client_script(peer, whole, strlen(whole));
}

/* A structure of another size: what is smaller is refused, what is larger only when its tail says
 * something. */
static void test_sized(void **state)
{
    struct client_peer peer;
    struct {
        smtp_client_config config;
        char tail[8];
    } larger;
    smtp_client *client;
    smtp_allocator allocator;

    (void)state;
    client_peer_init(&peer);
    allocator = memory_allocator(&peer.memory);
    memset(&larger, 0, sizeof larger);
    larger.config = peer.config;
    larger.config.size = sizeof larger;
    assert_int_equal(smtp_client_new(&client, &larger.config, NULL, NULL, &allocator), 0);
    smtp_client_del(client);
    assert_int_equal(smtp_client_bytes(&larger.config), smtp_client_bytes(&peer.config));
    larger.tail[7] = 1;
    assert_int_equal(smtp_client_new(&client, &larger.config, NULL, NULL, &allocator),
                     SMTP_ERR_NEWER);
    assert_null(client);
    assert_int_equal(smtp_client_bytes(&larger.config), 0);
    larger.config.size = sizeof larger.config - 1;
    assert_int_equal(smtp_client_new(&client, &larger.config, NULL, NULL, &allocator),
                     SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_client_new(&client, NULL, NULL, NULL, &allocator), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_client_new(NULL, &peer.config, NULL, NULL, &allocator),
                     SMTP_ERR_ARGUMENT);
    peer.callbacks.size--;
    assert_int_equal(smtp_client_new(&client, &peer.config, &peer.callbacks, NULL, &allocator),
                     SMTP_ERR_ARGUMENT);
    allocator.size--;
    assert_int_equal(smtp_client_new(&client, &peer.config, NULL, NULL, &allocator),
                     SMTP_ERR_ARGUMENT);
    peer.config.tls = SMTP_TLS_IMPLICIT + 1;
    assert_int_equal(smtp_client_bytes(&peer.config), 0);
    peer.config.tls = SMTP_TLS_NONE;
    peer.config.tls = SMTP_TLS_REQUIRED - 1;
    assert_int_equal(smtp_client_bytes(&peer.config), 0);
    peer.config.tls = SMTP_TLS_NONE;
    assert_int_equal(smtp_client_init(NULL, &larger, sizeof larger, &peer.config, NULL, NULL),
                     SMTP_ERR_ARGUMENT);
    peer.config.hostname = smtp_text("c.example QUIT");
    assert_int_equal(smtp_client_bytes(&peer.config), 0);
    assert_true(smtp_client_init(&client, &larger, sizeof larger, &peer.config, NULL, NULL) < 0);
    assert_null(client);
    smtp_client_del(NULL);
    assert_int_equal(peer.memory.live, 0);
}

/* The one allocation may fail; after it only the long lines of a reply ask for more. */
static void test_allocation_fails(void **state)
{
    char line[700];
    struct client_peer peer;
    smtp_allocator allocator;

    (void)state;
    client_peer_init(&peer);
    allocator = memory_allocator(&peer.memory);
    peer.memory.fail_at = 1;
    assert_int_equal(
        smtp_client_new(&peer.client, &peer.config, &peer.callbacks, &peer, &allocator),
        SMTP_ERR_NO_MEMORY);
    assert_null(peer.client);
    peer.memory.fail_at = 3;
    memset(line, 'x', sizeof line);
    memcpy(line, "220 ", 4);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    client_open(&peer);
    (void)client_send(&peer);
    (void)client_give(&peer, line, sizeof line, 100);
    client_saw(&peer, "recipient 0 temporary 0 NO_MEMORY\nsent temporary 0 NO_MEMORY 0\n"
                      "close NO_MEMORY 0\n");
    client_delete(&peer);
}

/* In storage of exact size, with lines as long as they may be, nothing is allocated. */
static void test_static_storage(void **state)
{
    char line[2048];
    struct client_peer peer;
    smtp_client *client;
    size_t bytes;

    (void)state;
    client_peer_init(&peer);
    bytes = smtp_client_bytes(&peer.config);
    peer.storage = malloc(bytes);
    assert_non_null(peer.storage);
    memset(peer.storage, 0xA5, bytes);
    assert_int_equal(smtp_client_init(&client, peer.storage, bytes - 1, &peer.config, NULL, NULL),
                     SMTP_ERR_NO_MEMORY);
    assert_int_equal(smtp_client_init(&client, NULL, bytes, &peer.config, NULL, NULL),
                     SMTP_ERR_NO_MEMORY);
    client_open(&peer);
    memset(line, 'x', sizeof line);
    memcpy(line, "220 ", 4);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    assert_int_equal(client_give(&peer, line, sizeof line, 7), sizeof line);
    client_expect(&peer, HELLO);
    client_script(&peer, whole + strlen(GREET), strlen(whole + strlen(GREET)));
    assert_int_equal(peer.memory.calls, 0);
    client_delete(&peer);
}

/* The object without what lies behind it: buffers, the ring of commands, and what the configuration
 * and the server say. */
static void test_size_of_the_object(void **state)
{
    (void)state;
    print_message("smtp_client: %lu octets, %lu of them smtp_session; smtp__client_terms: %lu\n",
                  (unsigned long)sizeof(smtp_client), (unsigned long)sizeof(smtp_session),
                  (unsigned long)sizeof(smtp__client_terms));
    assert_true(sizeof(smtp_client) <= 512);
}

/* Deleted in the callback, by what memory.h looks at: all of it is wiped and given back once. */
static void delete_here(struct client_peer *peer, int call)
{
    if (call != peer->during_call)
        return;
    peer->deleted = 1;
    smtp_client_del(peer->client);
}

static void delete_at_last(struct client_peer *peer, int call)
{
    if (call != peer->during_call || (call == CALL_REPLY && peer->count[call] < 6))
        return;
    peer->deleted = 1;
    smtp_client_del(peer->client);
}

static void test_deleted_in_each_callback(void **state)
{
    int call;
    int later;

    (void)state;
    for (later = 0; later < 2; later++) {
        for (call = CALL_READY; call < CALLS; call++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.during = later ? delete_at_last : delete_here;
            peer.during_call = call;
            run(&peer);
            assert_true(peer.deleted);
            assert_int_equal(peer.memory.live, 0);
            assert_true(later || peer.count[call] == 1);
            client_delete(&peer);
        }
    }
}

/* A client that nobody listens to does its work all the same. */
static void test_without_callbacks(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    memset(&peer.callbacks, 0, sizeof peer.callbacks);
    peer.callbacks.size = sizeof peer.callbacks;
    peer.config.sasl = smtp_sasl_suite_all(); /* without `credentials` there is no AUTH */
    run(&peer);
    client_expect(&peer, HELLO MAIL_SAID RCPT_SAID RCPT_SAID "DATA\r\n.\r\n");
    assert_int_equal(peer.recipients[0].result, SMTP_RESULT_PERMANENT);
    assert_int_equal(peer.recipients[1].result, SMTP_RESULT_DELIVERED);
    assert_int_equal(smtp_session_error(peer.session, NULL), SMTP_ERR_SHUTTING_DOWN);
    client_delete(&peer);
}

/* Ready, and yet not idle. */
static void test_idle(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_ready(&peer, "");
    assert_int_equal(smtp_client_idle(peer.client), 1);
    assert_int_equal(
        smtp_client_command(peer.client, SMTP_VERB_NOOP, smtp_text(NULL), smtp_text(NULL), 1),
        SMTP_ERR_OK);
    assert_int_equal(smtp_client_idle(peer.client), 0);
    client_drain(&peer);
    client_expect(&peer, "NOOP\r\n");
    client_turn(&peer, "250 ok\r\n", "");
    assert_int_equal(smtp_client_idle(peer.client), 1);
    (void)smtp_session_eof(peer.session, peer.now);
    assert_int_equal(smtp_client_idle(peer.client), 0);
    client_delete(&peer);
}

/* Deleted while a transaction is told of: by its recipients, with more to tell behind them. */
static void delete_at_recipient(struct client_peer *peer, int call)
{
    if (call != CALL_RECIPIENT || peer->count[CALL_RECIPIENT] < (unsigned)peer->during_call)
        return;
    peer->deleted = 1;
    smtp_client_del(peer->client);
}

static void test_deleted_between_recipients(void **state)
{
    static const struct row {
        uint32_t flags;
        const char *says;
    } rows[] = {
        {0, "250 a\r\n250 b\r\n250 c\r\n354 d\r\n554 e\r\n"},
        {0, "550 a\r\n"},
        {0, "450 a\r\n250 b\r\n"},
        {0, "250 a\r\n550 b\r\n550 c\r\n"},
        {0, "250 a\r\n421 b\r\n"},
        {0, "nonsense\r\n"},
        {SMTP_CLIENT_LMTP, "250 a\r\n250 b\r\n250 c\r\n354 d\r\n250 e\r\n452 f\r\n"},
    };
    size_t i;
    int at;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (at = 1; at < 3; at++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.config.flags = rows[i].flags;
            client_ready(&peer, "250-PIPELINING\r\n");
            client_message(&peer, 2, BODY_SAID);
            peer.during = delete_at_recipient;
            peer.during_call = at;
            (void)client_send(&peer);
            client_script(&peer, rows[i].says, strlen(rows[i].says));
            assert_true(peer.deleted);
            assert_int_equal(peer.count[CALL_RECIPIENT], at);
            assert_int_equal(peer.count[CALL_SENT], 0);
            client_delete(&peer);
        }
    }
    for (at = 1; at < 3; at++) { /* in the call itself: the server cannot take it */
        struct client_peer peer;
        client_peer_init(&peer);
        client_ready(&peer, "");
        client_message(&peer, 2, BODY_SAID);
        peer.envelope.flags = SMTP_ENVELOPE_8BIT;
        peer.during = delete_at_recipient;
        peer.during_call = at;
        assert_int_equal(smtp_client_send(peer.client, &peer.envelope, 1, NULL), SMTP_ERR_OK);
        assert_int_equal(peer.memory.live, 0);
        assert_int_equal(peer.count[CALL_RECIPIENT], at);
        client_delete(&peer);
    }
}

/* A refusal in the middle of the body, and the session is deleted where that is told. */
static void test_deleted_at_an_early_refusal(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_ready(&peer, "250-PIPELINING\r\n");
    (void)client_send(&peer);
    peer.stuck = 1;
    (void)client_feed(&peer, "250 a\r\n250 b\r\n354 c\r\n");
    peer.during = delete_here;
    peer.during_call = CALL_SENT;
    (void)client_feed(&peer, "552 d\r\n");
    assert_true(peer.deleted);
    assert_int_equal(peer.count[CALL_CLOSE], 0);
    client_delete(&peer);
}

/* Every port and function, called in each callback. */
static void call_all(struct client_peer *peer, int call)
{
    const smtp_str none = {NULL, 0};
    smtp_detail detail = {.size = sizeof detail};
    smtp_statistics statistics = {.size = sizeof statistics};
    smtp_str slice;
    size_t used = 1;
    int error;

    assert_int_equal(smtp_session_start(peer->session, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_receive(peer->session, "421 x\r\n", 7, 1, &used),
                     SMTP_ERR_REENTRANT);
    assert_int_equal(used, 0);
    (void)smtp_session_output(peer->session, &slice, 1);
    smtp_session_sent(peer->session, 1000, 1);
    assert_int_equal(smtp_session_eof(peer->session, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_expire(peer->session, SMTP_TIME_NEVER), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_tls_started(peer->session, NULL, 1), SMTP_ERR_REENTRANT);
    assert_int_equal(smtp_session_tls_failed(peer->session, 1), SMTP_ERR_REENTRANT);
    (void)smtp_session_deadline(peer->session);
    (void)smtp_session_wants(peer->session);
    (void)smtp_session_error(peer->session, &detail);
    assert_int_equal(smtp_session_statistics(peer->session, &statistics), SMTP_ERR_OK);
    assert_int_equal(smtp_session_tls_active(peer->session), 0);
    assert_non_null(smtp_client_capabilities(peer->client));
    assert_int_equal(smtp_client_resume(peer->client, 1), SMTP_ERR_STATE);
    if (call == CALL_BODY || call == CALL_RECIPIENT) {
        assert_int_equal(smtp_client_idle(peer->client), 0);
        assert_int_equal(smtp_client_send(peer->client, &peer->envelope, 1, NULL), SMTP_ERR_STATE);
        error = smtp_client_command(peer->client, SMTP_VERB_NOOP, none, none, 1);
        assert_int_equal(error, SMTP_ERR_STATE);
    }
    if (call == CALL_CLOSE) {
        assert_int_equal(smtp_client_send(peer->client, &peer->envelope, 1, NULL), SMTP_ERR_STATE);
        assert_int_equal(smtp_client_quit(peer->client, 1), SMTP_ERR_STATE);
    }
}

static void test_reentrance(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.during = call_all;
    run(&peer);
    client_saw(&peer, "ready mx.example esmtp\nrecipient 0 permanent 550 OK\n"
                      "recipient 1 delivered 250 OK\nsent delivered 250 OK 1\n"
                      "close SHUTTING_DOWN 421\n");
    client_delete(&peer);
}

/* The same events and the same output, however the server's words are cut and the output is taken.
 */
static void test_every_cut(void **state)
{
    size_t drain;

    (void)state;
    for (drain = 0; drain < 6; drain++) {
        struct client_peer peer;
        const char *at = whole;
        client_peer_init(&peer);
        peer.drain = drain;
        client_message(&peer, 2, BODY_SAID);
        client_open(&peer);
        (void)client_send(&peer);
        while (*at != '\0')
            at += client_give(&peer, at, 1, 1);
        client_expect(&peer, HELLO MAIL_SAID RCPT_SAID RCPT_SAID "DATA\r\n" BODY_SAID ".\r\n");
        client_saw(&peer, "ready mx.example esmtp\nrecipient 0 permanent 550 OK\n"
                          "recipient 1 delivered 250 OK\nsent delivered 250 OK 1\n"
                          "close SHUTTING_DOWN 421\n");
        client_delete(&peer);
    }
}

/* What is wrong in an envelope is told at once, with the recipient where it is. */
static void test_wrong_envelopes(void **state)
{
    struct client_peer peer;
    size_t wrong = 7;

    (void)state;
    client_peer_init(&peer);
    client_message(&peer, 3, BODY_SAID);
    client_make(&peer);
    assert_int_equal(smtp_client_send(peer.client, NULL, 1, &wrong), SMTP_ERR_ARGUMENT);
    peer.envelope.recipient_count = 0;
    assert_int_equal(smtp_client_send(peer.client, &peer.envelope, 1, NULL), SMTP_ERR_ARGUMENT);
    client_message(&peer, 3, BODY_SAID);
    peer.envelope.size--;
    assert_int_equal(smtp_client_send(peer.client, &peer.envelope, 1, NULL), SMTP_ERR_ARGUMENT);
    client_message(&peer, 3, BODY_SAID);
    peer.envelope.recipient_count = SIZE_MAX;
    assert_int_equal(smtp_client_send(peer.client, &peer.envelope, 1, NULL), SMTP_ERR_ARGUMENT);
    client_message(&peer, 3, BODY_SAID);
    peer.envelope.reverse_path = smtp_text("a@c.example>\r\nDATA");
    assert_true(smtp_client_send(peer.client, &peer.envelope, 1, &wrong) < 0);
    assert_true(wrong == (size_t)-1);
    client_message(&peer, 3, BODY_SAID);
    peer.recipients[2].mailbox = smtp_text("b");
    assert_int_equal(smtp_client_send(peer.client, &peer.envelope, 1, &wrong), SMTP_ERR_AT_MISSING);
    assert_int_equal(wrong, 2);
    assert_int_equal(peer.count[CALL_SENT], 0);
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sized),
        cmocka_unit_test(test_allocation_fails),
        cmocka_unit_test(test_static_storage),
        cmocka_unit_test(test_deleted_in_each_callback),
        cmocka_unit_test(test_reentrance),
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_wrong_envelopes),
        cmocka_unit_test(test_without_callbacks),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_deleted_between_recipients),
        cmocka_unit_test(test_deleted_at_an_early_refusal),
        cmocka_unit_test(test_size_of_the_object),
    };
    return cmocka_run_group_tests_name("client/client", tests, NULL, NULL);
}
