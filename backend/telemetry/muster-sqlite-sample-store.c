/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sqlite-sample-store"

#include "config.h"

#include <math.h>

#include "core/muster-backup.h"
#include "model/muster-error.h"
#include "muster-latest-cache.h"
#include "muster-sample-reducer.h"
#include "muster-sample-worker.h"
#include "muster-sqlite-sample-store.h"

#define DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* Over how many whole seconds the rate is taken. */
#define RATE_SECONDS 5

struct _MusterSqliteSampleStore
{
  MusterService       parent_instance;
  char               *path;
  MusterClock        *clock;
  MusterSampleWorker *writer;      /* (owned) (nullable) while started */
  MusterSampleWorker *reader;      /* (owned) (nullable) while started */
  MusterLatestCache  *latest;      /* (owned) */
  GCancellable       *backups;     /* (owned): cancelled at the stop */
  DexFuture          *loaded;      /* (owned) (nullable): the newest samples are in memory */
  gint64              refused;     /* samples since the start */
  gint64              rate_second; /* monotonic second of the newest counter */
  gint64              rates[RATE_SECONDS + 1];
};

static void muster_sqlite_sample_store_iface_init (MusterSampleStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterSqliteSampleStore,
                               muster_sqlite_sample_store,
                               MUSTER_TYPE_SERVICE,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_SAMPLE_STORE,
                                                      muster_sqlite_sample_store_iface_init))

/* --- the rate --- */

static void
advance_rate (MusterSqliteSampleStore *self)
{
  gint64 second = muster_clock_get_monotonic (self->clock) / G_USEC_PER_SEC;

  for (int steps = 0; self->rate_second < second && steps <= RATE_SECONDS; steps++)
    self->rates[++self->rate_second % (RATE_SECONDS + 1)] = 0;
  if (self->rate_second < second)
    self->rate_second = second;
}

/* Of the last whole seconds. */
static double
get_rate (MusterSqliteSampleStore *self)
{
  gint64 sum = 0;

  advance_rate (self);
  for (int i = 1; i <= RATE_SECONDS; i++)
    sum += self->rates[(self->rate_second + i) % (RATE_SECONDS + 1)];
  return (double)sum / RATE_SECONDS;
}

/* --- append --- */

static gboolean
is_acceptable (const MusterSample *sample, gint64 now)
{
  if (sample->time < 0 || sample->time > now + DAY_USEC)
    return FALSE;
  return sample->type != MUSTER_SAMPLE_DOUBLE || isfinite (sample->number);
}

/* BATCH itself when all of it is acceptable, else a copy of what is: (transfer full). */
static MusterSampleBatch *
sift (MusterSqliteSampleStore *self, MusterSampleBatch *batch, gint64 *refused)
{
  gint64              now = muster_clock_get_now (self->clock);
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  MusterSampleBatch  *rest;

  *refused = 0;
  for (unsigned i = 0; i < n; i++)
    *refused += !is_acceptable (&samples[i], now);
  if (*refused == 0)
    return g_object_ref (batch);
  rest = muster_sample_batch_new (muster_sample_batch_get_device_id (batch));
  for (unsigned i = 0; i < n; i++)
    if (is_acceptable (&samples[i], now))
      muster_sample_batch_append (rest, samples[i].metric, samples[i].time, &samples[i]);
  return rest;
}

typedef struct
{
  MusterSqliteSampleStore *store;
  MusterSampleBatch       *batch;
  gint64                   refused;
} Append;

static void
append_free (gpointer data)
{
  Append *append = data;

  g_object_unref (append->store);
  g_object_unref (append->batch);
  g_free (append);
}

static DexFuture *
muster_sqlite_sample_store_appended_cb (DexFuture *future, gpointer user_data)
{
  Append                  *append = user_data;
  MusterSqliteSampleStore *self = append->store;
  unsigned                 n;

  muster_sample_batch_get (append->batch, &n);
  muster_latest_cache_add (self->latest, append->batch);
  advance_rate (self);
  self->rates[self->rate_second % (RATE_SECONDS + 1)] += n;
  return dex_future_new_for_int64 (append->refused);
}

static DexFuture *
not_running (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                "the sample store is not running");
}

