/* SPDX-License-Identifier: MIT
 * The arguments of commands: one function for each shape (RFC 5321 4.1.1). */
#include "syntax/argument.h"

#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "syntax/address.h"
#include "syntax/param.h"
#include "syntax/verb.h"

enum { MECHANISM_MAX = 20, SIZE_DIGITS = 20 }; /* RFC 4422 3.1; the most that 64 bits have */

/* Parses an argument, which is not empty. */
typedef int argument_parser(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax);

/* ---- text: NOOP, HELP, the obsolete verbs, and those of the caller ---- */

/* The place of the first octet outside ASCII, or the end. */
static const char *find_non_ascii(smtp_str text)
{
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;
    while (at < end && !smtp__is((unsigned char)*at, SMTP__NON_ASCII)) {
        at++;
    }
    return at;
}

/* Reads spaces and visible characters to the end; those outside ASCII must be UTF-8. */
static int take_text(smtp__cursor *cursor)
{
    for (;;) {
        (void)smtp__take_run(cursor, SMTP__PRINTABLE);
        if (cursor->at == cursor->end) {
            return 0;
        }
        size_t step = smtp__utf8_step(cursor->at, cursor->end);
        if (step < 2) {
            return step == 0 ? SMTP_ERR_UTF8 : SMTP_ERR_CONTROL;
        }
        cursor->at += step;
        cursor->utf8 = 1;
    }
}

/* Refuses characters outside ASCII in what was read, unless they are allowed. */
SMTP__RARE static int judge_utf8(smtp__cursor *cursor, smtp_str read, int allowed)
{
    if (allowed) {
        return 0;
    }
    cursor->at = find_non_ascii(read);
    return SMTP_ERR_UTF8_NOT_ALLOWED;
}

static int parse_text(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    int error = take_text(cursor);
    return error != 0 || !cursor->utf8
               ? error
               : judge_utf8(cursor, out->argument, (syntax->flags & SMTP_SYNTAX_UTF8) != 0);
}

static int parse_nothing(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    (void)out;
    (void)cursor;
    (void)syntax;
    return SMTP_ERR_ARGUMENT_UNEXPECTED;
}

/* ---- HELO, EHLO, LHLO ---- */

static const smtp_host nothing;

/* Parses any other host. What is none may be tolerated when it is one word that may stand in a
 * Received field as it is. */
SMTP__RARE static int parse_other_host(smtp_command *out, smtp__cursor *cursor)
{
    smtp__cursor name = *cursor;
    int error = smtp__take_host(cursor, &out->host);
    if (error == 0 && cursor->at < cursor->end) {
        error = SMTP_ERR_TRAILING;
    }
    if (error == 0) {
        return 0;
    }
    out->host = nothing;
    (void)smtp__take_run(&name, SMTP__CTEXT);
    if (name.at < name.end || !(cursor->tolerate & SMTP_TOLERATE_HELLO_NAME)) {
        return error;
    }
    out->host.text = out->argument;
    return 0;
}

/* The argument is ASCII, whatever else is in force (RFC 6531 3.7.1). */
static int parse_host(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    (void)syntax;
    const char *at = cursor->at;
    out->host = nothing;
    if (!smtp__plain_domain(&at, cursor->end) || at < cursor->end) {
        return parse_other_host(out, cursor);
    }
    out->host.kind = SMTP_HOST_DOMAIN;
    out->host.text = out->argument;
    return 0;
}

/* ---- MAIL and RCPT ---- */

/* Says where it is that FROM: or TO: is not as it must be, or reads past a space that is tolerated.
 */
SMTP__RARE static int judge_from_or_to(smtp__cursor *cursor, const char *word)
{
    if (!smtp__take_text(cursor, word)) {
        return SMTP_ERR_FROM_OR_TO;
    }
    if (!smtp__at(cursor, ' ')) {
        return 0; /* nothing stands behind it */
    }
    return (cursor->tolerate & SMTP_TOLERATE_SPACE_AFTER_COLON) ? smtp__take_space(cursor)
                                                                : SMTP_ERR_FROM_OR_TO;
}

