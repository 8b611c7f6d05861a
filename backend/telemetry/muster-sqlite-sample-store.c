/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sqlite-sample-store"

#include "config.h"

#include "core/muster-backup.h"
#include "model/muster-error.h"
#include "muster-rollup-follower.h"
#include "muster-sample-engine.h"
#include "muster-sample-export.h"
#include "muster-sample-intake.h"
#include "muster-series-job.h"
#include "muster-sample-range.h"
#include "muster-sample-reducer.h"
#include "muster-sqlite-sample-store.h"

struct _MusterSqliteSampleStore
{
  MusterService         parent_instance;
  char                 *path;
  MusterSampleEngine   *engine;   /* (owned) (nullable) while started */
  MusterRollupFollower *follower; /* (owned) (nullable) while started */
  MusterSampleIntake   *intake;   /* (owned) */
  GCancellable         *backups;  /* (owned): cancelled at the stop */
};

static void muster_sqlite_sample_store_iface_init (MusterSampleStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterSqliteSampleStore,
                               muster_sqlite_sample_store,
                               MUSTER_TYPE_SERVICE,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_SAMPLE_STORE,
                                                      muster_sqlite_sample_store_iface_init))

/* --- append --- */

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
  Append *append = user_data;

  muster_sample_intake_note (append->store->intake, append->batch);
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

  if (self->engine == NULL)
    return not_running ();
  append = g_new0 (Append, 1);
  append->store = g_object_ref (self);
  append->batch = muster_sample_intake_sift (self->intake, batch, &append->refused);
  muster_sample_batch_get (append->batch, &n);
  if (n == 0)
    {
      DexFuture *future = dex_future_new_for_int64 (append->refused);

      append_free (append);
      return future;
    }
  return dex_future_then (muster_sample_engine_append_batch (self->engine, append->batch),
                          muster_sqlite_sample_store_appended_cb, append, append_free);
}

/* --- queries --- */

typedef struct
{
  MusterSqliteSampleStore *store;
  unsigned                 n_samples;
} AppendChunk;

static void
append_chunk_free (gpointer data)
{
  g_object_unref (((AppendChunk *)data)->store);
  g_free (data);
}

static DexFuture *
muster_sqlite_sample_store_chunk_appended_cb (DexFuture *future, gpointer user_data)
{
  AppendChunk *append = user_data;

  muster_sample_intake_count (append->store->intake, append->n_samples);
  return dex_future_new_for_int64 (0);
}

static DexFuture *
muster_sqlite_sample_store_append_chunk (MusterSampleStore *store,
                                         MusterSampleChunk *chunk,
                                         GBytes            *packed)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  AppendChunk             *append;

  if (self->engine == NULL)
    {
      muster_sample_chunk_free (chunk);
      g_bytes_unref (packed);
      return not_running ();
    }
  append = g_new0 (AppendChunk, 1);
  append->store = g_object_ref (self);
  append->n_samples = muster_sample_chunk_count (chunk);
  return dex_future_then (muster_sample_engine_append_chunk (self->engine, chunk, packed),
                          muster_sqlite_sample_store_chunk_appended_cb, append, append_chunk_free);
}

typedef struct
{
  MusterSampleQuery query; /* all that it points to is owned */
} Range;

static void
range_free (gpointer data)
{
  Range *range = data;

  g_free ((char *)range->query.device_id);
  g_strfreev ((char **)range->query.metrics);
  g_clear_pointer (&range->query.zone, g_time_zone_unref);
  g_free ((gpointer)range->query.excluded);
  g_free (range);
}

