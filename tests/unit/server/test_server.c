/* SPDX-License-Identifier: MIT
 * The life of a server session: made, refused, out of memory, without a heap. */
#include <stddef.h>

#include "support/server_peer.h"

#define MESSAGE "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\nx\r\n.\r\n"

static void test_configurations_by_their_size(void **state)
{
    struct {
        smtp_server_config config;
        char tail[24];
    } larger;
    smtp_server *server;
    size_t i;

    (void)state;
    memset(&larger, 0, sizeof larger);
    larger.config.size = sizeof larger.config - 1;
    assert_int_equal(smtp_server_new(&server, &larger.config, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
    assert_null(server);
    assert_int_equal(smtp_server_bytes(&larger.config), 0);
    larger.config.size = 0;
    assert_int_equal(smtp_server_new(&server, &larger.config, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
    larger.config.size = sizeof larger.config + sizeof larger.tail;
    assert_int_equal(smtp_server_new(&server, &larger.config, NULL, NULL, NULL), SMTP_ERR_OK);
    smtp_server_del(server);
    assert_true(smtp_server_bytes(&larger.config) > 0);
    for (i = 0; i < sizeof larger.tail; i++) {
        larger.tail[i] = 1;
        assert_int_equal(smtp_server_new(&server, &larger.config, NULL, NULL, NULL),
                         SMTP_ERR_NEWER);
        assert_null(server);
        assert_int_equal(smtp_server_bytes(&larger.config), 0);
        larger.tail[i] = 0;
    }
    assert_int_equal(smtp_server_new(&server, NULL, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_server_new(NULL, &larger.config, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
}

static void test_callbacks_by_their_size(void **state)
{
    struct {
        smtp_server_callbacks callbacks;
        void (*unknown)(void);
    } larger;
    smtp_server_config config;
    smtp_server *server;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    memset(&larger, 0, sizeof larger);
    larger.callbacks.size = sizeof larger.callbacks - 1;
    assert_int_equal(smtp_server_new(&server, &config, &larger.callbacks, NULL, NULL),
                     SMTP_ERR_ARGUMENT);
    larger.callbacks.size = sizeof larger;
    assert_int_equal(smtp_server_new(&server, &config, &larger.callbacks, NULL, NULL), SMTP_ERR_OK);
    smtp_server_del(server);
    larger.unknown = (void (*)(void))test_configurations_by_their_size;
    assert_int_equal(smtp_server_new(&server, &config, &larger.callbacks, NULL, NULL),
                     SMTP_ERR_NEWER);
}

static void test_host_names(void **state)
{
    static const char *const bad[] = {"a b", "a\r\nb",          "-a", "a..b", "[1.2.3]",
                                      "a.",  "\xC3\xA9.example"};
    static const char *const good[] = {"mx.example", "[192.0.2.1]", "[IPv6:2001:db8::1]",
                                       "a_b.example"};
    smtp_server_config config;
    smtp_server *server;
    size_t i;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        config.hostname = smtp_text(bad[i]);
        assert_true(smtp_server_new(&server, &config, NULL, NULL, NULL) < 0);
        assert_null(server);
        assert_int_equal(smtp_server_bytes(&config), 0);
    }
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        config.hostname = smtp_text(good[i]);
        assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, NULL), SMTP_ERR_OK);
        smtp_server_del(server);
    }
}

/* The configuration is copied, the host name too. */
static void test_configuration_may_go(void **state)
{
    struct server_peer peer;
    char *name = exact("mx.example", 10);

    (void)state;
    server_peer_init(&peer);
    peer.config.hostname.ptr = name;
    peer.config.hostname.len = 10;
    server_make(&peer);
    memset(&peer.config, 0xEE, sizeof peer.config);
    free(name);
    (void)smtp_session_start(peer.session, 1);
    server_drain(&peer);
    SERVER_SAYS(&peer, "220 mx.example ESMTP\r\n");
    server_delete(&peer);
}

static void test_everything_by_default(void **state)
{
    smtp_server_config config;
    smtp_session *session;
    smtp_server *server;
    smtp_str slice;
    size_t used;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, NULL), SMTP_ERR_OK);
    session = smtp_server_session(server);
    assert_int_equal(smtp_session_start(session, 1), SMTP_ERR_OK);
    assert_int_equal(smtp_session_output(session, &slice, 1), 1);
    assert_int_equal(slice.len, strlen("220 localhost ESMTP\r\n"));
    assert_memory_equal(slice.ptr, "220 localhost ESMTP\r\n", slice.len);
    assert_int_equal(smtp_session_receive(session, "QUIT\r\n", 6, 1, &used), SMTP_ERR_OK);
    smtp_server_del(server);
}

/* What an idle session takes: the object, and all its buffers. */
static void test_memory_of_an_idle_session(void **state)
{
    enum { BUFFERS = 256 + 1024 + SMTP_DOMAIN_MAX };
    smtp_server_config config;
    struct memory memory;
    smtp_allocator allocator;
    smtp_server *server;

    (void)state;
    memset(&config, 0, sizeof config);
    memset(&memory, 0, sizeof memory);
    config.size = sizeof config;
    allocator = memory_allocator(&memory);
    assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, &allocator), SMTP_ERR_OK);
    print_message("an idle server session: %u octets, %u of them buffers\n",
                  (unsigned)memory.largest, (unsigned)BUFFERS);
    assert_int_equal(memory.calls, 1);
    if (sizeof(void *) == 8) {
        assert_true(memory.largest <= 2048);
        assert_true(memory.largest - BUFFERS <= 512 + 16); /* and the host name beside it */
    }
    smtp_server_del(server);
}

