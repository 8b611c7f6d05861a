/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_STDLIB_H
#define MBEDTLS_STDLIB_H

/* Of functions that are not linked. */
int atoi (const char *text);

#endif
