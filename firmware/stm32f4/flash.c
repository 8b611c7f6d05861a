/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "stm32.h"

/* The flash controller: sectors of unequal size are erased, words are written, both only while it
 * is unlocked by its two keys. The processor stands while a sector is erased, which of the largest
 * takes two seconds. `user` of a region is its address. */

#define CR_PG (1u << 0)
#define CR_SER (1u << 1)
#define CR_SECTOR(n) ((n) << 3)
#define CR_WORDS (2u << 8) /* with a supply of 2.7 V or more */
#define CR_STRT (1u << 16)
#define CR_LOCK (1u << 31)
#define SR_EOP (1u << 0)
#define SR_ERRORS 0xF2u /* operation, write protection, alignment, parallelism, sequence */
#define SR_BSY (1u << 16)
#define ACR_DATA_CACHE (1u << 10)
#define ACR_FORGET_DATA (1u << 12)

static void
unlock (void)
{
  FLASH_KEYR = 0x45670123;
  FLASH_KEYR = 0xCDEF89AB;
  FLASH_SR = SR_ERRORS | SR_EOP;
}

static bool
finished (void)
{
  while (FLASH_SR & SR_BSY)
    ;
  return (FLASH_SR & SR_ERRORS) == 0;
}

/* What is cached of the flash is not what it holds any more. */
static void
forget_cached (void)
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

static bool
flash_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  memcpy (data, (const uint8_t *)user + offset, size);
  return true;
}

static bool
flash_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  const uint8_t *from = data;
  uintptr_t      to = (uintptr_t)user + offset;
  uint32_t       at;
  bool           good = true;

  unlock ();
  FLASH_CR = CR_PG | CR_WORDS;
  for (at = 0; at < size && good; at += 4)
    {
      REG (to + at) = mf_get32 (from + at);
      good = finished ();
    }
  FLASH_CR = CR_LOCK;
  forget_cached ();
  board_feed_watchdog ();
  return good && memcmp (data, (const void *)to, size) == 0;
}

static bool
flash_erase (void *user, uint32_t offset)
{
  uint32_t what = CR_SER | CR_WORDS | CR_SECTOR (sector_of ((uint32_t)(uintptr_t)user + offset));
  bool     good;

  board_feed_watchdog ();
  unlock ();
  FLASH_CR = what;
  FLASH_CR = what | CR_STRT;
  good = finished ();
  FLASH_CR = CR_LOCK;
  forget_cached ();
  board_feed_watchdog ();
  return good;
}

static const struct mf_flash_ops ops = { flash_read, flash_program, flash_erase };

#define REGION(address, size, sector) { &ops, (void *)(address), size, sector, 16 }

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
