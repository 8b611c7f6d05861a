/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-flash.h"

/* The boot's decisions and records; power fails wherever it likes. */

#define SLOT 4096u

static unsigned
start (MfTestFlash *board, struct mf_boot *boot, struct mf_image *image)
{
  g_assert_true (mf_boot_init (boot, &board->config));
  return mf_boot_select (boot, image);
}

static unsigned
start_version (MfTestFlash *board, guint version)
{
  struct mf_image image;
  struct mf_boot  boot;
  unsigned        slot = start (board, &boot, &image);

  if (slot != MF_BOOT_NONE)
    g_assert_cmpuint (image.version[1], ==, version);
  return slot;
}

static void
write_version (MfTestFlash *board, unsigned slot, guint16 version, guint32 counter)
{
  g_autoptr (GBytes) image = mf_test_image_new (version, counter, 700);

  mf_test_flash_write_image (board, slot, image);
}

/* Slot 1 holds an image that waits to be tried; slot 0 works. */
static MfTestFlash *
make_pending (guint32 counter)
{
  MfTestFlash   *board = mf_test_flash_new (SLOT, 256, 16);
  struct mf_boot boot;

  write_version (board, 0, 1, 0);
  g_assert_cmpuint (start_version (board, 1), ==, 0);
  g_assert_true (mf_boot_init (&boot, &board->config));
  g_assert_true (mf_boot_clear (&boot, 1));
  write_version (board, 1, 2, counter);
  g_assert_true (mf_boot_set_pending (&boot, 1));
  return board;
}

static void
test_factory (void)
{
  g_autoptr (MfTestFlash) board = mf_test_flash_new (SLOT, 256, 16);
  struct mf_boot boot;

  g_assert_cmpuint (start_version (board, 0), ==, MF_BOOT_NONE);
  write_version (board, 1, 1, 4);
  g_assert_cmpuint (start_version (board, 1), ==, 1);
  g_assert_true (mf_boot_init (&boot, &board->config));
  g_assert_cmpint (boot.states[1], ==, MF_SLOT_CONFIRMED);
  g_assert_cmpuint (boot.active, ==, 1);
  g_assert_cmpuint (boot.security_counter, ==, 4);
  g_assert_cmpuint (mf_boot_spare (&boot, 1), ==, 0);
}

static bool
program_nothing (void *user, uint32_t offset, const void *data, uint32_t size)
{
  return true;
}

/* Flash that is worn out says that it wrote: a try that is not counted must not begin. */
static void
test_worn_out (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);
  const struct mf_flash_ops *good = board->config.records.ops;
  struct mf_flash_ops        worn = *good;

  worn.program = program_nothing;
  board->config.records.ops = &worn;
  g_assert_cmpuint (start_version (board, 1), ==, 0);
  board->config.records.ops = good;
  g_assert_cmpuint (start_version (board, 2), ==, 1);
}

static void
test_reverts (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);
  struct mf_boot boot;

  g_assert_cmpuint (start_version (board, 2), ==, 1);
  g_assert_cmpuint (start_version (board, 1), ==, 0);
  g_assert_true (mf_boot_init (&boot, &board->config));
  g_assert_cmpint (boot.states[1], ==, MF_SLOT_REVERTED);
  g_assert_cmpuint (start_version (board, 1), ==, 0);
}

static void
test_confirms (void)
{
  g_autoptr (MfTestFlash) board = make_pending (3);
  struct mf_boot  boot;
  struct mf_image image;

  g_assert_cmpuint (start (board, &boot, &image), ==, 1);
  g_assert_true (mf_boot_confirm (&boot, 1, &image));
  g_assert_cmpuint (start_version (board, 2), ==, 1);
  g_assert_true (mf_boot_init (&boot, &board->config));
  g_assert_cmpuint (boot.security_counter, ==, 3);
  g_assert_cmpint (mf_boot_check (&boot, 0, &image), ==, MF_IMAGE_ROLLED_BACK);
}

/* While the running image is on trial, the one to fall back to must not be touched. */
static void
test_clear_is_refused_on_trial (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);
  struct mf_boot  boot;
  struct mf_image image;

  g_assert_cmpuint (start (board, &boot, &image), ==, 1);
  g_assert_false (mf_boot_clear (&boot, 0));
  g_assert_true (mf_boot_confirm (&boot, 1, &image));
  g_assert_true (mf_boot_clear (&boot, 0));
}

