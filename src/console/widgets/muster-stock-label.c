/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-label"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "muster-stock-label.h"

GtkWidget *
muster_stock_label_new (void)
{
  GtkWidget *self = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (self, "tick");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_accessible_update_state (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (self), image);
  gtk_box_append (GTK_BOX (self), label);
  return self;
}

char *
muster_stock_label_format (gint64 available, gint64 wanted)
{
  if (available < 0)
    return NULL;
  if (available == 0)
    return g_strdup (_ ("None available"));
  if (available < wanted)
    return g_strdup_printf (_ ("Only %" PRId64 " of %" PRId64 " available"), available, wanted);
  return g_strdup_printf (_ ("%" PRId64 " available"), available);
}

void
muster_stock_label_set (GtkWidget *self, gint64 available, gint64 wanted)
{
  g_autofree char *text = muster_stock_label_format (available, wanted);
  const char      *classes[] = { "tick", NULL, NULL };

  g_return_if_fail (GTK_IS_BOX (self));

  classes[1] = available >= wanted ? "done" : available > 0 ? "partly" : "lacking";
  gtk_widget_set_css_classes (self, classes);
  gtk_image_set_from_icon_name (GTK_IMAGE (gtk_widget_get_first_child (self)),
                                available >= wanted ? "object-select-symbolic"
                                : available > 0     ? "muster-triangle-symbolic"
                                                    : "muster-cross-symbolic");
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (self)), text != NULL ? text : "");
  gtk_widget_set_visible (self, text != NULL);
}
