/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-records-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "imports/muster-import-dialog.h"
#include "muster-permission.h"
#include "muster-records-view-private.h"
#include "muster-saved-views.h"

/* --- the menu of a row --- */

static GMenuModel *
create_row_menu (const MusterRecordsSpec *spec)
{
  GMenu *menu = g_menu_new ();

  for (unsigned i = 0; i < spec->n_actions; i++)
    {
      const MusterRecordsAction *action = &spec->actions[i];

      if (action->create_menu == NULL)
        g_menu_append (menu, _ (action->label), action->action);
      else
        {
          g_autoptr (GMenuModel) choices = action->create_menu (action->action);

          g_menu_append_submenu (menu, _ (action->label), choices);
        }
    }
  return G_MENU_MODEL (menu);
}

void
muster_records_view_open_menu (MusterRecordsView *self, unsigned position, const GdkRectangle *at)
{
  const char *id = muster_index_model_get_id (self->model, position);

  if (id == NULL || self->spec->n_actions == 0)
    return;
  g_set_str (&self->chosen, id);
  if (self->popover == NULL)
    {
      g_autoptr (GMenuModel) menu = create_row_menu (self->spec);

      self->popover = gtk_popover_menu_new_from_model (menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static unsigned
find_position_at (MusterRecordsView *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return picked != NULL ? muster_record_column_find_position (picked) : GTK_INVALID_LIST_POSITION;
}

static void
muster_records_view_pressed_cb (MusterRecordsView *self,
                                int                n_press,
                                double             x,
                                double             y,
                                GtkGesture        *gesture)
{
  unsigned position = find_position_at (self, x, y);

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  muster_records_view_open_menu (self, position, &(GdkRectangle){ (int)x, (int)y, 1, 1 });
}

/* A finger that stays on a row begins the selection with it. */
static void
muster_records_view_held_cb (MusterRecordsView *self, double x, double y, GtkGesture *gesture)
{
  unsigned position = find_position_at (self, x, y);

  if (position == GTK_INVALID_LIST_POSITION || gtk_toggle_button_get_active (self->select))
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_toggle_button_set_active (self->select, TRUE);
  gtk_selection_model_select_item (gtk_column_view_get_model (self->view), position, TRUE);
}

/* --- columns, buttons, texts --- */

/* Puts the words of the headers of numbers over the numbers. GTK has no property for it: where its
 * header is made otherwise one day, they stay at the start. */
static void
muster_records_view_align_headers (MusterRecordsView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  GtkWidget  *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget  *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (unsigned i = 0; title != NULL && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (GTK_IS_BOX (box) && column != self->mark && muster_record_column_is_number (column))
        gtk_widget_set_halign (box, GTK_ALIGN_END);
      title = gtk_widget_get_next_sibling (title);
    }
}

static void
add_columns (MusterRecordsView *self)
{
  const MusterRecordsSpec *spec = self->spec;

  for (unsigned i = 0; i < spec->n_columns; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (NULL, NULL);

      muster_record_column_set_up (column, &spec->columns[i], spec->info, spec->below,
                                   self->session, G_OBJECT (self));
      gtk_column_view_append_column (self->view, column);
    }
  muster_records_view_align_headers (self);
  muster_record_column_set_up_marks (self->mark);
  self->chooser =
    muster_column_chooser_new (self->view, self->bin, G_OBJECT (self), spec->columns,
                               spec->n_columns, spec->info,
                               muster_session_get_settings (self->session), spec->name);
}

static GtkWidget *
create_action_button (const MusterRecordsAction *action)
{
  GtkWidget *button = action->create_menu == NULL ? gtk_button_new () : gtk_menu_button_new ();
  GtkWidget *content = adw_button_content_new ();
  g_autofree char *name = g_strdup (_ (action->label));

  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _ (action->label));
  adw_button_content_set_use_underline (ADW_BUTTON_CONTENT (content), TRUE);
  adw_button_content_set_can_shrink (ADW_BUTTON_CONTENT (content), TRUE);
  if (action->icon_name != NULL)
    adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), action->icon_name);
  if (action->create_menu == NULL)
    {
      gtk_button_set_child (GTK_BUTTON (button), content);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action->action);
    }
  else
    {
      g_autoptr (GMenuModel) choices = action->create_menu (action->action);

      gtk_menu_button_set_child (GTK_MENU_BUTTON (button), content);
      gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), choices);
      gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), GTK_ARROW_UP);
    }
  return button;
}

static void
add_actions (MusterRecordsView *self)
{
  for (unsigned i = 0; i < self->spec->n_actions; i++)
    {
      const MusterRecordsAction *action = &self->spec->actions[i];
      GtkWidget                 *button = create_action_button (action);

      if (action->operation != NULL)
        muster_permission_guard (self->session, button, action->operation);
      g_object_set_data (G_OBJECT (button), MUSTER_RECORDS_VIEW_SINGLE,
                         GINT_TO_POINTER (action->single));
      adw_wrap_box_append (self->actions, button);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->select), self->spec->n_actions > 0);
}

