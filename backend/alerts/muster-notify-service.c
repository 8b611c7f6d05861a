/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-service"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/muster-journal.h"
#include "core/muster-promise.h"
#include "model/muster-alert.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-person.h"
#include "model/muster-time.h"
#include "muster-alert-service.h"
#include "muster-duty-roster.h"
#include "muster-escalation-store.h"
#include "muster-escalation-problems.h"
#include "muster-forget.h"
#include "muster-notify-queue.h"
#include "muster-notify-service.h"
#include "muster-notify-store.h"

/* Alerts in one transaction. */
#define MAX_BATCH 200
/* The clock may be set meanwhile. */
#define MAX_SLEEP_MSEC 30000
/* After the disk was full. */
#define RETRY_SECONDS 10
#define KEEP_DAYS 90
#define PRUNE_SECONDS (60 * 60)

/* clang-format off */
const MusterSetting muster_notify_settings[] = {
  { MUSTER_SETTING_NOTIFICATIONS_KEEP_DAYS, { "notifications_keep_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 3650, .default_value = KEEP_DAYS, .unit = "d", .label = N_("Keep notifications"), .doc = "For how many days the delivery log says who was told of what." } },
  { NULL },
};
/* clang-format on */

struct _MusterNotifyService
{
  MusterService parent_instance;

  MusterRepository  *repository; /* (owned) */
  MusterBus         *bus;        /* (owned) */
  MusterSettings    *settings;   /* (owned) (nullable) */
  MusterClock       *clock;      /* (owned) */
  MusterCurl        *curl;       /* (owned) */
  MusterChannelParts parts;
  MusterNotifyQueue *queue;     /* (owned) (nullable): while it runs */
  GHashTable        *dues;      /* (owned) (element-type utf8 gint64): next look at each alert */
  GHashTable        *pending;   /* (owned) (element-type utf8), a set: alerts to be looked at */
  DexFuture         *advancing; /* (owned) (nullable): of the batch under way */
  unsigned           subscription;
  guint              timer_id;
  guint              prune_id;
  gboolean           stopping;
};

G_DEFINE_FINAL_TYPE (MusterNotifyService, muster_notify_service, MUSTER_TYPE_SERVICE)

static void muster_notify_service_advance (MusterNotifyService *self);

/* --- going on with escalations --- */

static gboolean
muster_notify_service_timer_cb (gpointer user_data)
{
  MusterNotifyService *self = user_data;

  self->timer_id = 0;
  muster_notify_service_check (self);
  return G_SOURCE_REMOVE;
}

static void
muster_notify_service_sleep (MusterNotifyService *self, gint64 next)
{
  gint64 delay = (next - muster_clock_get_now (self->clock)) / 1000 + 1;

  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (next < G_MAXINT64)
    self->timer_id =
      g_timeout_add ((guint)CLAMP (delay, 1, MAX_SLEEP_MSEC), muster_notify_service_timer_cb, self);
}

void
muster_notify_service_check (MusterNotifyService *self)
{
  gint64         now = muster_clock_get_now (self->clock);
  gint64         next = G_MAXINT64;
  GHashTableIter iter;
  gpointer       id, value;

  g_return_if_fail (MUSTER_IS_NOTIFY_SERVICE (self));

  if (self->stopping || self->queue == NULL)
    return;
  g_hash_table_iter_init (&iter, self->dues);
  while (g_hash_table_iter_next (&iter, &id, &value))
    if (*(gint64 *)value <= now)
      g_hash_table_add (self->pending, g_strdup (id));
    else
      next = MIN (next, *(gint64 *)value);
  muster_notify_service_sleep (self, next);
  muster_notify_service_advance (self);
  muster_notify_queue_check (self->queue);
}

static void
muster_notify_service_take_batch (MusterNotifyService *self, MusterEscalationBatch *batch)
{
  for (guint i = 0; i < batch->dues->len; i++)
    {
      const MusterEscalationDue *due = batch->dues->pdata[i];

      if (due->next_at > 0)
        g_hash_table_replace (self->dues, g_strdup (due->alert_id),
                              g_memdup2 (&due->next_at, sizeof due->next_at));
      else
        g_hash_table_remove (self->dues, due->alert_id);
    }
  muster_notify_queue_add (self->queue, batch->notifications);
}

typedef struct
{
  MusterNotifyService   *service;
  MusterEscalationBatch *batch;
} Advance;

static void
advance_free (gpointer data)
{
  Advance *self = data;

  g_object_unref (self->service);
  muster_escalation_batch_unref (self->batch);
  g_free (self);
}

/* What could not be written down is tried again. */
static void
muster_notify_service_put_back (MusterNotifyService   *self,
                                MusterEscalationBatch *batch,
                                const GError          *error)
{
  gint64 again = muster_clock_get_now (self->clock) + RETRY_SECONDS * G_USEC_PER_SEC;

  g_warning ("%u alerts: who is to be told could not be noted: %s", batch->alert_ids->len,
             error->message);
  for (guint i = 0; i < batch->alert_ids->len; i++)
    g_hash_table_replace (self->dues, g_strdup (batch->alert_ids->pdata[i]),
                          g_memdup2 (&again, sizeof again));
}

static DexFuture *
muster_notify_service_advanced_cb (DexFuture *future, gpointer user_data)
{
  Advance             *advance = user_data;
  MusterNotifyService *self = advance->service;
  g_autoptr (GError) error = NULL;

  dex_clear (&self->advancing); /* it holds us */
  if (self->queue == NULL)
    return dex_future_new_true ();
  if (dex_future_get_value (future, &error) != NULL)
    muster_notify_service_take_batch (self, advance->batch);
  else
    muster_notify_service_put_back (self, advance->batch, error);
  muster_notify_service_check (self);
  return dex_future_new_true ();
}

static gint64
get_patience (MusterNotifyService *self)
{
  return self->settings != NULL
           ? muster_settings_get_integer (self->settings, MUSTER_SETTING_ALERTS_REOPEN_MINUTES) *
               G_TIME_SPAN_MINUTE
           : 0;
}

/* Looks at what is pending, one batch at a time. */
static void
muster_notify_service_advance (MusterNotifyService *self)
{
  g_autoptr (GPtrArray) ids = NULL;
  MusterEscalationBatch *batch;
  Advance               *advance;

  if (self->advancing != NULL || g_hash_table_size (self->pending) == 0)
    return;
  batch = muster_escalation_batch_new ();
  batch->patience = get_patience (self);
  /* The oldest first. */
  ids = g_hash_table_get_keys_as_ptr_array (self->pending);
  g_ptr_array_sort_values (ids, (GCompareFunc)strcmp);
  for (guint i = 0; i < MIN (ids->len, MAX_BATCH); i++)
    {
      g_hash_table_remove (self->dues, ids->pdata[i]);
      g_hash_table_steal (self->pending, ids->pdata[i]);
      g_ptr_array_add (batch->alert_ids, ids->pdata[i]);
    }
  advance = g_new (Advance, 1);
  *advance = (Advance){ g_object_ref (self), batch };
  self->advancing = dex_future_finally (muster_escalation_store_advance (self->repository, batch),
                                        muster_notify_service_advanced_cb, advance, advance_free);
}

static DexFuture *
muster_notify_service_listed_cb (DexFuture *future, gpointer user_data)
{
  MusterNotifyService *self = user_data;
  char               **ids = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (char **id = ids; *id != NULL; id++)
    g_hash_table_add (self->pending, g_strdup (*id));
  muster_notify_service_check (self);
  return dex_future_new_true ();
}

/* Every alert that is not over. */
static DexFuture *
muster_notify_service_look_at_all (MusterNotifyService *self)
{
  return dex_future_then (muster_escalation_store_list (self->repository),
                          muster_notify_service_listed_cb, g_object_ref (self), g_object_unref);
}

static void
muster_notify_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterNotifyService *self = user_data;
  MusterJournalEntry  *entry = muster_event_get_payload (event);
  const char          *entity = muster_journal_entry_get_entity (entry);
  const char          *id = muster_journal_entry_get_entity_id (entry);

  if (g_str_equal (entity, "alert"))
    {
      g_hash_table_add (self->pending, g_strdup (id));
      muster_notify_service_advance (self);
    }
  else if (g_str_equal (entity, "notification_channel"))
    muster_notify_queue_channel_changed (self->queue, id);
  else if (g_str_equal (entity, "escalation") || g_str_equal (entity, "alert_rule"))
    muster_disown_logged (G_LOG_LEVEL_WARNING, muster_notify_service_look_at_all (self),
                          "alerts whose escalation has changed");
}

/* --- the delivery log's age --- */

static const MusterForget forgotten = {
  .info = &muster_notification_info,
  .time = "created_at",
  .status = "sent,failed,dropped",
};

static gboolean
muster_notify_service_prune_cb (gpointer user_data)
{
  MusterNotifyService *self = user_data;
  gint64               days = KEEP_DAYS;

  if (self->settings != NULL)
    days = muster_settings_get_integer (self->settings, MUSTER_SETTING_NOTIFICATIONS_KEEP_DAYS);
  dex_future_disown (
    muster_forget_old (self->repository, &forgotten, days, &self->stopping, G_OBJECT (self)));
  return G_SOURCE_CONTINUE;
}

/* --- life --- */

static DexFuture *
muster_notify_service_started_cb (DexFuture *future, gpointer user_data)
{
  MusterNotifyService *self = user_data;

  self->subscription = muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                                             muster_notify_service_journal_cb, self);
  self->prune_id = g_timeout_add_seconds (PRUNE_SECONDS, muster_notify_service_prune_cb, self);
  return dex_future_all (muster_notify_service_look_at_all (self),
                         muster_escalation_problems_refresh (
                           muster_repository_get_database (self->repository)),
                         NULL);
}

