/* SPDX-License-Identifier: MIT
 * Reads a mailbox a line, with --path a path with its brackets, and tells whether it is one:
 *     address-check [--smtputf8] [--path] < list
 * prints "valid CANONICAL-FORM" or "invalid COLUMN REASON", the column counted from 1. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <smtp/address.h>

enum { CANONICAL_MAX = 512 };

/* Checks one mailbox or path. Returns 0, or the error and in *offset where it is. */
static int check(char *out, size_t *len, smtp_str text, int is_path, uint32_t allow, size_t *offset)
{
    smtp_mailbox mailbox;
    smtp_path path;
    int error;

    *offset = 0;
    if (is_path) {
        allow |= SMTP_ADDRESS_NULL | SMTP_ADDRESS_POSTMASTER;
        error = smtp_path_parse(&path, text, allow, 0, NULL, offset);
        return error != 0 ? error : smtp_path_format(out, CANONICAL_MAX, len, &path);
    }
    error = smtp_mailbox_parse(&mailbox, text, allow, 0, offset);
    return error != 0 ? error : smtp_mailbox_format(out, CANONICAL_MAX, len, &mailbox);
}

static void answer(smtp_str text, int is_path, uint32_t allow)
{
    char canonical[CANONICAL_MAX];
    size_t len = 0;
    size_t offset;
    int error = check(canonical, &len, text, is_path, allow, &offset);

    if (error == 0)
        printf("valid %.*s\n", (int)len, canonical);
    else
        printf("invalid %lu %s\n", (unsigned long)offset + 1, smtp_error_text(error));
}

int main(int argc, char **argv)
{
    uint32_t allow = 0;
    int is_path = 0;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--smtputf8") == 0) {
            allow = SMTP_ADDRESS_UTF8;
        } else if (strcmp(argv[i], "--path") == 0) {
            is_path = 1;
        } else {
            fprintf(stderr, "usage: address-check [--smtputf8] [--path] < list\n");
            return 64;
        }
    }
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        smtp_str text;

        text.ptr = line;
        text.len = (size_t)length - (line[length - 1] == '\n');
        answer(text, is_path, allow);
    }
    free(line);
    return fflush(stdout) == 0 ? 0 : 74;
}
