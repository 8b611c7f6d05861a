/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "core/muster-core-test-util.h"
#include "core/muster-service.h"
#include "muster-retention-follower.h"
#include "muster-sqlite-sample-store.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
/* The begin of a chunk of hours. */
#define BEGIN (1280 * 16 * DAY)
#define DAYS 24
#define NOW (BEGIN + DAYS * DAY + 5 * HOUR)
#define INTERVAL (30 * SECOND)
#define N_METRICS G_N_ELEMENTS (metrics)

static const char *const devices[] = { "01980000-0000-7000-8000-000000000001",
                                       "01980000-0000-7000-8000-000000000002" };
/* Two of a class, one that keeps no roll-ups, one of no class. */
static const char *const metrics[] = { "climate/temperature", "climate/humidity", "debug/heap",
                                       "energy" };
static const gint64      climate[] = { 4, 8, 14 };
static const gint64      debug[] = { 2, 0, 0 };

typedef struct
{
  MusterTestDir           *dir;
  MusterClock             *clock;
  MusterSampleStore       *store;
  MusterRetentionFollower *follower;
  MusterRetentionPolicy   *policy;
} Fixture;

static void
open_store (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, self->clock));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
  self->follower = muster_retention_follower_new (muster_sqlite_sample_store_get_engine (
                                                    MUSTER_SQLITE_SAMPLE_STORE (self->store)),
                                                  self->clock);
}

static void
close_store (Fixture *self)
{
  g_clear_pointer (&self->follower, muster_retention_follower_stop);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
}

/* --- the naive model: what a sample is, is reckoned from its time --- */

static double
get_number (unsigned device, unsigned metric, gint64 n)
{
  return round (200 + 50 * sin (n / 97.0)) / 10 + n % 13 + (double)metric * 100 + device * 1000;
}

/* Every metric at moments of its own: not every row has all of them. */
static gboolean
has_sample (unsigned metric, gint64 n)
{
  return n % (metric + 1) == 0;
}

static void
append_day (Fixture *self, unsigned device, int day)
{
  MusterSampleChunk *chunk = muster_sample_chunk_new ();
  unsigned           number = muster_sample_chunk_add_device (chunk, devices[device]);
  unsigned           columns[N_METRICS];

  for (unsigned i = 0; i < N_METRICS; i++)
    columns[i] = muster_sample_chunk_add_metric (chunk, metrics[i]);
  for (gint64 at = day * DAY; at < (day + 1) * DAY; at += INTERVAL)
    {
      gint64 n = at / INTERVAL;

      muster_sample_chunk_add_row (chunk, number, BEGIN + at);
      for (unsigned i = 0; i < N_METRICS; i++)
        if (has_sample (i, n))
          muster_sample_chunk_add_cell (chunk, columns[i],
                                        muster_cell_tag (MUSTER_SAMPLE_DOUBLE, MUSTER_SAMPLE_PLAIN),
                                        (MusterCell){ .number = get_number (device, i, n) });
    }
  muster_test_await (
    muster_sample_store_append_chunk (self->store, chunk, muster_sample_chunk_pack (chunk)));
}

static gint64
count_model (unsigned metric, gint64 from, gint64 until)
{
  gint64 count = 0;

  for (gint64 at = 0; at < DAYS * DAY; at += INTERVAL)
    count += BEGIN + at >= from && BEGIN + at < until && has_sample (metric, at / INTERVAL);
  return count;
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (NOW);
  self->policy = muster_retention_policy_new ();
  muster_retention_policy_add (self->policy, NULL, "Climate", "climate/*", climate);
  muster_retention_policy_add (self->policy, NULL, "Debug", "test, debug/*", debug);
  open_store (self);
  for (int day = 0; day < DAYS; day++)
    for (unsigned i = 0; i < G_N_ELEMENTS (devices); i++)
      append_day (self, i, day);
  return self;
}

static void
fixture_free (Fixture *self)
{
  close_store (self);
  muster_retention_policy_unref (self->policy);
  g_clear_object (&self->clock);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
delete_old (Fixture *self)
{
  muster_retention_follower_set_policy (self->follower, self->policy);
  muster_test_await (muster_retention_follower_catch_up (self->follower));
}

static gint64
get_stat (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats =
              dex_await_variant (muster_sample_store_get_stats (self->store), &error);
  gint64 value = -1;

  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (stats, name, "x", &value));
  return value;
}

