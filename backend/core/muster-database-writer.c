/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-database-writer"

#include "config.h"

#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "model/muster-uuid.h"
#include "muster-connection-private.h"
#include "muster-database-private.h"
#include "muster-migrations.h"
#include "muster-search-queue.h"

/* Jobs that wait are committed together: one fsync serves them all, each still stands or falls by
 * itself. */
#define MAX_GROUP 64
#define MAX_GROUP_USEC 10000
/* Between the pieces of large work there are no such pauses. */
#define REST_USEC (500 * 1000)
/* Whoever searches then waits for so many to be indexed: some tens of milliseconds. */
#define MAX_UNSEARCHED 2000

/* A year: a journal from that far in the future means that the clock was wrong then, not now. */
#define MAX_DRIFT_MS (G_GINT64_CONSTANT (366) * 24 * 3600 * 1000)

/* --- opening --- */

static gboolean
check_at_start (MusterConnection *connection, GError **error)
{
  gint64 size;

  if (!muster_connection_get_size (connection, &size, error))
    return FALSE;
  return size > MUSTER_DATABASE_CHECK_AT_START ||
         muster_connection_check (connection, FALSE, error);
}

static gboolean
load_origin (MusterConnection *connection, MusterDatabaseShared *shared, GError **error)
{
  g_autoptr (MusterStatement) insert = muster_statement_new (
    connection, "INSERT OR IGNORE INTO property (name, value) VALUES ('origin', :origin)", error);
  g_autoptr (MusterStatement) select =
              muster_statement_new (connection, "SELECT value FROM property WHERE name = 'origin'",
                                    error);
  g_autofree char *fresh = muster_uuid_new (muster_clock_get_now (shared->clock));

  if (insert == NULL || select == NULL)
    return FALSE;
  muster_statement_bind_text (insert, ":origin", fresh);
  if (!muster_statement_run (insert, error) ||
      muster_statement_step (select, error) != MUSTER_STEP_ROW)
    return FALSE;
  g_strlcpy (shared->origin, muster_statement_get_text (select, 0), sizeof shared->origin);
  return TRUE;
}

static gboolean
load_hlc (MusterConnection *connection, MusterDatabaseShared *shared, GError **error)
{
  gint64 last;

  /* The last entry has the highest stamp: its index is that of the rows. */
  if (!muster_connection_query_integer (connection,
                                        "SELECT hlc FROM journal ORDER BY sequence DESC LIMIT 1",
                                        &last, error))
    return FALSE;
  if (!muster_hlc_observe (shared->hlc, last, MAX_DRIFT_MS))
    g_warning ("the journal's last entry is more than a year ahead of the clock");
  return TRUE;
}

static MusterConnection *
open_writer (MusterDatabaseShared *shared, MusterChainHead *head, gint64 *sequence, GError **error)
{
  g_autoptr (MusterConnection) connection =
              muster_connection_open (shared->path, MUSTER_CONNECTION_WRITE,
                                      muster_migrations_get_format (), error);

  if (connection == NULL || !check_at_start (connection, error) ||
      !muster_migrations_apply (connection, error) ||
      !muster_search_queue_drain (connection, error))
    return NULL;
  if (!load_origin (connection, shared, error) || !load_hlc (connection, shared, error) ||
      !muster_chain_open (connection, shared->key, shared->key_is_fresh, head, error))
    return NULL;
  if (!muster_connection_query_integer (connection, "SELECT max (sequence) FROM journal", sequence,
                                        error))
    return NULL;
  /* Every table is looked at: after a crash what is known of their sizes may be of long ago. */
  muster_connection_execute (connection, "PRAGMA optimize=0x10002", NULL);
  return g_steal_pointer (&connection);
}

static void
report_opened (MusterDatabaseShared *shared, gboolean writes, gint64 sequence, GError *error)
{
  MusterDatabaseJob *report = muster_database_job_new (NULL, NULL, NULL);

  report->writes = writes;
  report->error = error;
  g_value_init (&report->result, G_TYPE_INT64);
  g_value_set_int64 (&report->result, sequence);
  shared->complete (shared->owner, report);
}

/* --- writing --- */

