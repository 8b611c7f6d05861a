/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gate-figures"

#include "config.h"

#include <math.h>

#include "core/muster-promise.h"
#include "model/muster-device-event.h"
#include "model/muster-time.h"
#include "muster-gate-figures.h"

#define HOUR (3600 * (double)G_USEC_PER_SEC)

static void
question_free (gpointer data)
{
  MusterGateQuestion *self = data;

  g_object_unref (self->database);
  g_object_unref (self->store);
  g_object_unref (self->rollout);
  g_object_unref (self->group);
  g_ptr_array_unref (self->updated);
  g_ptr_array_unref (self->rest);
  g_free (self);
}

MusterGateQuestion *
muster_gate_question_new (MusterDatabase    *database,
                          MusterSampleStore *store,
                          MusterEntity      *rollout,
                          MusterEntity      *group,
                          gint64             until)
{
  MusterGateQuestion *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database) && MUSTER_IS_SAMPLE_STORE (store), NULL);
  g_return_val_if_fail (MUSTER_IS_ROLLOUT (rollout) && MUSTER_IS_ROLLOUT_GROUP (group), NULL);

  self = g_new0 (MusterGateQuestion, 1);
  self->database = g_object_ref (database);
  self->store = g_object_ref (store);
  self->rollout = muster_entity_copy (rollout);
  self->group = muster_entity_copy (group);
  self->updated = g_ptr_array_new_with_free_func (g_free);
  self->rest = g_ptr_array_new_with_free_func (g_free);
  self->until = until;
  return self;
}

void
muster_gate_question_add (MusterGateQuestion *self, const char *device_id, gboolean is_rest)
{
  g_return_if_fail (self != NULL && device_id != NULL);

  g_ptr_array_add (is_rest ? self->rest : self->updated, g_strdup (device_id));
}

/* Each device's figure in one time: (owned) device id → (owned) double. */
static GHashTable *
new_figures (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
add_to (GHashTable *figures, const char *device_id, double value)
{
  double *sum = g_hash_table_lookup (figures, device_id);

  if (sum == NULL)
    {
      sum = g_new0 (double, 1);
      g_hash_table_insert (figures, g_strdup (device_id), sum);
    }
  *sum += value;
}

/* --- metrics --- */

double
muster_gate_figures_get_number (const MusterSample *sample)
{
  g_return_val_if_fail (sample != NULL, NAN);

  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      return (double)sample->integer;
    case MUSTER_SAMPLE_DOUBLE:
      return sample->number;
    case MUSTER_SAMPLE_BOOLEAN:
    case MUSTER_SAMPLE_NULL:
    case MUSTER_SAMPLE_STRING:
    default:
      return NAN;
    }
}

static void
add_batch (GHashTable *figures, MusterSampleBatch *batch)
{
  unsigned            n_samples;
  const MusterSample *samples = muster_sample_batch_get (batch, &n_samples);

  for (unsigned i = 0; i < n_samples; i++)
    if (!isnan (muster_gate_figures_get_number (&samples[i])))
      add_to (figures, muster_sample_batch_get_device_id (batch),
              muster_gate_figures_get_number (&samples[i]));
}

/* In a fiber. The sum or the count of METRIC from FROM to TO, by device; NULL with ERROR. */
static GHashTable *
read_aggregate (MusterGateQuestion *self,
                const char         *metric,
                MusterAggregate     aggregate,
                gint64              from,
                gint64              to,
                GError            **error)
{
  const char *const metrics[] = { metric, NULL };
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GHashTable) figures = new_figures ();
  MusterSeriesQuery query = { .base = { .metrics = metrics,
                                        .from = from,
                                        .to = to,
                                        .aggregate = aggregate,
                                        .step = MAX (to - from, 1) } };

  g_ptr_array_extend (devices, self->updated, NULL, NULL);
  g_ptr_array_extend (devices, self->rest, NULL, NULL);
  query.device_ids = (const char *const *)devices->pdata;
  query.n_devices = devices->len;
  if (devices->len > 0)
    batches = dex_await_boxed (muster_sample_store_query_series (self->store, &query), error);
  else
    batches = g_ptr_array_new ();
  for (guint i = 0; batches != NULL && i < batches->len; i++)
    add_batch (figures, batches->pdata[i]);
  return batches != NULL ? g_steal_pointer (&figures) : NULL;
}

/* In a fiber. The mean, from the sum and the count: the steps of the store do not begin where the
 * time does. */
