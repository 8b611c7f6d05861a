/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-marks"

#include "config.h"

#include <math.h>

#include "muster-chart-private.h"
#include "muster-paper.h"

#define BAR_HEIGHT 3 /* of what lasts, along the top */
#define FLAG_SIZE 8
#define TEXT_GAP 4
#define REACH 7 /* pixels from the crosshair that still mean a mark */
#define WORDS_WIDTH 220

static const char *const css_classes[MUSTER_N_MARKS] = {
  [MUSTER_MARK_EXCLUDED] = "excluded", [MUSTER_MARK_NOTE] = "note",
  [MUSTER_MARK_INFO] = "info",         [MUSTER_MARK_WARNING] = "warning",
  [MUSTER_MARK_CRITICAL] = "critical",
};

void
muster_chart_init_marks (MusterChart *self)
{
  for (unsigned i = 0; i < MUSTER_N_MARKS; i++)
    {
      self->mark_pens[i] = muster_pen_new ("mark", css_classes[i]);
      gtk_widget_set_child_visible (self->mark_pens[i], FALSE);
      gtk_widget_insert_before (self->mark_pens[i], GTK_WIDGET (self), NULL);
    }
}

static void
muster_chart_marks_changed_cb (MusterChart *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
muster_chart_set_marks (MusterChart *self, GListModel *marks)
{
  g_return_if_fail (MUSTER_IS_CHART (self));
  g_return_if_fail (marks == NULL || G_IS_LIST_MODEL (marks));

  if (self->marks == marks)
    return;
  if (self->marks != NULL)
    g_signal_handlers_disconnect_by_data (self->marks, self);
  g_set_object (&self->marks, marks);
  if (marks != NULL)
    g_signal_connect_object (marks, "items-changed", G_CALLBACK (muster_chart_marks_changed_cb),
                             self, G_CONNECT_SWAPPED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where MARK begins and ends, within the plot; FALSE: out of sight. */
static gboolean
place (MusterChart *self, MusterMark *mark, float *left, float *right)
{
  double from = muster_axis_normalize (self->x_axis, muster_mark_get_from (mark));
  double until =
    muster_axis_normalize (self->x_axis, MIN (muster_mark_get_until (mark), g_get_real_time ()));

  until = MAX (from, until);
  *left = self->plot.origin.x + self->plot.size.width * CLAMP (from, 0, 1);
  *right = self->plot.origin.x + self->plot.size.width * CLAMP (until, 0, 1);
  return until >= 0 && from <= 1;
}

static gboolean
begins_in_sight (MusterChart *self, MusterMark *mark)
{
  return muster_mark_get_from (mark) >= muster_axis_get_lower (self->x_axis);
}

static void
get_colour (MusterChart *self, MusterMark *mark, GdkRGBA *colour)
{
  muster_pen_get (self->mark_pens[muster_mark_get_kind (mark)], colour);
}

void
muster_chart_snapshot_excluded (MusterChart *self, GtkSnapshot *snapshot)
{
  for (unsigned i = 0; self->marks != NULL && i < g_list_model_get_n_items (self->marks); i++)
    {
      g_autoptr (MusterMark) mark = g_list_model_get_item (self->marks, i);
      GdkRGBA colour;
      float   left, right;

      if (muster_mark_get_kind (mark) != MUSTER_MARK_EXCLUDED || !place (self, mark, &left, &right))
        continue;
      get_colour (self, mark, &colour);
      gtk_snapshot_append_color (snapshot, &colour,
                                 &GRAPHENE_RECT_INIT (left, self->plot.origin.y,
                                                      MAX (right - left, 1),
                                                      self->bottom - self->plot.origin.y));
    }
}

/* A shape a kind, so that colour is not all that tells them apart: notes a square, information a
 * narrow flag, warnings and what is critical a pennant. */
static void
append_flag (GtkSnapshot *snapshot, MusterMarkKind kind, const GdkRGBA *colour, float x, float y)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  g_autoptr (GskPath) path = NULL;

  gsk_path_builder_move_to (builder, x, y);
  if (kind == MUSTER_MARK_NOTE)
    {
      gsk_path_builder_line_to (builder, x + FLAG_SIZE, y);
      gsk_path_builder_line_to (builder, x + FLAG_SIZE, y + FLAG_SIZE);
    }
  else
    gsk_path_builder_line_to (builder, x + FLAG_SIZE + (kind == MUSTER_MARK_CRITICAL ? 4 : 0),
                              y + FLAG_SIZE / 2.0f);
  gsk_path_builder_line_to (builder, x, y + FLAG_SIZE);
  gsk_path_builder_close (builder);
  path = gsk_path_builder_to_path (builder);
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING, colour);
}

/* The words of MARK behind its flag, where those of the one before leave room; up to where they
 * reach. */
static float
append_words (MusterChart   *self,
              GtkSnapshot   *snapshot,
              MusterMark    *mark,
              const GdkRGBA *colour,
              float          x,
              float          free_from)
{
  g_autoptr (PangoLayout) layout =
              gtk_widget_create_pango_layout (self->axis_pen, muster_mark_get_text (mark));
  int width, height;

  x += FLAG_SIZE + TEXT_GAP + 2;
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, WORDS_WIDTH * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (x < free_from || x + width > self->plot.origin.x + self->plot.size.width)
    return free_from;
  muster_paper_append_text (snapshot, layout, colour, x, self->plot.origin.y + 2, self->on_paper);
  return x + width + 2 * TEXT_GAP;
}

static float
snapshot_mark (MusterChart *self, GtkSnapshot *snapshot, MusterMark *mark, float free_from)
{
  float   top = self->plot.origin.y;
  float   left, right;
  GdkRGBA colour;

  if (!place (self, mark, &left, &right))
    return free_from;
  get_colour (self, mark, &colour);
  if (right - left >= 1)
    gtk_snapshot_append_color (snapshot, &colour,
                               &GRAPHENE_RECT_INIT (left, top, right - left, BAR_HEIGHT));
  if (!begins_in_sight (self, mark))
    return free_from;
  gtk_snapshot_append_color (snapshot, &colour,
                             &GRAPHENE_RECT_INIT (roundf (left), top, 1, self->bottom - top));
  append_flag (snapshot, muster_mark_get_kind (mark), &colour, roundf (left), top + BAR_HEIGHT);
  return append_words (self, snapshot, mark, &colour, left, free_from);
}

void
muster_chart_snapshot_marks (MusterChart *self, GtkSnapshot *snapshot)
{
  float free_from = 0;

  for (unsigned i = 0; self->marks != NULL && i < g_list_model_get_n_items (self->marks); i++)
    {
      g_autoptr (MusterMark) mark = g_list_model_get_item (self->marks, i);

      if (muster_mark_get_kind (mark) != MUSTER_MARK_EXCLUDED)
        free_from = snapshot_mark (self, snapshot, mark, free_from);
    }
}

/* Whether the crosshair is at MARK: near its beginning, or anywhere within what is left out. */
static gboolean
is_at_cursor (MusterChart *self, MusterMark *mark)
{
  double pixel = muster_axis_get_span (self->x_axis) / MAX (self->plot.size.width, 1);

  if (muster_mark_get_kind (mark) == MUSTER_MARK_EXCLUDED)
    return self->cursor_time >= muster_mark_get_from (mark) &&
           self->cursor_time <= muster_mark_get_until (mark);
  return fabs ((double)(self->cursor_time - muster_mark_get_from (mark))) <= REACH * pixel;
}

gboolean
muster_chart_append_marks (MusterChart *self, GString *markup, GString *plain)
{
  gboolean any = FALSE;

  for (unsigned i = 0; self->marks != NULL && i < g_list_model_get_n_items (self->marks); i++)
    {
      g_autoptr (MusterMark) mark = g_list_model_get_item (self->marks, i);
      g_autofree char *text = NULL;
      GdkRGBA          colour;

      if (!is_at_cursor (self, mark))
        continue;
      get_colour (self, mark, &colour);
      text = g_markup_escape_text (muster_mark_get_text (mark), -1);
      g_string_append_printf (markup, "\n<span color=\"#%02x%02x%02x\">⚑</span> %s",
                              (int)(colour.red * 255), (int)(colour.green * 255),
                              (int)(colour.blue * 255), text);
      g_string_append_printf (plain, ", %s", muster_mark_get_text (mark));
      any = TRUE;
    }
  return any;
}
