/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "uart_16550.h"
#include "board.h"
#include "memory.h"

#if UART_STRIDE == 4
#define UART(n) REG (UART_16550 + 4u * (n))
#else
#define UART(n) REG8 (UART_16550 + (n))
#endif

#define DATA UART (0)
#define FIFO_CONTROL UART (2)
#define LINE_CONTROL UART (3)
#define LINE_STATUS UART (5)
#define FIFO_OF_14 0xC1u
#define HAS_BYTE 0x01u
#define IS_EMPTY 0x20u

void
uart_16550_init (void)
{
  LINE_CONTROL = 3; /* 8 bits */
  FIFO_CONTROL =
    FIFO_OF_14; /* as many may come before they are looked for: QEMU brings no more at once */
}

bool
uart_16550_has_byte (void)
{
  return (LINE_STATUS & HAS_BYTE) != 0;
}

void
board_put (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while (!(LINE_STATUS & IS_EMPTY))
        ;
      DATA = *bytes++;
    }
}

int
board_get (void)
{
  return uart_16550_has_byte () ? (int)(DATA & 0xFF) : -1;
}
