/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-sealer"

#include "config.h"

#include "core/muster-promise.h"
#include "muster-rollup-file.h"
#include "muster-sample-compact.h"
#include "muster-sample-sealer.h"

/* Devices of one transaction. */
#define SEAL_AT_ONCE 64
/* Cells in memory: where the longest heads are sealed early, and where writing waits. */
#define SOFT_CELLS 5000000
#define HARD_CELLS 9000000
/* After a failure (no space left): until the next try. */
#define RETRY_USEC G_USEC_PER_SEC

typedef enum
{
  TASK_SEAL,
  TASK_FORGET,
  TASK_FLUSH,
  TASK_CALL,
  TASK_CHECK,
  TASK_QUIT,
} TaskKind;

typedef struct
{
  TaskKind               kind;
  MusterSampleDevice    *device;
  guint32                number;
  gint64                 sequence;
  DexPromise            *promise; /* (owned) (nullable) */
  MusterSampleSealerFunc call;
  gpointer               data;
  MusterSampleFileBlock  block; /* without the directory */
} Task;

struct _MusterSampleSealer
{
  MusterSampleTable   *table;
  MusterSampleFile    *file;
  MusterSampleTrimFunc trim;
  gpointer             user_data;
  GAsyncQueue         *tasks; /* (element-type Task) */
  GThread             *thread;
  guint                n_metrics; /* that the file has */
  gint64               trimmed;   /* up to where the journal was said to be needed no more */
  GMutex               lock;
  GCond                has_room;
};

/* One device on its way into a block. */
typedef struct
{
  MusterSampleDevice *device;
  MusterSampleDevice  next;   /* what will be told of it */
  GByteArray         *latest; /* (owned) */
} Seal;

static void
seal_clear (gpointer data)
{
  g_byte_array_unref (((Seal *)data)->latest);
}

/* --- one transaction --- */

/* Under the lock. */
static void
begin_seal (MusterSampleSealer *self, MusterSampleDevice *device, GArray *seals)
{
  Seal seal = { .device = device };

  if (!muster_sample_table_begin_seal (self->table, device))
    return;
  seal.next = *device;
  seal.next.sealed_sequence = self->table->last_sequence;
  seal.latest = g_byte_array_new ();
  muster_sample_device_write_latest (device, seal.latest);
  g_array_append_val (seals, seal);
}

static gboolean
put_metrics (MusterSampleSealer *self, GPtrArray *names, GError **error)
{
  for (guint i = 0; i < names->len; i++)
    if (!muster_sample_file_put_metric (self->file, self->n_metrics + i, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* What is late goes into the blocks that are there, so that they do not overlap. */
static gboolean
add_blocks (MusterSampleSealer *self, Seal *seal, GError **error)
{
  const MusterSampleRows *rows = seal->device->sealing;
  MusterSampleWritten     written = { .device = seal->device->number,
                                      .max_span = seal->next.max_span,
                                      .sealed_until = seal->next.sealed_until };
  unsigned                n_late = muster_sample_rows_find (rows, written.sealed_until + 1);

  if (!muster_rollup_file_mark (self->file, seal->device->number, rows->times[0],
                                rows->times[rows->n_rows - 1], error))
    return FALSE;
  if (n_late > 0 && !muster_sample_compact_write_late (self->file, rows, n_late, &written, error))
    return FALSE;
  if (n_late < rows->n_rows &&
      !muster_sample_compact_write_next (self->file, rows, n_late, &written, error))
    return FALSE;
  seal->next.n_sealed += written.n_samples;
  seal->next.max_span = written.max_span;
  seal->next.sealed_until = written.sealed_until;
  return TRUE;
}

static gboolean
write_seals (MusterSampleSealer *self, GArray *seals, GPtrArray *names, GError **error)
{
  if (!muster_sample_file_begin (self->file, error))
    return FALSE;
  if (!put_metrics (self, names, error))
    return FALSE;
  for (guint i = 0; i < seals->len; i++)
    {
      Seal *seal = &g_array_index (seals, Seal, i);

      if (!add_blocks (self, seal, error) ||
          !muster_sample_file_put_device (self->file, &seal->next, seal->latest, error))
        return FALSE;
    }
  return muster_sample_file_commit (self->file, error);
}

static void
end_seals (MusterSampleSealer *self, GArray *seals)
{
  for (guint i = 0; i < seals->len; i++)
    {
      Seal               *seal = &g_array_index (seals, Seal, i);
      MusterSampleDevice *device = seal->device;

      device->sealed_sequence = seal->next.sealed_sequence;
      device->sealed_until = seal->next.sealed_until;
      device->max_span = seal->next.max_span;
      device->n_sealed = seal->next.n_sealed;
      muster_sample_table_end_seal (self->table, device);
    }
}

/* Names that the file does not have yet, under the lock. They stay where they are. */
static GPtrArray *
list_new_names (MusterSampleSealer *self)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = self->n_metrics; i < self->table->metrics->len; i++)
    g_ptr_array_add (names, self->table->metrics->pdata[i]);
  return names;
}

static gboolean
seal_devices (MusterSampleSealer *self, GPtrArray *devices, GError **error)
{
  g_autoptr (GArray) seals = g_array_new (FALSE, FALSE, sizeof (Seal));
  g_autoptr (GPtrArray) names = NULL;
  gboolean is_good = TRUE;

  g_array_set_clear_func (seals, seal_clear);
  g_rw_lock_writer_lock (&self->table->lock);
  for (guint i = 0; i < devices->len; i++)
    begin_seal (self, devices->pdata[i], seals);
  names = list_new_names (self);
  g_rw_lock_writer_unlock (&self->table->lock);
  if (seals->len == 0)
    return TRUE;
  is_good = write_seals (self, seals, names, error);
  if (!is_good)
    muster_sample_file_rollback (self->file);
  g_rw_lock_writer_lock (&self->table->lock);
  if (is_good)
    end_seals (self, seals);
  else
    for (guint i = 0; i < seals->len; i++)
      muster_sample_table_cancel_seal (self->table, g_array_index (seals, Seal, i).device);
  g_rw_lock_writer_unlock (&self->table->lock);
  if (is_good)
    self->n_metrics += names->len;
  return is_good;
}

/* What fails stays in memory and in the journal, and is tried again when its head has grown, or the
 * journal too long. */
static void
seal_or_wait (MusterSampleSealer *self, GPtrArray *devices)
{
  g_autoptr (GError) error = NULL;

  if (seal_devices (self, devices, &error))
    return;
  g_warning ("samples stay in the journal: %s", error->message);
  g_usleep (RETRY_USEC);
}

static void
tell_room (MusterSampleSealer *self)
{
  gint64 oldest;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->has_room);
  g_mutex_unlock (&self->lock);
  g_rw_lock_reader_lock (&self->table->lock);
  oldest = muster_sample_table_get_oldest_sequence (self->table);
  g_rw_lock_reader_unlock (&self->table->lock);
  if (oldest <= self->trimmed)
    return;
  self->trimmed = oldest;
  self->trim (oldest, self->user_data);
}

