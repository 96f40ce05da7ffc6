/* SPDX-License-Identifier: MIT
 * What a session tells of itself: its error in detail, and its counts. */
#include "smtp/session.h"
#include "support/server_peer.h"

/* Where: the first octet of the line that was refused, in any cut, for as long as nothing else is.
 */
static void test_detail_says_where(void **state)
{
    static const struct row {
        const char *input;
        int error;
        int reply;
        uint64_t offset;
        size_t column;
    } rows[] = {
        {"NOOP\r\nMAIL TO:<a@b>\r\nNOOP\r\nNOOP\r\n", SMTP_ERR_FROM_OR_TO, 501, 22, 5},
        {"NOOP\r\nNO\nOP\r\nNOOP\r\n", SMTP_ERR_BARE_LF, 500, 22, 0},
        {"RCPT TO:<a@b>\r\n", SMTP_ERR_STATE, 503, 16, 0},
        {"XX\r\n", SMTP_ERR_VERB, 500, 16, 0},
    };
    size_t width;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (width = 0; width < 12; width++) {
            struct server_peer peer;
            smtp_detail detail;
            server_peer_init(&peer);
            server_ready(&peer);
            (void)server_give(&peer, rows[i].input, strlen(rows[i].input), width);
            detail.size = sizeof detail;
            assert_int_equal(smtp_session_error(peer.session, &detail), rows[i].error);
            assert_int_equal(detail.error, rows[i].error);
            assert_int_equal(detail.reply, rows[i].reply);
            assert_int_equal(detail.offset, rows[i].offset);
            assert_int_equal(detail.column, rows[i].column);
            server_delete(&peer);
        }
    }
}

static void test_detail_of_a_long_line_says_where_it_began(void **state)
{
    char line[700];
    size_t width;

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "NOOP\r\n", 6);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    for (width = 0; width < 700; width += 69) {
        struct server_peer peer;
        smtp_detail detail;
        server_peer_init(&peer);
        peer.config.line_max = 512;
        server_ready(&peer);
        (void)server_give(&peer, line, sizeof line, width);
        detail.size = sizeof detail;
        assert_int_equal(smtp_session_error(peer.session, &detail), SMTP_ERR_LINE_TOO_LONG);
        assert_int_equal(detail.offset, 16 + 6);
        server_delete(&peer);
    }
}

static void test_detail_and_statistics_need_their_size(void **state)
{
    struct server_peer peer;
    smtp_detail detail;
    smtp_statistics statistics;

    (void)state;
    server_peer_init(&peer);
    server_ready(&peer);
    (void)server_feed(&peer, "XX\r\n");
    detail.size = sizeof detail - 1;
    detail.error = 5;
    assert_int_equal(smtp_session_error(peer.session, &detail), SMTP_ERR_VERB);
    assert_int_equal(detail.error, 5);
    statistics.size = sizeof statistics - 1;
    assert_int_equal(smtp_session_statistics(peer.session, &statistics), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_session_statistics(peer.session, NULL), SMTP_ERR_ARGUMENT);
    server_delete(&peer);
}

static void test_statistics(void **state)
{
    static const char input[] = "XX\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"
                                "RCPT TO:<c@mx.example>\r\nDATA\r\n..x\r\n.\r\nNOOP\r\n";
    size_t width;

    (void)state;
    for (width = 0; width < 20; width += 3) {
        struct server_peer peer;
        smtp_statistics statistics;
        size_t said;
        server_peer_init(&peer);
        server_open(&peer);
        (void)server_feed(&peer, "EHLO c.example\r\n");
        (void)server_give(&peer, input, sizeof input - 1, width);
        said = peer.output.len;
        statistics.size = sizeof statistics;
        assert_int_equal(smtp_session_statistics(peer.session, &statistics), SMTP_ERR_OK);
        assert_int_equal(statistics.octets_in, 16 + sizeof input - 1);
        assert_int_equal(statistics.octets_out, said);
        assert_int_equal(statistics.body_octets, 4); /* ".x" CRLF */
        assert_int_equal(statistics.commands, 7);
        assert_int_equal(statistics.replies, 9);
        assert_int_equal(statistics.errors, 1);
        assert_int_equal(statistics.transactions, 1);
        assert_int_equal(statistics.recipients, 2);
        assert_int_equal(statistics.messages, 1);
        server_delete(&peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detail_says_where),
        cmocka_unit_test(test_detail_of_a_long_line_says_where_it_began),
        cmocka_unit_test(test_detail_and_statistics_need_their_size),
        cmocka_unit_test(test_statistics),
    };
    return cmocka_run_group_tests_name("session/report", tests, NULL, NULL);
}
