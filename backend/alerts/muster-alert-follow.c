/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-follow"

#include "config.h"

#include "core/muster-promise.h"
#include "devices/muster-live-status.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-location.h"
#include "model/muster-metric.h"
#include "model/muster-site.h"
#include "muster-alert-service-private.h"

/* A change of what belongs to a group is often one of many. */
#define GROUPS_MILLISECONDS 500

void
muster_alert_service_set_timezone (MusterAlertService *self, const char *name)
{
  GTimeZone *zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;

  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone != NULL ? zone : g_time_zone_new_local ();
}

/* --- groups --- */

static DexFuture *
groups_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterAlertService *self = user_data;
  GHashTable         *groups = g_value_get_boxed (dex_future_get_value (future, NULL));
  gint64              now = muster_alert_service_get_now (self);
  GHashTableIter      iter;
  const char         *id = NULL;

  g_hash_table_iter_init (&iter, self->site->units);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, NULL))
    {
      GPtrArray *ids = g_hash_table_lookup (groups, id);

      muster_alert_engine_set_groups (self->engine, id,
                                      ids != NULL ? (const char *const *)ids->pdata : NULL, now);
    }
  return dex_future_new_true ();
}

static gboolean
load_groups_cb (gpointer user_data)
{
  MusterAlertService *self = user_data;

  self->groups_id = 0;
  muster_disown_logged (G_LOG_LEVEL_WARNING,
                        dex_future_then (muster_alert_load_groups (
                                           muster_repository_get_database (self->repository)),
                                         groups_loaded_cb, g_object_ref (self), g_object_unref),
                        "groups of devices for alerts");
  return G_SOURCE_REMOVE;
}

static void
load_groups_soon (MusterAlertService *self)
{
  /* A device may belong to one by any of its fields. */
  if (self->groups_id == 0 && (muster_alert_engine_uses_groups (self->engine) ||
                               muster_alert_silences_use_groups (self->silences)))
    self->groups_id = g_timeout_add (GROUPS_MILLISECONDS, load_groups_cb, self);
}

/* --- records --- */

static JsonObject *
get_members (MusterJournalEntry *entry)
{
  return muster_journal_entry_get_action (entry) != MUSTER_JOURNAL_DELETE
           ? muster_journal_entry_get_after (entry)
           : NULL;
}

static void
note_change (MusterAlertService *self, MusterJournalEntry *entry, MusterAlertUnit *unit)
{
  MusterAlertPlace *place = muster_alert_site_get_place (self->site, unit->location_id);
  gint64            now = muster_alert_service_get_now (self);

  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_UPDATE)
    muster_alert_history_note (self->history, unit->id, now,
                               muster_journal_entry_get_sequence (entry), get_members (entry),
                               place != NULL ? place->path : NULL);
}

static void
follow_device (MusterAlertService *self, MusterJournalEntry *entry)
{
  const char      *id = muster_journal_entry_get_entity_id (entry);
  MusterEntity    *record = muster_journal_entry_get_record (entry);
  MusterAlertUnit *unit = NULL;

  if (get_members (entry) == NULL)
    {
      muster_alert_engine_remove_device (self->engine, id);
      muster_alert_site_remove (self->site, id);
      return;
    }
  unit = record != NULL ? muster_alert_site_add_unit (self->site, record)
                        : muster_alert_site_apply_unit (self->site, id, get_members (entry));
  note_change (self, entry, unit);
  muster_alert_engine_set_device (self->engine, id, unit->product_id, unit->location_id,
                                  muster_alert_unit_is_watched (unit),
                                  muster_alert_service_get_now (self));
  load_groups_soon (self);
}

static void
follow_place (MusterAlertService *self, MusterJournalEntry *entry)
{
  const char       *id = muster_journal_entry_get_entity_id (entry);
  MusterEntity     *record = muster_journal_entry_get_record (entry);
  MusterAlertPlace *place = NULL;

  if (get_members (entry) == NULL)
    {
      muster_alert_engine_set_place (self->engine, id, NULL);
      muster_alert_site_remove (self->site, id);
      return;
    }
  place = record != NULL ? muster_alert_site_add_place (self->site, record)
                         : muster_alert_site_apply_place (self->site, id, get_members (entry));
  muster_alert_engine_set_place (self->engine, id, place->parent_id);
}

/* Something of a record that is read whole, as of rules and silences. */
typedef struct
{
  MusterAlertService *service;
  char               *id;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->service);
  g_free (self->id);
  g_free (self);
}

