/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-raise"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-alert-service-private.h"
#include "muster-alert-text.h"

/* What explains an alert may have happened a little later than what it is about began. */
#define EXPLAIN_SLACK (5 * G_USEC_PER_SEC)

static gboolean
is_reach_rule (const MusterAlertPlan *plan)
{
  return plan->kind == MUSTER_ALERT_RULE_OFFLINE || plan->kind == MUSTER_ALERT_RULE_MISSING;
}

/* --- the record --- */

static void
explain (MusterAlertService *self, MusterEntity *alert, const char *device_id, gint64 since)
{
  gint64 window = muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_EXPLAIN_MINUTES) *
                  60 * G_USEC_PER_SEC;
  const MusterAlertChange *change =
    muster_alert_history_find (self->history, device_id, since - window, since + EXPLAIN_SLACK);
  g_autofree char *text = NULL;

  if (change == NULL)
    return;
  text = muster_alert_make_explanation (change->text, MAX (0, since - change->at));
  muster_entity_set_string (alert, "explanation", text);
  muster_entity_set_integer (alert, "journal_sequence", change->sequence);
}

/* How long what ended may come back as what it was. */
static gint64
get_patience (MusterAlertService *self)
{
  return muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_REOPEN_MINUTES) *
         G_TIME_SPAN_MINUTE;
}

static MusterEntity *
make_alert (MusterAlertService *self, const MusterAlertTransition *transition, const char *key)
{
  MusterEntity    *alert = muster_entity_new (&muster_alert_info);
  MusterAlertUnit *unit = muster_alert_site_get_unit (self->site, transition->device_id);
  gint64           now = muster_alert_service_get_now (self);
  g_autofree char *before =
    muster_alert_book_take_ended (self->book, key, now - get_patience (self));
  g_autofree char   *id = before != NULL ? g_steal_pointer (&before) : muster_uuid_new (now);
  gint64             since = transition->since > 0 ? MIN (transition->since, now) : now;
  MusterAlertSubject subject = { transition->plan->id, transition->device_id, transition->metric };
  gint64 until = muster_alert_silences_get_until (self->silences, &subject, self->zone, now);

  muster_entity_set_string (alert, "id", id);
  muster_entity_set_string (alert, "rule_id", transition->plan->id);
  muster_entity_set_string (alert, "device_id", transition->device_id);
  muster_entity_set_string (alert, "metric", transition->metric);
  muster_entity_set_string (alert, "dedupe_key", key);
  muster_entity_set_string (alert, "title", transition->plan->name);
  muster_entity_set_integer (alert, "raised_at", now);
  muster_entity_set_integer (alert, "last_at", now);
  muster_entity_set_enum (alert, "severity",
                          transition->plan->levels[transition->level - 1].severity);
  if (until > 0)
    muster_entity_set_integer (alert, "silenced_until", MIN (until, now + 3650LL * 86400000000));
  if (unit != NULL)
    {
      muster_entity_set_string (alert, "location_id", unit->location_id);
      muster_entity_set_string (alert, "product_id", unit->product_id);
    }
  explain (self, alert, transition->device_id, since);
  return alert;
}

static MusterAlertWrite *
make_write (MusterAlertService          *self,
            const MusterAlertTransition *transition,
            MusterAlertChangeKind        kind,
            const char                  *id)
{
  MusterAlertWrite *write = muster_alert_write_new (kind, id);
  MusterAlertUnit  *unit = muster_alert_site_get_unit (self->site, transition->device_id);
  MusterAlertPlace *place =
    unit != NULL ? muster_alert_site_get_place (self->site, unit->location_id) : NULL;

  write->plan = muster_alert_plan_ref ((MusterAlertPlan *)transition->plan);
  write->device_name = g_strdup (unit != NULL ? unit->name : transition->device_id);
  write->place = g_strdup (place != NULL ? place->path : NULL);
  write->value = transition->value;
  write->threshold = transition->threshold;
  write->at = muster_alert_service_get_now (self);
  if (transition->level > 0)
    write->severity = transition->plan->levels[transition->level - 1].severity;
  return write;
}

/* --- transitions --- */

/* What says that something is not reached waits a moment for others, which may have one cause. */
static void
take_raised (MusterAlertService *self, const MusterAlertTransition *transition, const char *key)
{
  MusterAlertEntry *entry = muster_alert_book_find (self->book, key);
  g_autoptr (MusterEntity) alert = NULL;
  MusterAlertWrite *write = NULL;

  if (entry != NULL)
    {
      muster_alert_queue_add (self->queue,
                              make_write (self, transition, MUSTER_ALERT_AGAIN, entry->id));
      return;
    }
  alert = make_alert (self, transition, key);
  entry = muster_alert_book_put (self->book, alert);
  if (is_reach_rule (transition->plan))
    muster_alert_book_mark_reach (self->book, entry);
  write = make_write (self, transition, MUSTER_ALERT_RAISE, entry->id);
  write->alert = g_object_ref (alert);
  if (!entry->is_reach)
    {
      muster_alert_queue_add (self->queue, write);
      return;
    }
  g_ptr_array_add (self->held, write);
  muster_alert_service_fold_soon (self);
}

/* Whether it was never told, and so need not be. */
static gboolean
withdraw_held (MusterAlertService *self, const char *id)
{
  for (guint i = 0; i < self->held->len; i++)
    if (g_str_equal (((MusterAlertWrite *)self->held->pdata[i])->id, id))
      {
        g_ptr_array_remove_index (self->held, i);
        return TRUE;
      }
  return FALSE;
}

