/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-actions"

#include "config.h"

#include "model/muster-alert.h"
#include "model/muster-person.h"
#include "muster-alert-actions.h"

/* One call, on its way to the writer's thread. */
typedef struct
{
  MusterAlertVerb verb;
  char          **ids;       /* (owned) */
  char           *comment;   /* (owned) (nullable) */
  char           *person_id; /* (owned) (nullable) */
  gint64          until;
} Call;

typedef enum
{
  OUTCOME_CHANGED,
  OUTCOME_UNCHANGED,
  OUTCOME_REFUSED,
} Outcome;

static const char *const outcome_names[] = { "changed", "unchanged", "refused" };

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
call_new (const char *const *ids, const MusterAlertAction *action)
{
  Call *self = g_new0 (Call, 1);

  self->verb = action->verb;
  self->ids = g_strdupv ((char **)ids);
  self->comment = g_strdup (action->comment);
  self->person_id = g_strdup (action->person_id);
  self->until = action->until;
  return self;
}

/* --- changes --- */

static void
acknowledge (const Call *self, MusterTransaction *transaction, MusterEntity *alert)
{
  muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_ACKNOWLEDGED);
  muster_entity_set_integer (alert, "acknowledged_at", muster_transaction_get_now (transaction));
  muster_entity_set_string (alert, "acknowledged_by",
                            muster_actor_get_name (muster_transaction_get_actor (transaction)));
}

static void
assign (const Call *self, MusterTransaction *transaction, MusterEntity *alert)
{
  muster_entity_set_string (alert, "assigned_to", self->person_id);
}

static void
silence (const Call *self, MusterTransaction *transaction, MusterEntity *alert)
{
  muster_entity_set_integer (alert, "silenced_until", self->until);
}

static void
unsilence (const Call *self, MusterTransaction *transaction, MusterEntity *alert)
{
  muster_entity_set_null (alert, "silenced_until");
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

static void
resolve (const Call *self, MusterTransaction *transaction, MusterEntity *alert)
{
  muster_alert_set_resolved (alert, muster_transaction_get_now (transaction),
                             muster_actor_get_name (muster_transaction_get_actor (transaction)));
}

/* The phrase begins what stands in the journal. */
static const struct
{
  void (*change) (const Call *self, MusterTransaction *transaction, MusterEntity *alert);
  const char *phrase;
} verbs[] = {
  [MUSTER_ALERT_VERB_ACKNOWLEDGE] = { acknowledge, "Acknowledge" },
  [MUSTER_ALERT_VERB_ASSIGN] = { assign, "Assign" },
  [MUSTER_ALERT_VERB_SILENCE] = { silence, "Silence" },
  [MUSTER_ALERT_VERB_UNSILENCE] = { unsilence, "End the silence of" },
  [MUSTER_ALERT_VERB_RESOLVE] = { resolve, "Resolve" },
};

static gboolean
is_so_already (const Call *self, MusterEntity *alert)
{
  switch (self->verb)
    {
    case MUSTER_ALERT_VERB_ACKNOWLEDGE:
      return muster_entity_get_enum (alert, "status") == MUSTER_ALERT_STATUS_ACKNOWLEDGED;
    case MUSTER_ALERT_VERB_ASSIGN:
      return g_strcmp0 (muster_entity_get_string (alert, "assigned_to"), self->person_id) == 0;
    case MUSTER_ALERT_VERB_UNSILENCE:
      return muster_entity_is_null (alert, "silenced_until");
    case MUSTER_ALERT_VERB_SILENCE:
    case MUSTER_ALERT_VERB_RESOLVE:
    default:
      return FALSE;
    }
}

/* --- jobs --- */

/* What is wrong with the request, whatever the alert. */
static gboolean
check (const Call *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (self->verb == MUSTER_ALERT_VERB_SILENCE &&
      self->until <= muster_transaction_get_now (transaction))
    muster_field_errors_add (errors, "/until", "must lie ahead");
  if (self->verb == MUSTER_ALERT_VERB_ASSIGN && self->person_id != NULL)
    {
      g_autoptr (MusterEntity) person =
                  muster_transaction_get_named (transaction, &muster_person_info, self->person_id,
                                                "/person_id", error);

      if (person == NULL)
        return FALSE;
    }
  return muster_field_errors_check (errors, error);
}

/* The alert as it is stored, NULL with MUSTER_ERROR_CONFLICT where nothing can be done about it any
 * more. */
static MusterEntity *
get_unresolved (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterEntity) alert =
              muster_transaction_get (transaction, &muster_alert_info, id, error);

  if (alert == NULL || muster_entity_get_enum (alert, "status") != MUSTER_ALERT_STATUS_RESOLVED)
    return g_steal_pointer (&alert);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the alert is resolved already");
  return NULL;
}

static gboolean
apply (const Call *self, MusterTransaction *transaction, MusterEntity *alert, GError **error)
{
  if (self->comment != NULL)
    muster_entity_set_string (alert, "comment", self->comment);
  verbs[self->verb].change (self, transaction, alert);
  return muster_transaction_update (transaction, alert, 0, error);
}

