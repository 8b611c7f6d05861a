/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "core/muster-core-test-util.h"
#include "core/muster-service.h"
#include "muster-rollup-make.h"
#include "muster-sqlite-sample-store.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
/* The begin of a chunk of hours. */
#define BEGIN (1280 * 16 * DAY)
#define SLOW_DAYS 20
#define FAST_DAYS 2
#define CUT_DAYS 18

static const char *const devices[] = { "01980000-0000-7000-8000-000000000001",
                                       "01980000-0000-7000-8000-000000000002" };

typedef struct
{
  MusterTestDir     *dir;
  MusterClock       *clock;
  MusterSampleStore *store;
} Fixture;

static void
open_store (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, self->clock));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
}

static void
close_store (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
}

static void
add_number (MusterSampleChunk *chunk, unsigned metric, double number, MusterSampleFlags flags)
{
  muster_sample_chunk_add_cell (chunk, metric, muster_cell_tag (MUSTER_SAMPLE_DOUBLE, flags),
                                (MusterCell){ .number = number });
}

/* One device every ten seconds for weeks, one every second for days; some samples are bad, some
 * texts. */
static void
append_day (Fixture *self, unsigned device, int day)
{
  MusterSampleChunk *chunk = muster_sample_chunk_new ();
  unsigned           number = muster_sample_chunk_add_device (chunk, devices[device]);
  unsigned           temperature = muster_sample_chunk_add_metric (chunk, "temperature");
  unsigned           level = muster_sample_chunk_add_metric (chunk, "level");
  gint64             interval = device == 0 ? 10 * SECOND : SECOND;

  for (gint64 at = 0; at < DAY; at += interval)
    {
      gint64            n = (day * DAY + at) / interval;
      MusterSampleFlags flags = n % 7919 == 0 ? MUSTER_SAMPLE_BAD : MUSTER_SAMPLE_PLAIN;

      muster_sample_chunk_add_row (chunk, number, BEGIN + day * DAY + at);
      add_number (chunk, temperature, round (200 + 50 * sin (n / 977.0)) / 10 + n % 13 / 10.0,
                  flags);
      if (n % 20011 == 0)
        muster_sample_chunk_add_text (chunk, level, MUSTER_SAMPLE_PLAIN, "unknown");
      else
        add_number (chunk, level, n % 1000, MUSTER_SAMPLE_PLAIN);
    }
  muster_test_await (
    muster_sample_store_append_chunk (self->store, chunk, muster_sample_chunk_pack (chunk)));
}

static void
flush (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "copy.db");

  muster_test_await (muster_sample_store_backup (self->store, path));
  g_remove (path);
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (BEGIN + 30 * DAY);
  open_store (self);
  for (int day = 0; day < SLOW_DAYS; day++)
    append_day (self, 0, day);
  for (int day = 0; day < FAST_DAYS; day++)
    append_day (self, 1, day);
  flush (self);
  return self;
}

static void
fixture_free (Fixture *self)
{
  close_store (self);
  g_clear_object (&self->clock);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
catch_up (Fixture *self)
{
  muster_test_await (
    muster_sqlite_sample_store_catch_up (MUSTER_SQLITE_SAMPLE_STORE (self->store)));
}

/* With the file to oneself: the store is stopped meanwhile. */
static void
with_file (Fixture *self, void (*func) (MusterSampleFile *file, gpointer data), gpointer data)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");
  g_autoptr (GError) error = NULL;
  MusterSampleFile *file;

  close_store (self);
  file = muster_sample_file_open (path, MUSTER_CONNECTION_WRITE, &error);
  g_assert_no_error (error);
  func (file, data);
  muster_sample_file_close (file);
  open_store (self);
}

/* --- questions --- */

static const char *const           temperature[] = { "temperature", NULL };
static const MusterSampleExclusion excluded[] = {
  { "level", { BEGIN + 3 * DAY + 1, BEGIN + 5 * DAY + 7 } },
  { NULL, { BEGIN + 7 * HOUR, BEGIN + 9 * HOUR - 1 } },
};

/* What whole hours answer. */
static const MusterSampleQuery coarse[] = {
  { .from = BEGIN, .to = BEGIN + 17 * DAY - 1, .aggregate = MUSTER_AGGREGATE_MEAN, .step = HOUR },
  { .from = BEGIN, .to = BEGIN + 17 * DAY - 1, .aggregate = MUSTER_AGGREGATE_COUNT, .step = DAY },
  { .from = BEGIN,
    .to = BEGIN + 17 * DAY - 1,
    .aggregate = MUSTER_AGGREGATE_MAX,
    .step = 6 * HOUR },
  { .from = BEGIN,
    .to = BEGIN + 17 * DAY - 1,
    .aggregate = MUSTER_AGGREGATE_FIRST,
    .step = HOUR,
    .metrics = temperature },
  { .from = BEGIN,
    .to = BEGIN + 17 * DAY - 1,
    .aggregate = MUSTER_AGGREGATE_LAST,
    .step = DAY,
    .metrics = temperature },
};

