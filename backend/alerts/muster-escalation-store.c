/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation-store"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "model/muster-alert-rule.h"
#include "model/muster-alert.h"
#include "model/muster-escalation-run.h"
#include "model/muster-person.h"
#include "model/muster-site.h"
#include "muster-alert-windows.h"
#include "muster-channel.h"
#include "muster-duty-roster.h"
#include "muster-escalation-plan.h"
#include "muster-escalation-store.h"
#include "muster-notify-text.h"
#include "muster-siren.h"

/* --- batches --- */

static void
due_free (gpointer data)
{
  MusterEscalationDue *self = data;

  g_free (self->alert_id);
  g_free (self);
}

MusterEscalationBatch *
muster_escalation_batch_new (void)
{
  MusterEscalationBatch *self = g_atomic_rc_box_new0 (MusterEscalationBatch);

  self->alert_ids = g_ptr_array_new_with_free_func (g_free);
  self->notifications = g_ptr_array_new_with_free_func (g_object_unref);
  self->dues = g_ptr_array_new_with_free_func (due_free);
  return self;
}

static void
batch_clear (gpointer data)
{
  MusterEscalationBatch *self = data;

  g_ptr_array_unref (self->alert_ids);
  g_ptr_array_unref (self->notifications);
  g_ptr_array_unref (self->dues);
}

void
muster_escalation_batch_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, batch_clear);
}

/* --- an alert's turn --- */

/* What is the same for all of a batch, and what is of the alert whose turn it is. */
typedef struct
{
  MusterTransaction     *transaction;
  MusterEscalationBatch *batch;
  GTimeZone             *zone;    /* (owned) */
  GHashTable            *records; /* (owned) (element-type utf8 MusterEntity): by id, read before */

  MusterEntity         *alert;
  MusterEntity         *run;        /* (nullable) */
  MusterEntity         *escalation; /* (nullable) */
  MusterEscalationPlan *plan;       /* (nullable) */
} Turn;

GTimeZone *
muster_escalation_get_zone (MusterTransaction *transaction)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (MusterEntity) site = muster_transaction_find (transaction, query, NULL);
  const char *name = site != NULL ? muster_entity_get_string (site, "timezone") : NULL;
  GTimeZone  *zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;

  return zone != NULL ? zone : g_time_zone_new_local ();
}

/* The record ID, read once a batch; NULL where there is none: borrowed. */
static MusterEntity *
turn_get (Turn *self, const MusterEntityInfo *info, const char *id)
{
  gpointer record = NULL;

  if (id == NULL)
    return NULL;
  if (!g_hash_table_lookup_extended (self->records, id, NULL, &record))
    {
      record = muster_transaction_get (self->transaction, info, id, NULL);
      g_hash_table_insert (self->records, g_strdup (id), record);
    }
  return record;
}

static MusterEntity *
turn_find_default (Turn *self)
{
  static const char *const key = "the default escalation";
  gpointer                 record = NULL;

  if (!g_hash_table_lookup_extended (self->records, key, NULL, &record))
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_escalation_info);

      muster_query_where (query, "is_default", "true");
      record = muster_transaction_find (self->transaction, query, NULL);
      g_hash_table_insert (self->records, g_strdup (key), record);
    }
  return record;
}

static MusterEntity *
turn_get_rule (Turn *self)
{
  return turn_get (self, &muster_alert_rule_info,
                   muster_entity_get_string (self->alert, "rule_id"));
}

/* The one that its rule names, else the one that it has begun, else the default one: who becomes
 * the default later does not tell everybody everything again. */
static MusterEntity *
turn_find_escalation (Turn *self)
{
  MusterEntity *rule = turn_get_rule (self);
  MusterEntity *found = NULL;

  if (rule != NULL)
    found =
      turn_get (self, &muster_escalation_info, muster_entity_get_string (rule, "escalation_id"));
  if (found == NULL && self->run != NULL)
    found = turn_get (self, &muster_escalation_info,
                      muster_entity_get_string (self->run, "escalation_id"));
  return found != NULL ? found : turn_find_default (self);
}

static gint64
find_quiet_end (Turn *self, gint64 now)
{
  MusterEntity *rule = turn_get_rule (self);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterAlertWindows) quiet = NULL;
  gint64 until = 0;

  if (rule != NULL)
    quiet = muster_alert_windows_parse (muster_entity_get_string (rule, "quiet_hours"),
                                        "/quiet_hours", errors);
  return quiet != NULL && muster_alert_windows_contain (quiet, self->zone, now, &until) ? until : 0;
}

