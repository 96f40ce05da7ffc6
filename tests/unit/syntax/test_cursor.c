/* SPDX-License-Identifier: MIT
 * The steps of a cursor. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/cursor.h"
#include "syntax/lines.h"

static void test_start(void **state)
{
    smtp__cursor cursor = smtp__cursor_start(octets_of(NULL, 0));
    (void)state;
    assert_ptr_equal(cursor.at, cursor.end);
    assert_int_equal(smtp__at(&cursor, 'a'), 0);
    assert_int_equal(smtp__at_word_end(&cursor), 1);
    assert_int_equal(smtp__take(&cursor, 'a'), 0);
    assert_int_equal(smtp__take_run(&cursor, UINT32_MAX).len, 0);
}

static void test_runs(void **state)
{
    smtp__cursor cursor = smtp__cursor_start(smtp_text("ab12 cd,ef"));
    (void)state;
    assert_text(smtp__take_run(&cursor, SMTP__ALPHA), "ab");
    assert_text(smtp__take_run(&cursor, SMTP__ALPHA), "");
    assert_text(smtp__take_run(&cursor, SMTP__DIGIT | SMTP__WSP), "12 ");
    assert_text(smtp__take_until(&cursor, SMTP__ROUTE_END), "cd");
    assert_int_equal(smtp__take(&cursor, ','), 1);
    assert_text(smtp__rest(&cursor), "ef");
    assert_text(smtp__take_word(&cursor), "ef");
    assert_int_equal(smtp__at_word_end(&cursor), 1);
    cursor = smtp__cursor_start(smtp_text("ab cd"));
    assert_text(smtp__take_word(&cursor), "ab");
    assert_int_equal(smtp__at(&cursor, ' '), 1);
    assert_text(smtp__take_word(&cursor), "");
}

static void test_text(void **state)
{
    smtp__cursor cursor = smtp__cursor_start(smtp_text("from:"));
    (void)state;
    assert_int_equal(smtp__take_text(&cursor, "FROM:"), 1);
    assert_ptr_equal(cursor.at, cursor.end);
    cursor = smtp__cursor_start(smtp_text("FRXM:"));
    const char *start = cursor.at;
    assert_int_equal(smtp__take_text(&cursor, "FROM:"), 0);
    assert_ptr_equal(cursor.at, start + 2);
    cursor = smtp__cursor_start(smtp_text("FRO"));
    assert_int_equal(smtp__take_text(&cursor, "FROM:"), 0);
    assert_ptr_equal(cursor.at, cursor.end);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        size_t digits;
        int error;
        uint64_t number;
        size_t taken;
    } rows[] = {
        {"", 3, SMTP_ERR_NUMBER, 0, 0},
        {"x", 3, SMTP_ERR_NUMBER, 0, 0},
        {"0", 3, 0, 0, 1},
        {"123x", 3, 0, 123, 3},
        {"1234", 3, SMTP_ERR_NUMBER_TOO_LARGE, 0, 0},
        {"18446744073709551615", 20, 0, UINT64_MAX, 20},
        {"18446744073709551616", 20, SMTP_ERR_NUMBER_TOO_LARGE, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp__cursor cursor = smtp__cursor_start(smtp_text(rows[i].text));
        uint64_t number = 0;
        const char *start = cursor.at;
        assert_int_equal(smtp__take_number(&cursor, rows[i].digits, &number), rows[i].error);
        assert_true(number == rows[i].number);
        assert_int_equal(cursor.at - start, rows[i].taken);
    }
}

static void test_base64(void **state)
{
    static const struct {
        const char *text, *taken; /* NULL: refused */
    } rows[] = {
        {"", NULL},
        {"A", NULL},
        {"AA", NULL},
        {"AAA", NULL},
        {"AAAA", "AAAA"},
        {"AA==", "AA=="},
        {"AAA=", "AAA="},
        {"AA=A", NULL},
        {"A===", NULL},
        {"====", NULL},
        {"AAAAAA==x", "AAAAAA=="},
        {"AAAA=", "AAAA"},
        {"+/9z", "+/9z"},
        {"AAAA BBBB", "AAAA"},
        {"AA=", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp__cursor cursor = smtp__cursor_start(smtp_text(rows[i].text));
        smtp_str taken;
        assert_int_equal(smtp__take_base64(&cursor, &taken),
                         rows[i].taken != NULL ? 0 : SMTP_ERR_BASE64);
        if (rows[i].taken != NULL) {
            assert_text(taken, rows[i].taken);
        }
    }
}

static void test_spaces(void **state)
{
    smtp__cursor cursor = smtp__cursor_start(smtp_text(" a"));
    (void)state;
    assert_int_equal(smtp__take_space(&cursor), 0);
    cursor.tolerate = SMTP_TOLERATE_SPACES;
    assert_int_equal(smtp__take_space(&cursor), SMTP_ERR_SPACE);
    assert_text(smtp__rest(&cursor), "a");
    cursor = smtp__cursor_start(smtp_text("   a"));
    assert_int_equal(smtp__take_space(&cursor), SMTP_ERR_SPACE);
    assert_text(smtp__rest(&cursor), "  a");
    cursor = smtp__cursor_start(smtp_text("   a"));
    cursor.tolerate = SMTP_TOLERATE_SPACES;
    assert_int_equal(smtp__take_space(&cursor), 0);
    assert_text(smtp__rest(&cursor), "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),  cmocka_unit_test(test_runs),
        cmocka_unit_test(test_text),   cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_base64), cmocka_unit_test(test_spaces),
    };
    return cmocka_run_group_tests_name("syntax/cursor", tests, NULL, NULL);
}