static void
test_pending_that_rotted (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);

  board->memory[board->config.records.size + SLOT + 500] ^= 4;
  g_assert_cmpuint (start_version (board, 1), ==, 0);
}

static void
test_active_that_rotted (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);
  struct mf_boot  boot;
  struct mf_image image;

  g_assert_cmpuint (start (board, &boot, &image), ==, 1);
  g_assert_true (mf_boot_confirm (&boot, 1, &image));
  board->memory[board->config.records.size + SLOT + 500] ^= 4;
  g_assert_cmpuint (start_version (board, 1), ==, 0);
}

/* Records that are lost are as those of a new board: some authentic image runs. */
static void
test_records_that_rotted (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);

  memset (board->memory, 0x11, board->config.records.size);
  g_assert_cmpuint (start_version (board, 1), ==, 0);
}

/* Hundreds of records in two small units, and after each a start that knows what was last. */
static void
test_records_wrap (void)
{
  static const guint32 program_sizes[] = { 1, 2, 16, 64 };

  for (guint i = 0; i < G_N_ELEMENTS (program_sizes); i++)
    {
      g_autoptr (MfTestFlash) board = mf_test_flash_new (SLOT, 256, program_sizes[i]);
      struct mf_boot boot;

      write_version (board, 0, 1, 0);
      g_assert_cmpuint (start_version (board, 1), ==, 0);
      for (guint n = 0; n < 200; n++)
        {
          g_assert_true (mf_boot_init (&boot, &board->config));
          g_assert_cmpuint (boot.number, ==, n + 1);
          if (n % 2 == 0)
            g_assert_true (mf_boot_set_pending (&boot, 1));
          else
            g_assert_true (mf_boot_clear (&boot, 1));
        }
    }
}

/* Every cut within a change leaves the old state or the new one, and the next change works. */
static void
test_torn_records (void)
{
  g_autoptr (MfTestFlash) board = mf_test_flash_new (SLOT, 256, 16);
  struct mf_boot boot, after;

  write_version (board, 0, 1, 0);
  g_assert_cmpuint (start_version (board, 1), ==, 0);
  for (guint n = 0; n < 2000; n++)
    {
      enum mf_slot_state old, wanted = n % 2 == 0 ? MF_SLOT_PENDING : MF_SLOT_EMPTY;

      mf_test_flash_power_on (board);
      g_assert_true (mf_boot_init (&boot, &board->config));
      old = boot.states[1];
      board->cut_at = 1 + n % 3;
      if (n % 2 == 0)
        mf_boot_set_pending (&boot, 1);
      else
        mf_boot_clear (&boot, 1);
      mf_test_flash_power_on (board);
      g_assert_true (mf_boot_init (&after, &board->config));
      g_assert_cmpint (after.states[0], ==, MF_SLOT_CONFIRMED);
      g_assert_cmpuint (after.active, ==, 0);
      g_assert_true (after.states[1] == old || after.states[1] == wanted);
    }
}

/* Anything at all in the flash of records: no image runs that is not authentic. */
static void
test_any_records (void)
{
  g_autoptr (MfTestFlash) board = make_pending (0);

  for (guint n = 0; n < 200; n++)
    {
      for (gsize i = 0; i < board->config.records.size; i++)
        if (g_rand_int_range (board->rand, 0, 8) == 0)
          board->memory[i] = (guint8)g_rand_int (board->rand);
      {
        struct mf_image image;
        struct mf_boot  boot;

        g_assert_cmpuint (start (board, &boot, &image), !=, MF_BOOT_NONE);
      }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/boot/factory", test_factory);
  g_test_add_func ("/boot/worn-out", test_worn_out);
  g_test_add_func ("/boot/reverts", test_reverts);
  g_test_add_func ("/boot/confirms", test_confirms);
  g_test_add_func ("/boot/clear-is-refused-on-trial", test_clear_is_refused_on_trial);
  g_test_add_func ("/boot/pending-that-rotted", test_pending_that_rotted);
  g_test_add_func ("/boot/active-that-rotted", test_active_that_rotted);
  g_test_add_func ("/boot/records-that-rotted", test_records_that_rotted);
  g_test_add_func ("/boot/records-wrap", test_records_wrap);
  g_test_add_func ("/boot/torn-records", test_torn_records);
  g_test_add_func ("/boot/any-records", test_any_records);
  return g_test_run ();
}
