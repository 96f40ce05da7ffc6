/* SPDX-License-Identifier: MIT
 * SCRAM, the client's side: one step in every state that the steps before it can leave; keys.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/sized.c sasl/cram.c sasl/crypto.c sasl/external.c sasl/gs2.c sasl/object.c
 *     sasl/oauth.c sasl/plain.c sasl/plugin.c sasl/sasl.c sasl/scram.c sasl/scram_client.c
 *     sasl/scram_server.c sasl/text.c
 * bound: messages of 0 to 8 octets; names of 0 to 2, salts of 0, 1, 64 and 65, any iteration
 *     count; room that is too small and enough
 * options: -eva-slevel-function iterate:100 */
#include "scram.h"

static void say_first(void)
{
    smtp_sasl *sasl = exchange(0, 0, 8, 80);
    sasl->given.client.authzid = text_of((size_t)any_of(2));
    sasl->given.client.name = text_of((size_t)any_of(3));
    sasl->given.client.binding = 1 + any_of(3);
    sasl->given.client.binding_data = text_of((size_t)any_of(2));
    step(sasl, 1);
}

static void say_final(void)
{
    smtp_sasl *sasl = exchange(0, 1, 15, 120);
    sasl->given.client.password = text_of(1);
    step(sasl, 8);
}

static void verify(void)
{
    step(exchange(0, 2, 2, 3), 5);
}

static void keys(void)
{
    static const size_t salts[] = {0, 1, SMTP_SASL_SALT_MAX, SMTP_SASL_SALT_MAX + 1};
    unsigned char stored_key[SMTP_SASL_DIGEST_MAX];
    unsigned char server_key[SMTP_SASL_DIGEST_MAX];
    const smtp_crypto *any_crypto = any_of(2) ? &crypto : NULL;
    int hash = any_of(5);
    smtp_str password = any_text(2);
    smtp_str salt = text_of(salts[any_of(4)]);
    (void)smtp_scram_keys(any_crypto, hash, password, salt, any_bits(), stored_key, server_key);
}

int main(void)
{
    CALL_ONE_OF(say_first, say_final, verify, keys);
    return 0;
}
