/* SPDX-License-Identifier: MIT
 * Base64, xtext and UTF-8: round trips, and each against a simple reading of its RFC. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void try_base64(smtp_str octets)
{
    size_t room = smtp_base64_length(octets.len);
    char *out = malloc(room + 1);
    char *back = malloc(octets.len + 1);
    smtp_str encoded = {out, 0};
    smtp_str decoded = {back, 0};

    CHECK(out != NULL && back != NULL);
    CHECK(smtp_base64_encode(out, room, &encoded.len, octets) == SMTP_ERR_OK);
    CHECK(encoded.len == room && room % 4 == 0);
    CHECK(smtp_base64_decode(back, octets.len, &decoded.len, encoded) == SMTP_ERR_OK);
    CHECK(smtp_str_equal(octets, decoded));
    CHECK(smtp_secret_equal(octets, decoded));
    CHECK(smtp_base64_decode(out, room, &decoded.len, encoded) == SMTP_ERR_OK); /* in place */
    decoded.ptr = out;
    CHECK(smtp_str_equal(octets, decoded));
    free(out);
    free(back);
}

/* Text that is base64 is the only text of its octets. */
static void try_base64_text(smtp_str words)
{
    char *out = malloc(words.len + 1);
    char *again = malloc(words.len + 8);
    smtp_str octets = {out, 0};
    smtp_str encoded = {again, 0};
    int error;

    CHECK(out != NULL && again != NULL);
    error = smtp_base64_decode(out, words.len, &octets.len, words);
    CHECK(error == SMTP_ERR_OK || error == SMTP_ERR_BASE64);
    if (error == SMTP_ERR_OK) {
        CHECK(smtp_base64_encode(again, words.len, &encoded.len, octets) == SMTP_ERR_OK);
        CHECK(smtp_str_equal(words, encoded));
    }
    free(out);
    free(again);
}

static void try_xtext(smtp_str octets)
{
    char *out = malloc(3 * octets.len + 1);
    char *back = malloc(octets.len + 1);
    smtp_str encoded = {out, 0};
    smtp_str decoded = {back, 0};
    int error;
    size_t i;

    CHECK(out != NULL && back != NULL);
    CHECK(smtp_xtext_encode(out, 3 * octets.len, &encoded.len, octets) == SMTP_ERR_OK);
    for (i = 0; i < encoded.len; i++)
        CHECK(out[i] > ' ' && out[i] < 0x7f && out[i] != '=');
    error = smtp_xtext_decode(back, octets.len, &decoded.len, encoded);
    CHECK(error == (is_free_of_controls(octets) ? SMTP_ERR_OK : SMTP_ERR_CONTROL));
    if (error == SMTP_ERR_OK)
        CHECK(smtp_str_equal(octets, decoded));
    free(out);
    free(back);
}

static void try_xtext_text(smtp_str words)
{
    char *copy = exact(words);
    char *again = malloc(3 * words.len + 1);
    smtp_str octets = {copy, 0};
    smtp_str encoded = {again, 0};
    char *back = malloc(words.len + 1);
    smtp_str decoded = {back, 0};
    int error;

    CHECK(again != NULL && back != NULL);
    error = smtp_xtext_decode(copy, words.len, &octets.len, part(words, 0, words.len));
    CHECK(error == SMTP_ERR_OK || error == SMTP_ERR_XTEXT || error == SMTP_ERR_CONTROL);
    if (error == SMTP_ERR_OK) {
        CHECK(smtp_xtext_encode(again, 3 * words.len, &encoded.len, octets) == SMTP_ERR_OK);
        CHECK(smtp_xtext_decode(back, words.len, &decoded.len, encoded) == SMTP_ERR_OK);
        CHECK(smtp_str_equal(octets, decoded));
    }
    free(copy);
    free(again);
    free(back);
}

/* The length of the character at `at`, by the definition of RFC 3629 3; 0: there is none. */
static size_t character(const unsigned char *at, size_t left)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value = at[0];
    size_t len = value < 0x80 ? 1u : value >> 5 == 6 ? 2u : value >> 4 == 14 ? 3u : 4u;
    size_t i;

    if (len == 1)
        return 1;
    if (value < 0xc0 || value > 0xf7 || len > left)
        return 0;
    value &= 0x7fu >> len;
    for (i = 1; i < len; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    return value < least[len] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0 : len;
}

static void try_utf8(smtp_str words)
{
    const unsigned char *octets = (const unsigned char *)words.ptr;
    size_t offset = 0;
    size_t at = 0;
    size_t len = 1;

    while (at < words.len && len > 0) {
        len = character(octets + at, words.len - at);
        at += len;
    }
    CHECK(smtp_utf8_valid(words, &offset) == (len > 0));
    if (len == 0)
        CHECK(offset == at);
}

static void try_equality(smtp_str words)
{
    size_t half = words.len / 2;
    smtp_str a = part(words, 0, half);
    smtp_str b = part(words, words.len - half, half);
    int same = half == 0 || memcmp(a.ptr, b.ptr, half) == 0;

    CHECK(smtp_str_equal(a, b) == same);
    CHECK(smtp_secret_equal(a, b) == same);
    CHECK(!same || smtp_str_equal_nocase(a, b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    smtp_str whole = {(const char *)data, 0};
    smtp_str words = whole;
    char *block;

    whole.len = size;
    block = exact(whole);
    words.ptr = block;
    words.len = size;
    try_base64(words);
    try_base64_text(words);
    try_xtext(words);
    try_xtext_text(words);
    try_utf8(words);
    try_equality(words);
    free(block);
    return 0;
}
