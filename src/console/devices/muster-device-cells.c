/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-cells"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-device.h"
#include "muster-device-cells.h"
#include "widgets/muster-age-label.h"
#include "widgets/muster-index-item.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-status-chip.h"

/* How a field is shown in a cell. */
typedef struct
{
  const char *field;
  GtkWidget *(*create) (void);
  void (*show) (GtkWidget *cell, MusterEntity *device, const char *field);
} CellKind;

static GtkWidget *
create_text (void)
{
  return g_object_new (GTK_TYPE_INSCRIPTION, "text-overflow",
                       GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, "nat-chars", 10, NULL);
}

static void
show_text (GtkWidget *cell, MusterEntity *device, const char *field)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), muster_entity_get_string (device, field));
}

static GtkWidget *
create_name (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *text = create_text ();

  gtk_widget_set_hexpand (text, TRUE);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), 12);
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), text);
  return box;
}

static void
show_name (GtkWidget *cell, MusterEntity *device, const char *field)
{
  GtkWidget *image = gtk_widget_get_first_child (cell);

  gtk_image_set_from_icon_name (GTK_IMAGE (image), muster_kind_get_icon_name (
                                                     muster_entity_get_string (device, "kind")));
  show_text (gtk_widget_get_next_sibling (image), device, field);
}

static void
show_status (GtkWidget *cell, MusterEntity *device, const char *field)
{
  muster_status_chip_set_status (MUSTER_STATUS_CHIP (cell), muster_entity_get_enum (device, field));
}

static void
show_live (GtkWidget *cell, MusterEntity *device, const char *field)
{
  muster_status_chip_set_live (MUSTER_STATUS_CHIP (cell), muster_entity_get_enum (device, field));
}

static GtkWidget *
create_age (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *now = gtk_label_new (_ ("Now"));

  gtk_widget_set_tooltip_text (now, _ ("It is online: it is heard of all the time"));
  gtk_box_append (GTK_BOX (box), muster_age_label_new ());
  gtk_box_append (GTK_BOX (box), now);
  return box;
}

static void
show_age (GtkWidget *cell, MusterEntity *device, const char *field)
{
  GtkWidget *age = gtk_widget_get_first_child (cell);
  GtkWidget *now = gtk_widget_get_last_child (cell);
  gboolean   online = muster_entity_get_enum (device, "live_state") == MUSTER_LIVE_ONLINE;

  /* The record is written every few minutes; who is online has just been heard. */
  gtk_widget_set_visible (now, online);
  gtk_widget_set_visible (age, !online);
  muster_age_label_set_time (MUSTER_AGE_LABEL (age), muster_entity_get_integer (device, field));
}

static const CellKind kinds[] = {
  { "name", create_name, show_name },
  { "status", muster_status_chip_new, show_status },
  { "live_state", muster_status_chip_new, show_live },
  { "last_seen", create_age, show_age },
  { "model", create_text, show_text },
  { "serial", create_text, show_text },
  { "address", create_text, show_text },
  { "location", create_text, show_text },
  { "firmware_version", create_text, show_text },
};

static const CellKind *
find_kind (const char *field)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].field, field) == 0)
      return &kinds[i];
  return NULL;
}

static void
muster_device_cells_update (GtkListItem *list_item)
{
  MusterIndexItem *item = gtk_list_item_get_item (list_item);
  GtkWidget       *stack = gtk_list_item_get_child (list_item);
  const CellKind  *kind = g_object_get_data (G_OBJECT (stack), "muster-kind");
  MusterEntity    *device = muster_index_item_get_entity (item);

  if (device != NULL)
    kind->show (gtk_stack_get_child_by_name (GTK_STACK (stack), "cell"), device, kind->field);
  gtk_stack_set_visible_child_name (GTK_STACK (stack), device != NULL ? "cell" : "skeleton");
  if (g_strcmp0 (kind->field, "name") == 0 && device != NULL)
    gtk_list_item_set_accessible_label (list_item, muster_entity_get_string (device, "name"));
}

