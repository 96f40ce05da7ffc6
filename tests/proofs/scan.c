/* SPDX-License-Identifier: MIT
 * The search for what matters in message content, in octets, words and blocks.
 * with: data/scan.c
 * bound: texts of 1 to 16 octets, and of 64 to 66
 * options: -eva-unroll-recursive-calls 4 -eva-slevel-function octet_bits:0 */
#include "proof.h"

#include "data/scan.h"

typedef size_t scan_function(const unsigned char *text, size_t length, unsigned stop,
                             uint32_t *found);

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
        try(smtp__scan_words, 1, 16);
        break;
    case 2:
        try(smtp__scan_words, 64, 66);
        break;
    case 3:
        try(smtp__scan_blocks, 1, 3);
        break;
    case 4:
        try(smtp__scan_blocks, 64, 66);
        break;
    default:
        try(smtp__scan, 1, 9);
    }
    return 0;
}
