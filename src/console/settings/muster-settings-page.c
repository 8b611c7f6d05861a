/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-operations.h"
#include "client/muster-api-site.h"
#include "muster-connect.h"
#include "muster-permission.h"
#include "muster-retention-group.h"
#include "muster-setting-row.h"
#include "muster-settings-page.h"
#include "people/muster-idle-lock.h"
#include "widgets/muster-format.h"

struct _MusterSettingsPage
{
  MusterPage parent_instance;

  DexFuture *reading;  /* (owned) (nullable) settings */
  DexFuture *asking;   /* (owned) (nullable) state of the broker */
  GPtrArray *settings; /* (owned) (element-type GtkWidget) rows, borrowed from their group */

  /* Template children */
  AdwBanner           *restart;
  GtkEditable         *name;
  GtkEditable         *timezone;
  AdwActionRow        *broker_state;
  AdwActionRow        *broker_address;
  AdwActionRow        *broker_plain;
  AdwPreferencesGroup *settings_group; /* those of the service that stand nowhere else */
  AdwPreferencesGroup *broker_group;
  AdwPreferencesGroup *sample_group;
  GtkWidget           *retention;
  AdwPreferencesGroup *alert_group;
  AdwPreferencesGroup *people_group;
  AdwPreferencesGroup *network_group;
  GtkWidget           *scan_group;
  AdwSwitchRow        *alert_sound;
  AdwSwitchRow        *scan_sound;
  AdwSwitchRow        *scan_flash;
  GtkEditable         *scan_prefix;
  GtkEditable         *scan_suffix;
  AdwSpinRow          *scan_gap;
  AdwSpinRow          *lock_after;
  AdwActionRow        *target;
  GtkEditable         *connect;
  GtkEditable         *token;
  GtkWidget           *connect_button;
};

G_DEFINE_FINAL_TYPE (MusterSettingsPage, muster_settings_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterSettingsPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static void
set_text (GtkEditable *editable, const char *text)
{
  if (text == NULL)
    text = "";
  if (g_strcmp0 (gtk_editable_get_text (editable), text) != 0)
    gtk_editable_set_text (editable, text);
}

static void
muster_settings_page_site_cb (MusterSettingsPage *self)
{
  MusterSite *site = muster_session_get_site (session_of (self));

  if (site == NULL)
    return;
  set_text (self->name, muster_entity_get_string (MUSTER_ENTITY (site), "name"));
  set_text (self->timezone, muster_entity_get_string (MUSTER_ENTITY (site), "timezone"));
}

static DexFuture *
muster_settings_page_site_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterSettingsPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (value == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("The site was not changed"), error);
      muster_settings_page_site_cb (self);
    }
  else
    muster_session_offer_journal_undo (session_of (self), _ ("The site was changed"), "site",
                                       muster_entity_get_id (g_value_get_object (value)));
  return dex_future_new_true ();
}

static void
change_site (MusterSettingsPage *self, const char *member, const char *text)
{
  JsonObject *changes = json_object_new ();

  if (*text != '\0')
    json_object_set_string_member (changes, member, text);
  else
    json_object_set_null_member (changes, member);
  dex_future_disown (
    dex_future_finally (muster_api_site_update (muster_page_get_client (MUSTER_PAGE (self)),
                                                changes, 0),
                        muster_settings_page_site_saved_cb, g_object_ref (self), g_object_unref));
}

static void
muster_settings_page_name_cb (MusterSettingsPage *self)
{
  change_site (self, "name", gtk_editable_get_text (self->name));
}

static void
muster_settings_page_timezone_cb (MusterSettingsPage *self)
{
  change_site (self, "timezone", gtk_editable_get_text (self->timezone));
}

static void
muster_settings_page_lock_cb (MusterSettingsPage *self)
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
switch_to (MusterSettingsPage *self, MusterApiClient *client)
{
  GSettings *settings = muster_session_get_settings (session_of (self));

  if (settings != NULL)
    g_settings_set_string (settings, "connect",
                           client != NULL ? muster_api_client_get_target (client) : "");
  muster_session_switch (session_of (self), client);
}

static DexFuture *
muster_settings_page_connect_fiber (gpointer user_data)
{
  MusterSettingsPage *self = user_data;
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
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  gtk_widget_set_sensitive (self->connect_button, TRUE);
  if (site != NULL)
    switch_to (self, client);
  else
    muster_session_tell_error (session_of (self), _ ("Not connected"), error);
  return dex_future_new_true ();
}