/* Until when nobody is told of the alert: as MusterEscalationMoment has it. */
static gint64
find_held_until (Turn *self, gint64 now)
{
  gint64 silenced = muster_entity_get_integer (self->alert, "silenced_until");

  if (!muster_entity_is_null (self->alert, "cause_id"))
    return G_MAXINT64;
  return MAX (silenced > now ? silenced : 0, find_quiet_end (self, now));
}

/* --- telling --- */

static MusterEntity *
make_notification (Turn                   *self,
                   MusterEntity           *channel,
                   int                     step,
                   const char             *person_id,
                   MusterNotificationKind  kind,
                   const MusterNotifyText *text)
{
  MusterEntity *notification = muster_entity_new (&muster_notification_info);

  muster_entity_set_string (notification, "alert_id", muster_entity_get_id (self->alert));
  muster_entity_set_string (notification, "channel_id", muster_entity_get_id (channel));
  muster_entity_set_string (notification, "person_id", person_id);
  muster_entity_set_enum (notification, "kind", kind);
  muster_entity_set_enum (notification, "severity",
                          muster_entity_get_enum (self->alert, "severity"));
  muster_entity_set_integer (notification, "next_at",
                             muster_transaction_get_now (self->transaction));
  muster_entity_set_string (notification, "subject", text->subject);
  muster_entity_set_string (notification, "body", text->body);
  muster_entity_set_string (notification, "data", text->data);
  if (self->escalation != NULL)
    muster_entity_set_string (notification, "escalation_id",
                              muster_entity_get_id (self->escalation));
  if (step >= 0)
    muster_entity_set_integer (notification, "step", step);
  return notification;
}

/* Tells PERSON (nullable). */
static gboolean
tell_one (Turn                   *self,
          MusterEntity           *channel,
          int                     step,
          MusterEntity           *person,
          MusterNotificationKind  kind,
          const MusterNotifyText *text,
          GError                **error)
{
  const MusterChannel *way = muster_channel_get (muster_entity_get_enum (channel, "kind"));
  g_autofree char *obstacle = person != NULL ? muster_channel_find_obstacle (way, person) : NULL;
  g_autoptr (MusterEntity) notification =
              make_notification (self, channel, step,
                                 person != NULL ? muster_entity_get_id (person) : NULL, kind, text);

  if (obstacle != NULL)
    {
      muster_entity_set_enum (notification, "status", MUSTER_NOTIFICATION_FAILED);
      muster_entity_set_string (notification, "error", obstacle);
      muster_entity_set_null (notification, "next_at");
    }
  if (!muster_transaction_insert (self->transaction, notification, error))
    return FALSE;
  if (obstacle == NULL)
    g_ptr_array_add (self->batch->notifications, g_object_ref (notification));
  return kind == MUSTER_NOTIFICATION_RESOLVE ||
         muster_siren_add_end (self->transaction, channel, notification, self->batch->notifications,
                               error);
}

