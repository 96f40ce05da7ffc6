/* SPDX-License-Identifier: MIT
 * Sentences of the errors. */
#include "smtp/base.h"

/* All sentences, one behind another. A place among them is two octets, where a pointer would be up
 * to eight and have to be relocated. */
static const struct sentences {
    char unknown[sizeof "unknown error"];
#define SENTENCE(name, value, text) char of_##name[sizeof text];
    SMTP_ERROR_MAP(SENTENCE)
} sentences = {"unknown error",
#define TEXT(name, value, text) text,
               SMTP_ERROR_MAP(TEXT)};

/* The place of each sentence by the number of its error; the first where a number has none. */
static const uint16_t places[] = {
#define PLACE(name, value, text) [-(value)] = offsetof(struct sentences, of_##name),
    SMTP_ERROR_MAP(PLACE)};

enum { PLACES = sizeof places / sizeof places[0] };

const char *smtp_error_text(int error)
{
    int known = error <= 0 && error > -PLACES;
    return (const char *)&sentences + (known ? places[-error] : 0);
}
