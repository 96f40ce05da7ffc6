/* SPDX-License-Identifier: MIT
 * A run of messages: the commands of the next one go right behind a message, and what becomes of
 * each does not depend on that. */
#include "support/client_peer.h"

static const struct script chunking_script[] = {
    {"CONNECT", {"220 mx.example\r\n"}},
    {"EHLO", {"250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n"}},
    {"QUIT", {"221 bye\r\n"}},
    {NULL, {NULL}},
};

/* The messages of a run: two are given at one time, the next in each `sent`. */
enum { RUN = 5 };

static struct run {
    smtp_envelope envelopes[RUN];
    smtp_recipient recipients[RUN][3];
    size_t given;
    size_t count;
    const smtp_envelope *told[RUN];
    size_t told_count;
} run;

static int give(struct client_peer *peer)
{
    int error = SMTP_ERR_OK;

    if (run.given < run.count) {
        error = smtp_client_send(peer->client, &run.envelopes[run.given], peer->now, NULL);
        run.given += error == SMTP_ERR_OK;
    }
    return error;
}

static void note_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    struct client_peer *peer = user;

    run.told[run.told_count++] = event->envelope;
    peer_sent(client, event, user);
    if (!peer->deleted)
        (void)give(peer);
}

/* A run of `count` messages with three recipients each, two of them given now. */
static void begin(struct client_peer *peer, size_t count)
{
    static const char *const mailboxes[] = {"b@mx.example", "d@mx.example", "e@mx.example"};
    size_t i;
    size_t k;

    memset(&run, 0, sizeof run);
    run.count = count;
    for (i = 0; i < count; i++) {
        run.envelopes[i] = peer->envelope;
        run.envelopes[i].recipients = run.recipients[i];
        run.envelopes[i].recipient_count = 3;
        for (k = 0; k < 3; k++)
            run.recipients[i][k].mailbox = smtp_text(mailboxes[k]);
    }
    peer->callbacks.sent = note_sent;
    client_open(peer);
    assert_int_equal(give(peer), SMTP_ERR_OK);
    assert_int_equal(give(peer), SMTP_ERR_OK);
}

#define GROUP                                                                                      \
    "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nRCPT TO:<d@mx.example>\r\n"              \
    "RCPT TO:<e@mx.example>\r\n"
#define DATA GROUP "DATA\r\n"
#define CONTENT "Subject: x\r\n\r\n..dot\r\n.\r\n"

/* One message takes greeting, EHLO, group, content and QUIT; each further one a round trip. */
/* Shows: R2920-3.1-3 R2920-3.1-5 */
static void test_round_trips(void **state)
{
    size_t count;

    (void)state;
    for (count = 1; count <= RUN; count++) {
        struct client_peer peer;
        size_t i;
        client_peer_init(&peer);
        begin(&peer, count);
        client_run(&peer);
        assert_int_equal(peer.trips, 4 + (count - 1));
        assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
        client_run(&peer);
        assert_int_equal(peer.trips, 5 + (count - 1));
        assert_int_equal(run.told_count, count);
        for (i = 0; i < count; i++)
            assert_ptr_equal(run.told[i], &run.envelopes[i]);
        if (count == 2)
            CLIENT_SAID(&peer, "EHLO c.example\r\n" DATA CONTENT DATA CONTENT "QUIT\r\n");
        assert_int_equal(text_count(text_of(&peer.events), "sent 1 250 OK delivered=3\n"), count);
        assert_null(strstr(text_of(&peer.wire), "RSET"));
        client_delete(&peer);
    }
}

/* With CHUNKING one less: a message that is small goes with its commands. */
static void test_round_trips_of_chunks(void **state)
{
    size_t count;

    (void)state;
    for (count = 1; count <= RUN; count++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.script = chunking_script;
        begin(&peer, count);
        client_run(&peer);
        assert_int_equal(peer.trips, 3 + (count - 1));
        if (count == 2)
            CLIENT_SAID(&peer, "EHLO c.example\r\n" GROUP
                               "BDAT 20 LAST\r\nSubject: x\r\n\r\n.dot\r\n" GROUP
                               "BDAT 20 LAST\r\nSubject: x\r\n\r\n.dot\r\n");
        assert_int_equal(text_count(text_of(&peer.events), "sent 1 250 OK delivered=3\n"), count);
        client_delete(&peer);
    }
}

