/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-forget"

#include "config.h"

#include "core/muster-promise.h"
#include "model/muster-time.h"
#include "muster-forget.h"

/* Some ten milliseconds of the writer's time. */
#define SLICE 200

typedef struct
{
  MusterRepository   *repository; /* (owned) */
  const MusterForget *what;
  gint64              before;
  const gboolean     *is_stopping;
  GObject            *keeper; /* (owned) */
} Round;

static void
round_free (gpointer data)
{
  Round *self = data;

  g_object_unref (self->repository);
  g_object_unref (self->keeper);
  g_free (self);
}

/* On the writer's thread: whether there may be more of it. */
static gboolean
forget_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Round     *self = data;
  char             text[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autofree char *limit = g_strconcat (self->what->time, ".max", NULL);
  g_autoptr (GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) old = NULL;

  g_hash_table_insert (params, limit, muster_time_format (self->before, text));
  g_hash_table_insert (params, (char *)"status", (char *)self->what->status);
  g_hash_table_insert (params, (char *)"sort", (char *)self->what->time);
  query = muster_query_new_from_params (self->what->info, params, NULL, error);
  if (query == NULL)
    return FALSE;
  muster_query_set_limit (query, SLICE);
  old = muster_transaction_select (transaction, query, error);
  if (old == NULL)
    return FALSE;
  if (self->what->final != NULL && old->len > 0)
    muster_transaction_set_final (transaction, self->what->final);
  for (guint i = 0; i < old->len; i++)
    if (!muster_transaction_delete (transaction, self->what->info,
                                    muster_entity_get_id (old->pdata[i]), 0, error))
      return FALSE;
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, old->len >= SLICE);
  return TRUE;
}

static DexFuture *
forget_fiber (gpointer user_data)
{
  Round          *self = user_data;
  MusterDatabase *database = muster_repository_get_database (self->repository);
  g_autoptr (MusterActor) actor = muster_actor_new_system ("alerts");
  g_autoptr (GError) error = NULL;

  /* The round outlives each of its slices: it is waited for. */
  while (!*self->is_stopping &&
         dex_await_boolean (muster_database_write (database, actor, self->what->operation,
                                                   forget_job, self, NULL),
                            &error))
    ;
  if (error != NULL)
    g_warning ("what is old of %s is kept: %s", self->what->info->path, error->message);
  return dex_future_new_true ();
}

DexFuture *
muster_forget_old (MusterRepository   *repository,
                   const MusterForget *what,
                   gint64              days,
                   const gboolean     *is_stopping,
                   GObject            *keeper)
{
  Round       *self = NULL;
  MusterClock *clock = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (what != NULL && is_stopping != NULL, NULL);

  clock = muster_database_get_clock (muster_repository_get_database (repository));
  self = g_new (Round, 1);
  *self =
    (Round){ g_object_ref (repository), what, muster_clock_get_now (clock) - days * G_TIME_SPAN_DAY,
             is_stopping, g_object_ref (keeper) };
  return dex_scheduler_spawn (NULL, 0, forget_fiber, self, round_free);
}
