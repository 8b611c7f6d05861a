/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-store"

#include "config.h"

#include "muster-flash-store.h"

#define RUNS_MAX 10000

MusterFlashCall *
muster_flash_call_new (const char *id)
{
  MusterFlashCall *self = g_new0 (MusterFlashCall, 1);

  self->id = g_strdup (id);
  return self;
}

void
muster_flash_call_free (gpointer data)
{
  MusterFlashCall *self = data;

  g_clear_object (&self->batch);
  g_strfreev (self->ports);
  g_free (self->id);
  g_free (self->error);
  g_free (self->unit_id);
  g_free (self->waits_for);
  g_free (self);
}

static void
give (GValue *result, MusterEntity *entity)
{
  g_value_init (result, G_TYPE_OBJECT);
  g_value_set_object (result, entity);
}

/* The runs of a batch, or of all, that are in STATUS (-1: any): (transfer full). */
static GPtrArray *
list_runs (MusterTransaction *transaction, const char *batch_id, int status, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_flash_run_info);

  if (batch_id != NULL)
    muster_query_where (query, "batch_id", batch_id);
  if (status >= 0)
    muster_query_where (query, "status",
                        muster_enum_get_nick (&muster_flash_run_status_enum, status));
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static gboolean
is_over (MusterFlashRunStatus status)
{
  return status == MUSTER_FLASH_RUN_DONE || status == MUSTER_FLASH_RUN_FAILED ||
         status == MUSTER_FLASH_RUN_CANCELLED;
}

/* BATCH counts its runs anew, and is stored. */
static gboolean
count (MusterTransaction *transaction, MusterEntity *batch, GError **error)
{
  g_autoptr (GPtrArray) runs = list_runs (transaction, muster_entity_get_id (batch), -1, error);
  unsigned per[MUSTER_FLASH_RUN_CANCELLED + 1] = { 0 };
  unsigned over = 0;

  if (runs == NULL)
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    {
      int status = muster_entity_get_enum (runs->pdata[i], "status");

      per[status]++;
      over += is_over (status);
    }
  muster_entity_set_integer (batch, "total", runs->len);
  muster_entity_set_integer (batch, "succeeded", per[MUSTER_FLASH_RUN_DONE]);
  muster_entity_set_integer (batch, "failed", per[MUSTER_FLASH_RUN_FAILED]);
  if (over < runs->len)
    muster_entity_set_enum (batch, "status", MUSTER_FLASH_BATCH_OPEN);
  else
    muster_entity_set_enum (batch, "status",
                            per[MUSTER_FLASH_RUN_CANCELLED] > 0 ? MUSTER_FLASH_BATCH_CANCELLED
                                                                : MUSTER_FLASH_BATCH_FINISHED);
  return muster_transaction_update (transaction, batch, 0, error);
}

static gboolean
insert_runs (MusterTransaction     *transaction,
             MusterEntity          *batch,
             const MusterFlashCall *call,
             GError               **error)
{
  char **ports = call->ports;
  gint64 number = muster_entity_get_integer (batch, "total");

  if (number + g_strv_length (ports) > RUNS_MAX)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "a batch has %d boards at most: begin another", RUNS_MAX);
      return FALSE;
    }
  for (unsigned i = 0; ports[i] != NULL; i++)
    {
      g_autoptr (MusterEntity) run = muster_entity_new (&muster_flash_run_info);

      muster_entity_set_string (run, "batch_id", muster_entity_get_id (batch));
      muster_entity_set_integer (run, "number", ++number);
      muster_entity_set_string (run, "port", ports[i]);
      muster_entity_set_string (run, "unit_id", call->unit_id);
      if (!muster_transaction_insert (transaction, run, error))
        return FALSE;
    }
  return count (transaction, batch, error);
}

gboolean
muster_flash_store_create (MusterTransaction *transaction,
                           gpointer           data,
                           GValue            *result,
                           GError           **error)
{
  MusterFlashCall *self = data;

  if (!muster_transaction_insert (transaction, self->batch, error) ||
      !insert_runs (transaction, self->batch, self, error))
    return FALSE;
  give (result, self->batch);
  return TRUE;
}

gboolean
muster_flash_store_add (MusterTransaction *transaction,
                        gpointer           data,
                        GValue            *result,
                        GError           **error)
{
  MusterFlashCall *self = data;
  g_autoptr (MusterEntity) batch =
              muster_transaction_get (transaction, &muster_flash_batch_info, self->id, error);

  if (batch == NULL || !insert_runs (transaction, batch, self, error))
    return FALSE;
  give (result, batch);
  return TRUE;
}

/* Every run of the batch that is FROM becomes TO. */
static gboolean
move_all (MusterTransaction   *transaction,
          const char          *batch_id,
          MusterFlashRunStatus from,
          MusterFlashRunStatus to,
          GError             **error)
{
  g_autoptr (GPtrArray) runs = list_runs (transaction, batch_id, (int)from, error);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      muster_entity_set_enum (runs->pdata[i], "status", (int)to);
      muster_entity_set_null (runs->pdata[i], "error");
      muster_entity_set_null (runs->pdata[i], "waits_for");
      if (to == MUSTER_FLASH_RUN_WAITING)
        muster_entity_set_null (runs->pdata[i], "finished_at");
      else
        muster_entity_set_integer (runs->pdata[i], "finished_at",
                                   muster_transaction_get_now (transaction));
      if (!muster_transaction_update (transaction, runs->pdata[i], 0, error))
        return FALSE;
    }
  return runs != NULL;
}

