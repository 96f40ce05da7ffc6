/* SPDX-License-Identifier: MIT
 * Command lines, written. What is written is parsed again, so that there is one grammar only and
 * nothing in a member can become another word, parameter or line. */
#include "syntax/argument.h"
#include "syntax/host.h"
#include "syntax/param.h"
#include "syntax/verb.h"

/* Writes an argument with the space before it. Returns 0 or an error. */
typedef int argument_writer(smtp__writer *writer, const smtp_command *command,
                            const smtp_syntax *syntax);

static int write_text(smtp__writer *writer, const smtp_command *command, const smtp_syntax *syntax)
{
    (void)syntax;
    if (command->argument.len > 0) {
        smtp__put(writer, ' ');
        smtp__put_str(writer, command->argument);
    }
    return 0;
}

static int write_host(smtp__writer *writer, const smtp_command *command, const smtp_syntax *syntax)
{
    (void)syntax;
    smtp__put(writer, ' ');
    if (command->host.kind == SMTP_HOST_NONE) {
        smtp__put_str(writer, command->host.text); /* with SMTP_TOLERATE_HELLO_NAME */
    } else {
        smtp__put_host(writer, &command->host);
    }
    return 0;
}

/* Writes a path and reads it again: there must be nothing behind it. */
static int write_path(smtp__writer *writer, const smtp_path *path)
{
    char *start = writer->out + writer->len;
    uint32_t allow = SMTP_ADDRESS_UTF8 | SMTP_ADDRESS_NULL | SMTP_ADDRESS_POSTMASTER;
    uint32_t tolerate = ~(uint32_t)SMTP_TOLERATE_NO_BRACKETS;
    smtp_str written = {start, 0};
    smtp_path parsed;
    if (writer->failed) {
        return SMTP_ERR_NO_SPACE;
    }
    int error = smtp_path_format(start, writer->capacity - writer->len, &written.len, path);
    writer->len += written.len;
    if (error == 0) {
        error = smtp_path_parse(&parsed, written, allow, tolerate, NULL, NULL);
    }
    return error;
}

static int write_path_and_params(smtp__writer *writer, const smtp_command *command,
                                 const smtp_syntax *syntax)
{
    smtp__put_text(writer, command->verb == SMTP_VERB_MAIL ? " FROM:" : " TO:");
    int error = write_path(writer, &command->path);
    return error != 0 ? error : smtp__params_write(writer, command->verb, &command->params, syntax);
}

static int write_string(smtp__writer *writer, const smtp_command *command,
                        const smtp_syntax *syntax)
{
    (void)write_text(writer, command, syntax);
    if (command->flags & SMTP_COMMAND_SMTPUTF8) {
        smtp__put_text(writer, " SMTPUTF8");
    }
    return 0;
}

static int write_last(smtp__writer *writer, const smtp_command *command)
{
    if (command->flags & SMTP_COMMAND_LAST) {
        smtp__put_text(writer, " LAST");
    }
    return 0;
}

static int write_chunk(smtp__writer *writer, const smtp_command *command, const smtp_syntax *syntax)
{
    (void)syntax;
    smtp__put(writer, ' ');
    smtp__put_number(writer, command->octets);
    return write_last(writer, command);
}

static int write_url(smtp__writer *writer, const smtp_command *command, const smtp_syntax *syntax)
{
    (void)write_text(writer, command, syntax);
    return write_last(writer, command);
}

static int write_auth(smtp__writer *writer, const smtp_command *command, const smtp_syntax *syntax)
{
    (void)write_text(writer, command, syntax);
    if (command->flags & SMTP_COMMAND_INITIAL_RESPONSE) {
        smtp__put(writer, ' ');
        smtp__put_str(writer, command->response.len > 0 ? command->response : smtp_text("="));
    }
    return 0;
}

static int write_node(smtp__writer *writer, const smtp_command *command, const smtp_syntax *syntax)
{
    (void)syntax;
    smtp__put(writer, ' ');
    if (command->flags & SMTP_COMMAND_SUBDOMAINS) {
        smtp__put(writer, '@');
    }
    if (command->flags & SMTP_COMMAND_QUEUE) {
        smtp__put(writer, '#');
    }
    smtp__put_str(writer, command->argument);
    return 0;
}

static const struct shape {
    argument_writer *write;
    int from_argument; /* 1 when it is made of command->argument */
} shapes[SMTP__SHAPES] = {
    [SMTP__SHAPE_TEXT] = {write_text, 1},     [SMTP__SHAPE_NOTHING] = {write_text, 1},
    [SMTP__SHAPE_HOST] = {write_host, 0},     [SMTP__SHAPE_PATH] = {write_path_and_params, 0},
    [SMTP__SHAPE_STRING] = {write_string, 1}, [SMTP__SHAPE_CHUNK] = {write_chunk, 0},
    [SMTP__SHAPE_URL] = {write_url, 1},       [SMTP__SHAPE_AUTH] = {write_auth, 1},
    [SMTP__SHAPE_NODE] = {write_node, 1},     [SMTP__SHAPE_DOMAINS] = {write_text, 1},
};

static smtp_str name_of(int verb, const smtp_syntax *syntax)
{
    size_t own = verb >= SMTP_VERB_CUSTOM ? (size_t)verb - SMTP_VERB_CUSTOM : SIZE_MAX;
    return own < syntax->verb_count ? syntax->verbs[own] : smtp_verb_name(verb);
}

/* Parses what was written. Each part must have stayed what it was, and where it was. */
static int check(smtp_str line, const smtp_command *command, const smtp_syntax *syntax)
{
    smtp_command parsed;
    int error = smtp_command_parse(&parsed, line, syntax, NULL);
    if (error != 0) {
        return error;
    }
    if (parsed.verb != command->verb || parsed.flags != command->flags ||
        !smtp_str_equal(parsed.response, command->response) ||
        (shapes[smtp__verb_row(command->verb)->shape].from_argument &&
         !smtp_str_equal(parsed.argument, command->argument))) {
        return SMTP_ERR_ARGUMENT;
    }
    return 0;
}

int smtp_command_format(char *out, size_t capacity, size_t *len, const smtp_command *command,
                        const smtp_syntax *syntax)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    *len = 0;
    int error = smtp__syntax_of(&syntax);
    if (error != 0) {
        return error;
    }
    smtp_str name = name_of(command->verb, syntax);
    if (name.len == 0) {
        return SMTP_ERR_VERB;
    }
    smtp__put_str(&writer, name);
    error = shapes[smtp__verb_row(command->verb)->shape].write(&writer, command, syntax);
    if (error == 0 && writer.failed) {
        error = SMTP_ERR_NO_SPACE;
    }
    if (error == 0) {
        smtp_str line = {out, writer.len};
        error = check(line, command, syntax);
    }
    if (error != 0) {
        return error;
    }
    smtp__put_text(&writer, "\r\n");
    return smtp__writer_finish(&writer, len);
}
