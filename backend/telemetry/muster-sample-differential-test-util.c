/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "core/muster-core-test-util.h"
#include "core/muster-service.h"
#include "model/muster-error.h"
#include "muster-sample-differential-test-util.h"
#include "muster-sample-model-test-util.h"
#include "muster-sample-reducer.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define SECOND ((gint64)G_USEC_PER_SEC)
#define DAY (86400 * SECOND)
#define N_DEVICES 5

/* Each metric of a kind, as devices have them. */
typedef enum
{
  KIND_DECIMAL,
  KIND_COUNTER,
  KIND_SWITCH,
  KIND_STATE,
  KIND_NOISE,
  KIND_LARGE,
  KIND_CONSTANT,
  KIND_ANYTHING,
  N_KINDS,
} Kind;

static const char *const metrics[N_KINDS] = {
  "temperature",    "energy/total",    "relay on",   "mode",
  "raw.\xce\xbcV²", "flow/volume\"\n", "limit/high", "anything",
};

static const char *const states[] = { "off", "heating", "", "Störung \xf0\x9f\x94\xa5", "off " };

typedef struct
{
  const MusterDifferentialStore *kind;
  gpointer                       kind_data;
  MusterTestDir                 *dir;
  MusterClock                   *clock;
  MusterSampleStore             *store;
  MusterSampleModel             *model;
  GRand                         *random;
  GPtrArray                     *appends;  /* (element-type DexFuture) that were not waited for */
  GArray                        *refusals; /* (element-type gint64) what they must resolve to */
  gint64                         times[N_DEVICES]; /* of the newest row of each device */
  gint64                         values[N_DEVICES];
  char                          *ids[N_DEVICES + 1];
} Fixture;

/* --- the stores --- */

static void
open_store (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = self->kind->new_store (path, self->clock, self->kind_data);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
}

static void
close_store (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
}

static Fixture *
fixture_new (const MusterDifferentialStore *kind, gpointer kind_data, guint32 seed)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->kind = kind;
  self->kind_data = kind_data;
  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (NOW);
  self->model = muster_sample_model_new ();
  self->random = g_rand_new_with_seed (seed);
  self->appends = g_ptr_array_new_with_free_func (dex_unref);
  self->refusals = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < N_DEVICES; i++)
    {
      self->times[i] = NOW - 400 * DAY;
      self->ids[i] = g_strdup_printf ("01980000-0000-7000-8000-%012u", i);
    }
  open_store (self);
  return self;
}

