/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-watch"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "model/muster-alert.h"
#include "model/muster-device-event.h"
#include "model/muster-time.h"
#include "muster-alert-watch.h"
#include "muster-json-enum.h"
#include "widgets/muster-format.h"

/* A storm raises many at once: counted when it pauses. */
#define SETTLE_MSEC 250

struct _MusterAlertWatch
{
  GObject parent_instance;

  MusterSession         *session;  /* (owned) */
  MusterApiSubscription *journal;  /* (owned) (nullable) */
  MusterApiSubscription *notices;  /* (owned) (nullable) */
  MusterApiSubscription *silences; /* (owned) (nullable): that end soon */
  DexFuture             *counting; /* (owned) (nullable) */
  GHashTable            *fresh;    /* (owned) id to severity + 1 */
  unsigned               count_id; /* timeout */
  unsigned               n_open;
};

G_DEFINE_FINAL_TYPE (MusterAlertWatch, muster_alert_watch, G_TYPE_OBJECT)

enum
{
  CHANGED,
  NOTICE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- how many --- */

static DexFuture *
muster_alert_watch_counted_cb (DexFuture *future, gpointer user_data)
{
  MusterAlertWatch *self = user_data;
  const GValue     *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    {
      self->n_open = MAX (0, muster_api_page_get_total (g_value_get_object (value)));
      g_signal_emit (self, signals[CHANGED], 0);
    }
  return dex_future_new_true ();
}

static void
muster_alert_watch_count_cb (gpointer user_data)
{
  static const char *const open[] = { "status", "open", "cause_id", "null", NULL };
  MusterAlertWatch        *self = user_data;
  const MusterApiListQuery query = { .limit = 1, .filters = open };

  self->count_id = 0;
  dex_clear (&self->counting);
  if (!muster_session_may (self->session, "listAlerts"))
    return;
  self->counting =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session),
                                                    &muster_alert_info, &query),
                        muster_alert_watch_counted_cb, self, NULL);
}

static void
queue_count (MusterAlertWatch *self)
{
  if (self->count_id == 0)
    self->count_id = g_timeout_add_once (SETTLE_MSEC, muster_alert_watch_count_cb, self);
}

/* --- changes as they happen --- */

static void
take_new (MusterAlertWatch *self, const char *id, JsonObject *after)
{
  const char *status = muster_api_json_get_string (after, "status");
  int         severity = muster_json_get_enum (after, "severity", &muster_severity_enum);

  if ((status != NULL && !g_str_equal (status, "open")) ||
      muster_api_json_get_string (after, "cause_id") != NULL)
    return;
  g_hash_table_replace (self->fresh, g_strdup (id), GINT_TO_POINTER (MAX (severity, 0) + 1));
}

/* One that got worse counts as what it is now; one that was seen to, or is explained, no longer. */
static void
take_update (MusterAlertWatch *self, const char *id, JsonObject *after)
{
  const char *status = muster_api_json_get_string (after, "status");
  const char *nick = muster_api_json_get_string (after, "severity");
  int         severity = nick != NULL ? muster_enum_parse (&muster_severity_enum, nick) : -1;

  if (!g_hash_table_contains (self->fresh, id))
    {
      if (g_strcmp0 (status, "open") == 0)
        take_new (self, id, after);
      return;
    }
  if ((status != NULL && !g_str_equal (status, "open")) ||
      muster_api_json_get_string (after, "cause_id") != NULL)
    g_hash_table_remove (self->fresh, id);
  else if (severity >= 0)
    g_hash_table_replace (self->fresh, g_strdup (id), GINT_TO_POINTER (severity + 1));
}

