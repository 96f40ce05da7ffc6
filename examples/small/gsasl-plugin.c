/* SPDX-License-Identifier: MIT
 * A mechanism of GNU SASL as a plug-in: a client and a server inside of one program authenticate
 * with DIGEST-MD5, which the library does not have. The conversation goes to standard output. */
#include <stdio.h>
#include <stdlib.h>

#include <gsasl.h>

#include <smtp/client.h>
#include <smtp/server.h>

#define HOST "server.example"

/* What is kept of an exchange: GNU SASL's session, and what it said last. */
struct exchange {
    Gsasl_session *session;
    char *said;
};

/* GNU SASL asks for what was not set: here the server does, for the password of its one user. */
static int on_property(Gsasl *gsasl, Gsasl_session *session, Gsasl_property wanted)
{
    const char *name = gsasl_property_fast(session, GSASL_AUTHID);

    (void)gsasl;
    if (wanted != GSASL_PASSWORD || name == NULL ||
        !smtp_str_equal(smtp_text(name), smtp_text("ann")))
        return GSASL_NO_CALLBACK;
    gsasl_property_set(session, GSASL_PASSWORD, "tea");
    return GSASL_OK;
}

static void set(Gsasl_session *session, Gsasl_property property, smtp_str value)
{
    if (value.len > 0)
        gsasl_property_set_raw(session, property, value.ptr, value.len);
}

/* The first step begins GNU SASL's side. Returns 0 or an error. */
static int begin(smtp_sasl_turn *turn, Gsasl *gsasl)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    int result;

    if (exchange == NULL)
        return SMTP_ERR_NO_MEMORY;
    turn->exchange = exchange;
    result = turn->config != NULL ? gsasl_server_start(gsasl, "DIGEST-MD5", &exchange->session)
                                  : gsasl_client_start(gsasl, "DIGEST-MD5", &exchange->session);
    if (result != GSASL_OK)
        return SMTP_ERR_UNSUPPORTED;
    gsasl_property_set(exchange->session, GSASL_SERVICE, "smtp");
    gsasl_property_set(exchange->session, GSASL_HOSTNAME, HOST);
    if (turn->config != NULL) {
        set(exchange->session, GSASL_REALM, turn->config->hostname);
    } else {
        set(exchange->session, GSASL_AUTHZID, turn->credentials->authzid);
        set(exchange->session, GSASL_AUTHID, turn->credentials->name);
        set(exchange->session, GSASL_PASSWORD, turn->credentials->password);
    }
    return 0;
}

/* Who has authenticated: nobody acts as somebody else. */
static int name(smtp_sasl_turn *turn, Gsasl_session *session)
{
    smtp_str authzid = smtp_text(gsasl_property_fast(session, GSASL_AUTHZID));

    turn->identity = smtp_text(gsasl_property_fast(session, GSASL_AUTHID));
    return authzid.len == 0 || smtp_str_equal(authzid, turn->identity) ? SMTP_SASL_DONE
                                                                       : SMTP_ERR_AUTH_FAILED;
}

/* A step of either side. */
static int step(smtp_sasl_turn *turn, void *user)
{
    struct exchange *exchange;
    int result = turn->exchange != NULL ? 0 : begin(turn, user);

    if (result != 0)
        return result;
    exchange = turn->exchange;
    gsasl_free(exchange->said);
    exchange->said = NULL;
    result = gsasl_step(exchange->session, turn->message.ptr, turn->message.len, &exchange->said,
                        &turn->out.len);
    if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
        return result == GSASL_MECHANISM_PARSE_ERROR ? SMTP_ERR_AUTH_PROTOCOL
                                                     : SMTP_ERR_AUTH_FAILED;
    turn->out.ptr = exchange->said;
    if (result == GSASL_NEEDS_MORE)
        return SMTP_SASL_MORE;
    turn->proved = 1; /* GNU SASL has looked at what the server said */
    return turn->config != NULL ? name(turn, exchange->session) : SMTP_SASL_DONE;
}

