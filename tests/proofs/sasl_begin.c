/* SPDX-License-Identifier: MIT
 * The beginnings of exchanges, with what every caller may give; mechanisms of the caller's own; the
 * list of mechanisms of a session.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/sized.c sasl/cram.c sasl/crypto.c sasl/external.c sasl/gs2.c sasl/object.c
 *     sasl/oauth.c sasl/plain.c sasl/plugin.c sasl/sasl.c sasl/scram.c sasl/scram_client.c
 *     sasl/scram_server.c sasl/suite.c sasl/text.c
 * bound: a mechanism of each kind; slices of 0 to 2 octets; two plug-ins with names of 0 to 3
 *     octets, lists of names of 0 to 6 */
#include "sasl.h"

#include "sasl/roster.c"

static uint64_t storage[STORAGE / sizeof(uint64_t)];

static int any_mechanism(void)
{
    static const int mechanisms[] = {SMTP_MECH_PLAIN,       SMTP_MECH_CRAM_MD5,
                                     SMTP_MECH_ANONYMOUS,   SMTP_MECH_SCRAM_SHA_256_PLUS,
                                     SMTP_MECH_OAUTHBEARER, 0};
    return mechanisms[any_of(6)];
}

/* What is wrong with what is given: nothing, or one thing. */
enum { RIGHT, ABSENT, TOO_SMALL, NO_CRYPTO, NO_STORAGE, WRONG };

static smtp_credentials any_credentials(void)
{
    smtp_credentials made;
    ANY(made);
    made.size = sizeof made;
    made.authzid = some_text(2);
    made.name = some_text(2);
    made.password = some_text(2);
    made.token = some_text(2);
    made.host = some_text(2);
    made.binding_data = some_text(2);
    return made;
}

static smtp_sasl_server_config any_config(void)
{
    smtp_sasl_server_config made;
    ANY(made);
    made.size = sizeof made;
    made.hostname = some_text(2);
    made.external = some_text(2);
    made.oauth_error = some_text(2);
    made.fake_secret = some_text(20);
    made.exporter = some_text(2);
    made.end_point = some_text(2);
    made.unique = some_text(2);
    return made;
}

static void client(void)
{
    smtp_sasl *sasl;
    smtp_credentials given = any_credentials();
    const smtp_sasl_suite *suite = smtp_sasl_suite_all();
    int wrong = any_of(WRONG);
    given.size -= wrong == TOO_SMALL;
    (void)suite->client_init(&sasl, storage, wrong == NO_STORAGE ? 1 : sizeof storage,
                             any_mechanism(), wrong == ABSENT ? NULL : &given,
                             wrong == NO_CRYPTO ? NULL : &crypto);
}

static void server(void)
{
    smtp_sasl *sasl;
    smtp_sasl_server_config given = any_config();
    int wrong = any_of(WRONG);
    given.size -= wrong == TOO_SMALL;
    (void)smtp_sasl_server_init(&sasl, storage, wrong == NO_STORAGE ? 1 : sizeof storage,
                                any_mechanism(), wrong == ABSENT ? NULL : &given,
                                wrong == NO_CRYPTO ? NULL : &crypto);
}

/* ---- mechanisms of the caller's own ---- */

static int any_step(smtp_sasl_turn *turn, void *user)
{
    static char state;
    smtp_str some = {&state, (size_t)any_of(2)};
    (void)user;
    turn->exchange = some.len > 0 ? &state : NULL;
    turn->out = some;
    turn->identity.ptr = &state;
    turn->identity.len = (size_t)any_of(2);
    turn->proved = any_int();
    return any_of(4) - 1;
}

static void any_end(void *exchange, void *user)
{
    /*@ assert exchange != \null; */
    (void)exchange;
    (void)user;
}

static smtp_sasl_plugin any_plugin(void)
{
    smtp_sasl_plugin made = {any_of(2) ? sizeof made : 1,
                             any_text(3),
                             any_bits(),
                             any_bits(),
                             any_bits(),
                             any_bits(),
                             any_step,
                             any_step,
                             any_end,
                             NULL};
    if (any_of(2)) {
        made.client_step = NULL;
        made.server_step = NULL;
        made.end = NULL;
    }
    return made;
}

