/* SPDX-License-Identifier: MIT
 * What the library says with a code. */
#ifndef SMTP_SYNTAX_REPLY_CODE_H
#define SMTP_SYNTAX_REPLY_CODE_H

#include "smtp/base.h"

/* smtp_reply_text() and smtp_reply_status() in one. */
smtp_str smtp__reply_usual(int code, int verb, uint32_t *status);

#endif