static DexFuture *
muster_sqlite_sample_store_append (MusterSampleStore *store, MusterSampleBatch *batch)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  Append                  *append;
  unsigned                 n;

  if (self->writer == NULL)
    return not_running ();
  append = g_new0 (Append, 1);
  append->store = g_object_ref (self);
  append->batch = sift (self, batch, &append->refused);
  self->refused += append->refused;
  muster_sample_batch_get (append->batch, &n);
  if (n == 0)
    {
      DexFuture *future = dex_future_new_for_int64 (append->refused);

      append_free (append);
      return future;
    }
  return dex_future_then (muster_sample_worker_append (self->writer, append->batch),
                          muster_sqlite_sample_store_appended_cb, append, append_free);
}

/* --- queries --- */

typedef struct
{
  MusterSampleQuery query; /* its strings owned */
} Range;

static void
range_free (gpointer data)
{
  Range *range = data;

  g_free ((char *)range->query.device_id);
  g_strfreev ((char **)range->query.metrics);
  g_free (range);
}

static void
take_batches (GValue *result, GPtrArray *batches)
{
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, batches);
}

static gboolean
query_range_job (MusterSampleFile *file, gpointer data, GValue *result, GError **error)
{
  Range             *range = data;
  GPtrArray         *batches;
  MusterSampleBatch *batch = muster_sample_file_query_range (file, &range->query, error);

  if (batch == NULL)
    return FALSE;
  batches = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (batches, batch);
  take_batches (result, batches);
  return TRUE;
}

static DexFuture *
muster_sqlite_sample_store_query_range (MusterSampleStore *store, const MusterSampleQuery *query)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  g_autoptr (GError) error = NULL;
  Range *range;

  if (!muster_sample_query_check (query, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->reader == NULL)
    return not_running ();
  range = g_new0 (Range, 1);
  range->query = *query;
  range->query.device_id = g_strdup (query->device_id);
  range->query.metrics = (const char *const *)g_strdupv ((char **)query->metrics);
  return muster_sample_worker_run (self->reader, query_range_job, range, range_free);
}

static gboolean
query_latest_job (MusterSampleFile *file, gpointer data, GValue *result, GError **error)
{
  GPtrArray *batches = muster_sample_file_query_latest (file, error);

  if (batches == NULL)
    return FALSE;
  take_batches (result, batches);
  return TRUE;
}

typedef struct
{
  MusterSqliteSampleStore *store;
  char                   **device_ids;
} Latest;

static void
latest_request_free (gpointer data)
{
  Latest *request = data;

  g_object_unref (request->store);
  g_strfreev (request->device_ids);
  g_free (request);
}

static DexFuture *
muster_sqlite_sample_store_latest_cb (DexFuture *future, gpointer user_data)
{
  Latest    *request = user_data;
  GPtrArray *batches =
    muster_latest_cache_list (request->store->latest, (const char *const *)request->device_ids);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, batches);
}

static DexFuture *
muster_sqlite_sample_store_query_latest (MusterSampleStore *store, const char *const *device_ids)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  Latest                  *request;

  if (self->loaded == NULL)
    return not_running ();
  request = g_new0 (Latest, 1);
  request->store = g_object_ref (self);
  request->device_ids = g_strdupv ((char **)device_ids);
  return dex_future_then (dex_ref (self->loaded), muster_sqlite_sample_store_latest_cb, request,
                          latest_request_free);
}

static gboolean
forget_job (MusterSampleFile *file, gpointer data, GValue *result, GError **error)
{
  return muster_sample_file_forget (file, data, error);
}

static DexFuture *
muster_sqlite_sample_store_forget (MusterSampleStore *store, const char *device_id)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);

  if (self->writer == NULL)
    return not_running ();
  muster_latest_cache_forget (self->latest, device_id);
  return muster_sample_worker_run (self->writer, forget_job, g_strdup (device_id), g_free);
}

static gboolean
get_stats_job (MusterSampleFile *file, gpointer data, GValue *result, GError **error)
{
  MusterSampleFileStats stats;
  GVariantDict          dict;

  if (!muster_sample_file_get_stats (file, &stats, error))
    return FALSE;
  g_variant_dict_init (&dict, data);
  g_variant_dict_insert (&dict, "samples", "x", stats.samples);
  g_variant_dict_insert (&dict, "series", "x", stats.series);
  g_variant_dict_insert (&dict, "bytes", "x", stats.bytes);
  g_value_init (result, G_TYPE_VARIANT);
  g_value_set_variant (result, g_variant_dict_end (&dict));
  return TRUE;
}