static void
fixture_free (Fixture *self)
{
  close_store (self);
  for (guint i = 0; i < N_DEVICES; i++)
    g_free (self->ids[i]);
  g_array_unref (self->refusals);
  g_ptr_array_unref (self->appends);
  g_rand_free (self->random);
  muster_sample_model_free (self->model);
  g_clear_object (&self->clock);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static guint
draw (Fixture *self, guint below)
{
  return g_rand_int_range (self->random, 0, below);
}

static gboolean
one_in (Fixture *self, guint n)
{
  return draw (self, n) == 0;
}

static gint64
draw_long (Fixture *self)
{
  return (gint64)((guint64)g_rand_int (self->random) << 32 | g_rand_int (self->random));
}

/* Until all that was appended is durable, and as many refused as must be. */
static void
settle (Fixture *self)
{
  for (guint i = 0; i < self->appends->len; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 refused = dex_await_int64 (dex_ref (self->appends->pdata[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpint (refused, ==, g_array_index (self->refusals, gint64, i));
    }
  g_ptr_array_set_size (self->appends, 0);
  g_array_set_size (self->refusals, 0);
}

/* --- samples --- */

/* Anything that sums of do not overflow: subnormal, negative zero, as large as can be. */
static double
draw_double (Fixture *self)
{
  union
  {
    guint64 bits;
    double  number;
  } any = { .bits = (guint64)draw_long (self) };

  if (one_in (self, 8))
    return (const double[]){ 0.0, -0.0, 5e-324, -1e300, 0.1, 1e22 }[draw (self, 6)];
  return isfinite (any.number) ? any.number / 1e10 : 1.0 / 3;
}

static void
add_any (Fixture *self, MusterSampleBatch *batch, gint64 time, MusterSampleFlags flags)
{
  const char *metric = metrics[KIND_ANYTHING];

  switch (draw (self, 5))
    {
    case 0:
      muster_sample_batch_add_integer (batch, metric, time, draw_long (self), flags);
      break;
    case 1:
      muster_sample_batch_add_double (batch, metric, time, draw_double (self), flags);
      break;
    case 2:
      muster_sample_batch_add_boolean (batch, metric, time, one_in (self, 2), flags);
      break;
    case 3:
      muster_sample_batch_add_string (batch, metric, time,
                                      states[draw (self, G_N_ELEMENTS (states))], flags);
      break;
    default:
      muster_sample_batch_add_null (batch, metric, time, flags);
    }
}

static void
add_sample (Fixture           *self,
            MusterSampleBatch *batch,
            guint              device,
            Kind               kind,
            gint64             time,
            MusterSampleFlags  flags)
{
  const char *metric = metrics[kind];
  gint64     *value = &self->values[device];

  if (one_in (self, 200))
    {
      muster_sample_batch_add_null (batch, metric, time, flags);
      return;
    }
  switch (kind)
    {
    case KIND_DECIMAL:
      *value = CLAMP (*value + (int)draw (self, 7) - 3, -400, 1250);
      muster_sample_batch_add_double (batch, metric, time, *value / 10.0, flags);
      break;
    case KIND_COUNTER:
      muster_sample_batch_add_integer (batch, metric, time, time / SECOND, flags);
      break;
    case KIND_SWITCH:
      muster_sample_batch_add_boolean (batch, metric, time, one_in (self, 3), flags);
      break;
    case KIND_STATE:
      muster_sample_batch_add_string (batch, metric, time,
                                      states[draw (self, G_N_ELEMENTS (states))], flags);
      break;
    case KIND_NOISE:
      muster_sample_batch_add_double (batch, metric, time, draw_double (self), flags);
      break;
    case KIND_LARGE:
      muster_sample_batch_add_integer (batch, metric, time,
                                       (G_GINT64_CONSTANT (1) << 53) - draw (self, 3), flags);
      break;
    case KIND_CONSTANT:
      muster_sample_batch_add_double (batch, metric, time, 80, flags);
      break;
    case KIND_ANYTHING:
    case N_KINDS:
    default:
      add_any (self, batch, time, flags);
    }
}

static MusterSampleFlags
draw_quality (Fixture *self)
{
  if (one_in (self, 20))
    return MUSTER_SAMPLE_BAD;
  return one_in (self, 40) ? MUSTER_SAMPLE_STALE : MUSTER_SAMPLE_PLAIN;
}

/* A message: the metrics that this row has, at one time. */
static void
add_row (Fixture           *self,
         MusterSampleBatch *batch,
         guint              device,
         gint64             time,
         MusterSampleFlags  flags)
{
  guint mask = one_in (self, 10) ? g_rand_int (self->random) : device % 2 ? 0x5f : 0xff;

  for (guint kind = 0; kind < N_KINDS; kind++)
    if (mask & (1u << kind))
      add_sample (self, batch, device, kind, time, flags | draw_quality (self));
}

/* How far the next row of DEVICE is from its last: 1 Hz to 1 a day, and clocks that jump. */
static gint64
draw_interval (Fixture *self, guint device)
{
  static const gint64 intervals[N_DEVICES] = { SECOND, 10 * SECOND, 60 * SECOND, 3600 * SECOND,
                                               DAY };

  if (one_in (self, 300))
    return (gint64)draw (self, 20) * 3600 * SECOND - 10 * 3600 * SECOND;
  return intervals[device] + (device == 1 ? (gint64)draw (self, 100000) - 50000 : 0);
}

static void
append (Fixture *self, MusterSampleBatch *batch)
{
  gint64 refused =
    muster_sample_model_append (self->model, batch, muster_clock_get_now (self->clock));

  g_array_append_val (self->refusals, refused);
  g_ptr_array_add (self->appends, muster_sample_store_append (self->store, batch));
}

/* Rows in order, the newest of the device. */
static void
append_rows (Fixture *self)
{
  guint device = draw (self, N_DEVICES);
  guint n = one_in (self, 20) ? 1 + draw (self, 300) : 1 + draw (self, 8);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);

  for (guint i = 0; i < n; i++)
    {
      self->times[device] =
        CLAMP (self->times[device] + draw_interval (self, device), NOW - 400 * DAY, NOW + DAY);
      if (self->times[device] == NOW + DAY) /* begin anew: those are duplicates */
        self->times[device] = NOW - 400 * DAY;
      add_row (self, batch, device, self->times[device], MUSTER_SAMPLE_PLAIN);
    }
  append (self, batch);
}

/* Rows of the past, in no order, as a gateway hands them in later. */
static void
append_late (Fixture *self)
{
  guint device = draw (self, N_DEVICES);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);
  MusterSampleFlags flags = one_in (self, 2) ? MUSTER_SAMPLE_HISTORICAL : MUSTER_SAMPLE_PLAIN;

  for (guint i = draw (self, 20); i > 0; i--)
    {
      gint64 span = one_in (self, 5) ? 400 * DAY : 3 * 3600 * SECOND;
      gint64 time = self->times[device] - (gint64)(g_rand_double (self->random) * span);

      add_row (self, batch, device, MAX (time, 0), flags);
    }
  append (self, batch);
}

/* The same once more as history, or another value for a time that is there already. */
static void
append_again (Fixture *self)
{
  guint device = draw (self, N_DEVICES);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);

  for (guint i = draw (self, 10); i > 0; i--)
    {
      Kind                kind = draw (self, N_KINDS);
      const MusterSample *known =
        muster_sample_model_pick (self->model, self->ids[device], metrics[kind],
                                  g_rand_int (self->random));
      MusterSample again;

      if (known == NULL)
        continue;
      again = *known;
      again.flags |= MUSTER_SAMPLE_HISTORICAL;
      if (one_in (self, 2))
        muster_sample_batch_append (batch, again.metric, again.time, &again);
      else
        add_sample (self, batch, device, kind, known->time,
                    known->flags & MUSTER_SAMPLE_HISTORICAL);
    }
  append (self, batch);
}

/* What is refused, and what is only shown. */
static void
append_odd (Fixture *self)
{
  guint device = draw (self, N_DEVICES);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);

  muster_sample_batch_add_double (batch, "odd", NOW - DAY, NAN, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, metrics[0], NOW - DAY, INFINITY, MUSTER_SAMPLE_PLAIN);
  add_row (self, batch, device, -1 - (gint64)draw (self, 1000), MUSTER_SAMPLE_PLAIN);
  add_row (self, batch, device, NOW + DAY + 1, MUSTER_SAMPLE_PLAIN);
  if (one_in (self, 4))
    add_row (self, batch, device, NOW + DAY, MUSTER_SAMPLE_PLAIN);
  add_row (self, batch, device, self->times[device] + 7, MUSTER_SAMPLE_TRANSIENT);
  append (self, batch);
}

