/* SPDX-License-Identifier: MIT
 * Tables of addresses for tests: what is taken, what is refused where, and long ones to measure. */
#ifndef TESTS_UNIT_SYNTAX_ADDRESSES_H
#define TESTS_UNIT_SYNTAX_ADDRESSES_H

#include <stdio.h>

#include "base/octets.h"
#include "smtp/address.h"

/* Slices of literals in tables. */
#define STR(literal)                                                                               \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

enum { ALLOW_NOTHING = 0, TOLERATE_NOTHING = 0 };

/* A text that must give this error at this octet; error 0 and offset 0 when it must be taken. */
typedef struct verdict {
    smtp_str text;
    uint32_t allow, tolerate;
    int error;
    size_t offset;
} verdict;

typedef int (*verdict_parser)(smtp_str text, uint32_t allow, uint32_t tolerate, size_t *offset);

static inline int verdict_host(smtp_str text, uint32_t allow, uint32_t tolerate, size_t *offset)
{
    smtp_host host;
    return smtp_host_parse(&host, text, allow, tolerate, offset);
}

static inline int verdict_mailbox(smtp_str text, uint32_t allow, uint32_t tolerate, size_t *offset)
{
    smtp_mailbox mailbox;
    return smtp_mailbox_parse(&mailbox, text, allow, tolerate, offset);
}

static inline int verdict_path(smtp_str text, uint32_t allow, uint32_t tolerate, size_t *offset)
{
    smtp_path path;
    return smtp_path_parse(&path, text, allow, tolerate, NULL, offset);
}

static inline void verdict_check(verdict_parser parse, const verdict *row)
{
    smtp_str copy = octets_copy(row->text);
    size_t offset = 0;
    int error = parse(copy, row->allow, row->tolerate, &offset);
    if (error != row->error || offset != row->offset) {
        fail_msg("'%.*s': %s at %zu, not %s at %zu", (int)row->text.len, row->text.ptr,
                 smtp_error_name(error), offset, smtp_error_name(row->error), row->offset);
    }
    assert_int_equal(parse(copy, row->allow, row->tolerate, NULL), row->error);
    octets_free(copy);
}

static inline void verdicts_check(verdict_parser parse, const verdict *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        verdict_check(parse, &rows[i]);
    }
}

/* The same for a text that is made at run time. */
static inline void verdict_of(verdict_parser parse, const char *text, uint32_t allow,
                              uint32_t tolerate, int error, size_t offset)
{
    verdict row = {{text, strlen(text)}, allow, tolerate, error, offset};
    verdict_check(parse, &row);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define CHECK(parse, rows) verdicts_check(parse, rows, COUNT(rows))

/* Writes `count` times `octet` behind a string. */
static inline void append_run(char *text, char octet, size_t count)
{
    size_t length = strlen(text);
    memset(text + length, octet, count);
    text[length + count] = '\0';
}

/* Writes a domain of `length` octets behind a string: labels of 63 octets, and last ones that are
 * shorter so that none is empty. */
static inline void append_domain(char *text, size_t length)
{
    while (length > 65) {
        append_run(text, 'd', 63);
        append_run(text, '.', 1);
        length -= 64;
    }
    if (length > 63) {
        append_run(text, 'e', length - 2);
        append_run(text, '.', 1);
        length = 1;
    }
    append_run(text, 'f', length);
}

/* Writes the `index`th of all words of `length` octets of an alphabet. */
static inline void write_word(char *text, size_t index, size_t length, const char *alphabet)
{
    for (size_t i = 0; i < length; i++) {
        text[i] = alphabet[index % strlen(alphabet)];
        index /= strlen(alphabet);
    }
    text[length] = '\0';
}

static inline int same_text(smtp_str str, const char *text)
{
    return smtp_str_equal(str, smtp_text(text));
}

#endif
