/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LWIP_STDLIB_H
#define LWIP_STDLIB_H
/* Of functions that are not linked. */
int atoi (const char *text);
#endif
