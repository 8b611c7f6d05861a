/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-document-block"

#include "config.h"

#include "muster-document-block.h"

#define CELL_PADDING 3.5
#define COLUMN_GAP 8
#define LABEL_WIDTH 110
#define TOTAL_WIDTH 220
#define TICK_SIZE 9
#define SIGNATURE_WIDTH 220
#define SIGNATURE_HEIGHT 64

static void
set_grey (cairo_t *cr, double level)
{
  cairo_set_source_rgb (cr, level, level, level);
}

static void
draw_rule (cairo_t *cr, double x, double y, double width, double line_width)
{
  cairo_set_line_width (cr, line_width);
  cairo_move_to (cr, x, y);
  cairo_rel_line_to (cr, width, 0);
  cairo_stroke (cr);
}

static unsigned
count_one (MusterBlock *self)
{
  return 1;
}

/* --- text --- */

static double
text_measure (MusterBlock *self, MusterPencil *pencil, unsigned part, double width)
{
  return muster_pencil_measure (pencil, self->style, self->text, width);
}

static void
text_draw (MusterBlock  *self,
           MusterPencil *pencil,
           cairo_t      *cr,
           unsigned      part,
           double        x,
           double        y,
           double        width)
{
  muster_pencil_draw (pencil, cr, self->style, self->text, x, y, width, PANGO_ALIGN_LEFT);
}

static const MusterBlockClass text_class = { count_one, text_measure, text_draw, NULL, NULL };

/* --- label and value --- */

static double
pair_measure (MusterBlock *self, MusterPencil *pencil, unsigned part, double width)
{
  return MAX (muster_pencil_measure (pencil, MUSTER_TEXT_PLAIN, self->label, LABEL_WIDTH),
              muster_pencil_measure (pencil, MUSTER_TEXT_PLAIN, self->text,
                                     width - LABEL_WIDTH - COLUMN_GAP));
}

static void
pair_draw (MusterBlock  *self,
           MusterPencil *pencil,
           cairo_t      *cr,
           unsigned      part,
           double        x,
           double        y,
           double        width)
{
  set_grey (cr, 0.35);
  muster_pencil_draw (pencil, cr, MUSTER_TEXT_PLAIN, self->label, x, y, LABEL_WIDTH,
                      PANGO_ALIGN_LEFT);
  set_grey (cr, 0);
  muster_pencil_draw (pencil, cr, MUSTER_TEXT_PLAIN, self->text, x + LABEL_WIDTH + COLUMN_GAP, y,
                      width - LABEL_WIDTH - COLUMN_GAP, PANGO_ALIGN_LEFT);
}

static const MusterBlockClass pair_class = { count_one, pair_measure, pair_draw, NULL, NULL };

/* --- table --- */

/* Where the column begins within WIDTH, and how wide its text may be. */
static void
get_column (MusterBlock *self, guint index, double width, double *x, double *column_width)
{
  double sum = 0, before = 0;
  double free = width - COLUMN_GAP * (self->columns->len - 1);

  for (guint i = 0; i < self->columns->len; i++)
    {
      double weight = g_array_index (self->columns, MusterDocumentColumn, i).weight;

      sum += weight;
      before += i < index ? weight : 0;
    }
  *x = free * before / sum + COLUMN_GAP * index;
  *column_width = free * g_array_index (self->columns, MusterDocumentColumn, index).weight / sum;
}

static unsigned
table_count_parts (MusterBlock *self)
{
  return self->rows->len;
}

static double
measure_cells (MusterBlock       *self,
               MusterPencil      *pencil,
               MusterTextStyle    style,
               const char *const *cells,
               double             width)
{
  double height = TICK_SIZE;

  for (guint i = 0; i < self->columns->len; i++)
    {
      double x, column_width;

      get_column (self, i, width, &x, &column_width);
      if (cells[i][0] != '\0')
        height = MAX (height, muster_pencil_measure (pencil, style, cells[i], column_width));
    }
  return height + 2 * CELL_PADDING;
}

static double
table_measure (MusterBlock *self, MusterPencil *pencil, unsigned part, double width)
{
  return measure_cells (self, pencil, MUSTER_TEXT_PLAIN, self->rows->pdata[part], width);
}

