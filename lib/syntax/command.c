/* SPDX-License-Identifier: MIT
 * Command lines, parsed (RFC 5321 4.1.1).
 *
 * Of the result only what the verb has is written, and the few small members by which the rest is
 * judged (kinds, present, flags): clearing all of it would cost more than the parsing. */
#include "base/compiler.h"
#include "syntax/argument.h"
#include "syntax/sized.h"
#include "syntax/verb.h"

static void clear(smtp_command *out)
{
    smtp_str none = {NULL, 0};
    out->verb = SMTP_VERB_UNKNOWN;
    out->flags = 0;
    out->name = none;
    out->argument = none;
    out->host.text = none;
    out->host.kind = SMTP_HOST_NONE;
    out->path.text = none;
    out->path.kind = SMTP_PATH_NONE;
    out->params.present = 0;
    out->params.text = none;
    out->octets = 0;
    out->response = none;
}

/* 1 when the octets are those of a word: no verb of the caller's brings a control into a line. */
static int is_word(smtp_str word)
{
    smtp__cursor cursor = smtp__cursor_start(word);
    (void)smtp__take_run(&cursor, SMTP__VISIBLE);
    return cursor.at == cursor.end;
}

/* Parses a line that begins with none of the known verbs. */
SMTP__RARE static int parse_own(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    const char *start = cursor->at;
    out->name = smtp__take_word(cursor);
    for (size_t i = 0; i < syntax->verb_count; i++) {
        if (smtp_str_equal_nocase(out->name, syntax->verbs[i]) && is_word(out->name)) {
            out->verb = SMTP_VERB_CUSTOM + (int)i;
            return smtp__argument_parse(out, SMTP__SHAPE_TEXT, cursor, syntax);
        }
    }
    cursor->at = start;
    return start == cursor->end ? SMTP_ERR_EMPTY : SMTP_ERR_VERB;
}

static int parse_line(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    const char *start = cursor->at;
    const smtp__verb *row = smtp__take_verb(cursor);
    if (row == NULL) {
        return parse_own(out, cursor, syntax);
    }
    out->name = smtp__since(cursor, start);
    out->verb = row->verb;
    return smtp__argument_parse(out, row->shape, cursor, syntax);
}

/* Says what is wrong with a line. A control character comes before all else: no command has one,
 * and what is made of the line depends on who reads it. */
SMTP__RARE static int refuse(smtp_command *out, smtp_str line, smtp__cursor *cursor, int error,
                             size_t *offset)
{
    for (const char *at = line.ptr; at < cursor->end; at++) {
        if (smtp__is((unsigned char)*at, SMTP__CONTROL)) {
            cursor->at = at;
            error = SMTP_ERR_CONTROL;
            break;
        }
    }
    if (out->verb == SMTP_VERB_BDAT) {
        /* The octets of a refused chunk follow all the same: they are told whenever they can be. */
        smtp__cursor size = *cursor;
        size.at = out->name.ptr + out->name.len;
        while (smtp__take(&size, ' ')) {
        }
        (void)smtp__take_chunk_size(out, &size);
    }
    if (offset != NULL) {
        *offset = (size_t)(cursor->at - line.ptr);
    }
    return error;
}

int smtp__syntax_of(const smtp_syntax **syntax)
{
    static const smtp_syntax strict = {sizeof strict, 0, 0, UINT32_MAX, 0, NULL, 0, NULL, 0};
    if (*syntax == NULL) {
        *syntax = &strict;
        return 0;
    }
    size_t size = (*syntax)->size;
    return size == sizeof **syntax ? 0 : smtp__sized(*syntax, size, sizeof **syntax);
}

int smtp_command_parse(smtp_command *out, smtp_str line, const smtp_syntax *syntax, size_t *offset)
{
    smtp__cursor cursor = smtp__cursor_start(line);
    clear(out);
    int error = smtp__syntax_of(&syntax);
    if (error != 0) {
        return error;
    }
    cursor.tolerate = syntax->tolerate;
    while (cursor.end > cursor.at && smtp__is((unsigned char)cursor.end[-1], SMTP__WSP)) {
        cursor.end--; /* RFC 5321 4.1.1 */
    }
    error = parse_line(out, &cursor, syntax);
    return error == 0 ? 0 : refuse(out, line, &cursor, error, offset);
}
