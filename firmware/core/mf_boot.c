/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_boot.h"
#include "mf_crc32.h"
#include "mf_octets.h"

#define RECORD 16u
#define MARK 0x5Au
#define CHECKED 12u /* bytes of a record before its CRC */

static uint32_t
stride (const struct mf_boot *self)
{
  return mf_flash_round_up (&self->config->records, RECORD);
}

/* Records of one unit; what is left at its end stays unused. */
static uint32_t
unit_end (const struct mf_boot *self, uint32_t unit)
{
  uint32_t erase_size = self->config->records.erase_size, step = stride (self);

  return unit * erase_size + erase_size / step * step;
}

/* Takes over a record when it is whole and newer than what is known. */
static void
take (struct mf_boot *self, const uint8_t record[RECORD], uint32_t offset)
{
  uint32_t number = mf_get32 (record);
  unsigned slot, active = record[6] & 15u;

  if (record[7] != MARK || mf_get32 (record + CHECKED) != mf_crc32 (0, record, CHECKED) ||
      number <= self->number || active > MF_BOOT_NONE)
    return;
  for (slot = 0; slot < MF_BOOT_SLOTS; slot++)
    if (record[4 + slot] > MF_SLOT_REVERTED)
      return;
  for (slot = 0; slot < MF_BOOT_SLOTS; slot++)
    self->states[slot] = (enum mf_slot_state)record[4 + slot];
  self->number = number;
  self->active = active;
  self->tries = record[6] >> 4;
  self->security_counter = mf_get32 (record + 8);
  self->newest = offset;
  self->end = offset + stride (self);
}

/* The next record goes behind the newest one; where that place was begun already, behind it. */
static void
find_end (struct mf_boot *self)
{
  const struct mf_flash *flash = &self->config->records;
  uint32_t               unit = self->number == 0 ? 0 : (self->end - 1) / flash->erase_size;

  while (self->end < unit_end (self, unit) && !mf_flash_is_blank (flash, self->end, stride (self)))
    self->end += stride (self);
}

bool
mf_boot_init (struct mf_boot *self, const struct mf_boot_config *config)
{
  const struct mf_flash *flash = &config->records;
  uint8_t                record[RECORD];
  uint32_t               unit, offset;

  memset (self, 0, sizeof *self);
  self->config = config;
  self->active = MF_BOOT_NONE;
  for (unit = 0; unit < flash->size / flash->erase_size; unit++)
    for (offset = unit * flash->erase_size; offset < unit_end (self, unit); offset += stride (self))
      {
        if (!mf_flash_read (flash, offset, record, sizeof record))
          return false;
        take (self, record, offset);
      }
  find_end (self);
  return true;
}

/* Erases the next unit when this one is full. False: flash failed, now or so often that the newest
 * record would go. */
static bool
make_room (struct mf_boot *self)
{
  const struct mf_flash *flash = &self->config->records;
  uint32_t               units = flash->size / flash->erase_size;
  uint32_t               unit = self->end == 0 ? 0 : (self->end - 1) / flash->erase_size;

  if (self->end < unit_end (self, unit))
    return true;
  unit = (unit + 1) % units;
  if (self->number > 0 && unit == self->newest / flash->erase_size)
    return false;
  if (!mf_flash_erase (flash, unit * flash->erase_size))
    return false;
  self->end = unit * flash->erase_size;
  return true;
}

static bool
append (struct mf_boot *self, const struct mf_boot *next)
{
  uint8_t  page[MF_FLASH_PROGRAM_MAX];
  uint32_t step = stride (self);
  unsigned slot;

  if (!make_room (self))
    return false;
  memset (page, 0xFF, sizeof page);
  mf_put32 (page, self->number + 1);
  for (slot = 0; slot < MF_BOOT_SLOTS; slot++)
    page[4 + slot] = (uint8_t)next->states[slot];
  page[6] = (uint8_t)(next->active | next->tries << 4);
  page[7] = MARK;
  mf_put32 (page + 8, next->security_counter);
  mf_put32 (page + CHECKED, mf_crc32 (0, page, CHECKED));
  self->end += step;
  return mf_flash_program (&self->config->records, self->end - step, page, step) &&
         mf_flash_read (&self->config->records, self->end - step, page + RECORD, RECORD) &&
         memcmp (page, page + RECORD, RECORD) == 0;
}

