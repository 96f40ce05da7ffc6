/* SPDX-License-Identifier: MIT
 * The parameters of MAIL and RCPT, written by whoever made them: lists of them, which are read
 * again on the way, and each value alone.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/orcpt.c
 *     syntax/param_dsn.c syntax/param_table.c syntax/param_value.c
 * bound: lists of three parameters, under names of two letters, with values of 0 to 2 octets,
 *     and others in a text of 0 to 4, to room for 0 to 8; each value alone with numbers of any
 *     value and slices of 0 to 2, to room for 0 to 2 and for 40 */
#define PROMISE_UTF8
#define PROMISE_XTEXT
#define PROMISE_MAILBOX
#define PROMISE_TIMESTAMP
#include "promises.h"

#include "syntax/param_value.h"

const smtp__param *small_param_at(size_t i);
const smtp__param *small_param_find(int verb, smtp_str keyword);

#define smtp__param_at small_param_at
#define smtp__param_find small_param_find
#include "syntax/param.c"
#undef smtp__param_at
#undef smtp__param_find

static int any_reader(const smtp__reading *in)
{
    size_t read = any_up_to((size_t)(in->cursor->end - in->cursor->at));
    /*@ split read; */
    in->cursor->at += read;
    return any_of(2) ? SMTP_ERR_PARAMETER_VALUE : 0;
}

static void any_writer(const smtp__writing *to)
{
    smtp__put_str(to->writer, any_text(2));
}

static const smtp__param rows[] = {
    {SMTP__WORD("AB"), SMTP_VERB_MAIL, 0, SMTP_PARAM_SIZE, UINT32_MAX, any_reader, any_writer,
     NULL},
    {SMTP__WORD("CD"), SMTP_VERB_MAIL, 0, SMTP_PARAM_BODY, UINT32_MAX, NULL, NULL, NULL},
    {SMTP__WORD("EF"), SMTP_VERB_RCPT, 0, SMTP_PARAM_RRVS, UINT32_MAX, any_reader, any_writer,
     NULL},
};

const smtp__param *small_param_at(size_t i)
{
    return i < sizeof rows / sizeof rows[0] ? &rows[i] : NULL;
}

const smtp__param *small_param_find(int verb, smtp_str keyword)
{
    (void)verb;
    (void)keyword;
    return any_of(2) ? &rows[any_of(3)] : NULL;
}

static void list(void)
{
    smtp_syntax syntax = {sizeof syntax, 0, 0, UINT32_MAX, 0, NULL, 0, NULL, 0};
    block out = any_of(2) ? any_block(5) : any_block_of(6, 8);
    smtp__writer writer = smtp__writer_start(out.ptr, out.len);
    smtp_params params;
    params.present = any_bits();
    params.text = any_text(0);
    (void)smtp__params_write(&writer, any_of(2) ? SMTP_VERB_MAIL : SMTP_VERB_RCPT, &params,
                             &syntax);
    /*@ assert writer.len <= out.len; */
}

static void others(void)
{
    smtp_syntax syntax = {sizeof syntax, 0, 0, UINT32_MAX, 0, NULL, 0, NULL, 0};
    block out = any_block(8);
    smtp__writer writer = smtp__writer_start(out.ptr, out.len);
    smtp_params params;
    params.present = SMTP_PARAM_OTHER;
    params.text = any_text(4);
    (void)smtp__params_write(&writer, SMTP_VERB_MAIL, &params, &syntax);
    /*@ assert writer.len <= out.len; */
}

static void value(void)
{
    const smtp__param *param = smtp__param_at((size_t)any_of(19));
    block out = any_of(2) ? any_block(2) : any_block_of(40, 40);
    smtp__writer writer = smtp__writer_start(out.ptr, out.len);
    smtp_params params;
    smtp__writing writing = {&writer, param, &params};
    ANY(params);
    params.auth = any_text(2);
    params.envid = params.auth;
    params.orcpt_type = params.auth;
    params.orcpt_address = params.auth;
    params.solicit = params.auth;
    params.mtrk = params.auth;
    params.transid = params.auth;
    if (param->write != NULL) {
        param->write(&writing);
    }
    /*@ assert writer.len <= out.len; */
}

int main(void)
{
    CALL_ONE_OF(list, others, value);
    return 0;
}
