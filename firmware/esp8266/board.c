/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "cfi.h"

/* The ESP8266's core, lx106, on QEMU's board LX60: what runs here is the core's code in the chip's
 * memory map, with the serial line and the flash of that board in place of the chip's. */

#define UART 0x7D050020u
#define UART_DATA REG (UART)
#define UART_FCR REG (UART + 8)
#define UART_LCR REG (UART + 12)
#define UART_LSR REG (UART + 20)
#define BOARD_RESET REG (0x7D020010)
#define HZ 40000000u /* QEMU's lx106 */
#define FLASH 0x78000000u
#define SECTOR 0x10000u
#define CAUSE_WORD REG (0x3FFFBFF0)
#define STARTED_BY_COMMAND 0xC0DEC0DEu

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

const struct mf_flash board_records = CFI_REGION (FLASH, 2 * SECTOR, SECTOR);

static uint32_t
cycles (void)
{
  uint32_t now;

  __asm volatile ("rsr %0, ccount" : "=r"(now));
  return now;
}

void
board_init (void)
{
  cause = CAUSE_WORD == STARTED_BY_COMMAND ? MF_RESET_COMMAND : MF_RESET_POWER_ON;
  CAUSE_WORD = 0;
  UART_LCR = 3;
  UART_FCR = 1;
}

uint32_t
board_ms (void)
{
  static uint32_t last, ms, rest;
  uint32_t        now = cycles ();

  rest += now - last;
  last = now;
  ms += rest / (HZ / 1000);
  rest %= HZ / 1000;
  return ms;
}

void
board_put (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while (!(UART_LSR & 0x20u))
        ;
      UART_DATA = *bytes++;
    }
}

int
board_get (void)
{
  return UART_LSR & 1u ? (int)(UART_DATA & 0xFF) : -1;
}

void
board_idle (void)
{
}

void
board_feed_watchdog (void)
{
}

void
board_reset (void)
{
  CAUSE_WORD = STARTED_BY_COMMAND;
  BOARD_RESET = 0xDEAD;
  for (;;)
    ;
}

enum mf_reset_cause
board_reset_cause (void)
{
  return cause;
}

void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    to[size] = (uint8_t)cycles ();
}

uint32_t
board_supply (void)
{
  return 0;
}

void
board_relay (bool on)
{
  (void)on;
}

void
board_level (unsigned percent)
{
  (void)percent;
}

void
board_led (bool on)
{
  (void)on;
}

uint32_t
board_stack_free (void)
{
  return board_unpainted ();
}
