/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "core/muster-backup.h"
#include "model/muster-error.h"
#include "muster-latest-cache.h"
#include "muster-sample-intake.h"
#include "muster-sample-range.h"
#include "muster-sample-reducer.h"
#include "muster-victoria-answers.h"
#include "muster-victoria-forwarder.h"
#include "muster-victoria-sample-store.h"

/* How often it is looked whether the current spool is to be sent, and how old that is then. */
#define TICK_MSEC 1000
#define SPOOL_USEC (5 * (gint64)G_USEC_PER_SEC)

/* A spool that samples were appended to, and how many appends are not durable yet. */
typedef struct
{
  MusterVictoriaSpool *spool; /* (owned) */
  unsigned             n_pending;
  gboolean             has_samples;
  gboolean             is_closed; /* goes to the forwarder when nothing is pending */
} Current;

struct _MusterVictoriaSampleStore
{
  MusterService            parent_instance;
  char                    *path;
  MusterClock             *clock;
  MusterVictoriaConfig    *config;
  gint64                   most_bytes;
  MusterSampleIntake      *intake;
  MusterSampleEngine      *local;  /* (nullable) while started: what was stored here before */
  MusterVictoriaLedger    *ledger; /* (nullable) while started */
  MusterVictoriaAnswers   *answers;
  MusterVictoriaForwarder *forwarder;
  GCancellable            *cancellable; /* at the stop */
  GMutex                   lock;        /* of SPOOLS */
  GPtrArray               *spools; /* (element-type MusterVictoriaSpool): in order, the current one
                                      last */
  Current *current;
  unsigned next_number;
  gint64   opened_at; /* monotonic, of the current spool */
  gint64   backlog;   /* bytes */
  guint    tick;
  char    *trouble; /* (nullable): the forwarder's */
};

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

/* (transfer full) (element-type MusterVictoriaSpool) */
static GPtrArray *
list_spools (MusterVictoriaSampleStore *self)
{
  GPtrArray *spools = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_victoria_spool_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->spools->len; i++)
    g_ptr_array_add (spools, muster_victoria_spool_ref (self->spools->pdata[i]));
  g_mutex_unlock (&self->lock);
  return spools;
}

/* --- spools --- */

static void
add_spool (MusterVictoriaSampleStore *self, MusterVictoriaSpool *spool)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->spools, muster_victoria_spool_ref (spool));
  g_mutex_unlock (&self->lock);
}

static void
open_current (MusterVictoriaSampleStore *self)
{
  self->current = g_new0 (Current, 1);
  self->current->spool = muster_victoria_spool_open (self->path, self->next_number++);
  self->opened_at = g_get_monotonic_time ();
  add_spool (self, self->current->spool);
}

static void
current_free (Current *current)
{
  muster_victoria_spool_unref (current->spool);
  g_free (current);
}

/* Nothing is appended to CURRENT any more. */
static void
finish_current (MusterVictoriaSampleStore *self, Current *current)
{
  if (current->n_pending > 0)
    return;
  if (self->forwarder != NULL)
    muster_victoria_forwarder_push (self->forwarder, current->spool);
  current_free (current);
}

void
muster_victoria_sample_store_rotate (MusterVictoriaSampleStore *self)
{
  Current *current;

  g_return_if_fail (MUSTER_IS_VICTORIA_SAMPLE_STORE (self));

  current = self->current;
  if (current == NULL || !current->has_samples)
    return;
  open_current (self);
  current->is_closed = TRUE;
  finish_current (self, current);
}

static gint64
measure_backlog (MusterVictoriaSampleStore *self)
{
  g_autoptr (GPtrArray) spools = list_spools (self);
  gint64 size = 0;

  for (guint i = 0; i < spools->len; i++)
    size += muster_victoria_spool_get_size (spools->pdata[i]);
  return size;
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
  if (stats.unsent == 0 && g_get_monotonic_time () >= self->opened_at + SPOOL_USEC)
    muster_victoria_sample_store_rotate (self);
  self->backlog = measure_backlog (self);
  show_trouble (self);
  return G_SOURCE_CONTINUE;
}

/* --- the forwarder --- */

static void
done_cb (MusterVictoriaSpool *spool, gpointer user_data)
{
  MusterVictoriaSampleStore *self = user_data;

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->spools, spool);
  g_mutex_unlock (&self->lock);
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
  Current                   *current;
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
  Current                   *current = append->current;
  gboolean                   is_good = dex_future_get_value (future, NULL) != NULL;

  current->n_pending--;
  if (current->is_closed)
    finish_current (self, current);
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
  append->current = self->current;
  return append;
}

