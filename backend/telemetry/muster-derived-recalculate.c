/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-recalculate"

#include "config.h"

#include "muster-derived-metrics-private.h"
#include "muster-sample-reducer.h"

/* Samples are read a window at a time, as wide as keeps one's answer small. */
#define FIRST_WINDOW (G_TIME_SPAN_HOUR)
#define WIDEST_WINDOW (90 * G_TIME_SPAN_DAY)
#define FEW_SAMPLES 20000
/* One bucket of LAST holds all that there was before. */
#define ALL_TIME (200 * 365 * G_TIME_SPAN_DAY)

typedef struct
{
  MusterDerivedMetrics *metrics; /* (owned) */
  MusterEntity         *record;  /* (owned) */
  GPtrArray            *devices; /* (owned) (element-type utf8) */
  gint64                from;
  gint64                to;
  gint64                n_read;
  gint64                n_stored;
} Recalculation;

/* Of one device. */
typedef struct
{
  Recalculation      *whole;
  const char         *device_id;
  const char         *name;
  MusterDerivedState *state;
  GPtrArray          *inputs;   /* (element-type utf8): metrics to read; NULL at its end */
  GArray             *excluded; /* (element-type MusterSampleExclusion) */
} Run;

static void
recalculation_free (gpointer data)
{
  Recalculation *self = data;

  g_object_unref (self->metrics);
  g_object_unref (self->record);
  g_ptr_array_unref (self->devices);
  g_free (self);
}

/* In a fiber: (transfer full) (nullable): NULL without an error where there is nothing. */
static MusterSampleBatch *
await_samples (Run *run, const MusterSampleQuery *query, GError **error)
{
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_range (run->whole->metrics->store, query),
                               error);

  return batches != NULL && batches->len > 0 ? g_object_ref (batches->pdata[0]) : NULL;
}

/* In a fiber: adds what QUERY finds to BEFORE. */
static gboolean
await_added (Run *run, const MusterSampleQuery *query, MusterSampleBatch *before, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterSampleBatch) found = await_samples (run, query, &cause);
  unsigned            n = 0;
  const MusterSample *samples = found != NULL ? muster_sample_batch_get (found, &n) : NULL;

  for (unsigned i = 0; i < n; i++)
    muster_sample_batch_append (before, samples[i].metric, samples[i].time, &samples[i]);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return cause == NULL;
}

/* In a fiber: what each metric was before the range begins. */
static gboolean
await_before (Run *run, GError **error)
{
  const char *const names[] = { run->name, NULL };
  g_autoptr (MusterSampleBatch) before = muster_sample_batch_new (run->device_id);
  gint64 end = run->whole->from - 1;
  /* The sum may be from long ago: the time of its bucket is as good as that then. */
  MusterSampleQuery sum = { .device_id = run->device_id,
                            .metrics = names,
                            .to = end,
                            .aggregate = MUSTER_AGGREGATE_LAST,
                            .step = ALL_TIME };
  MusterSampleQuery last = { .device_id = run->device_id,
                             .metrics = (const char *const *)run->inputs->pdata,
                             .from = MAX (0, end - MUSTER_DERIVED_MAX_GAP),
                             .to = end,
                             .points = 4 };
  MusterSampleQuery last_sum = last;

  last_sum.metrics = names;
  if (end > 0 &&
      (!await_added (run, &sum, before, error) || !await_added (run, &last, before, error) ||
       !await_added (run, &last_sum, before, error)))
    return FALSE;
  muster_derived_state_resume (run->state, before);
  return TRUE;
}

/* In a fiber: stores what of RESULTS is of the metric at hand. */
static gboolean
await_stored (Run *run, MusterSampleBatch *results, GError **error)
{
  g_autoptr (MusterSampleBatch) own = muster_sample_batch_new (run->device_id);
  unsigned            n, n_own;
  const MusterSample *samples = muster_sample_batch_get (results, &n);

  for (unsigned i = 0; i < n; i++)
    if (g_str_equal (samples[i].metric, run->name))
      muster_sample_batch_append (own, samples[i].metric, samples[i].time, &samples[i]);
  muster_sample_batch_get (own, &n_own);
  run->whole->n_stored += n_own;
  return n_own == 0 ||
         dex_await (muster_sample_store_append (run->whole->metrics->store, own), error);
}

static gboolean
note_read (Run *run, unsigned n, GError **error)
{
  run->whole->n_read += n;
  if (run->whole->n_read <= MUSTER_DERIVED_MAX_RECALCULATED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
               "more than %d samples are to be read: name a shorter range, or one device",
               MUSTER_DERIVED_MAX_RECALCULATED);
  return FALSE;
}

