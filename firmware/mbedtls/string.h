/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_STRING_H
#define MBEDTLS_STRING_H

#include_next <string.h>

/* What Mbed TLS wants of it beside what the core does: tls.c has it. */
char *strchr (const char *text, int c);

#endif
