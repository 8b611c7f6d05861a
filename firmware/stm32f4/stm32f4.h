/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STM32F4_H
#define STM32F4_H

#include "memory.h"

/* Registers of the STM32F405 (RM0090), and its flash of 1 MiB as this port divides it. */

#define RCC_CR REG (0x40023800)
#define RCC_CR_HSEON (1u << 16)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_PLLON (1u << 24)
#define RCC_CR_PLLRDY (1u << 25)
#define RCC_PLLCFGR REG (0x40023804)
#define RCC_CFGR REG (0x40023808)
#define RCC_AHB1ENR REG (0x40023830)
#define RCC_APB1ENR REG (0x40023840)
#define RCC_APB2ENR REG (0x40023844)
#define RCC_CSR REG (0x40023874)
#define RCC_CSR_RMVF (1u << 24)
#define RCC_CSR_SFTRSTF (1u << 28)
#define RCC_CSR_IWDGRSTF (1u << 29)

#define USART1_SR REG (0x40011000)
#define USART1_DR REG (0x40011004)
#define USART1_BRR REG (0x40011008)
#define USART1_CR1 REG (0x4001100C)
#define USART_RXNE (1u << 5)
#define USART_TXE (1u << 7)

#define TIM2_CR1 REG (0x40000000)
#define TIM2_EGR REG (0x40000014)
#define TIM2_CNT REG (0x40000024) /* 32 bits */
#define TIM2_PSC REG (0x40000028)
#define TIM2_ARR REG (0x4000002C)
#define TIM3_CR1 REG (0x40000400)
#define TIM3_CCMR1 REG (0x40000418)
#define TIM3_CCER REG (0x40000420)
#define TIM3_PSC REG (0x40000428)
#define TIM3_ARR REG (0x4000042C)
#define TIM3_CCR1 REG (0x40000434)

#define GPIOA 0x40020000u
#define GPIOB 0x40020400u
#define GPIOC 0x40020800u
#define GPIO_MODER(port) REG (port) /* two bits a pin */
#define GPIO_OTYPER(port) REG ((port) + 0x04)
#define GPIO_IDR(port) REG ((port) + 0x10)
#define GPIO_BSRR(port) REG ((port) + 0x18)
#define GPIO_AFR(port, pin) REG ((port) + ((pin) < 8 ? 0x20u : 0x24u)) /* four bits a pin */
/* Two bits of MODER, and one of OTYPER. */
#define GPIO_OUTPUT 1u
#define GPIO_ALTERNATE 2u
#define GPIO_ANALOG 3u
#define GPIO_OPEN_DRAIN (1u | 1u << 2)
/* Of port A: TIM3 on pin 6, USART1 on pins 9 and 10. */
#define GPIO_FUNCTION(pin) ((pin) < 8 ? 2u : 7u)

#define ADC1_SR REG (0x40012000)
#define ADC1_CR2 REG (0x40012008)
#define ADC1_SMPR1 REG (0x4001200C)
#define ADC1_SMPR2 REG (0x40012010)
#define ADC1_SQR3 REG (0x40012034)
#define ADC_START (1u << 30)
#define ADC1_DR REG (0x4001204C)
#define ADC_CCR REG (0x40012304)

#define IWDG_KR REG (0x40003000)
#define IWDG_PR REG (0x40003004)
#define IWDG_RLR REG (0x40003008)

#define FLASH_ACR REG (0x40023C00)
#define FLASH_KEYR REG (0x40023C04)
#define FLASH_SR REG (0x40023C0C)
#define FLASH_CR REG (0x40023C10)
#define FLASH_CR_WORDS (2u << 8) /* with a supply of 2.7 V or more */
#define FLASH_CR_PROGRAM (1u << 0 | FLASH_CR_WORDS)
#define FLASH_CR_LOCK (1u << 31)
#define FLASH_SR_BSY (1u << 16)
#define FLASH_SR_ERRORS 0xF2u /* operation, write protection, alignment, parallelism, sequence */
#define FLASH_SR_EOP (1u << 0)
#define FLASH_WORD 4u
#define FLASH_STORE(to, from) (REG (to) = mf_get32 (from))

#define USART1_IRQ (1u << (37 - 32))

#ifndef UNIQUE_ID /* QEMU has no memory there */
#define UNIQUE_ID 0x1FFF7A10u
#endif

#define STM32_US TIM2_CNT
#define STM32_LED GPIOC, 12
#define STM32_VREFINT_MV 1210u

/* Sectors of 16 KiB up to 64 KiB, one of 64, then of 128. The unit's records have the last of the
 * first kind, and as much of the one of 64, of which the rest is not used. */
#define FLASH_BASE 0x08000000u
#define RECORDS_SECTOR 0x4000u
#define BOOT_RECORDS 0x08004000u
#define UNIT_RECORDS 0x0800C000u
#define SLOT_A 0x08020000u
#define SLOT_B 0x08080000u
#define SLOT_SIZE 0x60000u
#define SLOT_SECTOR 0x20000u

#endif
