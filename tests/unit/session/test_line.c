/* SPDX-License-Identifier: MIT
 * Input cut into lines. */
#include "session/line.h"
#include "support/memory.h"

enum { INLINE = 16, MAX = 40 };

struct cutter {
    struct memory memory;
    smtp_allocator allocator;
    char inline_buffer[INLINE];
    smtp__line line;
    struct text seen; /* what was said, a line each */
};

static void start(struct cutter *cutter)
{
    memset(cutter, 0, sizeof *cutter);
    cutter->allocator = memory_allocator(&cutter->memory);
    cutter->line.buffer = cutter->line.inline_buffer = cutter->inline_buffer;
    cutter->line.capacity = cutter->line.inline_capacity = INLINE;
    cutter->line.max = MAX;
}

/* Gives all of the input in pieces of `width` octets, 0: random ones. */
static void give(struct cutter *cutter, const char *input, size_t len, size_t width, uint64_t *seed)
{
    size_t at = 0;

    while (at < len) {
        size_t piece = width != 0 ? width : 1 + random_below(seed, 12);
        smtp_str line = {NULL, 0};
        smtp_str given;
        size_t used = 0;
        char *copy;
        int result;

        if (piece > len - at)
            piece = len - at;
        copy = exact(input + at, piece);
        given.ptr = copy;
        given.len = piece;
        result = smtp__line_take(&cutter->line, &cutter->allocator, given, &line, &used);
        assert_true(used > 0 && used <= piece);
        if (result == SMTP__LINE_DONE)
            text_put(&cutter->seen, "[%.*s]", (int)line.len, line.ptr);
        else if (result != SMTP__LINE_MORE)
            text_put(&cutter->seen, "%s;", smtp_error_name(result));
        if (result != SMTP__LINE_MORE)
            smtp__line_release(&cutter->line, &cutter->allocator);
        free(copy);
        at += used;
    }
}

static void end(struct cutter *cutter)
{
    smtp__line_release(&cutter->line, &cutter->allocator);
    assert_int_equal(cutter->memory.live, 0);
    text_free(&cutter->seen);
}

/* The input must give this in every cut. */
static void check(const char *input, size_t len, int lf_ends, int at_once, const char *expected)
{
    size_t width;

    for (width = 0; width <= len; width++) {
        struct cutter cutter;
        uint64_t seed = 99;
        start(&cutter);
        cutter.line.lf_ends = (uint8_t)lf_ends;
        cutter.line.at_once = (uint8_t)at_once;
        give(&cutter, input, len, width, &seed);
        assert_string_equal(text_of(&cutter.seen), expected);
        end(&cutter);
    }
}

#define CHECK(input, expected) check(input, sizeof(input) - 1, 0, 0, expected)
#define X10 "xxxxxxxxxx"

/* Shows: R5321-2.3.8-1 */
static void test_crlf_ends_a_line(void **state)
{
    (void)state;
    CHECK("NOOP\r\nQUIT\r\n", "[NOOP][QUIT]");
    CHECK("\r\n\r\n", "[][]");
    CHECK("NOOP", "");
    CHECK("NOOP\r", "");
    CHECK("a\rb\r\n", "[a\rb]");
    CHECK("a\r\r\n", "[a\r]");
}

static void test_bare_lf_spoils_its_line_up_to_crlf(void **state)
{
    (void)state;
    CHECK("NO\nOP\r\nQUIT\r\n", "BARE_LF;[QUIT]");
    CHECK("\nMAIL\nRCPT\r\nQUIT\r\n", "BARE_LF;[QUIT]");
    CHECK("\n\r\nQUIT\r\n", "BARE_LF;[QUIT]");
    CHECK("\n\rx\r\nQUIT\r\n", "BARE_LF;[QUIT]");
    CHECK("a\r\n\nb\r\nc\r\n", "[a]BARE_LF;[c]");
}

static void test_bare_lf_ends_a_line_where_tolerated(void **state)
{
    static const char input[] = "NOOP\nQUIT\r\n\nX\n";
    (void)state;
    check(input, sizeof input - 1, 1, 0, "[NOOP][QUIT][][X]");
}

/* 38 octets and CRLF are 40. */
static void test_length_at_below_and_above_the_limit(void **state)
{
    (void)state;
    CHECK(X10 X10 X10 "1234567\r\nA\r\n", "[" X10 X10 X10 "1234567][A]");
    CHECK(X10 X10 X10 "12345678\r\nA\r\n", "[" X10 X10 X10 "12345678][A]");
    CHECK(X10 X10 X10 "123456789\r\nA\r\n", "LINE_TOO_LONG;[A]");
    CHECK(X10 X10 X10 "1234567890123456789\r\nA\r\n", "LINE_TOO_LONG;[A]");
}

static void test_nothing_of_a_long_line_is_taken_for_a_line(void **state)
{
    (void)state;
    CHECK(X10 X10 X10 X10 "\nQUIT\r\nA\r\n", "LINE_TOO_LONG;[A]");
    CHECK(X10 X10 X10 X10 "\n\nQUIT\r\r\nA\r\n", "LINE_TOO_LONG;[A]");
    CHECK(X10 X10 X10 X10 X10 X10 "\rQUIT\n\r\nA\r\n", "LINE_TOO_LONG;[A]");
}

static void test_long_line_ends_with_lf_where_tolerated(void **state)
{
    static const char input[] = X10 X10 X10 X10 X10 "\nA\nB\r\n" X10 X10 X10 X10 "\r\nC\n";
    (void)state;
    check(input, sizeof input - 1, 1, 0, "LINE_TOO_LONG;[A][B]LINE_TOO_LONG;[C]");
}

