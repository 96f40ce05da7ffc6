/* SPDX-License-Identifier: MIT
 * AUTH: each reply of RFC 4954, in and out of order, with answers at once and later, and what the
 * session knows afterwards. */
#include "server/auth_peer.h"
#include "support/holds.h"

enum { AUTH_LINE = 12288 /* RFC 4954 4 */ };

/* Shows: R4954-4-1 R4954-4-5 R4954-4-6 R4954-4-8 R4954-4-21 R4954-4-29 R4954-8-1 */
static void test_plain(void **state)
{
    static const char *const ways[][2] = {
        {"AUTH PLAIN " GOOD "\r\n", DONE},
        {"auth plain " GOOD "\r\n", DONE},
        {"AUTH PLAIN\r\n" GOOD "\r\n", "334 \r\n" DONE},
    };
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        for (width = 0; width < 40; width++) {
            struct auth_peer auth;

            auth_init(&auth);
            auth_open(&auth);
            expect_identity(&auth, "");
            assert_int_equal(server_give(&auth.peer, ways[i][0], strlen(ways[i][0]), width),
                             strlen(ways[i][0]));
            SERVER_SAYS(&auth.peer, ways[i][1]);
            SERVER_SAW(&auth.peer, "auth |ann\n");
            expect_identity(&auth, "ann");
            auth_delete(&auth);
        }
    }
}

/* The name may come with the command: LOGIN has no RFC, and many clients do so. */
/* Shows: R4954-4-5 */
static void test_login(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth_open(&auth);
    says(&auth, "AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n");
    says(&auth, "YW5u\r\n", "334 UGFzc3dvcmQ6\r\n");
    says(&auth, "dGVl\r\n", WRONG);
    says(&auth, "AUTH LOGIN YW5u\r\n", "334 UGFzc3dvcmQ6\r\n");
    says(&auth, "dGVh\r\n", DONE);
    expect_identity(&auth, "ann");
    auth_delete(&auth);
}

/* The authorization identity is the caller's to judge, and is the identity when it is accepted. */
static void test_authzid(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth_open(&auth);
    says(&auth, "AUTH PLAIN Ym9iAGFubgB0ZWE=\r\n", DONE);
    SERVER_SAW(&auth.peer, "auth bob|ann\n");
    expect_identity(&auth, "bob");
    auth_delete(&auth);
}

/* Shows: R4954-4-22 R4954-4-30 */
static void test_digests(void **state)
{
    static const int mechanisms[] = {SMTP_MECH_CRAM_MD5, SMTP_MECH_SCRAM_SHA_1,
                                     SMTP_MECH_SCRAM_SHA_256};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        smtp_credentials credentials;
        struct auth_peer auth;

        memset(&credentials, 0, sizeof credentials);
        auth_init(&auth);
        auth_open(&auth);
        credentials.name = smtp_text("ann");
        credentials.password = smtp_text("tee");
        converse(&auth, mechanisms[i], &credentials, WRONG);
        credentials.name = smtp_text("bob");
        converse(&auth, mechanisms[i], &credentials, WRONG);
        expect_identity(&auth, "");
        credentials.name = smtp_text("ann");
        credentials.password = smtp_text("tea");
        converse(&auth, mechanisms[i], &credentials, DONE);
        expect_identity(&auth, "ann");
        auth_delete(&auth);
    }
}

static void expect_mechanisms(struct auth_peer *auth, const char *line)
{
    text_clear(&auth->peer.output);
    (void)server_feed(&auth->peer, "EHLO c.example\r\n");
    if (line == NULL)
        assert_int_equal(text_count(text_of(&auth->peer.output), "AUTH"), 0);
    else
        assert_non_null(strstr(text_of(&auth->peer.output), line));
}

