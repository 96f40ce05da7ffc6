/* SPDX-License-Identifier: MIT
 * Slices made from C strings, and compared. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/octets.h"

static void test_text(void **state)
{
    smtp_str absent = smtp_text(NULL), empty = smtp_text(""), word = smtp_text("EHLO");
    (void)state;
    assert_null(absent.ptr);
    assert_int_equal(absent.len, 0);
    assert_non_null(empty.ptr);
    assert_int_equal(empty.len, 0);
    assert_int_equal(word.len, 4);
    assert_memory_equal(word.ptr, "EHLO", 4);
}

static void test_equal(void **state)
{
    (void)state;
    assert_true(smtp_str_equal(smtp_text("abc"), smtp_text("abc")));
    assert_false(smtp_str_equal(smtp_text("abc"), smtp_text("abC")));
    assert_false(smtp_str_equal(smtp_text("abc"), smtp_text("abcd")));
    assert_false(smtp_str_equal(smtp_text("abc"), smtp_text("")));
    assert_true(smtp_str_equal(smtp_text(NULL), smtp_text("")));
    assert_true(smtp_str_equal(smtp_text(NULL), smtp_text(NULL)));
}

/* A NUL does not cut a comparison short. */
static void test_equal_looks_behind_a_nul(void **state)
{
    (void)state;
    assert_false(smtp_str_equal(OCTETS("a\0b"), OCTETS("a\0c")));
    assert_true(smtp_str_equal(OCTETS("a\0b"), OCTETS("a\0b")));
    assert_false(smtp_str_equal_nocase(OCTETS("a\0b"), OCTETS("a\0c")));
    assert_true(smtp_str_equal_nocase(OCTETS("a\0b"), OCTETS("A\0B")));
}

/* Shows: R5321-2.4-2 */
static void test_equal_nocase(void **state)
{
    (void)state;
    assert_true(smtp_str_equal_nocase(smtp_text("StartTLS"), smtp_text("STARTtls")));
    assert_false(smtp_str_equal_nocase(smtp_text("a"), smtp_text("b")));
    assert_false(smtp_str_equal_nocase(smtp_text("a"), smtp_text("ab")));
    assert_true(smtp_str_equal_nocase(smtp_text(NULL), smtp_text("")));
}

/* Only the 26 letters fold: not the octets 32 below or above others, and none above 127. */
static void test_only_ascii_letters_fold(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        for (int j = 0; j < 256; j++) {
            char a = (char)(unsigned char)i, b = (char)(unsigned char)j;
            int letters =
                (i >= 'A' && i <= 'Z' && j == i + 32) || (j >= 'A' && j <= 'Z' && i == j + 32);
            assert_int_equal(smtp_str_equal_nocase(octets_of(&a, 1), octets_of(&b, 1)),
                             i == j || letters);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_equal_looks_behind_a_nul),
        cmocka_unit_test(test_equal_nocase),
        cmocka_unit_test(test_only_ascii_letters_fold),
    };
    return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
