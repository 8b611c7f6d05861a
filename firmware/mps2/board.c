/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "cortex_m.h"

/* Arm's MPS2 with its image AN385 (a Cortex-M3 at 25 MHz), as QEMU has it: serial line on UART0. It
 * has no flash: records and slots are in its PSRAM, which QEMU keeps in a file, and programs run
 * there. A modem is on UART1. */

#define UNIT_LINE 0x40004000u
#define MODEM_LINE 0x40005000u
#define UART_DATA(line) REG (line)
#define UART_STATE(line) REG ((line) + 4)
#define UART_CTRL(line) REG ((line) + 8)
#define UART_INTERRUPT(line) REG ((line) + 12)
#define UART_BAUDDIV(line) REG ((line) + 16)
#define UART_IS_FULL 1u
#define UART_HAS_BYTE 2u
#define UART_IRQS (1u << 0 | 1u << 2)
#define TIMER_CTRL REG (0x40000000)
#define TIMER_VALUE REG (0x40000004)
#define TIMER_RELOAD REG (0x40000008)
#define LEDS REG (0x40028000)
#define HZ 25000000u

#define PAGE 4096u
#define PSRAM 0x21000000u
#define BOOT_RECORDS PSRAM
#define UNIT_RECORDS (PSRAM + 0x2000)
#define BENCH (PSRAM + 0x4000)
#define SLOT_A (PSRAM + 0x40000)
#define SLOT_B (PSRAM + 0x80000)
#define SLOT_SIZE 0x40000u

/* Behind the memory of both programs: why they were started. */
#define CAUSE_WORD REG (0x20040000)
#define STARTED_BY_COMMAND 0xC0DEC0DEu

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

static bool
psram_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  memcpy (data, (const uint8_t *)user + offset, size);
  return true;
}

static bool
psram_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  memcpy ((uint8_t *)user + offset, data, size);
  return true;
}

static bool
psram_erase (void *user, uint32_t offset)
{
  memset ((uint8_t *)user + offset, 0xFF, PAGE);
  return true;
}

static const struct mf_flash_ops ops = { psram_read, psram_program, psram_erase };

#define REGION(address, size) { &ops, (void *)(address), size, PAGE, 16 }

const struct mf_flash board_records = REGION (UNIT_RECORDS, 2 * PAGE);
const struct mf_flash board_bench = REGION (BENCH, PAGE);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  REGION (BOOT_RECORDS, 2 * PAGE),
  { REGION (SLOT_A, SLOT_SIZE), REGION (SLOT_B, SLOT_SIZE) },
  { SLOT_A + MF_IMAGE_HEADER_SIZE, SLOT_B + MF_IMAGE_HEADER_SIZE },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};

static void
open_line (uint32_t line)
{
  UART_BAUDDIV (line) = HZ / 115200u;
  UART_CTRL (line) = 3 | 1u << 3; /* both ways, and wakes on a byte */
}

static void
put (uint32_t line, const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while (UART_STATE (line) & UART_IS_FULL)
        ;
      UART_DATA (line) = *bytes++;
    }
}

static int
get (uint32_t line)
{
  return UART_STATE (line) & UART_HAS_BYTE ? (int)(UART_DATA (line) & 0xFF) : -1;
}

void
board_init (void)
{
  cause = CAUSE_WORD == STARTED_BY_COMMAND ? MF_RESET_COMMAND : MF_RESET_POWER_ON;
#ifndef BOARD_IS_BOOT
  CAUSE_WORD = 0; /* the program wants to know it, not the boot program before it */
#endif
  open_line (UNIT_LINE);
  open_line (MODEM_LINE);
  TIMER_RELOAD = UINT32_MAX;
  TIMER_VALUE = UINT32_MAX;
  TIMER_CTRL = 1;
  cortex_m_init (HZ);
  NVIC_ISER (0) = UART_IRQS;
}

/* From a counter that runs down from 2^32 and is looked at far more often than it wraps. */
uint32_t
board_ms (void)
{
  static uint32_t last = UINT32_MAX, ms, rest;
  uint32_t        now = TIMER_VALUE;

  rest += last - now;
  last = now;
  ms += rest / (HZ / 1000);
  rest %= HZ / 1000;
  return ms;
}

void
board_put (const uint8_t *bytes, size_t size)
{
  put (UNIT_LINE, bytes, size);
}

int
board_get (void)
{
  return get (UNIT_LINE);
}

void
board_modem_put (const uint8_t *bytes, size_t size)
{
  put (MODEM_LINE, bytes, size);
}

int
board_modem_get (void)
{
  return get (MODEM_LINE);
}

void
board_idle (void)
{
  if (((UART_STATE (UNIT_LINE) | UART_STATE (MODEM_LINE)) & UART_HAS_BYTE) == 0)
    cortex_m_sleep ();
  UART_INTERRUPT (UNIT_LINE) = UART_INTERRUPT (MODEM_LINE) = 2;
  NVIC_ICPR (0) = UART_IRQS;
}

void
board_feed_watchdog (void)
{
}

void
board_reset (void)
{
  CAUSE_WORD = STARTED_BY_COMMAND;
  cortex_m_reset ();
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
    to[size] = (uint8_t)TIMER_VALUE;
}

bool
board_wall_ms (uint64_t *utc_ms)
{
  (void)utc_ms;
  return false;
}

void
board_relay (bool on)
{
  LEDS = on ? LEDS | 2u : LEDS & ~2u;
}

void
board_level (unsigned percent)
{
  (void)percent;
}

void
board_led (bool on)
{
  LEDS = on ? LEDS | 1u : LEDS & ~1u;
}

unsigned
board_slot (void)
{
  return (uintptr_t)cortex_m_vectors >= SLOT_B ? 1 : 0;
}

void
board_start (unsigned slot, const struct mf_image *image)
{
  (void)image;
  cortex_m_start ((slot == 0 ? SLOT_A : SLOT_B) + MF_IMAGE_HEADER_SIZE);
}
