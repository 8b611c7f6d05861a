/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-unit.h"

#define PIECE 700u
#define STEPS_MAX 100000u

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
  g_assert_cmpstr (url, ==, "https://muster:8443/firmware/download/secret");
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
}

void
mf_test_unit_offer (MfTestUnit *self, GBytes *file, struct mf_update_order *order)
{
  struct mf_sha256 hash;

  g_clear_pointer (&self->file, g_bytes_unref);
  self->file = g_bytes_ref (file);
  *order = (struct mf_update_order){ .id = "update-1",
                                     .url = "https://muster:8443/firmware/download/secret",
                                     .size = (guint32)g_bytes_get_size (file),
                                     .confirm_within_s = 30 };
  mf_sha256_init (&hash);
  mf_sha256_update (&hash, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  mf_sha256_final (&hash, order->sha256);
}

static void
serve (MfTestUnit *self)
{
  gboolean      breaks = self->breaks > 0;
  gsize         size = 0;
  const guint8 *data = self->file != NULL ? g_bytes_get_data (self->file, &size) : NULL;
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
      if (self->asked)
        serve (self);
    }
  g_assert_not_reached ();
}
