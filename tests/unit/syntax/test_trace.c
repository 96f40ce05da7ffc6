/* SPDX-License-Identifier: MIT
 * Trace fields. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/trace.h"
#include "syntax/lines.h"

static smtp_received example(void)
{
    smtp_received in = {0};
    in.size = sizeof in;
    in.hello = smtp_text("client.example");
    in.peer_name = smtp_text("host.client.example");
    in.peer_ip = smtp_text("192.0.2.1");
    in.by = smtp_text("mx.example.org");
    in.with = SMTP_WITH_ESMTP | SMTP_WITH_TLS;
    in.date = 1136239445;
    in.zone = -420;
    in.id = smtp_text("ABC123");
    return in;
}

static void check(const smtp_received *in, const char *expected)
{
    char out[2048];
    size_t len = 99;
    int error = smtp_received_format(out, sizeof out, &len, in);
    if (error != 0) {
        fail_msg("%s for '%s'", smtp_error_name(error), expected);
    }
    assert_text(octets_of(out, len), expected);
    for (size_t room = 0; room < strlen(expected); room++) {
        assert_int_equal(smtp_received_format(out, room, &len, in), SMTP_ERR_NO_SPACE);
        assert_int_equal(len, 0);
    }
}

static void check_error(const smtp_received *in, int error)
{
    char out[4096];
    size_t len = 99;
    assert_int_equal(smtp_received_format(out, sizeof out, &len, in), error);
    assert_int_equal(len, 0);
}

/* Shows: R5321-4.4-2 R5321-4.4-3 R5321-4.4-4 R5321-4.4-5 R5321-4.4-6 R5321-4.4-12 R8314-4.3-1 */
static void test_received(void **state)
{
    smtp_received in = example();
    (void)state;
    check(&in, "Received: from client.example (host.client.example [192.0.2.1]) by\r\n"
               "\tmx.example.org with ESMTPS id ABC123; Mon, 02 Jan 2006 15:04:05 -0700\r\n");
    in.peer_name = smtp_text(NULL);
    in.peer_ip = smtp_text("2001:db8::1");
    in.id = smtp_text("<abc.1@[x]>");
    in.for_path = smtp_text("\"a b\"@b.example");
    in.tls_version = smtp_text("TLS1.3");
    in.tls_cipher = smtp_text("TLS_AES_256_GCM_SHA384");
    check(&in, "Received: from client.example ([IPv6:2001:db8::1]) by mx.example.org with\r\n"
               "\tESMTPS (TLS1.3 TLS_AES_256_GCM_SHA384) id <abc.1@[x]> for\r\n"
               "\t<\"a b\"@b.example> tls TLS_AES_256_GCM_SHA384;\r\n"
               "\tMon, 02 Jan 2006 15:04:05 -0700\r\n");
    in = example();
    in.peer_name = in.peer_ip = in.id = smtp_text(NULL);
    in.hello = smtp_text("[192.0.2.9]");
    in.with = 0;
    check(&in, "Received: from [192.0.2.9] by mx.example.org with SMTP;\r\n"
               "\tMon, 02 Jan 2006 15:04:05 -0700\r\n");
    in.tls_cipher = smtp_text("ECDHE-RSA-AES128-SHA");
    in.peer_name = smtp_text("p.example");
    check(&in, "Received: from [192.0.2.9] (p.example) by mx.example.org with SMTP\r\n"
               "\t(ECDHE-RSA-AES128-SHA); Mon, 02 Jan 2006 15:04:05 -0700\r\n");
}

/* Shows: R6710-4.1-2 */
static void test_priority(void **state)
{
    static const char *const bad[] = {"10", "-10", "+1", "-", "a", "1 ", "--1"};
    smtp_received in = example();
    char out[512];
    size_t len = 0;
    size_t i;
    (void)state;
    in.priority = smtp_text("-9");
    check(&in, "Received: from client.example (host.client.example [192.0.2.1]) by\r\n"
               "\tmx.example.org with ESMTPS id ABC123 PRIORITY -9;\r\n"
               "\tMon, 02 Jan 2006 15:04:05 -0700\r\n");
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        in.priority = smtp_text(bad[i]);
        assert_int_equal(smtp_received_format(out, sizeof out, &len, &in), SMTP_ERR_ARGUMENT);
    }
}