typedef struct
{
  MusterDatabaseShared *shared;     /* (unowned) */
  MusterConnection     *connection; /* (owned) */
  MusterChainHead       head;
  gint64                n_unsearched; /* at most so many records wait for the search indexes */
} Writer;

/* JOB (nullable), which waits no longer. */
static MusterDatabaseJob *
take (Writer *self, MusterDatabaseJob *job)
{
  if (job != NULL && job->writes && !job->is_large)
    g_atomic_int_add (&self->shared->n_waiting, -1);
  return job;
}

static gboolean
run_job (Writer *self, MusterDatabaseJob *job)
{
  MusterDatabaseShared *shared = self->shared;
  MusterTransaction     transaction;
  gboolean              done;

  muster_transaction_init (&transaction, self->connection, shared->schema,
                           muster_clock_get_now (shared->clock));
  transaction.hlc = shared->hlc;
  transaction.origin = shared->origin;
  transaction.key = shared->key;
  transaction.n_waiting = &shared->n_waiting;
  transaction.head = &self->head;
  transaction.head_first = self->head;
  transaction.actor = muster_actor_ref (job->actor);
  transaction.operation = muster_uuid_new (transaction.now);
  transaction.summary = g_strdup (job->operation);
  transaction.writable = TRUE;
  done = muster_database_job_run (job, &transaction);
  if (!done)
    self->head = transaction.head_first;
  muster_transaction_clear (&transaction);
  return done;
}

static gboolean
run_in_savepoint (Writer *self, MusterDatabaseJob *job)
{
  if (!muster_connection_run (self->connection, "SAVEPOINT job", &job->error))
    return FALSE;
  if (run_job (self, job))
    return muster_connection_run (self->connection, "RELEASE job", &job->error);
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK TO job; RELEASE job", NULL);
  return FALSE;
}

static void
roll_back (Writer *self)
{
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK", NULL);
}

static void
fail_all (GPtrArray *jobs, const GError *error)
{
  for (guint i = 0; i < jobs->len; i++)
    muster_database_job_fail (jobs->pdata[i], error);
}

/* Runs FIRST and those that wait behind it. The first needs no savepoint: with nothing before it,
 * all can be rolled back. That matters to a large one, for SQLite keeps the old content of every
 * page that changes within a savepoint in a list, and walks it after each statement. Returns the
 * job that was met and has no part in the group: one to be done alone, or without a function. */
static MusterDatabaseJob *
run_group (Writer *self, MusterDatabaseJob *first, GPtrArray *group)
{
  gint64             deadline = g_get_monotonic_time () + MAX_GROUP_USEC;
  MusterDatabaseJob *job = NULL;

  g_ptr_array_add (group, first);
  if (!run_job (self, first))
    {
      roll_back (self);
      return NULL;
    }
  while (!first->is_large && group->len < MAX_GROUP && g_get_monotonic_time () < deadline &&
         (job = take (self, g_async_queue_try_pop (self->shared->writes))) != NULL)
    {
      if (job->func == NULL || job->is_large)
        return job;
      g_ptr_array_add (group, job);
      if (!run_in_savepoint (self, job) && !muster_connection_in_transaction (self->connection))
        {
          /* A full disk, for one, takes the whole transaction with it. */
          fail_all (group, job->error);
          return NULL;
        }
    }
  return NULL;
}

/* Where the journal ends is told once for all of the group; large work has its own texts in the
 * search indexes at once. */
static gboolean
commit_group (Writer *self, GPtrArray *group, const MusterChainHead *before, GError **error)
{
  const MusterDatabaseJob *first = group->pdata[0];
  gint64   n_unsearched = self->n_unsearched + group->len + self->head.sequence - before->sequence;
  gboolean searches = first->is_large || n_unsearched > MAX_UNSEARCHED;

  if (self->head.sequence != before->sequence &&
      !muster_chain_head_store (self->connection, self->shared->key, &self->head, error))
    return FALSE;
  if ((searches && !muster_search_queue_drain (self->connection, error)) ||
      !muster_connection_run (self->connection, "COMMIT", error))
    return FALSE;
  self->n_unsearched = searches ? 0 : n_unsearched;
  return TRUE;
}

