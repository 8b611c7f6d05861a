/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-begin"

#include "config.h"

#include "model/muster-alert-rule.h"
#include "model/muster-device-event.h"
#include "model/muster-time.h"
#include "muster-alert-past.h"
#include "muster-alert-service-private.h"

/* What begins when the service does: everything is known from before, nothing raised twice. */

/* Changes of devices that are looked at for explanations. */
#define N_CHANGES 1000

/* --- what is stored --- */

static void
take_alerts (MusterAlertService *self, MusterAlertLoaded *loaded)
{
  for (guint i = 0; i < loaded->alerts->len; i++)
    muster_alert_book_put (self->book, loaded->alerts->pdata[i]);
  self->dismissed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < loaded->dismissed->len; i++)
    {
      MusterEntity *alert = loaded->dismissed->pdata[i];
      const char   *key = muster_entity_get_string (alert, "dedupe_key");

      /* The newest of a key says how it ended. */
      if (g_hash_table_contains (self->dismissed, key))
        continue;
      g_hash_table_insert (self->dismissed, g_strdup (key),
                           GUINT_TO_POINTER (muster_entity_is_null (alert, "resolved_by") ? 0 : 1));
      if (muster_entity_is_null (alert, "resolved_by"))
        muster_alert_book_note_ended (self->book, key, muster_entity_get_id (alert),
                                      muster_entity_get_integer (alert, "resolved_at"));
    }
}

static void
take_places (MusterAlertService *self)
{
  GHashTableIter    iter;
  MusterAlertPlace *place = NULL;

  g_hash_table_iter_init (&iter, self->site->places);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&place))
    muster_alert_engine_set_place (self->engine, place->id, place->parent_id);
}

static void
take_units (MusterAlertService *self, GHashTable *groups)
{
  gint64           now = muster_alert_service_get_now (self);
  GHashTableIter   iter;
  MusterAlertUnit *unit = NULL;

  g_hash_table_iter_init (&iter, self->site->units);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&unit))
    {
      GPtrArray *ids = g_hash_table_lookup (groups, unit->id);

      muster_alert_engine_set_device (self->engine, unit->id, unit->product_id, unit->location_id,
                                      muster_alert_unit_is_watched (unit), now);
      if (ids != NULL)
        muster_alert_engine_set_groups (self->engine, unit->id, (const char *const *)ids->pdata,
                                        now);
    }
}

static void
take_live (const MusterDeviceBrief *brief, gpointer user_data)
{
  MusterAlertService *self = user_data;

  muster_alert_service_add_live (self, brief->id, brief->live_state,
                                 muster_alert_service_get_now (self));
}

static void
take_rules (MusterAlertService *self, GPtrArray *rules)
{
  for (guint i = 0; i < rules->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterAlertPlan) plan = muster_alert_plan_new (rules->pdata[i], &error);

      if (plan != NULL)
        muster_alert_engine_set_rule (self->engine, plan, muster_alert_service_get_now (self));
      else
        g_warning ("alert rule %s cannot be evaluated: %s", muster_entity_get_id (rules->pdata[i]),
                   error->message);
    }
}

static void
take_stored (MusterAlertService *self, MusterAlertLoaded *loaded)
{
  g_clear_pointer (&self->site, muster_alert_site_free);
  self->site = g_steal_pointer (&loaded->site);
  muster_alert_service_set_timezone (self, loaded->timezone);
  take_alerts (self, loaded);
  take_places (self);
  take_units (self, loaded->groups);
  for (guint i = 0; i < loaded->silences->len; i++)
    muster_alert_silences_put (self->silences, loaded->silences->pdata[i]);
  for (guint i = 0; i < loaded->calendars->len; i++)
    g_hash_table_insert (self->calendars,
                         g_strdup (muster_entity_get_id (loaded->calendars->pdata[i])),
                         g_object_ref (loaded->calendars->pdata[i]));
  take_rules (self, loaded->rules);
  if (self->registry != NULL)
    muster_device_registry_foreach (self->registry, take_live, self);
}

/* --- what was changed lately --- */

