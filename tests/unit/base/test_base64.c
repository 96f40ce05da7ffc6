/* SPDX-License-Identifier: MIT
 * Base64. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/octets.h"

/* RFC 4648 10, and the password exchange of RFC 4954 4.1. */
static const struct row {
    smtp_str octets;
    const char *text;
} rows[] = {
    {{"", 0}, ""},
    {{"f", 1}, "Zg=="},
    {{"fo", 2}, "Zm8="},
    {{"foo", 3}, "Zm9v"},
    {{"foob", 4}, "Zm9vYg=="},
    {{"fooba", 5}, "Zm9vYmE="},
    {{"foobar", 6}, "Zm9vYmFy"},
    {{"\0test\0test", 10}, "AHRlc3QAdGVzdA=="},
    {{"\0\0\0", 3}, "AAAA"},
    {{"\xFB\xFF\xBF\xFF", 4}, "+/+//w=="},
    {{"\xFF\xFF\xFF", 3}, "////"},
};

static void test_encoding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        smtp_str copy = octets_copy(rows[i].octets);
        char out[32];
        size_t len = 99;
        assert_int_equal(smtp_base64_encode(out, sizeof out, &len, copy), 0);
        assert_true(smtp_str_equal(octets_of(out, len), smtp_text(rows[i].text)));
        assert_int_equal(smtp_base64_length(copy.len), len);
        octets_free(copy);
    }
}

static void test_decoding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        char out[32];
        size_t len = 99;
        assert_int_equal(smtp_base64_decode(out, sizeof out, &len, copy), 0);
        assert_true(smtp_str_equal(octets_of(out, len), rows[i].octets));
        octets_free(copy);
    }
}

/* White space, padding that is missing, early or doubled, other alphabets, unused bits not zero. */
/* Shows: R4954-4-13 R4954-8-1 */
static void test_strict(void **state)
{
    static const smtp_str refused[] = {
        {"Z", 1},        {"Zg", 2},           {"Zg=", 3},     {"Zm8", 3},      {"=", 1},
        {"==", 2},       {"===", 3},          {"====", 4},    {"Z===", 4},     {"Zg==Zg==", 8},
        {"Zm8=Zm8=", 8}, {"Zg=a", 4},         {"=Zg=", 4},    {"Zm9v\n", 5},   {" Zm9", 4},
        {"Zm 9", 4},     {"Zm9v\r\n=", 7},    {"Zm9\0", 4},   {"Zm-_", 4},     {"Zh==", 4},
        {"Zm9=", 4},     {"Zm9vZm9=", 8},     {"Zm9\xC3", 4}, {"Zm9v====", 8}, {"*", 1},
        {"Zm9vZ===", 8}, {"Zg==\r\n\r\n", 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        smtp_str copy = octets_copy(refused[i]);
        char out[32];
        size_t len = 99;
        assert_int_equal(smtp_base64_decode(out, sizeof out, &len, copy), SMTP_ERR_BASE64);
        assert_int_equal(len, 0);
        octets_free(copy);
    }
}

/* Each octet in each place of a group is taken only when it is of the alphabet. */
static void test_every_octet(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (void)state;
    for (size_t place = 0; place < 4; place++) {
        for (int c = 0; c < 256; c++) {
            char text[8] = "AAAAAAAA", out[8];
            size_t len;
            int good = c != 0 && strchr(alphabet, c) != NULL;
            text[place] = (char)(unsigned char)c;
            assert_int_equal(smtp_base64_decode(out, sizeof out, &len, octets_of(text, 8)),
                             good ? 0 : SMTP_ERR_BASE64);
        }
    }
}

/* One octet has one spelling, and so have two: that many padded groups are taken, and no more. */
/* Shows: R4954-4-13 */
static void test_one_spelling_each(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t one = 0, two = 0;
    (void)state;
    for (size_t i = 0; i < 64 * 64; i++) {
        char text[4] = {alphabet[i / 64], alphabet[i % 64], '=', '='}, out[3];
        size_t len;
        one += smtp_base64_decode(out, sizeof out, &len, octets_of(text, 4)) == 0;
        for (size_t k = 0; k < 64; k++) {
            text[2] = alphabet[k];
            two += smtp_base64_decode(out, sizeof out, &len, octets_of(text, 4)) == 0;
        }
    }
    assert_int_equal(one, 256);
    assert_int_equal(two, 65536);
}

static void test_no_space(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        smtp_str text = smtp_text(rows[i].text), octets = rows[i].octets;
        for (size_t capacity = 0; capacity <= text.len; capacity++) {
            char *out = malloc(capacity > 0 ? capacity : 1);
            size_t len = 99;
            assert_non_null(out);
            assert_int_equal(smtp_base64_encode(out, capacity, &len, octets),
                             capacity < text.len ? SMTP_ERR_NO_SPACE : 0);
            assert_int_equal(len, capacity < text.len ? 0 : text.len);
            assert_int_equal(smtp_base64_decode(out, capacity, &len, text),
                             capacity < octets.len ? SMTP_ERR_NO_SPACE : 0);
            assert_int_equal(len, capacity < octets.len ? 0 : octets.len);
            free(out);
        }
    }
}

/* The length never wraps: what cannot be counted is more than any capacity. */
static void test_length(void **state)
{
    (void)state;
    assert_int_equal(smtp_base64_length(0), 0);
    assert_int_equal(smtp_base64_length(1), 4);
    assert_int_equal(smtp_base64_length(3), 4);
    assert_int_equal(smtp_base64_length(4), 8);
    assert_true(smtp_base64_length(SIZE_MAX / 4 * 3) == SIZE_MAX / 4 * 4);
    assert_true(smtp_base64_length(SIZE_MAX / 4 * 3 + 1) == SIZE_MAX);
    assert_true(smtp_base64_length(SIZE_MAX) == SIZE_MAX);
}

static void test_round_trip_in_place(void **state)
{
    uint64_t seed = 4648;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        char octets[100], text[136];
        size_t length = octets_below(&seed, sizeof octets + 1), len;
        for (size_t k = 0; k < length; k++) {
            octets[k] = (char)(unsigned char)(octets_random(&seed) & 0xFF);
        }
        assert_int_equal(smtp_base64_encode(text, sizeof text, &len, octets_of(octets, length)), 0);
        assert_int_equal(smtp_base64_decode(text, len, &len, octets_of(text, len)), 0);
        assert_true(smtp_str_equal(octets_of(text, len), octets_of(octets, length)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_every_octet),
        cmocka_unit_test(test_one_spelling_each),
        cmocka_unit_test(test_no_space),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_round_trip_in_place),
    };
    return cmocka_run_group_tests_name("base/base64", tests, NULL, NULL);
}
