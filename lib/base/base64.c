/* SPDX-License-Identifier: MIT
 * Base64 with padding, and strictly back (RFC 4648 4 and 3.5). */
#include "smtp/base.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { SEXTETS = 4, OCTETS = 3 }; /* of a group */

/* The value of a base64 character, or -1. */
static int sextet(char character)
{
    if (character >= 'A' && character <= 'Z') {
        return character - 'A';
    }
    if (character >= 'a' && character <= 'z') {
        return character - 'a' + 26;
    }
    if (character >= '0' && character <= '9') {
        return character - '0' + 52;
    }
    return character == '+' ? 62 : character == '/' ? 63 : -1;
}

/* Writes the base64 form of 1 to 3 octets. */
static void encode_group(char out[SEXTETS], const char *octets, size_t count)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < OCTETS; i++) {
        bits = bits << 8 | (i < count ? (unsigned char)octets[i] : 0u);
    }
    for (size_t i = 0; i < SEXTETS; i++) {
        out[i] = i <= count ? alphabet[bits >> (18 - 6 * i) & 63] : '=';
    }
}

/* Writes the octets of a group whose padding begins behind `count` + 1 characters. */
static int decode_group(char *out, const char *text, size_t count)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < SEXTETS; i++) {
        int value = i <= count ? sextet(text[i]) : 0;
        if (value < 0) {
            return SMTP_ERR_BASE64;
        }
        bits = bits << 6 | (uint32_t)value;
    }
    if (count < OCTETS && (bits & 0xFFFFFFu >> 8 * count) != 0) {
        return SMTP_ERR_BASE64; /* bits that no octet takes: a second spelling of the same octets */
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = (char)(unsigned char)(bits >> (16 - 8 * i) & 0xFF);
    }
    return 0;
}

/* How many octets the last group of a text holds, by its padding. */
static size_t last_group(smtp_str text)
{
    if (text.ptr[text.len - 1] != '=') {
        return OCTETS;
    }
    return text.ptr[text.len - 2] != '=' ? 2 : 1;
}

size_t smtp_base64_length(size_t octets)
{
    size_t groups = octets / OCTETS + (octets % OCTETS != 0);
    return groups > SIZE_MAX / SEXTETS ? SIZE_MAX : groups * SEXTETS;
}

int smtp_base64_encode(char *out, size_t capacity, size_t *len, smtp_str octets)
{
    size_t length = smtp_base64_length(octets.len);
    *len = 0;
    if (length > capacity) {
        return SMTP_ERR_NO_SPACE;
    }
    for (size_t at = 0; at < octets.len; at += OCTETS) {
        size_t left = octets.len - at;
        encode_group(out, octets.ptr + at, left < OCTETS ? left : OCTETS);
        out += SEXTETS;
    }
    *len = length;
    return 0;
}

int smtp_base64_decode(char *out, size_t capacity, size_t *len, smtp_str text)
{
    *len = 0;
    if (text.len == 0) {
        return 0;
    }
    if (text.len % SEXTETS != 0) {
        return SMTP_ERR_BASE64;
    }
    size_t last = last_group(text);
    size_t length = (text.len / SEXTETS - 1) * OCTETS + last;
    if (length > capacity) {
        return SMTP_ERR_NO_SPACE;
    }
    for (size_t at = 0; at < text.len; at += SEXTETS) {
        /* A group is read before its fewer octets are written: `out` may be the text itself. */
        size_t count = at + SEXTETS == text.len ? last : OCTETS;
        int error = decode_group(out, text.ptr + at, count);
        if (error != 0) {
            return error;
        }
        out += count;
    }
    *len = length;
    return 0;
}
