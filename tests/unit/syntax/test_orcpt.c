/* SPDX-License-Identifier: MIT
 * Original recipients of the type "utf-8". */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

/* Shows: R6531-3.2-9 */
static void test_decoded(void **state)
{
    static const struct {
        const char *text, *octets;
    } rows[] = {
        {"", ""},
        {"user@example.org", "user@example.org"},
        {"a\\x{20}b\\x{2B}\\x{3D}\\x{5C}c", "a b+=\\c"},
        {"\\x{80}\\x{7FF}\\x{800}\\x{FFFF}", "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"},
        {"\\x{10000}\\x{FFFFF}", "\xF0\x90\x80\x80\xF3\xBF\xBF\xBF"},
        {"\\x{100000}\\x{10FFFF}", "\xF4\x80\x80\x80\xF4\x8F\xBF\xBF"},
        {"\\x{D7FF}\\x{E000}", "\xED\x9F\xBF\xEE\x80\x80"},
        {"\\x{5c}\\x{f6}", "\\\xC3\xB6"},
        {"\xC3\xB6@\xE2\x82\xAC", "\xC3\xB6@\xE2\x82\xAC"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        char out[64];
        size_t len = 99;
        assert_int_equal(smtp_orcpt_utf8_decode(out, sizeof out, &len, copy), 0);
        assert_text(octets_of(out, len), rows[i].octets);
        if (len > 0) {
            assert_int_equal(smtp_orcpt_utf8_decode(out, len - 1, &len, copy), SMTP_ERR_NO_SPACE);
            assert_int_equal(len, 0);
        }
        octets_free(copy);
    }
}

/* Other spellings of what has one already, controls, surrogates, and what lies beyond Unicode. */
static void test_refused(void **state)
{
    static const char *const rows[] = {
        "a b",         "a+2B",         "a=b",          "a\\",
        "\\x",         "\\x{",         "\\x{}",        "\\x{2B",
        "\\x2B}",      "\\X{2B}",      "\\x{2}",       "\\x{02B}",
        "\\x{41}",     "\\x{0A}",      "\\x{1F}",      "\\x{7F}",
        "\\x{10}",     "\\x{D800}",    "\\x{DFFF}",    "\\x{110000}",
        "\\x{FFFFFF}", "\\x{1000000}", "\\x{2G}",      "\\x{ 2B}",
        "\xC3",        "\xC0\x80",     "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\x7F",        "\n",           "\\x{0080}",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i]));
        char out[64];
        size_t len = 99;
        if (smtp_orcpt_utf8_decode(out, sizeof out, &len, copy) != SMTP_ERR_XTEXT) {
            fail_msg("'%s' was taken", rows[i]);
        }
        assert_int_equal(len, 0);
        octets_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoded),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("syntax/orcpt", tests, NULL, NULL);
}
