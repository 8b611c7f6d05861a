/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "core/muster-backup.h"
#include "model/muster-error.h"
#include "muster-latest-cache.h"
#include "muster-sample-range.h"
#include "muster-sample-reducer.h"
#include "muster-victoria-sample-store-private.h"

/* How often it is looked whether the current spool is to be sent, and how old that is then. */
#define TICK_MSEC 1000
#define SPOOL_USEC (5 * (gint64)G_USEC_PER_SEC)

static void muster_victoria_sample_store_iface_init (MusterSampleStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterVictoriaSampleStore,
                               muster_victoria_sample_store,
                               MUSTER_TYPE_SERVICE,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_SAMPLE_STORE,
                                                      muster_victoria_sample_store_iface_init))

static DexFuture *
not_running (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                "the sample store is not running");
}

/* --- spools --- */

static void
complete_cb (MusterVictoriaSpool *spool, gpointer user_data)
{
  MusterVictoriaSampleStore *self = user_data;

  /* At the stop it stays for the next start. */
  if (self->forwarder != NULL)
    muster_victoria_forwarder_push (self->forwarder, spool);
}

void
muster_victoria_sample_store_rotate (MusterVictoriaSampleStore *self)
{
  g_return_if_fail (MUSTER_IS_VICTORIA_SAMPLE_STORE (self));

  muster_victoria_spools_rotate (self->spools);
}

static void
show_trouble (MusterVictoriaSampleStore *self)
{
  g_autofree char *text = NULL;

  if (self->backlog >= self->most_bytes)
    text =
      g_strdup_printf ("samples are refused: %" G_GINT64_FORMAT " MiB wait for VictoriaMetrics "
                       "already (setting samples.victoria-backlog)%s%s",
                       self->backlog >> 20, self->trouble != NULL ? "; " : "",
                       self->trouble != NULL ? self->trouble : "");
  muster_service_set_trouble (MUSTER_SERVICE (self), text != NULL ? text : self->trouble);
}

static gboolean
tick_cb (gpointer user_data)
{
  MusterVictoriaSampleStore   *self = user_data;
  MusterVictoriaForwarderStats stats;

  muster_victoria_forwarder_get_stats (self->forwarder, &stats);
  /* While the server is away, all that comes goes into one. */
  if (stats.unsent == 0 && muster_victoria_spools_get_age (self->spools) >= SPOOL_USEC)
    muster_victoria_spools_rotate (self->spools);
  self->backlog = muster_victoria_spools_measure (self->spools);
  show_trouble (self);
  return G_SOURCE_CONTINUE;
}

/* --- the forwarder --- */

static void
done_cb (MusterVictoriaSpool *spool, gpointer user_data)
{
  muster_victoria_spools_remove (MUSTER_VICTORIA_SAMPLE_STORE (user_data)->spools, spool);
}

static DexFuture *
muster_victoria_sample_store_kept_cb (DexFuture *future, gpointer user_data)
{
  MusterVictoriaSampleStore *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_future_get_value (future, &error))
    g_warning ("what VictoriaMetrics does not keep cannot be stored here: %s", error->message);
  if (self->forwarder != NULL)
    muster_victoria_forwarder_kept (self->forwarder, error == NULL);
  return dex_future_new_true ();
}

static void
keep_cb (MusterSampleChunk *chunk, gpointer user_data)
{
  MusterVictoriaSampleStore *self = user_data;
  GBytes                    *packed = muster_sample_chunk_pack (chunk);

  dex_future_disown (
    dex_future_finally (muster_sample_engine_append_chunk (self->local, chunk, packed),
                        muster_victoria_sample_store_kept_cb, g_object_ref (self), g_object_unref));
}

static void
trouble_cb (const char *trouble, gpointer user_data)
{
  MusterVictoriaSampleStore *self = user_data;

  g_set_str (&self->trouble, trouble);
  show_trouble (self);
}

static const MusterVictoriaForwarderFuncs forwarder_funcs = { done_cb, keep_cb, trouble_cb };

/* --- append --- */

typedef struct
{
  MusterVictoriaSampleStore *store;
  MusterVictoriaCurrent     *current;
  MusterSampleBatch         *batch; /* (nullable) */
  unsigned                   n_samples;
  gint64                     refused;
} Append;

static void
append_free (gpointer data)
{
  Append *append = data;

  g_object_unref (append->store);
  g_clear_object (&append->batch);
  g_free (append);
}

static DexFuture *
muster_victoria_sample_store_appended_cb (DexFuture *future, gpointer user_data)
{
  Append                    *append = user_data;
  MusterVictoriaSampleStore *self = append->store;
  gboolean                   is_good = dex_future_get_value (future, NULL) != NULL;

  muster_victoria_spools_release (self->spools, append->current);
  if (!is_good)
    return dex_ref (future);
  if (append->batch != NULL)
    muster_sample_intake_note (self->intake, append->batch);
  else
    muster_sample_intake_count (self->intake, append->n_samples);
  return dex_future_new_for_int64 (append->refused);
}

