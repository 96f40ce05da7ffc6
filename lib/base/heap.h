/* SPDX-License-Identifier: MIT
 * The allocator that is used where the caller gives none. */
#ifndef SMTP_BASE_HEAP_H
#define SMTP_BASE_HEAP_H

#include "smtp/base.h"

/* The allocator over malloc and free, or NULL in a library that is built with SMTP_NO_HEAP. */
const smtp_allocator *smtp__heap(void);

#endif
