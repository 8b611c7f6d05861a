/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-checks"

#include "config.h"

#include <math.h>

#include "core/muster-journal.h"
#include "model/muster-metric.h"
#include "muster-metric-checks.h"
#include "muster-sample-reducer.h"

static const char *const limits[] = { "minimum", "maximum", "max_rate" };

/* What is possible of one metric. Metrics without limits have none. */
typedef struct
{
  char  *device_id;
  char  *name;
  double minimum; /* -INFINITY: any */
  double maximum; /* INFINITY: any */
  double max_rate;
  double last; /* the last good value; NAN: none yet */
  gint64 time; /* of that */
} Check;

struct _MusterMetricChecks
{
  MusterService     parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterBus        *bus;        /* (owned) */
  GHashTable       *checks;     /* (owned) metric's id → (owned) Check */
  GHashTable       *devices;    /* (owned) device's id → (owned) (metric's name → borrowed Check) */
  gint64            n_bad;
};

G_DEFINE_FINAL_TYPE (MusterMetricChecks, muster_metric_checks, MUSTER_TYPE_SERVICE)

static void
check_free (gpointer data)
{
  Check *check = data;

  g_free (check->device_id);
  g_free (check->name);
  g_free (check);
}

/* --- which there are --- */

static void
forget (MusterMetricChecks *self, const char *id)
{
  Check      *check = g_hash_table_lookup (self->checks, id);
  GHashTable *metrics;

  if (check == NULL)
    return;
  metrics = g_hash_table_lookup (self->devices, check->device_id);
  g_hash_table_remove (metrics, check->name);
  if (g_hash_table_size (metrics) == 0)
    g_hash_table_remove (self->devices, check->device_id);
  g_hash_table_remove (self->checks, id);
}

static double
get_limit (MusterEntity *metric, const char *field, double without)
{
  return muster_entity_is_null (metric, field) ? without : muster_entity_get_double (metric, field);
}

static void
remember (MusterMetricChecks *self, MusterEntity *metric)
{
  Check      *check = g_new0 (Check, 1);
  GHashTable *metrics;

  check->device_id = g_strdup (muster_entity_get_string (metric, "device_id"));
  check->name = g_strdup (muster_entity_get_string (metric, "name"));
  check->last = NAN;
  g_hash_table_insert (self->checks, g_strdup (muster_entity_get_id (metric)), check);
  metrics = g_hash_table_lookup (self->devices, check->device_id);
  if (metrics == NULL)
    {
      metrics = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (self->devices, g_strdup (check->device_id), metrics);
    }
  g_hash_table_replace (metrics, check->name, check);
}

static void
take_metric (MusterMetricChecks *self, MusterEntity *metric)
{
  const char *id = muster_entity_get_id (metric);
  gboolean    is_limited = FALSE;
  Check      *check;

  for (unsigned i = 0; i < G_N_ELEMENTS (limits); i++)
    is_limited |= !muster_entity_is_null (metric, limits[i]);
  if (!is_limited)
    {
      forget (self, id);
      return;
    }
  if (!g_hash_table_contains (self->checks, id))
    remember (self, metric);
  check = g_hash_table_lookup (self->checks, id);
  check->minimum = get_limit (metric, "minimum", -INFINITY);
  check->maximum = get_limit (metric, "maximum", INFINITY);
  check->max_rate = get_limit (metric, "max_rate", INFINITY);
}

static DexFuture *
muster_metric_checks_read_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    take_metric (user_data, g_value_get_object (value));
  else if (!g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    g_warning ("could not read a changed metric: %s", error->message);
  return dex_future_new_true ();
}

/* What MEMBERS say of a limit of a check that is known. */
static void
change_limits (Check *check, JsonObject *members)
{
  double *values[] = { &check->minimum, &check->maximum, &check->max_rate };

  for (unsigned i = 0; i < G_N_ELEMENTS (limits); i++)
    if (json_object_has_member (members, limits[i]))
      *values[i] = json_object_get_double_member_with_default (members, limits[i],
                                                               i == 0 ? -INFINITY : INFINITY);
}

static gboolean
touches_limits (JsonObject *members)
{
  for (unsigned i = 0; members != NULL && i < G_N_ELEMENTS (limits); i++)
    if (json_object_has_member (members, limits[i]))
      return TRUE;
  return FALSE;
}

static void
muster_metric_checks_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterMetricChecks *self = user_data;
  MusterJournalEntry *entry = muster_event_get_payload (event);
  const char         *id = muster_journal_entry_get_entity_id (entry);
  JsonObject         *after;
  Check              *check;

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_metric_info.name))
    return;
  after = muster_journal_entry_get_after (entry);
  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    forget (self, id);
  else if (muster_journal_entry_get_record (entry) != NULL)
    take_metric (self, muster_journal_entry_get_record (entry));
  else if ((check = g_hash_table_lookup (self->checks, id)) != NULL && after != NULL)
    change_limits (check, after);
  /* One that had no limits is not kept: what else it is stands in its record alone. */
  else if (touches_limits (after))
    dex_future_disown (
      dex_future_finally (muster_repository_get (self->repository, &muster_metric_info, id),
                          muster_metric_checks_read_cb, g_object_ref (self), g_object_unref));
}

