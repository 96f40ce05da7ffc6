/* SPDX-License-Identifier: MIT
 * Replies, written. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/reply.h"
#include "syntax/lines.h"
#include "syntax/reply_format.h"

static void check(int code, uint32_t status, const char *text, const char *expected)
{
    smtp_str copy = octets_copy(smtp_text(text));
    char out[4096];
    size_t len = 99;
    assert_int_equal(smtp_reply_format(out, sizeof out, &len, code, status, copy), 0);
    assert_text(octets_of(out, len), expected);
    assert_int_equal(smtp_reply_format(out, strlen(expected), &len, code, status, copy), 0);
    for (size_t room = 0; room < strlen(expected); room++) {
        assert_int_equal(smtp_reply_format(out, room, &len, code, status, copy), SMTP_ERR_NO_SPACE);
        assert_int_equal(len, 0);
    }
    octets_free(copy);
}

/* Shows: R5321-4.2-2 R5321-4.2.1-1 R5321-4.2.1-3 R5321-4.2.1-4 R5321-4.2-9 R2034-4-4 R2034-4-6
 * R2034-4-2 R4954-4-5 */
static void test_lines(void **state)
{
    (void)state;
    check(250, 0, "OK", "250 OK\r\n");
    check(250, 0, "", "250 \r\n");
    check(334, 0, "", "334 \r\n");
    check(250, SMTP_STATUS(2, 1, 5), "OK", "250 2.1.5 OK\r\n");
    check(250, SMTP_STATUS(2, 1, 5), "", "250 2.1.5 \r\n");
    check(550, SMTP_STATUS(5, 999, 999), "a\tb ~", "550 5.999.999 a\tb ~\r\n");
    check(250, 0, "a\nb\r\nc", "250-a\r\n250-b\r\n250 c\r\n");
    check(450, SMTP_STATUS(4, 2, 0), "a\nb", "450-4.2.0 a\r\n450 4.2.0 b\r\n");
    check(250, 0, "a\n\nb", "250-a\r\n250-\r\n250 b\r\n");
    check(250, 0, "a\n", "250-a\r\n250 \r\n");
    check(250, 0, "\xC3\xB6\xE2\x82\xAC", "250 \xC3\xB6\xE2\x82\xAC\r\n");
}

/* Shows: R2034-4-3 R2034-4-2 R5321-4.2-12 R5321-4.2-15 R5321-2.3.8-2 R5321-4.3.2-3 */
static void test_refused(void **state)
{
    static const struct {
        int code;
        uint32_t status;
        smtp_str text;
        int error;
    } rows[] = {
        {199, 0, LINE("x"), SMTP_ERR_ARGUMENT},
        {600, 0, LINE("x"), SMTP_ERR_ARGUMENT},
        {-250, 0, LINE("x"), SMTP_ERR_ARGUMENT},
        {250, SMTP_STATUS(5, 1, 1), LINE("x"), SMTP_ERR_ARGUMENT},
        {550, SMTP_STATUS(4, 1, 1), LINE("x"), SMTP_ERR_ARGUMENT},
        {354, SMTP_STATUS(2, 0, 0), LINE("x"), SMTP_ERR_ARGUMENT},
        {354, 3000000, LINE("x"), SMTP_ERR_ARGUMENT},
        {250, 7, LINE("x"), SMTP_ERR_ARGUMENT},
        {250, 0, LINE("a\rb"), SMTP_ERR_CONTROL},
        {250, 0, LINE("a\r"), SMTP_ERR_CONTROL},
        {250, 0, LINE("a\r\r\nb"), SMTP_ERR_CONTROL},
        {250, 0, LINE("a\0b"), SMTP_ERR_CONTROL},
        {250, 0, LINE("a\x1B[b"), SMTP_ERR_CONTROL},
        {250, 0, LINE("a\x7F"), SMTP_ERR_CONTROL},
        {250, 0, LINE("a\xC3"), SMTP_ERR_UTF8},
        {250, 0, LINE("\xC0\x80"), SMTP_ERR_UTF8},
        {250, 0, LINE("\xFF"), SMTP_ERR_UTF8},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(rows[i].text);
        char out[64];
        size_t len = 99;
        assert_int_equal(
            smtp_reply_format(out, sizeof out, &len, rows[i].code, rows[i].status, copy),
            rows[i].error);
        assert_int_equal(len, 0);
        octets_free(copy);
    }
}