static void end(void *exchange, void *user)
{
    struct exchange *gone = exchange;

    (void)user;
    gsasl_free(gone->said);
    gsasl_finish(gone->session);
    free(gone);
}

static void show(smtp_session *session, const smtp_trace_event *event, void *user)
{
    (void)session;
    (void)user;
    printf("%c: %.*s%s\n", event->client ? 'C' : 'S', (int)event->text.len, event->text.ptr,
           event->kind == SMTP_TRACE_SECRET ? " ..." : "");
}

static int on_credentials(smtp_client *client, const smtp_credentials_event *event, void *user)
{
    (void)client;
    event->credentials->name = smtp_text("ann");
    event->credentials->password = smtp_text(user);
    return SMTP_ACCEPT;
}

static void on_ready(smtp_client *client, const smtp_ready_event *event, void *user)
{
    (void)event;
    (void)user;
    smtp_client_quit(client, 0);
}

/* Carries what one says to the other. Returns how many octets there were. */
static size_t carry(smtp_session *from, smtp_session *to)
{
    smtp_str out;
    size_t used = 0;

    if (smtp_session_output(from, &out, 1) == 0)
        return 0;
    smtp_session_receive(to, out.ptr, out.len, 0, &used);
    smtp_session_sent(from, used, 0);
    return used;
}

/* One conversation. Returns 1 when the server knows the client as ann at its end, else 0, and -1
 * when there was none. */
static int converse(Gsasl *gsasl, char *password)
{
    smtp_sasl_plugin plugin = {.size = sizeof plugin,
                               .name = smtp_text("DIGEST-MD5"),
                               .strength = 35,
                               .mutual = 1,
                               .client_step = step,
                               .server_step = step,
                               .end = end,
                               .user = gsasl};
    smtp_server_config server_config = {.size = sizeof server_config,
                                        .hostname = smtp_text(HOST),
                                        .flags = SMTP_SERVER_AUTH_WITHOUT_TLS,
                                        .sasl = smtp_sasl_suite_all(),
                                        .plugins = &plugin,
                                        .plugin_count = 1};
    smtp_client_config client_config = {.size = sizeof client_config,
                                        .tls = SMTP_TLS_NONE,
                                        .sasl = smtp_sasl_suite_all(),
                                        .plugins = &plugin,
                                        .plugin_count = 1};
    smtp_client_callbacks callbacks = {
        .size = sizeof callbacks, .credentials = on_credentials, .ready = on_ready};
    smtp_server *server = NULL;
    smtp_client *client = NULL;
    int known = -1;

    if (smtp_server_new(&server, &server_config, NULL, NULL, NULL) != 0 ||
        smtp_client_new(&client, &client_config, &callbacks, password, NULL) != 0)
        goto done;
    smtp_session_set_trace(smtp_client_session(client), show, NULL);
    smtp_session_start(smtp_server_session(server), 0);
    smtp_session_start(smtp_client_session(client), 0);
    while (carry(smtp_server_session(server), smtp_client_session(client)) +
               carry(smtp_client_session(client), smtp_server_session(server)) >
           0)
        ;
    known = smtp_str_equal(smtp_server_identity(server), smtp_text("ann"));
done:
    smtp_client_del(client);
    smtp_server_del(server);
    return known;
}

int main(void)
{
    char right[] = "tea";
    char wrong[] = "coffee";
    Gsasl *gsasl;
    int status = EXIT_FAILURE;

    if (gsasl_init(&gsasl) != GSASL_OK)
        return EXIT_FAILURE;
    gsasl_callback_set(gsasl, on_property);
    if (converse(gsasl, right) == 1 && converse(gsasl, wrong) == 0)
        status = EXIT_SUCCESS;
    gsasl_done(gsasl);
    return status;
}
