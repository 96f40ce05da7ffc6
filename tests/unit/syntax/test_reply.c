/* SPDX-License-Identifier: MIT
 * Replies, read out of a stream. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/reply.h"
#include "syntax/lines.h"

/* What a stream came to: the lines and the last result, and the octet where that was. */
typedef struct outcome {
    size_t lines, replies;
    uint64_t hash; /* of all that was in the lines */
    int result;
    size_t at;
} outcome;

static void add(outcome *out, const void *octets, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out->hash = (out->hash ^ ((const unsigned char *)octets)[i]) * UINT64_C(1099511628211);
    }
}

/* Feeds a stream in pieces, as `next` gives their sizes. */
static outcome feed(smtp_str stream, uint32_t line_max, uint32_t total_max, uint64_t *random,
                    size_t piece)
{
    outcome out = {0, 0, UINT64_C(14695981039346656037), 0, 0};
    char storage[SMTP_REPLY_LINE_RECEIVED_MAX];
    smtp_reply_parser parser = {line_max, total_max, storage, 0, 0, 0};
    while (out.at < stream.len && out.result >= 0) {
        size_t left = stream.len - out.at;
        size_t size = random != NULL ? octets_below(random, 9) : piece;
        smtp_str copy = octets_copy(octets_of(stream.ptr + out.at, size < left ? size : left));
        size_t begin = 0;
        do {
            smtp_reply_line line;
            size_t used = SIZE_MAX;
            smtp_str rest = {copy.ptr + begin, copy.len - begin};
            out.result = smtp_reply_parse(&parser, rest, &used, &line);
            assert_true(used <= rest.len);
            begin += used;
            if (out.result == 1) {
                out.lines++;
                out.replies += (size_t)line.last;
                add(&out, &line.code, sizeof line.code);
                add(&out, &line.status, sizeof line.status);
                add(&out, line.text.ptr, line.text.len);
                add(&out, line.words.ptr, line.words.len);
            }
        } while (out.result == 1 && begin < copy.len);
        assert_true(out.result != 0 || begin == copy.len);
        out.at += begin;
        octets_free(copy);
    }
    return out;
}

/* Whatever the cut, the lines and the error and its place are the same. */
static void check_stream(smtp_str stream, uint32_t line_max, uint32_t total_max, size_t lines,
                         size_t replies, int error, size_t at)
{
    uint64_t random = 7;
    outcome whole = feed(stream, line_max, total_max, NULL, stream.len);
    assert_int_equal(whole.lines, lines);
    assert_int_equal(whole.replies, replies);
    assert_int_equal(whole.result < 0 ? whole.result : 0, error);
    assert_int_equal(whole.at, at);
    for (size_t i = 0; i < 60; i++) {
        outcome cut = feed(stream, line_max, total_max, i < 20 ? NULL : &random, i + 1);
        assert_int_equal(cut.lines, lines);
        assert_int_equal(cut.replies, replies);
        assert_int_equal(cut.result < 0 ? cut.result : 0, error);
        assert_int_equal(cut.at, at);
        assert_true(cut.hash == whole.hash);
    }
}

/* Shows: R5321-2.3.8-1 R5321-4.2.1-2 R5321-4.2-4 R5321-4.2-8 */
static void test_streams(void **state)
{
    static const struct {
        smtp_str stream;
        size_t lines, replies;
        int error;
        size_t at;
    } rows[] = {
        {LINE("220 a.example\r\n250-a.example\r\n250-SIZE\r\n250 2.0.0 x\r\n250\r\n"), 5, 3, 0, 58},
        {LINE("220 a"), 0, 0, 0, 5},
        {LINE("220 a\r"), 0, 0, 0, 6},
        {LINE("220-a\r\n"), 1, 0, 0, 7},
        {LINE("220-a\r\n221 b\r\n"), 1, 0, SMTP_ERR_REPLY_MIXED, 14},
        {LINE("220 a\r\n221 b\r\n"), 2, 2, 0, 14},
        {LINE("220 a\n"), 0, 0, SMTP_ERR_BARE_LF, 6},
        {LINE("\n"), 0, 0, SMTP_ERR_BARE_LF, 1},
        {LINE("\r\n"), 0, 0, SMTP_ERR_REPLY_CODE, 2},
        {LINE("220 a\rb\r\n"), 0, 0, SMTP_ERR_BARE_CR, 9},
        {LINE("220 a\r\r\n"), 0, 0, SMTP_ERR_BARE_CR, 8},
        {LINE("220 a\0\r\n"), 0, 0, SMTP_ERR_CONTROL, 8},
        {LINE("hello\r\n220 a\r\n"), 0, 0, SMTP_ERR_REPLY_CODE, 7},
        {LINE("2\r20 a\r\n"), 0, 0, SMTP_ERR_REPLY_CODE, 8},
        {LINE("220_a\r\n"), 0, 0, SMTP_ERR_REPLY_SEPARATOR, 7},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        check_stream(rows[i].stream, 0, 0, rows[i].lines, rows[i].replies, rows[i].error,
                     rows[i].at);
    }
}