/* Reads "FROM:" or "TO:". No space may follow (RFC 5321 3.3), though many write one. */
static int take_from_or_to(smtp__cursor *cursor, int mail)
{
    const char *word = mail ? "FROM:" : "TO:";
    ptrdiff_t length = mail ? 5 : 3;
    if (cursor->end - cursor->at > length && cursor->at[length] != ' ' &&
        (mail ? smtp__is_word(cursor->at, "FROM:", 5) : smtp__is_word(cursor->at, "TO:", 3))) {
        cursor->at += length;
        return 0;
    }
    return judge_from_or_to(cursor, word);
}

static int parse_path(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    int mail = out->verb == SMTP_VERB_MAIL;
    int error = take_from_or_to(cursor, mail);
    if (error == 0 && cursor->at == cursor->end) {
        error = SMTP_ERR_ARGUMENT_MISSING;
    }
    if (error == 0) {
        cursor->allow = mail ? SMTP_ADDRESS_NULL : SMTP_ADDRESS_POSTMASTER;
        if (syntax->extensions & SMTP_EXT_SMTPUTF8) {
            cursor->allow |= SMTP_ADDRESS_UTF8; /* if it was asked for stands behind the path */
        }
        error = smtp__take_path(cursor, &out->path);
    }
    if (error == 0) {
        error = smtp__params_read(&out->params, out->verb, cursor, syntax);
    }
    if (error != 0 || !cursor->utf8) {
        return error;
    }
    /* MAIL says itself whether there may be UTF-8, and RCPT follows it (RFC 6531 3.4). */
    return judge_utf8(cursor, out->argument,
                      mail ? (out->params.present & SMTP_PARAM_SMTPUTF8) != 0
                           : (syntax->flags & SMTP_SYNTAX_UTF8) != 0);
}

/* ---- VRFY and EXPN ---- */

/* Takes SMTPUTF8 off the end of the argument (RFC 6531 3.7.4.2). */
static int split_smtputf8(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    const char *word = cursor->end;
    while (word > out->argument.ptr && word[-1] != ' ') {
        word--;
    }
    smtp__cursor last = *cursor;
    last.at = word;
    if (word == out->argument.ptr || !smtp__take_text(&last, "SMTPUTF8") ||
        (!smtp__at_word_end(&last) && !smtp__at(&last, '='))) {
        return 0;
    }
    if (smtp__at(&last, '=')) {
        cursor->at = last.at;
        return SMTP_ERR_PARAMETER_VALUE_UNEXPECTED;
    }
    if (!(syntax->extensions & SMTP_EXT_SMTPUTF8)) {
        cursor->at = word;
        return SMTP_ERR_PARAMETER_NOT_OFFERED;
    }
    out->flags |= SMTP_COMMAND_SMTPUTF8;
    while (word[-1] == ' ') {
        word--;
    }
    out->argument.len = (size_t)(word - out->argument.ptr);
    return 0;
}

/* Any text is taken: the grammar's String has no "@", and yet mailboxes should be understood (RFC
 * 5321 3.5.1). */
static int parse_string(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    int error = take_text(cursor);
    if (error == 0) {
        error = split_smtputf8(out, cursor, syntax);
    }
    if (error != 0 || !cursor->utf8) {
        return error;
    }
    return judge_utf8(cursor, out->argument,
                      (syntax->flags & SMTP_SYNTAX_UTF8) || (out->flags & SMTP_COMMAND_SMTPUTF8));
}

/* ---- BDAT and BURL ---- */

/* Reads LAST, when something stands there, and the end. */
static int take_last(smtp_command *out, smtp__cursor *cursor)
{
    if (cursor->at == cursor->end) {
        return 0;
    }
    int error = smtp__take_space(cursor);
    if (error != 0) {
        return error;
    }
    const char *start = cursor->at;
    if (!smtp__take_text(cursor, "LAST") || !smtp__at_word_end(cursor)) {
        cursor->at = start;
        return SMTP_ERR_KEYWORD;
    }
    out->flags |= SMTP_COMMAND_LAST;
    return cursor->at < cursor->end ? SMTP_ERR_TRAILING : 0;
}