static gboolean
act_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Call      *self = data;
  g_autofree char *summary = NULL;
  g_autoptr (MusterEntity) alert = NULL;

  if (!check (self, transaction, error))
    return FALSE;
  alert = get_unresolved (transaction, self->ids[0], error);
  if (alert == NULL)
    return FALSE;
  summary = g_strdup_printf ("%s \"%s\"", verbs[self->verb].phrase,
                             muster_entity_get_string (alert, "title"));
  muster_transaction_set_summary (transaction, summary);
  if (!apply (self, transaction, alert, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&alert));
  return TRUE;
}

/* What becomes of one of many. */
typedef struct
{
  Outcome       outcome;
  MusterEntity *alert;  /* (owned) (nullable): to be changed */
  char         *reason; /* (owned) (nullable): why it was refused */
} Result;

static void
result_clear (gpointer data)
{
  Result *self = data;

  g_clear_object (&self->alert);
  g_free (self->reason);
}

/* FALSE ends all. */
static gboolean
decide (const Call        *self,
        MusterTransaction *transaction,
        const char        *id,
        Result            *result,
        GError           **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MusterEntity) alert = get_unresolved (transaction, id, &local);

  if (g_error_matches (local, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) ||
      g_error_matches (local, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    {
      result->outcome = OUTCOME_REFUSED;
      result->reason = g_strdup (local->message);
      return TRUE;
    }
  if (alert == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  result->outcome = is_so_already (self, alert) ? OUTCOME_UNCHANGED : OUTCOME_CHANGED;
  if (result->outcome == OUTCOME_CHANGED)
    result->alert = g_steal_pointer (&alert);
  return TRUE;
}

/* A Result for each id, and how many will change: every entry of the journal names that number, so
 * that it must be known before the first. (transfer full) (nullable). */
static GArray *
decide_all (const Call *self, MusterTransaction *transaction, unsigned *n_changed, GError **error)
{
  g_autoptr (GArray) results = g_array_new (FALSE, TRUE, sizeof (Result));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_array_set_clear_func (results, result_clear);
  g_array_set_size (results, g_strv_length (self->ids));
  *n_changed = 0;
  for (unsigned i = 0; self->ids[i] != NULL; i++)
    {
      Result *result = &g_array_index (results, Result, i);

      if (!g_hash_table_add (seen, self->ids[i]))
        result->outcome = OUTCOME_UNCHANGED;
      else if (!decide (self, transaction, self->ids[i], result, error))
        return NULL;
      *n_changed += result->outcome == OUTCOME_CHANGED;
    }
  return g_steal_pointer (&results);
}

static gboolean
apply_all (const Call *self, MusterTransaction *transaction, GArray *results, GError **error)
{
  for (unsigned i = 0; i < results->len; i++)
    {
      MusterEntity *alert = g_array_index (results, Result, i).alert;

      if (alert != NULL && !apply (self, transaction, alert, error))
        return FALSE;
    }
  return TRUE;
}

static GBytes *
write_results (const Call *self, GArray *results, unsigned n_changed)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"changed\":%u,\"results\":[", n_changed);
  for (unsigned i = 0; i < results->len; i++)
    {
      const Result *result = &g_array_index (results, Result, i);

      g_string_append (json, i > 0 ? ",{\"id\":" : "{\"id\":");
      muster_json_append_string (json, self->ids[i], -1);
      g_string_append_printf (json,
                              ",\"outcome\":\"%s\",\"detail\":", outcome_names[result->outcome]);
      if (result->reason != NULL)
        muster_json_append_string (json, result->reason, -1);
      else
        g_string_append (json, "null");
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");
  return g_string_free_to_bytes (json);
}

static gboolean
act_on_many_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Call      *self = data;
  unsigned         n_changed = 0;
  g_autofree char *summary = NULL;
  g_autoptr (GArray) results = NULL;

  if (!check (self, transaction, error))
    return FALSE;
  results = decide_all (self, transaction, &n_changed, error);
  if (results == NULL)
    return FALSE;
  summary = g_strdup_printf ("%s %u alert%s", verbs[self->verb].phrase, n_changed,
                             n_changed == 1 ? "" : "s");
  muster_transaction_set_summary (transaction, summary);
  if (!apply_all (self, transaction, results, error))
    return FALSE;
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, write_results (self, results, n_changed));
  return TRUE;
}

/* --- calls --- */

DexFuture *
muster_alert_act (MusterDatabase          *database,
                  MusterActor             *actor,
                  const char              *id,
                  const MusterAlertAction *action)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (id != NULL && action != NULL, NULL);

  return muster_database_write (database, actor, "Deal with an alert", act_job,
                                call_new ((const char *[]){ id, NULL }, action), call_free);
}

DexFuture *
muster_alert_act_on_many (MusterDatabase          *database,
                          MusterActor             *actor,
                          const char *const       *ids,
                          const MusterAlertAction *action)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (ids != NULL && action != NULL, NULL);

  return muster_database_write_large (database, actor, "Deal with alerts", act_on_many_job,
                                      call_new (ids, action), call_free);
}