static void
muster_notify_service_trouble_cb (MusterNotifyQueue *queue,
                                  GParamSpec        *pspec,
                                  MusterService     *service)
{
  muster_service_set_trouble (service, muster_notify_queue_get_trouble (queue));
}

static DexFuture *
muster_notify_service_start (MusterService *service)
{
  MusterNotifyService *self = MUSTER_NOTIFY_SERVICE (service);

  self->queue = muster_notify_queue_new (self->repository, &self->parts);
  g_signal_connect_object (self->queue, "notify::trouble",
                           G_CALLBACK (muster_notify_service_trouble_cb), self, 0);
  return dex_future_then (muster_notify_queue_start (self->queue), muster_notify_service_started_cb,
                          g_object_ref (self), g_object_unref);
}

static DexFuture *
muster_notify_service_stopped_cb (DexFuture *future, gpointer user_data)
{
  g_clear_object (&MUSTER_NOTIFY_SERVICE (user_data)->queue);
  return dex_future_new_true ();
}

static DexFuture *
muster_notify_service_stop (MusterService *service)
{
  MusterNotifyService *self = MUSTER_NOTIFY_SERVICE (service);

  self->stopping = TRUE;
  if (self->subscription != 0)
    muster_bus_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_handle_id (&self->prune_id, g_source_remove);
  if (self->queue == NULL)
    return dex_future_new_true ();
  return dex_future_finally (muster_notify_queue_stop (self->queue),
                             muster_notify_service_stopped_cb, g_object_ref (self), g_object_unref);
}

