/* SPDX-License-Identifier: MIT
 * What goes out and when: groups, round trips, commands of the caller's own, and deadlines. */
#include "support/client_peer.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

/* Greeting, EHLO, one group, the body, QUIT, and no more. */
/* Shows: R2920-3.1-2 R2920-3.1-5 R2920-3.1-7 */
static void test_round_trips(void **state)
{
    struct client_peer peer;
    int pipelining;

    (void)state;
    for (pipelining = 0; pipelining < 2; pipelining++) {
        client_peer_init(&peer);
        peer.config.flags = pipelining ? 0 : SMTP_CLIENT_NO_PIPELINING;
        peer.envelope.recipient_count = 3;
        client_session(&peer);
        CLIENT_SAID(&peer, "EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"
                           "RCPT TO:<d@mx.example>\r\nRCPT TO:<e@mx.example>\r\nDATA\r\n"
                           "Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n");
        assert_int_equal(peer.trips, pipelining ? 5 : 9);
        CLIENT_SAW(&peer, "ready\nrecipient 0 1 250 OK\nrecipient 1 1 250 OK\n"
                          "recipient 2 1 250 OK\nsent 1 250 OK delivered=3\nclose OK 0\n");
        client_delete(&peer);
    }
}

/* Shows: R2920-3.1-1 */
static void test_no_group_where_none_was_offered(void **state)
{
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250 mx.example\r\n"}},
        {"DATA", {"354 go\r\n"}},
        {"QUIT", {"221 bye\r\n"}},
        {NULL, {NULL}},
    };
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.script = script;
    peer.envelope.recipient_count = 3;
    client_session(&peer);
    assert_int_equal(peer.trips, 9);
    assert_int_equal(peer.count[CLIENT_SENT], 1);
    client_delete(&peer);
}

/* Output octet by octet, replies in any cut: the same is said and seen. */
static void test_every_cut_is_the_same(void **state)
{
    struct client_peer whole;
    size_t width;
    size_t step;

    (void)state;
    client_peer_init(&whole);
    whole.envelope.recipient_count = 3;
    whole.quiet = 0;
    client_session(&whole);
    for (step = 0; step < 4; step++) {
        for (width = 0; width < 30; width++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.quiet = 0;
            peer.envelope.recipient_count = 3;
            peer.step = step;
            peer.width = width;
            peer.body_step = width;
            peer.body_fills = step == 2;
            client_session(&peer);
            CLIENT_SAW(&peer, text_of(&whole.events));
            CLIENT_SAID(&peer, text_of(&whole.wire));
            client_delete(&peer);
        }
    }
    client_delete(&whole);
}

/* A long group in a small buffer, and with few pending: nothing is lost and nothing is twice. */
static void test_long_group(void **state)
{
    static const uint32_t pendings[] = {1, 2, 3, 8, 255, 1000};
    smtp_recipient recipients[300];
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof pendings / sizeof pendings[0]; i++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.config.pending_max = pendings[i];
        peer.config.output_buffer = 1024;
        memset(recipients, 0, sizeof recipients);
        for (k = 0; k < 300; k++)
            recipients[k].mailbox = smtp_text("b@mx.example");
        peer.envelope.recipients = recipients;
        peer.envelope.recipient_count = 300;
        client_session(&peer);
        assert_int_equal(text_count(text_of(&peer.wire), "RCPT TO:<b@mx.example>\r\n"), 300);
        assert_int_equal(text_count(text_of(&peer.events), " 1 250 OK\n"), 300);
        assert_non_null(strstr(text_of(&peer.events), "sent 1 250 OK delivered=300\nclose OK 0\n"));
        client_delete(&peer);
    }
}

/* Sends commands of the caller's own one after another, in `ready`. */
static int errors[8];

static void command_in_ready(struct client_peer *peer, int call)
{
    smtp_str none = smtp_text(NULL);
    size_t i;

    if (call != CLIENT_READY)
        return;
    for (i = 0; i < 4; i++)
        errors[i] = smtp_client_command(peer->client, i < 2 ? SMTP_VERB_RSET : SMTP_VERB_NOOP, none,
                                        none, peer->now);
}