static GHashTable *
read_means (MusterGateQuestion *self, const char *metric, gint64 from, gint64 to, GError **error)
{
  g_autoptr (GHashTable) sums = read_aggregate (self, metric, MUSTER_AGGREGATE_SUM, from, to, error);
  g_autoptr (GHashTable) counts =
              sums != NULL ? read_aggregate (self, metric, MUSTER_AGGREGATE_COUNT, from, to, error)
                           : NULL;
  GHashTableIter iter;
  gpointer       device, sum;

  if (counts == NULL)
    return NULL;
  g_hash_table_iter_init (&iter, sums);
  while (g_hash_table_iter_next (&iter, &device, &sum))
    {
      const double *count = g_hash_table_lookup (counts, device);

      *(double *)sum = count != NULL && *count > 0 ? *(double *)sum / *count : NAN;
    }
  return g_steal_pointer (&sums);
}

/* --- events --- */

typedef struct
{
  MusterGateSubject subject;
  gint64            from;
  gint64            to;
} Period;

static gboolean
count_events (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Period *period = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_event_info);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GHashTable) figures = new_figures ();
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (period->subject == MUSTER_GATE_WATCH_ERRORS)
    muster_query_where (query, "severity", "error");
  else
    muster_query_where (query, "kind", "birth");
  muster_query_where (query, "created_at.min", muster_time_format (period->from, text));
  muster_query_where (query, "created_at.max", muster_time_format (period->to, text));
  muster_query_set_limit (query, 0);
  events = muster_transaction_select (transaction, query, error);
  for (guint i = 0; events != NULL && i < events->len; i++)
    add_to (figures, muster_entity_get_string (events->pdata[i], "device_id"),
            HOUR / (double)MAX (period->to - period->from, 1));
  if (events == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_HASH_TABLE);
  g_value_take_boxed (result, g_steal_pointer (&figures));
  return TRUE;
}

/* In a fiber. */
static GHashTable *
read_rates (MusterGateQuestion *self,
            MusterGateSubject   subject,
            gint64              from,
            gint64              to,
            GError            **error)
{
  const Period period = { subject, from, to };

  return dex_await_boxed (muster_database_read (self->database, count_events,
                                                g_memdup2 (&period, sizeof period), g_free),
                          error);
}

/* --- all of it --- */

static void
add_figures (GArray                *figures,
             const MusterGateWatch *watch,
             GPtrArray             *devices,
             GHashTable            *before,
             GHashTable            *after,
             gboolean               is_rest)
{
  /* Nothing happened is 0 of what is counted, and not known of what is measured. */
  double nothing = watch->subject == MUSTER_GATE_WATCH_METRIC ? NAN : 0;

  for (guint i = 0; i < devices->len; i++)
    {
      const double    *first = g_hash_table_lookup (before, devices->pdata[i]);
      const double    *second = g_hash_table_lookup (after, devices->pdata[i]);
      MusterGateFigure figure = { first != NULL ? *first : nothing,
                                  second != NULL ? *second : nothing, is_rest };

      g_array_append_val (figures, figure);
    }
}

/* In a fiber. */
static GHashTable *
read_period (MusterGateQuestion    *self,
             const MusterGateWatch *watch,
             gint64                 from,
             gint64                 to,
             GError               **error)
{
  return watch->subject == MUSTER_GATE_WATCH_METRIC
           ? read_means (self, watch->metric, from, to, error)
           : read_rates (self, watch->subject, from, to, error);
}

/* In a fiber. (transfer full) (nullable) (element-type MusterGateFigure) */
static GArray *
read_watch (MusterGateQuestion *self, const MusterGateWatch *watch, GError **error)
{
  gint64 began = muster_entity_get_integer (self->group, "started_at");
  gint64 from = muster_entity_get_integer (self->group, "finished_at");
  g_autoptr (GHashTable) before = read_period (self, watch, began - watch->before, began, error);
  g_autoptr (GHashTable) after =
              before != NULL ? read_period (self, watch, from, self->until, error) : NULL;
  GArray *figures = NULL;

  if (after == NULL)
    return NULL;
  figures = g_array_new (FALSE, FALSE, sizeof (MusterGateFigure));
  add_figures (figures, watch, self->updated, before, after, FALSE);
  add_figures (figures, watch, self->rest, before, after, TRUE);
  return figures;
}

static DexFuture *
answer_fiber (gpointer user_data)
{
  MusterGateQuestion *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) watches = muster_rollout_gate_read (self->rollout, &error);
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);

  for (guint i = 0; watches != NULL && i < watches->len; i++)
    {
      GArray *read = read_watch (self, &g_array_index (watches, MusterGateWatch, i), &error);

      if (read == NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));
      g_ptr_array_add (figures, read);
    }
  if (watches == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_take_boxed (
    MUSTER_TYPE_GATE_JUDGEMENT,
    muster_rollout_gate_judge (watches, figures, muster_entity_get_string (self->group, "name"),
                               muster_entity_get_integer (self->group, "started_at"),
                               muster_entity_get_integer (self->group, "finished_at"),
                               self->until));
}

DexFuture *
muster_gate_question_answer (MusterGateQuestion *self)
{
  dex_return_error_if_fail (self != NULL);

  return dex_scheduler_spawn (NULL, 0, answer_fiber, self, question_free);
}
