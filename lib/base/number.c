/* SPDX-License-Identifier: MIT
 * Decimal numbers: no sign, no space, no other base, checked against overflow. */
#include "base/number.h"

#include <string.h>

#include "base/ctype.h"

int smtp__decimal(smtp_str text, size_t max_digits, uint64_t *out)
{
    uint64_t number = 0;
    int too_large = text.len > max_digits;
    if (text.len == 0) {
        return SMTP_ERR_NUMBER;
    }
    /* To the end in any case: digits that are too many are another error than no number. */
    for (size_t i = 0; i < text.len; i++) {
        unsigned char octet = (unsigned char)text.ptr[i];
        if (!smtp__is(octet, SMTP__DIGIT)) {
            return SMTP_ERR_NUMBER;
        }
        uint64_t digit = (uint64_t)octet - '0';
        if (number > UINT64_MAX / 10 || number * 10 + digit < digit) {
            too_large = 1;
        } else {
            number = number * 10 + digit;
        }
    }
    if (too_large) {
        return SMTP_ERR_NUMBER_TOO_LARGE;
    }
    *out = number;
    return 0;
}

size_t smtp__decimal_write(char out[SMTP__DECIMAL_MAX], uint64_t number)
{
    char digits[SMTP__DECIMAL_MAX]; /* filled from the end */
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    memcpy(out, digits + first, sizeof digits - first);
    return sizeof digits - first;
}