static void
take_change (MusterAlertService *self, JsonObject *item)
{
  const char       *id = json_object_get_string_member_with_default (item, "entity_id", NULL);
  const char       *text = json_object_get_string_member_with_default (item, "at", "");
  const char       *action = json_object_get_string_member_with_default (item, "action", "");
  JsonNode         *after = json_object_get_member (item, "after");
  MusterAlertUnit  *unit = muster_alert_site_get_unit (self->site, id);
  MusterAlertPlace *place =
    unit != NULL ? muster_alert_site_get_place (self->site, unit->location_id) : NULL;
  gint64 at = 0;

  if (unit != NULL && g_str_equal (action, "update") && after != NULL &&
      JSON_NODE_HOLDS_OBJECT (after) && muster_time_parse (text, &at))
    muster_alert_history_note (self->history, id, at, json_object_get_int_member (item, "sequence"),
                               json_node_get_object (after), place != NULL ? place->path : NULL);
}

static void
take_changes (MusterAlertService *self, GBytes *json)
{
  gsize       length = 0;
  const char *text = g_bytes_get_data (json, &length);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *items = NULL;

  if (!json_parser_load_from_data (parser, text, (gssize)length, NULL))
    return;
  items =
    json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "items");
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    take_change (self, json_array_get_object_element (items, i));
}

/* --- timers that were running --- */

/* In a fiber. What cannot be read begins anew. */
static void
restore_pasts (MusterAlertService *self)
{
  MusterSampleStore *store = muster_telemetry_get_store (self->telemetry);
  g_autoptr (GPtrArray) pasts = muster_alert_past_list (self->engine);

  for (guint i = 0; i < pasts->len; i++)
    {
      MusterAlertPast  *past = pasts->pdata[i];
      gint64            now = muster_alert_service_get_now (self);
      MusterSampleQuery query = { .device_id = past->device_id,
                                  .metrics = (const char *const *)past->metrics,
                                  .from = now - past->length,
                                  .to = now };
      g_autoptr (GPtrArray) batches =
                  dex_await_boxed (muster_sample_store_query_range (store, &query), NULL);

      if (batches != NULL && batches->len > 0)
        muster_alert_past_restore (past, self->engine, batches->pdata[0], now);
    }
}

/* --- in order --- */

static void
take_latest (MusterAlertService *self, GPtrArray *batches)
{
  for (guint i = 0; i < batches->len; i++)
    muster_alert_engine_feed_known (self->engine, batches->pdata[i],
                                    muster_alert_service_get_now (self));
}

static void
take_early (MusterAlertService *self)
{
  g_autoptr (GPtrArray) early = g_steal_pointer (&self->early);

  for (guint i = 0; i < early->len; i++)
    muster_alert_service_take_event (self, early->pdata[i]);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  MusterAlertService *self = user_data;
  MusterDatabase     *database = muster_repository_get_database (self->repository);
  g_autoptr (GError) error = NULL;
  MusterAlertLoaded *loaded = dex_await_boxed (muster_alert_load (database), &error);
  g_autoptr (GBytes) changes = NULL;
  g_autoptr (GPtrArray) latest = NULL;

  if (loaded == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  take_stored (self, loaded);
  g_boxed_free (MUSTER_TYPE_ALERT_LOADED, loaded);
  changes =
    dex_await_boxed (muster_journal_list_json (database, "device", NULL, NULL, 0, -1, N_CHANGES, 0),
                     &error);
  if (changes == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  take_changes (self, changes);
  latest = dex_await_boxed (
    muster_sample_store_query_latest (muster_telemetry_get_store (self->telemetry), NULL), &error);
  if (latest == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  take_latest (self, latest);
  restore_pasts (self);
  g_clear_pointer (&self->dismissed, g_hash_table_unref);
  muster_alert_service_end_unheld (self, NULL);
  take_early (self);
  muster_alert_service_fold_soon (self);
  muster_alert_service_tick (self);
  return dex_future_new_true ();
}

DexFuture *
muster_alert_service_load (MusterAlertService *self)
{
  return dex_scheduler_spawn (NULL, 0, load_fiber, g_object_ref (self), g_object_unref);
}
