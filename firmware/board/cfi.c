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
#define BUFFER (BUFFER_WORDS * 4)
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
  __asm volatile ("" ::: "memory"); /* what is read next is read now */
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
write_words (uint32_t to, const uint8_t from[BUFFER])
{
  uint32_t word, at;

  do
    REG (to) = WRITE_TO_BUFFER;
  while (!(REG (to) & READY));
  REG (to) = (BUFFER_WORDS - 1) * COUNT;
  for (at = 0; at < BUFFER; at += sizeof word)
    {
      memcpy (&word, from + at, sizeof word);
      REG (to + at) = word;
    }
  REG (to) = CONFIRM;
  return finished (to);
}

/* Of any length: what lies around it in a bufferful is written once more as it is. */
static bool
flash_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  uint32_t       to = (uint32_t)(uintptr_t)user + offset;
  const uint8_t *from = data;
  uint8_t        words[BUFFER];
  bool           good = true;

  while (size > 0 && good)
    {
      uint32_t begin = to & ~(BUFFER - 1), within = to - begin, n = BUFFER - within;

      if (n > size)
        n = size;
      memcpy (words, (const uint8_t *)(uintptr_t)begin, sizeof words);
      memcpy (words + within, from, n);
      good = show_array (begin, write_words (begin, words));
      to += n;
      from += n;
      size -= n;
    }
  return good;
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
