/* SPDX-License-Identifier: MIT
 * Mechanisms of the caller: one in which the client says "ping" and its name, the server "pong",
 * and the client nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"

/* What the plug-in keeps of an exchange; there are no more than two. */
typedef struct ping {
    int steps;
    int ended;
} ping;

static ping *begun(smtp_sasl_turn *turn, void *user)
{
    ping *pings = user;
    if (turn->exchange == NULL) {
        turn->exchange = turn->credentials != NULL ? &pings[0] : &pings[1];
    }
    return turn->exchange;
}

static int ping_client(smtp_sasl_turn *turn, void *user)
{
    ping *exchange = begun(turn, user);
    assert_non_null(turn->credentials);
    assert_null(turn->config);
    if (exchange->steps++ == 0) {
        turn->out = turn->credentials->name;
        return SMTP_SASL_MORE;
    }
    if (!smtp_str_equal(turn->message, smtp_text("pong"))) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    turn->proved = 1;
    turn->out = smtp_text("");
    return SMTP_SASL_DONE;
}

static int ping_server(smtp_sasl_turn *turn, void *user)
{
    ping *exchange = begun(turn, user);
    assert_non_null(turn->config);
    assert_null(turn->credentials);
    if (exchange->steps++ > 0) {
        turn->identity = smtp_text("user");
        return turn->message.len == 0 ? SMTP_SASL_DONE : SMTP_ERR_AUTH_FAILED;
    }
    if (smtp_str_equal(turn->message, smtp_text("other"))) {
        return 99;
    }
    turn->out = smtp_text("pong");
    if (smtp_str_equal(turn->message, smtp_text("nobody"))) {
        return SMTP_SASL_DONE;
    }
    if (smtp_str_equal(turn->message, smtp_text("brief"))) {
        turn->identity = turn->message;
        return SMTP_SASL_DONE;
    }
    if (smtp_str_equal(turn->message, smtp_text("long"))) {
        static const char identity[4096] = "l";
        turn->identity = octets_of(identity, sizeof identity);
        return SMTP_SASL_DONE;
    }
    return smtp_str_equal(turn->message, smtp_text("user")) ? SMTP_SASL_MORE : SMTP_ERR_AUTH_FAILED;
}

static void ping_end(void *exchange, void *user)
{
    (void)user;
    ((ping *)exchange)->ended++;
}

static smtp_sasl_plugin plugin_of(ping *pings)
{
    smtp_sasl_plugin plugin;
    memset(&plugin, 0, sizeof plugin);
    plugin.size = sizeof plugin;
    plugin.name = smtp_text("PING");
    plugin.client_first = 1;
    plugin.client_step = ping_client;
    plugin.server_step = ping_server;
    plugin.end = ping_end;
    plugin.user = pings;
    return plugin;
}

static void begin(side *client, side *server, const char *name, const smtp_sasl_plugin *plugin)
{
    smtp_credentials given = credentials_of(name, NULL);
    smtp_sasl_server_config config = config_of(NULL);
    side_prepare(client, 0);
    side_prepare(server, 0);
    assert_int_equal(
        smtp_sasl_client_init_plugin(&client->sasl, client->storage, client->bytes, plugin, &given),
        0);
    assert_int_equal(smtp_sasl_server_init_plugin(&server->sasl, server->storage, server->bytes,
                                                  plugin, &config),
                     0);
}

static void test_success(void **state)
{
    (void)state;
    for (int initial = 0; initial <= 1; initial++) {
        side client, server;
        int client_result, server_result;
        ping pings[2] = {{0, 0}, {0, 0}};
        smtp_sasl_plugin plugin = plugin_of(pings);
        begin(&client, &server, "user", &plugin);
        talk(&client, &server, initial, &client_result, &server_result);
        assert_int_equal(client_result, SMTP_SASL_DONE);
        assert_int_equal(server_result, SMTP_SASL_DONE);
        assert_null(server.out.ptr);
        assert_text(smtp_sasl_identity(server.sasl), "user");
        assert_true(smtp_sasl_server_proved(client.sasl));
        assert_null(smtp_sasl_asked(server.sasl));
        side_end(&client);
        side_end(&server);
        assert_true(pings[0].ended == 1 && pings[1].ended == 1);
    }
}

/* What a server says with its success goes before it, and the client has to hear it: the reply of
 * success has no place for it. */
/* Shows: R4954-4-22 */
static void test_data_with_success(void **state)
{
    static const struct {
        const char *last;
        int result;
    } rows[] = {{"", SMTP_SASL_DONE}, {"more", SMTP_ERR_AUTH_PROTOCOL}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client, server;
        ping pings[2] = {{0, 0}, {0, 0}};
        smtp_sasl_plugin plugin = plugin_of(pings);
        begin(&client, &server, "brief", &plugin);
        assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
        assert_int_equal(side_step(&server, client.out), SMTP_SASL_MORE);
        assert_says(&server, "pong");
        assert_null(smtp_sasl_identity(server.sasl).ptr);
        assert_int_equal(side_step(&client, server.out), SMTP_SASL_DONE);
        assert_true(smtp_sasl_server_proved(client.sasl));
        assert_int_equal(side_hear(&server, rows[i].last), rows[i].result);
        assert_null(server.out.ptr);
        if (rows[i].result == SMTP_SASL_DONE) {
            assert_text(smtp_sasl_identity(server.sasl), "brief");
        } else {
            assert_null(smtp_sasl_identity(server.sasl).ptr);
        }
        assert_int_equal(pings[1].steps, 1);
        side_end(&client);
        side_end(&server);
    }
}

