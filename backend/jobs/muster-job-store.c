/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-store"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-job-service-private.h"

#define MAX_ERROR 1000

void
muster_job_change_free (gpointer data)
{
  MusterJobChange *self = data;

  g_free (self->id);
  g_free (self->error);
  g_free (self);
}

/* The refused rows wait again. */
static gboolean
reopen_failed (MusterTransaction *transaction, MusterEntity *job, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_job_row_info);
  g_autoptr (GPtrArray) rows = NULL;

  muster_query_where (query, "job_id", muster_entity_get_id (job));
  muster_query_where (query, "status", "failed");
  muster_query_set_limit (query, 0);
  rows = muster_transaction_select (transaction, query, error);
  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "no row of the job was refused: there is nothing to do again");
      return FALSE;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      muster_entity_set_enum (rows->pdata[i], "status", MUSTER_JOB_ROW_STATUS_PENDING);
      muster_entity_set_null (rows->pdata[i], "error");
      if (!muster_transaction_touch (transaction, rows->pdata[i], error))
        return FALSE;
    }
  muster_entity_set_integer (job, "failed", 0);
  return TRUE;
}

/* What was undone stays undone: what is done from now on is an operation of its own. */
static gboolean
renew_operation (MusterTransaction *transaction, MusterEntity *job, GError **error)
{
  gint64           first = muster_entity_get_integer (job, "first_sequence");
  g_autofree char *operation = NULL;
  gboolean         undone = FALSE;

  if (first == 0)
    return TRUE;
  if (!muster_transaction_is_undone (transaction, first, &undone, error))
    return FALSE;
  if (!undone)
    return TRUE;
  operation = muster_uuid_new (muster_transaction_get_now (transaction));
  muster_entity_set_string (job, "operation", operation);
  muster_entity_set_null (job, "first_sequence");
  return TRUE;
}

/* What has ended goes on only with the rows that were refused. */
static gboolean
check_step (MusterEntity *job, const MusterJobChange *change, GError **error)
{
  int status = muster_entity_get_enum (job, "status");

  if (status == MUSTER_JOB_STATUS_DONE && change->status == MUSTER_JOB_STATUS_QUEUED &&
      !change->retry)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "the job is done: what it refused is done again by retry");
      return FALSE;
    }
  return muster_state_machine_check (&muster_job_status_machine, status, change->status, error);
}

gboolean
muster_job_change_run (MusterTransaction *transaction,
                       gpointer           data,
                       GValue            *result,
                       GError           **error)
{
  MusterJobChange *change = data;
  g_autoptr (MusterEntity) job =
              muster_transaction_get (transaction, &muster_job_info, change->id, error);

  if (job == NULL)
    return FALSE;
  if (!check_step (job, change, error))
    return FALSE;
  if (change->retry &&
      (!reopen_failed (transaction, job, error) || !renew_operation (transaction, job, error)))
    return FALSE;
  muster_entity_set_enum (job, "status", change->status);
  muster_entity_set_string (job, "error", change->error);
  muster_entity_set_null (job, "rate");
  muster_entity_set_null (job, "remaining");
  if (change->status == MUSTER_JOB_STATUS_CANCELLED || change->status == MUSTER_JOB_STATUS_FAILED)
    muster_entity_set_integer (job, "finished_at", muster_transaction_get_now (transaction));
  if (!muster_transaction_update (transaction, job, 0, error))
    return FALSE;
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&job));
  return TRUE;
}

gboolean
muster_job_prune_run (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const gint64 *days = data;
  gint64        limit = muster_transaction_get_now (transaction) - *days * G_TIME_SPAN_DAY;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_job_info);
  g_autoptr (GPtrArray) jobs = NULL;

  muster_query_set_limit (query, 0);
  jobs = muster_transaction_select (transaction, query, error);
  if (jobs == NULL)
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    {
      MusterEntity *job = jobs->pdata[i];

      if (muster_entity_is_null (job, "finished_at") ||
          muster_entity_get_integer (job, "finished_at") >= limit)
        continue;
      if (!muster_transaction_delete (transaction, &muster_job_info, muster_entity_get_id (job), 0,
                                      error))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) (element-type MusterEntity) */
static GPtrArray *
select_by_status (MusterTransaction *transaction, MusterJobStatus status, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_job_info);

  muster_query_where (query, "status", muster_enum_get_nick (&muster_job_status_enum, status));
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

gboolean
muster_job_list_open_run (MusterTransaction *transaction,
                          gpointer           data,
                          GValue            *result,
                          GError           **error)
{
  g_autoptr (GPtrArray) running = select_by_status (transaction, MUSTER_JOB_STATUS_RUNNING, error);
  GPtrArray *queued =
    running != NULL ? select_by_status (transaction, MUSTER_JOB_STATUS_QUEUED, error) : NULL;

  if (queued == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (running, queued);
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&running));
  return TRUE;
}

gboolean
muster_job_guard_undo (MusterTransaction *transaction,
                       const char        *operation,
                       gpointer           data,
                       GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_job_info);
  g_autoptr (MusterEntity) job = NULL;
  g_autoptr (GError) cause = NULL;

  muster_query_where (query, "operation", operation);
  job = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (job == NULL || muster_entity_get_enum (job, "status") > MUSTER_JOB_STATUS_PAUSED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "“%s” cannot be undone yet: the job is %s; wait for its end, or cancel it first",
               muster_entity_get_string (job, "title"), muster_entity_get_string (job, "status"));
  return FALSE;
}
