/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_crc32.h"
#include "mf_octets.h"
#include "mf_records.h"

#define NONE UINT32_MAX
#define HEAD 6u

/* Reads the place at `at`. False: it holds no whole record. */
static bool
read_place (const struct mf_records *self, uint32_t at, uint8_t record[MF_RECORD_SIZE])
{
  return mf_flash_read (self->flash, at, record, MF_RECORD_SIZE) &&
         mf_get32 (record + MF_RECORD_SIZE - 4) == mf_crc32 (0, record, MF_RECORD_SIZE - 4) &&
         record[4] < MF_RECORD_KEYS && record[5] <= MF_RECORD_VALUE_MAX;
}

static uint32_t
unit_of (const struct mf_records *self, uint32_t at)
{
  return at / self->flash->erase_size;
}

/* Where the last place of a unit ends. */
static uint32_t
unit_end (const struct mf_records *self, uint32_t unit)
{
  uint32_t places = self->flash->erase_size / self->place;

  return unit * self->flash->erase_size + places * self->place;
}

/* Looks through one unit; returns the first place after all that was ever written there. */
static uint32_t
scan (struct mf_records *self, uint32_t unit, uint32_t numbers[MF_RECORD_KEYS], bool *holds_newest)
{
  uint32_t at, end = unit * self->flash->erase_size;
  uint8_t  record[MF_RECORD_SIZE];

  for (at = end; at < unit_end (self, unit); at += self->place)
    {
      uint32_t number;

      if (mf_flash_is_blank (self->flash, at, self->place))
        continue;
      end = at + self->place;
      if (!read_place (self, at, record))
        continue;
      number = mf_get32 (record);
      if (self->at[record[4]] == NONE || number > numbers[record[4]])
        {
          self->at[record[4]] = at;
          numbers[record[4]] = number;
        }
      if (number > self->number)
        {
          self->number = number;
          *holds_newest = true;
        }
    }
  return end;
}

static bool
append (struct mf_records *self, unsigned key, const void *data, size_t size)
{
  uint8_t  record[MF_RECORD_PLACE_MAX];
  uint32_t at = self->next, crc;

  memset (record, 0xFF, self->place);
  mf_put32 (record, self->number + 1);
  record[4] = (uint8_t)key;
  record[5] = (uint8_t)size;
  memcpy (record + HEAD, data, size);
  crc = mf_crc32 (0, record, MF_RECORD_SIZE - 4);
  mf_put32 (record + MF_RECORD_SIZE - 4, crc);
  self->next += self->place;
  if (!mf_flash_program (self->flash, at, record, self->place) || !read_place (self, at, record) ||
      mf_get32 (record + MF_RECORD_SIZE - 4) != crc)
    return false;
  self->number++;
  self->at[key] = at;
  return true;
}

/* Copies what still lies in the unit that is not in use. False: some of it does still. */
static bool
gather (struct mf_records *self)
{
  uint8_t  record[MF_RECORD_SIZE];
  unsigned key;

  for (key = 0; key < MF_RECORD_KEYS; key++)
    if (self->at[key] != NONE && unit_of (self, self->at[key]) != self->unit &&
        (self->next == unit_end (self, self->unit) || !read_place (self, self->at[key], record) ||
         !append (self, key, record + HEAD, record[5])))
      return false;
  return true;
}

/* Goes over to the other unit. Where copying to this one has filled it with torn records, some
 * values lie in the other alone, and this one holds nothing but copies: it is copied to anew. */
static bool
turn_over (struct mf_records *self)
{
  bool is_whole = gather (self);

  if (is_whole)
    self->unit = 1 - self->unit;
  self->next = self->unit * self->flash->erase_size;
  return mf_flash_erase (self->flash, self->next) &&
         (is_whole ? gather (self) : mf_records_init (self, self->flash));
}

bool
mf_records_init (struct mf_records *self, const struct mf_flash *flash)
{
  uint32_t numbers[MF_RECORD_KEYS] = { 0 }, ends[2];
  bool     newest[2] = { false, false };
  unsigned unit;

  self->flash = flash;
  self->number = 0;
  self->place = mf_flash_round_up (flash, MF_RECORD_SIZE);
  memset (self->at, 0xFF, sizeof self->at);
  for (unit = 0; unit < 2; unit++)
    ends[unit] = scan (self, unit, numbers, &newest[unit]);
  self->unit = newest[1] ? 1 : 0; /* the second is looked at last: it holds the newest if it says */
  self->next = ends[self->unit];
  return gather (self) || self->next == unit_end (self, self->unit);
}

bool
mf_records_get (const struct mf_records *self, unsigned key, void *data, size_t size)
{
  uint8_t record[MF_RECORD_SIZE];

  if (key >= MF_RECORD_KEYS || self->at[key] == NONE || !read_place (self, self->at[key], record) ||
      record[5] != size)
    return false;
  memcpy (data, record + HEAD, size);
  mf_forget (record, sizeof record);
  return true;
}

static bool
holds (const struct mf_records *self, unsigned key, const void *data, size_t size)
{
  uint8_t record[MF_RECORD_SIZE];

  return self->at[key] != NONE && read_place (self, self->at[key], record) && record[5] == size &&
         memcmp (record + HEAD, data, size) == 0;
}

bool
mf_records_set (struct mf_records *self, unsigned key, const void *data, size_t size)
{
  if (key >= MF_RECORD_KEYS || size > MF_RECORD_VALUE_MAX)
    return false;
  if (holds (self, key, data, size))
    return true;
  while (self->next == unit_end (self, self->unit))
    if (!turn_over (self))
      return false;
  return gather (self) && append (self, key, data, size);
}
