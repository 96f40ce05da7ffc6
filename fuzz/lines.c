/* SPDX-License-Identifier: MIT
 * Command lines: read, written, and read again. */
#include "lines.h"

#include <string.h>

enum { ROOM = 8192 };

static const smtp_str verbs[] = {{"XCLIENT", 7}, {"X", 1}};

static const smtp_param_rule rules[] = {
    {{"XANY", 4}, SMTP_VERB_MAIL, 0},
    {{"XVALUE", 6}, SMTP_VERB_RCPT, 1},
    {{"XFLAG", 5}, SMTP_VERB_MAIL, 2},
};

smtp_syntax draw_syntax(choices *from)
{
    smtp_syntax syntax;

    memset(&syntax, 0, sizeof syntax);
    syntax.size = sizeof syntax;
    syntax.flags = draw(from, 4);
    syntax.tolerate = draw_bits(from, 2) & 0x1fff;
    syntax.extensions = ~draw_bits(from, 4);
    syntax.params = rules;
    syntax.param_count = sizeof rules / sizeof rules[0];
    syntax.verbs = verbs;
    syntax.verb_count = sizeof verbs / sizeof verbs[0];
    return syntax;
}

static void check_param_text(smtp_str a, smtp_str b, uint32_t has, uint32_t bit)
{
    CHECK((has & bit) == 0 || smtp_str_equal(a, b));
}

static void check_param_number(uint64_t a, uint64_t b, uint32_t has, uint32_t bit)
{
    CHECK((has & bit) == 0 || a == b);
}

static void check_times(const smtp_params *a, const smtp_params *b, uint32_t has)
{
    check_param_number((uint32_t)a->by_seconds, (uint32_t)b->by_seconds, has, SMTP_PARAM_BY);
    check_param_number((uint32_t)a->by_mode, (uint32_t)b->by_mode, has, SMTP_PARAM_BY);
    check_param_number(a->by_trace, b->by_trace, has, SMTP_PARAM_BY);
    check_param_number(a->hold_for, b->hold_for, has, SMTP_PARAM_HOLDFOR);
    check_param_number(a->hold_until, b->hold_until, has, SMTP_PARAM_HOLDUNTIL);
    check_param_number((uint32_t)a->rrvs_action, (uint32_t)b->rrvs_action, has, SMTP_PARAM_RRVS);
    check_param_number(a->rrvs, b->rrvs, has, SMTP_PARAM_RRVS);
    check_param_number(a->mtrk_timeout, b->mtrk_timeout, has, SMTP_PARAM_MTRK);
}

void check_same_params(const smtp_params *a, const smtp_params *b)
{
    uint32_t has = a->present;

    CHECK(a->present == b->present);
    check_param_number((uint32_t)a->body, (uint32_t)b->body, has, SMTP_PARAM_BODY);
    check_param_number(a->size, b->size, has, SMTP_PARAM_SIZE);
    check_param_number((uint32_t)a->ret, (uint32_t)b->ret, has, SMTP_PARAM_RET);
    check_param_number(a->notify, b->notify, has, SMTP_PARAM_NOTIFY);
    check_param_number((uint32_t)a->mt_priority, (uint32_t)b->mt_priority, has,
                       SMTP_PARAM_MT_PRIORITY);
    check_times(a, b, has);
    check_param_text(a->auth, b->auth, has, SMTP_PARAM_AUTH);
    check_param_text(a->envid, b->envid, has, SMTP_PARAM_ENVID);
    check_param_text(a->orcpt_type, b->orcpt_type, has, SMTP_PARAM_ORCPT);
    check_param_text(a->orcpt_address, b->orcpt_address, has, SMTP_PARAM_ORCPT);
    check_param_text(a->solicit, b->solicit, has, SMTP_PARAM_SOLICIT);
    check_param_text(a->mtrk, b->mtrk, has, SMTP_PARAM_MTRK);
    check_param_text(a->transid, b->transid, has, SMTP_PARAM_TRANSID);
}

static void check_same_path(const smtp_path *a, const smtp_path *b)
{
    CHECK(a->kind == b->kind);
    if (a->kind == SMTP_PATH_MAILBOX)
        check_same_mailbox(&a->mailbox, &b->mailbox);
}

static void check_same_command(const smtp_command *a, const smtp_command *b)
{
    CHECK(a->verb == b->verb && a->flags == b->flags && a->octets == b->octets);
    /* Of these all is in typed members, and the text may be written otherwise. */
    CHECK(smtp_str_equal(a->argument, b->argument) || a->verb == SMTP_VERB_MAIL ||
          a->verb == SMTP_VERB_RCPT || a->verb == SMTP_VERB_BDAT || a->host.kind != SMTP_HOST_NONE);
    CHECK(smtp_str_equal(a->response, b->response));
    CHECK(a->host.kind == b->host.kind);
    if (a->host.kind != SMTP_HOST_NONE)
        check_same_host(&a->host, &b->host);
    check_same_path(&a->path, &b->path);
    check_same_params(&a->params, &b->params);
}