static void
draw_cells (MusterBlock       *self,
            MusterPencil      *pencil,
            cairo_t           *cr,
            MusterTextStyle    style,
            const char *const *cells,
            double             x,
            double             y,
            double             width)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const MusterDocumentColumn *column = &g_array_index (self->columns, MusterDocumentColumn, i);
      double                      offset, column_width;

      get_column (self, i, width, &offset, &column_width);
      if (column->kind == MUSTER_COLUMN_TICK && style == MUSTER_TEXT_PLAIN)
        {
          cairo_set_line_width (cr, 0.8);
          cairo_rectangle (cr, x + offset, y + CELL_PADDING + 1, TICK_SIZE, TICK_SIZE);
          cairo_stroke (cr);
        }
      else
        muster_pencil_draw (pencil, cr, style, cells[i], x + offset, y + CELL_PADDING, column_width,
                            column->kind == MUSTER_COLUMN_END ? PANGO_ALIGN_RIGHT
                                                              : PANGO_ALIGN_LEFT);
    }
}

static void
table_draw (MusterBlock  *self,
            MusterPencil *pencil,
            cairo_t      *cr,
            unsigned      part,
            double        x,
            double        y,
            double        width)
{
  double height = table_measure (self, pencil, part, width);

  draw_cells (self, pencil, cr, MUSTER_TEXT_PLAIN, self->rows->pdata[part], x, y, width);
  set_grey (cr, 0.8);
  draw_rule (cr, x, y + height, width, 0.5);
  set_grey (cr, 0);
}

static char **
dup_titles (MusterBlock *self)
{
  g_autoptr (GStrvBuilder) titles = g_strv_builder_new ();

  for (guint i = 0; i < self->columns->len; i++)
    g_strv_builder_add (titles, g_array_index (self->columns, MusterDocumentColumn, i).title);
  return g_strv_builder_end (titles);
}

static double
table_measure_head (MusterBlock *self, MusterPencil *pencil, double width)
{
  g_auto (GStrv) titles = dup_titles (self);

  return measure_cells (self, pencil, MUSTER_TEXT_STRONG, (const char *const *)titles, width);
}

static void
table_draw_head (MusterBlock  *self,
                 MusterPencil *pencil,
                 cairo_t      *cr,
                 double        x,
                 double        y,
                 double        width)
{
  g_auto (GStrv) titles = dup_titles (self);

  draw_cells (self, pencil, cr, MUSTER_TEXT_STRONG, (const char *const *)titles, x, y, width);
  draw_rule (cr, x, y + table_measure_head (self, pencil, width), width, 1);
}

static const MusterBlockClass table_class = { table_count_parts, table_measure, table_draw,
                                              table_measure_head, table_draw_head };

gboolean
muster_block_is_table (MusterBlock *self)
{
  return self->class == &table_class;
}

/* --- total --- */

static double
total_measure (MusterBlock *self, MusterPencil *pencil, unsigned part, double width)
{
  return muster_pencil_measure (pencil, MUSTER_TEXT_STRONG, self->text, TOTAL_WIDTH) +
         (self->strong ? 2 * CELL_PADDING : CELL_PADDING);
}

static void
total_draw (MusterBlock  *self,
            MusterPencil *pencil,
            cairo_t      *cr,
            unsigned      part,
            double        x,
            double        y,
            double        width)
{
  MusterTextStyle style = self->strong ? MUSTER_TEXT_STRONG : MUSTER_TEXT_PLAIN;

  x += width - TOTAL_WIDTH;
  if (self->strong)
    {
      draw_rule (cr, x, y + 1, TOTAL_WIDTH, 1);
      y += CELL_PADDING;
    }
  muster_pencil_draw (pencil, cr, style, self->label, x, y, TOTAL_WIDTH / 2, PANGO_ALIGN_LEFT);
  muster_pencil_draw (pencil, cr, style, self->text, x + TOTAL_WIDTH / 2, y, TOTAL_WIDTH / 2,
                      PANGO_ALIGN_RIGHT);
}

static const MusterBlockClass total_class = { count_one, total_measure, total_draw, NULL, NULL };

/* --- signature --- */

static double
signature_measure (MusterBlock *self, MusterPencil *pencil, unsigned part, double width)
{
  return SIGNATURE_HEIGHT + 14 + (self->text != NULL ? 14 : 0);
}

