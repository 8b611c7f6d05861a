/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pencil"

#include "config.h"

#include "muster-pencil.h"

struct _MusterPencil
{
  PangoContext *context; /* (owned) */
  PangoLayout  *layout;  /* (owned) */
};

static const struct
{
  double      size;
  PangoWeight weight;
} styles[] = {
  [MUSTER_TEXT_PLAIN] = { 9.5, PANGO_WEIGHT_NORMAL },
  [MUSTER_TEXT_SMALL] = { 7.5, PANGO_WEIGHT_NORMAL },
  [MUSTER_TEXT_STRONG] = { 9.5, PANGO_WEIGHT_BOLD },
  [MUSTER_TEXT_HEADING] = { 12, PANGO_WEIGHT_BOLD },
  [MUSTER_TEXT_TITLE] = { 20, PANGO_WEIGHT_BOLD },
};

MusterPencil *
muster_pencil_new (void)
{
  MusterPencil         *self = g_new0 (MusterPencil, 1);
  cairo_font_options_t *options = cairo_font_options_create ();
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  self->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  /* A point is a point, and lines break alike whatever they are drawn on. */
  pango_cairo_context_set_resolution (self->context, 72);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (self->context, options);
  cairo_font_options_destroy (options);
  self->layout = pango_layout_new (self->context);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  /* Figures below each other line up. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (self->layout, attributes);
  return self;
}

void
muster_pencil_free (MusterPencil *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->layout);
  g_object_unref (self->context);
  g_free (self);
}

static void
set_up (MusterPencil  *self,
        double         size,
        PangoWeight    weight,
        const char    *text,
        double         width,
        PangoAlignment alignment)
{
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font, "Cantarell, Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (self->layout, font);
  pango_font_description_free (font);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_height (self->layout, -1);
  pango_layout_set_width (self->layout, width * PANGO_SCALE);
  pango_layout_set_alignment (self->layout, alignment);
  pango_layout_set_text (self->layout, text, -1);
}

static double
get_height (MusterPencil *self)
{
  int height;

  pango_layout_get_size (self->layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

double
muster_pencil_measure (MusterPencil *self, MusterTextStyle style, const char *text, double width)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (text != NULL, 0);

  set_up (self, styles[style].size, styles[style].weight, text, width, PANGO_ALIGN_LEFT);
  return get_height (self);
}

double
muster_pencil_draw (MusterPencil   *self,
                    cairo_t        *cr,
                    MusterTextStyle style,
                    const char     *text,
                    double          x,
                    double          y,
                    double          width,
                    PangoAlignment  alignment)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (text != NULL, 0);

  set_up (self, styles[style].size, styles[style].weight, text, width, alignment);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, self->layout);
  return get_height (self);
}

double
muster_pencil_draw_line (MusterPencil  *self,
                         cairo_t       *cr,
                         double         size,
                         gboolean       strong,
                         const char    *text,
                         double         x,
                         double         y,
                         double         width,
                         PangoAlignment alignment)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (text != NULL, 0);

  set_up (self, size, strong ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, text, width, alignment);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, self->layout);
  return get_height (self);
}
