/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_text.h"
#include "mf_update_private.h"

#define CHUNK 1024u
#define CHUNKS_PER_STEP 16u
#define MARKS 16u /* so often, at most, the way is marked: the store wears too */

const struct mf_flash *
mf_update_flash (const struct mf_update *self)
{
  return &self->boot->config->slots[self->slot];
}

void
mf_update_rewind (struct mf_update *self)
{
  const struct mf_flash *flash = mf_update_flash (self);

  if (self->marked % flash->erase_size != 0 || self->marked > self->order.size)
    mf_update_mark (self, 0);
  self->has_header = false;
  self->at = self->in_page = 0;
  self->erased = self->marked;
  self->checked = 0;
  self->way = MF_UPDATE_UNDECIDED;
}

/* The file that was ordered, for this unit, by somebody it trusts. */
static bool
accept_header (struct mf_update *self)
{
  struct mf_image_target target = mf_boot_target (self->boot, self->slot);
  struct mf_image        image;
  enum mf_image_error    error;
  uint16_t               wanted[3];

  error = mf_image_accept (&image, self->header, &self->boot->config->keys, &target);
  if (error != MF_IMAGE_OK)
    mf_update_fail (self, mf_image_error_code (error), mf_image_error_text (error));
  else if (image.payload_size != self->order.size - MF_IMAGE_HEADER_SIZE)
    mf_update_fail (self, "wrong-file", "the image has another size than was ordered");
  else if (mf_image_version_parse (wanted, self->order.version) &&
           mf_image_version_compare (wanted, image.version) != 0)
    mf_update_fail (self, "wrong-file", "the image has another version than was ordered");
  else if (!mf_boot_clear (self->boot, self->slot))
    mf_update_fail (self, "flash-failed", "the boot's records cannot be written");
  else
    return true;
  return false;
}

/* From now on the payload is wanted: from the mark, unless power failed when the header was already
 * being programmed. */
static void
begin_payload (struct mf_update *self)
{
  if (self->marked > 0 && !mf_flash_is_blank (mf_update_flash (self), 0, MF_IMAGE_HEADER_SIZE))
    mf_update_mark (self, 0);
  self->erased = self->marked;
  self->at = self->marked > MF_IMAGE_HEADER_SIZE ? self->marked : MF_IMAGE_HEADER_SIZE;
  self->has_header = true;
}

/* Programs whole units, after erasing what they need. */
static bool
program (struct mf_update *self, uint32_t offset, const uint8_t *data, uint32_t size)
{
  const struct mf_flash *flash = mf_update_flash (self);

  for (; self->erased < offset + size; self->erased += flash->erase_size)
    if (!mf_flash_erase (flash, self->erased))
      return false;
  return mf_flash_program (flash, offset, data, size);
}

static bool
program_page (struct mf_update *self)
{
  uint32_t offset = self->at - self->in_page;

  memset (self->page + self->in_page, 0xFF, sizeof self->page - self->in_page);
  self->in_page = 0;
  return program (self, offset, self->page, mf_update_flash (self)->program_size);
}

static void
mark_way (struct mf_update *self)
{
  uint32_t unit = mf_update_flash (self)->erase_size, written = self->at - self->at % unit;
  uint32_t step = self->order.size / MARKS > unit ? self->order.size / MARKS : unit;

  if (written >= self->marked + step)
    mf_update_mark (self, written);
}

static void
feed_header (struct mf_update *self, struct mf_bytes *piece)
{
  size_t n = MF_IMAGE_HEADER_SIZE - self->at;

  if (n > piece->size)
    n = piece->size;
  memcpy (self->header + self->at, piece->data, n);
  self->at += (uint32_t)n;
  piece->data += n;
  piece->size -= n;
  if (self->at == MF_IMAGE_HEADER_SIZE && accept_header (self))
    begin_payload (self);
}

static void
take (struct mf_update *self, struct mf_bytes *piece, size_t n)
{
  self->at += (uint32_t)n;
  piece->data += n;
  piece->size -= n;
}

/* Collects a page. False: the flash failed. */
static bool
fill_page (struct mf_update *self, struct mf_bytes *piece, uint32_t unit)
{
  size_t n = unit - self->in_page;

  if (n > piece->size)
    n = piece->size;
  memcpy (self->page + self->in_page, piece->data, n);
  self->in_page += (uint32_t)n;
  take (self, piece, n);
  return (self->in_page < unit && self->at < self->order.size) || program_page (self);
}