/* RSET may stand anywhere in a group, NOOP ends one. */
/* Shows: R2920-3.1-2 R2920-3.1-3 */
static void test_commands_in_groups(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.quiet = 0;
    peer.during = command_in_ready;
    client_open(&peer);
    client_run(&peer);
    CLIENT_SAID(&peer, "EHLO c.example\r\nRSET\r\nRSET\r\nNOOP\r\n");
    assert_int_equal(errors[0], SMTP_ERR_OK);
    assert_int_equal(errors[2], SMTP_ERR_OK);
    assert_int_equal(errors[3], SMTP_ERR_NO_SPACE);
    assert_int_equal(peer.trips, 3);
    assert_int_equal(text_count(text_of(&peer.events), "reply 13 250 "), 1);
    client_delete(&peer);
}

static void command_and_send(struct client_peer *peer, int call)
{
    if (call != CLIENT_READY)
        return;
    assert_int_equal(smtp_client_command(peer->client, SMTP_VERB_NOOP, smtp_text(NULL),
                                         smtp_text(NULL), peer->now),
                     SMTP_ERR_OK);
    assert_int_equal(client_send(peer), SMTP_ERR_OK);
}

/* A transaction waits for the reply to a command that ends its group. */
/* Shows: R2920-3.1-2 */
static void test_transaction_behind_a_command(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.during = command_and_send;
    client_open(&peer);
    (void)client_take(&peer);
    script_read(&peer);
    (void)client_give(&peer);
    (void)client_take(&peer);
    script_read(&peer);
    (void)client_give(&peer);
    (void)client_take(&peer);
    CLIENT_SAID(&peer, "EHLO c.example\r\nNOOP\r\n");
    client_run(&peer);
    assert_int_equal(peer.count[CLIENT_SENT], 1);
    client_delete(&peer);
}

