/* SPDX-License-Identifier: MIT
 * The values of MAIL and RCPT parameters, but for those of DSN. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

#define MAIL "MAIL FROM:<a@b.example> "
#define RCPT "RCPT TO:<a@b.example> "

/* The octet of the value at which it is refused, behind the keyword and its '='. */
#define BAD(line, keyword, offset)                                                                 \
    {                                                                                              \
        LINE(line), SMTP_ERR_PARAMETER_VALUE, sizeof MAIL keyword "=" - 1 + (offset)               \
    }

static smtp_params parsed(const char *line)
{
    return line_parsed(line, NULL).params;
}

/* Parses a line, and formats it to another, which is its canonical form. */
static void canonical(const char *line, const char *expected)
{
    smtp_command command = line_parsed(line, NULL);
    command.params.text = smtp_text(NULL);
    assert_formatted(&command, NULL, 0, expected);
}

/* Shows: R1870-3-3 R1870-3-5 R1870-6-1 */
static void test_size(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "SIZE=-1", "SIZE", 0),
        BAD(MAIL "SIZE=+1", "SIZE", 0),
        BAD(MAIL "SIZE=x", "SIZE", 0),
        BAD(MAIL "SIZE=1k", "SIZE", 1),
        BAD(MAIL "SIZE=123456789012345678901", "SIZE", 20),
        BAD(MAIL "SIZE=000000000000000000001", "SIZE", 20),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_true(parsed(MAIL "SIZE=0").size == 0);
    assert_true(parsed(MAIL "SIZE=12345").size == 12345);
    assert_true(parsed(MAIL "size=00000000000000000001").size == 1);
    assert_true(parsed(MAIL "SIZE=18446744073709551615").size == UINT64_MAX);
    assert_true(parsed(MAIL "SIZE=18446744073709551616").size == UINT64_MAX);
    assert_true(parsed(MAIL "SIZE=99999999999999999999").size == UINT64_MAX);
    assert_int_equal(parsed(MAIL "SIZE=0").present, SMTP_PARAM_SIZE);
    canonical(MAIL "SIZE=99999999999999999999", MAIL "SIZE=18446744073709551615");
    canonical(MAIL "size=007", MAIL "SIZE=7");
}

/* Shows: R6152-2-1 R3030-3-2 R3461-4.3-1 */
static void test_choices(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "BODY=foo", "BODY", 0),       BAD(MAIL "BODY=8BIT", "BODY", 0),
        BAD(MAIL "BODY=8BITMIMEX", "BODY", 0), BAD(MAIL "BODY=7BIT,", "BODY", 4),
        BAD(MAIL "RET=BODY", "RET", 0),        BAD(MAIL "RET=FULL,HDRS", "RET", 4),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_int_equal(parsed(MAIL "BODY=7bit").body, SMTP_BODY_7BIT);
    assert_int_equal(parsed(MAIL "body=8BitMime").body, SMTP_BODY_8BITMIME);
    assert_int_equal(parsed(MAIL "BODY=BINARYMIME").body, SMTP_BODY_BINARYMIME);
    assert_int_equal(parsed(MAIL "RET=full").ret, SMTP_RET_FULL);
    assert_int_equal(parsed(MAIL "RET=HDRS").ret, SMTP_RET_HDRS);
    canonical(MAIL "ret=hdrs body=binarymime", MAIL "BODY=BINARYMIME RET=HDRS");
    smtp_command command = line_parsed(MAIL "BODY=7BIT", NULL);
    command.params.body = 4;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE_MISSING, NULL);
}

