/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-tick"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "muster-tick.h"

GtkWidget *
muster_tick_new (void)
{
  GtkWidget *self =
    g_object_new (GTK_TYPE_BOX, "spacing", 4, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (self, "tick");
  gtk_accessible_update_state (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (self), image);
  gtk_box_append (GTK_BOX (self), label);
  return self;
}

void
muster_tick_set (GtkWidget *self, const char *what, gint64 done, gint64 wanted)
{
  GtkWidget       *image, *label;
  gboolean         complete = wanted > 0 && done >= wanted;
  g_autofree char *text = NULL, *about = NULL;

  g_return_if_fail (GTK_IS_BOX (self));
  g_return_if_fail (what != NULL);

  image = gtk_widget_get_first_child (self);
  label = gtk_widget_get_last_child (self);
  /* One of one is said by the mark alone. */
  text = wanted == 1
           ? g_strdup (what)
           : g_strdup_printf ("%s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, what, done, wanted);
  /* Translators: "Shipped: 2 of 3". */
  about = g_strdup_printf (_ ("%s: %" PRId64 " of %" PRId64), what, done, wanted);
  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_image_set_from_icon_name (GTK_IMAGE (image), complete   ? "object-select-symbolic"
                                                   : done > 0 ? "muster-ring-symbolic"
                                                              : "muster-unknown-symbolic");
  gtk_widget_remove_css_class (self, "done");
  gtk_widget_remove_css_class (self, "partly");
  if (complete || done > 0)
    gtk_widget_add_css_class (self, complete ? "done" : "partly");
  gtk_widget_set_tooltip_text (self, about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
}
