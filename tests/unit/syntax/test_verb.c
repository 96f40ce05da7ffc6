/* SPDX-License-Identifier: MIT
 * The table of verbs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"
#include "syntax/verb.h"

static const char *const names[] = {
    "",     "HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT",
    "BURL", "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "STARTTLS",
    "AUTH", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML",
};

/* Shows: R5321-2.4-2 R5321-2.4-5 */
static void test_names(void **state)
{
    (void)state;
    for (int verb = SMTP_VERB_HELO; verb <= SMTP_VERB_SAML; verb++) {
        char word[16];
        size_t length = strlen(names[verb]);
        assert_text(smtp_verb_name(verb), names[verb]);
        for (size_t mask = 0; mask < 256; mask++) {
            for (size_t i = 0; i < length; i++) {
                word[i] = (char)(names[verb][i] | ((mask >> i & 1) ? 0x20 : 0));
            }
            smtp_str copy = octets_copy(octets_of(word, length));
            assert_int_equal(smtp_verb_find(copy), verb);
            octets_free(copy);
        }
    }
    assert_text(smtp_verb_name(SMTP_VERB_UNKNOWN), "");
    assert_text(smtp_verb_name(SMTP_VERB_CONNECT), "");
    assert_text(smtp_verb_name(SMTP_VERB_END_OF_DATA), "");
    assert_text(smtp_verb_name(SMTP_VERB_SAML + 1), "");
    assert_text(smtp_verb_name(SMTP_VERB_CUSTOM), "");
    assert_text(smtp_verb_name(INT32_MAX), "");
    assert_text(smtp_verb_name(INT32_MIN), "");
}

/* One octet that is not that of the name, at every place and of every value, and every other
 * length. */
static void test_not_names(void **state)
{
    (void)state;
    for (int verb = SMTP_VERB_HELO; verb <= SMTP_VERB_SAML; verb++) {
        size_t length = strlen(names[verb]);
        char word[16];
        memcpy(word, names[verb], length + 1);
        for (size_t place = 0; place < length; place++) {
            for (int octet = 0; octet < 256; octet++) {
                word[place] = (char)(unsigned char)octet;
                int found = smtp_verb_find(octets_of(word, length));
                int same = (octet | 0x20) == (names[verb][place] | 0x20) && octet >= 'A';
                assert_true((found == verb) == same);
            }
            word[place] = names[verb][place];
        }
        word[length] = 'X';
        assert_int_equal(smtp_verb_find(octets_of(word, length + 1)), SMTP_VERB_UNKNOWN);
        assert_int_equal(smtp_verb_find(octets_of(word, length - 1)), SMTP_VERB_UNKNOWN);
    }
    assert_int_equal(smtp_verb_find(octets_of(NULL, 0)), SMTP_VERB_UNKNOWN);
    assert_int_equal(smtp_verb_find(octets_of("\0\0\0\0", 4)), SMTP_VERB_UNKNOWN);
    assert_int_equal(smtp_verb_find(octets_of("STAR", 4)), SMTP_VERB_UNKNOWN);
    assert_int_equal(smtp_verb_find(octets_of("STARTTLX", 8)), SMTP_VERB_UNKNOWN);
    assert_int_equal(smtp_verb_find(octets_of("MAIL ", 5)), SMTP_VERB_UNKNOWN);
}

static void test_shapes(void **state)
{
    (void)state;
    assert_int_equal(smtp__verb_row(SMTP_VERB_MAIL)->shape, SMTP__SHAPE_PATH);
    assert_int_equal(smtp__verb_row(SMTP_VERB_DATA)->shape, SMTP__SHAPE_NOTHING);
    assert_int_equal(smtp__verb_row(SMTP_VERB_CUSTOM + 7)->shape, SMTP__SHAPE_TEXT);
    assert_int_equal(smtp__verb_row(SMTP_VERB_UNKNOWN)->shape, SMTP__SHAPE_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_not_names),
        cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests_name("syntax/verb", tests, NULL, NULL);
}
