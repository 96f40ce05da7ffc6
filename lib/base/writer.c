/* SPDX-License-Identifier: MIT
 * The bounded writer of the formatters. */
#include "base/writer.h"

#include "base/number.h"

void smtp__put(smtp__writer *writer, char octet)
{
    if (writer->failed || writer->len == writer->capacity) {
        writer->failed = 1;
        return;
    }
    writer->out[writer->len++] = octet;
}

void smtp__put_text(smtp__writer *writer, const char *text)
{
    smtp__put_str(writer, smtp_text(text));
}

void smtp__put_number(smtp__writer *writer, uint64_t number)
{
    if (number < 10) { /* as most parts of status codes are */
        smtp__put(writer, (char)('0' + number));
        return;
    }
    char digits[SMTP__DECIMAL_MAX];
    smtp_str str = {digits, smtp__decimal_write(digits, number)};
    smtp__put_str(writer, str);
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline void smtp__copy_few(char *to, const char *from, size_t length);
extern inline void smtp__put_str(smtp__writer *writer, smtp_str str);
extern inline smtp__writer smtp__writer_start(char *out, size_t capacity);
extern inline int smtp__writer_finish(const smtp__writer *writer, size_t *len);
