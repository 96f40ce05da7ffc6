/* SPDX-License-Identifier: MIT
 * Address literals read to their octets. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

typedef struct row {
    const char *text;
    unsigned char ip[16];
} row;

/* Shows: R5321-4.1.3-1 */
static void test_ipv4(void **state)
{
    static const row rows[] = {
        {"[123.255.37.2]", {123, 255, 37, 2}},
        {"[0.0.0.0]", {0, 0, 0, 0}},
        {"[255.255.255.255]", {255, 255, 255, 255}},
        {"[01.2.003.4]", {1, 2, 3, 4}}, /* a Snum is decimal, and may have three digits */
        {"[010.0.0.1]", {10, 0, 0, 1}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_host host;
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        assert_int_equal(smtp_host_parse(&host, copy, 0, 0, NULL), 0);
        assert_int_equal(host.kind, SMTP_HOST_IPV4);
        assert_memory_equal(host.ip, rows[i].ip, 16);
        assert_true(same_text(host.text, rows[i].text));
        octets_free(copy);
    }
}

/* Shows: R5321-4.1.3-1 */
static void test_ipv4_refused(void **state)
{
    static const verdict rows[] = {
        {STR("[256.1.1.1]"), 0, 0, SMTP_ERR_IPV4, 1},
        {STR("[1.2.3.256]"), 0, 0, SMTP_ERR_IPV4, 7},
        {STR("[1.2.3.999]"), 0, 0, SMTP_ERR_IPV4, 7},
        {STR("[1.2.3]"), 0, 0, SMTP_ERR_IPV4, 6},
        {STR("[1.2.3.]"), 0, 0, SMTP_ERR_IPV4, 7},
        {STR("[1.2.3.4.5]"), 0, 0, SMTP_ERR_IPV4, 8},
        {STR("[1.2.3.4.]"), 0, 0, SMTP_ERR_IPV4, 8},
        {STR("[1..3.4]"), 0, 0, SMTP_ERR_IPV4, 3},
        {STR("[.1.2.3]"), 0, 0, SMTP_ERR_LITERAL, 1},
        {STR("[1.2.3.0004]"), 0, 0, SMTP_ERR_IPV4, 10},
        {STR("[1.2.3.4/24]"), 0, 0, SMTP_ERR_IPV4, 8},
        {STR("[1.2.3.4 ]"), 0, 0, SMTP_ERR_IPV4, 8},
        {STR("[1.2.3.-4]"), 0, 0, SMTP_ERR_IPV4, 7},
        {STR("[127]"), 0, 0, SMTP_ERR_IPV4, 4},
        {STR("[0x7f.0.0.1]"), 0, 0, SMTP_ERR_IPV4, 2},
        {STR("[1.2.3.4"), 0, 0, SMTP_ERR_LITERAL, 8},
        {STR("[1.2.3.4]x"), 0, 0, SMTP_ERR_TRAILING, 9},
        {STR("[1.2.3.4]]"), 0, 0, SMTP_ERR_TRAILING, 9},
        {STR("[1.2.3.4\0]"), 0, 0, SMTP_ERR_CONTROL, 8},
        {STR("[1.2\r\n.3.4]"), 0, 0, SMTP_ERR_CONTROL, 4},
        {STR("[1.2.3.4\xC3\xA9]"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 8},
        {STR("[1.2.3.4\xC3\xA9]"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_IPV4, 8},
        {STR("[1.2.3.4\xC3]"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 8},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* Each of the four forms, at the least and the most groups, the tag in any case. */
/* Shows: R5321-4.1.3-2 R5321-4.1.3-3 R5321-2.4-2 */
static void test_ipv6(void **state)
{
    static const row rows[] = {
        {"[IPv6:2001:db8:1:2:3:4:5:6]", {0x20, 1, 0x0D, 0xB8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}},
        {"[IPv6:0:0:0:0:0:0:0:0]", {0}},
        {"[IPv6:ffff:FFFF:ffff:ffff:ffff:ffff:ffff:ffff]",
         {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},
        {"[IPv6:0001:0:0:0:0:0:0:000a]", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10}},
        {"[IPv6:::]", {0}},
        {"[IPv6:::1]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
        {"[IPv6:1::]", {0, 1}},
        {"[ipv6:2001:DB8::1]", {0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
        {"[IPV6:1::2:3:4:5:6]", {0, 1, 0, 0, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}},
        {"[IPv6:1:2:3:4:5:6::]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0}},
        {"[IPv6:::1:2:3:4:5:6]", {0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}},
        {"[IPv6:1:2:3::4:5:6]", {0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4, 0, 5, 0, 6}},
        {"[IPv6:1:2:3:4:5:6:192.0.2.1]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 192, 0, 2, 1}},
        {"[IPv6:::192.0.2.1]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1}},
        {"[IPv6:::ffff:192.0.2.1]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1}},
        {"[IPv6:1::192.0.2.1]", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1}},
        {"[IPv6:1:2:3:4::192.0.2.1]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0, 192, 0, 2, 1}},
        {"[IPv6:::1:2:3:4:192.0.2.1]", {0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 192, 0, 2, 1}},
        {"[IPv6:1:2::3:4:192.0.2.1]", {0, 1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4, 192, 0, 2, 1}},
        {"[IPv6:::192.168.010.1]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 168, 10, 1}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_host host;
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        if (smtp_host_parse(&host, copy, 0, 0, NULL) != 0) {
            fail_msg("%s", rows[i].text);
        }
        assert_int_equal(host.kind, SMTP_HOST_IPV6);
        assert_memory_equal(host.ip, rows[i].ip, 16);
        octets_free(copy);
    }
}

/* A "::" for fewer than two groups, or twice; groups too few, too many, too long; an IPv4 address
 * that is not the end; zones. None of them falls back to a general literal. */
/* Shows: R5321-4.1.3-2 R5321-4.1.3-3 */
static void test_ipv6_refused(void **state)
{
    static const verdict rows[] = {
        {STR("[IPv6:]"), 0, 0, SMTP_ERR_IPV6, 6},
        {STR("[IPv6:1]"), 0, 0, SMTP_ERR_IPV6, 7},
        {STR("[IPv6::]"), 0, 0, SMTP_ERR_IPV6, 6},
        {STR("[IPv6::1]"), 0, 0, SMTP_ERR_IPV6, 6},
        {STR("[IPv6::::]"), 0, 0, SMTP_ERR_IPV6, 8},
        {STR("[IPv6:1:2:3:4:5:6:7]"), 0, 0, SMTP_ERR_IPV6, 19},
        {STR("[IPv6:1:2:3:4:5:6:7:8:9]"), 0, 0, SMTP_ERR_IPV6, 22},
        {STR("[IPv6:1:2:3:4:5:6:7:]"), 0, 0, SMTP_ERR_IPV6, 20},
        {STR("[IPv6:1:2:3:4:5:6:7::]"), 0, 0, SMTP_ERR_IPV6, 21},
        {STR("[IPv6:::2:3:4:5:6:7:8]"), 0, 0, SMTP_ERR_IPV6, 21},
        {STR("[IPv6:1:2:3::5:6:7:8]"), 0, 0, SMTP_ERR_IPV6, 20},
        {STR("[IPv6:1:2:3:4:5:6:7:8::]"), 0, 0, SMTP_ERR_IPV6, 23},
        {STR("[IPv6:1::2::3]"), 0, 0, SMTP_ERR_IPV6, 10},
        {STR("[IPv6:1:::2]"), 0, 0, SMTP_ERR_IPV6, 9},
        {STR("[IPv6:12345::]"), 0, 0, SMTP_ERR_IPV6, 10},
        {STR("[IPv6:1::g]"), 0, 0, SMTP_ERR_IPV6, 9},
        {STR("[IPv6:1::2:]"), 0, 0, SMTP_ERR_IPV6, 11},
        {STR("[IPv6:::1.2.3]"), 0, 0, SMTP_ERR_IPV6, 13},
        {STR("[IPv6:::1.2.3.256]"), 0, 0, SMTP_ERR_IPV6, 14},
        {STR("[IPv6:::a.2.3.4]"), 0, 0, SMTP_ERR_IPV6, 8},
        {STR("[IPv6:::1.2.3.4:5]"), 0, 0, SMTP_ERR_IPV6, 15},
        {STR("[IPv6:1.2.3.4::]"), 0, 0, SMTP_ERR_IPV6, 13},
        {STR("[IPv6:1.2.3.4]"), 0, 0, SMTP_ERR_IPV6, 13},
        {STR("[IPv6:1:2:3:4:5:1.2.3.4]"), 0, 0, SMTP_ERR_IPV6, 23},
        {STR("[IPv6:1:2:3:4:5:6:7:1.2.3.4]"), 0, 0, SMTP_ERR_IPV6, 21},
        {STR("[IPv6:1:2:3:4:5::1.2.3.4]"), 0, 0, SMTP_ERR_IPV6, 24},
        {STR("[IPv6:fe80::1%eth0]"), 0, 0, SMTP_ERR_IPV6, 13},
        {STR("[IPv6:::1/64]"), 0, 0, SMTP_ERR_IPV6, 9},
        {STR("[IPv6: ::1]"), 0, 0, SMTP_ERR_IPV6, 6},
        {STR("[::1]"), 0, 0, SMTP_ERR_LITERAL, 1},
        {STR("[IPv6:::1"), 0, 0, SMTP_ERR_LITERAL, 9},
        {STR("[IPv6:"), 0, 0, SMTP_ERR_IPV6, 6},
        {STR("[IPv6:::1]]"), 0, 0, SMTP_ERR_TRAILING, 10},
        {STR("[IPv6:1::\n2]"), 0, 0, SMTP_ERR_CONTROL, 9},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* Shows: R5321-4.1.3-4 */
static void test_general(void **state)
{
    static const struct {
        const char *text, *tag, *content;
    } rows[] = {
        {"[tag:content]", "tag", "content"},
        {"[x:y]", "x", "y"},
        {"[IPv4:1.2.3.4]", "IPv4", "1.2.3.4"},
        {"[IPv6a:::1]", "IPv6a", "::1"},
        {"[1:x]", "1", "x"},
        {"[-a:x]", "-a", "x"}, /* Ldh-str: only its last octet may not be a hyphen */
        {"[a-b:!\"#$%&'()*+,-./09:;<=>?@AZ^_`az{|}~]", "a-b",
         "!\"#$%&'()*+,-./09:;<=>?@AZ^_`az{|}~"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_host host;
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        assert_int_equal(smtp_host_parse(&host, copy, 0, 0, NULL), 0);
        assert_int_equal(host.kind, SMTP_HOST_GENERAL);
        assert_true(same_text(host.tag, rows[i].tag));
        assert_true(same_text(host.content, rows[i].content));
        octets_free(copy);
    }
}

static void test_general_refused(void **state)
{
    static const verdict rows[] = {
        {STR("[]"), 0, 0, SMTP_ERR_LITERAL, 1},
        {STR("["), 0, 0, SMTP_ERR_LITERAL, 1},
        {STR("[tag]"), 0, 0, SMTP_ERR_LITERAL, 4},
        {STR("[tag:]"), 0, 0, SMTP_ERR_LITERAL, 5},
        {STR("[tag:"), 0, 0, SMTP_ERR_LITERAL, 5},
        {STR("[tag:x"), 0, 0, SMTP_ERR_LITERAL, 6},
        {STR("[:x]"), 0, 0, SMTP_ERR_LITERAL, 1},
        {STR("[a-:x]"), 0, 0, SMTP_ERR_LITERAL, 3},
        {STR("[-:x]"), 0, 0, SMTP_ERR_LITERAL, 2},
        {STR("[a_b:x]"), 0, 0, SMTP_ERR_LITERAL, 2},
        {STR("[a.b:x]"), 0, 0, SMTP_ERR_LITERAL, 2},
        {STR("[a:x y]"), 0, 0, SMTP_ERR_LITERAL, 4},
        {STR("[a:x[y]"), 0, 0, SMTP_ERR_LITERAL, 4},
        {STR("[a:x\\]]"), 0, 0, SMTP_ERR_LITERAL, 4},
        {STR("[a:x]]"), 0, 0, SMTP_ERR_TRAILING, 5},
        {STR("[a:x\r\n]"), 0, 0, SMTP_ERR_CONTROL, 4},
        {STR("[a:\xC3\xA9]"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_LITERAL, 3},
        {STR("[a:\xC3\xA9]"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 3},
        {STR("[a:\xA9]"), 0, 0, SMTP_ERR_UTF8, 3},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* The limit of a domain holds for a literal too (RFC 5321 4.5.3.1.2). */
/* Shows: R5321-4.5.3.1.2-1 */
static void test_limit(void **state)
{
    char text[300] = "[tag:";
    (void)state;
    append_run(text, 'x', 249);
    strcat(text, "]");
    assert_int_equal(strlen(text), 255);
    verdict_of(verdict_host, text, 0, 0, 0, 0);
    text[254] = 'x';
    strcat(text, "]");
    verdict_of(verdict_host, text, 0, 0, SMTP_ERR_DOMAIN_TOO_LONG, 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ipv4),    cmocka_unit_test(test_ipv4_refused),
        cmocka_unit_test(test_ipv6),    cmocka_unit_test(test_ipv6_refused),
        cmocka_unit_test(test_general), cmocka_unit_test(test_general_refused),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests_name("syntax/literal", tests, NULL, NULL);
}