/* What is offered follows from TLS, its channel binding, and the cryptography. */
/* Shows: R4954-3-1 R4954-3-2 R4954-4-27 R4954-6-5 R4954-9-3 */
static void test_offer(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.peer.config.flags = 0;
    server_open(&auth.peer);
    expect_mechanisms(&auth, NULL);
    begins(&auth, "AUTH PLAIN " GOOD "\r\n", "538 5.7.11 ");
    begins(&auth, "AUTH PLAIN\r\n", "538 5.7.11 ");
    begins(&auth, "NOOP\r\n", "250 ");
    auth_delete(&auth);

    auth_init(&auth);
    auth.peer.config.crypto = NULL;
    server_open(&auth.peer);
    expect_mechanisms(&auth, "250-AUTH PLAIN LOGIN\r\n");
    begins(&auth, "AUTH CRAM-MD5\r\n", "504 5.5.4 ");
    auth_delete(&auth);

    auth_init(&auth);
    start_tls(&auth);
    expect_mechanisms(&auth, "250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\r\n");
    begins(&auth, "AUTH SCRAM-SHA-256-PLUS\r\n", "504 5.5.4 ");
    auth_delete(&auth);

    auth_init(&auth);
    auth.tls.exporter = smtp_text("thirty-two octets of the export.");
    auth.peer.config.mechanisms = SMTP_MECH_SCRAM_SHA_256_PLUS | SMTP_MECH_EXTERNAL;
    start_tls(&auth);
    expect_mechanisms(&auth, "250-AUTH SCRAM-SHA-256-PLUS\r\n");
    begins(&auth, "AUTH EXTERNAL =\r\n", "504 5.5.4 ");
    auth_delete(&auth);
}

static void test_channel_binding(void **state)
{
    smtp_credentials credentials;
    struct auth_peer auth;

    (void)state;
    memset(&credentials, 0, sizeof credentials);
    auth_init(&auth);
    auth.tls.exporter = smtp_text("thirty-two octets of the export.");
    start_tls(&auth);
    (void)server_feed(&auth.peer, "EHLO c.example\r\n");
    credentials.name = smtp_text("ann");
    credentials.password = smtp_text("tea");
    credentials.binding = SMTP_BINDING_EXPORTER;
    credentials.binding_data = smtp_text("thirty-two octets of another one");
    converse(&auth, SMTP_MECH_SCRAM_SHA_256_PLUS, &credentials, WRONG);
    /* Who could bind and was not offered it has been talked to by somebody else. */
    converse(&auth, SMTP_MECH_SCRAM_SHA_256, &credentials, WRONG);
    credentials.binding_data = auth.tls.exporter;
    converse(&auth, SMTP_MECH_SCRAM_SHA_256_PLUS, &credentials, DONE);
    auth_delete(&auth);
}

/* Shows: R4954-4-11 */
static void test_external(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.tls.peer_subject = smtp_text("ann");
    auth.peer.config.mechanisms = SMTP_MECH_EXTERNAL;
    auth.forced = 235;
    start_tls(&auth);
    (void)server_feed(&auth.peer, "EHLO c.example\r\n");
    says(&auth, "AUTH EXTERNAL =\r\n", DONE);
    expect_identity(&auth, "ann");
    auth_delete(&auth);
}