/* --- questions --- */

static void
ask (Fixture *self, const MusterSampleQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_range (self->store, query), &error);

  if (batches != NULL)
    g_assert_cmpuint (batches->len, ==, 1);
  muster_sample_model_check_range (self->model, query, batches != NULL ? batches->pdata[0] : NULL,
                                   error);
}

/* Around where the device has been of late, mostly. */
static MusterSampleQuery
draw_query (Fixture *self)
{
  guint  device = draw (self, N_DEVICES);
  gint64 span =
    (const gint64[]){ 1, 90 * SECOND, 3 * 3600 * SECOND, 5 * DAY, 800 * DAY }[draw (self, 5)];
  gint64 from = self->times[device] - (gint64)(g_rand_double (self->random) * span);
  gint64 to = MIN (from + (gint64)(g_rand_double (self->random) * span), NOW + 2 * DAY);

  from = MAX (from, 0);
  return (MusterSampleQuery){ .device_id = one_in (self, 50) ? "unknown" : self->ids[device],
                              .from = from,
                              .to = MAX (from, to) };
}

/* Zones whose days have 23 to 25 hours, one whose summer time takes midnight away, and one that is
 * half an hour beside. */
static GTimeZone *
draw_zone (Fixture *self)
{
  static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Asia/Beirut",
                                       "Australia/Lord_Howe", "Asia/Kolkata" };

  return one_in (self, 6) ? NULL
                          : g_time_zone_new_identifier (zones[draw (self, G_N_ELEMENTS (zones))]);
}

