/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-restart-notice.h"
#include "muster-settings-page.h"
#include "muster-settings-section-page.h"
#include "widgets/muster-pressable.h"

#define KEY_SECTION "muster-settings-section"

struct _MusterSettingsPage
{
  MusterPage parent_instance;

  GPtrArray *rows; /* (owned) (element-type GtkWidget) borrowed from the groups */

  /* Template children */
  AdwBanner           *restart;
  AdwPreferencesGroup *site_sections;
  AdwPreferencesGroup *window_sections;
};

G_DEFINE_FINAL_TYPE (MusterSettingsPage, muster_settings_page, MUSTER_TYPE_PAGE)

static void
muster_settings_page_activated_cb (MusterSettingsPage *self, AdwActionRow *row)
{
  const MusterSettingsSection *section = g_object_get_data (G_OBJECT (row), KEY_SECTION);

  muster_page_push (MUSTER_PAGE (self),
                    muster_settings_section_page_new (muster_page_get_session (MUSTER_PAGE (self)),
                                                      section->name));
}

static GtkWidget *
create_row (MusterSettingsPage *self, const MusterSettingsSection *section)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (section->title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (section->about));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (section->icon_name));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  muster_pressable_make (GTK_LIST_BOX_ROW (row));
  g_object_set_data (G_OBJECT (row), KEY_SECTION, (gpointer)section);
  g_signal_connect_object (row, "activated", G_CALLBACK (muster_settings_page_activated_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
fill (MusterSettingsPage *self)
{
  unsigned                     n_sections;
  const MusterSettingsSection *sections = muster_settings_sections_list (&n_sections);

  for (unsigned i = 0; i < n_sections; i++)
    {
      GtkWidget *row = create_row (self, &sections[i]);

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (sections[i].is_of_window ? self->window_sections
                                                          : self->site_sections,
                                 row);
    }
}

static void
muster_settings_page_rights_changed (MusterPage *page)
{
  MusterSettingsPage *self = MUSTER_SETTINGS_PAGE (page);

  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_visible (
      self->rows->pdata[i],
      muster_settings_section_is_there (g_object_get_data (self->rows->pdata[i], KEY_SECTION),
                                        muster_page_get_session (page)));
}

static void
muster_settings_page_constructed (GObject *object)
{
  MusterSettingsPage *self = MUSTER_SETTINGS_PAGE (object);
  MusterSession      *session = muster_page_get_session (MUSTER_PAGE (self));

  G_OBJECT_CLASS (muster_settings_page_parent_class)->constructed (object);
  fill (self);
  muster_restart_notice_show (muster_restart_notice_get (session), self->restart);
  muster_settings_page_rights_changed (MUSTER_PAGE (self));
}

static void
muster_settings_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_SETTINGS_PAGE);
  g_clear_pointer (&MUSTER_SETTINGS_PAGE (object)->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_settings_page_parent_class)->dispose (object);
}

static void
muster_settings_page_class_init (MusterSettingsPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_settings_page_constructed;
  object_class->dispose = muster_settings_page_dispose;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_settings_page_rights_changed;
  MUSTER_PAGE_CLASS (klass)->has_no_past = TRUE;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, restart);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, site_sections);
  gtk_widget_class_bind_template_child (widget_class, MusterSettingsPage, window_sections);
}

static void
muster_settings_page_init (MusterSettingsPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