/* Makes `next` what is known, in flash first. */
static bool
change (struct mf_boot *self, const struct mf_boot *next)
{
  uint32_t end;

  if (!append (self, next))
    return false;
  end = self->end;
  *self = *next;
  self->number++;
  self->newest = end - stride (self);
  self->end = end;
  return true;
}

struct mf_image_target
mf_boot_target (const struct mf_boot *self, unsigned slot)
{
  const struct mf_boot_config *config = self->config;
  struct mf_image_target       target = {
          .model = config->model,
          .hardware_revision = config->hardware_revision,
          .security_counter = self->security_counter,
          .payload_max = config->slots[slot].size - MF_IMAGE_HEADER_SIZE,
          .load_address = config->load_addresses[slot],
  };

  return target;
}

enum mf_image_error
mf_boot_check (const struct mf_boot *self, unsigned slot, struct mf_image *image)
{
  struct mf_image_target target = mf_boot_target (self, slot);

  return mf_image_check_flash (image, &self->config->slots[slot], &self->config->keys, &target);
}

unsigned
mf_boot_spare (const struct mf_boot *self, unsigned running)
{
  return running < MF_BOOT_SLOTS ? 1 - running : self->active == 0 ? 1 : 0;
}

static bool
set_state (struct mf_boot *self, unsigned slot, enum mf_slot_state state, unsigned tries)
{
  struct mf_boot next = *self;

  next.states[slot] = state;
  next.tries = tries;
  if (state == MF_SLOT_CONFIRMED)
    next.active = slot;
  else if (next.active == slot)
    next.active = next.states[1 - slot] == MF_SLOT_CONFIRMED ? 1 - slot : MF_BOOT_NONE;
  return change (self, &next);
}

bool
mf_boot_clear (struct mf_boot *self, unsigned slot)
{
  if (self->states[1 - slot] != MF_SLOT_CONFIRMED)
    return false;
  return self->states[slot] == MF_SLOT_EMPTY || set_state (self, slot, MF_SLOT_EMPTY, 0);
}

bool
mf_boot_set_pending (struct mf_boot *self, unsigned slot)
{
  return set_state (self, slot, MF_SLOT_PENDING, MF_BOOT_TRIES);
}

bool
mf_boot_confirm (struct mf_boot *self, unsigned slot, const struct mf_image *image)
{
  struct mf_boot next = *self;

  if (image->security_counter > next.security_counter)
    next.security_counter = image->security_counter;
  next.states[slot] = MF_SLOT_CONFIRMED;
  next.active = slot;
  next.tries = 0;
  return change (self, &next);
}

bool
mf_boot_revert (struct mf_boot *self, unsigned slot)
{
  return set_state (self, slot, MF_SLOT_REVERTED, 0);
}

/* A slot that is to be tried, or was: whether it may run now. Its try is counted before it does. */
static bool
may_try (struct mf_boot *self, unsigned slot, struct mf_image *image)
{
  if (self->tries == 0 || mf_boot_check (self, slot, image) != MF_IMAGE_OK)
    {
      mf_boot_revert (self, slot);
      return false;
    }
  return set_state (self, slot, MF_SLOT_TRYING, self->tries - 1);
}

/* Without an image that is known to work, every authentic one is better than none: from the factory
 * there is no record, and records can be lost. */
static unsigned
rescue (struct mf_boot *self, struct mf_image *image)
{
  unsigned slot;

  for (slot = 0; slot < MF_BOOT_SLOTS; slot++)
    if (mf_boot_check (self, slot, image) == MF_IMAGE_OK)
      {
        mf_boot_confirm (self, slot, image);
        return slot;
      }
  return MF_BOOT_NONE;
}

unsigned
mf_boot_select (struct mf_boot *self, struct mf_image *image)
{
  unsigned slot, turn;

  for (slot = 0; slot < MF_BOOT_SLOTS; slot++)
    if ((self->states[slot] == MF_SLOT_PENDING || self->states[slot] == MF_SLOT_TRYING) &&
        may_try (self, slot, image))
      return slot;
  for (turn = 0, slot = self->active; turn < MF_BOOT_SLOTS && slot < MF_BOOT_SLOTS; turn++)
    {
      if (self->states[slot] == MF_SLOT_CONFIRMED &&
          mf_boot_check (self, slot, image) == MF_IMAGE_OK)
        return slot;
      slot = 1 - slot;
    }
  return rescue (self, image);
}
