/* SPDX-License-Identifier: MIT
 * What is offered: it follows from configuration and state, and is always a well-formed reply. */
#include "smtp/extension.h"
#include "support/server_peer.h"

static void expect_offer(struct server_peer *peer, const char *expected)
{
    server_open(peer);
    text_clear(&peer->output);
    (void)server_feed(peer, "EHLO c.example\r\n");
    SERVER_SAYS(peer, expected);
    server_delete(peer);
}

static void test_default(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.callbacks.expn = NULL;
    peer.callbacks.etrn = NULL;
    peer.callbacks.burl = NULL;
    expect_offer(&peer, "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n"
                        "250-ENHANCEDSTATUSCODES\r\n250-CHUNKING\r\n250-VRFY\r\n250 HELP\r\n");
}

/* What has a callback is offered, what is withheld is not, and what needs another goes with it. */
/* Shows: R3030-3-1 */
static void test_what_follows_from_what(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.withhold = ~(uint32_t)(SMTP_EXT_EXPN | SMTP_EXT_ETRN);
    expect_offer(&peer, "250-mx.example\r\n250-ETRN\r\n250 EXPN\r\n");

    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_BINARYMIME | SMTP_EXT_SMTPUTF8;
    peer.config.withhold = ~(uint32_t)(SMTP_EXT_BINARYMIME | SMTP_EXT_SMTPUTF8);
    expect_offer(&peer, "250 mx.example\r\n");

    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_BINARYMIME | SMTP_EXT_SMTPUTF8;
    peer.config.withhold = ~(uint32_t)(SMTP_EXT_BINARYMIME | SMTP_EXT_SMTPUTF8 | SMTP_EXT_CHUNKING |
                                       SMTP_EXT_8BITMIME);
    expect_offer(&peer, "250-mx.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n"
                        "250 BINARYMIME\r\n");

    server_peer_init(&peer);
    peer.config.message_max = UINT64_MAX;
    peer.config.withhold = ~(uint32_t)SMTP_EXT_SIZE;
    expect_offer(&peer, "250-mx.example\r\n250 SIZE 0\r\n");
}

/* What needs no words of the caller's, with the longest host name: it is said in a buffer of the
 * usual size. */
static void test_longest_plain(void **state)
{
    enum { LABELS = 4, LABEL = 63, NAME = LABELS * (LABEL + 1) - 1, LONGEST = 434 };
    char name[NAME];
    struct server_peer peer;
    size_t i;

    (void)state;
    for (i = 0; i < NAME; i++)
        name[i] = i % (LABEL + 1) == LABEL ? '.' : 'a';
    server_peer_init(&peer);
    peer.config.hostname.ptr = name;
    peer.config.hostname.len = NAME;
    peer.config.message_max = UINT64_MAX - 1;
    peer.config.offer = SMTP_EXT_SMTPUTF8 | SMTP_EXT_STARTTLS | SMTP_EXT_BINARYMIME | SMTP_EXT_DSN;
    peer.callbacks.expn = NULL;
    peer.callbacks.etrn = NULL;
    peer.callbacks.burl = NULL;
    server_open(&peer);
    text_clear(&peer.output);
    (void)server_feed(&peer, "EHLO c.example\r\n");
    assert_int_equal(peer.output.len, LONGEST);
    assert_memory_equal(peer.output.at + LONGEST - 10, "250 HELP\r\n", 10);
    server_delete(&peer);
}

static void test_keywords_of_the_caller(void **state)
{
    static const smtp_str keywords[] = {{"XCLIENT NAME ADDR", 17}, {"XFORWARD", 8}};
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.keywords = keywords;
    peer.config.keyword_count = 2;
    peer.config.withhold = ~(uint32_t)0;
    expect_offer(&peer, "250-mx.example\r\n250-XCLIENT NAME ADDR\r\n250 XFORWARD\r\n");
}

/* Configurations that could not be said are refused when the session is made. */
static void refuse(smtp_server_config *config, int error)
{
    struct memory memory;
    smtp_allocator allocator;
    smtp_server *server = NULL;
    static uint64_t storage[4096];

    memset(&memory, 0, sizeof memory);
    allocator = memory_allocator(&memory);
    assert_int_equal(smtp_server_new(&server, config, NULL, NULL, &allocator), error);
    assert_null(server);
    assert_int_equal(memory.live, 0);
    assert_int_equal(smtp_server_init(&server, storage, sizeof storage, config, NULL, NULL), error);
    assert_null(server);
}

