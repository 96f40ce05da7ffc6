/* SPDX-License-Identifier: MIT
 * The limits of a server, obeyed before the wire: transactions of a session, recipients of a
 * transaction, domains of a session. */
#include "support/client_peer.h"

static char hello[120];
static const struct script script[] = {
    {"CONNECT", {"220 mx.example\r\n"}},
    {"EHLO", {hello}},
    {"LHLO", {hello}},
    {"DATA", {"354 go\r\n"}},
    {"QUIT", {"221 bye\r\n"}},
    {NULL, {NULL}},
};

/* A peer of a server with these limits, and a message to these mailboxes. */
static void open_with(struct client_peer *peer, const char *limits, int pipelining,
                      const char *const *mailboxes)
{
    size_t i;

    (void)snprintf(hello, sizeof hello, "250-mx.example\r\n%s250 LIMITS %s\r\n",
                   pipelining ? "250-PIPELINING\r\n" : "", limits);
    client_peer_init(peer);
    peer->script = script;
    for (i = 0; mailboxes[i] != NULL; i++)
        peer->recipients[i].mailbox = smtp_text(mailboxes[i]);
    peer->envelope.recipient_count = i;
}

static const char *const three[] = {"b@mx.example", "d@mx.example", "e@mx.example", NULL};

/* MAIL commands of a session, those that were refused too; one more is not said. */
/* Shows: R9422-4.1-1 */
static void test_transactions(void **state)
{
    int pipelining;
    int i;

    (void)state;
    for (pipelining = 0; pipelining < 2; pipelining++) {
        struct client_peer peer;
        open_with(&peer, "MAILMAX=3", pipelining, three);
        client_open(&peer);
        for (i = 0; i < 4; i++) {
            assert_int_equal(client_send(&peer), SMTP_ERR_OK);
            client_run(&peer);
        }
        assert_int_equal(text_count(text_of(&peer.wire), "MAIL FROM:"), 3);
        assert_int_equal(text_count(text_of(&peer.events), "sent 1 250 OK delivered=3\n"), 3);
        assert_non_null(strstr(text_of(&peer.events),
                               "recipient 2 2 0 TOO_MANY_TRANSACTIONS\n"
                               "sent 2 0 TOO_MANY_TRANSACTIONS delivered=0\n"));
        assert_int_equal(smtp_client_idle(peer.client), 1);
        assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
        client_run(&peer);
        assert_non_null(strstr(text_of(&peer.events), "close OK 0\n"));
        client_delete(&peer);
    }
}

/* Nor does it go ahead of its turn. */
static void test_transactions_ahead(void **state)
{
    struct client_peer peer;
    smtp_envelope next;
    smtp_recipient recipient;

    (void)state;
    open_with(&peer, "MAILMAX=1", 1, three);
    client_open(&peer);
    memset(&recipient, 0, sizeof recipient);
    recipient.mailbox = smtp_text("b@mx.example");
    next = peer.envelope;
    next.recipients = &recipient;
    next.recipient_count = 1;
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    assert_int_equal(smtp_client_send(peer.client, &next, peer.now, NULL), SMTP_ERR_OK);
    client_run(&peer);
    assert_int_equal(text_count(text_of(&peer.wire), "MAIL FROM:"), 1);
    assert_non_null(strstr(text_of(&peer.events),
                           "sent 1 250 OK delivered=3\nrecipient 0 2 0 TOO_MANY_TRANSACTIONS\n"
                           "sent 2 0 TOO_MANY_TRANSACTIONS delivered=0\n"));
    client_delete(&peer);
}