/* Of the spool that APPEND (taken) began on. */
static DexFuture *
end_append (Append *append, DexFuture *durable)
{
  append->current->n_pending++;
  append->current->has_samples = TRUE;
  return dex_future_finally (durable, muster_victoria_sample_store_appended_cb, append,
                             append_free);
}

/* NULL where samples are taken. */
static DexFuture *
refuse (MusterVictoriaSampleStore *self)
{
  if (self->current == NULL)
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

static MusterSampleEngine *
get_current_engine (MusterVictoriaSampleStore *self)
{
  return muster_victoria_spool_get_engine (self->current->spool);
}

static DexFuture *
muster_victoria_sample_store_append (MusterSampleStore *store, MusterSampleBatch *batch)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  DexFuture                 *refusal = refuse (self);
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
  return end_append (append,
                     muster_sample_engine_append_batch (get_current_engine (self), append->batch));
}

static DexFuture *
muster_victoria_sample_store_append_chunk (MusterSampleStore *store,
                                           MusterSampleChunk *chunk,
                                           GBytes            *packed)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  DexFuture                 *refusal = refuse (self);
  Append                    *append;

  if (refusal != NULL)
    {
      muster_sample_chunk_free (chunk);
      g_bytes_unref (packed);
      return refusal;
    }
  append = begin_append (self);
  append->n_samples = muster_sample_chunk_count (chunk);
  return end_append (append,
                     muster_sample_engine_append_chunk (get_current_engine (self), chunk, packed));
}

/* --- questions --- */

