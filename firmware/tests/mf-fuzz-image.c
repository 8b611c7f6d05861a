/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-fuzz-image.h"
#include "mf-test-unit.h"

#define SLOT 8192u
#define ERASE 512u
#define PROGRAM 16u

/* A unit that is as it left the factory; made once, for signing takes longer than all else. */
static MfTestUnit *
get_unit (void)
{
  static MfTestUnit *unit;
  static guint8     *before;

  if (unit == NULL)
    {
      unit = mf_test_unit_new (SLOT, ERASE, PROGRAM);
      before = g_memdup2 (unit->flash->memory, unit->flash->size);
    }
  memcpy (unit->flash->memory, before, unit->flash->size);
  mf_test_flash_power_on (unit->flash);
  unit->breaks = unit->fetches = unit->stops = 0;
  return unit;
}

/* What is read as a header is written as the same, signatures aside. */
static void
read_header (const uint8_t *data, size_t size)
{
  guint8          header[MF_IMAGE_HEADER_SIZE] = { 0 }, again[MF_IMAGE_HEADER_SIZE];
  struct mf_image image;

  memcpy (header, data, MIN (size, sizeof header));
  if (mf_image_parse (&image, header) != MF_IMAGE_OK)
    return;
  if (!mf_image_format (&image, again) || memcmp (header, again, 100) != 0)
    g_error ("an image is not what it was");
}

/* Whatever the records say, what starts is authentic: only slot 0 has such an image. */
static void
start_from_records (const uint8_t *data, size_t size)
{
  MfTestUnit *unit = get_unit ();

  memcpy (unit->flash->memory, data, MIN (size, unit->flash->config.records.size));
  mf_test_unit_start (unit);
  if (unit->running == 1)
    g_error ("an empty slot was started");
}

static void
take_up_record (const uint8_t *data, size_t size)
{
  MfTestUnit *unit = get_unit ();

  mf_test_unit_start (unit);
  if (!mf_store_set (&unit->store, MF_KEY_UPDATE, data, MIN (size, MF_STORE_VALUE_MAX)))
    g_error ("the store took nothing");
  mf_update_init (&unit->update, &unit->port, &unit->store, &unit->boot, unit->running);
  unit->update.order.url[0] = '\0';
  mf_update_is_due (&unit->update);
  mf_update_progress (&unit->update);
}

/* The first byte of the input says how long the pieces are, the second how often the fetch breaks
 * and the unit starts anew; the rest is the file. */
static void
download (const uint8_t *data, size_t size)
{
  MfTestUnit *unit = get_unit ();
  g_autoptr (GBytes) file = NULL;
  struct mf_update_order order;
  size_t                 piece, at = 0;

  if (size < 3)
    return;
  piece = 1u + data[0] * 8u;
  file = g_bytes_new (data + 2, size - 2);
  mf_test_unit_start (unit);
  mf_test_unit_offer (unit, file, &order);
  mf_update_begin (&unit->update, &order);
  for (guint n = 0; n < 64 && unit->update.state == MF_UPDATE_DOWNLOADING; n++)
    {
      struct mf_bytes bytes = { NULL, 0 };

      mf_update_step (&unit->update, NULL);
      unit->asked = FALSE;
      at = unit->update.at;
      if (at < size - 2)
        {
          bytes.data = (const guint8 *)g_bytes_get_data (file, NULL) + at;
          bytes.size = MIN (piece, size - 2 - at);
        }
      mf_update_feed (&unit->update, bytes);
      mf_update_fetched (&unit->update, (enum mf_fetch_result) (n % (data[1] % 3 + 1u)));
      unit->now_ms += 60000;
      if (data[1] > 0 && n % data[1] == data[1] - 1u)
        mf_test_unit_start (unit);
    }
  mf_test_unit_start (unit);
  if (unit->running == MF_BOOT_NONE)
    g_error ("a download keeps the unit from starting");
}

int
mf_fuzz_image (const uint8_t *data, size_t size)
{
  read_header (data, size);
  start_from_records (data, size);
  take_up_record (data, size);
  download (data, size);
  return 0;
}
