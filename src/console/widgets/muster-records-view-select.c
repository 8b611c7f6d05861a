/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-records-view-select"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-records-view-private.h"

static gboolean
is_selecting (MusterRecordsView *self)
{
  return gtk_toggle_button_get_active (self->select);
}

static GtkBitset *
get_selection (MusterRecordsView *self)
{
  return gtk_selection_model_get_selection (gtk_column_view_get_model (self->view));
}

static void
muster_records_view_selection_cb (MusterRecordsView *self)
{
  g_autoptr (GtkBitset) selected = get_selection (self);
  unsigned         n_selected = gtk_bitset_get_size (selected);
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u selected", "%u selected", n_selected), n_selected);

  gtk_label_set_label (self->selected, text);
  for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->actions)); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    if (g_object_get_data (G_OBJECT (button), MUSTER_RECORDS_VIEW_SINGLE) != NULL)
      gtk_widget_set_visible (button, n_selected <= 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->actions), n_selected > 0);
}

/* In and out of selection mode: then a click marks a row rather than opening it. */
void
muster_records_view_select_cb (MusterRecordsView *self)
{
  gboolean    selecting = is_selecting (self);
  GListModel *model;
  g_autoptr (GtkSelectionModel) selection = NULL;

  if (self->model == NULL)
    return;
  model = G_LIST_MODEL (g_object_ref (self->model));
  selection = selecting ? GTK_SELECTION_MODEL (gtk_multi_selection_new (model))
                        : GTK_SELECTION_MODEL (gtk_no_selection_new (model));
  gtk_column_view_set_model (self->view, selection);
  gtk_column_view_set_single_click_activate (self->view, !selecting);
  gtk_column_view_set_enable_rubberband (self->view, selecting);
  gtk_column_view_column_set_visible (self->mark, selecting);
  gtk_revealer_set_reveal_child (self->bar, selecting);
  if (selecting)
    g_signal_connect_object (selection, "selection-changed",
                             G_CALLBACK (muster_records_view_selection_cb), self,
                             G_CONNECT_SWAPPED);
  muster_records_view_selection_cb (self);
}

static void
muster_records_view_select_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);

  gtk_toggle_button_set_active (self->select, !is_selecting (self));
}

static void
muster_records_view_select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);

  gtk_toggle_button_set_active (self->select, TRUE);
  gtk_selection_model_select_all (gtk_column_view_get_model (self->view));
}

void
muster_records_view_end_selection (MusterRecordsView *self)
{
  g_return_if_fail (MUSTER_IS_RECORDS_VIEW (self));

  gtk_toggle_button_set_active (self->select, FALSE);
}

/* The id of the row that has the focus, or NULL: borrowed. */
static const char *
get_focused (MusterRecordsView *self)
{
  GtkRoot   *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)))
    return NULL;
  return muster_index_model_get_id (self->model, muster_record_column_find_position (focus));
}

char **
muster_records_view_list_chosen (MusterRecordsView *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  unsigned      position;
  const char   *id;

  g_return_val_if_fail (MUSTER_IS_RECORDS_VIEW (self), NULL);

  if (!is_selecting (self))
    {
      id = self->chosen != NULL ? self->chosen : get_focused (self);
      if (id != NULL)
        g_strv_builder_add (builder, id);
      return g_strv_builder_end (builder);
    }
  selected = get_selection (self);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      id = muster_index_model_get_id (self->model, position);
      if (id != NULL)
        g_strv_builder_add (builder, id);
    }
  return g_strv_builder_end (builder);
}

static gboolean
muster_records_view_menu_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);
  GtkRoot           *root = gtk_widget_get_root (widget);
  GtkWidget         *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  graphene_rect_t    bounds;

  if (get_focused (self) == NULL || !gtk_widget_compute_bounds (focus, widget, &bounds))
    return FALSE;
  muster_records_view_open_menu (self, muster_record_column_find_position (focus),
                                 &(GdkRectangle){ (int)bounds.origin.x + 60,
                                                  (int)(bounds.origin.y + bounds.size.height / 2),
                                                  1, 1 });
  return TRUE;
}

static gboolean
muster_records_view_delete_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MusterRecordsView *self = MUSTER_RECORDS_VIEW (widget);

  g_clear_pointer (&self->chosen, g_free);
  if (get_focused (self) == NULL && !is_selecting (self))
    return FALSE;
  g_signal_emit_by_name (self, "delete");
  return TRUE;
}

void
muster_records_view_install_selection (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "records.select", NULL,
                                   muster_records_view_select_action);
  gtk_widget_class_install_action (klass, "records.select-all", NULL,
                                   muster_records_view_select_all_action);
  gtk_widget_class_add_binding (klass, GDK_KEY_Menu, 0, muster_records_view_menu_key_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_F10, GDK_SHIFT_MASK, muster_records_view_menu_key_cb,
                                NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_Delete, 0, muster_records_view_delete_key_cb, NULL);
}
