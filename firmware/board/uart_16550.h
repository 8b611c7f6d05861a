/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UART_16550_H
#define UART_16550_H

#include <stdbool.h>

/* The serial line of a board whose UART is a 16550 at UART_16550, with registers UART_STRIDE bytes
 * apart. uart_16550.c also brings board_put() and board_get(). */

void uart_16550_init (void);
bool uart_16550_has_byte (void);

#endif
