/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_LIMITS_H
#define MBEDTLS_LIMITS_H

/* What Mbed TLS asks of it: not every compiler brings it where there is no C library. */

#define CHAR_BIT __CHAR_BIT__
#define INT_MAX __INT_MAX__
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX (2u * INT_MAX + 1u)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-LONG_MAX - 1L)
#define ULONG_MAX (2ul * LONG_MAX + 1ul)

#endif