static void
read_record (MusterAlertService     *self,
             const MusterEntityInfo *info,
             const char             *id,
             DexFutureCallback       then)
{
  Reading *reading = g_new (Reading, 1);

  *reading = (Reading){ g_object_ref (self), g_strdup (id) };
  dex_future_disown (dex_future_then (muster_repository_get (self->repository, info, id), then,
                                      reading, reading_free));
}

static void
set_rule (MusterAlertService *self, MusterEntity *rule)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterAlertPlan) plan = muster_alert_plan_new (rule, &error);

  if (plan == NULL)
    {
      g_warning ("alert rule %s cannot be evaluated: %s", muster_entity_get_id (rule),
                 error->message);
      muster_alert_engine_remove_rule (self->engine, muster_entity_get_id (rule));
    }
  else
    muster_alert_engine_set_rule (self->engine, plan, muster_alert_service_get_now (self));
  muster_alert_service_end_unheld (self, muster_entity_get_id (rule));
  if (plan != NULL && plan->scope == MUSTER_ALERT_SCOPE_GROUP)
    load_groups_soon (self);
  muster_alert_service_schedule (self);
}

static DexFuture *
rule_read_cb (DexFuture *future, gpointer user_data)
{
  Reading *reading = user_data;

  set_rule (reading->service, g_value_get_object (dex_future_get_value (future, NULL)));
  return dex_future_new_true ();
}

static void
follow_rule (MusterAlertService *self, MusterJournalEntry *entry)
{
  const char   *id = muster_journal_entry_get_entity_id (entry);
  MusterEntity *record = muster_journal_entry_get_record (entry);

  if (get_members (entry) == NULL)
    {
      muster_alert_engine_remove_rule (self->engine, id);
      muster_alert_service_end_unheld (self, id);
    }
  else if (record != NULL)
    set_rule (self, record);
  else
    read_record (self, &muster_alert_rule_info, id, rule_read_cb);
}

static void
set_silence (MusterAlertService *self, MusterEntity *silence)
{
  g_autoptr (GHashTable) before = muster_alert_service_list_hushed (self);

  muster_alert_silences_put (self->silences, silence);
  muster_alert_service_hush (self, before);
  self->silences_at = 0;
  load_groups_soon (self);
  muster_alert_service_schedule (self);
}

static DexFuture *
silence_read_cb (DexFuture *future, gpointer user_data)
{
  Reading *reading = user_data;

  set_silence (reading->service, g_value_get_object (dex_future_get_value (future, NULL)));
  return dex_future_new_true ();
}

static void
follow_silence (MusterAlertService *self, MusterJournalEntry *entry)
{
  const char   *id = muster_journal_entry_get_entity_id (entry);
  MusterEntity *record = muster_journal_entry_get_record (entry);
  g_autoptr (GHashTable) before = NULL;

  if (get_members (entry) != NULL)
    {
      if (record != NULL)
        set_silence (self, record);
      else
        read_record (self, &muster_alert_silence_info, id, silence_read_cb);
      return;
    }
  before = muster_alert_service_list_hushed (self);
  muster_alert_silences_remove (self->silences, id);
  muster_alert_service_hush (self, before);
}

static DexFuture *
alert_read_cb (DexFuture *future, gpointer user_data)
{
  Reading *reading = user_data;

  muster_alert_book_put (reading->service->book,
                         g_value_get_object (dex_future_get_value (future, NULL)));
  return dex_future_new_true ();
}

static gboolean
is_reopened (MusterJournalEntry *entry)
{
  const char *status =
    json_object_get_string_member_with_default (get_members (entry), "status", NULL);

  return status != NULL && !g_str_equal (status, "resolved");
}

static void
follow_alert (MusterAlertService *self, MusterJournalEntry *entry)
{
  const char   *id = muster_journal_entry_get_entity_id (entry);
  MusterEntity *record = muster_journal_entry_get_record (entry);
  gboolean      was_cause = FALSE;

  if (muster_alert_book_get (self->book, id) != NULL)
    was_cause = muster_alert_book_get (self->book, id)->cause_kind != MUSTER_ALERT_CAUSE_NONE;
  if (get_members (entry) == NULL)
    muster_alert_book_remove (self->book, id);
  else if (record != NULL)
    muster_alert_book_put (self->book, record);
  else if (muster_alert_book_get (self->book, id) != NULL)
    muster_alert_book_apply (self->book, id, get_members (entry));
  else if (is_reopened (entry)) /* resolving it was undone */
    read_record (self, &muster_alert_info, id, alert_read_cb);
  if (was_cause && muster_alert_book_get (self->book, id) == NULL)
    muster_alert_service_fold_soon (self);
}

