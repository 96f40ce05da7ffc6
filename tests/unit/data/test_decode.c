/* SPDX-License-Identifier: MIT
 * Tests of lib/data/decode.c: what is content, and where it ends, in any cut. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "streams.h"

#define BARE ((unsigned)SMTP_FOUND_BARE_CR | (unsigned)SMTP_FOUND_BARE_LF)

/* All that can be told of a stream. */
struct outcome {
    struct octets content;
    int ended;
    size_t used; /* octets of the wire up to and with the end of data */
    uint32_t found;
    uint64_t bare_at;
};

/* RFC 5321 4.5.2 told line by line and octet by octet, on the stream as a whole. */
static void expect(const unsigned char *wire, size_t len, struct outcome *out)
{
    size_t i = 0;

    memset(out, 0, sizeof *out);
    for (; i < len; i++) {
        int line_start = i == 0 || (i >= 2 && wire[i - 2] == '\r' && wire[i - 1] == '\n');
        if (line_start && wire[i] == '.') {
            if (len - i >= 3 && wire[i + 1] == '\r' && wire[i + 2] == '\n') {
                out->ended = 1;
                out->used = i + 3;
                break;
            }
            continue;
        }
        octets_add(&out->content, wire + i, 1);
    }
    for (size_t k = out->content.len; k-- > 0;) {
        const unsigned char *octet = out->content.at + k;
        int bare_cr = *octet == '\r' && (k + 1 == out->content.len || octet[1] != '\n');
        int bare_lf = *octet == '\n' && (k == 0 || octet[-1] != '\r');

        out->found |= bare_cr ? SMTP_FOUND_BARE_CR : 0u;
        out->found |= bare_lf ? SMTP_FOUND_BARE_LF : 0u;
        out->found |= *octet == 0 ? SMTP_FOUND_NUL : 0u;
        out->found |= *octet > 127 ? SMTP_FOUND_8BIT : 0u;
        out->bare_at = bare_cr || bare_lf ? k : out->bare_at;
    }
}

/* One input, to its last octet or the end of data. Returns how much of it was used. */
static size_t feed(smtp_data_decoder *decoder, const unsigned char *octets, size_t len,
                   struct outcome *out)
{
    char *copy = exact_copy(octets, len);
    smtp_str input = {copy, len};
    int result;

    do {
        smtp_str piece;
        size_t used;
        result = smtp_data_decode(decoder, input, &piece, &used);
        assert_true(used <= input.len);
        assert_int_equal(result == SMTP_DATA_PIECE, piece.len > 0);
        octets_add(&out->content, piece.ptr, piece.len);
        assert_int_equal(decoder->octets, out->content.len);
        input.ptr += used;
        input.len -= used;
    } while (result == SMTP_DATA_PIECE);
    assert_true(result == SMTP_DATA_END || (result == SMTP_DATA_MORE && input.len == 0));
    out->ended = result == SMTP_DATA_END;
    free(copy);
    return len - input.len;
}

static void decode(const unsigned char *wire, size_t len, struct cut cut, struct outcome *out)
{
    smtp_data_decoder decoder = {0, 0, 0, 0};

    memset(out, 0, sizeof *out);
    while (!out->ended && out->used < len) {
        size_t width = cut_next(&cut, len - out->used, out->used);
        out->used += feed(&decoder, wire + out->used, width, out);
    }
    out->found = decoder.found;
    out->bare_at = decoder.bare_at;
}

static void compare(const unsigned char *wire, size_t len, const struct outcome *want,
                    struct cut cut)
{
    static struct outcome got;

    decode(wire, len, cut, &got);
    assert_int_equal(got.ended, want->ended);
    if (want->ended) {
        assert_int_equal(got.used, want->used);
        assert_int_equal(got.found, want->found);
        assert_int_equal(got.content.len, want->content.len);
        if (want->found & BARE) {
            assert_int_equal(got.bare_at, want->bare_at);
        }
    }
    assert_memory_equal(got.content.at, want->content.at, got.content.len);
}

/* Whole, in every cut in two, and in pieces of 1, 2 and 3 octets. */
static void compare_in_all_cuts(const unsigned char *wire, size_t len, const struct outcome *want)
{
    for (size_t first = 1; first <= len; first++) {
        compare(wire, len, want, (struct cut){first, len, 0});
    }
    for (size_t width = 1; width <= 3; width++) {
        compare(wire, len, want, (struct cut){0, width, 0});
    }
}

struct framing {
    const char *wire;    /* commands follow, which are not to be touched */
    const char *content; /* NULL when the data do not end */
    uint32_t found;
    uint64_t bare_at;
};