static MusterSampleBatch *
ask (Fixture *self, unsigned device, unsigned metric, MusterSampleQuery query)
{
  const char *names[] = { metrics[metric], NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  query.device_id = devices[device];
  query.metrics = names;
  batches = dex_await_boxed (muster_sample_store_query_range (self->store, &query), &error);
  g_assert_no_error (error);
  return g_object_ref (batches->pdata[0]);
}

/* From LIMIT on all is as it was, to the bit. */
static void
assert_samples (Fixture *self, unsigned metric, gint64 limit)
{
  for (unsigned device = 0; device < G_N_ELEMENTS (devices); device++)
    {
      g_autoptr (MusterSampleBatch) batch =
                  ask (self, device, metric,
                       (MusterSampleQuery){ .from = limit, .to = MAX (NOW, limit) });
      unsigned            n, i = 0;
      const MusterSample *samples = muster_sample_batch_get (batch, &n);

      for (gint64 at = 0; at < DAYS * DAY; at += INTERVAL)
        {
          if (BEGIN + at < limit || !has_sample (metric, at / INTERVAL))
            continue;
          g_assert_cmpuint (i, <, n);
          g_assert_cmpint (samples[i].time, ==, BEGIN + at);
          g_assert_cmpfloat (samples[i].number, ==, get_number (device, metric, at / INTERVAL));
          i++;
        }
      g_assert_cmpuint (i, ==, n);
    }
}

/* Hours from FROM until UNTIL tell what samples told. */
static void
assert_hours (Fixture *self, unsigned metric, gint64 from, gint64 until)
{
  for (unsigned device = 0; device < G_N_ELEMENTS (devices); device++)
    {
      const MusterSampleQuery query = {
        .from = from, .to = until - 1, .aggregate = MUSTER_AGGREGATE_SUM, .step = HOUR
      };
      g_autoptr (MusterSampleBatch) batch = ask (self, device, metric, query);
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batch, &n);

      g_assert_cmpuint (n, ==, (until - from) / HOUR);
      for (unsigned i = 0; i < n; i++)
        {
          double sum = 0;

          for (gint64 at = samples[i].time; at < samples[i].time + HOUR; at += INTERVAL)
            if (has_sample (metric, (at - BEGIN) / INTERVAL))
              sum += get_number (device, metric, (at - BEGIN) / INTERVAL);
          g_assert_cmpfloat (fabs (samples[i].number - sum), <=, 1e-9 * sum);
        }
    }
}

static void
assert_nothing (Fixture *self, unsigned metric, gint64 until)
{
  for (unsigned device = 0; device < G_N_ELEMENTS (devices); device++)
    {
      g_autoptr (MusterSampleBatch) batch =
                  ask (self, device, metric, (MusterSampleQuery){ .from = 0, .to = until - 1 });
      unsigned n;

      muster_sample_batch_get (batch, &n);
      g_assert_cmpuint (n, ==, 0);
    }
}

/* All that is to be after deletion on the day that begins with TODAY. */
static void
assert_kept (Fixture *self, gint64 today)
{
  for (unsigned metric = 0; metric < 2; metric++)
    {
      assert_samples (self, metric, today - climate[0] * DAY);
      assert_hours (self, metric, today - climate[2] * DAY, BEGIN + DAYS * DAY);
      assert_nothing (self, metric, today - climate[2] * DAY);
    }
  assert_samples (self, 2, today - debug[0] * DAY);
  assert_nothing (self, 2, today - debug[0] * DAY);
  assert_samples (self, 3, 0);
}

static GArray *
survey (Fixture *self, gboolean everything)
{
  g_autoptr (GError) error = NULL;
  GArray *totals =
    dex_await_boxed (muster_retention_follower_survey (self->follower, self->policy, everything),
                     &error);

  g_assert_no_error (error);
  g_assert_cmpuint (totals->len, ==, 3);
  return totals;
}

#define TOTALS(array, i) (&g_array_index (array, MusterRetentionTotals, i))

/* --- tests --- */

