/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "stm32.h"

/* The flash controller: pages of 1 KiB are erased, half-words are written, both only while it is
 * unlocked by its two keys. `user` of a region is its address. */

#define CR_PG (1u << 0)
#define CR_PER (1u << 1)
#define CR_STRT (1u << 6)
#define CR_LOCK (1u << 7)
#define SR_BSY (1u << 0)
#define SR_PGERR (1u << 2)
#define SR_WRPRTERR (1u << 4)
#define SR_EOP (1u << 5)

static void
unlock (void)
{
  FLASH_KEYR = 0x45670123;
  FLASH_KEYR = 0xCDEF89AB;
  FLASH_SR = SR_PGERR | SR_WRPRTERR | SR_EOP;
}

static bool
finished (void)
{
  while (FLASH_SR & SR_BSY)
    ;
  return (FLASH_SR & (SR_PGERR | SR_WRPRTERR)) == 0;
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
  FLASH_CR = CR_PG;
  for (at = 0; at < size && good; at += 2)
    {
      REG16 (to + at) = mf_get16 (from + at);
      good = finished ();
      board_feed_watchdog ();
    }
  FLASH_CR = CR_LOCK;
  return good && memcmp (data, (const void *)to, size) == 0;
}

static bool
flash_erase (void *user, uint32_t offset)
{
  bool good;

  unlock ();
  FLASH_CR = CR_PER;
  FLASH_AR = (uint32_t)(uintptr_t)user + offset;
  FLASH_CR = CR_PER | CR_STRT;
  good = finished ();
  FLASH_CR = CR_LOCK;
  board_feed_watchdog ();
  return good;
}

static const struct mf_flash_ops ops = { flash_read, flash_program, flash_erase };

/* A record of the boot program is 16 bytes: so is a unit of programming. */
#define REGION(address, size) { &ops, (void *)(address), size, FLASH_PAGE, 16 }

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