static MusterVictoriaView *
new_view (MusterVictoriaSampleStore *self)
{
  g_autoptr (GPtrArray) spools = list_spools (self);

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

static GPtrArray *
list_latest (MusterVictoriaSampleStore *self, const char *const *device_ids)
{
  g_autoptr (MusterLatestCache) all = muster_latest_cache_new ();
  g_autoptr (GPtrArray) spools = list_spools (self);

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
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY,
                                    muster_sample_intake_add_shown (self->intake,
                                                                    list_latest (self, device_ids),
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
  spools = list_spools (self);
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

/* --- figures --- */

static void
add_series (GHashTable *series, GPtrArray *taken)
{
  g_autoptr (GPtrArray) batches = taken;

  for (guint i = 0; i < batches->len; i++)
    {
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batches->pdata[i], &n);

      for (unsigned s = 0; s < n; s++)
        g_hash_table_add (series,
                          g_strconcat (muster_sample_batch_get_device_id (batches->pdata[i]), "\n",
                                       samples[s].metric, NULL));
    }
}

static gint64
count_engine (MusterSampleEngine *engine)
{
  MusterSampleTable *table = muster_sample_engine_get_table (engine);
  gint64             n;

  g_rw_lock_reader_lock (&table->lock);
  n = muster_sample_table_count (table, NULL);
  g_rw_lock_reader_unlock (&table->lock);
  return n;
}

/* A sample that is in a spool and there already counts twice until it leaves the spool. */
static DexFuture *
muster_victoria_sample_store_get_stats (MusterSampleStore *store)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (store);
  g_autoptr (GPtrArray) spools = NULL;
  g_autoptr (GHashTable) series = NULL;
  MusterVictoriaForwarderStats stats;
  GVariantDict                 dict;
  gint64                       samples;

  if (self->local == NULL)
    return not_running ();
  spools = list_spools (self);
  series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  samples = count_engine (self->local) + muster_victoria_ledger_count_samples (self->ledger);
  for (guint i = 0; i < spools->len; i++)
    samples += count_engine (muster_victoria_spool_get_engine (spools->pdata[i]));
  add_series (series, list_latest (self, NULL));
  muster_victoria_forwarder_get_stats (self->forwarder, &stats);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "samples", "x", samples);
  g_variant_dict_insert (&dict, "series", "x", (gint64)g_hash_table_size (series));
  g_variant_dict_insert (&dict, "bytes", "x", measure_backlog (self));
  g_variant_dict_insert (&dict, "blocks", "x", (gint64)0);
  g_variant_dict_insert (&dict, "quarantined", "x", (gint64)0);
  g_variant_dict_insert (&dict, "refused", "x", muster_sample_intake_get_refused (self->intake));
  g_variant_dict_insert (&dict, "appended-per-second", "d",
                         muster_sample_intake_get_rate (self->intake));
  g_variant_dict_insert (&dict, "server", "s", self->config->select_url);
  g_variant_dict_insert (&dict, "waiting-spools", "x", (gint64)stats.waiting);
  return dex_future_new_take_variant (g_variant_ref_sink (g_variant_dict_end (&dict)));
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
  g_autoptr (GPtrArray) spools = list_spools (self);
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

/* --- metrics --- */

#define READ_STAT(member)                                                                          \
  static double read_##member (gpointer owner)                                                     \
  {                                                                                                \
    MusterVictoriaSampleStore   *self = owner;                                                     \
    MusterVictoriaForwarderStats stats = { 0 };                                                    \
                                                                                                   \
    if (self->forwarder != NULL)                                                                   \
      muster_victoria_forwarder_get_stats (self->forwarder, &stats);                               \
    return stats.member;                                                                           \
  }

READ_STAT (sent)
READ_STAT (resent)
READ_STAT (failed)
READ_STAT (kept)
READ_STAT (waiting)

#undef READ_STAT

static double
read_backlog (gpointer owner)
{
  return MUSTER_VICTORIA_SAMPLE_STORE (owner)->backlog;
}

void
muster_victoria_sample_store_add_metrics (MusterVictoriaSampleStore *self, MusterMetrics *metrics)
{
  static const struct
  {
    MusterMetricsKind kind;
    const char       *name;
    const char       *help;
    MusterMetricsRead read;
  } figures[] = {
    { MUSTER_METRICS_COUNTER, "muster_victoria_samples_sent_total",
      "Samples sent to VictoriaMetrics.", read_sent },
    { MUSTER_METRICS_COUNTER, "muster_victoria_samples_resent_total",
      "Samples sent once more, because they were not there when read back.", read_resent },
    { MUSTER_METRICS_COUNTER, "muster_victoria_samples_kept_total",
      "Samples that VictoriaMetrics does not keep, stored on this machine.", read_kept },
    { MUSTER_METRICS_COUNTER, "muster_victoria_failures_total",
      "Exchanges with VictoriaMetrics that failed.", read_failed },
    { MUSTER_METRICS_GAUGE, "muster_victoria_waiting_spools",
      "Spools that are not known to be safe there.", read_waiting },
    { MUSTER_METRICS_GAUGE, "muster_victoria_backlog_bytes", "Bytes of the spools.", read_backlog },
  };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    muster_metrics_add (metrics, figures[i].kind, figures[i].name, figures[i].help, NULL,
                        G_OBJECT (self), figures[i].read);
}

MusterSampleEngine *
muster_victoria_sample_store_get_engine (MusterVictoriaSampleStore *self)
{
  g_return_val_if_fail (MUSTER_IS_VICTORIA_SAMPLE_STORE (self), NULL);

  return self->local;
}

/* --- life --- */

/* Spools of before, in their order. */
static gboolean
open_spools (MusterVictoriaSampleStore *self, GError **error)
{
  g_autoptr (GArray) numbers = muster_victoria_spool_list (self->path);

  self->next_number = 1;
  for (guint i = 0; i < numbers->len; i++)
    {
      unsigned number = g_array_index (numbers, guint, i);
      g_autoptr (MusterVictoriaSpool) spool = muster_victoria_spool_open (self->path, number);

      if (!dex_await (muster_sample_engine_when_open (muster_victoria_spool_get_engine (spool)),
                      error))
        return FALSE;
      add_spool (self, spool);
      self->next_number = number + 1;
    }
  return TRUE;
}

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
      !open_spools (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  self->answers = muster_victoria_answers_new (self->config, self->path);
  self->forwarder =
    muster_victoria_forwarder_new (self->config, self->ledger, self->clock, &forwarder_funcs, self);
  for (guint i = 0; i < self->spools->len; i++)
    muster_victoria_forwarder_push (self->forwarder, self->spools->pdata[i]);
  open_current (self);
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
  if (self->current != NULL && self->current->n_pending == 0)
    g_clear_pointer (&self->current, current_free);
  else if (self->current != NULL)
    g_steal_pointer (&self->current)->is_closed = TRUE;
  g_ptr_array_set_size (self->spools, 0);
  g_clear_pointer (&self->ledger, muster_victoria_ledger_close);
  g_clear_pointer (&self->local, muster_sample_engine_free);
  return NULL;
}

static void
muster_victoria_sample_store_finalize (GObject *object)
{
  MusterVictoriaSampleStore *self = MUSTER_VICTORIA_SAMPLE_STORE (object);

  g_ptr_array_unref (self->spools);
  g_clear_pointer (&self->intake, muster_sample_intake_free);
  g_clear_pointer (&self->config, muster_victoria_config_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->lock);
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
  g_mutex_init (&self->lock);
  self->cancellable = g_cancellable_new ();
  self->spools = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_victoria_spool_unref);
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
  self->clock = g_object_ref (clock);
  self->intake = muster_sample_intake_new (clock);
  self->config = config;
  self->most_bytes = most_bytes;
  return self;
}