static void
muster_notify_service_finalize (GObject *object)
{
  MusterNotifyService *self = MUSTER_NOTIFY_SERVICE (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_handle_id (&self->prune_id, g_source_remove);
  dex_clear (&self->advancing);
  g_clear_object (&self->queue);
  g_clear_object (&self->curl);
  g_clear_pointer (&self->dues, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  g_clear_object (&self->clock);
  g_clear_object (&self->settings);
  g_clear_object (&self->bus);
  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_notify_service_parent_class)->finalize (object);
}

static void
muster_notify_service_class_init (MusterNotifyServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_notify_service_finalize;
  service_class->name = "notifications";
  service_class->start = muster_notify_service_start;
  service_class->stop = muster_notify_service_stop;
}

static void
muster_notify_service_init (MusterNotifyService *self)
{
  self->curl = muster_curl_new ();
  self->dues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterNotifyService *
muster_notify_service_new (MusterRepository *repository, MusterBus *bus, MusterSettings *settings)
{
  MusterNotifyService *self;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_NOTIFY_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  self->clock =
    g_object_ref (muster_database_get_clock (muster_repository_get_database (repository)));
  self->parts = (MusterChannelParts){ .curl = self->curl, .bus = self->bus };
  return self;
}

void
muster_notify_service_set_siren (MusterNotifyService *self,
                                 MusterSirenFunc      func,
                                 gpointer             user_data)
{
  g_return_if_fail (MUSTER_IS_NOTIFY_SERVICE (self) && self->queue == NULL);

  self->parts.siren = func;
  self->parts.siren_data = user_data;
}

MusterRepository *
muster_notify_service_get_repository (MusterNotifyService *self)
{
  g_return_val_if_fail (MUSTER_IS_NOTIFY_SERVICE (self), NULL);

  return self->repository;
}

static double
read_queued (gpointer owner)
{
  MusterNotifyService *self = MUSTER_NOTIFY_SERVICE (owner);

  return self->queue != NULL ? muster_notify_queue_get_length (self->queue) : 0;
}

void
muster_notify_service_add_metrics (MusterNotifyService *self, MusterMetrics *metrics)
{
  g_return_if_fail (MUSTER_IS_NOTIFY_SERVICE (self) && MUSTER_IS_METRICS (metrics));

  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "muster_notifications_queued",
                      "Notifications that wait to be sent.", NULL, G_OBJECT (self), read_queued);
}

/* --- what people ask for --- */

static DexFuture *
not_running (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                "notifications are not sent now: the daemon starts or ends");
}

