/* SPDX-License-Identifier: MIT
 * Messages of the peer in the form that they should have, with any octets in some places, whole or
 * without their end.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/sized.c sasl/cram.c sasl/crypto.c sasl/external.c sasl/gs2.c sasl/object.c
 *     sasl/oauth.c sasl/plain.c sasl/plugin.c sasl/sasl.c sasl/scram.c sasl/scram_client.c
 *     sasl/scram_server.c sasl/text.c
 * bound: the forms below, where each ? is any octet, whole and without the last one or two
 * contents: kept */
#include "sasl.h"

typedef struct form {
    int mechanism;
    const char *text;
} form;

static const form forms[] = {
    {SMTP_MECH_PLAIN, "a?b?c"},
    {SMTP_MECH_XOAUTH2, "user=u\1auth=Bearer ?\1\1"},
    {SMTP_MECH_SCRAM_SHA_256, "n,a=x=3D,n=?=2C,r=?,x=y"},
    {SMTP_MECH_SCRAM_SHA_1_PLUS, "p=tls-unique,n=?,r=?"},
};

static void hear(void)
{
    const form *given = &forms[any_of((int)(sizeof forms / sizeof forms[0]))];
    smtp_sasl *sasl = exchange_of(given->mechanism, 1, 200);
    sasl->given.server.unique = text_of(1);
    smtp_sasl_answer answer = {.size = sizeof answer, .verdict = SMTP_SASL_ACCEPTED};
    smtp_str out;
    answer.password = text_of(1);
    answer.identity = text_of((size_t)any_of(2));
    if (smtp_sasl_step(sasl, any_of_form(given->text), &out) == SMTP_SASL_ASK) {
        (void)smtp_sasl_answered(sasl, &answer, &out);
    }
}

/* The server's challenge, and its last word. */
static void say(void)
{
    smtp_sasl *sasl = exchange_of(SMTP_MECH_SCRAM_SHA_1, 0, 200);
    smtp_str out;
    sasl->given.client.name = text_of(1);
    sasl->given.client.password = text_of(1);
    sasl->begun = 1;
    sasl->turn = 1;
    sasl->text.len = 3;
    sasl->header_length = 1;
    sasl->nonce.ptr = sasl->text.out;
    sasl->nonce.len = 1;
    if (smtp_sasl_step(sasl, any_of_form("r=?b,s=eA==,i=4?96,x=y"), &out) == SMTP_SASL_MORE) {
        (void)smtp_sasl_step(sasl, any_of_form("?=eA=="), &out);
    }
}

/* The client's proof. */
static void hear_final(void)
{
    smtp_sasl *sasl = exchange_of(SMTP_MECH_SCRAM_SHA_1, 1, 200);
    smtp_str out;
    sasl->begun = 1;
    sasl->turn = 1;
    sasl->known = 1;
    sasl->text.len = 6;
    sasl->header_length = 3;
    sasl->nonce.ptr = sasl->text.out + 3;
    sasl->nonce.len = 3;
    if (smtp_sasl_step(sasl, any_of_form("c=biws,r=?bc,p=v0?8"), &out) == SMTP_SASL_MORE) {
        (void)smtp_sasl_step(sasl, any_text(1), &out);
    }
}

int main(void)
{
    CALL_ONE_OF(hear, say, hear_final);
    return 0;
}
