/* SPDX-License-Identifier: MIT
 * Tests of lib/data/encode.c: what goes on the wire for which content, in any cut. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "streams.h"

struct outcome {
    struct octets wire;
    int result; /* 0, or the error */
    uint32_t found;
    uint64_t taken; /* octets of content before the refused one, or all */
};

static smtp_data_encoder encoder_for(uint32_t newlines)
{
    smtp_data_encoder encoder = {0, 0, 0, 0, 0};

    encoder.newlines = newlines;
    return encoder;
}

/* The content as a whole: line ends first, then dots (RFC 5321 4.5.2), then the end. */
static void expect(const unsigned char *content, size_t len, uint32_t newlines, struct outcome *out)
{
    static struct octets mended;

    memset(out, 0, sizeof *out);
    mended.len = 0;
    for (size_t i = 0; i < len; i++) {
        int bare_cr = content[i] == '\r' && (i + 1 == len || content[i + 1] != '\n');
        int bare_lf = content[i] == '\n' && (i == 0 || content[i - 1] != '\r');
        out->found |= bare_cr ? SMTP_FOUND_BARE_CR : 0u;
        out->found |= bare_lf ? SMTP_FOUND_BARE_LF : 0u;
        if ((bare_cr || bare_lf) && newlines == SMTP_NEWLINES_REFUSE) {
            out->result = SMTP_ERR_BODY_NEWLINE;
            break;
        }
        out->found |= content[i] == 0 ? SMTP_FOUND_NUL : 0u;
        out->found |= content[i] > 127 ? SMTP_FOUND_8BIT : 0u;
        octets_add(&mended, bare_cr || bare_lf ? "\r\n" : (const char *)content + i,
                   bare_cr || bare_lf ? 2 : 1);
        out->taken++;
    }
    for (size_t i = 0; i < mended.len; i++) {
        int line_start = i == 0 || (i >= 2 && memcmp(mended.at + i - 2, "\r\n", 2) == 0);
        octets_add(&out->wire, "..", line_start && mended.at[i] == '.');
        octets_add(&out->wire, mended.at + i, 1);
    }
    if (out->result == 0) {
        size_t ended = mended.len == 0 || mended.at[mended.len - 1] == '\n' ? 2 : 0;
        octets_add(&out->wire, &"\r\n.\r\n"[ended], 5 - ended);
    }
}

/* One input. Returns the error, with the wire up to it in out. */
static int feed(smtp_data_encoder *encoder, const unsigned char *octets, size_t len,
                struct outcome *out)
{
    char *copy = exact_copy(octets, len);
    smtp_str input = {copy, len};
    smtp_str piece;
    size_t used;
    int result;

    do {
        result = smtp_data_encode(encoder, input, &piece, &used);
        assert_true(used <= input.len);
        assert_int_equal(result == SMTP_DATA_PIECE, piece.len > 0);
        octets_add(&out->wire, piece.ptr, piece.len);
        input.ptr += used;
        input.len -= used;
    } while (result == SMTP_DATA_PIECE);
    if (result < 0) {
        assert_int_equal(used, 0);
        assert_int_equal(smtp_data_encode(encoder, input, &piece, &used), result);
        assert_int_equal(used, 0);
    } else {
        assert_int_equal(result, SMTP_DATA_MORE);
        assert_int_equal(input.len, 0);
    }
    free(copy);
    return result;
}

static void encode(const unsigned char *content, size_t len, uint32_t newlines, struct cut cut,
                   struct outcome *out)
{
    smtp_data_encoder encoder = encoder_for(newlines);
    smtp_str end;

    memset(out, 0, sizeof *out);
    for (size_t at = 0; at < len && out->result == 0;) {
        size_t width = cut_next(&cut, len - at, at);
        out->result = feed(&encoder, content + at, width, out);
        at += width;
    }
    if (out->result == 0) {
        assert_int_equal(encoder.octets, len);
        out->result = smtp_data_finish(&encoder, &end);
        octets_add(&out->wire, end.ptr, end.len);
    }
    out->found = encoder.found;
    out->taken = encoder.octets;
}

static void same(const struct outcome *got, const struct outcome *want)
{
    assert_int_equal(got->result, want->result);
    assert_int_equal(got->wire.len, want->wire.len);
    assert_memory_equal(got->wire.at, want->wire.at, want->wire.len);
    if (want->result == 0) {
        assert_int_equal(got->found, want->found);
        assert_int_equal(got->taken, want->taken);
    } else {
        /* One more when the refused CR was the last octet of its input. */
        assert_true(got->found & (SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF));
        assert_in_range(got->taken, want->taken, want->taken + 1);
    }
}