/* Of what a configuration may ask memory for, each has a most: at it more is taken than below, and
 * above it no more, so that no sum of them is too large for the smallest size_t. */
static void test_most_memory(void **state)
{
    static const size_t members[] = {offsetof(smtp_server_config, line_max),
                                     offsetof(smtp_server_config, auth_line_max),
                                     offsetof(smtp_server_config, token_max)};
    const uint32_t most = 1048576;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof members / sizeof members[0]; i++) {
        smtp_server_config config;
        uint32_t *member = (uint32_t *)(void *)((char *)&config + members[i]);
        size_t at_most;

        memset(&config, 0, sizeof config);
        config.size = sizeof config;
        config.sasl = smtp_sasl_suite_all();
        config.mechanisms = SMTP_MECH_OAUTHBEARER;
        *member = most;
        at_most = smtp_server_bytes(&config);
        assert_true(at_most > most);
        *member = most - 8;
        assert_int_equal(smtp_server_bytes(&config), at_most - 8);
        *member = most + 1;
        assert_int_equal(smtp_server_bytes(&config), at_most);
        *member = UINT32_MAX;
        assert_int_equal(smtp_server_bytes(&config), at_most);
    }
}

/* One allocation makes a session; when it gets nothing, nothing is left. */
static void test_no_memory(void **state)
{
    struct server_peer peer;
    smtp_allocator allocator;

    (void)state;
    server_peer_init(&peer);
    peer.memory.fail_at = 1;
    allocator = memory_allocator(&peer.memory);
    assert_int_equal(
        smtp_server_new(&peer.server, &peer.config, &peer.callbacks, &peer, &allocator),
        SMTP_ERR_NO_MEMORY);
    assert_null(peer.server);
    assert_int_equal(peer.memory.live, 0);
    allocator.size = 3;
    assert_int_equal(
        smtp_server_new(&peer.server, &peer.config, &peer.callbacks, &peer, &allocator),
        SMTP_ERR_ARGUMENT);
}