/* The message is sent at once; what ends a siren waits its turn. */
static DexFuture *
muster_notify_service_test_added_cb (DexFuture *future, gpointer user_data)
{
  MusterNotifyService *self = user_data;
  GPtrArray           *added = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr (MusterEntity) test = g_object_ref (added->pdata[0]);

  if (self->queue == NULL)
    return not_running ();
  g_ptr_array_remove_index (added, 0);
  muster_notify_queue_add (self->queue, added);
  return muster_notify_queue_try (self->queue, test);
}

DexFuture *
muster_notify_service_test (MusterNotifyService *self, MusterActor *actor, const char *channel_id)
{
  g_return_val_if_fail (MUSTER_IS_NOTIFY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && channel_id != NULL, NULL);

  if (self->queue == NULL || self->stopping)
    return not_running ();
  return dex_future_then (muster_notify_store_add_test (self->repository, actor, channel_id),
                          muster_notify_service_test_added_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
muster_notify_service_retried_cb (DexFuture *future, gpointer user_data)
{
  MusterNotifyService *self = user_data;
  MusterEntity        *notification = g_value_get_object (dex_future_get_value (future, NULL));
  g_autoptr (GPtrArray) again = g_ptr_array_new ();

  g_ptr_array_add (again, notification);
  if (self->queue != NULL)
    muster_notify_queue_add (self->queue, again);
  return dex_ref (future);
}

DexFuture *
muster_notify_service_retry (MusterNotifyService *self, MusterActor *actor, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_NOTIFY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);

  if (self->queue == NULL || self->stopping)
    return not_running ();
  return dex_future_then (muster_notify_store_retry (self->repository, actor, id),
                          muster_notify_service_retried_cb, g_object_ref (self), g_object_unref);
}

typedef struct
{
  char  *id;
  gint64 at;
} OnDuty;

static void
on_duty_free (gpointer data)
{
  g_free (((OnDuty *)data)->id);
  g_free (data);
}

static void
append_time (GString *json, const char *name, gint64 at)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (at > 0)
    g_string_append_printf (json, ",\"%s\":\"%s\"", name, muster_time_format (at, text));
  else
    g_string_append_printf (json, ",\"%s\":null", name);
}

static void
append_shift (MusterTransaction *transaction, const MusterDutyShift *shift, GString *json)
{
  g_autoptr (MusterEntity) person =
              muster_transaction_get (transaction, &muster_person_info, shift->person_id, NULL);

  if (person == NULL)
    return;
  if (json->str[json->len - 1] != '[')
    g_string_append_c (json, ',');
  g_string_append_printf (json, "{\"person_id\":\"%s\",\"name\":", shift->person_id);
  muster_json_append_string (json, muster_entity_get_string (person, "name"), -1);
  append_time (json, "from", shift->from);
  append_time (json, "to", shift->to);
  g_string_append_printf (json, ",\"exception\":%s}", shift->is_exception ? "true" : "false");
}

static gboolean
on_duty_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  OnDuty *job = data;
  gint64  at = job->at > 0 ? job->at : muster_transaction_get_now (transaction);
  char    text[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autoptr (GTimeZone) zone = muster_escalation_get_zone (transaction);
  g_autoptr (MusterEntity) calendar =
              muster_transaction_get (transaction, &muster_duty_calendar_info, job->id, error);
  g_autoptr (MusterDutyRoster) roster = NULL;
  g_autoptr (GArray) shifts = NULL;
  GString *json = NULL;

  if (calendar == NULL)
    return FALSE;
  roster = muster_duty_roster_new (calendar, zone);
  shifts = muster_duty_roster_list (roster, at);
  json = g_string_new (NULL);
  g_string_append_printf (json, "{\"at\":\"%s\",\"people\":[", muster_time_format (at, text));
  for (guint i = 0; i < shifts->len; i++)
    append_shift (transaction, &g_array_index (shifts, MusterDutyShift, i), json);
  g_string_append_c (json, ']');
  append_time (json, "until", muster_duty_roster_find_change (roster, at));
  g_string_append_c (json, '}');
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (json));
  return TRUE;
}

DexFuture *
muster_notify_service_get_on_duty (MusterNotifyService *self, const char *id, gint64 at)
{
  OnDuty *job = NULL;

  g_return_val_if_fail (MUSTER_IS_NOTIFY_SERVICE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  job = g_new (OnDuty, 1);
  *job = (OnDuty){ g_strdup (id), at };
  return muster_database_read (muster_repository_get_database (self->repository), on_duty_job, job,
                               on_duty_free);
}