static void plugin(void)
{
    static const smtp_credentials credentials = {.size = sizeof credentials};
    static const smtp_sasl_server_config config = {.size = sizeof config};
    smtp_sasl_plugin made = {sizeof made, {NULL, 0}, 0,        0,       any_bits(),
                             any_bits(),  any_step,  any_step, any_end, NULL};
    smtp_sasl *sasl;
    size_t bytes = any_of(2) ? sizeof storage : 0;
    int error = any_of(2) ? smtp_sasl_client_init_plugin(&sasl, storage, bytes, &made, &credentials)
                          : smtp_sasl_server_init_plugin(&sasl, storage, bytes, &made, &config);
    for (int i = 0; i < 3 && error >= 0 && error != SMTP_SASL_DONE; i++) {
        static const smtp_str messages[] = {{NULL, 0}, SMTP__STR(""), SMTP__STR("x")};
        smtp_str out;
        error = smtp_sasl_step(sasl, messages[any_of(3)], &out);
    }
    if (bytes > 0) {
        (void)smtp_sasl_identity(sasl);
        smtp_sasl_end(sasl);
    }
}

static void begin_plugin(void)
{
    static const smtp_credentials credentials = {.size = sizeof credentials};
    static const smtp_sasl_server_config config = {.size = sizeof config};
    smtp_sasl_plugin made = any_plugin();
    const smtp_sasl_plugin *given = any_of(2) ? &made : NULL;
    smtp_sasl *sasl;
    if (any_of(2)) {
        (void)smtp_sasl_client_init_plugin(&sasl, storage, sizeof storage, given,
                                           any_of(2) ? &credentials : NULL);
    } else {
        (void)smtp_sasl_server_init_plugin(&sasl, storage, sizeof storage, given,
                                           any_of(2) ? &config : NULL);
    }
}

/* ---- the list of mechanisms ---- */

static void check_roster(void)
{
    smtp_sasl_plugin plugins[2] = {any_plugin(), {.size = sizeof plugins[0]}};
    plugins[1].name = any_text(2);
    smtp__roster roster = {any_of(2) ? plugins : NULL, 2};
    if (any_of(2)) {
        roster.count = any_up_to(SIZE_MAX - SMTP_SASL_PLUGINS_MAX - 1) + SMTP_SASL_PLUGINS_MAX + 1;
    }
    (void)smtp__roster_check(roster);
}

static void use_roster(void)
{
    static const smtp_str names[] = {SMTP__STR("PLAIN"), SMTP__STR("X-PLUS")};
    smtp_sasl_plugin plugins[2] = {{.name = names[any_of(2)]}, {.name = names[any_of(2)]}};
    smtp__roster roster = {plugins, any_up_to(2)};
    /*@ split roster.count; */
    switch (any_of(4)) {
    case 0:
        (void)smtp__roster_bits(roster, any_text(6));
        break;
    case 1:
        (void)smtp__roster_binds(roster, any_bits());
        break;
    case 2:
        (void)smtp__roster_plugin(roster, any_bits());
        break;
    default:
        (void)smtp__roster_plugins(roster);
    }
}

/* Functions that take anything for an exchange. */
static void without_exchange(void)
{
    static const smtp_sasl_answer answer = {.size = sizeof answer};
    smtp_sasl *sasl = exchange_of(SMTP_MECH_PLAIN, 1, 1);
    smtp_str out;
    sasl->over = 1;
    (void)smtp_sasl_bytes();
    (void)smtp_sasl_step(NULL, any_text(1), &out);
    (void)smtp_sasl_step(sasl, any_text(1), &out);
    (void)smtp_sasl_answered(NULL, &answer, &out);
    (void)smtp_sasl_answered(sasl, &answer, &out);
    (void)smtp_sasl_asked(NULL);
    (void)smtp_sasl_identity(NULL);
    (void)smtp_sasl_server_proved(NULL);
    smtp_sasl_end(NULL);
}

int main(void)
{
    CALL_ONE_OF(client, server, plugin, begin_plugin, check_roster, use_roster, without_exchange);
    return 0;
}
