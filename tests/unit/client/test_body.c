/* SPDX-License-Identifier: MIT
 * The body of a message on its way out: sources of all kinds, and what is not let out. */
#include "support/client_peer.h"

/* Shows: R5321-4.5.2-1 R5321-4.1.1.4-3 R5321-4.1.1.4-4 */
static void test_content_arrives(void **state)
{
    static const char *const bodies[] = {
        "", "\r\n", "a", "a\r\n", ".", ".\r\n", "..\r\n.\r\n...\r\n", "a\r\n.b\r\n\r\n.",
    };
    size_t i;
    size_t step;
    int fills;

    (void)state;
    for (i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        for (step = 0; step < 6; step++) {
            for (fills = 0; fills < 2; fills++) {
                struct client_peer peer;
                size_t len = strlen(bodies[i]);
                client_peer_init(&peer);
                peer.body = bodies[i];
                peer.body_len = len;
                peer.body_step = step;
                peer.body_fills = fills;
                peer.step = step % 2;
                client_session(&peer);
                assert_int_equal(strncmp(text_of(&peer.content), bodies[i], len), 0);
                assert_string_equal(text_of(&peer.content) + len,
                                    len == 0 || bodies[i][len - 1] == '\n' ? "" : "\r\n");
                assert_non_null(strstr(text_of(&peer.events), "sent 1 250 OK delivered=1\n"));
                client_delete(&peer);
            }
        }
    }
}

/* Large and small pieces between dots: slices of the caller's own stand in the output. */
static void test_large_content_in_any_pieces(void **state)
{
    struct text body = {NULL, 0, 0};
    uint64_t seed = 5;
    size_t step;
    int i;

    (void)state;
    for (i = 0; i < 300; i++) {
        char line[400];
        size_t len = random_below(&seed, sizeof line - 1);
        memset(line, 'x', sizeof line);
        line[0] = random_below(&seed, 3) == 0 ? '.' : 'y';
        text_add(&body, line, len);
        text_put(&body, "\r\n");
    }
    for (step = 0; step < 20000; step = step * 3 + 7) {
        struct client_peer peer;
        client_peer_init(&peer);
        peer.config.output_buffer = step % 2 ? 1024 : 0;
        peer.body = body.at;
        peer.body_len = body.len;
        peer.body_step = step;
        peer.step = step % 5;
        peer.envelope.octets = body.len;
        client_session(&peer);
        assert_int_equal(peer.content.len, body.len);
        assert_memory_equal(peer.content.at, body.at, body.len);
        client_delete(&peer);
    }
    text_free(&body);
}

static void test_no_source(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.callbacks.body = NULL;
    client_session(&peer);
    assert_string_equal(text_of(&peer.content), "");
    assert_int_equal(peer.count[CLIENT_SENT], 1);
    client_delete(&peer);
}

/* A source that has nothing for now: the client waits without a deadline, and goes on when told. */
static void test_source_that_defers(void **state)
{
    struct client_peer peer;
    uint64_t at;

    (void)state;
    for (at = 0; at < 20; at += 5) {
        client_peer_init(&peer);
        peer.body_step = 5;
        peer.body_answer = SMTP_DEFER;
        peer.body_from = at;
        client_open(&peer);
        (void)client_send(&peer);
        client_run(&peer);
        assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_READ);
        assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
        assert_int_equal(peer.count[CLIENT_SENT], 0);
        assert_int_equal(smtp_client_resume(peer.client, peer.now), SMTP_ERR_OK); /* still nothing
                                                                                   */
        peer.body_answer = 0;
        assert_int_equal(smtp_client_resume(peer.client, peer.now), SMTP_ERR_OK);
        assert_int_equal(smtp_client_resume(peer.client, peer.now), SMTP_ERR_STATE);
        client_run(&peer);
        assert_string_equal(text_of(&peer.content), peer.body);
        assert_int_equal(peer.count[CLIENT_SENT], 1);
        client_delete(&peer);
    }
}

/* It deferred, and the connection went: there is nothing to resume. */
static void test_source_that_defers_and_a_lost_connection(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.body_answer = SMTP_DEFER;
    client_open(&peer);
    (void)client_send(&peer);
    client_run(&peer);
    assert_int_equal(smtp_session_eof(peer.session, 1), SMTP_ERR_EOF);
    assert_int_equal(smtp_client_resume(peer.client, 1), SMTP_ERR_STATE);
    CLIENT_SAW(&peer, "ready\nrecipient 0 2 0 EOF\nsent 2 0 EOF delivered=0\nclose EOF 0\n");
    client_delete(&peer);
}