/* What readers keep of such records no longer holds. */
static void
note_changes (MusterDatabaseShared *shared, const MusterDatabaseJob *job)
{
  const MusterEntityInfo *last = NULL;

  for (guint i = 0; job->changes != NULL && i < job->changes->len; i++)
    {
      const MusterRecordChange *change = job->changes->pdata[i];

      if (change->info != last)
        muster_schema_note_changed (shared->schema, change->info);
      last = change->info;
    }
}

/* Returns the job to go on with, if one was met already. */
static MusterDatabaseJob *
write_group (Writer *self, MusterDatabaseJob *first)
{
  const MusterChainHead before = self->head;
  g_autoptr (GPtrArray) group = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  MusterDatabaseJob *next = NULL;

  if (first->is_large)
    muster_connection_set_large (self->connection, TRUE);
  if (muster_connection_run (self->connection, "BEGIN IMMEDIATE", &error))
    next = run_group (self, first, group);
  else
    {
      g_ptr_array_add (group, first);
      fail_all (group, error);
    }
  if (!muster_connection_in_transaction (self->connection))
    self->head = before;
  else if (!commit_group (self, group, &before, &error))
    {
      fail_all (group, error);
      self->head = before;
      roll_back (self);
    }
  g_atomic_int_inc (&self->shared->n_commits);
  for (guint i = 0; i < group->len; i++)
    note_changes (self->shared, group->pdata[i]);
  for (guint i = 0; i < group->len; i++)
    self->shared->complete (self->shared->owner, group->pdata[i]);
  return next;
}

/* Brings the search indexes up to date, and tells the readers that wait for them: also when it
 * cannot be done, for then they find what there is. */
static void
serve_search (Writer *self)
{
  MusterDatabaseShared *shared = self->shared;
  g_autoptr (GError) error = NULL;
  guint64 wanted;

  g_mutex_lock (&shared->search_lock);
  wanted = shared->search_wanted;
  g_mutex_unlock (&shared->search_lock);
  if (!muster_connection_run (self->connection, "BEGIN IMMEDIATE", &error) ||
      !muster_search_queue_drain (self->connection, &error) ||
      !muster_connection_run (self->connection, "COMMIT", &error))
    {
      g_warning ("the search indexes could not be brought up to date: %s", error->message);
      roll_back (self);
    }
  self->n_unsearched = 0;
  g_mutex_lock (&shared->search_lock);
  shared->search_served = wanted;
  g_cond_broadcast (&shared->search_served_cond);
  g_mutex_unlock (&shared->search_lock);
}

/* What was freed lies between what was not, and so is still the process's. */
static void
give_memory_back (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}

/* After large work: whoever was told of it needs some seconds more to be done with it, on a busy
 * machine many. */
static MusterDatabaseJob *
settle (Writer *self)
{
  static const gint64 pauses[] = { 3 * G_USEC_PER_SEC, 30 * G_USEC_PER_SEC };
  MusterDatabaseJob  *job = NULL;

  muster_connection_set_large (self->connection, FALSE);
  /* It makes other tables of them. */
  if (muster_connection_execute (self->connection, "PRAGMA optimize=0x10002", NULL))
    g_atomic_int_inc (&self->shared->n_analyses);
  give_memory_back ();
  for (size_t i = 0; job == NULL && i < G_N_ELEMENTS (pauses); i++)
    {
      job = g_async_queue_timeout_pop (self->shared->writes, pauses[i]);
      if (job == NULL)
        give_memory_back ();
    }
  return job != NULL ? job : g_async_queue_pop (self->shared->writes);
}

/* The next job; NULL when it is quiet enough to see to the search indexes. While none comes, memory
 * taken for large ones is given back. */
static MusterDatabaseJob *
pop_write (Writer *self)
{
  GAsyncQueue       *writes = self->shared->writes;
  MusterDatabaseJob *job = NULL;

  if (self->n_unsearched == 0 && !muster_connection_is_large (self->connection))
    return g_async_queue_pop (writes);
  job = g_async_queue_timeout_pop (writes, REST_USEC);
  return job != NULL || self->n_unsearched > 0 ? job : settle (self);
}

