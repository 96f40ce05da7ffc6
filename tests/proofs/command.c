/* SPDX-License-Identifier: MIT
 * Command lines, read: the verbs, and the arguments of each shape.
 * with: base/ctype.c base/number.c base/str.c syntax/cursor.c syntax/sized.c syntax/verb.c
 *     syntax/command.c
 * bound: lines of 0 to 5 octets; arguments of each shape alone of 0 to 5 */
#define PROMISE_UTF8
#define PROMISE_ADDRESS
#define PROMISE_PARAMS
#include "promises.h"

#include "syntax/argument.c"

static smtp_syntax any_syntax(void)
{
    static const smtp_str verbs[] = {SMTP__STR("XONE"), SMTP__STR("XTWO")};
    smtp_syntax syntax = {sizeof syntax, any_bits(), any_bits(), any_bits(), 0, NULL, 0, verbs, 2};
    return syntax;
}

static void check_result(const smtp_command *out, smtp_str line)
{
    /*@ assert out->name.len <= line.len; */
    /*@ assert out->argument.len <= line.len; */
    (void)out;
    (void)line;
}

static void line(void)
{
    smtp_str line = any_text(5);
    smtp_syntax syntax = any_syntax();
    smtp_command out;
    size_t offset;
    int error = smtp_command_parse(&out, line, any_of(2) ? &syntax : NULL, &offset);
    /*@ assert error == 0 || offset <= line.len; */
    check_result(&out, line);
}

static void argument(void)
{
    int shape = any_of(SMTP__SHAPES);
    block text = any_block(5);
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, any_bits(), 0, 0};
    smtp_syntax syntax = any_syntax();
    smtp_command out;
    out.verb = shape != SMTP__SHAPE_PATH || any_of(2) ? SMTP_VERB_MAIL : SMTP_VERB_RCPT;
    out.flags = 0;
    (void)smtp__argument_parse(&out, shape, &cursor, &syntax);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
}

static void verbs(void)
{
    smtp_str word = any_text(9);
    (void)smtp_verb_find(word);
}

static void names(void)
{
    (void)smtp_verb_name(any_int());
}

int main(void)
{
    CALL_ONE_OF(line, argument, verbs, names);
    return 0;
}
