/* SPDX-License-Identifier: MIT
 * Command lines read by a table: one function for each kind of value. */
#include "options.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <smtp/base.h>

enum { HELP_COLUMN = 30 };

static const char *set_flag(void *at, const struct option *row, const char *value, int argc)
{
    (void)row;
    (void)value;
    (void)argc;
    *(int *)at = 1;
    return NULL;
}

static const char *set_text(void *at, const struct option *row, const char *value, int argc)
{
    (void)row;
    (void)argc;
    *(const char **)at = value;
    return NULL;
}

/* A list never holds more than the command line has words. */
static const char *set_list(void *at, const struct option *row, const char *value, int argc)
{
    struct option_list *list = at;

    (void)row;
    if (list->items == NULL)
        list->items = calloc((size_t)argc, sizeof *list->items);
    if (list->items == NULL)
        return "there is no memory";
    list->items[list->count++] = value;
    return NULL;
}

static const char *set_octets(void *at, const struct option *row, const char *value, int argc)
{
    uint64_t number = 0;
    const char *digit = value;

    (void)row;
    (void)argc;
    do {
        uint64_t units = (uint64_t)(*digit - '0');
        if (*digit < '0' || *digit > '9')
            return "needs a decimal number";
        if (number > (UINT64_MAX - units) / 10)
            return "has a number that is too large";
        number = number * 10 + units;
    } while (*++digit != '\0');
    *(uint64_t *)at = number;
    return NULL;
}

static const char *set_count(void *at, const struct option *row, const char *value, int argc)
{
    const char *why = set_octets(at, row, value, argc);

    if (why == NULL && *(uint64_t *)at == 0)
        return "needs a number above 0";
    if (why == NULL && *(uint64_t *)at > UINT32_MAX)
        return "has a number that is too large";
    return why;
}

static const char *set_choice(void *at, const struct option *row, const char *value, int argc)
{
    const char *word = row->value;
    int position = 0;

    (void)argc;
    for (;;) {
        size_t length = strcspn(word, "|");
        if (strlen(value) == length && memcmp(value, word, length) == 0) {
            *(int *)at = position;
            return NULL;
        }
        if (word[length] == '\0')
            return "has none of the words that --help shows for it";
        word += length + 1;
        position++;
    }
}

typedef const char *(*setter)(void *at, const struct option *row, const char *value, int argc);

static const setter setters[] = {
    [OPTION_FLAG] = set_flag,   [OPTION_TEXT] = set_text,     [OPTION_LIST] = set_list,
    [OPTION_COUNT] = set_count, [OPTION_OCTETS] = set_octets, [OPTION_CHOICE] = set_choice,
};

static void show_help(const struct option_table *table)
{
    size_t i;

    printf("usage: %s [options]\n%s\n", table->program, table->summary);
    for (i = 0; i < table->count; i++) {
        const struct option *row = &table->rows[i];
        int width = printf("  %s%s%s", row->name, row->value != NULL ? " " : "",
                           row->value != NULL ? row->value : "");
        if (width >= HELP_COLUMN) {
            printf("\n");
            width = 0;
        }
        printf("%*s%s\n", HELP_COLUMN - width, "", row->help);
    }
    printf("%s", table->notes);
}

/* The row of a word, which may go on with "=value". */
static const struct option *find(const struct option_table *table, const char *word)
{
    size_t length = strcspn(word, "=");
    size_t i;

    for (i = 0; i < table->count; i++) {
        const char *name = table->rows[i].name;
        if (strlen(name) == length && memcmp(name, word, length) == 0)
            return &table->rows[i];
    }
    return NULL;
}

int options_refuse(const struct option_table *table, const char *name, const char *why)
{
    smtp_str shown = smtp_text(name);

    fprintf(stderr, "%s: ", table->program);
    terminal_write(stderr, shown);
    fprintf(stderr, " %s (--help shows the options)\n", why);
    return EX_USAGE;
}

int options_parse(const struct option_table *table, void *settings, int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        const struct option *row;
        const char *value = strchr(argv[i], '=');
        const char *why;

        if (strcmp(argv[i], "--help") == 0) {
            show_help(table);
            return EX_OK;
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("%s %s\n", table->program, smtp_version());
            return EX_OK;
        }
        row = find(table, argv[i]);
        if (row == NULL)
            return options_refuse(table, argv[i], "is not an option");
        if (row->value == NULL && value != NULL)
            return options_refuse(table, row->name, "takes no value");
        if (value != NULL)
            value++;
        else if (row->value != NULL && i + 1 < argc)
            value = argv[++i];
        if (row->value != NULL && value == NULL)
            return options_refuse(table, row->name, "needs a value");
        why = setters[row->kind]((char *)settings + row->offset, row, value, argc);
        if (why != NULL)
            return options_refuse(table, row->name, why);
    }
    return -1;
}

void options_release(const struct option_table *table, void *settings)
{
    size_t i;

    for (i = 0; i < table->count; i++) {
        if (table->rows[i].kind == OPTION_LIST) {
            void *at = (char *)settings + table->rows[i].offset;
            free(((struct option_list *)at)->items);
        }
    }
}
