/* SPDX-License-Identifier: MIT
 * The table of MAIL and RCPT parameters. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"
#include "syntax/param.h"

/* Each keyword is found under its verb only, in any case, and its bit is no other's. */
/* Shows: R5321-2.4-2 */
static void test_find(void **state)
{
    static const struct {
        const char *keyword;
        int verb;
        uint32_t bit;
    } rows[] = {
        {"SIZE", SMTP_VERB_MAIL, SMTP_PARAM_SIZE},
        {"BODY", SMTP_VERB_MAIL, SMTP_PARAM_BODY},
        {"SMTPUTF8", SMTP_VERB_MAIL, SMTP_PARAM_SMTPUTF8},
        {"AUTH", SMTP_VERB_MAIL, SMTP_PARAM_AUTH},
        {"RET", SMTP_VERB_MAIL, SMTP_PARAM_RET},
        {"ENVID", SMTP_VERB_MAIL, SMTP_PARAM_ENVID},
        {"NOTIFY", SMTP_VERB_RCPT, SMTP_PARAM_NOTIFY},
        {"ORCPT", SMTP_VERB_RCPT, SMTP_PARAM_ORCPT},
        {"BY", SMTP_VERB_MAIL, SMTP_PARAM_BY},
        {"HOLDFOR", SMTP_VERB_MAIL, SMTP_PARAM_HOLDFOR},
        {"HOLDUNTIL", SMTP_VERB_MAIL, SMTP_PARAM_HOLDUNTIL},
        {"MT-PRIORITY", SMTP_VERB_MAIL, SMTP_PARAM_MT_PRIORITY},
        {"REQUIRETLS", SMTP_VERB_MAIL, SMTP_PARAM_REQUIRETLS},
        {"SOLICIT", SMTP_VERB_MAIL, SMTP_PARAM_SOLICIT},
        {"MTRK", SMTP_VERB_MAIL, SMTP_PARAM_MTRK},
        {"TRANSID", SMTP_VERB_MAIL, SMTP_PARAM_TRANSID},
        {"CONPERM", SMTP_VERB_MAIL, SMTP_PARAM_CONPERM},
        {"CONNEG", SMTP_VERB_RCPT, SMTP_PARAM_CONNEG},
        {"RRVS", SMTP_VERB_RCPT, SMTP_PARAM_RRVS},
    };
    uint32_t bits = 0;
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char lower[16];
        int other = rows[i].verb == SMTP_VERB_MAIL ? SMTP_VERB_RCPT : SMTP_VERB_MAIL;
        size_t length = strlen(rows[i].keyword);
        for (size_t at = 0; at < length; at++) {
            lower[at] = (char)(rows[i].keyword[at] | 0x20);
        }
        const smtp__param *param = smtp__param_find(rows[i].verb, octets_of(lower, length));
        assert_non_null(param);
        assert_int_equal(param->bit, rows[i].bit);
        assert_int_equal(bits & param->bit, 0);
        bits |= param->bit;
        assert_null(smtp__param_find(other, smtp_text(rows[i].keyword)));
    }
    assert_null(smtp__param_at(ROWS(rows)));
    assert_non_null(smtp__param_at(ROWS(rows) - 1));
    assert_null(smtp__param_find(SMTP_VERB_MAIL, smtp_text("")));
    assert_null(smtp__param_find(SMTP_VERB_MAIL, smtp_text("SIZ")));
    assert_null(smtp__param_find(SMTP_VERB_MAIL, smtp_text("SIZE ")));
    assert_null(smtp__param_find(SMTP_VERB_DATA, smtp_text("SIZE")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests_name("syntax/param_table", tests, NULL, NULL);
}
