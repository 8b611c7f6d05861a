/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_ASSERT_H
#define MBEDTLS_ASSERT_H

#define static_assert _Static_assert
#define assert(condition) ((void)0)

#endif
