/* SPDX-License-Identifier: MIT
 * Message content in and out: one call in every state that a stream can be in, which it leaves for
 * one that it can be in; so any number of calls, whatever the cut.
 * with: data/check.c data/decode.c data/encode.c
 * bound: pieces of 0 to 13 octets; 0 to 4 to room for 0 to 5 */
#include "proof.h"

#include "data/scan.h"

/* All that scan.c promises, and the driver scan.c shows. */
size_t smtp__scan(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    size_t at = Frama_C_size_t_interval(0, length - 1);
    /*@ assert \valid_read(text + (0 .. length - 1)); */
    /*@ split at; */
    *found = any_bits();
    (void)stop;
    return at;
}

enum { DECODER_STATES = 6, ENCODER_STATES = 4 };

static smtp_data_encoder any_encoder(void)
{
    smtp_data_encoder encoder = {any_bits(), (uint32_t)any_of(ENCODER_STATES), any_count(),
                                 (uint32_t)any_of(2), 0};
    return encoder;
}

static void decode(void)
{
    smtp_data_decoder decoder = {any_bits(), (uint32_t)any_of(DECODER_STATES), any_count(),
                                 any_count()};
    smtp_str input = any_text(13);
    smtp_str piece;
    size_t used;
    int result = smtp_data_decode(&decoder, input, &piece, &used);
    /*@ assert 0 <= result <= 2 && used <= input.len; */
    /*@ assert decoder.private_state < DECODER_STATES; */
    /*@ assert piece.len == 0 || \valid_read(piece.ptr + (0 .. piece.len - 1)); */
}

static void encode(void)
{
    smtp_data_encoder encoder = any_encoder();
    smtp_str input = any_text(13);
    smtp_str piece;
    size_t used;
    (void)smtp_data_encode(&encoder, input, &piece, &used);
    /*@ assert used <= input.len; */
    /*@ assert encoder.private_state < ENCODER_STATES; */
    /*@ assert piece.len == 0 || \valid_read(piece.ptr + (0 .. piece.len - 1)); */
}

static void finish(void)
{
    smtp_data_encoder encoder = any_encoder();
    smtp_str piece;
    (void)smtp_data_finish(&encoder, &piece);
    /*@ assert piece.len == 0 || \valid_read(piece.ptr + (0 .. piece.len - 1)); */
}

static void encode_to(void)
{
    smtp_data_encoder encoder = any_encoder();
    smtp_str input = any_text(4);
    block out = any_block(5);
    size_t used, len;
    (void)smtp_data_encode_to(&encoder, input, &used, out.ptr, out.len, &len);
    /*@ assert used <= input.len && len <= out.len; */
    /*@ assert encoder.private_state < ENCODER_STATES; */
}

static void check(void)
{
    smtp_data_checker checker = {any_bits(), (uint32_t)any_of(2)};
    smtp_data_check(&checker, any_text(13));
    /*@ assert checker.private_state < 2; */
}

int main(void)
{
    CALL_ONE_OF(decode, encode, finish, encode_to, check);
    return 0;
}
