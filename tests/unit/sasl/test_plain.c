/* SPDX-License-Identifier: MIT
 * PLAIN and LOGIN. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

/* RFC 4616 4. */
/* Shows: R4616-2-1 */
static void test_plain_vectors(void **state)
{
    side client;
    smtp_credentials given = credentials_of("tim", "tanstaaftanstaaf");
    (void)state;
    client_begin(&client, SMTP_MECH_PLAIN, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_octets(client.out, OCTETS("\0tim\0tanstaaftanstaaf"));
    assert_int_equal(client.out.len, 21);
    side_end(&client);

    given = credentials_of("Kurt", "xipj3plmq");
    given.authzid = smtp_text("Ursel");
    client_begin(&client, SMTP_MECH_PLAIN, &given, 0);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_DONE);
    assert_octets(client.out, OCTETS("Ursel\0Kurt\0xipj3plmq"));
    assert_int_equal(smtp_sasl_server_proved(client.sasl), 0);
    side_end(&client);
}

/* The identities reach the caller, who refuses (as in RFC 4616 4) or accepts. */
/* Shows: R4616-2-1 R4616-4-2 R4422-3.4.1-1 */
static void test_plain_question(void **state)
{
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    for (int verdict = SMTP_SASL_REFUSED; verdict <= SMTP_SASL_TRY_LATER; verdict++) {
        static const int results[] = {SMTP_ERR_AUTH_FAILED, SMTP_SASL_DONE,
                                      SMTP_ERR_AUTH_CANCELLED};
        side server;
        smtp_sasl_answer answer = answer_of(verdict);
        server_begin(&server, SMTP_MECH_PLAIN, &config, 0);
        assert_int_equal(side_step(&server, OCTETS("Ursel\0Kurt\0xipj3plmq")), SMTP_SASL_ASK);
        const smtp_sasl_question *question = smtp_sasl_asked(server.sasl);
        assert_int_equal(question->mechanism, SMTP_MECH_PLAIN);
        assert_int_equal(question->kind, SMTP_SASL_ASK_VERDICT);
        assert_text(question->authzid, "Ursel");
        assert_text(question->name, "Kurt");
        assert_text(question->password, "xipj3plmq");
        assert_null(smtp_sasl_identity(server.sasl).ptr);
        assert_int_equal(side_answer(&server, &answer), results[verdict]);
        assert_false(side_holds(&server, smtp_text("xipj3plmq")));
        assert_text(smtp_sasl_identity(server.sasl), verdict == SMTP_SASL_ACCEPTED ? "Ursel" : "");
        assert_null(smtp_sasl_asked(server.sasl));
        assert_int_equal(side_step(&server, nothing), SMTP_ERR_STATE);
        side_end(&server);
    }
}

typedef struct verdict {
    const char *octets;
    size_t len;
    int result;
} verdict;

#define MESSAGE(literal, result)                                                                   \
    {                                                                                              \
        literal, sizeof(literal) - 1, result                                                       \
    }

