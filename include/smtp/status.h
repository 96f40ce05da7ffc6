/* SPDX-License-Identifier: MIT
 * Reply codes and enhanced status codes: their registries, and the enhanced code as one number. */
#ifndef SMTP_STATUS_H
#define SMTP_STATUS_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An enhanced status code (RFC 3463) as one number; 0 is none. smtp_status() is the same as a
 * function. */
#define SMTP_STATUS(klass, subject, detail)                                                        \
    ((uint32_t)(klass)*1000000u + (uint32_t)(subject)*1000u + (uint32_t)(detail))

/* Class 2, 4 or 5, subject and detail 0 to 999; 0 when one is out of range. Inside a callback: yes.
 */
SMTP_API uint32_t smtp_status(int klass, int subject, int detail);

/* Reads an enhanced status code at the start of `text` and gives its length in *used (RFC 2034 4,
 * RFC 3463 2): no leading zeros, at most three digits a part, followed by a space or the end. When
 * reply_code is not 0 the classes must agree. Returns 0 or STATUS. Inside a callback: yes. */
SMTP_API int smtp_status_parse(uint32_t *status, smtp_str text, int reply_code, size_t *used);

/* Writes "5.7.1". Returns 0, ARGUMENT or NO_SPACE; 11 octets are enough. Inside a callback: yes. */
SMTP_API int smtp_status_format(char *out, size_t capacity, size_t *len, uint32_t status);

/* The registered meaning of an enhanced status code in a few words, whatever its class; that of its
 * subject for a detail that is not registered, and that of its class for such a subject (RFC 3463
 * 2). An empty slice when it is no such code. Inside a callback: yes. */
SMTP_API smtp_str smtp_status_text(uint32_t status);

/* The usual text of a reply code ("Requested mail action okay" is not repeated from the RFCs; the
 * words are short and the library's own), or an empty slice when the code is not registered. Inside
 * a callback: yes. */
SMTP_API smtp_str smtp_reply_text(int code);

/* The enhanced status code that goes with a reply code in answer to a verb (SMTP_VERB_, 0 for any):
 * 550 to RCPT gives 5.1.1, 550 to MAIL 5.7.1. Always of the code's class; 0 for codes of 3yz, for
 * numbers that are not codes, and in answer to CONNECT, HELO, EHLO and LHLO, where there is none
 * (RFC 2034 4). Inside a callback: yes. */
SMTP_API uint32_t smtp_reply_status(int code, int verb);

/* 1 when the registry says that this code may answer this verb (RFC 5321 4.3.2 and the extensions'
 * RFCs). Inside a callback: yes. */
SMTP_API int smtp_reply_allowed(int code, int verb);

#ifdef __cplusplus
}
#endif
#endif