static void test_keywords_that_cannot_be_said(void **state)
{
    static const smtp_str bad[] = {
        {"", 0},   {"X\r\n250 EVIL", 12}, {"X\nY", 3},       {"X\rY", 3},  {"X\0Y", 3}, {" X", 2},
        {"-X", 2}, {"X\x01", 2},          {"X \xC3\xA9", 4}, {"X\x7F", 2}, {"X_Y", 3},
    };
    static char huge[600];
    struct server_peer peer;
    smtp_str keyword;
    size_t i;

    (void)state;
    server_peer_init(&peer);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        keyword = bad[i];
        peer.config.keywords = &keyword;
        peer.config.keyword_count = 1;
        refuse(&peer.config, SMTP_ERR_ARGUMENT);
    }
    memset(huge, 'X', sizeof huge);
    keyword.ptr = huge;
    keyword.len = 507; /* 513 with "250-" and CRLF */
    peer.config.output_buffer = 8192;
    refuse(&peer.config, SMTP_ERR_ARGUMENT);
}

static void test_longest_keyword(void **state)
{
    static char huge[506];
    smtp_str keyword = {huge, sizeof huge};
    struct server_peer peer;

    (void)state;
    memset(huge, 'X', sizeof huge);
    server_peer_init(&peer);
    peer.config.keywords = &keyword;
    peer.config.keyword_count = 1;
    peer.config.output_buffer = 8192;
    server_ready(&peer);
    server_codes(&peer, "EHLO c.example\r\n", "250 ");
    server_delete(&peer);
}

/* Values of extensions that could not be said. */
static void test_values_that_cannot_be_said(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_NO_SOLICITING;
    peer.config.no_soliciting = smtp_text("bad\r\nvalue");
    refuse(&peer.config, SMTP_ERR_ARGUMENT);

    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_MT_PRIORITY;
    peer.config.priority_profile = smtp_text("a b c");
    refuse(&peer.config, SMTP_ERR_ARGUMENT);
}

/* More than the output buffer can say. */
static void test_too_many_keywords(void **state)
{
    smtp_str keywords[40];
    struct server_peer peer;
    size_t i;

    (void)state;
    for (i = 0; i < 40; i++)
        keywords[i] = smtp_text("XKEYWORD-OF-SOME-LENGTH");
    server_peer_init(&peer);
    peer.config.keywords = keywords;
    peer.config.keyword_count = 40;
    refuse(&peer.config, SMTP_ERR_NO_SPACE);
    peer.config.output_buffer = 8192;
    server_ready(&peer);
    server_delete(&peer);
}

/* Whatever can be made can be said: in the clear and inside TLS, with nothing of it missing, and
 * with a 421 behind it. */
/* Shows: R3207-4.2-5 */
static void test_all_that_can_be_made_can_be_said(void **state)
{
    char filler[200];
    smtp_str keyword = {filler, 0};
    unsigned made = 0;

    (void)state;
    memset(filler, 'X', sizeof filler);
    for (keyword.len = 1; keyword.len < sizeof filler; keyword.len++) {
        struct server_peer peer;
        smtp_allocator allocator;
        server_peer_init(&peer);
        peer.config.keywords = &keyword;
        peer.config.keyword_count = 1;
        peer.config.output_buffer = 512;
        peer.config.offer = SMTP_EXT_STARTTLS | SMTP_EXT_REQUIRETLS;
        peer.config.withhold = ~(uint32_t)(SMTP_EXT_STARTTLS | SMTP_EXT_REQUIRETLS);
        allocator = memory_allocator(&peer.memory);
        if (smtp_server_new(&peer.server, &peer.config, &peer.callbacks, &peer, &allocator) !=
            SMTP_ERR_OK)
            continue;
        made++;
        peer.session = smtp_server_session(peer.server);
        (void)smtp_session_start(peer.session, 1);
        server_drain(&peer);
        server_codes(&peer, "EHLO c.example\r\nSTARTTLS\r\n", "250 220 ");
        assert_non_null(strstr(text_of(&peer.output), "250-STARTTLS\r\n250 X"));
        (void)smtp_session_tls_started(peer.session, NULL, 1);
        peer.stuck = 1;
        while (server_feed(&peer, "NOOP\r\n") == 6 &&
               (smtp_session_wants(peer.session) & SMTP_WANTS_READ))
            continue;
        peer.stuck = 0;
        peer.drain = 1;
        (void)server_feed(&peer, "");
        text_clear(&peer.output);
        while (!(smtp_session_wants(peer.session) & SMTP_WANTS_READ)) {
            smtp_str slice;
            (void)smtp_session_output(peer.session, &slice, 1);
            smtp_session_sent(peer.session, 1, 1);
        }
        peer.stuck = 1;
        assert_int_equal(server_feed(&peer, "EHLO c.example\r\n"), 16);
        (void)smtp_server_close(peer.server, 0, smtp_text(NULL), 1);
        peer.stuck = 0;
        server_drain(&peer);
        assert_non_null(strstr(text_of(&peer.output), "250-REQUIRETLS\r\n250 X"));
        assert_non_null(strstr(text_of(&peer.output), "\r\n421 Service"));
        server_delete(&peer);
    }
    assert_true(made > 50 && made < sizeof filler - 1);
}

