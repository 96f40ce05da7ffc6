/* SPDX-License-Identifier: MIT
 * Structures that say their own size. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "smtp/base.h"
#include "syntax/sized.h"

static void test_sizes(void **state)
{
    unsigned char octets[12] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0};
    (void)state;
    assert_int_equal(smtp__sized(octets, 8, 8), 0);
    assert_int_equal(smtp__sized(octets, 12, 8), 0);
    assert_int_equal(smtp__sized(octets, 7, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp__sized(octets, 0, 8), SMTP_ERR_ARGUMENT);
    octets[11] = 1;
    assert_int_equal(smtp__sized(octets, 11, 8), 0);
    assert_int_equal(smtp__sized(octets, 12, 8), SMTP_ERR_NEWER);
}

struct known {
    size_t size;
    uint32_t a;
    uint32_t b;
};

struct newer {
    struct known known;
    uint64_t c;
};

static void test_smaller_structure_is_refused(void **state)
{
    struct known from = {sizeof from - 1, 1, 2};
    struct known to;

    (void)state;
    assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof to, &from), SMTP_ERR_ARGUMENT);
    from.size = 0;
    assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof to, &from), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof to, NULL), SMTP_ERR_ARGUMENT);
    from.size = sizeof from;
    assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof to, &from), SMTP_ERR_OK);
    assert_int_equal(to.b, 2);
}

/* One that is older than what is known now, where there has been one: the rest is zero. */
static void test_older_structure_is_filled_up(void **state)
{
    struct known from = {sizeof from, 1, 2};
    struct newer to;

    (void)state;
    memset(&to, 0xFF, sizeof to);
    assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof from, &from), SMTP_ERR_OK);
    assert_int_equal(to.known.a, 1);
    assert_int_equal(to.c, 0);
}

static void test_larger_structure_counts_by_its_tail(void **state)
{
    struct newer from;
    struct known to;
    size_t i;

    (void)state;
    memset(&from, 0, sizeof from);
    from.known.size = sizeof from;
    from.known.a = 7;
    assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof to, &from), SMTP_ERR_OK);
    assert_int_equal(to.a, 7);
    for (i = 0; i < sizeof from.c; i++) {
        from.c = (uint64_t)1 << (8 * i);
        assert_int_equal(smtp__sized_take(&to, sizeof to, sizeof to, &from), SMTP_ERR_NEWER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_smaller_structure_is_refused),
        cmocka_unit_test(test_older_structure_is_filled_up),
        cmocka_unit_test(test_larger_structure_counts_by_its_tail),
    };
    return cmocka_run_group_tests_name("syntax/sized", tests, NULL, NULL);
}
