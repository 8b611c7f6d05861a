/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-document-print"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-document-block.h"

#define FOOTER_HEIGHT 22
#define BARCODE_WIDTH 170
#define BARCODE_HEIGHT 30

/* Where a part of a block stands. */
typedef struct
{
  MusterBlock *block;
  unsigned     part;
  unsigned     page;
  double       y;
  gboolean     with_head;
} Placement;

struct _MusterDocumentPrint
{
  MusterPrintable parent_instance;
  char           *sender;  /* (owned) */
  char           *kind;    /* (owned) */
  char           *number;  /* (owned) (nullable) */
  MusterBarcode  *barcode; /* (owned) (nullable) */
  GPtrArray      *blocks;  /* (owned) (element-type MusterBlock) */
  MusterPencil   *pencil;  /* (owned) */

  /* Of the last layout */
  GArray            *placements; /* (owned) (element-type Placement) */
  const MusterPaper *paper;
  unsigned           n_pages;
};

G_DEFINE_FINAL_TYPE (MusterDocumentPrint, muster_document_print, MUSTER_TYPE_PRINTABLE)

static void
muster_document_print_finalize (GObject *object)
{
  MusterDocumentPrint *self = MUSTER_DOCUMENT_PRINT (object);

  g_free (self->sender);
  g_free (self->kind);
  g_free (self->number);
  g_clear_pointer (&self->barcode, muster_barcode_free);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_clear_pointer (&self->placements, g_array_unref);
  g_clear_pointer (&self->pencil, muster_pencil_free);
  G_OBJECT_CLASS (muster_document_print_parent_class)->finalize (object);
}

/* --- layout --- */

static double
get_text_width (const MusterPaper *paper)
{
  return paper->width - 2 * paper->margin;
}

static double
get_bottom (const MusterPaper *paper)
{
  return paper->height - paper->margin - FOOTER_HEIGHT;
}

/* How high the head of the first page is. */
static double
measure_head (MusterDocumentPrint *self, double width)
{
  double text =
    muster_pencil_measure (self->pencil, MUSTER_TEXT_PLAIN, self->sender, width) +
    muster_pencil_measure (self->pencil, MUSTER_TEXT_TITLE, self->kind, width - BARCODE_WIDTH);

  if (self->number != NULL)
    text += muster_pencil_measure (self->pencil, MUSTER_TEXT_HEADING, self->number, width);
  return MAX (text, self->barcode != NULL ? BARCODE_HEIGHT + 12 : 0) + 12;
}

static void
new_page (MusterDocumentPrint *self, double *y)
{
  self->n_pages++;
  *y = self->paper->margin;
}

/* Room that BLOCK's part needs, with what it may not be parted from. */
static double
measure_needed (MusterDocumentPrint *self, guint index, unsigned part, gboolean with_head)
{
  double       width = get_text_width (self->paper);
  MusterBlock *block = self->blocks->pdata[index];
  double       needed = block->class->measure (block, self->pencil, part, width);

  if (with_head)
    needed += block->class->measure_head (block, self->pencil, width);
  if (block->stays_with_next && index + 1 < self->blocks->len)
    {
      MusterBlock *next = self->blocks->pdata[index + 1];

      needed += next->space;
      if (next->class->count_parts (next) > 0)
        needed += measure_needed (self, index + 1, 0, next->class->measure_head != NULL);
    }
  return needed;
}

static void
place_block (MusterDocumentPrint *self, guint index, double *y)
{
  MusterBlock *block = self->blocks->pdata[index];
  double       width = get_text_width (self->paper);
  unsigned     n_parts = block->class->count_parts (block);

  *y += block->space;
  for (unsigned part = 0; part < n_parts; part++)
    {
      gboolean  has_head = block->class->measure_head != NULL;
      Placement placement = { block, part, 0, 0, has_head && part == 0 };

      if (*y + measure_needed (self, index, part, placement.with_head) > get_bottom (self->paper) &&
          *y > self->paper->margin)
        {
          new_page (self, y);
          placement.with_head = has_head;
        }
      placement.page = self->n_pages - 1;
      placement.y = *y;
      g_array_append_val (self->placements, placement);
      if (placement.with_head)
        *y += block->class->measure_head (block, self->pencil, width);
      *y += block->class->measure (block, self->pencil, part, width);
    }
}

