/* SPDX-License-Identifier: MIT
 * What the drivers share: values that stand for every value. */
#ifndef SMTP_PROOFS_PROOF_H
#define SMTP_PROOFS_PROOF_H

#include <stdlib.h>

#include "__fc_builtin.h"
#include "smtp/base.h"

#ifdef PROOF_QUICK
enum { LONGEST = 3 }; /* for a look whether a driver is in order */
#else
enum { LONGEST = 4096 };
#endif

/* A variable of any value of its type. */
#define ANY(variable) Frama_C_make_unknown((char *)&(variable), sizeof(variable))

/* Any number of a range. */
static inline size_t any_up_to(size_t max)
{
    return Frama_C_size_t_interval(0, max);
}

/* Any number below count, each looked at by itself. */
static inline int any_of(int count)
{
    int chosen = Frama_C_interval(0, count - 1);
    /*@ split chosen; */
    return chosen;
}

static inline uint32_t any_bits(void)
{
    return Frama_C_unsigned_int_interval(0, UINT32_MAX);
}

static inline uint64_t any_count(void)
{
    return Frama_C_unsigned_long_long_interval(0, UINT64_MAX);
}

static inline int any_int(void)
{
    return Frama_C_int_interval(INT32_MIN, INT32_MAX);
}

/* A memory block of min to max octets, of any contents, each length looked at by itself. There is
 * nothing before and behind it: to go one octet too far is an alarm. */
typedef struct block {
    char *ptr;
    size_t len;
} block;

static inline block any_block_of(size_t min, size_t max)
{
    block made;
    made.len = Frama_C_size_t_interval(min, min < LONGEST && LONGEST < max ? LONGEST : max);
    /*@ split made.len; */
    made.ptr = malloc(made.len);
    if (made.len > 0) {
        Frama_C_make_unknown(made.ptr, made.len);
    }
    return made;
}

static inline block any_block(size_t max)
{
    return any_block_of(0, max);
}

/* The same as a slice, which may also be absent. */
static inline smtp_str any_text(size_t max)
{
    block made = any_block(max);
    smtp_str text = {made.ptr, made.len};
    if (text.len == 0 && any_up_to(1)) {
        text.ptr = NULL;
    }
    return text;
}

/* A text of this form, in which each ? is any octet, whole or without its last octet or two. */
static inline smtp_str any_of_form(const char *form)
{
    smtp_str made = {NULL, 0};
    size_t len = 0;
    while (form[len] != '\0') {
        len++;
    }
    char *octets = malloc(len);
    for (size_t i = 0; i < len; i++) {
        octets[i] = form[i];
        if (form[i] == '?') {
            Frama_C_make_unknown(octets + i, 1);
        }
    }
    made.ptr = octets;
    made.len = len - (size_t)any_of(3);
    return made;
}

#define ANY_FORM(forms) any_of_form((forms)[any_of((int)(sizeof(forms) / sizeof(forms)[0]))])

/* Calls one of these functions, whichever. */
#define CALL_ONE_OF(...)                                                                           \
    do {                                                                                           \
        static void (*const functions[])(void) = {__VA_ARGS__};                                    \
        functions[any_of(sizeof functions / sizeof functions[0])]();                               \
    } while (0)

#endif
