/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-flash.h"

#define RECORD_UNITS 2u

const guint8 mf_test_seed[MF_ED25519_SEED_SIZE] = "the seed of the tests' image key";

static guint8 trusted[1][MF_ED25519_KEY_SIZE];

typedef struct
{
  MfTestFlash *board;
  gsize        start;
} Region;

/* The operation that is counted now is the one in which power fails. */
static gboolean
fails_now (MfTestFlash *self)
{
  self->operations++;
  if (self->operations == self->cut_at)
    self->off = TRUE;
  return self->off;
}

static bool
read_flash (void *user, uint32_t offset, void *data, uint32_t size)
{
  Region *region = user;

  if (region->board->off)
    return false;
  memcpy (data, region->board->memory + region->start + offset, size);
  return true;
}

/* Each bit has changed or has not; where `old` and `new` agree it stays. */
static void
tear (MfTestFlash *self, guint8 *bytes, const guint8 *wanted, gsize size)
{
  gsize reached = (gsize)g_rand_int_range (self->rand, 0, (gint32)size + 1);

  for (gsize i = 0; i < size; i++)
    if (i < reached)
      bytes[i] = wanted[i];
    else if (i == reached)
      bytes[i] = (guint8)(bytes[i] ^ ((bytes[i] ^ wanted[i]) & g_rand_int (self->rand)));
}

static bool
program_flash (void *user, uint32_t offset, const void *data, uint32_t size)
{
  Region       *region = user;
  MfTestFlash  *self = region->board;
  guint32       unit = self->config.records.program_size;
  const guint8 *from = data;
  guint8       *to = self->memory + region->start + offset;

  for (guint32 done = 0; done < size; done += unit)
    {
      if (self->off)
        return false;
      for (guint32 i = 0; i < unit; i++)
        g_assert_cmphex (to[done + i], ==, 0xFF);
      if (fails_now (self))
        tear (self, to + done, from + done, unit);
      else
        memcpy (to + done, from + done, unit);
    }
  return !self->off;
}

static bool
erase_flash (void *user, uint32_t offset)
{
  Region            *region = user;
  MfTestFlash       *self = region->board;
  gsize              size = self->config.records.erase_size;
  g_autofree guint8 *blank = g_malloc (size);

  if (self->off)
    return false;
  memset (blank, 0xFF, size);
  if (fails_now (self))
    tear (self, self->memory + region->start + offset, blank, size);
  else
    memcpy (self->memory + region->start + offset, blank, size);
  return !self->off;
}

static const struct mf_flash_ops ops = { read_flash, program_flash, erase_flash };

static struct mf_flash
make_region (MfTestFlash *self,
             guint        index,
             gsize        start,
             guint32      size,
             guint32      erase_size,
             guint32      program_size)
{
  Region *region = g_new (Region, 1);

  *region = (Region){ self, start };
  self->regions[index] = region;
  return (struct mf_flash){ &ops, region, size, erase_size, program_size };
}

MfTestFlash *
mf_test_flash_new (guint32 slot_size, guint32 erase_size, guint32 program_size)
{
  MfTestFlash *self = g_new0 (MfTestFlash, 1);
  gsize        records_size = RECORD_UNITS * erase_size;

  self->size = records_size + MF_BOOT_SLOTS * (gsize)slot_size + 2 * MF_TEST_STORE_PAGE;
  self->memory = g_malloc (self->size);
  memset (self->memory, 0xFF, self->size);
  self->rand = g_rand_new_with_seed (7);
  self->config.records = make_region (self, 0, 0, (guint32)records_size, erase_size, program_size);
  for (unsigned slot = 0; slot < MF_BOOT_SLOTS; slot++)
    self->config.slots[slot] = make_region (self, 1 + slot, records_size + slot * (gsize)slot_size,
                                            slot_size, erase_size, program_size);
  mf_ed25519_public_key (trusted[0], mf_test_seed);
  self->config.keys = (struct mf_image_keys){ (const guint8 (*)[MF_ED25519_KEY_SIZE])trusted, 1 };
  self->config.model = MF_TEST_MODEL;
  self->config.hardware_revision = MF_TEST_HARDWARE;
  return self;
}

