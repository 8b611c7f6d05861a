/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-paper"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-paper.h"

/* What a mark of words begins with. */
#define WORDS "words:"
#define LEAST_LENGTH 2 /* characters that are left of a text that is cut */

/* --- words --- */

/* What of LAYOUT is seen: (transfer full). */
static char *
dup_words (PangoLayout *layout)
{
  const char *text = pango_layout_get_text (layout);
  g_autoptr (PangoLayout) trial = NULL;
  int width = pango_layout_get_width (layout), needed;

  if (!pango_layout_is_ellipsized (layout) || width < 0)
    return g_strdup (text);
  trial = pango_layout_copy (layout);
  pango_layout_set_width (trial, -1);
  for (glong length = g_utf8_strlen (text, -1) - 1; length > LEAST_LENGTH; length--)
    {
      g_autofree char *part = g_utf8_substring (text, 0, length);
      g_autofree char *cut = g_strconcat (part, "…", NULL);

      pango_layout_set_text (trial, cut, -1);
      pango_layout_get_size (trial, &needed, NULL);
      if (needed <= width)
        return g_steal_pointer (&cut);
    }
  return g_strdup ("…");
}

/* A snapshot makes such marks only while GTK is debugged: the node is made here. */
static void
append_marked (GtkSnapshot *snapshot, PangoLayout *layout, const GdkRGBA *colour)
{
  GtkSnapshot     *apart = gtk_snapshot_new ();
  g_autofree char *words = dup_words (layout);
  GskRenderNode   *node, *marked;

  gtk_snapshot_append_layout (apart, layout, colour);
  node = gtk_snapshot_free_to_node (apart);
  if (node == NULL)
    return;
  marked = gsk_debug_node_new (node, g_strconcat (WORDS, words, NULL));
  gtk_snapshot_append_node (snapshot, marked);
  gsk_render_node_unref (marked);
  gsk_render_node_unref (node);
}

void
muster_paper_append_text (GtkSnapshot   *snapshot,
                          PangoLayout   *layout,
                          const GdkRGBA *colour,
                          float          x,
                          float          y,
                          gboolean       on_paper)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (x), roundf (y)));
  if (on_paper)
    append_marked (snapshot, layout, colour);
  else
    gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* --- SVG --- */

typedef struct
{
  GString *svg;
  unsigned n_clips;
} Drawing;

static void draw (Drawing *self, GskRenderNode *node);

/* Numbers as SVG has them, whatever the language is. */
static void
append_number (GString *svg, const char *name, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.5g", fabs (value) < 1e-4 ? 0 : value);
  g_string_append_printf (svg, " %s=\"%s\"", name, number);
}

/* PART: "fill" or "stroke". */
static void
append_colour (GString *svg, const char *part, const GdkRGBA *colour)
{
  g_autofree char *opacity = g_strconcat (part, "-opacity", NULL);

  g_string_append_printf (svg, " %s=\"#%02x%02x%02x\"", part, (int)round (colour->red * 255),
                          (int)round (colour->green * 255), (int)round (colour->blue * 255));
  if (colour->alpha < 1)
    append_number (svg, opacity, colour->alpha);
}

static void
append_rectangle (GString *svg, const graphene_rect_t *rectangle, double radius)
{
  g_string_append (svg, "<rect");
  append_number (svg, "x", rectangle->origin.x);
  append_number (svg, "y", rectangle->origin.y);
  append_number (svg, "width", rectangle->size.width);
  append_number (svg, "height", rectangle->size.height);
  if (radius > 0)
    append_number (svg, "rx", radius);
}

static void
draw_colour (Drawing *self, const graphene_rect_t *rectangle, const GdkRGBA *colour)
{
  append_rectangle (self->svg, rectangle, 0);
  append_colour (self->svg, "fill", colour);
  g_string_append (self->svg, "/>\n");
}