static Append *
begin_append (MusterVictoriaSampleStore *self)
{
  Append *append = g_new0 (Append, 1);

  append->store = g_object_ref (self);
  append->current = muster_victoria_spools_get_current (self->spools);
  return append;
}

/* Of the spool that APPEND (taken) began on. */
static DexFuture *
end_append (Append *append, DexFuture *durable)
{
  muster_victoria_current_hold (append->current);
  return dex_future_finally (durable, muster_victoria_sample_store_appended_cb, append,
                             append_free);
}

/* NULL where samples are taken. */
static DexFuture *
refuse (MusterVictoriaSampleStore *self)
{
  if (muster_victoria_spools_get_current (self->spools) == NULL)
    return not_running ();
  if (self->backlog < self->most_bytes)
    return NULL;
  return dex_future_new_reject (
    MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
    "%" G_GINT64_FORMAT
    " MiB of samples wait for VictoriaMetrics already: let it run, or raise the "
    "setting samples.victoria-backlog%s%s",
    self->backlog >> 20, self->trouble != NULL ? "; " : "",
    self->trouble != NULL ? self->trouble : "");
}

static DexFuture *
muster_victoria_sample_store_append (MusterSampleStore *store, MusterSampleBatch *batch)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  DexFuture                 *refusal = refuse (self);
  MusterSampleEngine        *engine;
  Append                    *append;
  unsigned                   n;

  if (refusal != NULL)
    return refusal;
  append = begin_append (self);
  append->batch = muster_sample_intake_sift (self->intake, batch, &append->refused);
  muster_sample_batch_get (append->batch, &n);
  if (n == 0)
    {
      DexFuture *future = dex_future_new_for_int64 (append->refused);

      append_free (append);
      return future;
    }
  engine = muster_victoria_current_get_engine (append->current);
  return end_append (append, muster_sample_engine_append_batch (engine, append->batch));
}

static DexFuture *
muster_victoria_sample_store_append_chunk (MusterSampleStore *store,
                                           MusterSampleChunk *chunk,
                                           GBytes            *packed)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  DexFuture                 *refusal = refuse (self);
  MusterSampleEngine        *engine;
  Append                    *append;

  if (refusal != NULL)
    {
      muster_sample_chunk_free (chunk);
      g_bytes_unref (packed);
      return refusal;
    }
  append = begin_append (self);
  append->n_samples = muster_sample_chunk_count (chunk);
  engine = muster_victoria_current_get_engine (append->current);
  return end_append (append, muster_sample_engine_append_chunk (engine, chunk, packed));
}

/* --- questions --- */

static MusterVictoriaView *
new_view (MusterVictoriaSampleStore *self)
{
  g_autoptr (GPtrArray) spools = muster_victoria_spools_list (self->spools);

  return muster_victoria_view_new (self->config, self->ledger, self->local, spools,
                                   self->cancellable);
}

static DexFuture *
muster_victoria_sample_store_query_range (MusterSampleStore *store, const MusterSampleQuery *query)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  g_autoptr (GError) error = NULL;
  const char       *ids[] = { query->device_id, NULL };
  MusterSeriesQuery one = { .base = *query, .device_ids = ids, .n_devices = 1 };
  GArray           *excluded[1] = { NULL };
  DexFuture        *future;

  if (!muster_sample_query_check (query, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->answers == NULL)
    return not_running ();
  excluded[0] = g_array_new (FALSE, FALSE, sizeof (MusterSampleExclusion));
  g_array_append_vals (excluded[0], query->excluded, query->n_excluded);
  one.excluded = excluded;
  future = muster_victoria_answers_ask (self->answers, new_view (self), &one);
  g_array_unref (excluded[0]);
  return future;
}

static DexFuture *
muster_victoria_sample_store_query_series (MusterSampleStore *store, const MusterSeriesQuery *query)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  g_autoptr (GError) error = NULL;

  if (!muster_sample_query_check (&query->base, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return self->answers != NULL ? muster_victoria_answers_ask (self->answers, new_view (self), query)
                               : not_running ();
}

static GInputStream *
muster_victoria_sample_store_export (MusterSampleStore       *store,
                                     const MusterSeriesQuery *query,
                                     MusterSampleFormat       format)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);

  return self->answers != NULL
           ? muster_victoria_answers_export (self->answers, new_view (self), query, format)
           : NULL;
}

