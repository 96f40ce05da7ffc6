/* SPDX-License-Identifier: MIT
 * The table of SASL mechanisms: its names, and what holds for its columns. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

/* Shows: R4422-3.1-1 R4954-8-1 R7677-3-1 */
static void test_names(void **state)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } rows[] = {
        {"PLAIN", SMTP_MECH_PLAIN},
        {"LOGIN", SMTP_MECH_LOGIN},
        {"CRAM-MD5", SMTP_MECH_CRAM_MD5},
        {"SCRAM-SHA-1", SMTP_MECH_SCRAM_SHA_1},
        {"SCRAM-SHA-1-PLUS", SMTP_MECH_SCRAM_SHA_1_PLUS},
        {"SCRAM-SHA-256", SMTP_MECH_SCRAM_SHA_256},
        {"SCRAM-SHA-256-PLUS", SMTP_MECH_SCRAM_SHA_256_PLUS},
        {"OAUTHBEARER", SMTP_MECH_OAUTHBEARER},
        {"XOAUTH2", SMTP_MECH_XOAUTH2},
        {"EXTERNAL", SMTP_MECH_EXTERNAL},
        {"ANONYMOUS", SMTP_MECH_ANONYMOUS},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const smtp_mechanism *row = smtp_mechanism_find(smtp_text(rows[i].name));
        assert_non_null(row);
        assert_int_equal(row->bit, rows[i].bit);
        assert_text(row->name, rows[i].name);
        assert_true(row->name.len >= 1 && row->name.len <= 20);
        assert_ptr_equal(smtp_mechanism_at(i), row);
    }
    assert_null(smtp_mechanism_at(ROWS(rows)));
    assert_int_equal(smtp_mechanism_find(smtp_text("scram-sha-256"))->bit, SMTP_MECH_SCRAM_SHA_256);
    assert_null(smtp_mechanism_find(smtp_text("PLAI")));
    assert_null(smtp_mechanism_find(smtp_text("")));
}

/* A client that prefers the larger takes channel binding where there is one, any proof before a
 * password in the clear, and never EXTERNAL or ANONYMOUS where it can prove something. */
static void test_columns(void **state)
{
    const smtp_mechanism *row;
    (void)state;
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        const smtp_mechanism *other;
        size_t dash = row->name.len > 5 ? row->name.len - 5 : 0;
        assert_int_equal(row->binds, memcmp(row->name.ptr + dash, "-PLUS", 5) == 0);
        assert_true(!row->binds || row->hash != SMTP_HASH_NONE);
        assert_true(row->hash == SMTP_HASH_NONE || !row->plain);
        for (size_t j = 0; (other = smtp_mechanism_at(j)) != NULL; j++) {
            assert_true(i == j || row->strength != other->strength);
            assert_true(!row->binds || other->binds || row->strength > other->strength);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests_name("syntax/mechanism", tests, NULL, NULL);
}