static void check_framing(const struct framing *row, const char *behind)
{
    struct octets wire = {{0}, 0};
    static struct outcome want;

    octets_add(&wire, row->wire, strlen(row->wire));
    octets_add(&wire, behind, strlen(behind));
    memset(&want, 0, sizeof want);
    if (row->content == NULL) {
        expect(wire.at, wire.len, &want);
        assert_false(want.ended);
    } else {
        want.ended = 1;
        want.used = strlen(row->wire);
        want.found = row->found;
        want.bare_at = row->bare_at;
        octets_add(&want.content, row->content, strlen(row->content));
    }
    compare_in_all_cuts(wire.at, wire.len, &want);
}

#define CR_ SMTP_FOUND_BARE_CR
#define LF_ SMTP_FOUND_BARE_LF

/* Shows: R5321-4.1.1.4-1 R5321-4.1.1.4-2 R5321-4.1.1.4-5 R5321-4.5.2-2 R6152-3-3 R1870-5-1 */
static void dots_and_the_end(void **unused)
{
    static const struct framing rows[] = {
        {".\r\n", "", 0, 0},
        {"\r\n.\r\n", "\r\n", 0, 0},
        {"a\r\n.\r\n", "a\r\n", 0, 0},
        {".foo\r\n.\r\n", "foo\r\n", 0, 0},
        {"a\r\n.foo\r\n.\r\n", "a\r\nfoo\r\n", 0, 0},
        {"..\r\n.\r\n", ".\r\n", 0, 0},
        {"...\r\n.\r\n", "..\r\n", 0, 0},
        {"a\r\n..\r\n.\r\n", "a\r\n.\r\n", 0, 0},
        {"..\r\n..\r\n..\r\n.\r\n", ".\r\n.\r\n.\r\n", 0, 0},
        {".. \r\n. \r\n.\r\n", ". \r\n \r\n", 0, 0},
        {"a.\r\n.\r\n", "a.\r\n", 0, 0},
        {"\r\n\r\n\r\n.\r\n", "\r\n\r\n\r\n", 0, 0},
        {"a\r\n.\x80\r\n.\r\n", "a\r\n\x80\r\n", SMTP_FOUND_8BIT, 0},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_framing(&rows[i], "NOOP\r\n");
        check_framing(&rows[i], "\x80\n");
        check_framing(&rows[i], "");
    }
}

/* Everything that some program takes for the end of data, and that is none.
 * Shows: R5321-2.3.8-1 R5321-4.1.1.4-6 R5321-4.1.1.4-7 R5321-4.5.2-3 */
static void nothing_else_ends(void **unused)
{
    static const struct framing rows[] = {
        {"a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", LF_, 1},
        {"a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", LF_, 1},
        {"a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", CR_, 1},
        {"a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", CR_, 1},
        {"a\r.\nb\r\n.\r\n", "a\r.\nb\r\n", CR_ | LF_, 1},
        {"a\n.\rb\r\n.\r\n", "a\n.\rb\r\n", CR_ | LF_, 1},
        {"a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", LF_, 3},
        {"a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", CR_, 3},
        {"a\r\n.\r\r\nb\r\n.\r\n", "a\r\n\r\r\nb\r\n", CR_, 3},
        {"a\r\r\n.\r\r\nb\r\n.\r\n", "a\r\r\n\r\r\nb\r\n", CR_, 1},
        {"a\r\n.\r.\r\nb\r\n.\r\n", "a\r\n\r.\r\nb\r\n", CR_, 3},
        {"a\n\n.\n\nb\r\n.\r\n", "a\n\n.\n\nb\r\n", LF_, 1},
        {"a\n\r.\r\nb\r\n.\r\n", "a\n\r.\r\nb\r\n", CR_ | LF_, 1},
        {"a\r\n\n.\r\nb\r\n.\r\n", "a\r\n\n.\r\nb\r\n", LF_, 3},
        {"a\r\n\r.\r\nb\r\n.\r\n", "a\r\n\r.\r\nb\r\n", CR_, 3},
        {"a\r\n. \r\nb\r\n.\r\n", "a\r\n \r\nb\r\n", 0, 0},
        {"a\r\n .\r\nb\r\n.\r\n", "a\r\n .\r\nb\r\n", 0, 0},
        {"a\r\n..\r\nb\r\n.\r\n", "a\r\n.\r\nb\r\n", 0, 0},
        {"a\v.\vb\f.\f\x85.\x85\r\n.\r\n", "a\v.\vb\f.\f\x85.\x85\r\n", SMTP_FOUND_8BIT, 0},
        {".\n.\r\n.\r\n", "\n.\r\n", LF_, 0},
        {".\rx\r\n.\r\n", "\rx\r\n", CR_, 0},
        {"\n.\r\n.\r\n", "\n.\r\n", LF_, 0},
        {"\r.\r\n.\r\n", "\r.\r\n", CR_, 0},
        {"\r\r\r\r\n.\r\n", "\r\r\r\r\n", CR_, 0},
        {"a\n.\n", NULL, 0, 0},
        {"a\r\n.\r", NULL, 0, 0},
        {"a\r\n.\r\r", NULL, 0, 0},
        {"a\r\n.", NULL, 0, 0},
        {".", NULL, 0, 0},
        {"\r\n", NULL, 0, 0},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_framing(&rows[i], rows[i].content == NULL ? "" : "NOOP\r\n");
    }
}

