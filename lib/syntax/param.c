/* SPDX-License-Identifier: MIT
 * Lists of MAIL and RCPT parameters, read and written (RFC 5321 4.1.2, esmtp-param). */
#include "syntax/param.h"

#include "base/compiler.h"
#include "base/utf8.h"

/* What a caller's parameter does with a value. */
enum { VALUE_ALLOWED = 0, VALUE_NEEDED = 1, VALUE_FORBIDDEN = 2 };

/* Reads as much of an esmtp-value as there is, with UTF-8 in it (RFC 6531 3.3). */
static void take_value(smtp__cursor *cursor)
{
    for (;;) {
        (void)smtp__take_run(cursor, SMTP__ESMTP_VALUE);
        size_t step = smtp__utf8_step(cursor->at, cursor->end);
        if (step < 2) {
            return;
        }
        cursor->at += step;
        cursor->utf8 = 1;
    }
}

/* Reads the '=' between a keyword and its value. Returns 0, PARAMETER_VALUE_MISSING or
 * PARAMETER_VALUE_UNEXPECTED. */
static int take_equals(smtp__cursor *cursor, int value)
{
    if (value == VALUE_FORBIDDEN) {
        return smtp__at(cursor, '=') ? SMTP_ERR_PARAMETER_VALUE_UNEXPECTED : 0;
    }
    if (!smtp__take(cursor, '=')) {
        return value == VALUE_NEEDED ? SMTP_ERR_PARAMETER_VALUE_MISSING : 0;
    }
    return smtp__at_word_end(cursor) ? SMTP_ERR_PARAMETER_VALUE_MISSING : 0;
}

SMTP__RARE static const smtp_param_rule *find_rule(const smtp_syntax *syntax, int verb,
                                                   smtp_str keyword)
{
    for (size_t i = 0; i < syntax->param_count; i++) {
        const smtp_param_rule *rule = &syntax->params[i];
        if (rule->verb == verb && smtp_str_equal_nocase(rule->keyword, keyword)) {
            return rule;
        }
    }
    return NULL;
}

/* 1 when the keyword stands in the text. */
SMTP__RARE static int stands_in(smtp_str text, smtp_str keyword)
{
    smtp_param param;
    for (size_t position = 0; smtp_params_next(text, &position, &param);) {
        if (smtp_str_equal_nocase(param.keyword, keyword)) {
            return 1;
        }
    }
    return 0;
}

/* Reads the value of a parameter that is not in the table. */
SMTP__RARE static int read_other(smtp_params *out, const smtp_param_rule *rule,
                                 smtp__cursor *cursor)
{
    int error = take_equals(cursor, (int)rule->value);
    if (error == 0) {
        take_value(cursor);
        out->present |= SMTP_PARAM_OTHER;
    }
    return error;
}

static int read_known(smtp_params *out, const smtp__param *param, smtp__cursor *cursor,
                      const smtp_syntax *syntax)
{
    smtp__reading reading = {cursor, param, syntax, out};
    int error = take_equals(cursor, param->read != NULL ? VALUE_NEEDED : VALUE_FORBIDDEN);
    if (error == 0 && param->read != NULL) {
        error = param->read(&reading);
    }
    out->present |= error == 0 ? param->bit : 0;
    return error;
}

/* Says whether a parameter may stand here, by its keyword alone. */
static int judge_keyword(const smtp_params *out, const smtp__param *param,
                         const smtp_param_rule *rule, smtp_str keyword, const smtp_syntax *syntax)
{
    if (syntax->flags & SMTP_SYNTAX_NO_PARAMETERS) {
        return SMTP_ERR_PARAMETER_NOT_OFFERED;
    }
    if (rule != NULL) {
        if ((out->present & SMTP_PARAM_OTHER) == 0) {
            return 0;
        }
        smtp_str before = {out->text.ptr, (size_t)(keyword.ptr - out->text.ptr)};
        return stands_in(before, keyword) ? SMTP_ERR_PARAMETER_REPEATED : 0;
    }
    if (param == NULL) {
        return SMTP_ERR_PARAMETER_UNKNOWN;
    }
    if ((param->extensions & syntax->extensions) == 0) {
        return SMTP_ERR_PARAMETER_NOT_OFFERED;
    }
    return (out->present & param->bit) ? SMTP_ERR_PARAMETER_REPEATED : 0;
}

int smtp__param_read(smtp_params *out, int verb, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    const char *start = cursor->at;
    smtp_str keyword = {start, 0};
    if (!smtp__at(cursor, '-')) {
        keyword = smtp__take_run(cursor, SMTP__LDH);
    }
    if (keyword.len == 0 || (!smtp__at_word_end(cursor) && *cursor->at != '=')) {
        return SMTP_ERR_KEYWORD;
    }
    const smtp__param *param = smtp__param_find(verb, keyword);
    const smtp_param_rule *rule = param == NULL ? find_rule(syntax, verb, keyword) : NULL;
    int error = judge_keyword(out, param, rule, keyword, syntax);
    if (error != 0) {
        cursor->at = start;
        return error;
    }
    error = param != NULL ? read_known(out, param, cursor, syntax) : read_other(out, rule, cursor);
    return error != 0 || smtp__at_word_end(cursor) ? error : SMTP_ERR_PARAMETER_VALUE;
}

/* The parameter that cannot stand with the others, or that lacks another, as its bit; 0 when all is
 * well. */
