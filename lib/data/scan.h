/* SPDX-License-Identifier: MIT
 * One pass over a message's octets: the next place that matters, and what was seen on the way. */
#ifndef SMTP_DATA_SCAN_H
#define SMTP_DATA_SCAN_H

#include "smtp/data.h"

#define SMTP__CR 0x0D
#define SMTP__LF 0x0A

/* The two bits of `found` that tell of line ends that are none. */
#define SMTP__BARE ((uint32_t)SMTP_FOUND_BARE_CR | (uint32_t)SMTP_FOUND_BARE_LF)

/* What ends a scan, a set of bits. */
enum smtp__scan_stop {
    SMTP__STOP_DOT = 1 << 0, /* an LF with a dot behind it; a CR before it is the caller's to see */
    SMTP__STOP_BARE = 1 << 1, /* one of two, not both: this octet is a CR, the next is an LF */
    SMTP__STOP_ANY = SMTP__STOP_DOT | SMTP__STOP_BARE
};

/* Looks at text[i] together with text[i + 1], for i from 0 on, and returns the first i that ends
 * the scan, or length - 1 when none does; length is at least 1. For every i up to and with that
 * one, *found gets the bits of a NUL or 8-bit octet at i, of a bare CR at i and of a bare LF at
 * i + 1. A bare LF at 0 and a bare CR at length - 1 cannot be told here. */
size_t smtp__scan(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);

/* Whether an octet is one of those that never matter: no control of those up to CR, not 8-bit. */
static inline int smtp__is_plain(unsigned char octet)
{
    return octet >= 0x0E && octet < 0x80;
}

/* 1 when the input is a single octet that never matters. Where each comes alone, as from a
 * terminal, a scan for each would cost too much. */
static inline int smtp__single_plain(smtp_str input)
{
    return input.len == 1 && smtp__is_plain((unsigned char)*input.ptr);
}

/* The length of the line at `text`, with its CRLF, when it is a short one of nothing but plain
 * octets, at least one, and a dot stands behind it; else 0. Where such lines follow each other, a
 * scan for each would cost too much. */
static inline size_t smtp__short_line(const unsigned char *text, size_t length)
{
    const size_t longest = 8;
    size_t at = 0;

    if (length < longest + 3) {
        return 0;
    }
    while (at < longest && smtp__is_plain(text[at])) {
        at++;
    }
    if (at > 0 && text[at] == SMTP__CR && text[at + 1] == SMTP__LF && text[at + 2] == '.') {
        return at + 2;
    }
    return 0;
}

/* The ways to do it. Each has the contract of smtp__scan, which takes the best one. Those that are
 * on every machine go by octets, by 64-bit words, and by blocks that a compiler can vectorise. */
size_t smtp__scan_bytes(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);
size_t smtp__scan_words(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);
size_t smtp__scan_blocks(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);

/* Vector code, unless the build defines SMTP_PLAIN_C. AVX2 and AVX-512 are compiled wherever SSE2
 * is; only the running program can tell whether the processor has them, and GCC 5 cannot ask for
 * the latter. */
#if !defined(SMTP_PLAIN_C) && defined(__GNUC__) && defined(__SSE2__) &&                            \
    (defined(__clang__) || __GNUC__ > 5)
#define SMTP__SCAN_X86
size_t smtp__scan_sse2(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);
size_t smtp__scan_avx2(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);
size_t smtp__scan_avx512(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);
int smtp__scan_has_avx2(void);
int smtp__scan_has_avx512(void);
#elif !defined(SMTP_PLAIN_C) && defined(__GNUC__) && defined(__ARM_NEON)
#define SMTP__SCAN_NEON
size_t smtp__scan_neon(const unsigned char *text, size_t length, unsigned stop, uint32_t *found);
#endif

#endif
