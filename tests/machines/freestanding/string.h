/* SPDX-License-Identifier: MIT
 * All of <string.h> that the library may use on a board: what is not here does not compile. */
#ifndef TESTS_MACHINES_STRING_H
#define TESTS_MACHINES_STRING_H

#include <stddef.h>

void *memchr(const void *octets, int octet, size_t len);
int memcmp(const void *a, const void *b, size_t len);
void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *octets, int octet, size_t len);
size_t strlen(const char *text);

#endif