/* What cannot be completed must not look complete: the connection goes, and no dot with it. */
static void test_source_that_fails(void **state)
{
    static const int answers[] = {SMTP_ERR_BODY_FAILED, SMTP_ERR_TRANSPORT, 250, 7};
    size_t i;
    uint64_t at;

    (void)state;
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        for (at = 0; at < 20; at += 5) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.body_step = 5;
            peer.body_answer = answers[i];
            peer.body_from = at;
            client_session(&peer);
            assert_non_null(
                strstr(text_of(&peer.events), i == 1 ? "sent 2 0 TRANSPORT delivered=0\n"
                                                     : "sent 2 0 BODY_FAILED delivered=0\n"));
            assert_null(strstr(text_of(&peer.wire), "\r\n.\r\n"));
            assert_null(strstr(text_of(&peer.wire), "QUIT"));
            assert_int_equal(smtp_session_wants(peer.session), SMTP_WANTS_CLOSE);
            assert_int_equal(peer.count[CLIENT_CLOSE], 1);
            client_delete(&peer);
        }
    }
}

/* A source that gives nothing, and does not say that nothing follows. */
static int give_nothing(smtp_client *client, smtp_body_request *request, void *user)
{
    (void)client;
    (void)request;
    (void)user;
    return SMTP_ACCEPT;
}

static void test_source_that_gives_nothing(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.callbacks.body = give_nothing;
    client_session(&peer);
    CLIENT_SAW(&peer, "ready\nrecipient 0 2 0 BODY_FAILED\nsent 2 0 BODY_FAILED delivered=0\n"
                      "close BODY_FAILED 0\n");
    client_delete(&peer);
}

/* The line end that is added may be counted in the size or not; nothing else may differ. Where
 * line ends are mended the size is the caller's word. */
static void test_size_of_a_body_without_its_line_end(void **state)
{
    uint64_t declared;
    int mend;

    (void)state;
    for (mend = 0; mend < 2; mend++) {
        for (declared = 4; declared <= 8; declared++) {
            struct client_peer peer;
            int right = mend || declared == 5 || declared == 7;
            client_peer_init(&peer);
            peer.body = "12345";
            peer.body_len = 5;
            peer.envelope.octets = declared;
            peer.envelope.flags = mend ? SMTP_ENVELOPE_MEND : 0;
            client_session(&peer);
            assert_int_equal(peer.recipients[0].result,
                             right ? SMTP_RESULT_DELIVERED : SMTP_RESULT_PERMANENT);
            assert_int_equal(strstr(text_of(&peer.events), "BODY_SIZE") == NULL, right);
            client_delete(&peer);
        }
    }
}

/* What the caller does while a source has deferred does not wake it. */
static void test_calls_while_a_source_defers(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    peer.body_answer = SMTP_DEFER;
    client_open(&peer);
    (void)client_send(&peer);
    client_run(&peer);
    assert_int_equal(peer.count[CLIENT_BODY], 1);
    assert_int_equal(smtp_client_quit(peer.client, peer.now), SMTP_ERR_OK);
    assert_int_equal(peer.count[CLIENT_BODY], 1);
    assert_true(smtp_session_deadline(peer.session) == SMTP_TIME_NEVER);
    peer.body_answer = 0;
    assert_int_equal(smtp_client_resume(peer.client, peer.now), SMTP_ERR_OK);
    client_run(&peer);
    assert_non_null(strstr(text_of(&peer.events), "sent 1 250 OK delivered=1\nclose OK 0\n"));
    client_delete(&peer);
}

/* A source that lies about its size: neither more nor less goes out as a message. */
static void test_source_that_lies(void **state)
{
    static const char body[] = "12345\r\n";
    uint64_t declared;
    size_t step;

    (void)state;
    for (declared = 5; declared <= 10; declared++) {
        for (step = 0; step < 8; step++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.body = body;
            peer.body_len = 7;
            peer.body_step = step;
            peer.envelope.octets = declared;
            client_session(&peer);
            if (declared == 7) {
                assert_non_null(strstr(text_of(&peer.wire), " SIZE=7\r\n"));
                assert_int_equal(peer.content.len, 7);
            } else {
                assert_non_null(strstr(text_of(&peer.events),
                                       "sent 3 0 BODY_SIZE delivered=0\nclose BODY_SIZE"));
                assert_null(strstr(text_of(&peer.wire), "\r\n.\r\n"));
            }
            client_delete(&peer);
        }
    }
}

