/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-connection-button"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-connection-button.h"

struct _MusterConnectionButton
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) */
  char          *trouble; /* (owned) (nullable) */

  /* Template children */
  GtkImage *icon;
  GtkLabel *label;
  GtkLabel *state;
  GtkLabel *target;
  GtkLabel *reason;
};

G_DEFINE_FINAL_TYPE (MusterConnectionButton, muster_connection_button, ADW_TYPE_BIN)

static const char *
describe_connection (MusterApiConnection connection)
{
  switch (connection)
    {
    case MUSTER_API_CONNECTION_CONNECTED:
      return _ ("Connected");
    case MUSTER_API_CONNECTION_RECONNECTING:
      return _ ("Reconnecting…");
    case MUSTER_API_CONNECTION_REFUSED:
      return _ ("Connection refused");
    case MUSTER_API_CONNECTION_CONNECTING:
    default:
      return _ ("Connecting…");
    }
}

static void
muster_connection_button_update (MusterConnectionButton *self)
{
  MusterApiClient    *client = muster_session_get_client (self->session);
  MusterApiConnection connection = muster_api_client_get_connection (client);
  const char         *reason =
    self->trouble != NULL ? self->trouble : muster_api_client_get_reason (client);
  gboolean    connected = connection == MUSTER_API_CONNECTION_CONNECTED;
  const char *icon_class = connected                                     ? "online"
                           : connection == MUSTER_API_CONNECTION_REFUSED ? "broken"
                                                                         : "trouble";
  const char *classes[] = { icon_class, NULL };

  gtk_image_set_from_icon_name (self->icon,
                                connected ? "muster-online-symbolic" : "muster-offline-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_label (self->label, connected && muster_api_client_is_local (client)
                                      ? _ ("This machine")
                                      : describe_connection (connection));
  gtk_label_set_label (self->state, describe_connection (connection));
  gtk_label_set_label (self->target, muster_api_client_get_target (client));
  gtk_label_set_label (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), !connected && reason != NULL);
}

static void
muster_connection_button_dispose (GObject *object)
{
  MusterConnectionButton *self = MUSTER_CONNECTION_BUTTON (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_CONNECTION_BUTTON);
  g_clear_object (&self->session);
  g_clear_pointer (&self->trouble, g_free);
  G_OBJECT_CLASS (muster_connection_button_parent_class)->dispose (object);
}

static void
muster_connection_button_class_init (MusterConnectionButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_connection_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/connection-button.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterConnectionButton, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterConnectionButton, label);
  gtk_widget_class_bind_template_child (widget_class, MusterConnectionButton, state);
  gtk_widget_class_bind_template_child (widget_class, MusterConnectionButton, target);
  gtk_widget_class_bind_template_child (widget_class, MusterConnectionButton, reason);
}

static void
muster_connection_button_init (MusterConnectionButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_connection_button_set_session (MusterConnectionButton *self, MusterSession *session)
{
  MusterApiClient *client;

  g_return_if_fail (MUSTER_IS_CONNECTION_BUTTON (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && self->session == NULL);

  self->session = g_object_ref (session);
  client = muster_session_get_client (session);
  g_signal_connect_object (client, "notify::connection",
                           G_CALLBACK (muster_connection_button_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::reason", G_CALLBACK (muster_connection_button_update),
                           self, G_CONNECT_SWAPPED);
  muster_connection_button_update (self);
}

void
muster_connection_button_set_trouble (MusterConnectionButton *self, const char *trouble)
{
  g_return_if_fail (MUSTER_IS_CONNECTION_BUTTON (self));
  g_return_if_fail (self->session != NULL);

  g_set_str (&self->trouble, trouble);
  muster_connection_button_update (self);
}

char *
muster_connection_button_dup_warning (MusterConnectionButton *self)
{
  MusterApiClient    *client;
  MusterApiConnection connection;
  const char         *reason;

  g_return_val_if_fail (MUSTER_IS_CONNECTION_BUTTON (self), NULL);
  g_return_val_if_fail (self->session != NULL, NULL);

  client = muster_session_get_client (self->session);
  connection = muster_api_client_get_connection (client);
  reason = muster_api_client_get_reason (client);
  if (connection == MUSTER_API_CONNECTION_CONNECTED)
    return NULL;
  if (self->trouble != NULL)
    return g_strdup (self->trouble);
  if (connection == MUSTER_API_CONNECTION_REFUSED)
    return g_strdup_printf (_ ("The site does not let this console in: %s"),
                            reason != NULL ? reason : "");
  if (connection == MUSTER_API_CONNECTION_RECONNECTING)
    return g_strdup (_ ("Connection lost: what you see may be old"));
  return NULL;
}