static char large[20000];

/* One that is too large for that: RSET goes between, since a BDAT that is refused leaves a
 * transaction, and whether it will be nobody knows yet. */
/* Shows: R3030-2-13 */
static void test_round_trips_of_large_chunks(void **state)
{
    size_t count;
    int fills;

    (void)state;
    memset(large, 'x', sizeof large);
    memcpy(large + sizeof large - 2, "\r\n", 2);
    for (fills = 0; fills < 2; fills++) {
        for (count = 1; count <= RUN; count++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.script = chunking_script;
            peer.body = large;
            peer.body_len = sizeof large;
            peer.body_fills = fills;
            begin(&peer, count);
            client_run(&peer);
            assert_int_equal(peer.trips, 4 + (count - 1));
            assert_int_equal(text_count(text_of(&peer.wire), "RSET\r\n" GROUP), count - 1);
            assert_int_equal(text_count(text_of(&peer.wire), " LAST\r\n"), count);
            assert_int_equal(peer.content.len, count * sizeof large);
            assert_int_equal(run.told_count, count);
            client_delete(&peer);
        }
    }
}

/* Where the server has no PIPELINING, or the caller does not want it, nothing goes ahead. */
static void test_nothing_ahead_without_pipelining(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.config.flags = SMTP_CLIENT_NO_PIPELINING;
    begin(&peer, 3);
    client_run(&peer);
    assert_int_equal(peer.trips, 2 + 3 * 6);
    assert_int_equal(run.told_count, 3);
    client_delete(&peer);
}

/* The same words and the same events in any cut of replies, output and body, but for LMTP's. */
static void test_every_cut(void **state)
{
    static const uint32_t flags[] = {0, SMTP_CLIENT_LMTP};
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250-mx.example\r\n250 PIPELINING\r\n"}},
        {"LHLO", {"250-mx.example\r\n250 PIPELINING\r\n"}},
        {"RCPT", {"250 ok\r\n", "550 no\r\n", "450 later\r\n", "250 ok\r\n"}},
        {"DATA", {"354 go\r\n"}},
        {".",
         {"250 one\r\n", "554 two\r\n250 more\r\n452 more\r\n", "250 a\r\n452 b\r\n554 c\r\n"}},
        {NULL, {NULL}},
    };
    struct client_peer whole;
    size_t way;
    size_t width;
    size_t step;

    (void)state;
    for (way = 0; way < 2; way++) {
        client_peer_init(&whole);
        whole.quiet = 0;
        whole.config.flags = flags[way];
        if (flags[way])
            whole.script = script;
        begin(&whole, 3);
        client_run(&whole);
        assert_int_equal(run.told_count, 3);
        for (step = 0; step < 5; step++) {
            for (width = 0; width < 40; width += 3) {
                struct client_peer peer;
                client_peer_init(&peer);
                peer.quiet = 0;
                peer.config.flags = flags[way];
                peer.script = whole.script;
                peer.step = step;
                peer.width = width;
                peer.body_step = width;
                peer.body_fills = step == 2;
                begin(&peer, 3);
                client_run(&peer);
                CLIENT_SAW(&peer, text_of(&whole.events));
                CLIENT_SAID(&peer, text_of(&whole.wire));
                client_delete(&peer);
            }
        }
        client_delete(&whole);
    }
}

/* The first message is refused, taken or ends the session: the second is what it would have been
 * alone, or temporary. */
