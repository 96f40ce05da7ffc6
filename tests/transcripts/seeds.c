/* SPDX-License-Identifier: MIT
 * Writes what the peer says in each conversation to a file of its own: seeds for a fuzzer. */
#include "transcript.h"

#include <stdio.h>
#include <string.h>

/* "server/size.md" and 3 in folder "seeds": "seeds/size-3". */
static void name_seed(text *to, const char *folder, const char *file, size_t number)
{
    const char *slash = strrchr(file, '/');
    const char *stem = slash == NULL ? file : slash + 1;
    size_t len = strcspn(stem, ".");

    text_say(to, "%s/", folder);
    text_add(to, stem, len);
    text_say(to, "-%lu", (unsigned long)number);
    text_add(to, "", 1);
}

static int write_seed(const conversation *talk, const char *path)
{
    FILE *to = fopen(path, "wb");
    size_t i;

    if (to == NULL) {
        perror(path);
        return 0;
    }
    for (i = 0; i < talk->turn_count; i++) {
        const text *input = &talk->turns[i].input;
        if (input->len > 0)
            (void)fwrite(input->ptr, 1, input->len, to);
    }
    return fclose(to) == 0;
}

int write_seeds(const transcript *from, const char *folder)
{
    int failures = 0;
    size_t i;

    for (i = 0; i < from->talk_count; i++) {
        text path = {NULL, 0, 0};

        if (from->talks[i].turn_count == 0)
            continue;
        name_seed(&path, folder, from->talks[i].file, i);
        failures += !write_seed(&from->talks[i], path.ptr);
        text_drop(&path);
    }
    return failures;
}