static void test_commands_of_the_callers_own(void **state)
{
    static const struct row {
        int verb;
        const char *name;
        const char *argument;
        int error; /* 1: any */
        const char *said;
    } rows[] = {
        {SMTP_VERB_VRFY, NULL, "b", SMTP_ERR_OK, "VRFY b\r\n"},
        {SMTP_VERB_EXPN, NULL, "list", SMTP_ERR_OK, "EXPN list\r\n"},
        {SMTP_VERB_HELP, NULL, "", SMTP_ERR_OK, "HELP\r\n"},
        {SMTP_VERB_ETRN, NULL, "c.example", SMTP_ERR_OK, "ETRN c.example\r\n"},
        {SMTP_VERB_CUSTOM, "XCLIENT", "NAME=a", SMTP_ERR_OK, "XCLIENT NAME=a\r\n"},
        {SMTP_VERB_MAIL, NULL, "FROM:<a@b>", SMTP_ERR_ARGUMENT, NULL},
        {SMTP_VERB_QUIT, NULL, "", SMTP_ERR_ARGUMENT, NULL},
        {SMTP_VERB_DATA, NULL, "", SMTP_ERR_ARGUMENT, NULL},
        {SMTP_VERB_STARTTLS, NULL, "", SMTP_ERR_ARGUMENT, NULL},
        {SMTP_VERB_UNKNOWN, NULL, "", SMTP_ERR_ARGUMENT, NULL},
        {-1, NULL, "", SMTP_ERR_ARGUMENT, NULL},
        {33, NULL, "", SMTP_ERR_ARGUMENT, NULL},
        {65, "XX", "", SMTP_ERR_ARGUMENT, NULL},
        {SMTP_VERB_VRFY, NULL, "", 1, NULL},
        {SMTP_VERB_VRFY, NULL, "b\r\nQUIT", 1, NULL},
        {SMTP_VERB_NOOP, NULL, "a\nb", 1, NULL},
        {SMTP_VERB_NOOP, NULL, "a\rb", 1, NULL},
        {SMTP_VERB_CUSTOM, "X\r\nQUIT", "", 1, NULL},
        {SMTP_VERB_CUSTOM, "", "", 1, NULL},
        {SMTP_VERB_CUSTOM, "X Y", "", 1, NULL},
        {SMTP_VERB_CUSTOM, "DATA", "", 1, NULL},
        {SMTP_VERB_CUSTOM, "mail", "FROM:<a@b>", 1, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client_peer peer;
        int error;
        client_peer_init(&peer);
        client_open(&peer);
        client_run(&peer);
        text_clear(&peer.wire);
        peer.seen = 0;
        error = smtp_client_command(peer.client, rows[i].verb, smtp_text(rows[i].name),
                                    smtp_text(rows[i].argument), peer.now);
        if (rows[i].error == 1)
            assert_true(error < 0);
        else
            assert_int_equal(error, rows[i].error);
        assert_int_equal(smtp_client_idle(peer.client), error != SMTP_ERR_OK);
        client_run(&peer);
        CLIENT_SAID(&peer, rows[i].said != NULL ? rows[i].said : "");
        assert_int_equal(smtp_client_idle(peer.client), 1);
        client_delete(&peer);
    }
}

static void test_commands_out_of_place(void **state)
{
    struct client_peer peer;
    smtp_str none = smtp_text(NULL);

    (void)state;
    client_peer_init(&peer);
    client_make(&peer);
    assert_int_equal(smtp_client_command(peer.client, SMTP_VERB_NOOP, none, none, 1),
                     SMTP_ERR_STATE);
    (void)smtp_session_start(peer.session, 1);
    assert_int_equal(smtp_client_command(peer.client, SMTP_VERB_NOOP, none, none, 1),
                     SMTP_ERR_STATE);
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    assert_int_equal(client_send(&peer), SMTP_ERR_STATE);
    script_answer(&peer, "CONNECT");
    (void)client_give(&peer);
    (void)client_take(&peer);
    script_read(&peer);
    (void)client_give(&peer);
    assert_int_equal(smtp_client_command(peer.client, SMTP_VERB_NOOP, none, none, 1),
                     SMTP_ERR_STATE);
    assert_int_equal(smtp_client_quit(peer.client, 1), SMTP_ERR_OK);
    assert_int_equal(smtp_client_quit(peer.client, 1), SMTP_ERR_STATE);
    client_run(&peer);
    assert_int_equal(client_send(&peer), SMTP_ERR_STATE);
    assert_int_equal(smtp_client_command(peer.client, SMTP_VERB_NOOP, none, none, 1),
                     SMTP_ERR_STATE);
    assert_int_equal(smtp_client_resume(peer.client, 1), SMTP_ERR_STATE);
    CLIENT_SAW(&peer, "ready\nrecipient 0 1 250 OK\nsent 1 250 OK delivered=1\nclose OK 0\n");
    client_delete(&peer);
}

static const smtp_str none = {NULL, 0};

static smtp_time wait_of(const struct client_peer *peer)
{
    return smtp_session_deadline(peer->session) - peer->now;
}

/* One step of the conversation: what the client has to say goes, and is answered. */
static void trip(struct client_peer *peer)
{
    (void)client_take(peer);
    script_read(peer);
    peer->now += SECOND;
    (void)client_give(peer);
    (void)client_take(peer);
}

/* Shows: R5321-4.5.3.2-1 R5321-4.5.3.2-2 R5321-4.5.3.2-3 R5321-4.5.3.2.1-1 R5321-4.5.3.2.2-1
 * R5321-4.5.3.2.3-1 R5321-4.5.3.2.4-1 R5321-4.5.3.2.5-1 R5321-4.5.3.2.6-1 */
static void test_deadline_of_each_phase(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_NO_PIPELINING;
    client_open(&peer);
    assert_true(wait_of(&peer) == 5 * MINUTE); /* greeting */
    trip(&peer);
    assert_true(wait_of(&peer) == 5 * MINUTE); /* EHLO */
    trip(&peer);
    assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
    (void)client_send(&peer);
    assert_true(wait_of(&peer) == 5 * MINUTE); /* MAIL */
    trip(&peer);
    assert_true(wait_of(&peer) == 5 * MINUTE); /* RCPT */
    trip(&peer);
    assert_true(wait_of(&peer) == 2 * MINUTE); /* DATA */
    (void)client_take(&peer);
    script_read(&peer);
    (void)client_give(&peer);
    assert_true(wait_of(&peer) == 3 * MINUTE); /* the body has not gone */
    peer.now += MINUTE;
    smtp_session_sent(peer.session, 1, peer.now);
    assert_true(wait_of(&peer) == 3 * MINUTE); /* an octet of it has */
    (void)client_take(&peer);
    assert_true(wait_of(&peer) == 10 * MINUTE); /* all of it has */
    client_delete(&peer);
}

static void test_configured_timeouts(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_NO_PIPELINING;
    peer.config.greeting_timeout = 1;
    peer.config.command_timeout = 2;
    peer.config.data_timeout = 3;
    peer.config.body_timeout = 4;
    peer.config.message_timeout = 5;
    client_open(&peer);
    assert_true(wait_of(&peer) == 1);
    trip(&peer);
    assert_true(wait_of(&peer) == 2);
    trip(&peer);
    (void)client_send(&peer);
    trip(&peer);
    trip(&peer);
    assert_true(wait_of(&peer) == 3);
    (void)client_take(&peer);
    script_read(&peer);
    (void)client_give(&peer);
    assert_true(wait_of(&peer) == 4);
    (void)client_take(&peer);
    assert_true(wait_of(&peer) == 5);
    client_delete(&peer);
}

/* Each wait has its name in the error. */
/* Shows: R5321-4.5.3.2-1 */
static void test_name_of_each_timeout(void **state)
{
    static const struct row {
        const char *verb; /* that is not answered */
        const char *reply;
        int error;
        int result;
    } rows[] = {
        {"CONNECT", "", SMTP_ERR_GREETING_TIMEOUT, SMTP_RESULT_TEMPORARY},
        {"EHLO", "", SMTP_ERR_COMMAND_TIMEOUT, SMTP_RESULT_TEMPORARY},
        {"MAIL", "", SMTP_ERR_MAIL_TIMEOUT, SMTP_RESULT_TEMPORARY},
        {"RCPT", "", SMTP_ERR_RCPT_TIMEOUT, SMTP_RESULT_TEMPORARY},
        {"DATA", "", SMTP_ERR_DATA_TIMEOUT, SMTP_RESULT_TEMPORARY},
        {"DATA", "354 go\r\n", SMTP_ERR_BODY_TIMEOUT, SMTP_RESULT_TEMPORARY},
        {".", "", SMTP_ERR_MESSAGE_TIMEOUT, SMTP_RESULT_UNKNOWN},
        {"QUIT", "", SMTP_ERR_COMMAND_TIMEOUT, SMTP_RESULT_DELIVERED},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script script[] = {{rows[i].verb, {""}},
                                  {"CONNECT", {"220 mx.example\r\n"}},
                                  {"EHLO", {"250 mx.example\r\n"}},
                                  {"DATA", {"354 go ahead\r\n"}},
                                  {NULL, {NULL}}};
        struct client_peer peer;
        smtp_time deadline;
        size_t used;
        client_peer_init(&peer);
        peer.script = script;
        client_session(&peer);
        (void)smtp_session_receive(peer.session, rows[i].reply, strlen(rows[i].reply), peer.now,
                                   &used);
        deadline = smtp_session_deadline(peer.session);
        assert_int_equal(smtp_session_expire(peer.session, deadline - 1), SMTP_ERR_OK);
        assert_int_equal(smtp_session_expire(peer.session, deadline), rows[i].error);
        assert_int_equal(peer.recipients[0].result, rows[i].result);
        assert_int_equal(peer.count[CLIENT_CLOSE], 1);
        client_delete(&peer);
    }
}

/* A time that no 32 bits hold is as long as they can say. */
static void test_very_long_timeouts(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.greeting_timeout = (smtp_time)1 << 40;
    client_open(&peer);
    assert_true(wait_of(&peer) == UINT32_MAX);
    client_delete(&peer);
}

/* The output is full when a transaction begins: it goes on when there is room again. */
static void test_no_room_for_a_transaction(void **state)
{
    struct client_peer peer;
    unsigned resets = 0;

    (void)state;
    client_peer_init(&peer);
    peer.config.output_buffer = 1024;
    peer.config.pending_max = 255;
    client_open(&peer);
    client_run(&peer);
    text_clear(&peer.wire);
    peer.seen = 0;
    while (smtp_client_command(peer.client, SMTP_VERB_RSET, none, none, peer.now) == SMTP_ERR_OK)
        resets++;
    assert_in_range(resets, 80, 90); /* 512 octets */
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_run(&peer);
    assert_int_equal(text_count(text_of(&peer.wire), "RSET\r\n"), resets);
    assert_int_equal(text_count(text_of(&peer.wire), "MAIL FROM:<a@c.example>\r\n"), 1);
    assert_int_equal(peer.recipients[0].result, SMTP_RESULT_DELIVERED);
    client_delete(&peer);
}

/* The output is full when an unwanted 354 comes: the session ends, since the dot cannot be said. */
static void test_no_room_for_the_lone_dot(void **state)
{
    enum { MANY = 19, FITS = 24 }; /* octets more, up to the dot's room */
    smtp_recipient recipients[MANY];
    char mailbox[64] = "";
    unsigned ended = 0;
    size_t more;
    size_t i;

    (void)state;
    for (more = 0; more < FITS + 2; more++) {
        struct client_peer peer;
        size_t used;
        (void)snprintf(mailbox, sizeof mailbox, "%.*s@mx.example", (int)more + 1,
                       "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
        memset(recipients, 0, sizeof recipients);
        for (i = 0; i < MANY; i++)
            recipients[i].mailbox = smtp_text(i == 0 ? mailbox : "b@mx.example");
        client_peer_init(&peer);
        peer.config.output_buffer = 1024;
        peer.envelope.recipients = recipients;
        peer.envelope.recipient_count = MANY;
        client_open(&peer);
        client_run(&peer);
        assert_int_equal(client_send(&peer), SMTP_ERR_OK);
        smtp_session_sent(peer.session, 1, peer.now);
        (void)smtp_session_receive(peer.session, "250 a\r\n", 7, peer.now, &used);
        for (i = 0; i < MANY; i++)
            (void)smtp_session_receive(peer.session, "550 b\r\n", 7, peer.now, &used);
        assert_int_equal(peer.count[CLIENT_SENT], 1);
        (void)smtp_session_receive(peer.session, "354 c\r\n", 7, peer.now, &used);
        if (smtp_session_error(peer.session, NULL) == SMTP_ERR_UNEXPECTED_REPLY)
            ended++;
        else
            (void)client_take(&peer);
        assert_int_equal(text_count(text_of(&peer.wire), "DATA\r\n.\r\n"),
                         peer.count[CLIENT_CLOSE] == 0);
        client_delete(&peer);
    }
    assert_int_equal(ended, 2);
}

/* What the caller asks for in between makes no wait longer. */
static void test_calls_do_not_move_the_deadline(void **state)
{
    struct client_peer peer;
    smtp_envelope next;
    smtp_recipient recipient;
    smtp_time deadline;

    (void)state;
    client_peer_init(&peer);
    client_open(&peer);
    client_run(&peer);
    assert_int_equal(smtp_client_command(peer.client, SMTP_VERB_RSET, none, none, peer.now),
                     SMTP_ERR_OK);
    deadline = smtp_session_deadline(peer.session);
    assert_true(deadline == peer.now + 5 * MINUTE);
    assert_int_equal(
        smtp_client_command(peer.client, SMTP_VERB_NOOP, none, none, peer.now + MINUTE),
        SMTP_ERR_OK);
    assert_true(smtp_session_deadline(peer.session) == deadline);
    peer.now += MINUTE;
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    next = peer.envelope;
    recipient = peer.recipients[1];
    next.recipients = &recipient;
    assert_int_equal(smtp_client_send(peer.client, &next, peer.now, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    assert_true(smtp_session_deadline(peer.session) == deadline);
    client_delete(&peer);
}

/* A reply that comes octet by octet, or line by line, does not put its deadline off. */
static void test_unfinished_reply_does_not_move_the_deadline(void **state)
{
    static const char reply[] = "250-one\r\n250-two\r\n250-thr";
    struct client_peer peer;
    smtp_time deadline;
    size_t i;

    (void)state;
    client_peer_init(&peer);
    client_open(&peer);
    client_run(&peer);
    (void)client_send(&peer);
    (void)client_take(&peer);
    deadline = smtp_session_deadline(peer.session);
    for (i = 0; i < sizeof reply - 1; i++) {
        size_t used;
        peer.now += SECOND;
        (void)smtp_session_receive(peer.session, reply + i, 1, peer.now, &used);
        assert_int_equal(used, 1);
        assert_true(smtp_session_deadline(peer.session) == deadline);
    }
    assert_int_equal(smtp_session_expire(peer.session, deadline - 1), SMTP_ERR_OK);
    assert_int_equal(smtp_session_expire(peer.session, deadline), SMTP_ERR_MAIL_TIMEOUT);
    assert_int_equal(smtp_session_expire(peer.session, deadline), SMTP_ERR_MAIL_TIMEOUT);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
    CLIENT_SAW(&peer, "ready\nrecipient 0 2 0 MAIL_TIMEOUT\nsent 2 0 MAIL_TIMEOUT delivered=0\n"
                      "close MAIL_TIMEOUT 0\n");
    client_delete(&peer);
}

/* A handshake has its deadline too. */
static void test_deadline_of_the_handshake(void **state)
{
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250-mx.example\r\n250 STARTTLS\r\n"}},
        {"STARTTLS", {"220 go\r\n"}},
        {NULL, {NULL}},
    };
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.script = script;
    peer.config.tls = SMTP_TLS_REQUIRED;
    client_open(&peer);
    client_run(&peer);
    assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_TLS_HANDSHAKE);
    assert_true(wait_of(&peer) == 5 * MINUTE);
    assert_int_equal(smtp_session_expire(peer.session, peer.now + 5 * MINUTE),
                     SMTP_ERR_TLS_TIMEOUT);
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_no_group_where_none_was_offered),
        cmocka_unit_test(test_every_cut_is_the_same),
        cmocka_unit_test(test_long_group),
        cmocka_unit_test(test_commands_in_groups),
        cmocka_unit_test(test_transaction_behind_a_command),
        cmocka_unit_test(test_commands_of_the_callers_own),
        cmocka_unit_test(test_commands_out_of_place),
        cmocka_unit_test(test_deadline_of_each_phase),
        cmocka_unit_test(test_configured_timeouts),
        cmocka_unit_test(test_name_of_each_timeout),
        cmocka_unit_test(test_very_long_timeouts),
        cmocka_unit_test(test_no_room_for_a_transaction),
        cmocka_unit_test(test_no_room_for_the_lone_dot),
        cmocka_unit_test(test_calls_do_not_move_the_deadline),
        cmocka_unit_test(test_unfinished_reply_does_not_move_the_deadline),
        cmocka_unit_test(test_deadline_of_the_handshake),
    };
    return cmocka_run_group_tests_name("client/send", tests, NULL, NULL);
}
