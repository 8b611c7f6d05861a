/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-database"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "muster-backup.h"
#include "muster-migrations.h"
#include "muster-database-private.h"
#include "muster-setting-record.h"

#define N_READERS 2

/* The main loop shall not wait longer than this for a large operation's entries to be published. */
#define PUMP_USEC 4000

struct _MusterDatabase
{
  MusterService parent_instance;

  MusterBus           *bus; /* (owned) (nullable) */
  MusterDatabaseShared shared;
  GThread             *writer;
  GThread             *readers[N_READERS];
  unsigned             n_readers;
  GThread             *past; /* (nullable): reads as of a moment */

  GMutex             lock;
  GQueue             finished; /* (element-type MusterDatabaseJob) (owned): under lock */
  MusterDatabaseJob *page;     /* (owned) (nullable): under lock */
  gboolean           pumping;  /* under lock: the main thread is on its way */

  DexPromise   *opening; /* (owned) (nullable): of the thread being started */
  GCancellable *backups; /* cancelled when stopping */
  gint64        sequence;
  int           trouble_code; /* the error code behind the trouble that the service shows, or -1 */
  guint         accepts : 1;  /* jobs */
  guint         awaits_page : 1; /* the first of `finished` waits for entries to publish */
};

G_DEFINE_FINAL_TYPE (MusterDatabase, muster_database, MUSTER_TYPE_SERVICE)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- what comes back from the threads --- */

static void
muster_database_note_outcome (MusterDatabase *self, MusterDatabaseJob *job)
{
  int code = job->error != NULL && job->error->domain == MUSTER_ERROR ? job->error->code : -1;

  if (code == MUSTER_ERROR_CORRUPT || code == MUSTER_ERROR_STORAGE_FULL)
    {
      self->trouble_code = code;
      muster_service_set_trouble (MUSTER_SERVICE (self), job->error->message);
    }
  else if (job->writes && job->error == NULL && self->trouble_code == MUSTER_ERROR_STORAGE_FULL)
    {
      self->trouble_code = -1;
      muster_service_set_trouble (MUSTER_SERVICE (self), NULL);
    }
}

static void
muster_database_publish (MusterDatabase *self, MusterDatabaseJob *job, MusterJournalEntry *entry)
{
  g_autoptr (MusterEvent) event = NULL;

  self->sequence = muster_journal_entry_get_sequence (entry);
  if (job->many != NULL)
    {
      muster_journal_many_add (job->many, entry);
      muster_journal_entry_set_of_many (entry);
    }
  if (self->bus == NULL || !muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_JOURNAL))
    return;
  event = muster_event_new (MUSTER_TOPIC_JOURNAL, muster_journal_entry_get_entity_id (entry), NULL,
                            self->sequence, G_OBJECT (entry), muster_journal_event_encode);
  muster_bus_publish (self->bus, event);
}

static void
muster_database_publish_many (MusterDatabase *self, MusterJournalMany *many)
{
  g_autoptr (MusterEvent) event = NULL;

  if (self->bus == NULL || !muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_JOURNAL_MANY))
    return;
  event = muster_journal_many_make_event (many);
  muster_bus_publish (self->bus, event);
}

/* The next of the entries that JOB did not keep. Nothing else is published meanwhile. */
static void
muster_database_fetch_page (MusterDatabase *self, MusterDatabaseJob *job)
{
  MusterDatabaseJob *page =
    muster_database_job_new (muster_journal_page_run,
                             g_memdup2 (&job->next_sequence, sizeof job->next_sequence), g_free);

  page->is_page = TRUE;
  page->owner = g_object_ref (self);
  self->awaits_page = TRUE;
  g_async_queue_push (self->shared.reads, page);
}

/* PAGE (taken) holds entries of JOB, and perhaps of later ones. */
static void
muster_database_take_page (MusterDatabase *self, MusterDatabaseJob *job, MusterDatabaseJob *page)
{
  GPtrArray *entries = G_IS_VALUE (&page->result) ? g_value_get_boxed (&page->result) : NULL;
  gint64     n_left = job->last_sequence - job->next_sequence + 1;

  self->awaits_page = FALSE;
  g_clear_pointer (&job->entries, g_ptr_array_unref);
  job->n_entries_published = 0;
  if (entries != NULL && entries->len > 0)
    {
      g_ptr_array_set_size (entries, MIN (entries->len, n_left));
      job->entries = g_ptr_array_ref (entries);
      job->next_sequence += entries->len;
    }
  else
    {
      g_warning ("entries of the journal from %" G_GINT64_FORMAT " on are not told: %s",
                 job->next_sequence, page->error != NULL ? page->error->message : "they are gone");
      job->next_sequence = job->last_sequence + 1;
    }
  muster_database_job_free (page);
}

