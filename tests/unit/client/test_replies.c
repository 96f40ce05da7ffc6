/* SPDX-License-Identifier: MIT
 * Replies: their limits, at, below and above. */
#include "support/client_script.h"

static char line[70000];

/* "220", the rest, CRLF: a line of `len` octets. */
static size_t fill(char *out, const char *code, size_t len)
{
    memset(out, 'x', len);
    memcpy(out, code, 4);
    memcpy(out + len - 2, "\r\n", 2);
    return len;
}

/* Shows: R5321-4.5.3.1.5-1 */
static void test_line_limit(void **state)
{
    static const struct row {
        uint32_t set;
        size_t max;
    } rows[] = {{0, 2048}, {1, 512}, {512, 512}, {513, 513}, {65535, 65535}, {65536, 65535}};
    size_t i;
    size_t width;
    int more;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (more = -1; more < 2; more++) {
            for (width = 0; width < 2; width++) {
                struct client_peer peer;
                size_t len = fill(line, "220 ",
                                  more > 0 ? rows[i].max + 1 : rows[i].max - (size_t)(more < 0));
                client_peer_init(&peer);
                peer.config.reply_line_max = rows[i].set;
                client_open(&peer);
                (void)client_give(&peer, line, len, width * 100);
                assert_int_equal(smtp_session_error(peer.session, NULL),
                                 more > 0 ? SMTP_ERR_LINE_TOO_LONG : SMTP_ERR_OK);
                client_expect(&peer, more > 0 ? "" : HELLO);
                client_delete(&peer);
            }
        }
    }
}

/* The text of a reply, its lines joined by LF, is as long as the limit at most. */
static void test_text_limit(void **state)
{
    static const struct row {
        uint32_t set;
        size_t max;
    } rows[] = {{0, 4096}, {1, 512}, {512, 512}, {600, 600}};
    size_t i;
    int more;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (more = -1; more < 2; more++) {
            struct client_peer peer;
            size_t text = (size_t)((int)rows[i].max + more);
            size_t joined = 0;
            client_peer_init(&peer);
            peer.config.reply_max = rows[i].set;
            client_open(&peer);
            while (text - joined > 101) {
                (void)client_give(&peer, line, fill(line, "220-", 106), 0);
                joined += 101; /* and its LF */
            }
            (void)client_give(&peer, line, fill(line, "220 ", text - joined + 6), 0);
            assert_int_equal(smtp_session_error(peer.session, NULL),
                             more > 0 ? SMTP_ERR_REPLY_TOO_LONG : SMTP_ERR_OK);
            client_expect(&peer, more > 0 ? "" : HELLO);
            client_delete(&peer);
        }
    }
}

/* Shows: R5321-4.2-3 R5321-4.2-4 R5321-4.2.1-2 R5321-4.2.1-5 R5321-4.2-13 R2920-3.1-11 */
static void test_forms(void **state)
{
    static const struct row {
        const char *input;
        int error;
    } rows[] = {
        {"220\r\n", SMTP_ERR_OK},
        {"220 \r\n", SMTP_ERR_OK},
        {"220-\r\n220\r\n", SMTP_ERR_OK},
        {"220-a\r\n220-b\r\n220 c\r\n", SMTP_ERR_OK},
        {"299 any\r\n", SMTP_ERR_OK},
        {"220-a\r\n250 b\r\n", SMTP_ERR_REPLY_MIXED},
        {"22 a\r\n", SMTP_ERR_REPLY_CODE},
        {"199 a\r\n", SMTP_ERR_REPLY_CODE},
        {"600 a\r\n", SMTP_ERR_REPLY_CODE},
        {"220x\r\n", SMTP_ERR_REPLY_SEPARATOR},
        {"\r\n", SMTP_ERR_REPLY_CODE},
        {"220 a\n", SMTP_ERR_BARE_LF},
        {"354 a\r\n", SMTP_ERR_UNEXPECTED_REPLY},
        {"421 a\r\n", SMTP_ERR_SHUTTING_DOWN},
    };
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (width = 0; width < 4; width++) {
            struct client_peer peer;
            smtp_detail detail = {.size = sizeof detail};
            client_peer_init(&peer);
            client_open(&peer);
            (void)client_give(&peer, rows[i].input, strlen(rows[i].input), width);
            assert_int_equal(smtp_session_error(peer.session, &detail), rows[i].error);
            assert_int_equal(detail.error, rows[i].error);
            client_expect(&peer, rows[i].error == SMTP_ERR_OK ? HELLO : "");
            assert_int_equal(peer.count[CALL_CLOSE], rows[i].error != SMTP_ERR_OK);
            client_delete(&peer);
        }
    }
}

/* A reply to what has not gone, or that nothing asked for, ends the session. */
static void test_unasked(void **state)
{
    struct client_peer peer;

    (void)state;
    client_peer_init(&peer);
    client_ready(&peer, "");
    client_turn(&peer, "250 a\r\n", "");
    client_saw(&peer, "close UNEXPECTED_REPLY 250\n");
    client_delete(&peer);

    client_peer_init(&peer);
    client_ready(&peer, "");
    peer.stuck = 1;
    (void)client_send(&peer);
    (void)client_feed(&peer, "250 a\r\n");
    client_saw(&peer, "recipient 0 temporary 0 UNEXPECTED_REPLY\n"
                      "sent temporary 0 UNEXPECTED_REPLY 0\nclose UNEXPECTED_REPLY 250\n");
    client_delete(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_limit),
        cmocka_unit_test(test_text_limit),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_unasked),
    };
    return cmocka_run_group_tests_name("client/replies", tests, NULL, NULL);
}
