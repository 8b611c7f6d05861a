/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-finder"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "muster-finder.h"
#include "muster-match.h"
#include "muster-room.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-status-chip.h"

#define MAX_DEVICES 20
/* More is asked for than shown: the best answers need not be the first by name. */
#define MAX_ASKED 200

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

/* Adds the devices of an answer that are not in DEVICES yet. */
static void
collect (GPtrArray *devices, DexFuture *answer)
{
  const GValue *value = dex_future_get_value (answer, NULL);

  for (unsigned i = 0; value != NULL && G_VALUE_HOLDS (value, MUSTER_TYPE_API_PAGE) &&
                       i < muster_api_page_get_length (g_value_get_object (value));
       i++)
    {
      MusterEntity *device = muster_api_page_get (g_value_get_object (value), i);
      gboolean      known = FALSE;

      for (unsigned j = 0; j < devices->len && !known; j++)
        known =
          g_str_equal (muster_entity_get_id (devices->pdata[j]), muster_entity_get_id (device));
      if (!known)
        g_ptr_array_add (devices, device);
    }
}

static void
select_row (MusterFinder *self, GtkListBoxRow *row)
{
  graphene_rect_t bounds;

  if (row == NULL)
    return;
  gtk_list_box_select_row (self->results, row);
  /* The focus stays where one types; the list follows by itself. */
  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->results), &bounds))
    gtk_adjustment_clamp_page (gtk_list_box_get_adjustment (self->results), bounds.origin.y,
                               bounds.origin.y + bounds.size.height);
}

static DexFuture *
muster_finder_found_cb (DexFuture *future, gpointer user_data)
{
  MusterFinder *self = user_data;
  const char   *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();

  for (unsigned i = 0; i < dex_future_set_get_size (DEX_FUTURE_SET (future)); i++)
    collect (devices, dex_future_set_get_future_at (DEX_FUTURE_SET (future), i));
  muster_match_sort (devices, text);
  gtk_list_box_remove_all (self->results);
  add_rooms (self, text);
  for (unsigned i = 0; i < MIN (devices->len, MAX_DEVICES); i++)
    add_device (self, devices->pdata[i]);
  select_row (self, gtk_list_box_get_row_at_index (self->results, 0));
  show_results (self);
  return dex_future_new_true ();
}

static void
muster_finder_search_cb (MusterFinder *self)
{
  const char        *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  MusterApiClient   *client = muster_session_get_client (self->session);
  const char *const  named[] = { "name", text, NULL };
  MusterApiListQuery query = { .q = *text != '\0' ? text : NULL,
                               .limit = MAX_ASKED,
                               .sort = "name" };
  MusterApiListQuery exact = { .filters = named, .limit = MAX_DEVICES };

  dex_clear (&self->searching);
  /* The one that is called just so is found among however many that have it somewhere. */
  self->searching =
    dex_future_finally (dex_future_all (muster_api_devices_list (client, &query),
                                        *text != '\0' ? muster_api_devices_list (client, &exact)
                                                      : dex_future_new_true (),
                                        NULL),
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
muster_finder_activate_selected_cb (MusterFinder *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->results);

  if (row != NULL)
    muster_finder_activated_cb (self, row);
}

/* Arrows move through the results while one types. */
static gboolean
muster_finder_key_cb (MusterFinder *self, unsigned keyval)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->results);
  int            step = 0;

  if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    step = 1;
  else if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    step = -1;
  if (step == 0 || row == NULL)
    return GDK_EVENT_PROPAGATE;
  if (gtk_list_box_row_get_index (row) + step >= 0)
    select_row (self, gtk_list_box_get_row_at_index (self->results,
                                                     gtk_list_box_row_get_index (row) + step));
  return GDK_EVENT_STOP;
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
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_activate_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_stop_cb);
}

static void
muster_finder_init (MusterFinder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_finder_new (MusterSession *session, const char *text)
{
  MusterFinder *self = g_object_new (MUSTER_TYPE_FINDER, NULL);

  self->session = g_object_ref (session);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self));
  muster_finder_search_cb (self);
  return ADW_DIALOG (self);
}