static gboolean
query_range_job (MusterSampleTable *table,
                 MusterSampleFile  *file,
                 gpointer           data,
                 GValue            *result,
                 GError           **error)
{
  Range             *range = data;
  GPtrArray         *batches;
  MusterSampleBatch *batch = muster_sample_range_query (table, file, &range->query, NULL, error);

  if (batch == NULL)
    return FALSE;
  batches = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (batches, batch);
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, batches);
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
  if (self->engine == NULL)
    return not_running ();
  range = g_new0 (Range, 1);
  range->query = *query;
  range->query.device_id = g_strdup (query->device_id);
  range->query.metrics = (const char *const *)g_strdupv ((char **)query->metrics);
  range->query.zone = query->zone != NULL ? g_time_zone_ref (query->zone) : NULL;
  range->query.excluded = g_memdup2 (query->excluded, query->n_excluded * sizeof *query->excluded);
  return muster_sample_engine_read (self->engine, query_range_job, range, range_free);
}

static DexFuture *
muster_sqlite_sample_store_query_series (MusterSampleStore *store, const MusterSeriesQuery *query)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  g_autoptr (GError) error = NULL;

  if (!muster_sample_query_check (&query->base, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return self->engine != NULL ? muster_series_job_run (self->engine, query) : not_running ();
}

static gboolean
read_engine (gpointer                 source,
             const MusterSampleQuery *query,
             MusterSampleExportFunc   func,
             gpointer                 user_data,
             GError                 **error)
{
  MusterSampleFile *file = muster_sample_engine_borrow_file (source, error);
  gboolean          is_good;

  if (file == NULL)
    return FALSE;
  is_good = func (muster_sample_engine_get_table (source), file, user_data, error);
  muster_sample_engine_return_file (source, file);
  return is_good;
}

static void
unref_engine (gpointer source)
{
  muster_sample_engine_unref (source);
}

static const MusterSampleExportSource engine_source = { read_engine, unref_engine };

static GInputStream *
muster_sqlite_sample_store_export (MusterSampleStore       *store,
                                   const MusterSeriesQuery *query,
                                   MusterSampleFormat       format)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);

  return self->engine != NULL ? muster_sample_export_new (muster_sample_engine_ref (self->engine),
                                                          &engine_source, query, format)
                              : NULL;
}

static DexFuture *
muster_sqlite_sample_store_query_latest (MusterSampleStore *store, const char *const *device_ids)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);

  if (self->engine == NULL)
    return not_running ();
  return dex_future_new_take_boxed (
    G_TYPE_PTR_ARRAY,
    muster_sample_intake_add_shown (
      self->intake,
      muster_sample_latest_query (muster_sample_engine_get_table (self->engine), device_ids),
      device_ids));
}

static DexFuture *
muster_sqlite_sample_store_forget (MusterSampleStore *store, const char *device_id)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);

  if (self->engine == NULL)
    return not_running ();
  muster_sample_intake_forget (self->intake, device_id);
  return muster_sample_engine_forget (self->engine, device_id);
}

static gboolean
get_stats_job (MusterSampleTable *table,
               MusterSampleFile  *file,
               gpointer           data,
               GValue            *result,
               GError           **error)
{
  MusterSampleFileStats stats;
  GVariantDict          dict;
  gint64                samples, series;

  g_rw_lock_reader_lock (&table->lock);
  samples = muster_sample_table_count (table, &series);
  g_rw_lock_reader_unlock (&table->lock);
  if (!muster_sample_file_get_stats (file, &stats, error))
    return FALSE;
  g_variant_dict_init (&dict, data);
  g_variant_dict_insert (&dict, "samples", "x", samples);
  g_variant_dict_insert (&dict, "series", "x", series);
  g_variant_dict_insert (&dict, "bytes", "x", stats.bytes);
  g_variant_dict_insert (&dict, "blocks", "x", stats.blocks);
  g_variant_dict_insert (&dict, "quarantined", "x", stats.quarantined);
  g_value_init (result, G_TYPE_VARIANT);
  g_value_set_variant (result, g_variant_dict_end (&dict));
  return TRUE;
}

static DexFuture *
muster_sqlite_sample_store_get_stats (MusterSampleStore *store)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  GVariantDict             dict;

  if (self->engine == NULL)
    return not_running ();
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "refused", "x", muster_sample_intake_get_refused (self->intake));
  g_variant_dict_insert (&dict, "appended-per-second", "d",
                         muster_sample_intake_get_rate (self->intake));
  return muster_sample_engine_read (self->engine, get_stats_job,
                                    g_variant_ref_sink (g_variant_dict_end (&dict)),
                                    (GDestroyNotify)g_variant_unref);
}

