/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-metrics"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-derived-metrics-private.h"
#include "muster-derived-preview.h"
#include "muster-sample-reducer.h"

#define DESCRIBE_DELAY_MS 200

G_DEFINE_FINAL_TYPE (MusterDerivedMetrics, muster_derived_metrics, MUSTER_TYPE_SERVICE)

/* --- records of the metrics that are made here --- */

/* Adds the metric where the device has none of that name; sets its unit where it differs. */
static gboolean
describe_metric (MusterTransaction *transaction, MusterEntity *metric, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (MusterEntity) known = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean there = FALSE;

  muster_query_where (query, "device_id", muster_entity_get_string (metric, "device_id"));
  muster_query_where (query, "name", muster_entity_get_string (metric, "name"));
  known = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (known != NULL)
    {
      if (!muster_entity_is_null (metric, "unit"))
        muster_entity_set_string (known, "unit", muster_entity_get_string (metric, "unit"));
      return muster_transaction_update (transaction, known, 0, error);
    }
  if (!muster_transaction_has (transaction, muster_device_info.name,
                               muster_entity_get_string (metric, "device_id"), &there, error))
    return FALSE;
  return !there || muster_transaction_insert (transaction, metric, error);
}

static gboolean
describe_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *metrics = data;

  for (guint i = 0; i < metrics->len; i++)
    if (!describe_metric (transaction, metrics->pdata[i], error))
      return FALSE;
  return TRUE;
}

static DexFuture *
log_failure_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    g_warning ("could not %s: %s", (const char *)user_data, error->message);
  return dex_future_new_true ();
}

static gboolean
muster_derived_metrics_describe_cb (gpointer user_data)
{
  MusterDerivedMetrics *self = user_data;
  GPtrArray            *metrics = g_steal_pointer (&self->to_describe);

  self->describe_id = 0;
  self->to_describe = g_ptr_array_new_with_free_func (g_object_unref);
  dex_future_disown (
    dex_future_finally (muster_database_write (muster_repository_get_database (self->repository),
                                               self->actor, "Describe derived metrics",
                                               describe_job, metrics,
                                               (GDestroyNotify)g_ptr_array_unref),
                        log_failure_cb, (gpointer) "describe derived metrics", NULL));
  return G_SOURCE_REMOVE;
}

static void
describe_plan (MusterDerivedMetrics *self, const char *device_id, MusterDerivedPlan *plan)
{
  unsigned                 n;
  const MusterDerivedItem *items = muster_derived_plan_get_items (plan, &n);

  for (unsigned i = 0; i < n; i++)
    {
      MusterEntity *metric = muster_entity_new (&muster_metric_info);

      muster_entity_set_string (metric, "device_id", device_id);
      muster_entity_set_string (metric, "name",
                                muster_derived_plan_get_slot_name (plan, items[i].output));
      muster_entity_set_string (metric, "unit", items[i].unit);
      muster_entity_set_enum (metric, "datatype", MUSTER_DATATYPE_DOUBLE);
      g_ptr_array_add (self->to_describe, metric);
    }
  if (self->describe_id == 0)
    self->describe_id = g_timeout_add (DESCRIBE_DELAY_MS, muster_derived_metrics_describe_cb, self);
}

/* --- states --- */

static int
compare_records (gconstpointer a, gconstpointer b)
{
  MusterEntity *one = *(MusterEntity *const *)a;
  MusterEntity *other = *(MusterEntity *const *)b;

  return muster_entity_is_null (one, "device_id") - muster_entity_is_null (other, "device_id");
}

GPtrArray *
muster_derived_metrics_list_of (MusterDerivedMetrics *self, const char *device_id)
{
  GPtrArray     *records = g_ptr_array_new_with_free_func (g_object_unref);
  const char    *product = muster_device_names_get_product (self->names, device_id);
  GHashTableIter iter;
  gpointer       record;

  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, &record))
    if (g_strcmp0 (muster_entity_get_string (record, "device_id"), device_id) == 0 ||
        (product != NULL &&
         g_strcmp0 (muster_entity_get_string (record, "product_id"), product) == 0))
      g_ptr_array_add (records, g_object_ref (record));
  g_ptr_array_sort (records, compare_records);
  return records;
}

