/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "cortex_m.h"
#include "stm32.h"

/* STM32F103 on its internal 8 MHz: serial line on PA9 and PA10, relay on PB0, light on PA6, LED on
 * PC13. */

#define HZ 8000000u
#define BAUD 115200u
#define VREFINT_MV 1200u
#define VREFINT_CHANNEL 17u
#define WATCHDOG_RELOAD 0xFFFu /* at 40 kHz / 256: 26 s, for checking a signature takes seconds */

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

static void
learn_cause (void)
{
  uint32_t flags = RCC_CSR;

  cause = flags & RCC_CSR_IWDGRSTF  ? MF_RESET_WATCHDOG
          : flags & RCC_CSR_SFTRSTF ? MF_RESET_COMMAND
                                    : MF_RESET_POWER_ON;
#ifndef BOARD_IS_BOOT
  RCC_CSR = flags | RCC_CSR_RMVF; /* the program wants to know it, not the boot program before it */
#endif
}

static void
init_measuring (void)
{
  TIM2_PSC = HZ / 1000 - 1;
  TIM2_EGR = 1;
  TIM2_CR1 = 1;
  TIM3_PSC = HZ / 100000 - 1;
  TIM3_ARR = 99;
  TIM3_CCMR1 = 0x60;
  TIM3_CCER = 1;
  TIM3_CR1 = 1;
  ADC1_SMPR1 = 7u << 21;
  ADC1_SQR3 = VREFINT_CHANNEL;
  ADC1_CR2 = 1u << 23 | 7u << 17 | 1u << 20 | 1;
}

void
board_init (void)
{
  learn_cause ();
  RCC_APB2ENR |= 1u << 2 | 1u << 3 | 1u << 4 | 1u << 9 | 1u << 14; /* ports A to C, ADC, USART */
  RCC_APB1ENR |= 1u << 0 | 1u << 1;                                /* TIM2, TIM3 */
  GPIOA_CRH = 0x444444B4;                                          /* PA9: alternate output */
  GPIOA_CRL = 0x4B444444;                                          /* PA6: alternate output */
  GPIOB_CRL = 0x44444442;
  GPIOC_CRH = 0x44244444;
  GPIOC_BSRR = 1u << 13; /* the LED is off when high */
  USART1_BRR = HZ / BAUD;
  USART1_CR1 = 1u << 13 | 1u << 5 | 1u << 3 | 1u << 2; /* on, wakes on a byte, both ways */
  init_measuring ();
#ifndef BOARD_IS_BOOT
  IWDG_KR = 0x5555;
  IWDG_PR = 6;
  IWDG_RLR = WATCHDOG_RELOAD;
  IWDG_KR = 0xCCCC;
#endif
  cortex_m_init (HZ);
  NVIC_ISER (1) = USART1_IRQ;
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

void
board_put (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while (!(USART1_SR & USART_TXE))
        ;
      USART1_DR = *bytes++;
    }
}

int
board_get (void)
{
  return USART1_SR & USART_RXNE ? (int)(USART1_DR & 0xFF) : -1;
}

void
board_idle (void)
{
  if (!(USART1_SR & USART_RXNE))
    cortex_m_sleep ();
  NVIC_ICPR (1) = USART1_IRQ;
}

void
board_feed_watchdog (void)
{
  IWDG_KR = 0xAAAA;
}

void
board_reset (void)
{
  cortex_m_reset ();
}

enum mf_reset_cause
board_reset_cause (void)
{
  return cause;
}

static uint32_t
convert (void)
{
  ADC1_CR2 |= 1u << 22;
  while (!(ADC1_SR & 2u))
    ;
  return ADC1_DR & 0xFFF;
}

uint32_t
board_supply (void)
{
  uint32_t reading = convert ();

  return reading == 0 ? 0 : VREFINT_MV * 4095 / reading;
}

/* What the converter's last bits and the chip's number are worth. */
void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    to[size] =
      (uint8_t)(convert () ^ TIM2_CNT ^ *(const uint8_t *)(uintptr_t)(UNIQUE_ID + size % 12));
}

void
board_relay (bool on)
{
  GPIOB_BSRR = on ? 1u << 0 : 1u << 16;
}

void
board_level (unsigned percent)
{
  TIM3_CCR1 = percent;
}

void
board_led (bool on)
{
  GPIOC_BSRR = on ? 1u << 29 : 1u << 13;
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
