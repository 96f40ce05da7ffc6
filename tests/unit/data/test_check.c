/* SPDX-License-Identifier: MIT
 * Tests of lib/data/check.c: what is found in content that has no framing of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "streams.h"

static uint32_t check(const unsigned char *content, size_t len, struct cut cut)
{
    smtp_data_checker checker = {0, 0};

    for (size_t at = 0; at < len;) {
        size_t width = 0;
        while (width == 0) {
            width = cut_next(&cut, len - at, at);
        }
        char *copy = exact_copy(content + at, width);
        smtp_data_check(&checker, (smtp_str){copy, width});
        free(copy);
        at += width;
    }
    smtp_data_check(&checker, (smtp_str){NULL, 0});
    return checker.found;
}

static uint32_t expected(const unsigned char *content, size_t len)
{
    uint32_t found = 0;

    for (size_t i = 0; i < len; i++) {
        int bare_cr = content[i] == '\r' && (i + 1 == len || content[i + 1] != '\n');
        int bare_lf = content[i] == '\n' && (i == 0 || content[i - 1] != '\r');
        found |= bare_cr ? SMTP_FOUND_BARE_CR : 0u;
        found |= bare_lf ? SMTP_FOUND_BARE_LF : 0u;
        found |= content[i] == 0 ? SMTP_FOUND_NUL : 0u;
        found |= content[i] > 127 ? SMTP_FOUND_8BIT : 0u;
    }
    return found;
}

/* Dots mean nothing here, and nothing ends the content. */
static void each_thing_is_found(void **unused)
{
    static const struct {
        const char *content;
        uint32_t found;
    } rows[] = {
        {"", 0},
        {"a", 0},
        {"a\r\n.\r\nb\r\n", 0},
        {"\r\n", 0},
        {"\r", SMTP_FOUND_BARE_CR},
        {"\n", SMTP_FOUND_BARE_LF},
        {"a\r", SMTP_FOUND_BARE_CR},
        {"\ra", SMTP_FOUND_BARE_CR},
        {"a\r\n\n.", SMTP_FOUND_BARE_LF},
        {"\r\r\n", SMTP_FOUND_BARE_CR},
        {"\n\r", SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF},
        {"\x7F", 0},
        {"\x80", SMTP_FOUND_8BIT},
        {"a\r\n.\r\n\xFF", SMTP_FOUND_8BIT},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const unsigned char *content = (const unsigned char *)rows[i].content;
        size_t len = strlen(rows[i].content);

        for (size_t first = 0; first <= len; first++) {
            assert_int_equal(check(content, len, (struct cut){first, 100, 0}), rows[i].found);
        }
        assert_int_equal(check(content, len, (struct cut){0, 1, 0}), rows[i].found);
    }
    assert_int_equal(check((const unsigned char *)"\0", 1, (struct cut){0, 1, 0}), SMTP_FOUND_NUL);
}

/* An empty input ends the content: what comes then is a content of its own. */
static void an_empty_input_ends_the_content(void **unused)
{
    smtp_data_checker checker = {0, 0};

    (void)unused;
    smtp_data_check(&checker, (smtp_str){"a\r", 2});
    assert_int_equal(checker.found, 0);
    smtp_data_check(&checker, (smtp_str){NULL, 0});
    assert_int_equal(checker.found, SMTP_FOUND_BARE_CR);
    smtp_data_check(&checker, (smtp_str){"\n", 1});
    assert_int_equal(checker.found, SMTP_FOUND_BARE_CR | SMTP_FOUND_BARE_LF);
}

static void random_content_in_random_cuts(void **unused)
{
    uint64_t seed = 8;

    (void)unused;
    for (unsigned round = 0; round < 3000; round++) {
        struct octets content = {{0}, 0};

        octets_random(&content, &seed, random_below(&seed, 400), 1 + round % 300);
        uint32_t want = expected(content.at, content.len);
        assert_int_equal(check(content.at, content.len, (struct cut){0, 4096, 0}), want);
        assert_int_equal(check(content.at, content.len, (struct cut){0, 1, 0}), want);
        assert_int_equal(check(content.at, content.len, (struct cut){0, 0, seed}), want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thing_is_found),
        cmocka_unit_test(an_empty_input_ends_the_content),
        cmocka_unit_test(random_content_in_random_cuts),
    };
    return cmocka_run_group_tests_name("data/check", tests, NULL, NULL);
}