/* Two CRs before the LF: the last two octets before the dot are CRLF all the same. */
static void the_last_two_octets_count(void **unused)
{
    static const struct framing row = {"a\r\r\n.\r\n", "a\r\r\n", CR_, 1};

    (void)unused;
    check_framing(&row, "NOOP\r\n");
}

/* A NUL is content, and a line end is none with one in it. */
static void nul_is_content(void **unused)
{
    static const char wire[] = "a\r\n\0.\r\n\r\0\n.\r\nb\r\n.\0\r\n.\r\nNOOP\r\n";
    static const char content[] = "a\r\n\0.\r\n\r\0\n.\r\nb\r\n\0\r\n";
    static struct outcome want;

    (void)unused;
    memset(&want, 0, sizeof want);
    want.ended = 1;
    want.used = sizeof wire - 1 - strlen("NOOP\r\n");
    want.found = SMTP_FOUND_NUL | BARE;
    want.bare_at = 7;
    octets_add(&want.content, content, sizeof content - 1);
    compare_in_all_cuts((const unsigned char *)wire, sizeof wire - 1, &want);
}

/* Shows: R5321-4.5.2-4 R6152-3-2 */
static void every_octet_passes(void **unused)
{
    struct octets wire = {{0}, 0};
    static struct outcome want;

    (void)unused;
    for (unsigned i = 0; i < 256; i++) {
        unsigned char line[] = {'x', (unsigned char)i, 'x', '\r', '\n', (unsigned char)i};
        octets_add(&wire, line, i == '.' || i == '\r' || i == '\n' ? 5 : 6);
    }
    octets_add(&wire, "\r\n.\r\n", 5);
    expect(wire.at, wire.len, &want);
    assert_int_equal(want.content.len, wire.len - 3);
    compare_in_all_cuts(wire.at, wire.len, &want);
}

static void random_streams_in_random_cuts(void **unused)
{
    uint64_t seed = 3;
    static struct outcome want;

    (void)unused;
    for (unsigned round = 0; round < 3000; round++) {
        struct octets wire = {{0}, 0};
        unsigned limit = round % 8 == 0 ? 3000 : 60;
        octets_random(&wire, &seed, random_below(&seed, limit), 1 + round % 60);
        if (round % 5 != 0) {
            octets_add(&wire, "\r\n.\r\n", 5);
        }
        octets_random(&wire, &seed, random_below(&seed, 200), 2);
        if (wire.len == 0) {
            continue;
        }
        expect(wire.at, wire.len, &want);
        compare(wire.at, wire.len, &want, (struct cut){0, wire.len, 0});
        compare(wire.at, wire.len, &want, (struct cut){0, 1, 0});
        for (unsigned k = 0; k < 4; k++) {
            compare(wire.at, wire.len, &want, (struct cut){0, 0, seed + k});
        }
    }
}

static void nothing_comes_behind_the_end(void **unused)
{
    smtp_data_decoder decoder = {0, 0, 0, 0};
    static struct outcome out;

    (void)unused;
    memset(&out, 0, sizeof out);
    assert_int_equal(feed(&decoder, (const unsigned char *)"a\r\n.\r\nb\r\n", 9, &out), 6);
    assert_int_equal(feed(&decoder, (const unsigned char *)"b\r\n", 3, &out), 0);
    assert_true(out.ended);
    assert_int_equal(decoder.octets, 3);
}

