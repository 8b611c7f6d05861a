/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pen"

#include "config.h"

#include "muster-pen.h"

struct _MusterPen
{
  GtkWidget parent_instance;

  unsigned pattern;
};

G_DEFINE_FINAL_TYPE (MusterPen, muster_pen, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_pen_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (muster_pen_parent_class)->css_changed (widget, change);
  g_signal_emit (widget, signals[CHANGED], 0);
}

static const float dashes[] = { 0, 9, 3 };

/* The line as it is drawn, through the middle of the swatch. */
static void
append_dashes (MusterPen             *self,
               GtkSnapshot           *snapshot,
               const GdkRGBA         *colour,
               const graphene_rect_t *place)
{
  float width = place->size.width;
  float dash = MIN (dashes[self->pattern], width * 0.4f);
  float y = place->origin.y + place->size.height / 2 - 1.5f;

  for (float x = 0; x < width; x += dash * 1.5f)
    gtk_snapshot_append_color (snapshot, colour,
                               &GRAPHENE_RECT_INIT (place->origin.x + x, y, MIN (dash, width - x),
                                                    3));
}

void
muster_pen_append (MusterPen *self, GtkSnapshot *snapshot, const graphene_rect_t *place)
{
  GskRoundedRect outline;
  GdkRGBA        colour;

  g_return_if_fail (MUSTER_IS_PEN (self));

  if (place->size.width <= 0 || place->size.height <= 0)
    return;
  muster_pen_get (GTK_WIDGET (self), &colour);
  if (self->pattern != 0)
    {
      append_dashes (self, snapshot, &colour, place);
      return;
    }
  gsk_rounded_rect_init_from_rect (&outline, place,
                                   MIN (place->size.width, place->size.height) / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &colour, &outline.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
muster_pen_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  muster_pen_append (MUSTER_PEN (widget), snapshot,
                     &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                          gtk_widget_get_height (widget)));
}

static void
muster_pen_class_init (MusterPenClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->css_changed = muster_pen_css_changed;
  widget_class->snapshot = muster_pen_snapshot;
  gtk_widget_class_set_css_name (widget_class, "pen");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_PEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
muster_pen_init (MusterPen *self)
{
}

GtkWidget *
muster_pen_new (const char *name, const char *css_class)
{
  GtkWidget *self =
    g_object_new (MUSTER_TYPE_PEN, "css-name", name, "valign", GTK_ALIGN_CENTER, NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (self, css_class);
  return self;
}

void
muster_pen_set_pattern (MusterPen *self, unsigned pattern)
{
  g_return_if_fail (MUSTER_IS_PEN (self));
  g_return_if_fail (pattern < G_N_ELEMENTS (dashes));

  if (self->pattern == pattern)
    return;
  self->pattern = pattern;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

float
muster_pen_get_dash (MusterPen *self)
{
  g_return_val_if_fail (MUSTER_IS_PEN (self), 0);

  return dashes[self->pattern];
}

void
muster_pen_get (GtkWidget *self, GdkRGBA *colour)
{
  g_return_if_fail (MUSTER_IS_PEN (self));

  gtk_widget_get_color (self, colour);
}