static void
muster_device_cells_setup_cb (GtkSignalListItemFactory *factory,
                              GtkListItem              *list_item,
                              const CellKind           *kind)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *skeleton = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *cell = kind->create ();
  GTimeZone *zone = g_object_get_data (G_OBJECT (factory), "muster-zone");

  if (kind->create == create_age && zone != NULL)
    muster_age_label_set_zone (MUSTER_AGE_LABEL (gtk_widget_get_first_child (cell)), zone);
  gtk_widget_add_css_class (skeleton, "skeleton");
  gtk_widget_set_valign (skeleton, GTK_ALIGN_CENTER);
  gtk_stack_add_named (GTK_STACK (stack), cell, "cell");
  gtk_stack_add_named (GTK_STACK (stack), skeleton, "skeleton");
  g_object_set_data (G_OBJECT (stack), "muster-kind", (gpointer)kind);
  gtk_list_item_set_child (list_item, stack);
}

static void
muster_device_cells_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  g_signal_connect_object (gtk_list_item_get_item (list_item), "changed",
                           G_CALLBACK (muster_device_cells_update), list_item, G_CONNECT_SWAPPED);
  muster_device_cells_update (list_item);
}

static void
muster_device_cells_unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item),
                                        muster_device_cells_update, list_item);
}

void
muster_device_cells_set_up_column (GtkColumnViewColumn *column, MusterSession *session)
{
  const CellKind *kind = find_kind (gtk_column_view_column_get_id (column));
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (NULL, NULL, NULL));

  g_return_if_fail (kind != NULL);

  g_object_set_data_full (G_OBJECT (factory), "muster-zone",
                          g_time_zone_ref (muster_session_get_zone (session)),
                          (GDestroyNotify)g_time_zone_unref);
  g_signal_connect (factory, "setup", G_CALLBACK (muster_device_cells_setup_cb), (gpointer)kind);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_device_cells_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (muster_device_cells_unbind_cb), NULL);
  gtk_column_view_column_set_factory (column, factory);
  /* The daemon sorts; a sorter that does nothing makes the header clickable. */
  gtk_column_view_column_set_sorter (column, sorter);
}

/* --- check boxes of the selection --- */

static void
muster_device_cells_mark_toggled_cb (GtkCheckButton *button, GtkListItem *list_item)
{
  GtkWidget         *view = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_COLUMN_VIEW);
  GtkSelectionModel *selection =
    view != NULL ? gtk_column_view_get_model (GTK_COLUMN_VIEW (view)) : NULL;
  gboolean active = gtk_check_button_get_active (button);

  if (selection == NULL || gtk_list_item_get_position (list_item) == GTK_INVALID_LIST_POSITION ||
      gtk_list_item_get_selected (list_item) == active)
    return;
  if (active)
    gtk_selection_model_select_item (selection, gtk_list_item_get_position (list_item), FALSE);
  else
    gtk_selection_model_unselect_item (selection, gtk_list_item_get_position (list_item));
}

static void
muster_device_cells_selected_cb (GtkListItem *list_item)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_list_item_get_child (list_item)),
                               gtk_list_item_get_selected (list_item));
}

static void
muster_device_cells_mark_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *button = gtk_check_button_new ();

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Selected"), -1);
  gtk_list_item_set_child (list_item, button);
  g_signal_connect_object (button, "toggled", G_CALLBACK (muster_device_cells_mark_toggled_cb),
                           list_item, 0);
  g_signal_connect (list_item, "notify::selected", G_CALLBACK (muster_device_cells_selected_cb),
                    NULL);
}

static void
muster_device_cells_mark_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  muster_device_cells_selected_cb (list_item);
}

void
muster_device_cells_set_up_marks (GtkColumnViewColumn *column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (muster_device_cells_mark_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_device_cells_mark_bind_cb), NULL);
  gtk_column_view_column_set_factory (column, factory);
}
