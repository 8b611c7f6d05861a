/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cortex_m.h"
#include "stm32.h"

/* STM32F405 with a crystal of 8 MHz, as on Olimex's STM32-H405: serial line on PA9 and PA10, LED on
 * PC12; what else hangs on it is in parts.c. It runs at 168 MHz from its crystal; where that does
 * not start, from its internal oscillator; where the PLL does not lock either, at that oscillator's
 * 16 MHz. */

#define CRYSTAL_MHZ 8u
#define INTERNAL_MHZ 16u
#define FAST_HZ 168000000u
#define SLOW_HZ (INTERNAL_MHZ * 1000000u)
#define LOOKS 50000u /* more than 20 ms, at 16 MHz; a crystal takes two */

static uint32_t hz = SLOW_HZ;

/* Whether the bits come to be set, in a time. */
static bool
comes (volatile uint32_t *at, uint32_t bits)
{
  uint32_t looks;

  for (looks = 0; looks < LOOKS && (*at & bits) != bits; looks++)
    ;
  return (*at & bits) == bits;
}

/* One MHz by the first divider, times 336, by 2; a seventh of it is USB's. */
static bool
start_pll (void)
{
  bool has_crystal;

  RCC_CR |= RCC_CR_HSEON;
  has_crystal = comes (&RCC_CR, RCC_CR_HSERDY);
  RCC_PLLCFGR = 7u << 24 | (has_crystal ? 1u << 22 : 0) | 336u << 6 |
                (has_crystal ? CRYSTAL_MHZ : INTERNAL_MHZ);
  RCC_CR |= RCC_CR_PLLON;
  return comes (&RCC_CR, RCC_CR_PLLRDY);
}

/* The boot program has done it before the unit's does it again. */
static void
init_clock (void)
{
  if ((RCC_CFGR >> 2 & 3) == 2)
    {
      hz = FAST_HZ;
      return;
    }
  if (!start_pll ())
    {
      RCC_CR &= ~(RCC_CR_PLLON | RCC_CR_HSEON);
      return;
    }
  FLASH_ACR = 7u << 8 | 5; /* five cycles slower than the processor; fetched ahead, and cached */
  RCC_CFGR = 4u << 13 | 5u << 10; /* the faster bus a half of it, the slower a quarter */
  RCC_CFGR |= 2;
  if (comes (&RCC_CFGR, 2u << 2))
    hz = FAST_HZ;
  else
    RCC_CFGR = 0;
}

/* What timers of the slower bus count, which run at twice its clock when that is divided. Those of
 * QEMU know no clock, and count at a rate of their own. */
static uint32_t
timer_hz (void)
{
#ifdef STM32F4_TIMER_HZ
  return STM32F4_TIMER_HZ;
#else
  return hz == FAST_HZ ? hz / 2 : hz;
#endif
}

static void
init_measuring (void)
{
  TIM2_PSC = timer_hz () / 1000000 - 1;
  TIM2_ARR = UINT32_MAX;
  TIM2_EGR = 1;
  TIM2_CR1 = 1;
  ADC_CCR = 1u << 23 | 1u << 16; /* its reference, and a quarter of the bus's clock */
  ADC1_SMPR1 = 7u << 21;
  ADC1_SMPR2 = 0x3FFFFFFF; /* slowly, for a divider is a weak source */
  ADC1_CR2 = 1;
}

void
board_init (void)
{
  stm32_learn_cause ();
  init_clock ();
  RCC_AHB1ENR |= 7;                 /* ports A to C */
  RCC_APB1ENR |= 1u << 0 | 1u << 1; /* TIM2, TIM3 */
  RCC_APB2ENR |= 1u << 4 | 1u << 8; /* USART1, ADC1 */
  board_led (false);
  stm32_set_mode (STM32_LED, GPIO_OUTPUT);
  stm32_set_mode (GPIOA, 10, GPIO_ALTERNATE);
  stm32_start_line (hz == FAST_HZ ? hz / 2 : hz);
  stm32_start_light (timer_hz ());
  init_measuring ();
#ifndef BOARD_IS_BOOT
  stm32_start_watchdog ();
#endif
  cortex_m_init (hz);
  NVIC_ISER (1) = USART1_IRQ;
}

void
stm32_set_mode (uint32_t port, unsigned pin, uint32_t mode)
{
  unsigned nibble = pin % 8 * 4;

  GPIO_AFR (port, pin) = (GPIO_AFR (port, pin) & ~(15u << nibble)) | GPIO_FUNCTION (pin) << nibble;
  GPIO_OTYPER (port) = (GPIO_OTYPER (port) & ~(1u << pin)) | (mode >> 2) << pin;
  GPIO_MODER (port) = (GPIO_MODER (port) & ~(3u << 2 * pin)) | (mode & 3) << 2 * pin;
}

/* From a counter of microseconds that is looked at far more often than it wraps. */
uint32_t
board_ms (void)
{
  static uint32_t last, ms, rest;
  uint32_t        now = TIM2_CNT;

  rest += now - last;
  last = now;
  ms += rest / 1000;
  rest %= 1000;
  return ms;
}
