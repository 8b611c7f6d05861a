/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-unit.h"

/* The agent: from the order to the confirmation, and every way in which that does not come. */

#define SLOT (32u * 1024)
#define SIZE 9001u

static MfTestUnit *
unit_new (void)
{
  return mf_test_unit_new (SLOT, 1024, 64);
}

static void
assert_state (MfTestUnit *unit, enum mf_update_state state)
{
  g_assert_cmpstr (mf_update_state_name (unit->update.state), ==, mf_update_state_name (state));
}

static void
assert_failed (MfTestUnit *unit, const char *code)
{
  assert_state (unit, MF_UPDATE_FAILED);
  if (!g_str_has_prefix (unit->update.error, code) ||
      !g_str_has_prefix (unit->update.error + strlen (code), ": "))
    g_error ("%s instead of %s", unit->update.error, code);
}

static void
order_image (MfTestUnit *unit, GBytes *file)
{
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
}

static void
order_version (MfTestUnit *unit, guint16 version, guint32 counter)
{
  g_autoptr (GBytes) file = mf_test_image_new (version, counter, SIZE);

  order_image (unit, file);
}

static void
assert_runs (MfTestUnit *unit, guint version)
{
  g_assert_cmpuint (unit->running, !=, MF_BOOT_NONE);
  g_assert_cmpuint (unit->image.version[1], ==, version);
}

/* v1 → v2, not confirmed → v1; v2 again, confirmed; and then v3 into the other slot. */
static void
test_confirm_and_revert (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();

  assert_runs (unit, 1);
  order_version (unit, 2, 0);
  assert_state (unit, MF_UPDATE_REBOOTING);
  mf_test_unit_start (unit);
  assert_runs (unit, 2);
  assert_state (unit, MF_UPDATE_CONFIRMING);
  mf_test_unit_start (unit);
  assert_runs (unit, 1);
  assert_state (unit, MF_UPDATE_REVERTED);
  g_assert_true (g_str_has_prefix (unit->update.error, "not-confirmed: "));
  order_version (unit, 2, 3);
  mf_test_unit_start (unit);
  assert_runs (unit, 2);
  mf_test_unit_run (unit, NULL);
  assert_state (unit, MF_UPDATE_CONFIRMED);
  g_assert_cmpuint (unit->boot.security_counter, ==, 3);
  mf_test_unit_start (unit);
  assert_runs (unit, 2);
  assert_state (unit, MF_UPDATE_CONFIRMED);
  {
    g_autoptr (GBytes) file = mf_test_image_new (3, 3, SIZE);
    struct mf_update_order order;

    mf_test_unit_offer (unit, file, &order);
    strcpy (order.id, "update-2");
    g_assert_true (mf_update_begin (&unit->update, &order));
    mf_test_unit_run (unit, NULL);
  }
  mf_test_unit_start (unit);
  assert_runs (unit, 3);
  g_assert_cmpuint (unit->running, ==, 0);
}

/* What became of the update before is nothing of the next one's, which has not come far. */
static void
test_reverted_before (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (3, 0, SIZE);
  struct mf_update_order order;

  order_version (unit, 2, 0);
  mf_test_unit_start (unit);
  mf_test_unit_start (unit);
  assert_state (unit, MF_UPDATE_REVERTED);
  mf_test_unit_offer (unit, file, &order);
  strcpy (order.id, "update-2");
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_start (unit);
  assert_state (unit, MF_UPDATE_DOWNLOADING);
  mf_test_unit_run (unit, NULL);
  assert_state (unit, MF_UPDATE_REBOOTING);
  mf_test_unit_start (unit);
  assert_runs (unit, 3);
}

/* The new image runs and is not well: it goes back by itself, and says why. */
static void
test_gives_up (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();

  order_version (unit, 2, 0);
  mf_test_unit_start (unit);
  mf_test_unit_run (unit, "the sensor does not answer");
  g_assert_true (unit->update.wants_reset);
  g_assert_cmpuint (unit->now_ms, >=, 31000);
  mf_test_unit_start (unit);
  assert_runs (unit, 1);
  assert_state (unit, MF_UPDATE_REVERTED);
  g_assert_cmpstr (unit->update.error, ==, "not-confirmed: the sensor does not answer");
}

