/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stm32.h"

/* The STM32F103's flash, of pages of 1 KiB, and what lies where in it. */

#define CR_PER (1u << 1)
#define CR_STRT (1u << 6)

void
stm32_flash_erase (uint32_t address)
{
  FLASH_CR = CR_PER;
  FLASH_AR = address;
  FLASH_CR = CR_PER | CR_STRT;
}

void
stm32_flash_changed (void)
{
}

/* A record of the boot program is 16 bytes: so is a unit of programming. */
#define REGION(address, size) { &stm32_flash_ops, (void *)(address), size, FLASH_PAGE, 16 }

const struct mf_flash board_records = REGION (UNIT_RECORDS, 2 * FLASH_PAGE);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  REGION (BOOT_RECORDS, 2 * FLASH_PAGE),
  { REGION (SLOT_A, SLOT_SIZE), REGION (SLOT_B, SLOT_SIZE) },
  { SLOT_A + MF_IMAGE_HEADER_SIZE, SLOT_B + MF_IMAGE_HEADER_SIZE },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};