static void test_what_becomes_of_the_second(void **state)
{
    static const struct row {
        const char *verb;
        const char *first;
        const char *second;
        const char *seen;
    } rows[] = {
        {".", "554 no\r\n", "250 ok\r\n",
         "sent 3 554 TRANSACTION_REFUSED delivered=0\nsent 1 250 OK delivered=3\n"},
        {".", "250 ok\r\n", "452 full\r\n",
         "sent 1 250 OK delivered=3\nsent 2 452 TRANSACTION_REFUSED delivered=0\n"},
        {".", "421 bye\r\n", NULL,
         "sent 2 421 TRANSACTION_REFUSED delivered=0\nsent 2 421 SHUTTING_DOWN delivered=0\n"
         "close SHUTTING_DOWN 421\n"},
        {".", "nonsense\r\n", NULL,
         "sent 4 0 OUTCOME_UNKNOWN delivered=0\nsent 2 0 REPLY_CODE delivered=0\n"
         "close REPLY_CODE 0\n"},
        {".", "354 what\r\n", NULL,
         "sent 4 354 OUTCOME_UNKNOWN delivered=0\nsent 2 0 UNEXPECTED_REPLY delivered=0\n"
         "close UNEXPECTED_REPLY 354\n"},
        {"MAIL", "250 ok\r\n", "550 no\r\n",
         "sent 1 250 OK delivered=3\nsent 3 550 TRANSACTION_REFUSED delivered=0\n"},
        {"MAIL", "250 ok\r\n", "421 bye\r\n",
         "sent 1 250 OK delivered=3\nsent 2 421 TRANSACTION_REFUSED delivered=0\n"
         "close SHUTTING_DOWN 421\n"},
        {"MAIL", "550 no\r\n", "250 ok\r\n",
         "sent 3 550 TRANSACTION_REFUSED delivered=0\nsent 1 250 OK delivered=3\n"},
        {"RCPT", "550 no\r\n", NULL,
         "sent 3 550 NO_RECIPIENTS delivered=0\nsent 3 550 NO_RECIPIENTS delivered=0\n"},
        {"DATA", "354 go\r\n", "451 no\r\n",
         "sent 1 250 OK delivered=3\nsent 2 451 TRANSACTION_REFUSED delivered=0\n"},
        {"DATA", "451 no\r\n", "354 go\r\n",
         "sent 2 451 TRANSACTION_REFUSED delivered=0\nsent 1 250 OK delivered=3\n"},
    };
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (width = 0; width < 12; width += 4) {
            struct script script[] = {{rows[i].verb, {rows[i].first, rows[i].second}},
                                      {"CONNECT", {"220 mx.example\r\n"}},
                                      {"EHLO", {"250-mx.example\r\n250 PIPELINING\r\n"}},
                                      {"DATA", {"354 go ahead\r\n"}},
                                      {NULL, {NULL}}};
            struct client_peer peer;
            client_peer_init(&peer);
            peer.callbacks.recipient = NULL;
            peer.script = script;
            peer.width = width;
            begin(&peer, 2);
            client_run(&peer);
            assert_string_equal(text_of(&peer.events) + strlen("ready\n"), rows[i].seen);
            assert_int_equal(run.told_count, 2);
            client_delete(&peer);
        }
    }
}

/* A chunk in the middle is refused when the rest of the message and the next one's commands are
 * out: what is due for the first is read, and the second goes on. */
/* Shows: R3030-2-11 R3030-2-13 R3030-2-9 */
static void test_refused_chunk(void **state)
{
    static const struct script script[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {"250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n"}},
        {"BDAT", {"452 full\r\n", "503 no\r\n", "250 ok\r\n"}},
        {".", {"503 no\r\n", "250 ok\r\n"}},
        {NULL, {NULL}},
    };
    size_t width;
    size_t step;

    (void)state;
    memset(large, 'x', sizeof large);
    memcpy(large + 12000 - 2, "\r\n", 2);
    for (width = 0; width < 20; width++) {
        for (step = 0; step < 3; step++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.callbacks.recipient = NULL;
            peer.script = script;
            peer.body = large;
            peer.body_len = 12000;
            peer.body_fills = 1;
            peer.width = width;
            peer.step = step * 1000;
            begin(&peer, 2);
            client_run(&peer);
            CLIENT_SAW(&peer, "ready\nsent 2 452 TRANSACTION_REFUSED delivered=0\n"
                              "sent 1 250 OK delivered=3\n");
            assert_int_equal(text_count(text_of(&peer.wire), "RSET\r\n"), 1);
            assert_int_equal(smtp_client_idle(peer.client), 1);
            client_delete(&peer);
        }
    }
}

