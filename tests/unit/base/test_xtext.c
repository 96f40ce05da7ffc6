/* SPDX-License-Identifier: MIT
 * xtext. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/octets.h"

/* Shows: R3461-4-1 R3461-4-2 R3461-4-4 */
static void test_every_octet_encoded(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char octet = (char)(unsigned char)c, out[3], expected[4];
        size_t len = 99;
        int plain = c >= 33 && c <= 126 && c != '+' && c != '=';
        assert_int_equal(smtp_xtext_encode(out, sizeof out, &len, octets_of(&octet, 1)), 0);
        expected[0] = plain ? octet : '+';
        expected[1] = "0123456789ABCDEF"[c >> 4];
        expected[2] = "0123456789ABCDEF"[c & 15];
        assert_int_equal(len, plain ? 1 : 3);
        assert_memory_equal(out, expected, len);
    }
}

/* Every octet comes back but the controls, which end up in headers and logs. */
/* Shows: R3461-4-1 R3461-4-2 R3461-4.2-4 */
static void test_every_octet_decoded(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char octet = (char)(unsigned char)c, text[3], out[3];
        size_t length, len;
        int control = c < 32 || c == 127;
        assert_int_equal(smtp_xtext_encode(text, sizeof text, &length, octets_of(&octet, 1)), 0);
        assert_int_equal(smtp_xtext_decode(out, sizeof out, &len, octets_of(text, length)),
                         control ? SMTP_ERR_CONTROL : 0);
        assert_int_equal(len, control ? 0 : 1);
        assert_true(control || out[0] == octet);
    }
}

/* Shows: R3461-4-3 R3461-4-4 */
static void test_decoding(void **state)
{
    static const struct {
        const char *text;
        int error;
        const char *octets;
    } rows[] = {
        {"", 0, ""},
        {"+41", 0, "A"},
        {"e+3Dmc2@example.com", 0, "e=mc2@example.com"},
        {"Alice(work)@b", 0, "Alice(work)@b"},
        {"<>", 0, "<>"},
        {"+2B+3D", 0, "+="},
        {"a+20b", 0, "a b"},
        {"+C3+A9", 0, "\xC3\xA9"},
        {"+4a", SMTP_ERR_XTEXT, ""},
        {"+fF", SMTP_ERR_XTEXT, ""},
        {"+", SMTP_ERR_XTEXT, ""},
        {"a+", SMTP_ERR_XTEXT, ""},
        {"a+4", SMTP_ERR_XTEXT, ""},
        {"+4G", SMTP_ERR_XTEXT, ""},
        {"+/0", SMTP_ERR_XTEXT, ""},
        {"+:0", SMTP_ERR_XTEXT, ""},
        {"+@0", SMTP_ERR_XTEXT, ""},
        {"++41", SMTP_ERR_XTEXT, ""},
        {"a=b", SMTP_ERR_XTEXT, ""},
        {"a b", SMTP_ERR_XTEXT, ""},
        {"a\tb", SMTP_ERR_XTEXT, ""},
        {"a\x7F", SMTP_ERR_XTEXT, ""},
        {"\xC3\xA9", SMTP_ERR_XTEXT, ""},
        {"a+0D+0Ab", SMTP_ERR_CONTROL, ""},
        {"a+00", SMTP_ERR_CONTROL, ""},
        {"+1B[2J", SMTP_ERR_CONTROL, ""},
        {"+7F", SMTP_ERR_CONTROL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        char out[32];
        size_t len = 99;
        assert_int_equal(smtp_xtext_decode(out, sizeof out, &len, copy), rows[i].error);
        assert_true(smtp_str_equal(octets_of(out, len), smtp_text(rows[i].octets)));
        octets_free(copy);
    }
}

static void test_no_space(void **state)
{
    char out[8];
    size_t len;
    (void)state;
    assert_int_equal(smtp_xtext_encode(out, 6, &len, smtp_text("a b=")), SMTP_ERR_NO_SPACE);
    assert_int_equal(smtp_xtext_encode(out, 7, &len, smtp_text("a b=")), SMTP_ERR_NO_SPACE);
    assert_int_equal(smtp_xtext_encode(out, 8, &len, smtp_text("a b=")), 0);
    assert_int_equal(smtp_xtext_decode(out, 2, &len, smtp_text("a+20b")), SMTP_ERR_NO_SPACE);
    assert_int_equal(smtp_xtext_decode(out, 3, &len, smtp_text("a+20b")), 0);
}

static void test_round_trip_in_place(void **state)
{
    uint64_t seed = 3461;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        char octets[60], text[180];
        size_t length = octets_below(&seed, sizeof octets + 1), len;
        for (size_t k = 0; k < length; k++) {
            unsigned char octet = (unsigned char)(32 + octets_below(&seed, 224));
            octets[k] = (char)(octet == 127 ? 128 : octet);
        }
        assert_int_equal(smtp_xtext_encode(text, sizeof text, &len, octets_of(octets, length)), 0);
        assert_int_equal(smtp_xtext_decode(text, sizeof text, &len, octets_of(text, len)), 0);
        assert_true(smtp_str_equal(octets_of(text, len), octets_of(octets, length)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_octet_encoded),
        cmocka_unit_test(test_every_octet_decoded),
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_no_space),
        cmocka_unit_test(test_round_trip_in_place),
    };
    return cmocka_run_group_tests_name("base/xtext", tests, NULL, NULL);
}
