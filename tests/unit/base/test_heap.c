/* SPDX-License-Identifier: MIT
 * The allocator over the heap. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/heap.h"

static void test_allocates_and_releases(void **state)
{
    const smtp_allocator *heap = smtp__heap();
    void *memory;
    (void)state;
    if (heap == NULL) {
        skip(); /* built with SMTP_NO_HEAP */
    }
    assert_int_equal(heap->size, sizeof(smtp_allocator));
    memory = heap->allocate(100, heap->user);
    assert_non_null(memory);
    memset(memory, 0xA5, 100);
    heap->release(memory, 100, heap->user);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocates_and_releases),
    };
    return cmocka_run_group_tests_name("base/heap", tests, NULL, NULL);
}