/* Nothing is allocated behind that, but for a line that is longer than the inline buffer. */
static void test_allocations(void **state)
{
    struct server_peer peer;
    char line[520];

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    (void)server_give(&peer, MESSAGE, sizeof MESSAGE - 1, 1);
    memset(line, 'x', sizeof line);
    memcpy(line, "NOOP ", 5);
    (void)server_give(&peer, line, 254, 100);
    (void)server_feed(&peer, "\r\n");
    assert_int_equal(peer.memory.calls, 1);
    (void)server_give(&peer, line, 300, 100);
    assert_int_equal(peer.memory.calls, 2);
    (void)server_feed(&peer, "\r\n");
    assert_int_equal(peer.memory.live, 1);
    assert_int_equal(peer.count[CALL_NOOP], 2);
    server_delete(&peer);
}

/* Each allocation fails once: the session goes on. */
static void test_every_allocation_fails_once(void **state)
{
    char line[520];
    size_t fail;

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "NOOP ", 5);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    for (fail = 2; fail < 6; fail++) {
        struct server_peer peer;
        int i;
        server_peer_init(&peer);
        peer.memory.fail_at = fail;
        server_ready(&peer);
        for (i = 0; i < 3; i++)
            (void)server_give(&peer, line, sizeof line, 64);
        server_codes(&peer, MESSAGE, "250 250 354 250 ");
        assert_int_equal(peer.count[CALL_NOOP], fail < 5 ? 2 : 3);
        server_delete(&peer);
    }
}

/* In storage of the caller's own, with lines of any length that may be: no allocator is known to
 * the session, so none can be asked. */
static void test_without_a_heap(void **state)
{
    struct server_peer peer;
    char line[600];
    size_t bytes;

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "NOOP ", 5);
    server_peer_init(&peer);
    peer.config.line_buffer = 64;
    peer.config.line_max = 600;
    bytes = smtp_server_bytes(&peer.config);
    assert_true(bytes > 600);
    peer.storage = calloc(1, bytes); /* just as much as is asked for */
    server_ready(&peer);
    (void)server_give(&peer, MESSAGE, sizeof MESSAGE - 1, 1);
    memcpy(line + 598, "\r\n", 2);
    (void)server_give(&peer, line, 600, 7);
    assert_int_equal(peer.count[CALL_NOOP], 1);
    assert_int_equal(peer.count[CALL_MESSAGE], 1);
    assert_int_equal(peer.memory.calls, 0);
    smtp_server_del(peer.server);
    peer.deleted = 1;
    {
        const unsigned char *octets = peer.storage;
        size_t i;
        for (i = 0; i < bytes; i++)
            assert_int_equal(octets[i], 0); /* nothing is left to read */
    }
    server_delete(&peer);
}

/* The line of an exchange has its place there too, whichever of the two kinds is the longer. */
static void test_lines_without_a_heap(void **state)
{
    static const uint32_t auth_line_max[] = {100, 5000};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        smtp_server_config config;
        size_t without;
        memset(&config, 0, sizeof config);
        config.size = sizeof config;
        config.line_max = 600;
        config.auth_line_max = auth_line_max[i];
        without = smtp_server_bytes(&config);
        config.sasl = smtp_sasl_suite_all();
        assert_true(smtp_server_bytes(&config) >= without + smtp_sasl_bytes());
        if (auth_line_max[i] > 600)
            assert_true(smtp_server_bytes(&config) >=
                        without + smtp_sasl_bytes() + auth_line_max[i] - 600);
        else
            assert_true(smtp_server_bytes(&config) < without + smtp_sasl_bytes() + 600);
    }
}

/* A buffer that is asked for too small or too large is given as small or as large as it may be. */
static void test_output_buffer_has_bounds(void **state)
{
    static const struct {
        uint32_t asked;
        uint32_t given;
    } rows[] = {{1, 512}, {511, 512}, {513, 513}, {32768, 32768}, {32769, 32768}, {~0u, 32768}};
    smtp_server_config config;
    size_t i;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t bytes;
        config.output_buffer = rows[i].given;
        bytes = smtp_server_bytes(&config);
        config.output_buffer = rows[i].asked;
        assert_int_equal(smtp_server_bytes(&config), bytes);
    }
}

