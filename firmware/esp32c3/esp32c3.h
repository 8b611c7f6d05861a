/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ESP32C3_H
#define ESP32C3_H

#include "memory.h"

/* Registers and ROM functions of the ESP32-C3 (its reference manual, and the linker script of its
 * ROM), and its flash as this port divides it. The boot program is what the ROM loads, as an image
 * of esptool at offset 0; it copies the unit's program to memory and runs it there. */

#define UART_FIFO REG (0x60000000)
#define UART_STATUS REG (0x6000001C)

#define SYSTIMER_CONF REG (0x60023000)
#define SYSTIMER_UNIT0_OP REG (0x60023004)
#define SYSTIMER_UNIT1_OP REG (0x60023008)
#define SYSTIMER_UNIT1_LOW REG (0x6002304C)
#define SYSTIMER_UNIT0_HIGH REG (0x60023040)
#define SYSTIMER_UNIT0_LOW REG (0x60023044)

#define RTC_RESET_STATE REG (0x60008038)
#define RTC_STORE0 REG (0x60008050)
#define RTC_WDT_CONFIG0 REG (0x60008090)
#define RTC_WDT_CONFIG1 REG (0x60008094)
#define RTC_WDT_FEED REG (0x600080A4)
#define RTC_WDT_KEY REG (0x600080A8)
#define RTC_WDT_UNLOCK 0x50D83AA1u
#define RTC_SWD_CONF REG (0x600080AC)
#define RTC_SWD_KEY REG (0x600080B0)
#define RTC_SWD_UNLOCK 0x8F1D312Au
#define TIMG0_WDT_CONFIG0 REG (0x6001F048)
#define TIMG0_WDT_KEY REG (0x6001F064)

#define GPIO_OUT_SET REG (0x60004008)
#define GPIO_OUT_CLEAR REG (0x6000400C)
#define GPIO_ENABLE_SET REG (0x60004024)
#define GPIO_ENABLE_CLEAR REG (0x60004028)
#define GPIO_IN REG (0x6000403C)
#define GPIO_OUT_SIGNAL(pin) REG (0x60004554u + 4u * (pin)) /* what drives the pin */
#define SIGNAL_GPIO 128u
#define SIGNAL_LEDC0 45u
#define PAD(pin) REG (0x60009004u + 4u * (pin))
#define PAD_OUTPUT (1u << 12 | 2u << 10)                   /* of the GPIO matrix, 20 mA */
#define PAD_LINE (1u << 12 | 2u << 10 | 1u << 9 | 1u << 8) /* and input, pulled up */
#define RANDOM REG (0x600260B0)

#define LEDC_CH0_CONF0 REG (0x60019000)
#define LEDC_CH0_DUTY REG (0x60019008)
#define LEDC_CH0_CONF1 REG (0x6001900C)
#define LEDC_TIMER0_CONF REG (0x600190A0)
#define LEDC_CONF REG (0x600190D0)
#define SYSTEM_CLK_EN0 REG (0x600C0010)
#define SYSTEM_RST_EN0 REG (0x600C0018)

#define ROM_RESET 0x40000090u
#define ROM_ERASE_SECTOR 0x40000128u
#define ROM_WRITE 0x4000012Cu
#define ROM_READ 0x40000130u
#define ROM_UNLOCK 0x40000140u

#define FLASH_SECTOR 4096u
#define BOOT_RECORDS 0x10000u
#define UNIT_RECORDS 0x12000u
#define SLOT_A 0x20000u
#define SLOT_B 0x40000u
#define SLOT_SIZE 0x18000u

/* Where a unit's program lies and runs, and the word by which it knows its slot. */
#define PROGRAM 0x40390000u
#define SLOT_WORD REG (0x3FCDFFF0u)

#endif