static unsigned
muster_document_print_layout (MusterPrintable *printable, const MusterPaper *paper)
{
  MusterDocumentPrint *self = MUSTER_DOCUMENT_PRINT (printable);
  double               y;

  self->paper = paper;
  self->n_pages = 0;
  g_array_set_size (self->placements, 0);
  new_page (self, &y);
  y += measure_head (self, get_text_width (paper));
  for (guint i = 0; i < self->blocks->len; i++)
    place_block (self, i, &y);
  return self->n_pages;
}

/* --- drawing --- */

static void
draw_head (MusterDocumentPrint *self, cairo_t *cr)
{
  double width = get_text_width (self->paper);
  double x = self->paper->margin, y = self->paper->margin;

  if (self->barcode != NULL)
    {
      double left = x + width - BARCODE_WIDTH;

      muster_barcode_draw (self->barcode, cr, left, y, BARCODE_WIDTH, BARCODE_HEIGHT);
      muster_pencil_draw (self->pencil, cr, MUSTER_TEXT_SMALL, self->number, left,
                          y + BARCODE_HEIGHT + 2, BARCODE_WIDTH, PANGO_ALIGN_CENTER);
    }
  cairo_set_source_rgb (cr, 0.35, 0.35, 0.35);
  y += muster_pencil_draw (self->pencil, cr, MUSTER_TEXT_PLAIN, self->sender, x, y,
                           width - BARCODE_WIDTH, PANGO_ALIGN_LEFT);
  cairo_set_source_rgb (cr, 0, 0, 0);
  y += muster_pencil_draw (self->pencil, cr, MUSTER_TEXT_TITLE, self->kind, x, y,
                           width - BARCODE_WIDTH, PANGO_ALIGN_LEFT);
  if (self->number != NULL)
    muster_pencil_draw (self->pencil, cr, MUSTER_TEXT_HEADING, self->number, x, y, width,
                        PANGO_ALIGN_LEFT);
}

static void
draw_footer (MusterDocumentPrint *self, cairo_t *cr, unsigned page)
{
  double           width = get_text_width (self->paper);
  double           y = self->paper->height - self->paper->margin - 10;
  g_autofree char *name = g_strjoin (" ", self->kind, self->number, NULL);
  g_autofree char *pages = g_strdup_printf (_ ("Page %u of %u"), page + 1, self->n_pages);

  cairo_set_source_rgb (cr, 0.35, 0.35, 0.35);
  muster_pencil_draw (self->pencil, cr, MUSTER_TEXT_SMALL, name, self->paper->margin, y, width / 2,
                      PANGO_ALIGN_LEFT);
  muster_pencil_draw (self->pencil, cr, MUSTER_TEXT_SMALL, pages, self->paper->margin + width / 2,
                      y, width / 2, PANGO_ALIGN_RIGHT);
  cairo_set_source_rgb (cr, 0, 0, 0);
}

static void
draw_placement (MusterDocumentPrint *self, cairo_t *cr, const Placement *placement)
{
  MusterBlock *block = placement->block;
  double       width = get_text_width (self->paper);
  double       x = self->paper->margin, y = placement->y;

  if (placement->with_head)
    {
      block->class->draw_head (block, self->pencil, cr, x, y, width);
      y += block->class->measure_head (block, self->pencil, width);
    }
  block->class->draw (block, self->pencil, cr, placement->part, x, y, width);
}

static void
muster_document_print_draw (MusterPrintable *printable, cairo_t *cr, unsigned page)
{
  MusterDocumentPrint *self = MUSTER_DOCUMENT_PRINT (printable);

  cairo_set_source_rgb (cr, 0, 0, 0);
  if (page == 0)
    draw_head (self, cr);
  for (guint i = 0; i < self->placements->len; i++)
    {
      const Placement *placement = &g_array_index (self->placements, Placement, i);

      if (placement->page == page)
        draw_placement (self, cr, placement);
    }
  draw_footer (self, cr, page);
}

