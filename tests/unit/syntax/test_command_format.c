/* SPDX-License-Identifier: MIT
 * Command lines, written. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

/* Lines in another spelling, and the one that is written. */
/* Shows: R5321-2.4-5 R5321-3.3-12 R5321-3.3-5 R5321-3.3-6 R5321-4.1.2-10 R5321-4.1.1.1-2 R4954-4-10
 * R5321-3.6.3-4 */
static void test_canonical(void **state)
{
    static const struct {
        const char *line, *canonical;
    } rows[] = {
        {"helo Mail.example.org ", "HELO Mail.example.org"},
        {"ehlo [IPv6:2001:DB8:0:0:0:0:0:1]", "EHLO [IPv6:2001:db8::1]"},
        {"mail from:<>", "MAIL FROM:<>"},
        {"mail from:<\"a\"@b.example>", "MAIL FROM:<a@b.example>"},
        {"MAIL FROM:<\"a b\"@[192.0.2.1]> body=8bitmime size=07",
         "MAIL FROM:<\"a b\"@[192.0.2.1]> SIZE=7 BODY=8BITMIME"},
        {"rcpt to:<@a.example,@b.example:c@d.example>", "RCPT TO:<c@d.example>"},
        {"RCPT TO:<postmaster> notify=delay,success", "RCPT TO:<postmaster> NOTIFY=SUCCESS,DELAY"},
        {"data", "DATA"},
        {"bdat 007 last", "BDAT 7 LAST"},
        {"burl imap://a/b last", "BURL imap://a/b LAST"},
        {"vrfy  ", NULL},
        {"vrfy a b smtputf8", "VRFY a b SMTPUTF8"},
        {"noop any  thing ", "NOOP any  thing"},
        {"noop  two", "NOOP  two"},
        {"Noop", "NOOP"},
        {"help", "HELP"},
        {"starttls", "STARTTLS"},
        {"auth plain =", "AUTH plain ="},
        {"auth PLAIN AHQAdA==", "AUTH PLAIN AHQAdA=="},
        {"auth LOGIN", "AUTH LOGIN"},
        {"etrn @a.example", "ETRN @a.example"},
        {"etrn #q", "ETRN #q"},
        {"etrn a.example", "ETRN a.example"},
        {"atrn a.example,b.example", "ATRN a.example,b.example"},
        {"atrn", "ATRN"},
        {"quit", "QUIT"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        if (rows[i].canonical == NULL) {
            assert_int_equal(line_error(smtp_text(rows[i].line), NULL, NULL),
                             SMTP_ERR_ARGUMENT_MISSING);
            continue;
        }
        smtp_command command = line_parsed(rows[i].line, NULL);
        assert_formatted(&command, NULL, 0, rows[i].canonical);
    }
}

/* Writes a command whose line has `length` octets with its CRLF to buffers of every size. */
static void check_space(const smtp_command *command, size_t length)
{
    for (size_t room = 0; room <= length + 1; room++) {
        char *out = malloc(room > 0 ? room : 1);
        size_t len = 99;
        int enough = room >= length;
        assert_non_null(out);
        assert_int_equal(smtp_command_format(out, room, &len, command, NULL),
                         enough ? 0 : SMTP_ERR_NO_SPACE);
        assert_int_equal(len, enough ? length : 0);
        free(out);
    }
}

static void test_space(void **state)
{
    static const char *const lines[] = {
        "DATA",        "NOOP some text",      "EHLO [192.0.2.1]",
        "BDAT 7 LAST", "AUTH PLAIN AHQAdA==", "MAIL FROM:<a@b.example> SIZE=7 AUTH=<>",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(lines); i++) {
        smtp_command command = line_parsed(lines[i], NULL);
        check_space(&command, strlen(lines[i]) + 2);
    }
    smtp_command command = line_parsed("MAIL FROM:<> SIZE=7 AUTH=<>", NULL);
    command.params.present = 0; /* both come out of the text now */
    check_space(&command, strlen("MAIL FROM:<> SIZE=7 AUTH=<>") + 2);
}

/* What would be another command, another line or another word than it says is not written. */
/* Shows: R5321-4.1.2-12 R5321-4.1.1-4 R5321-2.4-11 R6531-3.7.1-1 R5321-2.3.8-4 R5321-4.1.1.3-8 */
static void test_refused(void **state)
{
    static const char *const texts[] = {"a\r\nQUIT", "a\n",   "a\rb",     "a\tb",
                                        "a\x01",     "a\x7F", "\xC3\xB6", "\xFF"};
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        static const int verbs[] = {SMTP_VERB_VRFY, SMTP_VERB_EXPN, SMTP_VERB_HELP, SMTP_VERB_NOOP,
                                    SMTP_VERB_BURL, SMTP_VERB_AUTH, SMTP_VERB_ETRN, SMTP_VERB_ATRN,
                                    SMTP_VERB_DATA, SMTP_VERB_HELO, SMTP_VERB_EHLO};
        char out[256];
        size_t len;
        for (size_t j = 0; j < ROWS(verbs); j++) {
            smtp_command command = {0};
            command.verb = verbs[j];
            command.argument = smtp_text(texts[i]);
            command.host.kind = SMTP_HOST_DOMAIN;
            command.host.text = smtp_text(texts[i]);
            assert_true(smtp_command_format(out, sizeof out, &len, &command, NULL) != 0);
            assert_int_equal(len, 0);
        }
        smtp_command command = line_parsed("AUTH PLAIN =", NULL);
        command.response = smtp_text(texts[i]);
        assert_true(smtp_command_format(out, sizeof out, &len, &command, NULL) != 0);
        command = line_parsed("MAIL FROM:<a@b.example>", NULL);
        command.path.mailbox.local = smtp_text(texts[i]);
        assert_true(smtp_command_format(out, sizeof out, &len, &command, NULL) != 0);
        command = line_parsed("RCPT TO:<a@b.example>", NULL);
        command.path.mailbox.host.text = smtp_text(texts[i]);
        assert_true(smtp_command_format(out, sizeof out, &len, &command, NULL) != 0);
    }
}

