/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-room-row"

#include "config.h"

#include "muster-room-row.h"

struct _MusterRoomRow
{
  GtkListBoxRow parent_instance;

  char *name; /* (owned) */

  /* Template children */
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *badge;
};

G_DEFINE_FINAL_TYPE (MusterRoomRow, muster_room_row, GTK_TYPE_LIST_BOX_ROW)

static void
muster_room_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_ROOM_ROW);
  G_OBJECT_CLASS (muster_room_row_parent_class)->dispose (object);
}

static void
muster_room_row_finalize (GObject *object)
{
  g_free (MUSTER_ROOM_ROW (object)->name);
  G_OBJECT_CLASS (muster_room_row_parent_class)->finalize (object);
}

static void
muster_room_row_class_init (MusterRoomRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_room_row_dispose;
  object_class->finalize = muster_room_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/room-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRoomRow, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterRoomRow, title);
  gtk_widget_class_bind_template_child (widget_class, MusterRoomRow, badge);
}

static void
muster_room_row_init (MusterRoomRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_room_row_new (const char *name, const char *title, const char *icon_name)
{
  MusterRoomRow *self = g_object_new (MUSTER_TYPE_ROOM_ROW, NULL);

  self->name = g_strdup (name);
  gtk_label_set_label (self->title, title);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}

const char *
muster_room_row_get_name (MusterRoomRow *self)
{
  g_return_val_if_fail (MUSTER_IS_ROOM_ROW (self), NULL);

  return self->name;
}

void
muster_room_row_set_badge (MusterRoomRow *self,
                           unsigned       count,
                           gboolean       attention,
                           const char    *meaning)
{
  g_autofree char *text =
    count > 9999 ? g_strdup_printf ("%u k", count / 1000) : g_strdup_printf ("%u", count);

  g_return_if_fail (MUSTER_IS_ROOM_ROW (self));

  gtk_label_set_label (self->badge, text);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), count > 0);
  if (attention)
    gtk_widget_add_css_class (GTK_WIDGET (self->badge), "attention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->badge), "attention");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->badge), meaning);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  count > 0 ? meaning : "", -1);
}