int smtp__take_chunk_size(smtp_command *out, smtp__cursor *cursor)
{
    smtp__cursor behind = *cursor;
    int error = smtp__take_number(&behind, SIZE_DIGITS, &out->octets);
    if (error == 0 && !smtp__at_word_end(&behind)) {
        error = SMTP_ERR_NUMBER;
        cursor->at = behind.at;
    }
    if (error != 0) {
        out->octets = UINT64_MAX;
        return error;
    }
    *cursor = behind;
    return 0;
}

static int parse_chunk(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    (void)syntax;
    int error = smtp__take_chunk_size(out, cursor);
    return error != 0 ? error : take_last(out, cursor);
}

/* 1 when the next octet may stand in an absolute URI behind its scheme (RFC 3986 2 and 4.3). */
static int at_uri_octet(const smtp__cursor *cursor)
{
    static const char excluded[] = {'"', '#', '<', '>', '\\', '^', '`', '{', '|', '}'};
    return cursor->at < cursor->end && smtp__is((unsigned char)*cursor->at, SMTP__VISIBLE) &&
           memchr(excluded, *cursor->at, sizeof excluded) == NULL;
}

/* Reads a scheme and its colon (RFC 3986 3.1). */
static int take_scheme(smtp__cursor *cursor)
{
    if (smtp__take_run(cursor, SMTP__ALPHA).len == 0) {
        return 0;
    }
    while (smtp__take_run(cursor, SMTP__LDH).len > 0 || smtp__take(cursor, '+') ||
           smtp__take(cursor, '.')) {
    }
    return smtp__take(cursor, ':');
}

static int take_uri(smtp__cursor *cursor)
{
    if (!take_scheme(cursor) || !at_uri_octet(cursor)) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    while (at_uri_octet(cursor)) {
        if (!smtp__take(cursor, '%')) {
            cursor->at++;
        } else if (cursor->end - cursor->at < 2 ||
                   !smtp__is((unsigned char)cursor->at[0], SMTP__HEX) ||
                   !smtp__is((unsigned char)cursor->at[1], SMTP__HEX)) {
            return SMTP_ERR_PARAMETER_VALUE;
        }
    }
    return smtp__at_word_end(cursor) ? 0 : SMTP_ERR_PARAMETER_VALUE;
}

static int parse_url(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    (void)syntax;
    int error = take_uri(cursor);
    if (error == 0) {
        out->argument = smtp__since(cursor, out->argument.ptr);
        error = take_last(out, cursor);
    }
    return error;
}

/* ---- AUTH ---- */

static int take_response(smtp_command *out, smtp__cursor *cursor)
{
    out->flags |= SMTP_COMMAND_INITIAL_RESPONSE;
    out->response = smtp__since(cursor, cursor->at);
    if (smtp__take(cursor, '=')) {
        if (smtp__at_word_end(cursor)) {
            return 0;
        }
        cursor->at--;
        return SMTP_ERR_BASE64;
    }
    int error = smtp__take_base64(cursor, &out->response);
    return error == 0 && !smtp__at_word_end(cursor) ? SMTP_ERR_BASE64 : error;
}

static int parse_auth(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    (void)syntax;
    const char *start = cursor->at;
    out->argument = smtp__take_run(cursor, SMTP__MECHANISM);
    if (out->argument.len > MECHANISM_MAX) {
        cursor->at = start + MECHANISM_MAX;
        return SMTP_ERR_MECHANISM;
    }
    if (out->argument.len == 0 || !smtp__at_word_end(cursor)) {
        return SMTP_ERR_MECHANISM;
    }
    if (cursor->at == cursor->end) {
        return 0;
    }
    int error = smtp__take_space(cursor);
    if (error == 0) {
        error = take_response(out, cursor);
    }
    return error == 0 && cursor->at < cursor->end ? SMTP_ERR_TRAILING : error;
}

