/* SPDX-License-Identifier: MIT
 * Command lines for tests: what each must come to, and texts to compare with. */
#ifndef TESTS_UNIT_SYNTAX_LINES_H
#define TESTS_UNIT_SYNTAX_LINES_H

#include <stdio.h>

#include "base/octets.h"
#include "smtp/command.h"

#define LINE(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

/* A syntax with every extension. */
static inline smtp_syntax syntax_of(uint32_t flags, uint32_t tolerate)
{
    smtp_syntax syntax = {sizeof syntax, flags, tolerate, UINT32_MAX, 0, NULL, 0, NULL, 0};
    return syntax;
}

/* A line that must give this error at this octet; error 0 and offset 0 when it must be taken. */
typedef struct line_verdict {
    smtp_str line;
    int error;
    size_t offset;
} line_verdict;

/* Parses a copy of exactly the line's size, and forgets what came of it. */
static inline int line_error(smtp_str line, const smtp_syntax *syntax, size_t *offset)
{
    smtp_str copy = octets_copy(line);
    smtp_command command;
    int error = smtp_command_parse(&command, copy, syntax, offset);
    octets_free(copy);
    return error;
}

static inline void lines_check(const line_verdict *rows, size_t count, const smtp_syntax *syntax)
{
    for (size_t i = 0; i < count; i++) {
        size_t offset = 0;
        int error = line_error(rows[i].line, syntax, &offset);
        if (error != rows[i].error || offset != rows[i].offset) {
            fail_msg("'%.*s': %s at %zu, not %s at %zu", (int)rows[i].line.len, rows[i].line.ptr,
                     smtp_error_name(error), offset, smtp_error_name(rows[i].error),
                     rows[i].offset);
        }
        assert_int_equal(line_error(rows[i].line, syntax, NULL), rows[i].error);
    }
}

/* Parses a line that must be right; the result points into it. */
static inline smtp_command line_parsed(const char *line, const smtp_syntax *syntax)
{
    smtp_command command;
    size_t offset = 0;
    int error = smtp_command_parse(&command, smtp_text(line), syntax, &offset);
    if (error != 0) {
        fail_msg("'%s': %s at %zu", line, smtp_error_name(error), offset);
    }
    return command;
}

static inline void assert_text(smtp_str str, const char *text)
{
    if (!smtp_str_equal(str, smtp_text(text))) {
        fail_msg("'%.*s', not '%s'", (int)str.len, str.len > 0 ? str.ptr : "", text);
    }
}

/* Formats a command; it must come to this line, or to this error when `line` is NULL. */
static inline void assert_formatted(const smtp_command *command, const smtp_syntax *syntax,
                                    int error, const char *line)
{
    char out[4096];
    size_t len = 99;
    int result = smtp_command_format(out, sizeof out, &len, command, syntax);
    if (result != error) {
        fail_msg("%s, not %s, for '%s': '%.*s'", smtp_error_name(result), smtp_error_name(error),
                 line != NULL ? line : "", (int)len, out);
    }
    if (error != 0) {
        assert_int_equal(len, 0);
        return;
    }
    assert_true(len >= 2 && out[len - 2] == '\r' && out[len - 1] == '\n');
    assert_text(octets_of(out, len - 2), line);
}

#endif
