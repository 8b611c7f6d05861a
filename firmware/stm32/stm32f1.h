/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STM32F1_H
#define STM32F1_H

#include "memory.h"

/* Registers of the STM32F103 (RM0008), and its flash as this port divides it. */

#define RCC_CR REG (0x40021000)
#define RCC_CFGR REG (0x40021004)
#define RCC_APB2ENR REG (0x40021018)
#define RCC_APB1ENR REG (0x4002101C)
#define RCC_CSR REG (0x40021024)
#define RCC_CSR_RMVF (1u << 24)
#define RCC_CSR_SFTRSTF (1u << 28)
#define RCC_CSR_IWDGRSTF (1u << 29)

#define USART1_SR REG (0x40013800)
#define USART1_DR REG (0x40013804)
#define USART1_BRR REG (0x40013808)
#define USART1_CR1 REG (0x4001380C)
#define USART_RXNE (1u << 5)
#define USART_TXE (1u << 7)

#define TIM2_CR1 REG (0x40000000)
#define TIM2_EGR REG (0x40000014)
#define TIM2_CNT REG (0x40000024)
#define TIM2_PSC REG (0x40000028)
#define TIM4_CR1 REG (0x40000800)
#define TIM4_EGR REG (0x40000814)
#define TIM4_CNT REG (0x40000824)
#define TIM4_PSC REG (0x40000828)
#define TIM3_CR1 REG (0x40000400)
#define TIM3_CCMR1 REG (0x40000418)
#define TIM3_CCER REG (0x40000420)
#define TIM3_PSC REG (0x40000428)
#define TIM3_ARR REG (0x4000042C)
#define TIM3_CCR1 REG (0x40000434)

#define GPIOA 0x40010800u
#define GPIOB 0x40010C00u
#define GPIOC 0x40011000u
#define GPIO_CR(port, pin) REG ((port) + ((pin) < 8 ? 0u : 4u)) /* four bits a pin */
#define GPIO_IDR(port) REG ((port) + 0x08)
#define GPIO_BSRR(port) REG ((port) + 0x10)
#define GPIO_ANALOG 0x0u
#define GPIO_OUTPUT 0x2u     /* pushes and pulls, at 2 MHz */
#define GPIO_OPEN_DRAIN 0x6u /* pulls or lets go, at 2 MHz */
#define GPIO_ALTERNATE 0xBu  /* a peripheral's output */

#define ADC1_SR REG (0x40012400)
#define ADC1_CR2 REG (0x40012408)
#define ADC1_SMPR1 REG (0x4001240C)
#define ADC1_SMPR2 REG (0x40012410)
#define ADC1_SQR3 REG (0x40012434)
#define ADC_START (1u << 22)
#define ADC1_DR REG (0x4001244C)

#define IWDG_KR REG (0x40003000)
#define IWDG_PR REG (0x40003004)
#define IWDG_RLR REG (0x40003008)

#define FLASH_ACR REG (0x40022000)
#define FLASH_KEYR REG (0x40022004)
#define FLASH_SR REG (0x4002200C)
#define FLASH_CR REG (0x40022010)
#define FLASH_AR REG (0x40022014)
#define FLASH_CR_PROGRAM (1u << 0)
#define FLASH_CR_LOCK (1u << 7)
#define FLASH_SR_BSY (1u << 0)
#define FLASH_SR_ERRORS 0x14u /* programming, write protection */
#define FLASH_SR_EOP (1u << 5)
#define FLASH_WORD 2u
#define FLASH_STORE(to, from) (REG16 (to) = mf_get16 (from))

#define USART1_IRQ (1u << (37 - 32))

#define UNIQUE_ID 0x1FFFF7E8u

#define STM32_US TIM4_CNT
#define STM32_LED GPIOC, 13
#define STM32_VREFINT_MV 1200u

#define FLASH_PAGE 1024u
#define BOOT_RECORDS 0x08004000u
#define UNIT_RECORDS 0x08004800u
#define SLOT_A 0x08005000u
#define SLOT_B 0x08012800u
#define SLOT_SIZE 0xD800u

#endif
