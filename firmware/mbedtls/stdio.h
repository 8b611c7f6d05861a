/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_STDIO_H
#define MBEDTLS_STDIO_H

#include <stddef.h>

/* Of functions that are not linked: what prints. */
int snprintf (char *out, size_t size, const char *format, ...);

#endif