gboolean
muster_flash_store_retry (MusterTransaction *transaction,
                          gpointer           data,
                          GValue            *result,
                          GError           **error)
{
  MusterFlashCall *self = data;
  g_autoptr (MusterEntity) batch =
              muster_transaction_get (transaction, &muster_flash_batch_info, self->id, error);

  if (batch == NULL ||
      !move_all (transaction, self->id, MUSTER_FLASH_RUN_FAILED, MUSTER_FLASH_RUN_WAITING, error) ||
      !move_all (transaction, self->id, MUSTER_FLASH_RUN_CANCELLED, MUSTER_FLASH_RUN_WAITING,
                 error) ||
      !count (transaction, batch, error))
    return FALSE;
  give (result, batch);
  return TRUE;
}

gboolean
muster_flash_store_cancel (MusterTransaction *transaction,
                           gpointer           data,
                           GValue            *result,
                           GError           **error)
{
  MusterFlashCall *self = data;
  g_autoptr (MusterEntity) batch =
              muster_transaction_get (transaction, &muster_flash_batch_info, self->id, error);

  if (batch == NULL ||
      !move_all (transaction, self->id, MUSTER_FLASH_RUN_WAITING, MUSTER_FLASH_RUN_CANCELLED,
                 error) ||
      !count (transaction, batch, error))
    return FALSE;
  give (result, batch);
  return TRUE;
}

static void
set_progress (MusterTransaction *transaction, MusterEntity *run, const MusterFlashCall *call)
{
  gint64 now = muster_transaction_get_now (transaction);

  muster_entity_set_enum (run, "status", (int)call->status);
  muster_entity_set_string (run, "error", call->error);
  muster_entity_set_null (run, "waits_for");
  muster_entity_set_integer (run, "progress", call->status == MUSTER_FLASH_RUN_DONE ? 100 : 0);
  if (call->status == MUSTER_FLASH_RUN_WRITING)
    {
      muster_entity_set_integer (run, "attempt", muster_entity_get_integer (run, "attempt") + 1);
      muster_entity_set_integer (run, "started_at", now);
    }
  if (is_over (call->status))
    muster_entity_set_integer (run, "finished_at", now);
}

gboolean
muster_flash_store_progress (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  MusterFlashCall *self = data;
  g_autoptr (MusterEntity) run =
              muster_transaction_get (transaction, &muster_flash_run_info, self->id, error);
  g_autoptr (MusterEntity) batch =
              run != NULL
                ? muster_transaction_get (transaction, &muster_flash_batch_info,
                                          muster_entity_get_string (run, "batch_id"), error)
                : NULL;

  if (batch == NULL)
    return FALSE;
  /* It was cancelled meanwhile. */
  if (self->status == MUSTER_FLASH_RUN_WRITING &&
      muster_entity_get_enum (run, "status") != MUSTER_FLASH_RUN_WAITING)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "it does not wait any more");
      return FALSE;
    }
  set_progress (transaction, run, self);
  if (!muster_transaction_update (transaction, run, 0, error) ||
      !muster_transaction_touch (transaction, run, error) ||
      (is_over (self->status) && !count (transaction, batch, error)))
    return FALSE;
  give (result, run);
  return TRUE;
}

gboolean
muster_flash_store_hold (MusterTransaction *transaction,
                         gpointer           data,
                         GValue            *result,
                         GError           **error)
{
  MusterFlashCall *self = data;
  g_autoptr (MusterEntity) run =
              muster_transaction_get (transaction, &muster_flash_run_info, self->id, error);

  if (run == NULL)
    return FALSE;
  if (muster_entity_get_enum (run, "status") != MUSTER_FLASH_RUN_WAITING)
    return TRUE;
  muster_entity_set_string (run, "waits_for", self->waits_for);
  return muster_transaction_update (transaction, run, 0, error);
}

gboolean
muster_flash_store_cancel_run (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error)
{
  MusterFlashCall *self = data;
  g_autoptr (MusterEntity) run =
              muster_transaction_get (transaction, &muster_flash_run_info, self->id, error);

  if (run == NULL)
    return FALSE;
  if (muster_entity_get_enum (run, "status") == MUSTER_FLASH_RUN_WAITING)
    {
      self->status = MUSTER_FLASH_RUN_CANCELLED;
      return muster_flash_store_progress (transaction, data, result, error);
    }
  give (result, run);
  return TRUE;
}

gboolean
muster_flash_store_settle (MusterTransaction *transaction,
                           gpointer           data,
                           GValue            *result,
                           GError           **error)
{
  return move_all (transaction, NULL, MUSTER_FLASH_RUN_WRITING, MUSTER_FLASH_RUN_WAITING, error) &&
         move_all (transaction, NULL, MUSTER_FLASH_RUN_VERIFYING, MUSTER_FLASH_RUN_WAITING, error);
}

gboolean
muster_flash_store_list_waiting (MusterTransaction *transaction,
                                 gpointer           data,
                                 GValue            *result,
                                 GError           **error)
{
  GPtrArray *runs = list_runs (transaction, NULL, MUSTER_FLASH_RUN_WAITING, error);

  if (runs == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, runs);
  return TRUE;
}
