/* SPDX-License-Identifier: MIT
 * The values of ENVID, NOTIFY and ORCPT. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

#define MAIL "MAIL FROM:<a@b.example> "
#define RCPT "RCPT TO:<a@b.example> "

/* The octet at which the value behind ENVID=, NOTIFY= or ORCPT= is refused. */
#define BAD(start, keyword, value, offset)                                                         \
    {                                                                                              \
        LINE(start keyword "=" value), SMTP_ERR_PARAMETER_VALUE,                                   \
            sizeof start keyword "=" - 1 + (offset)                                                \
    }

/* Shows: R3461-4.4-1 R3461-4-1 R3461-4-2 R3461-4-3 R3461-4-4 */
static void test_envid(void **state)
{
    static const line_verdict rows[] = {
        BAD(MAIL, "ENVID", "a+2b", 1),      BAD(MAIL, "ENVID", "a+", 1),
        BAD(MAIL, "ENVID", "a+4", 1),       BAD(MAIL, "ENVID", "a=b", 1),
        BAD(MAIL, "ENVID", "+00", 0),       BAD(MAIL, "ENVID", "ab+0A", 2),
        BAD(MAIL, "ENVID", "+7F", 0),       BAD(MAIL, "ENVID", "+C3+B6", 0),
        BAD(MAIL, "ENVID", "a\xC3\xB6", 1),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_text(line_parsed(MAIL "ENVID=(a+2B+3D+20+41)!<>~", NULL).params.envid,
                "(a+2B+3D+20+41)!<>~");
}

/* Shows: R3461-5.4-1 R3461-4.2-1 R3461-4.4-1 */
static void test_limits(void **state)
{
    static const struct {
        const char *before;
        size_t limit;
    } rows[] = {
        {MAIL "ENVID=", 100},
        {RCPT "ORCPT=rfc822;", 500 - 7},
        {RCPT "ORCPT=utf-8;", 500 - 6},
    };
    char line[600];
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t before = strlen(rows[i].before);
        size_t offset = 0;
        memcpy(line, rows[i].before, before);
        memset(line + before, 'a', rows[i].limit + 1);
        assert_int_equal(line_error(octets_of(line, before + rows[i].limit), NULL, NULL), 0);
        assert_int_equal(line_error(octets_of(line, before + rows[i].limit + 1), NULL, &offset),
                         SMTP_ERR_PARAMETER_VALUE);
        assert_int_equal(offset, before + rows[i].limit);
    }
    memset(line, 'a', sizeof line);
    memcpy(line, RCPT "ORCPT=", sizeof RCPT "ORCPT=" - 1);
    line[540] = ';';
    assert_int_equal(line_error(octets_of(line, sizeof line), NULL, NULL),
                     SMTP_ERR_PARAMETER_VALUE);
}

/* Shows: R3461-4.1-1 R3461-4.1-2 */
static void test_notify(void **state)
{
    static const line_verdict rows[] = {
        BAD(RCPT, "NOTIFY", "NEVER,SUCCESS", 6), BAD(RCPT, "NOTIFY", "SUCCESS,NEVER", 8),
        BAD(RCPT, "NOTIFY", "NEVER,NEVER", 6),   BAD(RCPT, "NOTIFY", "DELAY,DELAY", 6),
        BAD(RCPT, "NOTIFY", "SUCCESS,", 8),      BAD(RCPT, "NOTIFY", ",DELAY", 0),
        BAD(RCPT, "NOTIFY", "ALWAYS", 0),        BAD(RCPT, "NOTIFY", "NEVERX", 0),
        BAD(RCPT, "NOTIFY", "DELAY;FAILURE", 5),
    };
    static const struct {
        const char *line;
        uint32_t bits;
        const char *canonical;
    } taken[] = {
        {RCPT "NOTIFY=NEVER", SMTP_NOTIFY_NEVER, RCPT "NOTIFY=NEVER"},
        {RCPT "notify=success,Failure", SMTP_NOTIFY_SUCCESS | SMTP_NOTIFY_FAILURE,
         RCPT "NOTIFY=SUCCESS,FAILURE"},
        {RCPT "NOTIFY=DELAY,SUCCESS,FAILURE",
         SMTP_NOTIFY_DELAY | SMTP_NOTIFY_SUCCESS | SMTP_NOTIFY_FAILURE,
         RCPT "NOTIFY=SUCCESS,FAILURE,DELAY"},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    for (size_t i = 0; i < ROWS(taken); i++) {
        smtp_command command = line_parsed(taken[i].line, NULL);
        assert_int_equal(command.params.notify, taken[i].bits);
        assert_formatted(&command, NULL, 0, taken[i].canonical);
    }
    smtp_command command = line_parsed(RCPT "NOTIFY=DELAY", NULL);
    command.params.notify = SMTP_NOTIFY_NEVER | SMTP_NOTIFY_DELAY;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
    command.params.notify = SMTP_NOTIFY_DELAY | 16;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE, NULL);
    command.params.notify = 0;
    assert_formatted(&command, NULL, SMTP_ERR_PARAMETER_VALUE_MISSING, NULL);
}

