/* SPDX-License-Identifier: MIT
 * PLAIN, LOGIN, EXTERNAL, ANONYMOUS and CRAM-MD5, both sides, from the first step to the end.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/mechanism.c
 *     syntax/sized.c sasl/cram.c sasl/crypto.c sasl/external.c sasl/gs2.c sasl/object.c
 *     sasl/oauth.c sasl/plain.c sasl/plugin.c sasl/sasl.c sasl/scram.c sasl/scram_client.c
 *     sasl/scram_server.c sasl/text.c
 * bound: messages of 0 to 5 octets, in CRAM-MD5 of 0 and 1 and of 32 to 35; names and passwords of
 *     0 and 1; room for 3 octets and for 60; any digests */
#include "sasl.h"

static size_t any_room(void)
{
    return any_of(2) ? 3 : 60;
}

static smtp_sasl *client(int mechanism)
{
    smtp_sasl *sasl = exchange_of(mechanism, 0, any_room());
    sasl->given.client.authzid = text_of((size_t)any_of(2));
    sasl->given.client.name = text_of((size_t)any_of(2));
    sasl->given.client.password = text_of((size_t)any_of(2));
    return sasl;
}

static void say(void)
{
    static const int mechanisms[] = {SMTP_MECH_PLAIN, SMTP_MECH_LOGIN, SMTP_MECH_EXTERNAL,
                                     SMTP_MECH_ANONYMOUS, SMTP_MECH_CRAM_MD5};
    play(client(mechanisms[any_of(5)]), any_text(1), 1);
}

static void hear_plain(void)
{
    play(exchange_of(SMTP_MECH_PLAIN, 1, any_room()), any_text(5), 1);
}

static void hear_login(void)
{
    play(exchange_of(SMTP_MECH_LOGIN, 1, any_room()), any_text(1), 2);
}

static void hear_external(void)
{
    smtp_sasl *sasl = exchange_of(SMTP_MECH_EXTERNAL, 1, any_room());
    sasl->given.server.external = text_of((size_t)any_of(2));
    play(sasl, any_text(4), 1);
}

static void hear_anonymous(void)
{
    play(exchange_of(SMTP_MECH_ANONYMOUS, 1, any_room()), any_text(4), 1);
}

static void challenge(void)
{
    smtp_sasl *sasl = exchange_of(SMTP_MECH_CRAM_MD5, 1, any_room());
    smtp_str out;
    sasl->given.server.hostname = text_of((size_t)any_of(2));
    play(sasl, any_text(1), 0);
}

/* The answer to a challenge that has been sent. */
static void hear_cram(void)
{
    smtp_sasl *sasl = exchange_of(SMTP_MECH_CRAM_MD5, 1, any_room());
    block message = any_block_of(32, 35);
    smtp_str text = {message.ptr, message.len};
    sasl->begun = 1;
    sasl->turn = 1;
    sasl->text.len = (size_t)any_of(3);
    play(sasl, text, 0);
}

int main(void)
{
    CALL_ONE_OF(say, hear_plain, hear_login, hear_external, hear_anonymous, challenge, hear_cram);
    return 0;
}
