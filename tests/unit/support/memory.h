/* SPDX-License-Identifier: MIT
 * Memory for tests of sessions: an allocator that counts, fails when told to and looks at what
 * comes back, and text that grows. */
#ifndef TESTS_UNIT_SUPPORT_MEMORY_H
#define TESTS_UNIT_SUPPORT_MEMORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "smtp/base.h"

/* What an allocator has seen. */
struct memory {
    size_t calls;   /* of allocate */
    size_t live;    /* blocks that are out */
    size_t largest; /* octets asked for at once */
    size_t fail_at; /* the call that gets nothing, counted from 1, 0: none */
    int fail_after; /* 1: those behind it get nothing either */
};

static inline void *memory_allocate(size_t bytes, void *user)
{
    struct memory *memory = user;

    memory->calls++;
    if (bytes > memory->largest)
        memory->largest = bytes;
    if (memory->fail_at != 0 && (memory->calls == memory->fail_at ||
                                 (memory->fail_after && memory->calls > memory->fail_at)))
        return NULL;
    memory->live++;
    return calloc(1, bytes);
}

/* What is given back must be wiped: all that was ever written to it. */
static inline void memory_release(void *block, size_t bytes, void *user)
{
    struct memory *memory = user;
    const unsigned char *octets = block;
    size_t i;

    assert_non_null(block);
    for (i = 0; i < bytes; i++)
        assert_int_equal(octets[i], 0);
    memory->live--;
    free(block);
}

static inline smtp_allocator memory_allocator(struct memory *memory)
{
    smtp_allocator allocator;

    allocator.size = sizeof allocator;
    allocator.allocate = memory_allocate;
    allocator.release = memory_release;
    allocator.user = memory;
    return allocator;
}

/* Text that grows, always with a NUL behind it. */
struct text {
    char *at;
    size_t len;
    size_t room;
};

static inline void text_add(struct text *text, const void *octets, size_t len)
{
    if (text->len + len + 1 > text->room) {
        text->room = 2 * (text->len + len) + 256;
        text->at = realloc(text->at, text->room);
        assert_non_null(text->at);
    }
    if (len > 0)
        memcpy(text->at + text->len, octets, len);
    text->len += len;
    text->at[text->len] = '\0';
}

static inline void text_put(struct text *text, const char *format, ...)
{
    char line[2048];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_add(text, line, strlen(line));
}

static inline const char *text_of(const struct text *text)
{
    return text->at != NULL ? text->at : "";
}

static inline void text_clear(struct text *text)
{
    text->len = 0;
    if (text->at != NULL)
        text->at[0] = '\0';
}

static inline void text_free(struct text *text)
{
    static const struct text none = {NULL, 0, 0};

    free(text->at);
    *text = none;
}

/* How often a text stands in another. */
static inline size_t text_count(const char *in, const char *what)
{
    size_t n = 0;

    for (in = strstr(in, what); in != NULL; in = strstr(in + 1, what))
        n++;
    return n;
}

/* A copy that begins and ends with its memory: what reads beyond it, or keeps it, is found. */
static inline char *exact(const void *octets, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    if (len > 0)
        memcpy(copy, octets, len);
    return copy;
}

/* xorshift64: the same numbers on every machine. */
static inline size_t random_below(uint64_t *seed, size_t limit)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (size_t)((*seed >> 20) % limit);
}

#endif