static void
muster_document_print_class_init (MusterDocumentPrintClass *klass)
{
  MusterPrintableClass *printable_class = MUSTER_PRINTABLE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_document_print_finalize;
  printable_class->layout = muster_document_print_layout;
  printable_class->draw = muster_document_print_draw;
}

static void
muster_document_print_init (MusterDocumentPrint *self)
{
  self->blocks = g_ptr_array_new_with_free_func (muster_block_free);
  self->placements = g_array_new (FALSE, FALSE, sizeof (Placement));
  self->pencil = muster_pencil_new ();
}

MusterDocumentPrint *
muster_document_print_new (const char *sender, const char *kind, const char *number)
{
  MusterDocumentPrint *self;
  g_autofree char     *title = NULL;

  g_return_val_if_fail (sender != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_DOCUMENT_PRINT, NULL);
  self->sender = g_strdup (sender);
  self->kind = g_strdup (kind);
  self->number = g_strdup (number);
  /* A number that bars cannot say is still printed in figures. */
  if (number != NULL)
    self->barcode = muster_barcode_new (MUSTER_BARCODE_CODE_128, number, NULL);
  title = g_strjoin (" ", kind, number, NULL);
  muster_printable_set_title (MUSTER_PRINTABLE (self), title);
  return self;
}

static void
add_block (MusterDocumentPrint *self, MusterBlock *block)
{
  g_ptr_array_add (self->blocks, block);
}

void
muster_document_print_add_heading (MusterDocumentPrint *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));
  g_return_if_fail (text != NULL);

  add_block (self, muster_block_new_text (MUSTER_TEXT_HEADING, text));
}

void
muster_document_print_add_text (MusterDocumentPrint *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));

  if (text != NULL && *text != '\0')
    add_block (self, muster_block_new_text (MUSTER_TEXT_PLAIN, text));
}

void
muster_document_print_add_pair (MusterDocumentPrint *self, const char *label, const char *value)
{
  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));
  g_return_if_fail (label != NULL);

  if (value != NULL && *value != '\0')
    add_block (self, muster_block_new_pair (label, value));
}

void
muster_document_print_add_table (MusterDocumentPrint *self, const MusterDocumentColumn *columns)
{
  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));
  g_return_if_fail (columns != NULL && columns->title != NULL);

  add_block (self, muster_block_new_table (columns));
}

void
muster_document_print_add_row (MusterDocumentPrint *self, const char *const *cells)
{
  MusterBlock *table = NULL;
  char       **row;

  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));
  g_return_if_fail (self->blocks->len > 0);

  table = self->blocks->pdata[self->blocks->len - 1];
  g_return_if_fail (muster_block_is_table (table));
  row = g_new0 (char *, table->columns->len + 1);
  for (guint i = 0; i < table->columns->len; i++)
    row[i] = g_strdup (cells[i] != NULL ? cells[i] : "");
  g_ptr_array_add (table->rows, row);
}

void
muster_document_print_add_total (MusterDocumentPrint *self,
                                 const char          *label,
                                 const char          *amount,
                                 gboolean             strong)
{
  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));

  add_block (self, muster_block_new_total (label, amount, strong));
}

void
muster_document_print_add_signature (MusterDocumentPrint *self,
                                     const char          *label,
                                     const char          *name,
                                     JsonNode            *strokes)
{
  g_return_if_fail (MUSTER_IS_DOCUMENT_PRINT (self));

  add_block (self, muster_block_new_signature (label, name, strokes));
}

GPtrArray *
muster_document_print_get_blocks (MusterDocumentPrint *self)
{
  g_return_val_if_fail (MUSTER_IS_DOCUMENT_PRINT (self), NULL);

  return self->blocks;
}