/* The columns that the daemon sorts by: (transfer full). */
static GMenuModel *
create_sort_menu (const MusterRecordsSpec *spec)
{
  GMenu *menu = g_menu_new ();

  for (unsigned i = 0; i < spec->n_columns; i++)
    {
      const MusterColumn *column = &spec->columns[i];
      g_autoptr (GMenuItem) item =
                  g_menu_item_new (muster_column_get_title (column, spec->info), NULL);

      g_menu_item_set_action_and_target (item, "records.sort", "s", column->field);
      if (!(column->flags & MUSTER_COLUMN_UNSORTED) &&
          muster_entity_info_find (spec->info, column->field) >= 0)
        g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static void
fill_menu (MusterRecordsView *self)
{
  g_autoptr (GMenuModel) sort = create_sort_menu (self->spec);
  g_autoptr (GMenu) section = g_menu_new ();

  self->menu = g_menu_new ();
  g_menu_append (section, _ ("_Columns…"), "records.columns");
  if (g_menu_model_get_n_items (sort) > 0)
    g_menu_append_submenu (section, _ ("_Sort By"), sort);
  if (self->spec->import_operation != NULL)
    g_menu_append (section, _ ("_Import…"), "records.import");
  g_menu_append (section, _ ("_Export as CSV…"), "records.export");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
  gtk_menu_button_set_menu_model (self->more, G_MENU_MODEL (self->menu));
}

/* LABEL as it is spoken: (transfer full). */
static char *
drop_mnemonic (const char *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);

  return g_strjoinv ("", parts);
}

static void
describe (MusterRecordsView *self)
{
  g_autofree char         *new_name = NULL;
  const MusterRecordsSpec *spec = self->spec;
  GtkAccessible           *search = GTK_ACCESSIBLE (self->search);
  g_autofree char         *search_label = g_strdup_printf (_ ("Search: %s"), _ (spec->title));

  g_object_set (self->search, "placeholder-text", _ (spec->search), NULL);
  gtk_accessible_update_property (search, GTK_ACCESSIBLE_PROPERTY_LABEL, search_label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (spec->title), -1);
  adw_status_page_set_icon_name (self->empty, spec->empty_icon);
  adw_status_page_set_title (self->empty, _ (spec->empty_title));
  adw_status_page_set_description (self->empty, _ (spec->empty_text));
  gtk_widget_set_visible (self->add, spec->new_label != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_add), spec->new_label != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_way), spec->way_label != NULL);
  if (spec->way_label != NULL)
    {
      gtk_button_set_label (self->empty_way, _ (spec->way_label));
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->empty_way), spec->way_action);
    }
  if (spec->new_label == NULL)
    return;
  new_name = drop_mnemonic (_ (spec->new_label));
  gtk_button_set_label (self->empty_add, _ (spec->new_label));
  if (spec->way_label == NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->empty_add), "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  new_name, -1);
  gtk_widget_set_tooltip_text (self->add, new_name);
  if (spec->new_operation != NULL)
    {
      muster_permission_guard (self->session, self->add, spec->new_operation);
      muster_permission_guard (self->session, GTK_WIDGET (self->empty_add), spec->new_operation);
    }
}

static void
muster_records_view_rights_cb (MusterRecordsView *self)
{
  const char *import = self->spec->import_operation;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.import",
                                 import != NULL && muster_session_may (self->session, import));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.new",
                                 self->spec->new_label != NULL &&
                                   (self->spec->new_operation == NULL ||
                                    muster_session_may (self->session, self->spec->new_operation)));
}

static void
add_gestures (MusterRecordsView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *hold = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (muster_records_view_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (hold), TRUE);
  g_signal_connect_object (hold, "pressed", G_CALLBACK (muster_records_view_held_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (hold));
}

/* --- saved views --- */

static void
muster_records_view_saved_cb (MusterRecordsView *self,
                              const char        *text,
                              const char        *sort,
                              char             **filters,
                              char             **columns)
{
  gtk_editable_set_text (self->search, text != NULL ? text : "");
  if (sort != NULL)
    muster_records_view_set_sort (self, sort);
  if (columns != NULL)
    muster_column_chooser_choose (self->chooser, (const char *const *)columns);
  muster_filter_bar_apply (self->filters, (const char *const *)filters);
}

static void
muster_records_view_save_cb (MusterRecordsView *self, MusterSavedViews *views)
{
  g_autofree char *sort = muster_records_view_dup_sort (self);
  g_auto (GStrv) filters = muster_filter_bar_list_visible (self->filters);
  g_auto (GStrv) columns = muster_column_chooser_list (self->chooser);

  muster_saved_views_save (views, gtk_editable_get_text (self->search), sort,
                           (const char *const *)filters, (const char *const *)columns);
}

static void
add_saved_views (MusterRecordsView *self)
{
  GtkWidget *popover = muster_saved_views_new (self->session, self->spec->info->name);

  g_signal_connect_object (popover, "chosen", G_CALLBACK (muster_records_view_saved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "save", G_CALLBACK (muster_records_view_save_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (self->saved, popover);
}

void
muster_records_view_build (MusterRecordsView *self)
{
  const MusterRecordsSpec *spec = self->spec;

  describe (self);
  add_columns (self);
  add_actions (self);
  add_gestures (self);
  fill_menu (self);
  add_saved_views (self);
  if (spec->import_operation != NULL)
    muster_import_accept_drops (GTK_WIDGET (self), self->session, spec->info,
                                spec->import_operation);
  muster_filter_bar_add_chips (self->filters, spec->info, spec->chips, spec->n_chips);
  g_signal_connect_object (self->session, "notify::rights",
                           G_CALLBACK (muster_records_view_rights_cb), self, G_CONNECT_SWAPPED);
  muster_records_view_rights_cb (self);
}
