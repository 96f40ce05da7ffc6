/* SPDX-License-Identifier: MIT
 * Domains. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

/* Domains of the examples of RFC 5321, one label, one letter, digits alone, A-labels, hyphens. */
/* Shows: R5321-4.1.2-1 R5321-4.1.2-15 */
static void test_taken(void **state)
{
    static const verdict rows[] = {
        {STR("example.com"), 0, 0, 0, 0},
        {STR("bar.com"), 0, 0, 0, 0},
        {STR("USC-ISIF.ARPA"), 0, 0, 0, 0},
        {STR("localhost"), 0, 0, 0, 0},
        {STR("a"), 0, 0, 0, 0},
        {STR("1"), 0, 0, 0, 0},
        {STR("a.b.c"), 0, 0, 0, 0},
        {STR("3com.com"), 0, 0, 0, 0},
        {STR("192.0.2.1"), 0, 0, 0, 0},
        {STR("xn--bcher-kva.example"), 0, 0, 0, 0},
        {STR("a--b.c-d"), 0, 0, 0, 0},
        {STR("a-1.1-a"), 0, 0, 0, 0},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* Shows: R5321-4.1.2-13 R5321-4.1.2-15 R5321-4.1.2-12 */
static void test_refused(void **state)
{
    static const verdict rows[] = {
        {STR(""), 0, 0, SMTP_ERR_DOMAIN_EMPTY, 0},
        {{NULL, 0}, 0, 0, SMTP_ERR_DOMAIN_EMPTY, 0},
        {STR("."), 0, 0, SMTP_ERR_DOT, 0},
        {STR(".a"), 0, 0, SMTP_ERR_DOT, 0},
        {STR("a."), 0, 0, SMTP_ERR_DOT, 1},
        {STR("a..b"), 0, 0, SMTP_ERR_DOT, 2},
        {STR("a.b.."), 0, 0, SMTP_ERR_DOT, 4},
        {STR("-a.com"), 0, 0, SMTP_ERR_HYPHEN, 0},
        {STR("a-.com"), 0, 0, SMTP_ERR_HYPHEN, 1},
        {STR("a.-b"), 0, 0, SMTP_ERR_HYPHEN, 2},
        {STR("a.b-"), 0, 0, SMTP_ERR_HYPHEN, 3},
        {STR("-"), 0, 0, SMTP_ERR_HYPHEN, 0},
        {STR("a_b.example"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR("a b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR("a@b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR("a-!b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 2},
        {STR("a.!b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 2},
        {STR("a>"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR(">"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 0},
        {STR("a,b"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR("example.com:25"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 11},
        {STR("example.com(comment)"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 11},
        {STR("a.b]"), 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 3},
        {STR("a\r\nb"), 0, 0, SMTP_ERR_CONTROL, 1},
        {STR("a\nb"), 0, 0, SMTP_ERR_CONTROL, 1},
        {STR("a\0b"), 0, 0, SMTP_ERR_CONTROL, 1},
        {STR("a.b\t"), 0, 0, SMTP_ERR_CONTROL, 3},
        {STR("a.\x7F"), 0, 0, SMTP_ERR_CONTROL, 2},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* Shows: R5321-4.1.2-15 R5321-4.1.2-13 */
static void test_every_octet(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char text[3] = {'a', (char)(unsigned char)c, 'b'};
        int ldh = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.';
        int error = c < 32 || c == 127 ? SMTP_ERR_CONTROL
                    : c > 127          ? SMTP_ERR_UTF8
                                       : SMTP_ERR_DOMAIN_CHARACTER;
        smtp_host host;
        assert_int_equal(smtp_host_parse(&host, octets_of(text, 3), 0, 0, NULL), ldh ? 0 : error);
    }
}

/* The same rules read off a word with string functions. */
static int is_domain(const char *word)
{
    size_t length = strlen(word);
    return strstr(word, "..") == NULL && strstr(word, ".-") == NULL && strstr(word, "-.") == NULL &&
           strchr(word, '!') == NULL && strchr(".-", word[0]) == NULL &&
           strchr(".-", word[length - 1]) == NULL;
}

/* Shows: R5321-4.1.2-15 */
static void test_every_short_word(void **state)
{
    (void)state;
    for (size_t length = 1, count = 4; length <= 8; length++, count *= 4) {
        for (size_t i = 0; i < count; i++) {
            char word[9];
            write_word(word, i, length, "a.-!");
            if ((verdict_host(smtp_text(word), 0, 0, NULL) == 0) != is_domain(word)) {
                fail_msg("%s", word);
            }
        }
    }
}

/* Shows: R5321-4.5.3.1.2-1 R5321-4.5.3.1-1 */
static void test_limits(void **state)
{
    char text[600];
    (void)state;
    for (size_t length = 1; length <= 300; length++) {
        text[0] = '\0';
        append_domain(text, length);
        assert_int_equal(strlen(text), length);
        verdict_of(verdict_host, text, 0, 0, length <= 255 ? 0 : SMTP_ERR_DOMAIN_TOO_LONG,
                   length <= 255 ? 0 : 255);
    }
    for (size_t length = 1; length <= 70; length++) {
        strcpy(text, "a.");
        append_run(text, 'x', length);
        strcat(text, ".com");
        verdict_of(verdict_host, text, 0, 0, length <= 63 ? 0 : SMTP_ERR_LABEL_TOO_LONG,
                   length <= 63 ? 0 : 2 + 63);
    }
}

/* The first thing that is wrong counts. */
static void test_order_of_reasons(void **state)
{
    char text[600] = "";
    (void)state;
    append_run(text, 'x', 70);
    strcat(text, "!");
    verdict_of(verdict_host, text, 0, 0, SMTP_ERR_LABEL_TOO_LONG, 63);
    text[20] = '!';
    verdict_of(verdict_host, text, 0, 0, SMTP_ERR_DOMAIN_CHARACTER, 20);
    text[0] = '\0';
    append_domain(text, 300);
    strcat(text, "..");
    verdict_of(verdict_host, text, 0, 0, SMTP_ERR_DOMAIN_TOO_LONG, 255);
}

/* Shows: R6531-3.3-1 R6531-3.2-1 R6531-3.2-3 R6531-3.2-5 R5321-2.4-12 R5321-2.4-14 */
static void test_u_labels(void **state)
{
    static const verdict rows[] = {
        {STR("b\xC3\xBC"
             "cher.example"),
         SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\xE4\xBE\x8B\xE5\xAD\x90.\xE5\xB9\xBF\xE5\x91\x8A"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\xE4\xBE\x8B"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("\xC3\xA9-\xC3\xA9.x"), SMTP_ADDRESS_UTF8, 0, 0, 0},
        {STR("b\xC3\xBC"
             "cher.example"),
         0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 1},
        {STR("a.\xE4\xBE\x8B"), 0, 0, SMTP_ERR_UTF8_NOT_ALLOWED, 2},
        {STR("-\xC3\xA9"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_HYPHEN, 0},
        {STR("\xC3\xA9-"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_HYPHEN, 2},
        {STR("\xC3\xA9_"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_DOMAIN_CHARACTER, 2},
        {STR("\xC3\xA9 "), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_DOMAIN_CHARACTER, 2},
        {STR("\xC3\xA9..a"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_DOT, 3},
        {STR("a\xC3"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 1},
        {STR("a\xC3.b"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 1},
        {STR("\xC3\xA9\xED\xA0\x80"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 2},
        {STR("\xC0\xAE"), SMTP_ADDRESS_UTF8, 0, SMTP_ERR_UTF8, 0},
        {STR("\xFF"), 0, 0, SMTP_ERR_UTF8, 0},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

/* A U-label may be longer than its A-label, for which the limit of 63 octets is (RFC 5890 4.2). */
static void test_long_u_label(void **state)
{
    char text[600] = "";
    (void)state;
    for (int i = 0; i < 85; i++) {
        strcat(text, "\xE4\xBE\x8B");
    }
    verdict_of(verdict_host, text, SMTP_ADDRESS_UTF8, 0, 0, 0);
    strcat(text, "x");
    verdict_of(verdict_host, text, SMTP_ADDRESS_UTF8, 0, SMTP_ERR_DOMAIN_TOO_LONG, 255);
}

static void test_tolerances(void **state)
{
    static const verdict rows[] = {
        {STR("a_b.example"), 0, SMTP_TOLERATE_UNDERSCORE, 0, 0},
        {STR("_dmarc.example"), 0, SMTP_TOLERATE_UNDERSCORE, 0, 0},
        {STR("a_.b"), 0, SMTP_TOLERATE_UNDERSCORE, 0, 0},
        {STR("a_-.b"), 0, SMTP_TOLERATE_UNDERSCORE, SMTP_ERR_HYPHEN, 2},
        {STR("a_b."), 0, SMTP_TOLERATE_UNDERSCORE, SMTP_ERR_DOT, 3},
        {STR("example.com."), 0, SMTP_TOLERATE_TRAILING_DOT, 0, 0},
        {STR("a."), 0, SMTP_TOLERATE_TRAILING_DOT, 0, 0},
        {STR("."), 0, SMTP_TOLERATE_TRAILING_DOT, SMTP_ERR_DOT, 0},
        {STR("a.."), 0, SMTP_TOLERATE_TRAILING_DOT, SMTP_ERR_DOT, 2},
        {STR("a-."), 0, SMTP_TOLERATE_TRAILING_DOT, SMTP_ERR_HYPHEN, 1},
        {STR("a.!"), 0, SMTP_TOLERATE_TRAILING_DOT, SMTP_ERR_DOMAIN_CHARACTER, 2},
        {STR("a_b"), 0, SMTP_TOLERATE_TRAILING_DOT, SMTP_ERR_DOMAIN_CHARACTER, 1},
        {STR("a..b"), 0, SMTP_TOLERATE_DOTS, SMTP_ERR_DOT, 2},
    };
    (void)state;
    CHECK(verdict_host, rows);
}

static void test_what_is_given(void **state)
{
    smtp_host host;
    (void)state;
    assert_int_equal(smtp_host_parse(&host, smtp_text("Mail.Example"), 0, 0, NULL), 0);
    assert_int_equal(host.kind, SMTP_HOST_DOMAIN);
    assert_true(same_text(host.text, "Mail.Example"));
    assert_int_equal(host.utf8, 0);
    assert_int_equal(smtp_host_parse(&host, smtp_text("a.\xC3\xA9.b"), SMTP_ADDRESS_UTF8, 0, NULL),
                     0);
    assert_int_equal(host.utf8, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),       cmocka_unit_test(test_refused),
        cmocka_unit_test(test_every_octet), cmocka_unit_test(test_every_short_word),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_order_of_reasons),
        cmocka_unit_test(test_u_labels),    cmocka_unit_test(test_long_u_label),
        cmocka_unit_test(test_tolerances),  cmocka_unit_test(test_what_is_given),
    };
    return cmocka_run_group_tests_name("syntax/domain", tests, NULL, NULL);
}
