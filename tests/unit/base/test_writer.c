/* SPDX-License-Identifier: MIT
 * The bounded writer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/octets.h"
#include "base/writer.h"

static void write_all(smtp__writer *writer)
{
    smtp__put(writer, '[');
    smtp__put_str(writer, smtp_text("a"));
    smtp__put_str(writer, smtp_text(NULL));
    smtp__put_text(writer, "bc");
    smtp__put_number(writer, 1024);
    smtp__put(writer, ']');
}

static void test_writing(void **state)
{
    char out[9];
    size_t len = 99;
    smtp__writer writer = smtp__writer_start(out, sizeof out);
    (void)state;
    write_all(&writer);
    assert_int_equal(smtp__writer_finish(&writer, &len), 0);
    assert_int_equal(len, 9);
    assert_memory_equal(out, "[abc1024]", 9);
}

/* At every capacity below: refused as a whole, and nothing written behind the end. */
static void test_no_space(void **state)
{
    (void)state;
    for (size_t capacity = 0; capacity < 9; capacity++) {
        char *out = malloc(capacity + 1); /* never empty; the last octet is a guard */
        size_t len = 99;
        smtp__writer writer;
        assert_non_null(out);
        out[capacity] = '#';
        writer = smtp__writer_start(out, capacity);
        write_all(&writer);
        assert_int_equal(smtp__writer_finish(&writer, &len), SMTP_ERR_NO_SPACE);
        assert_int_equal(len, 0);
        assert_int_equal(out[capacity], '#');
        free(out);
    }
}

/* What is too long stops the writer: a shorter piece behind it would leave a hole. */
static void test_nothing_follows_a_failure(void **state)
{
    char out[4] = "____";
    size_t len;
    smtp__writer writer = smtp__writer_start(out, sizeof out);
    (void)state;
    smtp__put_text(&writer, "ab");
    smtp__put_text(&writer, "long");
    smtp__put_text(&writer, "c");
    smtp__put(&writer, 'd');
    smtp__put_number(&writer, 1);
    assert_memory_equal(out, "ab__", 4);
    assert_int_equal(smtp__writer_finish(&writer, &len), SMTP_ERR_NO_SPACE);
}

static void test_nothing_into_nothing(void **state)
{
    size_t len = 99;
    smtp__writer writer = smtp__writer_start(NULL, 0);
    (void)state;
    smtp__put_str(&writer, smtp_text(NULL));
    assert_int_equal(smtp__writer_finish(&writer, &len), 0);
    assert_int_equal(len, 0);
}

/* A slice of any length, octet for octet: no octet is read behind it, and none written. */
static void test_every_length(void **state)
{
    char from[70], out[72];
    (void)state;
    for (size_t i = 0; i < sizeof from; i++) {
        from[i] = (char)(i + 1);
    }
    for (size_t length = 0; length <= sizeof from; length++) {
        smtp_str copy = octets_copy(octets_of(from, length));
        smtp__writer writer = smtp__writer_start(out, sizeof out);
        memset(out, '#', sizeof out);
        smtp__put(&writer, '<');
        smtp__put_str(&writer, copy);
        assert_int_equal(writer.len, length + 1);
        assert_memory_equal(out + 1, from, length);
        assert_int_equal(out[0], '<');
        assert_int_equal(out[length + 1], '#');
        octets_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writing),
        cmocka_unit_test(test_no_space),
        cmocka_unit_test(test_nothing_follows_a_failure),
        cmocka_unit_test(test_nothing_into_nothing),
        cmocka_unit_test(test_every_length),
    };
    return cmocka_run_group_tests_name("base/writer", tests, NULL, NULL);
}
