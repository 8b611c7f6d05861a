/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "pico.h"

/* Flash by the chip's ROM. While it erases or writes, the flash is no memory: what tells it to lies
 * in RAM, and nothing else may run. `user` of a region is its offset. */

#define BLOCK_SIZE 0x10000u
#define BLOCK_ERASE 0xD8u

struct rom
{
  void (*connect) (void);
  void (*exit_xip) (void);
  void (*erase) (uint32_t offset, uint32_t size, uint32_t block_size, uint8_t command);
  void (*program) (uint32_t offset, const uint8_t *data, uint32_t size);
  void (*flush) (void);
  void (*enter_xip) (void);
};

static uintptr_t
look_up (const char code[2])
{
  uintptr_t (*find) (const uint16_t *table, uint32_t code);

  find = (uintptr_t (*) (const uint16_t *, uint32_t)) (uintptr_t)ROM_LOOKUP;
  return find ((const uint16_t *)(uintptr_t)ROM_TABLE, (uint32_t)code[0] | (uint32_t)code[1] << 8);
}

static struct rom
find_rom (void)
{
  struct rom rom = {
    (void (*) (void))look_up ("IF"),
    (void (*) (void))look_up ("EX"),
    (void (*) (uint32_t, uint32_t, uint32_t, uint8_t))look_up ("RE"),
    (void (*) (uint32_t, const uint8_t *, uint32_t))look_up ("RP"),
    (void (*) (void))look_up ("FC"),
    (void (*) (void))look_up ("CX"),
  };

  return rom;
}

/* Erases the sector, or writes the page where there is one. */
__attribute__ ((section (".ram"), noinline, long_call)) static void
operate (const struct rom *rom, uint32_t offset, const uint8_t *page)
{
  rom->connect ();
  rom->exit_xip ();
  if (page == NULL)
    rom->erase (offset, FLASH_SECTOR, BLOCK_SIZE, BLOCK_ERASE);
  else
    rom->program (offset, page, FLASH_PAGE);
  rom->flush ();
  rom->enter_xip ();
}

static bool
flash_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  memcpy (data, (const uint8_t *)(XIP + (uintptr_t)user) + offset, size);
  return true;
}

static bool
flash_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  const struct rom rom = find_rom ();
  const uint8_t   *from = data;
  uint8_t          page[FLASH_PAGE];
  uint32_t         at;

  for (at = 0; at < size; at += FLASH_PAGE)
    {
      memcpy (page, from + at, sizeof page);
      operate (&rom, (uint32_t)(uintptr_t)user + offset + at, page);
      board_feed_watchdog ();
    }
  return memcmp (data, (const uint8_t *)(XIP + (uintptr_t)user) + offset, size) == 0;
}

static bool
flash_erase (void *user, uint32_t offset)
{
  const struct rom rom = find_rom ();

  operate (&rom, (uint32_t)(uintptr_t)user + offset, NULL);
  board_feed_watchdog ();
  return true;
}

static const struct mf_flash_ops ops = { flash_read, flash_program, flash_erase };

#define REGION(offset, size) { &ops, (void *)(offset), size, FLASH_SECTOR, FLASH_PAGE }

const struct mf_flash board_records = REGION (UNIT_RECORDS, 2 * FLASH_SECTOR);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  REGION (BOOT_RECORDS, 2 * FLASH_SECTOR),
  { REGION (SLOT_A, SLOT_SIZE), REGION (SLOT_B, SLOT_SIZE) },
  { XIP + SLOT_A + MF_IMAGE_HEADER_SIZE, XIP + SLOT_B + MF_IMAGE_HEADER_SIZE },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};