/* Tells of JOB's entries until DEADLINE; TRUE when all are told. */
static gboolean
muster_database_tell_entries (MusterDatabase *self, MusterDatabaseJob *job, gint64 deadline)
{
  while (job->entries != NULL && job->n_entries_published < job->entries->len)
    {
      muster_database_publish (self, job, job->entries->pdata[job->n_entries_published++]);
      if (g_get_monotonic_time () > deadline)
        return FALSE;
    }
  if (job->next_sequence > 0 && job->next_sequence <= job->last_sequence && self->accepts)
    {
      if (!self->awaits_page)
        muster_database_fetch_page (self, job);
      return FALSE;
    }
  if (job->last_sequence > 0)
    self->sequence = job->last_sequence;
  if (job->many != NULL)
    muster_database_publish_many (self, job->many);
  return TRUE;
}

/* Tells of JOB's changes until DEADLINE; TRUE when all are told. */
static gboolean
muster_database_tell (MusterDatabase *self, MusterDatabaseJob *job, gint64 deadline)
{
  while (job->changes != NULL && job->n_changes_emitted < job->changes->len)
    {
      MusterRecordChange *change = job->changes->pdata[job->n_changes_emitted++];

      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, change->info, change->id);
      if (g_get_monotonic_time () > deadline)
        return FALSE;
    }
  return muster_database_tell_entries (self, job, deadline);
}

static void
muster_database_opened (MusterDatabase *self, MusterDatabaseJob *report)
{
  g_autoptr (DexPromise) opening = g_steal_pointer (&self->opening);

  g_assert (opening != NULL);
  if (report->writes && report->error == NULL)
    self->sequence = g_value_get_int64 (&report->result);
  if (report->error != NULL)
    dex_promise_reject (opening, g_steal_pointer (&report->error));
  else
    dex_promise_resolve_boolean (opening, TRUE);
}

static void
muster_database_finish (MusterDatabase *self, MusterDatabaseJob *job)
{
  muster_database_note_outcome (self, job);
  if (job->error != NULL)
    dex_promise_reject (job->promise, g_steal_pointer (&job->error));
  else if (G_IS_VALUE (&job->result))
    dex_promise_resolve (job->promise, &job->result);
  else
    dex_promise_resolve_boolean (job->promise, TRUE);
  muster_database_job_free (job);
}

static void
muster_database_pump (gpointer data)
{
  g_autoptr (MusterDatabase) self = data;
  gint64 deadline = g_get_monotonic_time () + PUMP_USEC;

  for (;;)
    {
      MusterDatabaseJob *job = NULL, *page = NULL;

      g_mutex_lock (&self->lock);
      job = g_queue_peek_head (&self->finished);
      page = g_steal_pointer (&self->page);
      self->pumping = job != NULL && (page != NULL || !self->awaits_page);
      g_mutex_unlock (&self->lock);
      if (page != NULL)
        muster_database_take_page (self, job, page);
      if (job == NULL || self->awaits_page)
        return;
      if (!muster_database_tell (self, job, deadline))
        {
          if (self->awaits_page)
            continue;
          break;
        }
      g_mutex_lock (&self->lock);
      g_queue_pop_head (&self->finished);
      g_mutex_unlock (&self->lock);
      if (job->func == NULL && job->data == NULL)
        {
          muster_database_opened (self, job);
          muster_database_job_free (job);
        }
      else
        muster_database_finish (self, job);
    }
  dex_scheduler_push (dex_scheduler_get_default (), muster_database_pump, g_steal_pointer (&self));
}

