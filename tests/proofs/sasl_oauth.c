/* SPDX-License-Identifier: MIT
 * OAUTHBEARER and XOAUTH2, both sides.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/sized.c sasl/cram.c sasl/crypto.c sasl/external.c sasl/gs2.c sasl/object.c
 *     sasl/plain.c sasl/plugin.c sasl/sasl.c sasl/scram.c sasl/scram_client.c sasl/scram_server.c
 *     sasl/text.c
 * bound: messages of 0 to 7 octets; lists of pairs of 0 to 8, authorizations of 0 to 9, ports of 0
 *     to 6; names, hosts and tokens of 0 and 1, every port; room for 3 octets and for 60 */
#include "sasl.h"

#define PORT_MAX OAUTH_PORT_MAX
#include "sasl/oauth.c"

static smtp_sasl *exchange(int is_server)
{
    int mechanism = any_of(2) ? SMTP_MECH_OAUTHBEARER : SMTP_MECH_XOAUTH2;
    return exchange_of(mechanism, is_server, any_of(2) ? 3 : 60);
}

static void say(void)
{
    smtp_sasl *sasl = exchange(0);
    sasl->given.client.authzid = text_of((size_t)any_of(2));
    sasl->given.client.name = text_of((size_t)any_of(2));
    sasl->given.client.token = text_of((size_t)any_of(2));
    sasl->given.client.host = text_of((size_t)any_of(2));
    sasl->given.client.port = any_of(2) ? 0 : Frama_C_unsigned_int_interval(1, PORT_MAX);
    play(sasl, any_text(1), 1);
}

static void hear(void)
{
    play(exchange(1), any_text(7), 1);
}

static smtp__cursor cursor_of(block text)
{
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, 0, 0, 0};
    return cursor;
}

static void pairs(void)
{
    block text = any_block(8);
    smtp__cursor cursor = cursor_of(text);
    smtp_str values[PAIRS] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    values[any_of(PAIRS)].ptr = any_of(2) ? text.ptr : NULL;
    (void)take_pairs(&cursor, values);
    /*@ assert text.ptr <= cursor.at <= cursor.end; */
}

static void token(void)
{
    (void)token_of(any_text(9));
}

static void port(void)
{
    block text = any_block(6);
    smtp_str given = {text.ptr, text.len};
    uint32_t out;
    (void)take_port(given, &out);
    /*@ assert \initialized(&out) ==> out <= PORT_MAX; */
}

/* The answer about a token, and what follows a refusal. */
static void answered(void)
{
    smtp_sasl *sasl = exchange(1);
    smtp_sasl_answer answer = any_answer();
    smtp_str out;
    sasl->begun = 1;
    sasl->turn = 1;
    sasl->text.len = (size_t)any_of(3);
    sasl->given.server.oauth_error = text_of((size_t)any_of(2));
    sasl->question.kind = SMTP_SASL_ASK_VERDICT;
    sasl->question.token.ptr = sasl->text.out;
    sasl->question.token.len = sasl->text.len;
    if (smtp_sasl_answered(sasl, &answer, &out) == SMTP_SASL_MORE) {
        (void)smtp_sasl_step(sasl, any_text(1), &out);
    }
}

int main(void)
{
    CALL_ONE_OF(say, hear, pairs, token, port, answered);
    return 0;
}
