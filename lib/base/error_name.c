/* SPDX-License-Identifier: MIT
 * Names of the errors. */
#include <string.h>

#include "smtp/base.h"

/* The names one behind another, and behind them that of what is no error. */
static const char names[] =
#define NAME(name, value, text) #name "\0"
    SMTP_ERROR_MAP(NAME) "UNKNOWN";

static const int16_t values[] = {
#define VALUE(name, value, text) value,
    SMTP_ERROR_MAP(VALUE)};

const char *smtp_error_name(int error)
{
    const char *name = names;
    for (size_t i = 0; i < sizeof values / sizeof values[0] && values[i] != error; i++) {
        name += strlen(name) + 1;
    }
    return name;
}
