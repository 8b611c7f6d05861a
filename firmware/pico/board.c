/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "cortex_m.h"
#include "pins.h"
#include "pico.h"

/* Raspberry Pi Pico (RP2040 at 125 MHz, one core): serial line on GPIO 0 and 1, LED on GPIO 25;
 * what else hangs on it is in parts.c. */

#define HZ 125000000u
#define BAUD 115200u
#define LED 25u
#define WATCHDOG_MOST 0xFFFFFFu /* 8.4 s, for the chip counts every microsecond twice */

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static void
unreset (uint32_t bits)
{
  CLEAR (RESETS) = bits;
  while ((RESETS_DONE & bits) != bits)
    ;
}

/* 12 MHz times `feedback`, through both dividers. */
static void
start_pll (uint32_t pll, uint32_t reset, uint32_t feedback, uint32_t first, uint32_t second)
{
  SET (RESETS) = reset;
  unreset (reset);
  REG (pll) = 1;
  REG (pll + 8) = feedback;
  CLEAR (pll + 4) = 1u << 0 | 1u << 5;
  while (!(REG (pll) & 1u << 31))
    ;
  REG (pll + 12) = first << 16 | second << 12;
  CLEAR (pll + 4) = 1u << 3;
}

/* The boot program has done it before the unit's does it again: from the crystal up. */
static void
init_clocks (void)
{
  REG (XOSC_CTRL) = 0xAA0;
  XOSC_STARTUP = 47;
  SET (XOSC_CTRL) = 0xFAB000;
  while (!(XOSC_STATUS & 1u << 31))
    ;
  CLEAR (CLK_SYS_CTRL) = 1;
  while (CLK_SYS_SELECTED != 1u << 0)
    ;
  CLK_REF_CTRL = 2;
  while (CLK_REF_SELECTED != 1u << 2)
    ;
  start_pll (PLL_SYS, RESET_PLL_SYS, 125, 6, 2);
  start_pll (PLL_USB, RESET_PLL_USB, 100, 5, 5);
  REG (CLK_SYS_CTRL) = 0;
  SET (CLK_SYS_CTRL) = 1;
  while (CLK_SYS_SELECTED != 1u << 1)
    ;
  CLK_PERI_CTRL = 1u << 11;
  CLK_ADC_CTRL = 1u << 11; /* 48 MHz of the second PLL */
  WATCHDOG_TICK = 1u << 9 | 12;
}

static void
init_line (void)
{
  GPIO_CTRL (0) = FUNCTION_UART;
  GPIO_CTRL (1) = FUNCTION_UART;
  UART_IBRD = HZ / (16 * BAUD);
  UART_FBRD = (HZ * 4ull / BAUD) & 63;
  UART_LCR = 0x70; /* 8 bits, with its FIFOs */
  UART_CR = 0x301;
  UART_IMSC = 1u << 4 | 1u << 6;
}

/* The LED, a pulse width of a thousand steps, the converter. */
static void
init_outputs (void)
{
  SIO_OE_SET = 1u << LED;
  GPIO_CTRL (LED) = FUNCTION_SIO;
  PWM1_DIV = 125u << 4;
  PWM1_TOP = 999;
  PWM1_CSR = 1;
  ADC_CS = 1;
}

static void
start_watchdog (void)
{
  PSM_WDSEL = 0x1FFFC; /* all but the oscillators */
  WATCHDOG_LOAD = WATCHDOG_MOST;
  SET (WATCHDOG_CTRL) = 1u << 30;
}

void
board_init (void)
{
  init_clocks ();
  unreset (RESET_ADC | RESET_IO_BANK0 | RESET_PADS_BANK0 | RESET_PWM | RESET_TIMER | RESET_UART0);
  init_line ();
  init_outputs ();
#ifndef BOARD_IS_BOOT
  start_watchdog ();
#endif
  cortex_m_init (HZ);
  NVIC_ISER (0) = UART_IRQ;
}

uint32_t
board_ms (void)
{
  uint32_t high, low;

  do
    {
      high = TIMER_RAW_HIGH;
      low = TIMER_RAW_LOW;
    }
  while (high != TIMER_RAW_HIGH);
  return (uint32_t)(((uint64_t)high << 32 | low) / 1000);
}

void
board_put (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while (UART_FLAGS & UART_TX_FULL)
        ;
      UART_DATA = *bytes++;
    }
}

int
pins_line_get (void)
{
  return UART_FLAGS & UART_RX_EMPTY ? -1 : (int)(UART_DATA & 0xFF);
}

uint16_t
pins_us (void)
{
  return (uint16_t)TIMER_RAW_LOW;
}

void
board_idle (void)
{
  if ((UART_FLAGS & UART_RX_EMPTY) && !pins_keep_bytes ())
    cortex_m_sleep ();
  NVIC_ICPR (0) = UART_IRQ;
}

void
board_feed_watchdog (void)
{
  WATCHDOG_LOAD = WATCHDOG_MOST;
}

void
board_reset (void)
{
  PSM_WDSEL = 0x1FFFC;
  SET (WATCHDOG_CTRL) = 1u << 31;
  for (;;)
    ;
}

enum mf_reset_cause
board_reset_cause (void)
{
  uint32_t reason = WATCHDOG_REASON;

  return reason & 2 ? MF_RESET_COMMAND : reason & 1 ? MF_RESET_WATCHDOG : MF_RESET_POWER_ON;
}

/* The ring oscillator's bit, which is no great source, and the time. */
void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    {
      uint32_t bits = TIMER_RAW_LOW;
      unsigned turn;

      for (turn = 0; turn < 32; turn++)
        bits = (bits << 1 | bits >> 31) ^ (ROSC_RANDOM_BIT & 1);
      to[size] = (uint8_t)(bits ^ bits >> 8 ^ bits >> 16 ^ bits >> 24);
    }
}

void
board_led (bool on)
{
  if (on)
    SIO_OUT_SET = 1u << LED;
  else
    SIO_OUT_CLEAR = 1u << LED;
}

unsigned
board_slot (void)
{
  return (uintptr_t)cortex_m_vectors >= XIP + SLOT_B ? 1 : 0;
}

void
board_start (unsigned slot, const struct mf_image *image)
{
  (void)image;
  start_watchdog ();
  cortex_m_start (XIP + (slot == 0 ? SLOT_A : SLOT_B) + MF_IMAGE_HEADER_SIZE);
}
