/* SPDX-License-Identifier: MIT
 * The table of what each mechanism does, and the beginnings of exchanges. */
#include <string.h>

#include "sasl/crypto.h"
#include "sasl/sasl.h"
#include "syntax/sized.h"

enum {
    STORAGE = 2048, /* smtp_sasl_bytes(): the longest exchange, a SCRAM with all that it can have,
                     * whose identities need no escapes */
    PORT_MAX = 65535
};

/* Mechanisms, traits; what the client does at each message of the server, and the server at each
 * of the client; what it does at the caller's answer. */
static const smtp__sasl_steps table[] = {
    {SMTP_MECH_PLAIN,
     SMTP__SASL_NAME | SMTP__SASL_PASSWORD | SMTP__SASL_AUTHZID,
     {smtp__plain_say, NULL, NULL},
     {smtp__plain_hear, NULL, NULL},
     smtp__sasl_decide},
    {SMTP_MECH_LOGIN,
     SMTP__SASL_NAME | SMTP__SASL_PASSWORD | SMTP__SASL_UNASKED,
     {smtp__login_say_name, smtp__login_say_password, NULL},
     {smtp__login_prompt, smtp__login_hear_name, smtp__login_hear_password},
     smtp__sasl_decide},
    {SMTP_MECH_CRAM_MD5,
     SMTP__SASL_NAME | SMTP__SASL_PASSWORD,
     {smtp__cram_respond, NULL, NULL},
     {smtp__cram_challenge, smtp__cram_hear, NULL},
     smtp__cram_answered},
    {SMTP_MECH_SCRAM_SHA_1 | SMTP_MECH_SCRAM_SHA_1_PLUS | SMTP_MECH_SCRAM_SHA_256 |
         SMTP_MECH_SCRAM_SHA_256_PLUS,
     SMTP__SASL_NAME | SMTP__SASL_PASSWORD | SMTP__SASL_AUTHZID,
     {smtp__scram_say_first, smtp__scram_say_final, smtp__scram_verify},
     {smtp__scram_hear_first, smtp__scram_hear_final, smtp__scram_hear_end},
     smtp__scram_answered},
    {SMTP_MECH_OAUTHBEARER,
     SMTP__SASL_TOKEN | SMTP__SASL_AUTHZID,
     {smtp__oauthbearer_say, smtp__oauth_yield_say, NULL},
     {smtp__oauthbearer_hear, smtp__oauth_yield_hear, NULL},
     smtp__oauth_answered},
    {SMTP_MECH_XOAUTH2,
     SMTP__SASL_NAME | SMTP__SASL_TOKEN | SMTP__SASL_AUTHZID,
     {smtp__xoauth2_say, smtp__xoauth2_yield_say, NULL},
     {smtp__xoauth2_hear, smtp__oauth_yield_hear, NULL},
     smtp__oauth_answered},
    {SMTP_MECH_EXTERNAL,
     SMTP__SASL_AUTHZID,
     {smtp__external_say, NULL, NULL},
     {smtp__external_hear, NULL, NULL},
     smtp__sasl_decide},
    {SMTP_MECH_ANONYMOUS,
     0,
     {smtp__anonymous_say, NULL, NULL},
     {smtp__anonymous_hear, NULL, NULL},
     smtp__anonymous_answered},
};

/* ---- beginnings ---- */

/* An empty exchange in the caller's storage, with what is given to its side. */
static int make(smtp_sasl **out, void *storage, size_t bytes, int is_server, const void *given)
{
    if (out == NULL) {
        return SMTP_ERR_ARGUMENT;
    }
    *out = NULL;
    if (storage == NULL || bytes < STORAGE) {
        return storage == NULL ? SMTP_ERR_ARGUMENT : SMTP_ERR_NO_MEMORY;
    }
    smtp_sasl *sasl = *out = storage;
    size_t known = is_server ? sizeof sasl->given.server : sizeof sasl->given.client;
    memset(sasl, 0, sizeof *sasl);
    sasl->bytes = bytes;
    sasl->text = smtp__writer_start((char *)(sasl + 1), bytes - sizeof *sasl);
    sasl->is_server = (uint8_t)is_server;
    return smtp__sized_take(&sasl->given, known, known, given);
}

/* Looks up a mechanism and what it needs of the cryptography. */
static int find(smtp_sasl *sasl, int mechanism, const smtp_crypto *crypto)
{
    const smtp_mechanism *row;
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        if (row->bit == (uint32_t)mechanism) {
            sasl->mechanism = row;
        }
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].bits & (uint32_t)mechanism) {
            sasl->steps = &table[i];
        }
    }
    if (sasl->mechanism == NULL || sasl->steps == NULL) {
        return SMTP_ERR_UNSUPPORTED;
    }
    sasl->client_first = (uint8_t)sasl->mechanism->client_first;
    if (sasl->mechanism->hash == SMTP_HASH_NONE) {
        return 0;
    }
    sasl->crypto = crypto;
    return smtp__crypto_check(crypto);
}