/* In a fiber: one window; *N is how many samples it has. */
static gboolean
await_window (Run *run, gint64 from, gint64 to, unsigned *n, GError **error)
{
  MusterSampleQuery query = { .device_id = run->device_id,
                              .metrics = (const char *const *)run->inputs->pdata,
                              .from = from,
                              .to = to,
                              .excluded =
                                (const MusterSampleExclusion *)(gpointer)run->excluded->data,
                              .n_excluded = run->excluded->len };
  g_autoptr (MusterSampleBatch) results = muster_sample_batch_new (run->device_id);
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterSampleBatch) samples = await_samples (run, &query, &cause);

  *n = 0;
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (samples == NULL)
    return TRUE;
  muster_sample_batch_get (samples, n);
  muster_derived_state_feed (run->state, samples, results);
  return note_read (run, *n, error) && await_stored (run, results, error);
}

/* In a fiber. */
static gboolean
await_windows (Run *run, GError **error)
{
  gint64 at = run->whole->from;
  gint64 width = FIRST_WINDOW;

  while (at <= run->whole->to)
    {
      g_autoptr (GError) cause = NULL;
      gint64   end = MIN (run->whole->to, at + width - 1);
      unsigned n;

      if (await_window (run, at, end, &n, &cause))
        {
          at = end + 1;
          width = n < FEW_SAMPLES ? MIN (width * 4, WIDEST_WINDOW) : width;
        }
      /* Too many points in one answer, while the whole is not too much. */
      else if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE) &&
               width > G_TIME_SPAN_SECOND && run->whole->n_read <= MUSTER_DERIVED_MAX_RECALCULATED)
        width /= 4;
      else
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
    }
  return TRUE;
}

/* The metrics that the device sends, of which others are made: NULL at its end. */
static GPtrArray *
list_inputs (MusterDerivedPlan *plan)
{
  GPtrArray *inputs = g_ptr_array_new ();

  for (unsigned i = 0; i < muster_derived_plan_get_n_slots (plan); i++)
    if (!muster_derived_plan_is_output (plan, i))
      g_ptr_array_add (inputs, (gpointer)muster_derived_plan_get_slot_name (plan, i));
  g_ptr_array_add (inputs, NULL);
  return inputs;
}

/* In a fiber. */
static gboolean
await_device (Recalculation *self, const char *device_id, GError **error)
{
  g_autoptr (GPtrArray) records = muster_derived_metrics_list_of (self->metrics, device_id);
  g_autoptr (MusterDerivedPlan) plan = muster_derived_plan_new (records, NULL);
  g_autoptr (MusterDerivedState) state = muster_derived_state_new (plan);
  g_autoptr (GPtrArray) inputs = list_inputs (plan);
  g_autoptr (GArray) excluded = muster_exclusion_book_list (self->metrics->exclusions, device_id);
  Run                 run = { self,  device_id, muster_entity_get_string (self->record, "name"),
                              state, inputs,    excluded };
  MusterDerivedState *live;

  if (!await_before (&run, error) || !await_windows (&run, error))
    return FALSE;
  live = muster_derived_metrics_ensure_state (self->metrics, device_id);
  if (live != NULL && self->to >= muster_clock_get_now (muster_database_get_clock (
                                    muster_repository_get_database (self->metrics->repository))))
    {
      muster_derived_state_resume (live, NULL);
      muster_derived_state_take_sum (live, state, run.name);
    }
  return TRUE;
}

static DexFuture *
recalculate_fiber (gpointer data)
{
  Recalculation *self = data;
  GError        *error = NULL;

  for (guint i = 0; i < self->devices->len; i++)
    if (!await_device (self, self->devices->pdata[i], &error))
      return dex_future_new_for_error (error);
  return dex_future_new_for_int64 (self->n_stored);
}

/* Of all devices, those that have RECORD; or DEVICE_ID alone. */
static GPtrArray *
list_devices (MusterDerivedMetrics *self, MusterEntity *record, const char *device_id)
{
  g_autoptr (GPtrArray) all = muster_device_names_list (self->names);
  const char *own = muster_entity_get_string (record, "device_id");
  const char *product = muster_entity_get_string (record, "product_id");
  GPtrArray  *devices = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < all->len; i++)
    if ((device_id == NULL || g_str_equal (all->pdata[i], device_id)) &&
        (g_strcmp0 (all->pdata[i], own) == 0 ||
         (product != NULL &&
          g_strcmp0 (muster_device_names_get_product (self->names, all->pdata[i]), product) == 0)))
      g_ptr_array_add (devices, g_strdup (all->pdata[i]));
  return devices;
}

DexFuture *
muster_derived_metrics_recalculate (MusterDerivedMetrics *self,
                                    const char           *id,
                                    const char           *device_id,
                                    gint64                from,
                                    gint64                to)
{
  Recalculation *recalculation;
  MusterEntity  *record;

  dex_return_error_if_fail (MUSTER_IS_DERIVED_METRICS (self));
  dex_return_error_if_fail (id != NULL);

  record = g_hash_table_lookup (self->records, id);
  if (record == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                  "there is no derived metric %s", id);
  recalculation = g_new0 (Recalculation, 1);
  recalculation->metrics = g_object_ref (self);
  recalculation->record = g_object_ref (record);
  recalculation->devices = list_devices (self, record, device_id);
  recalculation->from = from;
  recalculation->to = to;
  return dex_scheduler_spawn (NULL, 0, recalculate_fiber, recalculation, recalculation_free);
}
