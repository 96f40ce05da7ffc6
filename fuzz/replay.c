/* SPDX-License-Identifier: MIT
 * The main() of a fuzz target without libFuzzer: one run on nothing, one on each file given. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The octets in a block of exactly their size, so that a sanitizer sees every read behind the end.
 */
static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    uint8_t *octets = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long end = ftell(file);
        if (end >= 0 && fseek(file, 0, SEEK_SET) == 0) {
            octets = malloc(end == 0 ? 1 : (size_t)end);
            *size = octets == NULL ? 0 : fread(octets, 1, (size_t)end, file);
        }
    }
    fclose(file);
    return octets;
}

int main(int argc, char **argv)
{
    static const uint8_t nothing[1] = {0};
    LLVMFuzzerTestOneInput(nothing, 0);
    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        uint8_t *octets = read_file(argv[i], &size);
        if (octets == NULL) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 1;
        }
        LLVMFuzzerTestOneInput(octets, size);
        free(octets);
    }
    printf("%d inputs\n", argc);
    return 0;
}
