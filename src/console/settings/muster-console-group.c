/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-console-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-connect.h"
#include "muster-console-group.h"
#include "people/muster-idle-lock.h"

struct _MusterConsoleGroup
{
  MusterSettingsGroup parent_instance;

  AdwSwitchRow *alert_sound;
  AdwSpinRow   *lock_after;
  AdwActionRow *target;
  GtkEditable  *connect;
  GtkEditable  *token;
  GtkWidget    *connect_button;
};

G_DEFINE_FINAL_TYPE (MusterConsoleGroup, muster_console_group, MUSTER_TYPE_SETTINGS_GROUP)

static MusterSession *
session_of (MusterConsoleGroup *self)
{
  return muster_settings_group_get_session (MUSTER_SETTINGS_GROUP (self));
}

static void
muster_console_group_lock_cb (MusterConsoleGroup *self)
{
  GSettings *settings =
    session_of (self) != NULL ? muster_session_get_settings (session_of (self)) : NULL;
  int seconds = (int)adw_spin_row_get_value (self->lock_after) * 60;

  if (settings != NULL &&
      (int)muster_idle_lock_get_seconds (session_of (self)) / 60 * 60 != seconds)
    g_settings_set_int (settings, "lock-after", seconds);
}

/* What is connected to now, and at the next start. */
static void
switch_to (MusterConsoleGroup *self, MusterApiClient *client)
{
  GSettings *settings = muster_session_get_settings (session_of (self));

  if (settings != NULL)
    g_settings_set_string (settings, "connect",
                           client != NULL ? muster_api_client_get_target (client) : "");
  muster_session_switch (session_of (self), client);
}

static DexFuture *
muster_console_group_connect_fiber (gpointer user_data)
{
  MusterConsoleGroup *self = user_data;
  const char         *token = gtk_editable_get_text (self->token);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiClient) client =
              muster_api_client_new_for_uri (gtk_editable_get_text (self->connect), &error);
  g_autoptr (MusterSite) site = NULL;

  if (client == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("Not an address of a site"), error);
      return dex_future_new_true ();
    }
  muster_api_client_set_token (client, *token != '\0' ? token : NULL);
  gtk_widget_set_sensitive (self->connect_button, FALSE);
  site = dex_await_object (muster_connect_check (client, GTK_WIDGET (self)), &error);
  if (session_of (self) == NULL)
    return dex_future_new_true ();
  gtk_widget_set_sensitive (self->connect_button, TRUE);
  if (site != NULL)
    switch_to (self, client);
  else
    muster_session_tell_error (session_of (self), _ ("Not connected"), error);
  return dex_future_new_true ();
}

static void
muster_console_group_connect_cb (MusterConsoleGroup *self)
{
  if (!gtk_widget_get_sensitive (self->connect_button))
    return;
  if (*gtk_editable_get_text (self->connect) != '\0')
    dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_console_group_connect_fiber,
                                            g_object_ref (self), g_object_unref));
  else if (!muster_api_client_is_local (muster_session_get_client (session_of (self))))
    switch_to (self, NULL);
}

/* --- life --- */

static void
muster_console_group_constructed (GObject *object)
{
  MusterConsoleGroup *self = MUSTER_CONSOLE_GROUP (object);
  GSettings          *settings = muster_session_get_settings (session_of (self));

  G_OBJECT_CLASS (muster_console_group_parent_class)->constructed (object);
  adw_action_row_set_subtitle (self->target, muster_api_client_get_target (
                                               muster_session_get_client (session_of (self))));
  gtk_widget_set_visible (GTK_WIDGET (self->lock_after), settings != NULL);
  adw_spin_row_set_value (self->lock_after, muster_idle_lock_get_seconds (session_of (self)) / 60);
  if (settings != NULL)
    {
      g_autofree char *uri = g_settings_get_string (settings, "connect");

      gtk_editable_set_text (self->connect, uri);
      g_settings_bind (settings, "alert-sound", self->alert_sound, "active",
                       G_SETTINGS_BIND_DEFAULT);
    }
}

static void
muster_console_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_CONSOLE_GROUP);
  G_OBJECT_CLASS (muster_console_group_parent_class)->dispose (object);
}

static void
muster_console_group_class_init (MusterConsoleGroupClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_console_group_constructed;
  object_class->dispose = muster_console_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/console-group.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterConsoleGroup, alert_sound);
  gtk_widget_class_bind_template_child (widget_class, MusterConsoleGroup, lock_after);
  gtk_widget_class_bind_template_child (widget_class, MusterConsoleGroup, target);
  gtk_widget_class_bind_template_child (widget_class, MusterConsoleGroup, connect);
  gtk_widget_class_bind_template_child (widget_class, MusterConsoleGroup, token);
  gtk_widget_class_bind_template_child (widget_class, MusterConsoleGroup, connect_button);
  gtk_widget_class_bind_template_callback (widget_class, muster_console_group_lock_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_console_group_connect_cb);
}

static void
muster_console_group_init (MusterConsoleGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
