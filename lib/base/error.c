/* SPDX-License-Identifier: MIT
 * Names and sentences of the errors, and the version. */
#include "smtp/base.h"

/* Two steps, so that the macro's value is quoted and not its name. */
#define QUOTE(text) #text
#define VERSION(major, minor, patch) QUOTE(major) "." QUOTE(minor) "." QUOTE(patch)

const char *smtp_version(void)
{
    return VERSION(SMTP_VERSION_MAJOR, SMTP_VERSION_MINOR, SMTP_VERSION_PATCH);
}

const char *smtp_error_name(int error)
{
    switch (error) {
#define NAME(name, value, text)                                                                    \
    case value:                                                                                    \
        return #name;
        SMTP_ERROR_MAP(NAME)
#undef NAME
    default:
        return "UNKNOWN";
    }
}

const char *smtp_error_text(int error)
{
    switch (error) {
#define TEXT(name, value, text)                                                                    \
    case value:                                                                                    \
        return text;
        SMTP_ERROR_MAP(TEXT)
#undef TEXT
    default:
        return "unknown error";
    }
}