static void
draw_clipped (Drawing *self, GskRenderNode *child, const graphene_rect_t *clip, double radius)
{
  unsigned number = ++self->n_clips;

  /* A swatch with round ends is no more than that. */
  if (gsk_render_node_get_node_type (child) == GSK_COLOR_NODE)
    {
      append_rectangle (self->svg, clip, radius);
      append_colour (self->svg, "fill", gsk_color_node_get_color (child));
      g_string_append (self->svg, "/>\n");
      return;
    }
  g_string_append_printf (self->svg, "<clipPath id=\"clip-%u\">", number);
  append_rectangle (self->svg, clip, radius);
  g_string_append_printf (self->svg, "/></clipPath>\n<g clip-path=\"url(#clip-%u)\">\n", number);
  draw (self, child);
  g_string_append (self->svg, "</g>\n");
}

static void
append_path (GString *svg, GskPath *path)
{
  g_autofree char *text = gsk_path_to_string (path);

  g_string_append_printf (svg, "<path d=\"%s\"", text);
}

static void
draw_stroke (Drawing *self, GskRenderNode *node)
{
  const GskStroke *stroke = gsk_stroke_node_get_stroke (node);
  GskRenderNode   *child = gsk_stroke_node_get_child (node);
  gsize            n_dashes;
  const float     *dashes = gsk_stroke_get_dash (stroke, &n_dashes);

  if (gsk_render_node_get_node_type (child) != GSK_COLOR_NODE)
    return;
  append_path (self->svg, gsk_stroke_node_get_path (node));
  g_string_append (self->svg, " fill=\"none\" stroke-linejoin=\"round\"");
  append_colour (self->svg, "stroke", gsk_color_node_get_color (child));
  append_number (self->svg, "stroke-width", gsk_stroke_get_line_width (stroke));
  for (gsize i = 0; i < n_dashes; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.5g", dashes[i]);
      g_string_append_printf (self->svg, "%s%s", i == 0 ? " stroke-dasharray=\"" : " ", number);
    }
  g_string_append (self->svg, n_dashes > 0 ? "\"/>\n" : "/>\n");
}

static void
draw_fill (Drawing *self, GskRenderNode *node)
{
  GskRenderNode *child = gsk_fill_node_get_child (node);

  if (gsk_render_node_get_node_type (child) != GSK_COLOR_NODE)
    return;
  append_path (self->svg, gsk_fill_node_get_path (node));
  append_colour (self->svg, "fill", gsk_color_node_get_color (child));
  g_string_append (self->svg, "/>\n");
}

