/* SPDX-License-Identifier: MIT
 * The table of extensions, and the length of a line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/extension.h"
#include "syntax/lines.h"

/* The registered keywords, their growths, where they are defined. */
static const struct {
    const char *keyword;
    int mail, rcpt;
    const char *reference;
} registered[] = {
    {"SEND", 0, 0, "RFC 821"},
    {"SOML", 0, 0, "RFC 821"},
    {"SAML", 0, 0, "RFC 821"},
    {"VRFY", 0, 0, "RFC 5321"},
    {"EXPN", 0, 0, "RFC 5321"},
    {"HELP", 0, 0, "RFC 5321"},
    {"TURN", 0, 0, "RFC 821"},
    {"8BITMIME", 14, 0, "RFC 6152"},
    {"SIZE", 26, 0, "RFC 1870"},
    {"VERB", 0, 0, "Eric Allman"},
    {"ONEX", 0, 0, "Eric Allman"},
    {"CHUNKING", 0, 0, "RFC 3030"},
    {"BINARYMIME", 16, 0, "RFC 3030"},
    {"CHECKPOINT", 88, 0, "RFC 1845"},
    {"DELIVERBY", 17, 0, "RFC 2852"},
    {"PIPELINING", 0, 0, "RFC 2920"},
    {"DSN", 116, 536, "RFC 3461"},
    {"ETRN", 0, 0, "RFC 1985"},
    {"ENHANCEDSTATUSCODES", 0, 0, "RFC 2034"},
    {"STARTTLS", 0, 0, "RFC 3207"},
    {"NO-SOLICITING", 1007, 0, "RFC 3865"},
    {"MTRK", 40, 507, "RFC 3885"},
    {"SUBMITTER", 0, 0, "RFC 4405"},
    {"ATRN", 0, 0, "RFC 2645"},
    {"AUTH", 500, 0, "RFC 4954"},
    {"BURL", 0, 0, "RFC 4468"},
    {"FUTURERELEASE", 34, 0, "RFC 4865"},
    {"UTF8SMTP", 460, 460, "RFC 5336"},
    {"CONPERM", 8, 0, "RFC 4141"},
    {"CONNEG", 0, 7, "RFC 4141"},
    {"SMTPUTF8", 10, 0, "RFC 6531"},
    {"MT-PRIORITY", 15, 0, "RFC 6710"},
    {"RRVS", 0, 33, "RFC 7293"},
    {"REQUIRETLS", 11, 0, "RFC 8689"},
    {"LIMITS", 0, 0, "RFC 9422"},
};

/* Shows: R1870-3-4 R2852-2-2 R3030-3-2 R3885-2-3 R4865-3-3 R4954-3-3 R6531-3.1-6 R6710-3-2
 * R7293-3.1-1 R8689-2-1 */
static void test_registry(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(registered); i++) {
        const smtp_extension *row = smtp_extension_find(smtp_text(registered[i].keyword));
        assert_non_null(row);
        assert_text(row->keyword, registered[i].keyword);
        assert_int_equal(row->mail_growth, registered[i].mail);
        assert_int_equal(row->rcpt_growth, registered[i].rcpt);
        assert_text(row->reference, registered[i].reference);
    }
}

/* Shows: R5321-4.1.1.1-10 */
static void test_find(void **state)
{
    (void)state;
    assert_ptr_equal(smtp_extension_find(smtp_text("8bitMIME")),
                     smtp_extension_find(smtp_text("8BITMIME")));
    assert_int_equal(smtp_extension_find(smtp_text("XCLIENT"))->bit, 0);
    assert_int_equal(smtp_extension_find(smtp_text("XFORWARD"))->bit, 0);
    assert_null(smtp_extension_find(smtp_text("8BITMIM")));
    assert_null(smtp_extension_find(smtp_text("SIZES")));
    assert_null(smtp_extension_find(smtp_text("")));
}

/* Each bit is on one row, in the order of the bits. */
static void test_bits(void **state)
{
    uint32_t bits = 0;
    size_t i = 0;
    const smtp_extension *row;
    (void)state;
    for (; (row = smtp_extension_at(i)) != NULL; i++) {
        assert_int_equal(row->bit, (UINT64_C(1) << i) & (SMTP_EXT_HELP * 2u - 1));
        assert_ptr_equal(smtp_extension_find(row->keyword), row);
        bits |= row->bit;
    }
    assert_int_equal(i, ROWS(registered) + 2);
    assert_int_equal(bits, SMTP_EXT_HELP * 2u - 1);
    assert_null(smtp_extension_at(SIZE_MAX));
}

/* Shows: R5321-4.5.3.1.4-1 R5321-4.3.2-5 R1870-3-4 R3461-5.4-2 R3885-2-3 R3030-3-2 */
static void test_line_max(void **state)
{
    static const struct {
        int verb;
        uint32_t extensions;
        size_t max;
    } rows[] = {
        {SMTP_VERB_MAIL, 0, 512},
        {SMTP_VERB_RCPT, 0, 512},
        {SMTP_VERB_NOOP, UINT32_MAX, 512},
        {SMTP_VERB_AUTH, UINT32_MAX, 512},
        {SMTP_VERB_CUSTOM, UINT32_MAX, 512},
        {SMTP_VERB_MAIL, SMTP_EXT_SIZE, 538},
        {SMTP_VERB_RCPT, SMTP_EXT_SIZE, 512},
        {SMTP_VERB_MAIL, SMTP_EXT_8BITMIME, 526},
        {SMTP_VERB_MAIL, SMTP_EXT_BINARYMIME, 528},
        {SMTP_VERB_MAIL, SMTP_EXT_8BITMIME | SMTP_EXT_BINARYMIME, 528},
        {SMTP_VERB_MAIL, SMTP_EXT_DSN, 628},
        {SMTP_VERB_RCPT, SMTP_EXT_DSN, 1048},
        {SMTP_VERB_MAIL, SMTP_EXT_MTRK, 512 + 40 + 107},
        {SMTP_VERB_MAIL, SMTP_EXT_MTRK | SMTP_EXT_DSN, 512 + 40 + 116},
        {SMTP_VERB_RCPT, SMTP_EXT_MTRK, 512 + 507},
        {SMTP_VERB_RCPT, SMTP_EXT_MTRK | SMTP_EXT_DSN, 1048},
        {SMTP_VERB_RCPT, SMTP_EXT_RRVS | SMTP_EXT_CONNEG, 512 + 33 + 7},
        {SMTP_VERB_MAIL, SMTP_EXT_AUTH | SMTP_EXT_SMTPUTF8, 512 + 500 + 10},
        {SMTP_VERB_RCPT, UINT32_MAX, 512 + 536 + 33 + 7},
        {SMTP_VERB_MAIL, UINT32_MAX,
         512 + 26 + 16 + 116 + 500 + 10 + 17 + 34 + 15 + 11 + 40 + 88 + 1007 + 8},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(smtp_command_line_max(rows[i].verb, rows[i].extensions), rows[i].max);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_line_max),
    };
    return cmocka_run_group_tests_name("syntax/extension", tests, NULL, NULL);
}
