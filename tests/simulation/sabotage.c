/* SPDX-License-Identifier: MIT
 * Which sabotage is switched on. Without one, nothing is drawn here: the runs stay as they are. */
#include "sabotage.h"

#include <string.h>

#include "simulation.h"

#define NAME(name, text) text,
static const char *const names[] = {SABOTAGES(NAME)};

int sabotaged(sim *s, int what)
{
    return s->sabotage == what && happens(&s->chance, 300);
}

const char *sabotage_name(int what)
{
    return names[what];
}

int sabotage_find(const char *name)
{
    int i;

    for (i = 0; i < SABOTAGE_COUNT; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}
