/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BARE_STRING_H
#define BARE_STRING_H

#include <stddef.h>

/* All of a C library that a board must have. */
void  *memcpy (void *restrict to, const void *restrict from, size_t size);
void  *memmove (void *to, const void *from, size_t size);
void  *memset (void *to, int byte, size_t size);
int    memcmp (const void *a, const void *b, size_t size);
size_t strlen (const char *text);
int    strcmp (const char *a, const char *b);
int    strncmp (const char *a, const char *b, size_t size);

#endif
