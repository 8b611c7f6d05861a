/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-unit.h"

/* Power fails in each of the operations on flash of an update, from the order to the confirmation;
 * the records, the slots and the store are all flash. The unit runs version 1.2.0 from slot 1, and
 * 1.3.0 goes where 1.1.0 still lies. Whatever a cut leaves, the unit starts, with an authentic
 * image, and the update can be brought to its end. */

#define CUTS_MIN 1000u
#define SLOT (24u * 1024)

typedef struct
{
  guint as_it_was; /* it ran the old image, and went on by itself */
  guint reverted;  /* power failed during the trial: the old image, until it is ordered again */
  guint confirmed; /* it ran the new image */
} Tally;

/* Goes on as far as it comes: through the reset into the new image, and to its confirmation. */
static void
carry_on (MfTestUnit *unit)
{
  mf_test_unit_run (unit, NULL);
  if (unit->flash->off || !unit->update.wants_reset)
    return;
  mf_test_unit_start (unit);
  if (!unit->flash->off && unit->running != MF_BOOT_NONE)
    mf_test_unit_run (unit, NULL);
}

static void
update (MfTestUnit *unit, GBytes *file)
{
  g_autoptr (GBytes) index = mf_test_index_new (file);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  if (unit->n_blocks > 0)
    mf_test_unit_offer_index (unit, index, &order);
  g_snprintf (order.id, sizeof order.id, "%u", g_bytes_hash (file));
  mf_update_begin (&unit->update, &order);
  carry_on (unit);
}

static guint
count_good_slots (MfTestUnit *unit)
{
  struct mf_image image;
  guint           n = 0;

  for (unsigned slot = 0; slot < MF_BOOT_SLOTS; slot++)
    n += mf_boot_check (&unit->boot, slot, &image) == MF_IMAGE_OK;
  return n;
}

static void
tally (MfTestUnit *unit, Tally *tally)
{
  if (unit->running == 0)
    tally->confirmed++;
  else if (unit->update.state == MF_UPDATE_REVERTED)
    tally->reverted++;
  else
    tally->as_it_was++;
}

/* Power is back after the cut. */
static void
recover (MfTestUnit *unit, GBytes *file, Tally *sum)
{
  mf_test_flash_power_on (unit->flash);
  mf_test_unit_start (unit);
  g_assert_cmpuint (unit->running, !=, MF_BOOT_NONE);
  g_assert_cmpuint (unit->image.version[1], ==, unit->running == 0 ? 3 : 2);
  g_assert_cmpuint (count_good_slots (unit), >=, 1);
  tally (unit, sum);
  carry_on (unit);
  if (unit->running != 0)
    update (unit, file);
  g_assert_cmpstr (mf_update_state_name (unit->update.state), ==, "confirmed");
  g_assert_cmpuint (unit->running, ==, 0);
  g_assert_cmpuint (unit->boot.security_counter, ==, 2);
}

static guint
cut_everywhere (guint32 erase_size, guint32 program_size, gboolean by_difference)
{
  g_autoptr (MfTestUnit) unit = mf_test_unit_new (SLOT, erase_size, program_size);
  g_autoptr (GBytes) second = mf_test_image_new (2, 1, SLOT / 2);
  g_autoptr (GBytes) file = NULL;
  g_autofree guint8 *before = NULL;
  Tally              sum = { 0 };
  guint              total;

  unit->n_blocks = by_difference ? MF_TEST_BLOCKS : 0;
  mf_test_unit_start (unit);
  update (unit, second);
  g_assert_cmpuint (unit->running, ==, 1);
  file = by_difference ? mf_test_unit_derive (unit, 3, 5000, SLOT / 2 - 2000)
                       : mf_test_image_new (3, 2, SLOT - 2000);
  before = g_memdup2 (unit->flash->memory, unit->flash->size);
  mf_test_flash_power_on (unit->flash);
  update (unit, file);
  g_assert_cmpuint (unit->running, ==, 0);
  total = unit->flash->operations;
  for (guint cut = 1; cut <= total; cut++)
    {
      memcpy (unit->flash->memory, before, unit->flash->size);
      mf_test_flash_power_on (unit->flash);
      mf_test_unit_start (unit);
      g_assert_cmpuint (unit->flash->operations, ==, 0);
      unit->flash->cut_at = cut;
      update (unit, file);
      g_assert_true (unit->flash->off);
      recover (unit, file, &sum);
    }
  g_test_message ("units of %u and %u bytes: power cut in each of %u operations: went on %u, "
                  "reverted %u, confirmed %u",
                  erase_size, program_size, total, sum.as_it_was, sum.reverted, sum.confirmed);
  g_assert_cmpuint (sum.as_it_was, >, 0);
  g_assert_cmpuint (sum.reverted, >, 0);
  g_assert_cmpuint (sum.confirmed, >, 0);
  return total;
}

/* Erased by pages as an STM32F103, programmed by 16 bytes. */
static void
test_small_pages (void)
{
  g_assert_cmpuint (cut_everywhere (1024, 16, FALSE), >=, CUTS_MIN);
}

/* Sectors and pages as of serial flash: RP2040, ESP32. */
static void
test_large_pages (void)
{
  cut_everywhere (4096, 256, FALSE);
}

/* What the image that runs has already is copied. */
static void
test_by_difference (void)
{
  g_assert_cmpuint (cut_everywhere (1024, 16, TRUE), >=, CUTS_MIN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/power-cut/small-pages", test_small_pages);
  g_test_add_func ("/power-cut/large-pages", test_large_pages);
  g_test_add_func ("/power-cut/by-difference", test_by_difference);
  return g_test_run ();
}
