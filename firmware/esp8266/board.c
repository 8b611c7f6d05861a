/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "cfi.h"
#include "uart_16550.h"

/* The ESP8266's core, lx106, on QEMU's board LX60: what runs here is the core's code in the chip's
 * memory map, with the serial line and the flash of that board in place of the chip's. */

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
  uart_16550_init ();
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

/* Keeps away from the line for a while: who looks at it without end leaves QEMU no time to bring
 * anything. Two bytes come in that time, and sixteen have room. */
void
board_idle (void)
{
  uint32_t start = cycles ();

  while (cycles () - start < HZ / 5000)
    ;
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
