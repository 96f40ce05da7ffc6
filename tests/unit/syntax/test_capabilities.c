/* SPDX-License-Identifier: MIT
 * EHLO responses, line by line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/extension.h"
#include "syntax/lines.h"

static int read_line(smtp_capabilities *out, const char *text, int first)
{
    return smtp_capabilities_read(out, smtp_text(text), first, NULL, NULL);
}

/* Shows: R5321-4.1.1.1-9 R5321-4.2-3 */
static void test_greeting(void **state)
{
    static const struct {
        const char *text, *domain, *greeting;
        int error;
    } rows[] = {
        {"a.example", "a.example", "", 0},
        {"a.example Hello, you", "a.example", "Hello, you", 0},
        {"SIZE 1000", "SIZE", "1000", 0},
        {" a.example \t hi there ", "a.example", "hi there", 0},
        {"[192.0.2.1] \xC3\xB6", "[192.0.2.1]", "\xC3\xB6", 0},
        {"", "", "", SMTP_ERR_KEYWORD},
        {"  ", "", "", SMTP_ERR_KEYWORD},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_capabilities out = {0};
        assert_int_equal(read_line(&out, rows[i].text, 1), rows[i].error);
        assert_text(out.domain, rows[i].domain);
        assert_text(out.greeting, rows[i].greeting);
        assert_int_equal(out.extensions, 0);
    }
}

/* Shows: R5321-4.1.1.1-10 R5321-4.1.1.1-13 R5321-4.1.1.1-14 R6531-3.1-2 R4954-3-1 */
static void test_keywords(void **state)
{
    static const struct {
        const char *text;
        int error;
        uint32_t bit;
        const char *keyword, *parameters;
    } rows[] = {
        {"PIPELINING", 0, SMTP_EXT_PIPELINING, "PIPELINING", ""},
        {"pipelining", 0, SMTP_EXT_PIPELINING, "pipelining", ""},
        {"  8BitMime  ", 0, SMTP_EXT_8BITMIME, "8BitMime", ""},
        {"SMTPUTF8 foo", 0, SMTP_EXT_SMTPUTF8, "SMTPUTF8", "foo"},
        {"STARTTLS\tx", 0, SMTP_EXT_STARTTLS, "STARTTLS", "x"},
        {"PIPELININGS", 0, 0, "PIPELININGS", ""},
        {"PIPELININ", 0, 0, "PIPELININ", ""},
        {"X-EXPS GSSAPI NTLM", 0, 0, "X-EXPS", "GSSAPI NTLM"},
        {"X-EXPS=LOGIN", 0, 0, "X-EXPS", "LOGIN"},
        {"XCLIENT NAME ADDR", 0, 0, "XCLIENT", "NAME ADDR"},
        {"AUTH=PLAIN LOGIN", 0, SMTP_EXT_AUTH, "AUTH", "PLAIN LOGIN"},
        {"SIZE=1000", 0, 0, "SIZE", "1000"},
        {"CHUNKING=", 0, 0, "CHUNKING", ""},
        {"", SMTP_ERR_KEYWORD, 0, "", ""},
        {"   ", SMTP_ERR_KEYWORD, 0, "", ""},
        {"-SIZE", SMTP_ERR_KEYWORD, 0, "", ""},
        {"=SIZE", SMTP_ERR_KEYWORD, 0, "", ""},
        {"SI*E 1", SMTP_ERR_KEYWORD, 0, "", ""},
        {"XXXXXXX\xFF", SMTP_ERR_KEYWORD, 0, "", ""},
        {"*******", SMTP_ERR_KEYWORD, 0, "", ""},
        {"SIZE,1", SMTP_ERR_KEYWORD, 0, "", ""},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp_capabilities out = {0};
        smtp_str keyword = {"?", 1}, parameters = {"?", 1};
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        assert_int_equal(smtp_capabilities_read(&out, copy, 0, &keyword, &parameters),
                         rows[i].error);
        assert_int_equal(out.extensions, rows[i].bit);
        assert_text(keyword, rows[i].keyword);
        assert_text(parameters, rows[i].parameters);
        octets_free(copy);
    }
    smtp_capabilities out = {0};
    assert_int_equal(smtp_capabilities_read(&out, octets_of(NULL, 0), 0, NULL, NULL),
                     SMTP_ERR_KEYWORD);
}

/* Every keyword that has a bit sets that bit, alone and with parameters that make no sense. */
static void test_every_keyword(void **state)
{
    const smtp_extension *row;
    (void)state;
    for (size_t i = 0; (row = smtp_extension_at(i)) != NULL; i++) {
        smtp_capabilities out = {0};
        int needs = row->bit == SMTP_EXT_LIMITS || row->bit == SMTP_EXT_FUTURERELEASE;
        assert_int_equal(smtp_capabilities_read(&out, row->keyword, 0, NULL, NULL), 0);
        assert_int_equal(out.extensions, needs ? 0 : row->bit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_greeting),
        cmocka_unit_test(test_keywords),
        cmocka_unit_test(test_every_keyword),
    };
    return cmocka_run_group_tests_name("syntax/capabilities", tests, NULL, NULL);
}
