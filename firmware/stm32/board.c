/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cortex_m.h"
#include "stm32.h"

/* STM32F103 at 64 MHz from its internal oscillator: serial line on PA9 and PA10, LED on PC13; what
 * else hangs on it is in parts.c. */

#define HZ 64000000u

/* The boot program has done it before the unit's does it again: half of 8 MHz, times 16. */
static void
init_clock (void)
{
  if ((RCC_CFGR >> 2 & 3) == 2)
    return;
  FLASH_ACR = 1u << 4 | 2;                   /* it is two cycles slower than the processor now */
  RCC_CFGR = 14u << 18 | 2u << 14 | 4u << 8; /* ADC a sixth of it, the slow bus a half */
  RCC_CR |= 1u << 24;
  while (!(RCC_CR & 1u << 25))
    ;
  RCC_CFGR |= 2;
  while ((RCC_CFGR >> 2 & 3) != 2)
    ;
}

/* Milliseconds, microseconds, the converter. */
static void
init_measuring (void)
{
  TIM2_PSC = HZ / 1000 - 1;
  TIM2_EGR = 1;
  TIM2_CR1 = 1;
  TIM4_PSC = HZ / 1000000 - 1;
  TIM4_EGR = 1;
  TIM4_CR1 = 1;
  ADC1_SMPR1 = 7u << 21;
  ADC1_SMPR2 = 0x3FFFFFFF; /* slowly, for a divider is a weak source */
  ADC1_CR2 = 1u << 23 | 7u << 17 | 1u << 20 | 1;
}

void
board_init (void)
{
  stm32_learn_cause ();
  init_clock ();
  RCC_APB2ENR |= 1u << 2 | 1u << 3 | 1u << 4 | 1u << 9 | 1u << 14; /* ports A to C, ADC, USART */
  RCC_APB1ENR |= 1u << 0 | 1u << 1 | 1u << 2;                      /* TIM2 to TIM4 */
  board_led (false);
  stm32_set_mode (STM32_LED, GPIO_OUTPUT);
  stm32_start_line (HZ);
  stm32_start_light (HZ);
  init_measuring ();
#ifndef BOARD_IS_BOOT
  stm32_start_watchdog ();
#endif
  cortex_m_init (HZ);
  NVIC_ISER (1) = USART1_IRQ;
}

void
stm32_set_mode (uint32_t port, unsigned pin, uint32_t mode)
{
  unsigned shift = pin % 8 * 4;

  GPIO_CR (port, pin) = (GPIO_CR (port, pin) & ~(0xFu << shift)) | mode << shift;
}

uint32_t
board_ms (void)
{
  static uint32_t high;
  static uint16_t last;
  uint16_t        now = (uint16_t)TIM2_CNT;

  if (now < last)
    high += 0x10000;
  last = now;
  return high + now;
}
