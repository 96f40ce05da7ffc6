/* SPDX-License-Identifier: MIT
 * What the drivers of mechanisms share: exchanges in storage of any size, and a caller who answers
 * anything, with cryptography that gives anything or fails. */
#ifndef SMTP_PROOFS_SASL_H
#define SMTP_PROOFS_SASL_H

#define PROMISE_SECRET
#define PROMISE_UTF8_VALID
#define PROMISE_BASE64
#include "promises.h"

#include "sasl/begin.c"

/* A text of some length up to the capacity, all lengths at once. */
static inline smtp_str some_text(size_t capacity)
{
    block made = any_block_of(capacity, capacity);
    smtp_str text = {made.ptr, any_up_to(capacity)};
    return text;
}

static inline smtp_str text_of(size_t len)
{
    block made = any_block_of(len, len);
    smtp_str text = {made.ptr, made.len};
    return text;
}

static int any_hash(int hash, smtp_str data, unsigned char *out, void *user)
{
    /*@ assert data.ptr != \null && \valid_read(data.ptr + (0 .. data.len - 1)); */
    (void)data;
    (void)user;
    Frama_C_make_unknown((char *)out, smtp__digest_length(hash));
    return any_of(2);
}

static int any_hmac(int hash, smtp_str key, smtp_str data, unsigned char *out, void *user)
{
    /*@ assert key.ptr != \null && \valid_read(key.ptr + (0 .. key.len - 1)); */
    (void)key;
    return any_hash(hash, data, out, user);
}

static int any_pbkdf2(int hash, smtp_str password, smtp_str salt, uint32_t iterations,
                      unsigned char *out, void *user)
{
    (void)iterations;
    return any_hmac(hash, password, salt, out, user);
}

static int any_random(unsigned char *out, size_t len, void *user)
{
    (void)user;
    Frama_C_make_unknown((char *)out, len);
    return any_of(2);
}

static const smtp_crypto with_pbkdf2 = {sizeof with_pbkdf2, any_hash,   any_hmac,
                                        any_pbkdf2,         any_random, NULL};
static const smtp_crypto crypto = {sizeof crypto, any_hash, any_hmac, NULL, any_random, NULL};

/* An exchange that has not begun, with room for so many octets of text. */
static inline smtp_sasl *exchange_of(int mechanism, int is_server, size_t room)
{
    size_t bytes = sizeof(smtp_sasl) + room;
    smtp_sasl *sasl = malloc(bytes);
    memset(sasl, 0, bytes);
    sasl->bytes = bytes;
    sasl->is_server = (uint8_t)is_server;
    sasl->text = smtp__writer_start((char *)(sasl + 1), room);
    (void)find(sasl, mechanism, &with_pbkdf2);
    return sasl;
}

static inline smtp_sasl_answer any_answer(void)
{
    smtp_sasl_answer answer = {sizeof answer, any_of(4) - 1, any_bits(), {NULL, 0},
                               {NULL, 0},     {NULL, 0},     {NULL, 0},  {NULL, 0}};
    answer.password = text_of((size_t)any_of(2));
    answer.identity = text_of((size_t)any_of(2));
    return answer;
}

/* Takes an exchange to its end, with a first message of the peer and others. */
static inline void play(smtp_sasl *sasl, smtp_str first, size_t longest)
{
    smtp_str out;
    int result = smtp_sasl_step(sasl, first, &out);
    for (int i = 0; i < 4 && result >= 0 && result != SMTP_SASL_DONE; i++) {
        /*@ assert \valid_read(out.ptr + (0 .. out.len - 1)); */
        if (result == SMTP_SASL_ASK) {
            smtp_sasl_answer answer = any_answer();
            result = smtp_sasl_answered(sasl, &answer, &out);
        } else {
            result = smtp_sasl_step(sasl, any_text(longest), &out);
        }
    }
    (void)smtp_sasl_asked(sasl);
    (void)smtp_sasl_identity(sasl);
    (void)smtp_sasl_server_proved(sasl);
    smtp_sasl_end(sasl);
}

#endif
