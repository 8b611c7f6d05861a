/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-notice"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-alert-notice.h"
#include "muster-sound.h"

#define KEY "muster-alert-notice"

typedef struct
{
  GtkWindow        *window;  /* borrowed: it owns this */
  MusterSession    *session; /* (owned) */
  MusterAlertCover *cover;   /* borrowed from the window */
  MusterSound      *sound;   /* (owned) */
} Notice;

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_object_unref (notice->session);
  g_object_unref (notice->sound);
  g_free (notice);
}

static gboolean
is_heard (Notice *notice)
{
  GSettings *settings = muster_session_get_settings (notice->session);

  return settings == NULL || g_settings_get_boolean (settings, "alert-sound");
}

static GNotificationPriority
get_priority (const char *severity)
{
  return g_strcmp0 (severity, "error") == 0     ? G_NOTIFICATION_PRIORITY_URGENT
         : g_strcmp0 (severity, "warning") == 0 ? G_NOTIFICATION_PRIORITY_HIGH
                                                : G_NOTIFICATION_PRIORITY_NORMAL;
}

/* One of each alert: what is told again takes the place of what was told before. */
static void
tell_desktop (Notice *notice, JsonObject *data)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (notice->window));
  const char   *id = muster_api_json_get_string (data, "alert_id");
  const char   *body = muster_api_json_get_string (data, "body");
  const char   *title = muster_api_json_get_string (data, "title");
  g_autoptr (GNotification) notification = g_notification_new (title != NULL ? title : _ ("Alert"));

  if (application == NULL)
    return;
  g_notification_set_priority (notification,
                               get_priority (muster_api_json_get_string (data, "severity")));
  if (body != NULL)
    g_notification_set_body (notification, body);
  if (id != NULL)
    {
      g_notification_set_default_action_and_target (notification, "app.open-alert", "s", id);
      g_notification_add_button_with_target (notification, _ ("Acknowledge"),
                                             "app.acknowledge-alert", "s", id);
      g_notification_add_button_with_target (notification, _ ("Open"), "app.open-alert", "s", id);
    }
  g_application_send_notification (application, id, notification);
}

static void
withdraw (Notice *notice, JsonObject *data)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (notice->window));
  const char   *id = muster_api_json_get_string (data, "alert_id");

  if (application != NULL && id != NULL)
    g_application_withdraw_notification (application, id);
}

static void
muster_alert_notice_cb (Notice *notice, JsonObject *data)
{
  const char *channel = muster_api_json_get_string (data, "channel");
  const char *kind = muster_api_json_get_string (data, "kind");
  const char *sound = muster_api_json_get_string (data, "sound");
  gboolean    kiosk = g_strcmp0 (channel, "kiosk") == 0;

  /* What ended needs no noise. */
  if (g_strcmp0 (kind, "resolve") == 0)
    {
      withdraw (notice, data);
      return;
    }
  if (kiosk && !muster_session_is_kiosk (notice->session))
    return;
  if (g_strcmp0 (channel, "desktop") == 0)
    tell_desktop (notice, data);
  else if (sound != NULL && is_heard (notice))
    muster_sound_play (notice->sound, sound);
  if (kiosk)
    muster_alert_cover_show (notice->cover, data);
}

static void
muster_alert_notice_acted_cb (Notice *notice)
{
  muster_sound_stop (notice->sound);
}

void
muster_alert_notice_attach (GtkWindow        *window,
                            MusterSession    *session,
                            MusterAlertWatch *watch,
                            MusterAlertCover *cover)
{
  Notice   *notice;
  GClosure *closure;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (MUSTER_IS_ALERT_WATCH (watch));

  notice = g_new (Notice, 1);
  *notice = (Notice){ window, g_object_ref (session), cover, muster_sound_new () };
  g_object_set_data_full (G_OBJECT (window), KEY, notice, notice_free);
  closure = g_cclosure_new_swap (G_CALLBACK (muster_alert_notice_cb), notice, NULL);
  g_object_watch_closure (G_OBJECT (window), closure);
  g_signal_connect_closure (watch, "notice", closure, FALSE);
  g_signal_connect_swapped (cover, "acted", G_CALLBACK (muster_alert_notice_acted_cb), notice);
}
