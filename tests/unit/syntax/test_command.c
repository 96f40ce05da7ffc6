/* SPDX-License-Identifier: MIT
 * Command lines, parsed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

/* Shows: R5321-2.4-2 R5321-4.1.1-1 R3030-2-2 R3207-2-1 */
static void test_verbs(void **state)
{
    static const struct {
        const char *line;
        int verb;
        const char *name, *argument;
    } rows[] = {
        {"HELO mail.example.org", SMTP_VERB_HELO, "HELO", "mail.example.org"},
        {"eHlO mail.example.org", SMTP_VERB_EHLO, "eHlO", "mail.example.org"},
        {"LHLO [192.0.2.1]", SMTP_VERB_LHLO, "LHLO", "[192.0.2.1]"},
        {"mAiL fRoM:<>", SMTP_VERB_MAIL, "mAiL", "fRoM:<>"},
        {"rcpt to:<a@b.example>", SMTP_VERB_RCPT, "rcpt", "to:<a@b.example>"},
        {"DATA", SMTP_VERB_DATA, "DATA", ""},
        {"BDAT 1 LAST", SMTP_VERB_BDAT, "BDAT", "1 LAST"},
        {"BURL imap://h/x LAST", SMTP_VERB_BURL, "BURL", "imap://h/x"},
        {"RSET", SMTP_VERB_RSET, "RSET", ""},
        {"VRFY Smith", SMTP_VERB_VRFY, "VRFY", "Smith"},
        {"EXPN Example-People", SMTP_VERB_EXPN, "EXPN", "Example-People"},
        {"HELP", SMTP_VERB_HELP, "HELP", ""},
        {"HELP MAIL", SMTP_VERB_HELP, "HELP", "MAIL"},
        {"NOOP anything at  all", SMTP_VERB_NOOP, "NOOP", "anything at  all"},
        {"NOOP", SMTP_VERB_NOOP, "NOOP", ""},
        {"QUIT", SMTP_VERB_QUIT, "QUIT", ""},
        {"starttls", SMTP_VERB_STARTTLS, "starttls", ""},
        {"AUTH PLAIN AHQAdA==", SMTP_VERB_AUTH, "AUTH", "PLAIN"},
        {"ETRN @example.org", SMTP_VERB_ETRN, "ETRN", "example.org"},
        {"ATRN a.example,b.example", SMTP_VERB_ATRN, "ATRN", "a.example,b.example"},
        {"ATRN", SMTP_VERB_ATRN, "ATRN", ""},
        {"TURN", SMTP_VERB_TURN, "TURN", ""},
        {"SEND FROM:<a@b.example>", SMTP_VERB_SEND, "SEND", "FROM:<a@b.example>"},
        {"SOML FROM:<a@b.example>", SMTP_VERB_SOML, "SOML", "FROM:<a@b.example>"},
        {"SAML FROM:<a@b.example>", SMTP_VERB_SAML, "SAML", "FROM:<a@b.example>"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_command command = line_parsed(rows[i].line, NULL);
        assert_int_equal(command.verb, rows[i].verb);
        assert_text(command.name, rows[i].name);
        assert_text(command.argument, rows[i].argument);
    }
}

/* Unknown verbs, and what only begins like a verb; a line of another protocol is one. */
static void test_unknown_verbs(void **state)
{
    static const line_verdict rows[] = {
        {LINE("FOO"), SMTP_ERR_VERB, 0},
        {LINE("XFOO bar"), SMTP_ERR_VERB, 0},
        {LINE("STARTTLSxyz"), SMTP_ERR_VERB, 0},
        {LINE("STAR"), SMTP_ERR_VERB, 0},
        {LINE("STARTTL"), SMTP_ERR_VERB, 0},
        {LINE("DATAX"), SMTP_ERR_VERB, 0},
        {LINE("QUI"), SMTP_ERR_VERB, 0},
        {LINE("Q"), SMTP_ERR_VERB, 0},
        {LINE("MAIL:"), SMTP_ERR_VERB, 0},
        {LINE("GET / HTTP/1.1"), SMTP_ERR_VERB, 0},
        {LINE("Subject: hello"), SMTP_ERR_VERB, 0},
        {LINE(" NOOP"), SMTP_ERR_VERB, 0},
        {LINE("."), SMTP_ERR_VERB, 0},
        {LINE("\xC3\xB6"), SMTP_ERR_VERB, 0},
        {LINE(""), SMTP_ERR_EMPTY, 0},
        {LINE("   \t "), SMTP_ERR_EMPTY, 0},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_command command;
        assert_true(smtp_command_parse(&command, rows[i].line, NULL, NULL) != 0);
        assert_int_equal(command.verb, SMTP_VERB_UNKNOWN);
    }
    assert_int_equal(line_error(octets_of(NULL, 0), NULL, NULL), SMTP_ERR_EMPTY);
}

/* White space before the line's end is read past, and never a part of an argument. */
/* Shows: R5321-4.1.1-2 */
static void test_trailing_white_space(void **state)
{
    static const struct {
        const char *line, *argument;
    } rows[] = {
        {"NOOP ", ""},
        {"NOOP \t ", ""},
        {"RSET  ", ""},
        {"QUIT\t", ""},
        {"DATA \t", ""},
        {"HELP x ", "x"},
        {"VRFY Smith \t", "Smith"},
        {"EHLO a.example ", "a.example"},
        {"MAIL FROM:<a@b.example> \t", "FROM:<a@b.example>"},
        {"MAIL FROM:<a@b.example> SIZE=1 ", "FROM:<a@b.example> SIZE=1"},
        {"BDAT 10 LAST  ", "10 LAST"},
        {"AUTH PLAIN ", "PLAIN"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_text(line_parsed(rows[i].line, NULL).argument, rows[i].argument);
    }
}

/* A control character is found wherever it stands, and whatever else is wrong with the line. */
/* Shows: R5321-4.1.2-12 R5321-4.1.2-14 R5321-2.3.8-1 */
static void test_control_characters(void **state)
{
    static const line_verdict rows[] = {
        {LINE("NO\0OP"), SMTP_ERR_CONTROL, 2},
        {LINE("\x16\x03\x01"), SMTP_ERR_CONTROL, 0},
        {LINE("NOOP a\tb"), SMTP_ERR_CONTROL, 6},
        {LINE("NOOP\ta"), SMTP_ERR_CONTROL, 4},
        {LINE("QU\rIT"), SMTP_ERR_CONTROL, 2},
        {LINE("QUIT\r"), SMTP_ERR_CONTROL, 4},
        {LINE("MAIL FROM:<a@b.example>\rRCPT"), SMTP_ERR_CONTROL, 23},
        {LINE("MAIL FROM:<a\r\n@b.example>"), SMTP_ERR_CONTROL, 12},
        {LINE("MAIL FROM:<\"a\nb\"@b.example>"), SMTP_ERR_CONTROL, 13},
        {LINE("MAIL FROM:<a@b.exam\0ple>"), SMTP_ERR_CONTROL, 19},
        {LINE("MAIL FROM:<a@b.example>\tSIZE=1"), SMTP_ERR_CONTROL, 23},
        {LINE("MAIL FROM:<a@b.example> SIZE=1\x7F"), SMTP_ERR_CONTROL, 30},
        {LINE("MAIL FROM:<a@b.example> FOO=\x01"), SMTP_ERR_CONTROL, 28},
        {LINE("MAIL <a> \x1B"), SMTP_ERR_CONTROL, 9},
        {LINE("EHLO a\0b"), SMTP_ERR_CONTROL, 6},
        {LINE("VRFY a\0"), SMTP_ERR_CONTROL, 6},
        {LINE("AUTH PLAIN\0 x"), SMTP_ERR_CONTROL, 10},
        {LINE("AUTH PLAIN A\tAA="), SMTP_ERR_CONTROL, 12},
        {LINE("BDAT 1\0"), SMTP_ERR_CONTROL, 6},
        {LINE("BURL imap:\x01"), SMTP_ERR_CONTROL, 10},
        {LINE("ETRN a.b\x02"), SMTP_ERR_CONTROL, 8},
        {LINE("ATRN a.b,\x02"), SMTP_ERR_CONTROL, 9},
        {LINE("DATA \x02x"), SMTP_ERR_CONTROL, 5},
        {LINE("FOO\x02"), SMTP_ERR_CONTROL, 3},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
}

/* Every octet below 32, and 127, in every place of every kind of line; tabs at the end stand apart.
 */
/* Shows: R5321-4.1.2-12 R5321-4.1.2-14 */
static void test_no_control_anywhere(void **state)
{
    static const char *const lines[] = {
        "EHLO mail.example.org",
        "MAIL FROM:<\"a b\"@[192.0.2.1]> SIZE=12 AUTH=<> ENVID=a+2Bb",
        "RCPT TO:<a@b.example> NOTIFY=DELAY ORCPT=rfc822;a@b X-OWN=1",
        "BDAT 17 LAST",
        "BURL imap://a/b LAST",
        "VRFY a b SMTPUTF8",
        "NOOP some text",
        "AUTH PLAIN AHQAdA==",
        "ETRN #queue",
        "ATRN a.example,b.example",
        "STARTTLS",
    };
    static const smtp_param_rule rule = {LINE("X-OWN"), SMTP_VERB_RCPT, 0};
    smtp_syntax syntax = syntax_of(SMTP_SYNTAX_UTF8, UINT32_MAX);
    (void)state;
    syntax.params = &rule;
    syntax.param_count = 1;
    for (size_t i = 0; i < ROWS(lines); i++) {
        char line[128];
        size_t length = strlen(lines[i]);
        assert_int_equal(line_error(smtp_text(lines[i]), &syntax, NULL), 0);
        for (size_t place = 0; place < length; place++) {
            for (int octet = 0; octet <= 127; octet = octet == 31 ? 127 : octet + 1) {
                size_t offset = 0;
                memcpy(line, lines[i], length);
                line[place] = (char)octet;
                if (place + 1 == length && octet == '\t') {
                    continue;
                }
                assert_int_equal(line_error(octets_of(line, length), &syntax, &offset),
                                 SMTP_ERR_CONTROL);
                assert_int_equal(offset, place);
            }
        }
    }
}

/* More than one space is refused, and tolerated only where it was asked for. */
static void test_spaces(void **state)
{
    static const line_verdict rows[] = {
        {LINE("EHLO  a.example"), SMTP_ERR_SPACE, 5},
        {LINE("MAIL  FROM:<>"), SMTP_ERR_SPACE, 5},
        {LINE("MAIL FROM:<a@b.example>  SIZE=1"), SMTP_ERR_SPACE, 24},
        {LINE("MAIL FROM:<a@b.example> SIZE=1  BODY=7BIT"), SMTP_ERR_SPACE, 31},
        {LINE("AUTH  PLAIN"), SMTP_ERR_SPACE, 5},
        {LINE("AUTH PLAIN  AHQAdA=="), SMTP_ERR_SPACE, 11},
        {LINE("BDAT  10"), SMTP_ERR_SPACE, 5},
        {LINE("BDAT 10  LAST"), SMTP_ERR_SPACE, 8},
        {LINE("VRFY  Smith"), SMTP_ERR_SPACE, 5},
        {LINE("ETRN  a.example"), SMTP_ERR_SPACE, 5},
    };
    smtp_syntax tolerant = syntax_of(0, SMTP_TOLERATE_SPACES);
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(line_error(rows[i].line, &tolerant, NULL), 0);
    }
}

/* Verbs of the caller's own, which take any text. */
/* Shows: R5321-4.1.5-1 R5321-2.2.2-2 */
static void test_own_verbs(void **state)
{
    static const smtp_str verbs[] = {LINE("XCLIENT"), LINE("X")};
    static const line_verdict rows[] = {
        {LINE("XCLIENT NAME=a ADDR=b"), 0, 0},
        {LINE("XCLIEN"), SMTP_ERR_VERB, 0},
        {LINE("x \xC3\xB6"), SMTP_ERR_UTF8_NOT_ALLOWED, 2},
        {LINE("X \xC3"), SMTP_ERR_UTF8, 2},
    };
    smtp_syntax syntax = syntax_of(0, 0);
    (void)state;
    syntax.verbs = verbs;
    syntax.verb_count = ROWS(verbs);
    lines_check(rows, ROWS(rows), &syntax);
    smtp_command command = line_parsed("xclient NAME=a  ADDR=b ", &syntax);
    assert_int_equal(command.verb, SMTP_VERB_CUSTOM);
    assert_text(command.argument, "NAME=a  ADDR=b");
    command = line_parsed("X", &syntax);
    assert_int_equal(command.verb, SMTP_VERB_CUSTOM + 1);
    assert_text(command.argument, "");
}

/* The octets of a chunk follow its line whatever else is wrong with that: they are told when they
 * can be. */
/* Shows: R3030-2-19 */
static void test_chunk_of_a_refused_line(void **state)
{
    static const struct {
        smtp_str line;
        int error;
        uint64_t octets;
    } rows[] = {
        {LINE("BDAT 10 FOO"), SMTP_ERR_KEYWORD, 10},
        {LINE("BDAT 0 FOO"), SMTP_ERR_KEYWORD, 0},
        {LINE("BDAT 10 LAST x"), SMTP_ERR_TRAILING, 10},
        {LINE("BDAT 10 LASTx"), SMTP_ERR_KEYWORD, 10},
        {LINE("BDAT  10"), SMTP_ERR_SPACE, 10},
        {LINE("BDAT 10  LAST"), SMTP_ERR_SPACE, 10},
        {LINE("BDAT 10 LA\0ST"), SMTP_ERR_CONTROL, 10},
        {LINE("BDAT 10\0"), SMTP_ERR_CONTROL, UINT64_MAX},
        {LINE("BDAT 10\tLAST"), SMTP_ERR_CONTROL, UINT64_MAX},
        {LINE("BDAT"), SMTP_ERR_ARGUMENT_MISSING, UINT64_MAX},
        {LINE("BDAT LAST"), SMTP_ERR_NUMBER, UINT64_MAX},
        {LINE("BDAT 10LAST"), SMTP_ERR_NUMBER, UINT64_MAX},
        {LINE("BDAT -1"), SMTP_ERR_NUMBER, UINT64_MAX},
        {LINE("BDAT +1"), SMTP_ERR_NUMBER, UINT64_MAX},
        {LINE("BDAT 0x10"), SMTP_ERR_NUMBER, UINT64_MAX},
        {LINE("BDAT 18446744073709551616"), SMTP_ERR_NUMBER_TOO_LARGE, UINT64_MAX},
        {LINE("BDAT 99999999999999999999999999"), SMTP_ERR_NUMBER_TOO_LARGE, UINT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_command command;
        assert_int_equal(smtp_command_parse(&command, rows[i].line, NULL, NULL), rows[i].error);
        assert_int_equal(command.verb, SMTP_VERB_BDAT);
        assert_true(command.octets == rows[i].octets);
    }
}

/* The verb is right though the argument is not. */
static void test_verb_of_a_refused_line(void **state)
{
    smtp_command command;
    (void)state;
    assert_true(smtp_command_parse(&command, smtp_text("MAIL foo"), NULL, NULL) != 0);
    assert_int_equal(command.verb, SMTP_VERB_MAIL);
    assert_int_equal(command.path.kind, SMTP_PATH_NONE);
    assert_int_equal(command.params.present, 0);
    assert_true(smtp_command_parse(&command, smtp_text("RSET x"), NULL, NULL) != 0);
    assert_int_equal(command.verb, SMTP_VERB_RSET);
}

static void test_size_of_syntax(void **state)
{
    struct {
        smtp_syntax syntax;
        unsigned char more[8];
    } newer = {syntax_of(0, 0), {0}};
    (void)state;
    newer.syntax.size = sizeof newer;
    assert_int_equal(line_error(smtp_text("NOOP"), &newer.syntax, NULL), 0);
    newer.more[7] = 1;
    assert_int_equal(line_error(smtp_text("NOOP"), &newer.syntax, NULL), SMTP_ERR_NEWER);
    newer.syntax.size = 0;
    assert_int_equal(line_error(smtp_text("NOOP"), &newer.syntax, NULL), SMTP_ERR_ARGUMENT);
}

/* Examples of the RFCs. */
/* Shows: R5321-4.1.2-1 */
static void test_examples(void **state)
{
    static const char *const lines[] = {
        "EHLO bar.com",
        "EHLO crispin.admin.panda-example.net.example",
        "MAIL FROM:<Smith@bar.com>",
        "MAIL FROM:<JQP@bar.com>",
        "RCPT TO:<@hosta.int,@jkl.org:userc@d.bar.org>",
        "RCPT TO:<Postmaster>",
        "RCPT TO:<Postmaster@foo.com>",
        "VRFY Crispin",
        "EXPN Example-People",
        "MAIL FROM:<gesamtschule@example.com> SIZE=1000000000",
        "MAIL FROM:<ned@thor.innosoft.com> SIZE=500000",
        "MAIL FROM:<ned@ymir.claremont.edu> BODY=8BITMIME",
        "MAIL FROM:<ned@ymir.claremont.edu> BODY=BINARYMIME",
        "BDAT 100000",
        "BDAT 324",
        "BDAT 0 LAST",
        "MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159",
        "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM",
        "RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE ORCPT=rfc822;Carol@Ivory.EDU",
        "RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU",
        "RCPT TO:<Eric@Bombs.AF.MIL> NOTIFY=NEVER",
        "MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com",
        "MAIL FROM:<> AUTH=<>",
        "AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=",
        "AUTH DIGEST-MD5",
        "AUTH CRAM-MD5",
        "AUTH FOOBAR =",
        "ETRN foo.com",
        "ETRN @foo.com",
        "ETRN #uucp",
        "ATRN example.org,example.com",
        "MAIL FROM:<roger@example.net> REQUIRETLS",
        "MAIL FROM:<eljefe@bigbiz.com> BY=120;R",
        "MAIL FROM:<eljefe@bigbiz.com> MT-PRIORITY=3",
        "BURL "
        "imap://harry@gryffindor.example.com/outbox;uid=25;urlauth=submit+harry:internal:91354a "
        "LAST",
        "MAIL FROM:<ned@innosoft.com> TRANSID=<12345@claremont.edu>",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(lines); i++) {
        assert_int_equal(line_parsed(lines[i], NULL).path.kind != SMTP_PATH_NONE,
                         strstr(lines[i], ":<") != NULL);
    }
}

/* Changes some octets of a line, or cuts it, or adds to it. */
static size_t mutate(char *line, size_t length, uint64_t *random)
{
    static const char octets[] = "<>@:;,.=+ \"\\[]{}-_0159aAzZ\t\r\n\x7F\xC3\xA9\xF0\x80/#*";
    size_t changes = octets_below(random, 3);
    for (size_t i = 0; i < changes && length > 0; i++) {
        size_t place = octets_below(random, length);
        char octet = octets[octets_below(random, sizeof octets)];
        switch (octets_below(random, 4)) {
        case 0:
            line[place] = octet;
            break;
        case 1:
            memmove(line + place + 1, line + place, length - place);
            line[place] = octet;
            length++;
            break;
        case 2:
            memmove(line + place, line + place + 1, length - place - 1);
            length--;
            break;
        default:
            length = place;
            break;
        }
    }
    return length;
}

/* What is taken can be written, what is written is taken and comes to the same, and writing that
 * gives the same octets: the canonical form is one. */
static void check_round_trip(const smtp_command *command, const smtp_syntax *syntax, smtp_str line)
{
    char first[1024], second[1024];
    size_t first_len, second_len;
    smtp_command again;
    int error = smtp_command_format(first, sizeof first, &first_len, command, syntax);
    if (error != 0) {
        fail_msg("'%.*s' cannot be written: %s", (int)line.len, line.ptr, smtp_error_name(error));
    }
    assert_null(memchr(first, '\n', first_len - 1));
    assert_null(memchr(first, '\0', first_len));
    error = smtp_command_parse(&again, octets_of(first, first_len - 2), syntax, NULL);
    assert_int_equal(error, 0);
    assert_int_equal(again.verb, command->verb);
    assert_int_equal(again.flags, command->flags);
    assert_true(again.octets == command->octets);
    assert_int_equal(again.params.present, command->params.present);
    assert_int_equal(again.path.kind, command->path.kind);
    if (command->path.kind == SMTP_PATH_MAILBOX) {
        assert_true(smtp_mailbox_equal(&again.path.mailbox, &command->path.mailbox));
    }
    assert_int_equal(smtp_command_format(second, sizeof second, &second_len, &again, syntax), 0);
    assert_true(smtp_str_equal(octets_of(first, first_len), octets_of(second, second_len)));
}

/* Shows: R5321-4.1.2-1 R5321-4.1.2-10 */
static void test_mutated_lines(void **state)
{
    enum { LINES = 1000000 };
    static const char *const lines[] = {
        "EHLO mail.example.org",
        "HELO [IPv6:2001:db8::1]",
        "LHLO [tag:content]",
        "MAIL FROM:<> SIZE=99999999999999999999",
        "MAIL FROM:<\"a b\"@[192.0.2.1]> SIZE=12 AUTH=a+2Bb@c.example ENVID=a+2Bb RET=HDRS",
        "MAIL FROM:<\xC3\xB6@\xC3\xB6.example> SMTPUTF8 BODY=8BITMIME BY=-12;NT",
        "MAIL FROM:<a@b.example> HOLDUNTIL=2030-02-28T10:11:12-07:00 MT-PRIORITY=-9",
        "MAIL FROM:<a@b.example> MTRK=QUJD:9 ENVID=x",
        "MAIL FROM:<a@b.example> SOLICIT=org.example:ADV,x HOLDFOR=9 TRANSID=<a.b@c> CONPERM",
        "RCPT TO:<@a.example,@b.example:\"c\\d\"@e.example> NOTIFY=DELAY,SUCCESS",
        "RCPT TO:<c@e.example> ORCPT=utf-8;\\x{F6}@x CONNEG",
        "RCPT TO:<postmaster> RRVS=2014-04-03T23:01:00Z;C X-OWN=1",
        "BDAT 17 LAST",
        "BURL imap://a/b%20c LAST",
        "VRFY a b SMTPUTF8",
        "NOOP some text",
        "AUTH PLAIN AHQAdA==",
        "AUTH external =",
        "ETRN #queue",
        "ETRN @a.example",
        "ATRN a.example,b.example",
        "starttls",
        "X-VERB some thing",
    };
    static const smtp_param_rule rule = {LINE("X-OWN"), SMTP_VERB_RCPT, 0};
    static const smtp_str verb = LINE("X-VERB");
    uint64_t random = 20240611;
    size_t taken = 0;
    (void)state;
    for (size_t i = 0; i < LINES; i++) {
        char line[512];
        const char *from = lines[octets_below(&random, ROWS(lines))];
        smtp_command command;
        size_t offset = SIZE_MAX;
        smtp_syntax syntax = syntax_of((uint32_t)octets_below(&random, 2), 0);
        if (octets_below(&random, 4) == 0) {
            syntax.tolerate = (uint32_t)octets_random(&random);
        }
        syntax.params = &rule;
        syntax.param_count = 1;
        syntax.verbs = &verb;
        syntax.verb_count = 1;
        memcpy(line, from, strlen(from));
        smtp_str copy = octets_copy(octets_of(line, mutate(line, strlen(from), &random)));
        int error = smtp_command_parse(&command, copy, &syntax, &offset);
        if (error == 0) {
            check_round_trip(&command, &syntax, copy);
            taken++;
        } else {
            assert_true(error <= SMTP_ERR_EMPTY && error >= SMTP_ERR_MECHANISM);
            assert_true(offset <= copy.len);
        }
        octets_free(copy);
    }
    assert_true(taken > LINES / 4 && taken < LINES - LINES / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_unknown_verbs),
        cmocka_unit_test(test_trailing_white_space),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_no_control_anywhere),
        cmocka_unit_test(test_spaces),
        cmocka_unit_test(test_own_verbs),
        cmocka_unit_test(test_chunk_of_a_refused_line),
        cmocka_unit_test(test_verb_of_a_refused_line),
        cmocka_unit_test(test_size_of_syntax),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_mutated_lines),
    };
    return cmocka_run_group_tests_name("syntax/command", tests, NULL, NULL);
}