static void
add_all (MusterLatestCache *cache, GPtrArray *taken)
{
  g_autoptr (GPtrArray) batches = taken;

  for (guint i = 0; i < batches->len; i++)
    muster_latest_cache_add (cache, batches->pdata[i]);
}

GPtrArray *
muster_victoria_sample_store_list_latest (MusterVictoriaSampleStore *self,
                                          const char *const         *device_ids)
{
  g_autoptr (MusterLatestCache) all = muster_latest_cache_new ();
  g_autoptr (GPtrArray) spools = muster_victoria_spools_list (self->spools);

  add_all (all,
           muster_sample_latest_query (muster_sample_engine_get_table (self->local), device_ids));
  add_all (all, muster_victoria_ledger_list_latest (self->ledger, device_ids));
  for (guint i = 0; i < spools->len; i++)
    add_all (all,
             muster_sample_latest_query (muster_sample_engine_get_table (
                                           muster_victoria_spool_get_engine (spools->pdata[i])),
                                         device_ids));
  return muster_latest_cache_list (all, device_ids);
}

static DexFuture *
muster_victoria_sample_store_query_latest (MusterSampleStore *store, const char *const *device_ids)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);

  if (self->local == NULL)
    return not_running ();
  return dex_future_new_take_boxed (
    G_TYPE_PTR_ARRAY,
    muster_sample_intake_add_shown (self->intake,
                                    muster_victoria_sample_store_list_latest (self, device_ids),
                                    device_ids));
}

/* --- forgetting --- */

typedef struct
{
  MusterVictoriaSampleStore *store;
  char                      *device_id;
} Forget;

static void
forget_free (gpointer data)
{
  Forget *forget = data;

  g_object_unref (forget->store);
  g_free (forget->device_id);
  g_free (forget);
}

/* The spools forgot it: what the server has is of an earlier life from now on. */
static DexFuture *
muster_victoria_sample_store_forgotten_cb (DexFuture *future, gpointer user_data)
{
  Forget                    *forget = user_data;
  MusterVictoriaSampleStore *self = forget->store;
  g_autoptr (GError) error = NULL;

  if (self->ledger == NULL)
    return not_running ();
  if (!muster_victoria_ledger_forget (self->ledger, forget->device_id, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_victoria_forwarder_wake (self->forwarder);
  return dex_future_new_true ();
}

static DexFuture *
muster_victoria_sample_store_forget (MusterSampleStore *store, const char *device_id)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  g_autoptr (GPtrArray) spools = NULL;
  g_autoptr (GPtrArray) futures = NULL;
  Forget *forget;

  if (self->local == NULL)
    return not_running ();
  spools = muster_victoria_spools_list (self->spools);
  futures = g_ptr_array_new_with_free_func (dex_unref);
  muster_sample_intake_forget (self->intake, device_id);
  g_ptr_array_add (futures, muster_sample_engine_forget (self->local, device_id));
  for (guint i = 0; i < spools->len; i++)
    g_ptr_array_add (futures, muster_sample_engine_forget (
                                muster_victoria_spool_get_engine (spools->pdata[i]), device_id));
  forget = g_new (Forget, 1);
  *forget = (Forget){ g_object_ref (self), g_strdup (device_id) };
  return dex_future_then (dex_future_allv ((DexFuture *const *)futures->pdata, futures->len),
                          muster_victoria_sample_store_forgotten_cb, forget, forget_free);
}

static DexFuture *
muster_victoria_sample_store_get_stats (MusterSampleStore *store)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);

  return self->local != NULL ? dex_future_new_take_variant (g_variant_ref_sink (
                                 muster_victoria_sample_store_make_figures (self)))
                             : not_running ();
}

/* --- backup --- */

typedef struct
{
  MusterVictoriaSampleStore *store;
  char                      *path;
} Backup;

static void
backup_free (gpointer data)
{
  Backup *backup = data;

  g_object_unref (backup->store);
  g_free (backup->path);
  g_free (backup);
}

/* What is here: samples of before, what waits, and the ledger. The server has a backup of its own.
 * The spools first: what leaves one meanwhile is there, and in the ledger. */