/* Shows: R4954-4-4 R4954-4-7 R4954-4-11 R4954-4-12 R4954-4-13 R4954-4-15 R4954-4-20 R4954-6-1 */
static void test_refusals(void **state)
{
    static const struct {
        const char *first; /* leads to 334, or NULL */
        const char *line;
        const char *reply;
    } rows[] = {
        {NULL, "AUTH PLAIN " BAD "\r\n", "535 5.7.8 "},
        {NULL, "AUTH\r\n", "501 5.5.4 "},
        {NULL, "AUTH GSSAPI\r\n", "504 5.5.4 "},
        {NULL, "AUTH ANONYMOUS =\r\n", "504 5.5.4 "},
        {NULL, "AUTH PLAIN =\r\n", "501 5.5.2 "},
        {NULL, "AUTH PLAIN *\r\n", "501 5.5.2 "},
        {NULL, "AUTH PLAIN AGFubgB0ZWE\r\n", "501 5.5.2 "},
        {NULL, "AUTH PLAIN =GFubgB0ZWE=\r\n", "501 5.5.2 "},
        {NULL, "AUTH PLAIN AGFu=gB0ZWE=\r\n", "501 5.5.2 "},
        {NULL, "AUTH PLAIN " GOOD " x\r\n", "501 5.5."},
        {NULL, "AUTH LOGIN YW5\r\n", "501 5.5.2 "},
        {NULL, "AUTH CRAM-MD5 YW5u\r\n", "501 5.7.0 "},
        {NULL, "AUTH CRAM-MD5 =\r\n", "501 5.7.0 "},
        {"AUTH PLAIN\r\n", "*\r\n", "501 5.7.0 "},
        {"AUTH PLAIN\r\n", "=\r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", "\r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", "**\r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", "AGFubgB0ZWE\r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", "AGFubgB0ZWF=\r\n", "501 5.5.2 "}, /* bits behind the end */
        {"AUTH PLAIN\r\n", " " GOOD "\r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", GOOD " \r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", "AGFu\tgB0ZWE=\r\n", "501 5.5.2 "},
        {"AUTH PLAIN\r\n", "QUIT\r\n", "501 5.5.2 "}, /* no command: there is none in between */
        {"AUTH PLAIN\r\n", GOOD "\n\r\n", "500 5.5.2 "},
        {"AUTH PLAIN\r\n", BAD "\r\n", "535 5.7.8 "},
        {"AUTH LOGIN\r\n", "*\r\n", "501 5.7.0 "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth_peer auth;

        auth_init(&auth);
        auth_open(&auth);
        if (rows[i].first != NULL)
            begins(&auth, rows[i].first, "334 ");
        begins(&auth, rows[i].line, rows[i].reply);
        expect_identity(&auth, "");
        says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
        auth_delete(&auth);
    }
}

/* Shows: R4954-4-2 R4954-4-3 R4954-4-24 */
static void test_order(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    server_open(&auth.peer);
    server_codes(&auth.peer, "AUTH PLAIN " GOOD "\r\n", "503 ");
    server_codes(&auth.peer, "EHLO c.example\r\nMAIL FROM:<a@b.example>\r\n", "250 250 ");
    begins(&auth, "AUTH PLAIN " GOOD "\r\n", "503 5.5.1 ");
    server_codes(&auth.peer, "RCPT TO:<a@b.example>\r\nAUTH PLAIN\r\nRSET\r\n", "250 503 250 ");
    assert_int_equal(auth.questions, 0);
    says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
    begins(&auth, "AUTH PLAIN " GOOD "\r\n", "503 5.5.1 ");
    begins(&auth, "AUTH GSSAPI\r\n", "503 5.5.1 ");
    expect_identity(&auth, "ann");
    /* The session is as it was, and EHLO does not change who the client is. */
    server_codes(&auth.peer, "MAIL FROM:<a@b.example>\r\nRSET\r\nEHLO c.example\r\n",
                 "250 250 250 ");
    expect_identity(&auth, "ann");
    auth_delete(&auth);
}

/* Without the suite or the callback there is no AUTH. */
static void test_absent(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.peer.config.sasl = NULL;
    server_open(&auth.peer);
    expect_mechanisms(&auth, NULL);
    begins(&auth, "AUTH PLAIN " GOOD "\r\n", "502 5.5.1 ");
    expect_identity(&auth, "");
    auth_delete(&auth);

    auth_init(&auth);
    auth.peer.callbacks.auth = NULL;
    server_open(&auth.peer);
    expect_mechanisms(&auth, NULL);
    begins(&auth, "AUTH PLAIN " GOOD "\r\n", "502 5.5.1 ");
    auth_delete(&auth);
}

/* Shows: R6409-4.3-1 */
static void test_required(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.peer.config.flags |= SMTP_SERVER_REQUIRE_AUTH;
    auth_open(&auth);
    begins(&auth, "MAIL FROM:<a@b.example>\r\n", "530 5.7.0 ");
    server_codes(&auth.peer, "NOOP\r\nRSET\r\nAUTH PLAIN " GOOD "\r\nMAIL FROM:<a@b.example>\r\n",
                 "250 250 235 250 ");
    auth_delete(&auth);
}

/* Gives a line of `length` octets with its CRLF in answer to AUTH XOAUTH2. */
static void give_long(struct auth_peer *auth, const char *message, size_t octets, size_t length,
                      size_t width)
{
    char *line = malloc(length + 4);
    size_t len = 0;
    smtp_str all;

    assert_non_null(line);
    memset(line, 'A', length);
    all.ptr = message;
    all.len = octets;
    assert_int_equal(smtp_base64_encode(line, length, &len, all), 0);
    memcpy(line + length - 2, "\r\n", 2);
    auth_init(auth);
    auth->forced = 235;
    auth->peer.config.mechanisms = SMTP_MECH_XOAUTH2;
    auth->peer.config.token_max = AUTH_LINE;
    auth_open(auth);
    says(auth, "AUTH XOAUTH2\r\n", "334 \r\n");
    text_clear(&auth->peer.output);
    assert_int_equal(server_give(&auth->peer, line, length, width), length);
    assert_int_equal(auth->peer.memory.live, 1); /* what was borrowed for it is back */
    free(line);
}

/* A line as long as it may be is read, one octet more is not; and what follows is a command again.
 */
/* Shows: R4954-4-16 R4954-4-17 */
static void test_line_limit(void **state)
{
    static const char head[] = "user=ann\1auth=Bearer ";
    static const size_t widths[] = {0, 1000, 12287};
    enum { LONGEST = AUTH_LINE / 4 * 3 - 3 }; /* octets whose base64 and CRLF are 12286 */
    char message[LONGEST];
    size_t i;

    (void)state;
    memset(message, 'x', sizeof message);
    memcpy(message, head, sizeof head - 1);
    memcpy(message + sizeof message - 2, "\1\1", 2);
    for (i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        struct auth_peer auth;

        give_long(&auth, message, sizeof message, AUTH_LINE - 2, widths[i]);
        server_expect(&auth.peer, DONE);
        auth_delete(&auth);
        give_long(&auth, message, sizeof message, AUTH_LINE, widths[i]); /* no base64 is so long */
        assert_memory_equal(text_of(&auth.peer.output), "501 5.5.2 ", 10);
        begins(&auth, "NOOP\r\n", "250 ");
        auth_delete(&auth);
        give_long(&auth, message, sizeof message, AUTH_LINE + 1, widths[i]);
        assert_memory_equal(text_of(&auth.peer.output), "500 5.5.6 ", 10);
        begins(&auth, "NOOP\r\n", "250 ");
        auth_delete(&auth);
    }
}

/* A message that no exchange has room for is too long, too. */
static void test_message_limit(void **state)
{
    struct auth_peer auth;
    char line[8192];

    (void)state;
    memset(line, 'A', sizeof line);
    memcpy(line + 8000, "\r\n", 3);
    auth_init(&auth);
    auth_open(&auth);
    says(&auth, "AUTH PLAIN\r\n", "334 \r\n");
    begins(&auth, line, "500 5.5.6 ");
    /* The command itself stays subject to the limit of commands. */
    memcpy(line, "AUTH PLAIN ", 11);
    begins(&auth, line, "500 5.5.2 ");
    auth_delete(&auth);
}

/* In the caller's storage nothing is ever allocated, however long a line is. */
static void test_own_storage(void **state)
{
    struct auth_peer auth;
    char line[1024];

    (void)state;
    auth_init(&auth);
    auth.peer.storage = malloc(smtp_server_bytes(&auth.peer.config));
    assert_non_null(auth.peer.storage);
    auth_open(&auth);
    memset(line, 'A', sizeof line);
    memcpy(line + 1000, "\r\n", 3);
    says(&auth, "AUTH PLAIN\r\n", "334 \r\n");
    (void)server_give(&auth.peer, line, 1002, 10);
    says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
    assert_int_equal(auth.peer.memory.calls, 0);
    auth_delete(&auth);
}

/* What cannot be kept for lack of memory is trouble of ours, not of the client. */
static void test_no_memory(void **state)
{
    size_t width;

    (void)state;
    for (width = 0; width < 300; width += 299) {
        struct auth_peer auth;
        char line[768];

        memset(line, 'A', sizeof line);
        memcpy(line + 640, "\r\n", 3);
        auth_init(&auth);
        auth_open(&auth);
        says(&auth, "AUTH PLAIN\r\n", "334 \r\n");
        auth.peer.memory.fail_at = auth.peer.memory.calls + 1;
        text_clear(&auth.peer.output);
        (void)server_give(&auth.peer, line, 642, width);
        assert_string_equal(text_of(&auth.peer.output),
                            "454 4.7.0 Not available at present, try again later\r\n");
        says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
        auth_delete(&auth);
    }
}

/* Three wrong passwords are answered, the fourth ends the session. */
/* Shows: R4954-9-2 */
static void test_too_many(void **state)
{
    struct auth_peer auth;
    int i;

    (void)state;
    auth_init(&auth);
    auth_open(&auth);
    for (i = 0; i < 3; i++) {
        says(&auth, "AUTH PLAIN " BAD "\r\n", WRONG);
        begins(&auth, "AUTH PLAIN =\r\n", "501 ");
    }
    begins(&auth, "AUTH PLAIN " BAD "\r\n", "421 4.7.0 ");
    assert_int_equal(smtp_session_wants(auth.peer.session), SMTP_WANTS_CLOSE);
    assert_int_equal(smtp_session_error(auth.peer.session, NULL), SMTP_ERR_AUTH_FAILED);
    auth_delete(&auth);

    auth_init(&auth);
    auth.peer.config.auth_failures_max = 1;
    auth.forced = 535;
    auth.words = "5.7.8 No"; /* the caller's words do not hide it */
    auth_open(&auth);
    begins(&auth, "AUTH PLAIN " BAD "\r\n", "535 5.7.8 5.7.8 No");
    server_codes(&auth.peer, "AUTH PLAIN " BAD "\r\n", "535 421 ");
    assert_int_equal(smtp_session_wants(auth.peer.session), SMTP_WANTS_CLOSE);
    auth_delete(&auth);

    auth_init(&auth);
    auth.peer.config.errors_max = 2;
    auth_open(&auth);
    server_codes(&auth.peer, "AUTH PLAIN\r\n*\r\nAUTH PLAIN\r\n*\r\nAUTH PLAIN\r\n*\r\n",
                 "334 501 334 501 334 421 ");
    assert_int_equal(smtp_session_error(auth.peer.session, NULL), SMTP_ERR_TOO_MANY_ERRORS);
    auth_delete(&auth);
}

/* The caller's refusals. */
/* Shows: R4954-6-1 */
static void test_caller_refuses(void **state)
{
    static const struct {
        int forced;
        const char *words;
        const char *reply;
    } rows[] = {
        {454, NULL, "454 4.7.0 Not available at present, try again later\r\n"},
        {432, NULL, "432 4.7.12 Password must be changed over\r\n"},
        {534, NULL, "534 5.7.9 Authentication mechanism is too weak\r\n"},
        {535, "Not you", "535 5.7.8 Not you\r\n"},
        {454, "Later", "454 4.7.0 Later\r\n"},
        {250, NULL, "451 "}, /* nonsense is nobody's success */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth_peer auth;

        auth_init(&auth);
        auth_open(&auth);
        auth.forced = rows[i].forced;
        auth.words = rows[i].words;
        begins(&auth, "AUTH PLAIN " GOOD "\r\n", rows[i].reply);
        assert_int_equal(smtp_session_error(auth.peer.session, NULL),
                         rows[i].forced == 250 ? SMTP_ERR_CALLBACK : SMTP_ERR_AUTH_FAILED);
        expect_identity(&auth, "");
        auth.forced = 0;
        auth.words = NULL;
        says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
        auth_delete(&auth);
    }
}

/* Success is the library's to tell, since more may follow before it. */
static void test_no_words_of_success(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.forced = 235;
    auth.words = "Welcome";
    auth_open(&auth);
    begins(&auth, "AUTH PLAIN " GOOD "\r\n", "451 ");
    assert_int_equal(auth.authenticated, SMTP_ERR_ARGUMENT);
    expect_identity(&auth, "");
    auth.words = NULL;
    says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
    auth_delete(&auth);
}

/* SCRAM: a temporary refusal is said at once; a refusal stands, whatever was supplied with it. */
static void test_keys_refused(void **state)
{
    smtp_sasl_answer answer = answer_with("tea");
    smtp_credentials credentials;
    struct auth_peer auth;

    (void)state;
    memset(&credentials, 0, sizeof credentials);
    credentials.name = smtp_text("ann");
    credentials.password = smtp_text("tea");
    auth_init(&auth);
    auth_open(&auth);
    auth.forced = 454;
    converse(&auth, SMTP_MECH_SCRAM_SHA_256, &credentials,
             "454 4.7.0 Not available at present, try again later\r\n");
    auth.forced = 535;
    converse(&auth, SMTP_MECH_SCRAM_SHA_256, &credentials, WRONG);
    auth.twice = 1;
    converse(&auth, SMTP_MECH_SCRAM_SHA_256, &credentials, WRONG);
    assert_int_equal(auth.authenticated, SMTP_ERR_STALE);
    expect_identity(&auth, "");
    /* An answer that is there already waits for the ticket only. */
    auth.forced = SMTP_DEFER;
    (void)server_feed(&auth.peer, "AUTH SCRAM-SHA-256 biwsbj1hbm4scj1hYmM=\r\n");
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.peer.ticket, &answer, 1),
                     SMTP_ERR_STALE);
    auth.peer.due = auth.peer.ticket;
    text_clear(&auth.peer.output);
    server_answer(&auth.peer, SMTP_ACCEPT, NULL);
    assert_memory_equal(text_of(&auth.peer.output), "334 ", 4);
    begins(&auth, "*\r\n", "501 5.7.0 ");
    auth.forced = SMTP_ACCEPT;
    converse(&auth, SMTP_MECH_SCRAM_SHA_256, &credentials, DONE);
    assert_int_equal(auth.authenticated, SMTP_ERR_STALE);
    auth_delete(&auth);
}

