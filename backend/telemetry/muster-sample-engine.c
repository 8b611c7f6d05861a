/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-engine"

#include "config.h"

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-rollup-file.h"
#include "muster-sample-engine.h"
#include "muster-sample-journal.h"
#include "muster-sample-sealer.h"
#include "muster-sample-upgrade.h"

/* How long the first message of a transaction waits for company, and how much company is enough. */
#define GATHER_USEC 8000
#define GATHER_SAMPLES 20000
/* Packed bytes of the journal, from where the oldest samples are sealed though their heads are
 * short: it is read again at the next start. */
#define JOURNAL_MOST (64 * 1024 * 1024)
/* At the end a journal greater than this is sealed, so that the next start is quick. */
#define JOURNAL_LEFT (256 * 1024)
/* Entries that come in before what was asked for is asked for again, if nothing came of it. */
#define SHORTEN_STEP 128
#define N_READERS 2

/* What another thread does with a file. */
typedef struct
{
  MusterSampleTable   *table;
  MusterSampleReadFunc func;
  gpointer             data;
  GDestroyNotify       destroy;
  DexPromise          *promise; /* (owned) */
} Call;

typedef enum
{
  ITEM_BATCH,
  ITEM_CHUNK,
  ITEM_FORGET,
  ITEM_FLUSH,
  ITEM_CALL,
  ITEM_TRIM,
  ITEM_QUIT,
} ItemKind;

typedef struct
{
  ItemKind           kind;
  DexPromise        *promise; /* (owned) (nullable) */
  MusterSampleBatch *batch;   /* (owned) (nullable) */
  MusterSampleChunk *chunk;   /* (owned) (nullable) */
  GBytes            *packed;  /* (owned) (nullable) */
  char              *device_id;
  gint64             sequence;
  Call              *call; /* (owned) (nullable) */
} Item;

struct _MusterSampleEngine
{
  int                  journal_most; /* atomic: bytes */
  gatomicrefcount      count;
  char                *path;
  MusterSampleTable   *table;
  MusterSampleJournal *journal; /* of the writer */
  MusterSampleSealer  *sealer;  /* (nullable) once open */
  gint64       shorten_next;    /* the journal's entry from which on it may be shortened again */
  GAsyncQueue *queue;           /* (element-type Item) */
  DexPromise  *opened;
  GThread     *writer;
  GThreadPool *readers;
  GAsyncQueue *files; /* (element-type MusterSampleFile) that nobody reads from now */
};

static void
call_free (Call *call)
{
  if (call->destroy != NULL)
    call->destroy (call->data);
  dex_clear (&call->promise);
  g_free (call);
}

static void
item_free (gpointer data)
{
  Item *item = data;

  g_clear_pointer (&item->call, call_free);
  g_clear_object (&item->batch);
  g_clear_pointer (&item->chunk, muster_sample_chunk_free);
  g_clear_pointer (&item->packed, g_bytes_unref);
  dex_clear (&item->promise);
  g_free (item->device_id);
  g_free (item);
}

static void
settle (DexPromise *promise, const GError *error)
{
  if (promise == NULL)
    return;
  if (error != NULL)
    muster_promise_reject_on_main (promise, g_error_copy (error));
  else
    muster_promise_resolve_on_main (promise, NULL);
}

static void
call_run (MusterSampleFile *file, gpointer data)
{
  Call *call = data;
  g_auto (GValue) result = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (call->func (call->table, file, call->data, &result, &error))
    muster_promise_resolve_on_main (call->promise, G_IS_VALUE (&result) ? &result : NULL);
  else
    settle (call->promise, error);
  call_free (call);
}

static DexFuture *
call_new (MusterSampleEngine  *self,
          MusterSampleReadFunc func,
          gpointer             data,
          GDestroyNotify       destroy,
          Call               **call)
{
  *call = g_new (Call, 1);
  **call = (Call){ self->table, func, data, destroy, dex_promise_new () };
  return dex_ref (DEX_FUTURE ((*call)->promise));
}

/* --- the writer --- */

