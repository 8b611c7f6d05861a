/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-print"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "muster-barcode.h"
#include "muster-label-print.h"
#include "muster-pencil.h"

#define PADDING (2 * MUSTER_POINTS_PER_MM)
#define GAP (1.5 * MUSTER_POINTS_PER_MM)
/* Of the font's size: the widest of the letters and figures that a secret is made of. */
#define MAX_LETTER_WIDTH 0.72

typedef struct
{
  char          *title;    /* (owned) */
  char          *subtitle; /* (owned) (nullable) */
  char          *bars;     /* (owned) (nullable) */
  char          *secret;   /* (owned) (nullable) */
  MusterBarcode *linear;   /* (owned) (nullable) */
  MusterBarcode *matrix;   /* (owned) (nullable) */
} Label;

struct _MusterLabelPrint
{
  MusterPrintable          parent_instance;
  const MusterLabelFormat *format;
  unsigned                 skip;
  GPtrArray               *labels; /* (owned) (element-type Label) */
  MusterPencil            *pencil; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterLabelPrint, muster_label_print, MUSTER_TYPE_PRINTABLE)

static void
label_free (gpointer data)
{
  Label *self = data;

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->bars);
  if (self->secret != NULL)
    sodium_memzero (self->secret, strlen (self->secret));
  g_free (self->secret);
  g_clear_pointer (&self->linear, muster_barcode_free);
  g_clear_pointer (&self->matrix, muster_barcode_free);
  g_free (self);
}

static void
muster_label_print_finalize (GObject *object)
{
  MusterLabelPrint *self = MUSTER_LABEL_PRINT (object);

  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->pencil, muster_pencil_free);
  G_OBJECT_CLASS (muster_label_print_parent_class)->finalize (object);
}

static unsigned
muster_label_print_layout (MusterPrintable *printable, const MusterPaper *paper)
{
  MusterLabelPrint *self = MUSTER_LABEL_PRINT (printable);
  unsigned          per_page = muster_label_format_count (self->format);

  return (self->skip + self->labels->len + per_page - 1) / per_page;
}

/* Height of a line of the label: large on large labels. */
static double
get_text_size (const MusterLabelFormat *format)
{
  return CLAMP (format->height / 11, 5.5, 10);
}

/* The bars with their text below. */
static void
draw_bars (MusterLabelPrint *self,
           cairo_t          *cr,
           Label            *label,
           double            x,
           double            y,
           double            width,
           double            bottom)
{
  double size = get_text_size (self->format) * 0.8;

  bottom -= size * 1.4;
  muster_pencil_draw_line (self->pencil, cr, size, FALSE, label->bars, x, bottom, width,
                           PANGO_ALIGN_CENTER);
  if (bottom > y)
    muster_barcode_draw (label->linear, cr, x, y, width, bottom - y - 1);
}

/* A secret that is cut is none: its letters are as small as it needs to stand whole. Returns where
 * it begins. */
static double
draw_secret (MusterLabelPrint *self,
             cairo_t          *cr,
             Label            *label,
             double            x,
             double            bottom,
             double            width)
{
  double size =
    MIN (get_text_size (self->format) * 0.75, width / (strlen (label->secret) * MAX_LETTER_WIDTH));

  bottom -= size * 1.4;
  muster_pencil_draw_line (self->pencil, cr, size, FALSE, label->secret, x, bottom, width,
                           PANGO_ALIGN_CENTER);
  return bottom;
}

/* Name and model over the whole width, then the matrix beside the bars, then the secret. */
static void
draw_label (MusterLabelPrint *self, cairo_t *cr, Label *label, double x, double y)
{
  double size = get_text_size (self->format);
  double width = self->format->width - 2 * PADDING;
  double bottom = y + self->format->height - PADDING;

  cairo_save (cr);
  cairo_rectangle (cr, x, y, self->format->width, self->format->height);
  cairo_clip (cr);
  x += PADDING;
  y += PADDING;
  y += muster_pencil_draw_line (self->pencil, cr, size, TRUE, label->title, x, y, width,
                                PANGO_ALIGN_LEFT);
  if (label->subtitle != NULL)
    y += muster_pencil_draw_line (self->pencil, cr, size * 0.8, FALSE, label->subtitle, x, y, width,
                                  PANGO_ALIGN_LEFT);
  if (label->secret != NULL)
    bottom = draw_secret (self, cr, label, x, bottom, width);
  if (label->matrix != NULL)
    {
      double side = MIN (bottom - y, width / 2);

      muster_barcode_draw (label->matrix, cr, x, y, side, bottom - y);
      x += side + GAP;
      width -= side + GAP;
    }
  if (label->linear != NULL)
    draw_bars (self, cr, label, x, y + GAP, width, bottom);
  cairo_restore (cr);
}

static void
muster_label_print_draw (MusterPrintable *printable, cairo_t *cr, unsigned page)
{
  MusterLabelPrint        *self = MUSTER_LABEL_PRINT (printable);
  const MusterLabelFormat *format = self->format;
  unsigned                 per_page = muster_label_format_count (format);

  cairo_set_source_rgb (cr, 0, 0, 0);
  for (unsigned i = 0; i < per_page; i++)
    {
      unsigned place = page * per_page + i;

      if (place >= self->skip && place - self->skip < self->labels->len)
        draw_label (self, cr, self->labels->pdata[place - self->skip],
                    format->left + (i % format->columns) * format->pitch_x,
                    format->top + (i / format->columns) * format->pitch_y);
    }
}

static void
muster_label_print_class_init (MusterLabelPrintClass *klass)
{
  MusterPrintableClass *printable_class = MUSTER_PRINTABLE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_label_print_finalize;
  printable_class->layout = muster_label_print_layout;
  printable_class->draw = muster_label_print_draw;
}

static void
muster_label_print_init (MusterLabelPrint *self)
{
  self->labels = g_ptr_array_new_with_free_func (label_free);
  self->pencil = muster_pencil_new ();
}

MusterLabelPrint *
muster_label_print_new (const MusterLabelFormat *format, unsigned skip)
{
  MusterLabelPrint *self;

  g_return_val_if_fail (format != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_LABEL_PRINT, NULL);
  self->format = format;
  self->skip = skip % muster_label_format_count (format);
  muster_printable_set_paper (MUSTER_PRINTABLE (self), &format->paper);
  return self;
}

gboolean
muster_label_print_add (MusterLabelPrint *self, const MusterLabel *label, GError **error)
{
  g_autoptr (MusterBarcode) linear = NULL;
  g_autoptr (MusterBarcode) matrix = NULL;
  Label *copy = NULL;

  g_return_val_if_fail (MUSTER_IS_LABEL_PRINT (self), FALSE);
  g_return_val_if_fail (label != NULL && label->title != NULL, FALSE);

  if (label->bars != NULL &&
      (linear = muster_barcode_new (MUSTER_BARCODE_CODE_128, label->bars, error)) == NULL)
    return FALSE;
  if (label->matrix != NULL &&
      (matrix = muster_barcode_new (MUSTER_BARCODE_QR, label->matrix, error)) == NULL)
    return FALSE;
  copy = g_new0 (Label, 1);
  copy->title = g_strdup (label->title);
  copy->subtitle = g_strdup (label->subtitle);
  copy->bars = g_strdup (label->bars);
  copy->secret = g_strdup (label->secret);
  copy->linear = g_steal_pointer (&linear);
  copy->matrix = g_steal_pointer (&matrix);
  g_ptr_array_add (self->labels, copy);
  return TRUE;
}