static void
test_refuses (void)
{
  static const guint8          other[MF_ED25519_SEED_SIZE] = "the seed of somebody else's key";
  static const struct mf_image good = {
    .model = MF_TEST_MODEL, .hardware_max = 9, .version = { 1, 2, 0 }, .security_counter = 5
  };
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) payload = g_bytes_new_static ("some payload, and more", 22);
  const struct
  {
    const char     *code;
    struct mf_image fields;
    const guint8   *seed;
  } cases[] = {
    { "unsigned", good, NULL },
    { "unknown-key", good, other },
    { "wrong-model", { .model = "MN-2", .hardware_max = 9, .security_counter = 5 }, mf_test_seed },
    { "wrong-hardware", { .model = MF_TEST_MODEL, .security_counter = 5 }, mf_test_seed },
    { "rolled-back",
      { .model = MF_TEST_MODEL, .hardware_max = 9, .security_counter = 4 },
      mf_test_seed },
  };

  order_version (unit, 2, 5);
  mf_test_unit_start (unit);
  mf_test_unit_run (unit, NULL);
  assert_state (unit, MF_UPDATE_CONFIRMED);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) file = mf_test_image_build (&cases[i].fields, payload, cases[i].seed, NULL);
      struct mf_update_order order;
      guint                  operations;

      mf_test_unit_offer (unit, file, &order);
      strcpy (order.id, cases[i].code);
      g_assert_true (mf_update_begin (&unit->update, &order));
      operations = unit->flash->operations;
      mf_test_unit_run (unit, NULL);
      assert_failed (unit, cases[i].code);
      /* Nothing but the record of the failure was written: the other slot is what it was. */
      g_assert_cmpuint (unit->flash->operations - operations, <, 20);
      g_assert_cmpint (unit->boot.states[0], ==, MF_SLOT_CONFIRMED);
      mf_test_unit_start (unit);
      assert_runs (unit, 2);
      assert_failed (unit, cases[i].code);
    }
}

static void
test_corrupted (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  gsize              size;
  const guint8      *data = g_bytes_get_data (file, &size);
  g_autofree guint8 *altered = g_memdup2 (data, size);
  g_autoptr (GBytes) corrupted = NULL;

  altered[size - 1] ^= 1;
  corrupted = g_bytes_new (altered, size);
  order_image (unit, corrupted);
  assert_failed (unit, "bad-payload");
  mf_test_unit_start (unit);
  assert_runs (unit, 1);
}

static void
test_another_file (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  order.sha256[0] ^= 1;
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  assert_failed (unit, "wrong-file");
  mf_test_unit_offer (unit, file, &order);
  strcpy (order.version, "1.3.0");
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  assert_failed (unit, "wrong-file");
  order.size = SLOT + 1;
  g_assert_true (mf_update_begin (&unit->update, &order));
  assert_failed (unit, "too-large");
  order.size = MF_IMAGE_HEADER_SIZE;
  g_assert_true (mf_update_begin (&unit->update, &order));
  assert_failed (unit, "wrong-file");
}

static void
test_not_found (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  g_clear_pointer (&unit->file, g_bytes_unref);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  assert_failed (unit, "not-found");
}

/* From an address that the unit cannot fetch from, trying again is of no use. */
static void
test_no_way_there (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_update_step (&unit->update, NULL);
  g_assert_true (unit->update.fetching);
  mf_update_fetched (&unit->update, MF_FETCH_IMPOSSIBLE);
  assert_failed (unit, "no-transport");
}

/* A network that breaks again and again costs time, and no byte is fetched twice. */
static void
test_goes_on_after_breaks (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();

  unit->breaks = 7;
  order_version (unit, 2, 0);
  assert_state (unit, MF_UPDATE_REBOOTING);
  g_assert_cmpuint (unit->fetches, ==, 8);
  g_assert_cmpuint (unit->fetched, ==, SIZE + MF_IMAGE_HEADER_SIZE);
}