/* Whether what is given can be said by the mechanism at all. */
static int fits(const smtp_sasl *sasl)
{
    const smtp_credentials *given = &sasl->given.client;
    uint32_t traits = sasl->steps->traits;
    int bound = given->binding > SMTP_BINDING_NONE && given->binding <= SMTP_BINDING_UNIQUE &&
                given->binding_data.len > 0;
    return (!(traits & SMTP__SASL_NAME) || given->name.len > 0) &&
           (!(traits & SMTP__SASL_PASSWORD) || given->password.len > 0) &&
           (!(traits & SMTP__SASL_TOKEN) || given->token.len > 0) &&
           ((traits & SMTP__SASL_AUTHZID) || given->authzid.len == 0 ||
            smtp_str_equal(given->authzid, given->name)) &&
           (!sasl->mechanism->binds || bound);
}

static int check_credentials(const smtp_sasl *sasl)
{
    const smtp_credentials *given = &sasl->given.client;
    size_t name_max =
        sasl->mechanism->bit == SMTP_MECH_ANONYMOUS ? SMTP_SASL_TRACE_MAX : SMTP_SASL_NAME_MAX;
    int right = fits(sasl) && smtp__sasl_optional(given->authzid, SMTP_SASL_NAME_MAX) == 0 &&
                smtp__sasl_optional(given->name, name_max) == 0 &&
                smtp__sasl_optional(given->password, SMTP_SASL_PASSWORD_MAX) == 0 &&
                (given->token.len == 0 || smtp__sasl_visible(given->token)) &&
                (given->host.len == 0 || smtp__sasl_visible(given->host)) &&
                given->port <= PORT_MAX;
    return right ? 0 : SMTP_ERR_ARGUMENT;
}

static int check_config(const smtp_sasl *sasl)
{
    const smtp_sasl_server_config *given = &sasl->given.server;
    smtp_str host = given->hostname;
    int challenges = sasl->mechanism->bit == SMTP_MECH_CRAM_MD5;
    int right =
        (!challenges || (host.len <= SMTP_SASL_NAME_MAX && smtp__sasl_visible(host))) &&
        (given->fake_secret.len == 0 || given->fake_secret.len >= SMTP_SASL_FAKE_SECRET_MIN) &&
        (!sasl->mechanism->binds ||
         given->exporter.len + given->end_point.len + given->unique.len > 0);
    return right ? 0 : SMTP_ERR_ARGUMENT;
}

static int take_plugin(smtp_sasl *sasl, const smtp_sasl_plugin *plugin)
{
    if (plugin == NULL) {
        return SMTP_ERR_ARGUMENT;
    }
    int error = smtp__sized(plugin, plugin->size, sizeof *plugin);
    if (error != 0) {
        return error;
    }
    sasl->plugin = plugin;
    sasl->client_first = plugin->client_first != 0;
    return (sasl->is_server ? plugin->server_step : plugin->client_step) != NULL
               ? 0
               : SMTP_ERR_UNSUPPORTED;
}

/* Takes an exchange back from the caller when something was wrong with it. */
static int judge(smtp_sasl **out, int error)
{
    if (error != 0 && out != NULL && *out != NULL) {
        smtp_wipe(*out, sizeof **out);
        *out = NULL;
    }
    return error;
}

/* ---- the public functions ---- */

size_t smtp_sasl_bytes(void)
{
    return STORAGE;
}

int smtp_sasl_client_init(smtp_sasl **out, void *storage, size_t bytes, int mechanism,
                          const smtp_credentials *credentials, const smtp_crypto *crypto)
{
    int error = make(out, storage, bytes, 0, credentials);
    if (error == 0) {
        error = find(*out, mechanism, crypto);
    }
    if (error == 0) {
        error = check_credentials(*out);
    }
    return judge(out, error);
}

int smtp_sasl_server_init(smtp_sasl **out, void *storage, size_t bytes, int mechanism,
                          const smtp_sasl_server_config *config, const smtp_crypto *crypto)
{
    int error = make(out, storage, bytes, 1, config);
    if (error == 0) {
        error = find(*out, mechanism, crypto);
    }
    if (error == 0) {
        error = check_config(*out);
    }
    return judge(out, error);
}

int smtp_sasl_client_init_plugin(smtp_sasl **out, void *storage, size_t bytes,
                                 const smtp_sasl_plugin *plugin,
                                 const smtp_credentials *credentials)
{
    int error = make(out, storage, bytes, 0, credentials);
    return judge(out, error != 0 ? error : take_plugin(*out, plugin));
}

int smtp_sasl_server_init_plugin(smtp_sasl **out, void *storage, size_t bytes,
                                 const smtp_sasl_plugin *plugin,
                                 const smtp_sasl_server_config *config)
{
    int error = make(out, storage, bytes, 1, config);
    return judge(out, error != 0 ? error : take_plugin(*out, plugin));
}