static unsigned
count_samples (const Item *item)
{
  unsigned n = 0;

  if (item->batch != NULL)
    muster_sample_batch_get (item->batch, &n);
  else if (item->chunk != NULL)
    n = muster_sample_chunk_count (item->chunk);
  return n;
}

static gboolean
is_samples (const Item *item)
{
  return item->kind == ITEM_BATCH || item->kind == ITEM_CHUNK;
}

/* Takes further messages for the transaction that FIRST opens; what is none ends it and is handed
 * back. */
static Item *
gather (MusterSampleEngine *self, Item *first, GPtrArray *items)
{
  gint64   end = g_get_monotonic_time () + GATHER_USEC;
  unsigned n_samples = count_samples (first);

  g_ptr_array_add (items, first);
  while (n_samples < GATHER_SAMPLES)
    {
      gint64 left = end - g_get_monotonic_time ();
      Item  *next = left > 0 ? g_async_queue_timeout_pop (self->queue, left)
                             : g_async_queue_try_pop (self->queue);

      if (next == NULL || !is_samples (next))
        return next;
      n_samples += count_samples (next);
      g_ptr_array_add (items, next);
    }
  return NULL;
}

/* Messages become chunks, as many in a row as there are: (element-type Item), each with a chunk. */
static GPtrArray *
make_entries (GPtrArray *items)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (item_free);
  Item      *open = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      Item *item = items->pdata[i];

      if (item->kind == ITEM_CHUNK)
        {
          Item *entry = g_new0 (Item, 1);

          entry->chunk = g_steal_pointer (&item->chunk);
          entry->packed = g_steal_pointer (&item->packed);
          g_ptr_array_add (entries, entry);
          open = NULL;
          continue;
        }
      if (open == NULL)
        {
          open = g_new0 (Item, 1);
          open->chunk = muster_sample_chunk_new ();
          g_ptr_array_add (entries, open);
        }
      muster_sample_chunk_add_batch (open->chunk, item->batch);
      if (open->chunk->metrics->len > MUSTER_SAMPLE_CHUNK_MAX_METRICS / 2)
        open = NULL;
    }
  return entries;
}

static gboolean
write_entries (MusterSampleEngine *self, GPtrArray *entries, GError **error)
{
  if (!muster_sample_journal_begin (self->journal, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      Item         *entry = entries->pdata[i];
      gconstpointer bytes;
      gsize         length;

      if (entry->packed == NULL)
        entry->packed = muster_sample_chunk_pack (entry->chunk);
      bytes = g_bytes_get_data (entry->packed, &length);
      if (!muster_sample_journal_append (self->journal, MUSTER_SAMPLE_ENTRY_CHUNK, bytes, length,
                                         &entry->sequence, error))
        {
          muster_sample_journal_rollback (self->journal);
          return FALSE;
        }
    }
  return muster_sample_journal_commit (self->journal, error);
}

static void
apply_entries (MusterSampleEngine *self, GPtrArray *entries)
{
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();

  g_rw_lock_writer_lock (&self->table->lock);
  for (guint i = 0; i < entries->len; i++)
    {
      Item *entry = entries->pdata[i];

      muster_sample_table_apply (self->table, entry->chunk, entry->sequence, ready);
    }
  g_rw_lock_writer_unlock (&self->table->lock);
  muster_sample_sealer_push (self->sealer, ready);
}

/* The older half of the journal's samples is sealed when it has grown too long. */
static void
keep_journal_short (MusterSampleEngine *self)
{
  gint64 oldest, middle;

  if (muster_sample_journal_get_size (self->journal) < g_atomic_int_get (&self->journal_most))
    return;
  g_rw_lock_reader_lock (&self->table->lock);
  oldest = muster_sample_table_get_oldest_sequence (self->table);
  middle = oldest + (self->table->last_sequence - oldest) / 2 + 1;
  g_rw_lock_reader_unlock (&self->table->lock);
  if (middle < self->shorten_next)
    return;
  self->shorten_next = middle + SHORTEN_STEP;
  muster_sample_sealer_flush (self->sealer, middle, NULL);
}

/* All or nothing: every message of a failed transaction is rejected, and its sender decides. */
static Item *
do_samples (MusterSampleEngine *self, Item *first)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  Item *next = gather (self, first, items);
  g_autoptr (GPtrArray) entries = make_entries (items);
  g_autoptr (GError) error = NULL;

  if (write_entries (self, entries, &error))
    apply_entries (self, entries);
  for (guint i = 0; i < items->len; i++)
    settle (((Item *)items->pdata[i])->promise, error);
  /* Devices that seldom send fill no block, and yet the journal. */
  keep_journal_short (self);
  muster_sample_sealer_wait_for_room (self->sealer);
  return next;
}

