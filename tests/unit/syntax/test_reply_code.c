/* SPDX-License-Identifier: MIT
 * Reply codes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/status.h"
#include "syntax/lines.h"

/* The registered codes (RFC 5321 4.2, and the extensions'). */
static const int codes[] = {211, 214, 220, 221, 235, 250, 251, 252, 253, 334, 354, 355,
                            421, 422, 430, 432, 450, 451, 452, 453, 454, 455, 458, 459,
                            500, 501, 502, 503, 504, 521, 523, 524, 525, 530, 533, 534,
                            535, 538, 550, 551, 552, 553, 554, 555, 556};

/* The codes that may answer a verb, but for those that may answer any (RFC 5321 4.3.2). */
static const struct {
    int verb;
    int codes[20];
} answers[] = {
    {SMTP_VERB_CONNECT, {220, 421, 450, 521, 554}},
    {SMTP_VERB_EHLO, {250, 500, 501, 502, 504, 550, 554}},
    {SMTP_VERB_HELO, {250, 501, 502, 504, 530, 550}},
    {SMTP_VERB_LHLO, {250, 500, 501, 504, 550}},
    {SMTP_VERB_MAIL, {250, 450, 451, 452, 455, 501, 503, 504, 530, 550, 552, 553, 554, 555}},
    {SMTP_VERB_RCPT,
     {250, 251, 450, 451, 452, 455, 501, 503, 504, 530, 550, 551, 552, 553, 554, 555, 556}},
    {SMTP_VERB_DATA, {354, 355, 450, 451, 501, 503, 530, 550, 554}},
    {SMTP_VERB_END_OF_DATA, {250, 450, 451, 452, 550, 552, 554}},
    {SMTP_VERB_BDAT, {250, 450, 451, 452, 501, 503, 530, 550, 552, 554}},
    {SMTP_VERB_BURL, {250, 451, 503, 552, 554}},
    {SMTP_VERB_RSET, {250, 501}},
    {SMTP_VERB_VRFY, {250, 251, 252, 501, 502, 504, 530, 550, 551, 553}},
    {SMTP_VERB_EXPN, {250, 252, 500, 501, 502, 504, 530, 550}},
    {SMTP_VERB_HELP, {211, 214, 502, 504, 530}},
    {SMTP_VERB_NOOP, {250}},
    {SMTP_VERB_QUIT, {221, 501}},
    {SMTP_VERB_STARTTLS, {220, 454, 501, 502, 503}},
    {SMTP_VERB_AUTH,
     {235, 334, 422, 432, 454, 500, 501, 503, 504, 523, 524, 525, 530, 534, 535, 538}},
    {SMTP_VERB_ETRN, {250, 251, 252, 253, 458, 459, 500, 501, 503}},
    {SMTP_VERB_ATRN, {250, 450, 451, 453, 502, 530}},
    {SMTP_VERB_TURN, {250, 502, 503}},
    {SMTP_VERB_SEND, {502}},
    {SMTP_VERB_SOML, {502}},
    {SMTP_VERB_SAML, {502}},
};

enum { SYNTAX_ERROR = 500, ARGUMENT_ERROR = 501, CLOSING = 421, TLS_FIRST = 530, TOO_WEAK = 554 };

static int is_registered(int code)
{
    for (size_t i = 0; i < ROWS(codes); i++) {
        if (codes[i] == code) {
            return 1;
        }
    }
    return 0;
}

/* What follows from the sets that the RFCs name by exception (RFC 3207 4 and 4.1, RFC 4954 6). */
static int may_answer_by_exception(int code, int verb)
{
    int is_command = verb != SMTP_VERB_CONNECT && verb != SMTP_VERB_END_OF_DATA;
    int is_free = verb == SMTP_VERB_NOOP || verb == SMTP_VERB_EHLO || verb == SMTP_VERB_LHLO ||
                  verb == SMTP_VERB_STARTTLS || verb == SMTP_VERB_QUIT;
    return code == CLOSING || (code == SYNTAX_ERROR && verb != SMTP_VERB_CONNECT) ||
           (code == ARGUMENT_ERROR && verb != SMTP_VERB_CONNECT) ||
           (code == TLS_FIRST && is_command && !is_free) ||
           (code == TOO_WEAK && verb != SMTP_VERB_QUIT);
}

/* Shows: R5321-4.2-5 R5321-4.3.1-4 R5321-4.3.2-7 R7504-5.1-1 R1985-5.1-2 */
static void test_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(answers); i++) {
        for (int code = 0; code < 1000; code++) {
            int expected = may_answer_by_exception(code, answers[i].verb);
            for (size_t j = 0; j < ROWS(answers[i].codes); j++) {
                expected |= code != 0 && answers[i].codes[j] == code;
            }
            if (smtp_reply_allowed(code, answers[i].verb) != expected) {
                fail_msg("%d to %d: not %d", code, answers[i].verb, expected);
            }
        }
    }
    assert_int_equal(smtp_reply_allowed(500, SMTP_VERB_UNKNOWN), 1);
    assert_int_equal(smtp_reply_allowed(250, SMTP_VERB_UNKNOWN), 0);
    assert_int_equal(smtp_reply_allowed(421, SMTP_VERB_CUSTOM), 1);
    assert_int_equal(smtp_reply_allowed(-250, SMTP_VERB_MAIL), 0);
}

