/* SPDX-License-Identifier: MIT
 * A writer into a caller's buffer. All formatters use it, so that none checks the room itself. */
#ifndef SMTP_BASE_WRITER_H
#define SMTP_BASE_WRITER_H

#include <string.h>

#include "smtp/base.h"

typedef struct smtp__writer {
    char *out;
    size_t capacity;
    size_t len;
    int failed; /* 1 once something did not fit: nothing is written after that */
} smtp__writer;

/* A writer at the start of out[0..capacity). */
inline smtp__writer smtp__writer_start(char *out, size_t capacity)
{
    smtp__writer writer = {out, capacity, 0, 0};
    return writer;
}

void smtp__put(smtp__writer *writer, char octet);

/* Copies a few octets: for a length that is no constant memcpy is a call, and a choice by length.
 */
inline void smtp__copy_few(char *to, const char *from, size_t length)
{
    if (length >= 8) {
        for (size_t i = 8; i < length; i += 8) {
            memcpy(to + i - 8, from + i - 8, 8);
        }
        memcpy(to + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, from, 4);
        memcpy(to + length - 4, from + length - 4, 4);
    } else if (length > 0) {
        to[0] = from[0];
        to[length / 2] = from[length / 2];
        to[length - 1] = from[length - 1];
    }
}

inline void smtp__put_str(smtp__writer *writer, smtp_str str)
{
    if (writer->failed || str.len > writer->capacity - writer->len) {
        writer->failed = 1;
        return;
    }
    if (str.len > 0) { /* an absent slice may be put into nothing */
        smtp__copy_few(writer->out + writer->len, str.ptr, str.len);
        writer->len += str.len;
    }
}

void smtp__put_text(smtp__writer *writer, const char *text);
void smtp__put_number(smtp__writer *writer, uint64_t number);

/* Gives the length in *len and returns 0, or 0 in it and NO_SPACE when not all fitted. */
inline int smtp__writer_finish(const smtp__writer *writer, size_t *len)
{
    *len = writer->failed ? 0 : writer->len;
    return writer->failed ? SMTP_ERR_NO_SPACE : 0;
}

#endif