/* Only what RFC 8314 4.3 calls a cipher stands in the clause; a comment takes any. */
/* Shows: R8314-4.3-1 */
static void test_ciphers(void **state)
{
    static const struct {
        const char *cipher;
        int registered;
    } rows[] = {
        {"TLS_SM4_GCM_SM3", 1}, {"0x1301", 1},  {"0xC02f", 1}, {"0x130", 0}, {"0x13011", 0},
        {"0x130G", 0},          {"0x1301G", 0}, {"3DES", 0},   {"_TLS", 0},  {"DHE-RSA", 0},
        {"TLS_AES.", 0},
    };
    smtp_received in = example();
    (void)state;
    in.peer_name = in.peer_ip = in.id = smtp_text(NULL);
    in.hello = smtp_text("a"); /* short, so that nothing is folded */
    in.by = smtp_text("b");
    for (size_t i = 0; i < ROWS(rows); i++) {
        char out[256], clause[64] = " tls ";
        size_t len;
        in.tls_cipher = smtp_text(rows[i].cipher);
        assert_int_equal(smtp_received_format(out, sizeof out - 1, &len, &in), 0);
        out[len] = '\0';
        strcat(clause, rows[i].cipher);
        assert_int_equal(strstr(out, clause) != NULL, rows[i].registered);
        clause[4] = '(';
        assert_non_null(strstr(out, clause + 4));
    }
    in.tls_cipher = smtp_text(NULL);
    in.tls_version = smtp_text("TLS1.3");
    check(&in, "Received: from a by b with ESMTPS (TLS1.3); Mon, 02 Jan 2006 15:04:05 -0700\r\n");
}

/* An id is an atom or a msg-id (RFC 5321 4.4, RFC 5322 3.6.4). */
static void test_ids(void **state)
{
    static const struct {
        const char *id;
        int error;
    } rows[] = {
        {"a!b", 0},
        {"<a.b@c.d>", 0},
        {"<a@[]>", 0},
        {"<a@[b.c:1]>", 0},
        {"a.b", SMTP_ERR_ARGUMENT},
        {"<>", SMTP_ERR_ARGUMENT},
        {"<@b>", SMTP_ERR_ARGUMENT},
        {"<.a@b>", SMTP_ERR_ARGUMENT},
        {"<a.@b>", SMTP_ERR_ARGUMENT},
        {"<a>", SMTP_ERR_ARGUMENT},
        {"<a@>", SMTP_ERR_ARGUMENT},
        {"<a@b.>", SMTP_ERR_ARGUMENT},
        {"<a@[b>", SMTP_ERR_ARGUMENT},
        {"<a@[b]c>", SMTP_ERR_ARGUMENT},
        {"<a@b>c", SMTP_ERR_ARGUMENT},
        {"<a@b> (", SMTP_ERR_ARGUMENT},
        {"<a@[b\\]>", SMTP_ERR_ARGUMENT},
    };
    smtp_received in = example();
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char out[256];
        size_t len;
        in.id = smtp_text(rows[i].id);
        int error = smtp_received_format(out, sizeof out, &len, &in);
        if (error != rows[i].error) {
            fail_msg("'%s': %s", rows[i].id, smtp_error_name(error));
        }
    }
}

/* What is not a name stands in a comment, where it can do no harm. */
/* Shows: R5321-4.4-3 R5321-4.4-4 */
static void test_hostile_hello(void **state)
{
    static const struct {
        smtp_str hello;
        int error;
    } refused[] = {
        {LINE(""), SMTP_ERR_EMPTY},
        {LINE("a(b"), SMTP_ERR_DOMAIN_CHARACTER},
        {LINE("a)b"), SMTP_ERR_DOMAIN_CHARACTER},
        {LINE("a\\b"), SMTP_ERR_DOMAIN_CHARACTER},
        {LINE("a b"), SMTP_ERR_CONTROL},
        {LINE("a\r\nb"), SMTP_ERR_CONTROL},
        {LINE("a\0b"), SMTP_ERR_CONTROL},
        {LINE("\xC3\xB6"), SMTP_ERR_CONTROL},
    };
    smtp_received in = example();
    (void)state;
    for (size_t i = 0; i < ROWS(refused); i++) {
        in.hello = refused[i].hello;
        check_error(&in, refused[i].error);
    }
    in.hello = smtp_text("my_host");
    in.peer_name = smtp_text(NULL);
    check(&in, "Received: from my_host ([192.0.2.1]) by mx.example.org with ESMTPS id ABC123;\r\n"
               "\tMon, 02 Jan 2006 15:04:05 -0700\r\n");
    in.hello = smtp_text("\";<x>");
    check(&in, "Received: from [192.0.2.1] ([192.0.2.1]) (\";<x>) by mx.example.org with\r\n"
               "\tESMTPS id ABC123; Mon, 02 Jan 2006 15:04:05 -0700\r\n");
    in.peer_ip = smtp_text(NULL);
    check(&in, "Received: from unknown (\";<x>) by mx.example.org with ESMTPS id ABC123;\r\n"
               "\tMon, 02 Jan 2006 15:04:05 -0700\r\n");
}