static int take_all(smtp_server *server, const smtp_auth_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

/* EXTERNAL is offered when TLS knows who the client is, unless the caller chose otherwise. */
/* Shows: R8314-4.2-1 */
static void test_external_with_a_client_certificate(void **state)
{
    int known;
    int chosen;

    (void)state;
    for (known = 0; known < 2; known++) {
        for (chosen = 0; chosen < 2; chosen++) {
            smtp_tls_info info = {.size = sizeof info};
            struct server_peer peer;
            server_peer_init(&peer);
            peer.config.flags = SMTP_SERVER_IMPLICIT_TLS;
            peer.config.sasl = smtp_sasl_suite_all();
            peer.config.mechanisms = chosen ? SMTP_MECH_PLAIN : 0;
            peer.callbacks.auth = take_all;
            info.peer_subject = smtp_text(known ? "ann" : NULL);
            server_open(&peer);
            (void)smtp_session_tls_started(peer.session, &info, peer.now);
            (void)server_feed(&peer, "EHLO c.example\r\n");
            assert_int_equal(strstr(text_of(&peer.output), "EXTERNAL") != NULL, known && !chosen);
            assert_non_null(strstr(text_of(&peer.output), "PLAIN"));
            server_delete(&peer);
        }
    }
}

/* All that the library says by itself is registered; what is the caller's own begins with X or is
 * the caller's to register. */
/* Shows: R5321-2.2.2-1 R5321-4.1.5-4 R5321-4.1.1.1-12 R5321-4.1.5-3 */
static void test_only_registered_keywords(void **state)
{
    static const char registered[] =
        " PIPELINING SIZE 8BITMIME ENHANCEDSTATUSCODES SMTPUTF8 STARTTLS AUTH CHUNKING BINARYMIME "
        "DSN DELIVERBY FUTURERELEASE MT-PRIORITY REQUIRETLS LIMITS ETRN ATRN NO-SOLICITING BURL "
        "MTRK "
        "RRVS CONPERM CONNEG CHECKPOINT VRFY EXPN HELP XOWN ";
    static const char verbs[] =
        " HELO EHLO LHLO MAIL RCPT DATA BDAT BURL RSET VRFY EXPN HELP NOOP QUIT STARTTLS AUTH ETRN "
        "ATRN TURN SEND SOML SAML ";
    static const smtp_str own = {"XOWN", 4};
    struct server_peer peer;
    const char *line;
    unsigned lines = 0;
    int verb;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = ~(uint32_t)0;
    peer.config.hold_max = 1;
    peer.config.hold_until_max = 1;
    peer.config.output_buffer = 4096;
    peer.config.keywords = &own;
    peer.config.keyword_count = 1;
    server_open(&peer);
    text_clear(&peer.output);
    (void)server_feed(&peer, "EHLO c.example\r\n");
    for (line = strchr(text_of(&peer.output), '\n'); line[1] != '\0';
         line = strchr(line + 1, '\n')) {
        char word[64];
        (void)snprintf(word, sizeof word, " %.*s ", (int)strcspn(line + 5, " \r"), line + 5);
        assert_non_null(strstr(registered, word));
        lines++;
    }
    assert_true(lines > 20);
    server_delete(&peer);
    for (verb = 1; smtp_verb_name(verb).len > 0; verb++) {
        char word[64];
        (void)snprintf(word, sizeof word, " %.*s ", (int)smtp_verb_name(verb).len,
                       smtp_verb_name(verb).ptr);
        assert_non_null(strstr(verbs, word));
    }
    assert_true(verb > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_what_follows_from_what),
        cmocka_unit_test(test_longest_plain),
        cmocka_unit_test(test_keywords_of_the_caller),
        cmocka_unit_test(test_keywords_that_cannot_be_said),
        cmocka_unit_test(test_longest_keyword),
        cmocka_unit_test(test_values_that_cannot_be_said),
        cmocka_unit_test(test_too_many_keywords),
        cmocka_unit_test(test_all_that_can_be_made_can_be_said),
        cmocka_unit_test(test_external_with_a_client_certificate),
        cmocka_unit_test(test_only_registered_keywords),
    };
    return cmocka_run_group_tests_name("server/offer", tests, NULL, NULL);
}