/* What needs samples beside them. */
static const MusterSampleQuery fine[] = {
  { .from = BEGIN + 12345678, .to = BEGIN + 19 * DAY + 777, .points = 60 },
  { .from = BEGIN + 5 * HOUR + 1, .to = BEGIN + 45 * HOUR, .points = 300 },
  { .from = BEGIN, .to = BEGIN + 20 * DAY, .points = 40, .metrics = temperature },
  { .from = BEGIN, .to = BEGIN + 20 * DAY, .points = 40, .include_bad = TRUE },
  { .from = BEGIN + 99,
    .to = BEGIN + 2 * DAY,
    .aggregate = MUSTER_AGGREGATE_SUM,
    .step = 60 * SECOND },
  { .from = BEGIN + 99,
    .to = BEGIN + 19 * DAY,
    .aggregate = MUSTER_AGGREGATE_LAST,
    .step = 90 * 60 * SECOND },
  { .from = BEGIN,
    .to = BEGIN + 20 * DAY,
    .aggregate = MUSTER_AGGREGATE_MEAN,
    .step = HOUR,
    .excluded = excluded,
    .n_excluded = 2 },
  { .from = BEGIN, .to = BEGIN + 20 * DAY, .points = 80, .excluded = excluded, .n_excluded = 2 },
  { .from = BEGIN,
    .to = BEGIN + 20 * DAY,
    .aggregate = MUSTER_AGGREGATE_MIN,
    .step = 1,
    .unit = MUSTER_STEP_DAY },
};

/* Both devices together, and each in a row of its own. */
static void
ask_groups (Fixture *self, const MusterSampleQuery *question, GPtrArray *answers)
{
  static const char *const metrics[] = { "temperature", "level", NULL };
  static const char *const names[] = { "both", "other", NULL };
  GArray                  *excluded_of[G_N_ELEMENTS (devices)];

  for (unsigned n_groups = 1; n_groups <= 2; n_groups++)
    {
      const unsigned    groups[] = { 0, n_groups - 1 };
      MusterSeriesQuery query = { .base = *question,
                                  .device_ids = devices,
                                  .n_devices = G_N_ELEMENTS (devices),
                                  .groups = groups,
                                  .group_names = names,
                                  .n_groups = n_groups,
                                  .excluded = excluded_of };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) batches = NULL;

      query.base.metrics = metrics;
      for (unsigned i = 0; i < G_N_ELEMENTS (devices); i++)
        {
          excluded_of[i] = g_array_new (FALSE, FALSE, sizeof (MusterSampleExclusion));
          if (question->n_excluded > 0)
            g_array_append_vals (excluded_of[i], question->excluded, question->n_excluded);
        }
      batches = dex_await_boxed (muster_sample_store_query_series (self->store, &query), &error);
      g_assert_no_error (error);
      for (guint i = 0; i < batches->len; i++)
        g_ptr_array_add (answers, g_object_ref (batches->pdata[i]));
      for (unsigned i = 0; i < G_N_ELEMENTS (devices); i++)
        g_array_unref (excluded_of[i]);
    }
}

/* (transfer full) (element-type MusterSampleBatch) */
static GPtrArray *
ask (Fixture *self, const MusterSampleQuery *queries, unsigned n_queries)
{
  GPtrArray *answers = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < n_queries * G_N_ELEMENTS (devices); i++)
    {
      MusterSampleQuery query = queries[i / G_N_ELEMENTS (devices)];
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) batches = NULL;

      query.device_id = devices[i % G_N_ELEMENTS (devices)];
      batches = dex_await_boxed (muster_sample_store_query_range (self->store, &query), &error);
      g_assert_no_error (error);
      g_ptr_array_add (answers, g_object_ref (batches->pdata[0]));
    }
  for (unsigned i = 0; i < n_queries; i++)
    if (queries[i].step > 0)
      ask_groups (self, &queries[i], answers);
  return answers;
}

static void
assert_same (GPtrArray *wanted, GPtrArray *got)
{
  g_assert_cmpuint (wanted->len, ==, got->len);
  for (guint i = 0; i < wanted->len; i++)
    {
      unsigned            n, n_got;
      const MusterSample *a = muster_sample_batch_get (wanted->pdata[i], &n);
      const MusterSample *b = muster_sample_batch_get (got->pdata[i], &n_got);

      g_test_message ("answer %u of %u points", i, n);
      g_assert_cmpuint (n, ==, n_got);
      for (unsigned k = 0; k < n; k++)
        {
          g_assert_cmpstr (a[k].metric, ==, b[k].metric);
          g_assert_cmpint (a[k].time, ==, b[k].time);
          g_assert_cmpint (a[k].type, ==, b[k].type);
          if (a[k].type == MUSTER_SAMPLE_DOUBLE)
            g_assert_cmpfloat (fabs (a[k].number - b[k].number), <=, fabs (a[k].number) * 1e-12);
        }
    }
}