/* In every cut in two, in pieces of 1, 2 and 3 octets, and whole. */
static void check_all_cuts(const char *content, size_t len, uint32_t newlines,
                           const struct outcome *want)
{
    static struct outcome got;

    for (size_t first = 1; first <= len; first++) {
        encode((const unsigned char *)content, len, newlines, (struct cut){first, len, 0}, &got);
        same(&got, want);
    }
    for (size_t width = 1; width <= 3; width++) {
        encode((const unsigned char *)content, len, newlines, (struct cut){0, width, 0}, &got);
        same(&got, want);
    }
}

struct row {
    const char *content;
    const char *wire; /* up to the refused octet when there is an error */
    int error;
};

static void check_rows(const struct row *rows, size_t count, uint32_t newlines)
{
    for (size_t i = 0; i < count; i++) {
        static struct outcome want;
        expect((const unsigned char *)rows[i].content, strlen(rows[i].content), newlines, &want);
        assert_int_equal(want.result, rows[i].error);
        assert_int_equal(want.wire.len, strlen(rows[i].wire));
        assert_memory_equal(want.wire.at, rows[i].wire, want.wire.len);
        check_all_cuts(rows[i].content, strlen(rows[i].content), newlines, &want);
    }
}

/* Shows: R5321-4.5.2-1 R5321-4.1.1.4-3 R5321-4.1.1.4-4 */
static void dots_and_the_end(void **unused)
{
    static const struct row rows[] = {
        {"", ".\r\n", 0},
        {"a", "a\r\n.\r\n", 0},
        {"a\r\n", "a\r\n.\r\n", 0},
        {"\r\n", "\r\n.\r\n", 0},
        {"\r\n\r\n", "\r\n\r\n.\r\n", 0},
        {".", "..\r\n.\r\n", 0},
        {".\r\n", "..\r\n.\r\n", 0},
        {"..", "...\r\n.\r\n", 0},
        {".a\r\n.b\r\n", "..a\r\n..b\r\n.\r\n", 0},
        {"a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n", 0},
        {"a.\r\n .\r\n", "a.\r\n .\r\n.\r\n", 0},
        {".\r\n.\r\n.\r\n", "..\r\n..\r\n..\r\n.\r\n", 0},
        {"\r\n..\r\n", "\r\n...\r\n.\r\n", 0},
    };

    (void)unused;
    check_rows(rows, sizeof rows / sizeof *rows, SMTP_NEWLINES_REFUSE);
    check_rows(rows, sizeof rows / sizeof *rows, SMTP_NEWLINES_MEND);
}

/* Shows: R5321-2.3.8-4 R5321-4.5.2-3 */
static void bare_newlines_are_refused(void **unused)
{
    static const struct row rows[] = {
        {"\n", "", SMTP_ERR_BODY_NEWLINE},
        {"\r", "", SMTP_ERR_BODY_NEWLINE},
        {"a\nb", "a", SMTP_ERR_BODY_NEWLINE},
        {"a\rb", "a", SMTP_ERR_BODY_NEWLINE},
        {"a\n", "a", SMTP_ERR_BODY_NEWLINE},
        {"a\r", "a", SMTP_ERR_BODY_NEWLINE},
        {"a\r\r\n", "a", SMTP_ERR_BODY_NEWLINE},
        {"a\r\n\n", "a\r\n", SMTP_ERR_BODY_NEWLINE},
        {"a\n.\n", "a", SMTP_ERR_BODY_NEWLINE},
        {"a\r\n.\n.\r\n", "a\r\n..", SMTP_ERR_BODY_NEWLINE},
        {"a\r\n.\r.\r\n", "a\r\n..", SMTP_ERR_BODY_NEWLINE},
        {"\n.\r\n", "", SMTP_ERR_BODY_NEWLINE},
        {".\n", "..", SMTP_ERR_BODY_NEWLINE},
        {"\r\n\r.\r\n", "\r\n", SMTP_ERR_BODY_NEWLINE},
    };

    (void)unused;
    check_rows(rows, sizeof rows / sizeof *rows, SMTP_NEWLINES_REFUSE);
}

