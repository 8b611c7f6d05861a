/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cortex_m.h"
#include "pins.h"
#include "stm32.h"

#define WATCHDOG_RELOAD 0xFFFu /* at 32 to 40 kHz / 256 */
#define CONVERT_LOOKS 5000u    /* it takes 24 us; one that never ends is not to stop the unit */
#define SUPPLY_LEAST_MV 1700u  /* no STM32 runs on less, or on more */
#define SUPPLY_MOST_MV 4000u

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

void
stm32_learn_cause (void)
{
  uint32_t flags = RCC_CSR;

  cause = flags & RCC_CSR_IWDGRSTF  ? MF_RESET_WATCHDOG
          : flags & RCC_CSR_SFTRSTF ? MF_RESET_COMMAND
                                    : MF_RESET_POWER_ON;
#ifndef BOARD_IS_BOOT
  RCC_CSR = flags | RCC_CSR_RMVF; /* the program wants to know it, not the boot program before it */
#endif
}

void
stm32_start_watchdog (void)
{
  IWDG_KR = 0x5555;
  IWDG_PR = 6;
  IWDG_RLR = WATCHDOG_RELOAD;
  IWDG_KR = 0xCCCC;
}

void
stm32_start_line (uint32_t hz)
{
  stm32_set_mode (GPIOA, 9, GPIO_ALTERNATE);
  USART1_BRR = (hz + STM32_BAUD / 2) / STM32_BAUD;
  USART1_CR1 = 1u << 13 | 1u << 5 | 1u << 3 | 1u << 2; /* on, wakes on a byte, both ways */
}

void
stm32_start_light (uint32_t hz)
{
  TIM3_PSC = hz / 1000000 - 1;
  TIM3_ARR = 999;
  TIM3_CCMR1 = 0x60;
  TIM3_CCER = 1;
  TIM3_CR1 = 1;
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
pins_line_get (void)
{
  return USART1_SR & USART_RXNE ? (int)(USART1_DR & 0xFF) : -1;
}

uint16_t
pins_us (void)
{
  return (uint16_t)STM32_US;
}

void
board_idle (void)
{
  if (!(USART1_SR & USART_RXNE) && !pins_keep_bytes ())
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

uint32_t
stm32_convert (unsigned channel)
{
  unsigned looks;

  ADC1_SQR3 = channel;
  ADC1_CR2 |= ADC_START;
  for (looks = 0; looks < CONVERT_LOOKS && !(ADC1_SR & 2u); looks++)
    ;
  return ADC1_DR & 0xFFF;
}

uint32_t
stm32_millivolts (unsigned channel)
{
  uint32_t reference = stm32_convert (STM32_REFERENCE);
  uint32_t supply = reference == 0 ? 0 : STM32_VREFINT_MV * 4095 / reference;

  if (supply < SUPPLY_LEAST_MV || supply > SUPPLY_MOST_MV)
    return 0;
  return channel == STM32_REFERENCE ? supply : stm32_convert (channel) * supply / 4095;
}

/* What the converter's last bits, the time and the chip's number are worth. */
void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    to[size] = (uint8_t)(stm32_convert (STM32_REFERENCE) ^ STM32_US ^
                         *(const uint8_t *)(uintptr_t)(UNIQUE_ID + size % 12));
}

void
stm32_set_pin (uint32_t port, unsigned pin, bool high)
{
  GPIO_BSRR (port) = 1u << (high ? pin : pin + 16);
}

/* It is on when its pin is low. */
void
board_led (bool on)
{
  stm32_set_pin (STM32_LED, !on);
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
  stm32_start_watchdog ();
  cortex_m_start ((slot == 0 ? SLOT_A : SLOT_B) + MF_IMAGE_HEADER_SIZE);
}