static gboolean
load_metric (MusterEntity *metric, gpointer limited, GError **error)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (limits); i++)
    if (!muster_entity_is_null (metric, limits[i]))
      {
        g_ptr_array_add (limited, g_object_ref (metric));
        break;
      }
  return TRUE;
}

/* On the reader's thread. */
static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GPtrArray) limited = g_ptr_array_new_with_free_func (g_object_unref);

  if (!muster_transaction_for_each (transaction, query, load_metric, limited, error))
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&limited));
  return TRUE;
}

static DexFuture *
muster_metric_checks_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterMetricChecks *self = user_data;
  GPtrArray          *limited = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (guint i = 0; i < limited->len; i++)
    take_metric (self, limited->pdata[i]);
  /* The services that change records start later. */
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_metric_checks_journal_cb, self);
  return dex_future_new_true ();
}

static DexFuture *
muster_metric_checks_start (MusterService *service)
{
  MusterMetricChecks *self = MUSTER_METRIC_CHECKS (service);

  return dex_future_then (muster_database_read (muster_repository_get_database (self->repository),
                                                load_job, NULL, NULL),
                          muster_metric_checks_loaded_cb, g_object_ref (self), g_object_unref);
}

/* --- what comes in --- */

static gboolean
get_number (const MusterSample *sample, double *number)
{
  if (sample->type == MUSTER_SAMPLE_INTEGER)
    *number = sample->integer;
  else if (sample->type == MUSTER_SAMPLE_DOUBLE && isfinite (sample->number))
    *number = sample->number;
  else
    return FALSE;
  return !(sample->flags & MUSTER_SAMPLE_BAD);
}

static gboolean
is_possible (Check *check, double value, gint64 time)
{
  gint64 gap = time - check->time;

  if (value < check->minimum || value > check->maximum)
    return FALSE;
  if (isfinite (check->last) && gap <= 0)
    return TRUE;
  if (isfinite (check->last) &&
      fabs (value - check->last) / ((double)gap / G_USEC_PER_SEC) > check->max_rate)
    return FALSE;
  check->last = value;
  check->time = time;
  return TRUE;
}

/* Copies the first N of SAMPLES. */
static MusterSampleBatch *
copy_first (MusterSampleBatch *batch, const MusterSample *samples, unsigned n)
{
  MusterSampleBatch *copy = muster_sample_batch_new (muster_sample_batch_get_device_id (batch));

  for (unsigned i = 0; i < n; i++)
    muster_sample_batch_append (copy, samples[i].metric, samples[i].time, &samples[i]);
  return copy;
}

MusterSampleBatch *
muster_metric_checks_apply (MusterMetricChecks *self, MusterSampleBatch *batch)
{
  g_autoptr (MusterSampleBatch) marked = NULL;
  GHashTable         *metrics;
  const MusterSample *samples;
  unsigned            n;

  g_return_val_if_fail (MUSTER_IS_METRIC_CHECKS (self) && MUSTER_IS_SAMPLE_BATCH (batch), NULL);

  metrics = g_hash_table_lookup (self->devices, muster_sample_batch_get_device_id (batch));
  samples = muster_sample_batch_get (batch, &n);
  for (unsigned i = 0; metrics != NULL && i < n; i++)
    {
      Check       *check = g_hash_table_lookup (metrics, samples[i].metric);
      MusterSample sample = samples[i];
      double       value;

      if (check != NULL && get_number (&sample, &value) && !is_possible (check, value, sample.time))
        {
          sample.flags |= MUSTER_SAMPLE_BAD;
          self->n_bad++;
          if (marked == NULL)
            marked = copy_first (batch, samples, i);
        }
      if (marked != NULL)
        muster_sample_batch_append (marked, sample.metric, sample.time, &sample);
    }
  return marked != NULL ? g_steal_pointer (&marked) : g_object_ref (batch);
}

gboolean
muster_metric_checks_has_device (MusterMetricChecks *self, const char *device_id)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_CHECKS (self), FALSE);

  return g_hash_table_contains (self->devices, device_id);
}

gint64
muster_metric_checks_get_bad (MusterMetricChecks *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_CHECKS (self), 0);

  return self->n_bad;
}

static void
muster_metric_checks_finalize (GObject *object)
{
  MusterMetricChecks *self = MUSTER_METRIC_CHECKS (object);

  g_hash_table_unref (self->devices);
  g_hash_table_unref (self->checks);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_metric_checks_parent_class)->finalize (object);
}

static void
muster_metric_checks_class_init (MusterMetricChecksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_metric_checks_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "metric-checks";
  MUSTER_SERVICE_CLASS (klass)->start = muster_metric_checks_start;
}

static void
muster_metric_checks_init (MusterMetricChecks *self)
{
  self->checks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, check_free);
  self->devices =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

MusterMetricChecks *
muster_metric_checks_new (MusterRepository *repository, MusterBus *bus)
{
  MusterMetricChecks *self;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository) && MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_METRIC_CHECKS, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  return self;
}
