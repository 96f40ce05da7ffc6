/* SPDX-License-Identifier: MIT
 * The version of the library. */
#include "smtp/base.h"

/* Two steps, so that the macro's value is quoted and not its name. */
#define QUOTE(text) #text
#define VERSION(major, minor, patch) QUOTE(major) "." QUOTE(minor) "." QUOTE(patch)

const char *smtp_version(void)
{
    return VERSION(SMTP_VERSION_MAJOR, SMTP_VERSION_MINOR, SMTP_VERSION_PATCH);
}
