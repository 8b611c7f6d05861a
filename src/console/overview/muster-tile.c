/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-tile"

#include "config.h"

#include "muster-tile.h"
#include "widgets/muster-sparkline.h"

#define COURSE_LENGTH 600

struct _MusterTile
{
  GtkButton parent_instance;

  MusterSeries *course; /* (owned) (nullable) */
  char         *title;  /* (owned) */

  /* Template children */
  GtkImage        *icon;
  GtkLabel        *title_label;
  GtkLabel        *value;
  GtkLabel        *detail;
  MusterSparkline *sparkline;
};

G_DEFINE_FINAL_TYPE (MusterTile, muster_tile, GTK_TYPE_BUTTON)

static void
muster_tile_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_TILE);
  G_OBJECT_CLASS (muster_tile_parent_class)->dispose (object);
}

static void
muster_tile_finalize (GObject *object)
{
  g_clear_object (&MUSTER_TILE (object)->course);
  g_free (MUSTER_TILE (object)->title);
  G_OBJECT_CLASS (muster_tile_parent_class)->finalize (object);
}

static void
muster_tile_class_init (MusterTileClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_tile_dispose;
  object_class->finalize = muster_tile_finalize;
  g_type_ensure (MUSTER_TYPE_SPARKLINE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/tile.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTile, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterTile, title_label);
  gtk_widget_class_bind_template_child (widget_class, MusterTile, value);
  gtk_widget_class_bind_template_child (widget_class, MusterTile, detail);
  gtk_widget_class_bind_template_child (widget_class, MusterTile, sparkline);
}

static void
muster_tile_init (MusterTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_tile_new (const char *title, const char *icon_name, const char *room, gboolean with_course)
{
  MusterTile *self = g_object_new (MUSTER_TYPE_TILE, NULL);

  self->title = g_strdup (title);
  gtk_label_set_label (self->title_label, title);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->sparkline), with_course);
  if (with_course)
    {
      self->course = muster_series_new (title, NULL, COURSE_LENGTH);
      muster_sparkline_set_series (self->sparkline, self->course);
      muster_sparkline_set_span (self->sparkline, 5 * 60 * G_USEC_PER_SEC);
    }
  if (room != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", room);
  if (room != NULL)
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "win.room");
  gtk_widget_set_can_target (GTK_WIDGET (self), room != NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), room != NULL);
  return GTK_WIDGET (self);
}

void
muster_tile_set (MusterTile *self, const char *text, const char *detail, double value)
{
  g_autofree char *label = NULL;

  g_return_if_fail (MUSTER_IS_TILE (self));

  label =
    g_strdup_printf ("%s: %s%s%s", self->title, text, detail != NULL && *detail != '\0' ? " " : "",
                     detail != NULL ? detail : "");
  gtk_label_set_label (self->value, text);
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (self->course != NULL)
    muster_series_append (self->course, g_get_real_time (), value);
}

void
muster_tile_set_list (MusterTile *self, const char *room, const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_TILE (self));
  g_return_if_fail (room != NULL && filters != NULL);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "(s^as)", room, filters);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "win.list");
}

void
muster_tile_set_action (MusterTile *self, const char *action)
{
  g_return_if_fail (MUSTER_IS_TILE (self));
  g_return_if_fail (action != NULL);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), action);
  gtk_widget_set_can_target (GTK_WIDGET (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}
