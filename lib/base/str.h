/* SPDX-License-Identifier: MIT
 * Slices that are known when the library is built. */
#ifndef SMTP_BASE_STR_H
#define SMTP_BASE_STR_H

#include "smtp/base.h"

/* A slice over a literal: in a table, and anywhere else. */
#define SMTP__STR(literal)                                                                         \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }
#define SMTP__LITERAL(literal) ((smtp_str)SMTP__STR(literal))

/* The absent slice. */
#define SMTP__NO_STR ((smtp_str){NULL, 0})

#endif
