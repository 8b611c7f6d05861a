/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "esp32c3.h"

/* Flash by the chip's ROM, whose functions want words at addresses of words. `user` of a region is
 * its offset. */

#define WORDS 64u

typedef int (*rom_erase) (uint32_t sector);
typedef int (*rom_write) (uint32_t to, const uint32_t *from, int32_t size);
typedef int (*rom_read) (uint32_t from, uint32_t *to, int32_t size);
typedef int (*rom_unlock) (void);

static bool
flash_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  uint32_t words[WORDS], from = (uint32_t)(uintptr_t)user + offset;
  uint8_t *to = data;

  while (size > 0)
    {
      uint32_t skip = from % 4, n = sizeof words - skip < size ? sizeof words - skip : size;

      if (((rom_read)ROM_READ) (from - skip, words, (int32_t)((skip + n + 3) / 4 * 4)) != 0)
        return false;
      memcpy (to, (uint8_t *)words + skip, n);
      to += n;
      from += n;
      size -= n;
    }
  return true;
}

static bool
flash_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  uint32_t       words[WORDS], to = (uint32_t)(uintptr_t)user + offset;
  const uint8_t *from = data;

  ((rom_unlock)ROM_UNLOCK) ();
  while (size > 0)
    {
      uint32_t n = sizeof words < size ? sizeof words : size;

      memcpy (words, from, n);
      if (((rom_write)ROM_WRITE) (to, words, (int32_t)n) != 0)
        return false;
      to += n;
      from += n;
      size -= n;
    }
  return true;
}

static bool
flash_erase (void *user, uint32_t offset)
{
  ((rom_unlock)ROM_UNLOCK) ();
  board_feed_watchdog ();
  return ((rom_erase)ROM_ERASE_SECTOR) (((uint32_t)(uintptr_t)user + offset) / FLASH_SECTOR) == 0;
}

static const struct mf_flash_ops ops = { flash_read, flash_program, flash_erase };

#define REGION(offset, size) { &ops, (void *)(offset), size, FLASH_SECTOR, 16 }

const struct mf_flash board_records = REGION (UNIT_RECORDS, 2 * FLASH_SECTOR);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  REGION (BOOT_RECORDS, 2 * FLASH_SECTOR),
  { REGION (SLOT_A, SLOT_SIZE), REGION (SLOT_B, SLOT_SIZE) },
  { 0, 0 },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};
