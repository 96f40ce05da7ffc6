/* SPDX-License-Identifier: MIT
 * Secrets: compared and wiped. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/octets.h"

static void test_equal(void **state)
{
    (void)state;
    assert_true(smtp_secret_equal(smtp_text("tanstaaf"), smtp_text("tanstaaf")));
    assert_true(smtp_secret_equal(smtp_text(NULL), smtp_text("")));
    assert_false(smtp_secret_equal(smtp_text("tanstaaf"), smtp_text("tanstaa")));
    assert_false(smtp_secret_equal(smtp_text(""), smtp_text("t")));
    assert_false(smtp_secret_equal(OCTETS("a\0b"), OCTETS("a\0c")));
}

/* One bit in any place makes a difference. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * 20; bit++) {
        unsigned char a[20] = {0x5A}, b[20] = {0x5A};
        b[bit / 8] = (unsigned char)(b[bit / 8] ^ 1u << bit % 8);
        assert_false(smtp_secret_equal(octets_of((char *)a, 20), octets_of((char *)b, 20)));
    }
}

static void test_wipe(void **state)
{
    char memory[6] = "secret";
    (void)state;
    smtp_wipe(memory + 1, 4);
    assert_memory_equal(memory, "s\0\0\0\0t", 6);
    smtp_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_wipe),
    };
    return cmocka_run_group_tests_name("base/secret", tests, NULL, NULL);
}