static void
clear_state (gpointer state)
{
  muster_derived_state_free (state);
}

void
muster_derived_metrics_drop (MusterDerivedMetrics *self, const char *device_id)
{
  g_hash_table_remove (self->states, device_id);
}

typedef struct
{
  MusterDerivedMetrics *metrics;
  MusterDerivedPlan    *plan;
  char                 *device_id;
} Resume;

static void
resume_free (gpointer data)
{
  Resume *resume = data;

  g_object_unref (resume->metrics);
  muster_derived_plan_unref (resume->plan);
  g_free (resume->device_id);
  g_free (resume);
}

static DexFuture *
muster_derived_metrics_resume_cb (DexFuture *future, gpointer user_data)
{
  Resume             *resume = user_data;
  MusterDerivedState *state = g_hash_table_lookup (resume->metrics->states, resume->device_id);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GPtrArray    *batches = value != NULL ? g_value_get_boxed (value) : NULL;

  if (batches == NULL)
    g_warning ("%s: could not go on with its derived metrics: %s", resume->device_id,
               error->message);
  else if (state != NULL && muster_derived_state_get_plan (state) == resume->plan)
    muster_derived_state_resume (state, batches->len > 0 ? batches->pdata[0] : NULL);
  return dex_future_new_true ();
}

static void
resume_later (MusterDerivedMetrics *self, const char *device_id, MusterDerivedPlan *plan)
{
  const char *const ids[] = { device_id, NULL };
  Resume           *resume = g_new0 (Resume, 1);

  resume->metrics = g_object_ref (self);
  resume->plan = muster_derived_plan_ref (plan);
  resume->device_id = g_strdup (device_id);
  dex_future_disown (dex_future_finally (muster_sample_store_query_latest (self->store, ids),
                                         muster_derived_metrics_resume_cb, resume, resume_free));
}

/* A state of DEVICE_ID that knows nothing yet; NULL where nothing is made of its metrics. */
static MusterDerivedState *
add_state (MusterDerivedMetrics *self, const char *device_id)
{
  g_autoptr (GPtrArray) records = muster_derived_metrics_list_of (self, device_id);
  g_autoptr (MusterDerivedPlan) plan = NULL;
  MusterDerivedState *state = NULL;

  if (records->len > 0)
    {
      plan = muster_derived_plan_new (records, NULL);
      state = muster_derived_state_new (plan);
      describe_plan (self, device_id, plan);
    }
  g_hash_table_insert (self->states, g_strdup (device_id), state);
  return state;
}

MusterDerivedState *
muster_derived_metrics_ensure_state (MusterDerivedMetrics *self, const char *device_id)
{
  gpointer known;

  if (g_hash_table_lookup_extended (self->states, device_id, NULL, &known))
    return known;
  known = add_state (self, device_id);
  if (known != NULL)
    resume_later (self, device_id, muster_derived_state_get_plan (known));
  return known;
}

MusterSampleBatch *
muster_derived_metrics_apply (MusterDerivedMetrics *self, MusterSampleBatch *batch)
{
  g_autoptr (MusterSampleBatch) extended = NULL;
  MusterDerivedState *state;
  const MusterSample *samples;
  unsigned            n;

  g_return_val_if_fail (MUSTER_IS_DERIVED_METRICS (self) && MUSTER_IS_SAMPLE_BATCH (batch), NULL);

  /* Most sites have none: nothing is kept of each device then. */
  if (g_hash_table_size (self->records) == 0)
    return g_object_ref (batch);
  state = muster_derived_metrics_ensure_state (self, muster_sample_batch_get_device_id (batch));
  if (state == NULL)
    return g_object_ref (batch);
  extended = muster_sample_batch_new (muster_sample_batch_get_device_id (batch));
  samples = muster_sample_batch_get (batch, &n);
  for (unsigned i = 0; i < n; i++)
    muster_sample_batch_append (extended, samples[i].metric, samples[i].time, &samples[i]);
  muster_derived_state_feed (state, batch, extended);
  return g_steal_pointer (&extended);
}