/* ---- ETRN and ATRN ---- */

/* Reads a domain of at least two labels (RFC 1985 5, RFC 2645 5.2.1). */
static int take_qualified(smtp_str domain, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    smtp_host host;
    size_t offset = 0;
    int error = smtp_host_parse(&host, domain, 0, syntax->tolerate, &offset);
    if (error == 0 && host.kind != SMTP_HOST_DOMAIN) {
        error = SMTP_ERR_DOMAIN_CHARACTER; /* the bracket of a literal */
    } else if (error == 0 && memchr(domain.ptr, '.', domain.len) == NULL) {
        error = SMTP_ERR_DOMAIN_EMPTY; /* the one that it would be in */
        offset = domain.len;
    }
    cursor->at = domain.ptr + (error != 0 ? offset : domain.len);
    return error;
}

static int parse_node(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    if (smtp__take(cursor, '@')) {
        out->flags |= SMTP_COMMAND_SUBDOMAINS;
    } else if (smtp__take(cursor, '#')) {
        out->flags |= SMTP_COMMAND_QUEUE;
    }
    out->argument = smtp__rest(cursor);
    if (!(out->flags & SMTP_COMMAND_QUEUE)) {
        return take_qualified(out->argument, cursor, syntax);
    }
    if (out->argument.len == 0) {
        return SMTP_ERR_ARGUMENT_MISSING;
    }
    (void)smtp__take_run(cursor, SMTP__VISIBLE);
    return cursor->at < cursor->end ? SMTP_ERR_TRAILING : 0;
}

static int parse_domains(smtp_command *out, smtp__cursor *cursor, const smtp_syntax *syntax)
{
    int error = 0;
    (void)out;
    do {
        const char *start = cursor->at;
        while (cursor->at < cursor->end && *cursor->at != ',') {
            cursor->at++;
        }
        error = take_qualified(smtp__since(cursor, start), cursor, syntax);
    } while (error == 0 && smtp__take(cursor, ','));
    return error;
}

static const struct shape {
    argument_parser *parse;
    int needed; /* 1 when there must be an argument */
} shapes[SMTP__SHAPES] = {
    [SMTP__SHAPE_TEXT] = {parse_text, 0},     [SMTP__SHAPE_NOTHING] = {parse_nothing, 0},
    [SMTP__SHAPE_HOST] = {parse_host, 1},     [SMTP__SHAPE_PATH] = {parse_path, 1},
    [SMTP__SHAPE_STRING] = {parse_string, 1}, [SMTP__SHAPE_CHUNK] = {parse_chunk, 1},
    [SMTP__SHAPE_URL] = {parse_url, 1},       [SMTP__SHAPE_AUTH] = {parse_auth, 1},
    [SMTP__SHAPE_NODE] = {parse_node, 1},     [SMTP__SHAPE_DOMAINS] = {parse_domains, 0},
};

/* Parses what stands behind more than one space. */
SMTP__RARE static int parse_spaced(smtp_command *out, int shape, smtp__cursor *cursor,
                                   const smtp_syntax *syntax)
{
    int error = smtp__take_more_spaces(cursor);
    out->argument = smtp__rest(cursor);
    return error != 0 ? error : shapes[shape].parse(out, cursor, syntax);
}

int smtp__argument_parse(smtp_command *out, int shape, smtp__cursor *cursor,
                         const smtp_syntax *syntax)
{
    if (cursor->at == cursor->end) {
        return shapes[shape].needed ? SMTP_ERR_ARGUMENT_MISSING : 0;
    }
    cursor->at++; /* the space behind the verb: of a text the next is a part */
    if (shape != SMTP__SHAPE_TEXT && smtp__at(cursor, ' ')) {
        return parse_spaced(out, shape, cursor, syntax);
    }
    out->argument = smtp__rest(cursor);
    return shapes[shape].parse(out, cursor, syntax);
}