/* Shows: R4954-5-1 R4954-5-2 */
static void test_auth(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "AUTH=a", "AUTH", 0),
        BAD(MAIL "AUTH=<a@b.example>", "AUTH", 0),
        BAD(MAIL "AUTH=a+2b@b.example", "AUTH", 0),
        BAD(MAIL "AUTH=a+0Db@b.example", "AUTH", 0),
        BAD(MAIL "AUTH=a+20b@b.example", "AUTH", 0),
        BAD(MAIL "AUTH=a=b@b.example", "AUTH", 0),
        BAD(MAIL "AUTH=a@b.example+00", "AUTH", 0),
        BAD(MAIL "AUTH=<>x", "AUTH", 0),
        BAD(MAIL "AUTH=@b.example", "AUTH", 0),
    };
    smtp_syntax ascii = syntax_of(0, 0);
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_text(parsed(MAIL "AUTH=<>").auth, "<>");
    assert_text(parsed(MAIL "AUTH=e+3Dmc2@example.com").auth, "e+3Dmc2@example.com");
    assert_text(parsed(MAIL "AUTH=+22a+20b+22@c.example").auth, "+22a+20b+22@c.example");
    assert_text(parsed(MAIL "AUTH=+C3+B6@c.example").auth, "+C3+B6@c.example");
    ascii.extensions &= ~(uint32_t)SMTP_EXT_SMTPUTF8;
    assert_int_equal(line_error(smtp_text(MAIL "AUTH=+C3+B6@c.example"), &ascii, NULL),
                     SMTP_ERR_PARAMETER_VALUE);
    canonical(MAIL "AUTH=<>", MAIL "AUTH=<>");
}

/* Shows: R2852-4-1 R2852-4-2 R2852-4-4 */
static void test_by(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "BY=0;R", "BY", 0),   BAD(MAIL "BY=-5;R", "BY", 0),
        BAD(MAIL "BY=;R", "BY", 0),    BAD(MAIL "BY=1234567890;N", "BY", 0),
        BAD(MAIL "BY=120", "BY", 3),   BAD(MAIL "BY=120;", "BY", 4),
        BAD(MAIL "BY=120;X", "BY", 4), BAD(MAIL "BY=120;RX", "BY", 5),
        BAD(MAIL "BY=120;T", "BY", 4), BAD(MAIL "BY=120;RTT", "BY", 6),
        BAD(MAIL "BY=--1;N", "BY", 1), BAD(MAIL "BY=+-1;N", "BY", 1),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_params params = parsed(MAIL "BY=120;R");
    assert_int_equal(params.by_seconds, 120);
    assert_int_equal(params.by_mode, SMTP_BY_RETURN);
    assert_int_equal(params.by_trace, 0);
    params = parsed(MAIL "BY=-999999999;nt");
    assert_int_equal(params.by_seconds, -999999999);
    assert_int_equal(params.by_mode, SMTP_BY_NOTIFY);
    assert_int_equal(params.by_trace, 1);
    assert_int_equal(parsed(MAIL "BY=0;N").by_seconds, 0);
    assert_int_equal(parsed(MAIL "BY=999999999;R").by_seconds, 999999999);
    canonical(MAIL "BY=+9;nt", MAIL "BY=9;NT");
    canonical(MAIL "BY=-0007;N", MAIL "BY=-7;N");
    smtp_command command = line_parsed(MAIL "BY=1;R", NULL);
    command.params.by_seconds = INT32_MIN;
    command.params.by_mode = SMTP_BY_NOTIFY;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
    command.params.by_seconds = 1;
    command.params.by_mode = 9;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
}

/* Shows: R4865-3-2 */
static void test_hold(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "HOLDFOR=0", "HOLDFOR", 0),
        BAD(MAIL "HOLDFOR=01", "HOLDFOR", 0),
        BAD(MAIL "HOLDFOR=1000000000", "HOLDFOR", 0),
        BAD(MAIL "HOLDFOR=-1", "HOLDFOR", 0),
        BAD(MAIL "HOLDFOR=1s", "HOLDFOR", 1),
        BAD(MAIL "HOLDUNTIL=soon", "HOLDUNTIL", 0),
        BAD(MAIL "HOLDUNTIL=2030-02-29T00:00:00Z", "HOLDUNTIL", 0),
        BAD(MAIL "HOLDUNTIL=1893456000", "HOLDUNTIL", 0),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_int_equal(parsed(MAIL "HOLDFOR=1").hold_for, 1);
    assert_int_equal(parsed(MAIL "HOLDFOR=999999999").hold_for, 999999999);
    assert_true(parsed(MAIL "HOLDUNTIL=2030-01-01T00:00:00Z").hold_until == 1893456000);
    canonical(MAIL "HOLDUNTIL=2030-01-01T01:30:00.5+01:30", MAIL "HOLDUNTIL=2030-01-01T00:00:00Z");
    canonical(MAIL "holdfor=77", MAIL "HOLDFOR=77");
    smtp_command command = line_parsed(MAIL "HOLDFOR=1", NULL);
    command.params.hold_for = 1000000000;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
    command = line_parsed(MAIL "HOLDUNTIL=2030-01-01T00:00:00Z", NULL);
    command.params.hold_until = UINT64_MAX;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE_MISSING, NULL);
}