/* Adds ID to IDS unless it is there. */
static void
add_person (GPtrArray *ids, const char *id)
{
  if (!g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
    g_ptr_array_add (ids, g_strdup (id));
}

/* Whom STEP names, and who is on duty: (transfer full) (element-type utf8). */
static GPtrArray *
list_people (Turn *self, const MusterEscalationStep *step)
{
  GPtrArray    *ids = g_ptr_array_new_with_free_func (g_free);
  MusterEntity *calendar = turn_get (self, &muster_duty_calendar_info, step->calendar_id);
  g_autoptr (MusterDutyRoster) roster = NULL;
  g_autoptr (GArray) shifts = NULL;

  for (char **id = step->people; *id != NULL; id++)
    add_person (ids, *id);
  if (calendar == NULL)
    return ids;
  roster = muster_duty_roster_new (calendar, self->zone);
  shifts = muster_duty_roster_list (roster, muster_transaction_get_now (self->transaction));
  for (guint i = 0; i < shifts->len; i++)
    add_person (ids, g_array_index (shifts, MusterDutyShift, i).person_id);
  return ids;
}

static gboolean
is_for_channel (Turn *self, MusterEntity *channel)
{
  return channel != NULL && muster_entity_get_boolean (channel, "enabled") &&
         muster_entity_get_enum (self->alert, "severity") >=
           muster_entity_get_enum (channel, "min_severity");
}

static gboolean
tell_over (Turn                   *self,
           MusterEntity           *channel,
           int                     step,
           GPtrArray              *people,
           MusterNotificationKind  kind,
           const MusterNotifyText *text,
           GError                **error)
{
  const MusterChannel *way = muster_channel_get (muster_entity_get_enum (channel, "kind"));
  unsigned             n_people = 0;

  for (guint i = 0; way->person_field != NULL && i < people->len; i++)
    {
      MusterEntity *person = turn_get (self, &muster_person_info, people->pdata[i]);

      if (person == NULL)
        continue;
      n_people++;
      if (!tell_one (self, channel, step, person, kind, text, error))
        return FALSE;
    }
  /* Nobody is named, or nobody is on duty: then whoever the channel itself reaches. */
  return n_people > 0 || tell_one (self, channel, step, NULL, kind, text, error);
}

static gboolean
tell_step (Turn *self, int index, MusterNotificationKind kind, GError **error)
{
  const MusterEscalationStep *step = self->plan->steps->pdata[index];
  g_autoptr (GPtrArray) people = list_people (self, step);
  g_auto (MusterNotifyText) text = { 0 };

  muster_notify_text_init (&text, self->transaction, self->alert, kind, self->zone);
  for (char **id = step->channels; *id != NULL; id++)
    {
      MusterEntity *channel = turn_get (self, &muster_notification_channel_info, *id);

      if (is_for_channel (self, channel) &&
          !tell_over (self, channel, index, people, kind, &text, error))
        return FALSE;
    }
  return TRUE;
}

/* --- the end of an alert --- */

/* Who was told of it, or is still to be: those of its notifications, one of each channel and
 * person. */
static GPtrArray *
list_told (Turn *self, GError **error)
{
  static const char *const kinds[] = { "raise", "repeat", NULL };
  static const char *const statuses[] = { "sent", "queued", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *told = NULL;

  muster_query_where (query, "alert_id", muster_entity_get_id (self->alert));
  muster_query_where_any (query, "kind", kinds);
  muster_query_where_any (query, "status", statuses);
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  all = muster_transaction_select (self->transaction, query, error);
  if (all == NULL)
    return NULL;
  told = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < all->len; i++)
    {
      const char *person = muster_entity_get_string (all->pdata[i], "person_id");

      if (g_hash_table_add (seen,
                            g_strconcat (muster_entity_get_string (all->pdata[i], "channel_id"),
                                         "/", person, NULL)))
        g_ptr_array_add (told, g_object_ref (all->pdata[i]));
    }
  return told;
}

static gboolean
tell_resolved (Turn *self, GError **error)
{
  g_autoptr (GPtrArray) told = list_told (self, error);
  g_auto (MusterNotifyText) text = { 0 };

  if (told == NULL)
    return FALSE;
  muster_notify_text_init (&text, self->transaction, self->alert, MUSTER_NOTIFICATION_RESOLVE,
                           self->zone);
  for (guint i = 0; i < told->len; i++)
    {
      MusterEntity *channel = turn_get (self, &muster_notification_channel_info,
                                        muster_entity_get_string (told->pdata[i], "channel_id"));
      MusterEntity *person = turn_get (self, &muster_person_info,
                                       muster_entity_get_string (told->pdata[i], "person_id"));

      if (channel == NULL || muster_entity_get_enum (channel, "kind") == MUSTER_CHANNEL_SIREN ||
          !muster_entity_get_boolean (channel, "enabled"))
        continue;
      if (!tell_one (self, channel, -1, person, MUSTER_NOTIFICATION_RESOLVE, &text, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_due (Turn *self, const char *alert_id, gint64 next_at)
{
  MusterEscalationDue *due = g_new (MusterEscalationDue, 1);

  *due = (MusterEscalationDue){ g_strdup (alert_id), next_at };
  g_ptr_array_add (self->batch->dues, due);
}

/* ALERT_ID's escalation is over. */
static gboolean
end_run (Turn *self, const char *alert_id, GError **error)
{
  add_due (self, alert_id, -1);
  return self->run == NULL ||
         (muster_siren_end_now (self->transaction, alert_id, self->batch->notifications, error) &&
          muster_transaction_delete (self->transaction, &muster_escalation_run_info,
                                     muster_entity_get_id (self->run), 0, error));
}

/* Until when what ended by itself may come back as what it was; 0: it is over. */
static gint64
find_patience_end (Turn *self, gint64 now)
{
  gint64 end = muster_entity_get_integer (self->alert, "resolved_at") + self->batch->patience;

  return self->run != NULL && muster_entity_is_null (self->alert, "resolved_by") && end > now ? end
                                                                                              : 0;
}

/* It is over, but nobody is told before it is certain: the escalation rests as it stands. */
static gboolean
rest (Turn *self, gint64 until, GError **error)
{
  const char *id = muster_entity_get_id (self->alert);

  muster_entity_set_integer (self->run, "next_at", until);
  add_due (self, id, until);
  return muster_siren_end_now (self->transaction, id, self->batch->notifications, error) &&
         muster_transaction_update (self->transaction, self->run, 0, error);
}

static gboolean
finish (Turn *self, GError **error)
{
  gint64 now = muster_transaction_get_now (self->transaction);
  gint64 until = find_patience_end (self, now);

  if (until > 0)
    return rest (self, until, error);
  return (self->run == NULL || find_held_until (self, now) > now || tell_resolved (self, error)) &&
         end_run (self, muster_entity_get_id (self->alert), error);
}

/* --- going on --- */

static MusterEntity *
find_run (MusterTransaction *transaction, const char *alert_id)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_escalation_run_info);

  muster_query_where (query, "alert_id", alert_id);
  return muster_transaction_find (transaction, query, NULL);
}

static MusterEntity *
make_run (MusterEntity *alert)
{
  MusterEntity *run = muster_entity_new (&muster_escalation_run_info);

  muster_entity_set_string (run, "alert_id", muster_entity_get_id (alert));
  muster_entity_set_enum (run, "severity", muster_entity_get_enum (alert, "severity"));
  muster_entity_set_integer (run, "begun_at", muster_entity_get_integer (alert, "created_at"));
  return run;
}

static MusterEscalationState
read_state (MusterEntity *run)
{
  return (MusterEscalationState){ .begun_at = muster_entity_get_integer (run, "begun_at"),
                                  .told_at = muster_entity_get_integer (run, "told_at"),
                                  .step = muster_entity_get_integer (run, "step"),
                                  .rounds = muster_entity_get_integer (run, "rounds") };
}

static void
set_time (MusterEntity *run, const char *name, gint64 time)
{
  if (time > 0)
    muster_entity_set_integer (run, name, time);
  else
    muster_entity_set_null (run, name);
}

static void
write_state (Turn *self, const MusterEscalationState *state, gint64 next_at)
{
  muster_entity_set_string (self->run, "escalation_id",
                            self->escalation != NULL ? muster_entity_get_id (self->escalation)
                                                     : NULL);
  muster_entity_set_enum (self->run, "severity", muster_entity_get_enum (self->alert, "severity"));
  muster_entity_set_integer (self->run, "begun_at", state->begun_at);
  muster_entity_set_integer (self->run, "step", state->step);
  muster_entity_set_integer (self->run, "rounds", state->rounds);
  set_time (self->run, "told_at", state->told_at);
  set_time (self->run, "next_at", next_at);
}

/* What got worse, or goes through another escalation now, begins anew. */
static void
begin_anew_if_worse (Turn *self, MusterEscalationState *state, gint64 now)
{
  const char *was = muster_entity_get_string (self->run, "escalation_id");
  const char *is = self->escalation != NULL ? muster_entity_get_id (self->escalation) : NULL;

  if (muster_entity_get_enum (self->alert, "severity") >
        muster_entity_get_enum (self->run, "severity") ||
      (was != NULL && is != NULL && !g_str_equal (was, is)))
    *state = (MusterEscalationState){ .begun_at = now, .rounds = state->rounds };
}

/* What is to be done for the alert now, into ACTION. */
static void
turn_plan (Turn *self, MusterEscalationState *state, MusterEscalationAction *action)
{
  gint64   now = muster_transaction_get_now (self->transaction);
  gboolean acknowledged =
    muster_entity_get_enum (self->alert, "status") == MUSTER_ALERT_STATUS_ACKNOWLEDGED;
  MusterEscalationMoment moment = {
    .now = now,
    .acknowledged_at =
      acknowledged ? muster_entity_get_integer (self->alert, "acknowledged_at") : 0,
    .held_until = find_held_until (self, now),
  };

  begin_anew_if_worse (self, state, now);
  if (self->plan != NULL && muster_entity_get_enum (self->alert, "severity") >=
                              muster_entity_get_enum (self->escalation, "min_severity"))
    muster_escalation_plan_advance (self->plan, &moment, state, action);
}

static gboolean
go_on (Turn *self, GError **error)
{
  g_auto (MusterEscalationAction) action = { 0 };
  gboolean              is_new = self->run == NULL;
  MusterEscalationState state;

  self->escalation = turn_find_escalation (self);
  self->plan = self->escalation != NULL ? muster_escalation_plan_new (self->escalation) : NULL;
  if (is_new)
    self->run = make_run (self->alert);
  state = read_state (self->run);
  turn_plan (self, &state, &action);
  for (guint i = 0; action.steps != NULL && i < action.steps->len; i++)
    if (!tell_step (self, g_array_index (action.steps, int, i),
                    action.is_repeat ? MUSTER_NOTIFICATION_REPEAT : MUSTER_NOTIFICATION_RAISE,
                    error))
      return FALSE;
  if (muster_entity_get_enum (self->alert, "status") == MUSTER_ALERT_STATUS_ACKNOWLEDGED &&
      (action.steps == NULL || action.steps->len == 0) &&
      !muster_siren_end_now (self->transaction, muster_entity_get_id (self->alert),
                             self->batch->notifications, error))
    return FALSE;
  write_state (self, &state, action.next_at);
  add_due (self, muster_entity_get_id (self->alert), action.next_at);
  return is_new ? muster_transaction_insert (self->transaction, self->run, error)
                : muster_transaction_update (self->transaction, self->run, 0, error);
}

static gboolean
advance_one (Turn *self, const char *alert_id, GError **error)
{
  g_autoptr (MusterEntity) alert =
              muster_transaction_get (self->transaction, &muster_alert_info, alert_id, NULL);
  gboolean done;

  self->alert = alert;
  self->run = find_run (self->transaction, alert_id);
  self->escalation = NULL;
  self->plan = NULL;
  if (alert == NULL)
    done = end_run (self, alert_id, error);
  else if (muster_entity_get_enum (alert, "status") == MUSTER_ALERT_STATUS_RESOLVED)
    done = finish (self, error);
  else
    done = go_on (self, error);
  g_clear_object (&self->run);
  g_clear_pointer (&self->plan, muster_escalation_plan_free);
  return done;
}

static void
unref_record (gpointer record)
{
  if (record != NULL)
    g_object_unref (record);
}

static gboolean
advance_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEscalationBatch *batch = data;
  Turn                   turn = { .transaction = transaction, .batch = batch };
  gboolean               done = TRUE;

  /* Where the writer tries a job again, it begins with nothing. */
  g_ptr_array_set_size (batch->notifications, 0);
  g_ptr_array_set_size (batch->dues, 0);
  turn.zone = muster_escalation_get_zone (transaction);
  turn.records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_record);
  for (guint i = 0; done && i < batch->alert_ids->len; i++)
    done = advance_one (&turn, batch->alert_ids->pdata[i], error);
  g_hash_table_unref (turn.records);
  g_time_zone_unref (turn.zone);
  return done;
}

DexFuture *
muster_escalation_store_advance (MusterRepository *repository, MusterEscalationBatch *batch)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("notifications");

  return muster_database_write (muster_repository_get_database (repository), actor, NULL,
                                advance_job, g_atomic_rc_box_acquire (batch),
                                muster_escalation_batch_unref);
}