typedef struct
{
  MusterSqliteSampleStore *store;
  char                    *path;
} Backup;

static void
backup_free (gpointer data)
{
  Backup *backup = data;

  g_object_unref (backup->store);
  g_free (backup->path);
  g_free (backup);
}

static DexFuture *
muster_sqlite_sample_store_flushed_cb (DexFuture *future, gpointer user_data)
{
  Backup *backup = user_data;

  return muster_backup_start (backup->store->path, backup->path, muster_sample_file_get_format (),
                              backup->store->backups);
}

/* The journal is not copied: what it holds is brought into blocks first. */
static DexFuture *
muster_sqlite_sample_store_backup (MusterSampleStore *store, const char *path)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (store);
  Backup                  *backup;

  if (self->engine == NULL)
    return not_running ();
  backup = g_new0 (Backup, 1);
  backup->store = g_object_ref (self);
  backup->path = g_strdup (path);
  return dex_future_then (muster_sample_engine_flush (self->engine),
                          muster_sqlite_sample_store_flushed_cb, backup, backup_free);
}

static void
muster_sqlite_sample_store_iface_init (MusterSampleStoreInterface *iface)
{
  iface->append = muster_sqlite_sample_store_append;
  iface->append_chunk = muster_sqlite_sample_store_append_chunk;
  iface->query_range = muster_sqlite_sample_store_query_range;
  iface->query_series = muster_sqlite_sample_store_query_series;
  iface->export = muster_sqlite_sample_store_export;
  iface->query_latest = muster_sqlite_sample_store_query_latest;
  iface->forget = muster_sqlite_sample_store_forget;
  iface->get_stats = muster_sqlite_sample_store_get_stats;
  iface->backup = muster_sqlite_sample_store_backup;
}

MusterSampleEngine *
muster_sqlite_sample_store_get_engine (MusterSqliteSampleStore *self)
{
  g_return_val_if_fail (MUSTER_IS_SQLITE_SAMPLE_STORE (self), NULL);

  return self->engine;
}

DexFuture *
muster_sqlite_sample_store_catch_up (MusterSqliteSampleStore *self)
{
  dex_return_error_if_fail (MUSTER_IS_SQLITE_SAMPLE_STORE (self));

  return self->follower != NULL ? muster_rollup_follower_catch_up (self->follower) : not_running ();
}

/* --- life --- */

static DexFuture *
muster_sqlite_sample_store_start (MusterService *service)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (service);

  self->engine = muster_sample_engine_new (self->path);
  self->follower = muster_rollup_follower_new (self->engine);
  return muster_sample_engine_when_open (self->engine);
}

static DexFuture *
muster_sqlite_sample_store_stop (MusterService *service)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (service);

  g_cancellable_cancel (self->backups);
  g_clear_pointer (&self->follower, muster_rollup_follower_stop);
  g_clear_pointer (&self->engine, muster_sample_engine_free);
  return NULL;
}

static void
muster_sqlite_sample_store_finalize (GObject *object)
{
  MusterSqliteSampleStore *self = MUSTER_SQLITE_SAMPLE_STORE (object);

  g_clear_pointer (&self->follower, muster_rollup_follower_stop);
  g_clear_pointer (&self->engine, muster_sample_engine_free);
  g_clear_pointer (&self->intake, muster_sample_intake_free);
  g_clear_object (&self->backups);
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
  self->backups = g_cancellable_new ();
}

MusterSqliteSampleStore *
muster_sqlite_sample_store_new (const char *path, MusterClock *clock)
{
  MusterSqliteSampleStore *self;

  g_return_val_if_fail (path != NULL && MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_SQLITE_SAMPLE_STORE, NULL);
  self->path = g_strdup (path);
  self->intake = muster_sample_intake_new (clock);
  return self;
}