static void
follow_site (MusterAlertService *self, MusterJournalEntry *entry)
{
  JsonObject *members = get_members (entry);

  if (members != NULL && json_object_has_member (members, "timezone"))
    muster_alert_service_set_timezone (self, json_object_get_string_member_with_default (members,
                                                                                         "timezone",
                                                                                         NULL));
}

static DexFuture *
calendar_read_cb (DexFuture *future, gpointer user_data)
{
  Reading *reading = user_data;

  g_hash_table_insert (reading->service->calendars, g_strdup (reading->id),
                       g_object_ref (g_value_get_object (dex_future_get_value (future, NULL))));
  return dex_future_new_true ();
}

static void
follow_calendar (MusterAlertService *self, MusterJournalEntry *entry)
{
  const char *id = muster_journal_entry_get_entity_id (entry);

  if (get_members (entry) != NULL)
    read_record (self, &muster_duty_calendar_info, id, calendar_read_cb);
  else
    g_hash_table_remove (self->calendars, id);
}

static void
follow_metric (MusterAlertService *self, MusterJournalEntry *entry)
{
  MusterEntity *record = muster_journal_entry_get_record (entry);

  if (record != NULL)
    muster_alert_service_note_metric (self, record);
}

static void
follow_group (MusterAlertService *self, MusterJournalEntry *entry)
{
  load_groups_soon (self);
}

/* A device that was offline before the site began is so for as long as that: what a rule waits for
 * does not begin anew. */
static gint64
find_since (MusterLiveStatus *status, gint64 now)
{
  gint64 since = muster_live_status_get_since (status);

  return since > 0 ? MIN (since, now) : now;
}

static void
follow_journal (MusterAlertService *self, MusterJournalEntry *entry)
{
  static const struct
  {
    const MusterEntityInfo *info;
    void (*follow) (MusterAlertService *self, MusterJournalEntry *entry);
  } followers[] = {
    { &muster_device_info, follow_device },
    { &muster_alert_info, follow_alert },
    { &muster_alert_rule_info, follow_rule },
    { &muster_alert_silence_info, follow_silence },
    { &muster_location_info, follow_place },
    { &muster_device_group_info, follow_group },
    { &muster_device_group_member_info, follow_group },
    { &muster_site_info, follow_site },
    { &muster_metric_info, follow_metric },
    { &muster_duty_calendar_info, follow_calendar },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (followers); i++)
    if (g_str_equal (followers[i].info->name, muster_journal_entry_get_entity (entry)))
      {
        followers[i].follow (self, entry);
        return;
      }
}

/* --- events --- */

void
muster_alert_service_take_event (MusterAlertService *self, MusterEvent *event)
{
  const char *topic = muster_event_get_topic (event);
  gpointer    payload = muster_event_get_payload (event);
  gint64      now = muster_alert_service_get_now (self);

  if (g_str_equal (topic, MUSTER_TOPIC_TELEMETRY))
    muster_alert_engine_feed (self->engine, payload, now);
  else if (g_str_equal (topic, MUSTER_TOPIC_LIVE))
    muster_alert_service_add_live (self, muster_live_status_get_device_id (payload),
                                   muster_live_status_get_state (payload),
                                   find_since (payload, now));
  else
    follow_journal (self, payload);
  muster_alert_service_schedule (self);
}

/* While it loads, what happens waits for what was before. */
static void
event_cb (MusterEvent *event, gpointer user_data)
{
  MusterAlertService *self = user_data;

  if (self->queue == NULL || self->is_stopped)
    return;
  if (self->early != NULL)
    g_ptr_array_add (self->early, muster_event_ref (event));
  else
    muster_alert_service_take_event (self, event);
}

void
muster_alert_service_follow (MusterAlertService *self)
{
  static const char *const topics[] = { MUSTER_TOPIC_JOURNAL, MUSTER_TOPIC_TELEMETRY,
                                        MUSTER_TOPIC_LIVE };

  for (size_t i = 0; i < G_N_ELEMENTS (topics); i++)
    muster_bus_subscribe (self->bus, topics[i], G_OBJECT (self), event_cb, self);
}