/* The connection is lost behind each octet of what the server says: one `sent` each, in order,
 * never a second that is told before the first, and only a message whose end has gone is unknown.
 */
/* Shows: R5321-4.1.1.10-6 */
static void test_lost_at_every_octet(void **state)
{
    size_t total = 0;
    size_t lose;
    int chunks;

    (void)state;
    for (chunks = 0; chunks < 2; chunks++) {
        for (lose = 1; lose == 1 || lose < total; lose++) {
            struct client_peer peer;
            size_t i;
            client_peer_init(&peer);
            if (chunks)
                peer.script = chunking_script;
            peer.lose_at = lose;
            begin(&peer, 3);
            client_run(&peer);
            total = lose == 1 ? 100000 : total;
            if (!peer.lost)
                total = lose;
            assert_int_equal(run.told_count, run.given);
            for (i = 0; i < run.told_count; i++)
                assert_ptr_equal(run.told[i], &run.envelopes[i]);
            for (i = 1; i < run.told_count; i++) {
                int before = run.recipients[i - 1][0].result;
                assert_true(before == SMTP_RESULT_DELIVERED ||
                            run.recipients[i][0].result == SMTP_RESULT_TEMPORARY);
            }
            client_delete(&peer);
        }
        assert_in_range(total, 100, 5000);
        total = 0;
    }
}

/* A second is taken before the body has begun and after it has gone, and only one. */
static int errors[CLIENT_CALLS];

static void try_in_each(struct client_peer *peer, int call)
{
    if (errors[call] == 1)
        errors[call] = smtp_client_send(peer->client, &run.envelopes[3], peer->now, NULL);
}

static void test_when_a_second_is_taken(void **state)
{
    struct client_peer peer;
    int call;

    (void)state;
    for (call = 0; call < CLIENT_CALLS; call++) {
        client_peer_init(&peer);
        peer.during = try_in_each;
        memset(errors, 0, sizeof errors);
        begin(&peer, 4);
        errors[call] = 1;
        run.count = 2; /* the others are not given in `sent` */
        client_run(&peer);
        if (call == CLIENT_SENT)
            assert_int_equal(errors[call], SMTP_ERR_OK);
        else if (call != CLIENT_CLOSE)
            assert_int_equal(errors[call], SMTP_ERR_STATE);
        assert_int_equal(run.told_count, call == CLIENT_SENT ? 3 : 2);
        client_delete(&peer);
    }
    /* By the phase of the first. */
    client_peer_init(&peer);
    begin(&peer, 1);
    assert_int_equal(smtp_client_send(peer.client, &run.envelopes[0], peer.now, NULL),
                     SMTP_ERR_STATE);
    run.envelopes[1] = run.envelopes[0];
    run.envelopes[1].recipients = run.recipients[1];
    memcpy(run.recipients[1], run.recipients[0], sizeof run.recipients[0]);
    peer.body_answer = SMTP_DEFER;
    client_run(&peer);
    assert_int_equal(smtp_client_send(peer.client, &run.envelopes[1], peer.now, NULL),
                     SMTP_ERR_STATE); /* the body has begun */
    peer.body_answer = 0;
    assert_int_equal(smtp_client_resume(peer.client, peer.now), SMTP_ERR_OK);
    assert_int_equal(smtp_client_send(peer.client, &run.envelopes[1], peer.now, NULL),
                     SMTP_ERR_STATE); /* it has not gone */
    (void)client_take(&peer);
    assert_int_equal(smtp_client_send(peer.client, &run.envelopes[1], peer.now, NULL), SMTP_ERR_OK);
    (void)client_take(&peer);
    assert_non_null(strstr(text_of(&peer.wire), CONTENT DATA));
    client_run(&peer);
    assert_int_equal(run.told_count, 2);
    client_delete(&peer);
}

