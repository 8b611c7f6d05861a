/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "mf_text.h"
#include "mf_update_private.h"

/* Record: u8 state, u8 slot, u8 hold, u32 size, u32 seconds to confirm in, 32 bytes of SHA-256; id,
 * URL, version and error, each with its NUL. */
#define AT_STATE 0u
#define AT_SLOT 1u
#define AT_HOLD 2u
#define AT_SIZE 3u
#define AT_CONFIRM 7u
#define AT_SHA256 11u
#define AT_TEXTS 43u
#define WAY_SIZE 8u
#define RECORD_MAX                                                                                 \
  (AT_TEXTS + MF_UPDATE_ID_SIZE + MF_UPDATE_URL_SIZE + MF_UPDATE_VERSION_SIZE +                    \
   MF_UPDATE_ERROR_SIZE)

static size_t
put_text (uint8_t *record, size_t at, const char *text)
{
  size_t size = strlen (text) + 1;

  memcpy (record + at, text, size);
  return at + size;
}

/* Reads up to the NUL; 0 when there is none in the record, or the text does not fit. */
static size_t
get_text (const uint8_t *record, size_t size, size_t at, char *text, size_t capacity)
{
  size_t end = at;

  while (end < size && record[end] != '\0')
    end++;
  if (at == 0 || end == size || end - at >= capacity)
    return 0;
  memcpy (text, record + at, end - at + 1);
  return end + 1;
}

/* In a record of its own, as those that knew no index read the other one to its end. */
static void
save_way (struct mf_update *self)
{
  uint8_t way[WAY_SIZE];

  mf_put32 (way, self->order.index_size);
  mf_put32 (way + 4, self->fetched);
  mf_store_set (self->store, MF_KEY_UPDATE_WAY, way, sizeof way);
}

void
mf_update_save (struct mf_update *self)
{
  uint8_t record[RECORD_MAX];
  size_t  end = AT_TEXTS;

  save_way (self);
  record[AT_STATE] = (uint8_t)self->state;
  record[AT_SLOT] = (uint8_t)self->slot;
  record[AT_HOLD] = self->order.hold;
  mf_put32 (record + AT_SIZE, self->order.size);
  mf_put32 (record + AT_CONFIRM, self->order.confirm_within_s);
  memcpy (record + AT_SHA256, self->order.sha256, MF_SHA256_SIZE);
  end = put_text (record, end, self->order.id);
  end = put_text (record, end, self->order.url);
  end = put_text (record, end, self->order.version);
  end = put_text (record, end, self->error);
  mf_store_set (self->store, MF_KEY_UPDATE, record, end);
}

bool
mf_update_load (struct mf_update *self)
{
  struct mf_update_order *order = &self->order;
  uint8_t                 record[RECORD_MAX], mark[4], way[WAY_SIZE];
  size_t                  size, at = AT_TEXTS;

  size = mf_store_get (self->store, MF_KEY_UPDATE, record, sizeof record);
  if (size < AT_TEXTS || record[AT_STATE] > MF_UPDATE_FAILED || record[AT_SLOT] >= MF_BOOT_SLOTS)
    return false;
  at = get_text (record, size, at, order->id, sizeof order->id);
  at = get_text (record, size, at, order->url, sizeof order->url);
  at = get_text (record, size, at, order->version, sizeof order->version);
  at = get_text (record, size, at, self->error, sizeof self->error);
  if (at != size)
    return false;
  self->state = (enum mf_update_state)record[AT_STATE];
  self->slot = record[AT_SLOT];
  order->hold = record[AT_HOLD] != 0;
  order->size = mf_get32 (record + AT_SIZE);
  order->confirm_within_s = mf_get32 (record + AT_CONFIRM);
  memcpy (order->sha256, record + AT_SHA256, MF_SHA256_SIZE);
  if (mf_store_get (self->store, MF_KEY_UPDATE_MARK, mark, sizeof mark) == sizeof mark)
    self->marked = mf_get32 (mark);
  if (mf_store_get (self->store, MF_KEY_UPDATE_WAY, way, sizeof way) == sizeof way)
    {
      order->index_size = mf_get32 (way);
      self->fetched = mf_get32 (way + 4);
    }
  return true;
}

void
mf_update_mark (struct mf_update *self, uint32_t offset)
{
  uint8_t mark[4];

  if (offset == self->marked)
    return;
  mf_put32 (mark, offset);
  if (offset > 0)
    save_way (self);
  if (mf_store_set (self->store, MF_KEY_UPDATE_MARK, mark, offset == 0 ? 0 : sizeof mark))
    self->marked = offset;
}