static void
muster_settings_page_connect_cb (MusterSettingsPage *self)
{
  if (!gtk_widget_get_sensitive (self->connect_button))
    return;
  if (*gtk_editable_get_text (self->connect) != '\0')
    muster_page_run (MUSTER_PAGE (self), muster_settings_page_connect_fiber);
  else if (!muster_api_client_is_local (muster_page_get_client (MUSTER_PAGE (self))))
    switch_to (self, NULL);
}

/* --- broker --- */

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
show_plain_port (MusterSettingsPage *self, gint64 port)
{
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->broker_plain), port > 0);
  if (port <= 0)
    return;
  /* Translators: %d is a port. */
  text = g_strdup_printf (
    _ ("Port %d takes devices unencrypted: whoever listens on the network can read their "
       "passwords and values, and speak in their names"),
    (int)port);
  adw_action_row_set_subtitle (self->broker_plain, text);
}

static DexFuture *
muster_settings_page_broker_cb (DexFuture *future, gpointer user_data)
{
  MusterSettingsPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  JsonObject      *status = value != NULL ? g_value_get_boxed (value) : NULL;
  const char      *uri, *trouble;
  g_autofree char *text = NULL;

  if (status == NULL)
    {
      text = muster_format_sentence (error->message);
      adw_action_row_set_subtitle (self->broker_state, text);
      return dex_future_new_true ();
    }
  uri = muster_api_json_get_string (status, "uri");
  trouble = muster_api_json_get_string (status, "trouble");
  text = g_strdup_printf (_ ("%s · %d sessions · %d messages dropped"),
                          describe_broker (muster_api_json_get_string (status, "state"),
                                           muster_api_json_get_string (status, "mode")),
                          (int)muster_api_json_get_integer (status, "clients", 0),
                          (int)muster_api_json_get_integer (status, "dropped", 0));
  adw_action_row_set_subtitle (self->broker_state, trouble != NULL ? trouble : text);
  adw_action_row_set_subtitle (self->broker_address, uri != NULL ? uri : "–");
  show_plain_port (self, muster_api_json_get_integer (status, "plain_port", 0));
  return dex_future_new_true ();
}

/* --- settings of the service --- */

/* By what stands before the first dot of its key. */
static AdwPreferencesGroup *
find_group (MusterSettingsPage *self, const char *key)
{
  const struct
  {
    const char          *prefix;
    AdwPreferencesGroup *group;
  } groups[] = {
    { "broker.", self->broker_group },       { "samples.", self->sample_group },
    { "telemetry.", self->sample_group },    { "alerts.", self->alert_group },
    { "notifications.", self->alert_group }, { "accounts.", self->people_group },
    { "http.", self->network_group },
  };

  for (unsigned i = 0; key != NULL && i < G_N_ELEMENTS (groups); i++)
    if (g_str_has_prefix (key, groups[i].prefix))
      return groups[i].group;
  return self->settings_group;
}

static void
add_setting (MusterSettingsPage *self, const char *key, GtkWidget *row)
{
  AdwPreferencesGroup *group = find_group (self, key);

  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->settings, row);
  gtk_widget_set_visible (GTK_WIDGET (group), TRUE);
}

static void
clear_settings (MusterSettingsPage *self)
{
  for (unsigned i = 0; i < self->settings->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (
                                    gtk_widget_get_ancestor (self->settings->pdata[i],
                                                             ADW_TYPE_PREFERENCES_GROUP)),
                                  self->settings->pdata[i]);
  g_ptr_array_set_size (self->settings, 0);
}

static DexFuture *
muster_settings_page_read_cb (DexFuture *future, gpointer user_data)
{
  MusterSettingsPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray    *items =
    value != NULL ? muster_api_json_get_array (g_value_get_boxed (value), "items") : NULL;

  if (items == NULL)
    {
      if (error != NULL)
        g_message ("could not read the settings: %s", error->message);
      return dex_future_new_true ();
    }
  clear_settings (self);
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *setting = muster_api_json_as_object (json_array_get_element (items, i));
      GtkWidget *row = setting != NULL ? muster_setting_row_new (session_of (self), setting) : NULL;

      if (row == NULL)
        continue;
      if (gtk_widget_get_sensitive (row))
        muster_permission_guard (session_of (self), row, "setSetting");
      add_setting (self, muster_api_json_get_string (setting, "key"), row);
    }
  return dex_future_new_true ();
}

/* --- starting again --- */