static void
count_chunks_cb (MusterSampleFile *file, gpointer data)
{
  gint64 *counts = data;

  for (int level = MUSTER_ROLLUP_MINUTE; level <= MUSTER_ROLLUP_HOUR; level++)
    {
      g_autofree char *sql =
        g_strdup_printf ("SELECT COUNT(*) FROM rollup WHERE id >> 20 & 3 = %d", level);

      g_assert_true (muster_connection_query_integer (muster_sample_file_get_connection (file), sql,
                                                      &counts[level], NULL));
    }
}

/* --- tests --- */

static void
test_same_answers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) samples = ask (fixture, fine, G_N_ELEMENTS (fine));
  g_autoptr (GPtrArray) pieces = NULL;
  gint64 counts[MUSTER_N_ROLLUP_LEVELS] = { 0 };

  catch_up (fixture);
  pieces = ask (fixture, fine, G_N_ELEMENTS (fine));
  assert_same (samples, pieces);
  with_file (fixture, count_chunks_cb, counts);
  /* Minutes are worth their room where samples come each second, once the day is over. */
  g_assert_cmpint (counts[MUSTER_ROLLUP_MINUTE], ==, FAST_DAYS - 1);
  g_assert_cmpint (counts[MUSTER_ROLLUP_HOUR], ==, 1);
}

static void
drop_cb (MusterSampleFile *file, gpointer data)
{
  g_assert_true (
    muster_connection_execute (muster_sample_file_get_connection (file),
                               "DROP TABLE rollup; DROP TABLE rollup_mark; DROP TABLE rollup_cut",
                               NULL));
}

/* A store of before there were roll-ups. */
static void
test_made_later (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 counts[MUSTER_N_ROLLUP_LEVELS] = { 0 };

  with_file (fixture, drop_cb, NULL);
  catch_up (fixture);
  with_file (fixture, count_chunks_cb, counts);
  g_assert_cmpint (counts[MUSTER_ROLLUP_MINUTE], ==, FAST_DAYS - 1);
  g_assert_cmpint (counts[MUSTER_ROLLUP_HOUR], ==, 1);
}

/* All samples of the first days go. */
static void
cut_cb (MusterSampleFile *file, gpointer data)
{
  const gint64     until = BEGIN + CUT_DAYS * DAY;
  g_autofree char *sql =
    g_strdup_printf ("DELETE FROM block WHERE last < %" G_GINT64_FORMAT, until);
  gint64 n_metrics, n_devices;

  g_assert_true (muster_connection_query_integer (muster_sample_file_get_connection (file),
                                                  "SELECT MAX (number) FROM metric", &n_metrics,
                                                  NULL));
  g_assert_true (muster_connection_query_integer (muster_sample_file_get_connection (file),
                                                  "SELECT MAX (number) FROM device", &n_devices,
                                                  NULL));
  g_assert_true (muster_sample_file_begin (file, NULL));
  for (guint32 device = 1; device <= n_devices; device++)
    {
      g_assert_true (muster_rollup_make_all (file, device, 0, until, NULL));
      for (guint32 metric = 0; metric <= n_metrics; metric++)
        g_assert_true (
          muster_rollup_file_cut (file, device, metric, MUSTER_ROLLUP_RAW, until, NULL));
    }
  g_assert_true (muster_connection_execute (muster_sample_file_get_connection (file), sql, NULL));
  g_assert_true (muster_sample_file_commit (file, NULL));
}

/* What is asked by the hour is told though the samples are gone; what is asked finer, by the
 * minute. */
static void
test_samples_gone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  const MusterSampleQuery day = { .metrics = temperature, .from = BEGIN, .to = BEGIN + DAY - 1 };
  g_autoptr (GPtrArray) before = ask (fixture, coarse, G_N_ELEMENTS (coarse));
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) minutes = NULL;
  unsigned n;

  with_file (fixture, cut_cb, NULL);
  after = ask (fixture, coarse, G_N_ELEMENTS (coarse));
  assert_same (before, after);
  minutes = ask (fixture, &day, 1);
  muster_sample_batch_get (minutes->pdata[0], &n);
  g_assert_cmpuint (n, >=, 1440 * 2);
  g_assert_cmpuint (n, <=, 1440 * 4);
  /* Nor does making roll-ups anew take away what nothing is left of. */
  catch_up (fixture);
  g_clear_pointer (&after, g_ptr_array_unref);
  after = ask (fixture, coarse, G_N_ELEMENTS (coarse));
  assert_same (before, after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/rollup/same-answers", test_same_answers);
  muster_test_add_fiber ("/rollup/made-later", test_made_later);
  muster_test_add_fiber ("/rollup/samples-gone", test_samples_gone);
  return g_test_run ();
}
