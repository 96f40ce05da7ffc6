/* SPDX-License-Identifier: MIT
 * Command lines in the form that they should have, with any octets in some places, whole or
 * without their end.
 * with: base/ctype.c base/number.c base/str.c base/writer.c base/xtext.c syntax/*.c
 * bound: the forms below, where each ? is any octet, whole and without the last octet or two,
 *     under all rules
 * contents: kept */
#define PROMISE_UTF8
#include "promises.h"

#include "smtp/command.h"
#include "syntax/cursor.h"

static void command(void)
{
    static const char *const forms[] = {
        "EHLO [1?.0.0.1]",
        "HELO a?b",
        "MAIL FROM:<?@b> SIZE=?1 XA=?",
        "MAIL FROM:<> AUTH=?@b BODY=?BITMIME",
        "MAIL FROM:<> BY=-?;RT ENVID=?+2B RET=?DRS",
        "MAIL FROM:<> HOLDFOR=?9 MT-PRIORITY=-?",
        "MAIL FROM:<> MTRK=?A==:1 SOLICIT=a?:b",
        "RCPT TO:<a?> NOTIFY=DELAY,?AILURE",
        "RCPT TO:<a@b> ORCPT=utf-8;?\\x{4?}",
        "BDAT 1? ?AST",
        "BURL imap:?x LAST?",
        "AUTH PLAI? ?A==",
        "VRFY a? SMTPUTF8",
        "ETRN ?a",
        "ATRN a,?b",
        "XONE ?",
    };
    static const smtp_str verbs[] = {SMTP__STR("XONE")};
    static const smtp_param_rule rules[] = {{SMTP__STR("XA"), SMTP_VERB_MAIL, 1}};
    smtp_syntax syntax = {sizeof syntax, any_bits(), any_bits(), any_bits(), 0, rules, 1, verbs, 1};
    smtp_str line = ANY_FORM(forms);
    smtp_command out;
    size_t offset;
    int error = smtp_command_parse(&out, line, &syntax, &offset);
    /*@ assert error == 0 || offset <= line.len; */
    /*@ assert out.name.len <= line.len && out.argument.len <= line.len; */
}

int main(void)
{
    CALL_ONE_OF(command);
    return 0;
}