static void
draw_step (Fixture *self, MusterSampleQuery *query)
{
  query->aggregate =
    MUSTER_AGGREGATE_MEAN + draw (self, MUSTER_AGGREGATE_TIME_IN_STATE - MUSTER_AGGREGATE_NONE);
  query->quantile = (const double[]){ 0, 0.5, 0.95, 1 }[draw (self, 4)];
  if (one_in (self, 3))
    {
      query->unit = MUSTER_STEP_DAY + draw (self, 4);
      query->step = one_in (self, 2) ? 1 : 1 + draw (self, 10);
      query->zone = draw_zone (self);
      return;
    }
  query->step = (const gint64[]){ 60 * SECOND, 3600 * SECOND, DAY, 777777,
                                  1 + draw (self, 100000000) }[draw (self, 5)];
  query->step = MAX (query->step, (query->to - query->from) / 2000 + 1);
}

/* Stretches within what is asked for, or over its ends. */
static void
draw_exclusions (Fixture *self, MusterSampleQuery *query, MusterSampleExclusion *excluded)
{
  query->excluded = excluded;
  for (query->n_excluded = 1 + draw (self, 2); excluded < query->excluded + query->n_excluded;
       excluded++)
    {
      double span = query->to - query->from;

      excluded->metric = one_in (self, 2) ? NULL : metrics[draw (self, N_KINDS)];
      excluded->range.from =
        query->from + (gint64)((g_rand_double (self->random) * 1.2 - 0.2) * span);
      excluded->range.to =
        excluded->range.from + (gint64)(g_rand_double (self->random) * 0.3 * span);
    }
}

static void
ask_range (Fixture *self)
{
  MusterSampleQuery     query = draw_query (self);
  MusterSampleExclusion excluded[2];
  const char           *some[] = { metrics[draw (self, N_KINDS)], metrics[draw (self, N_KINDS)],
                                   "no such metric", NULL };

  if (one_in (self, 2))
    query.metrics = some;
  if (one_in (self, 4))
    draw_exclusions (self, &query, excluded);
  switch (draw (self, 3))
    {
    case 0:
      break;
    case 1:
      query.points = 1 + draw (self, one_in (self, 3) ? 10 : 2000);
      break;
    default:
      draw_step (self, &query);
    }
  ask (self, &query);
  g_clear_pointer (&query.zone, g_time_zone_unref);
}

static void
ask_latest (Fixture *self)
{
  const char        *some[] = { self->ids[draw (self, N_DEVICES)], "unknown", NULL };
  const char *const *ids = one_in (self, 2) ? some : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_latest (self->store, ids), &error);

  g_assert_no_error (error);
  muster_sample_model_check_latest (self->model, ids, batches);
}

/* A sample that came late over one that stands packed counts twice until it is packed too: IS_EXACT
 * when nothing waits to be. */
