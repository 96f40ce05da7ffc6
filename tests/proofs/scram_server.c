/* SPDX-License-Identifier: MIT
 * SCRAM, the server's side: one step in every state that the steps before it can leave.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/sized.c sasl/cram.c sasl/crypto.c sasl/external.c sasl/gs2.c sasl/object.c
 *     sasl/oauth.c sasl/plain.c sasl/plugin.c sasl/sasl.c sasl/scram.c sasl/scram_client.c
 *     sasl/scram_server.c sasl/text.c
 * bound: messages of 0 to 8 octets; salts of 0, 1 and 65, any iteration count; room that is too
 *     small and enough
 * options: -eva-slevel-function iterate:0 */
#include "scram.h"

static void hear_first(void)
{
    smtp_sasl *sasl = exchange(1, 0, 7, 20);
    sasl->given.server.exporter = text_of((size_t)any_of(2));
    sasl->given.server.plus_offered = (uint32_t)any_of(2);
    step(sasl, 8);
}

static void answered(void)
{
    static const size_t salts[] = {0, 1, SMTP_SASL_SALT_MAX + 1};
    smtp_sasl *sasl = exchange(1, 1, 40, 200);
    smtp_sasl_answer answer = {.size = sizeof answer, .verdict = any_of(2)};
    smtp_str out;
    answer.iterations = any_bits();
    answer.password = text_of(sasl->mechanism->binds ? 0 : 1);
    sasl->nonce.len = 1;
    sasl->question.kind = SMTP_SASL_ASK_KEYS;
    sasl->question.name.ptr = sasl->text.out;
    sasl->question.name.len = 1;
    sasl->given.server.fake_secret = text_of(sasl->mechanism->binds ? 0 : 16);
    sasl->given.server.fake_iterations = any_bits();
    answer.salt = text_of(salts[any_of(3)]);
    answer.stored_key = text_of(answer.salt.len == 1 ? 20 : 32);
    answer.server_key = answer.stored_key;
    (void)smtp_sasl_answered(sasl, &answer, &out);
}

static void hear_final(void)
{
    smtp_sasl *sasl = exchange(1, 1, 8, 120);
    sasl->turn = 1;
    sasl->known = (uint8_t)any_of(2);
    step(sasl, 8);
}

static void hear_end(void)
{
    step(exchange(1, 2, 2, 3), 1);
}

int main(void)
{
    CALL_ONE_OF(hear_first, answered, hear_final, hear_end);
    return 0;
}
