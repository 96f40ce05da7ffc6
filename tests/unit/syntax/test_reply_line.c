/* SPDX-License-Identifier: MIT
 * Lines of replies. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/reply.h"
#include "syntax/lines.h"

/* Shows: R5321-4.2-2 R5321-4.2-3 R5321-4.2.1-3 R5321-4.2.1-5 R5321-4.2-8 R2034-4-7 R2034-4-8
 * R5321-4.2-11 */
static void test_line(void **state)
{
    static const struct {
        smtp_str line;
        int code, last;
        uint32_t status;
        smtp_str text, words;
    } rows[] = {
        {LINE("250"), 250, 1, 0, LINE(""), LINE("")},
        {LINE("250 "), 250, 1, 0, LINE(""), LINE("")},
        {LINE("250-"), 250, 0, 0, LINE(""), LINE("")},
        {LINE("250 OK"), 250, 1, 0, LINE("OK"), LINE("OK")},
        {LINE("250-SIZE 1"), 250, 0, 0, LINE("SIZE 1"), LINE("SIZE 1")},
        {LINE("250 2.1.5 OK"), 250, 1, 2001005, LINE("2.1.5 OK"), LINE("OK")},
        {LINE("550-5.1.1  two"), 550, 0, 5001001, LINE("5.1.1  two"), LINE(" two")},
        {LINE("250 2.1.5"), 250, 1, 2001005, LINE("2.1.5"), LINE("")},
        {LINE("250 2.1.5 "), 250, 1, 2001005, LINE("2.1.5 "), LINE("")},
        {LINE("250 5.1.5 OK"), 250, 1, 0, LINE("5.1.5 OK"), LINE("5.1.5 OK")},
        {LINE("250 2.1 OK"), 250, 1, 0, LINE("2.1 OK"), LINE("2.1 OK")},
        {LINE("354 2.0.0 go"), 354, 1, 0, LINE("2.0.0 go"), LINE("2.0.0 go")},
        {LINE("334 "), 334, 1, 0, LINE(""), LINE("")},
        {LINE("200 x"), 200, 1, 0, LINE("x"), LINE("x")},
        {LINE("299 x"), 299, 1, 0, LINE("x"), LINE("x")},
        {LINE("599 x"), 599, 1, 0, LINE("x"), LINE("x")},
        {LINE("250 a\tb\x01\x7F\xFF\xC3"), 250, 1, 0, LINE("a\tb\x01\x7F\xFF\xC3"),
         LINE("a\tb\x01\x7F\xFF\xC3")},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(rows[i].line);
        smtp_reply_line line;
        assert_int_equal(smtp_reply_line_parse(&line, copy, NULL), 0);
        assert_int_equal(line.code, rows[i].code);
        assert_int_equal(line.last, rows[i].last);
        assert_int_equal(line.status, rows[i].status);
        assert_true(smtp_str_equal(line.text, rows[i].text));
        assert_true(smtp_str_equal(line.words, rows[i].words));
        octets_free(copy);
    }
}

/* Shows: R5321-4.2-12 R5321-4.2-13 R5321-4.3.2-3 R5321-2.4-1 */
static void test_refused_lines(void **state)
{
    static const line_verdict rows[] = {
        {LINE(""), SMTP_ERR_REPLY_CODE, 0},
        {LINE("25"), SMTP_ERR_REPLY_CODE, 2},
        {LINE("2x0 OK"), SMTP_ERR_REPLY_CODE, 1},
        {LINE(" 250 OK"), SMTP_ERR_REPLY_CODE, 0},
        {LINE("199 OK"), SMTP_ERR_REPLY_CODE, 0},
        {LINE("600 OK"), SMTP_ERR_REPLY_CODE, 0},
        {LINE("999 OK"), SMTP_ERR_REPLY_CODE, 0},
        {LINE("000"), SMTP_ERR_REPLY_CODE, 0},
        {LINE("OK"), SMTP_ERR_REPLY_CODE, 0},
        {LINE("2500 OK"), SMTP_ERR_REPLY_SEPARATOR, 3},
        {LINE("250\tOK"), SMTP_ERR_REPLY_SEPARATOR, 3},
        {LINE("250.OK"), SMTP_ERR_REPLY_SEPARATOR, 3},
        {LINE("250 a\rb"), SMTP_ERR_CONTROL, 5},
        {LINE("250 a\nb"), SMTP_ERR_CONTROL, 5},
        {LINE("250 a\0b"), SMTP_ERR_CONTROL, 5},
        {LINE("250 0123456\t 89012345\0"), SMTP_ERR_CONTROL, 21},
        {LINE("250 01234567\r"), SMTP_ERR_CONTROL, 12},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_str copy = octets_copy(rows[i].line);
        smtp_reply_line line;
        size_t offset = 99;
        assert_int_equal(smtp_reply_line_parse(&line, copy, &offset), rows[i].error);
        assert_int_equal(offset, rows[i].offset);
        assert_int_equal(smtp_reply_line_parse(&line, copy, NULL), rows[i].error);
        assert_int_equal(line.code, 0);
        octets_free(copy);
    }
}

/* A CR, LF or NUL is found at every place of a text of every length. */
static void test_control_anywhere(void **state)
{
    static const char controls[] = {'\r', '\n', '\0'};
    (void)state;
    for (size_t length = 5; length < 40; length++) {
        for (size_t place = 4; place < length; place++) {
            for (size_t i = 0; i < sizeof controls; i++) {
                char text[64];
                smtp_reply_line line;
                size_t offset = 0;
                memset(text, place % 2 ? '\t' : 'a', sizeof text);
                memcpy(text, "250 ", 4);
                text[place] = controls[i];
                smtp_str copy = octets_copy(octets_of(text, length));
                assert_int_equal(smtp_reply_line_parse(&line, copy, &offset), SMTP_ERR_CONTROL);
                assert_int_equal(offset, place);
                octets_free(copy);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_refused_lines),
        cmocka_unit_test(test_control_anywhere),
    };
    return cmocka_run_group_tests_name("syntax/reply_line", tests, NULL, NULL);
}
