/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "esp32c3.h"
#include "pins.h"

/* ESP32-C3 without its vendor's libraries, so without its radio: serial line on UART0, LED on GPIO
 * 8; what else hangs on it is in parts.c. */

#define LED 8
#define TICKS_PER_US 16u
#define TICKS_PER_MS 16000u
#define STARTED_BY_COMMAND 0xC0DEC0DEu
#define RESET_BY_RTC_WATCHDOG 16u

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

static void
start_watchdog (void)
{
  RTC_WDT_KEY = RTC_WDT_UNLOCK;
  RTC_WDT_CONFIG1 = 136000u * 20;        /* 20 s of its slow clock */
  RTC_WDT_CONFIG0 = 1u << 31 | 4u << 28; /* then it resets the system */
  RTC_WDT_FEED = 1u << 31;
  RTC_WDT_KEY = 0;
}

/* The watchdogs that the ROM left running; ours is the RTC's. */
static void
init_watchdogs (void)
{
#ifdef BOARD_IS_BOOT
  RTC_WDT_KEY = RTC_WDT_UNLOCK;
  RTC_WDT_CONFIG0 = 0;
  RTC_WDT_KEY = 0;
#else
  start_watchdog ();
#endif
  RTC_SWD_KEY = RTC_SWD_UNLOCK;
  RTC_SWD_CONF |= 1u << 31;
  RTC_SWD_KEY = 0;
  TIMG0_WDT_KEY = RTC_WDT_UNLOCK;
  TIMG0_WDT_CONFIG0 = 0;
  TIMG0_WDT_KEY = 0;
}

static void
learn_cause (void)
{
  /* The note of a command still stands where the image that it started never came so far. */
  cause = (RTC_RESET_STATE & 0x3Fu) == RESET_BY_RTC_WATCHDOG ? MF_RESET_WATCHDOG
          : RTC_STORE0 == STARTED_BY_COMMAND                 ? MF_RESET_COMMAND
                                                             : MF_RESET_POWER_ON;
#ifndef BOARD_IS_BOOT
  RTC_STORE0 = 0;
#endif
}

void
board_init (void)
{
  init_watchdogs ();
  learn_cause ();
  SYSTIMER_CONF |= 1u << 30 | 1u << 29; /* one counts milliseconds, the other microseconds */
  PAD (LED) = PAD_OUTPUT;
  GPIO_ENABLE_SET = 1u << LED;
  SYSTEM_CLK_EN0 |= 1u << 11; /* the LED controller */
  SYSTEM_RST_EN0 &= ~(1u << 11);
  LEDC_CONF = 1u << 31 | 1; /* from the 80 MHz of its bus */
  LEDC_TIMER0_CONF = 1u << 25 | 10u | 0x100u << 4;
}

uint32_t
board_ms (void)
{
  uint64_t ticks;

  SYSTIMER_UNIT0_OP = 1u << 30;
  while (!(SYSTIMER_UNIT0_OP & 1u << 29))
    ;
  ticks = (uint64_t)(SYSTIMER_UNIT0_HIGH & 0xFFFFF) << 32 | SYSTIMER_UNIT0_LOW;
  return (uint32_t)(ticks / TICKS_PER_MS);
}

void
board_put (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while ((UART_STATUS >> 16 & 0x3FF) >= 120)
        ;
      UART_FIFO = *bytes++;
    }
}

uint16_t
pins_us (void)
{
  SYSTIMER_UNIT1_OP = 1u << 30;
  while (!(SYSTIMER_UNIT1_OP & 1u << 29))
    ;
  return (uint16_t)(SYSTIMER_UNIT1_LOW / TICKS_PER_US);
}

int
pins_line_get (void)
{
  return UART_STATUS & 0x3FF ? (int)(UART_FIFO & 0xFF) : -1;
}

/* The chip's light sleep would stop its UART: it waits awake. */
void
board_idle (void)
{
}

void
board_feed_watchdog (void)
{
  RTC_WDT_KEY = RTC_WDT_UNLOCK;
  RTC_WDT_FEED = 1u << 31;
  RTC_WDT_KEY = 0;
}

void
board_reset (void)
{
  RTC_STORE0 = STARTED_BY_COMMAND;
  ((void (*) (void))ROM_RESET) ();
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
    to[size] = (uint8_t)(RANDOM ^ SYSTIMER_UNIT0_LOW);
}

void
board_led (bool on)
{
  if (on)
    GPIO_OUT_SET = 1u << LED;
  else
    GPIO_OUT_CLEAR = 1u << LED;
}

unsigned
board_slot (void)
{
  return SLOT_WORD & 1;
}

void
board_start (unsigned slot, const struct mf_image *image)
{
  uint8_t *to = (uint8_t *)(uintptr_t)PROGRAM;

  if (!mf_flash_read (&board_boot_config.slots[slot], MF_IMAGE_HEADER_SIZE, to,
                      image->payload_size))
    return;
  SLOT_WORD = slot;
  start_watchdog ();
  __asm volatile ("fence.i" ::: "memory");
  ((void (*) (void))to) ();
}