static void test_storage_that_is_too_small(void **state)
{
    static uint64_t storage[1024];
    smtp_server_config config;
    smtp_server *server;
    size_t bytes;

    (void)state;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    bytes = smtp_server_bytes(&config);
    assert_true(bytes > 0 && bytes <= sizeof storage);
    assert_int_equal(smtp_server_init(&server, storage, bytes - 1, &config, NULL, NULL),
                     SMTP_ERR_NO_MEMORY);
    assert_null(server);
    assert_int_equal(smtp_server_init(&server, NULL, bytes, &config, NULL, NULL),
                     SMTP_ERR_NO_MEMORY);
    assert_int_equal(smtp_server_init(NULL, storage, bytes, &config, NULL, NULL),
                     SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_server_init(&server, storage, bytes, &config, NULL, NULL), SMTP_ERR_OK);
    smtp_server_del(server);
    config.hostname = smtp_text("a b");
    assert_int_equal(smtp_server_init(&server, storage, sizeof storage, &config, NULL, NULL),
                     SMTP_ERR_DOMAIN_CHARACTER);
    assert_null(server);
}

static void test_too_many_of_the_callers_own(void **state)
{
    smtp_server_config config;
    smtp_server *server;
    smtp_str verbs[64];
    size_t i;

    (void)state;
    for (i = 0; i < 64; i++)
        verbs[i] = smtp_text("XX");
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.verbs = verbs;
    config.verb_count = 64;
    assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
    config.verb_count = 63;
    assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, NULL), SMTP_ERR_OK);
    smtp_server_del(server);
    config.keyword_count = (size_t)UINT16_MAX + 1; /* they are not looked at */
    assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
    config.keyword_count = 0;
    config.param_count = (size_t)UINT16_MAX + 1;
    assert_int_equal(smtp_server_new(&server, &config, NULL, NULL, NULL), SMTP_ERR_ARGUMENT);
}

/* Timeouts of the configuration, and those that are longer than can be counted. */
static void test_timeouts(void **state)
{
    struct server_peer peer;

    (void)state;
    server_peer_init(&peer);
    peer.config.command_timeout = 5000;
    peer.config.data_timeout = 700;
    server_ready(&peer);
    assert_true(smtp_session_deadline(peer.session) == peer.now + 5000);
    (void)server_feed(&peer, "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\n");
    assert_true(smtp_session_deadline(peer.session) == peer.now + 700);
    (void)server_feed(&peer, ".\r\n");
    assert_true(smtp_session_deadline(peer.session) == peer.now + 5000);
    server_delete(&peer);
    server_peer_init(&peer);
    peer.config.command_timeout = SMTP_TIME_NEVER;
    server_ready(&peer);
    assert_true(smtp_session_deadline(peer.session) > peer.now + (smtp_time)40 * 86400000);
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configurations_by_their_size),
        cmocka_unit_test(test_callbacks_by_their_size),
        cmocka_unit_test(test_host_names),
        cmocka_unit_test(test_configuration_may_go),
        cmocka_unit_test(test_everything_by_default),
        cmocka_unit_test(test_memory_of_an_idle_session),
        cmocka_unit_test(test_most_memory),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_allocations),
        cmocka_unit_test(test_every_allocation_fails_once),
        cmocka_unit_test(test_without_a_heap),
        cmocka_unit_test(test_lines_without_a_heap),
        cmocka_unit_test(test_output_buffer_has_bounds),
        cmocka_unit_test(test_storage_that_is_too_small),
        cmocka_unit_test(test_too_many_of_the_callers_own),
        cmocka_unit_test(test_timeouts),
    };
    return cmocka_run_group_tests_name("server/server", tests, NULL, NULL);
}
