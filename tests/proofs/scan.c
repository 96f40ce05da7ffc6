/* SPDX-License-Identifier: MIT
 * The search for what matters in message content, in octets, words and blocks; not the vector code,
 * which is no C.
 * with:
 * bound: texts of 1 to 16 octets; by words of 1 to 10 and 63 to 67, by blocks of 1, 2 and 64 to
 *     67, at every alignment; where there is something in a block, the closer look may find
 *     anything
 * options: -eva-slevel-function octet_bits:0 */
#include "proof.h"

#include "data/scan.h"

/* All that a scan promises. Each that is used for a closer look is shown by itself. */
static size_t any_scan(const unsigned char *text, size_t length, uint32_t *found)
{
    /*@ assert \valid_read(text + (0 .. length - 1)); */
    (void)text;
    *found = any_bits();
    return any_up_to(length - 1);
}

#define closer(text, length, stop, found) any_scan(text, length, found)
#include "data/scan.c"
#undef closer

static void try(scan_function *scan, size_t min, size_t max)
{
    block text = any_block_of(min, max);
    uint32_t found = any_bits();
    size_t at = scan((const unsigned char *)text.ptr, text.len, any_bits(), &found);
    /*@ assert at < text.len; */
}

int main(void)
{
    switch (any_of(6)) {
    case 0:
        try(smtp__scan_bytes, 1, 16);
        break;
    case 1:
        try(smtp__scan_words, 1, 10);
        break;
    case 2:
        try(smtp__scan_words, 63, 67);
        break;
    case 3:
        try(smtp__scan_blocks, 1, 2);
        break;
    case 4:
        try(smtp__scan_blocks, 64, 67);
        break;
    default:
        try(smtp__scan, 1, 2);
    }
    return 0;
}
