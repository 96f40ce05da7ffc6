/* SPDX-License-Identifier: MIT
 * Hosts: parsed, told apart, formatted. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

/* Shows: R5321-2.3.5-3 R5321-4.1.1.1-1 */
static void test_kinds(void **state)
{
    static const struct {
        const char *text;
        int kind;
    } rows[] = {
        {"mail.example.com", SMTP_HOST_DOMAIN}, {"192.0.2.1", SMTP_HOST_DOMAIN},
        {"[192.0.2.1]", SMTP_HOST_IPV4},        {"[IPv6:2001:db8::1]", SMTP_HOST_IPV6},
        {"[x:y]", SMTP_HOST_GENERAL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_host host;
        char out[64];
        size_t len;
        assert_int_equal(smtp_host_parse(&host, smtp_text(rows[i].text), 0, 0, NULL), 0);
        assert_int_equal(host.kind, rows[i].kind);
        assert_true(same_text(host.text, rows[i].text));
        assert_int_equal(smtp_host_format(out, sizeof out, &len, &host), 0);
        assert_true(same_text(octets_of(out, len), rows[i].text));
    }
}

/* The EHLO argument cannot carry commands, spaces or other scripts. */
/* Shows: R5321-2.3.5-3 R5321-4.1.2-12 R6531-3.7.1-1 */
static void test_refused(void **state)
{
    static const verdict rows[] = {
        {STR(""), 0, 0, SMTP_ERR_DOMAIN_EMPTY, 0},
        {STR("a b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR("mx.example\r\nQUIT"), 0, 0, SMTP_ERR_CONTROL, 10},
        {STR("[192.0.2.1] x"), 0, 0, SMTP_ERR_TRAILING, 11},
        {STR("m\xC3\xBC.example"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 1},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* After an error nothing of the text is left in the structure. */
static void test_an_error_leaves_nothing(void **state)
{
    smtp_host host, nothing;
    (void)state;
    memset(&nothing, 0, sizeof nothing);
    memset(&host, 0xA5, sizeof host);
    assert_int_equal(smtp_host_parse(&host, smtp_text("[IPv6:1::2"), 0, 0, NULL), SMTP_ERR_LITERAL);
    assert_memory_equal(&host, &nothing, sizeof host);
}

static void test_no_space(void **state)
{
    static const char *const rows[] = {"a.example", "[192.0.2.1]", "[IPv6:::ffff:1.2.3.4]",
                                       "[x:y]"};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_host host;
        size_t length = strlen(rows[i]);
        assert_int_equal(smtp_host_parse(&host, smtp_text(rows[i]), 0, 0, NULL), 0);
        for (size_t capacity = 0; capacity <= length; capacity++) {
            char *out = malloc(capacity > 0 ? capacity : 1);
            size_t len = 99;
            assert_non_null(out);
            assert_int_equal(smtp_host_format(out, capacity, &len, &host),
                             capacity < length ? SMTP_ERR_NO_SPACE : 0);
            assert_int_equal(len, capacity < length ? 0 : length);
            free(out);
        }
    }
}

/* A host that is not there is written as nothing. */
static void test_none(void **state)
{
    smtp_host none = {0};
    char out[1];
    size_t len = 99;
    (void)state;
    assert_int_equal(smtp_host_format(out, sizeof out, &len, &none), 0);
    assert_int_equal(len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_an_error_leaves_nothing),
        cmocka_unit_test(test_no_space),
        cmocka_unit_test(test_none),
    };
    return cmocka_run_group_tests_name("syntax/host", tests, NULL, NULL);
}
