/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STM32_H
#define STM32_H

#include "board.h"

/* What the STM32s have in common (common.c, parts.c), on the registers of the one that is built
 * for. */
#include STM32_CHIP

#define STM32_BAUD 115200u

/* Why it started; called first. */
void stm32_learn_cause (void);

/* Starts the watchdog: 26 s, for checking a signature takes seconds. */
void stm32_start_watchdog (void);

/* The serial line from a clock of so many Hz, its pins set. */
void stm32_start_line (uint32_t hz);

/* TIM3 for a light, from a clock of so many Hz: a pulse width of a thousand steps, a kilohertz. */
void stm32_start_light (uint32_t hz);

/* What the analogue converter says of a channel, of 4,095. */
uint32_t stm32_convert (unsigned channel);

/* Millivolts at a channel's pin, measured against the chip's own reference; of the reference's
 * channel, the chip's supply. 0: that cannot be. */
#define STM32_REFERENCE 17u
uint32_t stm32_millivolts (unsigned channel);

/* What a pin does: one of GPIO_…, which are the chip's; pins of a peripheral are the one's that the
 * reference build uses there. */
void stm32_set_mode (uint32_t port, unsigned pin, uint32_t mode);

/* The flash, as every chip's controller has it (flash_driver.c). */
extern const struct mf_flash_ops stm32_flash_ops;

/* What the chip's own flash.c brings to it: begins to erase the unit at that address; and looks
 * after what is cached of the flash when it has changed. */
void stm32_flash_erase (uint32_t address);
void stm32_flash_changed (void);

/* Sets the level of a pin that is driven. */
void stm32_set_pin (uint32_t port, unsigned pin, bool high);

#endif