static void
test_preview (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  const gint64 today = BEGIN + DAYS * DAY;
  g_autoptr (GArray) preview = survey (fixture, FALSE);
  g_autoptr (GArray) before = survey (fixture, TRUE);
  g_autoptr (GArray) after = NULL;
  gint64 n_climate =
    2 * (count_model (0, 0, today - 4 * DAY) + count_model (1, 0, today - 4 * DAY));
  gint64 n_debug = 2 * count_model (2, 0, today - 2 * DAY);
  gint64 n_samples = get_stat (fixture, "samples");

  g_assert_cmpint (TOTALS (preview, 0)->samples, ==, n_climate);
  g_assert_cmpint (TOTALS (preview, 0)->series, ==, 4);
  g_assert_cmpint (TOTALS (preview, 0)->from, ==, BEGIN);
  g_assert_cmpint (TOTALS (preview, 0)->to, ==, today - 4 * DAY - INTERVAL);
  g_assert_cmpint (TOTALS (preview, 1)->samples, ==, n_debug);
  g_assert_cmpint (TOTALS (preview, 1)->series, ==, 2);
  g_assert_cmpint (TOTALS (preview, 2)->samples, ==, 0);
  g_assert_cmpint (TOTALS (preview, 0)->bytes, >, 0);
  g_assert_cmpint (TOTALS (before, 2)->samples, ==, 2 * count_model (3, 0, today));

  delete_old (fixture);
  after = survey (fixture, TRUE);
  for (unsigned i = 0; i < 3; i++)
    g_assert_cmpint (TOTALS (before, i)->samples - TOTALS (after, i)->samples, ==,
                     TOTALS (preview, i)->samples);
  g_assert_cmpint (n_samples - get_stat (fixture, "samples"), ==, n_climate + n_debug);
  g_assert_cmpint (muster_retention_follower_get_tally (fixture->follower).samples, ==,
                   n_climate + n_debug);
  g_clear_pointer (&preview, g_array_unref);
  preview = survey (fixture, FALSE);
  for (unsigned i = 0; i < 3; i++)
    {
      g_assert_cmpint (TOTALS (preview, i)->samples, ==, 0);
      g_assert_cmpint (TOTALS (preview, i)->rollup_bytes, ==, 0);
    }
}

static void
test_kept (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 today = BEGIN + DAYS * DAY, n_samples;

  delete_old (fixture);
  assert_kept (fixture, today);
  muster_test_await (
    muster_sqlite_sample_store_catch_up (MUSTER_SQLITE_SAMPLE_STORE (fixture->store)));
  assert_kept (fixture, today);

  n_samples = get_stat (fixture, "samples");
  close_store (fixture);
  open_store (fixture);
  assert_kept (fixture, today);
  g_assert_cmpint (get_stat (fixture, "samples"), ==, n_samples);

  /* Each day what it makes too old. */
  delete_old (fixture);
  for (int day = 1; day <= 3; day++)
    {
      muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), DAY);
      muster_test_await (muster_retention_follower_go_on (fixture->follower));
      assert_kept (fixture, today + day * DAY);
    }
}

/* What comes late, of days that are gone, goes too, and takes nothing with it. */
static void
test_late (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 n_samples;

  delete_old (fixture);
  n_samples = get_stat (fixture, "samples");
  append_day (fixture, 0, 12);
  delete_old (fixture);
  muster_test_await (
    muster_sqlite_sample_store_catch_up (MUSTER_SQLITE_SAMPLE_STORE (fixture->store)));
  assert_kept (fixture, BEGIN + DAYS * DAY);
  g_assert_cmpint (get_stat (fixture, "samples"), ==, n_samples);
}

/* A step a transaction, and an end after some of them: all goes on from there. */
static void
test_interrupted (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *copy = muster_test_dir_build (fixture->dir, "copy.db");
  g_autofree char *path = muster_test_dir_build (fixture->dir, "samples.db");
  unsigned         n_slices = 0;
  gboolean         more = TRUE;

  muster_test_await (muster_sample_store_backup (fixture->store, copy));
  g_remove (copy);
  muster_retention_set_slice (0);
  while (more)
    {
      g_autoptr (MusterSampleTable) table = muster_sample_table_new ();
      g_auto (MusterRetentionLimits) limits = { 0 };
      g_autoptr (MusterSampleFile) file = NULL;
      MusterRetentionCursor cursor = { 0 };
      MusterRetentionTally  tally = { 0 };

      close_store (fixture);
      file = muster_sample_file_open (path, MUSTER_CONNECTION_WRITE, NULL);
      g_assert_nonnull (file);
      g_assert_true (muster_sample_file_load (file, table, NULL));
      muster_retention_limits_init (&limits, fixture->policy, table, NOW);
      for (unsigned i = 0; i <= n_slices && more; i++)
        g_assert_true (
          muster_retention_cut_some (table, file, &limits, &cursor, &tally, &more, NULL));
      g_clear_pointer (&file, muster_sample_file_close);
      open_store (fixture);
      n_slices++;
      /* Energy is not touched, and what is new of the others, at any moment. */
      assert_samples (fixture, 3, 0);
      assert_samples (fixture, 0, BEGIN + (DAYS - 4) * DAY);
      assert_hours (fixture, 1, BEGIN + (DAYS - 14) * DAY, BEGIN + DAYS * DAY);
    }
  muster_retention_set_slice (40000);
  g_assert_cmpuint (n_slices, >, 5);
  assert_kept (fixture, BEGIN + DAYS * DAY);
}

