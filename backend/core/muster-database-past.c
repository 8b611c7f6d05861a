/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-database-past"

#include "config.h"

#include "muster-database-private.h"
#include "muster-migrations.h"
#include "muster-past.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Whoever looks at the past goes from moment to moment; so long after the last look the memory that
 * this takes is given back. */
#define IDLE_USEC (60 * G_USEC_PER_SEC)

typedef struct
{
  MusterDatabaseShared *shared;
  MusterPast           *past; /* (owned) (nullable) */
  GQueue                jobs; /* (element-type MusterDatabaseJob): taken from the queue */
} Reader;

static gboolean
ensure_past (Reader *self, GError **error)
{
  MusterConnection *connection = NULL;

  if (self->past != NULL)
    return TRUE;
  connection = muster_connection_open (self->shared->path, MUSTER_CONNECTION_READ,
                                       muster_migrations_get_format (), error);
  if (connection != NULL)
    self->past = muster_past_new (connection, self->shared->schema, error);
  return self->past != NULL;
}

static void
drop_past (Reader *self)
{
  g_clear_pointer (&self->past, muster_past_free);
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}

/* The moment is what the job takes for now. */
static void
run_there (Reader *self, MusterDatabaseJob *job)
{
  MusterTransaction transaction;

  muster_transaction_init (&transaction, muster_past_get_connection (self->past),
                           self->shared->schema, job->at);
  transaction.key = self->shared->key;
  muster_database_job_run (job, &transaction);
  muster_transaction_clear (&transaction);
}

/* The way to the moment is kept though the job fails: another one asks for the same. */
static void
run_job (Reader *self, MusterDatabaseJob *job)
{
  MusterConnection *connection;

  if (!ensure_past (self, &job->error))
    return;
  connection = muster_past_get_connection (self->past);
  if (muster_connection_run (connection, "BEGIN", &job->error) &&
      muster_past_move (self->past, job->at, &job->error))
    {
      run_there (self, job);
      if (muster_connection_run (connection, "COMMIT", NULL))
        return;
    }
  if (muster_connection_in_transaction (connection))
    muster_connection_execute (connection, "ROLLBACK", NULL);
  g_clear_pointer (&self->past, muster_past_free);
}

/* Two who look at different moments would have it go back and forth between each two of their jobs:
 * those of the moment where it stands come first. */
static MusterDatabaseJob *
take_next (Reader *self)
{
  MusterDatabaseJob *job;

  while ((job = g_async_queue_try_pop (self->shared->pasts)) != NULL)
    g_queue_push_tail (&self->jobs, job);
  for (GList *link = self->jobs.head; link != NULL && self->past != NULL; link = link->next)
    {
      job = link->data;
      if (job->func != NULL && job->at == muster_past_get_time (self->past))
        {
          g_queue_delete_link (&self->jobs, link);
          return job;
        }
    }
  return g_queue_pop_head (&self->jobs);
}

static MusterDatabaseJob *
await_next (Reader *self)
{
  MusterDatabaseJob *job = take_next (self);

  if (job == NULL && self->past != NULL)
    {
      job = g_async_queue_timeout_pop (self->shared->pasts, IDLE_USEC);
      if (job == NULL)
        drop_past (self);
    }
  return job != NULL ? job : g_async_queue_pop (self->shared->pasts);
}

gpointer
muster_database_past_thread (gpointer data)
{
  Reader             self = { .shared = data, .jobs = G_QUEUE_INIT };
  MusterDatabaseJob *job;

  while ((job = await_next (&self))->func != NULL)
    {
      run_job (&self, job);
      self.shared->complete (self.shared->owner, job);
    }
  g_clear_pointer (&self.past, muster_past_free);
  self.shared->complete (self.shared->owner, job);
  return NULL;
}