void
muster_alert_service_end (MusterAlertService *self, const char *id, gint64 at)
{
  g_autofree char  *own = g_strdup (id);
  MusterAlertEntry *entry = muster_alert_book_get (self->book, own);

  if (entry != NULL && g_str_has_prefix (entry->key, "rule:"))
    muster_alert_book_note_ended (self->book, entry->key, own, at);
  if (!withdraw_held (self, own))
    {
      MusterAlertWrite *write = muster_alert_write_new (MUSTER_ALERT_END, own);

      write->at = at;
      muster_alert_queue_add (self->queue, write);
    }
  muster_alert_book_remove (self->book, own);
  muster_alert_service_fold_soon (self);
}

void
muster_alert_service_take_transition (const MusterAlertTransition *transition, gpointer user_data)
{
  MusterAlertService *self = user_data;
  g_autofree char    *key =
    muster_alert_make_rule_key (transition->plan->id, transition->device_id, transition->metric);
  MusterAlertEntry *entry = muster_alert_book_find (self->book, key);

  switch (transition->outcome)
    {
    case MUSTER_ALERT_RAISED:
      take_raised (self, transition, key);
      break;
    case MUSTER_ALERT_CHANGED:
      if (entry != NULL)
        muster_alert_queue_add (self->queue,
                                make_write (self, transition, MUSTER_ALERT_STEP, entry->id));
      break;
    case MUSTER_ALERT_CLEARED:
      if (entry != NULL)
        muster_alert_service_end (self, entry->id, muster_alert_service_get_now (self));
      break;
    case MUSTER_ALERT_UNCHANGED:
    default:
      break;
    }
}

/* The mildest level of such a severity. */
static unsigned
find_level (const MusterAlertPlan *plan, int severity)
{
  for (unsigned level = 0; level < plan->n_levels; level++)
    if (plan->levels[level].severity == severity)
      return level + 1;
  return 1;
}

unsigned
muster_alert_service_find_open (const MusterAlertPlan *plan,
                                const char            *device_id,
                                const char            *metric,
                                gint64                *since,
                                gpointer               user_data)
{
  MusterAlertService *self = user_data;
  g_autofree char    *key = muster_alert_make_rule_key (plan->id, device_id, metric);
  MusterAlertEntry   *entry = muster_alert_book_find (self->book, key);

  if (entry != NULL)
    {
      *since = entry->raised_at;
      if (is_reach_rule (plan))
        muster_alert_book_mark_reach (self->book, entry);
      return find_level (plan, entry->severity);
    }
  /* Whoever said that it is over knew that it was not well. */
  *since = muster_alert_service_get_now (self);
  return self->dismissed != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (self->dismissed, key))
                                 : 0;
}

/* --- rules that no longer look --- */

/* What was never heard since the start may still be so. */
static gboolean
is_held_up (MusterAlertService *self, MusterAlertEntry *entry)
{
  const MusterAlertCondition *condition = NULL;

  if (entry->rule_id == NULL || entry->device_id == NULL)
    return FALSE;
  condition =
    muster_alert_engine_find (self->engine, entry->rule_id, entry->device_id, entry->metric);
  return condition != NULL ? condition->level > 0
                           : muster_alert_engine_looks_at (self->engine, entry->rule_id,
                                                           entry->device_id, entry->metric);
}

void
muster_alert_service_end_unheld (MusterAlertService *self, const char *rule_id)
{
  g_autoptr (GPtrArray) ended = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter    iter;
  MusterAlertEntry *entry = NULL;

  g_hash_table_iter_init (&iter, muster_alert_book_get_all (self->book));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&entry))
    if (g_str_has_prefix (entry->key, "rule:") &&
        (rule_id == NULL || g_strcmp0 (entry->rule_id, rule_id) == 0) && !is_held_up (self, entry))
      g_ptr_array_add (ended, g_strdup (entry->id));
  for (guint i = 0; i < ended->len; i++)
    muster_alert_service_end (self, ended->pdata[i], muster_alert_service_get_now (self));
}

/* --- silences --- */

static gint64
get_silence (MusterAlertService *self, MusterAlertEntry *entry)
{
  MusterAlertSubject subject = { entry->rule_id, entry->device_id, entry->metric };

  return muster_alert_silences_get_until (self->silences, &subject, self->zone,
                                          muster_alert_service_get_now (self));
}

static gint64 *
copy_time (gint64 time)
{
  return g_memdup2 (&time, sizeof time);
}

GHashTable *
muster_alert_service_list_hushed (MusterAlertService *self)
{
  GHashTable       *hushed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter    iter;
  MusterAlertEntry *entry = NULL;

  g_hash_table_iter_init (&iter, muster_alert_book_get_all (self->book));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&entry))
    {
      gint64 until = get_silence (self, entry);

      if (until > 0)
        g_hash_table_insert (hushed, g_strdup (entry->id), copy_time (until));
    }
  return hushed;
}

static void
hush (MusterAlertService *self, MusterAlertEntry *entry, gint64 until)
{
  MusterAlertWrite *write = muster_alert_write_new (MUSTER_ALERT_HUSH, entry->id);

  write->at = until;
  entry->silenced_until = until;
  muster_alert_queue_add (self->queue, write);
}

void
muster_alert_service_hush (MusterAlertService *self, GHashTable *previous)
{
  GHashTableIter    iter;
  MusterAlertEntry *entry = NULL;

  g_hash_table_iter_init (&iter, muster_alert_book_get_all (self->book));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&entry))
    {
      gint64  until = get_silence (self, entry);
      gint64 *before = previous != NULL ? g_hash_table_lookup (previous, entry->id) : NULL;

      /* What somebody said of the alert itself, and lasts longer, stays. */
      if (until > entry->silenced_until ||
          (before != NULL && *before == entry->silenced_until && until != *before))
        hush (self, entry, until);
    }
}
