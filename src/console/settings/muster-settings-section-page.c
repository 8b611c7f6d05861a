/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings-section-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-site.h"
#include "muster-permission.h"
#include "muster-restart-notice.h"
#include "muster-setting-row.h"
#include "muster-settings-group.h"
#include "muster-settings-section-page.h"

struct _MusterSettingsSectionPage
{
  MusterPage parent_instance;

  const MusterSettingsSection *section;
  DexFuture                   *reading; /* (owned) (nullable) */
  GPtrArray *rows; /* (owned) (element-type GtkWidget) borrowed from the group of settings */
  MusterSettingsGroup *group;    /* (nullable) what stands above */
  AdwPreferencesGroup *settings; /* of the service */

  /* Template children */
  AdwBanner          *restart;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (MusterSettingsSectionPage, muster_settings_section_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterSettingsSectionPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

/* --- settings of the service --- */

static void
clear_rows (MusterSettingsSectionPage *self)
{
  for (unsigned i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->settings, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
add_setting (MusterSettingsSectionPage *self, JsonObject *setting)
{
  const char *key = muster_api_json_get_string (setting, "key");
  GtkWidget  *row = key != NULL && muster_settings_section_has (self->section, key)
                      ? muster_setting_row_new (session_of (self), setting)
                      : NULL;

  if (row == NULL)
    return;
  if (gtk_widget_get_sensitive (row))
    muster_permission_guard (session_of (self), row, "setSetting");
  adw_preferences_group_add (self->settings, row);
  g_ptr_array_add (self->rows, row);
}

static DexFuture *
muster_settings_section_page_read_cb (DexFuture *future, gpointer user_data)
{
  MusterSettingsSectionPage *self = user_data;
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
  clear_rows (self);
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *setting = muster_api_json_as_object (json_array_get_element (items, i));

      if (setting != NULL)
        add_setting (self, setting);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->settings), self->rows->len > 0 || self->group == NULL);
  if (self->group == NULL)
    adw_preferences_group_set_description (
      self->settings,
      self->rows->len > 0 ? NULL : _ ("The service of this site has nothing to set here."));
  return dex_future_new_true ();
}

static void
muster_settings_section_page_need_restart_action (GtkWidget  *widget,
                                                  const char *name,
                                                  GVariant   *parameter)
{
  muster_restart_notice_set_needed (muster_restart_notice_get (
                                      session_of (MUSTER_SETTINGS_SECTION_PAGE (widget))),
                                    TRUE);
}

static void
muster_settings_section_page_refresh (MusterPage *page)
{
  MusterSettingsSectionPage *self = MUSTER_SETTINGS_SECTION_PAGE (page);

  dex_clear (&self->reading);
  if (self->section->prefixes[0] != NULL || self->section->is_rest)
    self->reading = dex_future_finally (muster_api_settings_list (muster_page_get_client (page)),
                                        muster_settings_section_page_read_cb, self, NULL);
  if (self->group != NULL)
    muster_settings_group_refresh (self->group);
}

/* --- life --- */

static void
muster_settings_section_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_settings_section_page_parent_class)->map (widget);
  muster_settings_section_page_refresh (MUSTER_PAGE (widget));
}

static void
muster_settings_section_page_dispose (GObject *object)
{
  MusterSettingsSectionPage *self = MUSTER_SETTINGS_SECTION_PAGE (object);

  dex_clear (&self->reading);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SETTINGS_SECTION_PAGE);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_settings_section_page_parent_class)->dispose (object);
}

static void
muster_settings_section_page_class_init (MusterSettingsSectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_settings_section_page_dispose;
  widget_class->map = muster_settings_section_page_map;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_settings_section_page_refresh;
  MUSTER_PAGE_CLASS (klass)->has_no_past = TRUE;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/settings-section-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsSectionPage, restart);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsSectionPage, page);
  gtk_widget_class_install_action (widget_class, "settings.need-restart", NULL,
                                   muster_settings_section_page_need_restart_action);
}

static void
muster_settings_section_page_init (MusterSettingsSectionPage *self)
{
  self->rows = g_ptr_array_new ();
  self->settings = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->settings), FALSE);
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_settings_section_page_new (MusterSession *session, const char *name)
{
  MusterSettingsSectionPage   *self;
  const MusterSettingsSection *section = muster_settings_section_find (name);

  g_return_val_if_fail (MUSTER_IS_SESSION (session) && section != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SETTINGS_SECTION_PAGE, "session", session, "title",
                       _ (section->title), NULL);
  self->section = section;
  muster_restart_notice_show (muster_restart_notice_get (session), self->restart);
  if (section->get_group_type != NULL)
    {
      GtkWidget *group = muster_settings_group_new (section->get_group_type (), session);

      self->group = MUSTER_SETTINGS_GROUP (group);
      adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
      adw_preferences_group_set_title (self->settings, _ ("Settings"));
    }
  adw_preferences_page_add (self->page, self->settings);
  return MUSTER_PAGE (self);
}