static gboolean
get_bytes_job (MusterSampleTable *table,
               MusterSampleFile  *file,
               gpointer           data,
               GValue            *result,
               GError           **error)
{
  return muster_retention_get_bytes (file, data, error);
}

static gint64
get_bytes (Fixture *self)
{
  gint64 bytes = 0;

  muster_test_await (muster_sample_engine_read (muster_sqlite_sample_store_get_engine (
                                                  MUSTER_SQLITE_SAMPLE_STORE (self->store)),
                                                get_bytes_job, &bytes, NULL));
  return bytes;
}

/* The oldest samples go first, of whatever metric; hours tell of them. */
static void
test_room (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (MusterRetentionPolicy) policy = muster_retention_policy_new ();
  g_autoptr (GArray) all = NULL;
  g_autoptr (GArray) left = NULL;
  gint64 bytes;

  muster_retention_policy_unref (fixture->policy);
  fixture->policy = muster_retention_policy_ref (policy);
  muster_retention_policy_add (policy, NULL, "Climate", "climate/*",
                               (const gint64[]){ -1, -1, -1 });
  muster_retention_policy_add (policy, NULL, "Debug", "debug/*", (const gint64[]){ -1, -1, -1 });
  all = survey (fixture, TRUE);
  bytes = get_bytes (fixture);
  policy->max_bytes = bytes * 3 / 4;
  delete_old (fixture);
  g_test_message ("%" G_GINT64_FORMAT " bytes, then %" G_GINT64_FORMAT, bytes, get_bytes (fixture));
  g_assert_cmpint (get_bytes (fixture), <=, policy->max_bytes);
  left = survey (fixture, TRUE);
  for (unsigned i = 0; i < 3; i++)
    {
      g_assert_cmpint (TOTALS (left, i)->samples, <, TOTALS (all, i)->samples);
      g_assert_cmpint (TOTALS (left, i)->samples, >, 0);
    }
  for (unsigned i = 0; i < N_METRICS; i++)
    {
      assert_samples (fixture, i, BEGIN + (DAYS - 2) * DAY);
      assert_hours (fixture, i, BEGIN, BEGIN + DAYS * DAY);
    }
}

static void
test_first_class_wins (void)
{
  g_autoptr (MusterRetentionPolicy) policy = muster_retention_policy_new ();
  g_autoptr (MusterSampleTable) table = muster_sample_table_new ();
  g_auto (MusterRetentionLimits) limits = { 0 };

  muster_sample_table_load_metric (table, 0, "climate/temperature");
  muster_sample_table_load_metric (table, 1, "energy");
  muster_sample_table_load_metric (table, 2, "odd");
  muster_retention_policy_add (policy, NULL, "One", "climate/*", climate);
  muster_retention_policy_add (policy, NULL, "Two", "*e*", (const gint64[]){ 3, -1, -1 });
  muster_retention_limits_init (&limits, policy, table, NOW);
  g_assert_cmpuint (muster_retention_limits_get_class (&limits, 0), ==, 0);
  g_assert_cmpuint (muster_retention_limits_get_class (&limits, 1), ==, 1);
  g_assert_cmpuint (muster_retention_limits_get_class (&limits, 2), ==, 2);
  g_assert_cmpint (muster_retention_limits_get (&limits, 0, MUSTER_ROLLUP_MINUTE), ==,
                   BEGIN + (DAYS - 8) * DAY);
  g_assert_cmpint (muster_retention_limits_get (&limits, 1, MUSTER_ROLLUP_RAW), ==,
                   BEGIN + (DAYS - 3) * DAY);
  g_assert_cmpint (muster_retention_limits_get (&limits, 1, MUSTER_ROLLUP_MINUTE), ==, 0);
  g_assert_cmpint (muster_retention_limits_get (&limits, 2, MUSTER_ROLLUP_RAW), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retention/first-class-wins", test_first_class_wins);
  muster_test_add_fiber ("/retention/preview", test_preview);
  muster_test_add_fiber ("/retention/kept", test_kept);
  muster_test_add_fiber ("/retention/late", test_late);
  muster_test_add_fiber ("/retention/interrupted", test_interrupted);
  muster_test_add_fiber ("/retention/room", test_room);
  return g_test_run ();
}
