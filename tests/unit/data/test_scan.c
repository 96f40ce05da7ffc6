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
    {"chosen", smtp__scan},
    {"bytes", smtp__scan_bytes},
    {"words", smtp__scan_words},
    {"blocks", smtp__scan_blocks},
#ifdef SMTP__SCAN_X86
    {"sse2", smtp__scan_sse2},
    {"avx2", smtp__scan_avx2},
#endif
#ifdef SMTP__SCAN_NEON
    {"neon", smtp__scan_neon},
#endif
};

static int can_run(const struct variant *variant)
{
#ifdef SMTP__SCAN_X86
    return variant->scan != smtp__scan_avx2 || smtp__scan_has_avx2();
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

/* Each of these in quiet text, at every offset of a text of three blocks. */
static void each_event_at_each_offset(void **unused)
{
    static const char *const events[] = {"\r\n.", "\n.", "\r\n", "\r", "\n", "\r\r\n", "\n\n", ".",
                                         "\x80", "\xFF", "\x8D\n", "\r\x8A", "\r\x0C", "\x0B\n",
                                         "\x0C\n", "\r\x0B", "z.", "\x1A.", "\n\x2F", "\x8A.",
                                         "\n\xAE", "\t", "\r\n\x80", "\x80\r\n."};
    unsigned char text[400];

    (void)unused;
    for (size_t k = 0; k <= sizeof events / sizeof *events; k++) {
        const char *event = k < sizeof events / sizeof *events ? events[k] : "";
        size_t length = *event == 0 ? 1 : strlen(event); /* the last is a NUL */
        for (size_t at = 0; at < 390; at++) {
            memset(text, 'a', sizeof text);
            memcpy(text + at, event, length);
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