/* What writing takes as text to add: the parameters that no member holds. */
static void keep_own_params(smtp_command *command, text *own)
{
    smtp_param param;
    size_t position = 0;
    size_t i;

    while (smtp_params_next(command->params.text, &position, &param)) {
        for (i = 0; i < sizeof rules / sizeof rules[0]; i++) {
            if (!smtp_str_equal_nocase(param.keyword, rules[i].keyword))
                continue;
            text_say(own, own->len > 0 ? " " : "");
            text_add(own, param.keyword);
            text_say(own, param.value.ptr != NULL ? "=" : "");
            text_add(own, param.value);
        }
    }
    command->params.text = text_str(own);
}

static void check_line(smtp_str written)
{
    CHECK(written.len >= 2 && memcmp(written.ptr + written.len - 2, "\r\n", 2) == 0);
    written.len -= 2;
    CHECK(memchr(written.ptr, '\r', written.len) == NULL);
    CHECK(memchr(written.ptr, '\n', written.len) == NULL);
    CHECK(memchr(written.ptr, '\0', written.len) == NULL);
}

/* Only quotes around dots that were tolerated make an address longer, and then perhaps too long. */
static int may_be_too_long(const smtp_command *command, const smtp_syntax *syntax)
{
    return (syntax->tolerate & SMTP_TOLERATE_DOTS) && command->path.kind == SMTP_PATH_MAILBOX &&
           !command->path.mailbox.quoted;
}

/* Writes the command; gives how long it is, or 0 where it would be too long. */
static size_t write_command(const smtp_command *from, const smtp_syntax *syntax, char *out)
{
    smtp_command command = *from;
    text own = {NULL, 0, 0};
    smtp_str written = {out, 0};
    int error;

    if (command.params.text.len > 0)
        keep_own_params(&command, &own);
    error = smtp_command_format(out, ROOM, &written.len, &command, syntax);
    text_drop(&own);
    if (error == SMTP_ERR_LOCAL_PART_TOO_LONG || error == SMTP_ERR_PATH_TOO_LONG) {
        CHECK(may_be_too_long(from, syntax));
        return 0;
    }
    CHECK(error == SMTP_ERR_OK);
    check_line(written);
    return written.len;
}

/* Of the parameters only those that are present say anything. */
static void check_slices(const smtp_command *read, smtp_str line)
{
    const smtp_params *params = &read->params;
    const struct {
        uint32_t bit;
        smtp_str value;
    } values[] = {
        {SMTP_PARAM_ENVID, params->envid},      {SMTP_PARAM_AUTH, params->auth},
        {SMTP_PARAM_ORCPT, params->orcpt_type}, {SMTP_PARAM_ORCPT, params->orcpt_address},
        {SMTP_PARAM_SOLICIT, params->solicit},  {SMTP_PARAM_MTRK, params->mtrk},
        {SMTP_PARAM_TRANSID, params->transid},
    };
    size_t i;

    CHECK(is_within(read->name, line) && is_within(read->argument, line));
    CHECK(is_within(read->response, line) && is_within(read->host.text, line));
    CHECK(is_within(read->path.text, line) && is_within(params->text, line));
    for (i = 0; i < sizeof values / sizeof values[0]; i++)
        CHECK((params->present & values[i].bit) == 0 || is_within(values[i].value, line));
}

int check_command(smtp_str line, const smtp_syntax *syntax, smtp_command *read)
{
    char once[ROOM];
    char twice[ROOM];
    smtp_command again;
    smtp_str written = {once, 0};
    smtp_str rewritten = {twice, 0};
    size_t offset = (size_t)-1;
    int error = smtp_command_parse(read, line, syntax, &offset);

    if (error != SMTP_ERR_OK) {
        CHECK(error < 0 && strcmp(smtp_error_name(error), "UNKNOWN") != 0);
        CHECK(offset <= line.len);
        return error;
    }
    check_slices(read, line);
    written.len = write_command(read, syntax, once);
    if (written.len == 0)
        return error;
    CHECK(smtp_command_parse(&again, part(written, 0, written.len - 2), syntax, NULL) ==
          SMTP_ERR_OK);
    check_same_command(read, &again);
    rewritten.len = write_command(&again, syntax, twice);
    CHECK(smtp_str_equal(written, rewritten));
    return error;
}