/* Shows: R6710-3-2 R6710-4.1-1 */
static void test_mt_priority(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "MT-PRIORITY=+1", "MT-PRIORITY", 0),  BAD(MAIL "MT-PRIORITY=10", "MT-PRIORITY", 0),
        BAD(MAIL "MT-PRIORITY=-0", "MT-PRIORITY", 1),  BAD(MAIL "MT-PRIORITY=01", "MT-PRIORITY", 0),
        BAD(MAIL "MT-PRIORITY=-10", "MT-PRIORITY", 1), BAD(MAIL "MT-PRIORITY=-", "MT-PRIORITY", 1),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    for (int priority = -9; priority <= 9; priority++) {
        char line[64];
        snprintf(line, sizeof line, MAIL "MT-PRIORITY=%d", priority);
        assert_int_equal(parsed(line).mt_priority, priority);
        canonical(line, line);
    }
    smtp_command command = line_parsed(MAIL "MT-PRIORITY=1", NULL);
    command.params.mt_priority = -10;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
    command.params.mt_priority = INT32_MIN;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
}

/* Shows: R3865-2.2-1 R3865-2.3-1 */
static void test_solicit(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "SOLICIT=1a", "SOLICIT", 0),  BAD(MAIL "SOLICIT=a,", "SOLICIT", 2),
        BAD(MAIL "SOLICIT=,a", "SOLICIT", 0),  BAD(MAIL "SOLICIT=a,1", "SOLICIT", 2),
        BAD(MAIL "SOLICIT=a;b", "SOLICIT", 1), BAD(MAIL "SOLICIT=:a", "SOLICIT", 0),
    };
    char line[1100] = MAIL "SOLICIT=";
    size_t before = strlen(line);
    smtp_syntax syntax = syntax_of(0, 0);
    size_t offset = 0;
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_text(parsed(MAIL "SOLICIT=org.example:ADV:ADLT,b-c_d.9").solicit,
                "org.example:ADV:ADLT,b-c_d.9");
    canonical(MAIL "solicit=a,b", MAIL "SOLICIT=a,b");
    memset(line + before, 'a', 1001);
    assert_int_equal(line_error(octets_of(line, before + 1000), &syntax, NULL), 0);
    assert_int_equal(line_error(octets_of(line, before + 1001), &syntax, &offset),
                     SMTP_ERR_PARAMETER_VALUE);
    assert_int_equal(offset, before + 1000);
}

/* The padding is taken, though '=' stands in no other value. */
/* Shows: R3885-2-1 R3885-3.2-1 */
static void test_mtrk(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "MTRK=QUJ ENVID=a", "MTRK", 3),
        BAD(MAIL "MTRK== ENVID=a", "MTRK", 0),
        BAD(MAIL "MTRK=QUJD: ENVID=a", "MTRK", 5),
        BAD(MAIL "MTRK=QUJD:x ENVID=a", "MTRK", 5),
        BAD(MAIL "MTRK=QUJD:1234567890 ENVID=a", "MTRK", 5),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_params params = parsed(MAIL "MTRK=QUI= ENVID=a");
    assert_text(params.mtrk, "QUI=");
    assert_int_equal(params.mtrk_timeout, 0);
    params = parsed(MAIL "MTRK=QUJDRA==:999999999 ENVID=a");
    assert_text(params.mtrk, "QUJDRA==");
    assert_int_equal(params.mtrk_timeout, 999999999);
    canonical(MAIL "mtrk=QUI=:007 envid=a", MAIL "ENVID=a MTRK=QUI=:7");
    canonical(MAIL "MTRK=QUI= ENVID=a", MAIL "ENVID=a MTRK=QUI=");
}

