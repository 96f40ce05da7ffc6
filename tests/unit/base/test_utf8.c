/* SPDX-License-Identifier: MIT
 * Well-formed UTF-8. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/octets.h"
#include "base/utf8.h"

/* Writes the shortest form of a number, as RFC 3629 3 computes it, whatever the number. */
static size_t encode(char out[4], uint32_t number)
{
    static const unsigned char mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t length = number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1;) {
        out[i] = (char)(unsigned char)(0x80 | (number & 0x3F));
        number >>= 6;
    }
    out[0] = (char)(unsigned char)((length > 1 ? mark[length] : 0) | number);
    return length;
}

/* Shows: R6531-3.2-3 */
static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 0x120000; number++) {
        char octets[4];
        size_t length = encode(octets, number);
        int valid = (number < 0xD800 || number > 0xDFFF) && number <= 0x10FFFF;
        size_t step = smtp__utf8_step(octets, octets + length);
        if (step != (valid ? length : 0)) {
            fail_msg("U+%04lX: %zu", (unsigned long)number, step);
        }
    }
}

/* Another reading of the octets: decoded, then judged by the range that belongs to the length. */
static size_t reference(const unsigned char *octets, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = octets[0] < 0x80   ? 1
                    : octets[0] < 0xC0 ? 0
                    : octets[0] < 0xE0 ? 2
                    : octets[0] < 0xF0 ? 3
                    : octets[0] < 0xF8 ? 4
                                       : 0;
    uint32_t number = length > 0 ? octets[0] & (0xFFu >> (length > 1 ? length + 1 : 1)) : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((octets[i] & 0xC0) != 0x80) {
            return 0;
        }
        number = number << 6 | (octets[i] & 0x3Fu);
    }
    if (number < least[length] || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
        return 0;
    }
    return length;
}

/* Shows: R6531-3.2-3 */
static void test_every_three_octets(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 0x1000000; bits += bits < 0x800000 ? 251 : 1) {
        unsigned char octets[3] = {(unsigned char)(bits >> 16), (unsigned char)(bits >> 8 & 0xFF),
                                   (unsigned char)(bits & 0xFF)};
        const char *at = (const char *)octets;
        if (smtp__utf8_step(at, at + 3) != reference(octets, 3)) {
            fail_msg("%06lX", (unsigned long)bits);
        }
    }
}

/* Overlong forms, surrogates, what is above U+10FFFF, lone and missing continuation octets. */
/* Shows: R6531-3.2-3 */
static void test_malformed(void **state)
{
    static const struct {
        smtp_str text;
        size_t offset;
    } rows[] = {
        {{"\x80", 1}, 0},
        {{"\xBF", 1}, 0},
        {{"\xC0\x80", 2}, 0},
        {{"\xC1\xBF", 2}, 0},
        {{"\xC2", 1}, 0},
        {{"\xC2\x41", 2}, 0},
        {{"\xE0\x80\x80", 3}, 0},
        {{"\xE0\x9F\xBF", 3}, 0},
        {{"\xED\xA0\x80", 3}, 0},
        {{"\xED\xBF\xBF", 3}, 0},
        {{"\xE2\x82", 2}, 0},
        {{"\xF0\x80\x80\x80", 4}, 0},
        {{"\xF0\x8F\xBF\xBF", 4}, 0},
        {{"\xF4\x90\x80\x80", 4}, 0},
        {{"\xF5\x80\x80\x80", 4}, 0},
        {{"\xF0\x9D\x84", 3}, 0},
        {{"\xF8\x88\x80\x80\x80", 5}, 0},
        {{"\xFE", 1}, 0},
        {{"\xFF", 1}, 0},
        {{"abc\xC3\xA9\xC3", 6}, 5},
        {{"\xE2\x82\xAC\x80", 4}, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        smtp_str copy = octets_copy(rows[i].text);
        size_t offset = 99;
        assert_false(smtp_utf8_valid(copy, &offset));
        assert_int_equal(offset, rows[i].offset);
        assert_false(smtp_utf8_valid(copy, NULL));
        octets_free(copy);
    }
}

/* The examples of RFC 3629 7, ASCII with a NUL, and nothing. */
static void test_well_formed(void **state)
{
    static const smtp_str rows[] = {
        {"", 0},
        {NULL, 0},
        {"a\0z", 3},
        {"\x41\xE2\x89\xA2\xCE\x91\x2E", 7},
        {"\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4", 9},
        {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 9},
        {"\xEF\xBB\xBF\xF0\xA3\x8E\xB4", 7},
        {"\xF4\x8F\xBF\xBF", 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t offset = 99;
        assert_true(smtp_utf8_valid(rows[i], &offset));
        assert_int_equal(offset, 99);
    }
}

static void test_a_step_stays_before_the_end(void **state)
{
    smtp_str copy = octets_copy(OCTETS("\xF0\x9D\x84\x9E"));
    (void)state;
    for (size_t length = 0; length < 4; length++) {
        smtp_str cut = octets_copy(octets_of(copy.ptr, length));
        assert_int_equal(smtp__utf8_step(cut.ptr, cut.ptr + length), 0);
        octets_free(cut);
    }
    assert_int_equal(smtp__utf8_step(copy.ptr, copy.ptr + 4), 4);
    octets_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_every_three_octets),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_well_formed),
        cmocka_unit_test(test_a_step_stays_before_the_end),
    };
    return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