/* --- tasks --- */

static void
task_free (gpointer data)
{
  Task *task = data;

  dex_clear (&task->promise);
  g_free (task);
}

/* FIRST's device, and others that wait behind it; what is no sealing is handed back. */
static Task *
seal_waiting (MusterSampleSealer *self, Task *first)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  Task *task = first;

  while (task != NULL && task->kind == TASK_SEAL && devices->len < SEAL_AT_ONCE)
    {
      g_ptr_array_add (devices, task->device);
      task_free (task);
      task = g_async_queue_try_pop (self->tasks);
    }
  seal_or_wait (self, devices);
  tell_room (self);
  if (task == NULL)
    muster_sample_file_bring_home (self->file);
  return task;
}

/* (element-type MusterSampleDevice): heads with something from before SEQUENCE, or all of them. */
static GPtrArray *
list_heads (MusterSampleSealer *self, gint64 sequence)
{
  GPtrArray *devices = g_ptr_array_new ();

  g_rw_lock_reader_lock (&self->table->lock);
  for (guint i = 1; i < self->table->devices->len; i++)
    {
      MusterSampleDevice *device = self->table->devices->pdata[i];

      if (device != NULL && device->head->n_rows > 0 && device->head_sequence < sequence)
        g_ptr_array_add (devices, device);
    }
  g_rw_lock_reader_unlock (&self->table->lock);
  return devices;
}

static gboolean
flush (MusterSampleSealer *self, gint64 sequence, GError **error)
{
  g_autoptr (GPtrArray) devices = list_heads (self, sequence);

  for (guint from = 0; from < devices->len; from += SEAL_AT_ONCE)
    {
      g_autoptr (GPtrArray) some = g_ptr_array_new ();

      for (guint i = from; i < MIN (devices->len, from + SEAL_AT_ONCE); i++)
        g_ptr_array_add (some, devices->pdata[i]);
      if (!seal_devices (self, some, error))
        return FALSE;
    }
  tell_room (self);
  muster_sample_file_bring_home (self->file);
  return TRUE;
}

static void
do_flush (MusterSampleSealer *self, Task *task)
{
  g_autoptr (GError) error = NULL;

  if (flush (self, task->sequence, &error))
    {
      if (task->promise != NULL)
        muster_promise_resolve_on_main (task->promise, NULL);
    }
  else if (task->promise != NULL)
    muster_promise_reject_on_main (task->promise, g_steal_pointer (&error));
  else
    g_warning ("samples stay in the journal: %s", error->message);
}

