/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdint.h>

/* What lwIP wants of a compiler without a C library. */

#define LWIP_NO_INTTYPES_H 1
#define LWIP_NO_LIMITS_H 1
#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_UNISTD_H 1
#define X8_F "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "u"

/* What it says and supposes is for nobody here. */
#define LWIP_PLATFORM_DIAG(words)
#define LWIP_PLATFORM_ASSERT(words) board_reset ()
#define LWIP_RAND() wire_draw ()

void     board_reset (void);
uint32_t wire_draw (void);

#endif