/* RCPT commands of a transaction, those that were refused too; the others are left out, for now. */
/* Shows: R9422-4.2-1 */
static void test_recipients(void **state)
{
    static const struct row {
        const char *limits;
        uint32_t flags;
        unsigned said;
        const char *seen;
    } rows[] = {
        {"RCPTMAX=4", 0, 3,
         "recipient 0 1 250 OK\nrecipient 1 1 250 OK\nrecipient 2 1 250 OK\n"
         "sent 1 250 OK delivered=3\n"},
        {"RCPTMAX=3", 0, 3,
         "recipient 0 1 250 OK\nrecipient 1 1 250 OK\nrecipient 2 1 250 OK\n"
         "sent 1 250 OK delivered=3\n"},
        {"RCPTMAX=2", 0, 2,
         "recipient 0 1 250 OK\nrecipient 1 1 250 OK\nrecipient 2 2 0 TOO_MANY_RECIPIENTS\n"
         "sent 1 250 OK delivered=2\n"},
        {"RCPTMAX=1", 0, 1,
         "recipient 0 1 250 OK\nrecipient 1 2 0 TOO_MANY_RECIPIENTS\n"
         "recipient 2 2 0 TOO_MANY_RECIPIENTS\nsent 1 250 OK delivered=1\n"},
        {"RCPTMAX=1", SMTP_CLIENT_LMTP, 1,
         "recipient 0 1 250 OK\nrecipient 1 2 0 TOO_MANY_RECIPIENTS\n"
         "recipient 2 2 0 TOO_MANY_RECIPIENTS\nsent 1 250 OK delivered=1\n"},
    };
    size_t i;
    int pipelining;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (pipelining = 0; pipelining < 2; pipelining++) {
            struct client_peer peer;
            open_with(&peer, rows[i].limits, pipelining, three);
            peer.config.flags = rows[i].flags;
            client_open(&peer);
            assert_int_equal(client_send(&peer), SMTP_ERR_OK);
            client_run(&peer);
            assert_string_equal(text_of(&peer.events) + strlen("ready\n"), rows[i].seen);
            assert_int_equal(text_count(text_of(&peer.wire), "RCPT TO:"), rows[i].said);
            /* The next transaction has its own count. */
            assert_int_equal(client_send(&peer), SMTP_ERR_OK);
            client_run(&peer);
            assert_int_equal(text_count(text_of(&peer.wire), "RCPT TO:"), 2 * rows[i].said);
            client_delete(&peer);
        }
    }
}

/* The only recipient that was not left out is refused: no DATA follows, and the rest is for now. */
static void test_recipients_refused(void **state)
{
    static const struct script refusing[] = {
        {"CONNECT", {"220 mx.example\r\n"}},
        {"EHLO", {hello}},
        {"RCPT", {"550 no\r\n"}},
        {"DATA", {"503 no\r\n"}},
        {"QUIT", {"221 bye\r\n"}},
        {NULL, {NULL}},
    };
    int pipelining;

    (void)state;
    for (pipelining = 0; pipelining < 2; pipelining++) {
        struct client_peer peer;
        open_with(&peer, "RCPTMAX=1", pipelining, three);
        peer.script = refusing;
        client_session(&peer);
        assert_non_null(strstr(text_of(&peer.events),
                               "ready\nrecipient 0 3 550 OK\nrecipient 1 2 0 TOO_MANY_RECIPIENTS\n"
                               "recipient 2 2 0 TOO_MANY_RECIPIENTS\nsent 2 "));
        assert_non_null(strstr(text_of(&peer.events), " NO_RECIPIENTS delivered=0\nclose OK 0\n"));
        assert_int_equal(strstr(text_of(&peer.wire), "DATA") != NULL, pipelining);
        client_delete(&peer);
    }
}

static const char *const mixed[] = {
    "b@mx.example",      "c@a.example", "d@MX.Example",  "Postmaster",
    "\"x@y\"@b.example", "e@a.example", "f@[192.0.2.1]", NULL};

