/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-skeleton"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "muster-skeleton.h"

#define N_ROWS 6

struct _MusterSkeleton
{
  GtkWidget parent_instance;

  GtkWidget *clamp;
};

G_DEFINE_FINAL_TYPE (MusterSkeleton, muster_skeleton, GTK_TYPE_WIDGET)

static GtkWidget *
create_bar (int width, int height)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_size_request (bar, width, height);
  gtk_widget_set_halign (bar, GTK_ALIGN_START);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (bar, "skeleton");
  return bar;
}

static GtkWidget *
create_row (unsigned number)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_set_margin_top (box, 14);
  gtk_widget_set_margin_bottom (box, 14);
  gtk_widget_set_margin_start (box, 14);
  gtk_widget_set_margin_end (box, 14);
  gtk_box_append (GTK_BOX (lines), create_bar (90 + 30 * (number * 7 % 3), 14));
  gtk_box_append (GTK_BOX (lines), create_bar (120 + 20 * (number * 5 % 4), 10));
  gtk_box_append (GTK_BOX (box), create_bar (40, 40));
  gtk_box_append (GTK_BOX (box), lines);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
muster_skeleton_dispose (GObject *object)
{
  g_clear_pointer (&MUSTER_SKELETON (object)->clamp, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_skeleton_parent_class)->dispose (object);
}

static void
muster_skeleton_class_init (MusterSkeletonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_skeleton_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
muster_skeleton_init (MusterSkeleton *self)
{
  GtkWidget *list = gtk_list_box_new ();

  for (unsigned i = 0; i < N_ROWS; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), create_row (i));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  self->clamp = g_object_new (ADW_TYPE_CLAMP, "maximum-size", 860, "child", list, "margin-top", 18,
                              "margin-start", 14, "margin-end", 14, "margin-bottom", 14, NULL);
  gtk_widget_set_parent (self->clamp, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Loading"), -1);
}
