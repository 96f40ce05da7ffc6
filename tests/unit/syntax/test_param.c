/* SPDX-License-Identifier: MIT
 * Lists of MAIL and RCPT parameters. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

#define MAIL "MAIL FROM:<a@b.example> "
#define RCPT "RCPT TO:<a@b.example> "

/* Shows: R5321-4.1.2-5 R6531-3.1-5 R8689-2-1 */
static void test_refused(void **state)
{
    static const line_verdict rows[] = {
        {LINE(MAIL "FOO"), SMTP_ERR_PARAMETER_UNKNOWN, 24},
        {LINE(MAIL "SIZE=1 FOO=1"), SMTP_ERR_PARAMETER_UNKNOWN, 31},
        {LINE(MAIL "SIZ=1"), SMTP_ERR_PARAMETER_UNKNOWN, 24},
        {LINE(MAIL "SIZES=1"), SMTP_ERR_PARAMETER_UNKNOWN, 24},
        {LINE(RCPT "BY=1;N"), SMTP_ERR_PARAMETER_UNKNOWN, 22},
        {LINE(RCPT "SIZE=1"), SMTP_ERR_PARAMETER_UNKNOWN, 22},
        {LINE(MAIL "NOTIFY=NEVER"), SMTP_ERR_PARAMETER_UNKNOWN, 24},
        {LINE(MAIL "=1"), SMTP_ERR_KEYWORD, 24},
        {LINE(MAIL "-X=1"), SMTP_ERR_KEYWORD, 24},
        {LINE(MAIL "SI.ZE=1"), SMTP_ERR_KEYWORD, 26},
        {LINE(MAIL "<b@c.example>"), SMTP_ERR_KEYWORD, 24},
        {LINE(MAIL "SMTPUTF\xC3\xB6"), SMTP_ERR_KEYWORD, 31},
        {LINE(MAIL "SIZE"), SMTP_ERR_PARAMETER_VALUE_MISSING, 28},
        {LINE(MAIL "SIZE="), SMTP_ERR_PARAMETER_VALUE_MISSING, 29},
        {LINE(MAIL "SIZE= BODY=7BIT"), SMTP_ERR_PARAMETER_VALUE_MISSING, 29},
        {LINE(MAIL "SMTPUTF8=1"), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 32},
        {LINE(MAIL "REQUIRETLS="), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 34},
        {LINE(MAIL "CONPERM=1"), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 31},
        {LINE(RCPT "CONNEG=1"), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 28},
        {LINE(MAIL "SIZE=1 SIZE=1"), SMTP_ERR_PARAMETER_REPEATED, 31},
        {LINE(MAIL "SIZE=1 BODY=7BIT size=2"), SMTP_ERR_PARAMETER_REPEATED, 41},
        {LINE(MAIL "RET=FULL ENVID=a ENVID=b"), SMTP_ERR_PARAMETER_REPEATED, 41},
        {LINE(MAIL "RET=FULL RET=FULL"), SMTP_ERR_PARAMETER_REPEATED, 33},
        {LINE(MAIL "AUTH=<> AUTH=<>"), SMTP_ERR_PARAMETER_REPEATED, 32},
        {LINE(RCPT "NOTIFY=NEVER NOTIFY=NEVER"), SMTP_ERR_PARAMETER_REPEATED, 35},
        {LINE(RCPT "ORCPT=a;b ORCPT=a;b"), SMTP_ERR_PARAMETER_REPEATED, 32},
        {LINE(MAIL "SMTPUTF8 SMTPUTF8"), SMTP_ERR_PARAMETER_REPEATED, 33},
        {LINE(MAIL "SIZE=1x"), SMTP_ERR_PARAMETER_VALUE, 30},
        {LINE(MAIL "SIZE=1,BODY=7BIT"), SMTP_ERR_PARAMETER_VALUE, 30},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
}

/* Shows: R4865-3-2 R4865-4.1-2 R4865-4.2-6 R4865-5.2.2-1 R3885-2-1 */
static void test_conflicts(void **state)
{
    static const line_verdict rows[] = {
        {LINE(MAIL "HOLDFOR=1 HOLDUNTIL=2030-01-01T00:00:00Z"), SMTP_ERR_PARAMETER_CONFLICT, 34},
        {LINE(MAIL "HOLDUNTIL=2030-01-01T00:00:00Z HOLDFOR=1"), SMTP_ERR_PARAMETER_CONFLICT, 24},
        {LINE(MAIL "SIZE=1 MTRK=QUJD"), SMTP_ERR_PARAMETER_CONFLICT, 31},
        {LINE(MAIL "MTRK=QUJD ENVID=a"), 0, 0},
        {LINE(MAIL "HOLDFOR=100 BY=50;R"), SMTP_ERR_PARAMETER_CONFLICT, 24},
        {LINE(MAIL "BY=-50;N HOLDFOR=100"), SMTP_ERR_PARAMETER_CONFLICT, 33},
        {LINE(MAIL "HOLDFOR=50 BY=50;R"), 0, 0},
    };
    (void)state;
    lines_check(rows, ROWS(rows), NULL);
    static const smtp_param_rule rule = {LINE("X-OWN"), SMTP_VERB_MAIL, 0};
    static const line_verdict own = {LINE(MAIL "X-OWN MTRK=QUJD"), SMTP_ERR_PARAMETER_CONFLICT, 30};
    smtp_syntax syntax = syntax_of(0, 0);
    syntax.params = &rule;
    syntax.param_count = 1;
    lines_check(&own, 1, &syntax);
}

/* Each parameter needs the extension that brings it, and only that. */
/* Shows: R6152-3-1 R3461-2-1 R3885-2-2 */
static void test_not_offered(void **state)
{
    static const struct {
        smtp_str line;
        uint32_t extensions; /* each of these is enough by itself */
        size_t offset;
    } rows[] = {
        {LINE(MAIL "SIZE=1"), SMTP_EXT_SIZE, 24},
        {LINE(MAIL "BODY=8BITMIME"), SMTP_EXT_8BITMIME, 24},
        {LINE(MAIL "BODY=7BIT"), SMTP_EXT_8BITMIME | SMTP_EXT_BINARYMIME, 24},
        {LINE(MAIL "SMTPUTF8"), SMTP_EXT_SMTPUTF8, 24},
        {LINE(MAIL "AUTH=<>"), SMTP_EXT_AUTH, 24},
        {LINE(MAIL "RET=HDRS"), SMTP_EXT_DSN, 24},
        {LINE(MAIL "ENVID=a"), SMTP_EXT_DSN | SMTP_EXT_MTRK, 24},
        {LINE(RCPT "NOTIFY=NEVER"), SMTP_EXT_DSN, 22},
        {LINE(RCPT "ORCPT=a;b"), SMTP_EXT_DSN | SMTP_EXT_MTRK, 22},
        {LINE(MAIL "BY=1;N"), SMTP_EXT_DELIVERBY, 24},
        {LINE(MAIL "HOLDFOR=1"), SMTP_EXT_FUTURERELEASE, 24},
        {LINE(MAIL "HOLDUNTIL=2030-01-01T00:00:00Z"), SMTP_EXT_FUTURERELEASE, 24},
        {LINE(MAIL "MT-PRIORITY=1"), SMTP_EXT_MT_PRIORITY, 24},
        {LINE(MAIL "REQUIRETLS"), SMTP_EXT_REQUIRETLS, 24},
        {LINE(MAIL "SOLICIT=a"), SMTP_EXT_NO_SOLICITING, 24},
        {LINE(MAIL "TRANSID=<a@b>"), SMTP_EXT_CHECKPOINT, 24},
        {LINE(MAIL "CONPERM"), SMTP_EXT_CONPERM, 24},
        {LINE(RCPT "CONNEG"), SMTP_EXT_CONNEG, 22},
        {LINE(RCPT "RRVS=2014-04-03T23:01:00Z"), SMTP_EXT_RRVS, 22},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_syntax syntax = syntax_of(0, 0);
        size_t offset = 0;
        syntax.extensions = ~rows[i].extensions;
        if (rows[i].line.ptr[24] == 'B' && rows[i].line.ptr[29] == '8') {
            syntax.extensions &= ~(uint32_t)SMTP_EXT_BINARYMIME;
        }
        assert_int_equal(line_error(rows[i].line, &syntax, &offset),
                         SMTP_ERR_PARAMETER_NOT_OFFERED);
        assert_int_equal(offset, rows[i].offset);
        for (uint32_t bit = 1; bit != 0; bit <<= 1) {
            syntax.extensions = bit;
            assert_int_equal(line_error(rows[i].line, &syntax, NULL),
                             (rows[i].extensions & bit) ? 0 : SMTP_ERR_PARAMETER_NOT_OFFERED);
        }
    }
}

/* Shows: R3030-3-1 R3030-3-2 */
static void test_binarymime(void **state)
{
    smtp_str line = LINE(MAIL "BODY=BINARYMIME");
    smtp_syntax syntax = syntax_of(0, 0);
    size_t offset = 0;
    (void)state;
    syntax.extensions = SMTP_EXT_BINARYMIME | SMTP_EXT_CHUNKING;
    assert_int_equal(line_error(line, &syntax, NULL), 0);
    syntax.extensions = SMTP_EXT_8BITMIME | SMTP_EXT_BINARYMIME;
    assert_int_equal(line_error(line, &syntax, &offset), SMTP_ERR_PARAMETER_NOT_OFFERED);
    assert_int_equal(offset, 29);
    syntax.extensions = SMTP_EXT_8BITMIME | SMTP_EXT_CHUNKING;
    assert_int_equal(line_error(line, &syntax, NULL), SMTP_ERR_PARAMETER_NOT_OFFERED);
}

static void test_no_parameters(void **state)
{
    static const smtp_param_rule rule = {LINE("X-OWN"), SMTP_VERB_MAIL, 0};
    static const line_verdict rows[] = {
        {LINE("MAIL FROM:<a@b.example>"), 0, 0},
        {LINE(MAIL "SIZE=1"), SMTP_ERR_PARAMETER_NOT_OFFERED, 24},
        {LINE(MAIL "FOO"), SMTP_ERR_PARAMETER_NOT_OFFERED, 24},
        {LINE(MAIL "X-OWN"), SMTP_ERR_PARAMETER_NOT_OFFERED, 24},
    };
    smtp_syntax syntax = syntax_of(SMTP_SYNTAX_NO_PARAMETERS, 0);
    (void)state;
    syntax.params = &rule;
    syntax.param_count = 1;
    lines_check(rows, ROWS(rows), &syntax);
}

/* Parameters of the caller. */
/* Shows: R5321-4.1.2-5 R6531-3.3-1 */
static void test_own_parameters(void **state)
{
    static const smtp_param_rule rules[] = {
        {LINE("X-MAY"), SMTP_VERB_MAIL, 0},
        {LINE("X-MUST"), SMTP_VERB_MAIL, 1},
        {LINE("X-NONE"), SMTP_VERB_MAIL, 2},
        {LINE("X-RCPT"), SMTP_VERB_RCPT, 0},
    };
    static const line_verdict rows[] = {
        {LINE(MAIL "X-MAY"), 0, 0},
        {LINE(MAIL "x-may=!<>~,"), 0, 0},
        {LINE(MAIL "X-MAY="), SMTP_ERR_PARAMETER_VALUE_MISSING, 30},
        {LINE(MAIL "X-MUST"), SMTP_ERR_PARAMETER_VALUE_MISSING, 30},
        {LINE(MAIL "X-MUST=1"), 0, 0},
        {LINE(MAIL "X-NONE"), 0, 0},
        {LINE(MAIL "X-NONE=1"), SMTP_ERR_PARAMETER_VALUE_UNEXPECTED, 30},
        {LINE(MAIL "X-RCPT"), SMTP_ERR_PARAMETER_UNKNOWN, 24},
        {LINE(RCPT "X-RCPT=1"), 0, 0},
        {LINE(MAIL "X-MAY=a=b"), SMTP_ERR_PARAMETER_VALUE, 31},
        {LINE(MAIL "X-MAY SIZE=1 X-MUST=2 X-NONE"), 0, 0},
        {LINE(MAIL "X-MAY SIZE=1 X-MAY=2"), SMTP_ERR_PARAMETER_REPEATED, 37},
        {LINE(MAIL "X-MAY=\xC3\xB6"), SMTP_ERR_UTF8_NOT_ALLOWED, 30},
        {LINE(MAIL "X-MAY=a\xC3\xB6z SMTPUTF8"), 0, 0},
        {LINE(MAIL "X-MAY=\xC3 SMTPUTF8"), SMTP_ERR_PARAMETER_VALUE, 30},
    };
    smtp_syntax syntax = syntax_of(0, 0);
    (void)state;
    syntax.params = rules;
    syntax.param_count = ROWS(rules);
    lines_check(rows, ROWS(rows), &syntax);
    smtp_command command = line_parsed(MAIL "X-MAY SIZE=1 X-MUST=2", &syntax);
    assert_int_equal(command.params.present, SMTP_PARAM_OTHER | SMTP_PARAM_SIZE);
    assert_text(command.params.text, "X-MAY SIZE=1 X-MUST=2");
}

static void test_next(void **state)
{
    static const struct {
        const char *keyword, *value;
    } expected[] = {{"SIZE", "1"}, {"SMTPUTF8", NULL}, {"X", ""}, {"AUTH", "a=b"}};
    smtp_str text = LINE(" SIZE=1 SMTPUTF8  X= AUTH=a=b  ");
    smtp_param param;
    size_t position = 0;
    (void)state;
    for (size_t i = 0; i < ROWS(expected); i++) {
        assert_int_equal(smtp_params_next(text, &position, &param), 1);
        assert_text(param.keyword, expected[i].keyword);
        assert_text(param.value, expected[i].value);
        assert_int_equal(param.value.ptr != NULL, expected[i].value != NULL);
    }
    assert_int_equal(smtp_params_next(text, &position, &param), 0);
    assert_int_equal(smtp_params_next(text, &position, &param), 0);
    position = 0;
    assert_int_equal(smtp_params_next(octets_of(NULL, 0), &position, &param), 0);
}

/* What a caller gives as text is added, but for what a member says already. */
/* Shows: R3461-5.2.1-1 R3461-4.5-1 */
static void test_written(void **state)
{
    static const smtp_param_rule rule = {LINE("X-OWN"), SMTP_VERB_MAIL, 0};
    smtp_syntax syntax = syntax_of(0, 0);
    (void)state;
    syntax.params = &rule;
    syntax.param_count = 1;
    smtp_command command = line_parsed(MAIL "X-OWN=2 BODY=7BIT SIZE=007 ENVID=A+41", &syntax);
    assert_formatted(&command, &syntax, 0,
                     "MAIL FROM:<a@b.example> SIZE=7 BODY=7BIT ENVID=A+41 X-OWN=2");
    command.params.size = 8;
    command.params.text = smtp_text("SIZE=9 REQUIRETLS X-OWN");
    assert_formatted(&command, &syntax, 0,
                     "MAIL FROM:<a@b.example> SIZE=8 BODY=7BIT ENVID=A+41 REQUIRETLS X-OWN");
    command.params.text = smtp_text("FOO");
    assert_formatted(&command, &syntax, SMTP_ERR_PARAMETER_UNKNOWN, NULL);
    command.params.text = smtp_text("X-OWN X-OWN");
    assert_formatted(&command, &syntax, SMTP_ERR_PARAMETER_REPEATED, NULL);
    command.params.text = smtp_text("X-OWN\r\nRSET");
    assert_formatted(&command, &syntax, SMTP_ERR_CONTROL, NULL);
    command.params.text = smtp_text("MTRK=QUJD HOLDFOR=1 HOLDUNTIL=2030-01-01T00:00:00Z");
    assert_formatted(&command, &syntax, SMTP_ERR_PARAMETER_CONFLICT, NULL);
    command.params.text = smtp_text(NULL);
    command.params.present |= SMTP_PARAM_NOTIFY;
    assert_formatted(&command, &syntax, SMTP_ERR_PARAMETER_UNKNOWN, NULL);
    command.params.present = UINT32_C(1) << 29;
    assert_formatted(&command, &syntax, SMTP_ERR_PARAMETER_UNKNOWN, NULL);
    command.params.present = SMTP_PARAM_SIZE;
    syntax.extensions = 0;
    assert_formatted(&command, &syntax, SMTP_ERR_PARAMETER_NOT_OFFERED, NULL);
}

/* No member can hold more than its one value. */
/* Shows: R5321-4.1.2-12 R5321-4.1.2-6 */
static void test_injection(void **state)
{
    static const char *const values[] = {"a SIZE=1", "a\r\nRSET", "a\tb", "a ",       " a",   "a b",
                                         "=",        "a=b",       "",     "\xC3\xB6", "a\x7F"};
    (void)state;
    for (size_t i = 0; i < ROWS(values); i++) {
        smtp_str value = smtp_text(values[i]);
        smtp_command mail = line_parsed("MAIL FROM:<>", NULL);
        smtp_command rcpt = line_parsed("RCPT TO:<a@b.example>", NULL);
        char out[512];
        size_t len;
        mail.params.envid = mail.params.auth = mail.params.solicit = mail.params.transid =
            mail.params.mtrk = value;
        mail.params.mtrk_timeout = 0;
        rcpt.params.orcpt_type = rcpt.params.orcpt_address = value;
        mail.params.present = SMTP_PARAM_ENVID;
        assert_true(smtp_command_format(out, sizeof out, &len, &mail, NULL) != 0);
        mail.params.present = SMTP_PARAM_AUTH;
        assert_true(smtp_command_format(out, sizeof out, &len, &mail, NULL) != 0);
        mail.params.present = SMTP_PARAM_SOLICIT;
        assert_true(smtp_command_format(out, sizeof out, &len, &mail, NULL) != 0);
        mail.params.present = SMTP_PARAM_TRANSID;
        assert_true(smtp_command_format(out, sizeof out, &len, &mail, NULL) != 0);
        mail.params.present = SMTP_PARAM_MTRK;
        assert_true(smtp_command_format(out, sizeof out, &len, &mail, NULL) != 0);
        rcpt.params.present = SMTP_PARAM_ORCPT;
        assert_true(smtp_command_format(out, sizeof out, &len, &rcpt, NULL) != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_not_offered),   cmocka_unit_test(test_binarymime),
        cmocka_unit_test(test_no_parameters), cmocka_unit_test(test_own_parameters),
        cmocka_unit_test(test_next),          cmocka_unit_test(test_written),
        cmocka_unit_test(test_injection),
    };
    return cmocka_run_group_tests_name("syntax/param", tests, NULL, NULL);
}