/* Shows: R6531-3.7.3-2 R5321-4.4-2 R5321-4.4-3 */
static void test_refused(void **state)
{
    smtp_received in = example();
    (void)state;
    in.peer_name = smtp_text("a(b");
    check_error(&in, SMTP_ERR_DOMAIN_CHARACTER);
    in.peer_name = smtp_text("[x:)]"); /* it stands in a comment, and would end it */
    check_error(&in, SMTP_ERR_DOMAIN_CHARACTER);
    in = example();
    in.peer_ip = smtp_text("192.0.2.256");
    check_error(&in, SMTP_ERR_IPV4);
    in.peer_ip = smtp_text("fe80::1%eth0");
    check_error(&in, SMTP_ERR_IPV6);
    in.peer_ip = smtp_text("1.2.3.4]) by x ([1");
    check_error(&in, SMTP_ERR_TRAILING);
    in.peer_ip = smtp_text("0000000000000000000000000000000000000000000000000000000000000001");
    check_error(&in, SMTP_ERR_LITERAL);
    in = example();
    in.by = smtp_text(NULL);
    check_error(&in, SMTP_ERR_DOMAIN_EMPTY);
    in = example();
    in.id = smtp_text("a b");
    check_error(&in, SMTP_ERR_ARGUMENT);
    in.id = smtp_text("<a@b");
    check_error(&in, SMTP_ERR_ARGUMENT);
    in.id = smtp_text("a\r\nb");
    check_error(&in, SMTP_ERR_ARGUMENT);
    in = example();
    in.for_path = smtp_text("a@b.example>, <c@d.example");
    check_error(&in, SMTP_ERR_DOMAIN_CHARACTER);
    in.for_path = smtp_text("\xC3\xB6@b.example");
    check_error(&in, SMTP_ERR_UTF8_NOT_ALLOWED);
    in = example();
    in.tls_version = smtp_text("TLS)");
    check_error(&in, SMTP_ERR_ARGUMENT);
    in = example();
    in.tls_cipher = smtp_text("A\nB");
    check_error(&in, SMTP_ERR_ARGUMENT);
    in = example();
    in.zone = 6000;
    check_error(&in, SMTP_ERR_ARGUMENT);
    in = example();
    in.size = 0;
    check_error(&in, SMTP_ERR_ARGUMENT);
    char id[901];
    memset(id, 'a', sizeof id);
    in = example();
    in.id = octets_of(id, sizeof id);
    check_error(&in, SMTP_ERR_LINE_TOO_LONG);
}

/* Shows: R6531-3.7.3-1 */
static void test_utf8(void **state)
{
    smtp_received in = example();
    (void)state;
    in.with |= SMTP_WITH_UTF8;
    in.for_path = smtp_text("\xC3\xB6@b.example");
    check(&in, "Received: from client.example (host.client.example [192.0.2.1]) by\r\n"
               "\tmx.example.org with UTF8SMTPS id ABC123 for <\xC3\xB6@b.example>;\r\n"
               "\tMon, 02 Jan 2006 15:04:05 -0700\r\n");
}

/* No line is longer than 78 columns, a tab going to the next column that eight divides, unless one
 * word is. */
static void test_columns(void **state)
{
    char hello[200], id[200];
    (void)state;
    for (size_t length = 1; length < 64; length++) {
        for (size_t other = 1; other < 64; other += 3) {
            char out[1024];
            size_t len, column = 0;
            smtp_received in = example();
            memset(hello, 'h', length);
            memset(id, 'i', other);
            in.hello = octets_of(hello, length);
            in.id = octets_of(id, other);
            assert_int_equal(smtp_received_format(out, sizeof out, &len, &in), 0);
            for (size_t i = 0; i < len; i++) {
                column = out[i] == '\n' ? 0 : out[i] == '\t' ? 8 : column + (out[i] != '\r');
                assert_true(column <= 78);
            }
            assert_text(octets_of(out + len - 2, 2), "\r\n");
        }
    }
}