/* From any thread. */
static void
muster_database_complete (gpointer owner, MusterDatabaseJob *job)
{
  MusterDatabase *self = owner;
  gboolean        wake;

  g_mutex_lock (&self->lock);
  if (job->is_page)
    self->page = job;
  else
    g_queue_push_tail (&self->finished, job);
  wake = !self->pumping;
  self->pumping = TRUE;
  g_mutex_unlock (&self->lock);
  if (wake)
    dex_scheduler_push (dex_scheduler_get_default (), muster_database_pump, g_object_ref (self));
}

/* --- life cycle --- */

static DexFuture *
muster_database_open_thread (MusterDatabase *self,
                             GThread       **thread,
                             const char     *name,
                             GThreadFunc     func)
{
  self->opening = dex_promise_new ();
  *thread = g_thread_new (name, func, &self->shared);
  return dex_ref (DEX_FUTURE (self->opening));
}

/* What the writer left to be checked later, so that a large site too starts at once. */
static gboolean
check_pages (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  gint64 size;

  if (!muster_connection_get_size (transaction->connection, &size, error))
    return FALSE;
  return size <= MUSTER_DATABASE_CHECK_AT_START ||
         muster_connection_check (transaction->connection, FALSE, error);
}

static DexFuture *
muster_database_start_fiber (gpointer data)
{
  MusterDatabase *self = data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (muster_database_open_thread (self, &self->writer, "database-writer",
                                               muster_database_writer_thread),
                  &error))
    {
      g_thread_join (g_steal_pointer (&self->writer));
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  self->accepts = TRUE;
  while (self->n_readers < N_READERS)
    {
      if (!dex_await (muster_database_open_thread (self, &self->readers[self->n_readers],
                                                   "database-reader",
                                                   muster_database_reader_thread),
                      &error))
        {
          g_thread_join (g_steal_pointer (&self->readers[self->n_readers]));
          dex_await (MUSTER_SERVICE_GET_CLASS (self)->stop (MUSTER_SERVICE (self)), NULL);
          return dex_future_new_for_error (g_steal_pointer (&error));
        }
      self->n_readers++;
    }
  self->past = g_thread_new ("database-past", muster_database_past_thread, &self->shared);
  /* What it finds becomes the service's trouble. */
  dex_future_disown (muster_database_read (self, check_pages, NULL, NULL));
  return dex_future_new_true ();
}

static DexFuture *
muster_database_start (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, muster_database_start_fiber, g_object_ref (service),
                              g_object_unref);
}

/* A job without a function; its data tells it from the report of an opened thread. */
static DexFuture *
muster_database_end_thread (MusterDatabase *self, GAsyncQueue *queue)
{
  MusterDatabaseJob *job = muster_database_job_new (NULL, self, NULL);
  DexFuture         *future = dex_ref (DEX_FUTURE (job->promise));

  g_async_queue_push (queue, job);
  return future;
}

static DexFuture *
muster_database_stop_fiber (gpointer data)
{
  MusterDatabase *self = data;
  DexFuture      *ends[N_READERS] = { 0 };

  self->accepts = FALSE;
  g_cancellable_cancel (self->backups);
  for (unsigned i = 0; i < self->n_readers; i++)
    ends[i] = muster_database_end_thread (self, self->shared.reads);
  for (unsigned i = 0; i < self->n_readers; i++)
    dex_await (ends[i], NULL);
  for (unsigned i = 0; i < self->n_readers; i++)
    g_thread_join (g_steal_pointer (&self->readers[i]));
  self->n_readers = 0;
  if (self->past != NULL)
    {
      dex_await (muster_database_end_thread (self, self->shared.pasts), NULL);
      g_thread_join (g_steal_pointer (&self->past));
    }
  /* The writer goes last: closing the last connection folds the log into the file. */
  if (self->writer != NULL)
    {
      dex_await (muster_database_end_thread (self, self->shared.writes), NULL);
      g_thread_join (g_steal_pointer (&self->writer));
    }
  return dex_future_new_true ();
}

static DexFuture *
muster_database_stop (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, muster_database_stop_fiber, g_object_ref (service),
                              g_object_unref);
}

static void
muster_database_discard (gpointer owner, MusterDatabaseJob *job)
{
  muster_database_job_free (job);
}