static void
muster_alert_watch_journal_cb (MusterAlertWatch *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *id, *action;
  JsonObject *after;

  if (change == NULL || g_strcmp0 (muster_api_change_get_entity (change), "alert") != 0)
    return;
  id = muster_api_change_get_entity_id (change);
  action = muster_api_change_get_action (change);
  after = muster_api_change_get_after (change);
  if (g_strcmp0 (action, "insert") == 0 && after != NULL)
    take_new (self, id, after);
  else if (g_strcmp0 (action, "update") == 0 && after != NULL)
    take_update (self, id, after);
  else if (g_strcmp0 (action, "delete") == 0)
    g_hash_table_remove (self->fresh, id);
  queue_count (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_alert_watch_notice_cb (MusterAlertWatch *self,
                              const char       *topic,
                              const char       *subject,
                              JsonObject       *data)
{
  g_signal_emit (self, signals[NOTICE], 0, data);
}

/* Whoever silenced it may not be done yet. */
static void
muster_alert_watch_silence_cb (MusterAlertWatch *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  const char      *reason = muster_api_json_get_string (data, "reason");
  const char      *text = muster_api_json_get_string (data, "ends_at");
  gint64           ends_at = 0;
  g_autofree char *moment = NULL;
  g_autofree char *told = NULL;

  if (g_strcmp0 (muster_api_json_get_string (data, "kind"), "silence-ends") != 0 ||
      reason == NULL || text == NULL || !muster_time_parse (text, &ends_at))
    return;
  moment =
    muster_format_short_time (ends_at, g_get_real_time (), muster_session_get_zone (self->session));
  /* Translators: the reason of a silence, and when it ends. */
  told = g_strdup_printf (_ ("The silence “%s” ends at %s"), reason, moment);
  muster_session_tell (self->session, told);
}

/* --- life --- */

static void
close_subscription (MusterApiSubscription **subscription)
{
  if (*subscription != NULL)
    muster_api_subscription_close (*subscription);
  g_clear_object (subscription);
}

static void
muster_alert_watch_dispose (GObject *object)
{
  MusterAlertWatch *self = MUSTER_ALERT_WATCH (object);

  g_clear_handle_id (&self->count_id, g_source_remove);
  dex_clear (&self->counting);
  close_subscription (&self->journal);
  close_subscription (&self->notices);
  close_subscription (&self->silences);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_alert_watch_parent_class)->dispose (object);
}

static void
muster_alert_watch_finalize (GObject *object)
{
  g_hash_table_unref (MUSTER_ALERT_WATCH (object)->fresh);
  G_OBJECT_CLASS (muster_alert_watch_parent_class)->finalize (object);
}

static void
muster_alert_watch_class_init (MusterAlertWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_alert_watch_dispose;
  object_class->finalize = muster_alert_watch_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_ALERT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[NOTICE] = g_signal_new ("notice", MUSTER_TYPE_ALERT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static void
muster_alert_watch_init (MusterAlertWatch *self)
{
  self->fresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterAlertWatch *
muster_alert_watch_new (MusterSession *session)
{
  MusterAlertWatch *self = g_object_new (MUSTER_TYPE_ALERT_WATCH, NULL);
  MusterApiStream  *stream;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), self);

  self->session = g_object_ref (session);
  stream = muster_session_get_stream (session);
  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_alert_watch_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (queue_count), self,
                           G_CONNECT_SWAPPED);
  self->notices = muster_api_stream_subscribe (stream, "notification", NULL, NULL, -1);
  g_signal_connect_object (self->notices, "event", G_CALLBACK (muster_alert_watch_notice_cb), self,
                           G_CONNECT_SWAPPED);
  self->silences = muster_api_stream_subscribe (stream, "alerts", NULL, NULL, -1);
  g_signal_connect_object (self->silences, "event", G_CALLBACK (muster_alert_watch_silence_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (queue_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::as-of", G_CALLBACK (queue_count), self,
                           G_CONNECT_SWAPPED);
  return self;
}

unsigned
muster_alert_watch_get_open (MusterAlertWatch *self)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_WATCH (self), 0);

  return self->n_open;
}

unsigned
muster_alert_watch_get_new (MusterAlertWatch *self, int severity)
{
  GHashTableIter iter;
  gpointer       value;
  unsigned       n = 0;

  g_return_val_if_fail (MUSTER_IS_ALERT_WATCH (self), 0);

  g_hash_table_iter_init (&iter, self->fresh);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += GPOINTER_TO_INT (value) == severity + 1;
  return n;
}

char **
muster_alert_watch_list_new (MusterAlertWatch *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer       id;

  g_return_val_if_fail (MUSTER_IS_ALERT_WATCH (self), NULL);

  g_hash_table_iter_init (&iter, self->fresh);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_strv_builder_add (builder, id);
  return g_strv_builder_end (builder);
}

gboolean
muster_alert_watch_is_new (MusterAlertWatch *self, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_WATCH (self), FALSE);

  return id != NULL && g_hash_table_contains (self->fresh, id);
}

void
muster_alert_watch_dismiss (MusterAlertWatch *self)
{
  g_return_if_fail (MUSTER_IS_ALERT_WATCH (self));

  if (g_hash_table_size (self->fresh) == 0)
    return;
  g_hash_table_remove_all (self->fresh);
  g_signal_emit (self, signals[CHANGED], 0);
}