static void
do_forget (MusterSampleEngine *self, Item *item)
{
  g_autoptr (GError) error = NULL;
  gint64  sequence;
  guint32 number = 0;

  if (muster_sample_journal_begin (self->journal, &error) &&
      muster_sample_journal_append (self->journal, MUSTER_SAMPLE_ENTRY_FORGET, item->device_id,
                                    strlen (item->device_id), &sequence, &error) &&
      muster_sample_journal_commit (self->journal, &error))
    {
      g_rw_lock_writer_lock (&self->table->lock);
      number = muster_sample_table_forget (self->table, item->device_id, sequence);
      g_rw_lock_writer_unlock (&self->table->lock);
      if (number != 0)
        muster_sample_sealer_forget (self->sealer, number);
    }
  else
    muster_sample_journal_rollback (self->journal);
  settle (item->promise, error);
}

static void
do_trim (MusterSampleEngine *self, Item *item)
{
  g_autoptr (GError) error = NULL;

  if (!muster_sample_journal_trim (self->journal, item->sequence, &error))
    g_warning ("the journal of samples keeps what it needs no more: %s", error->message);
  self->shorten_next = 0;
  keep_journal_short (self);
}

static void
trim_cb (gint64 sequence, gpointer user_data)
{
  MusterSampleEngine *self = user_data;
  Item               *item = g_new0 (Item, 1);

  item->kind = ITEM_TRIM;
  item->sequence = sequence;
  g_async_queue_push (self->queue, item);
}

static void
damage_cb (const MusterSampleFileBlock *block, gpointer user_data)
{
  muster_sample_sealer_check (((MusterSampleEngine *)user_data)->sealer, block);
}

/* Whether readers may tell the sealer of damaged blocks. */
static void
set_hears_damage (MusterSampleEngine *self, gboolean hears)
{
  g_rw_lock_writer_lock (&self->table->lock);
  self->table->on_damage = hears ? damage_cb : NULL;
  self->table->damage_data = self;
  g_rw_lock_writer_unlock (&self->table->lock);
}

/* --- opening --- */

typedef struct
{
  MusterSampleEngine *engine;
  GPtrArray          *ready;
  GArray             *gone; /* (element-type guint32) */
} Replay;

static gboolean
replay_entry (gint64                sequence,
              MusterSampleEntryKind kind,
              gconstpointer         data,
              gsize                 length,
              gpointer              user_data,
              GError              **error)
{
  Replay            *replay = user_data;
  MusterSampleTable *table = replay->engine->table;
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterSampleChunk) chunk = NULL;

  if (kind == MUSTER_SAMPLE_ENTRY_FORGET)
    {
      g_autofree char *id = g_strndup (data, length);
      guint32          number = muster_sample_table_forget (table, id, sequence);

      if (number != 0)
        g_array_append_val (replay->gone, number);
      return TRUE;
    }
  chunk = muster_sample_chunk_unpack (data, length, &cause);
  if (chunk != NULL)
    muster_sample_table_apply (table, chunk, sequence, replay->ready);
  else
    g_warning ("%s: it is left out", cause->message);
  return TRUE;
}

static gboolean
open_journal (MusterSampleEngine *self, MusterSampleFile *file, Replay *replay, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, "-journal.db", NULL);
  gint64           store_id;

  if (!muster_sample_file_get_store_id (file, &store_id, error))
    return FALSE;
  self->journal = muster_sample_journal_open (path, store_id, error);
  return self->journal != NULL &&
         muster_sample_journal_replay (self->journal, replay_entry, replay, error);
}