static void
muster_database_finalize (GObject *object)
{
  MusterDatabase *self = MUSTER_DATABASE (object);

  /* Dropped without having been stopped: nothing is in flight, for every job holds a reference. */
  self->shared.complete = muster_database_discard;
  for (unsigned i = 0; i < self->n_readers; i++)
    g_async_queue_push (self->shared.reads, muster_database_job_new (NULL, self, NULL));
  for (unsigned i = 0; i < self->n_readers; i++)
    g_thread_join (self->readers[i]);
  if (self->past != NULL)
    {
      g_async_queue_push (self->shared.pasts, muster_database_job_new (NULL, self, NULL));
      g_thread_join (self->past);
    }
  if (self->writer != NULL)
    {
      g_async_queue_push (self->shared.writes, muster_database_job_new (NULL, self, NULL));
      g_thread_join (self->writer);
    }
  g_clear_object (&self->bus);
  g_clear_object (&self->backups);
  g_free (self->shared.path);
  sodium_memzero (self->shared.key, sizeof self->shared.key);
  g_clear_object (&self->shared.clock);
  g_clear_object (&self->shared.hlc);
  muster_schema_unref (self->shared.schema);
  g_async_queue_unref (self->shared.reads);
  g_async_queue_unref (self->shared.pasts);
  g_async_queue_unref (self->shared.writes);
  g_cond_clear (&self->shared.search_served_cond);
  g_mutex_clear (&self->shared.search_lock);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (muster_database_parent_class)->finalize (object);
}

static void
muster_database_class_init (MusterDatabaseClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_database_finalize;
  service_class->name = "database";
  service_class->start = muster_database_start;
  service_class->stop = muster_database_stop;
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", MUSTER_TYPE_DATABASE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
muster_database_init (MusterDatabase *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->finished);
  self->backups = g_cancellable_new ();
  self->trouble_code = -1;
  g_mutex_init (&self->shared.search_lock);
  g_cond_init (&self->shared.search_served_cond);
  self->shared.writes = g_async_queue_new ();
  self->shared.reads = g_async_queue_new ();
  self->shared.pasts = g_async_queue_new ();
  self->shared.schema = muster_schema_new ();
  self->shared.complete = muster_database_complete;
  self->shared.owner = self;
  self->shared.key_is_fresh = TRUE;
  muster_schema_add (self->shared.schema, &muster_setting_info);
}

MusterDatabase *
muster_database_new (const char *path, MusterClock *clock, MusterBus *bus)
{
  MusterDatabase *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (bus == NULL || MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_DATABASE, NULL);
  self->shared.path = g_strdup (path);
  self->shared.clock = g_object_ref (clock);
  self->shared.hlc = muster_hlc_new (clock);
  g_set_object (&self->bus, bus);
  return self;
}

/* --- jobs --- */

static DexFuture *
muster_database_submit (MusterDatabase *self, GAsyncQueue *queue, MusterDatabaseJob *job)
{
  DexFuture *future = NULL;

  if (!self->accepts)
    {
      muster_database_job_free (job);
      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                    "the database is not open");
    }
  job->owner = g_object_ref (self);
  future = dex_ref (DEX_FUTURE (job->promise));
  if (job->writes && !job->is_large)
    g_atomic_int_inc (&self->shared.n_waiting);
  g_async_queue_push (queue, job);
  return future;
}

static MusterDatabaseJob *
make_write (MusterActor       *actor,
            const char        *operation,
            MusterDatabaseFunc func,
            gpointer           data,
            GDestroyNotify     destroy)
{
  MusterDatabaseJob *job = muster_database_job_new (func, data, destroy);

  job->actor = muster_actor_ref (actor);
  job->operation = g_strdup (operation);
  job->writes = TRUE;
  return job;
}

DexFuture *
muster_database_write (MusterDatabase    *self,
                       MusterActor       *actor,
                       const char        *operation,
                       MusterDatabaseFunc func,
                       gpointer           data,
                       GDestroyNotify     destroy)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (self));
  dex_return_error_if_fail (actor != NULL);
  dex_return_error_if_fail (func != NULL);

  return muster_database_submit (self, self->shared.writes,
                                 make_write (actor, operation, func, data, destroy));
}

