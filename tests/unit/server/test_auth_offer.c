/* SPDX-License-Identifier: MIT
 * What a server that offers AUTH says in its EHLO response, whatever room there is for it, and what
 * it takes with MAIL. */
#include "server/auth_peer.h"

static int on_mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    struct auth_peer *auth = user;

    (void)server;
    if (event->params->present & SMTP_PARAM_AUTH)
        text_put(&auth->shown, "%.*s\n", (int)event->params->auth.len, event->params->auth.ptr);
    return SMTP_ACCEPT;
}

/* AUTH= is taken from anybody, before and after AUTH; whether it is believed is the caller's. */
/* Shows: R4954-5-4 R4954-5-2 R4954-3-3 */
static void test_mail_parameter(void **state)
{
    struct auth_peer auth;
    int i;

    (void)state;
    auth_init(&auth);
    auth.peer.callbacks.mail = on_mail;
    auth_open(&auth);
    for (i = 0; i < 2; i++) {
        text_clear(&auth.shown);
        server_codes(&auth.peer,
                     "MAIL FROM:<a@b.example> AUTH=<>\r\nRSET\r\n"
                     "MAIL FROM:<a@b.example> AUTH=e+3Dmc2@example.com\r\nRSET\r\n"
                     "MAIL FROM:<a@b.example> AUTH=nobody\r\n"
                     "MAIL FROM:<a@b.example> AUTH=e+3dmc2@example.com\r\n",
                     "250 250 250 250 501 501 ");
        assert_string_equal(text_of(&auth.shown), "<>\ne+3Dmc2@example.com\n");
        if (i == 0)
            says(&auth, "AUTH PLAIN " GOOD "\r\n", DONE);
    }
    auth_delete(&auth);

    auth_init(&auth);
    auth.peer.callbacks.auth = NULL; /* no AUTH, no AUTH= */
    auth_open(&auth);
    server_codes(&auth.peer, "MAIL FROM:<a@b.example> AUTH=<>\r\n", "555 ");
    auth_delete(&auth);
}

/* Where AUTH is offered MAIL may be longer by 500 octets, and no more. */
/* Shows: R4954-3-3 */
static void test_mail_is_longer(void **state)
{
    enum { LONGEST = 512 + 26 + 14 + 500 }; /* with SIZE and 8BITMIME */
    int with;
    int above;

    (void)state;
    for (with = 0; with < 2; with++) {
        for (above = 0; above < 2; above++) {
            size_t len = (size_t)(LONGEST - (with ? 0 : 500) + above);
            char line[LONGEST + 2];
            struct auth_peer auth;

            memset(line, ' ', sizeof line); /* what stands at the end is no part of the command */
            memcpy(line, "MAIL FROM:<a@b.example>", 23);
            memcpy(line + len - 2, "\r\n", 2);
            auth_init(&auth);
            if (!with)
                auth.peer.config.sasl = NULL;
            auth_open(&auth);
            (void)server_give(&auth.peer, line, len, 0);
            assert_memory_equal(text_of(&auth.peer.output), above ? "500 " : "250 ", 4);
            auth_delete(&auth);
        }
    }
}

/* A configuration that is taken can always answer EHLO, also where TLS makes more possible than the
 * clear. */
/* Shows: R4954-3-2 */
static void test_room(void **state)
{
    int taken = 0;
    uint32_t room;

    (void)state;
    for (room = 512; room <= 1024; room++) {
        struct auth_peer auth;

        auth_init(&auth);
        auth.peer.config.output_buffer = room;
        auth.peer.config.mechanisms = INT32_MAX;
        auth.peer.config.offer = SMTP_EXT_STARTTLS;
        auth.tls.exporter = smtp_text("thirty-two octets of the export.");
        auth.tls.peer_subject = smtp_text("ann");
        if (smtp_server_new(&auth.peer.server, &auth.peer.config, &auth.peer.callbacks, NULL,
                            NULL) == SMTP_ERR_NO_SPACE) {
            assert_int_equal(taken, 0);
            continue;
        }
        smtp_server_del(auth.peer.server);
        taken++;
        start_tls(&auth);
        (void)server_feed(&auth.peer, "EHLO c.example\r\n");
        assert_non_null(strstr(text_of(&auth.peer.output),
                               "250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS "
                               "SCRAM-SHA-256 SCRAM-SHA-256-PLUS OAUTHBEARER XOAUTH2 EXTERNAL "
                               "ANONYMOUS\r\n"));
        auth_delete(&auth);
    }
    assert_true(taken > 0 && taken < 513);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mail_parameter),
        cmocka_unit_test(test_mail_is_longer),
        cmocka_unit_test(test_room),
    };

    return cmocka_run_group_tests_name("server/auth_offer", tests, NULL, NULL);
}
