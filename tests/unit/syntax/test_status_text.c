/* SPDX-License-Identifier: MIT
 * The registry of enhanced status codes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/status.h"
#include "syntax/lines.h"

/* How many details the registry has for each subject; they have no gaps. */
static const int registered[] = {1, 11, 5, 7, 8, 7, 11, 31};

/* What is not registered is told by its subject, or by its class. */
/* Shows: R3463-2-5 R5248-2.1-1 */
static void test_texts(void **state)
{
    static const char *const classes[] = {
        "", "", "Success", "", "Failure that may pass", "Permanent failure"};
    (void)state;
    assert_text(smtp_status_text(SMTP_STATUS(5, 1, 99)), "Other address status");
    for (int klass = 2; klass <= 5; klass++) {
        assert_text(smtp_status_text(smtp_status(klass, 99, 1)), classes[klass]);
    }
    for (int subject = 0; subject < 12; subject++) {
        for (int detail = 0; detail < 40; detail++) {
            int known = subject < (int)ROWS(registered);
            int last = known && detail >= registered[subject];
            smtp_str text = smtp_status_text(smtp_status(4, subject, detail));
            smtp_str of_subject = smtp_status_text(smtp_status(4, subject, 0));
            assert_true(text.len > 0);
            assert_int_equal(smtp_str_equal(text, of_subject), !known || last || detail == 0);
            assert_int_equal(
                smtp_str_equal(text, smtp_status_text(smtp_status(5, subject, detail))), known);
        }
    }
    assert_text(smtp_status_text(SMTP_STATUS(5, 1, 1)), "No such mailbox");
    assert_text(smtp_status_text(0), "");
    assert_text(smtp_status_text(3001001), "");
    assert_text(smtp_status_text(UINT32_MAX), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests_name("syntax/status_text", tests, NULL, NULL);
}