/* Shows: R5321-2.3.8-4 R5321-4.5.2-3 */
static void bare_newlines_are_mended(void **unused)
{
    static const struct row rows[] = {
        {"\n", "\r\n.\r\n", 0},
        {"\r", "\r\n.\r\n", 0},
        {"a\nb", "a\r\nb\r\n.\r\n", 0},
        {"a\rb", "a\r\nb\r\n.\r\n", 0},
        {"a\r", "a\r\n.\r\n", 0},
        {"a\r\r\n", "a\r\n\r\n.\r\n", 0},
        {"a\n\r", "a\r\n\r\n.\r\n", 0},
        {"a\n\n\n", "a\r\n\r\n\r\n.\r\n", 0},
        {"a\r\r\r", "a\r\n\r\n\r\n.\r\n", 0},
        {"a\n.\nb\n", "a\r\n..\r\nb\r\n.\r\n", 0},
        {"a\r.\rb\r", "a\r\n..\r\nb\r\n.\r\n", 0},
        {"a\n.\r\n", "a\r\n..\r\n.\r\n", 0},
        {"a\r.\r\n", "a\r\n..\r\n.\r\n", 0},
        {"\n.", "\r\n..\r\n.\r\n", 0},
        {"\r.", "\r\n..\r\n.\r\n", 0},
    };

    (void)unused;
    check_rows(rows, sizeof rows / sizeof *rows, SMTP_NEWLINES_MEND);
}

/* Any content, legal or not, in random cuts. */
static void random_content_in_random_cuts(void **unused)
{
    uint64_t seed = 5;
    static struct outcome want;
    static struct outcome got;

    (void)unused;
    for (unsigned round = 0; round < 3000; round++) {
        struct octets content = {{0}, 0};
        uint32_t newlines = round % 2 == 0 ? SMTP_NEWLINES_MEND : SMTP_NEWLINES_REFUSE;
        unsigned limit = round % 8 == 0 ? 2000 : 60;

        octets_random(&content, &seed, random_below(&seed, limit), 1 + round % 60);
        expect(content.at, content.len, newlines, &want);
        for (size_t width = 0; width < 4; width++) {
            encode(content.at, content.len, newlines, (struct cut){0, width, seed}, &got);
            same(&got, &want);
        }
        encode(content.at, content.len, newlines, (struct cut){0, content.len, 0}, &got);
        same(&got, &want);
    }
}

/* Lines of 0 to 12 octets behind each other, all with dots, one of them with something odd. */
static void short_lines_with_dots(void **unused)
{
    static const unsigned char odd[] = "x.\r\n\0\x80\x0E\x0D\x7F\t";
    static struct outcome want;
    static struct outcome got;

    (void)unused;
    for (size_t length = 0; length <= 12; length++) {
        for (size_t at = 0; at < length + 2; at++) {
            for (size_t k = 0; k < 2 * (sizeof odd - 1); k++) {
                struct octets content = {{0}, 0};
                uint32_t newlines = k % 2 == 0 ? SMTP_NEWLINES_MEND : SMTP_NEWLINES_REFUSE;
                for (int line = 0; line < 4; line++) {
                    octets_add(&content, ".aaaaaaaaaaaa", 1 + length);
                    octets_add(&content, "\r\n", 2);
                    if (line == 1) {
                        content.at[content.len - 1 - at] = odd[k / 2];
                    }
                }
                expect(content.at, content.len, newlines, &want);
                for (size_t width = 9; width <= content.len; width += 1 + width / 8) {
                    encode(content.at, content.len, newlines, (struct cut){0, width, 0}, &got);
                    same(&got, &want);
                }
            }
        }
    }
}

/* Content of CRLF lines, many of which begin with dots. */
static void random_lines(struct octets *content, uint64_t *seed, size_t len)
{
    while (content->len < len) {
        octets_add(content, "....", random_below(seed, 4));
        for (unsigned n = random_below(seed, 90); n > 0; n--) {
            unsigned char octet = (unsigned char)random_below(seed, 256);
            octets_add(content, &octet, octet != '\r' && octet != '\n');
        }
        octets_add(content, "\r\n", 2);
    }
}

/* Shows: R1870-5-1 R5321-4.5.2-4 R6152-3-2 */
static void decoding_gives_the_content_back(void **unused)
{
    uint64_t seed = 6;
    static struct outcome wire;

    (void)unused;
    for (unsigned round = 0; round < 500; round++) {
        struct octets content = {{0}, 0};
        struct octets back = {{0}, 0};
        smtp_data_decoder decoder = {0, 0, 0, 0};
        int result = SMTP_DATA_MORE;
        size_t at = 0;

        random_lines(&content, &seed, random_below(&seed, 1500));
        encode(content.at, content.len, SMTP_NEWLINES_REFUSE, (struct cut){0, 0, seed}, &wire);
        assert_int_equal(wire.result, 0);
        while (result != SMTP_DATA_END) {
            size_t width = 1 + random_below(&seed, 300);
            width = width < wire.wire.len - at ? width : wire.wire.len - at;
            assert_true(width > 0);
            smtp_str input = {(const char *)wire.wire.at + at, width};
            smtp_str piece;
            size_t used;
            result = smtp_data_decode(&decoder, input, &piece, &used);
            octets_add(&back, piece.ptr, piece.len);
            at += used;
        }
        assert_int_equal(at, wire.wire.len);
        assert_int_equal(back.len, content.len);
        assert_memory_equal(back.at, content.at, back.len);
        assert_int_equal(decoder.octets, content.len);
        assert_int_equal(decoder.found, wire.found);
    }
}

