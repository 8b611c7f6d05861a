/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_INTTYPES_H
#define MBEDTLS_INTTYPES_H

#include <stdint.h>

/* Of what Mbed TLS would print, which it does not here. */
#define PRId64 "lld"
#define PRIX64 "llX"

#endif
