/* SPDX-License-Identifier: MIT
 * Enhanced status codes, written where there is room. */
#ifndef SMTP_SYNTAX_STATUS_H
#define SMTP_SYNTAX_STATUS_H

#include "smtp/status.h"

/* How a status is made a number: SMTP_STATUS(). */
enum { SMTP__STATUS_CLASS = 1000000, SMTP__STATUS_SUBJECT = 1000 };

/* The octets of a part, and the part written. */
inline size_t smtp__status_part_octets(uint32_t part)
{
    return (size_t)1 + (part >= 10) + (part >= 100);
}

inline char *smtp__put_status_part(char *at, uint32_t part)
{
    if (part >= 10) {
        if (part >= 100) {
            *at++ = (char)('0' + part / 100);
        }
        *at++ = (char)('0' + part / 10 % 10);
        part %= 10;
    }
    *at++ = (char)('0' + part);
    return at;
}

/* How many octets a valid status has. */
inline size_t smtp__status_octets(uint32_t status)
{
    return 3 + smtp__status_part_octets(status / SMTP__STATUS_SUBJECT % SMTP__STATUS_SUBJECT) +
           smtp__status_part_octets(status % SMTP__STATUS_SUBJECT);
}

/* Writes it and returns the place behind it. */
inline char *smtp__put_status(char *at, uint32_t status)
{
    *at++ = (char)('0' + status / SMTP__STATUS_CLASS);
    *at++ = '.';
    at = smtp__put_status_part(at, status / SMTP__STATUS_SUBJECT % SMTP__STATUS_SUBJECT);
    *at++ = '.';
    return smtp__put_status_part(at, status % SMTP__STATUS_SUBJECT);
}

#endif
