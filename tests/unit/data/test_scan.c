/* SPDX-License-Identifier: MIT
 * Tests of lib/data/scan.c: every way to scan agrees with its contract, told octet by octet. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "data/scan.h"
#include "streams.h"

typedef size_t scan_function(const unsigned char *, size_t, unsigned, uint32_t *);

static const struct variant {
    const char *name;
    scan_function *scan;
} variants[] = {
    {"chosen", smtp__scan},        {"bytes", smtp__scan_bytes}, {"words", smtp__scan_words},
    {"blocks", smtp__scan_blocks},
#ifdef SMTP__SCAN_X86
    {"sse2", smtp__scan_sse2},     {"avx2", smtp__scan_avx2},   {"avx512", smtp__scan_avx512},
#endif
#ifdef SMTP__SCAN_NEON
    {"neon", smtp__scan_neon},
#endif
};

static int can_run(const struct variant *variant)
{
#ifdef SMTP__SCAN_X86
    return (variant->scan != smtp__scan_avx2 || smtp__scan_has_avx2()) &&
           (variant->scan != smtp__scan_avx512 || smtp__scan_has_avx512());
#else
    return variant->scan != NULL;
#endif
}

/* The contract, word for word, with nothing in common with the code. */
static size_t expected(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    for (size_t i = 0; i < length; i++) {
        int pair = i + 1 < length;
        int bare_cr = pair && text[i] == 13 && text[i + 1] != 10;
        int bare_lf = pair && text[i] != 13 && text[i + 1] == 10;
        int dot = pair && text[i] == 10 && text[i + 1] == 46;

        *found |= text[i] == 0 ? SMTP_FOUND_NUL : 0u;
        *found |= text[i] > 127 ? SMTP_FOUND_8BIT : 0u;
        *found |= bare_cr ? SMTP_FOUND_BARE_CR : 0u;
        *found |= bare_lf ? SMTP_FOUND_BARE_LF : 0u;
        if (dot && (stop & SMTP__STOP_DOT)) {
            return i;
        }
        if ((bare_cr || bare_lf) && (stop & SMTP__STOP_BARE)) {
            return i;
        }
    }
    return length - 1;
}

/* All variants, all stops, on one text that starts `skip` octets into its memory. */
static void compare(const unsigned char *text, size_t length, size_t skip)
{
    unsigned char *memory = malloc(length + skip);
    unsigned char *start = memory + skip;

    assert_non_null(memory);
    memcpy(start, text, length);
    for (unsigned stop = 0; stop < 4; stop++) {
        uint32_t want = 0;
        size_t at = expected(start, length, stop, &want);

        for (size_t k = 0; k < sizeof variants / sizeof *variants; k++) {
            uint32_t found = 0;
            if (!can_run(&variants[k])) {
                continue;
            }
            size_t got = variants[k].scan(start, length, stop, &found);
            if (got != at || found != want) {
                fail_msg("%s, stop %u, length %zu, skip %zu: %zu and %x, not %zu and %x",
                         variants[k].name, stop, length, skip, got, (unsigned)found, at,
                         (unsigned)want);
            }
        }
    }
    free(memory);
}

/* Each of these in quiet text and in 8-bit text, at every offset of a text of some blocks. */
static void each_event_at_each_offset(void **unused)
{
#define EVENT(text)                                                                                \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }
    static const struct {
        const char *text;
        size_t len;
    } events[] = {
        EVENT("\r\n."),  EVENT("\n."),      EVENT("\r\n"),      EVENT("\r"),
        EVENT("\n"),     EVENT("\r\r\n"),   EVENT("\n\n"),      EVENT("."),
        EVENT("\0"),     EVENT("z\0"),      EVENT("\n\0"),      EVENT("\r\0\n"),
        EVENT("\x80"),   EVENT("\xFF"),     EVENT("\x8D\n"),    EVENT("\r\x8A"),
        EVENT("\r\x8B"), EVENT("\r\x80\n"), EVENT("\r\xFF\n"),  EVENT("\r\x0C"),
        EVENT("\x0B\n"), EVENT("\x0C\n"),   EVENT("\r\x0B"),    EVENT("z."),
        EVENT("\x1A."),  EVENT("\n\x2F"),   EVENT("\x8A."),     EVENT("\n\xAE"),
        EVENT("\t"),     EVENT("\r\n\x80"), EVENT("\x80\r\n."),
    };
    unsigned char text[400];

    (void)unused;
    for (size_t k = 0; k < sizeof events / sizeof *events; k++) {
        for (size_t at = 0; at < 390; at++) {
            memset(text, 'a', sizeof text);
            memcpy(text + at, events[k].text, events[k].len);
            compare(text, sizeof text, 0);
            memset(text, 0x80, sizeof text);
            memcpy(text + at, events[k].text, events[k].len);
            compare(text, sizeof text, 0);
        }
    }
}

/* No pair of octets escapes, wherever a vector or a word ends. */
static void each_pair_of_octets(void **unused)
{
    unsigned char text[150];

    (void)unused;
    for (size_t at = 0; at < 149; at += 1 + at % 13) {
        for (unsigned pair = 0; pair < 65536; pair += at == 60 ? 1 : 7) {
            uint32_t want = 0;
            memset(text, 'a', sizeof text);
            text[at] = (unsigned char)(pair >> 8);
            text[at + 1] = (unsigned char)(pair & 255);
            size_t end = expected(text, sizeof text, 3, &want);
            for (size_t k = 0; k < sizeof variants / sizeof *variants; k++) {
                uint32_t found = 0;
                if (can_run(&variants[k])) {
                    assert_int_equal(variants[k].scan(text, sizeof text, 3, &found), end);
                    assert_int_equal(found, want);
                }
            }
        }
    }
}

static void each_length_at_each_alignment(void **unused)
{
    uint64_t seed = 1;

    (void)unused;
    for (size_t skip = 0; skip < 64; skip++) {
        for (size_t length = 1; length < 300; length += 1 + length / 40) {
            for (unsigned rare = 1; rare < 2000; rare *= 7) {
                struct octets text = {{0}, 0};
                octets_random(&text, &seed, length + 64, rare);
                compare(text.at, length, skip);
            }
        }
    }
}

/* CRLF lines with one thing wrong, or none: what bodies are like. */
static void lines_with_one_fault(void **unused)
{
    uint64_t seed = 2;

    (void)unused;
    for (int round = 0; round < 4000; round++) {
        struct octets text = {{0}, 0};
        while (text.len < 1000) {
            octets_random(&text, &seed, random_below(&seed, 90), 1000000);
            octets_add(&text, "\r\n", 2);
        }
        if (round % 4 != 0) {
            static const unsigned char faults[] = "\r\n.\0\x80";
            text.at[random_below(&seed, 1000)] = faults[random_below(&seed, 5)];
        }
        compare(text.at, 1 + random_below(&seed, 1000), random_below(&seed, 64));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_at_each_offset),
        cmocka_unit_test(each_pair_of_octets),
        cmocka_unit_test(each_length_at_each_alignment),
        cmocka_unit_test(lines_with_one_fault),
    };
    return cmocka_run_group_tests_name("data/scan", tests, NULL, NULL);
}