/* --- what is open --- */

static gboolean
list_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  static const char *const unresolved[] = { "open", "acknowledged", NULL };
  g_autoptr (MusterQuery) alerts = muster_query_new (&muster_alert_info);
  g_autoptr (MusterQuery) runs = muster_query_new (&muster_escalation_run_info);
  g_autoptr (GPtrArray) open = NULL;
  g_autoptr (GPtrArray) running = NULL;
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  muster_query_where_any (alerts, "status", unresolved);
  muster_query_set_limit (runs, 0);
  open = muster_transaction_select_ids (transaction, alerts, error);
  running = open != NULL ? muster_transaction_select (transaction, runs, error) : NULL;
  if (running == NULL)
    return FALSE;
  for (guint i = 0; i < open->len; i++)
    g_hash_table_add (ids, open->pdata[i]);
  for (guint i = 0; i < running->len; i++)
    g_hash_table_add (ids, (gpointer)muster_entity_get_string (running->pdata[i], "alert_id"));
  g_value_init (result, G_TYPE_STRV);
  {
    g_autofree gpointer *keys = g_hash_table_get_keys_as_array (ids, NULL);

    g_value_set_boxed (result, keys);
  }
  return TRUE;
}

DexFuture *
muster_escalation_store_list (MusterRepository *repository)
{
  return muster_database_read (muster_repository_get_database (repository), list_job, NULL, NULL);
}
