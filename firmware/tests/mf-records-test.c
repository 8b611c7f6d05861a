/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "mf_octets.h"
#include "mf_records.h"

/* A flash that loses power after so many operations, in the midst of one. */
typedef struct
{
  guint8  bytes[2 * 1024];
  guint32 unit;
  gint    left; /* operations before the cut; below 0 = there is none */
  GRand  *rand;
} Flash;

static bool
flash_read (void *user, uint32_t offset, void *data, uint32_t size)
{
  memcpy (data, ((Flash *)user)->bytes + offset, size);
  return true;
}

/* False: power is gone; then `size` bytes at `offset` are anything. */
static gboolean
has_power (Flash *self, guint32 offset, guint32 size)
{
  if (self->left < 0 || self->left-- > 0)
    return TRUE;
  for (guint32 i = 0; i < size; i++)
    self->bytes[offset + i] = (guint8)g_rand_int_range (self->rand, 0, 256);
  self->left = 0;
  return FALSE;
}

static bool
flash_program (void *user, uint32_t offset, const void *data, uint32_t size)
{
  Flash *self = user;

  for (guint32 i = 0; i < size; i++)
    g_assert_cmpuint (self->bytes[offset + i], ==, 0xFF);
  if (!has_power (self, offset, size))
    return false;
  memcpy (self->bytes + offset, data, size);
  return true;
}

static bool
flash_erase (void *user, uint32_t offset)
{
  Flash *self = user;

  if (!has_power (self, offset, self->unit))
    return false;
  memset (self->bytes + offset, 0xFF, self->unit);
  return true;
}

static const struct mf_flash_ops ops = { flash_read, flash_program, flash_erase };

static void
test_keeps (void)
{
  Flash           flash = { .unit = 1024, .left = -1 };
  struct mf_flash region = { &ops, &flash, 2048, 1024, 16 };
  guint8          last[MF_RECORD_KEYS][8] = { 0 };

  memset (flash.bytes, 0xFF, sizeof flash.bytes);
  for (guint32 i = 1; i < 1000; i++)
    {
      struct mf_records records;
      guint8            back[8];

      g_assert_true (mf_records_init (&records, &region));
      mf_put32 (last[i * 7 / 3 % MF_RECORD_KEYS], i);
      g_assert_true (
        mf_records_set (&records, i * 7 / 3 % MF_RECORD_KEYS, last[i * 7 / 3 % MF_RECORD_KEYS], 8));
      for (guint key = 0; key < MF_RECORD_KEYS; key++)
        if (mf_get32 (last[key]) != 0)
          {
            g_assert_true (mf_records_get (&records, key, back, sizeof back));
            g_assert_cmpmem (back, 8, last[key], 8);
            g_assert_false (mf_records_get (&records, key, back, 7));
          }
    }
}

/* Power is cut after every operation of a long life: each value is then the old or the new one. */
static void
test_power_cuts (void)
{
  Flash             flash = { .unit = 1024, .rand = g_rand_new_with_seed (3) };
  struct mf_flash   region = { &ops, &flash, 2048, 1024, 8 };
  struct mf_records records;
  guint32           held[MF_RECORD_KEYS] = { 0 };

  memset (flash.bytes, 0xFF, sizeof flash.bytes);
  for (guint32 i = 1; i < 4000; i++)
    {
      guint  key = i % 5 == 0 ? 1 : i % 17 == 0 ? 2 : 0;
      guint8 value[4];

      flash.left = (gint)(i % 7);
      mf_put32 (value, i);
      if (mf_records_init (&records, &region))
        mf_records_set (&records, key, value, sizeof value);
      flash.left = -1;
      g_assert_true (mf_records_init (&records, &region));
      for (guint other = 0; other < MF_RECORD_KEYS; other++)
        {
          guint32 now =
            mf_records_get (&records, other, value, sizeof value) ? mf_get32 (value) : 0;

          g_assert_true (now == held[other] || (other == key && now == i));
          held[other] = now;
        }
    }
  g_assert_cmpuint (held[0], >, 3900);
  g_rand_free (flash.rand);
}

/* Power fails again and again while the values are copied to the other unit, until that is full of
 * torn records: none of the values that were not copied yet is lost. */
static void
test_torn_copies (void)
{
  Flash             flash = { .unit = 1024, .left = -1, .rand = g_rand_new_with_seed (5) };
  struct mf_flash   region = { &ops, &flash, 2048, 1024, 16 };
  struct mf_records records;
  guint8            value[4], back[4];

  memset (flash.bytes, 0xFF, sizeof flash.bytes);
  g_assert_true (mf_records_init (&records, &region));
  for (guint32 i = 0; i < 1024 / MF_RECORD_SIZE; i++)
    {
      mf_put32 (value, i);
      g_assert_true (mf_records_set (&records, i % MF_RECORD_KEYS, value, sizeof value));
    }
  flash.left = 2; /* the other unit is erased, and one value copied */
  mf_put32 (value, 99);
  g_assert_false (mf_records_set (&records, 0, value, sizeof value));
  for (guint turn = 0; turn < 20; turn++)
    {
      flash.left = 0;
      mf_records_init (&records, &region);
    }
  flash.left = -1;
  mf_records_init (&records, &region);
  g_assert_true (mf_records_set (&records, 0, value, sizeof value));
  g_assert_true (mf_records_init (&records, &region));
  for (guint key = 1; key < MF_RECORD_KEYS; key++)
    {
      g_assert_true (mf_records_get (&records, key, back, sizeof back));
      g_assert_cmpuint (mf_get32 (back) % MF_RECORD_KEYS, ==, key);
    }
  g_assert_true (mf_records_get (&records, 0, back, sizeof back));
  g_assert_cmpuint (mf_get32 (back), ==, 99);
  g_rand_free (flash.rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/keeps", test_keeps);
  g_test_add_func ("/records/power-cuts", test_power_cuts);
  g_test_add_func ("/records/torn-copies", test_torn_copies);
  return g_test_run ();
}