/* After a reset it goes on from the last mark; only the header is fetched again. */
static void
test_goes_on_after_reset (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order;
  const guint8          *data = g_bytes_get_data (file, NULL);

  mf_test_unit_offer (unit, file, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_update_step (&unit->update, NULL);
  mf_update_feed (&unit->update, (struct mf_bytes){ data, 5000 });
  g_assert_cmpuint (mf_update_progress (&unit->update), ==, 100 * 5000 / (SIZE + 256));
  mf_test_unit_start (unit);
  assert_state (unit, MF_UPDATE_DOWNLOADING);
  unit->fetched = 0;
  mf_test_unit_run (unit, NULL);
  assert_state (unit, MF_UPDATE_REBOOTING);
  g_assert_cmpuint (unit->fetched, ==, MF_IMAGE_HEADER_SIZE + SIZE + MF_IMAGE_HEADER_SIZE - 4096);
}

static void
test_hold_and_activate (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  order.hold = true;
  g_assert_true (mf_update_begin (&unit->update, &order));
  g_assert_false (mf_update_activate (&unit->update, order.id));
  mf_test_unit_run (unit, NULL);
  assert_state (unit, MF_UPDATE_DOWNLOADED);
  mf_test_unit_start (unit);
  assert_runs (unit, 1);
  assert_state (unit, MF_UPDATE_DOWNLOADED);
  g_assert_false (mf_update_activate (&unit->update, "another"));
  g_assert_true (mf_update_activate (&unit->update, order.id));
  mf_test_unit_run (unit, NULL);
  mf_test_unit_start (unit);
  assert_runs (unit, 2);
}

static void
test_cancel (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_update_step (&unit->update, NULL);
  mf_update_feed (&unit->update,
                  (struct mf_bytes){ g_bytes_get_data (file, NULL), MF_IMAGE_HEADER_SIZE + 900 });
  g_assert_false (mf_update_cancel (&unit->update, "another"));
  g_assert_true (mf_update_cancel (&unit->update, order.id));
  assert_failed (unit, "cancelled");
  g_assert_cmpuint (unit->stops, ==, 1);
  g_assert_false (mf_update_cancel (&unit->update, order.id));
  mf_test_unit_start (unit);
  assert_runs (unit, 1);
  order_image (unit, file);
  assert_state (unit, MF_UPDATE_REBOOTING);
}

/* MQTT may bring an order twice: nothing is done twice. An order while another is being tried is
 * refused. */
static void
test_orders_that_come_again (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  struct mf_update_order order, other;

  mf_test_unit_offer (unit, file, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_update_step (&unit->update, NULL);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  g_assert_cmpuint (unit->fetched, ==, SIZE + MF_IMAGE_HEADER_SIZE);
  mf_test_unit_start (unit);
  other = order;
  strcpy (other.id, "other");
  g_assert_false (mf_update_begin (&unit->update, &other));
  assert_state (unit, MF_UPDATE_CONFIRMING);
  mf_test_unit_run (unit, NULL);
  g_assert_true (mf_update_begin (&unit->update, &order));
  assert_state (unit, MF_UPDATE_CONFIRMED);
  g_assert_true (mf_update_is_due (&unit->update));
  g_assert_cmpuint (unit->fetched, ==, SIZE + MF_IMAGE_HEADER_SIZE);
}

static void
test_reports_now_and_then (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  g_autoptr (GBytes) file = mf_test_image_new (2, 0, SIZE);
  const guint8          *data = g_bytes_get_data (file, NULL);
  struct mf_update_order order;

  mf_test_unit_offer (unit, file, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  g_assert_true (mf_update_is_due (&unit->update));
  mf_update_reported (&unit->update);
  g_assert_false (mf_update_is_due (&unit->update));
  mf_update_step (&unit->update, NULL);
  mf_update_feed (&unit->update, (struct mf_bytes){ data, 3000 });
  g_assert_false (mf_update_is_due (&unit->update));
  unit->now_ms += 2000;
  g_assert_true (mf_update_is_due (&unit->update));
  mf_update_reported (&unit->update);
  unit->now_ms += 2000;
  g_assert_false (mf_update_is_due (&unit->update));
}

/* --- by difference --- */

#define INSERTED 100u

/* A unit and an order for an image that differs a little from the one it runs. */
static GBytes *
offer_derived (MfTestUnit *unit, struct mf_update_order *order)
{
  g_autoptr (GBytes) file = mf_test_unit_derive (unit, 2, 5000, INSERTED);
  g_autoptr (GBytes) index = mf_test_index_new (file);

  mf_test_unit_offer (unit, file, order);
  mf_test_unit_offer_index (unit, index, order);
  return g_steal_pointer (&file);
}

static void
assert_installed (MfTestUnit *unit, GBytes *file)
{
  gsize              size = g_bytes_get_size (file);
  g_autofree guint8 *bytes = g_malloc (size);

  assert_state (unit, MF_UPDATE_REBOOTING);
  g_assert_true (mf_flash_read (&unit->flash->config.slots[1], 0, bytes, (guint32)size));
  g_assert_cmpmem (bytes, size, g_bytes_get_data (file, NULL), size);
  g_assert_cmpuint (unit->update.fetched, ==, unit->fetched);
  mf_test_unit_start (unit);
  assert_runs (unit, 2);
  mf_test_unit_run (unit, NULL);
  assert_state (unit, MF_UPDATE_CONFIRMED);
}

static void
test_by_difference (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  struct mf_update_order order;
  g_autoptr (GBytes) file = offer_derived (unit, &order);

  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  /* The header, the index, the block into which something was put, and what is behind the last. */
  g_assert_cmpuint (unit->fetched, ==,
                    MF_IMAGE_HEADER_SIZE + order.index_size + 1024 + (SLOT / 2 + INSERTED) % 1024);
  g_assert_cmpuint (unit->fetches, ==, 4);
  assert_installed (unit, file);
}

/* The mark is kept, the index and the search are not: they are done once more. */
static void
test_difference_goes_on (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  struct mf_update_order order;
  g_autoptr (GBytes) file = offer_derived (unit, &order);
  guint64 fetched;

  g_assert_true (mf_update_begin (&unit->update, &order));
  unit->breaks = 2;
  while (unit->update.marked < 8192)
    {
      mf_update_step (&unit->update, NULL);
      unit->now_ms += 60000;
      mf_test_unit_serve (unit);
    }
  fetched = unit->fetched;
  mf_test_unit_start (unit);
  assert_state (unit, MF_UPDATE_DOWNLOADING);
  g_assert_cmpuint (unit->update.fetched, ==, fetched);
  mf_test_unit_run (unit, NULL);
  g_assert_cmpuint (unit->fetched - fetched, ==,
                    MF_IMAGE_HEADER_SIZE + order.index_size + (SLOT / 2 + INSERTED) % 1024);
  assert_installed (unit, file);
}

/* Says of each block that it is what the unit has at that place already. */
static GBytes *
make_lying_index (MfTestUnit *unit, GBytes *file)
{
  g_autoptr (GBytes) good = mf_test_index_new (file);
  g_autoptr (GBytes) same = mf_test_unit_derive (unit, 1, 5000, INSERTED);
  g_autoptr (GBytes) old = NULL;
  gsize   size;
  guint8 *bytes = g_memdup2 (g_bytes_get_data (same, NULL), g_bytes_get_size (same));

  memset (bytes + MF_IMAGE_HEADER_SIZE, 0, g_bytes_get_size (same) - MF_IMAGE_HEADER_SIZE);
  g_assert_true (mf_flash_read (&unit->flash->config.slots[0], 0, bytes, SLOT / 2));
  old = g_bytes_new_take (bytes, g_bytes_get_size (same));
  g_clear_pointer (&same, g_bytes_unref);
  same = mf_test_index_new (old);
  bytes = g_memdup2 (g_bytes_get_data (same, &size), g_bytes_get_size (same));
  memcpy (bytes, g_bytes_get_data (good, NULL), MF_INDEX_HEAD_SIZE);
  return g_bytes_new_take (bytes, size);
}

/* It costs a download of the whole file, also where the unit starts anew before it is found out. */
static void
test_lying_index (gconstpointer starts_anew)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  struct mf_update_order order;
  g_autoptr (GBytes) file = offer_derived (unit, &order);
  g_autoptr (GBytes) index = make_lying_index (unit, file);

  mf_test_unit_offer_index (unit, index, &order);
  g_assert_true (mf_update_begin (&unit->update, &order));
  if (GPOINTER_TO_INT (starts_anew))
    {
      while (unit->update.marked < 8192)
        {
          mf_update_step (&unit->update, NULL);
          mf_test_unit_serve (unit);
        }
      g_clear_pointer (&unit->index, g_bytes_unref);
      mf_test_unit_start (unit);
    }
  mf_test_unit_run (unit, NULL);
  g_assert_cmpuint (unit->fetched, >=, g_bytes_get_size (file));
  g_assert_cmpuint (unit->update.order.index_size, ==, 0);
  assert_installed (unit, file);
}

/* A file that is wrong itself is fetched once more for the sake of the index, and no more often. */
static void
test_difference_to_a_wrong_file (void)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  struct mf_update_order order;
  g_autoptr (GBytes) file = offer_derived (unit, &order);
  gsize              size;
  g_autofree guint8 *altered = g_memdup2 (g_bytes_get_data (file, &size), g_bytes_get_size (file));

  altered[size - 1] ^= 1;
  g_clear_pointer (&unit->file, g_bytes_unref);
  unit->file = g_bytes_new (altered, size);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  assert_failed (unit, "bad-payload");
  g_assert_cmpuint (unit->fetched, <, 2 * size);
  mf_test_unit_start (unit);
  assert_runs (unit, 1);
}

/* What is no index, or cannot be had, or is too much for the unit: the file is fetched whole. */
static void
test_no_index (gconstpointer which)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  struct mf_update_order order;
  g_autoptr (GBytes) file = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize              size;

  if (GPOINTER_TO_INT (which) == 3)
    unit->n_blocks = 15;
  mf_test_unit_start (unit);
  file = offer_derived (unit, &order);
  bytes = g_memdup2 (g_bytes_get_data (unit->index, &size), g_bytes_get_size (unit->index));
  g_clear_pointer (&unit->index, g_bytes_unref);
  if (GPOINTER_TO_INT (which) == 1) /* of another file */
    bytes[24] ^= 1;
  if (GPOINTER_TO_INT (which) == 2) /* none */
    bytes[0] = 'X';
  if (GPOINTER_TO_INT (which) > 0)
    unit->index = g_bytes_new (bytes, size);
  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_test_unit_run (unit, NULL);
  g_assert_cmpuint (unit->fetched, >=, g_bytes_get_size (file));
  g_assert_cmpuint (unit->fetched, <=, g_bytes_get_size (file) + order.index_size);
  assert_installed (unit, file);
}

