/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "stm32.h"

/* The flash controller: units are erased, words of the chip's are written, both only while it is
 * unlocked by its two keys. The processor stands while a unit is erased. `user` of a region is its
 * address. */

static void
unlock (void)
{
  board_feed_watchdog ();
  FLASH_KEYR = 0x45670123;
  FLASH_KEYR = 0xCDEF89AB;
  FLASH_SR = FLASH_SR_ERRORS | FLASH_SR_EOP;
}

static void
lock (void)
{
  FLASH_CR = FLASH_CR_LOCK;
  stm32_flash_changed ();
  board_feed_watchdog ();
}

static bool
finished (void)
{
  while (FLASH_SR & FLASH_SR_BSY)
    ;
  return (FLASH_SR & FLASH_SR_ERRORS) == 0;
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
  FLASH_CR = FLASH_CR_PROGRAM;
  for (at = 0; at < size && good; at += FLASH_WORD)
    {
      FLASH_STORE (to + at, from + at);
      good = finished ();
    }
  lock ();
  return good && memcmp (data, (const void *)to, size) == 0;
}

static bool
flash_erase (void *user, uint32_t offset)
{
  bool good;

  unlock ();
  stm32_flash_erase ((uint32_t)(uintptr_t)user + offset);
  good = finished ();
  lock ();
  return good;
}

const struct mf_flash_ops stm32_flash_ops = { flash_read, flash_program, flash_erase };
