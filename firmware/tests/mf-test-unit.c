/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-unit.h"

#define PIECE 700u
#define STEPS_MAX 100000u
#define URL "https://muster:8443/firmware/download/secret"

static uint64_t
monotonic_ms (void *user)
{
  return ((MfTestUnit *)user)->now_ms;
}

static void
fill_random (void *user, void *out, size_t size)
{
  memset (out, 0x55, size);
}

static bool
store_read (void *user, unsigned page, size_t offset, void *data, size_t size)
{
  return mf_test_flash_store_read (((MfTestUnit *)user)->flash, page, offset, data, size);
}

static bool
store_write (void *user, unsigned page, size_t offset, const void *data, size_t size)
{
  return mf_test_flash_store_write (((MfTestUnit *)user)->flash, page, offset, data, size);
}

static bool
store_erase (void *user, unsigned page)
{
  return mf_test_flash_store_erase (((MfTestUnit *)user)->flash, page);
}

static bool
fetch (void *user, const char *url, uint32_t offset, uint32_t size)
{
  MfTestUnit *self = user;

  g_assert_false (self->asked);
  self->wants_index = g_str_equal (url, URL MF_UPDATE_INDEX_PATH);
  if (!self->wants_index)
    g_assert_cmpstr (url, ==, URL);
  self->asked = TRUE;
  self->offset = offset;
  self->size = size;
  self->fetches++;
  return true;
}

static void
fetch_stop (void *user)
{
  MfTestUnit *self = user;

  self->asked = FALSE;
  self->stops++;
}

static const struct mf_port_ops ops = {
  .monotonic_ms = monotonic_ms,
  .random = fill_random,
  .store_read = store_read,
  .store_write = store_write,
  .store_erase = store_erase,
  .fetch = fetch,
  .fetch_stop = fetch_stop,
};

MfTestUnit *
mf_test_unit_new (guint32 slot_size, guint32 erase_size, guint32 program_size)
{
  MfTestUnit *self = g_new0 (MfTestUnit, 1);
  g_autoptr (GBytes) image = mf_test_image_new (1, 0, slot_size / 2);

  self->flash = mf_test_flash_new (slot_size, erase_size, program_size);
  self->port = (struct mf_port){ &ops, self, MF_TEST_STORE_PAGE };
  self->n_blocks = MF_TEST_BLOCKS;
  mf_test_flash_write_image (self->flash, 0, image);
  mf_test_unit_start (self);
  g_assert_cmpuint (self->running, ==, 0);
  return self;
}

void
mf_test_unit_free (MfTestUnit *self)
{
  mf_test_flash_free (self->flash);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_clear_pointer (&self->index, g_bytes_unref);
  g_free (self);
}

void
mf_test_unit_start (MfTestUnit *self)
{
  self->asked = FALSE;
  self->now_ms = 1000;
  if (!mf_boot_init (&self->boot, &self->flash->config))
    return;
  self->running = mf_boot_select (&self->boot, &self->image);
  /* The program that was started reads for itself what the boot left. */
  if (self->running == MF_BOOT_NONE || !mf_boot_init (&self->boot, &self->flash->config) ||
      !mf_store_init (&self->store, &self->port))
    return;
  mf_update_init (&self->update, &self->port, &self->store, &self->boot, self->running);
  mf_update_set_delta (&self->update, self->blocks, self->n_blocks);
}