static gboolean
open_all (MusterSampleEngine *self, GError **error)
{
  g_autoptr (MusterSampleFile) file = NULL;
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  Replay   replay = { self, ready, gone };
  unsigned n_metrics;
  gboolean is_good;

  if (!muster_sample_upgrade (self->path, error))
    return FALSE;
  file = muster_sample_file_open (self->path, MUSTER_CONNECTION_WRITE, error);
  if (file == NULL || !muster_rollup_file_prepare (file, error) ||
      !muster_rollup_file_has_cuts (file, &self->table->has_cuts, error))
    return FALSE;
  g_rw_lock_writer_lock (&self->table->lock);
  is_good = muster_sample_file_load (file, self->table, error);
  n_metrics = self->table->metrics->len;
  is_good = is_good && open_journal (self, file, &replay, error);
  g_rw_lock_writer_unlock (&self->table->lock);
  if (!is_good)
    return FALSE;
  self->sealer =
    muster_sample_sealer_new (self->table, g_steal_pointer (&file), n_metrics, trim_cb, self);
  set_hears_damage (self, TRUE);
  for (guint i = 0; i < gone->len; i++)
    muster_sample_sealer_forget (self->sealer, g_array_index (gone, guint32, i));
  muster_sample_sealer_push (self->sealer, ready);
  return TRUE;
}

static void
close_all (MusterSampleEngine *self)
{
  if (self->sealer != NULL && self->journal != NULL &&
      muster_sample_journal_get_size (self->journal) > JOURNAL_LEFT)
    muster_sample_sealer_flush (self->sealer, G_MAXINT64, NULL);
  set_hears_damage (self, FALSE);
  g_clear_pointer (&self->sealer, muster_sample_sealer_free);
  for (Item *item; (item = g_async_queue_try_pop (self->queue)) != NULL; item_free (item))
    if (item->kind == ITEM_TRIM && self->journal != NULL)
      muster_sample_journal_trim (self->journal, item->sequence, NULL);
  g_clear_pointer (&self->journal, muster_sample_journal_close);
}

static Item *
do_item (MusterSampleEngine *self, Item *item)
{
  if (is_samples (item))
    return do_samples (self, item);
  if (item->kind == ITEM_FORGET)
    do_forget (self, item);
  else if (item->kind == ITEM_TRIM)
    do_trim (self, item);
  else if (item->kind == ITEM_FLUSH)
    muster_sample_sealer_flush (self->sealer, G_MAXINT64, item->promise);
  else if (item->kind == ITEM_CALL)
    muster_sample_sealer_call (self->sealer, call_run, g_steal_pointer (&item->call));
  item_free (item);
  return NULL;
}

static gpointer
muster_sample_engine_thread (gpointer data)
{
  MusterSampleEngine *self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_open = open_all (self, &error);
  gboolean running = TRUE;
  Item    *next = NULL;

  settle (self->opened, error);
  while (running)
    {
      Item *item = next != NULL ? g_steal_pointer (&next) : g_async_queue_pop (self->queue);

      running = item->kind != ITEM_QUIT;
      if (is_open && running)
        next = do_item (self, item);
      else
        {
          settle (item->promise, error);
          item_free (item);
        }
    }
  close_all (self);
  return NULL;
}

/* --- readers --- */

MusterSampleFile *
muster_sample_engine_borrow_file (MusterSampleEngine *self, GError **error)
{
  MusterSampleFile *file = g_async_queue_try_pop (self->files);

  return file != NULL ? file : muster_sample_file_open (self->path, MUSTER_CONNECTION_READ, error);
}

void
muster_sample_engine_return_file (MusterSampleEngine *self, MusterSampleFile *file)
{
  g_async_queue_push (self->files, file);
}

static void
do_read (gpointer data, gpointer user_data)
{
  MusterSampleEngine *self = user_data;
  Call               *call = data;
  g_autoptr (GError) error = NULL;
  MusterSampleFile *file = muster_sample_engine_borrow_file (self, &error);

  if (file == NULL)
    {
      settle (call->promise, error);
      call_free (call);
      return;
    }
  call_run (file, call);
  muster_sample_engine_return_file (self, file);
}

