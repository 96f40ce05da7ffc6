/* SPDX-License-Identifier: MIT
 * The mechanisms of a session: the library's and the caller's in one table. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"
#include "sasl/roster.h"

#define FIRST ((uint32_t)SMTP_MECH_PLUGIN)

static smtp_sasl_plugin plugin_of(const char *name)
{
    smtp_sasl_plugin plugin;
    memset(&plugin, 0, sizeof plugin);
    plugin.size = sizeof plugin;
    plugin.name = smtp_text(name);
    return plugin;
}

static smtp__roster roster_of(const smtp_sasl_plugin *plugins, size_t count)
{
    smtp__roster roster = {plugins, count};
    return roster;
}

/* Names are as RFC 4422 has them, and each stands there once. */
/* Shows: R4422-3.1-1 */
static void test_check(void **state)
{
    static const struct {
        const char *first, *second;
        int result;
    } rows[] = {
        {"A", "DIGEST-MD5", 0},
        {"X_1-2", "ABCDEFGHIJKLMNOPQRST", 0},
        {"PLAIN", "LOGIN", 0}, /* those of the library are replaced */
        {"A", "ABCDEFGHIJKLMNOPQRSTU", SMTP_ERR_ARGUMENT},
        {"A", "", SMTP_ERR_ARGUMENT},
        {"A", NULL, SMTP_ERR_ARGUMENT},
        {"A", "b", SMTP_ERR_ARGUMENT},
        {"A", "B C", SMTP_ERR_ARGUMENT},
        {"A", "B\r\nC", SMTP_ERR_ARGUMENT},
        {"A", "B=", SMTP_ERR_ARGUMENT},
        {"A", "A", SMTP_ERR_ARGUMENT},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_sasl_plugin plugins[2] = {plugin_of(rows[i].first), plugin_of(rows[i].second)};
        assert_int_equal(smtp__roster_check(roster_of(plugins, 2)), rows[i].result);
        assert_int_equal(smtp__roster_check(roster_of(plugins, 1)), 0);
    }
    assert_int_equal(smtp__roster_check(roster_of(NULL, 0)), 0);
    assert_int_equal(smtp__roster_check(roster_of(NULL, 1)), SMTP_ERR_ARGUMENT);
}

static void test_count_and_size(void **state)
{
    static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H",
                                        "I", "J", "K", "L", "M", "N", "O", "P"};
    struct {
        smtp_sasl_plugin plugin;
        size_t newer; /* no padding before it, wherever pointers are of that size */
    } later = {plugin_of("A"), 0};
    smtp_sasl_plugin plugins[ROWS(names)];
    (void)state;
    for (size_t i = 0; i < ROWS(names); i++) {
        plugins[i] = plugin_of(names[i]);
    }
    assert_int_equal(smtp__roster_check(roster_of(plugins, SMTP_SASL_PLUGINS_MAX)), 0);
    assert_int_equal(smtp__roster_check(roster_of(plugins, SMTP_SASL_PLUGINS_MAX + 1)),
                     SMTP_ERR_ARGUMENT);
    assert_true(smtp__roster_plugins(roster_of(plugins, SMTP_SASL_PLUGINS_MAX)) < 1u << 31);
    plugins[1].size--;
    assert_int_equal(smtp__roster_check(roster_of(plugins, 2)), SMTP_ERR_ARGUMENT);
    later.plugin.size = sizeof later;
    assert_int_equal(smtp__roster_check(roster_of(&later.plugin, 1)), 0);
    later.newer = 1;
    assert_int_equal(smtp__roster_check(roster_of(&later.plugin, 1)), SMTP_ERR_NEWER);
}

