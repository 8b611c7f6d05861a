/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-service"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alert-service-private.h"
#include "muster-duty-roster.h"
#include "muster-forget.h"

#define FOLD_SECONDS 3
#define EXPLAIN_MINUTES 60
#define KEEP_DAYS 400
#define REOPEN_MINUTES 5
#define PRUNE_SECONDS (60 * 60)
/* The timer is never set for longer, so that a step of the clock does no lasting harm. */
#define LONGEST_SLEEP (60 * G_USEC_PER_SEC)

/* clang-format off */
const MusterSetting muster_alert_settings[] = {
  { MUSTER_SETTING_ALERTS_FOLD_SECONDS, { "alerts_fold_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 300, .default_value = FOLD_SECONDS, .unit = "s", .label = N_("Wait for a common cause"), .doc = "How long an alert about a device that is not reached waits for others, which may have one cause: a gateway, a switch, a place without power. Nothing else waits." } },
  { MUSTER_SETTING_ALERTS_EXPLAIN_MINUTES, { "alerts_explain_minutes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 10080, .default_value = EXPLAIN_MINUTES, .unit = "min", .label = N_("Explain by changes of the last"), .doc = "How long after a change of a device (firmware, place, state) an alert of it is explained by that." } },
  { MUSTER_SETTING_ALERTS_DEFAULT_RULES, { "alerts_default_rules", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = 1, .label = N_("Rules for new products"), .doc = "Whether a product gets alert rules when the first of its devices is heard: for metrics that leave the range that makes sense, and for devices that are not reached." } },
  { MUSTER_SETTING_ALERTS_REOPEN_MINUTES, { "alerts_reopen_minutes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1440, .default_value = REOPEN_MINUTES, .unit = "min", .label = N_("Take up again within"), .doc = "What comes back so soon after it ended by itself is the same alert again: nobody is told anew that it is there, and that it is over only when so long has passed; 0: each time is an alert of its own. What a person resolved is never taken up again." } },
  { MUSTER_SETTING_ALERTS_KEEP_DAYS, { "alerts_keep_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 36500, .default_value = KEEP_DAYS, .unit = "d", .label = N_("Keep resolved alerts"), .doc = "For how many days an alert is kept after its end. The history keeps what happened to it." } },
  { NULL },
};
/* clang-format on */

static const MusterForget forgotten = {
  .info = &muster_alert_info,
  .time = "resolved_at",
  .status = "resolved",
  .operation = "Forget old alerts",
  .final = "they ended longer ago than alerts are kept",
};

G_DEFINE_FINAL_TYPE (MusterAlertService, muster_alert_service, MUSTER_TYPE_SERVICE)

gint64
muster_alert_service_get_now (MusterAlertService *self)
{
  return muster_clock_get_now (self->clock);
}

gint64
muster_alert_service_get_setting (MusterAlertService *self, const char *key)
{
  if (self->settings == NULL)
    {
      for (const MusterSetting *setting = muster_alert_settings; setting->key != NULL; setting++)
        if (g_str_equal (setting->key, key))
          return setting->field.default_value;
      g_return_val_if_reached (0);
    }
  return g_str_equal (key, MUSTER_SETTING_ALERTS_DEFAULT_RULES)
           ? muster_settings_get_boolean (self->settings, key)
           : muster_settings_get_integer (self->settings, key);
}

/* --- time --- */

static gint64
get_next (MusterAlertService *self)
{
  gint64 next = muster_alert_engine_get_deadline (self->engine);

  next = MIN (next, self->fold_at);
  next = MIN (next, self->orphans_at);
  return MIN (next, self->silences_at);
}

static gboolean
tick_cb (gpointer user_data)
{
  MusterAlertService *self = user_data;

  self->tick_id = 0;
  muster_alert_service_tick (self);
  return G_SOURCE_REMOVE;
}

void
muster_alert_service_schedule (MusterAlertService *self)
{
  gint64 now = muster_alert_service_get_now (self);
  gint64 next = MIN (get_next (self), now + LONGEST_SLEEP);

  if (self->queue == NULL || self->early != NULL || self->is_stopped)
    return;
  if (self->tick_id != 0 && self->tick_at <= next)
    return;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->tick_at = next;
  /* Rounded up, so that it is time then. */
  self->tick_id = g_timeout_add ((guint)(MAX (0, next - now + 999) / 1000), tick_cb, self);
}

static void
warn_cb (const char *id, const char *reason, gint64 ends_at, gpointer user_data)
{
  MusterAlertService *self = user_data;

  muster_alert_service_warn_silence (self, id, reason, ends_at);
}

static void
tick_silences (MusterAlertService *self, gint64 now)
{
  gboolean begun = FALSE;

  self->silences_at =
    muster_alert_silences_tick (self->silences, self->zone, now, warn_cb, self, &begun);
  if (begun)
    muster_alert_service_hush (self, NULL);
}

static void
prune (MusterAlertService *self, gint64 now)
{
  gint64 minutes = muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_EXPLAIN_MINUTES);

  muster_alert_history_prune (self->history, now - minutes * G_TIME_SPAN_MINUTE);
  muster_alert_book_forget_ended (self->book, now - muster_alert_service_get_setting (
                                                      self, MUSTER_SETTING_ALERTS_REOPEN_MINUTES) *
                                                      G_TIME_SPAN_MINUTE);
  self->prune_at = now + G_TIME_SPAN_MINUTE;
}

void
muster_alert_service_tick (MusterAlertService *self)
{
  gint64 now = 0;

  g_return_if_fail (MUSTER_IS_ALERT_SERVICE (self));

  if (self->queue == NULL || self->early != NULL)
    return;
  now = muster_alert_service_get_now (self);
  muster_alert_engine_tick (self->engine, now);
  if (now >= self->silences_at)
    tick_silences (self, now);
  if (now >= self->fold_at)
    muster_alert_service_fold (self);
  if (now >= self->orphans_at)
    muster_alert_service_adopt_orphans (self);
  if (now >= self->prune_at)
    prune (self, now);
  muster_alert_service_schedule (self);
}

/* --- what happens --- */

void
muster_alert_service_add_live (MusterAlertService *self,
                               const char         *device_id,
                               MusterLiveState     state,
                               gint64              since)
{
  MusterAlertUnit *unit = muster_alert_site_get_unit (self->site, device_id);

  if (unit == NULL || unit->live == state)
    return;
  unit->live = state;
  unit->live_since = since;
  muster_alert_engine_set_live (self->engine, device_id, state, since,
                                muster_alert_service_get_now (self));
  /* A cause may have ended. */
  if (state == MUSTER_LIVE_ONLINE && g_hash_table_size (muster_alert_book_get_all (self->book)) > 0)
    muster_alert_service_fold_soon (self);
}

void
muster_alert_service_set_broker_down (MusterAlertService *self, gboolean is_down)
{
  g_return_if_fail (MUSTER_IS_ALERT_SERVICE (self));

  if (self->broker_is_down == is_down)
    return;
  self->broker_is_down = is_down;
  if (self->queue != NULL)
    muster_alert_service_fold_soon (self);
}

void
muster_alert_service_report_anomaly (MusterAlertService *self,
                                     const char         *device_id,
                                     const char         *metric,
                                     double              score,
                                     gint64              at)
{
  g_return_if_fail (MUSTER_IS_ALERT_SERVICE (self));
  g_return_if_fail (device_id != NULL && metric != NULL);

  muster_alert_engine_report_anomaly (self->engine, device_id, metric, score, at,
                                      muster_alert_service_get_now (self));
  muster_alert_service_schedule (self);
}

/* A calendar that is gone keeps nothing back. UNTIL: when to ask again. */
static gboolean
is_on_duty (MusterAlertService *self, const char *calendar_id, gint64 at, gint64 *until)
{
  MusterEntity *calendar = g_hash_table_lookup (self->calendars, calendar_id);
  g_autoptr (MusterDutyRoster) roster = NULL;
  g_autoptr (GArray) shifts = NULL;
  gint64 change = 0;

  if (calendar == NULL)
    return TRUE;
  roster = muster_duty_roster_new (calendar, self->zone);
  shifts = muster_duty_roster_list (roster, at);
  for (guint i = 0; i < shifts->len; i++)
    if (g_array_index (shifts, MusterDutyShift, i).person_id != NULL)
      return TRUE;
  change = muster_duty_roster_find_change (roster, at);
  *until = change > 0 ? change : at + G_TIME_SPAN_DAY;
  return FALSE;
}

MusterAlertReason
muster_alert_service_gate (const MusterAlertPlan *plan,
                           gint64                 at,
                           gint64                *until,
                           gpointer               user_data)
{
  MusterAlertService *self = user_data;

  if (plan->quiet != NULL && muster_alert_windows_contain (plan->quiet, self->zone, at, until))
    return MUSTER_ALERT_REASON_QUIET;
  return plan->calendar_id == NULL || is_on_duty (self, plan->calendar_id, at, until)
           ? MUSTER_ALERT_REASON_FIRING
           : MUSTER_ALERT_REASON_OFF_DUTY;
}

DexFuture *
muster_alert_service_settle (MusterAlertService *self)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);

  return self->queue != NULL ? muster_alert_queue_settle (self->queue) : dex_future_new_true ();
}

/* --- life cycle --- */

static gboolean
forget_cb (gpointer user_data)
{
  MusterAlertService *self = user_data;
  gint64 days = muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_KEEP_DAYS);

  dex_future_disown (
    muster_forget_old (self->repository, &forgotten, days, &self->is_stopped, G_OBJECT (self)));
  return G_SOURCE_CONTINUE;
}

static DexFuture *
muster_alert_service_start (MusterService *service)
{
  MusterAlertService *self = MUSTER_ALERT_SERVICE (service);

  self->queue = muster_alert_queue_new (muster_repository_get_database (self->repository));
  self->early = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_event_unref);
  muster_alert_service_follow (self);
  self->forget_id = g_timeout_add_seconds (PRUNE_SECONDS, forget_cb, self);
  return muster_alert_service_load (self);
}

static DexFuture *
muster_alert_service_stop (MusterService *service)
{
  MusterAlertService *self = MUSTER_ALERT_SERVICE (service);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->groups_id, g_source_remove);
  g_clear_handle_id (&self->defaults_id, g_source_remove);
  g_clear_handle_id (&self->forget_id, g_source_remove);
  if (self->queue == NULL)
    return dex_future_new_true ();
  if (self->held->len > 0)
    muster_alert_service_fold (self);
  self->is_stopped = TRUE;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  return muster_alert_queue_settle (self->queue);
}

static void
muster_alert_service_dispose (GObject *object)
{
  MusterAlertService *self = MUSTER_ALERT_SERVICE (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->groups_id, g_source_remove);
  g_clear_handle_id (&self->defaults_id, g_source_remove);
  g_clear_handle_id (&self->forget_id, g_source_remove);
  g_clear_pointer (&self->queue, muster_alert_queue_free);
  G_OBJECT_CLASS (muster_alert_service_parent_class)->dispose (object);
}

static void
muster_alert_service_finalize (GObject *object)
{
  MusterAlertService *self = MUSTER_ALERT_SERVICE (object);

  g_clear_pointer (&self->early, g_ptr_array_unref);
  g_clear_pointer (&self->dismissed, g_hash_table_unref);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_clear_pointer (&self->new_metrics, g_ptr_array_unref);
  g_clear_pointer (&self->calendars, g_hash_table_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->history, muster_alert_history_free);
  g_clear_pointer (&self->silences, muster_alert_silences_free);
  g_clear_pointer (&self->book, muster_alert_book_free);
  g_clear_pointer (&self->engine, muster_alert_engine_free);
  g_clear_pointer (&self->site, muster_alert_site_free);
  g_clear_object (&self->settings);
  g_clear_object (&self->registry);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->clock);
  g_clear_object (&self->bus);
  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_alert_service_parent_class)->finalize (object);
}