/* Shows: R5321-4.5.3.1.5-1 */
static void test_limits(void **state)
{
    char text[600];
    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "250 ", 4);
    memcpy(text + 510, "\r\n", 2);
    check_stream(octets_of(text, 512), 512, 0, 1, 1, 0, 512);
    check_stream(octets_of(text, 512), 0, 0, 1, 1, 0, 512);
    check_stream(octets_of(text, 512), 511, 0, 0, 0, SMTP_ERR_LINE_TOO_LONG, 511);
    check_stream(octets_of(text, 400), 300, 0, 0, 0, SMTP_ERR_LINE_TOO_LONG, 300);
    check_stream(octets_of(text, 300), 300, 0, 0, 0, SMTP_ERR_LINE_TOO_LONG, 300);
    check_stream(octets_of(text, 299), 300, 0, 0, 0, 0, 299);
    smtp_str two = LINE("250-a\r\n250 b\r\n250 c\r\n");
    check_stream(two, 0, 14, 3, 2, 0, 21);
    check_stream(two, 0, 13, 1, 0, SMTP_ERR_REPLY_TOO_LONG, 14);
    check_stream(two, 0, 6, 0, 0, SMTP_ERR_REPLY_TOO_LONG, 7);
}

/* A reply without an end is not taken for ever. */
static void test_endless(void **state)
{
    smtp_str line = LINE("250-a\r\n");
    smtp_reply_parser parser = {0, 0, NULL, 0, 0, 0};
    size_t lines = 0, used;
    smtp_reply_line out;
    int result;
    (void)state;
    while ((result = smtp_reply_parse(&parser, line, &used, &out)) == 1) {
        lines++;
    }
    assert_int_equal(result, SMTP_ERR_REPLY_TOO_LONG);
    assert_int_equal(lines, SMTP_REPLY_RECEIVED_MAX / 7);
    /* The next one is another reply. */
    assert_int_equal(smtp_reply_parse(&parser, line, &used, &out), 1);
}

static void test_storage(void **state)
{
    smtp_reply_parser parser = {0, 0, NULL, 0, 0, 0};
    smtp_reply_line line;
    size_t used;
    (void)state;
    assert_int_equal(smtp_reply_parse(&parser, smtp_text("250 a\r\n"), &used, &line), 1);
    assert_int_equal(smtp_reply_parse(&parser, octets_of(NULL, 0), &used, &line), 0);
    assert_int_equal(used, 0);
    assert_int_equal(smtp_reply_parse(&parser, smtp_text("250 a"), &used, &line),
                     SMTP_ERR_ARGUMENT);
}

/* Shows: R5321-4.2-8 */
static void test_random_streams(void **state)
{
    static const char *const parts[] = {"250",      "-",        " ",          "\r\n", "\r",
                                        "\n",       "2.1.0 ",   "a",          "550",  "OK",
                                        "\r\n250 ", "\r\n250-", "421 bye\r\n"};
    uint64_t random = 99;
    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        char text[256];
        size_t len = 0;
        for (size_t n = octets_below(&random, 16); n > 0; n--) {
            const char *part = parts[octets_below(&random, ROWS(parts))];
            memcpy(text + len, part, strlen(part));
            len += strlen(part);
        }
        outcome whole = feed(octets_of(text, len), 24, 60, NULL, len + 1);
        outcome cut = feed(octets_of(text, len), 24, 60, &random, 0);
        assert_int_equal(cut.lines, whole.lines);
        assert_int_equal(cut.result < 0 ? cut.result : 0, whole.result < 0 ? whole.result : 0);
        assert_int_equal(cut.at, whole.at);
        assert_true(cut.hash == whole.hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams),        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_endless),        cmocka_unit_test(test_storage),
        cmocka_unit_test(test_random_streams),
    };
    return cmocka_run_group_tests_name("syntax/reply", tests, NULL, NULL);
}