/* What stands in memory as whole units goes from there, up to the end of the erase unit; the rest
 * by way of the page. */
static void
feed_payload (struct mf_update *self, struct mf_bytes *piece)
{
  const struct mf_flash *flash = mf_update_flash (self);
  uint32_t               left = flash->erase_size - self->at % flash->erase_size, whole;
  bool                   good;

  whole = piece->size < left ? (uint32_t)piece->size : left;
  whole -= whole % flash->program_size;
  if (self->in_page > 0 || whole == 0)
    good = fill_page (self, piece, flash->program_size);
  else
    {
      good = program (self, self->at, piece->data, whole);
      take (self, piece, whole);
    }
  if (!good)
    mf_update_fail (self, "flash-failed", "the slot cannot be written");
  else if (self->in_page == 0)
    mark_way (self);
}

void
mf_update_feed_payload (struct mf_update *self, struct mf_bytes piece)
{
  while (piece.size > 0 && self->state == MF_UPDATE_DOWNLOADING && self->at < self->order.size)
    feed_payload (self, &piece);
}

void
mf_update_feed (struct mf_update *self, struct mf_bytes piece)
{
  if (!self->fetching)
    return;
  self->attempts = 0;
  self->fed = true;
  self->fetched += (uint32_t)piece.size;
  if (self->way == MF_UPDATE_BY_INDEX)
    {
      mf_update_feed_index (self, piece);
      return;
    }
  if (!self->has_header)
    feed_header (self, &piece);
  if (self->has_header && self->until > MF_IMAGE_HEADER_SIZE)
    mf_update_feed_payload (self, piece);
}

static bool
hash_some (struct mf_update *self, uint32_t n)
{
  uint8_t chunk[CHUNK];

  if (!mf_flash_read (mf_update_flash (self), self->checked, chunk, n))
    return false;
  mf_sha256_update (&self->file_hash, chunk, n);
  mf_sha256_update (&self->payload_hash, chunk, n);
  self->checked += n;
  return true;
}

static bool
program_header (struct mf_update *self)
{
  const struct mf_flash *flash = mf_update_flash (self);
  uint32_t               at;

  for (at = 0; at < MF_IMAGE_HEADER_SIZE; at += flash->program_size)
    if (!mf_flash_program (flash, at, self->header + at, flash->program_size))
      return false;
  return true;
}

/* All has been read back. */
static bool
conclude (struct mf_update *self)
{
  uint8_t         file[MF_SHA256_SIZE], payload[MF_SHA256_SIZE];
  struct mf_image image;

  mf_image_parse (&image, self->header);
  mf_sha256_final (&self->file_hash, file);
  mf_sha256_final (&self->payload_hash, payload);
  if ((memcmp (payload, image.payload_sha256, sizeof payload) != 0 ||
       memcmp (file, self->order.sha256, sizeof file) != 0) &&
      mf_update_distrust_index (self))
    return false;
  if (memcmp (payload, image.payload_sha256, sizeof payload) != 0)
    mf_update_fail (self, mf_image_error_code (MF_IMAGE_BAD_PAYLOAD),
                    mf_image_error_text (MF_IMAGE_BAD_PAYLOAD));
  else if (memcmp (file, self->order.sha256, sizeof file) != 0)
    mf_update_fail (self, "wrong-file", "the image is another one than was ordered");
  else if (!program_header (self))
    mf_update_fail (self, "flash-failed", "the slot cannot be written");
  else
    return true;
  return false;
}

bool
mf_update_verify_some (struct mf_update *self)
{
  unsigned turn;

  if (self->checked == 0)
    {
      mf_sha256_init (&self->file_hash);
      mf_sha256_init (&self->payload_hash);
      mf_sha256_update (&self->file_hash, self->header, sizeof self->header);
      self->checked = MF_IMAGE_HEADER_SIZE;
    }
  for (turn = 0; turn < CHUNKS_PER_STEP && self->checked < self->order.size; turn++)
    {
      uint32_t left = self->order.size - self->checked;

      if (!hash_some (self, left < CHUNK ? left : CHUNK))
        {
          mf_update_fail (self, "flash-failed", "the slot cannot be read");
          return false;
        }
    }
  return self->checked == self->order.size && conclude (self);
}