/* A client does not wait for the end of what can be no reply. */
static void test_long_line_is_refused_at_once(void **state)
{
    static const char *const tails[] = {"", "\r", "\r\n", "\n"};
    size_t i;
    size_t width;

    (void)state;
    for (i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        for (width = 1; width <= 44; width++) {
            char input[64] = X10 X10 X10 X10;
            struct cutter cutter;
            start(&cutter);
            cutter.line.at_once = 1;
            strcat(input, tails[i]);
            give(&cutter, input, strlen(input), width, NULL);
            assert_int_equal(strncmp(text_of(&cutter.seen), "LINE_TOO_LONG;", 14), 0);
            end(&cutter);
        }
    }
}

static void test_line_that_outgrows_the_inline_buffer_borrows_one(void **state)
{
    static const char input[] = X10 X10 "\r\n";
    struct cutter cutter;

    (void)state;
    start(&cutter);
    give(&cutter, input, INLINE, 1, NULL);
    assert_int_equal(cutter.memory.live, 0);
    give(&cutter, input + INLINE, 1, 1, NULL);
    assert_int_equal(cutter.memory.live, 1);
    assert_int_equal(cutter.memory.largest, MAX);
    give(&cutter, input + INLINE + 1, sizeof input - 1 - INLINE - 1, 1, NULL);
    assert_string_equal(text_of(&cutter.seen), "[" X10 X10 "]");
    assert_int_equal(cutter.memory.live, 0);
    end(&cutter);
}

/* A whole line is taken where it lies. */
static void test_complete_line_is_not_copied(void **state)
{
    char *copy = exact("NOOP\r\n", 6);
    smtp_str input = {copy, 6};
    struct cutter cutter;
    smtp_str line;
    size_t used;

    (void)state;
    start(&cutter);
    assert_int_equal(smtp__line_take(&cutter.line, &cutter.allocator, input, &line, &used),
                     SMTP__LINE_DONE);
    assert_ptr_equal(line.ptr, copy);
    assert_int_equal(line.len, 4);
    assert_int_equal(cutter.memory.calls, 0);
    free(copy);
    end(&cutter);
}

/* Memory that cannot be had is no fault of the line: the error says so, and once. */
static void test_no_memory_for_a_longer_buffer(void **state)
{
    static const char input[] = X10 X10 "\r\nA\r\n";
    size_t width;

    (void)state;
    for (width = 1; width < 22; width++) {
        struct cutter cutter;
        start(&cutter);
        cutter.memory.fail_at = 1;
        give(&cutter, input, sizeof input - 1, width, NULL);
        assert_string_equal(text_of(&cutter.seen), "NO_MEMORY;[A]");
        end(&cutter);
    }
}

static void test_what_was_kept_is_wiped(void **state)
{
    static const char zeros[INLINE];
    struct cutter cutter;

    (void)state;
    start(&cutter);
    give(&cutter, "secret\r\n", 8, 1, NULL);
    assert_memory_equal(cutter.inline_buffer, zeros, INLINE);
    give(&cutter, "another secret, and a longer one\r\n", 34, 3, NULL);
    assert_memory_equal(cutter.inline_buffer, zeros, INLINE);
    end(&cutter);
}

/* Any octets, whole or in any cut: the same. */
static void test_random_input_is_the_same_in_every_cut(void **state)
{
    static const char matters[] = "\r\n\r\n\n\rab";
    uint64_t seed = 20240501;
    int round;

    (void)state;
    for (round = 0; round < 600; round++) {
        char input[160];
        struct text whole = {NULL, 0, 0};
        size_t len = 1 + random_below(&seed, sizeof input - 1);
        size_t often = round % 2 == 0 ? 3 : 25;
        int cut;
        size_t i;

        for (i = 0; i < len; i++)
            input[i] = random_below(&seed, often) == 0
                           ? matters[random_below(&seed, sizeof matters - 1)]
                           : 'x';
        for (cut = 0; cut < 4; cut++) {
            struct cutter cutter;
            start(&cutter);
            cutter.line.lf_ends = round % 5 == 0;
            give(&cutter, input, len, cut == 0 ? len : cut == 1 ? 1 : 0, &seed);
            if (cut == 0)
                text_add(&whole, text_of(&cutter.seen), cutter.seen.len);
            else
                assert_string_equal(text_of(&cutter.seen), text_of(&whole));
            end(&cutter);
        }
        text_free(&whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crlf_ends_a_line),
        cmocka_unit_test(test_bare_lf_spoils_its_line_up_to_crlf),
        cmocka_unit_test(test_bare_lf_ends_a_line_where_tolerated),
        cmocka_unit_test(test_length_at_below_and_above_the_limit),
        cmocka_unit_test(test_nothing_of_a_long_line_is_taken_for_a_line),
        cmocka_unit_test(test_long_line_ends_with_lf_where_tolerated),
        cmocka_unit_test(test_long_line_is_refused_at_once),
        cmocka_unit_test(test_line_that_outgrows_the_inline_buffer_borrows_one),
        cmocka_unit_test(test_complete_line_is_not_copied),
        cmocka_unit_test(test_no_memory_for_a_longer_buffer),
        cmocka_unit_test(test_what_was_kept_is_wiped),
        cmocka_unit_test(test_random_input_is_the_same_in_every_cut),
    };
    return cmocka_run_group_tests_name("session/line", tests, NULL, NULL);
}
