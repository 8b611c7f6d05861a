/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "memory.h"

/* Arm's MPS2 with its image AN385 (a Cortex-M3 at 25 MHz), as QEMU has it: serial line on UART0. It
 * has no flash: what the unit keeps is in its PSRAM, which QEMU keeps in a file. */

#define UART_DATA REG (0x40004000)
#define UART_STATE REG (0x40004004)
#define UART_CTRL REG (0x40004008)
#define UART_BAUDDIV REG (0x40004010)
#define TIMER_CTRL REG (0x40000000)
#define TIMER_VALUE REG (0x40000004)
#define TIMER_RELOAD REG (0x40000008)
#define LEDS REG (0x40028000)
#define SYSTICK_CSR REG (0xE000E010)
#define SYSTICK_RVR REG (0xE000E014)
#define SCB_ICSR REG (0xE000ED04)
#define SCB_AIRCR REG (0xE000ED0C)
#define HZ 25000000u
#define PSRAM 0x21000000u
#define PAGE 4096u
#define STARTED_BY_COMMAND 0xC0DEC0DEu

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;
static uint32_t            mark __attribute__ ((section (".noinit")));

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
const struct mf_flash            board_records = { &ops, (void *)PSRAM, 2 * PAGE, PAGE, 16 };

void
board_entry (void)
{
  board_run ();
}

static void
stuck (void)
{
  for (;;)
    ;
}

__attribute__ ((section (".entry"), used)) static const void *const vectors[16] = {
  board_stack,   (void *)board_entry, (void *)stuck, (void *)stuck,
  (void *)stuck, (void *)stuck,       (void *)stuck,
};

void
board_init (void)
{
  cause = mark == STARTED_BY_COMMAND ? MF_RESET_COMMAND : MF_RESET_POWER_ON;
  mark = 0;
  UART_BAUDDIV = HZ / 115200u;
  UART_CTRL = 3;
  TIMER_RELOAD = UINT32_MAX;
  TIMER_VALUE = UINT32_MAX;
  TIMER_CTRL = 1;
  __asm volatile ("cpsid i");
  SYSTICK_RVR = HZ / 1000 - 1;
  SYSTICK_CSR = 7;
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
  while (size-- > 0)
    {
      while (UART_STATE & 1u)
        ;
      UART_DATA = *bytes++;
    }
}

int
board_get (void)
{
  return UART_STATE & 2u ? (int)(UART_DATA & 0xFF) : -1;
}

void
board_idle (void)
{
  if (!(UART_STATE & 2u))
    __asm volatile ("wfi");
  SCB_ICSR = 1u << 25;
}

void
board_feed_watchdog (void)
{
}

void
board_reset (void)
{
  mark = STARTED_BY_COMMAND;
  __asm volatile ("dsb" ::: "memory");
  SCB_AIRCR = 0x05FA0004;
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
    to[size] = (uint8_t)TIMER_VALUE;
}

uint32_t
board_supply (void)
{
  return 0;
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

uint32_t
board_stack_free (void)
{
  return board_unpainted ();
}