DexFuture *
muster_sample_engine_read (MusterSampleEngine  *self,
                           MusterSampleReadFunc func,
                           gpointer             data,
                           GDestroyNotify       destroy)
{
  Call      *call;
  DexFuture *future = call_new (self, func, data, destroy, &call);

  g_thread_pool_push (self->readers, call, NULL);
  return future;
}

/* --- life --- */

MusterSampleEngine *
muster_sample_engine_new (const char *path)
{
  MusterSampleEngine *self = g_new0 (MusterSampleEngine, 1);

  g_return_val_if_fail (path != NULL, NULL);

  g_atomic_ref_count_init (&self->count);
  self->path = g_strdup (path);
  self->journal_most = JOURNAL_MOST;
  self->table = muster_sample_table_new ();
  self->queue = g_async_queue_new_full (item_free);
  self->files = g_async_queue_new_full ((GDestroyNotify)muster_sample_file_close);
  self->opened = dex_promise_new ();
  self->readers = g_thread_pool_new (do_read, self, N_READERS, FALSE, NULL);
  self->writer = g_thread_new ("samples-write", muster_sample_engine_thread, self);
  return self;
}

static DexFuture *
push (MusterSampleEngine *self, Item values)
{
  Item      *item = g_memdup2 (&values, sizeof values);
  DexFuture *future;

  item->promise = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (item->promise));
  g_async_queue_push (self->queue, item);
  return future;
}

void
muster_sample_engine_free (MusterSampleEngine *self)
{
  if (self == NULL)
    return;
  /* The readers first: the last connection that is closed brings the log home, and has to be one
   * that writes. */
  g_thread_pool_free (self->readers, FALSE, TRUE);
  for (MusterSampleFile *file; (file = g_async_queue_try_pop (self->files)) != NULL;)
    muster_sample_file_close (file);
  dex_unref (push (self, (Item){ .kind = ITEM_QUIT }));
  g_thread_join (self->writer);
  muster_sample_engine_unref (self);
}

MusterSampleEngine *
muster_sample_engine_ref (MusterSampleEngine *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
muster_sample_engine_unref (MusterSampleEngine *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_async_queue_unref (self->files);
  g_async_queue_unref (self->queue);
  muster_sample_table_free (self->table);
  dex_clear (&self->opened);
  g_free (self->path);
  g_free (self);
}

void
muster_sample_engine_set_journal_most (MusterSampleEngine *self, int bytes)
{
  g_atomic_int_set (&self->journal_most, bytes);
}

DexFuture *
muster_sample_engine_when_open (MusterSampleEngine *self)
{
  return dex_ref (DEX_FUTURE (self->opened));
}

DexFuture *
muster_sample_engine_append_batch (MusterSampleEngine *self, MusterSampleBatch *batch)
{
  return push (self, (Item){ .kind = ITEM_BATCH, .batch = g_object_ref (batch) });
}

DexFuture *
muster_sample_engine_append_chunk (MusterSampleEngine *self,
                                   MusterSampleChunk  *chunk,
                                   GBytes             *packed)
{
  return push (self, (Item){ .kind = ITEM_CHUNK, .chunk = chunk, .packed = packed });
}

DexFuture *
muster_sample_engine_forget (MusterSampleEngine *self, const char *device_id)
{
  return push (self, (Item){ .kind = ITEM_FORGET, .device_id = g_strdup (device_id) });
}

DexFuture *
muster_sample_engine_flush (MusterSampleEngine *self)
{
  return push (self, (Item){ .kind = ITEM_FLUSH });
}

DexFuture *
muster_sample_engine_write (MusterSampleEngine  *self,
                            MusterSampleReadFunc func,
                            gpointer             data,
                            GDestroyNotify       destroy)
{
  Item      *item = g_new0 (Item, 1);
  DexFuture *future = call_new (self, func, data, destroy, &item->call);

  item->kind = ITEM_CALL;
  item->promise = dex_ref (item->call->promise);
  g_async_queue_push (self->queue, item);
  return future;
}

MusterSampleTable *
muster_sample_engine_get_table (MusterSampleEngine *self)
{
  return self->table;
}
