/* SPDX-License-Identifier: MIT
 * The parameters of MAIL and RCPT, read.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/orcpt.c
 *     syntax/param_dsn.c syntax/param_table.c syntax/param_value.c
 * bound: lists of 0 to 4 octets, and each value alone of 0 to 5; what is above the limit of a
 *     value at one length */
#define PROMISE_UTF8
#define PROMISE_XTEXT
#define PROMISE_MAILBOX
#define PROMISE_TIMESTAMP
#include "promises.h"

#include "syntax/param.c"

#include "syntax/param_value.h"

static smtp_syntax any_syntax(void)
{
    static const smtp_param_rule rules[] = {
        {SMTP__STR("XA"), SMTP_VERB_MAIL, VALUE_NEEDED},
        {SMTP__STR("XB"), SMTP_VERB_MAIL, VALUE_ALLOWED},
        {SMTP__STR("XC"), SMTP_VERB_RCPT, VALUE_FORBIDDEN},
    };
    smtp_syntax syntax = {sizeof syntax, any_bits(), any_bits(), any_bits(), 0, rules, 3, NULL, 0};
    return syntax;
}

static int any_verb(void)
{
    return any_of(2) ? SMTP_VERB_MAIL : SMTP_VERB_RCPT;
}

static void list(void)
{
    block text = any_block(4);
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, any_bits(), 0, 0};
    smtp_syntax syntax = any_syntax();
    smtp_params out;
    (void)smtp__params_read(&out, any_verb(), &cursor, &syntax);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
    /*@ assert out.text.len <= text.len; */
}

static void read_value(const smtp__param *param, block text)
{
    smtp_syntax syntax = any_syntax();
    smtp_params out;
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, any_bits(), 0, 0};
    smtp__reading reading = {&cursor, param, &syntax, &out};
    if (param != NULL && param->read != NULL) {
        (void)param->read(&reading);
        /*@ assert text.ptr <= cursor.at <= cursor.end; */
    }
}

static void value(void)
{
    read_value(smtp__param_at((size_t)any_of(20)), any_block(5));
}

/* Each on the first octet over its limit. */
static void long_value(void)
{
    static const struct row {
        smtp_str keyword;
        size_t length;
    } rows[] = {{SMTP__STR("SIZE"), 21},
                {SMTP__STR("ENVID"), 101},
                {SMTP__STR("SOLICIT"), 1001},
                {SMTP__STR("TRANSID"), 81}};
    const struct row *row = &rows[any_of(4)];
    int verb = SMTP_VERB_MAIL;
    read_value(smtp__param_find(verb, row->keyword), any_block_of(row->length, row->length));
}

/* The parameter that is in conflict with another. */
static void conflict(void)
{
    smtp_str text = any_text(5);
    smtp_params params;
    params.present = any_bits();
    params.hold_for = any_bits();
    params.by_seconds = any_int();
    params.text = text;
    (void)place_of(&params, any_verb(), find_conflict(&params));
}

static void next(void)
{
    smtp_str text = any_text(5);
    smtp_param param;
    size_t position = any_up_to(text.len);
    /*@ split position; */
    (void)smtp_params_next(text, &position, &param);
    /*@ assert position <= text.len; */
}

static void decode_orcpt(void)
{
    smtp_str text = any_text(5);
    block out = any_block(4);
    size_t len;
    (void)smtp_orcpt_utf8_decode(out.ptr, out.len, &len, text);
    /*@ assert len <= out.len; */
}

int main(void)
{
    CALL_ONE_OF(list, value, long_value, conflict, next, decode_orcpt);
    return 0;
}