/* [x, y] in the signature's box; FALSE for what is none. */
static gboolean
read_point (JsonNode *node, double *x, double *y)
{
  JsonArray *point = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (point == NULL || json_array_get_length (point) < 2)
    return FALSE;
  *x = CLAMP (json_array_get_double_element (point, 0), 0, 1) * SIGNATURE_WIDTH;
  *y = CLAMP (json_array_get_double_element (point, 1), 0, 1) * SIGNATURE_HEIGHT;
  return TRUE;
}

static void
draw_stroke (cairo_t *cr, JsonNode *node, double left, double top)
{
  JsonArray *stroke = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; stroke != NULL && i < json_array_get_length (stroke); i++)
    {
      double x, y;

      if (!read_point (json_array_get_element (stroke, i), &x, &y))
        continue;
      if (i == 0)
        cairo_move_to (cr, left + x, top + y);
      cairo_line_to (cr, left + x, top + y);
    }
  cairo_stroke (cr);
}

static void
signature_draw (MusterBlock  *self,
                MusterPencil *pencil,
                cairo_t      *cr,
                unsigned      part,
                double        x,
                double        y,
                double        width)
{
  JsonArray *strokes = self->strokes != NULL && JSON_NODE_HOLDS_ARRAY (self->strokes)
                         ? json_node_get_array (self->strokes)
                         : NULL;

  cairo_set_line_width (cr, 1.2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; strokes != NULL && i < json_array_get_length (strokes); i++)
    draw_stroke (cr, json_array_get_element (strokes, i), x, y);
  y += SIGNATURE_HEIGHT;
  draw_rule (cr, x, y, SIGNATURE_WIDTH, 0.8);
  y += 2 + muster_pencil_draw (pencil, cr, MUSTER_TEXT_SMALL, self->label, x, y + 2,
                               SIGNATURE_WIDTH, PANGO_ALIGN_LEFT);
  if (self->text != NULL)
    muster_pencil_draw (pencil, cr, MUSTER_TEXT_PLAIN, self->text, x, y, SIGNATURE_WIDTH,
                        PANGO_ALIGN_LEFT);
}

static const MusterBlockClass signature_class = { count_one, signature_measure, signature_draw,
                                                  NULL, NULL };

/* --- making --- */

static MusterBlock *
muster_block_new (const MusterBlockClass *class, double space, const char *label, const char *text)
{
  MusterBlock *self = g_new0 (MusterBlock, 1);

  self->class = class;
  self->space = space;
  self->label = g_strdup (label);
  self->text = g_strdup (text);
  return self;
}

MusterBlock *
muster_block_new_text (MusterTextStyle style, const char *text)
{
  gboolean     is_heading = style == MUSTER_TEXT_HEADING;
  MusterBlock *self = muster_block_new (&text_class, is_heading ? 16 : 6, NULL, text);

  self->style = style;
  self->stays_with_next = is_heading;
  return self;
}

MusterBlock *
muster_block_new_pair (const char *label, const char *value)
{
  return muster_block_new (&pair_class, 2, label, value);
}

static void
free_row (gpointer data)
{
  g_strfreev (data);
}

MusterBlock *
muster_block_new_table (const MusterDocumentColumn *columns)
{
  MusterBlock *self = muster_block_new (&table_class, 12, NULL, NULL);

  self->columns = g_array_new (FALSE, FALSE, sizeof (MusterDocumentColumn));
  for (; columns->title != NULL; columns++)
    {
      MusterDocumentColumn column = *columns;

      column.title = g_strdup (columns->title);
      g_array_append_val (self->columns, column);
    }
  self->rows = g_ptr_array_new_with_free_func (free_row);
  return self;
}

MusterBlock *
muster_block_new_total (const char *label, const char *amount, gboolean strong)
{
  MusterBlock *self = muster_block_new (&total_class, 4, label, amount);

  self->strong = strong;
  self->stays_with_next = !strong;
  return self;
}

MusterBlock *
muster_block_new_signature (const char *label, const char *name, JsonNode *strokes)
{
  MusterBlock *self = muster_block_new (&signature_class, 24, label, name);

  self->strokes = strokes != NULL ? json_node_copy (strokes) : NULL;
  return self;
}

void
muster_block_free (gpointer data)
{
  MusterBlock *self = data;

  for (guint i = 0; self->columns != NULL && i < self->columns->len; i++)
    g_free ((char *)g_array_index (self->columns, MusterDocumentColumn, i).title);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->strokes, json_node_unref);
  g_free (self->label);
  g_free (self->text);
  g_free (self);
}