/* Shows: R5321-4.2-5 R5321-4.2-6 */
static void test_texts(void **state)
{
    (void)state;
    for (int code = -1; code < 1000; code++) {
        smtp_str text = smtp_reply_text(code);
        assert_int_equal(text.ptr != NULL, is_registered(code));
        for (size_t i = 0; i < text.len; i++) {
            assert_true(text.ptr[i] >= ' ' && text.ptr[i] <= '~');
        }
    }
    assert_text(smtp_reply_text(250), "OK");
    assert_text(smtp_reply_text(550), "Mailbox unavailable");
    assert_text(smtp_reply_text(299), "");
}

/* Shows: R2034-4-3 R2034-4-2 R2034-4-1 R4954-6-1 R5248-2.4-1 R7505-4.1-1 */
static void test_statuses(void **state)
{
    static const struct {
        int code, verb;
        uint32_t status;
    } rows[] = {
        {250, SMTP_VERB_MAIL, SMTP_STATUS(2, 1, 0)},
        {250, SMTP_VERB_RCPT, SMTP_STATUS(2, 1, 5)},
        {250, SMTP_VERB_END_OF_DATA, SMTP_STATUS(2, 0, 0)},
        {250, SMTP_VERB_BDAT, SMTP_STATUS(2, 0, 0)},
        {221, SMTP_VERB_QUIT, SMTP_STATUS(2, 0, 0)},
        {235, SMTP_VERB_AUTH, SMTP_STATUS(2, 7, 0)},
        {421, SMTP_VERB_MAIL, SMTP_STATUS(4, 3, 2)},
        {432, SMTP_VERB_AUTH, SMTP_STATUS(4, 7, 12)},
        {452, SMTP_VERB_MAIL, SMTP_STATUS(4, 3, 1)},
        {452, SMTP_VERB_RCPT, SMTP_STATUS(4, 5, 3)},
        {454, SMTP_VERB_STARTTLS, SMTP_STATUS(4, 7, 0)},
        {454, SMTP_VERB_AUTH, SMTP_STATUS(4, 7, 0)},
        {500, SMTP_VERB_UNKNOWN, SMTP_STATUS(5, 5, 2)},
        {500, SMTP_VERB_AUTH, SMTP_STATUS(5, 5, 6)},
        {501, SMTP_VERB_MAIL, SMTP_STATUS(5, 5, 4)},
        {501, SMTP_VERB_AUTH, SMTP_STATUS(5, 5, 2)},
        {503, SMTP_VERB_RCPT, SMTP_STATUS(5, 5, 1)},
        {504, SMTP_VERB_AUTH, SMTP_STATUS(5, 5, 4)},
        {523, SMTP_VERB_AUTH, SMTP_STATUS(5, 7, 10)},
        {525, SMTP_VERB_AUTH, SMTP_STATUS(5, 7, 13)},
        {530, SMTP_VERB_MAIL, SMTP_STATUS(5, 7, 0)},
        {534, SMTP_VERB_AUTH, SMTP_STATUS(5, 7, 9)},
        {535, SMTP_VERB_AUTH, SMTP_STATUS(5, 7, 8)},
        {538, SMTP_VERB_AUTH, SMTP_STATUS(5, 7, 11)},
        {550, SMTP_VERB_RCPT, SMTP_STATUS(5, 1, 1)},
        {550, SMTP_VERB_MAIL, SMTP_STATUS(5, 7, 1)},
        {552, SMTP_VERB_MAIL, SMTP_STATUS(5, 3, 4)},
        {554, SMTP_VERB_DATA, SMTP_STATUS(5, 5, 1)},
        {555, SMTP_VERB_MAIL, SMTP_STATUS(5, 5, 4)},
        {556, SMTP_VERB_RCPT, SMTP_STATUS(5, 1, 10)},
        {299, SMTP_VERB_MAIL, SMTP_STATUS(2, 0, 0)},
        {599, SMTP_VERB_UNKNOWN, SMTP_STATUS(5, 0, 0)},
        {354, SMTP_VERB_DATA, 0},
        {334, SMTP_VERB_AUTH, 0},
        {199, SMTP_VERB_MAIL, 0},
        {600, SMTP_VERB_MAIL, 0},
        {-250, SMTP_VERB_MAIL, 0},
        {220, SMTP_VERB_CONNECT, 0},
        {250, SMTP_VERB_EHLO, 0},
        {250, SMTP_VERB_HELO, 0},
        {550, SMTP_VERB_LHLO, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        if (smtp_reply_status(rows[i].code, rows[i].verb) != rows[i].status) {
            fail_msg("%d to %d: not %u", rows[i].code, rows[i].verb, (unsigned)rows[i].status);
        }
    }
}

/* Shows: R2034-4-3 R2034-4-2 */
static void test_statuses_of_the_class(void **state)
{
    (void)state;
    for (int code = 200; code < 600; code++) {
        for (int verb = SMTP_VERB_MAIL; verb <= SMTP_VERB_CUSTOM; verb++) {
            uint32_t status = smtp_reply_status(code, verb);
            assert_int_equal(status / 1000000, code / 100 == 3 ? 0 : code / 100);
            assert_true(status == 0 || smtp_status_text(status).len > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_statuses_of_the_class),
    };
    return cmocka_run_group_tests_name("syntax/reply_code", tests, NULL, NULL);
}