static void
muster_settings_page_need_restart_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSettingsPage *self = MUSTER_SETTINGS_PAGE (widget);
  GApplication       *application = g_application_get_default ();
  gboolean            possible =
    application != NULL &&
    g_action_group_get_action_enabled (G_ACTION_GROUP (application), "restart-service");

  /* Where the service is not ours to start, this only says so. */
  adw_banner_set_button_label (self->restart, possible ? _ ("Start Again") : NULL);
  adw_banner_set_revealed (self->restart, TRUE);
}

static void
muster_settings_page_restart_cb (MusterSettingsPage *self)
{
  adw_banner_set_revealed (self->restart, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "app.restart-service", NULL);
}

static void
muster_settings_page_refresh (MusterPage *page)
{
  MusterSettingsPage *self = MUSTER_SETTINGS_PAGE (page);
  MusterApiClient    *client = muster_page_get_client (page);

  dex_clear (&self->reading);
  dex_clear (&self->asking);
  self->reading = dex_future_finally (muster_api_settings_list (client),
                                      muster_settings_page_read_cb, self, NULL);
  self->asking = dex_future_finally (muster_api_messaging_get_status (client),
                                     muster_settings_page_broker_cb, self, NULL);
  adw_action_row_set_subtitle (self->target, muster_api_client_get_target (client));
  muster_settings_page_site_cb (self);
  muster_retention_group_refresh (MUSTER_RETENTION_GROUP (self->retention));
}

static void
muster_settings_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_settings_page_parent_class)->map (widget);
  muster_settings_page_refresh (MUSTER_PAGE (widget));
}

static void
muster_settings_page_constructed (GObject *object)
{
  MusterSettingsPage *self = MUSTER_SETTINGS_PAGE (object);
  GSettings          *settings = muster_session_get_settings (session_of (self));

  G_OBJECT_CLASS (muster_settings_page_parent_class)->constructed (object);
  g_signal_connect_object (session_of (self), "notify::site",
                           G_CALLBACK (muster_settings_page_site_cb), self, G_CONNECT_SWAPPED);
  muster_retention_group_set_session (MUSTER_RETENTION_GROUP (self->retention), session_of (self));
  muster_permission_guard (session_of (self), GTK_WIDGET (self->name), "updateSite");
  muster_permission_guard (session_of (self), GTK_WIDGET (self->timezone), "updateSite");
  gtk_widget_set_visible (self->scan_group, settings != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->lock_after), settings != NULL);
  adw_spin_row_set_value (self->lock_after, muster_idle_lock_get_seconds (session_of (self)) / 60);
  if (settings != NULL)
    {
      g_autofree char *uri = g_settings_get_string (settings, "connect");

      set_text (self->connect, uri);
      g_settings_bind (settings, "alert-sound", self->alert_sound, "active",
                       G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "scan-sound", self->scan_sound, "active", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "scan-flash", self->scan_flash, "active", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "scan-prefix", self->scan_prefix, "text", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "scan-suffix", self->scan_suffix, "text", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "scan-gap", self->scan_gap, "value", G_SETTINGS_BIND_DEFAULT);
    }
}

static void
muster_settings_page_dispose (GObject *object)
{
  MusterSettingsPage *self = MUSTER_SETTINGS_PAGE (object);

  dex_clear (&self->reading);
  dex_clear (&self->asking);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SETTINGS_PAGE);
  g_clear_pointer (&self->settings, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_settings_page_parent_class)->dispose (object);
}

static void
muster_settings_page_class_init (MusterSettingsPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_settings_page_constructed;
  object_class->dispose = muster_settings_page_dispose;
  widget_class->map = muster_settings_page_map;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_settings_page_refresh;
  MUSTER_PAGE_CLASS (klass)->has_no_past = TRUE;
  g_type_ensure (MUSTER_TYPE_RETENTION_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, restart);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, timezone);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, broker_state);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, broker_address);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, broker_plain);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, settings_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, broker_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, sample_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, retention);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, alert_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, people_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, network_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, scan_group);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, alert_sound);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, scan_sound);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, scan_flash);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, scan_prefix);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, scan_suffix);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, scan_gap);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, lock_after);
  gtk_widget_class_bind_template_callback (widget_class, muster_settings_page_lock_cb);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, target);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, connect);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, token);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, connect_button);
  gtk_widget_class_bind_template_callback (widget_class, muster_settings_page_restart_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_settings_page_name_cb);
  gtk_widget_class_install_action (widget_class, "settings.need-restart", NULL,
                                   muster_settings_page_need_restart_action);
  gtk_widget_class_bind_template_callback (widget_class, muster_settings_page_timezone_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_settings_page_connect_cb);
}

static void
muster_settings_page_init (MusterSettingsPage *self)
{
  self->settings = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