/* Lines of 0 to 12 octets behind each other, all with dots, one of them with something odd. */
static void short_lines_with_dots(void **unused)
{
    static const unsigned char odd[] = "x.\r\n\0\x80\x0E\x0D\x7F\t";
    static struct outcome want;

    (void)unused;
    for (size_t length = 0; length <= 12; length++) {
        for (size_t at = 0; at < length + 2; at++) {
            for (size_t k = 0; k < sizeof odd - 1; k++) {
                struct octets wire = {{0}, 0};
                for (int line = 0; line < 4; line++) {
                    octets_add(&wire, ".aaaaaaaaaaaa", 1 + length);
                    octets_add(&wire, "\r\n", 2);
                    if (line == 1) {
                        wire.at[wire.len - 1 - at] = odd[k];
                    }
                }
                octets_add(&wire, ".\r\n", 3);
                for (size_t behind = 0; behind < 12; behind += 4) {
                    octets_add(&wire, "NOOP", behind < 4 ? behind : 4);
                    expect(wire.at, wire.len, &want);
                    compare(wire.at, wire.len, &want, (struct cut){0, wire.len, 0});
                    compare(wire.at, wire.len, &want, (struct cut){0, 11 + at, 0});
                }
            }
        }
    }
}

/* Shows: R5321-4.5.3.1.6-1 */
static void a_line_of_1000_octets_with_its_dot(void **unused)
{
    struct octets wire = {{0}, 0};
    static struct outcome want;

    (void)unused;
    octets_add(&wire, ".", 1);
    octets_random(&wire, &(uint64_t){4}, 998, 1000000);
    octets_add(&wire, "\r\n.\r\n", 5);
    expect(wire.at, wire.len, &want);
    assert_int_equal(want.content.len, 1000);
    compare_in_all_cuts(wire.at, wire.len, &want);
}

/* Only what may belong to the end is held back, and never more calls are needed than two an octet
 * and one an input. */
static void little_is_held_back(void **unused)
{
    static const char *const wires[] = {"abcdef", "\r\n..\r\n.\rx\r\n.\r.", "\r\r\r\n\n\r\n..."};

    (void)unused;
    for (size_t k = 0; k < sizeof wires / sizeof *wires; k++) {
        smtp_data_decoder decoder = {0, 0, 0, 0};
        size_t calls = 0;
        size_t content = 0;
        struct octets seen = {{0}, 0};

        for (size_t i = 0; wires[k][i] != 0; i++) {
            smtp_str input = {wires[k] + i, 1};
            smtp_str piece;
            size_t used;
            static struct outcome want;
            do {
                calls++;
                assert_true(smtp_data_decode(&decoder, input, &piece, &used) != SMTP_DATA_END);
                content += piece.len;
                input.ptr += used;
                input.len -= used;
            } while (piece.len > 0);
            octets_add(&seen, wires[k] + i, 1);
            expect(seen.at, seen.len, &want);
            int held = seen.len >= 2 && memcmp(seen.at + seen.len - 2, ".\r", 2) == 0 &&
                       (seen.len == 2 || seen.at[seen.len - 3] == '\n');
            assert_int_equal(content, want.content.len - (size_t)held);
        }
        assert_true(calls <= 3 * strlen(wires[k]));
    }
}

/* Pieces are slices of the input, but for the one octet that stood in an earlier one. */
static void nothing_is_copied(void **unused)
{
    static const char wire[] = "one\r\n..two\r\n.\r\n";
    smtp_data_decoder decoder = {0, 0, 0, 0};
    smtp_str input = {wire, sizeof wire - 1};
    smtp_str piece;
    size_t used;

    (void)unused;
    assert_int_equal(smtp_data_decode(&decoder, input, &piece, &used), SMTP_DATA_PIECE);
    assert_ptr_equal(piece.ptr, wire);
    assert_int_equal(piece.len, 5);
    input.ptr += used;
    input.len -= used;
    assert_int_equal(smtp_data_decode(&decoder, input, &piece, &used), SMTP_DATA_PIECE);
    assert_ptr_equal(piece.ptr, wire + 6);
    assert_int_equal(piece.len, 6);
    input.ptr += used;
    input.len -= used;
    assert_int_equal(smtp_data_decode(&decoder, input, &piece, &used), SMTP_DATA_END);
    assert_ptr_equal(input.ptr + used, wire + sizeof wire - 1);
    assert_null(piece.ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dots_and_the_end),
        cmocka_unit_test(nothing_else_ends),
        cmocka_unit_test(the_last_two_octets_count),
        cmocka_unit_test(nul_is_content),
        cmocka_unit_test(every_octet_passes),
        cmocka_unit_test(random_streams_in_random_cuts),
        cmocka_unit_test(nothing_comes_behind_the_end),
        cmocka_unit_test(short_lines_with_dots),
        cmocka_unit_test(a_line_of_1000_octets_with_its_dot),
        cmocka_unit_test(little_is_held_back),
        cmocka_unit_test(nothing_is_copied),
    };
    return cmocka_run_group_tests_name("data/decode", tests, NULL, NULL);
}