/* To a buffer of any room from 2 on comes what the pieces are together. */
static void to_a_buffer(void **unused)
{
    uint64_t seed = 7;
    static struct outcome want;

    (void)unused;
    for (unsigned round = 0; round < 1500; round++) {
        struct octets content = {{0}, 0};
        struct octets wire = {{0}, 0};
        uint32_t newlines = round % 2 == 0 ? SMTP_NEWLINES_MEND : SMTP_NEWLINES_REFUSE;
        smtp_data_encoder encoder = encoder_for(newlines);
        size_t room = 2 + random_below(&seed, round % 3 == 0 ? 300 : 6);
        int result = 0;
        smtp_str end;

        octets_random(&content, &seed, random_below(&seed, 300), 1 + round % 60);
        expect(content.at, content.len, newlines, &want);
        for (size_t at = 0; at < content.len && result == 0;) {
            smtp_str input = {(const char *)content.at + at, content.len - at};
            char *buffer = malloc(room);
            size_t used;
            size_t len;

            assert_non_null(buffer);
            result = smtp_data_encode_to(&encoder, input, &used, buffer, room, &len);
            assert_true(len <= room && used <= input.len);
            assert_true(result != 0 || used > 0 || len > 0);
            assert_true(result != 0 || used == input.len || len + 1 >= room);
            octets_add(&wire, buffer, len);
            at += used;
            free(buffer);
        }
        if (result == 0) {
            result = smtp_data_finish(&encoder, &end);
            octets_add(&wire, end.ptr, end.len);
        }
        assert_int_equal(result, want.result);
        assert_int_equal(wire.len, want.wire.len);
        assert_memory_equal(wire.at, want.wire.at, wire.len);
    }
}

static void no_room_makes_no_progress(void **unused)
{
    smtp_data_encoder encoder = encoder_for(SMTP_NEWLINES_REFUSE);
    smtp_str input = {".", 1};
    size_t used = 9;
    size_t len = 9;
    char out[1];

    (void)unused;
    assert_int_equal(smtp_data_encode_to(&encoder, input, &used, out, 0, &len), 0);
    assert_int_equal(used, 0);
    assert_int_equal(len, 0);
    assert_int_equal(encoder.octets, 0);
}

/* Pieces are slices of the input, and a dot that is doubled is in two of them. */
static void nothing_is_copied(void **unused)
{
    static const char content[] = "one\r\n.two";
    smtp_data_encoder encoder = encoder_for(SMTP_NEWLINES_REFUSE);
    smtp_str input = {content, sizeof content - 1};
    smtp_str piece;
    size_t used;

    (void)unused;
    assert_int_equal(smtp_data_encode(&encoder, input, &piece, &used), SMTP_DATA_PIECE);
    assert_ptr_equal(piece.ptr, content);
    assert_int_equal(piece.len, 6);
    assert_int_equal(used, 5);
    input.ptr += used;
    input.len -= used;
    assert_int_equal(smtp_data_encode(&encoder, input, &piece, &used), SMTP_DATA_PIECE);
    assert_ptr_equal(piece.ptr, content + 5);
    assert_int_equal(piece.len, 4);
    input.ptr += used;
    input.len -= used;
    assert_int_equal(smtp_data_encode(&encoder, input, &piece, &used), SMTP_DATA_MORE);
    assert_null(piece.ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dots_and_the_end),
        cmocka_unit_test(bare_newlines_are_refused),
        cmocka_unit_test(bare_newlines_are_mended),
        cmocka_unit_test(random_content_in_random_cuts),
        cmocka_unit_test(short_lines_with_dots),
        cmocka_unit_test(decoding_gives_the_content_back),
        cmocka_unit_test(to_a_buffer),
        cmocka_unit_test(no_room_makes_no_progress),
        cmocka_unit_test(nothing_is_copied),
    };
    return cmocka_run_group_tests_name("data/encode", tests, NULL, NULL);
}