static void
muster_alert_service_class_init (MusterAlertServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_alert_service_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_alert_service_finalize;
  service_class->name = "alerts";
  service_class->start = muster_alert_service_start;
  service_class->stop = muster_alert_service_stop;
}

static void
muster_alert_service_init (MusterAlertService *self)
{
  const MusterAlertEngineHooks hooks = { muster_alert_service_take_transition,
                                         muster_alert_service_find_open, muster_alert_service_gate,
                                         self };

  self->engine = muster_alert_engine_new (&hooks);
  self->site = muster_alert_site_new ();
  self->book = muster_alert_book_new ();
  self->silences = muster_alert_silences_new (self->engine);
  self->history = muster_alert_history_new ();
  self->held = g_ptr_array_new_with_free_func (muster_alert_write_free);
  self->zone = g_time_zone_new_local ();
  self->calendars = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->fold_at = self->orphans_at = G_MAXINT64;
}

MusterAlertService *
muster_alert_service_new (const MusterAlertParts *parts)
{
  MusterAlertService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (parts->repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (parts->bus), NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (parts->clock), NULL);
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (parts->telemetry), NULL);

  self = g_object_new (MUSTER_TYPE_ALERT_SERVICE, NULL);
  self->repository = g_object_ref (parts->repository);
  self->bus = g_object_ref (parts->bus);
  self->clock = g_object_ref (parts->clock);
  self->telemetry = g_object_ref (parts->telemetry);
  g_set_object (&self->registry, parts->registry);
  g_set_object (&self->settings, parts->settings);
  return self;
}

GPtrArray *
muster_alert_service_list_devices (MusterAlertService *self,
                                   MusterAlertScope    scope,
                                   const char         *scope_id)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);

  return muster_alert_engine_list_devices (self->engine, scope, scope_id, 0);
}

const char *
muster_alert_service_get_scope_of (MusterAlertService *self,
                                   MusterAlertScope    scope,
                                   const char         *device_id)
{
  const MusterAlertUnit *unit;

  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);

  unit = muster_alert_site_get_unit (self->site, device_id);
  if (unit == NULL)
    return NULL;
  return scope == MUSTER_ALERT_SCOPE_PRODUCT ? unit->product_id : unit->location_id;
}

MusterRepository *
muster_alert_service_get_repository (MusterAlertService *self)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);

  return self->repository;
}