static void test_transid(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL "TRANSID=a@b", "TRANSID", 0),      BAD(MAIL "TRANSID=<a>", "TRANSID", 2),
        BAD(MAIL "TRANSID=<@b>", "TRANSID", 1),     BAD(MAIL "TRANSID=<a@b", "TRANSID", 4),
        BAD(MAIL "TRANSID=<a..c@b>", "TRANSID", 3), BAD(MAIL "TRANSID=<a/c@b>", "TRANSID", 2),
        BAD(MAIL "TRANSID=<a@b@c>", "TRANSID", 4),  BAD(MAIL "TRANSID=<a@b>c", "TRANSID", 5),
        BAD(MAIL "TRANSID=<a=c@b>", "TRANSID", 2),  BAD(MAIL "TRANSID=<a?c@b>", "TRANSID", 2),
        BAD(MAIL "TRANSID=<a(c@b>", "TRANSID", 2),
    };
    char line[128] = MAIL "TRANSID=<";
    size_t before = strlen(line) - 1;
    size_t offset = 0;
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_text(parsed(MAIL "TRANSID=<12345.A@claremont.edu>").transid, "<12345.A@claremont.edu>");
    canonical(MAIL "transid=<a@b>", MAIL "TRANSID=<a@b>");
    memset(line + before + 1, 'a', 80);
    memcpy(line + before + 77, "@b>", 3);
    assert_int_equal(line_error(octets_of(line, before + 80), NULL, NULL), 0);
    memcpy(line + before + 77, "a@b>", 4);
    assert_int_equal(line_error(octets_of(line, before + 81), NULL, &offset),
                     SMTP_ERR_PARAMETER_VALUE);
    assert_int_equal(offset, before + 80);
}

/* Shows: R7293-3.1-1 R7293-5.1.1-2 */
static void test_rrvs(void **state)
{
    static const char *const refused[] = {
        "2014-04-03T23:01:00.5Z",  "2014-04-03", "2014-04-03T23:01:00Z;", "2014-04-03T23:01:00Z;X",
        "2014-04-03T23:01:00Z;CR", ";C",         "2014-13-03T23:01:00Z",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(refused); i++) {
        char line[128] = RCPT "RRVS=";
        strcat(line, refused[i]);
        assert_int_equal(line_error(smtp_text(line), NULL, NULL), SMTP_ERR_PARAMETER_VALUE);
    }
    smtp_params params = parsed(RCPT "RRVS=2014-04-03T23:01:00Z");
    assert_true(params.rrvs == 1396566060);
    assert_int_equal(params.rrvs_action, SMTP_RRVS_NONE);
    assert_int_equal(parsed(RCPT "RRVS=2014-04-03T23:01:00Z;c").rrvs_action, SMTP_RRVS_CONTINUE);
    assert_int_equal(parsed(RCPT "RRVS=2014-04-03T23:01:00Z;R").rrvs_action, SMTP_RRVS_REJECT);
    canonical(RCPT "rrvs=2014-04-03t23:01:00z;c", RCPT "RRVS=2014-04-03T23:01:00Z;C");
    canonical(RCPT "RRVS=2014-04-03T23:01:00-01:00", RCPT "RRVS=2014-04-04T00:01:00Z");
    smtp_command command = line_parsed(RCPT "RRVS=2014-04-03T23:01:00Z", NULL);
    command.params.rrvs_action = 7;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size),    cmocka_unit_test(test_choices),
        cmocka_unit_test(test_auth),    cmocka_unit_test(test_by),
        cmocka_unit_test(test_hold),    cmocka_unit_test(test_mt_priority),
        cmocka_unit_test(test_solicit), cmocka_unit_test(test_mtrk),
        cmocka_unit_test(test_transid), cmocka_unit_test(test_rrvs),
    };
    return cmocka_run_group_tests_name("syntax/param_value", tests, NULL, NULL);
}