static void
draw_transformed (Drawing *self, GskRenderNode *node)
{
  float xx, yx, xy, yy, dx, dy;
  char  numbers[6][G_ASCII_DTOSTR_BUF_SIZE];

  gsk_transform_to_2d (gsk_transform_node_get_transform (node), &xx, &yx, &xy, &yy, &dx, &dy);
  g_ascii_formatd (numbers[0], sizeof numbers[0], "%.6g", xx);
  g_ascii_formatd (numbers[1], sizeof numbers[1], "%.6g", yx);
  g_ascii_formatd (numbers[2], sizeof numbers[2], "%.6g", xy);
  g_ascii_formatd (numbers[3], sizeof numbers[3], "%.6g", yy);
  g_ascii_formatd (numbers[4], sizeof numbers[4], "%.6g", dx);
  g_ascii_formatd (numbers[5], sizeof numbers[5], "%.6g", dy);
  g_string_append_printf (self->svg, "<g transform=\"matrix(%s %s %s %s %s %s)\">\n", numbers[0],
                          numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
  draw (self, gsk_transform_node_get_child (node));
  g_string_append (self->svg, "</g>\n");
}

/* (nullable): the first piece of text in NODE, moved by AT. */
static GskRenderNode *
find_text (GskRenderNode *node, graphene_point_t *at)
{
  GskRenderNode *found = NULL;
  float          dx, dy;

  switch ((int)gsk_render_node_get_node_type (node))
    {
    case GSK_TEXT_NODE:
      return node;
    case GSK_CONTAINER_NODE:
      for (guint i = 0; found == NULL && i < gsk_container_node_get_n_children (node); i++)
        found = find_text (gsk_container_node_get_child (node, i), at);
      return found;
    case GSK_TRANSFORM_NODE:
      found = find_text (gsk_transform_node_get_child (node), at);
      if (found != NULL && gsk_transform_get_category (gsk_transform_node_get_transform (node)) >=
                             GSK_TRANSFORM_CATEGORY_2D_TRANSLATE)
        {
          gsk_transform_to_translate (gsk_transform_node_get_transform (node), &dx, &dy);
          at->x += dx;
          at->y += dy;
        }
      return found;
    default:
      return NULL;
    }
}

static void
draw_words (Drawing *self, GskRenderNode *node, const char *words)
{
  graphene_point_t at = { 0, 0 };
  GskRenderNode   *text = find_text (node, &at);
  g_autoptr (PangoFontDescription) font = NULL;
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  g_autofree char *family = NULL;

  if (text == NULL)
    return;
  font = pango_font_describe_with_absolute_size (gsk_text_node_get_font (text));
  family = g_markup_escape_text (pango_font_description_get_family (font), -1);
  g_string_append_printf (self->svg, "<text font-family=\"%s, sans-serif\" font-weight=\"%d\"",
                          family, pango_font_description_get_weight (font));
  append_number (self->svg, "font-size",
                 pango_font_description_get_size (font) / (double)PANGO_SCALE);
  append_number (self->svg, "x", at.x + gsk_text_node_get_offset (text)->x);
  append_number (self->svg, "y", at.y + gsk_text_node_get_offset (text)->y);
  append_colour (self->svg, "fill", gsk_text_node_get_color (text));
  g_string_append_printf (self->svg, ">%s</text>\n", escaped);
}

static void
draw_marked (Drawing *self, GskRenderNode *node)
{
  const char *mark = gsk_debug_node_get_message (node);

  if (g_str_has_prefix (mark, WORDS))
    draw_words (self, gsk_debug_node_get_child (node), mark + strlen (WORDS));
  else
    draw (self, gsk_debug_node_get_child (node));
}

static void
draw (Drawing *self, GskRenderNode *node)
{
  switch ((int)gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        draw (self, gsk_container_node_get_child (node, i));
      break;
    case GSK_COLOR_NODE:
      {
        graphene_rect_t bounds;

        gsk_render_node_get_bounds (node, &bounds);
        draw_colour (self, &bounds, gsk_color_node_get_color (node));
        break;
      }
    case GSK_CLIP_NODE:
      draw_clipped (self, gsk_clip_node_get_child (node), gsk_clip_node_get_clip (node), 0);
      break;
    case GSK_ROUNDED_CLIP_NODE:
      draw_clipped (self, gsk_rounded_clip_node_get_child (node),
                    &gsk_rounded_clip_node_get_clip (node)->bounds,
                    gsk_rounded_clip_node_get_clip (node)->corner[0].width);
      break;
    case GSK_STROKE_NODE:
      draw_stroke (self, node);
      break;
    case GSK_FILL_NODE:
      draw_fill (self, node);
      break;
    case GSK_TRANSFORM_NODE:
      draw_transformed (self, node);
      break;
    case GSK_OPACITY_NODE:
      g_string_append (self->svg, "<g");
      append_number (self->svg, "opacity", gsk_opacity_node_get_opacity (node));
      g_string_append (self->svg, ">\n");
      draw (self, gsk_opacity_node_get_child (node));
      g_string_append (self->svg, "</g>\n");
      break;
    case GSK_DEBUG_NODE:
      draw_marked (self, node);
      break;
    default:
      break;
    }
}

GBytes *
muster_paper_to_svg (GskRenderNode *node, double width, double height, const GdkRGBA *background)
{
  Drawing drawing = { g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), 0 };

  g_return_val_if_fail (node != NULL, NULL);

  g_string_append (drawing.svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
  append_number (drawing.svg, "width", width);
  append_number (drawing.svg, "height", height);
  g_string_append_printf (drawing.svg, " viewBox=\"0 0 %d %d\">\n", (int)ceil (width),
                          (int)ceil (height));
  draw_colour (&drawing, &GRAPHENE_RECT_INIT (0, 0, width, height), background);
  draw (&drawing, node);
  g_string_append (drawing.svg, "</svg>\n");
  return g_string_free_to_bytes (drawing.svg);
}
