/* SPDX-License-Identifier: MIT
 * Functions in the place of those that another driver looks at. They may do all that the real ones
 * do, as that driver shows, and want what it gives them. */
#ifndef SMTP_PROOFS_PROMISES_H
#define SMTP_PROOFS_PROMISES_H

#include "proof.h"

#ifdef PROMISE_UTF8 /* text.c */
#include "base/utf8.h"

size_t smtp__utf8_step(const char *at, const char *end)
{
    size_t step = any_up_to(4);
    size_t left = (size_t)(end - at);
    return step <= left ? step : 0;
}
#endif

#endif
