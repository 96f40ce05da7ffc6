/* SPDX-License-Identifier: MIT
 * Command lines, written by whoever made the command. What is found when they are read again may be
 * anything.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/verb.c
 * bound: slices of 0 and 2 octets, numbers of any value; room for 4 and 12 octets */
#define PROMISE_UTF8
#define PROMISE_ADDRESS
#define PROMISE_PARAMS
#define PROMISE_FORMAT
#define PROMISE_COMMAND
#include "promises.h"

#include "syntax/command_format.c"

static const smtp_str verbs[] = {SMTP__STR("XONE")};

/* That of syntax/command.c, which command.c looks at. */
int smtp__syntax_of(const smtp_syntax **syntax)
{
    static const smtp_syntax strict = {sizeof strict, 0, 0, 0, 0, NULL, 0, NULL, 0};
    if (*syntax == NULL) {
        *syntax = &strict;
    }
    return any_of(2) ? SMTP_ERR_ARGUMENT : 0;
}

static char octets[2];
static char little[4];
static char enough[12];

static smtp_str any_slice(void)
{
    smtp_str slice = {NULL, 0};
    if (any_of(2)) {
        slice.ptr = octets;
        slice.len = sizeof octets;
    }
    return slice;
}

static void write(int verb, const smtp_syntax *syntax)
{
    int room = any_of(2);
    size_t capacity = room ? sizeof enough : sizeof little;
    smtp_command command;
    size_t len;
    ANY(command);
    ANY(octets);
    command.verb = verb;
    command.argument = any_slice();
    command.response = verb == SMTP_VERB_AUTH ? any_slice() : command.argument;
    command.host.text = command.argument;
    (void)smtp_command_format(room ? enough : little, capacity, &len, &command, syntax);
    /*@ assert len <= capacity; */
}

static void format(void)
{
    smtp_syntax syntax = {sizeof syntax, 0, any_bits(), any_bits(), 0, NULL, 0, verbs, 1};
    write(any_of(SMTP_VERB_SAML + 1), &syntax);
}

static void custom(void)
{
    smtp_syntax syntax = {sizeof syntax, 0, any_bits(), any_bits(), 0, NULL, 0, verbs, 1};
    write(any_of(2) ? SMTP_VERB_CUSTOM : SMTP_VERB_NOOP, any_of(2) ? &syntax : NULL);
}

static void names(void)
{
    smtp_syntax syntax = {sizeof syntax, 0, 0, 0, 0, NULL, 0, verbs, 1};
    (void)name_of(any_int(), &syntax);
}

int main(void)
{
    CALL_ONE_OF(format, custom, names);
    return 0;
}
