/* SPDX-License-Identifier: MIT
 * What a server session knows of its client. */
#include "support/server_peer.h"

/* Shows: R3848-1-1 R3848-1-2 */
static void test_received(void **state)
{
    struct server_peer peer;
    smtp_received received;

    (void)state;
    server_peer_init(&peer);
    peer.config.offer = SMTP_EXT_SMTPUTF8;
    server_open(&peer);
    memset(&received, 0, sizeof received);
    assert_int_equal(smtp_server_received(peer.server, &received), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_server_received(peer.server, NULL), SMTP_ERR_ARGUMENT);
    received.size = sizeof received;
    assert_int_equal(smtp_server_received(peer.server, &received), SMTP_ERR_STATE);
    assert_int_equal(smtp_server_hello(peer.server).len, 0);
    (void)server_feed(&peer, "HELO old.example\r\n");
    assert_int_equal(smtp_server_received(peer.server, &received), SMTP_ERR_OK);
    assert_int_equal(received.with, 0);
    assert_true(smtp_str_equal(received.hello, smtp_text("old.example")));
    assert_true(smtp_str_equal(received.by, smtp_text("mx.example")));
    (void)server_feed(&peer, "EHLO [192.0.2.1]\r\nMAIL FROM:<a@c.example> SMTPUTF8\r\n");
    assert_int_equal(smtp_server_received(peer.server, &received), SMTP_ERR_OK);
    assert_int_equal(received.with, SMTP_WITH_ESMTP | SMTP_WITH_UTF8);
    assert_true(smtp_str_equal(received.hello, smtp_text("[192.0.2.1]")));
    assert_int_equal(received.tls_cipher.len, 0);
    server_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_received),
    };
    return cmocka_run_group_tests_name("server/received", tests, NULL, NULL);
}