static void test_deferred_verdict(void **state)
{
    smtp_sasl_answer answer = answer_with("tea");
    struct auth_peer auth;
    smtp_str none = {NULL, 0};

    (void)state;
    auth_init(&auth);
    auth.defer = 1;
    auth_open(&auth);
    (void)server_feed(&auth.peer, "AUTH PLAIN " GOOD "\r\nNOOP\r\n");
    SERVER_SAYS(&auth.peer, "");
    assert_int_equal(smtp_session_wants(auth.peer.session), 0);
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.due + 1, &answer, 1), SMTP_ERR_STALE);
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.due, NULL, 1), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_server_answer(auth.peer.server, auth.due, 535, 0, none, 1), 0);
    assert_int_equal(smtp_server_answer(auth.peer.server, auth.due, 535, 0, none, 1),
                     SMTP_ERR_STALE);
    server_drain(&auth.peer);
    server_expect(&auth.peer, WRONG);
    (void)server_feed(&auth.peer, "AUTH PLAIN " GOOD "\r\n");
    assert_int_equal(smtp_server_answer(auth.peer.server, auth.due, SMTP_ACCEPT, 0, none, 1), 0);
    server_drain(&auth.peer);
    server_expect(&auth.peer, DONE);
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.due, &answer, 1), SMTP_ERR_STALE);
    expect_identity(&auth, "ann");
    begins(&auth, "NOOP\r\n", "250 ");
    auth_delete(&auth);
}