/* Each row has a bit of its own; those of the library are as in its table. */
static void test_rows(void **state)
{
    smtp_sasl_plugin plugins[2] = {plugin_of("DIGEST-MD5"), plugin_of("GS2-KRB5-PLUS")};
    smtp__roster roster = roster_of(plugins, 2);
    smtp_mechanism row;
    uint32_t seen = 0;
    size_t count;
    (void)state;
    plugins[0].strength = 33;
    plugins[0].plain = 1;
    plugins[1].client_first = 1;
    for (count = 0; smtp__roster_at(roster, count, &row); count++) {
        const smtp_mechanism *own = smtp_mechanism_find(row.name);
        assert_true(row.bit != 0 && (row.bit & (row.bit - 1)) == 0);
        assert_int_equal(seen & row.bit, 0);
        seen |= row.bit;
        assert_true(own == NULL || own->bit == row.bit);
        assert_ptr_equal(smtp__roster_plugin(roster, row.bit),
                         own == NULL ? &plugins[count] : NULL);
    }
    assert_int_equal(count, 2 + 11);
    assert_true(smtp__roster_find(roster, smtp_text("digest-md5"), &row));
    assert_true(row.bit == FIRST && row.hash == SMTP_HASH_NONE && row.strength == 33);
    assert_true(row.plain == 1 && row.client_first == 0 && row.binds == 0);
    assert_true(smtp__roster_find(roster, smtp_text("GS2-KRB5-PLUS"), &row));
    assert_true(row.bit == FIRST << 1 && row.client_first == 1 && row.binds == 1);
    assert_true(smtp__roster_find(roster, smtp_text("plain"), &row));
    assert_int_equal(row.bit, SMTP_MECH_PLAIN);
    assert_false(smtp__roster_find(roster, smtp_text("GSSAPI"), &row));
    assert_false(smtp__roster_find(roster, smtp_text(""), &row));
    assert_null(smtp__roster_plugin(roster, FIRST << 2));
    assert_null(smtp__roster_plugin(roster, 0));
    assert_int_equal(smtp__roster_plugins(roster), FIRST | FIRST << 1);
    assert_int_equal(smtp__roster_plugins(roster_of(NULL, 0)), 0);
}

/* A plug-in takes the place of the mechanism that has its name. */
static void test_replaced(void **state)
{
    smtp_sasl_plugin plugin = plugin_of("PLAIN");
    smtp__roster roster = roster_of(&plugin, 1);
    smtp_mechanism row;
    (void)state;
    for (size_t i = 0; smtp__roster_at(roster, i, &row); i++) {
        assert_true(row.bit != SMTP_MECH_PLAIN);
    }
    assert_true(smtp__roster_find(roster, smtp_text("PLAIN"), &row));
    assert_int_equal(row.bit, FIRST);
    assert_true(smtp__roster_find(roster, smtp_text("LOGIN"), &row));
    assert_int_equal(row.bit, SMTP_MECH_LOGIN);
}

static void test_bits(void **state)
{
    smtp_sasl_plugin plugin = plugin_of("OTP");
    smtp__roster roster = roster_of(&plugin, 1);
    static const struct {
        const char *names;
        uint32_t bits;
    } rows[] = {
        {"", 0},
        {"OTP", FIRST},
        {"otp", FIRST},
        {"OTPS SOTP", 0},
        {"PLAIN OTP GSSAPI\tLOGIN  ", SMTP_MECH_PLAIN | FIRST | SMTP_MECH_LOGIN},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(smtp__roster_bits(roster, smtp_text(rows[i].names)), rows[i].bits);
    }
    assert_int_equal(smtp__roster_bits(roster, nothing), 0);
    assert_false(smtp__roster_binds(roster, FIRST | SMTP_MECH_SCRAM_SHA_256));
    assert_true(smtp__roster_binds(roster, SMTP_MECH_SCRAM_SHA_1_PLUS));
    plugin.name = smtp_text("OTP-PLUS");
    assert_true(smtp__roster_binds(roster, FIRST));
    plugin.name = smtp_text("-PLUS"); /* a name, and nothing that has channel binding */
    assert_false(smtp__roster_binds(roster, FIRST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check), cmocka_unit_test(test_count_and_size),
        cmocka_unit_test(test_rows),  cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests_name("sasl/roster", tests, NULL, NULL);
}