gboolean
muster_derived_metrics_has_device (MusterDerivedMetrics *self, const char *device_id)
{
  g_return_val_if_fail (MUSTER_IS_DERIVED_METRICS (self), FALSE);

  return g_hash_table_size (self->records) > 0 &&
         muster_derived_metrics_ensure_state (self, device_id) != NULL;
}

/* --- following the journal --- */

static void
drop_states_of (MusterDerivedMetrics *self, MusterEntity *record)
{
  const char    *device_id = muster_entity_get_string (record, "device_id");
  const char    *product = muster_entity_get_string (record, "product_id");
  GHashTableIter iter;
  gpointer       id;

  if (device_id != NULL)
    muster_derived_metrics_drop (self, device_id);
  g_hash_table_iter_init (&iter, self->states);
  while (product != NULL && g_hash_table_iter_next (&iter, &id, NULL))
    if (g_strcmp0 (muster_device_names_get_product (self->names, id), product) == 0)
      g_hash_table_iter_remove (&iter);
}

static void
take_record (MusterDerivedMetrics *self, MusterEntity *record)
{
  g_hash_table_insert (self->records, g_strdup (muster_entity_get_id (record)),
                       g_object_ref (record));
  drop_states_of (self, record);
}

/* RECORD as it is with MEMBERS changed: (transfer full) (nullable). */
static MusterEntity *
change_record (MusterEntity *record, JsonObject *members)
{
  g_autoptr (MusterEntity) changed = muster_entity_copy (record);
  g_autoptr (GError) error = NULL;

  if (muster_entity_decode (changed, members, MUSTER_DECODE_TRUSTED, "", &error))
    return g_steal_pointer (&changed);
  g_warning ("could not read a changed derived metric: %s", error->message);
  return NULL;
}

static void
follow_record (MusterDerivedMetrics *self, MusterJournalEntry *entry)
{
  const char   *id = muster_journal_entry_get_entity_id (entry);
  MusterEntity *known = g_hash_table_lookup (self->records, id);
  g_autoptr (MusterEntity) changed = NULL;

  if (muster_journal_entry_get_record (entry) != NULL)
    take_record (self, muster_journal_entry_get_record (entry));
  else if (known != NULL && muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    {
      drop_states_of (self, known);
      g_hash_table_remove (self->records, id);
    }
  else if (known != NULL)
    {
      changed = change_record (known, muster_journal_entry_get_after (entry));
      if (changed != NULL)
        take_record (self, changed);
    }
}

static void
muster_derived_metrics_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterDerivedMetrics *self = user_data;
  MusterJournalEntry   *entry = muster_event_get_payload (event);
  const char           *entity = muster_journal_entry_get_entity (entry);
  JsonObject           *after;

  if (g_str_equal (entity, muster_derived_metric_info.name))
    follow_record (self, entry);
  /* A new device has nothing yet that could be forgotten; and an object is not read for nothing. */
  if (!g_str_equal (entity, muster_device_info.name) ||
      muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_INSERT)
    return;
  after = muster_journal_entry_get_after (entry);
  if (after == NULL || json_object_has_member (after, "product_id"))
    muster_derived_metrics_drop (self, muster_journal_entry_get_entity_id (entry));
}

/* --- start --- */

/* Reads what each state was, before the first sample comes. */
static DexFuture *
muster_derived_metrics_resume_all_cb (DexFuture *future, gpointer user_data)
{
  MusterDerivedMetrics *self = user_data;
  GPtrArray            *batches = g_value_get_boxed (dex_future_get_value (future, NULL));
  GHashTableIter        iter;
  gpointer              state;

  for (guint i = 0; i < batches->len; i++)
    {
      state =
        g_hash_table_lookup (self->states, muster_sample_batch_get_device_id (batches->pdata[i]));
      if (state != NULL)
        muster_derived_state_resume (state, batches->pdata[i]);
    }
  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    if (state != NULL)
      muster_derived_state_resume (state, NULL);
  return dex_future_new_true ();
}