/* The answer of the caller with an identity of its own, later; it may be as long as any. */
static void test_deferred_answer(void **state)
{
    smtp_sasl_answer answer = answer_with(NULL);
    struct auth_peer auth;
    char name[SMTP_SASL_NAME_MAX + 1];

    (void)state;
    memset(name, 'n', sizeof name);
    auth_init(&auth);
    auth.defer = 1;
    auth_open(&auth);
    answer.identity.ptr = name;
    for (answer.identity.len = sizeof name; answer.identity.len > 254; answer.identity.len--) {
        (void)server_feed(&auth.peer, "AUTH PLAIN " GOOD "\r\n");
        text_clear(&auth.peer.output);
        assert_int_equal(smtp_server_auth(auth.peer.server, auth.due, &answer, 1), 0);
        server_drain(&auth.peer);
        assert_memory_equal(text_of(&auth.peer.output),
                            answer.identity.len > SMTP_SASL_NAME_MAX ? "454 " : "235 ", 4);
    }
    assert_int_equal(smtp_server_identity(auth.peer.server).len, SMTP_SASL_NAME_MAX);
    auth_delete(&auth);
}

static void test_deferred_keys(void **state)
{
    smtp_sasl_answer answer = answer_with("tea");
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.defer = 1;
    auth_open(&auth);
    (void)server_feed(&auth.peer, "AUTH SCRAM-SHA-256 biwsbj1hbm4scj1hYmM=\r\n");
    assert_int_equal(auth.kind, SMTP_SASL_ASK_KEYS);
    SERVER_SAYS(&auth.peer, "");
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.due, &answer, 1), 0);
    server_drain(&auth.peer);
    assert_memory_equal(text_of(&auth.peer.output), "334 ", 4);
    begins(&auth, "*\r\n", "501 5.7.0 ");
    /* The connection goes while an answer is due. */
    (void)server_feed(&auth.peer, "AUTH SCRAM-SHA-256 biwsbj1hbm4scj1hYmM=\r\n");
    (void)smtp_session_eof(auth.peer.session, auth.peer.now);
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.due, &answer, 1), SMTP_ERR_STALE);
    auth_delete(&auth);
}

