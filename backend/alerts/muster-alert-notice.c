/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-notice"

#include "config.h"

#include "model/muster-time.h"
#include "muster-alert-service-private.h"

/* A word to whoever watches the site: payload of the topic `alerts`. */
#define MUSTER_TYPE_ALERT_NOTICE (muster_alert_notice_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertNotice, muster_alert_notice, MUSTER, ALERT_NOTICE, GObject)

struct _MusterAlertNotice
{
  GObject parent_instance;
  char   *json; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterAlertNotice, muster_alert_notice, G_TYPE_OBJECT)

static void
muster_alert_notice_finalize (GObject *object)
{
  g_free (MUSTER_ALERT_NOTICE (object)->json);
  G_OBJECT_CLASS (muster_alert_notice_parent_class)->finalize (object);
}

static void
muster_alert_notice_class_init (MusterAlertNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_alert_notice_finalize;
}

static void
muster_alert_notice_init (MusterAlertNotice *self)
{
}

static gboolean
encode (MusterEvent *event, GHashTable *details, GString *json)
{
  g_string_append (json, MUSTER_ALERT_NOTICE (muster_event_get_payload (event))->json);
  return TRUE;
}

static char *
describe_silence (const char *id, const char *reason, gint64 ends_at)
{
  GString *json = g_string_new ("{\"kind\":\"silence-ends\",\"silence_id\":");
  char     time[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_json_append_string (json, id, -1);
  g_string_append (json, ",\"reason\":");
  muster_json_append_string (json, reason, -1);
  g_string_append_printf (json, ",\"ends_at\":\"%s\"}", muster_time_format (ends_at, time));
  return g_string_free_and_steal (json);
}

void
muster_alert_service_warn_silence (MusterAlertService *self,
                                   const char         *id,
                                   const char         *reason,
                                   gint64              ends_at)
{
  g_autoptr (MusterAlertNotice) notice = g_object_new (MUSTER_TYPE_ALERT_NOTICE, NULL);
  g_autoptr (MusterEvent) event = NULL;

  notice->json = describe_silence (id, reason, ends_at);
  g_message ("the silence \"%s\" ends soon", reason);
  event = muster_event_new (MUSTER_TOPIC_ALERTS, id, id, 0, G_OBJECT (notice), encode);
  muster_bus_publish (self->bus, event);
}