/* Shows: R3461-4.2-1 R3461-4.2-4 R3461-5.2.1-3 */
static void test_orcpt(void **state)
{
    static const line_verdict rows[] = {
        BAD(RCPT, "ORCPT", "rfc822", 6),
        BAD(RCPT, "ORCPT", "rfc822;", 7),
        BAD(RCPT, "ORCPT", ";a@b", 0),
        BAD(RCPT, "ORCPT", "a=b;c", 1),
        BAD(RCPT, "ORCPT", "rfc822;a+2b@c", 8),
        BAD(RCPT, "ORCPT", "rfc822;a+0Ab", 8),
        BAD(RCPT, "ORCPT", "rfc822;a=b", 8),
        BAD(RCPT, "ORCPT", "a b", 1),
        BAD(RCPT, "ORCPT", "rfc822;\xC3\xB6", 7),
        BAD(RCPT, "ORCPT", "a(b);c", 1),
        BAD(RCPT, "ORCPT", "rfc822;a+00", 8),
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_command command = line_parsed(RCPT "ORCPT=RFC822;Bob+2B@Example.COM;x", NULL);
    assert_text(command.params.orcpt_type, "RFC822");
    assert_text(command.params.orcpt_address, "Bob+2B@Example.COM;x");
    assert_formatted(&command, NULL, 0, RCPT "ORCPT=RFC822;Bob+2B@Example.COM;x");
}

/* Shows: R6531-3.2-9 */
static void test_orcpt_utf8(void **state)
{
    static const line_verdict rows[] = {
        BAD(RCPT, "ORCPT", "utf-8;", 6),
        BAD(RCPT, "ORCPT", "UTF-8;a+2Bb", 7),
        BAD(RCPT, "ORCPT", "utf-8;a\\b", 7),
        BAD(RCPT, "ORCPT", "utf-8;a\\x{41}", 7),
        BAD(RCPT, "ORCPT", "utf-8;\\x{0A}", 6),
        BAD(RCPT, "ORCPT", "utf-8;\\x{D800}", 6),
        BAD(RCPT, "ORCPT", "utf-8;\\x{110000}", 6),
        BAD(RCPT, "ORCPT", "utf-8;a\xC3", 7),
    };
    smtp_syntax utf8 = syntax_of(SMTP_SYNTAX_UTF8, 0);
    (void)state;
    lines_check(rows, ROWS(rows), &utf8);
    smtp_command command = line_parsed(RCPT "ORCPT=utf-8;a\\x{2B}\\x{F6}@c", NULL);
    assert_text(command.params.orcpt_type, "utf-8");
    assert_text(command.params.orcpt_address, "a\\x{2B}\\x{F6}@c");
    command = line_parsed(RCPT "ORCPT=utf-8;\xC3\xB6@\xE2\x82\xAC.example", &utf8);
    assert_text(command.params.orcpt_address, "\xC3\xB6@\xE2\x82\xAC.example");
    assert_formatted(&command, &utf8, 0, RCPT "ORCPT=utf-8;\xC3\xB6@\xE2\x82\xAC.example");
    assert_formatted(&command, NULL, SMTP_ERR_UTF8_NOT_ALLOWED, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envid),      cmocka_unit_test(test_limits),
        cmocka_unit_test(test_notify),     cmocka_unit_test(test_orcpt),
        cmocka_unit_test(test_orcpt_utf8),
    };
    return cmocka_run_group_tests_name("syntax/param_dsn", tests, NULL, NULL);
}
