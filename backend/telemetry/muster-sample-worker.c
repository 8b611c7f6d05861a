/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-worker"

#include "config.h"

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-sample-worker.h"

/* How long the first batch of a transaction waits for company, and how much company is enough. */
#define GATHER_USEC 8000
#define GATHER_MOST 2000

typedef enum
{
  ITEM_BATCH,
  ITEM_JOB,
  ITEM_QUIT,
} ItemKind;

typedef struct
{
  ItemKind           kind;
  DexPromise        *promise; /* (owned) (nullable) */
  MusterSampleBatch *batch;   /* (owned) (nullable) */
  MusterSampleJob    job;
  gpointer           data;
  GDestroyNotify     destroy;
} Item;

struct _MusterSampleWorker
{
  char                *path;
  MusterConnectionMode mode;
  GAsyncQueue         *queue;  /* (element-type Item) */
  DexPromise          *opened; /* (owned) */
  GThread             *thread;
};

static void
item_free (gpointer data)
{
  Item *item = data;

  if (item->destroy != NULL)
    item->destroy (item->data);
  g_clear_object (&item->batch);
  dex_clear (&item->promise);
  g_free (item);
}

static void
settle (Item *item, const GError *error)
{
  if (error != NULL)
    muster_promise_reject_on_main (item->promise, g_error_copy (error));
  else
    muster_promise_resolve_on_main (item->promise, NULL);
}

static void
do_job (MusterSampleFile *file, Item *item)
{
  g_auto (GValue) result = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (!item->job (file, item->data, &result, &error))
    settle (item, error);
  else if (!G_IS_VALUE (&result))
    settle (item, NULL);
  else
    muster_promise_resolve_on_main (item->promise, &result);
}

/* Takes further batches for the transaction that FIRST opens; what is no batch ends it and is
 * handed back. */
static Item *
gather (MusterSampleWorker *self, Item *first, GPtrArray *items)
{
  gint64 end = g_get_monotonic_time () + GATHER_USEC;

  g_ptr_array_add (items, first);
  while (items->len < GATHER_MOST)
    {
      gint64 left = end - g_get_monotonic_time ();
      Item  *next = left > 0 ? g_async_queue_timeout_pop (self->queue, left)
                             : g_async_queue_try_pop (self->queue);

      if (next == NULL)
        return NULL;
      if (next->kind != ITEM_BATCH)
        return next;
      g_ptr_array_add (items, next);
    }
  return NULL;
}

static gboolean
write_items (MusterSampleFile *file, GPtrArray *items, GError **error)
{
  if (!muster_sample_file_begin (file, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (!muster_sample_file_append (file, ((Item *)items->pdata[i])->batch, error))
      {
        muster_sample_file_rollback (file);
        return FALSE;
      }
  return muster_sample_file_commit (file, error);
}

/* All or nothing: every batch of a failed transaction is rejected, and its sender decides. */
static Item *
do_batches (MusterSampleWorker *self, MusterSampleFile *file, Item *first)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  g_autoptr (GError) error = NULL;
  Item *next = gather (self, first, items);

  write_items (file, items, &error);
  for (guint i = 0; i < items->len; i++)
    settle (items->pdata[i], error);
  return next;
}

static gpointer
muster_sample_worker_thread (gpointer data)
{
  MusterSampleWorker *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSampleFile) file = muster_sample_file_open (self->path, self->mode, &error);
  gboolean running = TRUE;
  Item    *next = NULL;

  if (file != NULL)
    muster_promise_resolve_on_main (self->opened, NULL);
  else
    muster_promise_reject_on_main (self->opened, g_error_copy (error));
  while (running)
    {
      Item *item = next != NULL ? g_steal_pointer (&next) : g_async_queue_pop (self->queue);

      running = item->kind != ITEM_QUIT;
      if (file != NULL && item->kind == ITEM_BATCH)
        {
          next = do_batches (self, file, item);
          continue;
        }
      if (file == NULL && item->promise != NULL)
        settle (item, error);
      else if (item->kind == ITEM_JOB)
        do_job (file, item);
      item_free (item);
    }
  return NULL;
}

MusterSampleWorker *
muster_sample_worker_new (const char *path, MusterConnectionMode mode, const char *thread_name)
{
  MusterSampleWorker *self = g_new0 (MusterSampleWorker, 1);

  g_return_val_if_fail (path != NULL && thread_name != NULL, NULL);

  self->path = g_strdup (path);
  self->mode = mode;
  self->queue = g_async_queue_new_full (item_free);
  self->opened = dex_promise_new ();
  self->thread = g_thread_new (thread_name, muster_sample_worker_thread, self);
  return self;
}

void
muster_sample_worker_free (MusterSampleWorker *self)
{
  Item *quit;

  if (self == NULL)
    return;
  quit = g_new0 (Item, 1);
  quit->kind = ITEM_QUIT;
  g_async_queue_push (self->queue, quit);
  g_thread_join (self->thread);
  g_async_queue_unref (self->queue);
  dex_clear (&self->opened);
  g_free (self->path);
  g_free (self);
}

DexFuture *
muster_sample_worker_when_open (MusterSampleWorker *self)
{
  dex_return_error_if_fail (self != NULL);

  return dex_ref (DEX_FUTURE (self->opened));
}

static DexFuture *
push (MusterSampleWorker *self, Item *item)
{
  DexFuture *future;

  item->promise = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (item->promise));
  g_async_queue_push (self->queue, item);
  return future;
}

DexFuture *
muster_sample_worker_run (MusterSampleWorker *self,
                          MusterSampleJob     job,
                          gpointer            data,
                          GDestroyNotify      destroy)
{
  Item *item;

  dex_return_error_if_fail (self != NULL && job != NULL);

  item = g_new0 (Item, 1);
  *item = (Item){ .kind = ITEM_JOB, .job = job, .data = data, .destroy = destroy };
  return push (self, item);
}

DexFuture *
muster_sample_worker_append (MusterSampleWorker *self, MusterSampleBatch *batch)
{
  Item *item;

  dex_return_error_if_fail (self != NULL && MUSTER_IS_SAMPLE_BATCH (batch));

  item = g_new0 (Item, 1);
  *item = (Item){ .kind = ITEM_BATCH, .batch = g_object_ref (batch) };
  return push (self, item);
}