/* Shows: R3848-1-1 R3848-1-2 R4954-7-1 R5321-4.4-25 R6531-3.7.3-1 */
static void test_with_names(void **state)
{
    static const struct {
        uint32_t with;
        const char *name;
    } rows[] = {
        {0, "SMTP"},
        {SMTP_WITH_TLS, "SMTP"},
        {SMTP_WITH_ESMTP, "ESMTP"},
        {SMTP_WITH_ESMTP | SMTP_WITH_AUTH, "ESMTPA"},
        {SMTP_WITH_ESMTP | SMTP_WITH_TLS, "ESMTPS"},
        {SMTP_WITH_ESMTP | SMTP_WITH_TLS | SMTP_WITH_AUTH, "ESMTPSA"},
        {SMTP_WITH_LMTP, "LMTP"},
        {SMTP_WITH_LMTP | SMTP_WITH_AUTH, "LMTPA"},
        {SMTP_WITH_LMTP | SMTP_WITH_TLS, "LMTPS"},
        {SMTP_WITH_LMTP | SMTP_WITH_ESMTP | SMTP_WITH_TLS | SMTP_WITH_AUTH, "LMTPSA"},
        {SMTP_WITH_UTF8 | SMTP_WITH_ESMTP, "UTF8SMTP"},
        {SMTP_WITH_UTF8 | SMTP_WITH_ESMTP | SMTP_WITH_AUTH, "UTF8SMTPA"},
        {SMTP_WITH_UTF8 | SMTP_WITH_ESMTP | SMTP_WITH_TLS, "UTF8SMTPS"},
        {SMTP_WITH_UTF8 | SMTP_WITH_ESMTP | SMTP_WITH_TLS | SMTP_WITH_AUTH, "UTF8SMTPSA"},
        {SMTP_WITH_UTF8 | SMTP_WITH_LMTP, "UTF8LMTP"},
        {SMTP_WITH_UTF8 | SMTP_WITH_LMTP | SMTP_WITH_AUTH, "UTF8LMTPA"},
        {SMTP_WITH_UTF8 | SMTP_WITH_LMTP | SMTP_WITH_TLS, "UTF8LMTPS"},
        {SMTP_WITH_UTF8 | SMTP_WITH_LMTP | SMTP_WITH_TLS | SMTP_WITH_AUTH, "UTF8LMTPSA"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_text(smtp_with_name(rows[i].with), rows[i].name);
    }
}

static void test_return_path(void **state)
{
    static const struct {
        const char *line, *field;
    } rows[] = {
        {"MAIL FROM:<>", "Return-Path: <>\r\n"},
        {"MAIL FROM:<a@b.example>", "Return-Path: <a@b.example>\r\n"},
        {"MAIL FROM:<@x.example:\"a\"@[192.0.2.1]>", "Return-Path: <a@[192.0.2.1]>\r\n"},
    };
    char out[400];
    size_t len = 99;
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_path path = line_parsed(rows[i].line, NULL).path;
        assert_int_equal(smtp_return_path_format(out, sizeof out, &len, &path), 0);
        assert_text(octets_of(out, len), rows[i].field);
        for (size_t room = 0; room < strlen(rows[i].field); room++) {
            assert_int_equal(smtp_return_path_format(out, room, &len, &path), SMTP_ERR_NO_SPACE);
            assert_int_equal(len, 0);
        }
    }
    smtp_path path = {0};
    assert_int_equal(smtp_return_path_format(out, sizeof out, &len, &path), SMTP_ERR_ARGUMENT);
    path = line_parsed("MAIL FROM:<a@b.example>", NULL).path;
    path.mailbox.host.text = smtp_text("b>\r\nX: <");
    assert_int_equal(smtp_return_path_format(out, sizeof out, &len, &path), SMTP_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_received),   cmocka_unit_test(test_hostile_hello),
        cmocka_unit_test(test_priority),   cmocka_unit_test(test_ciphers),
        cmocka_unit_test(test_ids),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_utf8),       cmocka_unit_test(test_columns),
        cmocka_unit_test(test_with_names), cmocka_unit_test(test_return_path),
    };
    return cmocka_run_group_tests_name("syntax/trace", tests, NULL, NULL);
}
