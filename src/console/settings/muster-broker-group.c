/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-operations.h"
#include "muster-broker-group.h"
#include "widgets/muster-format.h"

struct _MusterBrokerGroup
{
  MusterSettingsGroup parent_instance;

  DexFuture *asking; /* (owned) (nullable) */

  /* Template children */
  AdwActionRow *state;
  AdwActionRow *address;
  AdwActionRow *plain;
};

G_DEFINE_FINAL_TYPE (MusterBrokerGroup, muster_broker_group, MUSTER_TYPE_SETTINGS_GROUP)

static MusterSession *
session_of (MusterBrokerGroup *self)
{
  return muster_settings_group_get_session (MUSTER_SETTINGS_GROUP (self));
}

static const char *
describe_broker (const char *state, const char *mode)
{
  gboolean external = g_strcmp0 (mode, "external") == 0;

  if (g_strcmp0 (state, "up") == 0)
    return external ? _ ("Connected to the site's own broker") : _ ("Running");
  if (g_strcmp0 (state, "connecting") == 0)
    return _ ("Connecting…");
  return _ ("Not running");
}

/* A way in that is not safe is in sight for as long as it is there. */
static void
show_plain_port (MusterBrokerGroup *self, gint64 port)
{
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->plain), port > 0);
  if (port <= 0)
    return;
  /* Translators: %d is a port. */
  text = g_strdup_printf (
    _ ("Port %d takes devices unencrypted: whoever listens on the network can read their "
       "passwords and values, and speak in their names"),
    (int)port);
  adw_action_row_set_subtitle (self->plain, text);
}

static DexFuture *
muster_broker_group_read_cb (DexFuture *future, gpointer user_data)
{
  MusterBrokerGroup *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  JsonObject      *status = value != NULL ? g_value_get_boxed (value) : NULL;
  const char      *uri, *trouble;
  g_autofree char *text = NULL;

  if (status == NULL)
    {
      text = muster_format_sentence (error->message);
      adw_action_row_set_subtitle (self->state, text);
      return dex_future_new_true ();
    }
  uri = muster_api_json_get_string (status, "uri");
  trouble = muster_api_json_get_string (status, "trouble");
  text = g_strdup_printf (_ ("%s · %d sessions · %d messages dropped"),
                          describe_broker (muster_api_json_get_string (status, "state"),
                                           muster_api_json_get_string (status, "mode")),
                          (int)muster_api_json_get_integer (status, "clients", 0),
                          (int)muster_api_json_get_integer (status, "dropped", 0));
  adw_action_row_set_subtitle (self->state, trouble != NULL ? trouble : text);
  adw_action_row_set_subtitle (self->address, uri != NULL ? uri : "–");
  show_plain_port (self, muster_api_json_get_integer (status, "plain_port", 0));
  return dex_future_new_true ();
}

static void
muster_broker_group_refresh (MusterSettingsGroup *group)
{
  MusterBrokerGroup *self = MUSTER_BROKER_GROUP (group);

  dex_clear (&self->asking);
  self->asking = dex_future_finally (muster_api_messaging_get_status (
                                       muster_session_get_client (session_of (self))),
                                     muster_broker_group_read_cb, self, NULL);
}

/* --- life --- */

static void
muster_broker_group_dispose (GObject *object)
{
  MusterBrokerGroup *self = MUSTER_BROKER_GROUP (object);

  dex_clear (&self->asking);
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_BROKER_GROUP);
  G_OBJECT_CLASS (muster_broker_group_parent_class)->dispose (object);
}

static void
muster_broker_group_class_init (MusterBrokerGroupClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_broker_group_dispose;
  MUSTER_SETTINGS_GROUP_CLASS (klass)->refresh = muster_broker_group_refresh;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/broker-group.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterBrokerGroup, state);
  gtk_widget_class_bind_template_child (widget_class, MusterBrokerGroup, address);
  gtk_widget_class_bind_template_child (widget_class, MusterBrokerGroup, plain);
}

static void
muster_broker_group_init (MusterBrokerGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
