/* SPDX-License-Identifier: MIT
 * Decimal numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/number.h"
#include "base/octets.h"

static const struct row {
    const char *text;
    size_t max_digits;
    int error;
    uint64_t number;
} rows[] = {
    {"0", 20, 0, 0},
    {"7", 1, 0, 7},
    {"007", 20, 0, 7},
    {"4294967295", 20, 0, 4294967295u},
    {"4294967296", 20, 0, 4294967296u},
    {"18446744073709551615", 20, 0, UINT64_MAX},
    {"18446744073709551616", 20, SMTP_ERR_NUMBER_TOO_LARGE, 0},
    {"18446744073709551620", 20, SMTP_ERR_NUMBER_TOO_LARGE, 0},
    {"99999999999999999999", 20, SMTP_ERR_NUMBER_TOO_LARGE, 0},
    {"184467440737095516150", 21, SMTP_ERR_NUMBER_TOO_LARGE, 0},
    {"000000000000000000001", 21, 0, 1},
    {"000000000000000000001", 20, SMTP_ERR_NUMBER_TOO_LARGE, 0},
    {"999999999", 9, 0, 999999999},
    {"1000000000", 9, SMTP_ERR_NUMBER_TOO_LARGE, 0},
    {"", 20, SMTP_ERR_NUMBER, 0},
    {"+1", 20, SMTP_ERR_NUMBER, 0},
    {"-1", 20, SMTP_ERR_NUMBER, 0},
    {" 1", 20, SMTP_ERR_NUMBER, 0},
    {"1 ", 20, SMTP_ERR_NUMBER, 0},
    {"0x1F", 20, SMTP_ERR_NUMBER, 0},
    {"1F", 20, SMTP_ERR_NUMBER, 0},
    {"1.0", 20, SMTP_ERR_NUMBER, 0},
    {"1e3", 20, SMTP_ERR_NUMBER, 0},
    {"99999999999999999999999x", 20, SMTP_ERR_NUMBER, 0},
};

static void test_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        uint64_t number = 4711;
        assert_int_equal(smtp__decimal(copy, rows[i].max_digits, &number), rows[i].error);
        assert_true(number == (rows[i].error == 0 ? rows[i].number : 4711));
        octets_free(copy);
    }
}

/* Octets around the digits, and a NUL behind one. */
static void test_only_ten_digits(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char text[2] = {'1', (char)(unsigned char)c};
        uint64_t number;
        int error = smtp__decimal(octets_of(text, 2), 20, &number);
        assert_int_equal(error, c >= '0' && c <= '9' ? 0 : SMTP_ERR_NUMBER);
    }
}

static void test_writing(void **state)
{
    static const struct {
        uint64_t number;
        const char *text;
    } written[] = {
        {0, "0"}, {9, "9"}, {10, "10"}, {1000000, "1000000"}, {UINT64_MAX, "18446744073709551615"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        char out[SMTP__DECIMAL_MAX];
        size_t length = smtp__decimal_write(out, written[i].number);
        assert_true(smtp_str_equal(octets_of(out, length), smtp_text(written[i].text)));
    }
}

static void test_what_is_written_reads_back(void **state)
{
    uint64_t seed = 20240611;
    (void)state;
    for (int i = 0; i < 10000; i++) {
        uint64_t number = octets_random(&seed) >> octets_below(&seed, 64), back = 0;
        char out[SMTP__DECIMAL_MAX];
        size_t length = smtp__decimal_write(out, number);
        assert_int_equal(smtp__decimal(octets_of(out, length), sizeof out, &back), 0);
        assert_true(back == number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_only_ten_digits),
        cmocka_unit_test(test_writing),
        cmocka_unit_test(test_what_is_written_reads_back),
    };
    return cmocka_run_group_tests_name("base/number", tests, NULL, NULL);
}
