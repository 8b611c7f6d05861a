/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-alerts"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "model/muster-alert.h"
#include "muster-alert-fold.h"
#include "muster-device-alerts.h"
#include "muster-hindsight.h"
#include "widgets/muster-list.h"
#include "widgets/muster-references.h"

#define SETTLE_MSEC 200
#define MAX_SHOWN 20
#define TICK_SECONDS 30 /* how long they last */

struct _MusterDeviceAlerts
{
  AdwBin parent_instance;

  MusterSession         *session;   /* (owned) (nullable) */
  char                  *device_id; /* (owned) (nullable) */
  MusterApiSubscription *journal;   /* (owned) (nullable) */
  MusterApiPage         *shown;     /* (owned) (nullable) */
  DexFuture             *reading;   /* (owned) (nullable) */
  unsigned               read_id;   /* timeout */
  unsigned               tick_id;   /* timeout, while mapped */
  GtkListBox            *list;
};

G_DEFINE_FINAL_TYPE (MusterDeviceAlerts, muster_device_alerts, ADW_TYPE_BIN)

static void
fill (MusterDeviceAlerts *self)
{
  unsigned n = self->shown != NULL ? muster_api_page_get_length (self->shown) : 0;

  muster_list_clear (self->list);
  for (unsigned i = 0; i < n; i++)
    gtk_list_box_append (self->list,
                         muster_alert_row_new (self->session, muster_api_page_get (self->shown, i),
                                               FALSE));
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static DexFuture *
muster_device_alerts_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceAlerts *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    g_message ("could not read the alerts: %s", error->message);
  else if (self->list != NULL)
    {
      g_set_object (&self->shown, g_value_get_object (value));
      fill (self);
    }
  return dex_future_new_true ();
}

static void
muster_device_alerts_due_cb (gpointer user_data)
{
  MusterDeviceAlerts *self = user_data;
  const char *const   filters[] = { "device_id", self->device_id, "status", "open,acknowledged",
                                    NULL };
  const MusterApiListQuery query = { .sort = "-raised_at", .limit = MAX_SHOWN, .filters = filters };

  self->read_id = 0;
  dex_clear (&self->reading);
  if (!muster_session_may (self->session, "listAlerts"))
    return;
  self->reading =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session),
                                                    &muster_alert_info, &query),
                        muster_device_alerts_read_cb, self, NULL);
}

static void
queue_read (MusterDeviceAlerts *self)
{
  if (self->read_id == 0)
    self->read_id = g_timeout_add_once (SETTLE_MSEC, muster_device_alerts_due_cb, self);
}

static void
muster_device_alerts_moment_cb (GtkWidget *widget)
{
  MusterDeviceAlerts *self = MUSTER_DEVICE_ALERTS (widget);

  g_clear_handle_id (&self->read_id, g_source_remove);
  muster_device_alerts_due_cb (self);
}

static void
muster_device_alerts_journal_cb (MusterDeviceAlerts *self,
                                 const char         *topic,
                                 const char         *subject,
                                 JsonObject         *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && g_strcmp0 (muster_api_change_get_entity (change), "alert") == 0)
    queue_read (self);
}

static gboolean
muster_device_alerts_tick_cb (gpointer user_data)
{
  fill (user_data);
  return G_SOURCE_CONTINUE;
}

static void
muster_device_alerts_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_device_alerts_parent_class)->map (widget);
  MUSTER_DEVICE_ALERTS (widget)->tick_id =
    g_timeout_add_seconds (TICK_SECONDS, muster_device_alerts_tick_cb, widget);
}

static void
muster_device_alerts_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MUSTER_DEVICE_ALERTS (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_device_alerts_parent_class)->unmap (widget);
}

static void
muster_device_alerts_dispose (GObject *object)
{
  MusterDeviceAlerts *self = MUSTER_DEVICE_ALERTS (object);

  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  dex_clear (&self->reading);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_object (&self->shown);
  self->list = NULL;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_device_alerts_parent_class)->dispose (object);
}

static void
muster_device_alerts_finalize (GObject *object)
{
  g_free (MUSTER_DEVICE_ALERTS (object)->device_id);
  G_OBJECT_CLASS (muster_device_alerts_parent_class)->finalize (object);
}

static void
muster_device_alerts_class_init (MusterDeviceAlertsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_device_alerts_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_device_alerts_finalize;
  GTK_WIDGET_CLASS (klass)->map = muster_device_alerts_map;
  GTK_WIDGET_CLASS (klass)->unmap = muster_device_alerts_unmap;
}

static void
muster_device_alerts_init (MusterDeviceAlerts *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Alerts"), -1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Alerts"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), group);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
muster_device_alerts_open (MusterDeviceAlerts *self, MusterSession *session, const char *device_id)
{
  g_return_if_fail (MUSTER_IS_DEVICE_ALERTS (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && device_id != NULL);

  g_set_object (&self->session, session);
  g_set_str (&self->device_id, device_id);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_device_alerts_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (queue_read), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_device_alerts_moment_cb);
  queue_read (self);
}
