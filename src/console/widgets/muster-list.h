/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Takes out all rows, but unlike gtk_list_box_remove_all() not what is shown in their place. */
void       muster_list_clear (GtkListBox *list);
GtkWidget *muster_list_get_last_row (GtkListBox *list); /* (nullable) */

G_END_DECLS