/* Domains of a session, whatever their case: recipients of one more are left out, for now. */
/* Shows: R9422-4.3-1 */
static void test_domains(void **state)
{
    static const struct row {
        const char *limits;
        const char *left_out; /* positions */
    } rows[] = {
        {"RCPTDOMAINMAX=4", ""},
        {"RCPTDOMAINMAX=3", "6"},
        {"RCPTDOMAINMAX=2", "46"},
        {"RCPTDOMAINMAX=1", "1456"},
    };
    size_t i;
    size_t k;
    int round;
    int pipelining;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (pipelining = 0; pipelining < 2; pipelining++) {
            struct client_peer peer;
            open_with(&peer, rows[i].limits, pipelining, mixed);
            client_open(&peer);
            for (round = 0; round < 2; round++) { /* what was known stays known */
                assert_int_equal(client_send(&peer), SMTP_ERR_OK);
                client_run(&peer);
                for (k = 0; mixed[k] != NULL; k++) {
                    int out = strchr(rows[i].left_out, (int)('0' + k)) != NULL;
                    assert_int_equal(peer.recipients[k].result,
                                     out ? SMTP_RESULT_TEMPORARY : SMTP_RESULT_DELIVERED);
                }
            }
            assert_int_equal(text_count(text_of(&peer.events), "TOO_MANY_DOMAINS\n"),
                             2 * strlen(rows[i].left_out));
            client_delete(&peer);
        }
    }
}

/* Nobody of a transaction can be named any more: nothing of it is said. */
static void test_no_domain_is_left(void **state)
{
    static const char *const elsewhere[] = {"b@a.example", "c@b.example", NULL};
    struct client_peer peer;
    size_t i;

    (void)state;
    open_with(&peer, "RCPTDOMAINMAX=1", 1, three);
    client_open(&peer);
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_run(&peer);
    for (i = 0; elsewhere[i] != NULL; i++)
        peer.recipients[i].mailbox = smtp_text(elsewhere[i]);
    peer.envelope.recipient_count = i;
    assert_int_equal(client_send(&peer), SMTP_ERR_OK);
    client_run(&peer);
    assert_non_null(strstr(text_of(&peer.events),
                           "recipient 0 2 0 TOO_MANY_DOMAINS\nrecipient 1 2 0 TOO_MANY_DOMAINS\n"
                           "sent 2 0 TOO_MANY_DOMAINS delivered=0\n"));
    assert_int_equal(text_count(text_of(&peer.wire), "MAIL FROM:"), 1);
    client_delete(&peer);
}

/* More domains than are remembered: never more of them are said than the limit. */
static void test_more_domains_than_are_remembered(void **state)
{
    smtp_recipient recipients[40];
    char mailboxes[40][24];
    uint32_t limit;
    size_t i;

    (void)state;
    for (limit = 1; limit < 25; limit++) {
        struct client_peer peer;
        char limits[32];
        size_t delivered = 0;
        (void)snprintf(limits, sizeof limits, "RCPTDOMAINMAX=%u", (unsigned)limit);
        open_with(&peer, limits, 1, three);
        memset(recipients, 0, sizeof recipients);
        for (i = 0; i < 40; i++) { /* each domain twice */
            (void)snprintf(mailboxes[i], sizeof mailboxes[i], "b@d%u.example", (unsigned)(i % 20));
            recipients[i].mailbox = smtp_text(mailboxes[i]);
        }
        peer.envelope.recipients = recipients;
        peer.envelope.recipient_count = 40;
        client_open(&peer);
        assert_int_equal(client_send(&peer), SMTP_ERR_OK);
        client_run(&peer);
        for (i = 0; i < 20; i++) {
            int said = recipients[i].result == SMTP_RESULT_DELIVERED ||
                       recipients[i + 20].result == SMTP_RESULT_DELIVERED;
            delivered += (size_t)said;
        }
        assert_int_equal(delivered, limit < 20 ? limit : 20);
        client_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_transactions_ahead),
        cmocka_unit_test(test_recipients),
        cmocka_unit_test(test_recipients_refused),
        cmocka_unit_test(test_domains),
        cmocka_unit_test(test_no_domain_is_left),
        cmocka_unit_test(test_more_domains_than_are_remembered),
    };
    return cmocka_run_group_tests_name("client/limits", tests, NULL, NULL);
}