/* Shows: R5321-2.3.8-4 R5321-2.3.8-5 */
static void test_bare_line_ends(void **state)
{
    static const struct row {
        const char *body;
        const char *mended;
    } rows[] = {
        {"a\nb\r\n", "a\r\nb\r\n"},         {"a\rb\r\n", "a\r\nb\r\n"}, {"a\r", "a\r\n"},
        {"a\n.\n.\r\n", "a\r\n.\r\n.\r\n"}, {"a\r\r\n", "a\r\n\r\n"},
    };
    size_t i;
    size_t step;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (step = 0; step < 4; step++) {
            struct client_peer peer;
            client_peer_init(&peer);
            peer.body = rows[i].body;
            peer.body_len = strlen(rows[i].body);
            peer.body_step = step;
            client_session(&peer);
            assert_non_null(strstr(text_of(&peer.events),
                                   "sent 3 0 BODY_NEWLINE delivered=0\nclose BODY_NEWLINE 0\n"));
            assert_null(strstr(text_of(&peer.wire), "\r\n.\r\n"));
            client_delete(&peer);

            client_peer_init(&peer);
            peer.body = rows[i].body;
            peer.body_len = strlen(rows[i].body);
            peer.body_step = step;
            peer.envelope.flags = SMTP_ENVELOPE_MEND;
            client_session(&peer);
            assert_string_equal(text_of(&peer.content), rows[i].mended);
            client_delete(&peer);
        }
    }
}

/* 8-bit octets go where the envelope says so, in either way of saying it; NUL never. */
static void test_octets_that_were_not_announced(void **state)
{
    smtp_params params;
    struct client_peer peer;
    int way;

    (void)state;
    memset(&params, 0, sizeof params);
    params.present = SMTP_PARAM_BODY;
    params.body = SMTP_BODY_8BITMIME;
    for (way = 0; way < 5; way++) {
        int may = way == 1 || way == 2;
        client_peer_init(&peer);
        peer.body = "\x80\r\n";
        peer.body_len = 3;
        peer.envelope.flags = way == 1 ? SMTP_ENVELOPE_8BIT : 0;
        peer.envelope.params = way >= 2 ? &params : NULL;
        params.present = way == 4 ? 0 : SMTP_PARAM_BODY;
        params.body = way == 3 ? SMTP_BODY_7BIT : SMTP_BODY_8BITMIME;
        client_session(&peer);
        if (!may)
            assert_non_null(strstr(text_of(&peer.events), "sent 3 0 NEEDS_8BITMIME"));
        else
            assert_string_equal(text_of(&peer.content), "\x80\r\n");
        assert_int_equal(strstr(text_of(&peer.wire), " BODY=8BITMIME\r\n") != NULL, may);
        client_delete(&peer);

        client_peer_init(&peer);
        peer.body = "a\0\r\n";
        peer.body_len = 4;
        peer.envelope.flags = way == 1 ? SMTP_ENVELOPE_8BIT : 0;
        client_session(&peer);
        assert_non_null(strstr(text_of(&peer.events), "sent 3 0 NUL delivered=0\n"));
        client_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_arrives),
        cmocka_unit_test(test_large_content_in_any_pieces),
        cmocka_unit_test(test_no_source),
        cmocka_unit_test(test_source_that_defers),
        cmocka_unit_test(test_source_that_defers_and_a_lost_connection),
        cmocka_unit_test(test_source_that_fails),
        cmocka_unit_test(test_source_that_gives_nothing),
        cmocka_unit_test(test_size_of_a_body_without_its_line_end),
        cmocka_unit_test(test_calls_while_a_source_defers),
        cmocka_unit_test(test_source_that_lies),
        cmocka_unit_test(test_bare_line_ends),
        cmocka_unit_test(test_octets_that_were_not_announced),
    };
    return cmocka_run_group_tests_name("client/body", tests, NULL, NULL);
}
