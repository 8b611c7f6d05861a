/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-paper-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-paper-view.h"

#define MINIMUM_WIDTH 160
/* Two pixels a point: larger would only blur the reading of a whole page. */
#define MAXIMUM_SCALE 1.6

struct _MusterPaperView
{
  GtkWidget        parent_instance;
  MusterPrintable *printable; /* (owned) (nullable) */
  unsigned         page;
};

G_DEFINE_FINAL_TYPE (MusterPaperView, muster_paper_view, GTK_TYPE_WIDGET)

static void
muster_paper_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_PAPER_VIEW (object)->printable);
  G_OBJECT_CLASS (muster_paper_view_parent_class)->dispose (object);
}

static GtkSizeRequestMode
muster_paper_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
muster_paper_view_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  MusterPaperView   *self = MUSTER_PAPER_VIEW (widget);
  const MusterPaper *paper = self->printable != NULL ? muster_printable_get_paper (self->printable)
                                                     : muster_paper_get_default ();
  double             width = for_size > 0 ? for_size : paper->width;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MINIMUM_WIDTH;
      *natural = (int)(paper->width * MAXIMUM_SCALE);
      return;
    }
  width = MIN (width, paper->width * MAXIMUM_SCALE);
  *minimum = *natural = (int)(paper->height * width / paper->width);
}

static void
muster_paper_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterPaperView   *self = MUSTER_PAPER_VIEW (widget);
  const MusterPaper *paper = NULL;
  graphene_rect_t    sheet;
  cairo_t           *cr = NULL;
  double             scale;

  if (self->printable == NULL)
    return;
  paper = muster_printable_get_paper (self->printable);
  scale = MIN (gtk_widget_get_width (widget) / paper->width, MAXIMUM_SCALE);
  graphene_rect_init (&sheet, (gtk_widget_get_width (widget) - paper->width * scale) / 2, 0,
                      paper->width * scale, paper->height * scale);
  /* Paper is white, whatever the colours of the screen are. */
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &sheet);
  cr = gtk_snapshot_append_cairo (snapshot, &sheet);
  cairo_translate (cr, sheet.origin.x, sheet.origin.y);
  cairo_scale (cr, scale, scale);
  muster_printable_draw (self->printable, cr, self->page);
  cairo_destroy (cr);
}

static void
muster_paper_view_class_init (MusterPaperViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_paper_view_dispose;
  widget_class->get_request_mode = muster_paper_view_get_request_mode;
  widget_class->measure = muster_paper_view_measure;
  widget_class->snapshot = muster_paper_view_snapshot;
  gtk_widget_class_set_css_name (widget_class, "paper");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
muster_paper_view_init (MusterPaperView *self)
{
}

GtkWidget *
muster_paper_view_new (void)
{
  return g_object_new (MUSTER_TYPE_PAPER_VIEW, NULL);
}

void
muster_paper_view_set_page (MusterPaperView *self, MusterPrintable *printable, unsigned page)
{
  g_autofree char *name = g_strdup_printf (_ ("Page %u"), page + 1);

  g_return_if_fail (MUSTER_IS_PAPER_VIEW (self));

  g_set_object (&self->printable, printable);
  self->page = page;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
