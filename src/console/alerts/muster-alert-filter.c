/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-filter"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alert-filter.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"

#define KEY_FIELD "muster-field"

static const struct
{
  const char *field, *entity, *title;
} conditions[] = {
  { "device_id", "device", N_ ("Device") },
  { "product_id", "product", N_ ("Product") },
  { "location_id", "location", N_ ("Place") },
  { "assigned_to", "person", N_ ("Assigned to") },
};

/* Another list was asked for, and the choice is one of its chips now. */
static void
muster_alert_filter_chosen_cb (MusterRecordsView *view, GParamSpec *pspec, MusterReferenceRow *row)
{
  const char   *field = g_object_get_data (G_OBJECT (row), KEY_FIELD);
  const char   *id = muster_reference_row_get_id (row);
  MusterEntity *record = muster_reference_row_get_record (row);
  GtkWidget    *popover = gtk_widget_get_ancestor (GTK_WIDGET (row), GTK_TYPE_POPOVER);

  if (id == NULL)
    return;
  muster_records_view_set_condition (view, field, id,
                                     record != NULL ? muster_reference_get_title (record)
                                                    : _ ("One of them"));
  /* The chip says it from now on, and takes it away. */
  muster_reference_row_set_id (row, NULL);
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

GtkWidget *
muster_alert_filter_new (MusterSession *session, MusterRecordsView *view)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *list = gtk_list_box_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      GtkWidget *row =
        muster_reference_row_new (session, conditions[i].entity, _ (conditions[i].title), TRUE);

      g_object_set_data (G_OBJECT (row), KEY_FIELD, (gpointer)conditions[i].field);
      g_signal_connect_object (row, "notify::record-id", G_CALLBACK (muster_alert_filter_chosen_cb),
                               view, G_CONNECT_SWAPPED);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_size_request (list, 280, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), list);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "muster-filter-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Only of one device, product, place or person"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Only of one device, product, place or person"), -1);
  return button;
}