static void test_bad_answer(void **state)
{
    smtp_sasl_answer answer = answer_with("tea");
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.defer = 1;
    auth_open(&auth);
    (void)server_feed(&auth.peer, "AUTH PLAIN " GOOD "\r\n");
    answer.size--;
    assert_int_equal(smtp_server_auth(auth.peer.server, auth.due, &answer, 1), SMTP_ERR_ARGUMENT);
    auth.peer.due = auth.due;
    server_answer(&auth.peer, 535, NULL);
    server_expect(&auth.peer, WRONG);
    auth_delete(&auth);
}

/* Shows: R4954-7-1 */
static void test_received(void **state)
{
    smtp_received received;
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    start_tls(&auth);
    memset(&received, 0, sizeof received);
    received.size = sizeof received;
    (void)server_feed(&auth.peer, "EHLO c.example\r\n");
    assert_int_equal(smtp_server_received(auth.peer.server, &received), 0);
    assert_int_equal(received.with, SMTP_WITH_ESMTP | SMTP_WITH_TLS);
    says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
    assert_int_equal(smtp_server_received(auth.peer.server, &received), 0);
    assert_int_equal(received.with, SMTP_WITH_ESMTP | SMTP_WITH_TLS | SMTP_WITH_AUTH);
    auth_delete(&auth);
}

