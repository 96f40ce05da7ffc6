/* SPDX-License-Identifier: MIT
 * The parameters of EHLO keywords. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/extension.h"
#include "syntax/lines.h"

static smtp_capabilities after(const char *line)
{
    smtp_capabilities out = {0};
    assert_int_equal(smtp_capabilities_read(&out, smtp_text(line), 0, NULL, NULL), 0);
    return out;
}

static void assert_line(const smtp_capabilities *in, const char *expected)
{
    char out[256];
    size_t len;
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, in, 1), 1);
    assert_text(octets_of(out, len), expected);
}

/* Shows: R1870-3-1 R1870-3-2 R1870-3-5 */
static void test_size(void **state)
{
    static const struct {
        const char *line;
        int kind;
        uint64_t max;
        const char *canonical;
    } rows[] = {
        {"SIZE", SMTP_SIZE_UNKNOWN, 0, "SIZE"},
        {"SIZE 0", SMTP_SIZE_UNLIMITED, 0, "SIZE 0"},
        {"SIZE 00", SMTP_SIZE_UNLIMITED, 0, "SIZE 0"},
        {"SIZE 10240000", SMTP_SIZE_VALUE, 10240000, "SIZE 10240000"},
        {"SIZE   7 ", SMTP_SIZE_VALUE, 7, "SIZE 7"},
        {"SIZE 99999999999999999999", SMTP_SIZE_VALUE, UINT64_MAX, "SIZE 18446744073709551615"},
        {"SIZE 999999999999999999999999", SMTP_SIZE_VALUE, UINT64_MAX, "SIZE 18446744073709551615"},
        {"SIZE abc", SMTP_SIZE_UNKNOWN, 0, "SIZE"},
        {"SIZE -1", SMTP_SIZE_UNKNOWN, 0, "SIZE"},
        {"SIZE 1 2", SMTP_SIZE_UNKNOWN, 0, "SIZE"},
        {"SIZE 10M", SMTP_SIZE_UNKNOWN, 0, "SIZE"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_capabilities out = after(rows[i].line);
        assert_int_equal(out.extensions, SMTP_EXT_SIZE);
        assert_int_equal(out.size_kind, rows[i].kind);
        assert_true(out.size_max == rows[i].max);
        assert_line(&out, rows[i].canonical);
    }
}

/* Shows: R4954-3-1 R4954-8-1 */
static void test_auth(void **state)
{
    smtp_capabilities out = after("AUTH");
    (void)state;
    assert_int_equal(out.mechanisms, 0);
    assert_line(&out, "AUTH");
    out = after("AUTH plain  X-FOO\tLOGIN PLAINER");
    assert_int_equal(out.mechanisms, SMTP_MECH_PLAIN | SMTP_MECH_LOGIN);
    assert_text(out.auth, "plain  X-FOO\tLOGIN PLAINER");
    /* The old form, and a second line, add to the first. */
    out = after("AUTH SCRAM-SHA-256");
    assert_int_equal(smtp_capabilities_read(&out, smtp_text("AUTH=LOGIN PLAIN"), 0, NULL, NULL), 0);
    assert_int_equal(out.mechanisms, SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_LOGIN | SMTP_MECH_PLAIN);
    assert_text(out.auth, "SCRAM-SHA-256");
    out = after("AUTH");
    assert_int_equal(smtp_capabilities_read(&out, smtp_text("AUTH LOGIN"), 0, NULL, NULL), 0);
    assert_text(out.auth, "LOGIN");
    out = after("AUTH PLAIN LO(GIN LOGIN");
    assert_int_equal(out.mechanisms, SMTP_MECH_LOGIN | SMTP_MECH_PLAIN);
}

/* Shows: R2852-2-1 */
static void test_deliver_by(void **state)
{
    static const struct {
        const char *line;
        uint32_t bit, seconds;
    } rows[] = {
        {"DELIVERBY", SMTP_EXT_DELIVERBY, 0},
        {"DELIVERBY 240", SMTP_EXT_DELIVERBY, 240},
        {"DELIVERBY 240,foo", SMTP_EXT_DELIVERBY, 240},
        {"DELIVERBY 999999999,foo,bar=1", SMTP_EXT_DELIVERBY, 999999999},
        {"DELIVERBY ,foo", SMTP_EXT_DELIVERBY, 0},
        {"DELIVERBY 1000000000", 0, 0},
        {"DELIVERBY foo", 0, 0},
        {"DELIVERBY 240,", 0, 0},
        {"DELIVERBY 240,,a", 0, 0},
        {"DELIVERBY 240 foo", 0, 0},
        {"DELIVERBY 240,a b", 0, 0},
        {"DELIVERBY -1", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_capabilities out = after(rows[i].line);
        assert_int_equal(out.extensions, rows[i].bit);
        assert_int_equal(out.deliver_by_min, rows[i].seconds);
    }
    smtp_capabilities out = after("DELIVERBY");
    assert_line(&out, "DELIVERBY");
}

/* Shows: R4865-3-1 */
static void test_future_release(void **state)
{
    static const char *const refused[] = {
        "FUTURERELEASE",
        "FUTURERELEASE 100",
        "FUTURERELEASE 2030-01-01T00:00:00Z",
        "FUTURERELEASE 0 2030-01-01T00:00:00Z",
        "FUTURERELEASE 1000000000 2030-01-01T00:00:00Z",
        "FUTURERELEASE 100 2030-01-01",
        "FUTURERELEASE 100 2030-01-01T00:00:00Z x",
        "FUTURERELEASE 01 2030-01-01T00:00:00Z",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(refused); i++) {
        smtp_capabilities out = after(refused[i]);
        assert_int_equal(out.extensions, 0);
        assert_int_equal(out.hold_max, 0);
    }
    smtp_capabilities out = after("FUTURERELEASE 1 2030-01-01T00:00:00Z");
    assert_int_equal(out.extensions, SMTP_EXT_FUTURERELEASE);
    assert_int_equal(out.hold_max, 1);
    assert_true(out.hold_until_max == 1893456000);
    assert_line(&out, "FUTURERELEASE 1 2030-01-01T00:00:00Z");
    char line[64];
    size_t len = 99;
    out.hold_until_max = UINT64_C(253402300800); /* the year 10000, for which there is no form */
    assert_int_equal(smtp_capabilities_line(line, sizeof line, &len, &out, 1), SMTP_ERR_ARGUMENT);
    assert_int_equal(len, 0);
}

/* Shows: R6710-3-1 R6710-3-3 */
static void test_priority_profile(void **state)
{
    static const struct {
        const char *line, *profile;
    } rows[] = {
        {"MT-PRIORITY", ""},
        {"MT-PRIORITY MIXER", "MIXER"},
        {"MT-PRIORITY a-b_c.9", "a-b_c.9"},
        {"MT-PRIORITY 12345678901234567890", "12345678901234567890"},
        {"MT-PRIORITY 123456789012345678901", ""},
        {"MT-PRIORITY a b", ""},
        {"MT-PRIORITY a/b", ""},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_capabilities out = after(rows[i].line);
        assert_int_equal(out.extensions, SMTP_EXT_MT_PRIORITY);
        assert_text(out.priority_profile, rows[i].profile);
    }
}

/* Shows: R3865-2-1 R3865-2.2-1 R4468-3-1 */
static void test_words(void **state)
{
    (void)state;
    assert_text(after("NO-SOLICITING net.example:ADV,a").no_soliciting, "net.example:ADV,a");
    assert_text(after("NO-SOLICITING 1").no_soliciting, "");
    assert_text(after("NO-SOLICITING a b").no_soliciting, "");
    assert_int_equal(after("NO-SOLICITING 1").extensions, SMTP_EXT_NO_SOLICITING);
    assert_int_equal(after("NO-SOLICITING").extensions, SMTP_EXT_NO_SOLICITING);
    assert_text(after("BURL imap imap://a.example x").burl, "imap imap://a.example x");
    assert_text(after("BURL").burl, "");
}

/* Shows: R9422-3-1 R9422-3.7-1 R9422-3.7-2 R9422-4.1-1 R9422-4.2-1 R9422-4.3-1 */
static void test_limits(void **state)
{
    static const struct {
        const char *line;
        uint32_t bit, mail, rcpt, domain;
    } rows[] = {
        {"LIMITS MAILMAX=10 RCPTMAX=20 RCPTDOMAINMAX=1", SMTP_EXT_LIMITS, 10, 20, 1},
        {"LIMITS rcptmax=999999", SMTP_EXT_LIMITS, 0, 999999, 0},
        {"LIMITS  RCPTMAX=5   FOO=1 BAR", SMTP_EXT_LIMITS, 0, 5, 0},
        {"LIMITS RCPTMAX=0 MAILMAX=3", SMTP_EXT_LIMITS, 3, 0, 0},
        {"LIMITS RCPTMAX=abc MAILMAX=3", SMTP_EXT_LIMITS, 3, 0, 0},
        {"LIMITS RCPTMAX=1000000 MAILMAX=3", SMTP_EXT_LIMITS, 3, 0, 0},
        {"LIMITS RCPTMAX=01 MAILMAX=3", SMTP_EXT_LIMITS, 3, 0, 0},
        {"LIMITS RCPTMAX MAILMAX=3", SMTP_EXT_LIMITS, 3, 0, 0},
        {"LIMITS", 0, 0, 0, 0},
        {"LIMITS MAILMAX=3 =5", 0, 0, 0, 0},
        {"LIMITS MAILMAX=3 RCPTMAX=", 0, 0, 0, 0},
        {"LIMITS MAILMAX=3;RCPTMAX=4", 0, 0, 0, 0},
        {"LIMITS MAILMAX=3 A.B=4", 0, 0, 0, 0},
        {"LIMITS MAILMAX=3 A=4\x7F", 0, 0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_capabilities out = after(rows[i].line);
        assert_int_equal(out.extensions, rows[i].bit);
        assert_int_equal(out.mail_max, rows[i].mail);
        assert_int_equal(out.rcpt_max, rows[i].rcpt);
        assert_int_equal(out.rcpt_domain_max, rows[i].domain);
        assert_int_equal(out.limits.len > 0, rows[i].bit != 0);
    }
    smtp_capabilities out = after("LIMITS FOO=1 RCPTMAX=5");
    assert_line(&out, "LIMITS FOO=1 RCPTMAX=5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_auth),
        cmocka_unit_test(test_deliver_by),
        cmocka_unit_test(test_future_release),
        cmocka_unit_test(test_priority_profile),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("syntax/capability_value", tests, NULL, NULL);
}