static uint32_t find_conflict(const smtp_params *params)
{
    uint32_t present = params->present;
    if ((present & SMTP_PARAM_MTRK) && !(present & SMTP_PARAM_ENVID)) {
        return SMTP_PARAM_MTRK; /* RFC 3885 3.2 */
    }
    if ((present & SMTP_PARAM_HOLDFOR) && (present & SMTP_PARAM_HOLDUNTIL)) {
        return SMTP_PARAM_HOLDUNTIL; /* RFC 4865 4.2 */
    }
    if ((present & SMTP_PARAM_HOLDFOR) && (present & SMTP_PARAM_BY) &&
        (int64_t)params->hold_for > params->by_seconds) {
        return SMTP_PARAM_HOLDFOR; /* it would be released after the time by which it must be
                                      delivered: 5.2.2 */
    }
    return 0;
}

/* The place of a parameter in the text that it was read from. */
SMTP__RARE static const char *place_of(const smtp_params *params, int verb, uint32_t bit)
{
    smtp_param param = {params->text, {NULL, 0}};
    for (size_t position = 0; smtp_params_next(params->text, &position, &param);) {
        const smtp__param *row = smtp__param_find(verb, param.keyword);
        if (row != NULL && row->bit == bit) {
            break;
        }
    }
    return param.keyword.ptr;
}

int smtp__params_read(smtp_params *out, int verb, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    smtp_str none = {NULL, 0};
    out->present = 0;
    out->text = none;
    while (cursor->at < cursor->end) {
        int error = smtp__take_space(cursor);
        if (error != 0) {
            return error;
        }
        out->text.ptr = out->text.ptr != NULL ? out->text.ptr : cursor->at;
        error = smtp__param_read(out, verb, cursor, syntax);
        if (error != 0) {
            return error;
        }
        out->text.len = (size_t)(cursor->at - out->text.ptr);
    }
    uint32_t conflict = find_conflict(out);
    if (conflict != 0) {
        cursor->at = place_of(out, verb, conflict);
        return SMTP_ERR_PARAMETER_CONFLICT;
    }
    return 0;
}

/* Writes one parameter and reads it again: what it holds must be one value and nothing behind it.
 */
static int write_known(smtp__writer *writer, const smtp__param *param, const smtp_params *params,
                       const smtp_syntax *syntax)
{
    smtp__writing writing = {writer, param, params};
    smtp_params ignored;
    smtp__put(writer, ' ');
    size_t start = writer->len;
    smtp__put_str(writer, smtp__word_str(&param->keyword));
    if (param->write != NULL) {
        smtp__put(writer, '=');
        param->write(&writing);
    }
    if (writer->failed) {
        return SMTP_ERR_NO_SPACE;
    }
    smtp_str written = {writer->out + start, writer->len - start};
    smtp__cursor cursor = smtp__cursor_start(written);
    ignored.present = 0; /* all that is looked at */
    int error = smtp__param_read(&ignored, param->verb, &cursor, syntax);
    return error == 0 && cursor.at < cursor.end ? SMTP_ERR_PARAMETER_VALUE : error;
}

/* Writes a parameter out of a text, unless a member says the same thing. */
static void write_extra(smtp__writer *writer, int verb, const smtp_params *params,
                        const smtp_param *param)
{
    const smtp__param *row = smtp__param_find(verb, param->keyword);
    if (row != NULL && (params->present & row->bit)) {
        return;
    }
    smtp__put(writer, ' ');
    smtp__put_str(writer, param->keyword);
    if (param->value.ptr != NULL) {
        smtp__put(writer, '=');
        smtp__put_str(writer, param->value);
    }
}

int smtp__params_write(smtp__writer *writer, int verb, const smtp_params *params,
                       const smtp_syntax *syntax)
{
    uint32_t left = params->present & ~(uint32_t)SMTP_PARAM_OTHER;
    const smtp__param *param;
    for (size_t i = 0; (param = smtp__param_at(i)) != NULL; i++) {
        if (param->verb == verb && (left & param->bit)) {
            int error = write_known(writer, param, params, syntax);
            if (error != 0) {
                return error;
            }
            left &= ~param->bit;
        }
    }
    if (left != 0) {
        return SMTP_ERR_PARAMETER_UNKNOWN;
    }
    smtp_param extra;
    for (size_t position = 0; smtp_params_next(params->text, &position, &extra);) {
        write_extra(writer, verb, params, &extra);
    }
    return writer->failed ? SMTP_ERR_NO_SPACE : 0;
}

int smtp_params_next(smtp_str text, size_t *position, smtp_param *out)
{
    smtp_str absent = {NULL, 0};
    if (*position >= text.len) {
        return 0;
    }
    smtp__cursor cursor = smtp__cursor_start(text);
    cursor.at += *position;
    while (smtp__take(&cursor, ' ')) {
    }
    out->keyword = smtp__take_word(&cursor);
    *position = (size_t)(cursor.at - text.ptr);
    if (out->keyword.len == 0) {
        return 0;
    }
    out->value = absent;
    for (size_t i = 0; i < out->keyword.len; i++) {
        if (out->keyword.ptr[i] == '=') {
            out->value.ptr = out->keyword.ptr + i + 1;
            out->value.len = out->keyword.len - i - 1;
            out->keyword.len = i;
            break;
        }
    }
    return 1;
}
