/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-print"

#include "config.h"

#include <pango/pangocairo.h>

#include "muster-chart-print.h"
#include "widgets/muster-paper.h"

#define HEAD_HEIGHT 44 /* points */
#define GAP 12

typedef struct
{
  GskRenderNode *node; /* (owned) */
  double         width;
  double         height;
  unsigned       page;
  double         y; /* from the top of the page's content */
} Picture;

struct _MusterChartPrint
{
  MusterPrintable parent_instance;

  char   *subtitle; /* (owned) */
  GArray *pictures; /* (owned) (element-type Picture) */
  double  scale;    /* points a pixel */
};

G_DEFINE_FINAL_TYPE (MusterChartPrint, muster_chart_print, MUSTER_TYPE_PRINTABLE)

static void
picture_clear (gpointer data)
{
  g_clear_pointer (&((Picture *)data)->node, gsk_render_node_unref);
}

static unsigned
muster_chart_print_layout (MusterPrintable *printable, const MusterPaper *paper)
{
  MusterChartPrint *self = MUSTER_CHART_PRINT (printable);
  double            height = paper->height - 2 * paper->margin - HEAD_HEIGHT;
  double            widest = 1, y = 0;
  unsigned          page = 0;

  for (unsigned i = 0; i < self->pictures->len; i++)
    widest = MAX (widest, g_array_index (self->pictures, Picture, i).width);
  self->scale = (paper->width - 2 * paper->margin) / widest;
  for (unsigned i = 0; i < self->pictures->len; i++)
    {
      Picture *picture = &g_array_index (self->pictures, Picture, i);

      if (y > 0 && y + picture->height * self->scale > height)
        {
          page++;
          y = 0;
        }
      picture->page = page;
      picture->y = y;
      y += picture->height * self->scale + GAP;
    }
  return page + 1;
}

static void
draw_text (cairo_t *cr, const char *text, const char *font, double y)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_layout_set_text (layout, text, -1);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_move_to (cr, 0, y);
  pango_cairo_show_layout (cr, layout);
}

static void
muster_chart_print_draw (MusterPrintable *printable, cairo_t *cr, unsigned page)
{
  MusterChartPrint  *self = MUSTER_CHART_PRINT (printable);
  const MusterPaper *paper = muster_printable_get_paper (printable);

  cairo_save (cr);
  cairo_translate (cr, paper->margin, paper->margin);
  draw_text (cr, muster_printable_get_title (printable), "Sans Bold 14", 0);
  draw_text (cr, self->subtitle, "Sans 9", 20);
  cairo_translate (cr, 0, HEAD_HEIGHT);
  for (unsigned i = 0; i < self->pictures->len; i++)
    {
      Picture *picture = &g_array_index (self->pictures, Picture, i);

      if (picture->page != page)
        continue;
      cairo_save (cr);
      cairo_translate (cr, 0, picture->y);
      cairo_scale (cr, self->scale, self->scale);
      gsk_render_node_draw (picture->node, cr);
      cairo_restore (cr);
    }
  cairo_restore (cr);
}

static void
muster_chart_print_finalize (GObject *object)
{
  MusterChartPrint *self = MUSTER_CHART_PRINT (object);

  g_free (self->subtitle);
  g_array_unref (self->pictures);
  G_OBJECT_CLASS (muster_chart_print_parent_class)->finalize (object);
}

static void
muster_chart_print_class_init (MusterChartPrintClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_chart_print_finalize;
  MUSTER_PRINTABLE_CLASS (klass)->layout = muster_chart_print_layout;
  MUSTER_PRINTABLE_CLASS (klass)->draw = muster_chart_print_draw;
}

static void
muster_chart_print_init (MusterChartPrint *self)
{
  self->pictures = g_array_new (FALSE, FALSE, sizeof (Picture));
  g_array_set_clear_func (self->pictures, picture_clear);
}

MusterChartPrint *
muster_chart_print_new (const char *title, const char *subtitle)
{
  MusterChartPrint *self = g_object_new (MUSTER_TYPE_CHART_PRINT, NULL);

  muster_printable_set_title (MUSTER_PRINTABLE (self), title);
  muster_printable_set_paper (MUSTER_PRINTABLE (self), muster_paper_get_default ());
  self->subtitle = g_strdup (subtitle);
  return self;
}

void
muster_chart_print_add (MusterChartPrint *self, GskRenderNode *node, double width, double height)
{
  Picture picture = { gsk_render_node_ref (node), width, height, 0, 0 };

  g_return_if_fail (MUSTER_IS_CHART_PRINT (self));

  g_array_append_val (self->pictures, picture);
}

GBytes *
muster_chart_print_to_svg (MusterChartPrint *self)
{
  GtkSnapshot   *snapshot = gtk_snapshot_new ();
  double         width = 1, height = 0;
  const GdkRGBA  white = { 1, 1, 1, 1 };
  GskRenderNode *node;
  GBytes        *svg;

  g_return_val_if_fail (MUSTER_IS_CHART_PRINT (self), NULL);

  for (unsigned i = 0; i < self->pictures->len; i++)
    {
      Picture *picture = &g_array_index (self->pictures, Picture, i);

      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, height));
      gtk_snapshot_append_node (snapshot, picture->node);
      gtk_snapshot_restore (snapshot);
      width = MAX (width, picture->width);
      height += picture->height;
    }
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    node = gsk_color_node_new (&white, &GRAPHENE_RECT_INIT (0, 0, 1, 1));
  svg = muster_paper_to_svg (node, width, MAX (height, 1), &white);
  gsk_render_node_unref (node);
  return svg;
}
