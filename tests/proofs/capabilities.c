/* SPDX-License-Identifier: MIT
 * EHLO responses, read; the table of extensions; the length of command lines.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/capabilities.c
 *     syntax/cursor.c syntax/param_value.c
 * bound: lines of 0 to 5 octets, whatever row of the table is found; the parameters of each
 *     keyword alone of 0 to 4; keywords of 0 to 9; the growth of each extension alone and of
 *     all */
#define PROMISE_TIMESTAMP
#define PROMISE_MECHANISM
#include "promises.h"

#include "syntax/capability_value.c"

#define smtp__extension_find real_extension_find
#include "syntax/extension.c"
#undef smtp__extension_find

static int any_reader(smtp_capabilities *out, smtp_str parameters)
{
    (void)out;
    (void)parameters;
    return any_of(3);
}

/* A row that has no reader, one that has, and AUTH. */
const smtp__extension *smtp__extension_find(smtp_str keyword)
{
    static const smtp__extension rows[] = {
        {{SMTP__STR("A"), SMTP_EXT_PIPELINING, 0, 0, SMTP__STR("")}, NULL},
        {{SMTP__STR("B"), SMTP_EXT_SIZE, 0, 0, SMTP__STR("")}, any_reader},
        {{SMTP__STR("C"), SMTP_EXT_AUTH, 0, 0, SMTP__STR("")}, any_reader},
    };
    (void)keyword;
    return any_of(2) ? &rows[any_of(3)] : NULL;
}

static smtp_capabilities any_capabilities(void)
{
    smtp_capabilities made;
    ANY(made.extensions);
    ANY(made.mechanisms);
    made.auth = any_text(1);
    return made;
}

static void read_line(void)
{
    smtp_str text = any_text(5);
    smtp_capabilities out = any_capabilities();
    smtp_str keyword;
    smtp_str parameters;
    int error = smtp_capabilities_read(&out, text, any_of(2), any_of(2) ? &keyword : NULL,
                                       any_of(2) ? &parameters : NULL);
    /*@ assert error != 0 || \initialized(&out.extensions); */
    (void)error;
}

static void read_parameters(void)
{
    const smtp__extension *row = &smtp__extensions[any_of(EXTENSIONS)];
    if (row->read != NULL) {
        smtp_capabilities out = any_capabilities();
        int result = row->read(&out, any_text(4));
        /*@ assert 0 <= result <= SMTP__KEYWORD_WITHOUT; */
        (void)result;
    }
}

static void next(void)
{
    const smtp__extension *row = any_of(2) ? &smtp__extensions[any_of(27)] : NULL;
    (void)smtp__extension_next(row, any_bits());
}

static void find(void)
{
    (void)smtp_extension_find(any_text(9));
}

static void at(void)
{
    (void)smtp_extension_at(any_up_to(SIZE_MAX));
}

static void line_max(void)
{
    uint32_t extensions = any_of(2) ? (uint32_t)1 << any_of(27) : UINT32_MAX;
    (void)smtp_command_line_max(any_of(SMTP_VERB_SAML + 1), extensions);
}

int main(void)
{
    CALL_ONE_OF(read_line, read_parameters, next, find, at, line_max);
    return 0;
}
