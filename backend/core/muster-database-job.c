/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-database-job"

#include "config.h"

#include "muster-database-private.h"

MusterDatabaseJob *
muster_database_job_new (MusterDatabaseFunc func, gpointer data, GDestroyNotify destroy)
{
  MusterDatabaseJob *self = g_new0 (MusterDatabaseJob, 1);

  self->func = func;
  self->data = data;
  self->destroy = destroy;
  self->promise = dex_promise_new ();
  return self;
}

void
muster_database_job_free (MusterDatabaseJob *self)
{
  g_return_if_fail (self != NULL);

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_free (self->operation);
  g_clear_pointer (&self->promise, dex_unref);
  if (G_IS_VALUE (&self->result))
    g_value_unset (&self->result);
  g_clear_error (&self->error);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_object (&self->many);
  g_clear_object (&self->owner);
  g_free (self);
}

gboolean
muster_database_job_run (MusterDatabaseJob *self, MusterTransaction *transaction)
{
  if (self->func (transaction, self->data, &self->result, &self->error) &&
      muster_transaction_finish (transaction, &self->error))
    {
      self->entries = g_steal_pointer (&transaction->entries);
      if (muster_transaction_count_entries (transaction) > 0)
        self->last_sequence = transaction->head->sequence;
      if (transaction->spilled)
        self->next_sequence = transaction->head_first.sequence + 1;
      if (muster_transaction_count_entries (transaction) > MUSTER_JOURNAL_TELLS_EACH)
        self->many =
          muster_journal_many_new (transaction->head_first.sequence + 1, self->last_sequence);
      self->changes = g_steal_pointer (&transaction->changes);
      return TRUE;
    }
  if (self->error == NULL)
    {
      g_critical ("a database job failed without saying why (%s)",
                  self->operation ? self->operation : "no name");
      self->error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_FAILED, "the change failed");
    }
  return FALSE;
}

void
muster_database_job_fail (MusterDatabaseJob *self, const GError *error)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_object (&self->many);
  self->next_sequence = 0;
  if (self->error == NULL)
    self->error = g_error_copy (error);
}
