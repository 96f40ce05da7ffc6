/* SPDX-License-Identifier: MIT
 * What all fuzz targets share: checks, choices drawn from the input, text that grows, and what must
 * hold of any output. */
#ifndef FUZZ_SUPPORT_H
#define FUZZ_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "smtp/address.h"
#include "smtp/base.h"

/* A target: one run on one input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property: the program ends where it does not hold. */
#define CHECK(holds) check_that((holds) != 0, #holds, __FILE__, __LINE__)

void check_that(int holds, const char *what, const char *file, int line);

/* The choices of an input, drawn one after the other; 0 when there are no more, so that nothing
 * chosen is the plain case. */
typedef struct choices {
    const uint8_t *at;
    size_t left;
} choices;

uint32_t draw(choices *from, uint32_t below); /* below is at most 256 */
uint32_t draw_bits(choices *from, int octets);

/* An input: its first octet says how many choices follow, the rest is text. The text is in a block
 * of exactly its size, so that a sanitizer sees every read beyond it; give it back with free(). */
typedef struct input {
    choices choices;
    char *block;
    smtp_str text;
} input;

input input_read(const uint8_t *data, size_t size);

/* A copy in a block of exactly its size. */
char *exact(smtp_str octets);

/* The next line of *rest, without its LF; 0 when there is none. */
int next_line(smtp_str *rest, smtp_str *line);

/* A part of a slice. */
smtp_str part(smtp_str of, size_t from, size_t len);

/* 1 when the slice lies within the other one, or is absent. */
int is_within(smtp_str slice, smtp_str whole);

/* 1 when no octet is a control: 0 to 31 and 127. */
int is_free_of_controls(smtp_str text);

/* Text that grows. */
typedef struct text {
    char *ptr;
    size_t len;
    size_t room;
} text;

void text_add(text *to, smtp_str octets);
void text_say(text *to, const char *format, ...);
/* Adds content as it is sent: its last line ended, each bare CR and LF made a CRLF. */
void text_add_mended(text *to, smtp_str words);
void text_drop(text *gone);
smtp_str text_str(const text *from);
/* Prints some of it, from `at` on. */
void text_show(const char *name, const text *from, size_t at);
/* Ends the program unless both are the same; shows where they part. */
void text_compare(const text *a, const text *b, const char *what);

/* Checks that the octets are whole replies: lines of at most 512 octets, CRLF at their ends and no
 * other control, one code a reply; gives how many replies. `cut` is 1 when the last one may be
 * incomplete. */
size_t check_replies(smtp_str octets, int cut);

/* Checks what is equal by its meaning. */
void check_same_host(const smtp_host *a, const smtp_host *b);
void check_same_mailbox(const smtp_mailbox *a, const smtp_mailbox *b);

/* An allocator that counts. */
typedef struct memory {
    size_t live; /* octets */
    size_t most;
    size_t fail_at; /* the allocation that fails, counted from 1, 0: none */
    size_t calls;
    int wiped; /* what comes back must be */
} memory;

smtp_allocator memory_allocator(memory *counts);

#endif