static void
do_forget (MusterSampleSealer *self, guint32 number)
{
  g_autoptr (GError) error = NULL;

  if (!muster_sample_file_begin (self->file, &error) ||
      !muster_sample_file_forget (self->file, number, &error) ||
      !muster_rollup_file_forget (self->file, number, &error) ||
      !muster_sample_file_commit (self->file, &error))
    {
      muster_sample_file_rollback (self->file);
      g_warning ("samples of a device that is gone stay: %s", error->message);
    }
}

static void
do_check (MusterSampleSealer *self, const MusterSampleFileBlock *block)
{
  g_autoptr (GError) error = NULL;

  if (!muster_sample_file_begin (self->file, &error) ||
      !muster_sample_compact_check (self->file, block, &error) ||
      !muster_sample_file_commit (self->file, &error))
    {
      muster_sample_file_rollback (self->file);
      g_warning ("a damaged block of samples stays where it is: %s", error->message);
    }
}

static gpointer
muster_sample_sealer_thread (gpointer data)
{
  MusterSampleSealer *self = data;
  Task               *next = NULL;
  gboolean            running = TRUE;

  while (running)
    {
      Task *task = next != NULL ? g_steal_pointer (&next) : g_async_queue_pop (self->tasks);

      if (task->kind == TASK_SEAL)
        {
          next = seal_waiting (self, task);
          continue;
        }
      running = task->kind != TASK_QUIT;
      if (task->kind == TASK_FORGET)
        do_forget (self, task->number);
      else if (task->kind == TASK_FLUSH)
        do_flush (self, task);
      else if (task->kind == TASK_CALL)
        task->call (self->file, task->data);
      else if (task->kind == TASK_CHECK)
        do_check (self, &task->block);
      task_free (task);
    }
  return NULL;
}

static void
push (MusterSampleSealer *self, Task values)
{
  g_async_queue_push (self->tasks, g_memdup2 (&values, sizeof values));
}

MusterSampleSealer *
muster_sample_sealer_new (MusterSampleTable   *table,
                          MusterSampleFile    *file,
                          unsigned             n_metrics,
                          MusterSampleTrimFunc trim,
                          gpointer             user_data)
{
  MusterSampleSealer *self = g_new0 (MusterSampleSealer, 1);

  self->table = table;
  self->file = file;
  self->trim = trim;
  self->user_data = user_data;
  self->n_metrics = n_metrics;
  self->tasks = g_async_queue_new_full (task_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->has_room);
  self->thread = g_thread_new ("samples-seal", muster_sample_sealer_thread, self);
  return self;
}

void
muster_sample_sealer_free (MusterSampleSealer *self)
{
  if (self == NULL)
    return;
  push (self, (Task){ .kind = TASK_QUIT });
  g_thread_join (self->thread);
  g_async_queue_unref (self->tasks);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->has_room);
  muster_sample_file_shrink (self->file);
  muster_sample_file_close (self->file);
  g_free (self);
}

void
muster_sample_sealer_push (MusterSampleSealer *self, GPtrArray *devices)
{
  for (guint i = 0; i < devices->len; i++)
    push (self, (Task){ .kind = TASK_SEAL, .device = devices->pdata[i] });
}

void
muster_sample_sealer_forget (MusterSampleSealer *self, guint32 device)
{
  push (self, (Task){ .kind = TASK_FORGET, .number = device });
}

void
muster_sample_sealer_check (MusterSampleSealer *self, const MusterSampleFileBlock *block)
{
  Task task = { .kind = TASK_CHECK, .block = *block };

  task.block.directory = NULL;
  push (self, task);
}

void
muster_sample_sealer_flush (MusterSampleSealer *self, gint64 sequence, DexPromise *promise)
{
  push (self, (Task){ .kind = TASK_FLUSH,
                      .sequence = sequence,
                      .promise = promise != NULL ? dex_ref (promise) : NULL });
}

void
muster_sample_sealer_call (MusterSampleSealer *self, MusterSampleSealerFunc func, gpointer data)
{
  push (self, (Task){ .kind = TASK_CALL, .call = func, .data = data });
}

static gsize
count_cells (MusterSampleSealer *self)
{
  gsize n_cells;

  g_rw_lock_reader_lock (&self->table->lock);
  n_cells = self->table->n_cells;
  g_rw_lock_reader_unlock (&self->table->lock);
  return n_cells;
}

void
muster_sample_sealer_wait_for_room (MusterSampleSealer *self)
{
  gsize n_cells = count_cells (self);

  if (n_cells > SOFT_CELLS && g_async_queue_length (self->tasks) <= 0)
    muster_sample_sealer_flush (self, G_MAXINT64, NULL);
  g_mutex_lock (&self->lock);
  while (n_cells > HARD_CELLS)
    {
      g_cond_wait_until (&self->has_room, &self->lock, g_get_monotonic_time () + RETRY_USEC);
      n_cells = count_cells (self);
    }
  g_mutex_unlock (&self->lock);
}