static void
add_all_states (MusterDerivedMetrics *self, GPtrArray *ids)
{
  g_autoptr (GPtrArray) devices = muster_device_names_list (self->names);

  for (guint i = 0; i < devices->len; i++)
    if (add_state (self, devices->pdata[i]) != NULL)
      g_ptr_array_add (ids, devices->pdata[i]);
  g_ptr_array_add (ids, NULL);
}

static DexFuture *
muster_derived_metrics_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterDerivedMetrics *self = user_data;
  GPtrArray            *records = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_derived_metrics_journal_cb, self);
  for (guint i = 0; i < records->len; i++)
    take_record (self, records->pdata[i]);
  if (records->len == 0)
    return dex_future_new_true ();
  add_all_states (self, ids);
  return dex_future_then (muster_sample_store_query_latest (self->store,
                                                            (const char *const *)ids->pdata),
                          muster_derived_metrics_resume_all_cb, g_object_ref (self),
                          g_object_unref);
}

static DexFuture *
muster_derived_metrics_start (MusterService *service)
{
  MusterDerivedMetrics *self = MUSTER_DERIVED_METRICS (service);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_derived_metric_info);

  muster_query_set_limit (query, 0);
  return dex_future_then (muster_repository_select (self->repository, query),
                          muster_derived_metrics_loaded_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
muster_derived_metrics_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_DERIVED_METRICS (service)->describe_id, g_source_remove);
  return dex_future_new_true ();
}

static void
muster_derived_metrics_finalize (GObject *object)
{
  MusterDerivedMetrics *self = MUSTER_DERIVED_METRICS (object);

  g_clear_handle_id (&self->describe_id, g_source_remove);
  g_hash_table_unref (self->states);
  g_hash_table_unref (self->records);
  g_ptr_array_unref (self->to_describe);
  muster_actor_unref (self->actor);
  g_clear_object (&self->names);
  g_clear_object (&self->exclusions);
  g_clear_object (&self->store);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_derived_metrics_parent_class)->finalize (object);
}

static void
muster_derived_metrics_class_init (MusterDerivedMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_derived_metrics_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "derived-metrics";
  MUSTER_SERVICE_CLASS (klass)->start = muster_derived_metrics_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_derived_metrics_stop;
}

static void
muster_derived_metrics_init (MusterDerivedMetrics *self)
{
  self->actor = muster_actor_new_system ("telemetry");
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, clear_state);
  self->to_describe = g_ptr_array_new_with_free_func (g_object_unref);
}

MusterDerivedMetrics *
muster_derived_metrics_new (MusterRepository    *repository,
                            MusterSampleStore   *store,
                            MusterDeviceNames   *names,
                            MusterExclusionBook *exclusions,
                            MusterBus           *bus)
{
  MusterDerivedMetrics *self;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository) && MUSTER_IS_SAMPLE_STORE (store), NULL);
  g_return_val_if_fail (MUSTER_IS_DEVICE_NAMES (names) && MUSTER_IS_BUS (bus), NULL);
  g_return_val_if_fail (MUSTER_IS_EXCLUSION_BOOK (exclusions), NULL);

  self = g_object_new (MUSTER_TYPE_DERIVED_METRICS, NULL);
  self->repository = g_object_ref (repository);
  self->store = g_object_ref (store);
  self->names = g_object_ref (names);
  self->exclusions = g_object_ref (exclusions);
  self->bus = g_object_ref (bus);
  return self;
}

DexFuture *
muster_derived_metrics_preview (MusterDerivedMetrics *self,
                                const char           *expression,
                                const char           *device_id,
                                const char           *product_id)
{
  g_return_val_if_fail (MUSTER_IS_DERIVED_METRICS (self), NULL);

  return muster_derived_preview (self->repository, self->store, expression, device_id, product_id);
}