static void
check_stats (Fixture *self, gboolean is_exact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats =
              dex_await_variant (muster_sample_store_get_stats (self->store), &error);
  gint64 samples = -1, series = -1;

  g_assert_no_error (error);
  g_variant_lookup (stats, "samples", "x", &samples);
  g_variant_lookup (stats, "series", "x", &series);
  if (is_exact && self->kind->has_exact_counts)
    g_assert_cmpint (samples, ==, muster_sample_model_count_samples (self->model));
  g_assert_cmpint (samples, >=, muster_sample_model_count_samples (self->model));
  if (self->kind->has_exact_counts)
    g_assert_cmpint (series, ==, muster_sample_model_count_series (self->model));
}

static void
ask_stats (Fixture *self)
{
  check_stats (self, FALSE);
}

/* Which packs all that there is. */
static void
back_up (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "copy.db");

  muster_test_await (muster_sample_store_backup (self->store, path));
  g_assert_no_errno (g_unlink (path));
  check_stats (self, TRUE);
}

/* All that every device has, a piece at a time. */
static void
ask_everything (Fixture *self)
{
  for (guint i = 0; i < N_DEVICES; i++)
    for (gint64 from = NOW - 800 * DAY; from < NOW + 2 * DAY; from += 20 * DAY)
      {
        MusterSampleQuery query = { .device_id = self->ids[i],
                                    .from = from,
                                    .to = from + 20 * DAY - 1 };

        ask (self, &query);
      }
  ask_latest (self);
  ask_stats (self);
}

/* --- steps --- */

static void
restart (Fixture *self)
{
  close_store (self);
  muster_sample_model_restart (self->model);
  open_store (self);
  ask_latest (self);
  ask_stats (self);
}

static void
forget (Fixture *self)
{
  guint device = draw (self, N_DEVICES);

  muster_test_await (muster_sample_store_forget (self->store, self->ids[device]));
  muster_sample_model_forget (self->model, self->ids[device]);
  ask_stats (self);
}

typedef struct
{
  guint weight; /* in 10,000 */
  void (*run) (Fixture *self);
  gboolean settles; /* waits first until everything before is durable */
} Step;

static const Step steps[] = {
  { 7700, append_rows, FALSE }, { 800, append_late, FALSE }, { 600, append_again, FALSE },
  { 100, append_odd, FALSE },   { 600, ask_range, TRUE },    { 120, ask_latest, TRUE },
  { 40, ask_stats, TRUE },      { 20, restart, TRUE },       { 8, forget, TRUE },
  { 2, ask_everything, TRUE },  { 10, back_up, TRUE },
};

/* Something happens to what the store relies on. */
static void
disturb (Fixture *self)
{
  if (self->kind->disturb != NULL)
    self->kind->disturb (self->store, draw (self, 100), self->kind_data);
}

static void
take_step (Fixture *self)
{
  int number = draw (self, 10000);

  if (self->kind->disturb_every > 0 && one_in (self, self->kind->disturb_every))
    disturb (self);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if ((number -= steps[i].weight) < 0)
      {
        if (steps[i].settles || self->appends->len > 500)
          settle (self);
        steps[i].run (self);
        return;
      }
  g_assert_not_reached ();
}

static guint
get_number (const char *name, guint fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

void
muster_sample_differential_run (const MusterDifferentialStore *kind,
                                gpointer                       kind_data,
                                guint                          n_steps)
{
  guint32 seed = get_number ("MUSTER_TEST_SEED", 4711);
  g_autoptr (Fixture) fixture = fixture_new (kind, kind_data, seed);

  n_steps = get_number ("MUSTER_TEST_STEPS", n_steps);
  g_test_message ("seed %u, %u steps", seed, n_steps);
  for (guint i = 0; i < n_steps; i++)
    {
      if (i % 10000 == 9999)
        g_test_message ("%u steps are right, %" G_GINT64_FORMAT " samples", i,
                        muster_sample_model_count_samples (fixture->model));
      take_step (fixture);
    }
  settle (fixture);
  ask_everything (fixture);
  back_up (fixture);
  restart (fixture);
  ask_everything (fixture);
}