/* What the server cannot take is not said, and is told in its turn. */
static void test_a_second_that_cannot_be_sent(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    begin(&peer, 1);
    run.envelopes[1] = run.envelopes[0];
    run.envelopes[1].recipients = run.recipients[1];
    run.envelopes[1].octets = 100001; /* SIZE is 100000 */
    memcpy(run.recipients[1], run.recipients[0], sizeof run.recipients[0]);
    assert_int_equal(smtp_client_send(peer.client, &run.envelopes[1], peer.now, NULL), SMTP_ERR_OK);
    client_run(&peer);
    assert_non_null(strstr(text_of(&peer.events), "sent 1 250 OK delivered=3\n"
                                                  "recipient 0 3 0 MESSAGE_TOO_LARGE\n"));
    CLIENT_SAID(&peer, "EHLO c.example\r\n" DATA CONTENT);
    assert_int_equal(smtp_client_idle(peer.client), 1);
    client_delete(&peer);
}

/* The next reply to DATA among the events, or 0 when there is none. */
static int next_data_reply(const char **events)
{
    const char *at = strstr(*events, "reply 6 ");

    if (at == NULL)
        return 0;
    *events = at + 8;
    return atoi(*events);
}

/* Reads what the client said as a server that gave these replies: commands, and content only where
 * it was asked for. Gives how many messages were complete. */
static unsigned read_wire(const char *wire, size_t len, const char *events)
{
    static const char *const commands[] = {
        "EHLO ",    "LHLO ",    "MAIL FROM:", "RCPT TO:", "RSET\r\n",
        "QUIT\r\n", "DATA\r\n", "BDAT ",      NULL};
    const char *end = wire + len;
    unsigned complete = 0;

    while (wire < end) {
        const char *lf = memchr(wire, '\n', (size_t)(end - wire));
        size_t i = 0;
        if (lf == NULL)
            return complete;
        while (commands[i] != NULL && strncmp(wire, commands[i], strlen(commands[i])) != 0)
            i++;
        assert_non_null(commands[i]);
        if (wire[0] == 'B') {
            size_t octets = (size_t)strtoul(wire + 5, NULL, 10);
            int last = strncmp(lf - 5, "LAST", 4) == 0;
            wire = lf + 1;
            if ((size_t)(end - wire) < octets)
                return complete;
            wire += octets;
            complete += last != 0;
            continue;
        }
        if (wire[0] == 'D' && next_data_reply(&events) / 100 == 3) {
            const char *dot = strncmp(lf + 1, ".\r\n", 3) == 0 ? lf - 1 : strstr(lf, "\r\n.\r\n");
            if (dot == NULL)
                return complete;
            complete++;
            lf = dot + 4;
        }
        wire = lf + 1;
    }
    return complete;
}

static uint64_t chance;

/* What a server says that is right as a rule: NULL, for what its script has. */
static const char *draw(const char *verb)
{
    static const char *const wrong[] = {
        "250 x\r\n", "354 x\r\n", "450 x\r\n", "550 x\r\n", "452 x\r\n",          "503 x\r\n",
        "552 x\r\n", "252 x\r\n", "",          "421 x\r\n", "250-x\r\n250 x\r\n",
    };
    static const char *const hellos[] = {
        "250-x\r\n250 PIPELINING\r\n",
        "250-x\r\n250-CHUNKING\r\n250 PIPELINING\r\n",
        "250-x\r\n250 CHUNKING\r\n",
        "250-x\r\n250-PIPELINING\r\n250 LIMITS RCPTMAX=2 MAILMAX=3\r\n",
        "250 x\r\n",
    };

    if (strcmp(verb, "EHLO") == 0 || strcmp(verb, "LHLO") == 0)
        return hellos[random_below(&chance, 5)];
    if (strcmp(verb, "CONNECT") == 0 || random_below(&chance, 8) != 0)
        return NULL;
    return wrong[random_below(&chance, 11)];
}