static DexFuture *
backup_fiber (gpointer user_data)
{
  Backup                    *backup = user_data;
  MusterVictoriaSampleStore *self = backup->store;
  g_autoptr (GPtrArray) spools = muster_victoria_spools_list (self->spools);
  g_autofree char *ledger = muster_victoria_make_path (backup->path, "victoria");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < spools->len; i++)
    {
      g_autofree char *name =
        g_strdup_printf ("spool-%06u", muster_victoria_spool_get_number (spools->pdata[i]));
      g_autofree char *path = muster_victoria_make_path (backup->path, name);

      if (!dex_await (muster_victoria_spool_backup (spools->pdata[i], path, self->cancellable),
                      &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }
  if (self->ledger == NULL ||
      !muster_victoria_ledger_backup (self->ledger, ledger, self->cancellable, &error))
    return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : not_running ();
  if (!dex_await (muster_sample_engine_flush (self->local), &error) ||
      !dex_await (muster_backup_start (self->path, backup->path, muster_sample_file_get_format (),
                                       self->cancellable),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_true ();
}

static DexFuture *
muster_victoria_sample_store_backup (MusterSampleStore *store, const char *path)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  Backup                    *backup;

  if (self->local == NULL)
    return not_running ();
  backup = g_new (Backup, 1);
  *backup = (Backup){ g_object_ref (self), g_strdup (path) };
  return dex_scheduler_spawn (NULL, 0, backup_fiber, backup, backup_free);
}

static void
muster_victoria_sample_store_iface_init (MusterSampleStoreInterface *iface)
{
  iface->append = muster_victoria_sample_store_append;
  iface->append_chunk = muster_victoria_sample_store_append_chunk;
  iface->query_range = muster_victoria_sample_store_query_range;
  iface->query_series = muster_victoria_sample_store_query_series;
  iface->export = muster_victoria_sample_store_export;
  iface->query_latest = muster_victoria_sample_store_query_latest;
  iface->forget = muster_victoria_sample_store_forget;
  iface->get_stats = muster_victoria_sample_store_get_stats;
  iface->backup = muster_victoria_sample_store_backup;
}

MusterSampleEngine *
muster_victoria_sample_store_get_engine (MusterVictoriaSampleStore *self)
{
  g_return_val_if_fail (MUSTER_IS_VICTORIA_SAMPLE_STORE (self), NULL);

  return self->local;
}

/* --- life --- */

static DexFuture *
start_fiber (gpointer user_data)
{
  MusterVictoriaSampleStore *self = user_data;
  g_autofree char           *ledger = muster_victoria_make_path (self->path, "victoria");
  g_autoptr (GError) error = NULL;

  self->ledger = muster_victoria_ledger_open (ledger, &error);
  if (self->ledger == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  self->local = muster_sample_engine_new (self->path);
  if (!dex_await (muster_sample_engine_when_open (self->local), &error) ||
      !muster_victoria_spools_open (self->spools, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  self->answers = muster_victoria_answers_new (self->config, self->path);
  self->forwarder =
    muster_victoria_forwarder_new (self->config, self->ledger, self->clock, &forwarder_funcs, self);
  muster_victoria_spools_begin (self->spools);
  self->tick = g_timeout_add (TICK_MSEC, tick_cb, self);
  g_message ("samples go to VictoriaMetrics at %s", self->config->insert_url);
  return dex_future_new_true ();
}

static DexFuture *
muster_victoria_sample_store_start (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, start_fiber, g_object_ref (service), g_object_unref);
}

static DexFuture *
muster_victoria_sample_store_stop (MusterService *service)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (service);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->forwarder, muster_victoria_forwarder_free);
  g_clear_pointer (&self->answers, muster_victoria_answers_unref);
  muster_victoria_spools_close (self->spools);
  g_clear_pointer (&self->ledger, muster_victoria_ledger_close);
  g_clear_pointer (&self->local, muster_sample_engine_free);
  return NULL;
}

static void
muster_victoria_sample_store_finalize (GObject *object)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (object);

  g_clear_pointer (&self->spools, muster_victoria_spools_free);
  g_clear_pointer (&self->intake, muster_sample_intake_free);
  g_clear_pointer (&self->config, muster_victoria_config_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_free (self->trouble);
  g_free (self->path);
  G_OBJECT_CLASS (muster_victoria_sample_store_parent_class)->finalize (object);
}

static void
muster_victoria_sample_store_class_init (MusterVictoriaSampleStoreClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_victoria_sample_store_finalize;
  service_class->name = "samples";
  service_class->start = muster_victoria_sample_store_start;
  service_class->stop = muster_victoria_sample_store_stop;
}

static void
muster_victoria_sample_store_init (MusterVictoriaSampleStore *self)
{
  self->cancellable = g_cancellable_new ();
}

MusterVictoriaSampleStore *
muster_victoria_sample_store_new (const char           *path,
                                  MusterClock          *clock,
                                  MusterVictoriaConfig *config,
                                  gint64                most_bytes)
{
  MusterVictoriaSampleStore *self;

  g_return_val_if_fail (path != NULL && MUSTER_IS_CLOCK (clock) && config != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_VICTORIA_SAMPLE_STORE, NULL);
  self->path = g_strdup (path);
  self->spools = muster_victoria_spools_new (path, complete_cb, self);
  self->clock = g_object_ref (clock);
  self->intake = muster_sample_intake_new (clock);
  self->config = config;
  self->most_bytes = most_bytes;
  return self;
}
