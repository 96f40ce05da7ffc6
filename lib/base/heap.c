/* SPDX-License-Identifier: MIT
 * The only file that names malloc; built with SMTP_NO_HEAP it does not. */
#include "base/heap.h"

#ifdef SMTP_NO_HEAP

const smtp_allocator *smtp__heap(void)
{
    return NULL;
}

#else

#include <stdlib.h>

static void *allocate(size_t bytes, void *user)
{
    (void)user;
    return malloc(bytes);
}

static void release(void *memory, size_t bytes, void *user)
{
    (void)bytes;
    (void)user;
    free(memory);
}

static const smtp_allocator heap = {sizeof(smtp_allocator), allocate, release, NULL};

const smtp_allocator *smtp__heap(void)
{
    return &heap;
}

#endif
