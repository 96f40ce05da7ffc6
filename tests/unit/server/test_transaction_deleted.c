/* SPDX-License-Identifier: MIT
 * A session that is deleted by the callback that is told of the end of its transaction, or of the
 * message: nothing more is said or called, and its memory goes when the port returns. */
#include "support/server_peer.h"

#define BEGIN "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n"

static void delete_in(struct server_peer *peer, int call)
{
    if (call != peer->depth_call)
        return;
    smtp_server_del(peer->server);
    peer->deleted = 1;
}

static const struct row {
    int call;         /* in which it is deleted */
    const char *more; /* behind BEGIN: what ends the transaction, and two commands */
    int refused;      /* the callback that refuses, 0: none */
    uint64_t message_max;
    uint32_t flags;
} rows[] = {
    {CALL_RESET, "RSET\r\nNOOP\r\nNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "QUIT\r\nNOOP\r\nNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "EHLO other.example\r\nNOOP\r\nNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "HELO other.example\r\nNOOP\r\nNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "DATA\r\nNOOP\r\nNOOP\r\n", CALL_DATA, 0, 0},
    {CALL_RESET, "DATA\r\nx\r\n.\r\nNOOP\r\n", CALL_BODY, 0, 0},
    {CALL_RESET, "DATA\r\nx\r\n.\r\nNOOP\r\n", CALL_MESSAGE, 0, 0},
    {CALL_RESET, "DATA\r\nx\rx\r\n.\r\nNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "DATA\r\ntoo long\r\n.\r\nNOOP\r\n", 0, 4, 0},
    {CALL_RESET, "BDAT 8 LAST\r\ntoo longNOOP\r\n", 0, 4, 0},
    {CALL_RESET, "BDAT 2\r\nokBDAT 8 LAST\r\ntoo long", 0, 4, 0},
    {CALL_RESET, "BDAT 2\r\nokBDAT 0 LAST\r\nNOOP\r\n", CALL_DATA, 0, 0},
    {CALL_RESET, "BDAT 0\r\nNOOP\r\nNOOP\r\n", CALL_DATA, 0, 0},
    {CALL_RESET, "BDAT 3 LAST\r\nx\r\rNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "BDAT 2 LAST\r\nx\rNOOP\r\n", 0, 0, 0},
    {CALL_RESET, "BDAT 2\r\nx\rBURL imap://h/1\r\nNOOP\r\n", 0, 0, 0},
    {CALL_DATA, "DATA\r\nx\r\n.\r\nNOOP\r\n", 0, 0, 0},
    {CALL_DATA, "BDAT 1 LAST\r\nxNOOP\r\n", 0, 0, 0},
    {CALL_BODY, "DATA\r\nx\r\n.\r\nNOOP\r\n", 0, 0, 0},
    {CALL_BODY, "DATA\r\nx\rx\r\n.\r\nNOOP\r\n", 0, 0, 0},
    {CALL_BODY, "BDAT 1 LAST\r\nxNOOP\r\n", 0, 0, 0},
    {CALL_MESSAGE, "DATA\r\nx\r\n.\r\nNOOP\r\n", 0, 0, 0},
    {CALL_MESSAGE, "RCPT TO:<c@mx.example>\r\nDATA\r\nx\r\n.\r\nNOOP\r\n", 0, 0, SMTP_SERVER_LMTP},
};

static void run(const struct row *row, size_t width)
{
    struct server_peer peer;
    struct text input = {NULL, 0, 0};
    const char *hello = row->flags & SMTP_SERVER_LMTP ? "LHLO" : "EHLO";

    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_CHUNKING;
    peer.config.flags = row->flags;
    peer.config.message_max = row->message_max;
    peer.answers[row->refused] = row->refused != 0 ? 554 : SMTP_ACCEPT;
    server_open(&peer);
    text_put(&input, "%s c.example\r\n" BEGIN "%s", hello, row->more);
    peer.during = delete_in;
    peer.depth_call = row->call;
    (void)server_give(&peer, text_of(&input), input.len, width);
    assert_true(peer.deleted);
    assert_int_equal(peer.asked, row->call); /* the last event that there was */
    assert_int_equal(peer.count[row->call], 1);
    assert_int_equal(peer.memory.live, 0);
    assert_int_equal(peer.count[CALL_CLOSE], 0);
    assert_int_equal(peer.count[CALL_NOOP], 0);
    assert_int_equal(peer.count[CALL_RESET], row->call == CALL_RESET);
    text_free(&input);
    server_delete(&peer);
}

static void test_deleted(void **state)
{
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (width = 0; width < 40; width++)
            run(&rows[i], width);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deleted),
    };
    return cmocka_run_group_tests_name("server/transaction_deleted", tests, NULL, NULL);
}
