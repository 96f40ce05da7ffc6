/* SPDX-License-Identifier: MIT
 * Enhanced status codes, written where there is room. */
#ifndef SMTP_SYNTAX_STATUS_H
#define SMTP_SYNTAX_STATUS_H

#include "smtp/status.h"

#define SMTP__STATUS_MAX 9 /* octets of the longest: "5.999.999" */

/* Writes one that is valid and returns the place behind it. */
char *smtp__put_status(char *at, uint32_t status);

#endif