DexFuture *
muster_database_write_large (MusterDatabase    *self,
                             MusterActor       *actor,
                             const char        *operation,
                             MusterDatabaseFunc func,
                             gpointer           data,
                             GDestroyNotify     destroy)
{
  MusterDatabaseJob *job = NULL;

  dex_return_error_if_fail (MUSTER_IS_DATABASE (self));
  dex_return_error_if_fail (actor != NULL);
  dex_return_error_if_fail (func != NULL);

  job = make_write (actor, operation, func, data, destroy);
  job->is_large = TRUE;
  return muster_database_submit (self, self->shared.writes, job);
}

DexFuture *
muster_database_read (MusterDatabase    *self,
                      MusterDatabaseFunc func,
                      gpointer           data,
                      GDestroyNotify     destroy)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (self));
  dex_return_error_if_fail (func != NULL);

  return muster_database_submit (self, self->shared.reads,
                                 muster_database_job_new (func, data, destroy));
}

DexFuture *
muster_database_read_as_of (MusterDatabase    *self,
                            gint64             at,
                            MusterDatabaseFunc func,
                            gpointer           data,
                            GDestroyNotify     destroy)
{
  MusterDatabaseJob *job = NULL;

  if (at == 0)
    return muster_database_read (self, func, data, destroy);
  dex_return_error_if_fail (MUSTER_IS_DATABASE (self));
  dex_return_error_if_fail (func != NULL);

  job = muster_database_job_new (func, data, destroy);
  job->at = at;
  return muster_database_submit (self, self->shared.pasts, job);
}

DexFuture *
muster_database_backup (MusterDatabase *self, const char *path)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (self));
  dex_return_error_if_fail (path != NULL);

  if (!self->accepts)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "the database is not open");
  return muster_backup_start (self->shared.path, path, muster_migrations_get_format (),
                              self->backups);
}

gint64
muster_database_get_sequence (MusterDatabase *self)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (self), 0);

  return self->sequence;
}

const char *
muster_database_get_origin (MusterDatabase *self)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (self), NULL);

  return self->shared.origin;
}

MusterClock *
muster_database_get_clock (MusterDatabase *self)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (self), NULL);

  return self->shared.clock;
}

MusterSchema *
muster_database_get_schema (MusterDatabase *self)
{
  return self->shared.schema;
}

void
muster_database_register_entities (MusterDatabase *self, const MusterEntityInfo *const *entities)
{
  g_return_if_fail (MUSTER_IS_DATABASE (self));
  g_return_if_fail (self->writer == NULL);

  for (; *entities != NULL; entities++)
    muster_schema_add (self->shared.schema, *entities);
}

void
muster_database_set_journal_key (MusterDatabase *self, GBytes *key, gboolean is_fresh)
{
  g_return_if_fail (MUSTER_IS_DATABASE (self));
  g_return_if_fail (self->writer == NULL);
  g_return_if_fail (g_bytes_get_size (key) == MUSTER_JOURNAL_KEY_LENGTH);

  memcpy (self->shared.key, g_bytes_get_data (key, NULL), MUSTER_JOURNAL_KEY_LENGTH);
  self->shared.key_is_fresh = is_fresh;
}

void
muster_database_add_rule (MusterDatabase         *self,
                          const MusterEntityInfo *info,
                          MusterRuleFlags         flags,
                          MusterRuleFunc          func,
                          gpointer                data)
{
  g_return_if_fail (MUSTER_IS_DATABASE (self));
  g_return_if_fail (self->writer == NULL);

  muster_schema_add_rule (self->shared.schema, info, &(MusterRule){ func, data, flags });
}

void
muster_database_add_past (MusterDatabase         *self,
                          const MusterEntityInfo *info,
                          const char             *field,
                          const char             *sql)
{
  g_return_if_fail (MUSTER_IS_DATABASE (self));
  g_return_if_fail (self->writer == NULL);

  muster_schema_add_past (self->shared.schema, info, field, sql);
}

void
muster_database_add_undo_guard (MusterDatabase *self, MusterUndoGuardFunc func, gpointer data)
{
  g_return_if_fail (MUSTER_IS_DATABASE (self));
  g_return_if_fail (self->writer == NULL);

  muster_schema_add_undo_guard (self->shared.schema, func, data);
}

const MusterEntityInfo *
muster_database_find_entity (MusterDatabase *self, const char *name)
{
  const MusterTable *table = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (self), NULL);

  table = muster_schema_find (self->shared.schema, name);
  return table != NULL ? table->info : NULL;
}