static int was_delivered(size_t i)
{
    size_t k;

    for (k = 0; k < 3; k++) {
        if (run.recipients[i][k].result == SMTP_RESULT_DELIVERED)
            return 1;
    }
    return 0;
}

/* A server that is not always right: each message is told once and in order, "delivered" only
 * behind a 2yz to one that was complete, and what is said can be read. */
static void test_replies_at_random(void **state)
{
    unsigned delivered = 0;
    unsigned failed = 0;
    uint64_t seed;

    (void)state;
    memset(large, 'x', sizeof large);
    memcpy(large + 1500 - 2, "\r\n", 2);
    for (seed = 1; seed < 8000; seed++) {
        struct client_peer peer;
        unsigned right = 0;
        size_t i;
        chance = seed * 0x9E3779B97F4A7C15u;
        client_peer_init(&peer);
        peer.quiet = 0;
        peer.answer = draw;
        peer.config.output_buffer = 1024;
        peer.config.flags = seed % 5 == 0 ? SMTP_CLIENT_LMTP : 0;
        peer.body = seed % 3 == 0 ? large : peer.body;
        peer.body_len = seed % 3 == 0 ? 1500 : peer.body_len;
        peer.body_step = random_below(&chance, 3) * 300;
        peer.body_fills = random_below(&chance, 2) == 0;
        peer.width = random_below(&chance, 20);
        peer.step = random_below(&chance, 3) * 40;
        begin(&peer, 4);
        client_run(&peer);
        (void)smtp_session_eof(peer.session, peer.now);
        assert_int_equal(run.told_count, run.given);
        for (i = 0; i < run.told_count; i++) {
            assert_ptr_equal(run.told[i], &run.envelopes[i]);
            right += was_delivered(i) ? 1u : 0u;
        }
        assert_int_equal(peer.count[CLIENT_RECIPIENT], 3 * run.told_count);
        assert_int_equal(peer.count[CLIENT_CLOSE], 1);
        assert_true(right <= text_count(text_of(&peer.events), "reply -2 2"));
        assert_true(right <= read_wire(text_of(&peer.wire), peer.wire.len, text_of(&peer.events)));
        delivered += right;
        failed += (unsigned)run.told_count - right;
        client_delete(&peer);
    }
    assert_true(delivered > 3000 && failed > 3000);
}

/* Deleted in the first `sent`: the second is not told any more, and all memory is given back. */
static void delete_in_sent(struct client_peer *peer, int call)
{
    if (call != CLIENT_SENT)
        return;
    peer->deleted = 1;
    smtp_client_del(peer->client);
}

static void test_deleted_in_sent(void **state)
{
    int lost;

    (void)state;
    for (lost = 0; lost < 2; lost++) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.during = delete_in_sent;
        begin(&peer, 2);
        if (lost)
            (void)smtp_session_eof(peer.session, peer.now);
        else
            client_run(&peer);
        assert_int_equal(run.told_count, 1);
        assert_int_equal(peer.count[CLIENT_CLOSE], 0);
        client_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_round_trips_of_chunks),
        cmocka_unit_test(test_round_trips_of_large_chunks),
        cmocka_unit_test(test_nothing_ahead_without_pipelining),
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_what_becomes_of_the_second),
        cmocka_unit_test(test_refused_chunk),
        cmocka_unit_test(test_lost_at_every_octet),
        cmocka_unit_test(test_when_a_second_is_taken),
        cmocka_unit_test(test_a_second_that_cannot_be_sent),
        cmocka_unit_test(test_replies_at_random),
        cmocka_unit_test(test_deleted_in_sent),
    };
    return cmocka_run_group_tests_name("client/ahead", tests, NULL, NULL);
}
