/* SPDX-License-Identifier: MIT
 * A filter: what a client sent behind DATA goes in, the message comes out. The dots that were put
 * in are gone, and the line
 * "." ends it:
 *     unstuff < dump > message
 * Exits with 65 when the end is missing; tells on standard error what in the message is not as it
 * should be. */
#include <stdio.h>
#include <string.h>

#include <smtp/data.h>

static const struct {
    uint32_t bit;
    const char *text;
} notes[] = {
    {SMTP_FOUND_BARE_CR, "a bare CR"},
    {SMTP_FOUND_BARE_LF, "a bare LF"},
    {SMTP_FOUND_NUL, "a NUL"},
    {SMTP_FOUND_8BIT, "octets above 127"},
};

/* Decodes a part of the stream and writes its content. Returns 1 when the end was in it. */
static int decode(smtp_data_decoder *decoder, smtp_str input)
{
    int result;

    do {
        smtp_str piece;
        size_t used;

        result = smtp_data_decode(decoder, input, &piece, &used);
        fwrite(piece.ptr, 1, piece.len, stdout);
        input.ptr += used;
        input.len -= used;
    } while (result == SMTP_DATA_PIECE);
    if (result == SMTP_DATA_END && input.len > 0)
        fprintf(stderr, "unstuff: %lu octets and maybe more stand behind the end\n",
                (unsigned long)input.len);
    return result == SMTP_DATA_END;
}

int main(void)
{
    static char buffer[65536];
    smtp_data_decoder decoder;
    smtp_str input;
    int ended = 0;
    size_t i;

    memset(&decoder, 0, sizeof decoder);
    input.ptr = buffer;
    while (!ended && (input.len = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        ended = decode(&decoder, input);
    for (i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        if (decoder.found & notes[i].bit)
            fprintf(stderr, "unstuff: the message has %s\n", notes[i].text);
    }
    if (fflush(stdout) != 0 || ferror(stdin))
        return 74;
    if (!ended)
        fprintf(stderr, "unstuff: the line that ends the message is missing\n");
    return ended ? 0 : 65;
}