/* Until the job that ends it. */
static MusterDatabaseJob *
write_all (Writer *self)
{
  MusterDatabaseJob *job = NULL;

  for (;;)
    {
      if (job == NULL)
        job = take (self, pop_write (self));
      if (job == NULL)
        serve_search (self);
      else if (job->is_nudge)
        {
          g_clear_pointer (&job, muster_database_job_free);
          serve_search (self);
        }
      else if (job->func == NULL)
        return job;
      else
        job = write_group (self, job);
    }
}

gpointer
muster_database_writer_thread (gpointer data)
{
  Writer             self = { .shared = data };
  MusterDatabaseJob *last = NULL;
  GError            *error = NULL;
  gint64             sequence = 0;

  self.connection = open_writer (self.shared, &self.head, &sequence, &error);
  report_opened (self.shared, TRUE, sequence, error);
  if (self.connection == NULL)
    return NULL;
  last = write_all (&self);
  muster_connection_execute (self.connection, "PRAGMA optimize", NULL);
  muster_connection_close (self.connection);
  self.shared->complete (self.shared->owner, last);
  return NULL;
}

/* --- reading --- */

static void
run_read (MusterDatabaseShared *shared, MusterConnection *connection, MusterDatabaseJob *job)
{
  MusterTransaction transaction;

  connection->snapshot.begun_at = g_atomic_int_get (&shared->n_commits);
  if (!muster_connection_run (connection, "BEGIN", &job->error))
    return;
  muster_transaction_init (&transaction, connection, shared->schema,
                           muster_clock_get_now (shared->clock));
  transaction.key = shared->key;
  muster_database_job_run (job, &transaction);
  muster_transaction_clear (&transaction);
  if (muster_connection_in_transaction (connection))
    muster_connection_execute (connection, "ROLLBACK", NULL);
}

/* The writer goes last: it is there to answer. */
static void
await_search (MusterConnection *connection, gpointer data)
{
  MusterDatabaseShared *shared = data;
  MusterDatabaseJob    *nudge = muster_database_job_new (NULL, NULL, NULL);
  guint64               ticket;

  nudge->is_nudge = TRUE;
  muster_connection_execute (connection, "ROLLBACK", NULL);
  g_mutex_lock (&shared->search_lock);
  ticket = ++shared->search_wanted;
  g_async_queue_push (shared->writes, nudge);
  while (shared->search_served < ticket)
    g_cond_wait (&shared->search_served_cond, &shared->search_lock);
  g_mutex_unlock (&shared->search_lock);
  muster_connection_run (connection, "BEGIN", NULL);
}

static MusterConnection *
open_reader (MusterDatabaseShared *shared, GError **error)
{
  MusterConnection *connection = muster_connection_open (shared->path, MUSTER_CONNECTION_READ,
                                                         muster_migrations_get_format (), error);

  if (connection == NULL)
    return NULL;
  connection->await_search = await_search;
  connection->await_search_data = shared;
  connection->snapshot.schema = shared->schema;
  connection->snapshot.n_commits = &shared->n_commits;
  return connection;
}

/* A connection reads the statistics when it is opened. */
static void
renew_reader (MusterDatabaseShared *shared, MusterConnection **connection, gint *n_analyses)
{
  MusterConnection *fresh = NULL;

  if (g_atomic_int_get (&shared->n_analyses) == *n_analyses)
    return;
  *n_analyses = g_atomic_int_get (&shared->n_analyses);
  fresh = open_reader (shared, NULL);
  if (fresh == NULL)
    return;
  muster_connection_close (*connection);
  *connection = fresh;
}

gpointer
muster_database_reader_thread (gpointer data)
{
  MusterDatabaseShared *shared = data;
  MusterDatabaseJob    *job = NULL;
  GError               *error = NULL;
  gint                  n_analyses = 0;
  MusterConnection     *connection = open_reader (shared, &error);

  report_opened (shared, FALSE, 0, error);
  if (connection == NULL)
    return NULL;
  while ((job = g_async_queue_pop (shared->reads))->func != NULL)
    {
      renew_reader (shared, &connection, &n_analyses);
      run_read (shared, connection, job);
      shared->complete (shared->owner, job);
    }
  muster_connection_close (connection);
  shared->complete (shared->owner, job);
  return NULL;
}