static DexFuture *
muster_sqlite_sample_store_get_stats (MusterSampleStore *store)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  GVariantDict             dict;

  if (self->reader == NULL)
    return not_running ();
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "refused", "x", self->refused);
  g_variant_dict_insert (&dict, "appended-per-second", "d", get_rate (self));
  return muster_sample_worker_run (self->reader, get_stats_job,
                                   g_variant_ref_sink (g_variant_dict_end (&dict)),
                                   (GDestroyNotify)g_variant_unref);
}

static DexFuture *
muster_sqlite_sample_store_backup (MusterSampleStore *store, const char *path)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);

  if (self->writer == NULL)
    return not_running ();
  return muster_backup_start (self->path, path, muster_sample_file_get_format (), self->backups);
}

static void
muster_sqlite_sample_store_iface_init (MusterSampleStoreInterface *iface)
{
  iface->append = muster_sqlite_sample_store_append;
  iface->query_range = muster_sqlite_sample_store_query_range;
  iface->query_latest = muster_sqlite_sample_store_query_latest;
  iface->forget = muster_sqlite_sample_store_forget;
  iface->get_stats = muster_sqlite_sample_store_get_stats;
  iface->backup = muster_sqlite_sample_store_backup;
}

/* --- life --- */

static DexFuture *
muster_sqlite_sample_store_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterSqliteSampleStore *self = user_data;
  const GValue            *value = dex_future_get_value (future, NULL);
  GPtrArray               *batches = g_value_get_boxed (value);

  for (guint i = 0; i < batches->len; i++)
    muster_latest_cache_add (self->latest, batches->pdata[i]);
  return dex_future_new_true ();
}

static DexFuture *
muster_sqlite_sample_store_opened_cb (DexFuture *future, gpointer user_data)
{
  MusterSqliteSampleStore *self = user_data;

  /* The reader opens what the writer has made. The newest samples are read while the daemon already
   * works. */
  self->reader = muster_sample_worker_new (self->path, MUSTER_CONNECTION_READ, "samples-read");
  self->loaded =
    dex_future_then (muster_sample_worker_run (self->reader, query_latest_job, NULL, NULL),
                     muster_sqlite_sample_store_loaded_cb, g_object_ref (self), g_object_unref);
  return muster_sample_worker_when_open (self->reader);
}

static DexFuture *
muster_sqlite_sample_store_start (MusterService *service)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (service);

  self->rate_second = muster_clock_get_monotonic (self->clock) / G_USEC_PER_SEC;
  self->writer = muster_sample_worker_new (self->path, MUSTER_CONNECTION_WRITE, "samples-write");
  return dex_future_then (muster_sample_worker_when_open (self->writer),
                          muster_sqlite_sample_store_opened_cb, g_object_ref (self),
                          g_object_unref);
}

static DexFuture *
muster_sqlite_sample_store_stop (MusterService *service)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (service);

  g_cancellable_cancel (self->backups);
  dex_clear (&self->loaded);
  g_clear_pointer (&self->reader, muster_sample_worker_free);
  g_clear_pointer (&self->writer, muster_sample_worker_free);
  return NULL;
}

static void
muster_sqlite_sample_store_finalize (GObject *object)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (object);

  dex_clear (&self->loaded);
  g_clear_pointer (&self->reader, muster_sample_worker_free);
  g_clear_pointer (&self->writer, muster_sample_worker_free);
  g_clear_pointer (&self->latest, muster_latest_cache_free);
  g_clear_object (&self->backups);
  g_clear_object (&self->clock);
  g_free (self->path);
  G_OBJECT_CLASS (muster_sqlite_sample_store_parent_class)->finalize (object);
}

static void
muster_sqlite_sample_store_class_init (MusterSqliteSampleStoreClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_sqlite_sample_store_finalize;
  service_class->name = "samples";
  service_class->start = muster_sqlite_sample_store_start;
  service_class->stop = muster_sqlite_sample_store_stop;
}

static void
muster_sqlite_sample_store_init (MusterSqliteSampleStore *self)
{
  self->latest = muster_latest_cache_new ();
  self->backups = g_cancellable_new ();
}

MusterSqliteSampleStore *
muster_sqlite_sample_store_new (const char *path, MusterClock *clock)
{
  MusterSqliteSampleStore *self;

  g_return_val_if_fail (path != NULL && MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_SQLITE_SAMPLE_STORE, NULL);
  self->path = g_strdup (path);
  self->clock = g_object_ref (clock);
  return self;
}