/* A plug-in whose server speaks first is not answered before it has. */
static void test_server_first(void **state)
{
    side client, server;
    ping pings[2] = {{0, 0}, {0, 0}};
    smtp_sasl_plugin plugin = plugin_of(pings);
    (void)state;
    plugin.client_first = 0;
    begin(&client, &server, "user", &plugin);
    assert_int_equal(side_hear(&server, "user"), SMTP_ERR_ARGUMENT_UNEXPECTED);
    assert_int_equal(side_step(&client, nothing), SMTP_SASL_MORE);
    assert_null(client.out.ptr);
    assert_int_equal(pings[0].steps + pings[1].steps, 0);
    assert_int_equal(side_hear(&client, "go on"), SMTP_SASL_MORE);
    assert_says(&client, "user");
    side_end(&client);
    side_end(&server);
}

static int see_server(smtp_sasl_turn *turn, void *user)
{
    *(const char **)user = turn->message.ptr;
    turn->out = smtp_text("go on");
    return SMTP_SASL_MORE;
}

/* No message is not an empty one: the first has no pointer. */
static void test_no_message_yet(void **state)
{
    const char *seen = "";
    ping pings[2] = {{0, 0}, {0, 0}};
    smtp_sasl_plugin plugin = plugin_of(pings);
    side client, server;
    (void)state;
    plugin.client_first = 0;
    plugin.server_step = see_server;
    plugin.end = NULL;
    plugin.user = &seen;
    begin(&client, &server, "user", &plugin);
    assert_int_equal(side_step(&server, nothing), SMTP_SASL_MORE);
    assert_null(seen);
    assert_int_equal(side_hear(&server, ""), SMTP_SASL_MORE);
    assert_non_null(seen);
    side_end(&client);
    side_end(&server);
}

/* What a plug-in may not return fails the exchange, as does a success that is nobody's. */
static void test_failures(void **state)
{
    static const struct {
        const char *name;
        int result;
    } rows[] = {
        {"eve", SMTP_ERR_AUTH_FAILED},
        {"other", SMTP_ERR_CALLBACK},
        {"nobody", SMTP_ERR_CALLBACK},
        {"long", SMTP_ERR_NO_MEMORY},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side client, server;
        int client_result, server_result;
        ping pings[2] = {{0, 0}, {0, 0}};
        smtp_sasl_plugin plugin = plugin_of(pings);
        begin(&client, &server, rows[i].name, &plugin);
        talk(&client, &server, 1, &client_result, &server_result);
        assert_int_equal(server_result, rows[i].result);
        assert_null(smtp_sasl_identity(server.sasl).ptr);
        assert_int_equal(side_hear(&server, ""), SMTP_ERR_STATE);
        side_end(&client);
        side_end(&server);
        assert_int_equal(pings[1].ended, 1);
    }
}

/* An exchange that never began has nothing to end. */
static void test_unused(void **state)
{
    side client, server;
    ping pings[2] = {{0, 0}, {0, 0}};
    smtp_sasl_plugin plugin = plugin_of(pings);
    (void)state;
    begin(&client, &server, "user", &plugin);
    side_end(&client);
    side_end(&server);
    assert_true(pings[0].ended == 0 && pings[1].ended == 0);
}

static void test_init(void **state)
{
    side client;
    ping pings[2] = {{0, 0}, {0, 0}};
    smtp_sasl_plugin plugin = plugin_of(pings);
    smtp_credentials given = credentials_of("user", NULL);
    smtp_sasl_server_config config = config_of(NULL);
    (void)state;
    side_prepare(&client, 0);
    assert_int_equal(smtp_sasl_client_init_plugin(&client.sasl, client.storage, client.bytes - 1,
                                                  &plugin, &given),
                     SMTP_ERR_NO_MEMORY);
    assert_int_equal(
        smtp_sasl_client_init_plugin(&client.sasl, client.storage, client.bytes, NULL, &given),
        SMTP_ERR_ARGUMENT);
    assert_int_equal(
        smtp_sasl_client_init_plugin(&client.sasl, client.storage, client.bytes, &plugin, NULL),
        SMTP_ERR_ARGUMENT);
    plugin.size--;
    assert_int_equal(
        smtp_sasl_client_init_plugin(&client.sasl, client.storage, client.bytes, &plugin, &given),
        SMTP_ERR_ARGUMENT);
    plugin = plugin_of(pings);
    plugin.client_step = NULL;
    assert_int_equal(
        smtp_sasl_client_init_plugin(&client.sasl, client.storage, client.bytes, &plugin, &given),
        SMTP_ERR_UNSUPPORTED);
    assert_null(client.sasl);
    plugin.server_step = NULL;
    assert_int_equal(
        smtp_sasl_server_init_plugin(&client.sasl, client.storage, client.bytes, &plugin, &config),
        SMTP_ERR_UNSUPPORTED);
    assert_int_equal(
        smtp_sasl_server_init_plugin(&client.sasl, client.storage, client.bytes, &plugin, NULL),
        SMTP_ERR_ARGUMENT);
    assert_int_equal(
        smtp_sasl_server_init_plugin(NULL, client.storage, client.bytes, &plugin, &config),
        SMTP_ERR_ARGUMENT);
    side_end(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),      cmocka_unit_test(test_data_with_success),
        cmocka_unit_test(test_server_first), cmocka_unit_test(test_no_message_yet),
        cmocka_unit_test(test_failures),     cmocka_unit_test(test_unused),
        cmocka_unit_test(test_init),
    };
    return cmocka_run_group_tests_name("sasl/plugin", tests, NULL, NULL);
}
