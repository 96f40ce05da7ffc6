/* SPDX-License-Identifier: MIT
 * The storage of an exchange. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

static void begin(side *server)
{
    smtp_sasl_server_config config = config_of(NULL);
    server_begin(server, SMTP_MECH_PLAIN, &config, 0);
}

/* What is written and what is kept grow towards each other and never overlap. */
static void test_room(void **state)
{
    side server;
    smtp_str kept, copied;
    begin(&server);
    (void)state;
    size_t room = server.sasl->text.capacity;
    char *octets = calloc(room, 1);
    assert_non_null(octets);
    assert_int_equal(smtp__sasl_keep(server.sasl, smtp_text("kept"), &kept), 0);
    assert_int_equal(smtp__sasl_keep(server.sasl, octets_of(octets, room - 3), &copied),
                     SMTP_ERR_NO_MEMORY);
    assert_int_equal(smtp__sasl_copy(server.sasl, octets_of(octets, room - 4), &copied), 0);
    assert_text(kept, "kept");
    assert_ptr_equal(kept.ptr + 4, server.storage + server.bytes);
    assert_int_equal(smtp__sasl_keep(server.sasl, smtp_text("x"), &copied), SMTP_ERR_NO_MEMORY);
    assert_int_equal(smtp__sasl_copy(server.sasl, smtp_text("x"), &copied), SMTP_ERR_NO_MEMORY);
    assert_int_equal(smtp__sasl_say(server.sasl, 0, SMTP_SASL_MORE, &copied), SMTP_ERR_NO_MEMORY);
    free(octets);
    side_end(&server);
}

static void test_clear_and_wipe(void **state)
{
    side server;
    smtp_str str;
    begin(&server);
    (void)state;
    assert_int_equal(smtp__sasl_copy(server.sasl, smtp_text("tanstaaf"), &str), 0);
    assert_int_equal(smtp__sasl_keep(server.sasl, smtp_text("xipj3plmq"), &str), 0);
    assert_true(side_holds(&server, smtp_text("tanstaaf")));
    smtp__sasl_clear(server.sasl);
    assert_false(side_holds(&server, smtp_text("tanstaaf")));
    assert_true(side_holds(&server, smtp_text("xipj3plmq")));
    smtp__sasl_wipe(server.sasl);
    assert_false(side_holds(&server, smtp_text("xipj3plmq")));
    side_end(&server);
}

/* Whom it is the caller says, or else the client. */
/* Shows: R4422-3.4.1-1 */
static void test_identify(void **state)
{
    static const struct {
        const char *said, *authzid, *name, *identity;
        int error;
    } rows[] = {
        {"said", "authzid", "name", "said", 0},    {NULL, "authzid", "name", "authzid", 0},
        {NULL, NULL, "name", "name", 0},           {NULL, "authzid", NULL, "authzid", 0},
        {NULL, NULL, NULL, "", SMTP_ERR_ARGUMENT},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_str out = nothing;
        smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
        begin(&server);
        answer.identity = smtp_text(rows[i].said);
        server.sasl->question.authzid = smtp_text(rows[i].authzid);
        server.sasl->question.name = smtp_text(rows[i].name);
        assert_int_equal(smtp__sasl_identify(server.sasl, &answer), rows[i].error);
        assert_text(server.sasl->identity, rows[i].identity);
        assert_int_equal(smtp__sasl_decide(server.sasl, &answer, &out),
                         rows[i].error != 0 ? rows[i].error : SMTP_SASL_DONE);
        answer.verdict = SMTP_SASL_REFUSED;
        assert_int_equal(smtp__sasl_decide(server.sasl, &answer, &out), SMTP_ERR_AUTH_FAILED);
        side_end(&server);
    }
}

/* An authorization identity that is the name itself is none. */
static void test_ask(void **state)
{
    side server;
    begin(&server);
    (void)state;
    server.sasl->question.name = smtp_text("tim");
    server.sasl->question.authzid = smtp_text("tim");
    assert_int_equal(smtp__sasl_ask(server.sasl, SMTP_SASL_ASK_VERDICT), SMTP_SASL_ASK);
    assert_null(smtp_sasl_asked(server.sasl)->authzid.ptr);
    assert_int_equal(smtp_sasl_asked(server.sasl)->mechanism, SMTP_MECH_PLAIN);
    server.sasl->question.authzid = smtp_text("Tim");
    assert_int_equal(smtp__sasl_ask(server.sasl, SMTP_SASL_ASK_VERDICT), SMTP_SASL_ASK);
    assert_text(smtp_sasl_asked(server.sasl)->authzid, "Tim");
    side_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_clear_and_wipe),
        cmocka_unit_test(test_identify),
        cmocka_unit_test(test_ask),
    };
    return cmocka_run_group_tests_name("sasl/object", tests, NULL, NULL);
}
