/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-list"

#include "config.h"

#include "muster-list.h"

void
muster_list_clear (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

GtkWidget *
muster_list_get_last_row (GtkListBox *list)
{
  GtkWidget *child = gtk_widget_get_last_child (GTK_WIDGET (list));

  while (child != NULL && !GTK_IS_LIST_BOX_ROW (child))
    child = gtk_widget_get_prev_sibling (child);
  return child;
}
