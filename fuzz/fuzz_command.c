/* SPDX-License-Identifier: MIT
 * Command lines: what is read and written is read as the same, and written as the same octets. */
#include "lines.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    smtp_syntax syntax = draw_syntax(&in.choices);
    smtp_command read;
    smtp_command strict;

    if (in.text.len <= 2048) {
        (void)check_command(in.text, &syntax, &read);
        (void)smtp_command_parse(&strict, in.text, NULL, NULL);
        if (read.verb < SMTP_VERB_CUSTOM)
            CHECK(read.verb == strict.verb);
    }
    free(in.block);
    return 0;
}
