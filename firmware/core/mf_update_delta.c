/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_update_private.h"

/* An update by difference: the index first, then the search, then block after block from the image
 * that runs, with ranges of the file between them. Where it goes on after a reset it does all of
 * that again but the blocks before the mark. */

#define CHUNK 1024u
#define CHUNKS_PER_STEP 16u
#define INDEX_TRIES 3u

static const struct mf_flash *
old_flash (const struct mf_update *self)
{
  return &self->boot->config->slots[self->running];
}

static void
choose_way (struct mf_update *self)
{
  self->way = MF_UPDATE_WHOLE;
  self->index_tries = 0;
  if (!mf_delta_has_room (&self->delta, self->order.index_size))
    return;
  mf_delta_begin (&self->delta);
  self->way = MF_UPDATE_BY_INDEX;
}

/* From now on all that is missing is fetched. What was copied by the index is in the slot still: it
 * is forgotten only where there is none of that. */
static void
give_up_index (struct mf_update *self)
{
  self->way = MF_UPDATE_WHOLE;
  if (self->marked > 0 || self->at > MF_IMAGE_HEADER_SIZE)
    return;
  self->order.index_size = 0;
  mf_update_save (self);
}

void
mf_update_feed_index (struct mf_update *self, struct mf_bytes piece)
{
  if (mf_delta_feed (&self->delta, piece, self->order.size, self->order.sha256))
    return;
  mf_update_stop_fetching (self);
  give_up_index (self);
}

/* The image that runs was checked by the boot; its header says how long it is. */
static void
begin_search (struct mf_update *self)
{
  uint8_t         header[MF_IMAGE_HEADER_SIZE];
  struct mf_image image;

  if (!mf_delta_is_whole (&self->delta) ||
      !mf_flash_read (old_flash (self), 0, header, sizeof header) ||
      mf_image_parse (&image, header) != MF_IMAGE_OK)
    {
      give_up_index (self);
      return;
    }
  mf_delta_search (&self->delta, old_flash (self), MF_IMAGE_HEADER_SIZE + image.payload_size);
  self->way = MF_UPDATE_SEARCHING;
}

void
mf_update_index_fetched (struct mf_update *self, enum mf_fetch_result result)
{
  if (result == MF_FETCH_WHOLE && self->fed)
    begin_search (self);
  else if (result == MF_FETCH_REFUSED || ++self->index_tries == INDEX_TRIES)
    give_up_index (self);
  else
    mf_update_wait_and_retry (self);
}

static bool
copy_some (struct mf_update *self)
{
  uint8_t  chunk[CHUNK];
  uint32_t source, n;
  unsigned turn;

  for (turn = 0; turn < CHUNKS_PER_STEP && self->state == MF_UPDATE_DOWNLOADING; turn++)
    {
      n = mf_delta_find (&self->delta, self->at, &source);
      if (n == 0)
        break;
      n = n < CHUNK ? n : CHUNK;
      if (!mf_flash_read (old_flash (self), source, chunk, n))
        {
          give_up_index (self);
          break;
        }
      mf_update_feed_payload (self, (struct mf_bytes){ chunk, n });
    }
  return turn > 0;
}

bool
mf_update_work_on_delta (struct mf_update *self)
{
  if (self->way == MF_UPDATE_UNDECIDED)
    choose_way (self);
  if (self->way == MF_UPDATE_BY_DIFFERENCE)
    return copy_some (self);
  if (self->way != MF_UPDATE_SEARCHING)
    return false;
  if (mf_delta_search_some (&self->delta))
    self->way = MF_UPDATE_BY_DIFFERENCE;
  return true;
}

bool
mf_update_distrust_index (struct mf_update *self)
{
  if (self->order.index_size == 0)
    return false;
  self->order.index_size = 0;
  mf_update_save (self);
  mf_update_mark (self, 0);
  mf_update_rewind (self);
  return true;
}