/* A part that would spill over into the next is seen, though the line would parse. */
/* Shows: R5321-4.1.2-12 */
static void test_spilling_parts(void **state)
{
    static const struct {
        int verb;
        uint32_t flags;
        const char *argument;
    } rows[] = {
        {SMTP_VERB_VRFY, 0, "a SMTPUTF8"},
        {SMTP_VERB_AUTH, 0, "PLAIN AHQAdA=="},
        {SMTP_VERB_BURL, 0, "imap://a LAST"},
        {SMTP_VERB_ETRN, 0, "@a.example"},
        {SMTP_VERB_ETRN, 0, "#queue"},
        {SMTP_VERB_NOOP, 0, "a "},
        {SMTP_VERB_VRFY, 0, "a "},
        {SMTP_VERB_NOOP, SMTP_COMMAND_LAST, "a"},
        {SMTP_VERB_ATRN, SMTP_COMMAND_QUEUE, "a.example"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_command command = {0};
        command.verb = rows[i].verb;
        command.flags = rows[i].flags;
        command.argument = smtp_text(rows[i].argument);
        assert_formatted(&command, NULL, SMTP_ERR_ARGUMENT, NULL);
    }
    smtp_command command = line_parsed("RCPT TO:<a@b.example>", NULL);
    command.path.mailbox.host.text = smtp_text("b.example> NOTIFY=NEVER ORCPT=a;<b");
    assert_formatted(&command, NULL, SMTP_ERR_TRAILING, NULL);
    command = line_parsed("DATA", NULL);
    command.argument = smtp_text("x");
    assert_formatted(&command, NULL, SMTP_ERR_ARGUMENT_UNEXPECTED, NULL);
    command = line_parsed("AUTH PLAIN", NULL);
    command.response = smtp_text("AHQAdA==");
    assert_formatted(&command, NULL, SMTP_ERR_ARGUMENT, NULL);
}

/* Shows: R5321-2.3.1-1 R6531-3.2-6 R5321-4.1.1.2-3 */
static void test_what_is_not_offered(void **state)
{
    smtp_syntax utf8 = syntax_of(SMTP_SYNTAX_UTF8, 0);
    smtp_syntax nothing = syntax_of(0, 0);
    (void)state;
    nothing.extensions = 0;
    smtp_command command = line_parsed("RCPT TO:<\xC3\xB6@b.example>", &utf8);
    assert_formatted(&command, &utf8, 0, "RCPT TO:<\xC3\xB6@b.example>");
    assert_formatted(&command, NULL, SMTP_ERR_UTF8_NOT_ALLOWED, NULL);
    assert_formatted(&command, &nothing, SMTP_ERR_UTF8_NOT_ALLOWED, NULL);
    command = line_parsed("MAIL FROM:<\xC3\xB6@b.example> SMTPUTF8", NULL);
    command.params.present = 0;
    command.params.text = smtp_text(NULL);
    assert_formatted(&command, &utf8, SMTP_ERR_UTF8_NOT_ALLOWED, NULL);
    command.params.present = SMTP_PARAM_SMTPUTF8;
    assert_formatted(&command, &utf8, 0, "MAIL FROM:<\xC3\xB6@b.example> SMTPUTF8");
    assert_formatted(&command, &nothing, SMTP_ERR_PARAMETER_NOT_OFFERED, NULL);
}

static void test_verbs_and_paths(void **state)
{
    static const smtp_str verbs[] = {LINE("XCLIENT"), LINE("DATA"), LINE("NOOP"), LINE("QUIT\r\n")};
    smtp_syntax syntax = syntax_of(0, 0);
    smtp_command command = {0};
    (void)state;
    assert_formatted(&command, NULL, SMTP_ERR_VERB, NULL);
    command.verb = SMTP_VERB_END_OF_DATA;
    assert_formatted(&command, NULL, SMTP_ERR_VERB, NULL);
    command.verb = SMTP_VERB_CUSTOM;
    assert_formatted(&command, NULL, SMTP_ERR_VERB, NULL);
    syntax.verbs = verbs;
    syntax.verb_count = ROWS(verbs);
    command.argument = smtp_text("NAME=a b");
    assert_formatted(&command, &syntax, 0, "XCLIENT NAME=a b");
    command.verb = SMTP_VERB_CUSTOM + 1; /* it would be read as the other DATA */
    assert_formatted(&command, &syntax, SMTP_ERR_ARGUMENT_UNEXPECTED, NULL);
    command.verb = SMTP_VERB_CUSTOM + 2; /* and here the other one takes the same argument */
    assert_formatted(&command, &syntax, SMTP_ERR_ARGUMENT, NULL);
    command.verb = SMTP_VERB_CUSTOM + 3; /* no word of the caller's makes a line of its own */
    assert_formatted(&command, &syntax, SMTP_ERR_CONTROL, NULL);
    command.verb = SMTP_VERB_CUSTOM + 4;
    assert_formatted(&command, &syntax, SMTP_ERR_VERB, NULL);
    syntax.size = 1;
    assert_formatted(&command, &syntax, SMTP_ERR_ARGUMENT, NULL);
    command = line_parsed("MAIL FROM:<>", NULL);
    command.verb = SMTP_VERB_RCPT;
    assert_formatted(&command, NULL, SMTP_ERR_NULL_PATH, NULL);
    command = line_parsed("RCPT TO:<Postmaster>", NULL);
    command.verb = SMTP_VERB_MAIL;
    assert_formatted(&command, NULL, SMTP_ERR_AT_MISSING, NULL);
    command.path.kind = SMTP_PATH_NONE;
    assert_formatted(&command, NULL, SMTP_ERR_ARGUMENT, NULL);
}

static smtp_str any_of(const char *const *texts, size_t count, uint64_t *random)
{
    return smtp_text(texts[octets_below(random, count)]);
}

/* A MAIL or RCPT with random parameters. */
static smtp_command random_envelope(uint64_t *random)
{
    static const char *const paths[] = {"<a@b.example>", "<\"a b\"@[192.0.2.1]>", "<x@[IPv6:::1]>"};
    static const char *const xtexts[] = {"a", "a+2Bb", "+20~!", "QQ314159"};
    static const char *const mailboxes[] = {"<>", "a@b.example", "a+2Bb@c.example"};
    static const char *const base64[] = {"QUJD", "QUI=", "QQ=="};
    static const char *const words[] = {"a", "org.example:ADV,b"};
    smtp_command out = {0};
    smtp_params *params = &out.params;
    uint32_t mail = SMTP_PARAM_SIZE | SMTP_PARAM_BODY | SMTP_PARAM_SMTPUTF8 | SMTP_PARAM_AUTH |
                    SMTP_PARAM_RET | SMTP_PARAM_ENVID | SMTP_PARAM_BY | SMTP_PARAM_HOLDUNTIL |
                    SMTP_PARAM_MT_PRIORITY | SMTP_PARAM_REQUIRETLS | SMTP_PARAM_SOLICIT |
                    SMTP_PARAM_CONPERM | SMTP_PARAM_TRANSID | SMTP_PARAM_MTRK;
    uint32_t rcpt = SMTP_PARAM_NOTIFY | SMTP_PARAM_ORCPT | SMTP_PARAM_CONNEG | SMTP_PARAM_RRVS;
    out.verb = octets_below(random, 2) ? SMTP_VERB_MAIL : SMTP_VERB_RCPT;
    assert_int_equal(
        smtp_path_parse(&out.path, any_of(paths, ROWS(paths), random), 0, 0, NULL, NULL), 0);
    params->present = (uint32_t)octets_random(random) & (out.verb == SMTP_VERB_MAIL ? mail : rcpt);
    params->present |= (params->present & SMTP_PARAM_MTRK) ? SMTP_PARAM_ENVID : 0;
    params->size = octets_random(random);
    params->body = 1 + (int)octets_below(random, 3);
    params->ret = 1 + (int)octets_below(random, 2);
    params->envid = any_of(xtexts, ROWS(xtexts), random);
    params->auth = any_of(mailboxes, ROWS(mailboxes), random);
    params->by_mode = 1 + (int)octets_below(random, 2);
    params->by_seconds = 1 + (int32_t)octets_below(random, 999999999);
    params->by_seconds *= params->by_mode == SMTP_BY_NOTIFY && octets_below(random, 2) ? -1 : 1;
    params->by_trace = (uint32_t)octets_below(random, 2);
    params->hold_until = octets_random(random) % UINT64_C(253402300800);
    params->mt_priority = (int)octets_below(random, 19) - 9;
    params->solicit = any_of(words, ROWS(words), random);
    params->transid = smtp_text("<a.b@c>");
    params->mtrk = any_of(base64, ROWS(base64), random);
    params->mtrk_timeout = (uint32_t)octets_below(random, 1000000000);
    params->notify = octets_below(random, 4) ? (1 + (uint32_t)octets_below(random, 7)) * 2 : 1;
    params->orcpt_type = smtp_text("rfc822");
    params->orcpt_address = any_of(xtexts, ROWS(xtexts), random);
    params->rrvs = octets_random(random) % UINT64_C(253402300800);
    params->rrvs_action = (int)octets_below(random, 3);
    return out;
}

static void assert_params(const smtp_params *a, const smtp_params *b)
{
    uint32_t present = a->present;
    assert_int_equal(b->present, present);
    assert_true(!(present & SMTP_PARAM_SIZE) || a->size == b->size);
    assert_true(!(present & SMTP_PARAM_BODY) || a->body == b->body);
    assert_true(!(present & SMTP_PARAM_RET) || a->ret == b->ret);
    assert_true(!(present & SMTP_PARAM_ENVID) || smtp_str_equal(a->envid, b->envid));
    assert_true(!(present & SMTP_PARAM_AUTH) || smtp_str_equal(a->auth, b->auth));
    assert_true(
        !(present & SMTP_PARAM_BY) ||
        (a->by_seconds == b->by_seconds && a->by_mode == b->by_mode && a->by_trace == b->by_trace));
    assert_true(!(present & SMTP_PARAM_HOLDUNTIL) || a->hold_until == b->hold_until);
    assert_true(!(present & SMTP_PARAM_MT_PRIORITY) || a->mt_priority == b->mt_priority);
    assert_true(!(present & SMTP_PARAM_SOLICIT) || smtp_str_equal(a->solicit, b->solicit));
    assert_true(!(present & SMTP_PARAM_TRANSID) || smtp_str_equal(a->transid, b->transid));
    assert_true(!(present & SMTP_PARAM_MTRK) ||
                (smtp_str_equal(a->mtrk, b->mtrk) && a->mtrk_timeout == b->mtrk_timeout));
    assert_true(!(present & SMTP_PARAM_NOTIFY) || a->notify == b->notify);
    assert_true(!(present & SMTP_PARAM_ORCPT) ||
                (smtp_str_equal(a->orcpt_type, b->orcpt_type) &&
                 smtp_str_equal(a->orcpt_address, b->orcpt_address)));
    assert_true(!(present & SMTP_PARAM_RRVS) ||
                (a->rrvs == b->rrvs && a->rrvs_action == b->rrvs_action));
}

/* What was written says what was meant. */
/* Shows: R3461-5.2.1-1 R3461-5.2.1-2 R3461-5.2.1-3 R2852-4.1.4-1 */
static void test_random_envelopes(void **state)
{
    uint64_t random = 11;
    (void)state;
    for (size_t i = 0; i < 50000; i++) {
        smtp_command command = random_envelope(&random), again;
        char out[2048];
        size_t len;
        int error = smtp_command_format(out, sizeof out, &len, &command, NULL);
        if (error != 0) {
            fail_msg("%zu: %s", i, smtp_error_name(error));
        }
        smtp_str copy = octets_copy(octets_of(out, len - 2));
        assert_int_equal(smtp_command_parse(&again, copy, NULL, NULL), 0);
        assert_int_equal(again.verb, command.verb);
        assert_true(smtp_mailbox_equal(&again.path.mailbox, &command.path.mailbox));
        assert_params(&command.params, &again.params);
        octets_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_space),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_spilling_parts),
        cmocka_unit_test(test_what_is_not_offered),
        cmocka_unit_test(test_verbs_and_paths),
        cmocka_unit_test(test_random_envelopes),
    };
    return cmocka_run_group_tests_name("syntax/command_format", tests, NULL, NULL);
}
