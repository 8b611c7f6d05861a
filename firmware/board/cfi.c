/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "cfi.h"

/* Flash chips with Intel's command set (CFI 01) on a bus of 32 bits, be they one or two side by
 * side. `user` of a region is its address. */

#define READ_ARRAY 0x00FF00FFu
#define ERASE 0x00200020u
#define CONFIRM 0x00D000D0u
#define WRITE_TO_BUFFER 0x00E800E8u
#define COUNT 0x00010001u /* one, to either chip */
#define BUFFER_WORDS 16u  /* what the smallest of these chips takes at once */
#define CLEAR_STATUS 0x00500050u
#define READY 0x80u
#define FAILED 0x3Au

/* Waits for what was begun. The chip then still shows its status, not what it holds. */
static bool
finished (uint32_t address)
{
  uint32_t status;

  do
    status = REG (address);
  while (!(status & READY));
  return (status & FAILED) == 0;
}

static bool
show_array (uint32_t address, bool good)
{
  REG (address) = CLEAR_STATUS;
  REG (address) = READ_ARRAY;
  return good;
}

static bool
flash_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  memcpy (data, (const uint8_t *)user + offset, size);
  return true;
}

/* A bufferful, which lies within one block of the chip's. */
static bool
write_words (uint32_t to, const uint8_t *from)
{
  uint32_t word, at;

  do
    REG (to) = WRITE_TO_BUFFER;
  while (!(REG (to) & READY));
  REG (to) = (BUFFER_WORDS - 1) * COUNT;
  for (at = 0; at < BUFFER_WORDS * 4; at += sizeof word)
    {
      memcpy (&word, from + at, sizeof word);
      REG (to + at) = word;
    }
  REG (to) = CONFIRM;
  return finished (to);
}

static bool
flash_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  uint32_t       to = (uint32_t)(uintptr_t)user + offset, at;
  const uint8_t *from = data;
  bool           good = true;

  for (at = 0; at < size && good; at += BUFFER_WORDS * 4)
    good = write_words (to + at, from + at);
  return show_array (to, good);
}

static bool
flash_erase (void *user, uint32_t offset)
{
  uint32_t at = (uint32_t)(uintptr_t)user + offset;

  REG (at) = ERASE;
  REG (at) = CONFIRM;
  return show_array (at, finished (at));
}

const struct mf_flash_ops cfi_ops = { flash_read, flash_program, flash_erase };