void
mf_test_unit_offer (MfTestUnit *self, GBytes *file, struct mf_update_order *order)
{
  struct mf_sha256 hash;

  g_clear_pointer (&self->file, g_bytes_unref);
  self->file = g_bytes_ref (file);
  *order = (struct mf_update_order){
    .id = "update-1", .url = URL, .size = (guint32)g_bytes_get_size (file), .confirm_within_s = 30
  };
  mf_sha256_init (&hash);
  mf_sha256_update (&hash, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  mf_sha256_final (&hash, order->sha256);
}

GBytes *
mf_test_index_new (GBytes *file)
{
  gsize            size;
  const guint8    *data = g_bytes_get_data (file, &size);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file);
  guint8           sha256[MF_SHA256_SIZE];
  struct mf_index  index;
  guint8          *bytes = NULL;

  for (guint i = 0; i < sizeof sha256; i++)
    sha256[i] =
      (guint8)(g_ascii_xdigit_value (hash[2 * i]) << 4 | g_ascii_xdigit_value (hash[2 * i + 1]));
  g_assert_true (mf_index_init (&index, (guint32)size, sha256));
  bytes = g_malloc (mf_index_size (&index));
  mf_index_format (&index, bytes);
  for (guint32 i = 0; i < index.n_blocks; i++)
    mf_index_entry (bytes + MF_INDEX_HEAD_SIZE + i * MF_INDEX_ENTRY_SIZE,
                    data + MF_IMAGE_HEADER_SIZE + i * index.block_size, index.block_size);
  return g_bytes_new_take (bytes, mf_index_size (&index));
}

void
mf_test_unit_offer_index (MfTestUnit *self, GBytes *index, struct mf_update_order *order)
{
  g_clear_pointer (&self->index, g_bytes_unref);
  self->index = g_bytes_ref (index);
  order->index_size = (guint32)g_bytes_get_size (index);
}

GBytes *
mf_test_unit_derive (MfTestUnit *self, guint16 version, guint32 at, guint32 inserted)
{
  struct mf_image        fields = self->image;
  const struct mf_flash *slot = &self->flash->config.slots[self->running];
  guint32                size = self->image.payload_size;
  g_autofree guint8     *payload = g_malloc (size + inserted);
  g_autoptr (GBytes) bytes = NULL;

  fields.version[1] = version;
  fields.security_counter++;
  g_assert_true (mf_flash_read (slot, MF_IMAGE_HEADER_SIZE, payload, at));
  for (guint32 i = 0; i < inserted; i++)
    payload[at + i] = (guint8)(i * i + version);
  g_assert_true (
    mf_flash_read (slot, MF_IMAGE_HEADER_SIZE + at, payload + at + inserted, size - at));
  bytes = g_bytes_new (payload, size + inserted);
  return mf_test_image_build (&fields, bytes, mf_test_seed, NULL);
}

static void
serve (MfTestUnit *self)
{
  gboolean      breaks = self->breaks > 0;
  gsize         size = 0;
  GBytes       *bytes = self->wants_index ? self->index : self->file;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  guint32       to = self->offset + (breaks ? self->size / 3 : self->size);

  if (data == NULL || to > size)
    {
      self->asked = FALSE;
      mf_update_fetched (&self->update, MF_FETCH_REFUSED);
      return;
    }
  for (guint32 at = self->offset; at < to && self->asked; at += PIECE)
    {
      guint32 n = MIN (PIECE, to - at);

      self->fetched += n;
      mf_update_feed (&self->update, (struct mf_bytes){ data + at, n });
    }
  if (!self->asked)
    return;
  self->asked = FALSE;
  self->breaks -= breaks;
  mf_update_fetched (&self->update, breaks ? MF_FETCH_BROKEN : MF_FETCH_WHOLE);
}

void
mf_test_unit_serve (MfTestUnit *self)
{
  if (self->asked)
    serve (self);
}

static gboolean
is_waiting (MfTestUnit *self)
{
  switch (self->update.state)
    {
    case MF_UPDATE_DOWNLOADING:
    case MF_UPDATE_INSTALLING:
    case MF_UPDATE_CONFIRMING:
      return FALSE;
    case MF_UPDATE_IDLE:
    case MF_UPDATE_DOWNLOADED:
    case MF_UPDATE_REBOOTING:
    case MF_UPDATE_CONFIRMED:
    case MF_UPDATE_REVERTED:
    case MF_UPDATE_FAILED:
    default:
      return TRUE;
    }
}

void
mf_test_unit_run (MfTestUnit *self, const char *trouble)
{
  for (guint n = 0; n < STEPS_MAX; n++)
    {
      if (self->update.wants_reset || self->flash->off || is_waiting (self))
        return;
      self->now_ms += mf_update_step (&self->update, trouble);
      mf_test_unit_serve (self);
    }
  g_assert_not_reached ();
}