/* Who a client was in the clear, it is not under TLS. */
static void test_tls_forgets(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth.peer.config.offer = SMTP_EXT_STARTTLS;
    auth_open(&auth);
    says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
    server_codes(&auth.peer, "STARTTLS\r\n", "220 ");
    assert_int_equal(smtp_session_tls_started(auth.peer.session, NULL, 1), 0);
    expect_identity(&auth, "");
    server_codes(&auth.peer, "EHLO c.example\r\nAUTH PLAIN " GOOD "\r\n", "250 235 ");
    auth_delete(&auth);
}

/* What holds a secret is never shown, and the rest is. */
static void test_trace(void **state)
{
    static const char input[] = "AUTH PLAIN " BAD "\r\nAUTH PLAIN\r\n" BAD "\r\n"
                                "auth login\r\nYW5u\r\ndGVh\r\nAUTH PLAIN " GOOD "\r\nNOOP\r\n";
    size_t width;

    (void)state;
    for (width = 0; width < 8; width++) {
        struct auth_peer auth;

        auth_init(&auth);
        auth_open(&auth);
        smtp_session_set_trace(auth.peer.session, on_trace, &auth);
        (void)server_give(&auth.peer, input, sizeof input - 1, width);
        assert_string_equal(text_of(&auth.shown),
                            "AUTH PLAIN ...\n535 5.7.8 Authentication failed\n"
                            "AUTH PLAIN ...\n334 \n ...\n535 5.7.8 Authentication failed\n"
                            "auth login ...\n334 VXNlcm5hbWU6\n ...\n334 UGFzc3dvcmQ6\n ...\n"
                            "235 2.7.0 Authentication successful\n"
                            "AUTH PLAIN ...\n503 5.5.1 Bad sequence of commands\nNOOP\n"
                            "250 2.0.0 OK\n");
        auth_delete(&auth);
    }
}

