/* SPDX-License-Identifier: MIT
 * The arguments of commands. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

/* Shows: R5321-4.1.1-4 R5321-4.1.1-5 R3207-2-1 */
static void test_nothing(void **state)
{
    static const line_verdict rows[] = {
        {LINE("DATA"), 0, 0},
        {LINE("DATA foo"), SMTP_ERR_ARGUMENT_UNEXPECTED, 5},
        {LINE("RSET x"), SMTP_ERR_ARGUMENT_UNEXPECTED, 5},
        {LINE("QUIT x"), SMTP_ERR_ARGUMENT_UNEXPECTED, 5},
        {LINE("STARTTLS foo"), SMTP_ERR_ARGUMENT_UNEXPECTED, 9},
        {LINE("TURN x"), SMTP_ERR_ARGUMENT_UNEXPECTED, 5},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
}

/* Shows: R5321-4.1.1.9-2 R5321-4.1.1.8-1 R5321-4.1.1.8-2 R5321-2.4-12 */
static void test_text(void **state)
{
    static const line_verdict rows[] = {
        {LINE("NOOP"), 0, 0},
        {LINE("NOOP ~!@#$%^&*()_+`\\\"<>"), 0, 0},
        {LINE("HELP"), 0, 0},
        {LINE("HELP ME PLEASE"), 0, 0},
        {LINE("NOOP a\xC3\xB6"), SMTP_ERR_UTF8_NOT_ALLOWED, 6},
        {LINE("NOOP a\xC3("), SMTP_ERR_UTF8, 6},
        {LINE("NOOP a\xC0\x80"), SMTP_ERR_UTF8, 6},
        {LINE("NOOP a\xED\xA0\x80"), SMTP_ERR_UTF8, 6},
    };
    smtp_syntax utf8 = syntax_of(SMTP_SYNTAX_UTF8, 0);
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    assert_int_equal(line_error(smtp_text("NOOP a\xC3\xB6"), &utf8, NULL), 0);
}

/* Shows: R5321-2.3.5-3 R5321-4.1.1.1-3 R6531-3.7.1-1 R5321-2.4-12 */
static void test_host(void **state)
{
    static const line_verdict rows[] = {
        {LINE("EHLO a"), 0, 0},
        {LINE("EHLO [192.0.2.1]"), 0, 0},
        {LINE("HELO [192.0.2.1]"), 0, 0},
        {LINE("EHLO [IPv6:2001:db8::1]"), 0, 0},
        {LINE("EHLO"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("HELO "), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("LHLO"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("EHLO a b"), SMTP_ERR_DOMAIN_CHARACTER, 6},
        {LINE("EHLO [192.0.2.1] b"), SMTP_ERR_TRAILING, 16},
        {LINE("EHLO a_b.example"), SMTP_ERR_DOMAIN_CHARACTER, 6},
        {LINE("EHLO -a"), SMTP_ERR_HYPHEN, 5},
        {LINE("EHLO a..b"), SMTP_ERR_DOT, 7},
        {LINE("EHLO 2001:db8::1"), SMTP_ERR_DOMAIN_CHARACTER, 9},
        {LINE("EHLO [IPv6:2001:db8]"), SMTP_ERR_IPV6, 19},
        {LINE("EHLO \xC3\xB6.example"), SMTP_ERR_UTF8_NOT_ALLOWED, 5},
    };
    smtp_syntax utf8 = syntax_of(SMTP_SYNTAX_UTF8, 0);
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    lines_check(rows, ROWS(rows), &utf8);
    smtp_command command = line_parsed("EHLO [192.0.2.1]", NULL);
    assert_int_equal(command.host.kind, SMTP_HOST_IPV4);
    assert_text(command.host.text, "[192.0.2.1]");
    assert_memory_equal(command.host.ip, "\xC0\x00\x02\x01", 4);
    command = line_parsed("EHLO a.example", NULL);
    assert_int_equal(command.host.kind, SMTP_HOST_DOMAIN);
    assert_text(command.host.text, "a.example");
}

/* Any single word may be tolerated, but nothing that could leave a comment of a Received field. */
static void test_tolerated_name(void **state)
{
    static const line_verdict refused[] = {
        {LINE("EHLO a b"), SMTP_ERR_DOMAIN_CHARACTER, 6},
        {LINE("EHLO a(b"), SMTP_ERR_DOMAIN_CHARACTER, 6},
        {LINE("EHLO a)b"), SMTP_ERR_DOMAIN_CHARACTER, 6},
        {LINE("EHLO a\\b"), SMTP_ERR_DOMAIN_CHARACTER, 6},
        {LINE("EHLO \xC3\xB6"), SMTP_ERR_UTF8_NOT_ALLOWED, 5},
        {LINE("EHLO a\x7F"), SMTP_ERR_CONTROL, 6},
        {LINE("EHLO"), SMTP_ERR_ARGUMENT_MISSING, 4},
    };
    static const char *const taken[] = {"my_host", "2001:db8::1", "[192.0.2.300]", "a..b", "<x>"};
    smtp_syntax syntax = syntax_of(0, SMTP_TOLERATE_HELLO_NAME);
    (void)state;
    lines_check(refused, ROWS(refused), &syntax);
    for (size_t i = 0; i < ROWS(taken); i++) {
        char line[64] = "EHLO ";
        strcat(line, taken[i]);
        smtp_command command = line_parsed(line, &syntax);
        assert_int_equal(command.host.kind, SMTP_HOST_NONE);
        assert_text(command.host.text, taken[i]);
        assert_true(line_error(smtp_text(line), NULL, NULL) != 0);
    }
    assert_int_equal(line_parsed("EHLO a.example", &syntax).host.kind, SMTP_HOST_DOMAIN);
}

/* Shows: R5321-3.3-13 R5321-4.1.1.2-2 R5321-4.1.1.3-9 R5321-2.3.5-4 R5321-3.3-7 R5321-4.1.2-1
 * */
static void test_path(void **state)
{
    static const line_verdict rows[] = {
        {LINE("MAIL FROM:<>"), 0, 0},
        {LINE("RCPT TO:<>"), SMTP_ERR_NULL_PATH, 9},
        {LINE("RCPT TO:<POSTMASTER>"), 0, 0},
        {LINE("MAIL FROM:<Postmaster>"), SMTP_ERR_AT_MISSING, 21},
        {LINE("RCPT TO:<@a.example,@b.example:c@d.example>"), 0, 0},
        {LINE("RCPT TO:<@a.example c@d.example>"), SMTP_ERR_ROUTE, 19},
        {LINE("MAIL FROM:<\">\"@a.example>"), 0, 0},
        {LINE("MAIL FROM:<\"a@b c\\\"\"@a.example>"), 0, 0},
        {LINE("MAIL"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("MAIL FROM:"), SMTP_ERR_ARGUMENT_MISSING, 10},
        {LINE("MAIL FROM"), SMTP_ERR_FROM_OR_TO, 9},
        {LINE("MAIL <a@b.example>"), SMTP_ERR_FROM_OR_TO, 5},
        {LINE("MAIL FROM <a@b.example>"), SMTP_ERR_FROM_OR_TO, 9},
        {LINE("MAIL FROM :<a@b.example>"), SMTP_ERR_FROM_OR_TO, 9},
        {LINE("MAIL FROM: <a@b.example>"), SMTP_ERR_FROM_OR_TO, 10},
        {LINE("MAIL TO:<a@b.example>"), SMTP_ERR_FROM_OR_TO, 5},
        {LINE("RCPT FROM:<a@b.example>"), SMTP_ERR_FROM_OR_TO, 5},
        {LINE("RCPT T:<a@b.example>"), SMTP_ERR_FROM_OR_TO, 6},
        {LINE("MAIL FROM:a@b.example"), SMTP_ERR_BRACKET, 10},
        {LINE("MAIL FROM:<a@b.example"), SMTP_ERR_BRACKET, 22},
        {LINE("MAIL FROM:\"X\" <a@b.example>"), SMTP_ERR_BRACKET, 10},
        {LINE("MAIL FROM:<a@b.example>SIZE=1"), SMTP_ERR_SPACE, 23},
        {LINE("MAIL FROM:<a@b.example>>"), SMTP_ERR_SPACE, 23},
        {LINE("MAIL FROM:<a@b.example> (c)"), SMTP_ERR_KEYWORD, 24},
        {LINE("MAIL FROM:<a b@c.example>"), SMTP_ERR_LOCAL_PART, 12},
        {LINE("MAIL FROM:<.a@c.example>"), SMTP_ERR_DOT, 11},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_command command = line_parsed("RCPT TO:<@a.example:\"c\"@d.example> NOTIFY=NEVER", NULL);
    assert_int_equal(command.path.kind, SMTP_PATH_MAILBOX);
    assert_text(command.path.text, "<@a.example:\"c\"@d.example>");
    assert_text(command.path.route, "@a.example");
    assert_text(command.path.mailbox.local, "\"c\"");
    assert_text(command.path.mailbox.host.text, "d.example");
    assert_text(command.params.text, "NOTIFY=NEVER");
    command = line_parsed("RCPT TO:<pOstmaster>", NULL);
    assert_int_equal(command.path.kind, SMTP_PATH_POSTMASTER);
    assert_text(command.params.text, "");
    assert_int_equal(line_parsed("MAIL FROM:<>", NULL).path.kind, SMTP_PATH_NULL);
}

/* Shows: R5321-3.3-13 */
static void test_space_after_colon(void **state)
{
    smtp_syntax syntax = syntax_of(0, SMTP_TOLERATE_SPACE_AFTER_COLON);
    static const line_verdict rows[] = {
        {LINE("MAIL FROM: <a@b.example>"), 0, 0},
        {LINE("MAIL FROM: <a@b.example> SIZE=1"), 0, 0},
        {LINE("RCPT TO: <a@b.example>"), 0, 0},
        {LINE("MAIL FROM :<a@b.example>"), SMTP_ERR_FROM_OR_TO, 9},
        {LINE("MAIL FROM:  <a@b.example>"), SMTP_ERR_SPACE, 11},
        {LINE("MAIL FROM: "), SMTP_ERR_ARGUMENT_MISSING, 10},
    };
    (void)state;
    lines_check(rows, ROWS(rows), &syntax);
    assert_text(line_parsed("MAIL FROM: <a@b.example>", &syntax).path.text, "<a@b.example>");
    syntax.tolerate |= SMTP_TOLERATE_SPACES;
    assert_int_equal(line_error(rows[4].line, &syntax, NULL), 0);
}

static void test_no_brackets(void **state)
{
    smtp_syntax syntax = syntax_of(0, SMTP_TOLERATE_NO_BRACKETS);
    static const line_verdict rows[] = {
        {LINE("MAIL FROM:a@b.example"), 0, 0},
        {LINE("MAIL FROM:a@b.example SIZE=1"), 0, 0},
        {LINE("RCPT TO:postmaster"), 0, 0},
        {LINE("MAIL FROM:<a@b.example>"), 0, 0},
        {LINE("MAIL FROM:\"a b\"@b.example"), SMTP_ERR_BRACKET, 10},
        {LINE("MAIL FROM:a@b.example>"), SMTP_ERR_DOMAIN_CHARACTER, 21},
        {LINE("MAIL FROM: a@b.example"), SMTP_ERR_FROM_OR_TO, 10},
    };
    (void)state;
    lines_check(rows, ROWS(rows), &syntax);
    smtp_command command = line_parsed("MAIL FROM:a@b.example SIZE=1", &syntax);
    assert_int_equal(command.path.kind, SMTP_PATH_MAILBOX);
    assert_text(command.path.mailbox.text, "a@b.example");
    assert_true(command.params.size == 1);
}

/* The parameter that allows UTF-8 stands behind the path that has it. */
/* Shows: R6531-3.4-4 R6531-3.2-1 R6531-3.2-3 R6531-3.3-2 R5321-2.4-12 R5321-2.4-14 */
static void test_utf8_in_paths(void **state)
{
    static const line_verdict plain[] = {
        {LINE("MAIL FROM:<\xC3\xB6@a.example> SMTPUTF8"), 0, 0},
        {LINE("MAIL FROM:<\xC3\xB6@a.example> SIZE=1 SMTPUTF8"), 0, 0},
        {LINE("MAIL FROM:<a@\xC3\xB6.example> BODY=8BITMIME SMTPUTF8"), 0, 0},
        {LINE("MAIL FROM:<\"\xC3\xB6 \"@a.example> SMTPUTF8"), 0, 0},
        {LINE("MAIL FROM:<a\xC3\xB6@a.example>"), SMTP_ERR_UTF8_NOT_ALLOWED, 12},
        {LINE("MAIL FROM:<a@\xC3\xB6.example> BODY=8BITMIME"), SMTP_ERR_UTF8_NOT_ALLOWED, 13},
        {LINE("MAIL FROM:<@\xC3\xB6.example:a@b.example>"), SMTP_ERR_UTF8_NOT_ALLOWED, 12},
        {LINE("RCPT TO:<\xC3\xB6@a.example>"), SMTP_ERR_UTF8_NOT_ALLOWED, 9},
        {LINE("RCPT TO:<a@b.example> ORCPT=utf-8;\xC3\xB6@x"), SMTP_ERR_UTF8_NOT_ALLOWED, 34},
        {LINE("MAIL FROM:<a\xC3@a.example> SMTPUTF8"), SMTP_ERR_UTF8, 12},
        {LINE("MAIL FROM:<a\xF8\x88\x80\x80\x80@a.example> SMTPUTF8"), SMTP_ERR_UTF8, 12},
    };
    static const line_verdict in_force[] = {
        {LINE("RCPT TO:<\xC3\xB6@a.example>"), 0, 0},
        {LINE("RCPT TO:<a@b.example> ORCPT=utf-8;\xC3\xB6@x"), 0, 0},
        {LINE("MAIL FROM:<a\xC3\xB6@a.example>"), SMTP_ERR_UTF8_NOT_ALLOWED, 12},
    };
    smtp_syntax utf8 = syntax_of(SMTP_SYNTAX_UTF8, 0);
    smtp_syntax without = syntax_of(0, 0);
    (void)state;
    lines_check(plain, ROWS(plain), NULL);
    lines_check(in_force, ROWS(in_force), &utf8);
    assert_int_equal(line_parsed("MAIL FROM:<\xC3\xB6@a.example> SMTPUTF8", NULL).path.mailbox.utf8,
                     1);
    without.extensions &= ~(uint32_t)SMTP_EXT_SMTPUTF8;
    assert_int_equal(line_error(plain[4].line, &without, NULL), SMTP_ERR_UTF8_NOT_ALLOWED);
}

/* Shows: R6531-3.1-5 R6531-3.4-2 */
static void test_string(void **state)
{
    static const line_verdict rows[] = {
        {LINE("VRFY"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("EXPN "), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("VRFY a@b.example"), 0, 0},
        {LINE("VRFY \"Joe\" <a@b.example>"), 0, 0},
        {LINE("VRFY \xC3\xB6"), SMTP_ERR_UTF8_NOT_ALLOWED, 5},
        {LINE("VRFY \xC3\xB6 SMTPUTF8"), 0, 0},
        {LINE("EXPN \xC3\xB6 smtputf8"), 0, 0},
        {LINE("EXPN \xC3 smtputf8"), SMTP_ERR_UTF8, 5},
        {LINE("VRFY a SMTPUTF8=1"), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 15},
        {LINE("VRFY a SMTPUTF8="), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 15},
    };
    static const struct {
        const char *line, *argument;
        uint32_t flags;
    } parts[] = {
        {"VRFY a SMTPUTF8", "a", SMTP_COMMAND_SMTPUTF8},
        {"VRFY a b smtpUTF8", "a b", SMTP_COMMAND_SMTPUTF8},
        {"VRFY SMTPUTF8", "SMTPUTF8", 0},
        {"VRFY SMTPUTF8 SMTPUTF8", "SMTPUTF8", SMTP_COMMAND_SMTPUTF8},
        {"VRFY aSMTPUTF8", "aSMTPUTF8", 0},
        {"VRFY a SMTPUTF", "a SMTPUTF", 0},
        {"VRFY a SMTPUTF88", "a SMTPUTF88", 0},
    };
    smtp_syntax utf8 = syntax_of(SMTP_SYNTAX_UTF8, 0);
    smtp_syntax without = syntax_of(0, 0);
    size_t offset = 0;
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    for (size_t i = 0; i < ROWS(parts); i++) {
        smtp_command command = line_parsed(parts[i].line, NULL);
        assert_text(command.argument, parts[i].argument);
        assert_int_equal(command.flags, parts[i].flags);
    }
    assert_int_equal(line_error(smtp_text("VRFY \xC3\xB6"), &utf8, NULL), 0);
    without.extensions &= ~(uint32_t)SMTP_EXT_SMTPUTF8;
    assert_int_equal(line_error(smtp_text("VRFY a SMTPUTF8"), &without, &offset),
                     SMTP_ERR_PARAMETER_NOT_OFFERED);
    assert_int_equal(offset, 7);
}

/* Shows: R3030-2-2 R3030-2-7 R3030-2-19 */
static void test_chunk(void **state)
{
    static const line_verdict refused[] = {
        {LINE("BDAT"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("BDAT -1"), SMTP_ERR_NUMBER, 5},
        {LINE("BDAT 1 FOO"), SMTP_ERR_KEYWORD, 7},
        {LINE("BDAT 1 LASTX"), SMTP_ERR_KEYWORD, 7},
        {LINE("BDAT 1 LAS"), SMTP_ERR_KEYWORD, 7},
        {LINE("BDAT 1 LAST x"), SMTP_ERR_TRAILING, 11},
        {LINE("BDAT 1x"), SMTP_ERR_NUMBER, 6},
        {LINE("BDAT 1.5"), SMTP_ERR_NUMBER, 6},
        {LINE("BDAT 18446744073709551616"), SMTP_ERR_NUMBER_TOO_LARGE, 5},
    };
    static const struct {
        const char *line;
        uint64_t octets;
        uint32_t flags;
    } taken[] = {
        {"BDAT 0", 0, 0},
        {"BDAT 0 LAST", 0, SMTP_COMMAND_LAST},
        {"bdat 5 last", 5, SMTP_COMMAND_LAST},
        {"BDAT 0010", 10, 0},
        {"BDAT 4294967296", UINT64_C(4294967296), 0},
        {"BDAT 18446744073709551615 LAST", UINT64_MAX, SMTP_COMMAND_LAST},
    };
    (void)state;
    lines_check(refused, ROWS(refused), NULL);
    for (size_t i = 0; i < ROWS(taken); i++) {
        smtp_command command = line_parsed(taken[i].line, NULL);
        assert_true(command.octets == taken[i].octets);
        assert_int_equal(command.flags, taken[i].flags);
    }
}

/* Shows: R4468-3-3 */
static void test_url(void **state)
{
    static const line_verdict rows[] = {
        {LINE("BURL imap://a/b"), 0, 0},
        {LINE("BURL imap://[2001:db8::1]/b;c=d?e%20f LAST"), 0, 0},
        {LINE("BURL x+y.z-1:a"), 0, 0},
        {LINE("BURL"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("BURL imap"), SMTP_ERR_PARAMETER_VALUE, 9},
        {LINE("BURL imap:"), SMTP_ERR_PARAMETER_VALUE, 10},
        {LINE("BURL 1imap:a"), SMTP_ERR_PARAMETER_VALUE, 5},
        {LINE("BURL +imap:a"), SMTP_ERR_PARAMETER_VALUE, 5},
        {LINE("BURL /a/b"), SMTP_ERR_PARAMETER_VALUE, 5},
        {LINE("BURL imap://a/b#c"), SMTP_ERR_PARAMETER_VALUE, 15},
        {LINE("BURL imap://a/<b"), SMTP_ERR_PARAMETER_VALUE, 14},
        {LINE("BURL imap://a/%2"), SMTP_ERR_PARAMETER_VALUE, 15},
        {LINE("BURL imap://a/%2G"), SMTP_ERR_PARAMETER_VALUE, 15},
        {LINE("BURL imap://a/\xC3\xB6"), SMTP_ERR_PARAMETER_VALUE, 14},
        {LINE("BURL imap://a FIRST"), SMTP_ERR_KEYWORD, 14},
        {LINE("BURL imap://a LAST LAST"), SMTP_ERR_TRAILING, 18},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_command command = line_parsed("BURL imap://a/b last", NULL);
    assert_text(command.argument, "imap://a/b");
    assert_int_equal(command.flags, SMTP_COMMAND_LAST);
}

/* Shows: R4954-4-1 R4954-4-11 R4954-4-13 R4954-4-15 R4954-8-1 */
static void test_auth(void **state)
{
    static const line_verdict rows[] = {
        {LINE("AUTH"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("AUTH PLAIN"), 0, 0},
        {LINE("AUTH scram-sha-256-plus"), 0, 0},
        {LINE("AUTH A23456789-12345678_0"), 0, 0},
        {LINE("AUTH A23456789-12345678_01"), SMTP_ERR_MECHANISM, 25},
        {LINE("AUTH PL.AIN"), SMTP_ERR_MECHANISM, 7},
        {LINE("AUTH =x"), SMTP_ERR_MECHANISM, 5},
        {LINE("AUTH PLAIN ="), 0, 0},
        {LINE("AUTH PLAIN =="), SMTP_ERR_BASE64, 11},
        {LINE("AUTH PLAIN =AAA"), SMTP_ERR_BASE64, 11},
        {LINE("AUTH PLAIN AAA=BBB"), SMTP_ERR_BASE64, 15},
        {LINE("AUTH PLAIN AAA"), SMTP_ERR_BASE64, 14},
        {LINE("AUTH PLAIN AA="), SMTP_ERR_BASE64, 14},
        {LINE("AUTH PLAIN A"), SMTP_ERR_BASE64, 12},
        {LINE("AUTH PLAIN A==="), SMTP_ERR_BASE64, 12},
        {LINE("AUTH PLAIN AAAA===="), SMTP_ERR_BASE64, 15},
        {LINE("AUTH PLAIN AA-A"), SMTP_ERR_BASE64, 13},
        {LINE("AUTH PLAIN *"), SMTP_ERR_BASE64, 11},
        {LINE("AUTH PLAIN AAAA BBBB"), SMTP_ERR_TRAILING, 15},
        {LINE("AUTH PLAIN = x"), SMTP_ERR_TRAILING, 12},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_command command = line_parsed("AUTH plain =", NULL);
    assert_text(command.argument, "plain");
    assert_int_equal(command.flags, SMTP_COMMAND_INITIAL_RESPONSE);
    assert_int_equal(command.response.len, 0);
    assert_non_null(command.response.ptr);
    command = line_parsed("AUTH PLAIN", NULL);
    assert_int_equal(command.flags, 0);
    assert_null(command.response.ptr);
    command = line_parsed("AUTH PLAIN aBc+/w==", NULL);
    assert_text(command.response, "aBc+/w==");
}

/* Shows: R1985-5-1 R1985-5-3 R1985-5.1-4 R1985-5.3-1 */
static void test_node(void **state)
{
    static const line_verdict rows[] = {
        {LINE("ETRN"), SMTP_ERR_ARGUMENT_MISSING, 4},
        {LINE("ETRN a.example"), 0, 0},
        {LINE("ETRN localname"), SMTP_ERR_DOMAIN_EMPTY, 14},
        {LINE("ETRN @"), SMTP_ERR_DOMAIN_EMPTY, 6},
        {LINE("ETRN @localname"), SMTP_ERR_DOMAIN_EMPTY, 15},
        {LINE("ETRN #"), SMTP_ERR_ARGUMENT_MISSING, 6},
        {LINE("ETRN #a b"), SMTP_ERR_TRAILING, 7},
        {LINE("ETRN #a@#!"), 0, 0},
        {LINE("ETRN [192.0.2.1]"), SMTP_ERR_DOMAIN_CHARACTER, 5},
        {LINE("ETRN a.example b.example"), SMTP_ERR_DOMAIN_CHARACTER, 14},
        {LINE("ETRN @@a.example"), SMTP_ERR_DOMAIN_CHARACTER, 6},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    smtp_command command = line_parsed("ETRN a.example", NULL);
    assert_text(command.argument, "a.example");
    assert_int_equal(command.flags, 0);
    command = line_parsed("ETRN @a.example", NULL);
    assert_text(command.argument, "a.example");
    assert_int_equal(command.flags, SMTP_COMMAND_SUBDOMAINS);
    command = line_parsed("ETRN #uucp", NULL);
    assert_text(command.argument, "uucp");
    assert_int_equal(command.flags, SMTP_COMMAND_QUEUE);
}

/* Shows: R2645-5.2.1-3 */
static void test_domains(void **state)
{
    static const line_verdict rows[] = {
        {LINE("ATRN"), 0, 0},
        {LINE("ATRN a.example"), 0, 0},
        {LINE("ATRN a.example,b.c.example"), 0, 0},
        {LINE("ATRN a.example,"), SMTP_ERR_DOMAIN_EMPTY, 15},
        {LINE("ATRN ,a.example"), SMTP_ERR_DOMAIN_EMPTY, 5},
        {LINE("ATRN a.example,,b.example"), SMTP_ERR_DOMAIN_EMPTY, 15},
        {LINE("ATRN a.example,b"), SMTP_ERR_DOMAIN_EMPTY, 16},
        {LINE("ATRN a.example, b.example"), SMTP_ERR_DOMAIN_CHARACTER, 15},
        {LINE("ATRN a.example b.example"), SMTP_ERR_DOMAIN_CHARACTER, 14},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),     cmocka_unit_test(test_text),
        cmocka_unit_test(test_host),        cmocka_unit_test(test_tolerated_name),
        cmocka_unit_test(test_path),        cmocka_unit_test(test_space_after_colon),
        cmocka_unit_test(test_no_brackets), cmocka_unit_test(test_utf8_in_paths),
        cmocka_unit_test(test_string),      cmocka_unit_test(test_chunk),
        cmocka_unit_test(test_url),         cmocka_unit_test(test_auth),
        cmocka_unit_test(test_node),        cmocka_unit_test(test_domains),
    };
    return cmocka_run_group_tests_name("syntax/argument", tests, NULL, NULL);
}
