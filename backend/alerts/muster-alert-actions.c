/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-actions"

#include "config.h"

#include "model/muster-alert.h"
#include "muster-alert-actions.h"

/* One call, on its way to the writer's thread. */
typedef struct _Call Call;
typedef gboolean (*ChangeFunc) (Call              *self,
                                MusterTransaction *transaction,
                                MusterEntity      *alert,
                                GError           **error);

struct _Call
{
  ChangeFunc change;
  char     **ids;       /* (owned) */
  char      *comment;   /* (owned) (nullable) */
  char      *person_id; /* (owned) (nullable) */
  gint64     until;
};

static void
call_free (gpointer data)
{
  Call *self = data;

  g_strfreev (self->ids);
  g_free (self->comment);
  g_free (self->person_id);
  g_free (self);
}

static Call *
call_new (ChangeFunc change, const char *id, const char *comment)
{
  Call *self = g_new0 (Call, 1);

  self->change = change;
  if (id != NULL)
    self->ids = g_strdupv ((char *[]){ (char *)id, NULL });
  self->comment = g_strdup (comment);
  return self;
}

/* --- jobs --- */

static gboolean
check_unresolved (MusterEntity *alert, GError **error)
{
  if (muster_entity_get_enum (alert, "status") != MUSTER_ALERT_STATUS_RESOLVED)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the alert is resolved already");
  return FALSE;
}

static gboolean
apply_one (Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  if (self->comment != NULL)
    muster_entity_set_string (alert, "comment", self->comment);
  return self->change (self, transaction, alert, error) &&
         muster_transaction_update (transaction, alert, 0, error);
}

static void
set_summary (MusterTransaction *transaction, const char *verb, MusterEntity *alert)
{
  g_autofree char *summary =
    g_strdup_printf ("%s \"%s\"", verb, muster_entity_get_string (alert, "title"));

  muster_transaction_set_summary (transaction, summary);
}

static gboolean
change_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Call *self = data;
  g_autoptr (MusterEntity) alert =
              muster_transaction_get (transaction, &muster_alert_info, self->ids[0], error);

  if (alert == NULL || !check_unresolved (alert, error) ||
      !apply_one (self, transaction, alert, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&alert));
  return TRUE;
}

static gboolean
change_many_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Call  *self = data;
  gint64 n_changed = 0;

  for (char **id = self->ids; *id != NULL; id++)
    {
      g_autoptr (MusterEntity) alert =
                  muster_transaction_get (transaction, &muster_alert_info, *id, error);

      if (alert == NULL)
        return FALSE;
      if (muster_entity_get_enum (alert, "status") != MUSTER_ALERT_STATUS_OPEN)
        continue;
      if (!apply_one (self, transaction, alert, error))
        return FALSE;
      n_changed++;
    }
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, n_changed);
  return TRUE;
}

/* --- changes --- */

static gboolean
acknowledge (Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  /* Again is not for nothing: people may have been told again meanwhile, and that ends it. */
  set_summary (transaction, "Acknowledge", alert);
  muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_ACKNOWLEDGED);
  muster_entity_set_integer (alert, "acknowledged_at", muster_transaction_get_now (transaction));
  muster_entity_set_string (alert, "acknowledged_by",
                            muster_actor_get_name (muster_transaction_get_actor (transaction)));
  return TRUE;
}

static gboolean
assign (Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  set_summary (transaction, "Assign", alert);
  muster_entity_set_string (alert, "assigned_to", self->person_id);
  return TRUE;
}

static gboolean
silence (Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  set_summary (transaction, "Silence", alert);
  if (self->until <= muster_transaction_get_now (transaction))
    muster_field_errors_add (errors, "/until", "must lie ahead");
  muster_entity_set_integer (alert, "silenced_until", self->until);
  return muster_field_errors_check (errors, error);
}

static gboolean
unsilence (Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  set_summary (transaction, "End the silence of", alert);
  muster_entity_set_null (alert, "silenced_until");
  return TRUE;
}

void
muster_alert_set_resolved (MusterEntity *alert, gint64 at, const char *by)
{
  gint64 since = muster_entity_get_integer (alert, "raised_at");

  muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_RESOLVED);
  muster_entity_set_integer (alert, "resolved_at", at);
  muster_entity_set_string (alert, "resolved_by", by);
  muster_entity_set_integer (alert, "duration_seconds", MAX (0, at - since) / G_USEC_PER_SEC);
}

static gboolean
resolve (Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  set_summary (transaction, "Resolve", alert);
  muster_alert_set_resolved (alert, muster_transaction_get_now (transaction),
                             muster_actor_get_name (muster_transaction_get_actor (transaction)));
  return TRUE;
}

/* --- calls --- */

static DexFuture *
change_alert (MusterDatabase *database, MusterActor *actor, const char *summary, Call *call)
{
  return muster_database_write (database, actor, summary, change_job, call, call_free);
}

DexFuture *
muster_alert_acknowledge (MusterDatabase *database,
                          MusterActor    *actor,
                          const char     *id,
                          const char     *comment)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return change_alert (database, actor, "Acknowledge an alert",
                       call_new (acknowledge, id, comment));
}

DexFuture *
muster_alert_acknowledge_many (MusterDatabase    *database,
                               MusterActor       *actor,
                               const char *const *ids,
                               const char        *comment)
{
  Call            *call = NULL;
  g_autofree char *summary = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (ids != NULL, NULL);

  call = call_new (acknowledge, NULL, comment);
  call->ids = g_strdupv ((char **)ids);
  summary = g_strdup_printf ("Acknowledge %u alerts", g_strv_length (call->ids));
  return muster_database_write_large (database, actor, summary, change_many_job, call, call_free);
}

DexFuture *
muster_alert_assign (MusterDatabase *database,
                     MusterActor    *actor,
                     const char     *id,
                     const char     *person_id)
{
  Call *call = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  call = call_new (assign, id, NULL);
  call->person_id = g_strdup (person_id);
  return change_alert (database, actor, "Assign an alert", call);
}

DexFuture *
muster_alert_silence (MusterDatabase *database,
                      MusterActor    *actor,
                      const char     *id,
                      gint64          until,
                      const char     *comment)
{
  Call *call = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  call = call_new (silence, id, comment);
  call->until = until;
  return change_alert (database, actor, "Silence an alert", call);
}

DexFuture *
muster_alert_unsilence (MusterDatabase *database,
                        MusterActor    *actor,
                        const char     *id,
                        const char     *comment)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return change_alert (database, actor, "End the silence of an alert",
                       call_new (unsilence, id, comment));
}

DexFuture *
muster_alert_resolve (MusterDatabase *database,
                      MusterActor    *actor,
                      const char     *id,
                      const char     *comment)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return change_alert (database, actor, "Resolve an alert", call_new (resolve, id, comment));
}