static int holds(const void *storage, size_t bytes, const char *what)
{
    return memory_holds(storage, bytes, what, strlen(what));
}

/* No octet of a password stays in the object, however it came and whatever became of it. */
static void test_wiped(void **state)
{
    /* NUL ann NUL sesame-open */
    static const char *const inputs[] = {
        "AUTH PLAIN AGFubgBzZXNhbWUtb3Blbg==\r\n",
        "AUTH PLAIN\r\nAGFubgBzZXNhbWUtb3Blbg==\r\n",
        "AUTH LOGIN\r\nYW5u\r\nc2VzYW1lLW9wZW4=\r\n",
        "AUTH PLAIN\r\nAGFubgBzZXNhbWUtb3Blbg==\n\r\n",
    };
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < 2 * sizeof inputs / sizeof inputs[0]; i++) {
        for (width = 0; width < 40; width += 3) {
            struct auth_peer auth;
            size_t bytes;
            const char *input = inputs[i / 2];

            auth_init(&auth);
            auth.forced = i % 2 ? 535 : 235;
            bytes = smtp_server_bytes(&auth.peer.config);
            auth.peer.storage = calloc(1, bytes);
            assert_non_null(auth.peer.storage);
            auth_open(&auth);
            (void)server_give(&auth.peer, input, strlen(input), width);
            assert_false(holds(auth.peer.storage, bytes, "sesame-open"));
            assert_false(holds(auth.peer.storage, bytes, "c2VzYW1l"));
            assert_false(holds(auth.peer.storage, bytes, "zZXNhbWUt"));
            auth_delete(&auth);
        }
    }
}

/* A deadline runs in the exchange as between commands. */
static void test_timeout(void **state)
{
    struct auth_peer auth;

    (void)state;
    auth_init(&auth);
    auth_open(&auth);
    auth.peer.now = 50000;
    says(&auth, "AUTH PLAIN\r\n", "334 \r\n");
    assert_int_equal(smtp_session_deadline(auth.peer.session), 350000);
    text_clear(&auth.peer.output);
    (void)smtp_session_expire(auth.peer.session, 350000);
    server_drain(&auth.peer);
    assert_memory_equal(text_of(&auth.peer.output), "421 4.4.2 ", 10);
    assert_int_equal(smtp_session_error(auth.peer.session, NULL), SMTP_ERR_TIMEOUT);
    auth_delete(&auth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),           cmocka_unit_test(test_login),
        cmocka_unit_test(test_authzid),         cmocka_unit_test(test_digests),
        cmocka_unit_test(test_offer),           cmocka_unit_test(test_channel_binding),
        cmocka_unit_test(test_external),        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_order),           cmocka_unit_test(test_absent),
        cmocka_unit_test(test_required),        cmocka_unit_test(test_line_limit),
        cmocka_unit_test(test_message_limit),   cmocka_unit_test(test_own_storage),
        cmocka_unit_test(test_no_memory),       cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_caller_refuses),  cmocka_unit_test(test_no_words_of_success),
        cmocka_unit_test(test_keys_refused),    cmocka_unit_test(test_deferred_verdict),
        cmocka_unit_test(test_deferred_answer), cmocka_unit_test(test_deferred_keys),
        cmocka_unit_test(test_bad_answer),      cmocka_unit_test(test_received),
        cmocka_unit_test(test_tls_forgets),     cmocka_unit_test(test_trace),
        cmocka_unit_test(test_wiped),           cmocka_unit_test(test_timeout),
    };

    return cmocka_run_group_tests_name("server/auth", tests, NULL, NULL);
}