/* Shows: R5321-4.5.3.1.5-2 */
static void test_folding(void **state)
{
    char text[1200], expected[1300];
    (void)state;
    /* 506 octets of text fill a line; one more needs another. */
    memset(text, 'a', sizeof text);
    text[506] = '\0';
    snprintf(expected, sizeof expected, "250 %s\r\n", text);
    check(250, 0, text, expected);
    text[506] = 'b';
    text[507] = '\0';
    snprintf(expected, sizeof expected, "250-%.506s\r\n250 b\r\n", text);
    check(250, 0, text, expected);
    /* At the last space that leaves a line of 512 octets; it goes. */
    text[506] = ' ';
    text[507] = 'b';
    text[508] = '\0';
    check(250, 0, text, expected);
    text[100] = ' ';
    text[506] = 'c';
    snprintf(expected, sizeof expected, "250-%.100s\r\n250 %s\r\n", text, text + 101);
    check(250, 0, text, expected);
    /* The status takes its room on each line. */
    text[100] = 'a';
    text[506] = '\0';
    snprintf(expected, sizeof expected, "250-2.1.5 %.500s\r\n250 2.1.5 %s\r\n", text, text + 500);
    check(250, SMTP_STATUS(2, 1, 5), text, expected);
}

/* Shows: R5321-4.5.3.1.5-2 */
static void test_no_character_is_split(void **state)
{
    char text[700], expected[800];
    (void)state;
    for (size_t before = 500; before < 507; before++) {
        memset(text, 'a', before);
        memcpy(text + before, "\xF0\x9F\x93\xA7z", 6);
        size_t cut = before + 4 <= 506 ? before + 5 <= 506 ? 0 : before + 4 : before;
        if (cut == 0) {
            snprintf(expected, sizeof expected, "250 %s\r\n", text);
        } else {
            snprintf(expected, sizeof expected, "250-%.*s\r\n250 %s\r\n", (int)cut, text,
                     text + cut);
        }
        check(250, 0, text, expected);
    }
}

/* Whatever the text: lines of at most 512 octets, all with the code, one last line, and no octet of
 * the text lost but spaces and line ends. */
/* Shows: R5321-4.5.3.1.5-2 R5321-4.2.1-1 R5321-4.2.1-3 R2034-4-4 */
static void test_random_texts(void **state)
{
    static const char *const parts[] = {"a",
                                        " ",
                                        "  ",
                                        "\n",
                                        "\r\n",
                                        "\xC3\xB6",
                                        "word",
                                        "\t",
                                        "\xF0\x9F\x93\xA7",
                                        "0123456789012345678901234567890123456789"};
    uint64_t random = 5;
    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        char text[4096], out[12000];
        size_t len = 0, written, letters = 0, found = 0;
        size_t kinds = 1 + octets_below(&random, ROWS(parts));
        for (size_t n = octets_below(&random, 100); n > 0; n--) {
            const char *part = parts[ROWS(parts) - 1 - octets_below(&random, kinds)];
            memcpy(text + len, part, strlen(part));
            len += strlen(part);
        }
        uint32_t status = i % 2 ? SMTP_STATUS(2, 1, 5) : 0;
        smtp_str copy = octets_copy(octets_of(text, len));
        assert_int_equal(smtp_reply_format(out, sizeof out, &written, 250, status, copy), 0);
        octets_free(copy);
        for (size_t at = 0; at < len; at++) {
            letters += text[at] != ' ' && text[at] != '\r' && text[at] != '\n';
        }
        smtp_reply_parser parser = {SMTP_REPLY_LINE_MAX, 0, NULL, 0, 0, 0};
        for (size_t at = 0; at < written;) {
            smtp_reply_line line;
            size_t used;
            assert_int_equal(
                smtp_reply_parse(&parser, octets_of(out + at, written - at), &used, &line), 1);
            assert_int_equal(line.code, 250);
            assert_int_equal(line.status, status);
            assert_int_equal(smtp_utf8_valid(line.text, NULL), 1);
            at += used;
            assert_int_equal(line.last, at == written);
            for (size_t j = 0; j < line.words.len; j++) {
                found += line.words.ptr[j] != ' ';
            }
        }
        assert_int_equal(found, letters);
    }
}

/* A text that is known to be one line is written as any other, and refused as any other. */
static void test_known_line(void **state)
{
    static const struct {
        int code;
        uint32_t status;
    } rows[] = {{250, 0}, {250, 2001005}, {550, 5007012}, {354, 0},       {199, 0},
                {600, 0}, {250, 5000000}, {354, 3000000}, {250, 4000000}, {-1, 0}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        for (size_t room = 0; room < 32; room++) {
            char out[32], known[32];
            size_t len = 99, known_len = 98;
            int error =
                smtp_reply_format(out, room, &len, rows[i].code, rows[i].status, smtp_text("Bye"));
            assert_int_equal(smtp__reply_format_line(known, room, &known_len, rows[i].code,
                                                     rows[i].status, smtp_text("Bye")),
                             error);
            assert_int_equal(known_len, len);
            assert_memory_equal(known, out, len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_folding),      cmocka_unit_test(test_no_character_is_split),
        cmocka_unit_test(test_random_texts), cmocka_unit_test(test_known_line),
    };
    return cmocka_run_group_tests_name("syntax/reply_format", tests, NULL, NULL);
}
