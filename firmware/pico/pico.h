/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PICO_H
#define PICO_H

#include "memory.h"

/* Registers of the RP2040 (its datasheet), what its ROM offers, and the Pico's flash as this port
 * divides it. A register of APB has two more addresses, where a write sets or clears bits. */

#define SET(address) REG ((address) + 0x2000u)
#define CLEAR(address) REG ((address) + 0x3000u)

#define RESETS 0x4000C000u
#define RESETS_DONE REG (0x4000C008)
#define RESET_ADC (1u << 0)
#define RESET_IO_BANK0 (1u << 5)
#define RESET_PADS_BANK0 (1u << 8)
#define RESET_PLL_SYS (1u << 12)
#define RESET_PLL_USB (1u << 13)
#define RESET_PWM (1u << 14)
#define RESET_TIMER (1u << 21)
#define RESET_UART0 (1u << 22)

#define XOSC_CTRL 0x40024000u
#define XOSC_STATUS REG (0x40024004)
#define XOSC_STARTUP REG (0x4002400C)
#define PLL_SYS 0x40028000u
#define PLL_USB 0x4002C000u
#define CLK_REF_CTRL REG (0x40008030)
#define CLK_REF_SELECTED REG (0x40008038)
#define CLK_SYS_CTRL 0x4000803Cu
#define CLK_SYS_SELECTED REG (0x40008044)
#define CLK_PERI_CTRL REG (0x40008048)
#define CLK_ADC_CTRL REG (0x40008060)
#define ROSC_RANDOM_BIT REG (0x4006001C)

#define PSM_WDSEL REG (0x40010008)
#define WATCHDOG_CTRL 0x40058000u
#define WATCHDOG_LOAD REG (0x40058004)
#define WATCHDOG_REASON REG (0x40058008)
#define WATCHDOG_TICK REG (0x4005802C)
#define TIMER_RAW_HIGH REG (0x40054024)
#define TIMER_RAW_LOW REG (0x40054028)

#define UART_DATA REG (0x40034000)
#define UART_FLAGS REG (0x40034018)
#define UART_IBRD REG (0x40034024)
#define UART_FBRD REG (0x40034028)
#define UART_LCR REG (0x4003402C)
#define UART_CR REG (0x40034030)
#define UART_IMSC REG (0x40034038)
#define UART_RX_EMPTY (1u << 4)
#define UART_TX_FULL (1u << 5)
#define UART_IRQ (1u << 20)

#define GPIO_CTRL(n) REG (0x40014004u + 8u * (n))
#define PAD(n) REG (0x4001C004u + 4u * (n))
#define PAD_LINE 0x5Au   /* input, pulled up, 4 mA, Schmitt trigger */
#define PAD_ANALOG 0x80u /* no output, no input, no pull */
#define FUNCTION_UART 2u
#define FUNCTION_PWM 4u
#define FUNCTION_SIO 5u
#define SIO_IN REG (0xD0000004)
#define SIO_OUT_SET REG (0xD0000014)
#define SIO_OUT_CLEAR REG (0xD0000018)
#define SIO_OE_SET REG (0xD0000024)
#define SIO_OE_CLEAR REG (0xD0000028)
#define PWM1_CSR REG (0x40050014)
#define PWM1_DIV REG (0x40050018)
#define PWM1_CC REG (0x40050020)
#define PWM1_TOP REG (0x40050024)
#define ADC_CS REG (0x4004C000)
#define ADC_RESULT REG (0x4004C004)

/* Where the ROM says where its table of functions is, and the one that looks a code up in it. */
#define ROM_TABLE REG16 (0x14)
#define ROM_LOOKUP REG16 (0x18)

#define XIP 0x10000000u
#define FLASH_SECTOR 4096u
#define FLASH_PAGE 256u
#define BOOT_RECORDS 0x10000u
#define UNIT_RECORDS 0x12000u
#define SLOT_A 0x20000u
#define SLOT_B 0x40000u
#define SLOT_SIZE 0x20000u

#endif
