/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stm32.h"

/* The STM32F405's flash, of sectors of unequal size, of which the largest takes two seconds to be
 * erased; and what lies where in it. */

#define CR_SER (1u << 1)
#define CR_SECTOR(n) ((n) << 3)
#define CR_STRT (1u << 16)
#define ACR_DATA_CACHE (1u << 10)
#define ACR_FORGET_DATA (1u << 12)

/* What is cached of the flash is not what it holds any more. */
void
stm32_flash_changed (void)
{
  uint32_t was = FLASH_ACR;

  FLASH_ACR = was & ~ACR_DATA_CACHE;
  FLASH_ACR = (was & ~ACR_DATA_CACHE) | ACR_FORGET_DATA;
  FLASH_ACR = was;
}

/* Figure 5 and table 5: four sectors of 16 KiB, one of 64, seven of 128. */
static uint32_t
sector_of (uint32_t address)
{
  uint32_t offset = address - FLASH_BASE;

  if (offset < 0x10000)
    return offset / 0x4000;
  return offset < 0x20000 ? 4 : 4 + offset / 0x20000;
}

void
stm32_flash_erase (uint32_t address)
{
  uint32_t what = CR_SER | FLASH_CR_WORDS | CR_SECTOR (sector_of (address));

  FLASH_CR = what;
  FLASH_CR = what | CR_STRT;
}

#define REGION(address, size, sector) { &stm32_flash_ops, (void *)(address), size, sector, 16 }

const struct mf_flash board_records = REGION (UNIT_RECORDS, 2 * RECORDS_SECTOR, RECORDS_SECTOR);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  REGION (BOOT_RECORDS, 2 * RECORDS_SECTOR, RECORDS_SECTOR),
  { REGION (SLOT_A, SLOT_SIZE, SLOT_SECTOR), REGION (SLOT_B, SLOT_SIZE, SLOT_SECTOR) },
  { SLOT_A + MF_IMAGE_HEADER_SIZE, SLOT_B + MF_IMAGE_HEADER_SIZE },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};
