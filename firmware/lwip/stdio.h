/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LWIP_STDIO_H
#define LWIP_STDIO_H
/* lwIP asks for it where it prints, which it does not here. */
#endif