/* Shows: R4616-2-1 R4616-2-2 */
static void test_plain_malformed(void **state)
{
    static const verdict rows[] = {
        MESSAGE("\0tim\0tan", SMTP_SASL_ASK),
        MESSAGE("\0t\xC3\xBC\0\xE2\x82\xAC", SMTP_SASL_ASK),
        MESSAGE("", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("tim", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0tim", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("tim\0tan", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0tim\0tan\0", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0tim\0tan\0staaf", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0tim\0\xFC", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0\xC3\0tan", SMTP_ERR_AUTH_PROTOCOL),
        MESSAGE("\0\0", SMTP_ERR_AUTH_FAILED),
        MESSAGE("\0\0tan", SMTP_ERR_AUTH_FAILED),
        MESSAGE("\0tim\0", SMTP_ERR_AUTH_FAILED),
        MESSAGE("tim\0\0tan", SMTP_ERR_AUTH_FAILED),
        MESSAGE("\0tim\r\n\0tan", SMTP_ERR_AUTH_FAILED),
        MESSAGE("\n\0tim\0tan", SMTP_ERR_AUTH_FAILED),
        MESSAGE("\0tim\0t\tan", SMTP_ERR_AUTH_FAILED),
    };
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        server_begin(&server, SMTP_MECH_PLAIN, &config, 0);
        assert_int_equal(side_step(&server, octets_of(rows[i].octets, rows[i].len)),
                         rows[i].result);
        side_end(&server);
    }
}

/* Each part may have 255 octets and not 256, and all of them at once. */
/* Shows: R4616-2-3 */
static void test_plain_lengths(void **state)
{
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    for (size_t part = 0; part < 4; part++) { /* 3: none is too long */
        side server;
        smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
        char message[3 * 256 + 2];
        size_t len = 0;
        for (size_t i = 0; i < 3; i++) {
            size_t length = i == part ? 256 : 255;
            memset(message + len, (int)('a' + i), length);
            len += length;
            if (i < 2) {
                message[len++] = '\0';
            }
        }
        server_begin(&server, SMTP_MECH_PLAIN, &config, 0);
        assert_int_equal(side_step(&server, octets_of(message, len)),
                         part == 3 ? SMTP_SASL_ASK : SMTP_ERR_AUTH_FAILED);
        if (part == 3) {
            char identity[255];
            memset(identity, 'i', sizeof identity);
            answer.identity = octets_of(identity, sizeof identity);
            assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
            assert_octets(smtp_sasl_identity(server.sasl), answer.identity);
        }
        side_end(&server);
    }
}

/* draft-murchison-sasl-login 2.3. The client takes any prompts. */
static void test_login_client(void **state)
{
    static const char *const prompts[][2] = {
        {"User Name", "Password"}, {"Username:", "Password:"}, {"", ""}, {"Password:", "x"}};
    smtp_credentials given = credentials_of("tim", "tanstaaftanstaaf");
    (void)state;
    for (size_t i = 0; i < ROWS(prompts); i++) {
        side client;
        client_begin(&client, SMTP_MECH_LOGIN, &given, 0);
        assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
        assert_null(client.out.ptr);
        assert_int_equal(side_hear(&client, prompts[i][0]), SMTP_SASL_MORE);
        assert_says(&client, "tim");
        assert_false(side_holds(&client, given.password));
        assert_int_equal(side_hear(&client, prompts[i][1]), SMTP_SASL_DONE);
        assert_says(&client, "tanstaaftanstaaf");
        assert_int_equal(side_hear(&client, "More:"), SMTP_ERR_AUTH_PROTOCOL);
        assert_false(side_holds(&client, given.password));
        side_end(&client);
    }
}

static void test_login_server(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
    (void)state;
    server_begin(&server, SMTP_MECH_LOGIN, &config, 0);
    assert_int_equal(side_step(&server, nothing), SMTP_SASL_MORE);
    assert_says(&server, "Username:");
    assert_int_equal(side_hear(&server, "tim"), SMTP_SASL_MORE);
    assert_says(&server, "Password:");
    assert_int_equal(side_hear(&server, "tanstaaftanstaaf"), SMTP_SASL_ASK);
    assert_text(smtp_sasl_asked(server.sasl)->name, "tim");
    assert_text(smtp_sasl_asked(server.sasl)->password, "tanstaaftanstaaf");
    assert_null(smtp_sasl_asked(server.sasl)->authzid.ptr);
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
    assert_text(smtp_sasl_identity(server.sasl), "tim");
    assert_false(side_holds(&server, smtp_text("tanstaaftanstaaf")));
    side_end(&server);
}

/* Many clients give the name before they are asked: it is taken as the answer to the prompt. */
static void test_login_unasked(void **state)
{
    side server;
    smtp_sasl_server_config config = config_of(NULL);
    smtp_sasl_answer answer = answer_of(SMTP_SASL_ACCEPTED);
    (void)state;
    server_begin(&server, SMTP_MECH_LOGIN, &config, 0);
    assert_int_equal(side_hear(&server, "tim"), SMTP_SASL_MORE);
    assert_says(&server, "Password:");
    assert_int_equal(side_hear(&server, "tanstaaftanstaaf"), SMTP_SASL_ASK);
    assert_text(smtp_sasl_asked(server.sasl)->name, "tim");
    assert_text(smtp_sasl_asked(server.sasl)->password, "tanstaaftanstaaf");
    assert_int_equal(side_answer(&server, &answer), SMTP_SASL_DONE);
    assert_text(smtp_sasl_identity(server.sasl), "tim");
    side_end(&server);
}

static void test_login_malformed(void **state)
{
    static const struct {
        smtp_str name, password;
        int result;
    } rows[] = {
        {{"", 0}, {"tan", 3}, SMTP_ERR_AUTH_FAILED},
        {{"tim", 3}, {"", 0}, SMTP_ERR_AUTH_FAILED},
        {{"t\0m", 3}, {"tan", 3}, SMTP_ERR_AUTH_PROTOCOL},
        {{"tim", 3}, {"t\0n", 3}, SMTP_ERR_AUTH_PROTOCOL},
        {{"tim", 3}, {"\xFC", 1}, SMTP_ERR_AUTH_PROTOCOL},
        {{"t\n", 2}, {"tan", 3}, SMTP_ERR_AUTH_FAILED},
    };
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        server_begin(&server, SMTP_MECH_LOGIN, &config, 0);
        assert_int_equal(side_step(&server, nothing), SMTP_SASL_MORE);
        assert_int_equal(side_step(&server, rows[i].name), SMTP_SASL_MORE);
        assert_int_equal(side_step(&server, rows[i].password), rows[i].result);
        side_end(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_vectors),   cmocka_unit_test(test_plain_question),
        cmocka_unit_test(test_plain_malformed), cmocka_unit_test(test_plain_lengths),
        cmocka_unit_test(test_login_client),    cmocka_unit_test(test_login_server),
        cmocka_unit_test(test_login_unasked),   cmocka_unit_test(test_login_malformed),
    };
    return cmocka_run_group_tests_name("sasl/plain", tests, NULL, NULL);
}