/* A network that breaks: the index is gone on with where it broke, and after three times let be. */
static void
test_index_breaks (gconstpointer breaks)
{
  g_autoptr (MfTestUnit) unit = unit_new ();
  struct mf_update_order order;
  g_autoptr (GBytes) file = offer_derived (unit, &order);
  gboolean difference = GPOINTER_TO_UINT (breaks) < 3;

  g_assert_true (mf_update_begin (&unit->update, &order));
  mf_update_step (&unit->update, NULL);
  mf_test_unit_serve (unit);
  unit->breaks = GPOINTER_TO_UINT (breaks);
  mf_test_unit_run (unit, NULL);
  if (difference)
    g_assert_cmpuint (unit->fetched, ==,
                      MF_IMAGE_HEADER_SIZE + order.index_size + 1024 +
                        (SLOT / 2 + INSERTED) % 1024);
  else
    g_assert_cmpuint (unit->fetched, >=, g_bytes_get_size (file));
  assert_installed (unit, file);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/update/confirm-and-revert", test_confirm_and_revert);
  g_test_add_func ("/update/reverted-before", test_reverted_before);
  g_test_add_func ("/update/gives-up", test_gives_up);
  g_test_add_func ("/update/refuses", test_refuses);
  g_test_add_func ("/update/corrupted", test_corrupted);
  g_test_add_func ("/update/another-file", test_another_file);
  g_test_add_func ("/update/not-found", test_not_found);
  g_test_add_func ("/update/no-way-there", test_no_way_there);
  g_test_add_func ("/update/goes-on-after-breaks", test_goes_on_after_breaks);
  g_test_add_func ("/update/goes-on-after-reset", test_goes_on_after_reset);
  g_test_add_func ("/update/hold-and-activate", test_hold_and_activate);
  g_test_add_func ("/update/cancel", test_cancel);
  g_test_add_func ("/update/orders-that-come-again", test_orders_that_come_again);
  g_test_add_func ("/update/reports-now-and-then", test_reports_now_and_then);
  g_test_add_func ("/update/difference", test_by_difference);
  g_test_add_func ("/update/difference/goes-on", test_difference_goes_on);
  g_test_add_func ("/update/difference/wrong-file", test_difference_to_a_wrong_file);
  g_test_add_data_func ("/update/difference/lying", GINT_TO_POINTER (FALSE), test_lying_index);
  g_test_add_data_func ("/update/difference/lying-over-a-reset", GINT_TO_POINTER (TRUE),
                        test_lying_index);
  g_test_add_data_func ("/update/difference/not-found", GINT_TO_POINTER (0), test_no_index);
  g_test_add_data_func ("/update/difference/of-another", GINT_TO_POINTER (1), test_no_index);
  g_test_add_data_func ("/update/difference/malformed", GINT_TO_POINTER (2), test_no_index);
  g_test_add_data_func ("/update/difference/too-large", GINT_TO_POINTER (3), test_no_index);
  g_test_add_data_func ("/update/difference/breaks", GUINT_TO_POINTER (2), test_index_breaks);
  g_test_add_data_func ("/update/difference/keeps-breaking", GUINT_TO_POINTER (3),
                        test_index_breaks);
  return g_test_run ();
}
