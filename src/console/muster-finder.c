/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-finder"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "muster-finder.h"
#include "muster-room.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-status-chip.h"

#define MAX_DEVICES 20

struct _MusterFinder
{
  AdwDialog parent_instance;

  MusterSession *session;   /* (owned) */
  DexFuture     *searching; /* (owned) (nullable) */

  /* Template children */
  GtkSearchEntry *entry;
  GtkListBox     *results;
  GtkStack       *stack;
};

G_DEFINE_FINAL_TYPE (MusterFinder, muster_finder, ADW_TYPE_DIALOG)

static GtkWidget *
add_result (MusterFinder *self,
            const char   *title,
            const char   *subtitle,
            const char   *icon_name,
            const char   *action,
            const char   *target)
{
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", subtitle,
                  "activatable", TRUE, "title-lines", 1, "subtitle-lines", 1, NULL);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon_name));
  g_object_set_data_full (G_OBJECT (row), "muster-action", g_strdup (action), g_free);
  g_object_set_data_full (G_OBJECT (row), "muster-target", g_strdup (target), g_free);
  gtk_list_box_append (self->results, row);
  return row;
}

static void
add_rooms (MusterFinder *self, const char *text)
{
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);
  g_autofree char  *needle = g_utf8_casefold (text, -1);

  for (unsigned i = 0; i < n_rooms; i++)
    {
      g_autofree char *title = g_utf8_casefold (_ (rooms[i].title), -1);

      if (strstr (title, needle) != NULL)
        add_result (self, _ (rooms[i].title), NULL, rooms[i].icon_name, "win.room", rooms[i].name);
    }
}

static void
add_device (MusterFinder *self, MusterEntity *device)
{
  static const char *const fields[] = { "model", "serial", "mac", "address", "location" };
  g_autoptr (GString) subtitle = g_string_new (NULL);
  GtkWidget *row, *chip;

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!muster_entity_is_null (device, fields[i]))
      g_string_append_printf (subtitle, "%s%s", subtitle->len > 0 ? " · " : "",
                              muster_entity_get_string (device, fields[i]));
  row = add_result (self, muster_entity_get_string (device, "name"), subtitle->str,
                    muster_kind_get_icon_name (muster_entity_get_string (device, "kind")),
                    "win.open-device", muster_entity_get_id (device));
  chip = muster_status_chip_new ();
  muster_status_chip_set_live (MUSTER_STATUS_CHIP (chip),
                               muster_entity_get_enum (device, "live_state"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
}

static void
show_results (MusterFinder *self)
{
  gboolean any = gtk_list_box_get_row_at_index (self->results, 0) != NULL;

  gtk_stack_set_visible_child_name (self->stack, any ? "results" : "nothing");
}

static DexFuture *
muster_finder_found_cb (DexFuture *future, gpointer user_data)
{
  MusterFinder *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  gtk_list_box_remove_all (self->results);
  add_rooms (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  if (value != NULL)
    for (unsigned i = 0; i < muster_api_page_get_length (g_value_get_object (value)); i++)
      add_device (self, muster_api_page_get (g_value_get_object (value), i));
  show_results (self);
  return dex_future_new_true ();
}

static void
muster_finder_search_cb (MusterFinder *self)
{
  const char        *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  MusterApiListQuery query = { .q = *text != '\0' ? text : NULL,
                               .limit = MAX_DEVICES,
                               .sort = "name" };

  dex_clear (&self->searching);
  self->searching =
    dex_future_finally (muster_api_devices_list (muster_session_get_client (self->session), &query),
                        muster_finder_found_cb, self, NULL);
}

static void
muster_finder_activated_cb (MusterFinder *self, GtkListBoxRow *row)
{
  g_autofree char *action = g_strdup (g_object_get_data (G_OBJECT (row), "muster-action"));
  g_autofree char *target = g_strdup (g_object_get_data (G_OBJECT (row), "muster-target"));
  GtkWidget       *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  adw_dialog_close (ADW_DIALOG (self));
  gtk_widget_activate_action (window, action, "s", target);
}

static void
muster_finder_activate_first_cb (MusterFinder *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->results, 0);

  if (row != NULL)
    muster_finder_activated_cb (self, row);
}

static void
muster_finder_stop_cb (MusterFinder *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_finder_dispose (GObject *object)
{
  MusterFinder *self = MUSTER_FINDER (object);

  dex_clear (&self->searching);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_FINDER);
  G_OBJECT_CLASS (muster_finder_parent_class)->dispose (object);
}

static void
muster_finder_class_init (MusterFinderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_finder_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/finder.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, entry);
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, results);
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, stack);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_activate_first_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_stop_cb);
}

static void
muster_finder_init (MusterFinder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_finder_new (MusterSession *session)
{
  MusterFinder *self = g_object_new (MUSTER_TYPE_FINDER, NULL);

  self->session = g_object_ref (session);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self));
  muster_finder_search_cb (self);
  return ADW_DIALOG (self);
}