void
mf_test_flash_free (MfTestFlash *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->regions); i++)
    g_free (self->regions[i]);
  g_free (self->memory);
  g_rand_free (self->rand);
  g_free (self);
}

static guint8 *
store_at (MfTestFlash *self, unsigned page, size_t offset, size_t size)
{
  g_assert_true (page < 2 && size <= MF_TEST_STORE_PAGE && offset <= MF_TEST_STORE_PAGE - size);
  return self->memory + self->size - (2 - page) * MF_TEST_STORE_PAGE + offset;
}

bool
mf_test_flash_store_read (MfTestFlash *self, unsigned page, size_t offset, void *data, size_t size)
{
  memcpy (data, store_at (self, page, offset, size), size);
  return !self->off;
}

bool
mf_test_flash_store_write (MfTestFlash *self,
                           unsigned     page,
                           size_t       offset,
                           const void  *data,
                           size_t       size)
{
  guint8 *to = store_at (self, page, offset, size);

  if (self->off)
    return false;
  if (fails_now (self))
    tear (self, to, data, size);
  else
    memcpy (to, data, size);
  return !self->off;
}

bool
mf_test_flash_store_erase (MfTestFlash *self, unsigned page)
{
  guint8 blank[MF_TEST_STORE_PAGE];

  memset (blank, 0xFF, sizeof blank);
  return mf_test_flash_store_write (self, page, 0, blank, sizeof blank);
}

void
mf_test_flash_power_on (MfTestFlash *self)
{
  self->off = FALSE;
  self->operations = self->cut_at = 0;
}

GBytes *
mf_test_image_build (const struct mf_image *fields,
                     GBytes                *payload,
                     const guint8          *seed,
                     const guint8          *second)
{
  struct mf_image  filled = *fields;
  GByteArray      *whole = g_byte_array_new ();
  guint8           header[MF_IMAGE_HEADER_SIZE];
  gsize            size;
  const guint8    *data = g_bytes_get_data (payload, &size);
  struct mf_sha256 hash;

  filled.payload_size = (guint32)size;
  mf_sha256_init (&hash);
  mf_sha256_update (&hash, data, size);
  mf_sha256_final (&hash, filled.payload_sha256);
  mf_image_format (&filled, header);
  if (seed != NULL)
    mf_image_sign (header, seed, second);
  g_byte_array_append (whole, header, sizeof header);
  g_byte_array_append (whole, data, (guint)size);
  return g_byte_array_free_to_bytes (whole);
}

GBytes *
mf_test_image_new (guint16 version, guint32 counter, guint32 size)
{
  struct mf_image    fields = { .model = MF_TEST_MODEL,
                                .hardware_min = 1,
                                .hardware_max = 9,
                                .version = { 1, version, 0 },
                                .security_counter = counter };
  g_autofree guint8 *bytes = g_malloc (size);
  g_autoptr (GBytes) payload = NULL;

  for (guint32 i = 0; i < size; i++)
    bytes[i] = (guint8)(i * 31 + version * 7 + i / 251);
  payload = g_bytes_new (bytes, size);
  return mf_test_image_build (&fields, payload, mf_test_seed, NULL);
}

void
mf_test_flash_write_image (MfTestFlash *self, unsigned slot, GBytes *image)
{
  const struct mf_flash *flash = &self->config.slots[slot];
  gsize                  size;
  const guint8          *data = g_bytes_get_data (image, &size);
  guint32                whole = mf_flash_round_up (flash, (guint32)size);
  g_autofree guint8     *padded = g_malloc (whole);

  memset (padded, 0xFF, whole);
  memcpy (padded, data, size);
  for (guint32 offset = 0; offset < flash->size; offset += flash->erase_size)
    g_assert_true (mf_flash_erase (flash, offset));
  g_assert_true (mf_flash_program (flash, 0, padded, whole));
}
